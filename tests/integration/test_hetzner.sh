#!/usr/bin/env bash
# Hetzner Cloud, from no PTR record to a proven one and back, against a strict stand-in for its API.
# variants: san
# shellcheck disable=SC2034 # some variables are used by the worlds alone
set -u
bin="" tmp="" dns="" api="" state="" world=() cloud=() # by the worlds
# shellcheck disable=SC1091
source "$(dirname "${BASH_SOURCE[0]}")/fix_world.sh"
# shellcheck disable=SC1091
source tests/integration/clouds_world.sh
provider=hetzner variable=HCLOUD_TOKEN
export HCLOUD_TOKEN=hcloudTokenOfTheStandIn0123456789012345678901234567890123456
export HCLOUD_ENDPOINT=$api/hetzner/v1
begin_anew
whole_way 203.0.113.10 mail.example.com "primary IP 42, project of HCLOUD_TOKEN"
whole_way 203.0.113.30 fl.example.com "floating IP 50"
whole_way 203.0.113.31 lb.example.com "load balancer 70"
whole_way 203.0.113.33 srv.example.com "server 60"
whole_way 2001:db8:10::25 mail.example.com "primary IPv6 network 43"
whole_way 2001:db8:31::1 lb.example.com "load balancer 70"
whole_way 2001:db8:33::5 srv.example.com "server 60"
list_all 203.0.113.10 static.10.113.0.203.clients.your-server.de
begin_anew
expect "hetzner: the default name is nobody's" 1 "(default)" fix 203.0.113.10 --name mail.example.com
expect "hetzner: undo restores it" 0 "PROVEN" fix 203.0.113.10 --name mail.example.com --apply --yes
expect "hetzner: ptr unset" 0 "PROVEN" "$bin" ptr unset 203.0.113.10 --yes "${world[@]}"
control '{"set": {"fillers": 1000}}'
expect "hetzner: a thousand floating IPs before it" 1 "floating IP 50" fix 203.0.113.30 --name fl.example.com
verdict "hetzner: page by page" "$([[ $(from_state 'sum("floating_ips?" in r["path"] for r in s["requests"])') == 21 ]] || from_state '[r["path"] for r in s["requests"]][-25:]')"
control '{"set": {"fillers": 0, "lag_s": 1.2}}'
expect "hetzner: reads show it later" 0 "PROVEN" fix 203.0.113.30 --name fl.example.com --apply --yes
control '{"set": {"lag_s": 0, "rate": 2}}'
expect "hetzner: the rate limit is kept" 0 "PROVEN" undo
all_faults 203.0.113.10 mail.example.com POST change_dns_ptr
control '{"faults": [{"kind": "error", "path": "change_dns_ptr"}]}'
expect "hetzner: the action fails" 69 "the change failed: the name servers did not take it" fix 203.0.113.10 --name mail.example.com --apply --yes
control '{"set": {"pending_s": 30}}'
expect "hetzner: the action takes longer than there is time for" 75 "still pending" fix 203.0.113.10 --name mail.example.com --apply --yes --timeout 3
begin_anew
bad_input 203.0.113.10 mail.example.com
HCLOUD_TOKEN=hcloudReadOnlyToken0123456789012345678901234567890123456789 \
	expect "hetzner: a token for reading plans" 1 "CHANGE" fix 203.0.113.10 --name mail.example.com
HCLOUD_TOKEN=hcloudReadOnlyToken0123456789012345678901234567890123456789 \
	expect "hetzner: and says what is missing" 77 "it needs a token for reading and writing" fix 203.0.113.10 --name mail.example.com --apply --yes
HCLOUD_ENDPOINT=http://192.0.2.1/v1 expect "hetzner: no token over plain HTTP" 78 "plain HTTP" fix 203.0.113.10 --name mail.example.com
cloud=(--endpoint "hetzner=$api/hetzner")
HCLOUD_ENDPOINT=https://127.0.0.1:1 expect "hetzner: --endpoint" 1 "CHANGE" fix 203.0.113.10 --name mail.example.com
cloud=()
begin_anew
kill_everywhere hetzner 203.0.113.10 mail.example.com --resolver "127.0.0.1#$dns"
finish
