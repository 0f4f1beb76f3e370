#!/usr/bin/env bash
# Servers before they go live, over real DNS: what is missing and in which order; the commands that
# it prints are run as they stand, until it says READY.
set -u
bin="" tmp="" dns="" world=() zones=() pids=() # by the world
# shellcheck disable=SC1091
source "$(dirname "${BASH_SOURCE[0]}")/fix_world.sh"
zones+=(lists.example 127.in-addr.arpa 8.b.d.0.1.0.0.2.ip6.arpa)
# shellcheck disable=SC2034 # used by the world
declare -A extra=(
	["example.com"]="go A 203.0.113.80
six A 203.0.113.82
six AAAA 2001:db8::82
listed A 203.0.113.81
lo A 127.0.0.1"
	["113.0.203.in-addr.arpa"]="81 PTR listed.example.com."
	["127.in-addr.arpa"]="1.0.0 PTR lo.example.com."
	["lists.example"]="2.0.0.127.bad A 127.0.0.2
81.113.0.203.bad A 127.0.0.2
81.113.0.203.bad TXT \"spam seen\"
test.dom A 127.0.1.2
test.com.dom A 127.0.1.2
spammer.example.dom A 127.0.1.2"
)
start_world
export MAILREADY_TSIG_FILE=$tmp/upd.key
cat >"$tmp/lists.ini" <<'INI'
[bad.lists.example]
operator = B
impact = critical
first-fix = stop the spam
removal = https://lists.example/?q={address}
code.127.0.0.2 = critical spam
INI
port=$(tests/tools/ports 1) # nothing listens there yet
common=("${world[@]}" --lists "$tmp/lists.ini" --cache none)
# what becomes of a connection to an address for documentation is the network's own affair
looks=("${common[@]}" --no-smtp)
talks=("${common[@]}" --smtp-port "$port")
preflight() { timeout 60 "$bin" preflight "$@"; }
intent() { cat >"$tmp/go.ini"; }
valid() { # NAME: the last output is JSON of the schema
	local why
	why=$(python3 - data/preflight.schema.json "$tmp/out" 2>&1 <<-'PY'
		import json, sys, jsonschema
		jsonschema.validate(json.load(open(sys.argv[2])), json.load(open(sys.argv[1])))
	PY
	) && why=""
	verdict "$1" "$(tail -n 3 <<<"$why")"
}
member() { # NAME PYTHON-EXPRESSION: it is true of the last output, d
	verdict "$1" "$(python3 -c "
import json, sys
d = json.load(open('$tmp/out'))
by = {(w['stage'], w['wanted']): w['state'] for s in d['servers'] for a in s['addresses'] for w in a['wanted']}
sys.exit(not ($2))" 2>&1 || echo "not $2: $(head -c 300 "$tmp/out" | tr '\n' '|')")"
}

# --- nothing is there: the whole way, by its own commands
intent <<'INI'
domain = example.com
provider = rfc2136
[outbound]
address = 203.0.113.80, 203.0.113.83
ehlo = go.example.com
INI
expect "records missing, server off" 1 "NOT READY" preflight "$tmp/go.ini" "${looks[@]}"
says "the forward record to publish" "go.example.com A 203.0.113.83"
flat() { verdict "$1" "$(tr -s ' \n' '  ' <"$tmp/out" | grep -qF -- "$2" || cat "$tmp/out")"; } # wherever lines are broken
flat "and where" "in the zone example.com (contact hostmaster@example.com)"
says "the command for the PTR record" "mailready fix 203.0.113.80 --name go.example.com --provider rfc2136 --apply"
says "the forward record with it, where it is missing" "mailready fix 203.0.113.83 --name go.example.com --provider rfc2136 --with-forward --apply"
flat "the server is off: for later" "run this again when the server is on. (203.0.113.80, 203.0.113.83)"
verdict "forward comes before PTR, what both need is said once" "$(python3 - "$tmp/out" 2>&1 <<-'PY'
	import re, sys
	steps = re.findall(r"^ +(\d+)\. (\w+)", open(sys.argv[1]).read(), re.M)
	if steps != [("1", "Publish"), ("2", "Set")]: print(steps)
PY
)"
expect "as JSON" 1 '"not ready"' preflight "$tmp/go.ini" "${looks[@]}" --json
valid "it follows its schema"
member "each wanted thing has its state" "by['forward', 'go.example.com A 203.0.113.80'] == 'met' and by['forward', 'go.example.com A 203.0.113.83'] == 'missing' and by['ptr', '203.0.113.80 PTR go.example.com'] == 'missing' and by['greeting', 'greeting and certificate'] == 'later' and by['listing', 'block lists'] == 'met'"
python3 -c "
import json
for s in json.load(open('$tmp/out'))['steps']:
    for l in s['lines']:
        if l.startswith('mailready '): print(l + ' --yes')" >"$tmp/commands"
mkdir "$tmp/bin" && ln -s "$bin" "$tmp/bin/mailready"
verdict "two commands" "$([[ $(wc -l <"$tmp/commands") == 2 ]] || cat "$tmp/commands")"
expect "run as they are printed" 0 "PROVEN" env PATH="$tmp/bin:$PATH" bash -e "$tmp/commands"
expect "then it is ready, still off" 0 "READY" preflight "$tmp/go.ini" "${looks[@]}"
verdict "without a step" "$(! grep -q 'What to do' "$tmp/out" || cat "$tmp/out")"
expect "from standard input" 0 "standard input  READY" bash -c "'$bin' preflight - ${looks[*]} <'$tmp/go.ini'"

# --- another name than wanted, IPv6, names of its own
intent <<'INI'
address = 203.0.113.30 2001:db8::82
ehlo = six.example.com
INI
expect "another PTR name than wanted" 1 "203.0.113.30 has PTR old.example.com" preflight "$tmp/go.ini" "${looks[@]}"
says "it must be replaced" "fix 203.0.113.30 --name six.example.com --provider rfc2136 --with-forward --replace --apply"
says "IPv6: no PTR record" "2001:db8::82 has no PTR record"
intent <<'INI'
address = 203.0.113.30
ehlo = six.example.com
ptr = old.example.com
INI
expect "EHLO name that leads elsewhere, PTR name of its own" 1 "six.example.com A 203.0.113.30" preflight "$tmp/go.ini" "${looks[@]}"
says "the PTR record is as wanted" "203.0.113.30 PTR old.example.com: published"

# --- nobody of ours can write
unset MAILREADY_TSIG_FILE
intent <<'INI'
address = 2001:db8::82
ehlo = six.example.com
INI
expect "no credentials" 1 "no credentials of any provider were found here" preflight "$tmp/go.ini" "${looks[@]}"
says "who can write it" "is in the zone 8.b.d.0.1.0.0.2.ip6.arpa, served by ns1.example.com"
says "the command for a request" "fix 2001:db8::82 --name six.example.com --provider manual"
export MAILREADY_TSIG_FILE=$tmp/upd.key

# --- listed
intent <<'INI'
address = 203.0.113.81
ehlo = listed.example.com
domain = spammer.example
INI
expect "listed" 1 "listed on bad.lists.example" preflight "$tmp/go.ini" "${looks[@]}"
says "repair first, then removal" "first, stop the spam. Then request removal:"
says "the page of the list" "https://lists.example/?q=203.0.113.81"
expect "lists left out" 0 "READY" preflight "$tmp/go.ini" "${looks[@]}" --skip dnsbl
cat >>"$tmp/lists.ini" <<'INI'
[dom.lists.example]
operator = D
family = domain
names = registered
impact = critical
test-listed = test
test-clean = none
code.127.0.1.2 = critical a spammer's domain
INI
expect "a sender's domain that is listed" 1 "spammer.example is listed on dom.lists.example" preflight "$tmp/go.ini" "${looks[@]}"

# --- planned records
# shellcheck disable=SC2016 # a zone file's $
printf '$TTL 300\n%s\n' 'new1.example.com. A 203.0.113.90' '90.113.0.203.in-addr.arpa. PTR new1.example.com.' >"$tmp/planned.zone"
intent <<'INI'
address = 203.0.113.90
ehlo = new1.example.com
INI
expect "not there" 1 "new1.example.com does not exist" preflight "$tmp/go.ini" "${looks[@]}"
expect "planned" 0 "READY  once the planned records are published" preflight "$tmp/go.ini" "${looks[@]}" --planned "$tmp/planned.zone"
expect "planned and off line" 0 "planned, not published yet" preflight "$tmp/go.ini" "${looks[@]}" --planned "$tmp/planned.zone" --offline
says "the lists are for later" "Ask the block lists"
# the records of its sender, before they are published
{ cat "$tmp/go.ini"; printf 'from = new1.example.com\ndkim = new1.example.com/sel1\n'; } >"$tmp/sender.ini"
{
	cat "$tmp/planned.zone"
	printf '%s\n' 'new1.example.com. MX 10 new1.example.com.' 'new1.example.com. TXT "v=spf1 ip4:203.0.113.90 -all"' \
		'_dmarc.new1.example.com. TXT "v=DMARC1; p=reject"' \
		'sel1._domainkey.new1.example.com. TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="'
} >"$tmp/sender.zone"
expect "planned SPF, DMARC and key records" 0 "sender       met      SPF record" preflight "$tmp/sender.ini" "${looks[@]}" --planned "$tmp/sender.zone"
says "the key" "the key at sel1._domainkey.new1.example.com"
sed -i 's/ip4:203.0.113.90/ip4:203.0.113.91/' "$tmp/sender.zone"
expect "a planned SPF record that forgets the server" 1 "before \"-all\"" preflight "$tmp/sender.ini" "${looks[@]}" --planned "$tmp/sender.zone"
head -n 2 "$tmp/planned.zone" >"$tmp/half.zone"
expect "off line, PTR record not in the file" 2 "UNKNOWN" preflight "$tmp/go.ini" "${looks[@]}" --planned "$tmp/half.zone" --offline
expect "strict about what is unknown" 2 "" preflight "$tmp/go.ini" "${looks[@]}" --planned "$tmp/half.zone" --offline --fail-on unknown

# --- the server is off, and on
intent <<'INI'
address = 127.0.0.1
ehlo = lo.example.com
INI
expect "off: no fault" 0 "the SMTP port refused the connection" preflight "$tmp/go.ini" "${talks[@]}"
flat "it is for later" "run this again when the server is on. (127.0.0.1)"
cat >"$tmp/smtp.py" <<'PY'
import asyncio, sys
async def talk(reader, writer):
    writer.write(b"220 %s ESMTP\r\n" % sys.argv[2].encode())
    while line := await reader.readline():
        if line.upper().startswith(b"EHLO"):
            writer.write(b"250 %s\r\n" % sys.argv[2].encode())
        else:
            writer.write(b"221 bye\r\n")
            break
    await writer.drain()
    writer.close()
async def main():
    server = await asyncio.start_server(talk, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()
asyncio.run(main())
PY
python3 "$tmp/smtp.py" "$port" lo.example.com 2>/dev/null & pids+=($!)
for ((i = 0; i < 100; i++)); do
	(: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
	sleep 0.1
done
expect "on, and as wanted" 0 "greets as lo.example.com, answers EHLO as lo.example.com" preflight "$tmp/go.ini" "${talks[@]}"
says "what would be better is no fault" "Better: "
expect "unless it is asked for" 1 "NOT READY" preflight "$tmp/go.ini" "${talks[@]}" --fail-on warn
echo "banner = shop.example.com" >>"$tmp/go.ini"
expect "another name in the greeting" 1 "Make the server greet and answer EHLO as shop.example.com" preflight "$tmp/go.ini" "${talks[@]}"
expect "not looked at" 0 "skipped on request" preflight "$tmp/go.ini" "${looks[@]}"

# --- repaired at once: one plan over the file, one question, proof, and the look again
intent <<'INI'
provider = rfc2136
[both]
address = 203.0.113.95, 203.0.113.96
ehlo = both.example.com
[other]
address = 203.0.113.97
ehlo = other.example.com
ptr = alias97.example.com
[theirs]
address = 203.0.113.98
ehlo = theirs.example.com
provider = manual
INI
state=$tmp/apply.state
repair() { XDG_STATE_HOME=$state preflight "$tmp/go.ini" "${looks[@]}" --apply "$@" </dev/null; }
expect "it cannot ask" 77 "use --yes" repair
verdict "what it would have written is shown" "$(grep -qF "203.0.113.97: none -> alias97.example.com" "$tmp/err" || cat "$tmp/err")"
verdict "of two servers of one name the second adds its address" "$(grep -F "both.example.com: 203.0.113.95 (TTL 3600) -> 203.0.113.95, 203.0.113.96" "$tmp/err" >/dev/null || cat "$tmp/err")"
holds "nothing was written" 203.0.113.95
expect "a question" 1 "NOT READY" env NO_COLOR=1 XDG_STATE_HOME="$state" python3 tests/integration/terminal.py n "$bin" preflight "$tmp/go.ini" "${looks[@]}" --apply
verdict "one for all records" "$(grep -cF 'Write these records? [y/N]' "$tmp/out" | grep -vx 1)"
holds "answered no, nothing was written" 203.0.113.95
expect "records that are not published yet" 64 "omit --planned" repair --yes --planned data/examples/servers.ini
expect "one that no account can write is still missing, the others are not" 1 "alias97.example.com: published" repair --yes
verdict "the proof is beside the report" "$(grep -q "203.0.113.96  PROVEN" "$tmp/err" || cat "$tmp/err")"
verdict "and not in it" "$(grep PROVEN "$tmp/out")"
says "the one that is for somebody else" "203.0.113.98 PTR theirs.example.com"
holds "the PTR record of the first server" 203.0.113.96 both.example.com.
holds "the name of its own of the second" 203.0.113.97 alias97.example.com.
holds "nothing of the one that is somebody else's" 203.0.113.98
sed -i '/theirs/,$d; s/ptr = .*/ptr = other.example.com/' "$tmp/go.ini"
expect "a name set on purpose stays" 1 "203.0.113.97 has PTR alias97.example.com" repair --yes --json
valid "the output is the report alone"
expect "but for --replace" 0 "READY" repair --yes --replace
holds "then it is replaced" 203.0.113.97 other.example.com.
expect "nothing is left to do" 0 "READY" repair
for journal in $(ls -t "$state"/mailready/*.jsonl 2>/dev/null || ls -t "$state"/mailready/*); do
	[[ $journal == *.lock ]] || XDG_STATE_HOME=$state "$bin" undo "$journal" --yes --resolver "127.0.0.1#$dns" >>"$tmp/undone" 2>&1 </dev/null
done
holds "each journal can be undone" 203.0.113.96
holds "the replaced one, too" 203.0.113.97
intent <<'INI'
[ours]
address = 203.0.113.95
ehlo = both.example.com
provider = rfc2136
[theirs]
address = 203.0.113.96
ehlo = both.example.com
provider = huawei
INI
expect "each server has its own provider" 1 "203.0.113.95 PTR both.example.com: published" repair --yes
holds "one that has no credentials is not replaced by another" 203.0.113.96
"$bin" preflight --example >"$tmp/example.ini"
expect "the example can be read" 1 "NOT READY" preflight "$tmp/example.ini" "${looks[@]}"
expect "the example takes no file" 64 "reads none" preflight --example "$tmp/example.ini"

# --- JUnit
intent <<'INI'
[a]
address = 203.0.113.81
ehlo = listed.example.com
[b]
address = 203.0.113.91
ehlo = none.example.com
INI
expect "JUnit" 1 "<testsuites>" preflight "$tmp/go.ini" "${looks[@]}" --format junit
verdict "failures are counted" "$(python3 - "$tmp/out" 2>&1 <<-'PY'
	import sys, xml.etree.ElementTree as E
	suites = E.parse(sys.argv[1]).getroot().findall("testsuite")
	got = [(s.get("name"), s.get("failures"), s.get("skipped")) for s in suites]
	if got != [("a 203.0.113.81", "1", "1"), ("b 203.0.113.91", "2", "1")]: print(got)
PY
)"
if command -v xmllint >/dev/null; then
	verdict "JUnit follows its schema" "$(xmllint --noout --schema tests/tools/junit.xsd "$tmp/out" 2>&1 | grep -v validates)"
fi

# --- wrong input
bad() { # NAME WORD LINES...: refused with 65, and WORD
	printf '%s\n' "${@:3}" >"$tmp/bad.ini"
	expect "$1" 65 "$2" preflight "$tmp/bad.ini" "${looks[@]}"
}
bad "unknown key" "bad.ini:2: unknown key 'adress': expected one of address, ehlo, ptr, domain, from, mail-from, dkim, banner, provider; did you mean address?" "ehlo = mail.example.com" "adress = 203.0.113.1"
bad "no address at all" "bad.ini:1: has no address" "ehlo = mail.example.com"
bad "no EHLO name" "bad.ini:1: [x] has no EHLO name: expected ehlo = " "[x]" "address = 203.0.113.1"
bad "unknown provider" "did you mean huawei?" "address = 203.0.113.1" "ehlo = mail.example.com" "provider = huawai"
bad "EHLO name" "bad.ini:1: ehlo: 'mail' " "ehlo = mail" "address = 203.0.113.1"
expect "no such file" 66 "none.ini" preflight "$tmp/none.ini" "${looks[@]}"
expect "no file named" 64 "expected one file" preflight "${looks[@]}"
expect "a format of check alone" 64 "expected text, json or junit" preflight "$tmp/go.ini" "${looks[@]}" --format csv
expect "a resolver that is not there" 69 "nothing can be looked up" preflight "$tmp/go.ini" --resolver "127.0.0.1#$port" --authority-port "$port" --allow-special --lists "$tmp/lists.ini" --no-smtp --timeout 1
expect "a disk that is full" 74 "cannot be written" bash -c "'$bin' preflight '$tmp/go.ini' ${looks[*]} >/dev/full"
