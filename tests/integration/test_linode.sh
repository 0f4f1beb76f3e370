#!/usr/bin/env bash
# Akamai (Linode), from no PTR record to a proven one and back, against a strict stand-in for its API.
# variants: san
# shellcheck disable=SC2034 # some variables are used by the worlds alone
set -u
bin="" tmp="" dns="" api="" state="" world=() cloud=() # by the worlds
# shellcheck disable=SC1091
source "$(dirname "${BASH_SOURCE[0]}")/fix_world.sh"
# shellcheck disable=SC1091
source tests/integration/clouds_world.sh
provider=linode variable=LINODE_TOKEN
export LINODE_TOKEN=linodeTokenOfTheStandIn0123456789 LINODE_URL=$api/linode
begin_anew
whole_way 203.0.113.10 mail.example.com "address 203.0.113.10, account of LINODE_TOKEN"
whole_way 2001:db8:10::25 mail.example.com "address 2001:db8:10::25"
list_all 2001:db8:10::25 203-0-113-10.ip.linodeusercontent.com
control '{"set": {"unseen": 8}}'
expect "linode: it sees the forward record later, and is waited for" 0 "PROVEN" fix 203.0.113.10 --name mail.example.com --apply --yes --timeout 40
verdict "linode: that was said" "$(grep -qF "does not see the address of the name yet (No match was found" "$tmp/err" || cat "$tmp/err")"
begin_anew
control '{"set": {"unseen": 99}}'
expect "linode: it does not see it in time" 75 "it usually does within 15 minutes" fix 203.0.113.10 --name mail.example.com --apply --yes --timeout 4
begin_anew
all_faults 203.0.113.10 mail.example.com PUT networking/ips
bad_input 203.0.113.10 mail.example.com
kill_everywhere linode 203.0.113.10 mail.example.com --resolver "127.0.0.1#$dns"
finish
