#!/usr/bin/env bash
# variants: release
# DMARC from a real name server (Knot): the walk and its eight questions, alignment, policies, what JSON says,
# and records that are planned.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 70
PATH=$PATH:/usr/sbin:/sbin
# shellcheck disable=SC1091
source tests/integration/expect.sh
bin=${MAILREADY:-$PWD/build/release/mailready}
for program in knotd dig python3; do
	command -v "$program" >/dev/null || { echo "skip dmarc: no $program"; exit 0; }
done
tmp=$(mktemp -d "${TEST_TMP:-/tmp}/dmarc.XXXXXX") || exit 70
server=''
# shellcheck disable=SC2317 # run by the trap
stop() {
	[[ -z $server ]] || { kill "$server" && wait "$server"; } 2>/dev/null
	rm -rf "$tmp"
}
trap stop EXIT
trap 'exit 143' TERM INT
unset XDG_CONFIG_HOME XDG_STATE_HOME XDG_CACHE_HOME
export HOME=$tmp/home
mkdir "$HOME" "$tmp/zones"
zone() { # NAME LINES...
	# shellcheck disable=SC2016 # a zone file's $
	printf '%s\n' '$TTL 300' '@ SOA ns.example.com. hostmaster.example.com. 1 3600 600 86400 60' '@ NS ns.example.com.' \
		"${@:2}" >"$tmp/zones/$1.zone"
}
zone com
zone example.com 'ns A 127.0.0.1' '@ MX 10 ns' '@ TXT "v=spf1 ip4:203.0.113.25 -all"' \
	'_dmarc TXT "v=DMARC1; p=reject; sp=quarantine; " "np=reject"' \
	'bounce TXT "v=spf1 ip4:203.0.113.25 -all"' 'bounce A 203.0.113.25' 'news A 203.0.113.25' \
	'news TXT "v=spf1 -all"' 'strict TXT "v=spf1 -all"' 'strict A 203.0.113.25' \
	'_dmarc.strict TXT "v=DMARC1; p=quarantine; t=y; adkim=s; aspf=s"'
zone net
zone example.net '@ A 203.0.113.25' '@ TXT "v=spf1 ip4:203.0.113.25 -all"'
port=$(tests/tools/ports 1)
{
	printf 'server:\n    rundir: "%s"\n    listen: 127.0.0.1@%s\ndatabase:\n    storage: "%s"\nzone:\n' "$tmp" "$port" "$tmp"
	for name in com example.com net example.net; do
		printf '  - domain: "%s"\n    file: "%s"\n' "$name" "$tmp/zones/$name.zone"
	done
} >"$tmp/knot.conf"
knotd -c "$tmp/knot.conf" >"$tmp/knot.log" 2>&1 &
server=$!
for _ in $(seq 100); do
	[[ $(dig +short +tries=1 +time=1 -p "$port" @127.0.0.1 example.com SOA 2>/dev/null) != *hostmaster* ]] || break
	sleep 0.1
done
check=("$bin" check 203.0.113.25 --only dkim --only dmarc --no-smtp --resolver "127.0.0.1#$port" --authority-port "$port" --authority never)
member() { # NAME KEY VALUE: of dmarc in the JSON of the last command
	verdict "$1" "$(python3 -c '
import json, sys
value = json.load(open(sys.argv[1]))["dmarc"][sys.argv[2]]
if json.dumps(value) != sys.argv[3]: print(f"{sys.argv[2]} is {value!r}, expected {sys.argv[3]}")' "$tmp/out" "$2" "$3" 2>&1)"
}
results() { # NAME STATUS RESULT POLICY DOMAIN ORG OPTIONS...
	expect "$1" "$2" "" "${check[@]}" "${@:7}" --format json
	member "$1: result" result "\"$3\""
	member "$1: policy" policy "$4"
	member "$1: domain" domain "$5"
	member "$1: org_domain" org_domain "\"$6\""
}
C='"example.com"'
results "own domain" 0 pass '"reject"' "$C" example.com --from example.com
member "SPF is aligned" aligned_spf "$C"
member "DKIM is not" aligned_dkim null
member "the record as found" record '"v=DMARC1; p=reject; sp=quarantine; np=reject"'
results "a sender below it" 0 pass '"reject"' "$C" example.com --from example.com --mail-from x@bounce.example.com
member "the sender is aligned" aligned_spf '"bounce.example.com"'
results "another sender" 0 fail '"reject"' "$C" example.com --from example.com --mail-from x@example.net
results "another sender, and DKIM of the domain" 0 pass '"reject"' "$C" example.com --from example.com \
	--mail-from x@example.net --dkim example.com
member "DKIM is aligned" aligned_dkim "$C"
results "another sender, and another signer" 1 fail '"reject"' "$C" example.com --from example.com \
	--mail-from x@example.net --dkim example.net
results "a subdomain" 0 fail '"quarantine"' "$C" example.com --from news.example.com
results "a subdomain that does not exist" 0 fail '"reject"' "$C" example.com --from nothing.example.com
results "strict, under test" 0 fail '"none"' '"strict.example.com"' example.com --from strict.example.com --dkim example.com
member "strict for DKIM" adkim '"s"'
results "no record" 0 none null null example.net --from example.net
says "its finding" '"dmarc.missing"'
expect "ten labels: eight questions" 0 "" "${check[@]}" --from a.b.c.d.e.f.g.h.i.example.com --dump-facts "$tmp/facts.json"
verdict "eight questions about DMARC" "$(n=$(grep -o '_dmarc\.[a-z.]*' "$tmp/facts.json" | sort -u | wc -l); [[ $n == 8 ]] || echo "$n")"
printf '_dmarc.example.net. 300 TXT "v=DMARC1; p=none; rua=mailto:d@example.net"\n' >"$tmp/planned.zone"
expect "a planned record" 0 "planned" "${check[@]}" --from example.net --planned "$tmp/planned.zone" -v
printf 'From: a@example.com\r\nFrom: b@example.com\r\n\r\nbody\r\n' >"$tmp/two.eml"
expect "a message with two From fields" 1 "2 From fields" "${check[@]}" --message "$tmp/two.eml"
printf 'To: a@example.com\r\n\r\nbody\r\n' >"$tmp/no.eml"
expect "a message without From" 1 "no From field" "${check[@]}" --message "$tmp/no.eml"
