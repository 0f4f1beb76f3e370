#!/usr/bin/env python3
"""Validates reports against data/report.schema.json.

usage: validate_schema.py [FILE...]      (standard input without FILE)

Takes one object, an array, or one object a line.  Prints what is wrong, one line each, and how
many reports were good; exits 1 when anything is wrong or when there is no report at all.  Of those
that are alike in their findings and answers a few are validated: each takes 10 ms.
"""
import collections
import json
import pathlib
import sys

import jsonschema

SCHEMA = pathlib.Path(__file__).resolve().parents[2] / "data" / "report.schema.json"


ALIKE = 3


def refuse_duplicates(pairs):
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise ValueError(f"a member stands twice in {names}")
    return dict(pairs)


def parse(text):
    try:
        document = json.loads(text, object_pairs_hook=refuse_duplicates)
    except json.JSONDecodeError:
        lines = [line for line in text.splitlines() if line.strip()]
        return [json.loads(line, object_pairs_hook=refuse_duplicates) for line in lines]
    return document if isinstance(document, list) else [document]


def faults(validator, report):
    for error in sorted(validator.iter_errors(report), key=str):
        where = "/".join(str(step) for step in error.absolute_path) or "report"
        yield f"{where}: {error.message[:300]}"


def kind(report):
    """What decides which members a report has."""
    if not isinstance(report, dict) or not isinstance(report.get("findings"), list):
        return None
    findings = [(f.get("id"), f.get("verdict"), f.get("remedy") is None,
                 [(e.get("kind"), e.get("type"), e.get("status"), sorted(e)) for e in f.get("evidence", [])])
                for f in report["findings"]]
    lists = sorted({(e.get("state"), e.get("reason"), *e) for e in report.get("lists", [])}, key=str)
    return repr((sorted(report), findings, lists))


def main(paths):
    schema = json.loads(SCHEMA.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    good = bad = 0
    seen = collections.Counter()
    for path in paths or ["-"]:
        text = sys.stdin.read() if path == "-" else pathlib.Path(path).read_text()
        for report in parse(text):
            seen[kind(report)] += 1
            alike = kind(report) is not None and seen[kind(report)] > ALIKE
            wrong = [] if alike else list(faults(validator, report))
            for line in wrong:
                print(f"{path}: {line}")
            bad += bool(wrong)
            good += not wrong
    print(f"{good} good, {bad} bad")
    return 0 if good and not bad else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
