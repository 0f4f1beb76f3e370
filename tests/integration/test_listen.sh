#!/usr/bin/env bash
# variants: release
# The sink: a real Postfix and swaks deliver to it, clients that are hostile or late do what they like, and the
# checks run with what was said, against real records.
set -u
bin="" tmp="" world=() # by the world
# shellcheck disable=SC1091
source "$(dirname "${BASH_SOURCE[0]}")/fix_world.sh"
dir='' pki='' # by the world
: "$pki"
declare -A port
# shellcheck disable=SC1091
source tests/integration/postfix_world.sh
/usr/bin/python3 -c 'import dkim' 2>/dev/null || { echo "skip listen: no python3-dkim"; exit 0; }
trap 'postfix_stop; stop' EXIT
openssl genrsa -traditional -out "$tmp/key.pem" 2048 2>/dev/null
key=$(openssl rsa -in "$tmp/key.pem" -pubout -outform DER 2>/dev/null | base64 -w0)
# shellcheck disable=SC2034 # used by the world
declare -A extra=(
	["example.com"]="out A 203.0.113.90
@ MX 10 out
@ TXT \"v=spf1 ip4:203.0.113.90 -all\"
out TXT \"v=spf1 ip4:203.0.113.90 -all\"
_dmarc TXT \"v=DMARC1; p=reject\"
s1._domainkey TXT ( \"v=DKIM1; k=rsa; p=${key:0:200}\" \"${key:200}\" )"
	["113.0.203.in-addr.arpa"]="90 PTR out.example.com."
)
start_world
read -r at < <(tests/tools/ports 1)
look=("${world[@]}" --no-smtp --only "ptr,iprev,ehlo,spf,dkim,dmarc" --port "$at")
listen_pid=''
begin() { # OPTION...: in the background, until it takes connections
	: >"$tmp/err"
	timeout 100 "$bin" listen "${look[@]}" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null &
	listen_pid=$!
	for _ in $(seq 100); do
		! grep -q 'listening on' "$tmp/err" || return 0
		sleep 0.05
	done
}
ends() { # NAME STATUS WORD
	local got why=''
	wait "$listen_pid"
	got=$?
	[[ $got == "$2" ]] || why="exit $got, expected $2: $(head -c 600 "$tmp/err" "$tmp/out" | tr '\n' '|')"
	[[ -z $3 ]] || grep -qF -- "$3" "$tmp/out" "$tmp/err" || why+=" does not say '$3': $(head -c 600 "$tmp/err" "$tmp/out" | tr '\n' '|')"
	verdict "$1" "$why"
}
valid() { # NAME: the last output follows both schemas
	local why
	why=$(python3 -c "
import json, jsonschema
for line in open('$tmp/out'):
    d = json.loads(line)
    jsonschema.Draft202012Validator(json.load(open('data/listen.schema.json'))).validate(d)
    if d['report'] is not None:
        jsonschema.Draft202012Validator(json.load(open('data/report.schema.json'))).validate(d['report'])" 2>&1) && why=""
	verdict "$1" "$(tail -n 3 <<<"$why")"
}
is() { # NAME PYTHON: true of the objects d of the last output, e is the first
	verdict "$1" "$(python3 -c "
import json
d = [json.loads(l) for l in open('$tmp/out')]
e = d[0] if d else None
raise SystemExit(not ($2))" 2>&1 || echo "not $2: $(head -c 900 "$tmp/out" "$tmp/err" | tr '\n' '|')")"
}
printf 'From: Joe <joe@example.com>\nTo: ops@sink.example\nSubject: x\nDate: Mon, 30 Nov 2026 08:00:00 +0000\nMessage-ID: <1@example.com>\n\nHi.\n.\nEnd\n' >"$tmp/plain.eml"
/usr/bin/python3 - "$tmp" <<'END'
import sys, dkim
text = open(sys.argv[1] + '/plain.eml', 'rb').read().replace(b'\n', b'\r\n')
key = open(sys.argv[1] + '/key.pem', 'rb').read()
open(sys.argv[1] + '/signed.eml', 'wb').write(dkim.sign(text, b's1', b'example.com', key) + text)
END
client() { # PYTHON: with s, an smtplib client that is connected
	timeout 60 python3 - "$at" "$tmp" <<END 2>&1
import smtplib, socket, ssl, sys
port, tmp = int(sys.argv[1]), sys.argv[2]
signed = open(tmp + '/signed.eml', 'rb').read()
plain = open(tmp + '/plain.eml', 'rb').read()
no_check = ssl._create_unverified_context()
def connect(name='out.example.com'):
    return smtplib.SMTP('127.0.0.1', port, local_hostname=name, timeout=20)
$1
END
}

# --- one delivery, over TLS
begin --ip 203.0.113.90 --json --save "$tmp"
verdict "a client delivers over TLS" "$(client "
s = connect(); s.starttls(context=no_check)
s.sendmail('bounce@example.com', ['ops@sink.example', 'two@sink.example'], signed); s.quit()")"
ends "a good server" 0 ""
valid "its schema"
is "what it said" "len(d) == 1 and e['address'] == '127.0.0.1' and e['address_judged'] == '203.0.113.90' and e['ehlo'] == 'out.example.com' and e['tls_version'] == 'TLSv1.3' and e['sender_domain'] == e['from_domain'] == 'example.com' and e['recipients'] == 2 and e['refused'] == 'nowhere'"
is "its signature" "e['signatures'] == [{'domain': 'example.com', 'selector': 's1', 'fault': None}]"
is "the checks with it" "e['report']['verdict'] == 'pass' and e['report']['dmarc']['result'] == 'pass' and e['report']['dkim'][0]['result'] == 'pass'" 2>/dev/null
verdict "the message is saved as it was sent" "$(cmp "$tmp/signed.eml" "$tmp/delivery-1.eml" 2>&1)"
verdict "for its owner alone" "$([[ $(stat -c %a "$tmp/delivery-1.eml") == 600 ]] || stat -c %a "$tmp/delivery-1.eml")"
begin --ip 203.0.113.90 --save "$tmp"
verdict "a second run delivers" "$(client "s = connect(); s.sendmail('', ['a@sink.example'], plain); s.quit()")"
ends "a saved message is not written over" 73 "delivery-1.eml: cannot be written"
verdict "nor is it named as this one" "$(grep -F "Saved" "$tmp/out")"
begin --ip 203.0.113.90
verdict "delivered in clear text" "$(client "s = connect('wrong.example.com'); s.sendmail('x@example.com', ['a@sink.example'], plain); s.quit()")"
ends "a server with a wrong name" 1 "wrong.example.com"
says "no TLS" "the client sent in clear text"
says "no signature" "there is no DKIM-Signature field"
begin --json
verdict "no address of the world" "$(client "s = connect(); s.sendmail('x@example.com', ['a@sink.example'], plain); s.quit()")"
look_plain=("${look[@]}")
ends "is special, which was allowed" 1 ""
look=(--no-smtp --resolver "127.0.0.1#$dns" --port "$at")
begin
verdict "an address that nobody sees" "$(client "s = connect(); s.sendmail('x@example.com', ['a@sink.example'], plain); s.quit()")"
ends "is not judged" 2 "the world does not see this address"
look=("${look_plain[@]}" --ip 203.0.113.90)

# --- refusing
for stage in connect ehlo mail rcpt data; do
	begin --refuse "$stage" --json
	client "
try:
    s = connect(); s.sendmail('joe@example.com', ['a@sink.example'], plain)
except smtplib.SMTPException as e:
    pass
else:
    print('was not refused')" >"$tmp/client"
	verdict "refused at $stage: the client sees it" "$(cat "$tmp/client")"
	wait "$listen_pid"
	valid "refused at $stage: its schema"
	is "refused at $stage" "len(d) == 1 and e['refused'] == '$stage' and e['report'] is not None"
done

# --- hostile clients, beside one that delivers
begin --json --count 2 --seconds 60
verdict "hostile clients" "$(client "
def raw(data, end=True):
    c = socket.create_connection(('127.0.0.1', port), timeout=20)
    c.recv(1000)
    if not end:
        return c
    try:
        c.sendall(data)
        c.shutdown(socket.SHUT_WR)
        while c.recv(65536): pass
    except OSError:
        pass # sent away
    c.close()
held = [raw(b'', end=False) for _ in range(5)]
raw(b'x' * 300000)
raw(bytes(range(256)) * 100 + b'\r\n')
raw(b'FOO\r\n' * 200)
raw(b'EHLO a\r\n' + b'MAIL FROM:<x>\r\nRSET\r\n' * 500)
raw(b'EHLO a\r\nMAIL FROM:<x>\r\n' + b'RCPT TO:<y>\r\n' * 3000)
raw(b'EHLO a\r\nSTARTTLS\r\nMAIL FROM:<injected>\r\n')
raw(b'EHLO a\r\nMAIL FROM:<x>\r\nRCPT TO:<y>\r\nDATA\r\nA: b\r\n')
s = connect(); s.starttls(context=no_check); s.sendmail('one@example.com', ['a@sink.example'], signed); s.quit()
c = socket.create_connection(('127.0.0.1', port), timeout=20); c.close()
for _ in range(20):
    held.append(socket.create_connection(('127.0.0.1', port), timeout=20))
for h in held: h.close()
import time; time.sleep(0.5)
s = connect(); s.sendmail('', ['a@sink.example'], b'From: <x@example.com>\r\n\r\n\x00\xff\r\n'); s.quit()")"
ends "both deliveries are there" 1 ""
is "and nothing of the hostile ones" "len(d) == 2 and d[0]['sender_domain'] == 'example.com' and d[1]['sender_known'] and d[1]['sender_domain'] is None"
valid "their schema"
begin --seconds 5
verdict "a client that says nothing" "$(client "
c = socket.create_connection(('127.0.0.1', port))
while c.recv(100): pass")"
ends "nothing was delivered" 69 "nothing was delivered in 5 s; 1 connection came"
begin
expect "the port is taken" 73 "cannot take connections" timeout 20 "$bin" listen --port "$at" --seconds 1
: >"$tmp/err"
kill "$listen_pid"; wait "$listen_pid" 2>/dev/null
expect "a word too many" 64 "was not expected" "$bin" listen 192.0.2.1

# --- swaks
if command -v swaks >/dev/null; then
	begin --json
	why=''
	swaks --server "127.0.0.1:$at" --tls --ehlo out.example.com --from bounce@example.com --to a@sink.example \
		--data "$tmp/signed.eml" >"$tmp/swaks" 2>&1 || why=$(tail -n 3 "$tmp/swaks")
	verdict "swaks delivers" "$why"
	ends "swaks: the checks" 0 ""
	is "swaks over TLS" "e['tls_version'] is not None and e['ehlo'] == 'out.example.com'"
else
	echo "skip swaks: it is not installed"
fi

# --- a real Postfix, which takes the mail first
postfix_needs "listen: Postfix"
postfix_begin good
make_cert good localhost 60
postfix_start "listen: Postfix" "relayhost = [127.0.0.1]:$at" "smtp_tls_security_level = may" "smtp_helo_name = out.example.com" \
	"smtpd_relay_restrictions = permit_mynetworks,reject" "default_transport = smtp" < <(listener good; echo 'smtp unix - - n - - smtp')
begin --json
verdict "Postfix takes the message" "$(timeout 60 python3 -c "
import smtplib
s = smtplib.SMTP('127.0.0.1', ${port[good]}, local_hostname='inside.example.com')
s.sendmail('bounce@example.com', ['ops@sink.example'], open('$tmp/signed.eml', 'rb').read()); s.quit()" 2>&1)"
ends "Postfix delivers, and is good" 0 ""
valid "Postfix: its schema"
is "Postfix says its own name, over TLS" "e['ehlo'] == 'out.example.com' and e['tls_version'] == 'TLSv1.3' and e['sender_domain'] == 'example.com' and e['report']['dmarc']['result'] == 'pass'"
begin --json --refuse rcpt
timeout 60 python3 -c "
import smtplib
s = smtplib.SMTP('127.0.0.1', ${port[good]}, local_hostname='inside.example.com')
s.sendmail('bounce@example.com', ['ops@sink.example'], open('$tmp/signed.eml', 'rb').read()); s.quit()"
ends "Postfix is refused" 0 ""
for _ in $(seq 100); do
	! as_root grep -q 'status=bounced' "$dir/log/mail.log" || break
	sleep 0.1
done
as_root cat "$dir/log/mail.log" >"$tmp/mail.log"
expect "its own log is explained" 2 "" timeout 20 "$bin" explain --json --offline "$tmp/mail.log"
is "the refusal of the log" "[x for x in d if x['code'] == 550 and x['status'] == '5.7.1' and x['stage'] == 'rcpt' and 'as --refuse asks' in x['text']]"
