#!/usr/bin/env bash
# Several accounts with credentials: who has an address, and mailready providers.
# variants: san
# shellcheck disable=SC2034 # some variables are used by the worlds alone
set -u
bin="" tmp="" dns="" api="" state="" world=() cloud=() # by the worlds
# shellcheck disable=SC1091
source "$(dirname "${BASH_SOURCE[0]}")/fix_world.sh"
# shellcheck disable=SC1091
source tests/integration/clouds_world.sh
provider=scaleway variable=SCW_SECRET_KEY
export SCW_SECRET_KEY=11111111-2222-4333-8444-scalewayStandIn SCW_API_URL=$api/scaleway LINODE_URL=$api/linode
begin_anew
export LINODE_TOKEN=linodeTokenOfTheStandIn0123456789
expect "two accounts that have the address" 78 "Akamai (Linode) (address 203.0.113.10, account of LINODE_TOKEN) and Scaleway (flexible IP" \
	fix 203.0.113.10 --name mail.example.com --apply --yes
says "the way out" "choose one with --provider linode or --provider scaleway"
holds "nothing was written" 203.0.113.10
expect "one of them is named" 0 "PROVEN" fix 203.0.113.10 --name mail.example.com --apply --yes --provider scaleway
expect "undo needs no choice" 0 "PROVEN" undo
expect "an address that one of them has" 1 "Linode" fix 2001:db8:10::25 --name mail.example.com
SCW_SECRET_KEY=wrong-token-of-somebody expect "one has it, the other cannot be asked" 1 "CHANGE" fix 203.0.113.10 --name mail.example.com
says "that is said" "whether another account has the address, too, could not be checked: Scaleway"
SCW_SECRET_KEY=wrong-token-of-somebody expect "none has it, and one cannot be asked: unknown" 77 "Scaleway" fix 203.0.113.30 --name fl.example.com
control '{"faults": [{"path": "/linode/", "kind": "meet", "with": "/scaleway/"}, {"path": "/scaleway/", "kind": "meet", "with": "/linode/"}]}'
expect "they are asked side by side" 1 "203.0.113.30 is not in the account of LINODE_TOKEN" fix 203.0.113.30 --name fl.example.com
control '{"faults": [{"path": "/scaleway/", "kind": "meet", "with": "/nobody/", "times": 9}]}'
expect "one of them says nothing" 1 "CHANGE" fix 2001:db8:10::25 --name mail.example.com --timeout 4
expect "one of them says nothing of an IPv4 address, the other has it" 1 "CHANGE" fix 203.0.113.10 --name mail.example.com --timeout 4
says "that, too, is said" "could not be checked: Scaleway"
control '{"reset": true}'
awk '/secret:/ { print "key \"upd\" { algorithm hmac-sha256; secret \"" $2 "\"; };" }' "$tmp/upd.key" >"$tmp/tsig.key"
chmod 600 "$tmp/tsig.key"
MAILREADY_TSIG_FILE=$tmp/tsig.key expect "one that asks the DNS is asked beside them" 1 "CHANGE" fix 203.0.113.30 --name fl.example.com --replace
says "and its zone is found" "113.0.203.in-addr.arpa"
MAILREADY_TSIG_FILE=$tmp/tsig.key expect "a cloud and a zone that have it" 78 "--provider linode or --provider rfc2136" fix 2001:db8:10::25 --name mail.example.com
expect "neither has it" 1 "203.0.113.30 is not in the account of SCW_SECRET_KEY" fix 203.0.113.30 --name fl.example.com

# --- mailready providers
show() { timeout 60 "$bin" providers "$@" "${world[@]}"; }
json_of() { # PYTHON: an expression over the providers by name, after validation
	python3 - "$tmp/out" "$1" <<-'PY'
		import json, sys, jsonschema
		document = json.load(open(sys.argv[1]))
		jsonschema.validate(document, json.load(open("data/providers.schema.json")))
		by = {p["name"]: p for p in document["providers"]}
		print(eval(sys.argv[2]))
	PY
}
n=$(writes)
expect "providers: two work" 0 "linode      works" show
says "providers: what it can do" "Akamai (Linode): IPv4 and IPv6, 1 name"
says "providers: what is not configured" "vultr       not configured"
expect "providers: who has an address" 0 "address 203.0.113.10, account of LINODE_TOKEN" show 203.0.113.10
says "providers: both have it" "scaleway    has the address"
expect "providers: JSON" 0 "" show 2001:db8:10::25 --json
verdict "providers: JSON follows its schema" "$([[ $(json_of '[by["linode"]["has_address"], by["scaleway"]["works"], by["vultr"]["works"]]') == "[True, True, None]" ]] || cat "$tmp/out")"
LINODE_TOKEN=wrong-token-of-somebody expect "providers: one does not work" 77 "linode      FAILS" show
says "providers: why" "the token is refused, from LINODE_TOKEN"
says "providers: the others are still tried" "scaleway    works"
LINODE_TOKEN=wrong-token-of-somebody expect "providers: one alone" 0 "linode      configured" show --provider scaleway
expect "providers: only what is there" 0 "" show -q
verdict "providers: is all" "$(grep -F "not configured" "$tmp/out")"
expect "providers: none" 0 "no credentials were found" env -u LINODE_TOKEN -u SCW_SECRET_KEY timeout 60 "$bin" providers "${world[@]}"
expect "providers: two addresses" 64 "expected one address" show 203.0.113.10 203.0.113.11
verdict "providers: nothing was written" "$([[ $n == "$(writes)" ]] || writes)"
finish
