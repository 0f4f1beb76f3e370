#!/usr/bin/env python3
"""Validates reports against data/report.schema.json.

usage: validate_schema.py [FILE...]      (standard input without FILE)

Takes one object, an array, or one object a line.  Prints what is wrong, one line each, and how
many reports were good; exits 1 when anything is wrong or when there is no report at all.
"""
import json
import pathlib
import sys

import jsonschema

SCHEMA = pathlib.Path(__file__).resolve().parents[2] / "data" / "report.schema.json"


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


def main(paths):
    schema = json.loads(SCHEMA.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    good = bad = 0
    for path in paths or ["-"]:
        text = sys.stdin.read() if path == "-" else pathlib.Path(path).read_text()
        for report in parse(text):
            wrong = list(faults(validator, report))
            for line in wrong:
                print(f"{path}: {line}")
            bad += bool(wrong)
            good += not wrong
    print(f"{good} good, {bad} bad")
    return 0 if good and not bad else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
