#!/usr/bin/env bash
# The program without a target: this machine, in network namespaces whose addresses are public, private or
# none, with a real postconf.  Nothing leaves them.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 70
bin=${MAILREADY:-$PWD/build/release/mailready}
tmp=$(mktemp -d "${TEST_TMP:-/tmp}/here.XXXXXX") || exit 70
trap 'rm -rf "$tmp"' EXIT
PATH=$PATH:/usr/sbin:/sbin
unset NO_COLOR MAILREADY_DATA
# shellcheck disable=SC1091
. tests/integration/expect.sh

for program in ip postconf; do
	command -v "$program" >/dev/null || { echo "skip here: $program is not installed"; exit 0; }
done
unshare -rn ip link set lo up 2>/dev/null || { echo "skip here: no network namespaces"; exit 0; }

v4=45.83.104.25 v6=2a01:4f8:1:2::25
cat >"$tmp/world.zone" <<'ZONE'
$TTL 3600
25.104.83.45.in-addr.arpa. PTR mail.example.com.
26.104.83.45.in-addr.arpa. PTR out.example.com.
5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.2.0.0.0.1.0.0.0.8.f.4.0.1.0.a.2.ip6.arpa. PTR mail.example.com.
mail.example.com. A 45.83.104.25
mail.example.com. AAAA 2a01:4f8:1:2::25
out.example.com. A 45.83.104.26
ZONE
check=("$bin" --offline --planned "$tmp/world.zone" --skip "dnsbl,smtp" -f brief)

# NAME LINE...: the main.cf that postconf reads from now on
config() {
	export MAIL_CONFIG=$tmp/$1
	mkdir -p "$MAIL_CONFIG"
	: >"$MAIL_CONFIG/master.cf"
	printf '%s\n' "compatibility_level = 3.6" "${@:2}" >"$MAIL_CONFIG/main.cf"
}

# "ADDRESS..." COMMAND...: in a namespace that has these addresses, and routes by them
with_addresses() {
	# shellcheck disable=SC2016 # the inner shell's
	unshare -rn sh -c 'ip link set lo up
		for address in $1; do
			case $address in *:*) family=-6 length=128 ;; *) family=-4 length=32 ;; esac
			ip $family addr add "$address/$length" dev lo $([ $family = -4 ] || echo nodad)
			ip $family route replace default dev lo src "$address"
		done
		shift
		exec "$@"' sh "$@"
}

config plain "myhostname = mail.example.com"
expect "both families, by routing" 0 \
	"this machine: $v4 (by routing), $v6 (by routing); EHLO name mail.example.com (Postfix, from $(command -v postconf))" \
	with_addresses "$v4 $v6" "${check[@]}"
says "the IPv4 address is checked" "$v4  PASS"
says "the IPv6 address is checked" "$v6  PASS"
expect "quietly" 0 "" with_addresses "$v4 $v6" "${check[@]}" -q
expect "the command check alone is the same" 0 "this machine: $v4 (by routing);" \
	with_addresses "$v4" "$bin" check "${check[@]:1}"
expect "one family" 0 "this machine: $v6 (by routing);" with_addresses "$v4 $v6" "${check[@]}" -6
expect "the EHLO name that is given" 1 "EHLO name other.example.com, as given" \
	with_addresses "$v4" "${check[@]}" --helo other.example.com
expect "a target is a target" 0 "" with_addresses "$v4" "${check[@]}" --helo out.example.com 45.83.104.26
expect "standard input is what it was" 66 "no target" with_addresses "$v4" "${check[@]}" -
expect "monitoring" 0 "" with_addresses "$v4 $v6" "${check[@]}" -q -f nagios

config bound "myhostname = mail.example.com" "smtp_helo_name = out.example.com" "smtp_bind_address = 45.83.104.26" \
	"inet_protocols = ipv4"
expect "what Postfix sends from" 0 "this machine: 45.83.104.26 (set in the mail server); EHLO name out.example.com" \
	with_addresses "$v4 $v6" "${check[@]}"
config one "myhostname = out.example.com" "inet_interfaces = 45.83.104.26" "inet_protocols = ipv4"
expect "the only address that Postfix listens at" 0 "this machine: 45.83.104.26 (set in the mail server);" \
	with_addresses "45.83.104.26 $v4" "${check[@]}"
config broken "what is this"
expect "a configuration that is not valid" 0 "Postfix could not be asked for its EHLO name" \
	with_addresses "$v4" "${check[@]}"

config plain "myhostname = mail.example.com"
expect "behind NAT" 78 \
	"this machine sends from 10.0.0.5 (private); the public address that receivers see is not known here: give it, as in mailready ADDRESS --helo mail.example.com" \
	with_addresses 10.0.0.5 "${check[@]}"
expect "behind NAT over IPv4 alone: a part is unknown" 2 "this machine also sends from 10.0.0.5 (private)" \
	with_addresses "10.0.0.5 $v6" "${check[@]}"
says "the other part is checked" "$v6  PASS"
expect "private space, where that is meant" 2 "this machine: 10.0.0.5 (by routing)" \
	with_addresses 10.0.0.5 "${check[@]}" --allow-special
expect "no network" 78 "no route to the Internet" with_addresses "" "${check[@]}"
expect "no network: how to begin" 78 "  mailready 203.0.113.25 --helo mail.example.com " with_addresses "" "$bin"
expect "behind NAT: how to begin" 78 "Examples:" with_addresses 10.0.0.5 "$bin"
expect "no network, monitoring" 3 "" with_addresses "" "$bin" -f nagios
says "monitoring hears why" "UNKNOWN - no route to the Internet"
expect "help needs none" 0 "" with_addresses "" "$bin" --help
