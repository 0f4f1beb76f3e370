# shellcheck shell=bash
# A world of resolvers that know more, or less, than the world, to be sourced: nsd with the zones, a
# plain unbound, and one resolver a kind that answers from a hosts file, from its configuration or
# from a zone of its own, each forwarding the rest to the plain one.
# Sets bin, tmp, authority (the port of nsd), and at[NAME], the resolver's address and port.  As root it
# runs in a network of its own, where systemd-resolved may have its address too.
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 70
PATH=$PATH:/usr/sbin:/sbin
for program in nsd unbound dig python3 setpriv; do
	command -v "$program" >/dev/null || {
		echo "skip resolvers: no $program"
		exit 0
	}
done
if [[ -z ${RESOLVERS_ALONE:-} && $(id -u) -eq 0 ]] && unshare -nm true 2>/dev/null; then
	RESOLVERS_ALONE=1 exec unshare -nm bash "$0" "$@"
fi
# in a network of its own, loopback is down at first
[[ -z ${RESOLVERS_ALONE:-} ]] || python3 -c 'import fcntl, socket, struct
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
fcntl.ioctl(s, 0x8914, struct.pack("16sh", b"lo", 0x41))' # SIOCSIFFLAGS: up, running
# shellcheck disable=SC2034 # used by those who source this
bin=${MAILREADY:-$PWD/build/release/mailready}
mkdir -p build
tmp=$(mktemp -d "$PWD/build/resolvers.XXXXXX") || exit 70
chmod 755 "$tmp"
mkdir "$tmp/zones"
pids=()
finish() {
	local pid
	for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null; done
	wait 2>/dev/null
	rm -rf "$tmp"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
# shellcheck disable=SC2034 # used by those who source this
declare -A at=()
read -r authority plain hosts rebind local_data static dns64 network64 own inside recursor knot dist < <(tests/tools/ports 13)

# --- what the world is told
zone() { # NAME LINE...
	printf '%s\n' "\$TTL 3600" "@ SOA ns.isp.example. hostmaster.isp.example. 1 600 300 86400 900" \
		"@ NS ns.isp.example." "${@:2}" >"$tmp/zones/$1"
}
zone isp.example "ns A 127.0.0.1"
zone example.com "@ MX 10 mail" "mail A 203.0.113.25" "mail6 AAAA 2001:db8::25" "out A 203.0.113.99" \
	"relay A 203.0.113.28" "alias CNAME real.example.net." "blocked A 203.0.113.30"
zone example.net "real A 203.0.113.29"
zone 113.0.203.in-addr.arpa "25 PTR mail.example.com." "27 PTR out.example.com." \
	"28 CNAME 28.rev.example.net." "29 PTR alias.example.com." "30 PTR blocked.example.com."
zone rev.example.net "28 PTR relay.example.com."
zone ipv4only.arpa "@ A 192.0.0.170" "@ A 192.0.0.171"
# BIND does not even load a zone with as many records as this one has
mapfile -t many < <(for ((i = 0; i <= 100; i++)); do echo "31 PTR m$i.example.com."; done)
zone 100.51.198.in-addr.arpa "${many[@]}"
zone ip6.arpa
zone 8.b.d.0.1.0.0.2.ip6.arpa "5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0 PTR mail6.example.com."
printf '%s\n' "rev NS ns.isp.example." >>"$tmp/zones/example.net"
# a list that has its test entry, .26 and .28
zone bl.example "2.0.0.127 A 127.0.0.2" "26.113.0.203 A 127.0.0.2" "28.113.0.203 A 127.0.0.2" \
	'26.113.0.203 TXT "spam was seen"' '28.113.0.203 TXT "spam was seen"'
zones=(bl.example isp.example ipv4only.arpa ip6.arpa example.com example.net 113.0.203.in-addr.arpa rev.example.net 8.b.d.0.1.0.0.2.ip6.arpa)

# What Debian's installer writes, and what else stands in such files.  .26 has no PTR record, and the
# name of .27 leads elsewhere.
cat >"$tmp/hosts" <<'HOSTS'
127.0.0.1 localhost
127.0.1.1 mail.example.com mail
203.0.113.25 vm7.local vm7
203.0.113.26 web.example.com
203.0.113.27 out.example.com
10.1.2.3 relay.example.com
203.0.113.28 relay.lan
2001:db8::25 vm7.local vm7
HOSTS

# --- servers
start() {
	(cd "$tmp" && exec setpriv --pdeathsig TERM "$@") </dev/null >>"$tmp/servers.log" 2>&1 &
	pids+=("$!")
}
answers() { # NAME ADDRESS PORT: then at[NAME] is set
	local end=$((SECONDS + 8))
	while ((SECONDS < end)); do
		if dig +time=1 +tries=1 +short -p "$3" "@$2" ns.isp.example A 2>/dev/null | grep -q '^127'; then
			# shellcheck disable=SC2034
			at[$1]="$2#$3"
			return
		fi
		sleep 0.1
	done
	echo "not ok $1: it does not answer: $(tail -n 3 "$tmp/servers.log" | tr '\n' ' ')"
}
has() { # NAME PROGRAM
	command -v "$2" >/dev/null || { echo "skip $1: no $2"; return 1; }
}
{
	printf '%s\n' server: "  ip-address: 127.0.0.1@$authority" '  username: ""' '  chroot: ""' \
		"  zonesdir: \"$tmp/zones\"" '  database: ""' "  pidfile: \"$tmp/nsd.pid\"" \
		"  xfrdfile: \"$tmp/xfrd\"" "  zonelistfile: \"$tmp/zone.list\"" "  xfrdir: \"$tmp\"" \
		"  server-count: 1" "  rrl-ratelimit: 0" remote-control: "  control-enable: no"
	for zone in "${zones[@]}" 100.51.198.in-addr.arpa; do printf 'zone:\n  name: %s\n  zonefile: %s\n' "$zone" "$zone"; done
} >"$tmp/nsd.conf"
start nsd -d -c "$tmp/nsd.conf"
unbound_at() { # ADDRESS PORT LINE...: asks nsd
	local zone lines="${*:3}"
	printf '%s\n' server: "  interface: $1@$2" "  access-control: 127.0.0.0/8 allow" "  do-ip6: no" \
		'  username: ""' '  chroot: ""' "  directory: \"$tmp\"" '  pidfile: ""' "  use-syslog: no" \
		"  do-daemonize: no" "  num-threads: 1" "  do-not-query-localhost: no" "  ede: yes" \
		"  outgoing-port-avoid: 10000-19999" "  module-config: \"${modules:-respip} iterator\"" "${@:3}" >"$tmp/unbound.$2"
	for zone in 113.0.203.in-addr.arpa 100.51.198.in-addr.arpa 8.b.d.0.1.0.0.2.ip6.arpa ipv4only.arpa; do
		[[ $lines == *"local-zone: \"$zone"* ]] || echo "  local-zone: \"$zone\" nodefault"
	done >>"$tmp/unbound.$2"
	for zone in "${zones[@]}" 100.51.198.in-addr.arpa; do
		printf 'stub-zone:\n  name: "%s"\n  stub-addr: 127.0.0.1@%s\n' "$zone" "$authority"
	done >>"$tmp/unbound.$2"
	start unbound -d -c "$tmp/unbound.$2"
}
unbound_at 127.0.0.1 "$plain"
answers plain 127.0.0.1 "$plain"

# unbound: local data of single names; a whole zone of its own; names that it blocks
unbound_at 127.0.0.1 "$local_data" '  local-data: "mail.example.com. 7200 A 127.0.1.1"' \
	'  local-data-ptr: "203.0.113.25 7200 vm7.local"' '  local-data-ptr: "203.0.113.26 web.example.com"' \
	'  local-data: "out.example.com. A 203.0.113.27"' '  local-data: "relay.example.com. A 10.1.2.3"' \
	'  local-data-ptr: "2001:db8::25 vm7.local"' '  local-zone: "blocked.example.com" always_nxdomain'
answers unbound-local-data 127.0.0.1 "$local_data"
unbound_at 127.0.0.1 "$static" '  local-zone: "example.com" static' '  local-data: "mail.example.com. A 10.1.2.3"' \
	'  local-data: "out.example.com. A 203.0.113.27"' '  local-zone: "113.0.203.in-addr.arpa" static' \
	'  local-data-ptr: "203.0.113.26 web.example.com"'
answers unbound-static 127.0.0.1 "$static"

# unbound on a network with IPv6 alone (RFC 6147), by the well-known prefix and by one of its own
modules=dns64 unbound_at 127.0.0.1 "$dns64" "  dns64-prefix: 64:ff9b::/96"
modules=dns64 unbound_at 127.0.0.1 "$network64" "  dns64-prefix: 2001:db8:64::/96"
answers unbound-dns64 127.0.0.1 "$dns64"
answers unbound-dns64-own-prefix 127.0.0.1 "$network64"

# dnsmasq with a hosts file; the same with rebind protection, and names that it blocks
dnsmasq_at() { # PORT OPTION...
	start dnsmasq --keep-in-foreground --conf-file=/dev/null --no-resolv --no-hosts --addn-hosts="$tmp/hosts" \
		--listen-address=127.0.0.1 --bind-interfaces --port="$1" --server="127.0.0.1#$plain" --user= \
		--group= --pid-file= "${@:2}"
}
if has dnsmasq dnsmasq; then
	dnsmasq_at "$hosts" --mx-host=example.com,relay.example.com,10
	dnsmasq_at "$rebind" --stop-dns-rebind --rebind-localhost-ok --address=/blocked.example.com/0.0.0.0 \
		--local=/example.net/
	answers dnsmasq-hosts 127.0.0.1 "$hosts"
	answers dnsmasq-blocking 127.0.0.1 "$rebind"
fi

# BIND: resolver and authority in one, for the same zones; and with an inside view of one of them
bind_at() { # PORT DIRECTORY-OF-ZONES ZONE...
	local zone
	{
		printf 'options { directory "%s"; listen-on port %s { 127.0.0.1; }; listen-on-v6 { none; };\n' "$tmp" "$1"
		printf 'pid-file none; session-keyfile "%s/session.%s"; recursion yes; dnssec-validation no;\n' "$tmp" "$1"
		printf 'empty-zones-enable no; allow-query { any; }; allow-recursion { any; };\n'
		printf 'forward only; forwarders { 127.0.0.1 port %s; }; };\ncontrols { };\n' "$plain"
		for zone in "${@:3}"; do
			printf 'zone "%s" { type primary; file "%s/%s"; };\n' "$zone" "$2" "$zone"
		done
	} >"$tmp/named.$1"
	start named -g -c "$tmp/named.$1"
}
if has bind named; then
	bind_at "$own" "$tmp/zones" "${zones[@]}"
	mkdir "$tmp/inside"
	sed '/^@ MX/d; s/^mail A .*/mail A 10.1.2.3/; s/^out A .*/out A 203.0.113.27/' "$tmp/zones/example.com" >"$tmp/inside/example.com"
	bind_at "$inside" "$tmp/inside" example.com
	answers bind-in-one 127.0.0.1 "$own"
	answers bind-inside-view 127.0.0.1 "$inside"
fi

if has pdns-recursor pdns_recursor; then
	mkdir "$tmp/recursor"
	start pdns_recursor --config-dir="$tmp/recursor" --socket-dir="$tmp/recursor" --local-address=127.0.0.1 \
		--local-port="$recursor" --forward-zones-recurse=.=127.0.0.1:"$plain" --export-etc-hosts=yes \
		--etc-hosts-file="$tmp/hosts" --dnssec=off --daemon=no --setuid= --setgid= \
		--serve-rfc1918=no --threads=1 --query-local-address=127.0.0.1 --dont-query= \
		--security-poll-suffix= --extended-resolution-errors=yes
	answers pdns-recursor 127.0.0.1 "$recursor"
fi

if has knot-resolver kresd; then
	mkdir "$tmp/knot"
	cat >"$tmp/knot.conf" <<-CONF
		net.listen('127.0.0.1', $knot, { kind = 'dns' })
		modules = { 'hints > iterate', 'policy' }
		hints.add_hosts('$tmp/hosts')
		trust_anchors.remove('.')
		policy.add(policy.suffix(policy.DENY_MSG('blocked'), { todname('blocked.example.com') }))
		policy.add(policy.all(policy.STUB('127.0.0.1@$plain')))
		cache.size = 10 * MB
	CONF
	start kresd -n -c "$tmp/knot.conf" "$tmp/knot"
	answers knot-resolver 127.0.0.1 "$knot"
fi

if has dnsdist dnsdist; then
	cat >"$tmp/dnsdist.conf" <<-CONF
		setLocal('127.0.0.1:$dist')
		setSecurityPollSuffix('')
		newServer({ address = '127.0.0.1:$plain' }):setUp()
		addAction(QNameRule('mail.example.com'), SpoofAction({ '127.0.1.1' }))
		addAction(AndRule({ QNameRule('26.113.0.203.in-addr.arpa'), QTypeRule(DNSQType.PTR) }),
			SpoofRawAction('\\003web\\007example\\003com\\000'))
		addAction(QNameRule('out.example.com'), SpoofAction({ '203.0.113.27' }))
		addAction(QNameRule('blocked.example.com'), SpoofAction({ '0.0.0.0', '::' }))
	CONF
	start dnsdist --supervised --disable-syslog -C "$tmp/dnsdist.conf"
	answers dnsdist 127.0.0.1 "$dist"
fi

# systemd-resolved answers at 127.0.0.53, from /etc/hosts and with this machine's own names: all of it
# in a network and with files of its own.
resolved=$(find /lib/systemd "$PWD"/build/unpacked/systemd-resolved/{usr/,}lib/systemd -name systemd-resolved -print -quit 2>/dev/null)
if [[ -z ${RESOLVERS_ALONE:-} || ! -x $resolved ]]; then
	echo "skip systemd-resolved: it needs root, and its program"
else
	unbound_at 127.0.0.9 53
	mkdir -p "$tmp/etc/systemd" "$tmp/run"
	printf '[Resolve]\nDNS=127.0.0.9\nFallbackDNS=\nDNSSEC=no\nLLMNR=no\nMulticastDNS=no\nCache=no\n' >"$tmp/etc/resolved.conf"
	cp /etc/passwd "$tmp/etc/passwd"
	grep -q '^systemd-resolve:' "$tmp/etc/passwd" ||
		echo 'systemd-resolve:x:991:991::/:/usr/sbin/nologin' >>"$tmp/etc/passwd"
	echo 'nameserver 127.0.0.53' >"$tmp/etc/resolv.conf"
	cp "$tmp/hosts" "$tmp/etc/hosts"
	# without a link that leads somewhere it asks nobody
	ip link add uplink type veth peer name far && ip link set far up
	ip addr add 192.0.2.9/24 dev uplink && ip link set uplink up
	mount -t tmpfs none /run
	mkdir -p /run/systemd/resolve /etc/systemd
	chown 991:991 /run/systemd/resolve
	for file in passwd resolv.conf hosts; do mount --bind "$tmp/etc/$file" "/etc/$file"; done
	mount -t tmpfs none /etc/systemd
	cp "$tmp/etc/resolved.conf" /etc/systemd/
	start "$resolved"
	answers systemd-resolved 127.0.0.53 53
fi
