#!/usr/bin/env bash
# An Elastic IP whose name has no A record yet: the record in Route 53, the PTR record, the proof, and both back.
# variants: san
set -u
bin="" tmp="" dns="" api="" state="" world=() # by the worlds
# shellcheck disable=SC1091
source "$(dirname "${BASH_SOURCE[0]}")/fix_world.sh"
# shellcheck disable=SC1091
source tests/integration/aws_world.sh
kill_at_library || echo "not ok kill_at: cannot be built"
M=fwd.example.com
fix() { timeout 60 "$bin" fix --timeout 20 "$@" --with-forward "${world[@]}"; }
apply() { fix 203.0.113.25 --name $M --apply --yes "$@"; }
undo() { timeout 60 "$bin" undo "$(journal_of "$state")" --yes --timeout 20 --resolver "127.0.0.1#$dns"; }
check() { timeout 60 "$bin" check 203.0.113.25 "${world[@]}" --skip address,dnsbl --no-smtp --helo "$1" -f brief; }
begin_anew() { # MEMBERS: of the stand-in's configuration; neither names nor addresses of ours are published
	control "{\"set\": {\"zone_page\": 100, \"set_page\": 100, \"more_zones\": 0, \"dns_rate\": 1000, \"pending_s\": 0.3${1:+, $1}}, \"faults\": [], \"reset\": 1}"
	change_dns "update delete $M. A" "update delete $M. AAAA" "update delete multi.example.com." "update add multi.example.com. 600 A 198.51.100.7"
	change_dns "update delete 25.113.0.203.in-addr.arpa. PTR"
}
is() { # NAME OWNER TYPE VALUES: what the zone shows
	local got
	got=$(ask 127.0.0.1 "$2" "$3" | sort | tr '\n' ' ')
	verdict "$1" "$([[ ${got% } == "$4" ]] || echo "$2 $3 is '$got'")"
}
set_of() { # OWNER TYPE: as the stand-in has it
	curl -s "$api/_control" | python3 -c "import json, sys; print([s[3] for s in json.load(sys.stdin)['sets'] if s[1:3] == ['$1', '$2']])"
}

# --- the whole way
begin_anew
expect "check: no PTR record" 1 "no PTR record" check $M
expect "without --with-forward it is said what would help" 1 "--with-forward creates the record" timeout 60 "$bin" fix 203.0.113.25 --name $M "${world[@]}"
expect "plan" 1 "CHANGE" fix 203.0.113.25 --name $M
says "with the A record" "A record of $M: none -> 203.0.113.25"
verdict "the plan writes nothing" "$([[ $(calls ChangeResourceRecordSets) == 0 ]] || calls ChangeResourceRecordSets)"
expect "apply" 0 "PROVEN" apply
is "the A record is there" $M A 203.0.113.25
holds "and the PTR record" 203.0.113.25 $M.
verdict "written once" "$([[ $(calls ChangeResourceRecordSets) == 1 ]] || calls ChangeResourceRecordSets)"
verdict "asked until it was in step" "$([[ $(calls GetChange) -ge 2 ]] || calls GetChange)"
expect "check: ready" 0 "" check $M
expect "again: nothing to do" 0 "nothing to do" apply
expect "undo" 0 "PROVEN" undo
is "the A record is gone" $M A ""
holds "and the PTR record" 203.0.113.25
verdict "of the set nothing is left" "$([[ $(set_of $M A) == "[]" ]] || set_of $M A)"

# --- what else is there stays
begin_anew
expect "a name with another address" 0 "PROVEN" fix 203.0.113.25 --name multi.example.com --apply --yes
is "both are there" multi.example.com A "198.51.100.7 203.0.113.25"
verdict "its TTL stays" "$([[ $(set_of multi.example.com A) == *"'ttl': 600"* ]] || set_of multi.example.com A)"
verdict "other types stay" "$([[ $(set_of multi.example.com TXT) == *'"a"'* ]] || set_of multi.example.com TXT)"
expect "undo" 0 "PROVEN" undo
is "the other address is back alone" multi.example.com A 198.51.100.7
verdict "as it was" "$([[ $(set_of multi.example.com A) == "[{'ttl': 600, 'values': ['198.51.100.7']}]" ]] || set_of multi.example.com A)"

# --- pages
begin_anew '"zone_page": 1, "set_page": 1, "more_zones": 1000'
expect "pages of one zone and one set, a thousand other zones" 0 "PROVEN" fix 203.0.113.25 --name multi.example.com --apply --yes
verdict "only zones of the right names were read" "$([[ $(calls ListHostedZonesByName) -le 40 ]] || calls ListHostedZonesByName)"
expect "undo" 0 "PROVEN" undo

# --- zones and sets that are not for us
begin_anew
while read -r name word; do
	expect "$name: $word" 1 "$word" fix 203.0.113.25 --name "$name"
	says "$name: it cannot be published from here" "cannot be published from here"
done <<-'END'
	mail.twice.example.com the account has two public zones named twice.example.com, Z3TWICE and Z4TWICE
	alias.example.com is an alias of lb-1.eu-west-1.elb.amazonaws.com.
	weighted.example.com has a routing policy
	pointer.example.com is a CNAME
END
expect "a private zone is passed over, the public one above it counts" 1 "A record of mail.inside.example.com" fix 203.0.113.25 --name mail.inside.example.com
says "it can be made there" "CHANGE"
expect "a wildcard in octal digits is not the name 4" 1 "CHANGE" fix 203.0.113.25 --name 4.wild.example.com
verdict "nothing was written" "$([[ $(calls ChangeResourceRecordSets) == 0 ]] || calls ChangeResourceRecordSets)"

begin_anew '"zones": [["Z2OTHER", "example.net", false]]'
expect "no zone above the name" 1 "no public zone in Route 53 of the account (asked with the variable AWS_ACCESS_KEY_ID) holds $M" fix 203.0.113.25 --name $M
control "{\"unset\": \"zones\"}"

# --- rights
begin_anew
AWS_ACCESS_KEY_ID=AKIAEC2ONLY000000001 AWS_SECRET_ACCESS_KEY=standinEc2OnlySecret0000000000000000001 expect "keys for EC2 alone: said, and no fault" 1 "cannot be published from here" fix 203.0.113.25 --name $M
says "with the policy's place" "mailready-providers(7) has the policy"
AWS_ACCESS_KEY_ID=AKIAEC2ONLY000000001 AWS_SECRET_ACCESS_KEY=standinEc2OnlySecret0000000000000000001 expect "they are enough for a PTR record" 0 "PROVEN" fix 203.0.113.26 --name mail26.example.com --apply --yes
expect "undo of that" 0 "PROVEN" undo
AWS_ACCESS_KEY_ID=AKIAREADER0000000001 AWS_SECRET_ACCESS_KEY=standinReaderSecret00000000000000000001 expect "keys that only read" 77 "the policy of these keys does not allow it" apply
is "nothing was written by them" $M A ""
AWS_SECRET_ACCESS_KEY=standinSecretKey/+0000000000000000000002 expect "another secret" 77 "does not fit the access key" apply

# --- faults
for kind in throttle prior html; do
	begin_anew
	fault ChangeResourceRecordSets $kind
	expect "$kind: tried again" 0 "PROVEN" apply
	expect "$kind: undo" 0 "PROVEN" undo
done
for kind in error cut half; do
	begin_anew
	fault ChangeResourceRecordSets $kind
	expect "$kind: it was done, which is looked for" 0 "PROVEN" apply
	verdict "$kind: it was not written twice" "$([[ $(calls ChangeResourceRecordSets) == 1 ]] || calls ChangeResourceRecordSets)"
	expect "$kind: undo" 0 "PROVEN" undo
done
final() { # KIND STATUS WORD ACTION [OPTION...]
	begin_anew
	fault "$4" "$1" 99
	expect "$4: $1" "$2" "$3" apply --timeout 3 "${@:5}"
	is "$4: $1: nothing is published" $M A ""
}
final batch 65 "look at the records of the name, and plan again (HTTP 400, InvalidChangeBatch: as told" ChangeResourceRecordSets
final denied 77 "the policy of these keys does not allow it" ChangeResourceRecordSets
final skew 77 "clock is wrong" ChangeResourceRecordSets
final throttle 75 "too many requests, with those of others in the account: try again later" ChangeResourceRecordSets
final prior 75 "still busy with another change of the zone: try again later" ChangeResourceRecordSets
final stuck 75 "" ChangeResourceRecordSets
for action in ListHostedZonesByName ListResourceRecordSets; do
	final html 75 "internal fault" $action
	final empty 75 "the answer is not that of $action" $action
done
begin_anew
fault GetChange throttle 2
expect "GetChange: throttled, asked again" 0 "PROVEN" apply
begin_anew '"dns_rate": 4'
expect "the account's rate limit is lived with" 0 "PROVEN" apply

# --- killed at every flush of the journal, then picked up, or undone
begin_anew
kill_everywhere route53 203.0.113.25 $M --resolver "127.0.0.1#$dns"
is "after all of that the A record is gone" $M A ""
verdict "no secret in any output or journal" "$(grep -rlF -e "$AWS_SECRET_ACCESS_KEY" -e standinReaderSecret -e standinEc2Only "$tmp/all" "$state")"
verdict "the stand-in had no trouble of its own" "$(grep -v 'BrokenPipe' "$tmp/standin.log" | tail -n 5)"
