# shellcheck shell=bash
# The cloud of the guide, to be sourced behind fix_world.sh: the strict stand-in for its API, with the
# EIPs 203.0.113.25 to .28, that publishes what it accepts in the reverse zone; and names that lead to them.
# Sets api (its URL) and cloud (options of the program); the credentials are in the environment.
command -v nsupdate >/dev/null || { echo "skip huawei: no nsupdate"; exit 0; }
start_world
secret=$(awk '/secret:/ { print $2 }' "$tmp/upd.key")
key=hmac-sha256:upd:$secret
publish() { # NAME ADDRESS...
	{
		printf 'server 127.0.0.1 %s\nzone example.com.\n' "$dns"
		printf "update add $1. 300 A %s\n" "${@:2}"
		echo send
	} | nsupdate -y "$key" || echo "not ok publish $1"
}
for host in 25 26 27 28; do publish mail$host.example.com 203.0.113.$host; done
publish both.example.com 203.0.113.25 203.0.113.26
for i in 0 1 2 3 4 5 6 7 8 9; do publish n$i.example.com 203.0.113.25; done

STANDIN_DNS=127.0.0.1#$dns STANDIN_DNS_KEY=$key python3 tests/provider/huawei_standin.py >"$tmp/port" 2>"$tmp/standin.log" &
pids+=($!)
for ((i = 0; i < 100; i++)); do
	[[ ! -s $tmp/port ]] || break
	sleep 0.1
done
api=http://127.0.0.1:$(head -n 1 "$tmp/port")
control() { # JSON
	python3 - "$api" "$1" <<-'PY'
		import sys, urllib.request
		urllib.request.urlopen(urllib.request.Request(sys.argv[1] + "/_control", sys.argv[2].encode()), timeout=10).read()
	PY
}
begin_anew() { # CONFIG: a cloud and a reverse zone without records
	local host
	{
		printf 'server 127.0.0.1 %s\nzone 113.0.203.in-addr.arpa.\n' "$dns"
		for host in 25 26 27 28; do echo "update delete $host.113.0.203.in-addr.arpa. PTR"; done
		echo send
	} | nsupdate -y "$key"
	control "{\"reset\": $1}"
}
from_state() { # PYTHON: an expression over the stand-in's state s
	python3 - "$api" "$1" <<-'PY'
		import json, sys, urllib.request
		s = json.load(urllib.request.urlopen(sys.argv[1] + "/_control", timeout=10))
		print(eval(sys.argv[2]))
	PY
}
writes() { from_state 'sum(r["method"] in ("PATCH", "PUT", "POST", "DELETE") for r in s["requests"])'; }
export HUAWEICLOUD_SDK_AK=STANDINAK00000000001 HUAWEICLOUD_SDK_SK=standinSecretKey000000000000000000000001
# shellcheck disable=SC2034 # used by those who source this
cloud=("${world[@]}" --region ap-southeast-1 --endpoint "$api")
