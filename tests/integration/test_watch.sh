#!/usr/bin/env bash
# From nothing to a timer that mails a change, as the README has it: a name server and a real Postfix on
# loopback, a user without any file.  Its output reads as a transcript; what it claims is checked.
# variants: release
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
bin=${MAILREADY:-$PWD/build/release/mailready}
PATH=$PATH:/usr/sbin:/sbin
for program in nsd nsd-checkconf python3; do
	command -v "$program" >/dev/null || { echo "skip watch: no $program"; exit 0; }
done
dir='' pki='' dns='' zones='' # by the worlds
declare -A port
# shellcheck disable=SC1091
source tests/integration/mail_world.sh
# shellcheck disable=SC1091
source tests/integration/demo_world.sh
# shellcheck disable=SC2317 # run by the trap
stop() {
	demo_world_stop
	mail_world_stop
}
trap stop EXIT
trap 'exit 130' INT TERM
mail_world_start watch
demo_world_start watch "$dir"

# --- a user who has nothing
export HOME=$dir/home
# root's own files would be the machine's
export XDG_CONFIG_HOME=$HOME/.config XDG_STATE_HOME=$HOME/.local/state XDG_CACHE_HOME=$HOME/.cache
mkdir -m 700 "$HOME"
conf=$HOME/mailready.conf
failed=0
mailready() { "$bin" "$@"; }
with=(--config "$conf")
say() { printf '\n# %s\n' "$*"; }
# STATUS COMMAND...: shown as typed, with what it says
user() {
	local want=$1 status=0
	shift
	local typed
	printf -v typed ' %q' "$@"
	sed "s#$HOME#~#g; s# timed # #" <<<"\$$typed"
	"$@" >"$dir/said" 2>&1 || status=$?
	sed "s#$HOME#~#g; s#$dir#DIR#g" "$dir/said"
	[[ $status -eq 0 ]] || echo "(exit status $status)"
	[[ $status -eq $want ]] || { echo "not ok watch: exit status $status instead of $want: $*"; failed=1; }
}
holds() { # NAME COMMAND...
	local name=$1 why
	shift
	if why=$("$@" 2>&1); then echo "ok watch $name"; else echo "not ok watch $name: $why"; failed=1; fi
}
said() { grep -qF -- "$1" "$dir/said" || { echo "\"$1\" is not there"; return 1; }; }

# The service that the timer starts: its own commands, with this user's configuration.
timer() {
	local line
	while read -r line; do
		line=${line//@BINDIR@\//}
		line=${line//\/etc\/mailready.conf/$conf}
		printf '(timer) '
		# shellcheck disable=SC2086 # words
		user 0 timed $line
	done < <(sed -n 's/^ExecStart[A-Za-z]*=-\{0,1\}//p' data/systemd/mailready.service)
}
# a server that is bad is no failure of the service (its SuccessExitStatus)
timed() {
	local status=0
	"$@" || status=$?
	[[ " 0 $(sed -n 's/^SuccessExitStatus=//p' data/systemd/mailready.service) " == *" $status "* ]]
}

say "What is to be watched"
user 0 mailready watch add 203.0.113.40 --helo mail.ready.example --name "outbound 1" --group relays "${with[@]}"
user 0 mailready watch add 203.0.113.20 --helo mail.moved.example --name "outbound 2" "${with[@]}"

say "How to look (a name server of this machine), and who is told (a Postfix of this machine)"
cat >"$dir/more" <<CONF

[run]
resolver = 127.0.0.1#$dns
lists = $PWD/data/demo/lists.ini
authority-port = $dns
only = ptr,iprev,generic_ptr,ehlo,dnsbl
no-smtp = yes
confirm-again = 0
allow-special = yes

[mail]
to = ops@sink.example
from = reports@test.example
server = smtp://localhost:${port[good]}

[notify]
ca-file = $pki/ca.pem
CONF
echo "\$ cat >>~/mailready.conf"
sed "s#$dir#DIR#g; s#$PWD#.#g" "$dir/more"
cat "$dir/more" >>"$conf"

say "Does mail get there?"
user 0 mailready notify --test "${with[@]}"
holds "the test arrives" mail_wait ops 1
mail_empty

say "What the timer calls, for the first time: one server is ready, one never was"
timer
holds "the first report arrives" mail_wait ops 1
mail_empty

say "An hour later: nothing has changed, and nothing is sent"
timer
holds "no mail" mail_wait ops 0

say "Then the server is listed.  One run alone alarms nobody; the second one confirms it"
sed -i 's/^@.*SOA.*hostmaster[^ ]* 1 /@ SOA ns.example. hostmaster.example. 2 /' "$zones/list.zone"
echo "40.113.0.203	A	127.0.0.2" >>"$zones/list.zone"
demo_world_again
timer
holds "one run is not enough" mail_wait ops 0
timer
holds "the change is mailed" mail_wait ops 1
as_root sh -c "cat $dir/mail/ops/new/*" >"$dir/message"
say "The mail, as a mail program shows it"
cat >"$dir/show.py" <<'PY'
import email, email.policy, sys
m = email.message_from_bytes(open(sys.argv[1], "rb").read(), policy=email.policy.default)
for name in ("From", "To", "Subject", "Auto-Submitted"):
    print(f"{name}: {m[name]}")
print()
print(m.get_body(("plain",)).get_content())
PY
python3 "$dir/show.py" "$dir/message" | tee "$dir/said" | sed "s#$dir#DIR#g"
holds "it says which server, what, and what to do" eval \
	'said "Subject: [mailready] outbound 1 FAIL: " && said "outbound 1" && said "bl.lists.example" && said "What to do:"'
mail_empty

say "Off the list again, while the mail server is away: the message waits, and is sent later"
grep -v '^40.113' "$zones/list.zone" >"$dir/zone.new"
cp "$dir/zone.new" "$zones/list.zone"
demo_world_again
sed -i "s/localhost:${port[good]}/localhost:${port[closed]}/" "$conf"
user 1 mailready run "${with[@]}"
user 1 mailready run "${with[@]}"
user 0 mailready notify --pending "${with[@]}"
holds "it waits" said "no connection"
sed -i "s/localhost:${port[closed]}/localhost:${port[good]}/" "$conf"
holds "nothing arrives" mail_wait ops 0
# the minute is over: what the queue holds is made older, for nobody wants to wait for a test
python3 - "$XDG_STATE_HOME/mailready/history.db" <<'PY'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
assert db.execute("UPDATE message SET next_s = next_s - 60").rowcount == 1
db.commit()
PY
say "A minute later the mail server is back"
user 0 mailready notify "${with[@]}"
holds "nothing is lost" mail_wait ops 1
as_root sh -c "cat $dir/mail/ops/new/*" >"$dir/message"
python3 "$dir/show.py" "$dir/message" >"$dir/said"
holds "it says that the listing is gone" said "no longer" && said "listed on" && said "outbound 1 good again"

say "When each finding came and went"
user 0 mailready history "outbound 1" "${with[@]}"
user 0 mailready watch list "${with[@]}"
holds "the group is listed" said ", group relays"
user 0 mailready report --by group "${with[@]}"
holds "and shown" said "Group relays: 1 of 1 ready"
# --- nothing that is watched goes silent, and nothing that is gone stays
report_holds() { # NAME FORMAT PATTERN...: each is in the report; !PATTERN: it is not
	local name=$1 format=$2 pattern
	shift 2
	mailready report --format "$format" "${with[@]}" >"$dir/page"
	for pattern; do
		if [[ $pattern == !* ]]; then
			! grep -q -- "${pattern#!}" "$dir/page" || { echo "not ok watch $name: ${pattern#!} is there"; failed=1; return; }
		else
			grep -q -- "$pattern" "$dir/page" || { echo "not ok watch $name: $pattern is not there"; failed=1; return; }
		fi
	done
	echo "ok watch $name"
}
mail_empty
say "A host name is watched, and loses its addresses"
user 0 mailready watch add mail.ready.example --name "by name" "${with[@]}"
sed -i '/^mail.ready.*AAAA/d' "$zones/example.zone"
demo_world_again
user 1 mailready run --quiet "${with[@]}"
mail_empty
cp "$zones/example.zone" "$dir/example.zone"
sed -i '/^mail.ready/d' "$zones/example.zone"
demo_world_again
user 1 mailready run --quiet "${with[@]}"
user 1 mailready run --quiet "${with[@]}"
holds "its loss is mailed" mail_wait ops 1
as_root sh -c "cat $dir/mail/ops/new/*" >"$dir/message"
python3 "$dir/show.py" "$dir/message" >"$dir/said"
holds "in words" eval 'said "by name (203.0.113.40): FAIL (was PASS)" && said "has no address"'
for format in text html markdown json csv; do
	report_holds "its loss in $format" "$format" "target.no-address"
done
report_holds "its loss in metrics" openmetrics 'mailready_verdict{address="203.0.113.40",label="by name",verdict="fail"} 1'
report_holds "its loss in JUnit" junit 'target.no-address'
mail_empty
say "It is back at another address"
cp "$dir/example.zone" "$zones/example.zone"
sed -i 's/^mail.ready.*/mail.ready A 203.0.113.41/' "$zones/example.zone"
demo_world_again
user 1 mailready run --quiet "${with[@]}"
holds "where it has moved is mailed" mail_wait ops 1
as_root sh -c "cat $dir/mail/ops/new/*" >"$dir/message"
python3 "$dir/show.py" "$dir/message" >"$dir/said"
moved=$(tr -s '\n' ' ' <"$dir/said" | tr -s ' ')
holds "and what has ended" grep -q "no longer watched: 'by name' is 203.0.113.41 now" <<<"$moved"
report_holds "the old address is gone" openmetrics 'address="203.0.113.41",label="by name"' '!address="203.0.113.40",label="by name"'
mail_empty
say "A server is removed"
user 0 mailready watch remove "by name" "${with[@]}"
user 1 mailready run --quiet "${with[@]}"
holds "that it is no longer watched is mailed" mail_wait ops 1
mail_empty
user 1 mailready run --quiet "${with[@]}"
holds "once" mail_wait ops 0
for format in text html markdown json csv openmetrics junit; do
	report_holds "it is gone from $format" "$format" 'outbound 1' '!by name'
done

say "A recipient that is not one is found at once"
sed 's/^to = ops@sink.example/&\nto = ops@sink.example./' "$conf" >"$dir/wrong.conf"
user 78 mailready run --quiet --config "$dir/wrong.conf"
holds "with its line" said "wrong.conf:"

say "The line of the manual, as cron runs it"
line=$(sed -n 's/^17 [^ ]* \* \* \* *//p' man/mailready-run.1)
holds "the program is where make install puts it" grep -q '^/usr/local/bin/mailready ' <<<"$line"
mkdir -p "$dir/usr/bin" "$HOME/.config/mailready"
ln -s "$bin" "$dir/usr/bin/mailready"
cp "$XDG_STATE_HOME"/mailready/history.db "$dir/cron.db"
# root's own history would be the machine's
sed "s#^\[run\]#&\nhistory = $dir/cron.db#" "$conf" >"$HOME/.config/mailready/config"
user 1 env -i PATH=/usr/bin:/bin SHELL=/bin/sh HOME="$HOME" MAILREADY_DATA="$PWD/data" /bin/sh -c "${line//\/usr\/local/$dir\/usr}"
holds "it says nothing, for nothing has changed" test ! -s "$dir/said"
say "The service has one command: no other would have its credentials"
holds "one command" test "$(grep -c '^Exec' data/systemd/mailready.service)" = 1
holds "that waits" grep -q '^ExecStart=.* run .*--wait' data/systemd/mailready.service

say "The name server is gone: one event for all servers, one mail, and one when it is over"
mail_empty
demo_world_stop
user 69 mailready run --quiet "${with[@]}"
holds "one run alarms nobody" mail_wait ops 0
user 69 mailready run "${with[@]}"
holds "it says so once" test "$(grep -c 'UTC nothing can be looked up' "$dir/said")" = 1
holds "servers keep their verdict" said "as last known"
holds "one mail" mail_wait ops 1
as_root sh -c "cat $dir/mail/ops/new/*" >"$dir/message"
python3 "$dir/show.py" "$dir/message" >"$dir/said"
holds "with one headline" eval 'said "Subject: [mailready] nothing can be looked up: 127.0.0.1" && said "What to do: "'
for format in text html markdown json csv junit; do
	report_holds "it is one row in $format" "$format" 'nothing can be looked up: 127' '!temperror.*ptr.unknown'
done
report_holds "it is a metric" openmetrics '^mailready_resolver_up 0' '^mailready_last_success_timestamp_seconds [1-9]'
mail_empty
sed -i "s/^resolver = 127.0.0.1#/resolver = 127.0.0.2#/" "$conf"
user 69 mailready run --quiet "${with[@]}"
sed -i "s/^resolver = 127.0.0.2#/resolver = 127.0.0.1#/" "$conf"
holds "another resolver that does not answer is the same event" mail_wait ops 0
demo_world_run
user 1 mailready run --quiet "${with[@]}"
holds "its end is mailed" mail_wait ops 1
as_root sh -c "cat $dir/mail/ops/new/*" >"$dir/message"
python3 "$dir/show.py" "$dir/message" >"$dir/said"
holds "with its length, and no other news" eval 'said "Subject: [mailready] look-ups work again, after" && ! said "  new  " && ! said "  gone  "'
report_holds "an incident that is over" markdown '| all | nothing can be looked up' '!since.*nothing can be looked up'
report_holds "a metric again" openmetrics '^mailready_resolver_up 1'

say "A message that nobody takes for a week is given up, and the run fails"
sed -i "s/localhost:${port[good]}/localhost:${port[closed]}/" "$conf"
sed -i 's/^203.0.113.40.*//; s/^@.*SOA.*/&/' "$zones/list.zone"
python3 - "$XDG_STATE_HOME/mailready/history.db" <<'PY'
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1])
now = int(time.time())
db.execute("INSERT INTO message(channel, subject, body, made_s, next_s, tries, error) VALUES"
           "('mail', 'an alarm', '{\"to\": [\"ops@sink.example\"], \"message\": \"x\"}', ?, ?, 40, 'x')", (now - 8 * 86400, now - 60))
db.commit()
PY
user 69 mailready run --quiet "${with[@]}"
holds "it says so" eval 'said "given up after 7 days: an alarm" && said "nobody was notified"'

say "What a server's mail is from: the demands of receivers are in the report over time"
sed -i 's/^mail.ready.*/mail.ready A 203.0.113.40/' "$zones/example.zone"
for record in 'ready TXT "v=spf1 -all"' 'ready MX 10 mail.ready' '_dmarc.ready TXT "v=DMARC1; p=none"'; do
	echo "$record" >>"$zones/example.zone"
done
demo_world_again
{
	sed -n '/^\[run\]/,/^$/p' "$dir/more" | grep -v '^only = '
	printf 'history = %s\n' "$dir/demands.db"
	printf '[server outbound 1]\naddress = 203.0.113.40\nehlo = mail.ready.example\nfrom = ready.example\n'
} >"$HOME/demands.conf"
with=(--config "$HOME/demands.conf")
user 1 mailready run --quiet "${with[@]}"
report_holds "in text" text 'Microsoft 365 *SPF *not met, since .*; expect 550 5.7.23'
report_holds "in html" html 'Microsoft 365.*SPF'
report_holds "in JSON" json '"code": "550 5.7.23"'
sed -i 's/v=spf1 -all/v=spf1 ip4:203.0.113.40 -all/' "$zones/example.zone"
demo_world_again
user 0 mailready run --quiet "${with[@]}"
report_holds "gone once they are met" text '!Microsoft 365.*SPF'
exit "$failed"
