#!/usr/bin/env bash
# The SMTP dialogue with a real Postfix on loopback: certificates good, expired, for another name,
# of nobody's authority; a banner that differs from the EHLO reply; no STARTTLS; TLS from the first
# byte; a refusal; a delayed greeting.  No DNS server and no mail: the names come from a file of
# planned records.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
bin=${MAILREADY:-$PWD/build/release/mailready}
name=postfix

dir='' pki=''
declare -A port
# shellcheck disable=SC1091
source tests/integration/postfix_world.sh

[[ -x $bin ]] || { echo "not ok $name: $bin is not there"; exit 1; }
postfix_needs "$name"
trap postfix_stop EXIT
trap 'exit 130' INT TERM
postfix_begin good wild soon expired wrong plain wrapper nokey refusing slow closed
make_cert good mx1.test.example 60
make_cert wild '*.test.example' 60
make_cert soon mx1.test.example 5
make_cert expired mx1.test.example -1
make_cert wrong other.example 60
listeners() {
	local v
	for v in good wild soon expired wrong; do with_cert "$v"; done
	listener plain smtpd_tls_security_level=none '{ smtpd_banner = banner.other.example ESMTP }'
	listener wrapper smtpd_tls_wrappermode=yes
	listener nokey "smtpd_tls_key_file=$pki/none.key"
	listener refusing smtpd_client_restrictions=reject smtpd_delay_reject=no
	listener slow smtpd_delay_reject=no '{ smtpd_client_restrictions = sleep 4 }'
}
postfix_start "$name" "smtpd_relay_restrictions = reject" < <(listeners)

# The forward and reverse names of the server; whatever else is asked gets no answer.
cat >"$dir/world.zone" <<'ZONE'
$TTL 3600
1.0.0.127.in-addr.arpa. PTR mx1.test.example.
mx1.test.example. A 127.0.0.1
banner.other.example. A 192.0.2.1
ZONE

failed=0
limit=(--timeout 2)
# VARIANT CERT-FILE PYTHON...: runs the check on a listener; each PYTHON must hold, of the report r,
# the SMTP part s, the EHLO part e, and the findings f (verdict by rule id)
judge() {
	local test=$1 file=$dir/$1.json why status=0
	SSL_CERT_FILE=$2 SSL_CERT_DIR=/nonexistent "$bin" check 127.0.0.1 --allow-special \
		--only smtp,ehlo --smtp-port "${port[${1%%-*}]}" --resolver "127.0.0.1#${port[closed]}" \
		--planned "$dir/world.zone" "${limit[@]}" --json >"$file" 2>"$dir/err" || status=$?
	if why=$(python3 - "$file" "${@:3}" 2>&1 <<'PY'
import json, sys
r = json.load(open(sys.argv[1]))
s, e = r["smtp"], r["ehlo"]
f = {x["id"]: x["verdict"] for x in r["findings"]}
wrong = [rule for rule in sys.argv[2:] if not eval(rule)]
if wrong:
    sys.exit("does not hold: %s; smtp %s; ehlo %s; findings %s" % (wrong, s, e, f))
PY
	); then
		echo "ok $test"
	else
		echo "not ok $test: exit $status, $(tr '\n' ' ' <<<"$why $(head -c 300 "$dir/err")")"
		failed=1
	fi
}
talked='s["status"] == "talked" and s["ehlo_name"] == "mx1.test.example"'
tls='s["tls"] == "done" and s["tls_version"] == "TLSv1.3"'
no_fault='all(v in ("pass", "info", "skip") for i, v in f.items() if i.startswith("smtp."))'

judge good "$pki/ca.pem" "$talked" "$tls" 's["banner_name"] == "mx1.test.example"' \
	's["cert"]["names"] == ["mx1.test.example"]' 's["cert"]["chain_good"]' \
	'f["smtp.ready"] == "pass"' "$no_fault" 'e["source"] == "reply"' 'e["name"] == "mx1.test.example"' \
	'e["result"] == "pass"'
judge wild "$pki/ca.pem" "$talked" "$tls" 's["cert"]["names"] == ["*.test.example"]' \
	'f["smtp.ready"] == "pass"' "$no_fault"
judge soon "$pki/ca.pem" "$talked" "$tls" 'f["smtp.cert-expiring"] == "warn"' \
	'"smtp.ready" not in f' '"smtp.cert-expired" not in f'
judge expired "$pki/ca.pem" "$talked" "$tls" 'f["smtp.cert-expired"] == "warn"' \
	'"smtp.cert-chain" not in f' '"smtp.cert-not-yet-valid" not in f' '"smtp.cert-name" not in f'
judge wrong "$pki/ca.pem" "$talked" "$tls" 'f["smtp.cert-name"] == "warn"' \
	's["cert"]["names"] == ["other.example"]' 's["cert"]["chain_good"]' '"smtp.cert-chain" not in f'
judge good-stranger "$pki/stranger.pem" "$talked" "$tls" 'not s["cert"]["chain_good"]' \
	'f["smtp.cert-chain"] == "info"' 'f["smtp.ready"] == "pass"' "$no_fault"
judge plain "$pki/ca.pem" "$talked" 's["banner_name"] == "banner.other.example"' \
	's["tls"] == "not-offered"' 'f["smtp.starttls-missing"] == "warn"' '"cert" not in s' \
	'e["source"] == "reply"' 'e["name"] == "mx1.test.example"'
judge wrapper "$pki/ca.pem" 's["status"] == "silent"' 'f["smtp.silent"] == "temperror"' \
	'not e["name"]'
judge nokey "$pki/ca.pem" "$talked" 's["tls"] in ("refused", "not-offered")' \
	'(s["tls"] == "refused") == ("smtp.starttls-refused" in f)'
judge refusing "$pki/ca.pem" 's["status"] == "talked"' 's["banner_code"] == 554' \
	'f["smtp.greeting-refused"] == "warn"'
judge slow-limited "$pki/ca.pem" 's["status"] == "silent"'
limit=()
judge slow "$pki/ca.pem" "$talked" "$tls" 'f["smtp.ready"] == "pass"' 's["time_ms"] > 4000' 'e["result"] == "pass"'
judge closed "$pki/ca.pem" 's["status"] == "closed"' 'f["smtp.closed"] == "info"'

# What Postfix saw: a whole dialogue with QUIT, and never a command of a mail transaction.
log=$(as_root cat "$dir/log/mail.log")
if grep -q 'disconnect from .* ehlo=2 starttls=1 quit=1 commands=4' <<<"$log"; then
	echo "ok whole dialogue"
else
	echo "not ok whole dialogue: $(grep -m 3 'disconnect from' <<<"$log" | tr '\n' ' ')"
	failed=1
fi
if grep -q 'disconnect from .* \(mail\|rcpt\|data\)=' <<<"$log"; then
	echo "not ok no mail: $(grep -m 1 'disconnect from .* mail=' <<<"$log")"
	failed=1
else
	echo "ok no mail"
fi
exit "$failed"
