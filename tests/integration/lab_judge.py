#!/usr/bin/env python3
"""Judges reports about the lab's addresses against what is true of them.

usage: lab_judge.py WHAT NAME REPORTS [INPUT]

WHAT is addresses, lossy (the same, but a list may stay unknown: it is asked twice at most), lists or
ehlo; NAME goes before every test name; REPORTS are JSON lines, INPUT the addresses that were asked
about (none may be missing).  LAB_DIR holds the truth.  Prints one "ok" or "not ok" line for each case
of the world (several addresses are of one case).
"""
import collections
import json
import os
import sys

# what the lab did to a list -> the state and the reasons that may be reported
ODD = {
    "dead": ("unknown", {"timeout", "servfail", "pending"}),
    "servfail": ("unknown", {"servfail"}),
    "everything": ("unknown", {"wildcard"}),
    "parked": ("unknown", {"parked"}),
    "blocked": ("unknown", {"refused-public-resolver"}),
    "overuse": ("unknown", {"refused-volume"}),
    "empty": ("unknown", {"empty"}),
}


def read(name):
    with open(os.path.join(os.environ["LAB_DIR"], name), encoding="utf-8") as file:
        return [json.loads(line) for line in file]


class Tests:
    """Counts by case, so that four thousand addresses do not make four thousand lines."""

    def __init__(self, name):
        self.name, self.right, self.wrong = name, collections.Counter(), collections.defaultdict(list)

    def compare(self, case, subject, what, expected, got):
        if expected == got:
            self.right[case] += 1
        else:
            self.wrong[case].append(f"{subject} {what}: expected {expected!r:.150} got {got!r:.150}")

    def report(self):
        for case in sorted(set(self.right) | set(self.wrong)):
            wrong = self.wrong.get(case)
            if wrong:
                print(f"not ok {self.name} {case}: {len(wrong)} wrong: {'; '.join(wrong[:3])}")
            else:
                print(f"ok {self.name} {case} ({self.right[case]} facts)")


LOST_MAX = 3  # of sixty lists, each asked twice at most, where three packets of a hundred are lost


def judge_lossy(tests, truth, report):
    lists = report["lists"]
    told = [e for e in lists if e["state"] != "unknown" or e["reason"] != "timeout"]
    tests.compare(truth["case"], truth["ip"], "few lists are lost", True, len(lists) - len(told) <= LOST_MAX)
    judge_address(tests, truth, dict(report, lists=told))


def judge_address(tests, truth, report):
    ip, case = truth["ip"], truth["case"]
    tests.compare(case, ip, "ptr.status", truth["ptr_status"], report["ptr"]["status"])
    tests.compare(case, ip, "ptr.names", truth["names"], sorted(report["ptr"]["names"]))
    fcrdns = {"permerror": "none"}.get(report["iprev"]["result"], report["iprev"]["result"])
    tests.compare(case, ip, "iprev.result", truth["fcrdns"], fcrdns)
    tests.compare(case, ip, "iprev.confirmed", truth["confirmed"], sorted(report["iprev"]["confirmed"]))
    tests.compare(case, ip, "generic", truth["generic"], report["generic"]["is_generic"] is True)
    if "lists" not in report:
        return
    asked = {entry["zone"] for entry in report["lists"]}
    listed = {entry["zone"]: sorted(entry["codes"]) for entry in report["lists"] if entry["state"] == "listed"}
    true = {zone: codes for zone, codes in truth["listed"].items() if zone in asked}
    tests.compare(case, ip, "listed", true, listed)
    if ":" not in ip:
        unknown = [e["zone"] for e in report["lists"] if e["state"] == "unknown"
                   and e["zone"].startswith("bl")]
        tests.compare(case, ip, "healthy lists that could not tell", [], unknown)


def judge_lists(tests, truth, report):
    lists = {entry["zone"]: entry for entry in report["lists"]}
    for odd in read("lists.jsonl"):
        zone, got = odd["zone"], lists[odd["zone"]]
        if odd["health"] in ODD:
            state, reasons = ODD[odd["health"]]
            right = got["state"] == state and got["reason"] in reasons
            tests.compare(zone, truth["ip"], f"{got['state']} {got['reason']}", True, right)
        else:
            codes = truth["listed"].get(zone)
            tests.compare("healthy and slow", truth["ip"], zone,
                          ("listed", codes) if codes else ("clean", []), (got["state"], sorted(got["codes"])))


def judge_ehlo(tests, truth, report):
    ehlo, case, who = report["ehlo"], truth["form"], f"{truth['ip']} {truth['ehlo']}"
    usable = truth["form"] in ("fqdn", "literal")
    result = ("pass" if truth["resolves"] else "fail") if usable else "permerror"
    tests.compare(case, who, "source", "given", ehlo["source"])
    tests.compare(case, who, "result", result, ehlo["result"])
    tests.compare(case, who, "equals a PTR name", truth["is_ptr"], ehlo["ptr_match"] == "same")


def main():
    what, name, path = sys.argv[1:4]
    truths = read("ehlo.jsonl" if what == "ehlo" else "expected.jsonl")
    by_ip = {truth["ip"]: truth for truth in truths}
    judge = {"addresses": judge_address, "lossy": judge_lossy, "lists": judge_lists, "ehlo": judge_ehlo}[what]
    tests, seen = Tests(name), []
    with open(path, encoding="utf-8") as file:
        for report in map(json.loads, file):
            seen.append(report["target"]["address"])
            judge(tests, by_ip[seen[-1]], report)
    if len(sys.argv) > 4:
        with open(sys.argv[4], encoding="ascii") as file:
            asked = [line.split()[0] for line in file]
        tests.compare("order and number of reports", path, "addresses", asked, seen)
    tests.report()
    return 1 if tests.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
