#!/usr/bin/env bash
# Scheduled runs read the mail log: what was refused since the last run is a finding of the server that is watched,
# else an event of its own; told once, and once more when it is over.  Real DNS.
set -u
bin="" tmp="" dns="" first_pid="" zones=() # by the world
# shellcheck disable=SC1091
source "$(dirname "${BASH_SOURCE[0]}")/fix_world.sh"
zones+=(lists.example)
# shellcheck disable=SC2034 # used by the world
declare -A extra=(
	["example.com"]="go A 203.0.113.80"
	["113.0.203.in-addr.arpa"]="80 PTR go.example.com."
	["lists.example"]="2.0.0.127.bad A 127.0.0.2
81.113.0.203.bad A 127.0.0.2"
)
start_world
export XDG_STATE_HOME=$tmp/state
printf '[bad.lists.example]\noperator = B\nimpact = critical\nfirst-fix = stop the spam\ncode.127.0.0.2 = critical spam\n' >"$tmp/lists.ini"
# shellcheck disable=SC2016 # of the program
printf '#!/bin/sh\ncat >"%s/told/$(date +%%s%%N)"\n' "$tmp" >"$tmp/alarm"
chmod 755 "$tmp/alarm"
mkdir "$tmp/told"
cat >"$tmp/conf" <<CONF
[server out]
address = 203.0.113.80
ehlo = go.example.com
[run]
resolver = 127.0.0.1#$dns
authority-port = $dns
lists = $tmp/lists.ini
cache = none
only = ptr,iprev,ehlo
no-smtp = yes
allow-special = yes
[log]
file = $tmp/mail.log
[command]
program = $tmp/alarm
CONF
run() { timeout 60 "$bin" run --config "$tmp/conf" "$@"; }
refuse() { # TEXT: a line of Postfix
	printf '%s mx postfix/smtp[1]: 4X: to=<user1@b.example>, relay=mx.b.example[192.0.2.26]:25, dsn=5.0.0, status=bounced (host mx.b.example[192.0.2.26] said: %s (in reply to RCPT TO command))\n' "$(date '+%b %e %H:%M:%S')" "$1"
}
told() { # NAME NUMBER PYTHON: so many messages since the last look, and true of all changes c and events o in them
	verdict "$1" "$(python3 - "$tmp/told" "$2" "$3" <<-'PY' 2>&1 | tail -n 1
		import json, os, sys
		folder, n, want = sys.argv[1:]
		names = sorted(os.listdir(folder))
		notes = [json.load(open(os.path.join(folder, name))) for name in names]
		for name in names: os.unlink(os.path.join(folder, name))
		c = [(x["kind"], x.get("id"), x.get("text", "")) for m in notes for s in m["servers"] for x in s["changes"]]
		o = [(x["kind"], x["subject"], x["text"], x["until"] is not None) for m in notes for x in m["outages"]]
		assert len(notes) == int(n) and eval(want), (len(notes), c, o)
	PY
	)"
}

expect "no log: it is said, and the rest goes on" 66 "mail.log is not read: No such file" run
told "the first run" 1 "not o"
expect "still none" 66 "1 server without a change: 1 pass" run
told "two runs without a log are an event" 1 "[x[:2] for x in o] == [('log', '$tmp/mail.log')]"
{
	refuse '450 4.7.25 Client host rejected: cannot find your hostname, [203.0.113.80]'
	refuse '550 5.1.1 <user2@b.example>: Recipient address rejected: User unknown in virtual mailbox table'
	printf '%s mx postfix/smtpd[1]: NOQUEUE: reject: RCPT from unknown[203.0.113.80]: 504 5.5.2 <x>: Helo command rejected: need fully-qualified hostname; from=<a@a.example> to=<b@b.example> proto=ESMTP helo=<x>\n' "$(date '+%b %e %H:%M:%S')"
} >"$tmp/mail.log"
run --dry-run >"$tmp/out" 2>&1
says "a dry run says it" "Client host rejected: cannot find your hostname"
told "and tells nobody" 0 "True"
expect "refused, though the checks see nothing: a warning at once" 0 "refused.rdns" run
told "it is told, with the end of the event" 1 "[x[1] for x in c] == ['refused.rdns'] and [x[0] for x in o if x[3]] == ['log'] and len(o) == 1"
expect "nothing new" 0 "1 server without a change" run
told "and nothing is told" 0 "True"
{
	refuse '450 4.7.25 Client host rejected: cannot find your hostname, [203.0.113.80]'
	refuse '554 5.7.1 Service unavailable; Client host [203.0.113.81] blocked using bad.lists.example; see <user3@b.example>'
} >>"$tmp/mail.log"
mv "$tmp/mail.log" "$tmp/mail.log.1"
refuse '550 5.7.1 Unfortunately, messages from [203.0.113.80] were not sent (S3150). [x.olc.protection.outlook.com]' >"$tmp/mail.log"
expect "the rest of a log that was rotated, and the new one" 0 "refused.list.private" run
told "an address that is not watched is an event of its own" 1 "[x[1] for x in c] == ['refused.list.private'] and len(o) == 1 and o[0][0] == 'refusal' and '203.0.113.81' in o[0][1] and not o[0][3]"
for format in text html markdown json csv junit; do
	"$bin" report --config "$tmp/conf" --format "$format" >"$tmp/out" 2>&1
	verdict "the server's is in the report: $format" "$(grep -q 'refused.rdns\|cannot find your hostname' "$tmp/out" || head -c 300 "$tmp/out")"
	verdict "the event is, too: $format" "$(grep -q 'bad.lists.example' "$tmp/out" || head -c 300 "$tmp/out")"
done
"$bin" report --config "$tmp/conf" >"$tmp/out" 2>&1
verdict "no run was without an answer because of a log" "$(grep 'without an answer' "$tmp/out")"
verdict "an event of the log says so" "$(grep -q ' the mail log: ' "$tmp/out" || head -c 300 "$tmp/out")"
verdict "nobody is named in the history" "$(grep -al 'user[0-9]' "$tmp"/state/mailready/* "$tmp"/told/* 2>/dev/null)"
age() { # SECONDS: time passes
	python3 - "$tmp/state/mailready/history.db" "$1" <<-'PY'
		import sqlite3, sys
		db = sqlite3.connect(sys.argv[1])
		db.execute("UPDATE refusal SET last_s = last_s - ?", [int(sys.argv[2])])
		db.commit()
	PY
}
sed '/^\[log\]/,/^file/d' "$tmp/conf" >"$tmp/no-log"
expect "a run without a log" 0 "" timeout 60 "$bin" run --config "$tmp/no-log"
told "knows of no end" 0 "True"
expect "the log is back" 0 "" run
told "and so is what it says" 1 "sorted(x[:2] for x in c) == [('new', 'refused.list.private'), ('new', 'refused.rdns')] and len(o) == 1"
age 90000
expect "a day later: what is repaired is over" 0 "gone" run
told "its end is told; what nobody outside sees waits for a week, what is still there stays" 1 "[x[:2] for x in c] == [('gone', 'refused.rdns')] and not o"
age 604800
expect "a week later" 0 "" run
told "only what is still there stays" 1 "[x[:2] for x in c] == [('gone', 'refused.list.private')] and not o"
"$bin" report --config "$tmp/conf" --format json >"$tmp/out"
verdict "it is in the report" "$(grep -q 'outage.refusal' "$tmp/out" || echo no)"
set_list() { # LINE: the list's zone has this alone
	local i
	sed -i '/ A 127\.0\.0\.2$/d' "$tmp/first/lists.example.zone"
	echo "$1" >>"$tmp/first/lists.example.zone"
	kill -HUP "$first_pid"
	for ((i = 0; i < 100; i++)); do
		[[ $(dig +short -p "$dns" @127.0.0.1 "${1%% *}.lists.example" A) != "${1##* }" ]] || return
		sleep 0.1
	done
	echo "not ok the list's zone is not loaded"
}
set_list "broken A 127.0.0.2"
expect "the list gives no answer" 0 "" run
told "what was still there is not over for that" 0 "True"
set_list "2.0.0.127.bad A 127.0.0.2"
expect "the list answers: it is not on it any more" 0 "" run
told "now it is over" 1 "not c and [(x[0], x[3]) for x in o] == [('refusal', True)]"
refuse '450 4.7.25 Client host rejected: cannot find your hostname, [203.0.113.80]' >>"$tmp/mail.log"
expect "refused again" 0 "refused.rdns" run
told "that is told" 1 "[x[:2] for x in c] == [('new', 'refused.rdns')]"
mkdir -p "$tmp/own/mailready"
echo '[broken' >"$tmp/own/mailready/replies.ini"
expect "an own code book with a fault: nothing is explained" 78 "replies.ini" env XDG_CONFIG_HOME="$tmp/own" "$bin" run --config "$tmp/conf"
told "what stands is not over for that" 0 "True"
chmod 000 "$tmp/mail.log"
if [[ $(id -u) -ne 0 ]]; then
	expect "no right to read it" 77 "the group adm may read it" run
fi
chmod 644 "$tmp/mail.log"
: >"$tmp/mail.log"
rm "$tmp/mail.log.1"
expect "a log that was cut: what is missing is said" 0 "was rotated or cut since the last run" run
for _ in $(seq 300); do refuse "550 5.7.1 nobody knows this $RANDOM"; done >>"$tmp/mail.log"
expect "what the code book does not know alarms nobody" 0 "1 server without a change" run
told "nothing" 0 "True"
