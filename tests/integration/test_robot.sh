#!/usr/bin/env bash
# Hetzner Robot, from no PTR record to a proven one and back, against a strict stand-in for its API.
# variants: san
# shellcheck disable=SC2034 # some variables are used by the worlds alone
set -u
bin="" tmp="" dns="" api="" state="" world=() cloud=() # by the worlds
# shellcheck disable=SC1091
source "$(dirname "${BASH_SOURCE[0]}")/fix_world.sh"
# shellcheck disable=SC1091
source tests/integration/clouds_world.sh
provider=robot variable=ROBOT_PASSWORD secret=password source="ROBOT_USER and ROBOT_PASSWORD"
bad_tokens=($'s3cret1\ns3cret2' $'s3cret3\x7fs3cret4')
export ROBOT_USER='#ws+standIn' ROBOT_PASSWORD='robot pass of the standIn' ROBOT_ENDPOINT=$api/robot
begin_anew
whole_way 203.0.113.10 mail.example.com "address 203.0.113.10, account of ROBOT_USER and ROBOT_PASSWORD"
whole_way 203.0.113.30 fl.example.com "address 203.0.113.30"
whole_way 2001:db8:10::25 mail.example.com "address 2001:db8:10::25"
list_all 203.0.113.10 static.10.113.0.203.clients.your-server.de
begin_anew
expect "robot: the default name is nobody's" 1 "(default)" fix 203.0.113.10 --name mail.example.com
control '{"set": {"rate": 2}}'
expect "robot: the rate limit, which is a 403, is kept" 0 "PROVEN" fix 203.0.113.30 --name fl.example.com --apply --yes
expect "robot: undo of a record that was not there" 0 "PROVEN" undo
begin_anew
expect "robot: what has no record has none to be unset" 0 "" "$bin" ptr unset 203.0.113.30 --yes "${world[@]}"
verdict "robot: and nothing is written" "$([[ $(writes) == 0 ]] || writes)"
limit='{"error": {"status": 403, "code": "RATE_LIMIT_EXCEEDED", "message": "rate limit exceeded", "max_request": 200, "interval": 3600}}'
control "{\"faults\": [{\"method\": \"POST\", \"kind\": \"status\", \"status\": 403, \"times\": 99, \"body\": \"${limit//\"/\\\"}\"}]}"
expect "robot: the rate limit for longer than there is time" 75 "too many requests (HTTP 403: rate limit exceeded" fix 203.0.113.30 --name fl.example.com --apply --yes --timeout 3
control '{"faults": [{"path": "/rdns/", "kind": "status", "status": 404, "body": "<html>", "times": 99}]}'
expect "robot: a gateway's 404 says nothing of the address" 78 "HTTP 404" fix 203.0.113.30 --name fl.example.com
all_faults 203.0.113.10 mail.example.com POST /rdns/
bad_input 203.0.113.10 mail.example.com
ROBOT_PASSWORD=wrong-token-of-somebody expect "robot: a wrong password is asked for once" 77 "from ROBOT_USER and ROBOT_PASSWORD" fix 203.0.113.10 --name mail.example.com
verdict "robot: in base64 it is not shown either" "$(grep -F "$(printf wrong-token-of-somebody | base64 | cut -c 5-20)" "$tmp/out" "$tmp/err")"
expect "robot: a user without a password" 78 "set ROBOT_PASSWORD" env -u ROBOT_PASSWORD timeout 60 "$bin" fix 203.0.113.10 --name mail.example.com "${world[@]}"
expect "robot: a password without a user" 78 "ROBOT_PASSWORD is set, but ROBOT_USER is not" env -u ROBOT_USER timeout 60 "$bin" fix 203.0.113.10 --name mail.example.com "${world[@]}"
ROBOT_USER=a:b expect "robot: a colon in the user's name" 78 "ROBOT_USER is not a valid user name" fix 203.0.113.10 --name mail.example.com
from_file() { env -u ROBOT_PASSWORD ROBOT_PASSWORD_FILE="$tmp/password" timeout 60 "$bin" fix 203.0.113.10 --name mail.example.com "${world[@]}"; }
expect "robot: a file that is not there" 78 "ROBOT_PASSWORD_FILE: $tmp/password: No such file" from_file
echo "$ROBOT_PASSWORD" >"$tmp/password"
chmod 644 "$tmp/password"
expect "robot: a file that others can read" 78 "chmod 600" from_file
chmod 600 "$tmp/password"
expect "robot: a file with the password" 1 "account of ROBOT_USER and ROBOT_PASSWORD_FILE" from_file
begin_anew
kill_everywhere robot 203.0.113.30 fl.example.com --resolver "127.0.0.1#$dns"
finish
