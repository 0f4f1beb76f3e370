#!/usr/bin/env bash
# Worlds that are interrupted: what is new and grave is looked at again within the run; a list operator, the
# network or the resolver that is gone is one event; a resolver that restarts is waited for; a closed
# terminal.  Two name servers (nsd) behind a resolver (unbound), which the test stops and starts.
# variants: release
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 70
PATH=$PATH:/usr/sbin:/sbin
bin=${MAILREADY:-$PWD/build/release/mailready}
for program in nsd unbound dig python3; do
	command -v "$program" >/dev/null || { echo "skip interrupted: no $program"; exit 0; }
done
tmp=$(mktemp -d "${TEST_TMP:-/tmp}/interrupted.XXXXXX") || exit 70
declare -A pid
quit() { [[ -z ${pid[$1]:-} ]] || { kill "${pid[$1]}" && wait "${pid[$1]}"; } 2>/dev/null; pid[$1]=; }
finish() {
	for name in "${!pid[@]}"; do quit "$name"; done
	rm -rf "$tmp"
}
trap finish EXIT
trap 'exit 143' TERM INT
# shellcheck disable=SC1091
source tests/integration/expect.sh
unset XDG_CONFIG_HOME XDG_STATE_HOME XDG_CACHE_HOME
export HOME=$tmp/home
mkdir "$HOME" "$tmp/zones"
read -r base _ < <(tests/tools/ports -r 3)
names=$base lists=$((base + 1)) resolver=$((base + 2))

# --- the world: three servers, and a list with a name server of its own
# shellcheck disable=SC2016 # a zone file's $
head='$TTL 60
@ SOA ns.example. hostmaster.example. 1 3600 600 86400 60
@ NS ns.example.'
zone() { printf '%s\n' "$head" "${@:2}" >"$tmp/zones/$1"; }
zone root
zone example 'ns A 127.0.0.1' 'mail A 203.0.113.10' 'mx2 A 203.0.113.11' 'mx3 A 203.0.113.12'
reverse() { zone reverse '11 PTR mx2.example.' '12 PTR mx3.example.' "$@"; } # the first server's record
list() { zone list '2.0.0.127 A 127.0.0.2' "$@"; }
# NAME PORT LINE...: the zones of a name server
nsd_conf() {
	cat >"$tmp/$1.conf" <<-CONF
		server:
		  ip-address: 127.0.0.1@$2
		  username: ""
		  chroot: ""
		  zonesdir: "$tmp/zones"
		  database: ""
		  pidfile: "$tmp/$1.pid"
		  xfrdfile: "$tmp/$1.xfrd"
		  zonelistfile: "$tmp/$1.list"
		  xfrdir: "$tmp"
		  server-count: 1
		  rrl-ratelimit: 0
		remote-control:
		  control-enable: no
	CONF
	local zone
	for zone in "${@:3}"; do printf 'zone:\n  name: "%s"\n  zonefile: "%s"\n' "${zone%=*}" "${zone#*=}"; done >>"$tmp/$1.conf"
}
nsd_conf names "$names" .=root example=example 113.0.203.in-addr.arpa=reverse
nsd_conf lists "$lists" bl.lists.example=list
cat >"$tmp/unbound.conf" <<CONF
server:
  interface: 127.0.0.1@$resolver
  access-control: 127.0.0.0/8 allow
  do-ip6: no
  username: ""
  chroot: ""
  directory: "$tmp"
  pidfile: ""
  use-syslog: no
  do-daemonize: no
  log-queries: yes
  do-not-query-localhost: no
  module-config: "iterator"
  cache-max-ttl: 0
  cache-max-negative-ttl: 0
  infra-host-ttl: 0
  local-zone: "113.0.203.in-addr.arpa." nodefault
remote-control:
  control-enable: no
stub-zone:
  name: "."
  stub-addr: 127.0.0.1@$names
stub-zone:
  name: "bl.lists.example"
  stub-addr: 127.0.0.1@$lists
CONF
# NAME PORT QUESTION COMMAND...: starts it, and waits until it answers
start() {
	local i name=$1 at=$2 question=$3
	shift 3
	"$@" >>"$tmp/$name.log" 2>&1 &
	pid[$name]=$!
	for ((i = 0; i < 200; i++)); do
		dig +time=1 +tries=1 -p "$at" @127.0.0.1 "$question" A 2>/dev/null | grep -q 'status: NO' && return
		sleep 0.05
	done
	echo "not ok interrupted: $name does not answer: $(tail -n 3 "$tmp/$name.log" | tr '\n' ' ')"
	exit 1
}
start_names() { quit names; start names "$names" ns.example setsid nsd -d -c "$tmp/names.conf"; }
# a resolver remembers for some seconds that a server was not there
start_lists() {
	quit lists
	start lists "$lists" 2.0.0.127.bl.lists.example nsd -d -c "$tmp/lists.conf"
	[[ -z ${pid[resolver]:-} ]] || start nothing "$resolver" 2.0.0.127.bl.lists.example true
}
start_resolver() { quit resolver; start resolver "$resolver" ns.example unbound -d -c "$tmp/unbound.conf"; }
reverse '10 PTR mail.example.'
list
start_names
start_lists
start_resolver

printf '#!/bin/sh\ncat >>"%s"; echo >>"%s"\n' "$tmp/told" "$tmp/told" >"$tmp/tell"
chmod 755 "$tmp/tell"
cat >"$tmp/conf" <<CONF
[server one]
address = 203.0.113.10
ehlo = mail.example
[server two]
address = 203.0.113.11
ehlo = mx2.example
[server three]
address = 203.0.113.12
ehlo = mx3.example
[run]
history = $tmp/history.db
resolver = 127.0.0.1#$resolver
lists = $PWD/data/demo/lists.ini
only = ptr,iprev,dnsbl
authority = never
allow-special = yes
cache = none
timeout = 2
confirm-pause = 1s
[command]
program = $tmp/tell
CONF
run=("$bin" run --config "$tmp/conf")
told() { if [[ -e $tmp/told ]]; then grep -c . "$tmp/told"; else echo 0; fi; }
stored() { "$bin" history --config "$tmp/conf" --export jsonl 2>/dev/null | wc -l; }
same() { verdict "$1" "$([[ $2 == "$3" ]] || echo "$2, expected $3")"; } # NAME GOT WANTED
told_is() { # NAME NUMBER PATTERN...: so many messages since the last time, and the last one holds these
	local name=$1 pattern
	same "$name" "$(told)" "$2"
	tail -n 1 "$tmp/told" >"$tmp/last" 2>/dev/null
	for pattern in "${@:3}"; do
		if [[ $pattern == !* ]]; then
			verdict "$name: not ${pattern#!}" "$(grep -o -- ".\{60\}${pattern#!}" "$tmp/last")"
		else
			verdict "$name: $pattern" "$(grep -q -- "$pattern" "$tmp/last" || echo "no: $(head -c 600 "$tmp/last")")"
		fi
	done
	rm -f "$tmp/told"
}
# STATUS COMMAND...: runs while the run is in its pause
in_pause() {
	local want=$1 got=0 i
	shift
	: >"$tmp/err" # what an earlier run said is not this one's
	"${run[@]}" >"$tmp/out" 2>"$tmp/err" </dev/null &
	runner=$!
	for ((i = 0; i < 200; i++)); do
		grep -q 'looked at again' "$tmp/err" && break
		sleep 0.05
	done
	"$@"
	wait "$runner"
	got=$?
	same "it ends with $want" "$got" "$want"
}

# --- once more, before it is told
expect "the first run" 0 "" "${run[@]}"
told_is "the first run is told" 1
reverse
start_names
expect "a PTR record is gone" 1 "looked at again, 2 times, each after 1 second" "${run[@]}"
says "it is new" "new"
told_is "and told in the same run" 1 'no PTR record' '"one"'
expect "the next run" 1 "" "${run[@]}"
verdict "looks at nothing again" "$(grep 'looked at again' "$tmp/err")"
told_is "and does not tell it again" 0
reverse '10 PTR mail.example.'
start_names
expect "it is back" 0 "" "${run[@]}"
expect "twice" 0 "" "${run[@]}"
told_is "which two runs tell" 1 'no longer'

reverse
start_names
sed -i 's/^confirm-pause.*/confirm-pause = 5s/' "$tmp/conf"
mend() { reverse '10 PTR mail.example.'; start_names; }
seen() { "$bin" history --config "$tmp/conf" --export jsonl | grep -c '"ptr.missing"'; }
before=$(seen)
in_pause 1 mend
told_is "what goes away in the pause is not told" 0
same "but it is in the history" $(($(seen) - before)) 1
sed -i 's/^confirm-pause.*/confirm-pause = 1s/' "$tmp/conf"
expect "the next run is good" 0 "" "${run[@]}"
told_is "and tells nothing" 0

# what a look does not see is not sure: twice it stands, then the name has an address, or nobody answers
sed -i 's/^confirm-pause.*/confirm-pause = 3s/' "$tmp/conf"
after_first_look() { # QUESTION: the run and the first look have asked it
	local i
	for ((i = 0; i < 200; i++)); do
		(($(tail -n +"$((from + 1))" "$tmp/resolver.log" | grep -c -- " $1") < 2)) || break
		sleep 0.05
	done
	sleep 0.5
}
found() { after_first_look 'mail.example. A IN'; zone example 'ns A 127.0.0.1' 'mail A 203.0.113.10' 'mx2 A 203.0.113.11' 'mx3 A 203.0.113.12'; start_names; }
refuse() { after_first_look '10.113.0.203.in-addr.arpa. PTR IN'; quit names; }
sed 's/^address = 203.0.113.10/host = mail.example/' "$tmp/conf" >"$tmp/by-name"
run=("$bin" run --config "$tmp/by-name")
expect "a server by its name" 0 "" "${run[@]}"
zone example 'ns A 127.0.0.1' 'mx2 A 203.0.113.11' 'mx3 A 203.0.113.12'
start_names
from=$(wc -l <"$tmp/resolver.log")
rm -f "$tmp/told"
in_pause 1 found
same "that it has none is said once, whatever the looks" "$(grep -c 'host name without' "$tmp/err")" 1
told_is "a name that has an address in the last look is not told" 0
run=("$bin" run --config "$tmp/conf")
expect "the next run is good" 0 "" "${run[@]}"
rm -f "$tmp/told"
reverse
start_names
from=$(wc -l <"$tmp/resolver.log")
in_pause 1 refuse
told_is "a record that nobody could look up in the last look is not told" 0
reverse '10 PTR mail.example.'
start_names
expect "the next run is good" 0 "" "${run[@]}"
told_is "and tells nothing" 0
sed -i 's/^confirm-pause.*/confirm-pause = 1s/' "$tmp/conf"

list '10.113.0.203 A 127.0.0.2'
start_lists
sed -i 's/^confirm-pause.*/&\nconfirm-again = 3/' "$tmp/conf"
asked() { grep -c ' 10.113.0.203.bl.lists.example. A IN' "$tmp/resolver.log"; }
before=$(asked)
expect "a listing" 1 "3 times" "${run[@]}"
told_is "is told in the same run" 1 'bl.lists.example'
same "the list is asked once more only" $(($(asked) - before)) 2
list
start_lists
for _ in 1 2; do "${run[@]}" --quiet >/dev/null 2>&1; done
rm -f "$tmp/told"

reverse
start_names
sed -i 's/^confirm-pause.*/confirm-pause = 1h/' "$tmp/conf"
before=$(stored)
terminate() { kill "$runner"; }
in_pause 143 terminate
same "what was seen before SIGTERM is stored" $(($(stored) - before)) 3
told_is "and not told yet" 0
sed -i 's/^confirm-again.*/confirm-again = 0/' "$tmp/conf"
expect "the next run" 1 "" "${run[@]}"
told_is "counts it" 1 'no PTR record'
reverse '10 PTR mail.example.'
start_names
for _ in 1 2; do "${run[@]}" --quiet >/dev/null 2>&1; done
rm -f "$tmp/told"

# --- one cause, one event
rows() { "$bin" report --config "$tmp/conf" --format csv | grep -c -- "$1"; }
# NAME WHAT STATUS COMMAND...: the outage in two runs, by this command
outage() {
	local name=$1 what=$2 status=$3
	shift 3
	before=$(rows "$what")
	expect "$name" "$status" "" "$@"
	told_is "$name: one run alarms nobody" 0
	expect "$name goes on" "$status" "$what" "$@"
	verdict "$name: one headline" "$(grep -c -- "$what" "$tmp/out" | grep -vx 1)"
	verdict "$name: nothing is new or gone" "$(grep -E '^ *(new|gone) ' "$tmp/out")"
	told_is "$name: one message" 1 "$what" '!"change": "new"' '!"change": "gone"'
	expect "$name: a third run" "$status" "" "$@"
	told_is "$name: is told once" 0
	same "$name: one row" $(($(rows "$what") - before)) 1
}
over() { # NAME PATTERN
	expect "$1 is over" 0 "" "${run[@]}"
	told_is "$1: its end is told" 1 "$2" '!no longer watched'
	expect "after $1" 0 "" "${run[@]}"
	told_is "after $1 nothing is told" 0
}
quit lists
outage "a list operator that is down" "bl.lists.example has no answer for any server" 2 "${run[@]}"
start_lists
over "a list operator that is down" 'bl.lists.example'

# --- the resolver dies in the middle of a run, and does not come back; or comes back
python3 -c 'import ipaddress
for i in range(1500): print(ipaddress.ip_address("203.0.113.0") + i % 256)' >"$tmp/list"
bulk=("$bin" check --input "$tmp/list" --only ptr --authority never --allow-special --resolver "127.0.0.1#$resolver"
	--qps 500 --format jsonl --output "$tmp/reports")
asked_any() { tail -n +"$((from + 1))" "$tmp/resolver.log" | grep -c ' PTR IN' || true; }
middle() { # COMMAND...: once a third of the list is asked
	local i
	from=$(wc -l <"$tmp/resolver.log")
	"${bulk[@]}" >"$tmp/out" 2>"$tmp/err" </dev/null &
	runner=$!
	for ((i = 0; i < 400; i++)); do
		(($(asked_any) < 300)) || break
		sleep 0.05
	done
	"$@"
	wait "$runner"
	status=$?
}
restart() { quit resolver; sleep 1.5; start_resolver; }
freeze() { kill -STOP "${pid[resolver]}"; sleep 4; kill -CONT "${pid[resolver]}"; }
for how in restart freeze; do
	middle "$how"
	verdict "$how: it is said" "$(grep -q 'answers again' "$tmp/err" || echo "no: $(cat "$tmp/err")")"
	same "$how: every target is there" "$(wc -l <"$tmp/reports")" 1500
	same "$how: none is unknown" "$(grep -c '"verdict":"temperror"' "$tmp/reports")" 0
done
hang_up() { kill -HUP "$runner"; }
middle hang_up
same "a closed terminal ends it" "$status" 129
verdict "what is finished is written" "$( (($(wc -l <"$tmp/reports") >= 250 && $(wc -l <"$tmp/reports") < 1500)) || wc -l <"$tmp/reports")"


# of the three servers of run: the list has answered, the records have not
in_run() { # COMMAND...
	local i
	kill -STOP -- "-${pid[names]}" # its children, too
	from=$(wc -l <"$tmp/resolver.log")
	"${run[@]}" >"$tmp/out" 2>"$tmp/err" </dev/null &
	runner=$!
	for ((i = 0; i < 100; i++)); do
		(($(asked_any) < 3)) || break
		sleep 0.02
	done
	quit resolver
	kill -CONT -- "-${pid[names]}"
	"$@"
	wait "$runner"
	status=$?
}
in_run eval 'sleep 2; start_resolver'
same "a resolver that comes back in the middle of a run" "$status" 0
verdict "was waited for" "$(grep -q 'answers again' "$tmp/err" || echo "no: $(cat "$tmp/err")")"
told_is "and nothing is told" 0
in_run true
same "one that does not" "$status" 69
verdict "was waited for" "$(grep -q 'waited for' "$tmp/err" || echo "no: $(cat "$tmp/err")")"
told_is "one run alarms nobody" 0
expect "it is not there in the next run" 69 "nothing can be looked up: 127.0.0.1" "${run[@]}"
told_is "which is told once" 1 'nothing can be looked up' '!"change": "new"'
start_resolver
over "the resolver's outage" 'look-ups work again'
if unshare -rn true 2>/dev/null; then
	outage "no network" "nothing can be looked up: 127.0.0.1" 69 unshare -rn "${run[@]}"
	verdict "servers keep their verdict" "$(grep -q 'as last known' "$tmp/out" || cat "$tmp/out")"
	over "no network" 'look-ups work again'
else
	echo "skip interrupted: no network namespace"
fi
