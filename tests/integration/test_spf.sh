#!/usr/bin/env bash
# SPF and the sender's domain against a real name server: results, what is asked, and what is said.
# variants: release san
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 70
PATH=$PATH:/usr/sbin:/sbin
bin=${MAILREADY:-$PWD/build/release/mailready}
for program in nsd dig python3; do
	command -v "$program" >/dev/null || {
		echo "skip spf: no $program"
		exit 0
	}
done
tmp=$(mktemp -d "${TEST_TMP:-/tmp}/spf.XXXXXX") || exit 70
pids=()
finish() {
	for pid in "${pids[@]}"; do kill "$pid" && wait "$pid"; done 2>/dev/null
	rm -rf "$tmp"
}
trap finish EXIT
trap 'exit 143' TERM INT
# shellcheck disable=SC1091
source tests/integration/expect.sh
unset XDG_CONFIG_HOME XDG_STATE_HOME XDG_CACHE_HOME
export HOME=$tmp/home
mkdir "$HOME"
read -r port < <(tests/tools/ports 1)

# --- the zones: as big as a message holds, too
python3 - "$tmp" <<'PYTHON'
import sys
tmp = sys.argv[1]
def txt(name, text):
    strings = " ".join('"%s"' % text[i:i + 255] for i in range(0, len(text), 255))
    return f"{name} TXT {strings}\n"
head = "$TTL 60\n@ SOA ns hostmaster 1 3600 600 86400 60\n NS ns\nns A 127.0.0.1\n"
zone = head + "@ MX 10 mail\nmail A 203.0.113.9\nwww A 203.0.113.80\n"
zone += txt("@", "v=spf1 ip4:203.0.113.9 ip4:203.0.113.10 -all")
zone += txt("good", "v=spf1 include:inc.example.com -all") + "good MX 10 mail\n"
zone += txt("inc", "v=spf1 a:mail.example.com a:www.example.com ip4:203.0.113.25 ?all")
zone += txt("soft", "v=spf1 a ~all") + "soft A 203.0.113.9\n"
zone += txt("two", "v=spf1 -all") + txt("two", "v=spf1 +all")
zone += txt("wrong", "v=spf1 ipv4:203.0.113.25 -all")
zone += txt("loop", "v=spf1 include:loop.example.com -all")
zone += txt("many", "v=spf1 " + " ".join(f"include:i{n}.example.com" for n in range(1000)) + " -all")
zone += txt("twenty", "v=spf1 " + " ".join(f"include:i{n}.example.com" for n in range(20)) + " -all")
zone += "".join(txt(f"i{n}", "v=spf1 ip4:192.0.2.1 ~all") for n in range(20))
zone += txt("long", "v=spf1 " + "ip4:198.51.100.1 " * 3700 + "ip4:203.0.113.25 -all")
zone += txt("macro", "v=spf1 exists:%{ir}.%{l1r-}.%{d} -all") + "25.113.0.203.ann.macro A 127.0.0.2\n"
zone += txt("grown", "v=spf1 exists:" + ".".join(["%{s}%{d}"] * 30) + ".x.example.com -all")
zone += txt("bytes", "v=spf1 ip4:203.0.113.25\\010 -all") + txt("utf8", "v=spf1 a:\\195\\164.example -all")
zone += txt("null", "v=spf1 ip4:203.0.113.25 -all") + "null MX 0 .\n"
zone += txt("explained", "v=spf1 -all exp=why.example.com") + txt("why", "%{i} is not ours")
zone += txt("helo", "v=spf1 ip4:203.0.113.25 -all") + "helo A 203.0.113.25\n"
zone += txt("names", "v=spf1 a:" + "a" * 64 + ".example.com include:..example.com -all")
zone += txt("six", "v=spf1 ip6:2001:db8::/32 -all")
# ten look-ups: includes of three records, of two of them each, and below one of these the address
zone += txt("tree", "v=spf1 include:ta.example.com include:tb.example.com include:tc.example.com -all")
for top in "abc":
    zone += txt(f"t{top}", f"v=spf1 include:t{top}1.example.com include:t{top}2.example.com ~all")
    zone += txt(f"t{top}1", "v=spf1 ip4:192.0.2.1 ~all")
zone += txt("ta2", "v=spf1 ip4:192.0.2.2 ~all") + txt("tb2", "v=spf1 ip4:192.0.2.3 ~all")
zone += txt("tc2", "v=spf1 include:last.example.com ~all") + txt("last", "v=spf1 ip4:203.0.113.25 ~all")
open(f"{tmp}/example.com", "w").write(zone)
PYTHON
printf '%s\n' server: "  ip-address: 127.0.0.1@$port" "  zonesdir: \"$tmp\"" '  username: ""' '  database: ""' \
	"  pidfile: \"$tmp/nsd.pid\"" "  xfrdfile: \"$tmp/xfrd\"" "  zonelistfile: \"$tmp/zone.list\"" \
	"  xfrdir: \"$tmp\"" "  server-count: 1" "  rrl-ratelimit: 0" remote-control: "  control-enable: no" \
	zone: "  name: example.com" "  zonefile: example.com" >"$tmp/nsd.conf"
nsd -d -c "$tmp/nsd.conf" >"$tmp/nsd.log" 2>&1 &
pids+=($!)
for _ in $(seq 100); do
	[[ -z $(dig +short +tries=1 +time=1 -p "$port" @127.0.0.1 example.com SOA 2>/dev/null) ]] || break
	sleep 0.1
done
look=(--allow-special --authority never --resolver "127.0.0.1#$port")

# ADDRESS STATUS RESULT WORD...: by SPF alone, as a suite does it; the result, and other members
result() {
	local name=$1 status=$2 want=$3
	shift 3
	expect "$name" "$status" "" "$bin" check "$1" --only spf --format json "${look[@]}" "${@:2}"
	verdict "$name: $want" "$(python3 - "$tmp/out" "$want" <<'PYTHON'
import json, sys
spf = json.load(open(sys.argv[1]))["spf"]
for pair in sys.argv[2].split():
    key, value = pair.split("=", 1)
    if str(spf[key]) != value:
        print(f"{key} is {spf[key]}, not {value}", end=" ")
PYTHON
)"
}
result "pass by an include" 0 "result=pass lookups=3 domain=good.example.com" \
	203.0.113.25 --helo helo.example.com --mail-from ann@good.example.com
result "fail" 1 "result=fail helo_result=pass lookups=0" 203.0.113.25 --helo helo.example.com --from example.com
result "softfail" 0 "result=softfail lookups=1" 203.0.113.25 --mail-from soft.example.com
result "none" 0 "result=none" 203.0.113.25 --mail-from www.example.com
result "no sender: the EHLO name" 0 "result=pass helo_result=pass domain=helo.example.com" \
	203.0.113.25 --helo helo.example.com
result "the empty sender" 0 "result=pass sender=postmaster@helo.example.com" \
	203.0.113.25 --helo helo.example.com --mail-from '<>'
result "several records" 1 "result=permerror" 203.0.113.25 --mail-from two.example.com
result "a syntax error" 1 "result=permerror" 203.0.113.25 --mail-from wrong.example.com
result "a loop" 1 "result=permerror lookups=11" 203.0.113.25 --mail-from loop.example.com
result "1000 includes" 1 "result=permerror lookups=11" 203.0.113.25 --mail-from many.example.com
result "64 KB of TXT" 0 "result=pass lookups=0" 203.0.113.25 --mail-from long.example.com
result "a macro" 0 "result=pass lookups=1" 203.0.113.25 --mail-from ann-lee@macro.example.com
result "a macro that grows past all bounds" 1 "result=fail void_lookups=1" 203.0.113.25 --mail-from grown.example.com
result "a control byte" 1 "result=permerror" 203.0.113.25 --mail-from bytes.example.com
result "UTF-8" 1 "result=permerror" 203.0.113.25 --mail-from utf8.example.com
result "names that cannot be" 1 "result=permerror" 203.0.113.25 --mail-from names.example.com
result "a sender that cannot be" 0 "result=none" 203.0.113.25 --mail-from "a@$(printf 'a%.0s' {1..64}).example.com"
result "IPv6" 0 "result=pass" 2001:db8::1 --mail-from six.example.com
result "private space" 1 "result=fail" 10.0.0.1 --mail-from example.com
result "a documentation address" 1 "result=fail" 192.0.2.1 --mail-from example.com
result "an odd EHLO name" 0 "result=none" 203.0.113.25 --helo "JUMPIN' JUPITER"

# --- what people read
expect "the false all-clear is a FAIL" 1 "SPF record does not allow the address" \
	"$bin" 203.0.113.25 --domain example.com --no-smtp --only spf,sender "${look[@]}"
says "with the record to publish" 'ip4:203.0.113.25 into its SPF record, before "-all"'
expect "the story" 0 "look-up 1 of 10" "$bin" 203.0.113.25 --from good.example.com --only spf -v "${look[@]}"
says "each record is shown" "inc.example.com: v=spf1 a:mail.example.com"
expect "the place of an error" 1 "at byte 8" "$bin" 203.0.113.25 --from wrong.example.com --only spf "${look[@]}"
expect "the explanation with -v" 1 "203.0.113.25 is not ours" \
	"$bin" 203.0.113.25 --from explained.example.com --only spf -v "${look[@]}"
expect "the null MX" 1 "takes no mail" "$bin" 203.0.113.25 --from null.example.com --only sender "${look[@]}"
expect "a domain that does not exist" 1 "does not exist" \
	"$bin" 203.0.113.25 --from gone.example.com --only sender "${look[@]}"
expect "nobody is named" 2 "no sender" "$bin" 203.0.113.25 --no-smtp --only address,spf "${look[@]}"

# --- how often a name server is asked: one that writes down each question is before it.  One with HOLD answers
# when nothing has been asked for so many seconds: what comes until then is a round trip
cat >"$tmp/counting.py" <<'PYTHON'
import select, socket, sys
port, upstream, log = int(sys.argv[1]), int(sys.argv[2]), open(sys.argv[3], "a", buffering=1)
hold = float(sys.argv[4]) if len(sys.argv) > 4 else 0
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", port))
behind = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
behind.connect(("127.0.0.1", upstream))
def question(query):
    at, labels = 12, []
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode().lower())
        at += 1 + query[at]
    return f"{query[at + 2]} {'.'.join(labels)}"
asked = set()
while True:
    came = [server.recvfrom(4096)]
    while hold and select.select([server], [], [], hold)[0]:
        came.append(server.recvfrom(4096))
    # on a busy machine some are asked again: that is no round trip of its own
    if hold and not {question(query) for query, _ in came} <= asked:
        print("round", file=log)
    for query, client in came:
        asked.add(question(query))
        print(question(query), file=log)
        behind.send(query)
        server.sendto(behind.recv(65535), client)
PYTHON
read -r counted held < <(tests/tools/ports 2)
/usr/bin/python3 "$tmp/counting.py" "$counted" "$port" "$tmp/questions" 2>"$tmp/counting.err" &
pids+=($!)
/usr/bin/python3 "$tmp/counting.py" "$held" "$port" "$tmp/rounds" 0.08 &
pids+=($!)
for server in "$counted" "$held"; do
	for _ in $(seq 200); do
		[[ -z $(dig +short +tries=1 +time=1 -p "$server" @127.0.0.1 example.com SOA 2>/dev/null) ]] || break
		sleep 0.1
	done
done
count=(--allow-special --authority never --resolver "127.0.0.1#$counted" --no-smtp --only spf)
for ((i = 0; i < 10000; i++)); do echo "198.18.$((i / 250)).$((i % 250 + 1)) from=good.example.com"; done >"$tmp/list"
: >"$tmp/questions"
expect "10,000 addresses of one domain" 1 "" "$bin" check -i "$tmp/list" "${count[@]}" --format jsonl
verdict "each has its result" \
	"$(n=$(grep -c '"result":"fail"' "$tmp/out"); [[ $n == 10000 ]] || echo "$n $(tail -n 1 "$tmp/counting.err")")"
# on a busy machine one may be asked again because the answer was late
verdict "the record is asked for once" \
	"$(n=$(grep -c '^16 good.example.com$' "$tmp/questions"); [[ $n == [12] ]] || echo "$n times")"
# two or three times: targets with less time than the one that asked first do not wait with it
verdict "what it names is not asked for address by address" \
	"$(n=$(sort "$tmp/questions" | uniq -c | awk '$1 > 5'); echo "${n:0:200}")"
: >"$tmp/questions"
expect "20 includes, counted" 1 "" "$bin" check 203.0.113.25 --from twenty.example.com "${count[@]}"
verdict "are ten questions beside the first" \
	"$(n=$(sort -u "$tmp/questions" | grep -c '^16 '); [[ $n == 11 ]] || echo "$n questions")"
: >"$tmp/rounds"
expect "ten look-ups, three levels deep" 0 "10 of 10 look-ups" "$bin" check 203.0.113.25 --from tree.example.com \
	--allow-special --authority never --resolver "127.0.0.1#$held" --no-smtp --only spf
verdict "are four round trips" \
	"$(n=$(grep -c '^round$' "$tmp/rounds"); [[ $n == 4 ]] || echo "$n: $(tr '\n' ' ' <"$tmp/rounds")")"
verdict "and eleven questions" \
	"$(n=$(grep -v '^round$' "$tmp/rounds" | sort -u | wc -l); [[ $n == 11 ]] || echo "$n questions")"

# --- the same facts, judged later
"$bin" 203.0.113.25 --from bytes.example.com --only spf --dump-facts "$tmp/facts" "${look[@]}" >/dev/null
expect "judged again" 1 "control byte 0x0a" "$bin" judge "$tmp/facts"
