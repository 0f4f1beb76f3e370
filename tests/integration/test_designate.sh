#!/usr/bin/env bash
# OpenStack: the real Keystone and the real Designate (with all its parts in one process) over a
# real PowerDNS, from application credential to the record in DNS.  Neutron's one answer is a fake.
# It takes half a minute to two minutes, most of it Keystone's and Designate's: once is enough.
# variants: release
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 70
bin=${MAILREADY:-$PWD/build/release/mailready}
drive=${bin%/*}/tests/tools/provider_drive
python=/usr/bin/python3 # the one that the packages are for
schema=/usr/share/doc/pdns-backend-sqlite3/schema.sqlite3.sql
parts=tests/integration/openstack.py
world() { "$python" "$parts" "$@"; }

for program in "$drive" pdns_server designate-manage keystone-manage sqlite3 dig; do
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
slave=yes
allow-notify-from=127.0.0.0/8
slave-cycle-interval=5
xfr-cycle-interval=5
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
poll_max_retries = 3
poll_retry_interval = 1
poll_delay = 1
poll_timeout = 2
all_tcp = true
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

# --- as a user
verdict() { if [[ -z $2 ]]; then echo "ok $1"; else echo "not ok $1: $2"; fi; }
credentials=(OS_AUTH_URL="$url/v3" OS_REGION_NAME=RegionOne OS_APPLICATION_CREDENTIAL_ID="$id"
	OS_APPLICATION_CREDENTIAL_SECRET="$secret")
by_password=(OS_AUTH_URL="$url" OS_REGION_NAME=RegionOne OS_USERNAME=admin OS_PASSWORD="$password"
	OS_PROJECT_NAME=admin OS_USER_DOMAIN_NAME=Default OS_PROJECT_DOMAIN_ID=default)
using=("${credentials[@]}")
run() { # NAME STATUS WORDS VERB...: WORDS must stand in the output
	local name=$1 status=$2 words=$3 why="" got
	shift 3
	env -u OS_CLOUD -u XDG_CONFIG_HOME HOME="$tmp" "${using[@]}" "$drive" openstack "$@" >"$tmp/out" 2>&1 </dev/null
	got=$?
	cat "$tmp/out" >>"$tmp/all"
	[[ $got == "$status" ]] || why="exit $got, expected $status;"
	[[ -z $words ]] || grep -qF -- "$words" "$tmp/out" || why+=" no '$words'"
	verdict "$name" "${why:+$why in: $(head -c 600 "$tmp/out")}"
}
dns() { # NAME OWNER TYPE EXPECTED: within 10 s
	local got=
	for _ in {1..40}; do
		got=$(dig +short +tries=1 +time=1 -p "$dns" @127.0.0.1 "$2" "$3" | tr '\n' ' ')
		[[ ${got% } != "$4" ]] || break
		sleep 0.25
	done
	verdict "$1" "$([[ ${got% } == "$4" ]] || echo "'$got' instead of '$4'")"
}
reverse=$(awk -F. '{ print $4 "." $3 "." $2 "." $1 ".in-addr.arpa" }' <<<"$address")

run "find" 0 "RegionOne:$number" find "$address"
run "nothing is set" 0 "ABSENT $address" get "$address"
DRIVE_TTL=600 DRIVE_DESCRIPTION="of the mail server" run "set" 0 "maybe_done=0" put "$address" mail.example.org
run "PENDING or done" 0 "mail.example.org (of the mail server)" get "$address"
run "it becomes ACTIVE" 0 ACTIVE wait "$address"
dns "DNS has it" "$reverse" PTR mail.example.org.
run "get" 0 "ACTIVE $address ttl=600 default=0 mail.example.org (of the mail server)" get "$address"
run "list" 0 "$address ttl=600 default=0 mail.example.org" list
run "another name, no TTL, no description" 0 "" put "$address" mx.example.org
run "it becomes ACTIVE, too" 0 ACTIVE wait "$address"
dns "DNS has the other" "$reverse" PTR mx.example.org.
run "TTL is the default again" 0 "ACTIVE $address ttl=3600 default=0 mx.example.org" get "$address"
using=("${by_password[@]}")
run "a name that is none" 65 "HTTP 400" put "$address" "not_a_host!.example.org"
run "password instead of a credential" 0 "mx.example.org" get "$address"
run "unset" 0 "" unset "$address"
run "it is gone" 0 ABSENT wait "$address"
dns "DNS has nothing" "$reverse" PTR ""
run "unset again" 0 "" unset "$address"

# --- forward record in a zone of the project
token=$(curl -s -D - -o /dev/null -H 'Content-Type: application/json' "$url/v3/auth/tokens" -d "{\"auth\":{\"identity\":{\"methods\":[\"application_credential\"],\"application_credential\":{\"id\":\"$id\",\"secret\":\"$secret\"}}}}" | tr -d '\r' | sed -n 's/^X-Subject-Token: //ip')
curl -s -o "$tmp/zone.log" -H "X-Auth-Token: $token" -H 'Content-Type: application/json' \
	-d '{"name":"example.net.","email":"hostmaster@example.net"}' "http://127.0.0.1:$api/v2/zones"
dns "the zone is in DNS" example.net NS ns1.example.org.
run "forward record is missing" 0 "forward ttl=0" forward-get mail.example.net "$address"
DRIVE_TTL=120 run "forward record" 0 "" forward-put mail.example.net "$address"
dns "DNS has the address" mail.example.net A "$address"
run "forward record is read" 0 "forward ttl=120 $address" forward-get mail.example.net "$address"
DRIVE_TTL=60 run "it is replaced" 0 "" forward-put mail.example.net 192.0.2.1
dns "DNS has the other address" mail.example.net A 192.0.2.1
run "it is removed" 0 "" forward-unset mail.example.net "$address"
dns "DNS has no address" mail.example.net A ""
run "zone of others" 65 "no zone of the project" forward-get mail.example.com "$address"

# --- what is not ours, and what is wrong
run "floating IP of another project" 65 "this project does not have it" get "$theirs"
run "address that is no floating IP" 65 "no floating IP of the project admin" find 192.0.2.77
run "IPv6" 65 "IPv4 floating IPs only" find 2001:db8::1
DRIVE_ENDPOINTS="network=http://127.0.0.1:1" run "Neutron cannot be reached" 69 "looking for the floating IP" find "$address"
DRIVE_REGION=RegionThree run "no such region" 78 "it has RegionOne, RegionTwo" find "$address"
using=("${credentials[@]/OS_APPLICATION_CREDENTIAL_SECRET=*/OS_APPLICATION_CREDENTIAL_SECRET=wrong-one}")
run "wrong secret" 77 "the credentials are refused (HTTP 401" find "$address"
using=("${by_password[@]/OS_PASSWORD=*/OS_PASSWORD=wrong-one}")
run "wrong password" 77 "the credentials are refused (HTTP 401" find "$address"
using=("${by_password[@]/OS_PASSWORD=*/OS_PASSWORD=}")
run "no password" 78 "OS_PASSWORD" find "$address"
using=("${credentials[@]/OS_AUTH_URL=*/OS_AUTH_URL=http:\/\/127.0.0.1:1}")
run "no identity service" 69 "127.0.0.1:1" find "$address"

# --- clouds.yaml
mkdir -p "$tmp/.config/openstack"
cat >"$tmp/.config/openstack/clouds.yaml" <<CONF
clouds:
  here:
    auth_type: v3applicationcredential
    auth: {auth_url: "$url", application_credential_id: "$id"}
    region_name: RegionOne
CONF
printf 'clouds:\n  here:\n    auth:\n      application_credential_secret: "%s"\n' "$secret" >"$tmp/.config/openstack/secure.yaml"
chmod 644 "$tmp/.config/openstack/"*.yaml
using=(OS_CLOUD=here)
run "clouds.yaml and secure.yaml" 0 "warning: $tmp/.config/openstack/secure.yaml" find "$address"
using=(OS_CLOUD=there)
run "cloud that is not in the file" 78 "has no cloud \"there\"" find "$address"

# --- the name server behind Designate is down
using=("${credentials[@]}")
kill "${pids[pdns]}"
wait "${pids[pdns]}" 2>/dev/null
unset "pids[pdns]"
run "set while the name server is down" 0 "" put "$address" down.example.org
run "it fails" 0 "FAILED: floating IP $number" wait "$address"
for word in "$secret" "$password" "$token" wrong-one; do
	verdict "no secret in all that was said" "$(grep -oF -- "$word" "$tmp/all" | head -n 1)"
done
