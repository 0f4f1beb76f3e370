#!/usr/bin/env bash
# Scaleway, from no PTR record to a proven one and back, against a strict stand-in for its API.
# variants: san
# shellcheck disable=SC2034 # some variables are used by the worlds alone
set -u
bin="" tmp="" dns="" api="" state="" world=() cloud=() # by the worlds
# shellcheck disable=SC1091
source "$(dirname "${BASH_SOURCE[0]}")/fix_world.sh"
# shellcheck disable=SC1091
source tests/integration/clouds_world.sh
provider=scaleway variable=SCW_SECRET_KEY
export SCW_SECRET_KEY=11111111-2222-4333-8444-scalewayStandIn SCW_API_URL=$api/scaleway
begin_anew
whole_way 203.0.113.10 mail.example.com "flexible IP 7e8b5f4c-1111-4222-8333-944455556666 in nl-ams-1, account of SCW_SECRET_KEY"
list_all 203.0.113.10 203-0-113-10.instances.scw.cloud
SCW_DEFAULT_ZONE=fr-par-1 expect "scaleway: in another zone" 1 "203.0.113.10 is not in the account" fix 203.0.113.10 --name mail.example.com
expect "scaleway: in the zone that is named" 1 "CHANGE" fix 203.0.113.10 --name mail.example.com --region nl-ams-1
expect "scaleway: a zone that there is not" 78 "no-zone is from --region, where one like fr-par-1 is expected" fix 203.0.113.10 --name mail.example.com --region no-zone
SCW_DEFAULT_ZONE=fr-par expect "scaleway: a region instead of a zone" 78 "fr-par is from SCW_DEFAULT_ZONE, where one like fr-par-1 is expected" fix 203.0.113.10 --name mail.example.com
SCW_DEFAULT_ZONE=no-zone expect "scaleway: ptr list of a zone that there is not" 78 "no-zone is from SCW_DEFAULT_ZONE" "$bin" ptr list "${world[@]}"
SCW_DEFAULT_ZONE='a/b c' expect "scaleway: what cannot be a zone" 78 "SCW_DEFAULT_ZONE: 'a/b c' is not valid: expected one like fr-par-1" fix 203.0.113.10 --name mail.example.com
SCW_SECRET_KEY_FILE=$tmp/key expect "scaleway: two keys" 78 "SCW_SECRET_KEY and SCW_SECRET_KEY_FILE are both set: use one" fix 203.0.113.10 --name mail.example.com
expect "scaleway: an IPv6 address" 1 "no PTR record can be set for an IPv6 address through the API of Scaleway" fix 2001:db8:10::25 --name mail.example.com --provider scaleway
control '{"set": {"fillers": 1000}}'
expect "scaleway: a thousand addresses before it" 1 "flexible IP 7e8b5f4c" fix 203.0.113.10 --name mail.example.com
control '{"set": {"fillers": 0, "unseen": 8}}'
expect "scaleway: it sees the forward record later, and is waited for" 0 "PROVEN" fix 203.0.113.10 --name mail.example.com --apply --yes --timeout 40
begin_anew
all_faults 203.0.113.10 mail.example.com PATCH /ips/
bad_input 203.0.113.10 mail.example.com
kill_everywhere scaleway 203.0.113.10 mail.example.com --resolver "127.0.0.1#$dns"
finish
