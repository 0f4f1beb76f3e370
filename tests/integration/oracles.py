"""
SPF records by chance, the same at each run, and what three programs say of them.  usage:
  oracles.py zone FILE                    writes the zone
  oracles.py ask PORT DIRECTORY COMMAND   asks pyspf, Mail::SPF and mailready, and compares
"""
import ipaddress
import json
import random
import subprocess
import sys

SEED, DOMAINS = 7208, 400
IPS = ["203.0.113.25", "2001:db8::25"]
HOSTS = {
    "h0": ["203.0.113.25"], "h1": ["203.0.113.9", "2001:db8::9"], "h2": ["2001:db8::25"],
    "h3": ["203.0.113.24", "203.0.113.80"], "h4": ["198.51.100.1"],
}
MX = {"m0": ["h0", "h1"], "m1": ["h4"], "m2": ["h3", "nohost"], "m3": ["h2"]}


def term(r, i):
    q = r.choice(["", "", "", "+", "-", "~", "?"])
    inner = f"d{r.randrange(i)}.example.com" if i > 0 else "h0.example.com"
    host = r.choice(list(HOSTS)) + ".example.com"
    mail = r.choice(list(MX)) + ".example.com"
    kinds = [
        lambda: f"ip4:203.0.113.{r.choice([25, 9, 24, 0])}" + r.choice(["", "/32", "/24", "/28", "/0"]),
        lambda: "ip4:198.51.100.0/" + str(r.randrange(0, 33)),
        lambda: "ip6:2001:db8::" + r.choice(["25", "9"]) + r.choice(["", "/128", "/64", "/127"]),
        lambda: "a:" + host + r.choice(["", "/32", "/24", "/30//127", "//64", "/0"]),
        lambda: "mx:" + mail + r.choice(["", "/24", "//64"]),
        lambda: "include:" + inner,
        lambda: "exists:" + r.choice(["%{i}.x", "%{ir}.x", "%{l}.x", "%{d}", "%{o2}", "%{h}", "%{lr-}.x"]) + ".example.com",
        lambda: "a:nothing%d.example.com" % r.randrange(3),
        lambda: "exists:nothing.example.com",
        lambda: "a", lambda: "mx",
    ]
    return q + r.choice(kinds)()


def record(r, i):
    """A record, and now and then one with a fault."""
    terms = [term(r, i) for _ in range(r.choice([0, 1, 2, 2, 3, 3, 4, 6]))]
    if r.random() < 0.75:
        terms.append(r.choice(["-all", "~all", "?all", "all", "+all", "-ALL"]))
    if r.random() < 0.12 and i > 0:
        terms.insert(r.randrange(len(terms) + 1), f"redirect=d{r.randrange(i)}.example.com")
    if r.random() < 0.08:
        terms.append(r.choice(["x=1", "exp=why.example.com", "op=auth", "a_b.c=%{i}", "unknown=%{z}"]))
    if r.random() < 0.10:
        terms.append(r.choice([
            "ip4:203.0.113", "ip4:203.0.113.25/33", "ip4:203.0.113.25/", "ip6:203.0.113.25", "ipv4:203.0.113.25", "all:x",
            "a:", "include", "include:", "exists", "mx/33", "a//129", "redirect=", "exists:%{x}.example.com", "-all.", "a:%", "ip4:",
            "include:%{i", "++a", "a:example", "redirect=a.example.com redirect=b.example.com", "mx:/24", "a/024", "ip4:203.0.113.025"]))
    return r.choice(["v=spf1", "V=spf1", "v=SPF1"]) + "".join(r.choice([" ", " ", "  "]) + t for t in terms)


def world():
    """Owner, type and value of every record but those of the zone itself."""
    r, out = random.Random(SEED), []
    for name, addresses in HOSTS.items():
        for a in addresses:
            out.append((name, "AAAA" if ":" in a else "A", a))
    for name, hosts in MX.items():
        for n, host in enumerate(hosts):
            out.append((name, "MX", (10 + n, host + ".example.com")))
    out += [("203.0.113.25.x", "A", "127.0.0.2"), ("25.113.0.203.x", "A", "127.0.0.2"), ("ann.x", "A", "127.0.0.2")]
    for i in range(DOMAINS):
        texts = [record(r, i)]
        if r.random() < 0.03:
            texts = []
        elif r.random() < 0.03:
            texts.append("v=spf1 -all")
        elif r.random() < 0.05:
            texts.append("v=spf10 -all")
        out += [(f"d{i}", "TXT", t) for t in texts]
        if r.random() < 0.3:
            out.append((f"d{i}", "A", r.choice(["203.0.113.25", "203.0.113.77"])))
        if r.random() < 0.3:
            out.append((f"d{i}", "MX", (10, r.choice(list(HOSTS)) + ".example.com")))
    return out


def cases():
    r = random.Random(SEED + 1)
    return [(r.choice(IPS), "helo.example.com", f"ann@d{i}.example.com") for i in range(DOMAINS)]


def put_zone(path):
    lines = ["$TTL 60", "@ SOA ns hostmaster 1 3600 600 86400 60", "@ NS ns", "ns A 127.0.0.1", "helo A 203.0.113.25"]
    for owner, kind, value in world():
        if kind == "TXT":
            value = '"%s"' % value
        elif kind == "MX":
            value = "%d %s." % value
        lines.append(f"{owner} {kind} {value}")
    open(path, "w").write("\n".join(lines) + "\n")


def ask_pyspf():
    import spf
    table = {}
    for owner, kind, value in world() + [("helo", "A", "203.0.113.25"), ("ns", "A", "127.0.0.1")]:
        if kind == "TXT":
            value = (value.encode(),)
        elif kind in ("A", "AAAA"):
            value = ipaddress.ip_address(value).packed if kind == "AAAA" else value
        table.setdefault((owner + ".example.com", kind), []).append(value)

    def look(name, kind, strict=True, timeout=20, level=0):
        name = name.lower().rstrip(".")
        return [((name, kind), v) for v in table.get((name, kind), [])]
    spf.DNSLookup = look
    return [spf.check2(i=ip, s=sender, h=helo, timeout=60)[0] for ip, helo, sender in cases()]


def ask_mail_spf(port):
    text = "".join("%s %s %s\n" % c for c in cases())
    done = subprocess.run(["perl", "tests/integration/oracle_spf.pl", port], input=text, capture_output=True, text=True, check=True)
    return done.stdout.split()


def ask_mailready(command, directory):
    with open(directory + "/list", "w") as f:
        f.write("ip,helo,mail-from\n" + "".join("%s,%s,%s\n" % c for c in cases()))
    done = subprocess.run(command + ["-i", directory + "/list", "--ordered", "-f", "jsonl"], capture_output=True, text=True)
    return [json.loads(line)["spf"]["result"] for line in done.stdout.splitlines()]


# Where an oracle leaves the RFC: its name, a part of a record that the evaluation may come to, and why.
EXPLAINED = [
    ("Mail::SPF", "mx:/24", "takes an empty name behind the colon (RFC 7208 12: domain-spec is not empty)"),
    ("Mail::SPF", "%{x}", "reads macros only when a term's turn comes (4.6: the whole record is checked first)"),
    ("Mail::SPF", "%{z}", "does not read the macros of unknown modifiers (4.6, 6)"),
    ("pyspf", "mx:m2.", "counts the addresses of an MX name among the void look-ups (4.6.4 counts terms)"),
]


def reachable(texts, owner, seen):
    """The records that the evaluation of a domain may come to, its own first."""
    if owner in seen:
        return ""
    seen.add(owner)
    all_of_it = " ".join(texts.get(owner, []))
    for word in all_of_it.split():
        word = word.lstrip("+-~?")
        if word.startswith(("include:d", "redirect=d")):
            all_of_it += " " + reachable(texts, word[8 if word[0] == "i" else 9:].split(".")[0], seen)
    return all_of_it


def explain(records, results):
    """Why the one oracle that differs does; None: nothing explains it."""
    ours, others = results["mailready"], {k: v for k, v in results.items() if k != "mailready"}
    differing = [k for k, v in others.items() if v != ours]
    if len(differing) != 1:
        return None
    return next((why for name, part, why in EXPLAINED if name == differing[0] and part in records), None)


def compare(results):
    texts, same, explained = {}, 0, {}
    for owner, kind, value in world():
        if kind == "TXT":
            texts.setdefault(owner, []).append(value)
    for i in range(DOMAINS):
        said = {name: list_of[i] for name, list_of in results.items()}
        if len(set(said.values())) == 1:
            same += 1
            continue
        why = explain(reachable(texts, f"d{i}", set()), said)
        if why is None:
            print(f"not ok record d{i}: {said} of {texts.get(f'd{i}')} for {cases()[i][0]}")
        else:
            explained[why] = explained.get(why, 0) + 1
    for why, n in sorted(explained.items()):
        print(f"# {n}: {why}")
    enough = same >= DOMAINS * 9 // 10 and len(set(results["mailready"])) >= 6
    print(("ok" if enough else "not ok") + f" {same} of {DOMAINS} records: all three say the same")


def main():
    if sys.argv[1] == "zone":
        put_zone(sys.argv[2])
        return
    port, directory, command = sys.argv[2], sys.argv[3], sys.argv[4:]
    compare({"mailready": ask_mailready(command, directory), "pyspf": ask_pyspf(), "Mail::SPF": ask_mail_spf(port)})


main()
