#!/usr/bin/env bash
# Refusals over real DNS: for each kind that a check looks at, the planted cause is still broken, the
# repaired one is repaired; one is repaired here by the command that explain prints.
set -u
bin="" tmp="" world=() zones=() # by the world
# shellcheck disable=SC1091
source "$(dirname "${BASH_SOURCE[0]}")/fix_world.sh"
zones+=(lists.example 8.b.d.0.1.0.0.2.ip6.arpa)
# shellcheck disable=SC2034 # used by the world
declare -A extra=(
	["example.com"]="go A 203.0.113.80
listed A 203.0.113.81
client-203-0-113-82 A 203.0.113.82
elsewhere A 192.0.2.1
one A 203.0.113.84
two A 192.0.2.2
cure A 203.0.113.86
go AAAA 2001:db8::80
sender MX 10 go
sender TXT \"v=spf1 ip4:203.0.113.80 ~all\"
_dmarc.sender TXT \"v=DMARC1; p=reject\"
bare A 203.0.113.80
asks MX 10 go
asks TXT \"v=spf1 include:nobody.example.com -all\""
	["113.0.203.in-addr.arpa"]="80 PTR go.example.com.
81 PTR listed.example.com.
82 PTR client-203-0-113-82.example.com.
83 PTR elsewhere.example.com.
84 PTR one.example.com.
84 PTR two.example.com."
	["8.b.d.0.1.0.0.2.ip6.arpa"]="0.8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0 PTR go.example.com."
	["lists.example"]="2.0.0.127.bad A 127.0.0.2
81.113.0.203.bad A 127.0.0.2
81.113.0.203.bad TXT \"spam seen\"
test.dom A 127.0.1.2
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
[dom.lists.example]
operator = D
family = domain
names = registered
impact = critical
test-listed = test
test-clean = none
code.127.0.1.2 = critical a spammer's domain
INI
explain() { timeout 60 "$bin" explain "$@"; }
looks=("${world[@]}" --lists "$tmp/lists.ini" --cache none --no-smtp)
offline=(--offline)

valid() { # NAME: every line of the last output follows the schema
	local why
	why=$(python3 - data/explain.schema.json "$tmp/out" 2>&1 <<-'PY'
		import json, sys, jsonschema
		schema = json.load(open(sys.argv[1]))
		for line in open(sys.argv[2]):
		    jsonschema.validate(json.loads(line), schema)
	PY
	) && why=""
	verdict "$1" "$(tail -n 3 <<<"$why")"
}
is() { # NAME PYTHON: true of the objects d of the last output, e is the first
	verdict "$1" "$(python3 -c "
import json, sys
d = [json.loads(l) for l in open('$tmp/out')]
e = d[0] if d else None
sys.exit(not ($2))" 2>&1 || echo "not $2: $(head -c 900 "$tmp/out" | tr '\n' '|')")"
}

# --- each class with a check: STATUS NOW CAUSE OPTION... -- TEXT
now() { # NAME STATUS NOW CAUSE TEXT OPTION...
	expect "$1" "$2" "" explain "${looks[@]}" --json "$5" "${@:6}"
	valid "$1: its schema"
	is "$1: $3" "len(d) == 1 and e['now'] == '$3' and e['cause'] == '$4'"
}
gmail=' - gsmtp'
now "no PTR record" 1 still-broken rdns "550-5.7.25 [203.0.113.85] The address has no PTR$gmail"
is "the finding is in it" "any(f['id'] == 'ptr.missing' for f in e['findings']) and 'PTR' in e['remedy']"
now "PTR record there" 0 repaired rdns "550-5.7.25 [203.0.113.80] The address has no PTR$gmail"
is "it is said when to retry" "e['retry_at'] is not None and e['provider'] == 'Gmail' and e['provider_by'] == 'mark'"
now "PTR over IPv6" 0 repaired rdns "550 5.7.25 [2001:db8::80] must have a reverse DNS record [x.prod.outlook.com]"
now "no PTR over IPv6" 1 still-broken rdns "550 5.7.25 [2001:db8::81] must have a reverse DNS record [x.prod.outlook.com]"
now "the name leads elsewhere" 1 still-broken rdns "450 4.7.25 Client host rejected: cannot find your hostname, [203.0.113.83]"
now "the name leads back" 0 repaired rdns "450 4.7.25 Client host rejected: cannot find your hostname, [203.0.113.80]"
now "one of two names leads elsewhere" 1 still-broken rdns "450 4.7.25 Client host rejected: cannot find your hostname, [203.0.113.84]"
now "generic name" 1 still-broken rdns.generic "550 we do not accept mail from hosts with generic or dynamic PTR 203.0.113.82" --skip-list bad.lists.example
now "own name" 0 repaired rdns.generic "550 we do not accept mail from hosts with generic or dynamic PTR 203.0.113.80"
now "EHLO without a domain, as the reply has it" 1 still-broken ehlo "504 5.5.2 <mail9>: Helo command rejected: need fully-qualified hostname" --ip 203.0.113.80
now "EHLO with one" 0 repaired ehlo "504 5.5.2 <mail>: Helo command rejected: need fully-qualified hostname" --helo go.example.com --ip 203.0.113.80
now "on the list" 1 still-broken list.ip "554 5.7.1 Service unavailable; Client host [203.0.113.81] blocked using bad.lists.example"
is "the page of the list" "any('https://lists.example/?q=203.0.113.81' in f['remedy'] for f in e['findings']) and e['who'] == 'list'"
now "not on the list" 0 never-was list.ip "554 5.7.1 Service unavailable; Client host [203.0.113.80] blocked using bad.lists.example"
now "a list that nobody knows" 2 unknown list.ip "554 5.7.1 Service unavailable; Client host [203.0.113.80] blocked using never.heard.example"
now "a dead list" 2 receiver-fault list.ip "554 5.7.1 Service unavailable; Client host [203.0.113.80] blocked using combined.njabl.org"
now "SORBS" 2 receiver-fault receiver.fault "554 5.7.1 203.0.113.80 listed at dnsbl.sorbs.net"
now "the reverse zone does not answer" 1 still-broken rdns.temp "451 4.1.8 Client IP address 198.18.5.5 does not resolve" --timeout 1
now "the reverse zone answers" 0 repaired rdns.temp "451 4.1.8 Client IP address 203.0.113.80 does not resolve"
now "only the receiver sees it" 2 not-visible list.private "550 5.7.1 Unfortunately, messages from [203.0.113.80] weren't sent (S3150). [x.olc.protection.outlook.com]"
now "a hint is not a verdict" 2 not-visible list.private "550 5.7.1 messages from [203.0.113.81] weren't sent (S3150). [x.olc.protection.outlook.com]"
is "it is shown" "any(f['id'].startswith('dnsbl.listed') for f in e['findings']) and 'bad.lists.example' in e['now_why']"
# identities: what SPF, DMARC and the DNS say of the sender's domain
spf="550 5.7.23 SPF check failed"
now "SPF allows another address" 1 still-broken auth.spf "$spf [203.0.113.85]" --domain sender.example.com
is "the finding of SPF is in it" "any(f['id'] == 'spf.softfail' for f in e['findings']) and 'SPF' in e['remedy']"
now "SPF allows the address" 0 repaired auth.spf "$spf [203.0.113.80]" --domain sender.example.com
now "no SPF record" 1 still-broken auth.spf "$spf [203.0.113.80]" --domain bare.example.com
now "an SPF record that cannot be evaluated" 1 still-broken auth.spf "$spf [203.0.113.80]" --domain asks.example.com
now "SPF of an unknown domain" 2 unknown auth.spf "$spf [203.0.113.80]"
is "the option is named" "'--domain' in e['now_why']"
any="550-5.7.26 Your email has been blocked because the sender is unauthenticated. Gmail requires all senders to authenticate with either SPF or DKIM.$gmail"
now "neither SPF nor DKIM" 1 still-broken auth.any "$any" --domain sender.example.com --ip 203.0.113.85
now "SPF is enough for it" 0 repaired auth.any "$any" --domain sender.example.com --ip 203.0.113.80
dmarc="550 5.7.1 Message rejected: DMARC policy of the sender's domain: failed DMARC check"
now "DMARC passes by SPF" 0 repaired auth.dmarc "$dmarc" --domain sender.example.com --ip 203.0.113.80
now "DMARC without SPF: it depends on signatures" 2 unknown auth.dmarc "$dmarc" --domain sender.example.com --ip 203.0.113.85
is "what to do to know it" "'--message' in e['now_why']"
now "a signature cannot be seen" 2 unknown auth.dkim "550 5.7.20 No passing DKIM signature found" --domain sender.example.com --ip 203.0.113.80
nodomain="450 4.1.8 <joe@x>: Sender address rejected: Domain not found"
now "the sender's domain is there" 0 repaired dns.sender "$nodomain" --domain sender.example.com --ip 203.0.113.80
now "the sender's domain is not there" 1 still-broken dns.sender "$nodomain" --domain gone.example.com --ip 203.0.113.80
now "no row fits" 2 unknown unknown "550 5.9.9 computer says no"
now "nothing was refused" 0 unknown unknown "250 2.0.0 OK"
now "no address in it" 2 unknown rdns "550 5.7.25 no PTR$gmail"
now "the user's address" 1 still-broken rdns "550 5.7.25 no PTR$gmail" --ip 203.0.113.85
is "it is said to be the user's" "e['address_given'] and e['address'] == '203.0.113.85'"
now "another address than the user's" 0 repaired rdns "550 5.7.25 [203.0.113.80] no PTR$gmail" --ip 203.0.113.85
is "what the server saw is judged" "e['address'] == '203.0.113.80' and e['address_expected'] == '203.0.113.85'"
now "by MX host" 1 still-broken rdns "550 5.7.25 [203.0.113.85] no PTR" --mx gmail-smtp-in.l.google.com
is "it is said" "e['provider_by'] == 'mx'"

# --- from paste to cured server, by the command that is printed
text="550-5.7.25 [203.0.113.86] The IP address sending this message does not have a PTR record$gmail"
expect "paste: still broken" 1 "STILL BROKEN" explain "${looks[@]}" "$text" --helo cure.example.com
says "and the command" "mailready fix 203.0.113.86 --name cure.example.com"
# shellcheck disable=SC2046 # words of a command
expect "the command, run" 0 "PROVEN" env PATH="$tmp:$PATH" bash -c "
	ln -sf '$bin' '$tmp/mailready'
	$(grep -o 'mailready fix 203.0.113.86 --name cure.example.com' "$tmp/out" | head -n 1) ${world[*]} --provider rfc2136 --apply --yes"
expect "paste again: repaired" 0 "REPAIRED" explain "${looks[@]}" "$text" --helo cure.example.com
says "and when to retry" "Retry"

# --- a word that is a reply; words that are not
expect "the command's name left out" 2 "PTR name of the address" timeout 20 "$bin" '450 4.7.25 Client host rejected: cannot find your hostname, [203.0.113.25]' "${offline[@]}"
expect "not quoted" 2 "PTR name of the address" timeout 20 "$bin" 450 4.7.25 Client host rejected: cannot find your hostname, '[203.0.113.25]' "${offline[@]}"
expect "after an option" 2 '"mailready.explain/1"' timeout 20 "$bin" --json "${offline[@]}" '450 4.7.25 Client host rejected: cannot find your hostname, [203.0.113.25]'
expect "several words" 2 "NOT VISIBLE" explain "${offline[@]}" 550 5.7.1 S3150 olc.protection.outlook.com
expect "neither file nor reply" 66 "neither a file nor a reply" explain "${offline[@]}" /no/such/file
expect "nothing" 64 "expected a reply, a file" explain

# --- standard input: an object a reply
printf '%s\n' "550-5.7.25 [203.0.113.25] x <bob@b.example>$gmail" "" "250 2.0.0 OK" "451 4.7.1 Greylisted" "no code at all" >"$tmp/replies"
expect "replies, one a line" 2 "" bash -c "'$bin' explain --json --offline - <'$tmp/replies'"
valid "replies: their schema"
is "an object each" "[x['code'] for x in d] == [550, 250, 451, None] and [x['refused'] for x in d] == [True, False, True, True]"
is "local parts are masked" "d[0]['text'] == '[203.0.113.25] x <*@b.example> - gsmtp'"
expect "and shown when asked for" 2 "bob@b.example" bash -c "'$bin' explain --recipients --json --offline - <'$tmp/replies'"

# --- a log: each refusal counted once, one re-test a cause and address
log() { # MESSAGE
	printf 'Nov 29 06:26:20 mx postfix/smtp[1]: 4X%s: to=<user%s@b.example>, relay=gmail-smtp-in.l.google.com[192.0.2.26]:25, delay=1, delays=0/0/1/0, dsn=%s\n' "$1" "$1" "$2"
}
refusal='5.7.25, status=bounced (host gmail-smtp-in.l.google.com[192.0.2.26] said: 550-5.7.25 [203.0.113.85] no 550 5.7.25 PTR - gsmtp (in reply to end of DATA command))'
for i in $(seq 2000); do
	log "$i" "$refusal"
	log "$i" '2.0.0, status=sent (250 2.0.0 OK)'
done >"$tmp/mail.log"
log 9 "${refusal//203.0.113.85/203.0.113.80}" >>"$tmp/mail.log"
expect "a log" 1 "(2000 times)" explain "${looks[@]}" "$tmp/mail.log"
says "and the other address" "REPAIRED"
expect "the summary" 1 "2001 refused, 2 different" explain --summary "${looks[@]}" "$tmp/mail.log"
verdict "nobody is named" "$(! grep -E 'user[0-9]' "$tmp/out")"
explain --summary --format csv "${looks[@]}" "$tmp/mail.log" >"$tmp/out"
verdict "CSV: each kind counted" "$(python3 -c "
import csv
rows = list(csv.DictReader(open('$tmp/out', newline='')))
assert sorted((r['count'], r['now'], r['cause'], r['address']) for r in rows) == [
    ('1', 'repaired', 'rdns', '203.0.113.80'), ('2000', 'still-broken', 'rdns', '203.0.113.85')], rows" 2>&1 | tail -n 1)"
expect "the summary as Markdown" 1 "| 2000 | still-broken | Gmail | rdns |" explain --summary --format markdown "${looks[@]}" "$tmp/mail.log"
expect "the summary as a page" 1 "<figcaption>rdns: 2001</figcaption>" explain --summary --format html "${looks[@]}" "$tmp/mail.log"
verdict "the page: every element is closed, and the bars are the refusals" "$(python3 -c "
import html.parser, re
open_tags, text = [], open('$tmp/out').read()
class P(html.parser.HTMLParser):
    def handle_starttag(self, tag, attrs):
        if tag != 'meta': open_tags.append(tag)
    def handle_endtag(self, tag):
        assert open_tags.pop() == tag, tag
P().feed(text)
assert not open_tags and sum(int(n) for n in re.findall(r'<title>[0-9-]+: ([0-9]+)</title></rect>', text)) == 2001
assert 'user1@' not in text" 2>&1 | tail -n 1)"
printf 'Nov 29 06:26:20 mx postfix/smtpd[1]: NOQUEUE: reject: RCPT from x.example[203.0.113.85]: 550 5.7.25 Client host rejected: cannot find your hostname, [203.0.113.85]; from=<a@a.example> to=<b@b.example> proto=ESMTP helo=<x.example>\n' >"$tmp/own.log"
expect "what the machine itself refused" 2 "" explain "${offline[@]}" --ip 203.0.113.80 --json "$tmp/own.log"
is "it is told apart, and the address of --ip has no part in it" "e['by_us'] and e['address'] == '203.0.113.85' and e['address_expected'] is None"
head -n 1 "$tmp/mail.log" | sed 's/203.0.113.85\] no/203.0.113.85] Client host rejected: cannot find your hostname, no/; s/- gsmtp//' >>"$tmp/own.log"
expect "its own refusals and those of others" 2 "2 refused, 2 different" explain --summary "${offline[@]}" "$tmp/own.log"
gzip -k "$tmp/mail.log"
expect "compressed" 1 "2001 refused, 2 different" explain --summary "${looks[@]}" "$tmp/mail.log.gz"
if command -v zstd >/dev/null; then
	zstd -q "$tmp/mail.log"
	expect "compressed by zstd" 1 "2001 refused, 2 different" explain --summary "${looks[@]}" "$tmp/mail.log.zst"
	expect "on standard input" 1 "2001 refused, 2 different" bash -c 'timeout 60 "$@" <"'"$tmp/mail.log.zst"'"' - "$bin" explain --summary "${looks[@]}" -
else
	echo "skip compressed by zstd: it is not installed"
fi
head -c 1500 "$tmp/mail.log.gz" >"$tmp/cut.gz"
expect "cut off" 65 "the gzip file is cut off" explain "${offline[@]}" "$tmp/cut.gz"
grep -v status=bounced "$tmp/mail.log" >"$tmp/good.log"
expect "nothing in it" 0 "looked for Postfix" explain "${looks[@]}" "$tmp/good.log"
head -c 3000 /dev/zero >"$tmp/zeroes"
expect "binary" 65 "binary data" explain "$tmp/zeroes"
expect "no file" 66 "neither a file" explain "$tmp/none"

# --- bounces
cat >"$tmp/bounce.eml" <<'EML'
Return-Path: <>
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

<bob@b.example>: host gmail-smtp-in.l.google.com[192.0.2.26] said: 550-5.7.25 [203.0.113.85] no PTR
    550 5.7.25 record - gsmtp (in reply to end of DATA command)

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; bob@b.example
Action: failed
Status: 5.7.25
Remote-MTA: dns; gmail-smtp-in.l.google.com
Diagnostic-Code: smtp; 550-5.7.25 [203.0.113.85] no PTR
    550 5.7.25 record - gsmtp

--b--
EML
expect "a bounce" 1 "" explain "${looks[@]}" --json "$tmp/bounce.eml"
is "explained once" "len(d) == 1 and e['now'] == 'still-broken' and e['recipient_domain'] == 'b.example' and e['where'].endswith('bounce.eml:$(grep -n Final-Rec "$tmp/bounce.eml" | cut -d: -f1)')"

# --- no network at all
expect "no resolver answers" 2 '"unknown"' explain --json --resolver 127.0.0.1#9 --timeout 1 --lists "$tmp/lists.ini" --cache none "550 5.7.25 [203.0.113.80] no PTR$gmail" --allow-special
is "the cause is known all the same" "e['cause'] == 'rdns' and e['now'] == 'unknown'"

# --- a row of one's own
mkdir -p "$HOME/.config/mailready"
cat >"$HOME/.config/mailready/replies.ini" <<'INI'
[mine]
provider = any
code = 550
words = computer says no
cause = policy
means = The computer of Example says no.
source = Example
date = 2026
INI
expect "a row of the user's" 2 "The computer of Example says no." explain "${offline[@]}" "550 5.9.9 computer says no"
echo 'cause = nonsense' >>"$HOME/.config/mailready/replies.ini"
expect "one that is wrong" 78 "replies.ini:9: cause: given a second time" explain "${offline[@]}" "550 no way"
