# shellcheck shell=bash
# What the tests of fix check a command by, to be sourced; tmp is where they keep what it says.
verdict() { # NAME WHY: ok without WHY
	if [[ -z $2 ]]; then echo "ok $1"; else echo "not ok $1: $2"; fi
}
# NAME STATUS WORD COMMAND...: WORD must stand in what it writes ("" = anything)
expect() {
	local name=$1 status=$2 word=$3 why="" got
	shift 3
	"$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	got=$?
	cat "$tmp/out" "$tmp/err" >>"$tmp/all"
	[[ $got == "$status" ]] || why="exit $got, expected $status ($(head -c 600 "$tmp/err" "$tmp/out" | tr '\n' '|'))"
	[[ -z $word ]] || grep -qF -- "$word" "$tmp/out" "$tmp/err" || why+=" does not say '$word': $(head -c 600 "$tmp/err" "$tmp/out" | tr '\n' '|')"
	! LC_ALL=C grep -qaP '[\x00-\x08\x0b-\x1f\x7f]' "$tmp/out" "$tmp/err" || why+=" control bytes"
	verdict "$name" "$why"
}
says() { # NAME WORD: in the last command's output
	verdict "$1" "$(grep -qF -- "$2" "$tmp/out" || echo "no '$2' in: $(head -c 400 "$tmp/out" | tr '\n' '|')")"
}
journal_of() { # DIR: the newest
	find "$1" -name '*.jsonl' -printf '%T@ %p\n' 2>/dev/null | sort -n | tail -n 1 | cut -d' ' -f2-
}
# Kills fix --apply at every flush of its journal, then resumes and takes back, or takes back at once.  Needs
# fix, ptr_of and kill_at.so in tmp; the last words are options of the program that resumes.
kill_everywhere() { # PREFIX ADDRESS NAME OPTION...
	local prefix=$1 address=$2 name=$3 at
	shift 3
	gone() { verdict "$prefix: kill $at: $1" "$(ptr_of "$address" | grep -F "$name")"; }
	kill_one() { # DIR: true when it was killed
		KILL_AT=$at LD_PRELOAD=$tmp/kill_at.so ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 \
			fix "$address" --name "$name" --apply --yes --journal "$1" >"$tmp/out" 2>"$tmp/err" </dev/null
		[[ $? == 137 ]]
	}
	for ((at = 3; at < 40; at++)); do
		kill_one "$tmp/j$at" 2>/dev/null || break
		expect "$prefix: kill $at: resume" 0 "PROVEN" "$bin" fix --timeout 20 --resume "$(journal_of "$tmp/j$at")" "$@"
		expect "$prefix: kill $at: undo" 0 "PROVEN" "$bin" undo "$(journal_of "$tmp/j$at")" --yes --timeout 20 "$@"
		gone "it is gone"
		kill_one "$tmp/k$at" 2>/dev/null || break
		expect "$prefix: kill $at: undo at once" 0 "PROVEN" "$bin" undo "$(journal_of "$tmp/k$at")" --yes --timeout 20 "$@"
		gone "nothing is left"
		rm -rf "$tmp/j$at" "$tmp/k$at"
	done
	verdict "$prefix: killed at every line of the journal" "$([[ $at -ge 8 && $at -lt 40 ]] || echo "$at times: $(tail -n 3 "$tmp/err" "$tmp/out")")"
	# the last one was not killed
	if [[ -d $tmp/k$at ]]; then mv "$tmp/k$at" "$tmp/last"; else mv "$tmp/j$at" "$tmp/last"; fi
	expect "$prefix: not killed: undo" 0 "PROVEN" "$bin" undo "$(journal_of "$tmp/last")" --yes --timeout 20 "$@"
	rm -rf "$tmp/j$at" "$tmp/last"
}
