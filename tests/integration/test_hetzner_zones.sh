#!/usr/bin/env bash
# Hetzner Cloud's DNS under the same token: an address whose name has no A record yet, from there to a proven PTR
# record and back.
# variants: san
# shellcheck disable=SC2034 # some variables are used by the worlds alone
set -u
bin="" tmp="" dns="" api="" state="" world=() # by the worlds
# shellcheck disable=SC1091
source "$(dirname "${BASH_SOURCE[0]}")/fix_world.sh"
# shellcheck disable=SC1091
source tests/integration/clouds_world.sh
provider=hetzner variable=HCLOUD_TOKEN
export HCLOUD_TOKEN=hcloudTokenOfTheStandIn0123456789012345678901234567890123456
export HCLOUD_ENDPOINT=$api/hetzner/v1
A=203.0.113.10 M=fwd.example.com
fix() { timeout 60 "$bin" fix --timeout 20 "$@" --with-forward "${world[@]}"; }
apply() { fix $A --name $M --apply --yes "$@"; }
is() { # NAME OWNER TYPE VALUES: what the zone shows
	local got
	got=$(ask 127.0.0.1 "$2" "$3" | sort | tr '\n' ' ')
	verdict "$1" "$([[ ${got% } == "$4" ]] || echo "$2 $3 is '$got'")"
}
holds_set() { # NAME SET: as the stand-in has it
	verdict "$1" "$([[ $(from_state "s['sets'].get('${2%% *}')") == "${2#* }" ]] || from_state 's["sets"]')"
}
set_writes() { from_state 'sum("rrsets" in r["path"] and r["method"] != "GET" for r in s["requests"])'; }
fault() { control "{\"faults\": [{\"method\": \"$1\", \"path\": \"$2\", $3}]}"; }

begin_anew
expect "check: no PTR record" 1 "no PTR record" check $A $M
expect "without --with-forward it is said what would help" 1 "--with-forward creates the record" timeout 60 "$bin" fix $A --name $M "${world[@]}"
expect "plan" 1 "A record of $M: none -> $A" fix $A --name $M
verdict "the plan writes nothing" "$([[ $(writes) == 0 ]] || writes)"
expect "apply" 0 "PROVEN" apply
is "the A record is there" $M A $A
holds "and the PTR record" $A $M.
holds_set "with the TTL of the zone" "example.com/fwd/A {'ttl': None, 'records': [{'value': '$A'}]}"
verdict "written once" "$([[ $(set_writes) == 1 ]] || set_writes)"
expect "check: ready" 0 "" check $A $M
expect "again: nothing to do" 0 "nothing to do" apply
expect "undo" 0 "PROVEN" undo
is "the A record is gone" $M A ""
holds_set "and its set" "example.com/fwd/A None"
expect "an IPv6 address" 0 "PROVEN" fix 2001:db8:10::26 --name six.example.com --apply --yes
is "has an AAAA record" six.example.com AAAA 2001:db8:10::26
expect "undo of it" 0 "PROVEN" undo
is "which is gone" six.example.com AAAA ""

begin_anew
expect "a name with another address" 0 "PROVEN" fix $A --name multi.example.com --apply --yes
is "both are there" multi.example.com A "198.51.100.7 $A"
holds_set "TTL and comment stay" "example.com/multi/A {'ttl': 600, 'records': [{'value': '198.51.100.7', 'comment': 'the other'}, {'value': '$A'}]}"
expect "undo" 0 "PROVEN" undo
holds_set "as it was" "example.com/multi/A {'ttl': 600, 'records': [{'value': '198.51.100.7', 'comment': 'the other'}]}"
holds_set "other types stayed" "example.com/multi/TXT {'ttl': None, 'records': [{'value': '\"a\"', 'comment': ''}]}"

while read -r name word; do
	expect "$name: $word" 1 "$word" fix $A --name "$name"
	says "$name: it cannot be published from here" "cannot be published from here"
done <<-'END'
	mail.copy.example.com the zone copy.example.com is a copy in this project (mode secondary)
	kept.example.com is protected from changes: take the protection away first
	pointer.example.com pointer.example.com is a CNAME
END
fault GET 'zones/example.com$' '"kind": "status", "status": 404, "times": 99'
expect "no zone in the project" 1 "no zone of the project of HCLOUD_TOKEN holds $M" fix $A --name $M
begin_anew
HCLOUD_TOKEN=hcloudReadOnlyToken0123456789012345678901234567890123456789 \
	expect "a token that only reads" 77 "it needs a token for reading and writing" apply
is "has written nothing" $M A ""

for kind in '"status", "status": 409' '"status", "status": 423' '"status", "status": 429, "retry_after": 1' '"status", "status": 500' '"cut"' '"cut-after"' '"cut-body"'; do
	begin_anew
	fault POST rrsets "\"kind\": $kind"
	expect "once $kind" 0 "PROVEN" apply
	is "once $kind: it is there" $M A $A
done
begin_anew
fault POST rrsets '"kind": "cut-after"'
expect "a lost answer" 0 "PROVEN" apply
verdict "a lost answer is not written twice" "$([[ $(set_writes) == 1 ]] || set_writes)"
final() { # STATUS WORD METHOD PATH FAULT
	begin_anew
	fault "$3" "$4" "\"kind\": $5, \"times\": 99"
	expect "$3 $5" "$1" "$2" apply --timeout 3
	is "$3 $5: no A record" $M A ""
}
final 65 "does not accept it (HTTP 422: as told" POST rrsets '"status", "status": 422'
final 69 "the change failed: the name servers did not take it" POST rrsets '"error"'
final 75 "HTTP 502" POST rrsets '"status", "status": 502, "body": "<html>"'
final 75 "HTTP 404" GET 'zones/example.com$' '"status", "status": 404, "body": "<html>"'
final 75 "is not JSON" GET 'zones/example.com$' '"body", "body": "<html>"'
final 75 "has no mode" GET 'zones/example.com$' '"body", "body": "{}"'
final 75 "has no list of sets" GET rrsets '"body", "body": "{}"'
final 77 "the token is refused, from HCLOUD_TOKEN" GET zones '"status", "status": 401'
begin_anew
control '{"set": {"pending_s": 30}}'
expect "the action takes longer than there is time for" 75 "still pending" apply --timeout 3

begin_anew
kill_everywhere hetzner-zones $A $M --resolver "127.0.0.1#$dns"
is "after all of that the A record is gone" $M A ""
finish
