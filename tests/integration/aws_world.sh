# shellcheck shell=bash
# AWS, to be sourced after fix_world.sh: a strict stand-in for EC2, Route 53 and the metadata service of a server,
# which publishes what it accepts in real zones.  Variables that the AWS CLI knows are the only way in.
command -v nsupdate >/dev/null || { echo "skip aws: no nsupdate"; exit 0; }
unset "${!AWS_@}"
start_world
key=hmac-sha256:upd:$(awk '/secret:/ { print $2 }' "$tmp/upd.key")
change_dns() { # LINE...: of nsupdate
	printf '%s\n' "server 127.0.0.1 $dns" "$@" send | nsupdate -y "$key" || echo "not ok nsupdate $*"
}
for host in 25 26; do change_dns "update add mail$host.example.com. 300 A 203.0.113.$host"; done
STANDIN_DNS=127.0.0.1#$dns STANDIN_DNS_KEY=$key python3 tests/provider/aws_standin.py >"$tmp/port" 2>"$tmp/standin.log" &
pids+=($!)
for ((i = 0; i < 100; i++)); do
	[[ ! -s $tmp/port ]] || break
	sleep 0.1
done
api=http://127.0.0.1:$(head -n 1 "$tmp/port")
control() { curl -s -o /dev/null "$api/_control" -d "$1"; }
calls() { # ACTION: how many of them were made
	curl -s "$api/_control" | python3 -c "import json, sys; print(sum(r[0] == '$1' for r in json.load(sys.stdin)['requests']))"
}
fault() { control "{\"faults\": [{\"action\": \"$1\", \"kind\": \"$2\", \"times\": ${3:-1}}]}"; }
export AWS_ACCESS_KEY_ID=AKIASTANDIN000000001 AWS_SECRET_ACCESS_KEY=standinSecretKey/+0000000000000000000001
export AWS_REGION=eu-west-1 AWS_ENDPOINT_URL_EC2=$api/ AWS_ENDPOINT_URL_ROUTE_53=$api/
# shellcheck disable=SC2034 # read by those who source this
state=$HOME/.local/state/mailready
