#!/usr/bin/env bash
# Records that nobody has set: from a wildcard of BIND, Knot's synthrecord and a LUA wildcard of PowerDNS.
# fix puts records of their own in their place, undo deletes these; neighbours that would lose the
# wildcard are named before.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 70
PATH=$PATH:/usr/sbin:/sbin
# shellcheck disable=SC1091
source tests/integration/expect.sh
bin=${MAILREADY:-$PWD/build/release/mailready}
schema=/usr/share/doc/pdns-backend-sqlite3/schema.sqlite3.sql
for program in named knotd pdns_server sqlite3 tsig-keygen nsupdate dig; do
	command -v "$program" >/dev/null || { echo "skip synthesised: no $program"; exit 0; }
done
[[ -f $schema ]] || { echo "skip synthesised: no $schema"; exit 0; }
tmp=$(mktemp -d /tmp/synthesised.XXXXXX) || exit 70 # the paths of its servers' sockets have to be short
pids=()
# shellcheck disable=SC2317 # run by the trap
stop() {
	[[ ${#pids[@]} -eq 0 ]] || kill "${pids[@]}" 2>/dev/null
	wait 2>/dev/null
	rm -rf "$tmp"
}
trap stop EXIT
unset RFC2136_TSIG_FILE XDG_STATE_HOME "${!HUAWEICLOUD_@}" "${!HW_@}" "${!OS_@}"
export HOME=$tmp/home MAILREADY_TSIG_FILE=$tmp/upd.key
mkdir "$HOME" "$tmp/bind" "$tmp/knot"
read -r bind knot pdns < <(tests/tools/ports 3)
tsig-keygen -a hmac-sha256 upd >"$tmp/upd.key"
chmod 600 "$tmp/upd.key"
secret=$(awk -F'"' '/secret/ { print $2 }' "$tmp/upd.key")

# --- the zones: one above the address of IPv4, one with a whole /32 of IPv6, and one of names
zones=(. 113.0.203.in-addr.arpa 8.b.d.0.1.0.0.2.ip6.arpa example.com)
records() { # ZONE
	echo '@ NS ns1.example.com.'
	case $1 in
	.) ;;
	example.com)
		printf '%s\n' 'ns1 A 127.0.0.1' 'new A 203.0.113.13' 'new A 203.0.113.14' 'new AAAA 2001:db8::25' \
			'*.wild A 203.0.113.99' '*.wild MX 10 new.example.com.' '*.any CNAME ns1.example.com.'
		;;
	8.*) echo '* PTR generic.example.com.' ;;
	*) [[ $server != bind ]] || echo '* PTR generic.example.com.' ;;
	esac
}
for server in bind knot; do
	for zone in "${zones[@]}"; do
		# shellcheck disable=SC2016 # a zone file's $
		{
			printf '$TTL 300\n@ SOA ns1.example.com. hostmaster.example.com. 1 3600 600 86400 60\n'
			records "$zone"
		} >"$tmp/$server/$zone.zone"
	done
done
{
	printf 'include "%s";\n' "$tmp/upd.key"
	printf 'options { directory "%s"; pid-file "pid"; session-keyfile "session"; listen-on port %s { 127.0.0.1; };\n' "$tmp/bind" "$bind"
	printf ' listen-on-v6 { none; }; recursion no; dnssec-validation no; };\ncontrols { };\n'
	for zone in "${zones[@]}"; do
		printf 'zone "%s" { type primary; file "%s.zone"; update-policy { grant upd zonesub ANY; }; };\n' "$zone" "$zone"
	done
} >"$tmp/named.conf"
{
	printf 'server:\n    rundir: "%s"\n    listen: 127.0.0.1@%s\ndatabase:\n    storage: "%s"\n' "$tmp/knot" "$knot" "$tmp/knot"
	printf 'key:\n  - id: upd\n    algorithm: hmac-sha256\n    secret: %s\n' "$secret"
	printf 'acl:\n  - id: upd_acl\n    key: upd\n    action: [update, query]\n'
	printf 'mod-synthrecord:\n  - id: made_up\n    type: reverse\n    prefix: dyn-\n    origin: example.com\n    ttl: 400\n    network: 203.0.113.0/24\n'
	printf 'template:\n  - id: default\n    storage: "%s"\n    zonefile-load: difference-no-serial\n    journal-content: all\n' "$tmp/knot"
	printf '    zonefile-sync: -1\n    acl: upd_acl\nzone:\n'
	for zone in "${zones[@]}"; do
		printf '  - domain: "%s"\n    file: "%s.zone"\n' "$zone" "$zone"
		[[ $zone != 113.* ]] || printf '    module: mod-synthrecord/made_up\n'
	done
} >"$tmp/knot.conf"
cat >"$tmp/pdns.conf" <<CONF
launch=gsqlite3
gsqlite3-database=$tmp/db
local-address=127.0.0.1
local-port=$pdns
dnsupdate=yes
allow-dnsupdate-from=127.0.0.0/8
enable-lua-records=yes
socket-dir=$tmp
daemon=no
guardian=no
disable-syslog=yes
write-pid=no
cache-ttl=0
query-cache-ttl=0
negquery-cache-ttl=0
zone-cache-refresh-interval=0
CONF
{
	cat "$schema"
	for zone in "${zones[@]}"; do
		name=${zone#.}
		echo "INSERT INTO domains(name, type) VALUES ('$name', 'NATIVE');"
		add="INSERT INTO records(domain_id, name, type, content, ttl, prio, disabled, auth) SELECT id,"
		where="300, 0, 0, 1 FROM domains WHERE name = '$name';"
		echo "$add '$name', 'SOA', 'ns1.example.com hostmaster.example.com 1 3600 600 86400 60', $where"
		server=pdns
		while read -r owner type content; do
			[[ $type != MX ]] || content=${content#10 } where=${where/300, 0/300, 10}
			[[ $owner != @ ]] || owner=
			owner=${owner:+$owner${name:+.}}$name
			echo "$add '$owner', '$type', '${content%.}', $where"
		done < <(records "$zone")
	done
	echo "$add '*.113.0.203.in-addr.arpa', 'LUA', 'PTR \"createReverse(''%1%-%2%-%3%-%4%.dyn.example.com'')\"'," \
		"300, 0, 0, 1 FROM domains WHERE name = '113.0.203.in-addr.arpa';"
	echo "INSERT INTO tsigkeys(name, algorithm, secret) VALUES ('upd', 'hmac-sha256', '$secret');"
	echo "INSERT INTO domainmetadata(domain_id, kind, content) SELECT id, 'TSIG-ALLOW-DNSUPDATE', 'upd' FROM domains;"
} >"$tmp/sql"
sqlite3 "$tmp/db" <"$tmp/sql" || exit 70

named -g -n 1 -c "$tmp/named.conf" >"$tmp/bind.log" 2>&1 &
pids+=($!)
knotd -c "$tmp/knot.conf" >"$tmp/knot.log" 2>&1 &
pids+=($!)
pdns_server --config-dir="$tmp" >"$tmp/pdns.log" 2>&1 &
pids+=($!)
ask() { # NAME TYPE
	dig +short +norecurse +tries=2 +time=2 -p "$port" @127.0.0.1 "$1" "$2" | sort | tr '\n' ' '
}
for server in bind knot pdns; do
	port=${!server}
	for ((i = 0; i < 100; i++)); do
		[[ -z $(ask example.com SOA) ]] || break
		sleep 0.1
	done
	if ((i == 100)); then
		echo "not ok $server answers: $(tail -n 5 "$tmp/$server.log" | tr '\n' ' ')"
		exit 1
	fi
done

reverse() { python3 -c 'import ipaddress, sys; print(ipaddress.ip_address(sys.argv[1]).reverse_pointer)' "$1"; }
shows() { # NAME OWNER TYPE EXPECTED
	local got
	got=$(ask "$2" "$3")
	verdict "$server: $1" "$([[ ${got% } == "$4" ]] || echo "'$got' instead of '$4'")"
}
has_none() { # NAME ZONE OWNER TYPE: nothing of its own
	verdict "$server: $1" "$(printf 'server 127.0.0.1 %s\nzone %s\nprereq nxrrset %s %s\nsend\n' "$port" "$2" "$3" "$4" |
		nsupdate -k "$tmp/upd.key" 2>&1 | grep -v '^$')"
}
fix() { # ADDRESS NAME OPTION...
	timeout 60 "$bin" fix "$1" --name "$2" --resolver "127.0.0.1#$port" --authority-port "$port" --allow-special "${@:3}"
}
undo() {
	timeout 60 "$bin" undo "$(journal_of "$HOME/.local/state/mailready")" --yes --resolver "127.0.0.1#$port"
}
silent() { # NAME WORD: not in the last command's output
	verdict "$server: $1" "$(grep -F -- "$2" "$tmp/out")"
}

declare -A generic=([bind]=generic.example.com. [knot]=dyn-203-0-113-13.example.com. [pdns]=203-0-113-13.dyn.example.com.)
M=new.example.com
for server in bind knot pdns; do
	port=${!server}
	owner=13.113.0.203.in-addr.arpa
	shows "nobody has set it" $owner PTR "${generic[$server]}"
	has_none "and the zone does not hold it" 113.0.203.in-addr.arpa $owner PTR
	serial=$(ask 113.0.203.in-addr.arpa SOA)
	expect "$server: plan" 1 "${generic[$server]%.} (default) -> $M" fix 203.0.113.13 $M
	silent "its neighbours keep what they have" hides
	shows "looking changes nothing" 113.0.203.in-addr.arpa SOA "${serial% }"
	expect "$server: ptr unset has nothing to take away" 0 "nothing to do" \
		"$bin" ptr unset 203.0.113.13 --yes --resolver "127.0.0.1#$port" --authority-port "$port" --allow-special
	expect "$server: a record of its own, without --replace" 0 PROVEN fix 203.0.113.13 $M --apply --yes
	shows "it is there" $owner PTR $M.
	expect "$server: what is its own now is not replaced just so" 1 "--replace" fix 203.0.113.13 ns1.example.com --force-order
	expect "$server: undo" 0 "the old record is back" undo
	shows "the generic name is back" $owner PTR "${generic[$server]}"
	has_none "and none of its own is left" 113.0.203.in-addr.arpa $owner PTR

	shows "a wildcard gives an address" mail.wild.example.com A 203.0.113.99
	expect "$server: plan of a forward record" 1 "mail.wild.example.com loses what the wildcard gives it now: MX" \
		fix 203.0.113.14 mail.wild.example.com --with-forward
	expect "$server: a forward record of its own" 0 PROVEN fix 203.0.113.14 mail.wild.example.com --with-forward --apply --yes
	shows "beside the wildcard's address" mail.wild.example.com A "203.0.113.14 203.0.113.99"
	expect "$server: undo of both" 0 "the old record is back" undo
	shows "the wildcard's address is back" mail.wild.example.com A 203.0.113.99
	has_none "no address of its own is left" example.com mail.wild.example.com A
	expect "$server: an address in the place of a wildcard's alias" 0 PROVEN \
		fix 203.0.113.14 mail.any.example.com --with-forward --apply --yes
	expect "$server: and back" 0 "the old record is back" undo
	has_none "the alias is the wildcard's again" example.com mail.any.example.com A

	owner=$(reverse 2001:db8::25)
	shows "a wildcard far above" "$owner" PTR generic.example.com.
	expect "$server: the neighbours that lose it are named" 1 "hides the wildcard from all other names below 0.8.b.d.0.1.0.0.2.ip6.arpa:" \
		fix 2001:db8::25 $M
	expect "$server: IPv6" 0 PROVEN fix 2001:db8::25 $M --apply --yes
	shows "so it is" "$(reverse 2001:db8::26)" PTR ""
	expect "$server: undo of IPv6" 0 "the old record is back" undo
	shows "the neighbour has it again" "$(reverse 2001:db8::26)" PTR generic.example.com.
done
