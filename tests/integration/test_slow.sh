#!/usr/bin/env bash
# A resolver that is slow, or that is asked seldom, is there: nobody waits for it, and every target has its answer.
# variants: release
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 70
bin=${MAILREADY:-$PWD/build/release/mailready}
for program in dig python3; do
	command -v "$program" >/dev/null || { echo "skip slow: no $program"; exit 0; }
done
mkdir -p build
tmp=$(mktemp -d "$PWD/build/slow.XXXXXX") || exit 70
pids=()
finish() {
	[[ ${#pids[@]} -eq 0 ]] || kill "${pids[@]}" 2>/dev/null
	wait 2>/dev/null
	rm -rf "$tmp"
}
trap finish EXIT
trap 'exit 143' TERM INT
# shellcheck disable=SC1091
source tests/integration/expect.sh

slow_dns() { # PORT SECONDS
	local i
	tests/integration/slow_dns.py "$1" "$2" &
	pids+=("$!")
	for ((i = 0; i < 100; i++)); do
		! dig +short +time=3 +tries=1 -p "$1" @127.0.0.1 x.example PTR 2>/dev/null | grep -q mail || return
		sleep 0.1
	done
	echo "not ok the resolver does not answer"
}
checks() { # NAME STATUS PORT TARGETS OPTION...
	local name=$1 status=$2 port=$3 n=$4
	shift 4
	seq -f 203.0.113.%.0f "$n" >"$tmp/list"
	expect "$name" "$status" "" "$bin" check --input "$tmp/list" --authority never --allow-special \
		--resolver "127.0.0.1#$port" --format jsonl --output "$tmp/reports" "$@"
	verdict "$name: it is not missed" "$(grep -h 'waited for\|answers again' "$tmp/out" "$tmp/err")"
	verdict "$name: every target has its answer" "$(grep -c 'temperror' "$tmp/reports" | grep -vx 0)"
	verdict "$name: every target is there" "$(wc -l <"$tmp/reports" | grep -vx "$n")"
}
read -r slow fast < <(tests/tools/ports 2)
slow_dns "$slow" 0.8
slow_dns "$fast" 0
# the name has no address, which is known after a second look-up only: meanwhile nothing is heard
checks "a resolver that takes 0.8 s" 1 "$slow" 20 --only ptr,iprev
checks "one that is asked once a second" 0 "$fast" 6 --only ptr --qps 1
