#!/usr/bin/env bash
# DNS lists of every kind and in every state, served by rbldnsd and asked through real resolvers:
# an honest one, one that removes answers inside 127.0.0.0/8, and one that rewrites what does not
# exist.  No answer of theirs is believed that should not be, and no key is shown anywhere.
set -u
bin="" tmp="" key="" rbl="" honest="" filtering="" rewriting="" hole="" # by the world
# shellcheck disable=SC1091
. "$(dirname "${BASH_SOURCE[0]}")/lists_world.sh"
failed=0
schema=$PWD/tests/integration/validate_schema.py

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
holds kinds 'not any(e["subject"].startswith("198.") for e in rows("domain") + rows("sum") + rows("dbl"))' "no list of domains hears of an address"
holds kinds 'told("dbl", "bad.example") == ("listed", "127.0.1.2")' "a list of domains that refuses addresses"
holds kinds 'told("wild", "bad.example") == ("unknown", "wildcard")' "a domain list that lists everything, but for \"invalid\", shows it by a random label"
holds kinds 'told("keyed") == ("unknown", "key-needed") and len(found("key-needed")) == 1' "a list without its key is not asked"
holds kinds 'any(f["text"].startswith("listed on ") and " critical" in f["text"] and "could not be asked" in f["text"] for f in found("summary"))' "the summary weighs"
check host "$honest" 198.18.0.27 --lists "$tmp/lists.ini"
holds host 'told("domain", "host.fine.example")[0] == "listed" and told("domain", "fine.example")[0] == "clean"' "the PTR name is asked, in full and registered"
check noptr "$honest" 198.18.0.26 --lists "$tmp/lists.ini"
holds noptr 'row("noptr")["explained_by"] == "ptr.missing"' "a listing that the missing PTR explains"
holds noptr '"first, set the PTR record" in found("listed-medium")[0]["remedy"] and "10 min" in found("listed-medium")[0]["remedy"]' "its remedies have an order, and wait for the negative TTL"
check six "$honest" 2001:db8:1:2::25 --lists "$tmp/lists.ini"
holds six 'told("zen") == ("listed", "127.0.0.2") and "2001:db8:1:2::/64" in found("listed-critical")[0]["text"]' "IPv6 is asked by nibbles, and its /64 is named"
holds six 'told("plain") == ("not-applicable", "unsupported-family")' "a list without IPv6"
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
healthy() { # ZONE=HEALTH...: what lists --test said, in $tmp/health.json
	local pair
	for pair in "$@"; do
		if python3 -c 'import json, sys
e = {e["zone"]: e["health"] for e in json.load(open(sys.argv[1]))}
sys.exit(e[sys.argv[2] + ".lists.example"] != sys.argv[3])' "$tmp/health.json" "${pair%=*}" "${pair#*=}"; then
			echo "ok health: $pair"
		else
			echo "not ok health: $pair, $(grep -A 2 "${pair%=*}" "$tmp/health.json" | tr '\n' ' ')"
			failed=1
		fi
	done
}
healthy "${expected[@]}"

unknown=(servfail=servfail refusing=refused silent=timeout plain=ok other=ok third=ok)
check unknown "$honest" 198.18.0.25 --lists "$tmp/unknown.txt" --timeout 1
holds unknown 'told("servfail") == ("unknown", "servfail")' "SERVFAIL is no clean list"
holds unknown 'told("refusing") == ("unknown", "refused")' "neither is REFUSED"
holds unknown 'told("silent") == ("unknown", "timeout")' "nor is silence"
holds unknown 'any("listed on 0 of 6, 3 could not be asked" in f["text"] for f in found("clean"))' "and counted"
holds unknown 'told("plain")[0] == "clean" and not found("resolver") and len(found("unknown")) == 3' "each is said, and the others are clean"
"$bin" lists --test --json --lists "$tmp/unknown.txt" --timeout 1 --resolver "127.0.0.1#$honest" >"$tmp/health.json" 2>"$tmp/health.err"
healthy "${unknown[@]}"

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
used() { # ZONE: questions of today
	python3 -c 'import json, sys
print(json.load(open(sys.argv[1]))["asked"].get(sys.argv[2], {"n": 0})["n"])' "$cache" "$1.lists.example"
}
rm -f "$cache"
cat >"$tmp/many.ini" <<'INI'
[plain.lists.example]
budget = 1000
code.127.0.0.2 = low spam
[domain.lists.example]
family = domain
names = registered full
budget = 1000
code.127.0.1.2 = low spam
INI
printf '%s\n' 198.18.0.25 198.18.0.26 198.18.0.27 >"$tmp/three.txt"
"$bin" check --input "$tmp/three.txt" --resolver "127.0.0.1#$honest" --allow-special --no-smtp --only dnsbl \
	--authority never --lists "$tmp/many.ini" --cache "$cache" >/dev/null 2>&1
# an address and two test entries, of three targets; two names each of two, with two reasons, three entries
if [[ $(used plain) == 9 && $(used domain) == 12 ]]; then echo "ok budget: what was reserved and not asked is given back"; else
	echo "not ok budget: $(used plain) and $(used domain) questions are counted, not 9 and 12"; failed=1; fi
"$bin" check 198.18.0.25 --resolver "127.0.0.1#$honest" --allow-special --no-smtp --only ptr --lists "$tmp/many.ini" \
	--cache "$cache" >/dev/null 2>&1
if [[ $(used plain) == 9 ]]; then echo "ok budget: a run that asks no list uses none"; else
	echo "not ok budget: a run that asks no list used $(($(used plain) - 9))"; failed=1; fi
rm -f "$cache"
printf '[%s.lists.example]\nbudget = 5000\ncode.127.0.0.2 = low spam\n' plain other third noptr >"$tmp/four.ini"
for ((i = 1; i <= 250; i++)); do echo "198.18.9.$i"; done >"$tmp/targets.txt"
"$bin" check --input "$tmp/targets.txt" --resolver "127.0.0.1#$honest" --allow-special --no-smtp --only dnsbl \
	--authority never --lists "$tmp/four.ini" --cache "$cache" -f jsonl >"$tmp/bulk.jsonl" 2>/dev/null
if (($(used plain) == 750 && $(used noptr) < 600 && $(grep -c '"state":"clean"' "$tmp/bulk.jsonl") == 250)); then
	echo "ok budget: what the first targets showed is not tested for each of the others"; else
	echo "not ok budget: $(used plain) and $(used noptr) questions"; failed=1; fi
rm -f "$cache"
sed -i 's/budget = 7/budget = 11/' "$tmp/budget.ini"
"$bin" check --input "$tmp/three.txt" --resolver "127.0.0.1#$hole" --timeout 30 --allow-special --no-smtp --only dnsbl \
	--lists "$tmp/budget.ini" --cache "$cache" >/dev/null 2>&1 &
victim=$!
for ((i = 0; i < 400; i++)); do [[ ! -s $cache ]] || break; sleep 0.05; done
kill -9 "$victim" 2>/dev/null
wait "$victim" 2>/dev/null
echo "# $(used plain) of 11 questions are reserved"
check killed "$honest" 198.18.0.25 --lists "$tmp/budget.ini" --cache "$cache"
holds killed 'told("plain") == ("unknown", "over-budget")' "and through a kill"
printf '{"schema": "mailready.cache/1", "tested": ' >"$cache"
if "$bin" check 198.18.0.25 --resolver "127.0.0.1#$honest" --allow-special --no-smtp --only dnsbl \
	--lists "$tmp/budget.ini" --cache "$cache" -f brief >"$tmp/damaged.out" 2>"$tmp/damaged.err" && grep -q "starting a new one" "$tmp/damaged.err"; then echo "ok cache: a damaged one is reported and replaced"; else
	echo "not ok cache: $(head -c 300 "$tmp/damaged.out" "$tmp/damaged.err" | tr '\n' ' ')"; failed=1; fi
printf '{"schema":"mailready.cache/1","asked":{},"tested":{" 127.0.0.1#%s":{"%s.lists.example":-9223372036854775808}}}' \
	"$honest" third >"$cache"
echo precious >"$tmp/precious"
ln -sf "$tmp/precious" "$cache.mailready-new"
check planted "$honest" 198.18.0.25 --lists "$tmp/four.ini" --cache "$cache"
holds planted 'told("third")[0] == "clean"' "a time before all times is no reason to trust a list"
if [[ $(<"$tmp/precious") == precious && $(used plain) == 3 ]]; then echo "ok cache: nothing is written through a link"; else
	echo "not ok cache: written through a link, or not at all"; failed=1; fi
# a lock that is a link is not followed, and one that somebody holds for ever stops nobody for long
rm -f "$cache" "$cache.lock" "$cache.mailready-new"
ln -s "$tmp/made" "$cache.lock"
locked() { # NAME: it says so, and goes on without a cache
	"$bin" check 198.18.0.25 --resolver "127.0.0.1#$honest" --allow-special --no-smtp --authority never \
		--only dnsbl --json --lists "$tmp/four.ini" --cache "$cache" >"$tmp/$1.json" 2>"$tmp/$1.err"
	if grep -qF "$cache: " "$tmp/$1.err"; then echo "ok $1: it is said"; else
		echo "not ok $1: $(head -c 300 "$tmp/$1.err")"; failed=1; fi
}
locked linked
holds linked 'told("plain")[0] == "clean"' "a lock that is a link stops nobody"
if [[ ! -e $tmp/made ]]; then echo "ok cache: and leads nowhere"; else
	echo "not ok cache: a file was made through the link"; failed=1; fi
rm -f "$cache.lock"
exec 9>"$cache.lock"
flock 9
locked held
exec 9>&-
holds held 'told("plain")[0] == "clean"' "nor does one that is held"

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
refused "a set that is mistyped" 66 "expected default, critical, all or a file" check 192.0.2.1 --lists defualt
refused "unknown list to skip" 64 "is unknown" check 192.0.2.1 --skip-list nothing.like.it.example
refused "show of a dead list" 0 "2025-01-16" lists show ix.dnsbl.manitu.net
printf 'dnsbl.sorbs.net\nplain.lists.example\n' >"$tmp/old.txt"
refused "dead list in a file" 0 "dnsbl.sorbs.net is not asked: it died 2024-06-05" lists --test --lists "$tmp/old.txt" --resolver "127.0.0.1#$honest"
printf 'plain.lists.example\nother..lists.example\nthird.lists.example\n' >"$tmp/bad.txt"
refused "bad line of a plain file: file, line, what was expected" 0 "bad.txt:2: \"other..lists.example\" is not a domain name: expected a zone" lists --lists "$tmp/bad.txt"
refused "and the others are asked" 0 "third.lists.example                    ok" lists --test --lists "$tmp/bad.txt" --resolver "127.0.0.1#$honest"
refused "the default set as a table" 0 "multi.uribl.com" lists --lists default
if ! grep -q sorbs "$tmp/refused" && (($(wc -l <"$tmp/refused") < 30)); then echo "ok the default set, and nothing else"; else echo "not ok the default set: more than that"; failed=1; fi
mkdir -p "$XDG_CONFIG_HOME/mailready"
printf '[zen.spamhaus.org]\nwhy = our own reason\n[bl.own.example]\ncode.127.0.0.2 = low ours\n' >"$XDG_CONFIG_HOME/mailready/lists.ini"
refused "the user's file says more about a list" 0 "our own reason" lists show zen.spamhaus.org
refused "and keeps the rest" 0 "Spamhaus ZEN" lists show zen.spamhaus.org
refused "and adds lists" 0 "bl.own.example" lists
printf '[zen.spamhaus.org]\nimpact = severe\n' >"$XDG_CONFIG_HOME/mailready/lists.ini"
refused "an error in the user's file" 65 "lists.ini:2" lists
exit "$failed"
