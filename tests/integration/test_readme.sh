#!/usr/bin/env bash
# What README.md and the manual show is what the program does: see readme.py.  The transcripts run in the
# world of `make demo`.
# variants: release
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 70
bin=${MAILREADY:-$PWD/build/release/mailready}
PATH=$PATH:/usr/sbin:/sbin
for program in nsd python3; do
	command -v "$program" >/dev/null || { echo "skip readme: no $program"; exit 0; }
done
tmp=$(mktemp -d "${TEST_TMP:-/tmp}/readme.XXXXXX") || exit 70
trap 'rm -rf "$tmp"' EXIT
unset MAILREADY_DATA MAILREADY_TSIG_FILE RFC2136_TSIG_FILE
export NO_COLOR=1 HOME=$tmp XDG_STATE_HOME=$tmp XDG_CONFIG_HOME=$tmp XDG_CACHE_HOME=$tmp

data/demo/run "$bin" python3 tests/integration/readme.py "$bin" README.md man/*.[1-9] >"$tmp/out" 2>"$tmp/err"
status=$?
cat "$tmp/out"
# fewer would mean that the examples were not found
why=
((status == 0)) || why="exit $status: $(tail -n 3 "$tmp/err" | tr '\n' '|')"
(($(grep -c '^ok README: mailready .*' "$tmp/out") >= 30)) || why+=" too few examples of the README"
(($(grep -c '^ok mailready-.*: mailready ' "$tmp/out") >= 20)) || why+=" too few examples of the manual"
if [[ -z $why ]]; then echo "ok the examples were found"; else echo "not ok the examples were found: $why"; fi
