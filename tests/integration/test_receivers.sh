#!/usr/bin/env bash
# variants: release
# Who demands what (--receivers): in which formats and runs the table is, what --bulk changes, and rules of one's own.
# All records are planned; nothing is asked.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 70
# shellcheck disable=SC1091
source tests/integration/expect.sh
bin=${MAILREADY:-$PWD/build/release/mailready}
tmp=$(mktemp -d "${TEST_TMP:-/tmp}/receivers.XXXXXX") || exit 70
trap 'rm -rf "$tmp"' EXIT
unset XDG_CONFIG_HOME XDG_STATE_HOME XDG_CACHE_HOME
export HOME=$tmp/home
mkdir "$HOME"
printf '%s\n' '25.113.0.203.in-addr.arpa. 60 IN PTR mail.example.com.' 'mail.example.com. 60 IN A 203.0.113.25' \
	'example.com. 60 IN TXT "v=spf1 -all"' 'example.com. 60 IN MX 10 mail.example.com.' \
	'_dmarc.example.com. 60 IN TXT "v=DMARC1; p=reject"' >"$tmp/zone"
run=("$bin" check 203.0.113.25 --helo mail.example.com --planned "$tmp/zone" --offline --no-smtp --allow-special)
absent() { # NAME WORD: not in the last command's output
	verdict "$1" "$(! grep -qF -- "$2" "$tmp/out" || echo "'$2' is in the output")"
}
member() { # NAME EXPRESSION VALUE: of the last command's JSON, as d
	local got
	got=$(python3 -c "import json,sys; d=json.load(open(sys.argv[1])); r={x['id']: x for x in d.get('receivers', [])}
print($2)" "$tmp/out" 2>&1)
	verdict "$1" "$([[ $got == "$3" ]] || echo "$got, not $3")"
}

expect "a text does not have the table unasked" 1 "" "${run[@]}" --from example.com
absent "without it" "Receivers "
expect "the table" 1 "Receivers " "${run[@]}" --from example.com --receivers
says "a receiver's code" "Microsoft 365 demands that SPF does not fail: not met; expect 550 5.7.23"
says "both answers" "Gmail               unknown/fail"
says "bulk senders apart" "Two answers: of any sender, and of a bulk sender"
expect "a bulk sender" 1 "What a bulk sender is asked for" "${run[@]}" --from example.com --receivers --bulk
absent "one answer" "Two answers"
expect "what is met, with -v" 1 "" "${run[@]}" --from example.com --receivers -v
says "the source of a rule" "https://support.google.com/a/answer/3726730"
expect "without a sender" 0 "Gmail               unknown" "${run[@]}" --receivers

expect "JSON has it unasked" 1 "" "${run[@]}" --from example.com --json
verdict "and follows the schema" "$(python3 tests/integration/validate_schema.py "$tmp/out" 2>&1 >/dev/null | tail -n 3)"
member "eleven receivers" "len(r)" 11
member "an unknown demand" "r['gmail']['verdict'], r['gmail']['demands'][4]['state']" "temperror unknown"
member "a bulk sender's" "r['gmail']['bulk_verdict'], r['gmail']['demands'][4]['code']" "fail 421 4.7.27, then 550 5.7.27"
expect "a bulk sender in JSON" 1 "" "${run[@]}" --from example.com --json --bulk
member "has one verdict" "r['gmail']['verdict'], r['gmail']['bulk_verdict']" "fail fail"
expect "JSON without a sender" 0 "" "${run[@]}" --json
member "does not have it" "'receivers' in d" False
expect "JSON without a sender, asked for" 0 "" "${run[@]}" --json --receivers
member "has it" "len(r)" 11
expect "some checks alone" 1 "" "${run[@]}" --from example.com --json --only spf
member "do not have it" "'receivers' in d" False
expect "html has it" 1 "<h3>Receivers</h3>" "${run[@]}" --from example.com -f html
expect "markdown has it" 1 "### Receivers" "${run[@]}" --from example.com -f markdown
cell() { # NAME COLUMN VALUE: of the last command's CSV, which has one row
	local got
	got=$(python3 -c "import csv,sys; print(next(csv.DictReader(open(sys.argv[1], newline='')))[sys.argv[2]])" "$tmp/out" "$2" 2>&1)
	verdict "$1" "$([[ $got == "$3" ]] || echo "$got, not $3")"
}
"${run[@]}" --from example.com --dkim example.com --receivers -f csv >"$tmp/out"
cell "has the sender" sender pass
cell "has SPF" spf fail
cell "has SPF of the EHLO name" spf_helo none
cell "has the keys" dkim "example.com=none"
cell "has DMARC" dmarc pass
cell "has who refuses" receivers_fail "gmx microsoft365 netease orange qq"
cell "has of whom something is unknown" receivers_unknown "apple comcast outlook yahoo"
"${run[@]}" -f csv >"$tmp/out"
cell "a row without a sender has none" sender ""
cell "nor DMARC" dmarc ""
cell "nor receivers" receivers_fail ""
printf '203.0.113.25 mail.example.com example.com\n' >"$tmp/list"
expect "a list does not have it" 1 "" "$bin" check -i "$tmp/list" --planned "$tmp/zone" --offline --no-smtp --allow-special -f jsonl
absent "unasked" '"receivers"'
expect "a list, asked for" 1 '"receivers"' "$bin" check -i "$tmp/list" --planned "$tmp/zone" --offline --no-smtp --allow-special -f jsonl --receivers
expect "dumped facts" 1 "" "${run[@]}" --from example.com --dump-facts "$tmp/facts"
expect "are judged again" 1 "Receivers " "$bin" judge "$tmp/facts" --receivers

cp -r data "$tmp/data"
rm "$tmp/data/receivers/"*.ini
expect "no receivers" 78 "no file of a receiver" env MAILREADY_DATA="$tmp/data" "${run[@]}" --receivers
printf '%s\n' '[receiver]' 'name = Ours' '[ptr]' 'demand = ptr' 'test = ptr' 'text = there is a PTR record' \
	'source = https://ours.example/' 'dated = 2020' 'checked = 2020-01-01' >"$tmp/data/receivers/ours.ini"
expect "a receiver of one's own" 0 "Ours       pass" env MAILREADY_DATA="$tmp/data" "${run[@]}" --receivers -v
says "an old rule" "compared last on 2020-01-01"
sed -i 's/^test = ptr/test = prt/' "$tmp/data/receivers/ours.ini"
expect "a fault names its line" 78 "receivers/ours.ini:5: test: " env MAILREADY_DATA="$tmp/data" "${run[@]}" --receivers
expect "and hurts nobody who does not look" 0 "" env MAILREADY_DATA="$tmp/data" "${run[@]}"
