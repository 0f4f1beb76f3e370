#!/usr/bin/env bash
# variants: release
# Messages that a real Postfix took over loopback, for clients whose addresses it was made to see: the hop that
# counts, forged lines below it, and the checks of real records.
set -u
bin="" tmp="" world=() # by the world
# shellcheck disable=SC1091
source "$(dirname "${BASH_SOURCE[0]}")/fix_world.sh"
dir='' pki='' # by the world
: "$pki"
declare -A port
# shellcheck disable=SC1091
source tests/integration/mail_world.sh
/usr/bin/python3 -c 'import dkim' 2>/dev/null || { echo "skip received: no python3-dkim"; exit 0; }
trap 'mail_world_stop; stop' EXIT
openssl genrsa -traditional -out "$tmp/key.pem" 2048 2>/dev/null
key=$(openssl rsa -in "$tmp/key.pem" -pubout -outform DER 2>/dev/null | base64 -w0)
# shellcheck disable=SC2034 # used by the world
declare -A extra=(
	["example.com"]="out A 203.0.113.90
@ MX 10 out
@ TXT \"v=spf1 ip4:203.0.113.90 -all\"
_dmarc TXT \"v=DMARC1; p=reject\"
s1._domainkey TXT ( \"v=DKIM1; k=rsa; p=${key:0:200}\" \"${key:200}\" )"
	["113.0.203.in-addr.arpa"]="90 PTR out.example.com.
91 PTR nowhere.example.com."
)
start_world
mail_world_start received
as_root postconf -c "$dir/etc" -e smtpd_authorized_xclient_hosts=127.0.0.0/8
as_root timeout 30 postfix -c "$dir/etc" reload 2>/dev/null
checks=("${world[@]}" --no-smtp --lists "$tmp/lists" --cache none)
: >"$tmp/lists"
only=(--only "ptr,iprev,ehlo,spf,dkim,dmarc")

cat >"$tmp/plain.eml" <<'END'
Received: from relay.bank.example (relay.bank.example [192.0.2.66])
	by mx1.test.example (Postfix) with ESMTPS id 4FORGED; Mon, 30 Nov 2026 07:00:00 +0000
Authentication-Results: mx1.test.example; dmarc=pass header.from=bank.example
From: Joe <joe@example.com>
To: ops@sink.example
Subject: Is dinner ready?
Date: Mon, 30 Nov 2026 08:00:00 +0000
Message-ID: <1@example.com>

Hi.
END
/usr/bin/python3 - "$tmp" <<'END'
import sys, dkim
text = open(sys.argv[1] + '/plain.eml', 'rb').read().replace(b'\n', b'\r\n')
key = open(sys.argv[1] + '/key.pem', 'rb').read()
open(sys.argv[1] + '/signed.eml', 'wb').write(dkim.sign(text, b's1', b'example.com', key) + text)
END
deliver() { # ADDRESS PTR EHLO SENDER FILE: into $tmp/got.eml, as Postfix delivered it
	mail_empty
	python3 - "${port[good]}" "$@" <<'END' || { echo "Postfix did not take it"; return 1; }
import smtplib, sys
port, address, ptr, ehlo, sender, path = sys.argv[1:]
s = smtplib.SMTP('127.0.0.1', int(port), local_hostname=ehlo)
s.ehlo()
assert s.docmd('XCLIENT', f'ADDR={address} NAME={ptr}')[0] == 220
s.ehlo()
s.sendmail(sender, ['ops@sink.example'], open(path, 'rb').read())
s.quit()
END
	mail_wait ops 1 >"$tmp/waited" || { cat "$tmp/waited"; return 1; }
	as_root sh -c "cat $dir/mail/ops/new/*" >"$tmp/got.eml"
}
received() { timeout 60 "$bin" received "${checks[@]}" "$@"; }
is() { # NAME PYTHON: true of the object d of the last output
	verdict "$1" "$(python3 -c "
import json
d = json.load(open('$tmp/out'))
raise SystemExit(not ($2))" 2>&1 || echo "not $2: $(head -c 900 "$tmp/out" "$tmp/err" | tr '\n' '|')")"
}
valid() { # NAME: the last output follows both schemas
	local why
	why=$(python3 -c "
import json, jsonschema
d = json.load(open('$tmp/out'))
jsonschema.Draft202012Validator(json.load(open('data/received.schema.json'))).validate(d)
jsonschema.Draft202012Validator(json.load(open('data/report.schema.json'))).validate(d['report'])" 2>&1) && why=""
	verdict "$1" "$(tail -n 3 <<<"$why")"
}

verdict "a good server's mail" "$(deliver 203.0.113.90 out.example.com out.example.com bounce@example.com "$tmp/signed.eml")"
expect "its checks" 0 "out.example.com, as the receiver saw it" received "${only[@]}" "$tmp/got.eml"
says "what is below is named" "1 field that the sender may have written"
says "the report follows" "203.0.113.90"
expect "as JSON" 0 "" received "${only[@]}" --json "$tmp/got.eml"
valid "as JSON: its schema"
is "the hop" "(h := d['hop'])['address'] == '203.0.113.90' and h['number'] == 1 and h['of'] == 2 and h['ehlo'] == 'out.example.com' and h['ptr'] == 'seen' and h['by'] == 'mx1.test.example'"
is "its names" "d['sender_known'] and d['sender_domain'] == 'example.com' == d['from_domain']"
is "the forged result is not the receiver's" "d['results'] == []"
is "SPF, DKIM and DMARC pass" "d['report']['verdict'] == 'pass' and d['report']['dmarc']['result'] == 'pass'"
verdict "no local part is shown" "$(grep -n 'bounce@\|joe@\|ops@' "$tmp/out")"
expect "on standard input" 0 "203.0.113.90" bash -c 'timeout 60 "$@" <"'"$tmp/got.eml"'"' - "$bin" received "${checks[@]}" "${only[@]}"
expect "the forged hop, when its writer is trusted" 1 "192.0.2.66" received "${only[@]}" --trust 203.0.113.0/24 "$tmp/got.eml"

# what a receiver found, beside what is found now
{
	echo 'Authentication-Results: mx1.test.example; spf=fail smtp.mailfrom=bounce@example.com;'
	echo ' dkim=pass header.d=example.com header.s=s1; dmarc=pass header.from=example.com; iprev=pass policy.iprev=203.0.113.90'
	cat "$tmp/got.eml"
} >"$tmp/judged.eml"
expect "then and now" 0 "differs" received "${only[@]}" "$tmp/judged.eml"
expect "then and now as JSON" 0 "" received "${only[@]}" --json "$tmp/judged.eml"
valid "then and now: the schema"
is "SPF differs, the others are the same" "{r['method']: r['agree'] for r in d['results']} == {'spf': 'differs', 'dkim': 'same', 'dmarc': 'same', 'iprev': 'same'} and all(r['certain'] for r in d['results'])"
expect "a check that did not run" 0 "" received --only spf --json "$tmp/judged.eml"
is "is not judged" "{r['method']: r['agree'] for r in d['results']}['dkim'] == 'not-judged'"
sed 's/dinner/supper/' "$tmp/judged.eml" >"$tmp/changed.eml"
expect "a message that was changed" 1 "" received "${only[@]}" --json "$tmp/changed.eml"
is "its signature fails now" "[r['now'] for r in d['results'] if r['method'] == 'dkim'] == ['fail']"

verdict "a bad server's mail" "$(deliver 203.0.113.91 '[UNAVAILABLE]' nowhere.example.com bounce@example.com "$tmp/plain.eml")"
expect "its checks fail" 1 "none that the receiver believed" received "${only[@]}" "$tmp/got.eml"
expect "as JSON, failed" 1 "" received "${only[@]}" --json "$tmp/got.eml"
valid "as JSON, failed: its schema"
is "SPF and the names fail" "d['hop']['ptr'] == 'none' and d['report']['spf']['result'] == 'fail' and d['report']['iprev']['result'] == 'fail'"
verdict "a bounce" "$(deliver 203.0.113.90 out.example.com out.example.com '' "$tmp/plain.eml")"
expect "has the empty sender" 0 "the empty one of bounces" received --only spf "$tmp/got.eml"

# --- messages that have no such hop
sed '1,3d' "$tmp/plain.eml" >"$tmp/none.eml"
expect "no Received field" 65 "it has no Received field" received "$tmp/none.eml"
verdict "from the machine itself" "$(deliver 127.0.0.1 localhost localhost bounce@example.com "$tmp/none.eml")"
expect "no hop from outside" 65 "a hop inside the receiver" received "$tmp/got.eml"
printf 'Received: from a.example by b.example with ESMTP; x\nFrom: a@example.com\n\n' >"$tmp/odd.eml"
expect "no address" 65 "does not say from which address" received "$tmp/odd.eml"
head -c 300000 /dev/urandom >"$tmp/random.eml"
expect "not a message" 65 "" received "$tmp/random.eml"
expect "no file" 66 "" received "$tmp/missing.eml"
expect "two files" 64 "expected one message" received "$tmp/odd.eml" "$tmp/odd.eml"
expect "not a network" 64 "is not an address, a block" received --trust mx.example.net "$tmp/odd.eml"
