#!/usr/bin/env bash
# Notification with a real Postfix, a web server that checks signatures, and a program.  The mail that
# arrives is parsed again by Python's email package.  No DNS, and no check is run: the drive makes a change.
# shellcheck disable=SC2016 # what eval is given is expanded there
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
bin=${MAILREADY:-$PWD/build/release/mailready}
drive=${bin%/*}/tests/tools/notify_drive
[[ -x $drive ]] || { echo "not ok notify: $drive is not there"; exit 1; }
dir='' pki=''
declare -A port
# shellcheck disable=SC1091
source tests/integration/mail_world.sh
trap 'kill ${hook_pid:-} 2>/dev/null || true; mail_world_stop' EXIT
trap 'exit 130' INT TERM
mail_world_start notify

start=1790000000 minute=60
failed=0
out=$dir/out err=$dir/err
ok() { echo "ok notify $1"; }
not_ok() { echo "not ok notify $1: $2; $(tr '\n' ' ' <"$out") $(tr '\n' ' ' <"$err")"; failed=1; }
# NAME COMMAND...: a test of its own
check() {
	local name=$1 why
	shift
	if why=$("$@" 2>&1); then ok "$name"; else not_ok "$name" "$why"; fi
}

# configure VARIANT LINE...: a mail configuration for that listener
configure() {
	local scheme=smtp
	[[ $1 != wrapper ]] || scheme=smtps
	cat >"$dir/conf" <<-CONF
		[mail]
		to = ops@sink.example
		from = reports@test.example
		server = $scheme://localhost:${port[$1]}
		$(printf '%s\n' "${@:2}")
		[notify]
		ca-file = ${ca:-$pki/ca.pem}
		timeout = ${timeout:-10s}
	CONF
	chmod 600 "$dir/conf"
}
# run MINUTE change|nothing|test: the status is the drive's
run() {
	local status=0
	timeout 60 "$drive" "$dir/conf" "$dir/history.db" $((start + $1 * minute)) "$2" >"$out" 2>"$err" || status=$?
	return "$status"
}
fresh() { rm -f "$dir"/history.db*; mail_empty; }
said() { grep -qF -- "$1" "$err" || { echo "standard error lacks \"$1\""; return 1; }; }
told() { grep -qxF -- "$1" "$out" || { echo "standard output lacks \"$1\""; return 1; }; }

# WHOSE PYTHON...: of the only message m (parsed), its text and html parts, each must hold
message() {
	local file
	file=$(as_root sh -c "ls $dir/mail/$1/new/*")
	as_root cat "$file" >"$dir/message"
	python3 - "$dir/message" "${@:2}" <<'PY'
import email, email.policy, email.utils, html.parser, re, sys
raw = open(sys.argv[1], "rb").read()
m = email.message_from_bytes(raw, policy=email.policy.default)
text = m.get_body(("plain",)).get_content()
html_part = m.get_body(("html",)).get_content()
class Words(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.words, self.tags = "", []
    def handle_data(self, data):
        self.words += data
    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
page = Words()
page.feed(html_part)
parts = [p.get_content_type() for p in m.walk()]
defects = [d for p in m.walk() for d in p.defects] + [d for h in m.values() for d in getattr(h, "defects", ())]
wrong = [rule for rule in sys.argv[2:] if not eval(rule)]
if wrong:
    sys.exit("does not hold: %s; headers %s; text %r" % (wrong, m.items(), text))
PY
}

# --- the message
configure good 'to = second@sink.example'
check "mail over STARTTLS" run 0 change
check "sent at once" told "sent 1, queued 0"
check "both recipients have it" eval 'mail_wait ops 1 && mail_wait second 1'
listed='203.0.113.25 is listed on zen.example: 127.0.0.2 (€ <b>"Müll"</b>)'
check "headers" message ops 'not defects' 'm["From"] == "mailready <reports@test.example>"' \
	'm["To"] == "ops@sink.example, second@sink.example"' \
	"len(m['Subject']) <= 70" "m['Subject'].startswith('[mailready] outbound 1 FAIL: ' + '$listed'[:20])" \
	'email.utils.parsedate_to_datetime(m["Date"]).timestamp() == 1790000000' \
	're.fullmatch("<[0-9a-f]{32}@test.example>", m["Message-ID"])' \
	'm["Auto-Submitted"] == "auto-generated"' 'm["MIME-Version"] == "1.0"' \
	'parts == ["multipart/alternative", "text/plain", "text/html"]' 'm.get_all("Subject").__len__() == 1'
check "seven bits and short lines" message ops 'all(c < 128 for c in raw)' \
	'all(len(line) <= 998 for line in raw.split(b"\n"))'
check "both parts say it" message ops "'$listed' in ' '.join(text.split())" "'$listed' in page.words" \
	'"What to do: Ask for removal at" in text' '"Ask for removal at" in page.words' \
	'"Unchanged: nothing." in text' '"(was PASS)" in text' 'page.tags.count("b") == 0' \
	'"script" not in page.tags' '"img" not in page.tags' 'page.tags.count("a") == 1' \
	'"href=\"https://zen.example/remove\"" in html_part'
check "over TLS" message ops 'any("TLSv1.3" in h for h in m.get_all("Received"))' \
	'any("ESMTPS" in h for h in m.get_all("Received"))'
check "nothing changed, nothing sent" eval 'run 1 nothing && told "sent 0, queued 0" && mail_wait ops 1'
fresh
check "smtps" eval 'configure wrapper && run 0 change && told "sent 1, queued 0" && mail_wait ops 1'
fresh
check "without TLS to this machine" eval \
	'configure plain "tls = never" && run 0 change && told "sent 1, queued 0" && mail_wait ops 1'

# --- logging in
login=("user = reporter@test.example" "password-file = $dir/password")
quiet() { ! grep -qi 's3cret' "$out" "$err" || { echo "the password was shown"; return 1; }; }
if [[ -n $has_login ]]; then
	fresh
	configure auth "${login[@]}"
	check "login" eval 'run 0 change && told "sent 1, queued 0" && mail_wait ops 1'
	check "logged in" message ops 'any("reporter@test.example" in h for h in m.get_all("Received"))'
	fresh
	echo wrong-password >"$dir/wrong"
	chmod 600 "$dir/wrong"
	configure auth "user = reporter@test.example" "password-file = $dir/wrong"
	check "wrong password" eval 'run 0 change && told "sent 0, queued 1" && said "the login is refused: 535" && quiet'
	configure auth
	check "no login" eval 'run 1 nothing; said "refused"'
	configure auth "${login[@]}"
	check "sent when the password is right" eval 'run 10 nothing && told "sent 1, queued 0" && mail_wait ops 1'
else
	echo "skip notify login: no saslpasswd2, or no SASL modules"
fi
fresh
cp "$dir/password" "$dir/open"
chmod 644 "$dir/open"
configure auth "user = reporter@test.example" "password-file = $dir/open"
check "a password that others may read" eval '! run 0 test || false; said "chmod 600" && quiet'

# --- servers that cannot be trusted, or reached: VARIANT WORDS [CA]
cannot() {
	fresh
	ca=${3:-} configure "$1"
	timeout=1s
	run 0 change && told "sent 0, queued 1" && said "$2" && said "tried again in 1 min"
}
check "expired certificate" cannot expired "its certificate is not trusted"
check "certificate for another name" cannot wrong "its certificate is not trusted"
check "certificate of a stranger" cannot good "its certificate is not trusted" "$pki/stranger.pem"
check "no TLS offered" cannot plain "does not offer STARTTLS"
check "nobody listens" cannot closed "no connection"
timeout=1s
check "a silent server" cannot silent "no connection, or no greeting, in time"
timeout=10s
configure good
check "sent later, once the server is there" eval 'run 5 nothing && told "sent 1, queued 0" && mail_wait ops 1'
check "and once only" eval 'run 500 nothing && told "sent 0, queued 0" && mail_wait ops 1'

# --- one of several recipients is refused
fresh
configure good 'to = nobody@sink.example'
check "one is refused" eval 'run 0 change && told "sent 1, queued 1" && said "nobody@sink.example is refused: 550 5.1.1"'
check "the other has it" mail_wait ops 1
check "only the refused one is tried again" eval \
	'run 2 nothing && told "sent 0, queued 1" && said "every recipient is refused: 550" && mail_wait ops 1'
configure good
check "dropped when it is no longer configured" eval \
	'run 200 nothing && told "sent 0, queued 0" && said "dropped" && mail_wait ops 1'

# --- killed in the middle, and two at once
fresh
configure silent
"$drive" "$dir/conf" "$dir/history.db" "$start" change >"$out" 2>"$err" &
victim=$!
for _ in $(seq 100); do
	[[ ! -s $dir/history.db ]] || [[ $(sqlite3 "$dir/history.db" 'SELECT tries FROM message' 2>/dev/null) != 1 ]] || break
	sleep 0.05
done
kill -9 "$victim"
wait "$victim" 2>/dev/null || true
configure good
check "killed: others wait for the lease" eval 'run 0 nothing && told "sent 0, queued 1" && mail_wait ops 0'
at_once() {
	local pids=() i
	for i in 1 2 3 4; do
		"$drive" "$dir/conf" "$dir/history.db" $((start + 12 * minute)) nothing >"$dir/out.$i" 2>&1 &
		pids+=($!)
	done
	wait "${pids[@]}"
	[[ $(cat "$dir"/out.? | grep -c '^sent 1') -eq 1 ]] || { cat "$dir"/out.?; return 1; }
	mail_wait ops 1
}
check "then it is sent, by one of four" at_once

# --- the webhook
echo 'webhook key' >"$dir/key"
chmod 600 "$dir/key"
cat >"$dir/hook.py" <<'PY'
import hashlib, hmac, http.server, json, sys, threading, time
key, log = open(sys.argv[1], "rb").readline().strip(), open(sys.argv[2], "a")
answers = [500, 302, 404, 204]
class Hook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        fields = dict(f.split("=", 1) for f in self.headers["Mailready-Signature"].split(","))
        want = hmac.new(key, fields["t"].encode() + b"." + body, hashlib.sha256).hexdigest()
        status = answers.pop(0) if answers else 204
        print(json.dumps({"good": hmac.compare_digest(want, fields["v1"]), "t": int(fields["t"]),
            "id": self.headers["Mailready-Id"], "type": self.headers["Content-Type"],
            "status": status, "path": self.path, "body": json.loads(body)}), file=log, flush=True)
        self.send_response(status)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()
    def log_message(self, *args):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
print(server.server_port, flush=True)
threading.Timer(250, lambda: server.shutdown()).start()
server.serve_forever()
PY
python3 "$dir/hook.py" "$dir/key" "$dir/hook.log" >"$dir/hook.port" &
hook_pid=$!
for _ in $(seq 100); do [[ ! -s $dir/hook.port ]] || break; sleep 0.05; done
fresh
cat >"$dir/conf" <<CONF
[webhook]
url = http://127.0.0.1:$(cat "$dir/hook.port")/hooks/secret-path
secret-file = $dir/key
CONF
private() { ! grep -q 'secret-path\|webhook key' "$out" "$err" || { echo "a secret was shown"; return 1; }; }
check "webhook: 500" eval 'run 0 change && told "sent 0, queued 1" && said "it answers 500" && private'
check "webhook: a redirect" eval 'run 2 nothing && told "sent 0, queued 1" && said "redirects are not followed"'
check "webhook: 404" eval 'run 10 nothing && told "sent 0, queued 1" && said "it answers 404"'
check "webhook: taken" eval 'run 60 nothing && told "sent 1, queued 0"'
check "webhook: once" eval 'run 600 nothing && told "sent 0, queued 0"'
check "webhook: what arrived" python3 - "$dir/hook.log" data/notify.schema.json <<'PY'
import json, sys, jsonschema
got = [json.loads(line) for line in open(sys.argv[1])]
schema = json.load(open(sys.argv[2]))
assert [g["status"] for g in got] == [500, 302, 404, 204], got
assert all(g["good"] for g in got), "a signature is wrong"
assert [g["t"] - 1790000000 for g in got] == [0, 120, 600, 3600], [g["t"] for g in got]
assert len({g["id"] for g in got}) == 1 and got[0]["id"] == got[0]["body"]["id"]
assert all(g["path"] == "/hooks/secret-path" and g["type"] == "application/json" for g in got)
for g in got:
    jsonschema.Draft202012Validator(schema).validate(g["body"])
assert got[0]["body"] == got[3]["body"] and got[0]["body"]["kind"] == "change"
assert got[0]["body"]["servers"][0]["changes"][0]["id"] == "dnsbl.listed"
PY
check "goldens are valid" python3 - data/notify.schema.json tests/golden/notify-*.json <<'PY'
import json, sys, jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
for name in sys.argv[2:]:
    jsonschema.Draft202012Validator(schema).validate(json.load(open(name)))
assert len(sys.argv) > 4
PY

# --- the program, and all three together
cat >"$dir/program" <<SH
#!/bin/sh
cat >>$dir/program.got
SH
chmod 700 "$dir/program"
fresh
configure closed
cat >>"$dir/conf" <<CONF
[webhook]
url = http://127.0.0.1:$(cat "$dir/hook.port")/
secret-file = $dir/key
[command]
program = $dir/program
CONF
check "each channel for itself" eval 'run 0 change && told "sent 2, queued 1" && said "no connection"'
check "the program got it" python3 -c 'import json, sys; assert json.load(open(sys.argv[1]))["kind"] == "change"' \
	"$dir/program.got"
check "the test tries all of them" eval '! run 0 test || false; told "webhook: a test message was accepted (the webhook)" &&
	told "command: a test message was accepted ($dir/program)" && said "error 69: mail: smtp://localhost:"'
exit "$failed"
