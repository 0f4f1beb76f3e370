#!/usr/bin/env bash
# variants: release
# Messages that another program has signed (dkimpy), keys that a real name server publishes (Knot), and what
# becomes of a signature when the message, its key or its time is changed.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 70
PATH=$PATH:/usr/sbin:/sbin
# shellcheck disable=SC1091
source tests/integration/expect.sh
bin=${MAILREADY:-$PWD/build/release/mailready}
for program in knotd dig openssl /usr/bin/python3; do
	command -v "$program" >/dev/null || { echo "skip dkim: no $program"; exit 0; }
done
/usr/bin/python3 -c 'import dkim, nacl' 2>/dev/null || { echo "skip dkim: no python3-dkim"; exit 0; }
tmp=$(mktemp -d "${TEST_TMP:-/tmp}/dkim.XXXXXX") || exit 70
server=''
# shellcheck disable=SC2317 # run by the trap
stop() {
	[[ -z $server ]] || { kill "$server" && wait "$server"; } 2>/dev/null
	rm -rf "$tmp"
}
trap stop EXIT
trap 'exit 143' TERM INT
unset XDG_CONFIG_HOME XDG_STATE_HOME XDG_CACHE_HOME
export HOME=$tmp/home
mkdir "$HOME" "$tmp/zones"

# --- keys
for bits in 512 1024 2048; do
	openssl genrsa -traditional -out "$tmp/rsa$bits.pem" "$bits" 2>/dev/null
done
public() { openssl rsa -in "$tmp/rsa$1.pem" -pubout -outform DER 2>/dev/null | base64 -w0; }
/usr/bin/python3 - "$tmp" <<'END'
import base64, sys, nacl.signing
key = nacl.signing.SigningKey.generate()
open(sys.argv[1] + '/ed.key', 'wb').write(base64.b64encode(bytes(key)))
open(sys.argv[1] + '/ed.pub', 'wb').write(base64.b64encode(bytes(key.verify_key)))
END
record() { # SELECTOR TEXT: a TXT record in strings of 200 bytes
	printf '%s._domainkey TXT (' "$1"
	fold -w 200 <<<"$2" | sed 's/.*/ "&"/' | tr -d '\n'
	printf ' )\n'
}
{
	# shellcheck disable=SC2016 # a zone file's $
	printf '%s\n' '$TTL 300' '@ SOA ns.example.com. hostmaster.example.com. 1 3600 600 86400 60' \
		'@ NS ns.example.com.' 'ns A 127.0.0.1' '_domainkey TXT "o=~"'
	for bits in 512 1024 2048; do record "rsa$bits" "v=DKIM1; k=rsa; p=$(public $bits)"; done
	record ed "v=DKIM1; k=ed25519; p=$(<"$tmp/ed.pub")"
	record other "v=DKIM1; p=$(public 1024)"
	record revoked 'v=DKIM1; p='
	record cut "v=DKIM1; p=$(public 2048 | head -c 200)"
	record test "v=DKIM1; t=y; p=$(public 2048)"
	record two "v=DKIM1; p=$(public 1024)"
	record two "v=DKIM1; p=$(public 2048)"
	record s1 "v=DKIM1; p=$(public 2048)"
} >"$tmp/zones/example.com.zone"
port=$(tests/tools/ports 1)
cat >"$tmp/knot.conf" <<END
server:
    rundir: "$tmp"
    listen: 127.0.0.1@$port
database:
    storage: "$tmp"
zone:
  - domain: example.com
    file: "$tmp/zones/example.com.zone"
END
knotd -c "$tmp/knot.conf" >"$tmp/knot.log" 2>&1 &
server=$!
for _ in $(seq 100); do
	[[ $(dig +short +tries=1 +time=1 -p "$port" @127.0.0.1 example.com SOA 2>/dev/null) != *hostmaster* ]] || break
	sleep 0.1
done
check=("$bin" check 203.0.113.25 --only dkim --no-smtp --resolver "127.0.0.1#$port" --authority-port "$port" --authority never)

# --- keys by name
key() { expect "$1" "$2" "$3" "${check[@]}" --dkim "example.com/$4"; }
key "a key of 2048 bits" 0 "2048-bit RSA" rsa2048
key "a key of 1024 bits is small" 0 "2048 are advised" rsa1024
key "a key of 512 bits is too short" 1 "it has 512 bits, of 1024" rsa512
key "an Ed25519 key" 0 "Ed25519" ed
key "a revoked key" 1 "p is empty" revoked
key "a key that was cut" 1 "may have been cut" cut
key "a key under test" 0 "still testing DKIM" test
key "two keys" 1 "several key records" two
key "no key" 1 "there is no key" none
expect "guessing" 2 "guessed: s1._domainkey.example.com: 2048-bit RSA" \
	"${check[@]}" --from example.com --guess-selectors
expect "a domain alone" 2 "taken as good" "${check[@]}" --dkim example.com
expect "a selector that is not one" 64 "its selector is not a valid one" "${check[@]}" --dkim example.com/a..b

# --- messages
cat >"$tmp/plain.eml" <<'END'
From: Joe <joe@example.com>
To: Suzie <suzie@example.net>
Subject: Is  dinner ready?
Date: Mon, 30 Nov 2026 08:00:00 +0000
Message-ID: <1@example.com>

Hi.

We lost the  game. Are you hungry yet?

Joe.


END
sign() { # OUTPUT SELECTOR KEY ARGUMENTS OF dkim.sign()
	/usr/bin/python3 - "$tmp/plain.eml" "$tmp/$1.eml" "$2" "$tmp/$3" "$4" <<'END'
import sys, dkim
text = open(sys.argv[1], 'rb').read().replace(b'\n', b'\r\n')
line = eval("dkim.sign(text, sys.argv[3].encode(), b'example.com', open(sys.argv[4], 'rb').read(), " + sys.argv[5] + ")")
open(sys.argv[2], 'wb').write(line + text)
END
}
message() { # NAME STATUS WORD FILE
	expect "$1" "$2" "$3" "${check[@]}" --message "$tmp/$4.eml"
}
for header in simple relaxed; do
	for body in simple relaxed; do
		sign "$header-$body" rsa2048 rsa2048.pem "canonicalize=(b'$header', b'$body')"
		message "signed $header/$body" 0 "verifies: 2048-bit RSA" "$header-$body"
		sed 's/^We lost/We won/' "$tmp/$header-$body.eml" >"$tmp/changed.eml"
		message "another body, $header/$body" 1 "the body was changed" changed
		sed 's/^Subject: Is/Subject: [list] Is/' "$tmp/$header-$body.eml" >"$tmp/changed.eml"
		message "another subject, $header/$body" 1 "a signed header field was changed" changed
	done
done
tr -d '\r' <"$tmp/relaxed-relaxed.eml" >"$tmp/lf.eml"
message "stored with LF alone" 0 "verifies" lf
sed 's/  / /g; s/^Subject: /SUBJECT:/' "$tmp/relaxed-relaxed.eml" >"$tmp/blanks.eml"
message "blanks changed under relaxed" 0 "verifies" blanks
sed 's/^Subject: Is  dinner/Subject: Is dinner/' "$tmp/simple-simple.eml" >"$tmp/blanks.eml"
message "blanks changed under simple" 1 "header" blanks
sign ed ed ed.key "signature_algorithm=b'ed25519-sha256'"
message "signed with Ed25519" 0 "verifies: Ed25519" ed
sign length rsa2048 rsa2048.pem "length=True"
printf 'a footer\r\n' >>"$tmp/length.eml"
message "a footer below l=" 0 "covers the first" length
sign other other rsa2048.pem ""
message "another key signed" 1 "another key signed it" other
sign gone none rsa2048.pem ""
message "the key is missing" 1 "there is no key at none._domainkey.example.com" gone
sign revoked revoked rsa2048.pem ""
message "the key was revoked" 1 "p is empty" revoked
sign sha1 rsa2048 rsa2048.pem "signature_algorithm=b'rsa-sha1'"
message "rsa-sha1" 1 "counts for nothing" sha1
sed 's/; t=[0-9]*/; t=1; x=2/' "$tmp/simple-simple.eml" >"$tmp/late.eml"
message "a changed signature" 1 "does not verify" late
cp "$tmp/plain.eml" "$tmp/unsigned.eml"
message "no signature" 0 "has no DKIM-Signature field" unsigned

# --- one good signature beside a broken one is enough; what is stored is judged the same
cat <(sed '/^From:/,$d' "$tmp/gone.eml") "$tmp/ed.eml" >"$tmp/both.eml"
message "one of two verifies" 0 "cannot be verified" both
expect "facts of a message" 0 "" "${check[@]}" --message "$tmp/both.eml" -v --dump-facts "$tmp/facts.json"
mv "$tmp/out" "$tmp/first"
expect "judged again" 0 "verifies: Ed25519" "$bin" judge -v "$tmp/facts.json"
verdict "it says the same" "$(diff <(grep -v ' ms$' "$tmp/first") <(grep -v ' ms$' "$tmp/out"))"
verdict "the text of the message is not in the facts" "$(grep -c 'hungry' "$tmp/facts.json" | grep -v '^0$')"

# --- 50 MB
/usr/bin/python3 - "$tmp/plain.eml" <<'END'
import sys
open(sys.argv[1], 'ab').write(b''.join(b'%070d\n' % i for i in range(700000)))
END
sign large rsa2048 rsa2048.pem "canonicalize=(b'relaxed', b'relaxed')"
# shellcheck disable=SC2016 # the other shell's words
expect "a body of 50 MB, in 100 MB of memory" 0 "verifies" \
	bash -c 'ulimit -v "$1" && shift && exec "$@"' - 400000 "${check[@]}" --message "$tmp/large.eml"

# --- what is not a message
expect "no file" 66 "nothing.eml" "${check[@]}" --message "$tmp/nothing.eml"
printf 'hello\n' >"$tmp/text.eml"
expect "not a message" 65 "does not begin with header fields" "${check[@]}" --message "$tmp/text.eml"
{ yes $'X-Filler: a line of the header\r' | head -n 10000; cat "$tmp/ed.eml"; } >"$tmp/long.eml"
message "10,000 header lines above" 0 "verifies" long
printf 'From: a@example.com\nContent-Type: multipart/mixed; boundary="b\n\n--b\nContent-Type: multipart/;;=\n\n--b--b\n' >"$tmp/mime.eml"
expect "broken MIME is only a body" 0 "has no DKIM-Signature field" "${check[@]}" --message "$tmp/mime.eml"
printf 'From: a@example.com\rTo: b@example.com\r\rbody\r' >"$tmp/cr.eml"
expect "CR alone" 0 "4 bytes of CR" "${check[@]}" --message "$tmp/cr.eml" -v
yes 'X-Filler: a line of the header' | head -n 50000 >"$tmp/endless.eml"
expect "a header without an end" 65 "has over 20000 fields" "${check[@]}" --message "$tmp/endless.eml"
