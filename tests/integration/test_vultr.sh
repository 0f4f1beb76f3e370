#!/usr/bin/env bash
# Vultr, from no PTR record to a proven one and back, against a strict stand-in for its API.
# variants: san
# shellcheck disable=SC2034 # some variables are used by the worlds alone
set -u
bin="" tmp="" dns="" api="" state="" world=() cloud=() # by the worlds
# shellcheck disable=SC1091
source "$(dirname "${BASH_SOURCE[0]}")/fix_world.sh"
# shellcheck disable=SC1091
source tests/integration/clouds_world.sh
provider=vultr variable=VULTR_API_KEY
export VULTR_API_KEY=vultrKeyOfTheStandIn0123456789ABCDEF VULTR_API_URL=$api/vultr
begin_anew
whole_way 203.0.113.10 mail.example.com "instance cb676a46-66fd-4dfb-b839-443f2e6c0b60, account of VULTR_API_KEY"
verdict "vultr: it says that it takes hours" "$(grep -rqF "only after 6 to 12 hours" "$tmp/all" || echo no)"
whole_way 203.0.113.30 fl.example.com "instance with the reserved IP cb676a46"
whole_way 2001:db8:10::25 mail.example.com "instance cb676a46"
expect "vultr: ptr list: it cannot" 69 "Vultr cannot list its addresses" "$bin" ptr list "${world[@]}"
expect "vultr: a reserved IP that no instance has" 1 "203.0.113.31 is not in the account" fix 203.0.113.31 --name lb.example.com
control '{"set": {"fillers": 1000}}'
expect "vultr: a thousand reserved IPs before it" 1 "instance with the reserved IP" fix 203.0.113.30 --name fl.example.com
begin_anew
all_faults 203.0.113.10 mail.example.com POST ipv4/reverse
bad_input 203.0.113.10 mail.example.com
kill_everywhere vultr 203.0.113.10 mail.example.com --resolver "127.0.0.1#$dns"
finish
