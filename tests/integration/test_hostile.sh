#!/usr/bin/env bash
# A name server that sends as much as it can, files that somebody has made, and clocks that were wrong:
# what each costs, what is shown of it, and that nobody else's results suffer.
# variants: release
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 70
bin=${MAILREADY:-$PWD/build/release/mailready}
command -v python3 >/dev/null || { echo "skip hostile: no python3"; exit 0; }
tmp=$(mktemp -d "${TEST_TMP:-/tmp}/hostile.XXXXXX") || exit 70
server=''
finish() {
	[[ -z $server ]] || { kill "$server" && wait "$server"; } 2>/dev/null
	rm -rf "$tmp"
}
trap finish EXIT
trap 'exit 143' TERM INT
# shellcheck disable=SC1091
source tests/integration/expect.sh
unset XDG_CONFIG_HOME XDG_STATE_HOME XDG_CACHE_HOME
export HOME=$tmp/home
mkdir "$HOME"
python3 tests/integration/hostile.py "$tmp/port" &
server=$!
for _ in $(seq 100); do [[ ! -e $tmp/port ]] || break; sleep 0.05; done
dns=(--allow-special --no-smtp --skip dnsbl --authority never --resolver "127.0.0.1#$(<"$tmp/port")")

# KILOBYTES WORD...: the program within so much memory; the lines of CSV end in CR
lines_of() {
	(ulimit -v "$1" && set -o pipefail && "$bin" "${@:2}" | tr -d '\r')
}
small() { # NAME FILE [BYTES]: it has at most 2 MiB, or so many bytes
	verdict "$1" "$([[ $(stat -c %s "$2") -le ${3:-$((2 << 20))} ]] || stat -c '%s bytes' "$2")"
}
counts() { # NAME PATTERN FILE N
	local n
	n=$(grep -cE -- "$2" "$3")
	verdict "$1" "$([[ $n == "$4" ]] || echo "$n of '$2', expected $4")"
}

# ADDRESS WORD...: ms of the processor, KiB at the most, of the program; the least of three runs each
cost() {
	python3 -c '
import os, sys
runs = []
for _ in range(3):
    pid = os.fork()
    if not pid:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.execv(sys.argv[1], sys.argv[1:])
    used = os.wait4(pid, 0)[2]
    runs.append((int((used.ru_utime + used.ru_stime) * 1000), used.ru_maxrss))
print(min(r[0] for r in runs), min(r[1] for r in runs))' "$bin" check "$@"
}
# NAME WORD...: against one name, 3,600 cost 50 ms and 2 MiB: that much is meant, three times as much allowed
cheap() {
	local ms kib worst_ms worst_kib
	read -r ms kib < <(cost 192.0.2.8 "${@:2}")
	read -r worst_ms worst_kib < <(cost 192.0.2.7 "${@:2}")
	echo "# $1: $((worst_ms - ms)) ms, $((worst_kib - kib)) KiB more than for one name"
	verdict "$1 is cheap" "$( ((worst_ms - ms <= 150 && worst_kib - kib <= 6144)) || echo "$worst_ms ms, $worst_kib KiB, instead of $ms, $kib")"
}

# --- 3,600 names of one address, in every format
for format in text csv json jsonl html markdown junit openmetrics brief; do
	expect "3600 names as $format" 1 "" lines_of 500000 check 192.0.2.7 192.0.2.8 "${dns[@]}" --format "$format"
	small "$format is small" "$tmp/out"
	cheap "$format" "${dns[@]}" --format "$format"
	counts "$format has the other address" '192\.0\.2\.8' <(tr '>' '\n' <"$tmp/out" | grep -m1 '192\.0\.2\.8') 1
done
expect "nagios" 2 "MAILREADY CRITICAL" "$bin" check 192.0.2.7 "${dns[@]}" --format nagios

# --- beside others, with a state file
for i in $(seq 20); do echo "192.0.2.$i"; done >"$tmp/list"
for format in csv jsonl; do
	args=(check -i "$tmp/list" "${dns[@]}" --format "$format" -o "$tmp/rows" --resume "$tmp/state" --ordered)
	expect "$format of 20 addresses" 1 "" "$bin" "${args[@]}"
	counts "$format has 20 rows" '192\.0\.2\.' "$tmp/rows" 20
	cp "$tmp/rows" "$tmp/before"
	expect "$format again" 1 "" "$bin" "${args[@]}"
	verdict "$format stays as it is" "$(cmp "$tmp/rows" "$tmp/before" 2>&1)"
	small "$format rows are small" "$tmp/rows"
	[[ $format != jsonl ]] || verdict "each is JSON" "$(python3 -c '
import json, sys
for line in open(sys.argv[1]): json.loads(line)' "$tmp/rows" 2>&1)"
	rm "$tmp/state" "$tmp/rows"
done

# --- files that somebody has made
printf '%s\n' '{"schema":"mailready.report/1","time":"2026-11-29T00:00:00Z","target":{"address":"192.0.2.1"},
"verdict":"fail","summary":"x \u001b[31m y","findings":[{"id":"ptr.\u001b]0;owned\u0007\nFAKE",
"verdict":"fail","severity":"high"}]}' | tr -d '\n' >"$tmp/esc.jsonl"
printf '\r\t{"schema":"mailready.report/1","target":{"address":"192.0.2.2"},"verdict":"fail","summary":"\xc2\x9b31m \x7f\xe2\x80\xae",\r"findings":[]}\r\n' >"$tmp/raw.jsonl"
expect "merge with escape sequences" 1 '\x1b]0;owned\x07' "$bin" merge --summary "$tmp/esc.jsonl" "$tmp/raw.jsonl"
counts "merge escapes what a terminal acts on" 'u009b31m .u007f.u202e' "$tmp/out" 1
expect "the run is done" 1 "" "$bin" "${args[@]}"
expect "once more: its state is one line" 1 "" "$bin" "${args[@]}"
sed -i 's/ptr\.not-host-name/ptr.\\u001b[2Jname/' "$tmp/rows" # as many bytes
expect "a resumed output with escape sequences" 1 'ptr.\x1b[2Jname' "$bin" "${args[@]}" --summary

# --- watched: what is told, kept and shown
cat >"$tmp/hook" <<HOOK
#!/bin/sh
[ ! -e $tmp/broken ] || exit 1
exec cat >$tmp/told
HOOK
chmod +x "$tmp/hook"
cat >"$tmp/conf" <<CONF
[run]
history = $tmp/history.db
allow-special = yes
resolver = 127.0.0.1#$(<"$tmp/port")
no-smtp = yes
skip = dnsbl
authority = never
confirm = 1/1
[command]
program = $tmp/hook
[server loud]
address = 198.51.100.7
[server other]
address = 198.51.100.8
CONF
expect "first run" 0 "" "$bin" run --config "$tmp/conf"
touch "$tmp/port.loud"
expect "3600 names of a watched server" 1 "" "$bin" run --config "$tmp/conf"
small "run says it in few words" "$tmp/out" 20000
small "so does the message" "$tmp/told" 50000
small "the history is small" "$tmp/history.db"
expect "history" 0 "" lines_of 500000 history --config "$tmp/conf"
says "history counts the names" "and 3584 more; before mail7.example"
small "history is small" "$tmp/out" 50000
for format in text html markdown json csv openmetrics junit; do
	expect "report as $format" 0 "" lines_of 500000 report --config "$tmp/conf" --format "$format"
	small "report as $format is small" "$tmp/out" 200000
done

# --- clocks: everything that is stored is as if the clock had been so many days ahead
sql() { python3 -c 'import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); r = list(c.execute(sys.argv[2])); c.commit(); print(r[0][0] if r else "")' "$tmp/history.db" "$1"; }
ahead() { # DAYS
	sql "UPDATE report SET time_s = time_s + $1 * 86400" && sql "UPDATE server SET last_s = last_s + $1 * 86400" &&
		sql "UPDATE message SET made_s = made_s + $1 * 86400, next_s = next_s + $1 * 86400" &&
		sql "UPDATE sent SET sent_s = sent_s + $1 * 86400"
} >/dev/null
had=$(sql "SELECT count(*) FROM report")
ahead -3650
expect "a clock ten years ahead" 1 "" "$bin" run --config "$tmp/conf"
verdict "erases nothing" "$([[ $(sql "SELECT count(*) FROM report") == $((had + 2)) ]] || sql "SELECT count(*) FROM report")"
touch "$tmp/broken"
rm "$tmp/port.loud"
expect "a message that cannot be sent" 0 "tried again in 1 min" "$bin" run --config "$tmp/conf"
ahead 3650
expect "put off by a clock ten years ahead, it is due" 0 "due now" "$bin" notify --config "$tmp/conf" --pending
rm "$tmp/broken" "$tmp/told"
expect "and is sent" 0 "1 sent, 0 left" "$bin" notify --config "$tmp/conf"
verdict "it was told" "$([[ -s $tmp/told ]] || echo "nothing")"
