#!/usr/bin/env bash
# Scheduled runs against a name server (nsd) whose zones change between them: what is told and when,
# the history after runs at once, kills, a full disk and damage, and the size of a year of it.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 70
PATH=$PATH:/usr/sbin:/sbin
bin=${MAILREADY:-$PWD/build/release/mailready}
drive=$(dirname "$bin")/tests/tools/history_drive
for program in nsd python3; do
	command -v "$program" >/dev/null || { echo "skip history: no $program"; exit 0; }
done
tmp=$(mktemp -d "${TEST_TMP:-/tmp}/history.XXXXXX") || exit 70
server='' mounted=''
finish() {
	[[ -z $server ]] || { kill "$server" && wait "$server"; } 2>/dev/null
	[[ -z $mounted ]] || umount "$mounted"
	rm -rf "$tmp"
}
trap finish EXIT
trap 'exit 143' TERM INT
# shellcheck disable=SC1091
source tests/integration/expect.sh
unset XDG_CONFIG_HOME XDG_STATE_HOME XDG_CACHE_HOME
export HOME=$tmp/home
mkdir "$HOME" "$tmp/zones"
port=$(python3 -c '
import socket
while True:
    t = socket.socket(); t.bind(("127.0.0.1", 0))
    u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try: u.bind(t.getsockname())
    except OSError: continue
    print(t.getsockname()[1]); break')

# --- the world: two servers, one list
# shellcheck disable=SC2016 # a zone file's $
head='$TTL 60
@ SOA ns.example. hostmaster.example. 1 3600 600 86400 60
@ NS ns.example.'
zone() { printf '%s\n' "$head" "${@:2}" >"$tmp/zones/$1"; }
zone root
zone example 'ns A 127.0.0.1' 'two MX 10 mail' 'two MX 20 mx2' 'two A 203.0.113.99' 'mail A 203.0.113.10' 'mx2 A 203.0.113.11' 'old A 203.0.113.99'
zone lists '2.0.0.127.bl A 127.0.0.2'
reverse() { zone reverse "10 PTR $1.example." '11 PTR mx2.example.'; } # NAME
cat >"$tmp/nsd.conf" <<CONF
server:
  ip-address: 127.0.0.1@$port
  username: ""
  chroot: ""
  zonesdir: "$tmp/zones"
  database: ""
  pidfile: "$tmp/nsd.pid"
  xfrdfile: "$tmp/xfrd.state"
  zonelistfile: "$tmp/zone.list"
  xfrdir: "$tmp"
  server-count: 1
  rrl-ratelimit: 0
remote-control:
  control-enable: no
zone: { name: ".", zonefile: "root" }
zone: { name: "example", zonefile: "example" }
zone: { name: "lists.example", zonefile: "lists" }
zone: { name: "113.0.203.in-addr.arpa", zonefile: "reverse" }
CONF
sed -i 's/^zone: { name: \(.*\), zonefile: \(.*\) }/zone:\n  name: \1\n  zonefile: \2/' "$tmp/nsd.conf"
stop_server() { [[ -z $server ]] || { kill "$server"; wait "$server"; } 2>/dev/null; server=''; }
start_server() {
	stop_server
	nsd -d -c "$tmp/nsd.conf" >"$tmp/nsd.log" 2>&1 &
	server=$!
	for ((i = 0; i < 100; i++)); do
		"$bin" check 203.0.113.11 --resolver "127.0.0.1#$port" --only ptr --authority never --timeout 1 \
			--allow-special -q >/dev/null 2>&1
		[[ $? != 69 ]] && return
		sleep 0.05
	done
}
reverse mail
start_server

printf 'bl.lists.example\n' >"$tmp/lists"
cat >"$tmp/tell" <<TELL
#!/bin/sh
cat >>"$tmp/told"; echo >>"$tmp/told"
TELL
chmod 755 "$tmp/tell"
db=$tmp/state/history.db
cat >"$tmp/conf" <<CONF
# what is watched
[run]
history = $db
resolver = 127.0.0.1#$port
lists = $tmp/lists
only = ptr,iprev,dnsbl
authority-port = $port
allow-special = yes
cache = none
timeout = 1
fail-on = warn
confirm-again = 0
CONF
conf=(--config "$tmp/conf")
told() { if [[ -e $tmp/told ]]; then grep -c . "$tmp/told"; else echo 0; fi; }
stored() { "$bin" history "${conf[@]}" --export jsonl 2>/dev/null | wc -l; }
same() { verdict "$1" "$([[ $2 == "$3" ]] || echo "$2, expected $3")"; } # NAME GOT WANTED
valid() { # NAME SCHEMA: the last command's output, a value a line or one in all
	if ! /usr/bin/python3 -c "import jsonschema" 2>/dev/null; then
		echo "skip $1: no python3-jsonschema"
		return
	fi
	verdict "$1" "$(/usr/bin/python3 - "data/$2.schema.json" "$tmp/out" 2>&1 <<-'PY' | tail -n 1
		import json, jsonschema, sys
		schema = json.load(open(sys.argv[1]))
		jsonschema.Draft202012Validator.check_schema(schema)
		text, at, n = open(sys.argv[2]).read().strip(), 0, 0
		while at < len(text):
		    value, at = json.JSONDecoder().raw_decode(text, at)
		    jsonschema.Draft202012Validator(schema).validate(value)
		    at, n = at + 1, n + 1
		assert n > 0, "nothing was written"
	PY
	)"
}

# --- what is watched
expect "nothing is watched yet" 66 "no server is watched" "$bin" run "${conf[@]}"
expect "watch add" 0 "outbound 1 is watched" "$bin" watch add 203.0.113.10 --helo mail.example --name "outbound 1" "${conf[@]}"
expect "watch add without a name" 0 "203.0.113.11 is watched" "$bin" watch add 203.0.113.11 --helo mx2.example "${conf[@]}"
expect "the same once more" 65 "watched already, as 'outbound 1'" "$bin" watch add 203.0.113.10 --helo mail.example "${conf[@]}"
expect "the same name once more" 65 "another --name" "$bin" watch add 203.0.113.12 --name "outbound 1" "${conf[@]}"
expect "a block" 64 "more than one address" "$bin" watch add 203.0.113.0/24 "${conf[@]}"
expect "no target" 65 "" "$bin" watch add no/target "${conf[@]}"
expect "watch list" 0 "outbound 1: 203.0.113.10, EHLO mail.example" "$bin" watch list "${conf[@]}"
expect "a third" 0 "" "$bin" watch add host.example --name third "${conf[@]}"
expect "removed by its host name" 0 "no longer watched" "$bin" watch remove host.example "${conf[@]}"
expect "removed twice" 65 "is not watched" "$bin" watch remove third "${conf[@]}"
verdict "the comment stays" "$(grep -q '^# what is watched$' "$tmp/conf" || echo gone)"
expect "own configuration" 0 "$([[ $(id -u) == 0 ]] || echo "$HOME/.config/mailready/config")" \
	env XDG_CONFIG_HOME="$HOME/.config" "$bin" watch add 192.0.2.1 --config "$HOME/.config/mailready/config"
printf '\n[command]\nprogram = %s\n[notify]\nheartbeat = never\nunknown = no\n' "$tmp/tell" >>"$tmp/conf"
sed 's/^only/onyl/' "$tmp/conf" >"$tmp/wrong"
expect "a wrong key" 78 "did you mean only?" "$bin" run --config "$tmp/wrong"
sed 's/^timeout = 1/timeout = soon/' "$tmp/conf" >"$tmp/wrong"
expect "a wrong value" 78 "wrong:10: timeout: 'soon' is not a time" "$bin" run --config "$tmp/wrong"

# --- what is told, and when
run=("$bin" run "${conf[@]}")
expect "dry run without a history" 0 "first run" "${run[@]}" --dry-run
verdict "it stores nothing" "$([[ ! -e $db ]] || echo "$db is there")"
sed '/^\[server/,$d' "$tmp/conf" >"$tmp/domain"
expect "a domain is watched" 0 "our domain is watched" "$bin" watch add two.example --name "our domain" --config "$tmp/domain"
expect "by its mail servers" 0 "our domain (203.0.113.11): pass (first run)" "$bin" run --config "$tmp/domain" --dry-run
says "each of them" "our domain (203.0.113.10): pass (first run)"
verdict "it says nothing else to cron" "$(grep -v '^mailready: no history' "$tmp/err")"
expect "first run" 0 "outbound 1: pass (first run)" "${run[@]}"
same "nobody is told that all is good" "$(told)" 0
verdict "the history is private" "$([[ $(stat -c %a "$db") == 600 ]] || stat -c %a "$db")"
expect "nothing new" 0 "2 servers without a change: 2 pass" "${run[@]}"
expect "nothing new, quietly" 0 "" "${run[@]}" --quiet
verdict "says nothing" "$(head -c 200 "$tmp/out")"
reverse old && start_server
expect "a fault seen once" 1 "not confirmed yet" "${run[@]}"
same "alarms nobody" "$(told)" 0
reverse mail && start_server
expect "and is over" 0 "" "${run[@]}"
reverse old && start_server
expect "seen twice in three" 1 "" "${run[@]}"
says "it is new" "iprev.fail"
same "and is told" "$(told)" 1
says "other PTR names" "the PTR name is old.example now; before it was mail.example"
says "and what the server is now" "outbound 1: fail, was pass"
expect "the third time" 1 "2 servers without a change: 1 fail, 1 pass" "${run[@]}" --dry-run
expect "the third time, stored" 1 "without a change" "${run[@]}"
n=$(told)
same "is told no more" "$n" 1
stop_server
expect "no resolver" 69 "nothing can be looked up" "${run[@]}"
expect "nor now" 69 "nothing can be looked up" "${run[@]}"
same "is told to nobody, and ends nothing" "$(told)" "$n"
zone lists '2.0.0.127.bl A 127.0.0.2' '11.113.0.203.bl A 127.0.0.2'
reverse mail && start_server
expect "listed, once" 1 "" "${run[@]}"
same "waits" "$(told)" "$n"
expect "listed, and repaired" 1 "gone" "${run[@]}"
says "which list" "bl.lists.example"
same "is told in one message" "$(told)" "$((n + 1))"
verdict "in JSON" "$(python3 - "$tmp/told" 2>&1 <<-'PY'
	import json, sys
	for line in open(sys.argv[1]):
	    if line.strip(): json.loads(line)
	PY
)"
expect "history of one" 0 "iprev.fail" "$bin" history "outbound 1" "${conf[@]}"
says "its PTR names" "PTR mail.example; before old.example"
says "its end" "UTC"
expect "history by address" 0 "bl.lists.example" "$bin" history 203.0.113.11 "${conf[@]}"
says "it stands" "to now"
expect "history of all, in JSON" 0 '"standing": true' "$bin" history --json "${conf[@]}"
valid "it is as its schema says" history
expect "history of nobody" 66 "no run of 'nobody'" "$bin" history nobody "${conf[@]}"
expect "since a time that is none" 64 "such as 30d" "$bin" history --since soon "${conf[@]}"
sleep 2.1
expect "since when all was good" 0 "nothing was found" "$bin" history --since 1s "outbound 1" "${conf[@]}"
expect "export" 0 '"schema":"mailready.run/1"' "$bin" history --export jsonl "${conf[@]}"
valid "each line is as its schema says" run
runs=$(stored)
# but not of the two runs that saw nothing
same "a line a run and server" "$runs" 18

# --- at once, and killed
for i in 1 2 3 4; do "${run[@]}" >"$tmp/at-once.$i" 2>&1 & pids[i]=$!; done
why=''
for i in 1 2 3 4; do
	wait "${pids[i]}"
	status=$?
	[[ $status == 1 ]] || why+="exit $status: $(head -c 200 "$tmp/at-once.$i") "
done
verdict "four runs at once" "$why"
same "lose nothing" "$(stored)" "$((runs + 8))"
"$bin" history --export jsonl "${conf[@]}" >"$tmp/before"
for ((i = 0; i < 25; i++)); do
	"${run[@]}" >/dev/null 2>&1 &
	pid=$!
	sleep "0.0$((RANDOM % 90 + 10))"
	kill -9 "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
done
expect "after 25 kills" 1 "" "${run[@]}"
"$bin" history --export jsonl "${conf[@]}" >"$tmp/after"
verdict "all that was stored is there" "$(python3 - "$tmp/before" "$tmp/after" 2>&1 <<-'PY'
	import json, sys
	read = lambda path: [json.loads(line) for line in open(path)]
	of = lambda runs, who: [run for run in runs if run["target"]["address"] == who]
	before, after = read(sys.argv[1]), read(sys.argv[2])
	counts = set()
	for who in ("203.0.113.10", "203.0.113.11"):
	    if of(after, who)[:len(of(before, who))] != of(before, who): print(who, "differs")
	    counts.add(len(of(after, who)))
	if len(counts) != 1: print("a run was stored by half", counts)
	PY
)"
why='' last=0
for ((i = 0; i < 15; i++)); do
	"$drive" add "$tmp/kill.db" 1000 "$last" >"$tmp/added" 2>&1 &
	pid=$!
	sleep "0.$((RANDOM % 40 + 5))"
	kill -9 "$pid"
	wait "$pid" 2>/dev/null
	said=$(tail -n 1 "$tmp/added")
	read -r _ have _ < <("$drive" show "$tmp/kill.db")
	((have % 3 == 0 && have >= 3 * (${said:-$((last - 1))} + 1))) || why+="$have stored after $said; "
	last=$((have / 3))
done
verdict "what was said to be stored survives 15 kills" "$why"
verdict "and is whole" "$(python3 -c '
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
print(*[r[0] for q in ("integrity_check", "foreign_key_check") for r in db.execute("PRAGMA " + q) if r[0] != "ok"])' "$tmp/kill.db" 2>&1)"
pids=()
for i in 1 2 3 4 5 6; do "$drive" add "$tmp/new.db" 5 0 >/dev/null 2>>"$tmp/made" & pids+=($!); done
wait "${pids[@]}"
verdict "six make the same history at once" "$(cat "$tmp/made")"
read -r _ have _ < <("$drive" show "$tmp/new.db")
same "and lose nothing" "$have" 90

# --- no room, no right, no history
check_says() { says "$1: the check is reported" "outbound 1: "; }
full() { # NAME FILE COMMAND...: a history that is there already stays as it is, and is read
	local name=$1 had
	had=$(cksum <"$tmp/before")
	expect "$name" 1 "no room left" "${@:3}"
	check_says "$name"
	same "$name: nothing is lost" "$("$bin" history --export jsonl --history "$2" "${conf[@]}" | cksum)" "$had"
}
"$bin" history --export jsonl "${conf[@]}" >"$tmp/before"
mkdir "$tmp/limit"
cp "$db" "$tmp/limit/h.db"
# shellcheck disable=SC2016 # the inner shell's
full "file size limit" "$tmp/limit/h.db" bash -c 'trap "" XFSZ; ulimit -f 8; exec "$@"' bash "${run[@]}" --history "$tmp/limit/h.db"
expect "and goes on with room" 1 "without a change" "${run[@]}" --history "$tmp/limit/h.db"
mkdir "$tmp/small"
if [[ $(id -u) == 0 ]] && mount -t tmpfs -o size=1m none "$tmp/small" 2>/dev/null; then
	mounted=$tmp/small
	cp "$db" "$tmp/small/h.db"
	head -c 4m /dev/zero >"$tmp/small/fill" 2>/dev/null
	full "full disk" "$tmp/small/h.db" "${run[@]}" --history "$tmp/small/h.db"
	rm "$tmp/small/fill"
	expect "full disk: goes on with room" 1 "without a change" "${run[@]}" --history "$tmp/small/h.db"
	mount -o remount,ro "$tmp/small"
	expect "read-only disk" 1 "" "${run[@]}" --history "$tmp/small/h.db"
	check_says "read-only disk"
	expect "read-only disk: history is read" 0 "iprev.fail" "$bin" history "outbound 1" --history "$tmp/small/h.db" "${conf[@]}"
fi
strange() { # NAME WORD: of $tmp/strange.db
	local had
	had=$(cksum <"$tmp/strange.db")
	expect "$1" 1 "$2" "${run[@]}" --history "$tmp/strange.db"
	check_says "$1"
	expect "$1: history" 65 "$2" "$bin" history --history "$tmp/strange.db" "${conf[@]}"
	same "$1: the file stays as it is" "$(cksum <"$tmp/strange.db")" "$had"
	rm -f "$tmp/strange.db"*
}
copy() { # SQL: of a database that is at rest
	rm -f "$tmp/strange.db"*
	python3 -c '
import sqlite3, sys
source, copy = sqlite3.connect(sys.argv[1]), sqlite3.connect(sys.argv[2])
source.backup(copy); copy.executescript(sys.argv[3]); copy.close()' "$db" "$tmp/strange.db" "$1"
}
copy 'PRAGMA user_version = 99'
strange "a newer version" "newer mailready"
head -c 5000 /dev/urandom >"$tmp/strange.db"
strange "no database" "is not a history"
python3 -c 'import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute("CREATE TABLE mine(x)")' "$tmp/strange.db"
strange "somebody else's database" "another program"
copy ''
python3 - "$tmp/strange.db" <<-'PY'
	import os, sys
	with open(sys.argv[1], "r+b") as f:
	    for page in range(4096, os.path.getsize(sys.argv[1]), 4096):
	        f.seek(page); f.write(b"\xa5" * 2000)
	PY
had=$(cksum <"$tmp/strange.db")
expect "damaged" 1 "is damaged" "${run[@]}" --history "$tmp/strange.db"
check_says "damaged"
same "damaged: the file stays as it is" "$(cksum <"$tmp/strange.db")" "$had"
: >"$tmp/strange.db"
expect "an empty file becomes a history" 1 "first run" "${run[@]}" --history "$tmp/strange.db"
reverse mail && zone lists '2.0.0.127.bl A 127.0.0.2' && start_server
expect "good, but not stored" 65 "is not a history" "${run[@]}" --history "$tmp/conf"
expect "no directory can be made" 73 "cannot be created" "${run[@]}" --history "$tmp/conf/dir/h.db"

# --- retention, a year, and the timer
sed 's/^\[run\]$/&\nretention = 1s/' "$tmp/conf" >"$tmp/short"
sleep 1.1
expect "retention" 0 "" "$bin" run --config "$tmp/short" --history "$db"
sleep 2.1
expect "retention again" 0 "" "$bin" run --config "$tmp/short" --history "$db"
same "forgets what is older" "$(stored)" 2
if [[ ${VARIANT:-release} == release && $bin != */san/* ]]; then
	# no disk: what it takes is the program's
	year=$tmp/year.db
	[[ ! -w /dev/shm ]] || year=$(mktemp /dev/shm/history.XXXXXX)
	"$drive" year "$year" >"$tmp/out" 2>"$tmp/err"
	verdict "a year of 50 servers" "$(cat "$tmp/err")"
	[[ $year == "$tmp"/* ]] || rm -f "$year"*
	sed 's/^/# /' "$tmp/out"
	verdict "stays small" "$(awk '/daily runs/ && $(NF - 1) > 8000000' "$tmp/out")"
fi
if command -v systemd-analyze >/dev/null; then
	mkdir "$tmp/units"
	sed "s,@BINDIR@,$(dirname "$bin"),;/^Documentation/d" data/systemd/mailready.service >"$tmp/units/mailready.service"
	sed '/^Documentation/d' data/systemd/mailready.timer >"$tmp/units/mailready.timer"
	verdict "systemd takes the units" "$(systemd-analyze verify "$tmp/units/mailready.service" "$tmp/units/mailready.timer" 2>&1 | grep mailready)"
fi
