#!/usr/bin/env bash
# At home in monitoring systems: thresholds of the plug-in, metrics of several files in one directory, JUnit from
# which CI servers see what is fixed, and the examples of data/examples, read by the programs that they are for.
# Needs no server: planned records.
# variants: release
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 70
bin=${MAILREADY:-$PWD/build/release/mailready}
PATH=$PATH:/usr/sbin:/sbin
mkdir -p build
tmp=$(mktemp -d "$PWD/build/monitoring.XXXXXX") || exit 70
trap 'rm -rf "$tmp"' EXIT
export XDG_CACHE_HOME=$tmp/cache XDG_CONFIG_HOME=$tmp/config XDG_STATE_HOME=$tmp/state HOME=$tmp
verdict() { # NAME WHY: ok without WHY
	if [[ -z $2 ]]; then echo "ok monitoring: $1"; else echo "not ok monitoring: $1: $2"; fi
}
judge() { # NAME COMMAND...: skips where its first word is not installed
	local name=$1 said
	shift
	command -v "$1" >/dev/null || { echo "skip monitoring: $name: no $1"; return 0; }
	if said=$(timeout 120 "$@" 2>&1); then verdict "$name" ""; else verdict "$name" "$(tail -n 5 <<<"${said:-$1 failed}" | tr '\n' ' ')"; fi
}
cat >"$tmp/zone" <<'ZONE'
$TTL 3600
20.113.0.203.in-addr.arpa. PTR mail.example.com.
mail.example.com. A 203.0.113.20
21.113.0.203.in-addr.arpa. PTR other.example.com.
other.example.com. A 203.0.113.99
2.0.0.127.bl.example. A 127.0.0.2
20.113.0.203.bl.example. A 127.0.0.2
ZONE
echo bl.example >"$tmp/lists"
with=(--offline --planned "$tmp/zone" --allow-special --no-smtp --lists "$tmp/lists")

# --- the plug-in
ln -s "$bin" "$tmp/check_mailready"
plugin() { # NAME STATUS FIRST-LINE-PATTERN ARGUMENT...
	local name=$1 wanted=$2 pattern=$3 status=0
	shift 3
	"$tmp/check_mailready" "$@" >"$tmp/out" 2>/dev/null || status=$?
	head -n 1 "$tmp/out" | grep -qE -- "$pattern" && [[ $status == "$wanted" ]] && why='' || why="exit $status: $(head -n 1 "$tmp/out")"
	[[ $(wc -c <"$tmp/out") -lt 4096 ]] || why+=" $(wc -c <"$tmp/out") bytes"
	verdict "$name" "$why"
}
plugin "a threshold that is kept" 1 '^MAILREADY WARNING - .* listed=1;2;3;0;1 ' "${with[@]}" -H 203.0.113.20 -w lists=2 -c lists=3
plugin "a threshold that is not" 2 '^MAILREADY CRITICAL - on 1 block list \(threshold 0\); ' "${with[@]}" -H 203.0.113.20 -c lists=0
plugin "a value that is not known" 3 '^MAILREADY UNKNOWN - certificate is not known; ' "${with[@]}" -H 203.0.113.20 -w certificate=14:
plugin "several, one by one" 2 '^MAILREADY CRITICAL - .*time=[0-9.]+s;9;;0 .*listed=1;;0;' "${with[@]}" -H 203.0.113.20 -w time=9 -c lists=0
plugin "no metric" 3 "^MAILREADY UNKNOWN - --warning: '5' is not a threshold: expected METRIC=RANGE" "${with[@]}" -H 203.0.113.20 -w 5
plugin "many targets" 2 '^MAILREADY CRITICAL - 256 servers, ' "${with[@]}" -H 203.0.113.0/24
plugin "an outage" 3 '^MAILREADY UNKNOWN - nothing can be looked up: the resolver 127.0.0.1#1 does not answer' \
	--resolver '127.0.0.1#1' --lists "$tmp/lists" --allow-special --no-smtp -t 1 -H 203.0.113.20 203.0.113.21
[[ $(wc -l <"$tmp/out") == 1 ]] && why='' || why="$(wc -l <"$tmp/out") lines"
verdict "an outage is one line" "$why"
"$bin" check "${with[@]}" -w lists=0 203.0.113.20 >"$tmp/out" 2>&1
[[ $? == 64 ]] && grep -q 'thresholds of --format nagios' "$tmp/out" && why='' || why=$(cat "$tmp/out")
verdict "thresholds need the format" "$why"

# --- metrics: two configurations write into one directory
mkdir "$tmp/metrics"
(umask 077 && "$bin" check "${with[@]}" -f openmetrics -o "$tmp/metrics/a.prom" 203.0.113.20)
"$bin" check "${with[@]}" -f openmetrics -o "$tmp/metrics/b.prom" 203.0.113.20 203.0.113.21
cat "$tmp"/metrics/*.prom | grep -v '^#' | sed 's/ [^ ]*$//' | sort | uniq -d >"$tmp/twice"
[[ -s $tmp/metrics/a.prom && ! -s $tmp/twice ]] && why='' || why=$(head -n 3 "$tmp/twice")
verdict "no series is in two files" "$why"
[[ $(stat -c %a "$tmp/metrics/a.prom") == 644 ]] && why='' || why=$(stat -c %a "$tmp/metrics/a.prom")
verdict "metrics can be read by others" "$why"
chmod 640 "$tmp/metrics/a.prom"
"$bin" check "${with[@]}" -f openmetrics -o "$tmp/metrics/a.prom" 203.0.113.20
[[ $(stat -c %a "$tmp/metrics/a.prom") == 640 ]] && why='' || why=$(stat -c %a "$tmp/metrics/a.prom")
verdict "a mode that somebody has set is kept" "$why"
(umask 077 && "$bin" check "${with[@]}" -f json -o "$tmp/private.json" 203.0.113.20)
[[ $(stat -c %a "$tmp/private.json") == 600 ]] && why='' || why=$(stat -c %a "$tmp/private.json")
verdict "other files obey the umask" "$why"
# shellcheck disable=SC2016 # sh's $
judge "promtool takes such a file" sh -c 'command -v promtool >/dev/null || exit 0; exec promtool check metrics <"$1"' sh "$tmp/metrics/b.prom"
# the first scrape reads the files; an exporter that finds a series twice counts an error of gathering
if command -v prometheus-node-exporter >/dev/null && command -v curl >/dev/null; then
	port=$(tests/tools/ports 1)
	prometheus-node-exporter --collector.disable-defaults --collector.textfile \
		--collector.textfile.directory="$tmp/metrics" --web.listen-address="127.0.0.1:$port" >"$tmp/log" 2>&1 &
	exporter=$!
	for _ in $(seq 50); do curl -sf "http://127.0.0.1:$port/metrics" >"$tmp/scrape" && break; sleep 0.1; done
	curl -sf "http://127.0.0.1:$port/metrics" >"$tmp/scrape"
	{ kill "$exporter" && wait "$exporter"; } 2>/dev/null
	grep -q '^promhttp_metric_handler_errors_total{cause="gathering"} 0' "$tmp/scrape" &&
		[[ $(grep -c '^mailready_build_info' "$tmp/scrape") == 2 ]] && why='' || why=$(grep -m 2 'collected before\|error' "$tmp/log")
	verdict "node_exporter takes both" "$why"
else
	echo "skip monitoring: node_exporter takes both: no prometheus-node-exporter"
fi

# --- JUnit: before and after the repair
cases() { # FILE: class, name and outcome of each case
	python3 - "$1" <<'PY'
import sys, xml.etree.ElementTree as tree
seen = set()
for case in tree.parse(sys.argv[1]).iter("testcase"):
    key = (case.get("classname"), case.get("name"))
    assert key not in seen, key
    seen.add(key)
    print(*key, case[0].tag if len(case) else "passed", sep="\t")
PY
}
"$bin" check "${with[@]}" -f junit 203.0.113.20 203.0.113.21 gone.example.com >"$tmp/before" 2>/dev/null
sed 's/^other.example.com. A .*/other.example.com. A 203.0.113.21/; $a gone.example.com. A 203.0.113.22' "$tmp/zone" >"$tmp/zone.repaired"
"$bin" check "${with[@]}" --planned "$tmp/zone.repaired" -f junit 203.0.113.20 203.0.113.21 >"$tmp/after" 2>/dev/null
cases "$tmp/before" >"$tmp/before.cases" && cases "$tmp/after" >"$tmp/after.cases" && why='' || why="two cases of one name"
verdict "no two cases have one name" "$why"
grep -qP '^203\.0\.113\.21\tiprev\tfailure$' "$tmp/before.cases" && grep -qP '^203\.0\.113\.21\tiprev\tpassed$' "$tmp/after.cases" &&
	grep -qP '^gone\.example\.com\ttarget\tfailure$' "$tmp/before.cases" && why='' || why=$(cat "$tmp/before.cases" "$tmp/after.cases")
verdict "a case that failed is the one that passes" "$why"
cut -f 1,2 "$tmp/after.cases" | sort >"$tmp/after.names"
grep -v '^gone' "$tmp/before.cases" | cut -f 1,2 | sort | diff - "$tmp/after.names" >"$tmp/out" && why='' || why=$(cat "$tmp/out")
verdict "the cases of a server stay the same" "$why"

# --- the examples
judge "promtool takes the alerts" promtool check rules data/examples/prometheus-rules.yml
judge "each alert fires when it should" promtool test rules tests/integration/prometheus_tests.yml
python3 - data/examples/grafana.json "$tmp/dashboard.yml" "$tmp/metrics/b.prom" "$bin" <<'PY' >"$tmp/out" 2>&1 && why='' || why=$(tail -n 1 "$tmp/out")
import json, re, subprocess, sys
board = json.load(open(sys.argv[1], encoding="utf-8"))
ids = [p["id"] for p in board["panels"]]
assert len(set(ids)) == len(ids) > 5
spots = set()
for p in board["panels"]:
    g = p["gridPos"]
    assert g["x"] + g["w"] <= 24
    for x in range(g["x"], g["x"] + g["w"]):
        for y in range(g["y"], g["y"] + g["h"]):
            assert (x, y) not in spots, p["title"]
            spots.add((x, y))
queries = [t["expr"] for p in board["panels"] for t in p["targets"]]
known = set(re.findall(r"mailready_[a-z_]+", open("man/mailready-formats.5").read()))
for name in set(re.findall(r"mailready_[a-z_]+", " ".join(queries) + open("data/examples/prometheus-rules.yml").read())):
    assert name in known, name + " is no metric"
with open(sys.argv[2], "w") as out:
    json.dump({"groups": [{"name": "dashboard", "rules": [{"record": "q%d" % i, "expr": q} for i, q in enumerate(queries)]}]}, out)
PY
verdict "the dashboard asks for metrics that are there" "$why"
judge "Prometheus understands the dashboard" promtool check rules "$tmp/dashboard.yml"
cat >"$tmp/nagios.cfg" <<CONF
log_file=$tmp/nagios.log
cfg_file=$PWD/data/examples/nagios.cfg
cfg_file=$tmp/host.cfg
nagios_user=$(id -un)
nagios_group=$(id -gn)
check_result_path=$tmp
temp_path=$tmp
CONF
cat >"$tmp/host.cfg" <<'CONF'
define contact {
    contact_name                    nobody
    host_notifications_enabled      0
    service_notifications_enabled   0
    host_notification_period        mailready-always
    service_notification_period     mailready-always
    host_notification_options       n
    service_notification_options    n
    host_notification_commands      check_mailready
    service_notification_commands   check_mailready
}
define host {
    use         mailready-host
    host_name   mx1
    address     203.0.113.25
    contacts    nobody
    _HELO       mail.example.com
}
CONF
judge "Nagios takes the example" nagios4 -v "$tmp/nagios.cfg"
cat >"$tmp/icinga2.conf" <<CONF
include <itl>
include "$PWD/data/examples/icinga2.conf"
object CheckerComponent "checker" { }
object Host "mx1" {
  address = "203.0.113.25"
  check_command = "dummy"
  vars.mailready_helo = "mail.example.com"
}
CONF
judge "Icinga takes the example" icinga2 daemon -C -c "$tmp/icinga2.conf" -D "DataDir=$tmp" -D "CacheDir=$tmp" -D "LogDir=$tmp" \
	-D "InitRunDir=$tmp" -D "RunAsUser=$(id -un)" -D "RunAsGroup=$(id -gn)"
