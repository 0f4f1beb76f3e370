#!/usr/bin/env bash
# PowerDNS over its HTTP API: the real server, from no PTR record to a proven one and back.
set -u
bin="" tmp="" dns="" pdns="" proxy="" world=() # by the world
# shellcheck disable=SC1091
source "$(dirname "${BASH_SOURCE[0]}")/powerdns_world.sh"
state=$HOME/.local/state/mailready
fix() { timeout 60 "$bin" fix --timeout 20 "$@" "${world[@]}"; }
undo() { timeout 60 "$bin" undo "$(journal_of "$state")" --yes --timeout 20 --resolver "127.0.0.1#$dns"; }
check() { timeout 60 "$bin" check "$1" "${world[@]}" --skip address,dnsbl --no-smtp --helo "$2" -f brief; }
holds() { # NAME OWNER TYPE VALUES, sorted
	local got
	got=$(dig +short +norecurse +tries=3 +time=2 -p "$dns" @127.0.0.1 "$2" "$3" | sort | tr '\n' ' ')
	verdict "$1" "$([[ ${got% } == "${*:4}" ]] || echo "'$got', expected '${*:4}'")"
}

# --- the whole way
M=mail.example.com
expect "check: no PTR record" 1 "no PTR record" check 203.0.113.10 $M
expect "plan" 1 "CHANGE" fix 203.0.113.10 --name $M
says "the zone and the server" "in the zone 113.0.203.in-addr.arpa at http://127.0.0.1:$pdns"
holds "the plan changes nothing" 10.113.0.203.in-addr.arpa PTR
expect "apply" 0 "PROVEN" fix 203.0.113.10 --name $M --apply --yes --ttl 600
holds "the record is there" 10.113.0.203.in-addr.arpa PTR $M.
holds "what else is at the name stays" 10.113.0.203.in-addr.arpa TXT '"a word of the owner"'
verdict "with its TTL" "$(dig +noall +answer -p "$dns" @127.0.0.1 10.113.0.203.in-addr.arpa PTR | grep -qw 600 || echo no)"
expect "check: ready" 0 "" check 203.0.113.10 $M
expect "ptr show" 0 "$M  TTL 600" "$bin" ptr show 203.0.113.10 "${world[@]}"
expect "again" 0 "nothing to do" fix 203.0.113.10 --name $M --apply --yes
expect "undo" 0 "the old record is back" undo
holds "the record is gone" 10.113.0.203.in-addr.arpa PTR
holds "and nothing else" 10.113.0.203.in-addr.arpa TXT '"a word of the owner"'
expect "IPv6" 0 "PROVEN" fix 2001:db8::25 --name $M --apply --yes
expect "undo of IPv6" 0 "PROVEN" undo
expect "two names" 0 "PROVEN" fix 203.0.113.11 --name a.example.com --name b.example.com --apply --yes
holds "both are there" 11.113.0.203.in-addr.arpa PTR a.example.com. b.example.com.
expect "undo of two" 0 "PROVEN" undo
expect "somebody's name" 1 "--replace" fix 203.0.113.30 --name new.example.com --with-forward
expect "replaced, with its forward record" 0 "PROVEN" fix 203.0.113.30 --name new.example.com --with-forward --replace --apply --yes
holds "the forward record" new.example.com A 203.0.113.30
expect "undo of both" 0 "PROVEN" undo
holds "the old name is back" 30.113.0.203.in-addr.arpa PTR old.example.com.
holds "the forward record is gone" new.example.com A
expect "an address beside another" 0 "PROVEN" fix 203.0.113.30 --name a.example.com --with-forward --replace --apply --yes
holds "the first one stays" a.example.com A 203.0.113.11 203.0.113.30
expect "undo of it" 0 "PROVEN" undo
holds "the first one stays again" a.example.com A 203.0.113.11

# --- classless delegation (RFC 2317): the zone's name has a slash
expect "RFC 2317: apply" 0 "PROVEN" fix 203.0.113.65 --name $M --apply --yes
holds "RFC 2317: at the end of the chain" 65.64/26.113.0.203.in-addr.arpa PTR $M.
holds "RFC 2317: the alias stays" 65.113.0.203.in-addr.arpa CNAME 65.64/26.113.0.203.in-addr.arpa.
expect "RFC 2317: undo" 0 "PROVEN" undo

# --- a zone with a secondary, which would ask again in an hour
expect "notify: the secondary has it, too" 0 "PROVEN" fix 198.51.100.10 --name two.example.com --apply --yes
says "both servers were asked" "ns1.example.com, ns2.example.com"
expect "notify: undo" 0 "PROVEN" undo

# --- what is not to be done
expect "a zone that is a copy here" 2 "is a copy on this server (kind Slave)" fix 192.0.2.10 --name $M --force-order --provider powerdns
api PATCH zones/113.0.203.in-addr.arpa. '{"rrsets": [{"name": "40.113.0.203.in-addr.arpa.", "type": "PTR", "ttl": 300, "changetype": "REPLACE", "records": [{"content": "off.example.com.", "disabled": true}]}]}'
expect "a disabled record" 65 "has a record that is disabled" fix 203.0.113.40 --name $M --force-order --provider powerdns
expect "a description" 65 "cannot store a description" fix 203.0.113.10 --name $M --description x
PDNS_API_KEY=wrong-key-of-somebody expect "a wrong key" 77 "the token is refused, from PDNS_API_KEY (HTTP 401" fix 203.0.113.10 --name $M
PDNS_API_KEY=$'line\nbreak' expect "a key with a line break" 78 "PDNS_API_KEY is not a valid token: it contains a line break" fix 203.0.113.10 --name $M
expect "no address of the API" 78 "set PDNS_API_URL" env -u PDNS_API_URL timeout 60 "$bin" fix 203.0.113.10 --name $M "${world[@]}"
PDNS_API_URL=http://127.0.0.1:$proxy expect "no server there" 69 "127.0.0.1:$proxy" fix 203.0.113.10 --name $M --timeout 3
PDNS_SERVER_NAME=other expect "no such server in the API" 78 "HTTP 404" fix 203.0.113.10 --name $M --provider powerdns
expect "an address of nobody here" 2 "no zone" fix 8.8.8.8 --name $M --force-order --provider powerdns

# --- killed at every flush of the journal
cc -shared -fPIC -D_GNU_SOURCE -o "$tmp/kill_at.so" tests/tools/kill_at.c -ldl || echo "not ok kill_at: cannot be built"
# shellcheck disable=SC2317 # called by kill_everywhere
ptr_of() { dig +short +norecurse +tries=3 +time=2 -p "$dns" @127.0.0.1 -x "$1"; }
kill_everywhere powerdns 203.0.113.10 $M --resolver "127.0.0.1#$dns"

# --- secrets
for word in "$PDNS_API_KEY" wrong-key-of-somebody; do
	verdict "no secret in all that was said" "$(grep -rlF -- "$word" "$tmp/all" "$state")"
done
