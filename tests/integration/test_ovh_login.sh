#!/usr/bin/env bash
# OVHcloud's other logins, against the stand-in for its API: the file of OVH's own clients, and service accounts.
# variants: san
# shellcheck disable=SC2034 # some variables are used by the worlds alone
set -u
bin="" tmp="" dns="" api="" state="" world=() cloud=() # by the worlds
# shellcheck disable=SC1091
source "$(dirname "${BASH_SOURCE[0]}")/fix_world.sh"
# shellcheck disable=SC1091
source tests/integration/clouds_world.sh
provider=ovh
begin_anew

# --- the file of OVH's own clients
conf() { printf '%s\n' "$@" >"$HOME/.ovh.conf"; }
cloud=(--endpoint "ovh=$api/ovh" --endpoint "ovh-token=$api/ovh-token/auth/oauth2/token")
conf '[default]' 'endpoint=ovh-ca' '[ovh-eu]' 'application_key=of another endpoint' '[ovh-ca]' "application_key=ovhApplicationKey01" \
	'application_secret = ovhApplicationSecretOfTheStandIn' 'consumer_key: ovhConsumerKeyOfTheStandIn'
expect "ovh: ovh.conf" 1 "account of application_key of [ovh-ca] in $HOME/.ovh.conf" fix 203.0.113.10 --name mail.example.com
says "ovh: others can read it" "chmod 600"
chmod 600 "$HOME/.ovh.conf"
OVH_APPLICATION_KEY=wrong-token-of-somebody expect "ovh: variables go first" 77 "from OVH_APPLICATION_KEY" fix 203.0.113.10 --name mail.example.com
OVH_ENDPOINT=ovh-us expect "ovh: no section of the endpoint" 1 "BLOCKED" fix 203.0.113.10 --name mail.example.com
conf '[ovh-eu]' 'application_key=ovhApplicationKey01'
expect "ovh: half of the keys" 78 "application_key of [ovh-eu] in $HOME/.ovh.conf is set, but application_secret is not" fix 203.0.113.10 --name mail.example.com
conf '[default]' "endpoint=$api/ovh"
expect "ovh: a URL in the file" 78 "$HOME/.ovh.conf:2: endpoint: expected a name" fix 203.0.113.10 --name mail.example.com
conf '[ovh-eu' 'application_key=s3cret'
expect "ovh: a file that is not one" 78 "$HOME/.ovh.conf:1:" fix 203.0.113.10 --name mail.example.com

# --- a service account
conf '[default]' 'endpoint=ovh-eu' '[ovh-eu]' 'client_id=EU.0123456789abcdef' 'client_secret=ovhClientSecretOfTheStandIn'
provider="ovh, service account" source="client_id of [ovh-eu] in $HOME/.ovh.conf"
whole_way 203.0.113.10 mail.example.com "account of client_id of [ovh-eu] in $HOME/.ovh.conf"
expect "ovh: providers" 0 "has the address" "$bin" providers 203.0.113.10 "${world[@]}" "${cloud[@]}"
OVH_CLIENT_SECRET=wrong-token-of-somebody expect "ovh: a wrong secret" 77 "gets no token (HTTP 401: unknown client or wrong secret [secret])" fix 203.0.113.10 --name mail.example.com
control '{"faults": [{"path": "oauth2", "kind": "status", "status": 503}]}'
expect "ovh: no token once" 1 "CHANGE" fix 203.0.113.10 --name mail.example.com
control '{"faults": [{"path": "oauth2", "kind": "body", "body": "{}", "times": 99}]}'
expect "ovh: a reply without a token" 75 "gets no token (HTTP 200)" fix 203.0.113.10 --name mail.example.com --timeout 2
control '{"faults": []}'
cloud=(--endpoint "ovh=$api/ovh")
OVH_ENDPOINT=$api/ovh OVH_CLIENT_ID=EU.1 OVH_CLIENT_SECRET=x expect "ovh: nobody says where tokens are" 78 "--endpoint ovh-token=URL" fix 203.0.113.10 --name mail.example.com
finish
