#!/usr/bin/env python3
"""What test_bulk.sh wants to know about files of reports.

usage: bulk_reports.py expand TARGET...      the addresses of blocks and ranges, one a line
       bulk_reports.py addresses FILE...     those of jsonl reports, as they stand; what has none is left out
       bulk_reports.py same FILE FILE        what differs between jsonl reports but for times and order
       bulk_reports.py csv CSV JSONL         the same, between csv and jsonl
       bulk_reports.py sorted FILE           whether addresses are in order
       bulk_reports.py summary JSONL TEXT    whether a summary counts what was reported
       bulk_reports.py lists FILE            what is wrong about lists
       bulk_reports.py silent FILE ZONE...   the same, where these must tell nothing
       bulk_reports.py older FILE            the reports, a year older and all good
       bulk_reports.py version STATE WORD    the state, as a program of that version would have it
"""
import collections
import csv
import ipaddress
import json
import os
import sys


def read(*paths):
    for path in paths:
        with open(path, encoding="utf-8") as file:
            yield from map(json.loads, file)


def expand(*words):
    for word in words:
        if "-" in word:
            first, last = map(ipaddress.ip_address, word.split("-"))
            for number in range(int(first), int(last) + 1):
                print(type(first)(number))
        else:
            for address in ipaddress.ip_network(word):
                print(address)


def essence(report):
    """What must be the same in every run; times and the servers' mood may change evidence."""
    return (report["target"]["address"], report["verdict"], report["ptr"]["status"],
            tuple(report["ptr"]["names"]), report["iprev"]["result"],
            tuple(sorted((f["id"], f["verdict"]) for f in report["findings"])))


def differences(a, b):
    a, b = collections.Counter(a), collections.Counter(b)
    for what, name in ((a - b, "only in the first:"), (b - a, "only in the second:")):
        for entry in list(what)[:3]:
            print(name, entry)


def wrong_lists(path, silent=()):
    """What a list is said to hold has to be true; of a busy resolver's answers one in a thousand may be missing."""
    truths = {truth["ip"]: truth for truth in read(os.path.join(os.environ["LAB_DIR"], "expected.jsonl"))}
    wrong, missing, asked = [], [], 0
    for report in read(path):
        address = report["target"]["address"]
        for entry in report["lists"]:
            state = "listed" if entry["zone"] in truths[address]["listed"] else "clean"
            right = "unknown" if entry["zone"] in silent else state
            asked += 1
            if entry["state"] != right:
                line = f"{address} {entry['zone']} is {entry['state']}, not {right}: {entry['reason']}"
                (missing if entry["state"] == "unknown" else wrong).append(line)
    return wrong + (missing if len(missing) * 1000 > asked else [])


def state_line(line):
    """With its check: FNV-1a, folded."""
    check = 0xcbf29ce484222325
    for byte in line.encode():
        check = (check ^ byte) * 0x100000001b3 % 2 ** 64
    return f"{line} #{(check ^ check >> 32) % 2 ** 32:08x}"


# What people read in the place of the words of RFC 8601.
SHOWN = {"temperror": "unknown", "permerror": "fail", "skip": "skipped"}


def main(verb, *args):
    if verb == "expand":
        expand(*args)
    elif verb == "addresses":
        for report in read(*args):
            if report["target"]["family"] != 0:
                print(report["target"]["address"])
    elif verb == "same":
        differences(map(essence, read(args[0])), map(essence, read(args[1])))
    elif verb in ("lists", "silent"):
        wrong = wrong_lists(args[0], args[1:])
        print("\n".join(wrong[:3]), end="")
    elif verb == "csv":
        with open(args[0], encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        if any(None in row or None in row.values() for row in rows):
            print("rows differ in length")
        differences(((r["address"], r["verdict"], r["ptr"], r["iprev"]) for r in rows),
                    ((r["target"]["address"], r["verdict"], r["ptr"]["status"], r["iprev"]["result"])
                     for r in read(args[1])))
    elif verb == "sorted":
        keys = [(ip.version, int(ip)) for ip in
                (ipaddress.ip_address(r["target"]["address"]) for r in read(args[0]))]
        if keys != sorted(set(keys)):
            print("not sorted")
    elif verb == "summary":
        reports = list(read(args[0]))
        with open(args[1], encoding="utf-8") as file:
            text = file.read()
        verdicts = collections.Counter(r["verdict"] for r in reports)
        wanted = [f"{len(reports)} targets"] + [f"{n} {SHOWN.get(v, v)}" for v, n in verdicts.items()]
        findings = collections.Counter((f["verdict"], f["id"]) for r in reports for f in r["findings"])
        for (verdict, rule), n in findings.items():
            if verdict in ("fail", "permerror", "temperror", "warn"):
                wanted.append(f"{n:11d}  {SHOWN.get(verdict, verdict):9s}  {rule}\n")
        for line in wanted:
            if line not in text:
                print("it lacks:", line)
    elif verb == "older":
        for report in read(*args):
            report["time"] = str(int(report["time"][:4]) - 1) + report["time"][4:]
            report["verdict"] = "pass"
            print(json.dumps(report))
    elif verb == "version":
        with open(args[0], encoding="ascii") as file:
            for line in file.read().splitlines():
                is_version = line.startswith("about version ")
                print(state_line(f"about version {args[1]}") if is_version else line)


main(*sys.argv[1:])
