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
