"""Rows of the bench about many addresses; started by bench.py.

A peer asks what we ask: --authority never leaves out the questions that only our explanations need.
"""
import csv
import os
import shutil
import statistics
import subprocess

LAB = os.environ
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BARE = ("--authority", "never", "--format", "csv")
TYPES = {"PTR": 12, "A": 1}


def reverse(address):
    return ".".join(reversed(address.split(".")))


def write(bench, name, lines):
    path = os.path.join(bench.dir, name)
    with open(path, "w", encoding="ascii") as file:
        file.writelines(line + "\n" for line in lines)
    return path


def judge_csv(bench, run, wanted, zones=()):
    """How many rows are wrong, and how many addresses have none or several.  zones: the lists asked."""
    wrong, seen = 0, {}
    with open(run["output"], encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            truth = bench.truth[row["address"]]
            seen[row["address"]] = seen.get(row["address"], 0) + 1
            names = [name if name else "." for name in truth["names"]]
            wrong += row["ptr_names"].split() != names
            wrong += sorted(row["confirmed"].split()) != truth["confirmed"]
            wrong += row["lists_unknown"] not in ("", "0")
            wrong += sorted(row["listed"].split()) != sorted(set(truth["listed"]) & set(zones))
    return wrong, sum(seen.get(address, 0) != 1 for address in wanted)


class Row:
    """Several programs on the same work, in turns; the first of them is ours."""

    def __init__(self, bench, title, wanted, runs, zones=()):
        self.bench, self.title, self.wanted, self.runs, self.zones = bench, title, wanted, runs, zones
        self.programs, self.figures = [], {}

    def add(self, name, *commands):
        """Commands that do the work one after the other."""
        self.programs.append((name, commands))
        self.figures[name] = []

    def once(self, commands):
        total = {"wall": 0, "cpu": 0, "peak": 0}
        for command in commands:
            run = self.bench.run(command)
            total["wall"] += run["wall"]
            total["cpu"] += run["cpu"]
            total["peak"] = max(total["peak"], run["peak"])
        return total, run

    def measure(self):
        print(f"\n{self.title}")
        wrong = lost = 0
        for i in range(self.runs + 1):
            for at, (name, commands) in enumerate(self.programs):
                total, last = self.once(commands)
                if at == 0:
                    w, l = judge_csv(self.bench, last, self.wanted, self.zones)
                    wrong, lost = wrong + w, lost + l
                if i > 0:
                    self.figures[name].append(total)
        for name, _ in self.programs:
            walls = [run["wall"] for run in self.figures[name]]
            print(f"  {name:<11}wall {self.median(name, 'wall'):.0f} ms "
                  f"({min(walls):.0f} to {max(walls):.0f}), cpu {self.median(name, 'cpu'):.0f} ms, "
                  f"peak {self.median(name, 'peak'):.1f} MiB [{len(walls)}]")
        print(f"  wrong facts in {self.runs + 1} runs: {wrong}, addresses lost or doubled: {lost}")
        return self

    def median(self, name, what):
        return statistics.median(run[what] for run in self.figures[name])

    def ratio(self, name, what):
        """Of ours to another, run by run."""
        ours = self.figures[self.programs[0][0]]
        return statistics.median(a[what] / b[what] for a, b in zip(ours, self.figures[name]))

    def goal(self, name, what, limit):
        if name in self.figures:
            value = self.ratio(name, what)
            print(f"  {'met   ' if value <= limit else 'MISSED'} {what} against {name}: "
                  f"{value:.2f} times, goal at most {limit}")

    def goal_beside(self, name, what, limit, more, more_name):
        """At most limit times another's, and what more_name costs, run by run."""
        us = self.programs[0][0]
        over = statistics.median(a[what] - limit * b[what] - more
                                 for a, b in zip(self.figures[us], self.figures[name]))
        other = self.median(name, what)
        print(f"  {'met   ' if over <= 0 else 'MISSED'} {what}: {self.median(us, what):.0f} ms, goal at most "
              f"{limit} x {name} + {more_name} = {limit} x {other:.0f} + {more:.0f} = "
              f"{limit * other + more:.0f} ms ({self.ratio(name, what):.2f} times {name})")

    def limit(self, what, limit, unit):
        value = self.median(self.programs[0][0], what)
        print(f"  {'met   ' if value <= limit else 'MISSED'} {what}: {value:.0f} {unit}, "
              f"goal at most {limit} {unit}")


def skipped(name):
    why = {"adnslogres": "needs adns-tools, and the right to bind port 53",
           "massdns": "is not in Debian, nor in PATH"}
    print(f"  skip {name}: {why[name]}")


def adnslogres(bench, server, window, addresses):
    if server not in LAB or not shutil.which("adnslogres"):
        skipped("adnslogres")
        return None
    log = write(bench, f"log-{len(addresses)}", (f"{a} - - x" for a in addresses))
    return ["adnslogres", "-C", f"nameserver {LAB[server]}", "-c", str(window), log]


def ceiling(bench, name, window, questions):
    address, port = LAB["LAB_RESOLVER"].split("#")
    path = write(bench, name, (f"{name} {TYPES[kind]}" for name, kind in questions))
    return [os.path.join(os.path.dirname(bench.measure), "ceiling"), address, port, str(window),
            path]


def ptr_questions(bench, addresses):
    for address in addresses:
        yield reverse(address) + ".in-addr.arpa", "PTR"
        for name in bench.truth[address]["names"]:
            if name.replace("-", "").replace(".", "").isalnum():
                yield name, "A"


def list_questions(addresses, zones):
    return ((f"{reverse(address)}.{zone}", "A") for address in addresses for zone in zones)


def massdns(bench, name, questions):
    if not shutil.which("massdns"):
        skipped("massdns")
        return None
    resolvers = write(bench, "resolvers", [LAB["LAB_RESOLVER"].replace("#", ":")])
    path = write(bench, name, (name for name, _ in questions))
    return ["massdns", "--root", "-q", "-r", resolvers, "-t", "A", "-s", "100", "-c", "5", "-o", "S",
            "-w", "/dev/null", path]


def npm_dnsbl(bench, addresses, zones):
    installed = subprocess.run([os.path.join(ROOT, "tests/tools/npm-deps"), "bench"], check=False,
                               stdout=subprocess.PIPE, text=True)
    if installed.returncode != 0 or not shutil.which("node"):
        print(f"  skip npm dnsbl: {installed.stdout.strip() or 'no node'}")
        return None
    return ["node", os.path.join(ROOT, "tests/bench/dnsbl.mjs"),
            os.path.join(ROOT, "build/npm-bench/node_modules"), LAB["LAB_RESOLVER"].replace("#", ":"),
            addresses, zones]


def writing(bench, address_file, runs):
    """What rendering and writing our results costs, of the processor's time in ms."""
    facts = os.path.join(bench.dir, "facts")
    bench.run(bench.ours(LAB["LAB_RESOLVER"], "--only", "ptr,iprev", *BARE, "--dump-facts", facts,
                         "--input", address_file))
    tool = os.path.join(os.path.dirname(os.path.dirname(bench.measure)), "tools", "writing_drive")
    figures = []
    for _ in range(runs):
        with open(os.path.join(bench.dir, "output"), "wb") as out:
            done = subprocess.run([tool, "csv", facts], check=True, stdout=out, stderr=subprocess.PIPE,
                                  env=LAB | {"MAILREADY_DATA": os.path.join(ROOT, "data")})
        figures.append(int(done.stderr) / 1000)
    os.remove(facts)
    print(f"  writing    cpu {statistics.median(figures):.0f} ms ({min(figures):.0f} to "
          f"{max(figures):.0f}): the same results rendered and written, judged before [{runs}]")
    return statistics.median(figures)


def pointers(bench, title, resolver, server, window, addresses, runs):
    row = Row(bench, f"{title}: {len(addresses):,} addresses, PTR + forward", addresses, runs)
    path = write(bench, f"in-{len(addresses)}", addresses)
    row.add("mailready", bench.ours(LAB[resolver], "--only", "ptr,iprev", *BARE, "--input", path))
    peer = adnslogres(bench, server, window, addresses)
    if peer:
        row.add("adnslogres", peer)
    return row


def lists_row(bench, addresses, zones, runs):
    row = Row(bench, f"0 ms: {len(addresses):,} addresses x {len(zones)} lists", addresses, runs, zones)
    path = write(bench, "in-lists", addresses)
    zones_file = os.path.join(LAB["LAB_DIR"], "lists-60.txt")
    questions = list(list_questions(addresses, zones))
    # PTR names are judged, too: two questions more an address than the peers ask
    row.add("mailready", bench.ours(LAB["LAB_RESOLVER"], "--only", "ptr,iprev,dnsbl", *BARE, "--lists",
                                    zones_file, "--input", path))
    row.add("ceiling", ceiling(bench, "list-questions", 200, questions))
    lists = massdns(bench, "list-names", questions)
    npm = npm_dnsbl(bench, path, zones_file)
    pointer = adnslogres(bench, "LAB_53", 200, addresses)
    if pointer:
        row.add("two peers", pointer, lists or ceiling(bench, "list-questions", 200, questions))
    if lists:
        row.add("massdns", lists)
    if npm:
        row.add("npm dnsbl", npm)
    row.measure()
    row.goal("massdns", "wall", 1.1)
    row.goal("npm dnsbl", "wall", 0.2)
    if pointer and lists:
        row.goal("two peers", "wall", 1.0)
    elif pointer:
        print(f"  {row.ratio('two peers', 'wall'):.2f} times the wall of adnslogres and then the ceiling, "
              "which no peer reaches: no goal")


def growth(bench, addresses):
    """What an address costs does not depend on how many there are."""
    print("\nGrowth: PTR + forward at 0 ms, streamed"
          f"{'' if 'BENCH_MILLION' in LAB else ' (BENCH_MILLION=1: up to 1,000,000)'}")
    print("  addresses       wall, s     cpu, s   cpu an address, us   peak, MiB")
    sizes = [1000, 10000, 65536, 100000] + ([1000000] if "BENCH_MILLION" in LAB else [])
    peaks = {}
    for n in sizes:
        path = write(bench, "growth", (addresses[i % len(addresses)] for i in range(n)))
        command = bench.ours(LAB["LAB_RESOLVER"], "--only", "ptr,iprev", *BARE, "--input", path)
        runs = [bench.run(command) for _ in range(1 if n > 100000 else 3)]
        with open(runs[-1]["output"], "rb") as file:
            rows = sum(1 for _ in file) - 1
        run = {what: statistics.median(run[what] for run in runs) for what in ("wall", "cpu", "peak")}
        peaks[n] = run["peak"]
        print(f"  {n:>9,} {run['wall'] / 1000:>13.2f} {run['cpu'] / 1000:>10.2f} "
              f"{run['cpu'] * 1000 / n:>20.1f} {run['peak']:>11.1f}"
              f"{'' if rows == n else f'   MISSED: {rows} rows'}")
    most, some = peaks[sizes[-1]], peaks[65536]
    print(f"  {'met   ' if most <= 64 else 'MISSED'} peak memory: {most:.1f} MiB, goal at most 64 MiB")
    print(f"  {'met   ' if most <= 1.1 * some else 'MISSED'} peak memory of {sizes[-1]:,} against "
          f"65,536: {most / some:.2f} times, goal at most 1.1")


def everything(bench, addresses):
    """Each address of the world, with and without loss."""
    others = [a for name in ("ips-6.txt", "ips-edge.txt") for a in bench.lines(name)]
    path = write(bench, "in-all", addresses + others)
    for name, resolver in (("none", "LAB_RESOLVER"), ("3 %", "LAB_WORSE")):
        print(f"\nAll {len(addresses) + len(others):,} addresses, loss: {name}")
        run = bench.run(bench.ours(LAB[resolver], "--only", "ptr,iprev", "--format", "csv", "--timeout",
                                   "8", "--input", path))
        wrong, lost = judge_csv(bench, run, addresses + others)
        print(f"  {'met   ' if wrong + lost == 0 else 'MISSED'} wrong: {wrong}, lost: {lost} "
              f"({run['wall'] / 1000:.1f} s)")


def rows(bench):
    addresses = bench.lines("ips-4.txt")
    some = addresses[:10000]
    zones = bench.lines("lists-60.txt")

    row = pointers(bench, "0 ms", "LAB_RESOLVER", "LAB_53", 200, addresses, 5)
    row.add("ceiling", ceiling(bench, "questions", 200, ptr_questions(bench, addresses)))
    row.measure()
    row.goal("adnslogres", "wall", 1.1)
    cost = writing(bench, write(bench, "in-writing", addresses), 3)
    row.goal_beside("ceiling", "cpu", 1.3, cost, "writing")
    row.limit("peak", 64, "MiB")

    delay = LAB["LAB_DELAY"]
    row = pointers(bench, f"{delay} ms", "LAB_DELAYED", "LAB_53_DELAYED", 10000, some, 5).measure()
    row.limit("wall", 600, "ms")
    row.limit("cpu", 300, "ms")
    row = pointers(bench, f"{delay} ms, 1 % lost", "LAB_LOSSY", "LAB_53_LOSSY", 10000, some, 5).measure()
    row.limit("wall", 1200, "ms")
    row.goal("adnslogres", "wall", 0.33)

    lists_row(bench, addresses[:1000], zones, 3)
    growth(bench, addresses)
    everything(bench, addresses)
