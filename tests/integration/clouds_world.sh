# shellcheck shell=bash
# Clouds with a token and a simple API, to be sourced behind fix_world.sh: the strict stand-in for their APIs,
# which publishes what it accepts in real zones, and what is done with each of them.
# The caller sets provider and variable (its token's) before the functions are called; secret, source,
# bad_tokens, no_token and read_path where the token is a password or one of several keys.
command -v nsupdate >/dev/null || { echo "skip clouds: no nsupdate"; exit 0; }
for variable in "${!HCLOUD_@}" "${!ROBOT_@}" "${!OVH_@}" "${!LINODE_@}" "${!VULTR_@}" "${!SCW_@}" "${!PDNS_@}"; do unset "$variable"; done
declare -A extra
zones=(. hwclouds-dns.com example.com 8.b.d.0.1.0.0.2.ip6.arpa 113.0.203.in-addr.arpa 100.51.198.in-addr.arpa)
# shellcheck disable=SC2034 # read by start_world
extra=([example.com]=$'lb A 203.0.113.31\nsrv A 203.0.113.33\nfl A 203.0.113.30\nmail AAAA 2001:db8:10::25\nlb AAAA 2001:db8:31::1\nsrv AAAA 2001:db8:33::5\nvu A 203.0.113.10\nmulti 600 A 198.51.100.7')
start_world
kill_at_library || echo "not ok kill_at: cannot be built"
key=hmac-sha256:upd:$(awk '/secret:/ { print $2 }' "$tmp/upd.key")
CLOUDS_DNS=127.0.0.1#$dns CLOUDS_DNS_KEY=$key python3 tests/integration/clouds.py >"$tmp/port" 2>"$tmp/clouds.log" &
pids+=($!)
for ((i = 0; i < 100; i++)); do
	[[ ! -s $tmp/port ]] || break
	sleep 0.1
done
api=http://127.0.0.1:$(head -n 1 "$tmp/port")
control() { curl -sf -o "$tmp/control" -d "$1" "$api/_control" || echo "not ok control $1"; }
from_state() { # PYTHON: an expression over the stand-in's state s
	curl -sf "$api/_control" | python3 -c 'import json, sys; s = json.load(sys.stdin); print(eval(sys.argv[1]))' "$1"
}
writes() { from_state 'sum(r["method"] != "GET" and "/oauth2/" not in r["path"] for r in s["requests"])'; }
begin_anew() { # CLOUD: a cloud without names that somebody set
	local host
	control '{"reset": true}'
	for host in 10 30 31 33; do
		printf 'server 127.0.0.1 %s\nupdate delete %s.113.0.203.in-addr.arpa. PTR\nsend\n' "$dns" $host | nsupdate -y "$key"
	done
}
state=$HOME/.local/state/mailready
cloud=() # options of the provider under test
secret="" source="" read_path="" no_token=""
bad_tokens=($'s3cret1\ns3cret2' 's3cret3 s3cret4' $'s3cret5\xc3\xbc')
fix() { timeout 60 "$bin" fix --timeout 20 "$@" "${world[@]}" "${cloud[@]}"; }
undo() { timeout 60 "$bin" undo "$(journal_of "$state")" --yes --timeout 20 --resolver "127.0.0.1#$dns" "${cloud[@]}"; }
check() { timeout 60 "$bin" check "$1" "${world[@]}" --skip address,dnsbl --no-smtp --helo "$2" -f brief; }

# What a user does with every one of them: ADDRESS NAME PLACE (a word of the plan)
whole_way() {
	local n
	expect "$provider: check: no PTR record" 1 "no PTR record" check "$1" "$2"
	n=$(writes)
	expect "$provider: plan" 1 "CHANGE" fix "$1" --name "$2"
	says "$provider: account and place" "$3"
	verdict "$provider: the plan writes nothing" "$([[ $n == "$(writes)" ]] || writes)"
	expect "$provider: apply" 0 "PROVEN" fix "$1" --name "$2" --apply --yes
	holds "$provider: the record is there" "$1" "$2."
	expect "$provider: check: ready" 0 "" check "$1" "$2"
	expect "$provider: ptr show" 0 "$2" "$bin" ptr show "$1" "${world[@]}" "${cloud[@]}"
	n=$(writes)
	expect "$provider: again" 0 "nothing to do" fix "$1" --name "$2" --apply --yes
	verdict "$provider: again writes nothing" "$([[ $n == "$(writes)" ]] || writes)"
	expect "$provider: undo" 0 "the old record is back" undo
	verdict "$provider: the name is gone" "$(ptr_of "$1" | grep -F "$2")"
}

list_all() { # ADDRESS NAME: one that is there after a thousand others
	control '{"set": {"fillers": 998}}'
	expect "$provider: ptr list: a thousand addresses, page by page" 0 "$2" "$bin" ptr list "${world[@]}" "${cloud[@]}"
	says "$provider: ptr list: the last one" "$1"
	verdict "$provider: ptr list: each of them once" "$([[ $(grep -cF 198.18. "$tmp/out") == 998 ]] || grep -cF 198.18. "$tmp/out")"
	control '{"set": {"fillers": 0}}'
}

# NAME STATUS WORD AFTER FAULT [OPTION...]: AFTER 1: the record is there in the end.  STATUS *: the end
# depends on which read it was, but it is never a success that the DNS does not show.
fault() {
	local name="$provider: $1" status=$2 word=$3 after=$4 fault=$5 got
	shift 5
	begin_anew
	control "{\"faults\": [$fault]}"
	if [[ $status == "*" ]]; then
		fix "$address" --name "$wanted" --apply --yes --timeout 4 "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
		got=$?
		after=$((got == 0))
		verdict "$name" "$( ((got == 0 || got >= 64 || got == 1)) || echo "exit $got")"
	else
		expect "$name" "$status" "$word" fix "$address" --name "$wanted" --apply --yes --timeout 4 "$@"
	fi
	control '{"faults": []}'
	if ((after)); then holds "$name: it is set" "$address" "$wanted."; else verdict "$name: nothing is set" "$(ptr_of "$address" | grep -F "$wanted")"; fi
}
all_faults() { # ADDRESS NAME METHOD PATH: of the writing call
	local address=$1 wanted=$2
	w() { echo "{\"method\": \"$write_method\", \"path\": \"$write_path\", $1}"; }
	r() { echo "{\"method\": \"GET\", \"path\": \"${read_path:-/$provider/}\", $1}"; }
	write_method=$3 write_path=$4
	fault "401" 77 "$variable" 0 "$(w '"kind": "status", "status": 401, "times": 99')"
	fault "403" 77 "it needs" 0 "$(w '"kind": "status", "status": 403, "times": 99')"
	fault "404" 65 "the API does not have it" 0 "$(w '"kind": "status", "status": 404, "times": 99')"
	fault "409, once" 0 "PROVEN" 1 "$(w '"kind": "status", "status": 409')"
	fault "422" 65 "does not accept it (HTTP 422: as told" 0 "$(w '"kind": "status", "status": 422, "times": 99')"
	fault "429 with Retry-After" 0 "PROVEN" 1 "$(w '"kind": "status", "status": 429, "retry_after": 1')"
	fault "429 without" 0 "PROVEN" 1 "$(w '"kind": "status", "status": 429')"
	fault "429 for longer than there is time" 75 "too many requests" 0 "$(w '"kind": "status", "status": 429, "retry_after": 900')"
	fault "500, once" 0 "PROVEN" 1 "$(w '"kind": "status", "status": 500')"
	fault "HTML, as of a gateway" 75 "HTTP 502" 0 "$(w '"kind": "status", "status": 502, "body": "<html>Bad gateway", "times": 99')"
	fault "a redirect" 69 "redirect" 0 "$(w '"kind": "status", "status": 302, "times": 99')"
	fault "cut before" 0 "PROVEN" 1 "$(w '"kind": "cut"')"
	fault "cut after it was done" 0 "PROVEN" 1 "$(w '"kind": "cut-after"')"
	fault "a lost answer is not written twice" 0 "PROVEN" 1 "$(w '"kind": "cut-after"')"
	verdict "$provider: written once" "$([[ $(writes) == 1 ]] || writes)"
	fault "truncated JSON" 0 "PROVEN" 1 "$(w '"kind": "cut-body"')"
	fault "accepted without effect" 69 "the API said that it is done" 0 "$(w '"kind": "no-effect"')" --timeout 2
	fault "reading: 503 once" 0 "PROVEN" 1 "$(r '"kind": "status", "status": 503')"
	fault "reading: 401" 77 "the ${secret:-token} is refused, from ${source:-$variable}" 0 "$(r '"kind": "status", "status": 401, "times": 99')"
	fault "reading: HTML" 75 "is not JSON" 0 "$(r '"kind": "body", "body": "<html>", "times": 99')"
	for body in '{\"a' '[]' '7' '{}'; do
		fault "reading: '$body', once" "*" "" 0 "$(r "\"kind\": \"body\", \"body\": \"$body\"")"
	done
	begin_anew
}
bad_input() { # ADDRESS NAME: every provider's token, and names that it cannot have
	local token=${!variable}
	for bad in "${bad_tokens[@]}"; do
		declare -x "$variable=$bad"
		expect "$provider: token '${bad@Q}'" 78 "$variable is not a valid ${secret:-token}" fix "$1" --name "$2"
		verdict "$provider: it is not shown" "$(grep s3cret "$tmp/out" "$tmp/err")"
	done
	declare -x "$variable=wrong-token-of-somebody"
	expect "$provider: a wrong token" 77 "$variable" fix "$1" --name "$2"
	verdict "$provider: is not shown, though the API repeats it" "$(grep -F wrong-token "$tmp/out" "$tmp/err")"
	declare -x "$variable=$token"
	expect "$provider: a wildcard" 65 "wildcard" fix "$1" --name '*.example.com'
	expect "$provider: an underscore" 65 "_" fix "$1" --name under_score.example.com
	expect "$provider: a label that is too long" 65 "at most 253 characters, and 63 between two dots" fix "$1" --name "$(printf 'a%.0s' {1..64}).example.com"
	expect "$provider: two names" 65 "takes 1" fix "$1" --name "$2" --name other.example.com
	expect "$provider: a description" 65 "description" fix "$1" --name "$2" --description x
	expect "$provider: --endpoint without a word is not passed over" 78 "write $provider=URL" fix "$1" --name "$2" --provider "$provider" --endpoint http://127.0.0.1:9
	expect "$provider: a TTL" 65 "sets the TTL of PTR records itself" fix "$1" --name "$2" --ttl 300
	expect "$provider: an address that it does not have" 1 "198.51.100.9 is not in the" fix 198.51.100.9 --name "$2" --force-order --provider "$provider"
	expect "$provider: no token" 78 "${no_token:-set $variable}" env -u "$variable" timeout 60 "$bin" fix "$1" --name "$2" "${world[@]}" "${cloud[@]}" --provider "$provider"
}
finish() { # the last words of each script
	local word
	verdict "no request that a careful client does not send" "$([[ $(from_state 'len(s["violations"])') == 0 ]] || from_state 's["violations"]')"
	for word in hcloudTokenOfTheStandIn "robot pass of" OfTheStandIn linodeTokenOf vultrKeyOf scalewayStandIn wrong-token-of-somebody; do
		verdict "no secret in all that was said: $word" "$(grep -rlF -- "$word" "$tmp/all" "$state")"
	done
	verdict "the stand-in had no trouble of its own" "$(cat "$tmp/clouds.log")"
}
