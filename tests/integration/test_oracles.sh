#!/usr/bin/env bash
# variants: release
# What others say of the same records and messages: pyspf and Mail::SPF of SPF records by chance, Mail::DKIM of
# messages that OpenDKIM has signed, and that were changed on the way.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 70
PATH=$PATH:/usr/sbin:/sbin
# shellcheck disable=SC1091
source tests/integration/expect.sh
bin=${MAILREADY:-$PWD/build/release/mailready}
for program in nsd dig perl openssl opendkim /usr/bin/python3; do
	command -v "$program" >/dev/null || { echo "skip oracles: no $program"; exit 0; }
done
/usr/bin/python3 -c 'import spf' 2>/dev/null || { echo "skip oracles: no python3-spf"; exit 0; }
perl -MMail::SPF -MMail::DKIM::Verifier -e 1 2>/dev/null || { echo "skip oracles: no Mail::SPF or Mail::DKIM"; exit 0; }
tmp=$(mktemp -d "${TEST_TMP:-/tmp}/oracles.XXXXXX") || exit 70
servers=()
# shellcheck disable=SC2317 # run by the trap
stop() {
	for pid in "${servers[@]}"; do kill "$pid" && wait "$pid"; done 2>/dev/null
	rm -rf "$tmp"
}
trap stop EXIT
trap 'exit 143' TERM INT
unset XDG_CONFIG_HOME XDG_STATE_HOME XDG_CACHE_HOME
export HOME=$tmp/home
mkdir "$HOME"
port=$(tests/tools/ports 1)
/usr/bin/python3 tests/integration/oracles.py zone "$tmp/example.com" || exit 70
for bits in 1024 2048; do
	openssl genrsa -traditional -out "$tmp/rsa$bits.pem" "$bits" 2>/dev/null
	{
		printf 'rsa%s._domainkey TXT (' "$bits"
		fold -w 200 <<<"v=DKIM1; k=rsa; p=$(openssl rsa -in "$tmp/rsa$bits.pem" -pubout -outform DER 2>/dev/null | base64 -w0)" |
			sed 's/.*/ "&"/' | tr -d '\n'
		printf ' )\n'
	} >>"$tmp/example.com"
done
printf '%s\n' server: "  ip-address: 127.0.0.1@$port" "  zonesdir: \"$tmp\"" '  username: ""' '  database: ""' \
	"  pidfile: \"$tmp/nsd.pid\"" "  xfrdfile: \"$tmp/xfrd\"" "  zonelistfile: \"$tmp/zone.list\"" \
	"  xfrdir: \"$tmp\"" "  server-count: 1" "  rrl-ratelimit: 0" remote-control: "  control-enable: no" \
	zone: "  name: example.com" "  zonefile: example.com" >"$tmp/nsd.conf"
nsd -d -c "$tmp/nsd.conf" >"$tmp/nsd.log" 2>&1 &
servers+=($!)
for _ in $(seq 100); do
	[[ -z $(dig +short +tries=1 +time=1 -p "$port" @127.0.0.1 example.com SOA 2>/dev/null) ]] || break
	sleep 0.1
done
look=(--allow-special --authority auto --authority-port "$port" --no-smtp --resolver "127.0.0.1#$port")

# --- SPF
/usr/bin/python3 tests/integration/oracles.py ask "$port" "$tmp" "$bin" check --only spf "${look[@]}" ||
	echo "not ok the comparison of SPF results"

# --- DKIM: messages as OpenDKIM signs them, one milter for each way to do it
declare -A milter
milters() { # NAME SELECTOR CANONICALIZATION
	local at
	at=$(tests/tools/ports 1)
	printf '%s\n' "Socket inet:$at@127.0.0.1" 'Mode s' 'Domain example.com' "Selector $2" "KeyFile $tmp/$2.pem" \
		"Canonicalization $3" 'RequireSafeKeys no' 'Syslog no' 'Background no' 'OversignHeaders From' >"$tmp/$1.conf"
	opendkim -f -x "$tmp/$1.conf" >"$tmp/$1.log" 2>&1 &
	servers+=($!)
	for _ in $(seq 100); do
		! (: <"/dev/tcp/127.0.0.1/$at") 2>/dev/null || break
		sleep 0.1
	done
	milter[$1]=$at
}
milters strict rsa2048 simple/simple
milters loose rsa2048 relaxed/relaxed
milters mixed rsa2048 relaxed/simple
milters small rsa1024 relaxed/relaxed
messages=()
message() { # NAME MILTER: signed
	local why
	why=$(/usr/bin/python3 tests/integration/milter.py "${milter[$2]}" "$tmp/plain" "$tmp/$1.eml" 2>&1) ||
		echo "not ok OpenDKIM signs $1: $(tail -n 1 <<<"$why") $(tail -n 2 "$tmp/$2.log" | tr '\n' ' ')"
	messages+=("$1")
}
changed() { # NAME FROM SED-PROGRAM
	sed "$3" "$tmp/$2.eml" >"$tmp/$1.eml"
	verdict "$1 is another message" "$(! cmp -s "$tmp/$1.eml" "$tmp/$2.eml" || echo "it is the same")"
	messages+=("$1")
}
head=$'From: Ann <ann@example.com>\nTo: bob@example.org\nSubject: a  subject\n that is\tfolded\nDate: Mon, 30 Nov 2026 12:00:00 +0000\nMessage-ID: <1@example.com>\n'
printf '%s\nHello,\n\nthis  is\ta body. \n\n\n' "$head" >"$tmp/plain"
for way in strict loose mixed small; do message "$way" "$way"; done
printf '%s\n' "$head" >"$tmp/plain"
message empty loose
message empty-strict strict
{ printf '%s\n' "$head"; for i in $(seq 2000); do echo "line $i ${RANDOM}  x "; done; } >"$tmp/plain"
message long mixed
for way in strict loose; do
	changed "$way-body" $way 's/Hello/Hallo/'
	changed "$way-blanks" $way 's/this  is/this is/'
	# shellcheck disable=SC2016 # sed has a $ of its own
	changed "$way-lines" $way '$a\
'
	changed "$way-subject" $way 's/^Subject: a/Subject: b/'
	changed "$way-case" $way 's/^Subject:/SUBJECT:/'
	changed "$way-folded" $way '/^Subject: /{N;s/\n//;}'
	changed "$way-from" $way 's/^From: Ann/From: Eve/'
	changed "$way-two" $way 's/^To:/From: Eve <eve@example.com>\nTo:/'
	changed "$way-added" $way 's/^To:/X-Scanned: yes\nTo:/'
	changed "$way-key" $way 's/s=rsa2048/s=rsa1024/'
	changed "$way-selector" $way 's/s=rsa2048/s=none/'
	changed "$way-hash" $way 's/bh=\(...\)/bh=AAA/'
	changed "$way-domain" $way 's/d=example\.com/d=h0.example.com/'
done
files=("${messages[@]/#/$tmp/}")
files=("${files[@]/%/.eml}")
mapfile -t said < <(perl tests/integration/oracle_dkim.pl "$port" "${files[@]}" 2>"$tmp/perl.log")
verdict "Mail::DKIM has a result for each" "$([[ ${#said[@]} == "${#messages[@]}" ]] || head -c 300 "$tmp/perl.log")"
for i in "${!messages[@]}"; do
	"$bin" check 203.0.113.25 --only dkim "${look[@]}" --message "$tmp/${messages[i]}.eml" --json >"$tmp/out" 2>"$tmp/err"
	got=$(/usr/bin/python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))["dkim"][0]["result"])' "$tmp/out" 2>&1)
	# both words say that it does not verify: Mail::DKIM has "invalid" for what RFC 8601 calls permerror
	want=${said[i]:-}
	[[ $want != invalid ]] || want=permerror
	verdict "${messages[i]}: $want" "$([[ $got == "$want" ]] || echo "mailready says $got")"
done
