#!/usr/bin/env bash
# DNS lists of every kind and in every state, served by rbldnsd and asked through real resolvers:
# an honest one, one that removes answers inside 127.0.0.0/8, and one that rewrites what does not
# exist.  No answer of theirs is believed that should not be, and no key is shown anywhere.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 70
PATH=$PATH:/usr/sbin:/sbin
for program in rbldnsd unbound dig python3 setpriv; do
	command -v "$program" >/dev/null || {
		echo "skip lists: no $program"
		exit 0
	}
done
bin=${MAILREADY:-$PWD/build/release/mailready}
schema=$PWD/tests/integration/validate_schema.py
mkdir -p build
tmp=$(mktemp -d "$PWD/build/lists.XXXXXX") || exit 70
chmod 755 "$tmp"
pids=() failed=0
finish() {
	local pid
	for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null; done
	wait 2>/dev/null
	rm -rf "$tmp"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
export XDG_CACHE_HOME=$tmp/cache XDG_CONFIG_HOME=$tmp/config
unset "${!MAILREADY_KEY_@}"
key=s3cr3tk3yofthetest
test_port=$((20000 + RANDOM % 6000 * 2)) # below the lab's ports as often as not: free or another
free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
while ! { free "$test_port" && free $((test_port + 1)) && free $((test_port + 2)) && free $((test_port + 3)); }; do
	test_port=$((20000 + RANDOM % 6000 * 2))
done
rbl=$test_port honest=$((test_port + 1)) filtering=$((test_port + 2)) rewriting=$((test_port + 3))

# --- lists
sets=()
list() { # ZONE TYPE LINE...
	printf '%s\n' "\$SOA 3600 ns.lists.example hostmaster.lists.example 1 600 300 86400 3600" \
		"\$NS 3600 ns.lists.example" "${@:3}" >"$tmp/$1.$2"
	sets+=("$1.lists.example:$2:$1.$2")
}
test4="127.0.0.2 :127.0.0.2:test"
list zen ip4set "127.0.0.2 :127.0.0.2:test" "198.18.0.25 :127.0.0.10:policy" "198.18.0.25 :127.0.0.4:infected"
list zen ip6trie ":127.0.0.2:a network" "::ffff:7f00:2/128" "2001:db8:1:2::/64"
list plain ip4set "$test4"
list other ip4set "$test4"
list third ip4set "$test4"
list network ip4set "$test4" "198.18.0.0/24 :127.0.0.2:the whole network"
list noptr ip4set "$test4" "198.18.0.26 :127.0.0.37:no PTR"
list odd ip4set "$test4" "198.18.0.25 :127.0.0.99:unknown"
list one ip4set "$test4" "198.18.0.25 :127.0.0.1:you are refused"
list allow ip4set "$test4" "198.18.0.25 :127.0.0.3:good"
list everything ip4set "0.0.0.0/1 :127.0.0.2:all" "128.0.0.0/1 :127.0.0.2:all"
list parked ip4set "0.0.0.0/1 :198.51.100.80:parked" "128.0.0.0/1 :198.51.100.80:parked"
list public ip4set "0.0.0.0/1 :127.255.255.254:public" "128.0.0.0/1 :127.255.255.254:public"
list volume ip4set "0.0.0.0/1 :127.255.255.255:volume" "128.0.0.0/1 :127.255.255.255:volume"
list typo ip4set "0.0.0.0/1 :127.255.255.252:typo" "128.0.0.0/1 :127.255.255.252:typo"
list empty ip4set "192.0.2.255 :127.0.0.2:nothing"
list inverted ip4set "127.0.0.1 :127.0.0.2:inverted"
list domain dnset "test :127.0.1.2:test" "bad.example :127.0.1.2:a bad domain" "host.fine.example :127.0.1.2:a bad host"
list sum dnset "test :127.0.0.64:test" "bad.example :127.0.0.72:two bits"
list keyed ip4set "192.0.2.255 :127.0.0.2:nothing without a key"
list "$key.keyed" ip4set "$test4" "198.18.0.25 :127.0.0.2:listed, asked as \$.$key.keyed.lists.example"

cat >"$tmp/lists.ini" <<'INI'
[zen.lists.example]
family = ip4 ip6
impact = critical
operator = Z
scope6 = /64
first-fix = mend it
removal = https://lists.example/?q={address}
code.127.0.0.2-7 = critical infected
code.127.0.0.10-11 = high policy
[plain.lists.example]
operator = P
code.127.0.0.2 = low spam
[other.lists.example]
operator = O
code.127.0.0.2 = low spam
[third.lists.example]
operator = T
code.127.0.0.2 = low spam
[network.lists.example]
operator = N
impact = info
scope = network
code.127.0.0.2 = info neighbours
[noptr.lists.example]
operator = R
impact = medium
removal = https://lists.example/remove
code.127.0.0.2 = low test
code.127.0.0.37 = medium no PTR name
cause.127.0.0.37 = no-ptr
[odd.lists.example]
operator = U
impact = critical
code.127.0.0.2 = critical spam
[one.lists.example]
operator = 1
code.127.0.0.2 = low spam
[allow.lists.example]
kind = allow
impact = info
code.127.0.0.2-3 = info known to be good
[domain.lists.example]
operator = D
family = domain
names = registered full
impact = critical
code.127.0.1.2 = critical a spammer's domain
[sum.lists.example]
operator = S
family = domain
names = registered
impact = high
bit.8 = medium phishing
bit.64 = high abuse
[keyed.lists.example]
operator = K
impact = high
key = the-lists
code.127.0.0.2 = high spam
INI
odd_lists=(everything parked public volume typo empty inverted)
printf '%s.lists.example\n' "${odd_lists[@]}" plain other third >"$tmp/odd.txt"
printf '%s.lists.example\n' plain other third zen >"$tmp/healthy.txt"

# --- servers
as=()
[[ $(id -u) -ne 0 ]] || as=(--reuid rbldns --regid rbldns --clear-groups)
start() {
	(cd "$tmp" && exec setpriv "${as[@]}" --pdeathsig TERM "$@") </dev/null >>"$tmp/servers.log" 2>&1 &
	pids+=("$!")
}
resolver() { # PORT LINE...
	printf '%s\n' "server:" "  interface: 127.0.0.1@$1" "  access-control: 127.0.0.0/8 allow" \
		"  do-ip6: no" '  username: ""' '  chroot: ""' "  directory: \"$tmp\"" '  pidfile: ""' \
		"  use-syslog: no" "  do-daemonize: no" "  num-threads: 1" "  do-not-query-localhost: no" \
		'  module-config: "iterator"' '  local-zone: "test." nodefault' '  local-zone: "invalid." nodefault' \
		'  local-zone: "18.198.in-addr.arpa." static' '  local-zone: "8.b.d.0.1.0.0.2.ip6.arpa." static' \
		'  local-data: "18.198.in-addr.arpa. 600 SOA ns.example. hostmaster.example. 1 600 300 86400 900"' \
		'  local-data: "25.0.18.198.in-addr.arpa. 3600 PTR mail.bad.example."' \
		'  local-data: "27.0.18.198.in-addr.arpa. 3600 PTR host.fine.example."' \
		'  local-zone: "bad.example." static' '  local-data: "mail.bad.example. A 198.18.0.25"' \
		'  local-zone: "fine.example." static' '  local-data: "host.fine.example. A 198.18.0.27"' \
		"${@:2}" \
		"stub-zone:" '  name: "lists.example"' "  stub-addr: 127.0.0.1@$rbl" >"$tmp/unbound.$1"
	start unbound -d -c "$tmp/unbound.$1"
}
start rbldnsd -n -e -c 0 -t 3600 -b "127.0.0.1/$rbl" "${sets[@]}"
as=()
servers='  local-data: "ns.lists.example. A 127.0.0.1"'
resolver "$honest" "$servers"
resolver "$filtering" "$servers" "  private-address: 127.0.0.0/8"
resolver "$rewriting" '  local-zone: "lists.example." redirect' '  local-data: "lists.example. A 198.51.100.9"'
answers() { # PORT NAME
	local i
	for ((i = 0; i < 100; i++)); do
		! dig +time=1 +tries=1 +short -p "$1" @127.0.0.1 "$2" A 2>/dev/null | grep -q "^[0-9]" || return 0
		sleep 0.1
	done
	tail -n 5 "$tmp/servers.log" >&2
	echo "not ok lists: nothing answers on port $1"
	exit 1
}
answers "$rbl" 2.0.0.127.plain.lists.example
answers "$honest" 2.0.0.127.plain.lists.example
answers "$filtering" mail.bad.example
answers "$rewriting" 2.0.0.127.plain.lists.example

# --- what is said
check() { # NAME RESOLVER-PORT ADDRESS OPTION...: a report in $tmp/NAME.json
	local name=$1 port=$2 address=$3 status=0
	shift 3
	"$bin" check "$address" --resolver "127.0.0.1#$port" --allow-special --no-smtp --authority never \
		--only dnsbl --json "$@" >"$tmp/$name.json" 2>"$tmp/$name.err" || status=$?
	if ((status > 2)) || [[ -s $tmp/$name.err ]]; then
		echo "not ok $name: exit status $status, $(head -c 300 "$tmp/$name.err" | tr '\n' ' ')"
		failed=1
	elif ! "$schema" "$tmp/$name.json" >/dev/null 2>&1; then
		echo "not ok $name: does not fit the schema"
		failed=1
	fi
}
# NAME EXPRESSION WHAT: in Python, about the report r; row(zone[, subject]) and found(rule)
holds() {
	if python3 - "$tmp/$1.json" "$2" <<'PYTHON'; then echo "ok $1: $3"; else echo "not ok $1: $3"; failed=1; fi
import json, sys
with open(sys.argv[1], encoding="utf-8") as file:
    r = json.load(file)
def rows(zone):
    return [e for e in r["lists"] if e["zone"] == zone + ".lists.example"]
def row(zone, subject=None):
    return next(e for e in rows(zone) if subject in (None, e["subject"]))
def told(zone, subject=None):
    e = row(zone, subject)
    return (e["state"], e["reason"] or ",".join(e["codes"]))
def found(rule):
    return [f for f in r["findings"] if f["id"] == "dnsbl." + rule]
sys.exit(0 if eval(sys.argv[2]) else print(json.dumps(r)[:1500], file=sys.stderr) or 1)
PYTHON
}

check kinds "$honest" 198.18.0.25 --lists "$tmp/lists.ini" --domain bad.example
holds kinds 'told("zen") == ("listed", "127.0.0.10,127.0.0.4") or told("zen") == ("listed", "127.0.0.4,127.0.0.10")' "several answers are all read"
holds kinds 'row("zen")["impact"] == "critical" and r["verdict"] == "fail"' "the worst of them counts"
holds kinds 'row("zen")["removal"] == "https://lists.example/?q=198.18.0.25"' "the page of removal has the address in it"
holds kinds '"infected" in row("zen")["text"]' "the reason is that of the address"
holds kinds 'told("odd") == ("listed", "127.0.0.99") and row("odd")["impact"] == "low"' "an unknown answer of a critical list is not critical"
holds kinds 'told("one") == ("unknown", "refused-other")' "127.0.0.1 is no listing"
holds kinds 'row("allow")["kind"] == "allow" and found("allowed") and not any("allow.lists" in f["subject"] for f in found("listed-info"))' "an allow list is reported apart"
holds kinds 'told("network") == ("listed", "127.0.0.2") and "whole network" in found("listed-info")[0]["text"]' "a listing of the network says so"
holds kinds 'told("domain", "bad.example") == ("listed", "127.0.1.2")' "a listed domain"
holds kinds 'told("domain", "mail.bad.example") == ("clean", "")' "its host is asked apart"
holds kinds 'told("sum", "bad.example") == ("listed", "127.0.0.72") and row("sum")["meanings"] == ["phishing, abuse"]' "bits of a sum"
holds kinds 'not any(e["subject"].startswith("198.") for e in rows("domain") + rows("sum"))' "no list of domains hears of an address"
holds kinds 'told("keyed") == ("unknown", "key-needed") and len(found("key-needed")) == 1' "a list without its key is not asked"
holds kinds 'any(f["text"].startswith("listed on ") and " critical" in f["text"] and "could not be asked" in f["text"] for f in found("summary"))' "the summary weighs"
check host "$honest" 198.18.0.27 --lists "$tmp/lists.ini"
holds host 'told("domain", "host.fine.example")[0] == "listed" and told("domain", "fine.example")[0] == "clean"' "the PTR name is asked, in full and registered"
check noptr "$honest" 198.18.0.26 --lists "$tmp/lists.ini"
holds noptr 'row("noptr")["explained_by"] == "ptr.missing"' "a listing that the missing PTR explains"
holds noptr '"first set the PTR record" in found("listed-medium")[0]["remedy"] and "10 min" in found("listed-medium")[0]["remedy"]' "its remedies have an order, and wait for the negative TTL"
check six "$honest" 2001:db8:1:2::25 --lists "$tmp/lists.ini"
holds six 'told("zen") == ("listed", "127.0.0.2") and "2001:db8:1:2::/64" in found("listed-critical")[0]["text"]' "IPv6 is asked by nibbles, and its /64 is named"
holds six 'told("plain") == ("unknown", "unsupported-family")' "a list without IPv6"
check mapped "$honest" ::ffff:198.18.0.25 --lists "$tmp/lists.ini"
holds mapped 'r["target"]["address"] == "198.18.0.25" and told("zen")[0] == "listed"' "a mapped address is IPv4"

expected=(everything=wildcard parked=parked public=refused-public-resolver volume=refused-volume
	typo=refused-zone-name empty=empty inverted=wildcard plain=ok other=ok third=ok)
check odd "$honest" 198.18.0.25 --lists "$tmp/odd.txt"
for pair in "${expected[@]}"; do
	[[ ${pair#*=} == ok ]] || holds odd "told('${pair%=*}') == ('unknown', '${pair#*=}')" "${pair%=*} is ${pair#*=}, no listing and not clean"
done
holds odd 'not any(f["verdict"] == "fail" for f in r["findings"])' "no fault of a list is one of the address"
"$bin" lists --test --json --lists "$tmp/odd.txt" --resolver "127.0.0.1#$honest" >"$tmp/health.json" 2>"$tmp/health.err"
status=$?
if ((status == 2)); then echo "ok health: exit status 2"; else echo "not ok health: exit status $status"; failed=1; fi
for pair in "${expected[@]}"; do
	if python3 -c 'import json, sys
e = {e["zone"]: e["health"] for e in json.load(open(sys.argv[1]))}
sys.exit(e[sys.argv[2] + ".lists.example"] != sys.argv[3])' "$tmp/health.json" "${pair%=*}" "${pair#*=}"; then
		echo "ok health: $pair"
	else
		echo "not ok health: $pair, $(grep -A 2 "${pair%=*}" "$tmp/health.json" | tr '\n' ' ')"
		failed=1
	fi
done

# --- resolvers
check filtered "$filtering" 198.18.0.25 --lists "$tmp/healthy.txt"
holds filtered 'len(found("resolver")) == 1 and "may remove answers" in found("resolver")[0]["text"] and not found("unknown")' "a resolver that removes answers is blamed once"
holds filtered 'all(e["reason"] == "filtered" for e in r["lists"]) and r["verdict"] == "temperror"' "nothing is clean through it"
check rewritten "$rewriting" 198.18.0.25 --lists "$tmp/healthy.txt"
holds rewritten 'all(e["reason"] == "parked" for e in r["lists"]) and len(found("resolver")) == 1' "nothing is listed by one that rewrites"
"$bin" lists --test --lists "$tmp/healthy.txt" --resolver "127.0.0.1#$filtering" >"$tmp/health.txt" 2>&1
if grep -q "^resolver .*may remove answers" <(tr '\n' ' ' <"$tmp/health.txt" | sed 's/resolver  /\nresolver  /'); then
	echo "ok health: the resolver is named once"
else
	echo "not ok health: $(tail -n 4 "$tmp/health.txt" | tr '\n' ' ')"
	failed=1
fi
for way in "$filtering" "$honest"; do
	check "direct-$way" "$way" 198.18.0.25 --lists "$tmp/lists.ini" --lists-direct --authority-port "$rbl" --skip-list keyed.lists.example
	holds "direct-$way" 'told("zen")[0] == "listed" and told("plain")[0] == "clean"' "the lists' own servers tell, whatever the resolver does"
done
check half "$honest" 198.18.0.25 --lists "$tmp/odd.txt" --skip-list parked.lists.example --skip-list empty.lists.example --skip-list inverted.lists.example --skip-list everything.lists.example
holds half 'len(found("resolver")) == 0 and told("plain")[0] == "clean" and told("public")[0] == "unknown"' "three of six refusing is not most"

# --- keys
export MAILREADY_KEY_THE_LISTS=$key
check keyed "$honest" 198.18.0.25 --lists "$tmp/lists.ini" --dump-facts "$tmp/keyed.facts"
holds keyed 'told("keyed") == ("listed", "127.0.0.2")' "a list with its key"
for format in text brief jsonl; do
	"$bin" check 198.18.0.25 --resolver "127.0.0.1#$honest" --allow-special --no-smtp --only dnsbl \
		--lists "$tmp/lists.ini" -vv --format $format >"$tmp/keyed.$format" 2>&1
done
"$bin" lists --test --json --lists "$tmp/lists.ini" --resolver "127.0.0.1#$honest" >"$tmp/keyed.health" 2>&1
"$bin" lists show keyed.lists.example --lists "$tmp/lists.ini" >"$tmp/keyed.show" 2>&1
"$bin" check 198.18.0.25 --resolver "127.0.0.1#1" --timeout 0.3 --allow-special --no-smtp --only dnsbl \
	--lists "$tmp/lists.ini" -vv >"$tmp/keyed.dead" 2>&1
MAILREADY_KEY_THE_LISTS="$key.evil/" "$bin" lists >"$tmp/keyed.bad" 2>&1
printf '[keys]\nthe-lists = %s\n' "$key" >"$tmp/keys.ini"
chmod 644 "$tmp/keys.ini"
"$bin" lists --keys "$tmp/keys.ini" >"$tmp/keyed.mode" 2>&1
status=$?
if ((status == 77)) && grep -q "chmod 600" "$tmp/keyed.mode"; then echo "ok keys: a file that others may read is refused"; else
	echo "not ok keys: exit status $status, $(head -c 200 "$tmp/keyed.mode")"; failed=1; fi
chmod 600 "$tmp/keys.ini"
printf '%s\n' "$key = the-lists" >"$tmp/keys.wrong"
chmod 600 "$tmp/keys.wrong"
"$bin" lists --keys "$tmp/keys.wrong" >"$tmp/keyed.wrong" 2>&1
shown=$(grep -rliF "$key" "$tmp"/keyed.* "$XDG_CACHE_HOME" 2>/dev/null)
if [[ -z $shown && -s $tmp/keyed.facts && -s $tmp/keyed.bad ]]; then echo "ok keys: no output holds the key"; else
	echo "not ok keys: the key is in $shown"; failed=1; fi
unset MAILREADY_KEY_THE_LISTS
check keyfile "$honest" 198.18.0.25 --lists "$tmp/lists.ini" --keys "$tmp/keys.ini"
holds keyfile 'told("keyed")[0] == "listed"' "the key of a file"
export MAILREADY_KEY_THE_LISTS=wrongkey
check wrongkey "$honest" 198.18.0.25 --lists "$tmp/lists.ini"
holds wrongkey 'told("keyed") == ("unknown", "key-wrong")' "a wrong key is said, and nothing is clean by it"
unset MAILREADY_KEY_THE_LISTS
"$bin" judge "$tmp/keyed.facts" --only dnsbl --lists "$tmp/lists.ini" --json >"$tmp/again.json" 2>/dev/null
if python3 -c 'import json, sys
a, b = (json.load(open(f)) for f in sys.argv[1:])
sys.exit(a["lists"] != (b[0] if isinstance(b, list) else b)["lists"])' "$tmp/keyed.json" "$tmp/again.json"; then
	echo "ok keys: dumped facts are judged the same, without the key"
else
	echo "not ok keys: dumped facts are judged otherwise"
	failed=1
fi

rejudged() { # NAME EXPRESSION OPTION...: in Python, about the zones z of what was dumped, judged anew
	if "$bin" judge "$tmp/keyed.facts" --only dnsbl --json "${@:3}" 2>/dev/null | python3 -c 'import json, sys
r = json.load(sys.stdin)
z = {e["zone"].split(".")[0] for e in (r[0] if isinstance(r, list) else r)["lists"]}
sys.exit(not eval(sys.argv[1]))' "$2"; then echo "ok judge: $1"; else echo "not ok judge: $1"; failed=1; fi
}
rejudged "lists are those of the run, whatever is asked by default" '{"zen", "plain", "odd"} <= z and "bl" not in z'
rejudged "but for those that are skipped" '"zen" not in z and "plain" in z' --lists "$tmp/lists.ini" --skip-list zen.lists.example
rejudged "or one alone" 'z == {"zen"}' --lists "$tmp/lists.ini" --only-list zen.lists.example

# --- what is kept between runs
cat >"$tmp/budget.ini" <<'INI'
[plain.lists.example]
budget = 7
code.127.0.0.2 = low spam
INI
cache=$tmp/budget.json
for run in 1 2; do
	check "budget$run" "$honest" 198.18.0.25 --lists "$tmp/budget.ini" --cache "$cache"
	holds "budget$run" 'told("plain")[0] == "clean"' "within the budget"
done
check budget3 "$honest" 198.18.0.25 --lists "$tmp/budget.ini" --cache "$cache"
holds budget3 'told("plain") == ("unknown", "over-budget")' "the budget is kept from run to run"
rm -f "$cache"
"$bin" check 198.18.0.25 198.18.0.26 --resolver "127.0.0.1#1" --timeout 30 --allow-special --no-smtp --only dnsbl \
	--lists "$tmp/budget.ini" --cache "$cache" >/dev/null 2>&1 &
victim=$!
for ((i = 0; i < 100; i++)); do [[ ! -s $cache ]] || break; sleep 0.05; done
kill -9 "$victim" 2>/dev/null
wait "$victim" 2>/dev/null
check killed "$honest" 198.18.0.25 --lists "$tmp/budget.ini" --cache "$cache"
holds killed 'told("plain") == ("unknown", "over-budget")' "and through a kill"
printf '{"schema": "mailready.cache/1", "tested": ' >"$cache"
if "$bin" check 198.18.0.25 --resolver "127.0.0.1#$honest" --allow-special --no-smtp --only dnsbl \
	--lists "$tmp/budget.ini" --cache "$cache" -f brief >"$tmp/damaged.out" 2>"$tmp/damaged.err" && grep -q "begun anew" "$tmp/damaged.err"; then echo "ok cache: a damaged one is said and begun anew"; else
	echo "not ok cache: $(head -c 300 "$tmp/damaged.out" "$tmp/damaged.err" | tr '\n' ' ')"; failed=1; fi

# --- pace
printf '[plain.lists.example]\nrate = 4\ncode.127.0.0.2 = low spam\n' >"$tmp/pace.ini"
check pace "$honest" 198.18.0.25 --lists "$tmp/pace.ini" --cache none
holds pace 'told("plain")[0] == "clean" and 450 < r["time_ms"] < 2500' "three questions to a list that takes four a second"
check hurry "$honest" 198.18.0.25 --lists "$tmp/pace.ini" --cache none --timeout 0.2
holds hurry 'told("plain") == ("unknown", "not-asked")' "there is no time for them: not asked, not silent"

# --- names of lists
refused() { # NAME STATUS WORD OPTION...
	local name=$1 want=$2 word=$3 status=0
	shift 3
	"$bin" "$@" >"$tmp/refused" 2>&1 || status=$?
	if ((status == want)) && grep -qF "$word" "$tmp/refused"; then echo "ok $name"; else
		echo "not ok $name: exit status $status, $(head -c 300 "$tmp/refused" | tr '\n' ' ')"; failed=1; fi
}
refused "unknown list: the nearest" 64 "did you mean zen.spamhaus.org" check 192.0.2.1 --only-list zen.spamhaus.ogr
refused "dead list: when and how" 64 "died 2018-05-30" check 192.0.2.1 --only-list bl.spamcannibal.org
refused "dead list by its pattern" 64 "died 2024-06-05" check 192.0.2.1 --only-list dul.dnsbl.sorbs.net
refused "list that is on the web only" 64 "cannot be asked over DNS" check 192.0.2.1 --only-list csi.cloudmark.com
refused "unknown list to skip" 64 "not known" check 192.0.2.1 --skip-list nothing.like.it.example
refused "show of a dead list" 0 "2025-01-16" lists show ix.dnsbl.manitu.net
printf 'dnsbl.sorbs.net\nplain.lists.example\n' >"$tmp/old.txt"
refused "dead list in a file" 0 "dnsbl.sorbs.net is not asked: it died 2024-06-05" lists --test --lists "$tmp/old.txt" --resolver "127.0.0.1#$honest"
mkdir -p "$XDG_CONFIG_HOME/mailready"
printf '[zen.spamhaus.org]\nwhy = our own reason\n[bl.own.example]\ncode.127.0.0.2 = low ours\n' >"$XDG_CONFIG_HOME/mailready/lists.ini"
refused "the user's file says more about a list" 0 "our own reason" lists show zen.spamhaus.org
refused "and keeps the rest" 0 "Spamhaus ZEN" lists show zen.spamhaus.org
refused "and adds lists" 0 "bl.own.example" lists
printf '[zen.spamhaus.org]\nimpact = severe\n' >"$XDG_CONFIG_HOME/mailready/lists.ini"
refused "an error in the user's file" 65 "lists.ini:2" lists
exit "$failed"
