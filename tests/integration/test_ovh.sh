#!/usr/bin/env bash
# OVHcloud, from no PTR record to a proven one and back, against a strict stand-in for its API.
# variants: san
# shellcheck disable=SC2034 # some variables are used by the worlds alone
set -u
bin="" tmp="" dns="" api="" state="" world=() cloud=() # by the worlds
# shellcheck disable=SC1091
source "$(dirname "${BASH_SOURCE[0]}")/fix_world.sh"
# shellcheck disable=SC1091
source tests/integration/clouds_world.sh
provider=ovh variable=OVH_APPLICATION_KEY secret=key read_path=/1.0/ip
no_token="OVH_APPLICATION_SECRET is set, but OVH_APPLICATION_KEY is not"
export OVH_APPLICATION_KEY=ovhApplicationKey01 OVH_APPLICATION_SECRET=ovhApplicationSecretOfTheStandIn \
	OVH_CONSUMER_KEY=ovhConsumerKeyOfTheStandIn OVH_ENDPOINT=$api/ovh/1.0
begin_anew
whole_way 203.0.113.10 mail.example.com "block 203.0.113.10/32, account of OVH_APPLICATION_KEY"
whole_way 203.0.113.33 srv.example.com "block 203.0.113.32/29"
whole_way 2001:db8:10::25 mail.example.com "block 2001:db8:10::/64"
expect "ovh: ptr list: it cannot" 69 "OVHcloud cannot list its addresses" "$bin" ptr list "${world[@]}"
control '{"set": {"fillers": 1000}}'
expect "ovh: a thousand blocks before it" 1 "block 203.0.113.32/29" fix 203.0.113.33 --name srv.example.com
control '{"set": {"fillers": 0, "unseen": 8}}'
expect "ovh: it sees the forward record later, and is waited for" 0 "PROVEN" fix 203.0.113.10 --name mail.example.com --apply --yes --timeout 40
verdict "ovh: that was said" "$(grep -qF "does not see the address of the name yet (mail.example.com. does not resolve to" "$tmp/err" || cat "$tmp/err")"
begin_anew
control '{"set": {"unseen": 99}}'
expect "ovh: it does not see it in time" 75 "it usually does within 5 minutes" fix 203.0.113.10 --name mail.example.com --apply --yes --timeout 4
begin_anew
control '{"set": {"rate": 2}}'
expect "ovh: the rate limit is kept" 0 "PROVEN" fix 203.0.113.10 --name mail.example.com --apply --yes
control '{"set": {"rate": 1000}, "faults": [{"path": "auth/time", "kind": "status", "status": 503}]}'
expect "ovh: its clock cannot be read once" 1 "CHANGE" fix 203.0.113.33 --name srv.example.com
control '{"faults": [{"path": "auth/time", "kind": "body", "body": "<html>", "times": 99}]}'
expect "ovh: its clock cannot be read" 75 "the time of the API cannot be read" fix 203.0.113.33 --name srv.example.com --timeout 2
all_faults 203.0.113.10 mail.example.com POST /reverse
bad_input 203.0.113.10 mail.example.com
OVH_APPLICATION_SECRET=wrong-token-of-somebody expect "ovh: a wrong secret" 78 "Invalid signature by [secret]" fix 203.0.113.10 --name mail.example.com
OVH_ENDPOINT=ovh-mars expect "ovh: an endpoint that there is not" 78 "'ovh-mars' is not known; expected ovh-eu" fix 203.0.113.10 --name mail.example.com
OVH_ENDPOINT=http://192.0.2.1/1.0 expect "ovh: no key over plain HTTP" 78 "plain HTTP" fix 203.0.113.10 --name mail.example.com
OVH_CLIENT_ID=EU.0 expect "ovh: an application and a service account" 78 "use one" fix 203.0.113.10 --name mail.example.com
kill_everywhere ovh 203.0.113.10 mail.example.com --resolver "127.0.0.1#$dns"
finish
