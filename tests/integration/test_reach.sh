#!/usr/bin/env bash
# variants: release
# Which servers can be reached: machines with one address family (network namespaces), link-local
# resolvers, resolvers that speak TCP alone, and zones with more servers than most.  Real servers: Knot,
# and unbound without UDP.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 70
PATH=$PATH:/usr/sbin:/sbin
# shellcheck disable=SC1091
source tests/integration/expect.sh
bin=${MAILREADY:-$PWD/build/release/mailready}
for program in knotd keymgr dig ip unbound unshare; do
	command -v "$program" >/dev/null || { echo "skip reach: no $program"; exit 0; }
done
tmp=$(mktemp -d "${TEST_TMP:-/tmp}/reach.XXXXXX") || exit 70
pids=()
# shellcheck disable=SC2317 # run by the trap
stop() {
	[[ ${#pids[@]} -eq 0 ]] || kill "${pids[@]}" 2>/dev/null
	wait 2>/dev/null
	rm -rf "$tmp"
}
trap stop EXIT
trap 'exit 143' TERM INT
unset RFC2136_TSIG_FILE XDG_STATE_HOME "${!HUAWEICLOUD_@}" "${!HW_@}" "${!OS_@}"
export HOME=$tmp/home MAILREADY_TSIG_FILE=$tmp/upd.key
mkdir "$HOME"
keymgr -t upd hmac-sha256 >"$tmp/upd.key" && chmod 600 "$tmp/upd.key"

M=mail.example.com
REVERSE=113.0.203.in-addr.arpa

# --- servers
zone() { # NAME SERVERS LINES...: a zone whose servers are ns1 to nsSERVERS.example.com
	local i
	# shellcheck disable=SC2016 # a zone file's $
	printf '$TTL 300\n@ SOA ns1.example.com. hostmaster.example.com. 1 3600 600 86400 60\n'
	for ((i = 1; i <= $2; i++)); do printf '@ NS ns%d.example.com.\n' "$i"; done
	printf '%s\n' "${@:3}"
}
knot() { # NAME ADDRESS@PORT...: serves the zones of the folder of that name
	local dir=$tmp/$1 file
	{
		printf 'server:\n    rundir: "%s"\n' "$dir"
		printf '    listen: %s\n' "${@:2}"
		printf 'database:\n    storage: "%s"\n' "$dir"
		cat "$tmp/upd.key"
		printf 'acl:\n  - id: upd_acl\n    key: upd\n    action: [update, query]\n'
		printf 'template:\n  - id: default\n    storage: "%s"\n    zonefile-load: difference-no-serial\n' "$dir"
		printf '    journal-content: all\n    zonefile-sync: -1\n    acl: upd_acl\nzone:\n'
		for file in "$dir"/*.zone; do printf '  - domain: "%s"\n    file: "%s"\n' "$(basename "$file" .zone)" "$file"; done
	} >"$tmp/$1.conf"
	knotd -c "$tmp/$1.conf" >"$tmp/$1.log" 2>&1 &
	pids+=($!)
}
is_up() { # SERVER PORT [OPTIONS...]
	local i
	for ((i = 0; i < 100; i++)); do
		[[ $(dig +short +tries=1 +time=1 "${@:3}" -p "$2" "@$1" example.com SOA 2>/dev/null) != *hostmaster* ]] || return 0
		sleep 0.1
	done
	echo "not ok server $1: $(tail -n 3 "$tmp"/*.log | tr '\n' ' ')"
	exit 1
}

# --- inside a namespace: a machine with one family.  Two servers of the zones have both.
one_family() { # 4|6
	local -a addresses=(198.51.100.53 198.51.100.54)
	local other=2001:db8::53 alone=2001:db8::55 address
	ip link set lo up
	[[ $1 == 4 ]] || ip address del 127.0.0.1/8 dev lo
	ip -6 address flush dev lo
	if [[ $1 == 6 ]]; then
		addresses=(2001:db8::53 2001:db8::54 fe80::1)
		other=198.51.100.53 alone=198.51.100.55
	fi
	for address in "${addresses[@]}"; do ip address add "$address" dev lo; done 2>"$tmp/ip.log"
	mkdir "$tmp/one"
	# the third server has the other family alone
	zone . 2 >"$tmp/one/..zone"
	zone example.com 3 "ns3 $([[ $1 == 4 ]] && echo AAAA || echo A) $alone" 'ns1 A 198.51.100.53' 'ns1 AAAA 2001:db8::53' 'ns2 A 198.51.100.54' \
		'ns2 AAAA 2001:db8::54' 'mail A 203.0.113.10' >"$tmp/one/example.com.zone"
	zone $REVERSE 3 >"$tmp/one/$REVERSE.zone"
	local -a listen=("${addresses[@]/%/@53}")
	[[ $1 == 4 ]] || listen=(::@53) # Knot cannot bind a link-local address alone
	knot one "${listen[@]}"
	is_up "${addresses[0]}" 53
	local -a world=(--resolver "${addresses[0]}" --allow-special --timeout 20)
	local -a look=(--skip "address,dnsbl" --no-smtp --helo "$M" -f brief)
	SECONDS=0
	expect "IPv$1 alone: check" 1 "no PTR record" "$bin" check 203.0.113.10 "${world[@]}" "${look[@]}"
	expect "IPv$1 alone: the zone's servers are asked" 1 "not reachable from this machine: ns1.example.com ($other), ns2.example.com (" \
		"$bin" check 203.0.113.10 "${world[@]}" --only ptr --authority always
	expect "IPv$1 alone: fix" 0 "PROVEN" "$bin" fix 203.0.113.10 --name $M --apply --yes "${world[@]}"
	says "IPv$1 alone: who shows it" "ns1.example.com (${addresses[0]}), ns2.example.com (${addresses[1]})"
	says "IPv$1 alone: who could not be asked" "ns1.example.com ($other): this machine has no route to $other"
	says "IPv$1 alone: nor a server of the other family alone" "ns3.example.com: this machine has no route to $alone"
	expect "IPv$1 alone: wait" 0 "PROVEN" "$bin" wait 203.0.113.10 --name $M "${world[@]}"
	expect "IPv$1 alone: check again" 0 "" "$bin" check 203.0.113.10 "${world[@]}" "${look[@]}"
	expect "IPv$1 alone: undo" 0 "the old record is back" \
		"$bin" undo "$(journal_of "$HOME/.local/state/mailready")" --yes --resolver "${addresses[0]}"
	expect "IPv$1 alone: as before" 1 "no PTR record" "$bin" check 203.0.113.10 "${world[@]}" "${look[@]}"
	verdict "IPv$1 alone: nothing was waited for" "$( ((SECONDS < 15)) || echo "$SECONDS s")"
	"resolvers_$1" "${look[@]}"
}

# The servers over IPv6 answer at a link-local address, too.
resolvers_6() { # OPTIONS...
	local look=("$@")
	expect "link-local: --resolver" 1 "no PTR record" "$bin" check 203.0.113.10 --allow-special --resolver fe80::1%lo "${look[@]}"
	expect "link-local: no such interface" 69 "fe80::1%none" "$bin" check 203.0.113.10 --allow-special --resolver fe80::1%none "${look[@]}"
	use_resolv_conf 'nameserver fe80::1%lo'
	expect "link-local: resolv.conf" 1 "no PTR record" "$bin" check 203.0.113.10 --allow-special "${look[@]}"
}
# unbound without UDP: as where a firewall lets nothing else through.
resolvers_4() { # OPTIONS...
	local look=("$@" --authority never)
	printf 'server:\n  interface: 127.0.0.1@53\n  do-udp: no\n  do-daemonize: no\n  username: ""\n  chroot: ""\n  directory: "%s"\n  pidfile: ""\n  use-syslog: no\n  module-config: "iterator"\n  local-zone: "113.0.203.in-addr.arpa." nodefault\nforward-zone:\n  name: "."\n  forward-addr: 198.51.100.53\nremote-control:\n  control-enable: no\n' "$tmp" >"$tmp/unbound.conf"
	unbound -c "$tmp/unbound.conf" >"$tmp/unbound.log" 2>&1 &
	pids+=($!)
	is_up 127.0.0.1 53 +tcp
	use_resolv_conf 'nameserver 127.0.0.1'
	expect "TCP alone, and nobody says so" 69 "nothing can be looked up: the resolver 127.0.0.1" \
		"$bin" check 203.0.113.10 --allow-special "${look[@]}" --timeout 1
	use_resolv_conf 'options edns0 use-vc' 'nameserver 127.0.0.1'
	expect "TCP alone: use-vc" 1 "no PTR record" "$bin" check 203.0.113.10 --allow-special "${look[@]}"
	expect "TCP alone: many" 1 "203.0.113.255" timeout 60 "$bin" check 203.0.113.0/24 --allow-special --only ptr --authority never -f brief
	verdict "TCP alone: none was left unknown" "$(grep -i temperror "$tmp/out" | head -n 3)"
}
use_resolv_conf() { # LINES...: for the rest of the namespace
	printf '%s\n' "$@" >"$tmp/resolv.conf"
	mountpoint -q /etc/resolv.conf || mount --bind "$tmp/resolv.conf" /etc/resolv.conf
}

# --- ten servers of two zones, of which the tenth follows late; and one server with two addresses
ten_servers() {
	local port i name
	local -a many=()
	read -r port < <(tests/tools/ports 1)
	local -a world=(--resolver "127.0.0.1#$port" --authority-port "$port" --allow-special)
	mkdir "$tmp/fresh" "$tmp/late"
	for name in fresh late; do
		zone . 10 >"$tmp/$name/..zone"
		zone $REVERSE 10 '10 PTR old.example.com.' '11 PTR old.example.com.' >"$tmp/$name/$REVERSE.zone"
		zone example.com 10 'mail A 203.0.113.10' 'mail A 203.0.113.11' 'old A 203.0.113.10' 'old A 203.0.113.11' 'ns1 A 127.0.0.1' \
			"$(for i in 2 3 4 5 6 7 8 9; do echo "ns$i A 127.0.1.$i"; done)" 'ns10 A 127.0.1.1' 'ns10 A 127.0.1.10' >"$tmp/$name/example.com.zone"
	done
	# the zone above still names a server that serves the zone no more
	for name in fresh late; do
		# shellcheck disable=SC2016 # a zone file's $
		printf '%s\n' '$TTL 300' '@ SOA above.example.com. hostmaster.example.com. 1 3600 600 86400 60' \
			'@ NS above.example.com.' '113.0 NS ns1.example.com.' '113.0 NS former.example.com.' >"$tmp/$name/203.in-addr.arpa.zone"
		echo 'above A 127.0.2.1' >>"$tmp/$name/example.com.zone"
		echo 'former A 127.0.2.1' >>"$tmp/$name/example.com.zone"
	done
	mkdir "$tmp/above"
	cp "$tmp/fresh/203.in-addr.arpa.zone" "$tmp/above/"
	zone example.com 1 >"$tmp/above/example.com.zone"
	knot above "127.0.2.1@$port"
	is_up 127.0.2.1 "$port"
	for i in 1 2 3 4 5 6 7 8 9; do many+=("127.0.1.$i@$port"); done
	knot fresh "127.0.0.1@$port" "${many[@]}"
	is_up 127.0.0.1 "$port"
	knot late "127.0.1.10@$port"
	is_up 127.0.1.10 "$port"
	expect "ten servers: the last one lags" 1 "UNPROVEN" "$bin" fix 203.0.113.10 --name $M --replace --apply --yes "${world[@]}" --timeout 4
	says "ten servers: which one, and where" "ns10.example.com (127.0.1.10) still says PTR old.example.com"
	says "ten servers: who shows it" "ns10.example.com (127.0.1.1), ns2.example.com, ns3.example.com and 6 more"
	expect "ten servers: wait" 1 "UNPROVEN" "$bin" wait 203.0.113.10 --name $M "${world[@]}" --timeout 2
	kill "${pids[-1]}" && wait "${pids[-1]}" 2>/dev/null
	unset "pids[-1]"
	zone $REVERSE 10 "10 PTR $M." '11 PTR old.example.com.' >"$tmp/late/$REVERSE.zone"
	sed -i 's/ 1 3600 / 2 3600 /' "$tmp/late/$REVERSE.zone"
	knot late "127.0.1.10@$port"
	is_up 127.0.1.10 "$port"
	expect "ten servers: it has followed" 0 "PROVEN" "$bin" wait 203.0.113.10 --name $M "${world[@]}"
	expect "ten servers: undo is not proven while one lags" 1 "ns10.example.com (127.0.1.10)" \
		"$bin" undo "$(journal_of "$HOME/.local/state/mailready")" --yes --resolver "127.0.0.1#$port" --timeout 4
	expect "delegation: the servers of the zone above" 2 "203.in-addr.arpa delegates $REVERSE to former.example.com, ns1.example.com" \
		"$bin" check 203.0.113.10 "${world[@]}" --only ptr --authority always
	says "delegation: the one that is named there alone is lame" "1 of 11 name servers of $REVERSE do not serve it: former.example.com"
	expect "ten servers: a check sees that they differ" 2 "ns10.example.com (127.0.1.10) says PTR $M" \
		"$bin" check 203.0.113.10 "${world[@]}" --only ptr --authority always
}

if [[ ${1-} == one-family ]]; then
	one_family "$2"
	exit
fi
ten_servers
separate=(unshare -nm)
"${separate[@]}" true 2>/dev/null || separate=(unshare -rnm)
if "${separate[@]}" true 2>/dev/null; then
	for family in 4 6; do "${separate[@]}" bash "$PWD/tests/integration/test_reach.sh" one-family $family; done
else
	echo "skip one family: network namespaces are not permitted here"
fi
