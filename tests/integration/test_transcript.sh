#!/usr/bin/env bash
# tests/tools/transcript is for people to read; that it still runs, and shows what it says it shows, is
# seen here.  Only its world without a real Designate: that one takes minutes.
# variants: release
set -u
tool=tests/tools/transcript
tmp=$(mktemp -d "${TEST_TMP:-/tmp}/transcript.XXXXXX") || exit 70
trap 'rm -rf "$tmp"' EXIT
for program in knotd keymgr dig python3; do # of its world
	command -v "$program" >/dev/null || { echo "skip transcript: no $program"; exit 0; }
done
# NAME [WHY]
verdict() { if [[ -z ${2-} ]]; then echo "ok $1"; else echo "not ok $1: ${2//$'\n'/|}"; fi; }

"$tool" huawei >"$tmp/out" 2>"$tmp/err" </dev/null
status=$?
verdict "transcript: every command ends as it should" "$([[ $status == 0 ]] || { echo "exit $status"; grep -B 12 EXPECTED "$tmp/out"; tail -n 5 "$tmp/err"; })"
verdict "nothing went wrong beside them" "$(cat "$tmp/err")"
for word in 'CHANGE' 'PROVEN' 'the old record is back' 'TTL 600' 'up to 10 names' 'constraints'; do
	verdict "it shows: $word" "$(grep -qF -- "$word" "$tmp/out" || echo "not there")"
done
verdict "no path of this machine" "$(grep -nF "${TEST_TMP:-/tmp}" "$tmp/out" | head -n 3)"
"$tool" rfc2136 >"$tmp/out" 2>"$tmp/err" </dev/null
status=$?
verdict "there and back: every command ends as it should" "$([[ $status == 0 ]] || { echo "exit $status"; grep -B 12 EXPECTED "$tmp/out"; tail -n 5 "$tmp/err"; })"
for word in 'no PTR record' 'A record of fwd.example.com: none -> 203.0.113.10' 'PROVEN' 'ptr show' 'the old record is back'; do
	verdict "there and back: it shows: $word" "$(grep -qF -- "$word" "$tmp/out" || echo "not there")"
done
"$tool" >"$tmp/out" 2>&1
status=$?
verdict "without a world it says what it wants" "$([[ $status == 64 ]] && grep -q 'huawei|designate|hetzner|robot|aws|ovh|linode|vultr|scaleway|powerdns|rfc2136|program' "$tmp/out" || echo "exit $status")"
