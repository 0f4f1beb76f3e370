#!/usr/bin/env bash
# Chats and alarm services, each by its template, against a stand-in that judges what arrives by a schema of
# the service's published description.  No DNS, and no check is run: the drive makes the changes.
# variants: san
# shellcheck disable=SC2016 # what eval is given is expanded there
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
bin=${MAILREADY:-$PWD/build/release/mailready}
drive=${bin%/*}/tests/tools/notify_drive
[[ -x $drive ]] || { echo "not ok webhooks: $drive is not there"; exit 1; }
python3 -c 'import jsonschema' 2>/dev/null || { echo "skip webhooks: no python3-jsonschema"; exit 0; }
dir=$(mktemp -d /tmp/mailready-webhooks.XXXXXX)
mkdir "$dir/got"
python3 tests/integration/webhooks/standin.py "$dir/got" >"$dir/port" &
standin=$!
trap 'kill $standin 2>/dev/null || true; rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
export MAILREADY_DATA=$PWD/data
for _ in $(seq 100); do [[ ! -s $dir/port ]] || break; sleep 0.05; done
base=http://127.0.0.1:$(cat "$dir/port")

start=1790000000 minute=60
failed=0
out=$dir/out err=$dir/err
key=0123456789abcdefghijklmnopqrstuv topic=a-secret-topic
ok() { echo "ok webhooks $1"; }
not_ok() { echo "not ok webhooks $1: $2; $(tr '\n' ' ' <"$out") $(tr '\n' ' ' <"$err")"; failed=1; }
check() {
	local name=$1 why
	shift
	if why=$("$@" 2>&1); then ok "$name"; else not_ok "$name" "$why"; fi
}
run() {
	local status=0
	echo $((start + $1 * minute)) >"$dir/got/now"
	timeout 60 "$drive" "$dir/conf" "$dir/history.db" $((start + $1 * minute)) "$2" >"$out" 2>"$err" || status=$?
	return "$status"
}
fresh() { rm -f "$dir"/history.db* "$dir"/got/*; }
said() { grep -qF -- "$1" "$err" || { echo "standard error lacks \"$1\""; return 1; }; }
told() { grep -qxF -- "$1" "$out" || { echo "standard output lacks \"$1\""; return 1; }; }
# No address, key or topic where people, logs or the queue would show it.
secrets="token-of-the-hook|$key|$topic"
private() { ! grep -qE "$secrets" "$out" "$err" || { echo "a secret was shown"; return 1; }; }
queue_private() {
	! sqlite3 "$dir/history.db" .dump | grep -qE "$secrets" || { echo "a secret is in the queue"; return 1; }
}
secret_file() { printf '%s\n' "$2" >"$dir/$1"; chmod 600 "$dir/$1"; }
# KIND LINE...: a webhook of that kind alone
configure() {
	printf '[webhook chat]\nurl = %s/%s/token-of-the-hook\nkind = %s\n' "$base" "$1" "$1" >"$dir/conf"
	printf '%s\n' "${@:2}" >>"$dir/conf"
	chmod 600 "$dir/conf"
}
needs() {
	case $1 in
	ntfy) printf 'topic = %s\n' "$topic" ;;
	pagerduty) printf 'key-file = %s/key\n' "$dir" ;;
	esac
}
# KIND RULE...: of the lines that the stand-in has taken, as list got, each must hold
got() {
	python3 - "$dir/got/$1.log" "${@:2}" <<'PY'
import json, sys
got = [json.loads(line) for line in open(sys.argv[1])]
bodies = [g["body"] for g in got]
text = json.dumps(bodies, ensure_ascii=False)
wrong = [rule for rule in sys.argv[2:] if not eval(rule)]
if wrong:
    sys.exit("does not hold: %s; %d bodies, %s" % (wrong, len(got), text[:1500]))
PY
}
secret_file key "$key"

# --- each kind: a change, the same gone, a sign of life, as much as there can be, a test, and a busy service
each_kind() {
	local kind=$1 heartbeat="sent 1, queued 0" many="sent 1, queued 0"
	fresh
	configure "$kind" "$(needs "$kind")"
	case $kind in
	pagerduty) heartbeat="sent 0, queued 0" many="sent 36, queued 0" ;;
	alertmanager) many="sent 36, queued 0" ;;
	esac
	check "$kind: a change" eval 'run 0 change && told "sent 1, queued 0" && private && queue_private'
	check "$kind: gone" eval 'run 60 gone && told "sent 1, queued 0" && private'
	check "$kind: nothing has changed" eval "run 20000 nothing && told '$heartbeat'"
	check "$kind: an outage" eval 'run 20010 outage && told "sent 1, queued 0" && run 20020 over && told "sent 1, queued 0"'
	check "$kind: long and strange texts" eval "run 20100 many && told '$many' && private"
	check "$kind: a test" eval 'run 20200 test && told "webhook chat: a test message was accepted (the webhook)" && private'
	fresh
	echo '429 1200' >"$dir/got/$kind.answers"
	check "$kind: busy" eval \
		'run 0 change && told "sent 0, queued 1" && said "it answers 429" && said "tried again in 20 min" && private && queue_private'
	check "$kind: not before it may" eval 'run 19 nothing; [[ ! -e $dir/got/'"$kind"'.log ]]'
	check "$kind: then it is sent" eval 'run 21 nothing && private && [[ -s $dir/got/'"$kind"'.log ]]'
}
for kind in slack mattermost teams discord ntfy pagerduty alertmanager; do each_kind "$kind"; done

# --- what is in them
fresh
listed='203.0.113.25 is listed on zen.example: 127.0.0.2 (€ <b>"Müll"</b>)'
remedy='Ask for removal at https://zen.example/remove.'
everywhere() {
	local kind
	for kind in slack mattermost teams discord ntfy pagerduty alertmanager; do
		configure "$kind" "$(needs "$kind")"
		run 0 change
		rm -f "$dir"/history.db*
	done
}
check "all are told" everywhere
check "slack: what is said" got slack 'len(got) == 1' '"is listed on zen.example: 127.0.0.2 (€ &lt;b&gt;\\\"Müll\\\"&lt;/b&gt;)" in text' \
	"'$remedy' in text" '"*outbound 1 (203.0.113.25)* critical" in text' '":red_circle:" in text' \
	'got[0]["headers"]["Mailready-Id"]' '"blocks" in bodies[0]'
check "mattermost: what is said" got mattermost '"**outbound 1 (203.0.113.25)** critical" in text' "'$remedy' in text" \
	'bodies[0]["attachments"][0]["color"] == "#c62828"' 'r"\\<b\\>" in text'
check "teams: what is said" got teams "'$listed'.replace('\"', '\\\\\"') in text" "'$remedy' in text" \
	'bodies[0]["attachments"][0]["content"]["body"][0]["inlines"][0]["color"] == "Attention"'
check "discord: what is said" got discord "'$remedy' in text" 'bodies[0]["embeds"][0]["color"] == 12986408' \
	'bodies[0]["allowed_mentions"] == {"parse": []}' 'bodies[0]["embeds"][0]["timestamp"] == "2026-09-21T14:13:20Z"'
check "ntfy: what is said" got ntfy "'$remedy' in text" 'bodies[0]["priority"] == 5' 'bodies[0]["tags"][0] == "rotating_light"' \
	"bodies[0]['topic'] == '$topic'" '"Authorization" not in got[0]["headers"]'
check "pagerduty: what is said" got pagerduty "'$remedy' in text" "bodies[0]['routing_key'] == '$key'" \
	'bodies[0]["event_action"] == "trigger"' 'bodies[0]["payload"]["severity"] == "critical"' \
	'bodies[0]["payload"]["summary"].startswith("outbound 1 (203.0.113.25): 203.0.113.25 is listed")'
check "alertmanager: what is said" got alertmanager 'bodies[0][0]["labels"]["alertname"] == "mailready"' \
	'bodies[0][0]["labels"]["instance"] == "203.0.113.25"' 'bodies[0][0]["labels"]["severity"] == "critical"' \
	'bodies[0][0]["labels"]["rule"] == "dnsbl.listed"' '"Authorization" not in got[0]["headers"]' \
	'bodies[0][0]["endsAt"] == "2026-09-24T14:13:20Z"'
fresh
secret_file token "Bearer-$key"
configure ntfy "$(needs ntfy)" "key-file = $dir/token"
check "ntfy: a token" eval 'run 0 change && got ntfy "got[0][\"headers\"][\"Authorization\"] == \"Bearer Bearer-'"$key"'\"" && queue_private'

# --- alarms: one stands from its trigger to its resolve, whatever was late
open_alarms() { [[ $(tr '\n' ' ' <"$dir/got/$1.open") == "${2:+$2 }" ]] || { echo "open: $(cat "$dir/got/$1.open")"; return 1; }; }
each_alarm() {
	local kind=$1 high=$2
	fresh
	configure "$kind" "$(needs "$kind")"
	check "$kind: stands" eval "run 0 change && open_alarms $kind $high"
	check "$kind: is over" eval "run 60 gone && open_alarms $kind ''"
	check "$kind: stands again" eval "run 120 change && open_alarms $kind $high"
	check "$kind: no longer watched, no longer an alarm" eval "run 180 ended && open_alarms $kind ''"
	check "$kind: stands once more" eval "run 190 change && open_alarms $kind $high"
	check "$kind: over, which is no news" eval "run 200 silent && told 'sent 1, queued 0' && open_alarms $kind ''"
	check "$kind: of another severity" eval "run 240 worse && open_alarms $kind $high && told 'sent 2, queued 0'"
	check "$kind: an outage beside it" eval "run 300 outage && open_alarms $kind '$high $high'"
	check "$kind: the outage is over" eval "run 360 over && open_alarms $kind $high"
	fresh
	printf '%s\n' 503 503 >"$dir/got/$kind.answers"
	check "$kind: the trigger is late" eval 'run 0 change && told "sent 0, queued 1" && run 2 nothing; told "sent 0, queued 1"'
	check "$kind: what is over by then sets no alarm" eval \
		"run 3 gone && told 'sent 1, queued 0' && open_alarms $kind '' && run 600 over && open_alarms $kind ''"
}
each_alarm pagerduty critical
each_alarm alertmanager critical
fresh
configure pagerduty "$(needs pagerduty)" "severity = high"
check "pagerduty: below the least severity, no longer an alarm" eval \
	'run 0 change && open_alarms pagerduty critical && run 60 milder && open_alarms pagerduty "" && run 120 gone && open_alarms pagerduty ""'
fresh
configure alertmanager
check "alertmanager: what stands is sent by every run" eval \
	'run 0 change && run 60 nothing && told "sent 1, queued 0" && got alertmanager "len(got) == 2" "bodies[0][0][\"labels\"] == bodies[1][0][\"labels\"]" &&
	open_alarms alertmanager critical'
fresh
configure pagerduty "$(needs pagerduty)"
check "pagerduty: what stands is sent once" eval 'run 0 change && run 60 nothing && told "sent 0, queued 0"'

# --- several, of which one is down
fresh
{
	printf '[webhook down]\nurl = http://127.0.0.1:1/slack/token-of-the-hook\nkind = slack\n'
	printf '[webhook up]\nurl-file = %s/url\nkind = slack\n' "$dir"
	printf '[webhook programs]\nurl = %s/json/token-of-the-hook\n' "$base"
	printf '[webhook own]\nurl = %s/slack/token-of-the-hook\ntemplate = %s/own.json\n' "$base" "$dir"
} >"$dir/conf"
chmod 600 "$dir/conf"
secret_file url "$base/slack/token-of-the-hook-in-a-file"
cat >"$dir/own.json" <<'JSON'
{"escape": {"<": "&lt;", ">": "&gt;", "&": "&amp;"}, "body": {"text": "mine: ${title:40}"}}
JSON
check "one is down, the others are told" eval 'run 0 change && told "sent 3, queued 1" && private && said "webhook down: http://127.0.0.1:1:"'
check "an address from a file, and a template of one'\''s own" got slack 'len(got) == 2' \
	'got[0]["path"].endswith("-in-a-file")' 'bodies[1] == {"text": "mine: outbound 1 FAIL: 203.0.113.25 is list..."}'
check "the service repeats the address in its answer" eval \
	'echo 403 >"$dir/got/slack.answers"; run 1 change; said "it answers 403 no: [secret]" && private'
check "the address in the file is wrong" eval 'secret_file url token-of-the-hook; run 100 change; said "its first line is not a URL" && private'
check "a test reaches all but one" eval 'secret_file url "$base/slack/token-of-the-hook"; ! run 0 test || false
	told "webhook up: a test message was accepted (the webhook)" && told "webhook own: a test message was accepted (the webhook)" && said "webhook down" && private'

# --- by group and severity
fresh
{
	printf '[webhook mine]\nurl = %s/slack/mine\nkind = slack\ngroups = customer a\nseverity = critical\n' "$base"
	printf '[webhook others]\nurl = %s/slack/others\nkind = slack\ngroups = customer b\n' "$base"
} >"$dir/conf"
check "by group" eval 'run 0 change && told "sent 1, queued 0" && got slack "len(got) == 1" "got[0][\"path\"] == \"/slack/mine\""'
check "no sign of life of a group without servers" eval 'run 20000 nothing && told "sent 1, queued 0"'
check "an outage is told to all" eval 'run 20010 outage && told "sent 2, queued 0"'

# --- what is wrong in the configuration is said with its line, and shows no address
refuses() { ! run 0 change || return 1; said "$1" && private; }
refused() {
	local name=$1 words=$2
	printf '%s\n' "${@:3}" >"$dir/conf"
	check "refused: $name" refuses "$words"
}
hook="url = $base/slack/token-of-the-hook"
refused "no such kind" "conf:1: [webhook a]: 'slak' is not a kind of webhook" '[webhook a]' "$hook" 'kind = slak'
refused "nor address" "conf:1: [webhook a]: expected either url or url-file" '[webhook a]' 'kind = slack'
refused "no URL" "conf:2: url: not such a URL" '[webhook a]' 'url = token-of-the-hook'
refused "twice" "conf:3: [webhook a] is already in line 1" '[webhook a]' "$hook" '[webhook a]'
refused "no key" "conf:1: [webhook a]: this kind needs key-file" '[webhook a]' "$hook" 'kind = pagerduty'
refused "no topic" "conf:1: [webhook a]: this kind needs topic" '[webhook a]' "$hook" 'kind = ntfy'
refused "both" "conf:1: [webhook a]: expected either kind or template" '[webhook a]' "$hook" 'kind = slack' "template = $dir/own.json"
echo '{"body": {"text": ["${titel}"]}}' >"$dir/own.json"
refused "a template" "own.json: body.text[0]: there is no value here that is called titel" '[webhook a]' "$hook" "template = $dir/own.json"
refused "no template" "conf:1: [webhook a]: $dir/none.json" '[webhook a]' "$hook" "template = $dir/none.json"
exit "$failed"
