#!/usr/bin/env bash
# The SMTP dialogue with a real Postfix on loopback: certificates good, expired, for another name,
# of nobody's authority; a banner that differs from the EHLO reply; no STARTTLS; TLS from the first
# byte; a refusal.  No DNS server and no mail: the names come from a file of planned records.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
bin=${MAILREADY:-$PWD/build/release/mailready}
name=postfix

skip() { echo "skip $name: $1"; exit 0; }
as_root() { if [[ $(id -u) -eq 0 ]]; then "$@"; else sudo -n "$@"; fi; }

PATH=$PATH:/usr/sbin:/sbin
[[ -x $(command -v postfix) && -x /usr/lib/postfix/sbin/smtpd ]] || skip "Postfix is not installed"
as_root true 2>/dev/null || skip "starting Postfix needs root, and sudo asks for a password"
[[ -x $bin ]] || { echo "not ok $name: $bin is not there"; exit 1; }

# Postfix reads it as its own user, and its socket paths must be short: not below TEST_TMP.
dir=$(mktemp -d /tmp/mailready-pf.XXXXXX)
chmod 755 "$dir"

stop_postfix() {
	local pid
	pid=$(as_root cat "$dir/queue/pid/master.pid" 2>/dev/null | tr -d ' ') || true
	[[ -n $pid ]] || return 0
	as_root kill "$pid" 2>/dev/null || true
	for _ in $(seq 100); do
		as_root kill -0 "$pid" 2>/dev/null || return 0
		sleep 0.05
	done
	as_root kill -9 "$pid" 2>/dev/null || true
}
clean_up() {
	stop_postfix
	as_root rm -rf "$dir"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# --- certificates: make_cert FILE DNS-NAME DAYS
pki=$dir/pki
make_key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2>/dev/null; }
make_ca() {
	make_key "$pki/$1.key"
	openssl req -x509 -new -key "$pki/$1.key" -out "$pki/$1.pem" -days 30 -subj "/CN=$2" \
		-addext basicConstraints=critical,CA:TRUE
}
make_cert() {
	make_key "$pki/$1.key"
	openssl req -new -key "$pki/$1.key" -out "$pki/$1.csr" -subj "/CN=$2"
	openssl x509 -req -in "$pki/$1.csr" -CA "$pki/ca.pem" -CAkey "$pki/ca.key" -CAcreateserial \
		-out "$pki/$1.pem" -days "$3" -extfile <(printf 'subjectAltName=DNS:%s\n' "$2") 2>/dev/null
}
mkdir "$pki"
make_ca ca "mailready test CA"
make_ca stranger "another CA"
make_cert good mx1.test.example 60
make_cert wild '*.test.example' 60
make_cert soon mx1.test.example 5
make_cert expired mx1.test.example -1
make_cert wrong other.example 60

# --- one listener a variant
variants=(good wild soon expired wrong plain wrapper nokey refusing closed)
read -ra ports < <(tests/tools/ports "${#variants[@]}")
declare -A port
for i in "${!variants[@]}"; do port[${variants[i]}]=${ports[i]}; done

mkdir "$dir/etc" "$dir/queue" "$dir/data" "$dir/log"
as_root chown postfix "$dir/data"
chmod 777 "$dir/log"
cat >"$dir/etc/main.cf" <<CF
compatibility_level = 3.6
queue_directory = $dir/queue
data_directory = $dir/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = mx1.test.example
mydomain = test.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
maillog_file = $dir/log/mail.log
maillog_file_prefixes = $dir/log
smtpd_tls_cert_file = $pki/good.pem
smtpd_tls_key_file = $pki/good.key
smtpd_tls_security_level = may
smtp_dns_support_level = disabled
smtp_host_lookup = native
smtpd_peername_lookup = no
alias_maps =
alias_database =
local_recipient_maps =
smtpd_relay_restrictions = reject
CF
listener() { # VARIANT OPTION...
	printf '127.0.0.1:%s inet n - n - - smtpd' "${port[$1]}"
	printf ' -o %s' "${@:2}"
	echo
}
with_cert() { listener "$1" "smtpd_tls_cert_file=$pki/$1.pem" "smtpd_tls_key_file=$pki/$1.key"; }
{
	for v in good wild soon expired wrong; do with_cert "$v"; done
	listener plain smtpd_tls_security_level=none '{ smtpd_banner = banner.other.example ESMTP }'
	listener wrapper smtpd_tls_wrappermode=yes
	listener nokey "smtpd_tls_key_file=$pki/none.key"
	listener refusing smtpd_client_restrictions=reject smtpd_delay_reject=no
	cat <<-CF
		cleanup unix n - n - 0 cleanup
		qmgr unix n - n 300 1 qmgr
		tlsmgr unix - - n 1000? 1 tlsmgr
		rewrite unix - - n - - trivial-rewrite
		bounce unix - - n - 0 bounce
		proxymap unix - - n - - proxymap
		anvil unix - - n - 1 anvil
		postlog unix-dgram n - n - 1 postlogd
	CF
} >"$dir/etc/master.cf"

if ! as_root timeout 60 postfix -c "$dir/etc" start >"$dir/start.log" 2>&1; then
	echo "not ok $name: Postfix did not start: $(tr '\n' ' ' <"$dir/start.log")"
	exit 1
fi
greeted() { (exec 3<>"/dev/tcp/127.0.0.1/$1" && IFS= read -r -t 5 line <&3 && [[ $line == 220* ]]) 2>/dev/null; }
for try in $(seq 100); do
	! greeted "${port[good]}" || break
	[[ $try -lt 100 ]] || { echo "not ok $name: Postfix does not answer: $(tail -n 5 "$dir/log/mail.log")"; exit 1; }
	sleep 0.1
done

# The forward and reverse names of the server; whatever else is asked gets no answer.
cat >"$dir/world.zone" <<'ZONE'
$TTL 3600
1.0.0.127.in-addr.arpa. PTR mx1.test.example.
mx1.test.example. A 127.0.0.1
banner.other.example. A 192.0.2.1
ZONE

failed=0
# VARIANT CERT-FILE PYTHON...: runs the check on a listener; each PYTHON must hold, of the report r,
# the SMTP part s, the EHLO part e, and the findings f (verdict by rule id)
judge() {
	local test=$1 file=$dir/$1.json why status=0
	SSL_CERT_FILE=$2 SSL_CERT_DIR=/nonexistent "$bin" check 127.0.0.1 --allow-special \
		--only smtp,ehlo --smtp-port "${port[${1%%-*}]}" --resolver "127.0.0.1#${port[closed]}" \
		--planned "$dir/world.zone" --timeout 2 --json >"$file" 2>"$dir/err" || status=$?
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
judge closed "$pki/ca.pem" 's["status"] == "closed"' 'f["smtp.closed"] == "temperror"'

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
