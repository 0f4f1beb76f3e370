#!/usr/bin/env bash
# variants: san
# The PTR record of an Elastic IP, from missing to proven and back: a strict stand-in for EC2 that
# publishes what it accepts in a real zone, and mailready as a user runs it.
set -u
bin="" tmp="" dns="" api="" state="" world=() # by the worlds
# shellcheck disable=SC1091
source "$(dirname "${BASH_SOURCE[0]}")/fix_world.sh"
# shellcheck disable=SC1091
source tests/integration/aws_world.sh
M=mail25.example.com
fix() { timeout 60 "$bin" fix --timeout 20 "$@" "${world[@]}"; }
apply() { fix 203.0.113.25 --name $M --apply --yes "$@"; }
undo() { timeout 60 "$bin" undo "$(journal_of "$state")" --yes --timeout 20 --resolver "127.0.0.1#$dns"; }

# --- the whole way
expect "plan" 1 "CHANGE" fix 203.0.113.25 --name $M
says "the account and the address's place in it" "Elastic IP eipalloc-00000000000000000 in region eu-west-1"
verdict "no write call was made" "$([[ $(calls ModifyAddressAttribute) == 0 ]] || calls ModifyAddressAttribute)"
expect "apply" 0 "PROVEN" apply
holds "the record is there" 203.0.113.25 $M.
verdict "one write call" "$([[ $(calls ModifyAddressAttribute) == 1 ]] || calls ModifyAddressAttribute)"
expect "again: nothing to do" 0 "nothing to do" apply
expect "ptr show" 0 "$M" "$bin" ptr show 203.0.113.25 "${world[@]}"
expect "ptr list" 0 "203.0.113.26" "$bin" ptr list "${world[@]}"
says "with the name" "$M"
expect "undo" 0 "the provider's default" undo
holds "the record is gone" 203.0.113.25
expect "ptr unset of what is not set" 0 "nothing to do" "$bin" ptr unset 203.0.113.25 --yes "${world[@]}"

# --- ways to the keys
unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
expect "no keys at all" 78 "set AWS_ACCESS_KEY_ID" fix 203.0.113.25 --name $M --provider aws
mkdir "$HOME/.aws"
printf '[default]\naws_access_key_id = AKIAREADER0000000001\naws_secret_access_key = standinReaderSecret00000000000000000001\n[mail]\naws_access_key_id = ASIASTANDIN000000001\naws_secret_access_key=standinTempSecret/00000000000000000000001\naws_session_token = c2Vzc2lvbi10b2tlbg+/==\n' >"$HOME/.aws/credentials"
printf '[profile sso]\nsso_session = x\n[profile mail]\ns3 =\n  region = not-this\nregion = eu-west-1\n' >"$HOME/.aws/config"
chmod 600 "$HOME"/.aws/*
expect "a policy that only reads" 77 "mailready-providers(7) has the policy" apply
holds "nothing was written" 203.0.113.25
AWS_PROFILE=mail AWS_REGION='' expect "a profile with a session token, its region" 0 "PROVEN" apply
AWS_PROFILE=mail expect "undo with it" 0 "PROVEN" undo
AWS_PROFILE=none expect "a profile that is not there" 78 "AWS_PROFILE names the profile none" apply
AWS_PROFILE=sso expect "a profile without keys" 78 "export-credentials --profile sso" apply
chmod 644 "$HOME/.aws/credentials"
AWS_PROFILE=mail expect "a file that others can read" 0 "chmod 600" apply
AWS_PROFILE=mail expect "undo of that" 0 "PROVEN" undo
AWS_ACCESS_KEY_ID=AKIASTANDIN000000001 AWS_SECRET_ACCESS_KEY=standinSecretKey/+0000000000000000000001 AWS_PROFILE=mail \
	expect "keys of the environment are not joined with the token of a profile" 0 "PROVEN" apply
AWS_PROFILE=mail expect "undo of those" 0 "PROVEN" undo
rm -r "$HOME/.aws"
AWS_REGION='' expect "the role of the server, its region" 0 "PROVEN" apply --provider aws --endpoint "metadata=$api"
AWS_REGION='' expect "undo by the role" 0 "PROVEN" undo
control '{"set": {"role": ""}}'
expect "a server without a role" 78 "no role" apply --provider aws --endpoint "metadata=$api"
control '{"set": {"role": "mail-role"}}'
export AWS_ACCESS_KEY_ID=AKIASTANDIN000000001 AWS_SECRET_ACCESS_KEY=standinSecretKey/+0000000000000000000001
AWS_SECRET_ACCESS_KEY='' expect "half a pair" 78 "AWS_SECRET_ACCESS_KEY is not" apply
AWS_SECRET_ACCESS_KEY=standinSecretKey/+0000000000000000000002 expect "another secret" 77 "does not fit the access key" apply
verdict "the secret is not shown" "$(! grep -q standinSecret "$tmp/out" "$tmp/err" || cat "$tmp/out" "$tmp/err")"
AWS_SECRET_ACCESS_KEY=$'two\nlines' expect "a key with a line end" 78 "AWS_SECRET_ACCESS_KEY is malformed" apply
AWS_REGION='' expect "no region" 78 "no region of AWS" apply
AWS_REGION=../x expect "a region that is not one" 78 "is not a region" apply
AWS_REGION=eu-west-9 expect "another region than the key's scope" 77 "SignatureDoesNotMatch" apply

# --- addresses
expect "not in this account" 1 "not an Elastic IP of the account in region eu-west-1" fix 203.0.113.99 --name $M --force-order
expect "a TTL" 65 "sets the TTL of PTR records itself" fix 203.0.113.25 --name $M --ttl 300
expect "a description" 65 "neither a description nor tags" fix 203.0.113.25 --name $M --description x
control '{"set": {"more": 2500}, "reset": 1}'
expect "an account of 2,502 addresses" 0 "198.18.9.195" "$bin" ptr list "${world[@]}"
control '{"set": {"more": 0, "page": 1}, "reset": 1}'
for host in 25 26; do expect "set .$host" 0 "PROVEN" fix 203.0.113.$host --name mail$host.example.com --apply --yes; done
expect "pages of one" 0 "mail26.example.com" "$bin" ptr list "${world[@]}"
says "both are there" "$M"
for host in 25 26; do expect "unset .$host" 0 "PROVEN" "$bin" ptr unset 203.0.113.$host --yes "${world[@]}"; done
control '{"set": {"page": 1000}, "reset": 1}'

# --- faults: each ends well, and the next run finishes what was begun
for kind in throttle html; do
	fault ModifyAddressAttribute $kind
	expect "$kind: tried again" 0 "PROVEN" apply
	expect "$kind: undo" 0 "PROVEN" undo
done
for kind in error cut half; do
	control '{"reset": 1}'
	fault ModifyAddressAttribute $kind
	expect "$kind: it was done, which is looked for" 0 "PROVEN" apply
	verdict "$kind: it was not written twice" "$([[ $(calls ModifyAddressAttribute) == 1 ]] || calls ModifyAddressAttribute)"
	expect "$kind: undo" 0 "PROVEN" undo
done
fault ModifyAddressAttribute denied
expect "denied: final" 77 "UnauthorizedOperation" apply
fault ModifyAddressAttribute skew
expect "a wrong clock is named" 77 "clock is wrong" apply
fault DescribeAddresses entities 99
expect "a reply with entities is not read" 75 "not XML of this API" apply --timeout 3
control '{"reset": 1}'
fault ModifyAddressAttribute failed
expect "an update that fails" 69 "The name servers refused it" apply
control '{"reset": 1}'
fault ModifyAddressAttribute stuck
expect "an update that stays pending" 75 "" apply --timeout 3
control '{"reset": 1}'

# --- killed at every flush of the journal, then picked up, or undone
kill_at_library || echo "not ok kill_at: cannot be built"
kill_one() { # N DIR: true when it was killed
	rm -rf "$2"
	KILL_AT=$1 LD_PRELOAD=$tmp/kill_at.so ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 \
		timeout 60 "$bin" fix 203.0.113.25 --name $M "${world[@]}" --apply --yes --journal "$2" >"$tmp/out" 2>"$tmp/err" </dev/null
	local status=$?
	[[ $status == 137 ]] && return 0
	[[ $status == 0 ]] || echo "not ok kill $1: exit $status: $(cat "$tmp/err")"
	return 1
}
for ((at = 3; at < 40; at++)); do
	control '{"reset": 1}'
	kill_one "$at" "$tmp/j$at" 2>/dev/null || break
	journal=$(journal_of "$tmp/j$at")
	expect "kill $at: resume" 0 "PROVEN" "$bin" fix --timeout 20 --resume "$journal" --resolver "127.0.0.1#$dns"
	expect "kill $at: undo" 0 "PROVEN" "$bin" undo "$journal" --yes --timeout 20 --resolver "127.0.0.1#$dns"
	holds "kill $at: it is gone" 203.0.113.25
done
verdict "killed at every line of the journal" "$([[ $at -ge 10 && $at -lt 40 ]] || echo "$at times")"
verdict "no secret in any output or journal" "$(grep -rlF -e "$AWS_SECRET_ACCESS_KEY" -e standinTempSecret -e metadata-token "$tmp/all" "$tmp"/j* "$state")"
