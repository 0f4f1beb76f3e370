# shellcheck shell=bash
# The real PowerDNS with its HTTP API, to be sourced, and a Knot that follows one of its zones.
# Sets dns and pdns (ports), proxy (a free one), world (options of the program) and tmp; everything is stopped at exit.
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 70
PATH=$PATH:/usr/sbin:/sbin
# shellcheck disable=SC1091
source tests/integration/expect.sh
# shellcheck disable=SC2034 # used by those who source this
bin=${MAILREADY:-$PWD/build/release/mailready}
schema=/usr/share/doc/pdns-backend-sqlite3/schema.sqlite3.sql
for program in pdns_server sqlite3 dig curl knotd; do
	command -v "$program" >/dev/null || { echo "skip powerdns: no $program"; exit 0; }
done
[[ -r $schema ]] || { echo "skip powerdns: no $schema"; exit 0; }
tmp=$(mktemp -d "${TEST_TMP:-/tmp}/pdns.XXXXXX") || exit 70
pids=()
# shellcheck disable=SC2317 # run by the trap
stop() {
	[[ ${#pids[@]} -eq 0 ]] || kill "${pids[@]}" 2>/dev/null
	wait 2>/dev/null
	rm -rf "$tmp"
}
trap stop EXIT
unset MAILREADY_TSIG_FILE RFC2136_TSIG_FILE XDG_STATE_HOME XDG_CONFIG_HOME "${!HUAWEICLOUD_@}" "${!HW_@}" "${!OS_@}" "${!HCLOUD_@}" "${!PDNS_@}"
export HOME=$tmp/home
mkdir "$HOME"
read -r dns pdns proxy < <(tests/tools/ports 3)
export PDNS_API_URL=http://127.0.0.1:$pdns PDNS_API_KEY=keyOfTheRealPowerDNS-0123456789

# --- the server, and a Knot on 127.0.0.2 that follows one of its zones
cat >"$tmp/pdns.conf" <<CONF
launch=gsqlite3
gsqlite3-database=$tmp/pdns.sqlite3
gsqlite3-dnssec=no
local-address=127.0.0.1
local-port=$dns
api=yes
api-key=$PDNS_API_KEY
webserver=yes
webserver-address=127.0.0.1
webserver-port=$pdns
webserver-allow-from=127.0.0.0/8
socket-dir=$tmp
daemon=no
guardian=no
disable-syslog=yes
write-pid=no
primary=yes
only-notify=127.0.0.2/32
also-notify=127.0.0.2:$dns
allow-axfr-ips=127.0.0.0/8
xfr-cycle-interval=3600
cache-ttl=0
query-cache-ttl=0
negquery-cache-ttl=0
zone-cache-refresh-interval=0
CONF
sqlite3 "$tmp/pdns.sqlite3" <"$schema"
pdns_server --config-dir="$tmp" >"$tmp/pdns.log" 2>&1 </dev/null &
pids+=($!)
api() { # METHOD PATH [JSON]
	local data=()
	(($# < 3)) || data=(-H 'Content-Type: application/json' -d "$3")
	curl -sS -f -X "$1" -H "X-API-Key: $PDNS_API_KEY" -H 'Accept: application/json' "${data[@]}" \
		"$PDNS_API_URL/api/v1/servers/localhost/$2"
}
for _ in {1..100}; do
	! api GET zones >"$tmp/zones" 2>/dev/null || break
	sleep 0.1
done
rrset() { # NAME TYPE CONTENT...
	local name=$1 type=$2 content records=
	shift 2
	for content; do records+=${records:+,}"{\"content\": \"$content\", \"disabled\": false}"; done
	printf '{"name": "%s", "type": "%s", "ttl": 300, "records": [%s]}' "$name" "$type" "$records"
}
zone() { # ZONE KIND RRSET...
	local zone=$1 kind=$2 IFS=,
	shift 2
	set -- "$(rrset "$zone" SOA "ns1.example.com. hostmaster.example.com. 1 3600 600 86400 60")" "$@"
	api POST zones "{\"name\": \"$zone\", \"kind\": \"$kind\", \"nameservers\": [], \"soa_edit_api\": \"INCREASE\", \"rrsets\": [$*]}" >"$tmp/zone" ||
		echo "not ok zone $zone: $(cat "$tmp/zone" "$tmp/pdns.log" | tail -n 5)"
}
ns() { rrset "$1" NS ns1.example.com.; }
zone . Native "$(ns .)"
zone example.com. Native "$(ns example.com.)" "$(rrset ns1.example.com. A 127.0.0.1)" "$(rrset ns2.example.com. A 127.0.0.2)" \
	"$(rrset mail.example.com. A 203.0.113.10 203.0.113.65)" "$(rrset mail.example.com. AAAA 2001:db8::25)" "$(rrset mail.example.com. TXT '\"keep me\"')" \
	"$(rrset a.example.com. A 203.0.113.11)" "$(rrset b.example.com. A 203.0.113.11)" "$(rrset two.example.com. A 198.51.100.10)"
zone 113.0.203.in-addr.arpa. Native "$(ns 113.0.203.in-addr.arpa.)" "$(rrset 30.113.0.203.in-addr.arpa. PTR old.example.com.)" \
	"$(rrset 10.113.0.203.in-addr.arpa. TXT '\"a word of the owner\"')" \
	"$(rrset 65.113.0.203.in-addr.arpa. CNAME 65.64/26.113.0.203.in-addr.arpa.)" "$(rrset 66.113.0.203.in-addr.arpa. CNAME 66.64/26.113.0.203.in-addr.arpa.)"
zone 64/26.113.0.203.in-addr.arpa. Native "$(ns 64/26.113.0.203.in-addr.arpa.)"
zone 8.b.d.0.1.0.0.2.ip6.arpa. Native "$(ns 8.b.d.0.1.0.0.2.ip6.arpa.)"
zone 100.51.198.in-addr.arpa. Master "$(rrset 100.51.198.in-addr.arpa. NS ns1.example.com. ns2.example.com.)"
zone 2.0.192.in-addr.arpa. Slave
cat >"$tmp/knot.conf" <<CONF
server:
    rundir: "$tmp"
    listen: 127.0.0.2@$dns
database:
    storage: "$tmp"
remote:
  - id: first
    address: 127.0.0.1@$dns
acl:
  - id: notify_acl
    address: 127.0.0.0/8
    action: notify
zone:
  - domain: 100.51.198.in-addr.arpa
    storage: "$tmp"
    master: first
    acl: notify_acl
CONF
knotd -c "$tmp/knot.conf" >"$tmp/knot.log" 2>&1 &
pids+=($!)
for _ in {1..100}; do
	[[ -z $(dig +short +tries=1 +time=1 -p "$dns" @127.0.0.2 100.51.198.in-addr.arpa SOA) ]] || break
	sleep 0.1
done

# shellcheck disable=SC2034
world=(--resolver "127.0.0.1#$dns" --authority-port "$dns" --allow-special)
