#!/usr/bin/env bash
# The program on machines whose resolver has answers of its own: a hosts file, local data, an inside
# view, a block list.  What receivers see decides: the same findings as through a plain resolver.
# variants: release
set -u
bin="" tmp="" authority="" # by the world
declare -A at
# shellcheck disable=SC1091
. "$(dirname "${BASH_SOURCE[0]}")/resolvers_world.sh"
# shellcheck disable=SC1091
. tests/integration/expect.sh
options=(--allow-special --no-smtp --authority-port "$authority" --skip dnsbl)
printf '%s\n' "203.0.113.25 mail.example.com" "203.0.113.26 mail.example.com" \
	"203.0.113.27 out.example.com" "203.0.113.28 relay.example.com" "203.0.113.29 alias.example.com" \
	"203.0.113.30 blocked.example.com" "2001:db8::25 mail6.example.com" mail.example.com >"$tmp/targets"
echo bl.example >"$tmp/lists"

reports() { # NAME
	"$bin" check --input "$tmp/targets" --ordered --format jsonl --resolver "${at[$1]}" "${options[@]:0:${#options[@]}-2}" \
		--lists "$tmp/lists" --cache none \
		>"$tmp/$1.jsonl" 2>"$tmp/$1.err"
	echo "$? $(tr '\n' ' ' <"$tmp/$1.err")" >"$tmp/$1.status"
}
for name in "${!at[@]}"; do reports "$name"; done

# Where something else is found than through the plain resolver, the reason stands here.
python3 - "$tmp" "${!at[@]}" <<'PYTHON'
import json, sys
tmp, names = sys.argv[1], sorted(sys.argv[2:])
HIDDEN = "a whole zone of its own hides the way to the zone's servers: unknown, never bad"
IN_DOUBT = {"ptr": "temperror", "iprev": "temperror", "ehlo": "temperror"}
JUDGED = {*IN_DOUBT, "dnsbl"}
differ = {("unbound-static", f"203.0.113.{n}"): (IN_DOUBT, HIDDEN) for n in range(25, 31)}
differ["unbound-static", "2001:db8::25"] = ({"ptr": "pass", "iprev": "temperror", "ehlo": "temperror"}, HIDDEN)
ORDER = ["skip", "info", "pass", "temperror", "warn", "permerror", "fail"]
def found(report):
    worst = {}
    for f in report["findings"]:
        check = f["id"].split(".")[0]
        if check in JUDGED and not f["id"].startswith(("ptr.authority", "ptr.resolver-own")):
            worst[check] = max(worst.get(check, "skip"), f["verdict"], key=ORDER.index)
    return worst
def read(name):
    with open(f"{tmp}/{name}.jsonl", encoding="utf-8") as file:
        # half of a host that cannot be looked up has a row under its name
        return [r for r in map(json.loads, file) if r["target"]["family"] != 0]
truth = read("plain")
listed = sum(found(report).get("dnsbl") in ("warn", "fail") for report in truth)
print(f"{'ok' if (len(truth), listed) == (8, 2) else 'not ok'} plain: {len(truth)} reports, {listed} listed")
for name in names:
    faults, explained = [], 0
    for expected, report in zip(truth, read(name)):
        address, host = expected["target"]["address"], expected["target"]["host"]
        if host and name == "unbound-static":
            # it leads to a server inside, and --allow-special judges that one as the inside sees it
            continue
        want = found(expected) | differ.get((name, address), ({}, ""))[0]
        explained += (name, address) in differ
        if report["target"]["address"] != address or found(report) != want:
            faults.append(f"{report['target']['address']} of {address}: {found(report)}, expected {want}")
        if want != found(expected) and "fail" in found(report).values() and "fail" not in found(expected).values():
            faults.append(f"{address}: bad here, and not in the world")
    if len(read(name)) != len(truth):
        faults.append(f"{len(read(name))} reports instead of {len(truth)}: " + ", ".join(r["target"]["address"] for r in read(name)))
    print(f"not ok {name}: {'; '.join(faults)}" if faults else
          f"ok {name}: {len(truth)} targets as the world sees them, {explained} explained")
PYTHON

# One address alone: the SOA record is asked for beside it, and shows what the TTL does not.
for name in knot-resolver pdns-recursor dnsdist; do
	[[ -n ${at[$name]:-} ]] || continue
	expect "$name, alone: a PTR record that the world has not" 1 "has no PTR record" \
		"$bin" 203.0.113.26 --helo mail.example.com "${options[@]}" --resolver "${at[$name]}"
	says "$name, alone: the difference is said" "says PTR web.example.com for 26.113.0.203.in-addr.arpa (from data of its own"
	expect "$name, alone: an address that the world has not" 1 "out.example.com resolves to 203.0.113.99" \
		"$bin" 203.0.113.27 --helo out.example.com "${options[@]}" --resolver "${at[$name]}"
	expect "$name, alone: nobody else can be asked, and a plain answer stands" 0 "PTR web.example.com" \
		"$bin" 203.0.113.26 "${options[@]}" --only ptr --authority never --resolver "${at[$name]}"
done

healthy=(203.0.113.25 --helo mail.example.com "${options[@]}")
expect "plain: no remark about the resolver" 0 "PASS" "$bin" "${healthy[@]}" --resolver "${at[plain]}"
verdict "plain: says nothing of answers of its own" "$(grep -q 'resolver-own\|hosts file' "$tmp/out" && cat "$tmp/out")"
if [[ -n ${at[dnsmasq-hosts]:-} ]]; then
	hosts=(--resolver "${at[dnsmasq-hosts]}")
	expect "a hosts file is said" 0 "says A 127.0.1.1 for mail.example.com (from a hosts file); the zone's name servers say A 203.0.113.25" \
		"$bin" "${healthy[@]}" "${hosts[@]}"
	expect "nobody else can be asked: unknown" 2 "may be true for its own users alone" \
		"$bin" "${healthy[@]}" "${hosts[@]}" --authority never
	verdict "nobody else can be asked: no record to publish, no fix" "$(grep -i 'publish\|mailready fix' "$tmp/out")"
	expect "the next resolver decides" 0 "PASS" "$bin" "${healthy[@]}" "${hosts[@]}" --resolver "${at[plain]}" --authority never
	says "the next resolver is named" "${at[plain]} says A 203.0.113.25"
	expect "fix does not plan on a hosts file" 0 "" "$bin" fix 203.0.113.25 --name mail.example.com \
		--allow-special --authority-port "$authority" "${hosts[@]}"
	expect "a host name's inside address is not its target" 0 "203.0.113.25" "$bin" mail.example.com "${options[@]}" "${hosts[@]}"
	expect "a domain: the MX record of its zone counts" 0 \
		"says MX relay.example.com (from data of its own, such as a hosts file); the zone's name servers say MX mail.example.com" \
		"$bin" example.com "${options[@]}" "${hosts[@]}"
	says "a domain: the zone's server is checked" "203.0.113.25 (mail.example.com, MX of example.com)  PASS"
	expect "a domain: nobody else can be asked" 2 \
		"says MX relay.example.com (from data of its own, such as a hosts file); nobody else could be asked" \
		"$bin" example.com "${options[@]}" "${hosts[@]}" --authority never
fi
if [[ -n ${at[bind-inside-view]:-} ]]; then
	expect "a domain: an inside view without its MX record" 0 "says that there is no MX record (from data of its own" \
		"$bin" example.com "${options[@]}" --resolver "${at[bind-inside-view]}"
fi
for name in unbound-dns64 unbound-dns64-own-prefix; do
	expect "$name: a host name is its IPv4 address" 0 "is left out: the resolver made it from an IPv4 address (DNS64)" \
		"$bin" mail.example.com "${options[@]}" --resolver "${at[$name]}"
	verdict "$name: one report" "$([[ $(grep -c '  PASS  ' "$tmp/out") == 1 ]] || cat "$tmp/out")"
done
for address in 64:ff9b::203.0.113.25 2001:db8:64::203.0.113.25; do
	expect "$address as a target" 0 "it is made from the IPv4 address 203.0.113.25" "$bin" "$address" "${options[@]}" \
		--resolver "${at[unbound-dns64-own-prefix]}"
	verdict "$address: nothing to set" "$(grep -i 'publish\|mailready fix\|FAIL' "$tmp/out")"
done
if [[ -n ${at[bind-inside-view]:-} ]]; then
	expect "more than 100 PTR records" 2 "BIND, which many receivers use, answers SERVFAIL" \
		"$bin" 198.51.100.31 "${options[@]}" --resolver "${at[bind-inside-view]}"
fi
if [[ -n ${at[systemd-resolved]:-} ]]; then
	expect "systemd-resolved: its servers are asked" 0 "PASS" "$bin" "${healthy[@]}" -v
	verdict "systemd-resolved: said once" "$([[ $(grep -c 'asking the servers of systemd-resolved (/run/systemd/resolve/resolv.conf), not its stub: 127.0.0.9$' "$tmp/err") == 1 ]] || cat "$tmp/err")"
	verdict "systemd-resolved: nothing of its own is heard" "$(grep 'hosts file' "$tmp/out")"
	expect "systemd-resolved: the stub when it is named" 0 "127.0.0.53 says" "$bin" "${healthy[@]}" --resolver 127.0.0.53
fi
