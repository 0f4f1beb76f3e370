#!/usr/bin/env bash
# OpenStack: the real Keystone and the real Designate over a real PowerDNS, first through the provider's
# interface alone, then as a user runs the program.
# It takes half a minute to two minutes, most of it Keystone's and Designate's: once is enough.
# variants: release
set -u
bin=${MAILREADY:-$PWD/build/release/mailready}
tmp="" dns="" url="" api="" id="" secret="" password="" number="" address="" theirs="" credentials=() by_password=() # by the world
# shellcheck disable=SC1091
source "$(dirname "${BASH_SOURCE[0]}")/designate_world.sh"
drive=${bin%/*}/tests/tools/provider_drive
command -v "$drive" >/dev/null || { echo "not ok designate: $drive was not built"; exit 1; }

# --- the provider alone
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
run "address that is no floating IP" 65 "not a floating IP of the project admin" find 192.0.2.77
run "IPv6" 65 "only for IPv4 floating IPs" find 2001:db8::1
DRIVE_ENDPOINTS="network=http://127.0.0.1:1" run "Neutron cannot be reached" 69 "looking for the floating IP" find "$address"
DRIVE_REGION=RegionThree run "no such region" 78 "it has RegionOne" find "$address"
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

# --- as a user: from a missing PTR record to a proven one and back
using=("${credentials[@]}")
state=$tmp/home
mr() { # COMMAND WORD...
	env -u OS_CLOUD -u XDG_CONFIG_HOME HOME="$tmp" XDG_STATE_HOME="$state" "${using[@]}" timeout 150 "$bin" "$@" \
		--resolver "127.0.0.1#$dns" --authority-port "$dns" --allow-special
}
check() { mr check "$address" --helo "$1" --skip address,dnsbl --no-smtp -f brief; }
undo() { mr undo "$(journal_of "$state")" --yes --timeout 90; }
M=mail.example.org
expect "check: no PTR record" 1 "no PTR record" check $M
expect "plan" 1 "none -> $M (TTL 3600)" mr fix "$address" --name $M
says "the account and the address's place in it" "OpenStack Designate: floating IP $number in region RegionOne, project admin"
expect "apply" 0 "PROVEN" mr fix "$address" --name $M --apply --yes --timeout 90 --ttl 600 --description "of the mail server"
says "the authority was asked" "PTR $reverse at ns1.example.org"
verdict "it was waited for the API" "$(grep -qF "the API has not finished" "$tmp/err" || cat "$tmp/err")"
dns "PowerDNS has it" "$reverse" PTR $M.
expect "check: ready" 0 "" check $M
expect "wait" 0 "PROVEN" mr wait "$address" --name $M --timeout 10
expect "ptr show" 0 "$address  $M  TTL 600  \"of the mail server\"" mr ptr show "$address"
expect "ptr list" 0 "$address  $M" mr ptr list
expect "ptr list as JSON" 0 '"ttl": 600' mr ptr list --json
expect "again: nothing to do" 0 "nothing to do" mr fix "$address" --name $M --apply --yes
expect "two names are too many here" 65 "takes 1" mr fix "$address" --name $M --name mx.example.org
expect "tags are none here" 65 "no tags in OpenStack" mr fix "$address" --name $M --tag role=mx
expect "another project's address" 65 "this project does not have it" mr fix "$theirs" --name $M --force-order
expect "IPv6" 2 "only for IPv4 floating IPs" mr fix 2001:db8::1 --name $M --force-order
expect "undo" 0 "the old record is back" undo
dns "PowerDNS has nothing" "$reverse" PTR ""
expect "check: as before" 1 "no PTR record" check $M
expect "forward record and all" 0 "PROVEN" mr fix "$address" --name new.example.net --with-forward --apply --yes --timeout 90
dns "PowerDNS has the address" new.example.net A "$address"
expect "replaced" 0 "PROVEN" mr fix "$address" --name $M --replace --apply --yes --timeout 90
expect "undo of the replacement" 0 "PROVEN" undo
dns "the first name is back" "$reverse" PTR new.example.net.
expect "ptr unset" 0 "PROVEN" mr ptr unset "$address" --yes --timeout 90

# --- what PowerDNS cannot fetch stays PENDING, and ends as ERROR
transfers off
expect "PENDING when the time is up" 75 "still pending" mr fix "$address" --name $M --apply --yes --timeout 12
journal=$(journal_of "$state")
expect "status ERROR" 69 "status ERROR" mr fix --resume "$journal" --timeout 120
verdict "the journal says so" "$(grep -q '"state":"failed"' "$journal" || cat "$journal")"
expect "nothing is proven" 1 "UNPROVEN" mr wait "$address" --name $M --timeout 1
expect "forward record with status ERROR: ends by itself" 69 "the record late.example.net A: Designate could not publish" \
	mr fix "$address" --name late.example.net --with-forward --replace --apply --yes --timeout 120
transfers on
expect "another name, when it can" 0 "PROVEN" mr fix "$address" --name mx.example.org --replace --apply --yes --timeout 90
dns "PowerDNS has it" "$reverse" PTR mx.example.org.
expect "undo of that" 0 "" undo
verdict "the journals are for their owner alone" "$(find "$state" -type f ! -perm 600)"

# --- secrets
for word in "$secret" "$password" "$token" wrong-one; do
	verdict "no secret in all that was said" "$(grep -roF -- "$word" "$tmp/all" "$state" | head -n 1)"
done
