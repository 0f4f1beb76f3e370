#!/usr/bin/env python3
"""Measures the program against its peers, in the lab.  Started by tests/bench/run.

usage: bench.py MAILREADY MEASURE [bulk]     (LAB_* name the lab; bulk: many addresses alone)

A row alternates the two programs, so that what else the machine does hits both; each runs once
unmeasured first.  Every report of ours is also compared with the truth.
"""
import json
import os
import statistics
import subprocess
import sys
import tempfile

import bulk

LAB = os.environ
CHECK_RBL = "/usr/lib/nagios/plugins/check_rbl"


class Runs(list):
    """What measure wrote about each run: wall, cpu (ms) and peak memory (MiB)."""

    def median(self, what):
        return statistics.median(run[what] for run in self)

    def worst(self, what, share):
        return sorted(run[what] for run in self)[max(0, round(len(self) * share) - 1)]

    def text(self):
        wall = [run["wall"] for run in self]
        return (f"wall {self.median('wall'):.1f} ms ({min(wall):.1f} to {max(wall):.1f}), "
                f"cpu {self.median('cpu'):.1f} ms, peak {self.median('peak'):.1f} MiB [{len(self)}]")


class Bench:
    def __init__(self, program, measure):
        self.program, self.measure = program, measure
        self.dir = tempfile.mkdtemp(dir=LAB["LAB_DIR"])
        self.truth = {}
        with open(os.path.join(LAB["LAB_DIR"], "expected.jsonl"), encoding="utf-8") as file:
            for truth in map(json.loads, file):
                self.truth[truth["ip"]] = truth

    def run(self, command):
        figures, output = os.path.join(self.dir, "figures"), os.path.join(self.dir, "output")
        with open(output, "wb") as out:
            subprocess.run([self.measure, figures] + command, stdout=out, stderr=out, check=True,
                           stdin=subprocess.DEVNULL)
        with open(figures, encoding="ascii") as file:
            wall, cpu, peak, status = map(int, file.read().split())
        return {"wall": wall / 1000, "cpu": cpu / 1000, "peak": peak / 1024, "status": status,
                "output": output}

    def ours(self, resolver, *options):
        return [self.program, "check", "--format", "jsonl", "--cache", "none", "--allow-special", "--no-smtp",
                "--authority-port", LAB["LAB_AUTHORITY_PORT"], "--resolver", resolver, *options]

    @staticmethod
    def lines(name):
        with open(os.path.join(LAB["LAB_DIR"], name), encoding="ascii") as file:
            return file.read().split()

    def judge(self, run, silent=()):
        """Wrong facts in the last output; silent: lists that must be said not to have answered."""
        wrong = 0
        with open(run["output"], encoding="utf-8") as file:
            for report in map(json.loads, file):
                truth = self.truth[report["target"]["address"]]
                wrong += report["ptr"]["names"] != truth["names"]
                wrong += sorted(report["iprev"]["confirmed"]) != truth["confirmed"]
                for entry in report.get("lists", []):
                    listed = entry["zone"] in truth["listed"]
                    state = "unknown" if entry["zone"] in silent else "listed" if listed else "clean"
                    wrong += entry["state"] != state
        return wrong

    @staticmethod
    def forget(zones):
        """The resolver must not remember that a list failed: that would answer in its place."""
        control = ["unbound-control", "-q", "-c", os.path.join(LAB["LAB_DIR"], "unbound.conf")]
        for zone in zones:
            subprocess.run(control + ["flush_zone", zone], check=True, stdout=subprocess.DEVNULL)

    def pairs(self, ours, theirs, runs, silent=()):
        mine, other, wrong = Runs(), Runs(), 0
        for i in range(runs + 1):
            self.forget(silent)
            run = self.run(ours)
            wrong += self.judge(run, silent)
            peer = self.run(theirs) if theirs else None
            if i > 0:
                mine.append(run)
                if peer:
                    other.append(peer)
        print(f"  mailready  {mine.text()}")
        print(f"  wrong facts in {runs + 1} runs: {wrong}")
        return mine, other


def goal(what, value, limit, unit, at_least=False):
    met = value >= limit if at_least else value <= limit
    word = "at least" if at_least else "at most"
    print(f"  {'met   ' if met else 'MISSED'} {what}: {value:.1f} {unit}, goal {word} {limit} {unit}")


def check_rbl(address, server, zones):
    if "LAB_53" not in LAB or not os.path.exists(CHECK_RBL):
        return None
    command = [CHECK_RBL, "-H", address, "-n", server, "--workers", "60", "-w", "100", "-c", "100"]
    return command + [word for zone in zones for word in ("-s", zone)]


def one_address(bench, address, title, resolver, server, runs):
    print(f"\n{title}: one address, PTR + forward + 60 lists (check_rbl: the lists alone)")
    lists = os.path.join(LAB["LAB_DIR"], "lists-60.txt")
    peer = check_rbl(address, LAB.get(server, ""), bench.lines("lists-60.txt"))
    mine, other = bench.pairs(bench.ours(resolver, "--lists", lists, address), peer, runs)
    if other:
        print(f"  check_rbl  {other.text()}")
    return mine, other


def ratio(mine, other):
    return statistics.median(b["wall"] / a["wall"] for a, b in zip(mine, other))


def main():
    bench = Bench(*sys.argv[1:3])
    if sys.argv[3:] == ["bulk"]:
        bulk.rows(bench)
        return
    address = next(t["ip"] for t in bench.truth.values() if t["case"] == "ok" and t["listed"])

    mine, other = one_address(bench, address, "0 ms", LAB["LAB_RESOLVER"], "LAB_53", 15)
    goal("cpu", mine.median("cpu"), 15, "ms")
    goal("peak memory", mine.median("peak"), 12, "MiB")
    if other:
        goal("faster than check_rbl", ratio(mine, other), 10, "times", at_least=True)

    delay = int(LAB["LAB_DELAY"])
    mine, other = one_address(bench, address, f"{delay} ms", LAB["LAB_DELAYED"], "LAB_53_DELAYED", 11)
    goal("two round trips and 15 ms", mine.median("wall"), 2 * delay + 15, "ms")
    if other:
        goal("faster than check_rbl", ratio(mine, other), 2, "times", at_least=True)

    sixty = os.path.join(LAB["LAB_DIR"], "lists-60.txt")
    print(f"\n1 % of the queries lost, {delay} ms: the same, 40 runs")
    mine, _ = bench.pairs(bench.ours(LAB["LAB_LOSSY"], "--lists", sixty, address), None, 40)
    goal("95th percentile", mine.worst("wall", 0.95), 300, "ms")

    print(f"\nThree of 60 lists dead, {delay} ms")
    zones = os.path.join(LAB["LAB_DIR"], "lists-57+3dead.txt")
    mine, _ = bench.pairs(bench.ours(LAB["LAB_DELAYED"], "--lists", zones, address), None, 5,
                          silent=bench.lines("lists-57+3dead.txt")[57:])
    goal("the deadline and 50 ms", max(run["wall"] for run in mine), 3050, "ms")

    bulk.rows(bench)


if __name__ == "__main__":
    main()
