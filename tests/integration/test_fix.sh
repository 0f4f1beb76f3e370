#!/usr/bin/env bash
# variants: san
# From a missing PTR record to a proven one and back, over real DNS: Knot servers that take signed
# updates, and mailready as a user runs it.
set -u
bin="" tmp="" dns="" world=() # by the world
# shellcheck disable=SC1091
source "$(dirname "${BASH_SOURCE[0]}")/fix_world.sh"
start_world
export MAILREADY_TSIG_FILE=$tmp/upd.key
state=$HOME/.local/state/mailready
check() { timeout 60 "$bin" check "$1" "${world[@]}" --skip address,dnsbl --no-smtp --helo "$2" -f brief; }
fix() { timeout 60 "$bin" fix "$@" "${world[@]}"; }
valid() { # NAME SCHEMA: the last output is JSON of that schema
	local why
	why=$(python3 - "data/$2.schema.json" "$tmp/out" 2>&1 <<-'PY'
		import json, sys, jsonschema
		schema, documents = json.load(open(sys.argv[1])), json.load(open(sys.argv[2]))
		for d in documents if isinstance(documents, list) else [documents]:
		    jsonschema.validate(d, schema)
	PY
	) && why=""
	verdict "$1" "$(tail -n 3 <<<"$why")"
}

# --- the whole way
M=mail.example.com
expect "check: no PTR record" 1 "no PTR record" check 203.0.113.10 $M
expect "plan" 1 "CHANGE" fix 203.0.113.10 --name $M
says "the plan says old and new" "none -> $M"
says "the plan names the finding" "[ptr.missing]"
holds "the plan changes nothing" 203.0.113.10
verdict "nor does it write a journal" "$(journal_of "$state")"
expect "plan as JSON" 1 '"mailready.plan/1"' fix 203.0.113.10 --name $M --json
valid "it follows its schema" plan
expect "no terminal to ask at" 77 "use --yes" fix 203.0.113.10 --name $M --apply
holds "nothing was written" 203.0.113.10
expect "apply" 0 "PROVEN" fix 203.0.113.10 --name $M --apply --yes
verdict "the journal was named before it was done" "$(grep -qF "the journal is $state/203.0.113.10-" "$tmp/err" || cat "$tmp/err")"
says "which servers show it" "ns1.example.com, ns2.example.com"
says "until when caches may hold the old answer" "may hold the old answer until"
says "where the journal is" "$state/203.0.113.10-"
says "how to undo it" "undo      mailready undo $state/203.0.113.10-"
says "how to have waiting mail tried again" "    postqueue -f"
holds "the record is there" 203.0.113.10 $M.
journal=$(journal_of "$state")
verdict "the journal is for its owner alone" "$([[ $(stat -c %a "$journal") == 600 ]] || stat -c %a "$journal")"
expect "check: ready" 0 "" check 203.0.113.10 $M
before=$(ask 127.0.0.1 113.0.203.in-addr.arpa SOA)
expect "again: nothing to do" 0 "nothing to do" fix 203.0.113.10 --name $M --apply
verdict "and nothing was written" "$([[ $before == "$(ask 127.0.0.1 113.0.203.in-addr.arpa SOA)" ]] || echo "another SOA")"
expect "a name in capitals, with its dot" 0 "nothing to do" fix 203.0.113.10 --name Mail.Example.COM.
expect "wait: proven at once" 0 "PROVEN" "$bin" wait 203.0.113.10 --name $M "${world[@]}"
expect "ptr show" 0 "$M" "$bin" ptr show 203.0.113.10 "${world[@]}"
expect "ptr list: this provider cannot" 69 "mailready ptr show" "$bin" ptr list "${world[@]}"
expect "undo" 0 "the old record is back" "$bin" undo "$journal" --yes --resolver "127.0.0.1#$dns"
holds "the record is gone" 203.0.113.10
expect "check: as before" 1 "no PTR record" check 203.0.113.10 $M
expect "undo again: nothing to do" 0 "" "$bin" undo "$journal" --yes --resolver "127.0.0.1#$dns"
expect "resume what was undone" 77 "undone" "$bin" fix --resume "$journal" --resolver "127.0.0.1#$dns"

# --- consent at a terminal
at_terminal() { # ANSWER COMMAND...
	NO_COLOR=1 XDG_STATE_HOME=$tmp/consent python3 tests/integration/terminal.py "$@"
}
ask_fix() { at_terminal "$1" "$bin" fix --input "$tmp/consent.list" --apply "${world[@]}"; }
printf '203.0.113.71 c1.example.com\n203.0.113.72 c2.example.com\n' >"$tmp/consent.list"
expect "terminal: no" 1 "DECLINED" ask_fix n
says "all that is to be written is shown" "203.0.113.72: none -> c2.example.com"
verdict "terminal: asked once for both" "$(grep -cF 'Write these records? [y/N]' "$tmp/out" | grep -vx 1)"
expect "terminal: anything but yes" 1 "DECLINED" ask_fix "yes, please"
expect "terminal: an empty line" 1 "DECLINED" ask_fix ""
expect "terminal: end of file" 1 "DECLINED" ask_fix "^D"
expect "terminal: interrupted" 130 "" ask_fix "^C"
holds "terminal: nothing was written" 203.0.113.71
verdict "terminal: no journal" "$(journal_of "$tmp/consent")"
expect "terminal: yes" 0 "203.0.113.72  PROVEN" ask_fix y
holds "terminal: it was written" 203.0.113.72 c2.example.com.
ask_undo() { at_terminal "$1" "$bin" undo "$(journal_of "$tmp/consent")" --resolver "127.0.0.1#$dns"; }
expect "terminal: undo, no" 1 "DECLINED" ask_undo n
expect "terminal: undo, yes" 0 "PROVEN" ask_undo y
expect "terminal: ptr unset" 0 "PROVEN" at_terminal yes "$bin" ptr unset 203.0.113.71 "${world[@]}"
holds "terminal: it is gone" 203.0.113.71

# --- names that are set already
expect "somebody's name" 1 "--replace" fix 203.0.113.30 --name new.example.com
expect "is not overwritten" 77 "--replace" fix 203.0.113.30 --name new.example.com --apply --yes
holds "it stays" 203.0.113.30 old.example.com.
expect "is replaced when asked for" 0 '"outcome": "proven"' fix 203.0.113.30 --name new.example.com --apply --yes --replace --json
valid "the result follows its schema" fix
holds "the new one is there" 203.0.113.30 new.example.com.
expect "undo of a replacement" 0 "PROVEN" "$bin" undo "$(journal_of "$state")" --yes --resolver "127.0.0.1#$dns"
holds "the old one is back" 203.0.113.30 old.example.com.
expect "ptr unset" 0 "PROVEN" "$bin" ptr unset 203.0.113.30 --yes "${world[@]}"
holds "it is gone" 203.0.113.30
expect "ptr unset again" 0 "nothing to do" "$bin" ptr unset 203.0.113.30 --yes "${world[@]}"
expect "undo of unset" 0 "PROVEN" "$bin" undo "$(journal_of "$state")" --yes --resolver "127.0.0.1#$dns"
holds "it is back" 203.0.113.30 old.example.com.
expect "a record that nobody may cache" 0 "(TTL 0)" fix 203.0.113.33 --name new.example.com --replace --apply --yes
expect "undo of it" 0 "the old record is back" "$bin" undo "$(journal_of "$state")" --yes --resolver "127.0.0.1#$dns"
verdict "its TTL is 0 again" "$(dig +noall +answer +norecurse -p "$dns" @127.0.0.1 -x 203.0.113.33 | grep -v '[[:space:]]0[[:space:]]IN')"
# --- one run at a time changes an address; who was killed holds nothing
lock=$state/203.0.113.33.lock
locked() { # SECONDS: as a run that works on it
	(
		exec 9<>"$lock"
		flock 9
		echo 4711 >&9
		exec sleep "$1"
	) &
	holder=$!
	sleep 0.3
}
locked 30
expect "another run is at work" 75 "another run of mailready (process 4711) is changing it" \
	fix 203.0.113.33 --name new.example.com --replace --apply --yes --timeout 2
verdict "nothing was written" "$([[ $(ptr_of 203.0.113.33) == old.example.com. ]] || ptr_of 203.0.113.33)"
kill -KILL "$holder"
wait "$holder" 2>/dev/null
expect "it was killed" 0 "PROVEN" fix 203.0.113.33 --name new.example.com --replace --apply --yes
locked 2
expect "another run that ends: it is waited for" 0 "waiting for its end" \
	"$bin" undo "$(journal_of "$state")" --yes --resolver "127.0.0.1#$dns"
wait "$holder"
racers=()
for i in 1 2; do
	fix 203.0.113.33 --name new.example.com --replace --apply --yes >"$tmp/race$i" 2>&1 &
	racers+=($!)
done
wait "${racers[@]}"
# one that was late to plan finds nothing to do
grep -hE '  (PROVEN|READY)  ' "$tmp/race1" "$tmp/race2" >"$tmp/races"
verdict "two at once: both end well" "$([[ $(wc -l <"$tmp/races") == 2 ]] || cat "$tmp/race1" "$tmp/race2")"
holds "two at once: the record is there" 203.0.113.33 new.example.com.
expect "two names" 0 "PROVEN" fix 203.0.113.50 --name a.example.com --name b.example.com --apply --yes --ttl 600
holds "both are there" 203.0.113.50 a.example.com. b.example.com.
verdict "with their TTL" "$(dig +noall +answer +norecurse -p "$dns" @127.0.0.1 -x 203.0.113.50 | grep -qw 600 || echo "no 600")"

# --- forward records
expect "name without address" 1 "fresh.example.com A 203.0.113.40" fix 203.0.113.40 --name fresh.example.com
says "where to publish it" "in the zone example.com"
expect "is not applied" 77 "does not exist" fix 203.0.113.40 --name fresh.example.com --apply --yes
says "the way out" "--with-forward"
holds "nothing was set" 203.0.113.40
expect "with its forward record" 0 "PROVEN" fix 203.0.113.40 --name fresh.example.com --apply --yes --with-forward
verdict "both servers have the address" "$(for s in 1 2; do [[ $(ask 127.0.0.$s fresh.example.com A) == 203.0.113.40 ]] || echo "not $s"; done)"
holds "and the PTR record" 203.0.113.40 fresh.example.com.
expect "undo of both" 0 "PROVEN" "$bin" undo "$(journal_of "$state")" --yes --resolver "127.0.0.1#$dns"
holds "PTR record gone" 203.0.113.40
verdict "forward record gone" "$(ask 127.0.0.1 fresh.example.com A)"
expect "order forced" 0 "PROVEN" fix 203.0.113.40 --name fresh.example.com --apply --yes --force-order
expect "the name of another address" 1 "old.example.com resolves to 203.0.113.30" fix 203.0.113.41 --name old.example.com
expect "a name that is an alias" 0 "PROVEN" fix 203.0.113.11 --name alias.example.com --apply --yes

# --- records that are not published yet
# shellcheck disable=SC2016 # a zone file's $
printf '$ORIGIN example.com.\nplanned A 203.0.113.61\n' >"$tmp/planned.zone"
expect "a planned name leads back" 1 "CHANGE" fix 203.0.113.61 --name planned.example.com --planned "$tmp/planned.zone"
expect "unplanned it does not" 1 "BLOCKED" fix 203.0.113.61 --name planned.example.com
printf '61.113.0.203.in-addr.arpa. PTR planned.example.com.\n' >>"$tmp/planned.zone"
expect "offline: all is as planned" 0 "nothing to do" "$bin" fix 203.0.113.61 --name planned.example.com --planned "$tmp/planned.zone" --offline --allow-special
expect "offline: another name" 1 "BLOCKED" "$bin" fix 203.0.113.61 --name other.example.com --planned "$tmp/planned.zone" --offline --allow-special

# --- saved plans
expect "plan saved" 1 "" fix 203.0.113.71 --name c1.example.com --plan-out "$tmp/plan.json"
verdict "for its owner alone" "$([[ $(stat -c %a "$tmp/plan.json") == 600 ]] || stat -c %a "$tmp/plan.json")"
expect "saved plan applied" 0 "PROVEN" fix --plan "$tmp/plan.json" --apply --yes
expect "saved plan, but the world has changed" 77 "changed" fix --plan "$tmp/plan.json" --apply --yes
head -c 300 "$tmp/plan.json" >"$tmp/half.json"
expect "half a plan" 65 "half.json" fix --plan "$tmp/half.json"
expect "plan that is not there" 66 "$tmp/none" fix --plan "$tmp/none"

# --- lists
printf '%s\n' '# servers' '203.0.113.10 mail.example.com' '203.0.113.72 c2.example.com # second' >"$tmp/list"
expect "list" 1 "203.0.113.72  CHANGE" fix --input "$tmp/list"
expect "list applied" 0 "203.0.113.72  PROVEN" fix --input "$tmp/list" --apply --yes
holds "first of the list" 203.0.113.10 mail.example.com.
holds "second of the list" 203.0.113.72 c2.example.com.
expect "list again" 0 "nothing to do" fix --input "$tmp/list" --apply --yes --json
valid "a list as JSON follows its schema" fix
printf '%s\n' 'note;ip;host' '"first; old";203.0.113.10;mail.example.com' >"$tmp/table"
expect "a table" 0 "nothing to do" fix --input "$tmp/table"
verdict "names the column that is not used" "$(grep -qF 'table:1: the column "note" is not used' "$tmp/err" || cat "$tmp/err")"
printf '%s\n' '203.0.113.10 mail.example.com' 'nonsense' '203.0.113.10 mail.example.com' '203.0.113.11' >"$tmp/bad"
expect "bad list" 65 "nothing was done" fix --input "$tmp/bad" --apply --yes
for line in "bad:2: \"nonsense\"" "bad:3: the address appears twice" "bad:4: no name"; do
	verdict "it says $line" "$(grep -qF "$line" "$tmp/err" || cat "$tmp/err")"
done

# --- refused
expect "no host name" 65 "underscore" fix 203.0.113.10 --name mail_1.example.com
expect "wildcard" 65 "wildcard" fix 203.0.113.10 --name '*.example.com'
names=(); for i in 1 2 3 4 5 6 7 8 9 10 11; do names+=(--name "n$i.example.com"); done
expect "eleven names" 65 "10" fix 203.0.113.10 "${names[@]}"
expect "description too long" 65 "255" fix 203.0.113.71 --name c1.example.com --description "$(printf 'x%.0s' {1..256})"
expect "documentation address" 65 "--allow-special" "$bin" fix 203.0.113.10 --name $M --resolver "127.0.0.1#$dns"
expect "no address" 65 '"mail"' fix mail --name $M
expect "a block" 65 "203.0.113.0/24\" is a block: a PTR record belongs to one address (/32)" fix 203.0.113.0/24 --name $M
expect "a block of one is an address" 0 "nothing to do" fix 203.0.113.10/32 --name $M
expect "a PTR record has no tags in the DNS" 65 "cannot store tags" fix 203.0.113.71 --name c1.example.com --tag role=mx
expect "nor a description" 65 "cannot store a description" fix 203.0.113.71 --name c1.example.com --description x
expect "a description that is no text" 64 "UTF-8" fix 203.0.113.71 --name c1.example.com --description $'\xff'
expect "TTL" 64 "'0'" fix 203.0.113.10 --name $M --ttl 0
expect "tag" 64 "KEY=VALUE" fix 203.0.113.10 --name $M --tag role
expect "no name" 64 "--name" fix 203.0.113.10
expect "password in an endpoint" 64 "password" fix 203.0.113.10 --name $M --endpoint https://me:secret@dns.example
expect "unknown provider" 64 "rfc2136" fix 203.0.113.40 --name $M --provider nonsense
expect "apply offline" 64 "--offline" fix 203.0.113.10 --name $M --apply --offline --planned /dev/null
expect "journal that is none" 65 "not JSON" "$bin" undo "$tmp/plan.json" --yes
expect "journal that is not there" 66 "$tmp/none" "$bin" undo "$tmp/none" --yes
expect "no place for a journal" 73 "/proc/none" fix 203.0.113.31 --name new.example.com --apply --yes --force-order --replace --journal /proc/none
holds "then nothing is written" 203.0.113.31 old.example.com.

# --- an error is said once, where the address is reported
expect "somebody's name, once more" 77 "FAILED" fix 203.0.113.31 --name new.example.com --force-order --apply --yes
verdict "its error is not said again" "$(grep -F -- "--replace" "$tmp/err")"

# --- a key that the server does not know: others are asked
sed 's/upd/stranger/' "$tmp/upd.key" >"$tmp/stranger.key" && chmod 600 "$tmp/stranger.key"
export MAILREADY_TSIG_FILE=$tmp/stranger.key
expect "a key of another server" 1 "BLOCKED" fix 203.0.113.60 --name mail.example.com --force-order
# Knot names the key since 3.4 by NOTAUTH, and the zone is asked for: one of the lines
says "one line says why" $'  Dynamic update (RFC 2136): 127.\n  Dynamic update (RFC 2136): zone 113.0.203.in-addr.arpa:'
says "and the request follows" "A request to send"
verdict "nothing of it on standard error" "$(grep -F "Dynamic update" "$tmp/err")"
expect "the same with --apply" 1 "A request to send" fix 203.0.113.60 --name mail.example.com --force-order --apply --yes
expect "ptr unset: a request to remove it" 1 "please remove the reverse DNS" "$bin" ptr unset 203.0.113.30 --yes "${world[@]}"

# --- nobody can write
unset MAILREADY_TSIG_FILE
printf '%s\n' '13.113.0.203.in-addr.arpa. PTR mail4.example.com.' 'mail4.example.com. A 203.0.113.99' \
	'15.113.0.203.in-addr.arpa. PTR mail3.example.com.' '15.113.0.203.in-addr.arpa. PTR www.example.com.' \
	'mail3.example.com. A 203.0.113.15' >"$tmp/wrong.zone"
offline() { "$bin" fix "$@" --planned "$tmp/wrong.zone" --offline --allow-special; }
expect "a right PTR record, another address" 1 "the PTR record is right, but mail4.example.com resolves to 203.0.113.99" offline 203.0.113.13 --name mail4.example.com
says "the name's zone is asked" "please change the address of the name below"
verdict "the hoster is not" "$(grep -F "IN PTR" "$tmp/out")"
expect "a second PTR record" 1 "please remove the reverse DNS (PTR) record www.example.com" offline 203.0.113.15 --name mail3.example.com
expect "no credentials" 1 "A request to send" fix 203.0.113.60 --name mail.example.com --force-order
expect "asked for" 1 "10.113.0.203.in-addr.arpa. IN PTR" fix 203.0.113.10 --name old.example.com --force-order --provider manual
says "whom to ask" "hostmaster@example.com"
expect "but right already" 0 "nothing to do" fix 203.0.113.10 --name $M
expect "ptr show without credentials" 78 "credentials" "$bin" ptr show 203.0.113.10 "${world[@]}"
export MAILREADY_TSIG_FILE=$tmp/none.key
expect "key file that is not there" 78 "none.key" fix 203.0.113.41 --name new.example.com --force-order
export MAILREADY_TSIG_FILE=$tmp/upd.key

# --- the DNS follows later, or not at all
expect "a secondary server that follows" 0 "PROVEN" fix 198.51.100.42 --name late.example.com --apply --yes
verdict "it was waited for" "$(grep -qF "ns3.example.com still says no PTR record" "$tmp/err" || cat "$tmp/err")"
kill -STOP "${second_pid:?}"
expect "a server that is silent" 1 "UNPROVEN" fix 198.51.100.41 --name late.example.com --apply --yes --timeout 2
says "it is named" "ns3.example.com"
holds "the change is made all the same" 198.51.100.41 late.example.com.
expect "not waited for" 0 "the DNS was not asked" "$bin" undo "$(journal_of "$state")" --yes --no-wait --resolver "127.0.0.1#$dns"
kill -CONT "$second_pid"
expect "wait for what does not come" 1 "UNPROVEN" "$bin" wait 203.0.113.41 --name new.example.com --timeout 1 "${world[@]}"
expect "resolver that is not there" 2 "UNDECIDED" "$bin" fix 203.0.113.10 --name $M --resolver 127.0.0.1#1 --allow-special --provider manual

# --- killed at every flush of the journal, then picked up, or undone
kill_at_library || echo "not ok kill_at: cannot be built"
kill_one() { # N DIR: true when it was killed
	rm -rf "$2"
	KILL_AT=$1 LD_PRELOAD=$tmp/kill_at.so ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 \
		timeout 60 "$bin" fix 203.0.113.40 --name new40.example.com "${world[@]}" --with-forward --apply --yes \
		--journal "$2" >"$tmp/out" 2>"$tmp/err" </dev/null
	local status=$?
	[[ $status == 137 ]] && return 0
	[[ $status == 0 ]] || echo "not ok kill $1: exit $status: $(cat "$tmp/err")"
	return 1
}
expect "the forced one is undone first" 0 "" "$bin" ptr unset 203.0.113.40 --yes --no-wait "${world[@]}"
seen=()
for ((at = 1; at < 40; at++)); do
	kill_one "$at" "$tmp/j$at" 2>/dev/null || break
	journal=$(journal_of "$tmp/j$at")
	seen+=("$(grep -o '"state":"[a-z]*"' "$journal" | tail -n 1)")
	if [[ $(head -n 1 "$journal" | wc -l) -eq 0 ]]; then
		expect "kill $at: nothing to go on with" 65 "nothing was done" "$bin" fix --resume "$journal" "${world[@]}"
		continue
	fi
	expect "kill $at: resume" 0 "PROVEN" "$bin" fix --resume "$journal" --resolver "127.0.0.1#$dns"
	holds "kill $at: it is there" 203.0.113.40 new40.example.com.
	expect "kill $at: undo" 0 "PROVEN" "$bin" undo "$journal" --yes --resolver "127.0.0.1#$dns"
	holds "kill $at: it is gone" 203.0.113.40
	kill_one "$at" "$tmp/k$at" 2>/dev/null || break
	expect "kill $at: undo at once" 0 "PROVEN" "$bin" undo "$(journal_of "$tmp/k$at")" --yes --resolver "127.0.0.1#$dns"
	holds "kill $at: nothing is left" 203.0.113.40
	verdict "kill $at: nor its address" "$(ask 127.0.0.1 new40.example.com A)"
done
verdict "killed at every line of the journal" "$([[ $at -ge 16 && $at -lt 40 ]] || echo "$at times, ${seen[*]}")"

# --- secrets
secret=$(awk '/secret:/ { print $2 }' "$tmp/upd.key")
verdict "no secret in any output or journal" "$(grep -rlF "$secret" "$tmp/all" "$tmp"/j* "$tmp"/k* "$state" "$tmp/plan.json")"
