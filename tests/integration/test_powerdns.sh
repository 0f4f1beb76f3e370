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

# --- the list: every reverse zone but copies, and what is left out is said
for i in $(seq 2 12); do many+=${many:+, }"{\"content\": \"n$i.example.com.\", \"disabled\": false}"; done
api PATCH zones/113.0.203.in-addr.arpa. '{"rrsets": [
 {"name": "20.113.0.203.in-addr.arpa.", "type": "PTR", "ttl": 60, "changetype": "REPLACE", "records": [
  {"content": "b.example.com.", "disabled": false}, {"content": "off.example.com.", "disabled": true}, {"content": "a.example.com.", "disabled": false}]},
 {"name": "9.113.0.203.in-addr.arpa.", "type": "PTR", "ttl": 60, "changetype": "REPLACE", "records": ['"$many"']},
 {"name": "70.64/26.113.0.203.in-addr.arpa.", "type": "PTR", "ttl": 60, "changetype": "REPLACE", "records": [{"content": "hidden.example.com.", "disabled": false}]},
 {"name": "*.113.0.203.in-addr.arpa.", "type": "PTR", "ttl": 60, "changetype": "REPLACE", "records": [{"content": "any.example.com.", "disabled": false}]}]}'
api PATCH zones/64=2F26.113.0.203.in-addr.arpa. '{"rrsets": [
 {"name": "66.64/26.113.0.203.in-addr.arpa.", "type": "PTR", "ttl": 300, "changetype": "REPLACE", "records": [{"content": "alias.example.com.", "disabled": false}]},
 {"name": "67.64/26.113.0.203.in-addr.arpa.", "type": "PTR", "ttl": 300, "changetype": "REPLACE", "records": [{"content": "none.example.com.", "disabled": false}]}]}'
api PATCH zones/8.b.d.0.1.0.0.2.ip6.arpa. '{"rrsets": [{"name": "6.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.", "type": "PTR", "ttl": 300, "changetype": "REPLACE", "records": [{"content": "six.example.com.", "disabled": false}]}]}'
"$bin" ptr list --json "${world[@]}" >"$tmp/list" 2>"$tmp/said"
cat "$tmp/list" "$tmp/said" >>"$tmp/all"
cat >"$tmp/expected" <<'LIST'
203.0.113.9 60 n10.example.com. 10
203.0.113.20 60 a.example.com b.example.com
203.0.113.30 300 old.example.com
203.0.113.66 300 alias.example.com
2001:db8::26 300 six.example.com
LIST
verdict "list: all of them, by address" "$(python3 - "$tmp/list" <<'PY' | diff "$tmp/expected" - | tr '\n' ';'
import json, sys
for r in json.load(open(sys.argv[1])):
    names = sorted(r["names"])
    print(r["address"], r["ttl"], *(names if len(names) < 10 else ["n10.example.com.", len(names)]))
PY
)"
for text in "left out: 1, such as 2.0.192.in-addr.arpa" "disabled records are left out: 2, such as " \
	"9.113.0.203.in-addr.arpa has 11 names, of which the first 10 are shown" \
	"nor an alias of one, are left out: 2, such as "; do
	verdict "list: $text" "$(grep -qF -- "$text" "$tmp/said" || cat "$tmp/said")"
done
expect "list: whose alias it is, is unknown without a resolver" 0 "whose records these are is unknown, and they are left out: 2" \
	timeout 60 "$bin" ptr list --resolver "127.0.0.1#$proxy" --allow-special
PDNS_SERVER_NAME=other expect "list: no such server in the API" 78 "HTTP 404" "$bin" ptr list
zone 0.10.in-addr.arpa. Native "$(ns 0.10.in-addr.arpa.)"
for part in {0..3}; do # a request of more than 2 MB is refused
	python3 - "$part" >"$tmp/large" <<'PY'
import json, sys
first = int(sys.argv[1]) * 10000
print(json.dumps({"rrsets": [{"name": f"{i % 256}.{i // 256}.0.10.in-addr.arpa.", "type": "PTR", "ttl": 60, "changetype": "REPLACE",
    "records": [{"content": f"host-{i}.example.com.", "disabled": False}]} for i in range(first, first + 10000)]}))
PY
	api PATCH zones/0.10.in-addr.arpa. "@$tmp/large" || echo "not ok list: the large zone"
done
verdict "list: a zone of 40,000 records" "$(timeout 60 "$bin" ptr list --json "${world[@]}" 2>/dev/null | grep -c '"address": "10\.' | grep -vx 40000)"

# --- killed at every flush of the journal
cc -shared -fPIC -D_GNU_SOURCE -o "$tmp/kill_at.so" tests/tools/kill_at.c -ldl || echo "not ok kill_at: cannot be built"
# shellcheck disable=SC2317 # called by kill_everywhere
ptr_of() { dig +short +norecurse +tries=3 +time=2 -p "$dns" @127.0.0.1 -x "$1"; }
kill_everywhere powerdns 203.0.113.10 $M --resolver "127.0.0.1#$dns"

# --- secrets
for word in "$PDNS_API_KEY" wrong-key-of-somebody; do
	verdict "no secret in all that was said" "$(grep -rlF -- "$word" "$tmp/all" "$state")"
done
