#!/usr/bin/env bash
# The formats, read by what reads them in earnest: the page in a headless Chromium, by html-validate
# and axe, JUnit by its schema, metrics by promtool and the OpenMetrics parser, CSV and JSON by
# parsers, the monitoring line by its guidelines.  Needs no server: planned records, and a history
# that is made here.
# variants: release
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 70
bin=${MAILREADY:-$PWD/build/release/mailready}
mkdir -p build
tmp=$(mktemp -d "$PWD/build/formats.XXXXXX") || exit 70
# a year of transactions is quicker where no disk has to be waited for
state=$(mktemp -d /dev/shm/formats.XXXXXX 2>/dev/null) || state=$tmp/state
trap 'rm -rf "$tmp" "$state"' EXIT
export XDG_CACHE_HOME=$tmp/cache XDG_CONFIG_HOME=$tmp/config XDG_STATE_HOME=$state HOME=$tmp
past=build/release/tests/tools/past_drive

cat >"$tmp/world.zone" <<'ZONE'
$TTL 3600
20.113.0.203.in-addr.arpa. PTR mail.example.com.
mail.example.com. A 203.0.113.20
21.113.0.203.in-addr.arpa. PTR \<script\>alert\(1\)\<\/script\>.example.com.
22.113.0.203.in-addr.arpa. PTR =cmd\|\'x\'!a0.\027[31m.example.com.
23.113.0.203.in-addr.arpa. PTR one.example.com.
one.example.com. A 203.0.113.99
25.113.0.203.in-addr.arpa. PTR mail.example.org.
25.113.0.203.in-addr.arpa. PTR two.example.org.
mail.example.org. A 203.0.113.25
two.example.org. A 203.0.113.25
ZONE
offline=(--offline --planned "$tmp/world.zone" --allow-special --skip "dnsbl,smtp")
targets=(203.0.113.20 203.0.113.21 203.0.113.22 203.0.113.23 203.0.113.24)

verdict() { # NAME WHY: ok without WHY
	if [[ -z $2 ]]; then echo "ok $1"; else echo "not ok $1: $2"; fi
}
check() { "$bin" check "${offline[@]}" "$@"; }
# NAME COMMAND...: skips where its first word is not installed
judge() {
	local name=$1 said
	shift
	command -v "$1" >/dev/null || { echo "skip $name: no $1"; return 0; }
	if said=$(timeout 60 "$@" 2>&1); then verdict "$name" ""; else verdict "$name" "${said:-$1 exits $?}"; fi
}
python() { timeout 60 /usr/bin/python3 "$@"; }

# --- made by check
for format in html markdown junit csv openmetrics json; do
	check --format $format --output "$tmp/check.$format" "${targets[@]}"
	status=$?
	[[ $status == 1 && -s $tmp/check.$format ]] && why="" || why="exit $status"
	verdict "check writes $format" "$why"
done
# a page is named as a browser wants it
mv "$tmp/check.html" "$tmp/check-page.html"

# --- made by report, from a history
judge "a history of a year is filled" "$past" "$state/mailready/history.db" 50 365
for format in html markdown junit csv openmetrics json text; do
	"$bin" report --since 1y --format $format --output "$tmp/report.$format" 2>"$tmp/err"
	status=$?
	[[ $status == 0 && -s $tmp/report.$format ]] && why="" || why="exit $status: $(cat "$tmp/err")"
	verdict "report writes $format" "$why"
done
mv "$tmp/report.html" "$tmp/report-year.html"
"$bin" report --since 30d --format html --output "$tmp/report-month.html" "outbound 1" 203.0.113.3
[[ $(grep -c '<section class="card server' "$tmp/report-month.html") == 2 ]] && why="" || why="not two servers"
verdict "report shows the servers that are named" "$why"

refused() { # NAME STATUS WORD ARGUMENT...
	local name=$1 expected=$2 word=$3 status why=""
	shift 3
	"$bin" report "$@" >"$tmp/out" 2>"$tmp/err"
	status=$?
	[[ $status == "$expected" ]] && grep -qF -- "$word" "$tmp/err" || why="exit $status: $(cat "$tmp/err")"
	[[ ! -s $tmp/out ]] || why+=" something on standard output"
	verdict "$name" "$why"
}
refused "no server of that name" 66 "'nobody' is not a server" nobody
refused "a time that is none" 64 "30d" --since soon
refused "a time to come" 64 "expected a time from 1970 to now" --since 2999-01-01
refused "a format that is none" 64 "markdown" --format xml
XDG_STATE_HOME=$tmp/none refused "no history yet" 66 "there is no history yet"
printf 'old' >"$tmp/kept.html"
XDG_STATE_HOME=$tmp/none "$bin" report --format html --output "$tmp/kept.html" 2>/dev/null
[[ $(cat "$tmp/kept.html") == old && -z $(find "$tmp" -name 'kept.html.*') ]] && why="" || why="it was touched"
verdict "a report that fails leaves the old file" "$why"

# --- JUnit
for file in "$tmp/check.junit" "$tmp/report.junit"; do
	judge "JUnit of ${file##*/} is valid" xmllint --noout --schema tests/tools/junit.xsd "$file"
done
cat >"$tmp/junit.py" <<'PY'
import sys, xml.etree.ElementTree as tree
suites = tree.parse(sys.argv[1]).getroot()
assert len(suites) == 5, len(suites)
for suite in suites:
    cases = suite.findall("testcase")
    assert int(suite.get("tests")) == len(cases)
    assert int(suite.get("failures")) == len(suite.findall("testcase/failure"))
    assert int(suite.get("errors")) == len(suite.findall("testcase/error"))
    assert int(suite.get("skipped")) == len(suite.findall("testcase/skipped"))
    names = [case.get("name") for case in cases]
    assert len(set(names)) == len(names), names
    bad = suite.get("hostname") != "203.0.113.20"
    assert bad == (len(suite.findall("testcase/failure")) > 0), suite.get("hostname")
PY
judge "JUnit counts what it holds" /usr/bin/python3 "$tmp/junit.py" "$tmp/check.junit"

# --- metrics
for file in "$tmp/check.openmetrics" "$tmp/report.openmetrics"; do
	# shellcheck disable=SC2016 # sh's $
	judge "promtool takes ${file##*/}" sh -c 'command -v promtool >/dev/null || exit 0; exec promtool check metrics <"$1"' sh "$file"
done
command -v promtool >/dev/null || echo "skip promtool: it is not installed"
cat >"$tmp/metrics.py" <<'PY'
import sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
text = open(sys.argv[1], encoding="utf-8").read()
seen = set()
for family in text_string_to_metric_families(text):
    for sample in family.samples:
        key = (sample.name, tuple(sorted(sample.labels.items())))
        assert key not in seen, key
        seen.add(key)
        assert set(sample.labels) <= {"address", "label", "ehlo", "domain", "zone", "verdict", "version"}, sample
        assert "script" not in str({k: v for k, v in sample.labels.items() if k == "zone"})
assert len(seen) > 40, len(seen)
PY
if python -c "import prometheus_client" 2>/dev/null; then
	check --format openmetrics "${targets[@]}" "${targets[@]}" >"$tmp/twice.openmetrics"
	for file in check report twice; do
		judge "OpenMetrics of $file is read" /usr/bin/python3 "$tmp/metrics.py" "$tmp/$file.openmetrics"
	done
else
	echo "skip OpenMetrics parser: no python3-prometheus-client"
fi

# --- CSV, there and back again
cat >"$tmp/same_rows.py" <<'PY'
import csv, json, sys
rows = list(csv.DictReader(open(sys.argv[1], newline="", encoding="utf-8"), strict=True))
reports = json.load(open(sys.argv[2], encoding="utf-8"))
def field(text):
    return "'" + text if text[:1] in tuple("=+-@") and text else text
if isinstance(reports, list):
    assert len(rows) == len(reports) == 5
    for row, report in zip(rows, reports):
        assert row["address"] == report["target"]["address"]
        assert row["reason"] == field(report["summary"]), row["reason"]
        assert row["ptr_names"] == field(" ".join(report["ptr"]["names"])), row["ptr_names"]
else:
    wanted = [(s["target"]["address"], f["id"], f["subject"], f["first_seen"], f["text"])
              for s in reports["servers"] for f in s["findings_over_time"]]
    got = [(r["address"], r["finding"], r["subject"], r["first_seen"], r["text"]) for r in rows if r["finding"]]
    assert len(wanted) > 50 and sorted(got) == sorted(w[:2] + (field(w[2]), w[3], field(w[4])) for w in wanted)
    # what happened comes first, then the servers in the order of the JSON
    bad = sum(f["verdict"] in ("fail", "permerror") for s in reports["servers"] for f in s["findings_over_time"])
    assert bad > 20 and all(r["verdict"] == "fail" and r["finding"] for r in rows[:bad]) and not rows[bad]["finding"]
    assert [r["address"] for r in rows if not r["finding"]] == [s["target"]["address"] for s in reports["servers"]]
for row in rows:
    for value in row.values():
        assert not value[:1] in ("=", "+", "-", "@", "\t", "\r"), value
PY
judge "CSV of check is what its JSON is" /usr/bin/python3 "$tmp/same_rows.py" "$tmp/check.csv" "$tmp/check.json"
judge "CSV of report is what its JSON is" /usr/bin/python3 "$tmp/same_rows.py" "$tmp/report.csv" "$tmp/report.json"
if python -c "import jsonschema" 2>/dev/null; then
	judge "JSON of report is valid" /usr/bin/python3 -c "
import json, jsonschema, sys
jsonschema.Draft202012Validator(json.load(open('data/past.schema.json'))).validate(json.load(open(sys.argv[1])))" "$tmp/report.json"
else
	echo "skip JSON of report: no python3-jsonschema"
fi

# --- as a monitoring plug-in
ln -s "$bin" "$tmp/check_mailready"
plugin() { # NAME STATUS STATE ARGUMENT...
	local name=$1 expected=$2 state=$3 status why=""
	shift 3
	"$tmp/check_mailready" "$@" >"$tmp/out" 2>/dev/null
	status=$?
	[[ $status == "$expected" ]] || why="exit $status"
	head -n 1 "$tmp/out" | grep -qE "^MAILREADY $state - [^|]+( \|( [a-z_]+=-?[0-9.]+s?(;[0-9.]*)*)+)?$" ||
		why+=" line: $(head -n 1 "$tmp/out")"
	[[ $(grep -c '|' "$tmp/out") -le 1 ]] || why+=" a second bar"
	verdict "plug-in: $name" "$why"
}
plugin "good" 0 OK "${offline[@]}" -H 203.0.113.20 -t 5
plugin "bad" 2 CRITICAL "${offline[@]}" -v -H 203.0.113.23
plugin "a bar in a name" "2" CRITICAL "${offline[@]}" -v -H 203.0.113.22
plugin "several" 2 CRITICAL "${offline[@]}" "${targets[@]}"
plugin "nothing judged" 3 UNKNOWN "${offline[@]}" --only generic_ptr -H 203.0.113.24
plugin "a name without address beside a good one" 2 CRITICAL "${offline[@]}" -H nosuch.example.com 203.0.113.20
plugin "a name without address" 2 CRITICAL "${offline[@]}" -H nosuch.example.com
printf '%s\n' 203.0.113.20 nosuch.example.com 'not a target' >"$tmp/given"
for format in text brief json jsonl csv markdown html junit openmetrics; do
	"$bin" check "${offline[@]}" -i "$tmp/given" -f "$format" >"$tmp/out" 2>/dev/null
	verdict "$format has a row for all that was given" "$(for row in 203.0.113.20 nosuch.example.com 'not a target'; do
		grep -q "$row" "$tmp/out" || echo "no $row"; done)"
done
"$bin" check "${offline[@]}" -i "$tmp/given" -f jsonl 2>/dev/null | python3 tests/integration/validate_schema.py >"$tmp/out" 2>&1 &&
	why= || why=$(cat "$tmp/out")
verdict "such rows follow the schema" "$why"
plugin "a warning that is to count as bad" 2 CRITICAL "${offline[@]}" --fail-on warn -H 203.0.113.25
plugin "a warning" 1 WARNING "${offline[@]}" -H 203.0.113.25
plugin "no target" 3 UNKNOWN
plugin "no address" 3 UNKNOWN -H "no address|x=1"
plugin "no such option" 3 UNKNOWN --warnings 3
check --format nagios 203.0.113.23 >/dev/null
[[ $? == 2 ]] && why="" || why="another status"
verdict "check --format nagios has the same codes" "$why"

# --- Markdown: what is HTML elsewhere is text here
grep -q '<script' "$tmp/check.markdown" && why="a script element" || why=""
verdict "Markdown holds no markup from outside" "$why"

# --- the page
page_check() { # NAME: $tmp/NAME.html
	if [[ -n $npm_fault ]]; then
		echo "skip $1 by html-validate: $npm_fault"
	else
		judge "$1 by html-validate" "$npm/.bin/html-validate" "$tmp/$1.html"
	fi
	if ! command -v chromium >/dev/null; then
		echo "skip $1 in Chromium: it is not installed"
	elif ! timeout 90 /usr/bin/python3 tests/tools/browser.py "$1" "$tmp/$1.html" "$tmp" "$axe" 2>"$tmp/err"; then
		echo "not ok $1 in Chromium: $(tail -n 2 "$tmp/err" | tr '\n' ' ')"
	fi
}
npm=$PWD/build/npm/node_modules npm_fault=$(tests/tools/npm-deps) && npm_fault=""
axe=-
[[ -n $npm_fault ]] || axe=$npm/axe-core/axe.min.js
page_check check-page
page_check report-month

# the tests above can fail: the same page with faults is found out
if [[ -z $npm_fault ]] && command -v chromium >/dev/null; then
	sed -e 's/--dim:#556070/--dim:#b9c2cc/' -e 's/<html lang="en">/<html>/' -e 's/<h2 /<h4 /g; s/<\/h2>/<\/h4>/g' \
		-e 's/<body>/<body><img src="https:\/\/example.com\/x.png">/' "$tmp/check-page.html" >"$tmp/faulty.html"
	"$npm/.bin/html-validate" "$tmp/faulty.html" >/dev/null 2>&1 && why="html-validate sees nothing" || why=""
	timeout 90 /usr/bin/python3 tests/tools/browser.py faulty "$tmp/faulty.html" "$tmp" "$axe" >"$tmp/out" 2>&1
	for fault in "loads nothing" "headings in order" "no fault for axe (light)"; do
		grep -q "^not ok.*$fault" "$tmp/out" || why+=" not seen: $fault"
	done
	verdict "faults of a page are found" "$why"
fi

# of fifty servers
start=$(date +%s%N)
"$bin" report --since 1y --format html >/dev/null
took=$((($(date +%s%N) - start) / 1000000))
((took < 1000)) && why="" || why="$took ms"
verdict "a year is reported in under a second" "$why"
