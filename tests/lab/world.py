#!/usr/bin/env python3
"""Make the lab's world from a seed: zones, block lists and what is true of every address.

Every trait of an address is a hash of (seed, address), so that the same arguments always give the
same world.  Writes into --out: zones/ and nsd.zones (nsd), rbl/ and rbl.args (rbldnsd), stubs.tsv
(which server the resolver asks for which zone), lists-*.txt, ips-*.txt, and the truth:
expected.jsonl (addresses), lists.jsonl (lists), ehlo.jsonl (EHLO names).
"""
import argparse
import hashlib
import ipaddress
import json
import os

TLD = "example"
LISTS = f"lists.{TLD}"
RANGE4 = "198.18"                    # first octets of the bulk addresses
RANGE6 = "2001:db8:1:1::/64"
EDGE_NET = "192.0.2"
WORDS = "mail mx smtp out relay mta post gw edge mailer send hub news alert box srv".split()
DOMAINS = ("amber birch cedar delta ember fjord grove heron inlet jade kelp larch maple north "
           "ochre pine").split()
SOA = f"@ 3600 SOA ns.{TLD}. hostmaster.{TLD}. 1 3600 600 86400 3600\n@ 3600 NS ns.{TLD}.\n"


def number(*parts):
    text = "|".join(str(p) for p in parts)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


def share(*parts):
    return number(*parts) / 2.0 ** 64


def neighbour(ip):
    """Another address of the same family, never equal to ip."""
    address = ipaddress.ip_address(ip)
    return type(address)(int(address) ^ 1)


class World:
    def __init__(self, args):
        self.args = args
        self.zones = {"": [], TLD: [f"ns.{TLD}. A 127.0.0.1"]}   # zone -> records
        self.expected = []
        self.servfail = [f"broken.{TLD}"]                        # zones that cannot be loaded
        self.dead = []                                           # zones whose server is silent

    def record(self, zone, line):
        self.zones.setdefault(zone, []).append(line)

    def forward(self, line):
        self.record(TLD, line)

    def address(self, name, ip):
        self.forward(f"{name}. {'AAAA' if ':' in str(ip) else 'A'} {ip}")

    def expect(self, ip, case, status, names=(), fcrdns="none", confirmed=(), generic=False):
        self.expected.append({
            "ip": str(ip), "case": case, "ptr_status": status,
            "names": sorted(n.lower() for n in names), "fcrdns": fcrdns,
            "confirmed": sorted(n.lower() for n in confirmed), "generic": generic, "listed": {}})


class Host:
    """One bulk IPv4 address, while its records are made."""

    def __init__(self, world, block, last):
        self.world, self.block, self.last = world, block, last
        self.ip = f"{RANGE4}.{block}.{last}"
        self.zone = reverse_zone4()
        self.owner = f"{last}.{block}.{self.zone}."
        self.domain = f"{DOMAINS[block % 16]}{block}.{TLD}"
        self.name = f"{WORDS[number(world.args.seed, 'w', block, last) % 16]}{last}.{self.domain}"

    def ptr(self, *names):
        for name in names:
            self.world.record(self.zone, f"{self.owner} PTR {name}.")

    def expect(self, *args, **kwargs):
        self.world.expect(self.ip, *args, **kwargs)

    def pick(self, *what):
        return number(self.world.args.seed, self.ip, *what)


def reverse_zone4():
    return ".".join(reversed(RANGE4.split("."))) + ".in-addr.arpa"


def no_ptr(h):
    h.expect("noptr", "nxdomain")


def no_data(h):
    h.world.record(h.zone, f'{h.owner} TXT "no PTR here"')
    h.expect("nodata", "nodata")


def mismatch(h):
    h.ptr(h.name)
    h.world.address(h.name, neighbour(h.ip))
    h.expect("mismatch", "found", [h.name], "fail")


def forward_nxdomain(h):
    name = f"gone{h.last}.{h.domain}"
    h.ptr(name)
    h.expect("fwd-nxdomain", "found", [name], "fail")


def forward_nodata(h):
    h.ptr(h.name)
    h.world.forward(f"{h.name}. MX 10 {h.name}.")
    h.expect("fwd-nodata", "found", [h.name], "fail")


def forward_servfail(h):
    name = f"h{h.block}-{h.last}.broken.{TLD}"
    h.ptr(name)
    h.expect("fwd-servfail", "found", [name], "temperror")


def several_ptr(h):
    names = [f"v{i}-{h.name}" for i in range(2 + h.pick("n") % 3)]
    good = [n for i, n in enumerate(names) if h.pick(i) % 3]
    h.ptr(*names)
    for name in names:
        h.world.address(name, h.ip if name in good else neighbour(h.ip))
    h.expect("multi-ptr", "found", names, "pass" if good else "fail", good)


def large_ptr(h):
    names = [f"site-number-{i:03d}.{h.name}" for i in range(45)]
    h.ptr(*names)
    for i, name in enumerate(names):
        h.world.address(name, h.ip if i % 2 else neighbour(h.ip))
    h.expect("large-ptr", "found", names, "pass", names[1::2])


def forward_cname(h):
    h.ptr(h.name)
    h.world.forward(f"{h.name}. CNAME real-{h.name}.")
    h.world.address("real-" + h.name, h.ip)
    h.expect("fwd-cname", "found", [h.name], "pass", [h.name])


def several_a(h):
    h.ptr(h.name)
    for i in range(5):
        h.world.address(h.name, ipaddress.ip_address(int(ipaddress.ip_address(h.ip)) ^ i))
    h.expect("multi-a", "found", [h.name], "pass", [h.name])


def generic(h, kind=None):
    kind = h.pick("generic") % 32 if kind is None else kind
    octets = h.ip.split(".")
    isp = f"isp{kind % 8}.{TLD}"
    name = (f"host-{'-'.join(octets)}.pool.{isp}", f"{'.'.join(reversed(octets))}.dyn.{isp}",
            "ip%02x%02x%02x%02x.static.%s" % (*map(int, octets), isp),
            f"adsl-{octets[2]}-{octets[3]}.{isp}")[kind // 8]
    h.ptr(name)
    h.world.address(name, h.ip)
    h.expect("generic", "found", [name], "pass", [name], generic=True)


def good(h):
    h.ptr(h.name)
    h.world.address(h.name, h.ip)
    h.expect("ok", "found", [h.name], "pass", [h.name])


# cumulative shares of the addresses of an ordinary block
MIX = ((0.07, no_ptr), (0.08, no_data), (0.13, mismatch), (0.16, forward_nxdomain),
       (0.17, forward_nodata), (0.172, forward_servfail), (0.20, several_ptr), (0.203, large_ptr),
       (0.223, forward_cname), (0.243, several_a), (0.31, generic), (1.0, good))


def mixed(h):
    x = share(h.world.args.seed, h.ip)
    next(make for limit, make in MIX if x < limit)(h)


def servfail_block(h):
    if h.last == 0:
        h.world.servfail.append(f"{h.block}.{h.zone}")
    h.expect("servfail", "temperror", fcrdns="temperror")


def isp_block(h):
    generic(h, number(h.world.args.seed, "isp", h.block) % 32)


def rfc2317_block(h):
    world, quarter = h.world, h.last // 64
    below = f"{quarter * 64}/26.{h.block}.{h.zone}"
    at_customer = number(world.args.seed, "c", h.block) % 2
    if at_customer:
        below = f"rev{h.block}-{quarter}.{h.domain}"
    world.record(h.zone, f"{h.owner} CNAME {h.last}.{below}.")
    if share(world.args.seed, h.ip) < 0.15:
        h.expect("rfc2317-hole", "nxdomain")
        return
    world.record(TLD if at_customer else h.zone, f"{h.last}.{below}. PTR {h.name}.")
    world.address(h.name, h.ip)
    h.expect("rfc2317", "found", [h.name], "pass", [h.name])


def bulk4(world):
    blocks = world.args.blocks
    order = sorted(range(blocks), key=lambda c: number(world.args.seed, "block", c))
    kinds = {}
    for make, of_256 in ((servfail_block, 2), (rfc2317_block, 8), (no_ptr, 10), (isp_block, 24)):
        for _ in range(max(1, of_256 * blocks // 256)):
            kinds[order.pop()] = make
    world.record(reverse_zone4(), "")
    for block in range(blocks):
        for last in range(256):
            kinds.get(block, mixed)(Host(world, block, last))


def bulk6(world):
    network = ipaddress.ip_network(RANGE6).network_address
    zone = network.reverse_pointer.split(".", 16)[16]
    seen = set()
    for i in range(world.args.count6):
        ip = ipaddress.IPv6Address(
            int(network) | number(world.args.seed, "v6", i) >> (8 if i % 2 else 40))
        if ip in seen or neighbour(ip) in seen:
            continue
        seen.add(ip)
        x, name = share(world.args.seed, ip), f"six{i}.{DOMAINS[i % 16]}.{TLD}"
        if x < 0.15:
            world.expect(ip, "v6-noptr", "nxdomain")
            continue
        world.record(zone, f"{ip.reverse_pointer}. PTR {name}.")
        if x < 0.25:
            world.address(name, neighbour(ip))
            world.expect(ip, "v6-mismatch", "found", [name], "fail")
        elif x < 0.30:
            world.address(name, "192.0.2.250")
            world.expect(ip, "v6-only-a", "found", [name], "fail")
        else:
            world.address(name, ip)
            world.expect(ip, "v6-ok", "found", [name], "pass", [name])


def edges(world):
    """The curated cases of edges.json; "*60 text {N}" there stands for sixty lines."""
    zone = ".".join(reversed(EDGE_NET.split("."))) + ".in-addr.arpa"
    world.record(zone, "")
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "edges.json")
    with open(path, encoding="utf-8") as file:
        cases = json.load(file)
    for last, case in enumerate(cases, 1):
        ip = f"{EDGE_NET}.{last}"
        words = {"{IP}": ip, "{E}": f"c{last}.edge.{TLD}", "{T}": TLD, "{D}": str(last),
                 "{Z}": zone, "{OTHER}": f"{EDGE_NET}.254"}

        def lines(key, of=case, words=words):
            for line in of.get(key, []):
                count = 1
                if line[:1] == "*" and line[1:2].isdigit():
                    digits, line = line[1:].split(" ", 1)
                    count = int(digits)
                for word, value in words.items():
                    line = line.replace(word, value)
                yield from (line.replace("{N}", str(i)) for i in range(count))

        if "reverse" in case:
            getattr(world, case["reverse"]).append(f"{last}.{zone}")
        for line in lines("rev"):
            world.record(zone, line if " IN " in line else f"{last}.{zone}. {line}")
        for line in lines("fwd"):
            world.forward(line)
        truth = case["expect"]
        world.expect(ip, case["case"], truth["ptr_status"], list(lines("names", truth)),
                     truth.get("fcrdns", "none"), list(lines("confirmed", truth)))


class Lists:
    """rbldnsd's data sets, where the resolver finds each zone, and what is true of it."""

    def __init__(self, world):
        self.world, self.seed, self.out = world, world.args.seed, world.args.out
        self.rbl, self.stubs, self.truth = [], [(LISTS, "rbl")], []

    def emit(self, zone, kind, rows):
        head = [f"$SOA 3600 ns.{LISTS} hostmaster.{LISTS} 1 600 300 86400 3600",
                f"$NS 3600 ns.{LISTS}"]
        name = f"{zone}.{kind}"
        write(self.out, f"rbl/{name}", head + rows)
        self.rbl.append(f"{zone}:{kind}:{name}")

    def healthy(self, n):
        zone = f"bl{n:02d}.{LISTS}"
        part = (0.004, 0.01, 0.02, 0.06)[number(self.seed, "share", n) % 4]
        rows4 = ["127.0.0.2 :127.0.0.2:test entry"]
        rows6 = [":127.0.0.2:Listed by " + zone, "::ffff:7f00:2/128"]
        has6 = n % 4 == 0
        for e in self.world.expected:
            x = share(self.seed, "list", n, e["ip"])
            if ":" in e["ip"]:
                if has6 and x < 0.05:
                    e["listed"][zone] = ["127.0.0.2"]
                    rows6.append(e["ip"] + "/128")
            elif x < part:
                codes = e["listed"][zone] = self.codes(n, x)
                rows4 += [f"{e['ip']} :{c}:Listed by {zone}, see https://{LISTS}/?ip=$" for c in codes]
        self.emit(zone, "ip4set", rows4)
        if has6:
            self.emit(zone, "ip6trie", rows6)
        self.truth.append({"zone": zone, "health": "ok", "ipv6": has6})

    @staticmethod
    def codes(n, x):
        if n % 5 == 0:
            return sorted({f"127.0.0.{2 + number(x, i) % 10}" for i in (1, 2)})
        if n % 7 == 0:
            return [f"127.0.0.{2 + number(x, 3) % 250}"]
        return ["127.0.0.2"]

    def odd(self, name, health, rows=None, server="rbl"):
        zone = f"{name}.{LISTS}"
        if rows is not None:
            self.emit(zone, "ip4set", rows)
        self.truth.append({"zone": zone, "health": health, "ipv6": False})
        self.stubs.append((zone, server))

    def make(self):
        for n in range(1, 61):
            self.healthy(n)
        for name in ("dead1", "dead2", "dead3"):
            self.odd(name, "dead", server="dead")
        for name, health, value in (
                ("everything", "everything", "127.0.0.2:everything is listed"),
                ("parked", "parked", "198.51.100.80:parked"),
                ("blocked", "blocked", "127.255.255.254:public resolver"),
                ("overuse", "overuse", "127.255.255.255:query limit")):
            self.odd(name, health, [f"0.0.0.0/1 :{value}", f"128.0.0.0/1 :{value}"])
        self.odd("empty", "empty", ["192.0.2.255 :127.0.0.2:nothing"])
        self.world.servfail.append(f"servfail.{LISTS}")
        self.odd("servfail", "servfail", server="nsd")
        slow = [e for e in self.world.expected
                if ":" not in e["ip"] and share(self.seed, "slow", e["ip"]) < 0.02]
        for e in slow:
            e["listed"][f"slow.{LISTS}"] = ["127.0.0.2"]
        self.odd("slow", "slow", ["127.0.0.2 :127.0.0.2:test entry"]
                 + [f"{e['ip']} :127.0.0.2:Listed by slow" for e in slow], server="slow")
        healthy = [t["zone"] for t in self.truth if t["health"] == "ok"]
        dead = [t["zone"] for t in self.truth if t["health"] == "dead"]
        write(self.out, "lists-60.txt", healthy)
        write(self.out, "lists-57+3dead.txt", healthy[:57] + dead)
        write(self.out, "lists-all.txt", [t["zone"] for t in self.truth])
        write(self.out, "rbl.args", self.rbl)
        write(self.out, "lists.jsonl", map(json.dumps, self.truth))


def ehlo_names(world):
    """EHLO names of good addresses, of ten forms, and what is true of each."""
    hosts = [e for e in world.expected if e["case"] == "ok"][:200]
    for i, e in enumerate(hosts):
        name, ip = e["names"][0], e["ip"]
        ehlo, form, resolves, is_ptr = (
            (name, "fqdn", True, True), (name.upper(), "fqdn", True, True),
            (name + ".", "fqdn", True, True), ("gone." + name, "fqdn", False, False),
            (hosts[i - 1]["names"][0], "fqdn", False, False),
            ("localhost", "unqualified", False, False), (f"[{ip}]", "literal", True, False),
            (ip, "bare-address", False, False), ("bad_name." + name, "invalid", False, False),
            (name.split(".", 1)[0], "unqualified", False, False))[i % 10]
        yield {"ip": ip, "ehlo": ehlo, "form": form, "resolves": resolves, "is_ptr": is_ptr}


def domains(world):
    """Domains, the addresses that each means with the host names that lead there, and what is said."""
    web, one, two = "192.0.2.240", "192.0.2.241", "192.0.2.242"

    def domain(name, records, addresses, said):
        name = f"{name}.domain.{TLD}"
        for line in records:
            world.forward(f"{name}. {line}")
        shown = [f"{ip} {host}.{TLD}" for ip, host in addresses]
        return f"{name}\t{','.join(shown) or '-'}\t{said}"

    world.address(f"mx1.domain.{TLD}", one)
    world.address(f"mx2.domain.{TLD}", two)
    world.address(f"mx2.domain.{TLD}", "2001:db8:1:2::2")
    world.forward(f"name.domain.{TLD}. CNAME mx1.domain.{TLD}.")
    mx1, mx2 = f"MX 10 mx1.domain.{TLD}.", f"MX 20 mx2.domain.{TLD}."
    servers = [(one, "mx1.domain"), (two, "mx2.domain"), ("2001:db8:1:2::2", "mx2.domain")]
    yield domain("both", [mx1, mx2, f"A {web}"], servers, f"the domain's own address {web}")
    yield domain("bare", [mx1], servers[:1], "1 mail server (MX)")
    yield domain("host", [f"A {web}"], [(web, "host.domain")], "-")
    yield domain("null", ["MX 0 .", f"A {web}"], [], "accepts no mail")
    yield domain("alias", [f"MX 10 name.domain.{TLD}."], [(one, "name.domain")], "an alias of mx1")
    yield domain("gone", [mx1, f"MX 20 gone.domain.{TLD}."], servers[:1], "without an address")
    yield domain("nothing", ['TXT "nothing"'], [], "without an address")
    yield domain("part", [mx1, f"MX 20 mx.broken.{TLD}."], servers[:1], "could not be looked up")
    yield f"mail.broken.{TLD}\t-\tits MX record could not be looked up"


def write(out, name, lines):
    with open(os.path.join(out, name), "w", encoding="ascii") as file:
        file.writelines(line + "\n" for line in lines)


def write_zones(world, stubs):
    conf = []
    for zone, lines in world.zones.items():
        name = zone or "root"
        write(world.args.out, f"zones/{name}", [f"$ORIGIN {zone}.\n$TTL 3600\n{SOA}"] + lines)
        conf.append(f'zone:\n  name: "{zone or "."}"\n  zonefile: "{name}"')
    conf += [f'zone:\n  name: "{z}"\n  zonefile: "no-such-file"' for z in world.servfail]
    write(world.args.out, "nsd.zones", conf)
    rows = [(zone or ".", "nsd") for zone in list(world.zones) + world.servfail]
    rows += [(zone, "dead") for zone in world.dead]
    write(world.args.out, "stubs.tsv", [f"{zone}\t{server}" for zone, server in rows + stubs])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--out", required=True)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--blocks", type=int, default=256, help=f"how many /24 of {RANGE4}.0.0/16")
    parser.add_argument("--count6", type=int, default=2000, help=f"addresses of {RANGE6}")
    args = parser.parse_args()
    for name in ("zones", "rbl"):
        os.makedirs(os.path.join(args.out, name), exist_ok=True)
    world = World(args)
    bulk4(world)
    bulk6(world)
    edges(world)
    lists = Lists(world)
    lists.make()
    write(args.out, "domains.tsv", domains(world))
    write_zones(world, lists.stubs)
    write(args.out, "expected.jsonl", map(json.dumps, world.expected))
    write(args.out, "ehlo.jsonl", map(json.dumps, ehlo_names(world)))
    by_range = {"4": RANGE4 + ".", "6": ":", "edge": EDGE_NET + "."}
    for name, part in by_range.items():
        ips = [e["ip"] for e in world.expected if part in e["ip"]]
        ips.sort(key=lambda ip: number(args.seed, "order", ip))
        write(args.out, f"ips-{name}.txt", ips)


if __name__ == "__main__":
    main()
