# shellcheck shell=bash
# An OpenStack on loopback, to be sourced: the real Keystone, the real Designate (with all its parts in one
# process) and the real PowerDNS that it publishes to; Neutron's one answer is a fake.  PowerDNS has a
# root zone of its own, so that names and reverse names are found as on the Internet.
# Sets bin, tmp, dns (PowerDNS's port), url (Keystone's), api, address and number (a floating IP of the
# project), theirs (one of another project), credentials and by_password (variables); all is stopped at exit.
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 70
# shellcheck disable=SC1091
source tests/integration/expect.sh
bin=${MAILREADY:-$PWD/build/release/mailready}
python=/usr/bin/python3 # the one that the packages are for
schema=/usr/share/doc/pdns-backend-sqlite3/schema.sqlite3.sql
parts=tests/integration/openstack.py
world() { "$python" "$parts" "$@"; }

for program in pdns_server designate-manage keystone-manage sqlite3 dig curl; do
	command -v "$program" >/dev/null || { echo "skip designate: no $program"; exit 0; }
done
[[ -r $schema ]] || { echo "skip designate: no $schema"; exit 0; }
"$python" -c 'import designate, keystone' 2>/dev/null || { echo "skip designate: not for $python"; exit 0; }

tmp=$(mktemp -d "${TEST_TMP:-/tmp}/designate.XXXXXX") || exit 70
declare -A pids=()
# shellcheck disable=SC2317 # run by the trap
stop() {
	[[ ${#pids[@]} -eq 0 ]] || kill "${pids[@]}" 2>/dev/null
	wait 2>/dev/null
	rm -rf "$tmp"
}
trap stop EXIT
start() { # NAME COMMAND...
	local name=$1
	shift
	"$@" >"$tmp/$name.log" 2>&1 </dev/null &
	pids[$name]=$!
}
give_up() {
	echo "not ok $1: $(tail -n 3 "$tmp"/*.log 2>/dev/null | tr '\n' ' ' | tail -c 1500)"
	exit 1
}
until_good() { # WHAT COMMAND...: at most 40 s
	local what=$1
	shift
	for _ in {1..200}; do
		! "$@" >/dev/null 2>&1 || return 0
		sleep 0.2
	done
	give_up "$what did not start"
}

read -r keystone neutron api mdns dns pdns < <(tests/tools/ports 6)
password=s3cret-of-the-admin
url=http://127.0.0.1:$keystone

# --- PowerDNS
cat >"$tmp/pdns.conf" <<CONF
launch=gsqlite3
gsqlite3-database=$tmp/pdns.sqlite3
local-address=127.0.0.1
local-port=$dns
api=yes
api-key=testkey
webserver=yes
webserver-address=127.0.0.1
webserver-port=$pdns
webserver-allow-from=127.0.0.0/8
socket-dir=$tmp
daemon=no
guardian=no
disable-syslog=yes
write-pid=no
secondary=yes
allow-notify-from=127.0.0.0/8
xfr-cycle-interval=5
cache-ttl=0
query-cache-ttl=0
negquery-cache-ttl=0
zone-cache-refresh-interval=0
CONF
sqlite3 "$tmp/pdns.sqlite3" <"$schema"
start pdns pdns_server --config-dir="$tmp"

# --- Keystone and Designate: their databases side by side, that is what takes the time
cat >"$tmp/keystone.conf" <<CONF
[database]
connection = sqlite:///$tmp/keystone.sqlite
[fernet_tokens]
key_repository = $tmp/fernet
[credential]
key_repository = $tmp/credential
[identity]
password_hash_rounds = 4
[cache]
enabled = false
CONF
cat >"$tmp/designate.conf" <<CONF
[DEFAULT]
transport_url = fake://
state_path = $tmp
network_api = fake
[oslo_messaging_notifications]
driver = noop
[oslo_concurrency]
lock_path = $tmp
[storage:sqlalchemy]
connection = sqlite:///$tmp/designate.sqlite
[service:api]
listen = 127.0.0.1:$api
auth_strategy = keystone
api_base_uri = http://127.0.0.1:$api/
enable_host_header = true
[keystone_authtoken]
auth_type = password
auth_url = $url/v3
www_authenticate_uri = $url/v3
username = admin
password = $password
project_name = admin
user_domain_id = default
project_domain_id = default
[service:central]
managed_resource_tenant_id = 11111111-1111-1111-1111-111111111111
managed_resource_email = hostmaster@example.org
[service:worker]
enabled = true
poll_max_retries = 15
poll_retry_interval = 1
poll_delay = 1
poll_timeout = 2
all_tcp = true
# the producer tells of changes since Designate 16; before, central does.  It has the worker look for the zone's
# serial before the change: where the change is not there within poll_delay, only the recovery finds it, or that
# it failed
[service:producer]
enabled_tasks = delayed_notify, increment_serial, worker_periodic_recovery
[producer_task:increment_serial]
interval = 1
[producer_task:worker_periodic_recovery]
interval = 5
[service:mdns]
listen = 127.0.0.1:$mdns
CONF
cat >"$tmp/pools.yaml" <<CONF
- name: default
  description: test pool
  attributes: {}
  ns_records: [{hostname: ns1.example.org., priority: 1}]
  nameservers: [{host: 127.0.0.1, port: $dns}]
  targets:
    - type: pdns4
      description: loopback
      masters: [{host: 127.0.0.1, port: $mdns}]
      options: {host: 127.0.0.1, port: $dns, api_endpoint: "http://127.0.0.1:$pdns", api_token: testkey}
CONF
designate-manage --config-file "$tmp/designate.conf" database sync >"$tmp/designate-sync.log" 2>&1 &
sync=$!
mkdir "$tmp/fernet" "$tmp/credential"
manage() { keystone-manage --config-file "$tmp/keystone.conf" "$@" >>"$tmp/keystone-setup.log" 2>&1; }
user=$(id -un) group=$(id -gn)
if ! { manage db_sync && manage fernet_setup --keystone-user "$user" --keystone-group "$group" &&
	manage credential_setup --keystone-user "$user" --keystone-group "$group" &&
	manage bootstrap --bootstrap-password "$password" --bootstrap-region-id RegionOne \
		--bootstrap-admin-url "$url/v3/" --bootstrap-internal-url "$url/v3/" --bootstrap-public-url "$url/v3/"; }; then
	give_up "Keystone's database"
fi
world catalogue "$tmp" RegionOne "dns=http://127.0.0.1:$api" "network=http://127.0.0.1:$neutron/" || give_up catalogue
world catalogue "$tmp" RegionTwo "dns=http://127.0.0.1:1/v2" || give_up catalogue
start keystone "$python" "$parts" keystone "$tmp" "$keystone"
until_good Keystone curl -sf "$url/v3"
read -r id secret project < <(world credential "$url" "$password" 2>"$tmp/credential.log") || give_up "application credential"
wait "$sync" || give_up "Designate's database"
start designate "$python" "$parts" designate "$tmp" "$project" another-project
until_good Designate grep -q '^floating.*' "$tmp/designate.log"
sleep 0.5
mapfile -t floating < <(grep '^floating' "$tmp/designate.log")
read -r _ number address <<<"${floating[0]}"
read -r _ foreign theirs <<<"${floating[1]}"
start neutron "$python" "$parts" neutron "$neutron" "$number=$address" "$foreign=$theirs"
until_good "Designate's API" curl -s "http://127.0.0.1:$api/"
until_good Neutron curl -s "http://127.0.0.1:$neutron/"

# --- zones of PowerDNS's own: no other server is asked, and Designate's zones are the nearer ones
rrset() { # NAME TYPE CONTENT
	printf '{"name": "%s", "type": "%s", "ttl": 60, "records": [{"content": "%s", "disabled": false}]}' "$@"
}
own_zone() { # ZONE RRSET...
	local zone=$1 IFS=,
	shift
	set -- "$(rrset "$zone" SOA "ns1.example.org. hostmaster.example.org. 1 3600 600 86400 1")" \
		"$(rrset "$zone" NS ns1.example.org.)" "$@"
	curl -sf -o "$tmp/zone.log" -H 'X-API-Key: testkey' -H 'Content-Type: application/json' \
		-d "{\"name\": \"$zone\", \"kind\": \"Native\", \"nameservers\": [], \"rrsets\": [$*]}" \
		"http://127.0.0.1:$pdns/api/v1/servers/localhost/zones" || give_up "the zone $zone"
}
own_zone .
own_zone in-addr.arpa.
own_zone example.org. "$(rrset ns1.example.org. A 127.0.0.1)" "$(rrset mail.example.org. A "$address")" \
	"$(rrset mx.example.org. A "$address")" "$(rrset late.example.org. A "$address")"

credentials=(OS_AUTH_URL="$url/v3" OS_REGION_NAME=RegionOne OS_APPLICATION_CREDENTIAL_ID="$id"
	OS_APPLICATION_CREDENTIAL_SECRET="$secret")
# shellcheck disable=SC2034 # for those who source this
by_password=(OS_AUTH_URL="$url" OS_REGION_NAME=RegionOne OS_USERNAME=admin OS_PASSWORD="$password"
	OS_PROJECT_NAME=admin OS_USER_DOMAIN_NAME=Default OS_PROJECT_DOMAIN_ID=default)
dns() { # NAME OWNER TYPE EXPECTED: within 10 s
	local got=
	for _ in {1..40}; do
		got=$(dig +short +tries=1 +time=1 -p "$dns" @127.0.0.1 "$2" "$3" | tr '\n' ' ')
		[[ ${got% } != "$4" ]] || break
		sleep 0.25
	done
	verdict "$1" "$([[ ${got% } == "$4" ]] || echo "'$got' instead of '$4'")"
}
# What Designate's changes wait for: whether PowerDNS can fetch the zones from it.
transfers() { # on|off
	local port=$mdns
	[[ $1 == on ]] || port=1
	sqlite3 "$tmp/pdns.sqlite3" "PRAGMA busy_timeout = 5000; UPDATE domains SET master = '127.0.0.1:$port' WHERE master <> ''" >"$tmp/transfers.log" ||
		give_up "transfers $1"
}
