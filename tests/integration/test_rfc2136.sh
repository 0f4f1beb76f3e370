#!/usr/bin/env bash
# Dynamic updates against real servers: BIND and Knot on loopback with TSIG, a parent zone that
# delegates 192.0.2.0/26 as RFC 2317 has it, an IPv6 zone and a forward zone.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 70
bin=${MAILREADY:-$PWD/build/release/mailready}
drive=${bin%/*}/tests/tools/provider_drive
for program in named knotd nsd keymgr tsig-keygen dig "$drive"; do
	command -v "$program" >/dev/null || { echo "skip rfc2136: no $program"; exit 0; }
done
tmp=$(mktemp -d "${TEST_TMP:-/tmp}/rfc2136.XXXXXX") || exit 70
pids=()
# shellcheck disable=SC2317 # run by the trap
stop() {
	kill "${pids[@]}" 2>/dev/null
	wait 2>/dev/null
	rm -rf "$tmp"
}
trap stop EXIT

read -r bind knot nsd closed < <(tests/tools/ports 4)

# --- keys: good ones of both tools, and bad ones
tsig-keygen -a hmac-sha256 upd >"$tmp/upd.key"
tsig-keygen -a hmac-sha512 upd512 >"$tmp/upd512.key"
tsig-keygen -a hmac-sha256 upd >"$tmp/secret.key"
tsig-keygen -a hmac-sha256 nobody >"$tmp/nobody.key"
tsig-keygen -a hmac-sha384 upd >"$tmp/sha384.key"
keymgr -t upd hmac-sha256 >"$tmp/knot.key"
keymgr -t reader hmac-sha256 >"$tmp/reader.key"
chmod 600 "$tmp"/*.key
cp "$tmp/upd.key" "$tmp/open.key"
chmod 644 "$tmp/open.key"

# --- zones
# shellcheck disable=SC2016 # a zone file's $
soa() { printf '$TTL 600\n@ SOA %s hostmaster.example. 1 3600 600 86400 60\n@ NS ns.example.\n' "$1"; }
for server in bind knot; do
	mkdir "$tmp/$server"
	{
		soa ns.example.
		echo '0-63 NS ns.example.'
		for i in {1..62}; do echo "$i CNAME $i.0-63"; done
	} >"$tmp/$server/parent.zone"
	soa ns.example. >"$tmp/$server/child.zone"
	soa primary.example. >"$tmp/$server/v6.zone"
	{
		soa ns.example.
		printf '%s\n' 'ns A 127.0.0.1' 'primary A 127.0.0.1' 'alias CNAME ns' 'two A 192.0.2.8' 'two A 192.0.2.9'
	} >"$tmp/$server/example.zone"
done
# on Knot the name that is a CNAME at BIND is none: what a resolver tells who knows another world
sed -i '/^30 CNAME/d' "$tmp/knot/parent.zone"

cat >"$tmp/named.conf" <<CONF
include "$tmp/upd.key";
include "$tmp/upd512.key";
key "reader" { $(awk '/algorithm:/ { print "algorithm " $2 ";" } /secret:/ { print "secret \"" $2 "\";" }' "$tmp/reader.key") };
options { directory "$tmp/bind"; pid-file "$tmp/bind/pid"; session-keyfile "$tmp/bind/session";
  listen-on port $bind { 127.0.0.1; }; listen-on-v6 { none; }; recursion no; dnssec-validation no; };
controls { };
zone "2.0.192.in-addr.arpa" { type primary; file "parent.zone"; update-policy { grant upd wildcard *.2.0.192.in-addr.arpa. PTR; }; };
zone "0-63.2.0.192.in-addr.arpa" { type primary; file "child.zone"; update-policy { grant upd zonesub PTR; grant upd512 zonesub PTR; }; };
zone "8.b.d.0.1.0.0.2.ip6.arpa" { type primary; file "v6.zone"; update-policy { grant upd zonesub PTR; }; };
zone "example" { type primary; file "example.zone"; update-policy { grant upd zonesub A AAAA; }; };
CONF
{
	printf 'server:\n    rundir: "%s"\n    listen: 127.0.0.1@%s\ndatabase:\n    storage: "%s"\n' "$tmp/knot" "$knot" "$tmp/knot"
	cat "$tmp/knot.key"
	grep -A2 '^ *- id:' "$tmp/reader.key"
	printf 'acl:\n  - id: upd_ptr\n    key: upd\n    action: [update, query]\n  - id: ask\n    key: reader\n    action: query\n'
	printf 'template:\n  - id: default\n    storage: "%s"\n    zonefile-sync: -1\n    journal-content: all\n    acl: [upd_ptr, ask]\nzone:\n' "$tmp/knot"
	for zone in parent:2.0.192.in-addr.arpa child:0-63.2.0.192.in-addr.arpa v6:8.b.d.0.1.0.0.2.ip6.arpa example:example; do
		printf '  - domain: %s\n    file: %s.zone\n' "${zone#*:}" "${zone%%:*}"
	done
} >"$tmp/knot.conf"

# NSD takes no updates and does not know our key: a stranger's server
cp -r "$tmp/bind" "$tmp/nsd"
{
	printf 'server:\n ip-address: 127.0.0.1\n port: %s\n username: ""\n chroot: ""\n pidfile: ""\n' "$nsd"
	printf ' xfrdfile: ""\n zonelistfile: "%s"\n zonesdir: "%s"\n' "$tmp/nsd/list" "$tmp/nsd"
	printf 'remote-control:\n control-enable: no\n'
	printf 'key:\n name: theirs\n algorithm: hmac-sha256\n secret: "MDEyMzQ1Njc4OWFiY2RlZg=="\n'
	for zone in parent:2.0.192.in-addr.arpa child:0-63.2.0.192.in-addr.arpa example:example; do
		printf 'zone:\n name: %s\n zonefile: %s.zone\n' "${zone#*:}" "${zone%%:*}"
	done
} >"$tmp/nsd.conf"

named -g -n 1 -c "$tmp/named.conf" >"$tmp/bind.log" 2>&1 &
pids+=($!)
knotd -c "$tmp/knot.conf" >"$tmp/knot.log" 2>&1 &
pids+=($!)
nsd -d -c "$tmp/nsd.conf" >"$tmp/nsd.log" 2>&1 &
pids+=($!)

ask() { # PORT NAME TYPE
	dig +short +norecurse +tries=1 +time=1 -p "$1" @127.0.0.1 "$2" "$3"
}
is_up() { # PORT; BIND answers before it has done with its interfaces
	[[ $1 != "$bind" ]] || grep -q ' running$' "$tmp/bind.log" || return 1
	[[ -n $(ask "$1" example SOA) ]]
}
for port in "$bind" "$knot" "$nsd"; do
	for ((i = 0; i < 100; i++)); do
		! is_up "$port" || break
		sleep 0.1
	done
	if ((i == 100)); then
		echo "not ok server on port $port answers: $(tail -n 3 "$tmp"/*.log | tr '\n' ' ')"
		exit 1
	fi
done

verdict() { if [[ -z $2 ]]; then echo "ok $1"; else echo "not ok $1: $2"; fi; }

# NAME STATUS WORDS PORT KEY VERB...: WORDS must stand in the output
run() {
	local name=$1 status=$2 words=$3 port=$4 key=$5 why="" got
	shift 5
	DRIVE_RESOLVER=${RESOLVER:-127.0.0.1#$port} DRIVE_ENDPOINTS=${ENDPOINT-rfc2136=127.0.0.1#$port} \
		MAILREADY_TSIG_FILE=${key:+$tmp/$key.key} "$drive" rfc2136 "$@" >"$tmp/out" 2>&1 </dev/null
	got=$?
	cat "$tmp/out" >>"$tmp/all"
	[[ $got == "$status" ]] || why="exit $got, expected $status;"
	[[ -z $words ]] || grep -qF -- "$words" "$tmp/out" || why+=" no '$words'"
	verdict "$name" "${why:+$why in: $(head -c 500 "$tmp/out")}"
}
dns() { # NAME PORT OWNER TYPE EXPECTED
	local got
	got=$(ask "$2" "$3" "$4" | sort | tr '\n' ' ')
	verdict "$1" "$([[ ${got% } == "$5" ]] || echo "'$got' instead of '$5'")"
}

child=10.0-63.2.0.192.in-addr.arpa
for server in bind knot; do
	port=${!server}
	key=upd
	unknown=BADKEY refusal=REFUSED
	# Knot says NOTAUTH since 3.4, and BADKEY before: one of the lines
	[[ $server == bind ]] || key=knot unknown=$'BADKEY\nits secret or the clock is not accepted (NOTAUTH)' refusal=$unknown
	run "$server: the place is in the child zone" 0 "$child in the zone 0-63.2.0.192.in-addr.arpa" "$port" "$key" find 192.0.2.10
	run "$server: there is nothing" 0 "ABSENT 192.0.2.10 ttl=0" "$port" "$key" get 192.0.2.10
	DRIVE_TTL=300 run "$server: set" 0 "maybe_done=0" "$port" "$key" put 192.0.2.10 mail.example
	dns "$server: DNS has it" "$port" "$child" PTR mail.example.
	run "$server: get" 0 "ACTIVE 192.0.2.10 ttl=300 default=0 mail.example" "$port" "$key" get 192.0.2.10
	run "$server: poll" 0 ACTIVE "$port" "$key" poll 192.0.2.10
	run "$server: two names instead" 0 "" "$port" "$key" put 192.0.2.10 a.example b.example
	dns "$server: DNS has both" "$port" "$child" PTR "a.example. b.example."
	run "$server: TTL when none is given" 0 "ttl=3600" "$port" "$key" get 192.0.2.10
	run "$server: unset" 0 "" "$port" "$key" unset 192.0.2.10
	dns "$server: DNS has nothing" "$port" "$child" PTR ""
	run "$server: unset again" 0 "" "$port" "$key" unset 192.0.2.10
	run "$server: outside of the delegated part" 0 "" "$port" "$key" put 192.0.2.200 x.example
	dns "$server: it is in the parent" "$port" 200.2.0.192.in-addr.arpa PTR x.example.
	run "$server: IPv6" 0 "" "$port" "$key" put 2001:db8::25 mail.example
	run "$server: IPv6 is there" 0 "mail.example" "$port" "$key" get 2001:db8::25
	run "$server: no such zone" 75 "cannot find the zone of" "$port" "$key" find 198.51.100.1

	run "$server: forward record is missing" 0 "forward ttl=0" "$port" "$key" forward-get new.example 192.0.2.10
	DRIVE_TTL=120 run "$server: forward record" 0 "" "$port" "$key" forward-put new.example 192.0.2.10
	dns "$server: DNS has the address" "$port" new.example A 192.0.2.10
	run "$server: forward record is read" 0 "forward ttl=120 192.0.2.10" "$port" "$key" forward-get new.example 192.0.2.10
	run "$server: one address more" 0 "" "$port" "$key" forward-put two.example 192.0.2.8 192.0.2.9 192.0.2.10
	dns "$server: DNS has three" "$port" two.example A "192.0.2.10 192.0.2.8 192.0.2.9"
	run "$server: IPv6 forward record" 0 "" "$port" "$key" forward-put new.example 2001:db8::25
	dns "$server: DNS has it beside the other" "$port" new.example AAAA 2001:db8::25
	run "$server: forward record goes" 0 "" "$port" "$key" forward-unset new.example 192.0.2.10
	dns "$server: DNS has none" "$port" new.example A ""
	run "$server: forward record at an alias" 65 "alias.example is a CNAME" "$port" "$key" forward-put alias.example 192.0.2.10
	run "$server: forward zone of others" 75 "zone of mail.elsewhere.test" "$port" "$key" forward-get mail.elsewhere.test 192.0.2.10

	run "$server: wrong secret" 77 "BADSIG" "$port" secret find 192.0.2.10
	run "$server: unknown key" 77 "$unknown" "$port" nobody find 192.0.2.10
	run "$server: wrong secret, nothing written" 77 "BADSIG" "$port" secret put 192.0.2.10 evil.example
	dns "$server: nothing is there" "$port" "$child" PTR ""
	run "$server: a key that may not write" 77 "$refusal" "$port" reader put 192.0.2.10 evil.example
	dns "$server: still nothing" "$port" "$child" PTR ""
done

run "nsd: unknown key" 77 "does not know the key upd" "$nsd" upd find 192.0.2.10
run "bind: another algorithm" 0 "" "$bind" upd512 put 192.0.2.11 mail.example
dns "bind: it is there" "$bind" 11.0-63.2.0.192.in-addr.arpa PTR mail.example.
run "knot: name that is outside" 77 "" "$knot" reader put 192.0.2.30 mail.example

# A resolver that does not know of the CNAME: the update goes to its owner, where BIND says NOERROR
RESOLVER=127.0.0.1#$knot run "update at a CNAME is not done" 65 "30.2.0.192.in-addr.arpa is a CNAME at its server" "$bind" upd put 192.0.2.30 mail.example

# --- the server that the zone names, and servers that cannot be reached
ENDPOINT='' RESOLVER=127.0.0.1#$bind run "primary in private space" 78 "primary.example, the primary server of 8.b.d" "$bind" upd find 2001:db8::25
ENDPOINT='' DRIVE_SPECIAL=1 run "primary from the SOA is asked" 69 "127.0.0.1: Connection refused" "$bind" upd find 2001:db8::25
RESOLVER=127.0.0.1#$bind run "unreachable server" 69 "127.0.0.1#$closed: Connection refused" "$closed" upd put 192.0.2.10 mail.example
ENDPOINT=rfc2136=127.0.0.1#$bind run "resolver that does not answer" 75 "cannot find the zone" "$closed" upd find 192.0.2.10
ENDPOINT=rfc2136=ns.example run "endpoint that is no address" 78 "ns.example" "$bind" upd find 192.0.2.10

# --- key files
run "no key file is named" 78 "MAILREADY_TSIG_FILE" "$bind" "" find 192.0.2.10
run "key file that is not there" 78 "none.key" "$bind" none find 192.0.2.10
run "key file that others can read" 0 "warning: $tmp/open.key" "$bind" open find 192.0.2.10
run "algorithm that cannot be used" 78 "sha384.key:2: the algorithm" "$bind" sha384 find 192.0.2.10
: >"$tmp/empty.key"
run "empty key file" 78 "empty.key:1:" "$bind" empty find 192.0.2.10
run "list" 64 "" "$bind" upd list

secrets=$(sed -n 's/.*secret:* *"*\([^";]*\).*/\1/p' "$tmp"/*.key)
verdict "no secret in all that was said" "$(grep -oF "$secrets" "$tmp/all" | head -n 1)"
