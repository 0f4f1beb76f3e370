#!/usr/bin/env bash
# What the logs of the real Exim, Sendmail and OpenSMTPD say of refusals: each of those that went over the wire is
# found in it once, as it was, and no other; whether the server was refused or refused itself.
set -u
bin="" tmp="" log="" truth="" share="" # by the world
# shellcheck disable=SC1091
source "$(dirname "${BASH_SOURCE[0]}")/mtas_world.sh"
# shellcheck disable=SC1091
source tests/integration/expect.sh
explain() { timeout 60 "$bin" explain --offline "$@"; }
agrees() { # FILE: what is refused in it is the truth
	explain --json "$1" >"$tmp/said"
	python3 "$share/mtas.py" compare "$name" "$truth" "$tmp/said" 2>&1
}
same() { verdict "$1" "$(agrees "$2")"; } # NAME FILE
settled() { # FILE: it has all of the truth, and nothing was written to it for two seconds
	local before now
	for _ in $(seq 30); do
		before=$(stat -c %s "$1")
		sleep 2
		now=$(stat -c %s "$1")
		[[ $now != "$before" || -n $(agrees "$1") ]] || return 0
	done
	echo "something is missing, or it still grows"
}

# Exim writes again of messages that it does not try yet, and the header of what it refuses into the reject log.
exim_again() {
	local before
	before=$(wc -l <"$log")
	exim_queue
	verdict "exim: the queue is looked at again" "$(tail -n "+$((before + 1))" "$log" | grep -q ' == bob@grey.example ' || tail -n 2 "$log")"
	same "exim: that refuses nothing anew" "$log"
	explain --json "$tmp/exim/log/rejectlog" >"$tmp/out"
	verdict "exim: a header in the reject log is not a reply" "$(python3 -c "
import json
d = [json.loads(line) for line in open('$tmp/out')]
own = [json.loads(line) for line in open('$truth') if '\"client\"' in line]
assert all(e['code'] is None and e['by_us'] for e in d), d
assert len(d) == len([t for t in own if t.get('side') == 'client']), len(d)" 2>&1 | tail -n 1)"
}

for name in exim sendmail opensmtpd; do
	mta_has "$name" || continue
	mta_start "$name"
	verdict "$name takes mail for others" "$(python3 "$share/mtas.py" send 2>&1 | tail -n 1)"
	verdict "$name refuses clients" "$(python3 "$share/mtas.py" clients "$name" "$truth" 2>&1 | tail -n 1)"
	verdict "$name: the log ends" "$(settled "$log")"
	mta_stop
	same "$name: what was refused, each once" "$log"
	expect "$name: the summary counts the same" 2 "$(wc -l <"$tmp/said") refused" explain --summary "$log"
	[[ $name != exim ]] || exim_again
done
