#!/usr/bin/env bash
# A month of scheduled runs by a clock of its own: 120 runs over 30 servers, with a day without a resolver, a
# listing of three days, a PTR record that somebody changes, a certificate that nobody renews, and a lost packet
# now and then.  Exactly the mails that a person would want come, and no other.  MONTH_DIR keeps all of it.
# variants: release
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
bin=${MAILREADY:-$PWD/build/release/mailready}
for program in faketime openssl python3; do
	command -v "$program" >/dev/null || { echo "skip month: no $program"; exit 0; }
done
mkdir -p build
dir=$(mktemp -d "$PWD/build/month.XXXXXX")
# shellcheck disable=SC2317 # run by the trap
stop() {
	[[ -z ${world:-} ]] || { kill "$world" && wait "$world"; } 2>/dev/null || true
	rm -rf "$dir"
}
trap stop EXIT
trap 'exit 130' INT TERM
export HOME=$dir XDG_CONFIG_HOME=$dir/config XDG_STATE_HOME=$dir/state XDG_CACHE_HOME=$dir/cache TZ=UTC
export FAKETIME_DONT_FAKE_MONOTONIC=1 DONT_FAKE_MONOTONIC=1
verdict() { # NAME WHY: ok without WHY
	if [[ -z $2 ]]; then echo "ok month $1"; else echo "not ok month $1: $2"; fi
}

# --- the world; its month begins now, for the certificate has the machine's clock
start=$(date +%s)
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 26 -subj /CN=mx07.fleet.example \
	-addext "subjectAltName=DNS:mx07.fleet.example" -keyout "$dir/key.pem" -out "$dir/cert.pem" 2>/dev/null
records() { # PTR-NAME-OF-12 LISTED-SERVER
	local i name
	echo "2.0.0.127.zen.example A 127.0.0.2"
	[[ -z $2 ]] || echo "$2.0.1.127.zen.example A 127.0.0.3"
	echo "static-12.isp.example A 127.1.0.12"
	for i in $(seq 30); do
		printf -v name 'mx%02d.fleet.example' "$i"
		echo "$name A 127.1.0.$i"
		[[ $i != 12 ]] || name=$1
		echo "$i.0.1.127.in-addr.arpa PTR $name"
	done
}
replace() { # FILE: what is read appears at once
	cat >"$dir/$1.new"
	mv "$dir/$1.new" "$dir/$1"
}
records mx12.fleet.example '' | replace zone
replace lost </dev/null
python3 tests/integration/month.py "$dir" 2>"$dir/log" &
world=$!
for _ in $(seq 100); do [[ ! -e $dir/ports ]] || break; sleep 0.1; done
read -r dns smtp sink <"$dir/ports"
cat >"$dir/lists.ini" <<'LISTS'
[zen.example]
name = Example ZEN
operator = zen.example
family = ip4
impact = critical
why = most receivers ask it
removal = https://zen.example/remove?ip={address}
code.127.0.0.3 = critical CSS: recent spam-like mail
LISTS
{
	for i in $(seq 30); do
		printf '[server mx%02d]\naddress = 127.1.0.%d\nehlo = mx%02d.fleet.example\n' "$i" "$i" "$i"
	done
	cat <<-CONF
		[run]
		resolver = 127.0.0.1#$dns
		lists = $dir/lists.ini
		only = ptr,iprev,generic_ptr,ehlo,dnsbl,smtp
		allow-special = yes
		authority = never
		smtp-port = $smtp
		ehlo-as = probe.example
		confirm-again = 0
		[mail]
		to = ops@example.com
		from = mailready@example.com
		server = smtp://127.0.0.1:$sink
		tls = never
	CONF
} >"$dir/conf"
with=(--config "$dir/conf")

# --- the month: what is true at each run
# shellcheck disable=SC2317
at() { # RUN COMMAND...: by the clock of that run
	local when=$((start + 60 + $1 * 21600))
	shift
	faketime -f "@$(date -d "@$when" '+%F %T')" "$bin" "$@"
}
told=0
run() { # RUN
	local status=0 file
	at "$1" run --quiet "${with[@]}" >>"$dir/said" 2>&1 || status=$?
	[[ $status -le 2 || $status == 69 ]] || echo "not ok month run $1: exit status $status: $(tail -n 3 "$dir/said")"
	for file in "$dir"/mail/*.eml; do
		[[ -e $file && ${file##*/} > $(printf '%03d' "$told").eml ]] || continue
		told=$((told + 1))
		printf '%s %s\n' "$1" "$file" >>"$dir/told"
	done
}
for r in $(seq 0 119); do
	case $r in
	16) records mx12.fleet.example 5 | replace zone ;;
	28 | 76) records mx12.fleet.example '' | replace zone ;;
	60) records static-12.isp.example '' | replace zone ;;
	esac
	case $r in
	10) echo 3.0.1.127.in-addr.arpa | replace lost ;;
	33) echo mx20.fleet.example | replace lost ;;
	40 | 41 | 42 | 43) echo '*' | replace lost ;;
	55) echo 5.0.1.127.zen.example | replace lost ;;
	80) echo 30.0.1.127.in-addr.arpa | replace lost ;;
	100) echo mx01.fleet.example | replace lost ;;
	*) replace lost </dev/null ;;
	esac
	run "$r"
done

# --- the mails, in order
cat >"$dir/show.py" <<'PY'
import email, email.policy, sys
for line in open(sys.argv[1]):
    run, path = line.split()
    m = email.message_from_binary_file(open(path, "rb"), policy=email.policy.default)
    print(run, m["Subject"], sep="\t")
PY
python3 "$dir/show.py" "$dir/told" >"$dir/subjects"
day() { date -d "@$((start + $1 * 86400))" +%F; }
sed "s/EXPIRES/$(day 26)/" >"$dir/wanted" <<'WANTED'
0	[mailready] no change, 30 servers, none bad
17	[mailready] mx05 FAIL: listed on Example ZEN (CSS)
29	[mailready] mx05 good again, after 3 days: listed on Example ZEN
41	[mailready] nothing can be looked up: 127.0.0.1#PORT does not answer
44	[mailready] look-ups work again, after 24 hours
49	[mailready] mx07 WARN: certificate expires on EXPIRES
61	[mailready] mx12 WARN: the PTR name is static-12.isp.example now
72	[mailready] mx07 reminder: certificate expires on EXPIRES
77	[mailready] mx12 PASS: the PTR name is mx12.fleet.example now
88	[mailready] mx07 reminder: certificate expires on EXPIRES
96	[mailready] mx07 reminder: certificate expires on EXPIRES
105	[mailready] mx07 WARN: certificate expired on EXPIRES
WANTED
sed -i "s/#$dns/#PORT/" "$dir/subjects"
verdict "exactly these mails come" "$(diff "$dir/wanted" "$dir/subjects" | tr '\n' '|')"

# --- what belongs together is one thread
cat >"$dir/threads.py" <<'PY'
import email, email.policy, sys
mails = {}
for line in open(sys.argv[1]):
    run, path = line.split()
    m = email.message_from_binary_file(open(path, "rb"), policy=email.policy.default)
    mails[int(run)] = m
    assert len(str(m["Subject"])) <= 70, m["Subject"]
ids = {run: set(str(m["References"] or "").split()) for run, m in mails.items()}
for together in ((17, 29), (41, 44), (49, 72, 88, 96)):
    assert set.intersection(*(ids[run] for run in together)), together
for apart in ((17, 41), (17, 49), (41, 49), (0, 17)):
    assert not ids[apart[0]] & ids[apart[1]], apart
text = {run: " ".join(m.get_body(("plain",)).get_content().split()) for run, m in mails.items()}
page = {run: m.get_body(("html",)).get_content() for run, m in mails.items()}
assert "29 other servers unchanged, all good." in text[17], text[17]
assert 'href="https://zen.example/remove?ip=127.1.0.5"' in page[17], page[17]
assert "after 3 days" in text[29]
assert "30 servers are not being watched" in text[41]
assert "in 7 days" in text[72] and "in 3 days" in text[88] and "in 1 day" in text[96]
assert "for 6 days now" in text[72], text[72]
assert "no longer" not in text[105], text[105]
assert "static-12.isp.example" in text[61] and "before it was mx12.fleet.example" in text[61]
PY
verdict "mails of one incident are one thread, and say what it takes" "$(python3 "$dir/threads.py" "$dir/told" 2>&1 | tail -n 1)"

# --- the month as a page, and as metrics
for format in text html markdown json csv junit; do
	at 120 report --since 31d --format "$format" --output "$dir/month.$format" "${with[@]}"
done
at 120 report --since 31d --format openmetrics --output "$dir/month.prom" "${with[@]}"
has() { # FILE PATTERN...
	local file=$1 pattern why=''
	shift
	for pattern; do grep -qE -- "$pattern" "$dir/$file" || why+=" no $pattern"; done
	verdict "$file" "$why"
}
has month.text '^[0-9]+ incidents, ' 'all: nothing can be looked up' 'mx05 .*: .*listed' 'good in 103 of 120 runs, bad in 12, 5 without an answer' \
	'good in 116 of 120 runs, 4 without an answer'
has month.html '<h2 id="incidents">Incidents</h2>' 'nothing can be looked up' 'What was seen first'
has month.prom "^mailready_resolver_up\{file=\"month\"\} 1$" '^mailready_verdict\{address="127.1.0.5",file="month",label="mx05".*verdict="pass"\} 1$'
has month.csv ',mx05,,dnsbl.listed-critical,zen.example,fail,critical,.*,12,no,'
[[ $(sed -n '2,5p' "$dir/month.csv" | cut -d, -f 4 | tr '\n' ' ') == "smtp.cert-expired smtp.cert-expiring outage.resolver dnsbl.listed-critical " ]] &&
	why='' || why=$(sed -n '2,5p' "$dir/month.csv")
verdict "the table begins with what happened" "$why"
python3 - "$dir/month.json" <<'PY' >"$dir/out" 2>&1 && why='' || why=$(tail -n 1 "$dir/out")
import json, sys
month = json.load(open(sys.argv[1], encoding="utf-8"))
assert [s["target"]["label"] for s in month["servers"]][0] == "mx05", month["servers"][0]["target"]
listed = [f for f in month["servers"][0]["findings_over_time"] if f["id"] == "dnsbl.listed-critical"]
assert len(listed) == 1 and listed[0]["runs"] == 12
for evidence in (listed[0]["first_evidence"], listed[0]["last_evidence"]):
    assert any("127.0.0.3" in line for line in evidence), evidence
assert all(s["blind_runs"] == 4 and len(s["runs"]) == 116 for s in month["servers"])
PY
verdict "evidence of the first and the last sighting is there" "$why"
[[ -z ${MONTH_DIR:-} ]] || { mkdir -p "$MONTH_DIR" && cp "$dir"/month.[a-z]* "$dir"/mail/*.eml "$dir/subjects" "$dir/said" "$MONTH_DIR"; }
