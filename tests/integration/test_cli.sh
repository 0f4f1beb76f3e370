#!/usr/bin/env bash
# The command line as a user meets it: bad input, exit status, lost output, formats.  Needs no DNS
# server: everything is answered from a file of planned records.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 70
bin=${MAILREADY:-$PWD/build/release/mailready}
tmp=$(mktemp -d "${TEST_TMP:-/tmp}/cli.XXXXXX") || exit 70
trap 'rm -rf "$tmp"' EXIT
unset NO_COLOR MAILREADY_DATA

cat >"$tmp/world.zone" <<'ZONE'
$TTL 3600
25.113.0.203.in-addr.arpa. PTR mail.example.com.
26.113.0.203.in-addr.arpa. PTR other.example.com.
mail.example.com.  A    203.0.113.25
other.example.com. A    203.0.113.99
both.example.com.  A    203.0.113.25
both.example.com.  A    203.0.113.26
text.example.com.  TXT  "no address here"
example.com.       A    203.0.113.99
example.com.       MX   10 mail.example.com.
null.example.com.  MX   0 .
null.example.com.  A    203.0.113.99
part.example.com.  MX   10 mail.example.com.
part.example.com.  MX   20 text.example.com.
ZONE
printf '%s\n' 'a.example. A 192.0.2.1' '; a comment' 'b.example. A 192.0.2.300' >"$tmp/broken.zone"
echo 'a.example. A 192.0.2.1' >"$tmp/other.zone"
printf '%s\n' '# servers' '203.0.113.25 mail.example.com' '' 'no/target' '203.0.113.26 # old' >"$tmp/list"
printf '%s\n' '# nothing' '' >"$tmp/blank"
printf 'one.example\ntwo..example\n' >"$tmp/lists"
printf '203.0.113.25\n\0\1\2\377\n\033[31m\n' >"$tmp/binary"
: >"$tmp/empty"
mkdir "$tmp/dir"
echo '{"schema": "mailready.facts/1"}' >"$tmp/half.json"
echo '{"schema": ' >"$tmp/cut.json"
offline=(--offline --planned "$tmp/world.zone" --allow-special --skip "dnsbl,smtp")

verdict() { # NAME WHY: ok without WHY
	if [[ -z $2 ]]; then echo "ok $1"; else echo "not ok $1: $2"; fi
}

# NAME STATUS WORD COMMAND...: WORD must stand on standard error ("" = it must be empty)
expect() {
	local name=$1 status=$2 word=$3 why="" got
	shift 3
	"$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	got=$?
	[[ $got == "$status" ]] || why="exit $got, expected $status ($(head -c 300 "$tmp/err"))"
	if [[ -n $word ]]; then
		grep -qF -- "$word" "$tmp/err" || why+=" stderr does not say '$word': $(head -c 300 "$tmp/err")"
	elif [[ -s $tmp/err ]]; then
		why+=" stderr is not empty: $(head -c 300 "$tmp/err")"
	fi
	! LC_ALL=C grep -qaP '[\x00-\x08\x0b-\x1f\x7f]' "$tmp/err" || why+=" control bytes on stderr"
	verdict "$name" "$why"
}

# NAME WORD: what the last command wrote on standard output
shows() {
	if grep -qaF -- "$2" "$tmp/out"; then verdict "$1" ""; else verdict "$1" "no '$2' in: $(head -c 300 "$tmp/out")"; fi
}

# --- bad words and options
expect "unknown option" 64 "did you mean --planned" "$bin" check --planed x 203.0.113.25
expect "unknown letter" 64 "-z" "$bin" -z 203.0.113.25
expect "unknown check" 64 "expected address, ptr" "$bin" --only nonsense 203.0.113.25
expect "resolver no address" 64 "'ns.example'" "$bin" --resolver ns.example 203.0.113.25
expect "timeout" 64 "'soon'" "$bin" --timeout soon 203.0.113.25
expect "control bytes in --helo" 64 '\x1b[31m' "$bin" --helo $'a\033[31m' 203.0.113.25
expect "helo for a list" 64 "--helo" "$bin" --helo mail.example.com --input "$tmp/list"
expect "two lists" 64 "one list" "$bin" --input "$tmp/list" -
expect "empty file name" 64 "--output: expected FILE" "$bin" "${offline[@]}" -o "" 203.0.113.25
expect "empty file name of a list" 64 "--input: expected FILE" "$bin" "${offline[@]}" --input= 203.0.113.25
expect "domain that is none" 64 "'a b'" "$bin" "${offline[@]}" --domain "a b" 203.0.113.25
expect "command with a typing error" 65 "did you mean the command check?" "$bin" chek 203.0.113.25 "${offline[@]}"
expect "judge without file" 64 "usage:" "$bin" judge
expect "help of nothing" 64 "'nothing'" "$bin" help nothing
expect "no target at all" 65 '"nonsense"' "$bin" "${offline[@]}" nonsense
expect "too large a block" 65 '"0.0.0.0/1"' "$bin" "${offline[@]}" 0.0.0.0/1
printf '%s\n' 'ip,from,dkim' '203.0.113.25,one.example.org,one.example.org/s1' '203.0.113.26,two.example.com,two.example.com/sel2' >"$tmp/keys.csv"
expect "a table with keys" 1 "" "$bin" check --input "$tmp/keys.csv" "${offline[@]}" -f jsonl
verdict "each row has its own" "$(python3 - "$tmp/out" <<-'PY'
	import json, sys
	got = [[(k["domain"], k["selector"]) for k in json.loads(line)["dkim"]] for line in open(sys.argv[1])]
	if got != [[("one.example.org", "s1")], [("two.example.com", "sel2")]]: print(got)
PY
)"
expect "address block" 1 "" "$bin" "${offline[@]}" 203.0.113.0/24 -f brief
verdict "every address of it" "$([[ $(wc -l <"$tmp/out") == 256 ]] || wc -l "$tmp/out")"
expect "address with a typing error" 65 '"203.0.113.256"' "$bin" "${offline[@]}" 203.0.113.256
expect "escape sequence as target" 65 '\x1b[2J' "$bin" "${offline[@]}" $'\033[2J'
expect "bad word among good ones" 65 '"no/target"' "$bin" "${offline[@]}" 203.0.113.25 no/target 203.0.113.26
shows "the word before it is checked" "203.0.113.25"
shows "the word after it is checked" "203.0.113.26"

# --- host names
expect "host without addresses" 65 "text.example.com" "$bin" "${offline[@]}" text.example.com
expect "host that does not exist" 65 "none.example.com" "$bin" "${offline[@]}" none.example.com
expect "host that nobody was asked about" 2 "mail.example.net" "$bin" "${offline[@]}" mail.example.net
expect "host with two addresses" 1 "" "$bin" "${offline[@]}" -f brief both.example.com
shows "its first address" "203.0.113.25 (both.example.com)"
shows "its second address" "203.0.113.26 (both.example.com)"

# --- domains
expect "domain: its mail server, not its web server" 0 "example.com: 1 mail server (MX): mail.example.com;" \
	"$bin" "${offline[@]}" --helo mail.example.com example.com
shows "the server and the domain" "203.0.113.25 (mail.example.com, MX of example.com)  PASS"
expect "domain, quietly" 0 "" "$bin" "${offline[@]}" --helo mail.example.com -q example.com
expect "domain in JSON" 0 "or the domain's own address 203.0.113.99" "$bin" "${offline[@]}" --helo mail.example.com --json example.com
shows "both names" '"mx_of": "example.com"'
expect "facts of a domain" 0 "(MX)" "$bin" "${offline[@]}" --helo mail.example.com --dump-facts "$tmp/domain.json" example.com
expect "judged again" 0 "" "$bin" judge "$tmp/domain.json"
shows "it is still the domain's" "203.0.113.25 (mail.example.com, MX of example.com)"
expect "null MX" 2 "null.example.com accepts no mail" "$bin" "${offline[@]}" null.example.com
expect "null MX beside a good server" 0 "null.example.com accepts no mail" "$bin" "${offline[@]}" --helo mail.example.com null.example.com mail.example.com
expect "null MX in monitoring" 3 "203.0.113.99" "$bin" "${offline[@]}" -f nagios null.example.com
expect "one server without address" 65 "text.example.com (MX of part.example.com)" "$bin" "${offline[@]}" part.example.com
shows "the other one is checked" "203.0.113.25"
echo example.com >"$tmp/domains"
expect "domain in a list: only what is missing is said" 0 "" "$bin" "${offline[@]}" --input "$tmp/domains" -f brief
shows "the domain's server in a list" "MX of example.com"
expect "IPv4 when only IPv6 is looked at" 65 "203.0.113.25" "$bin" "${offline[@]}" -6 203.0.113.25

# --- files
expect "list that is not there" 66 "$tmp/none" "$bin" --input "$tmp/none"
for reads in "check --input" "check --format csv --again" "check 203.0.113.25 --message" explain "explain --summary" received judge \
	merge preflight "fix --resume" "fix --input" undo "run --config"; do
	read -ra words <<<"$reads"
	expect "$reads that is a directory" 66 "$tmp/dir" "$bin" "${words[@]}" "$tmp/dir"
done
expect "empty list" 66 "no target" "$bin" "${offline[@]}" --input "$tmp/empty"
expect "list of comments" 66 "no target" "$bin" "${offline[@]}" --input "$tmp/blank"
expect "empty standard input" 66 "no target" "$bin" "${offline[@]}" -
expect "bad line of a list" 65 "$tmp/list:4:" "$bin" "${offline[@]}" --input "$tmp/list"
shows "the line before it is checked" "203.0.113.25"
shows "the line after it is checked" "203.0.113.26"
expect "binary list" 65 "$tmp/binary:2:" "$bin" "${offline[@]}" --input "$tmp/binary"
shows "the good line of a binary list" "203.0.113.25"
expect "a range with blanks" 64 "a range is written without blanks, 203.0.113.25-203.0.113.27" "$bin" 203.0.113.25 - 203.0.113.27
expect "zone file that is not there" 66 "$tmp/none" "$bin" --planned "$tmp/none" 203.0.113.25
expect "zone file with a syntax error" 65 "$tmp/broken.zone:3" "$bin" --offline --planned "$tmp/broken.zone" 203.0.113.25
expect "zone file without records" 65 "$tmp/empty" "$bin" --offline --planned "$tmp/empty" 203.0.113.25
expect "catalogue that is not there" 66 "$tmp/none" "$bin" "${offline[@]}" --lists "$tmp/none" 203.0.113.25
expect "plain list with an error" 65 "$tmp/lists:2" "$bin" "${offline[@]}" --lists "$tmp/lists" 203.0.113.25
expect "data directory that is not there" 78 "$tmp/none" env MAILREADY_DATA="$tmp/none" "$bin" 203.0.113.25
expect "facts that are not there" 66 "$tmp/none" "$bin" judge "$tmp/none"
expect "facts that are half" 65 "half.json" "$bin" judge "$tmp/half.json"
expect "facts that are cut" 65 "cut.json" "$bin" judge "$tmp/cut.json"
expect "empty facts" 66 "$tmp/empty" "$bin" judge "$tmp/empty"

# --- input as people have it
good=("${offline[@]}" -f brief)
printf '%s\n' 'ip;hostname;note' '"203.0.113.25";"mail.example.com";"a; b"' >"$tmp/table"
expect "a table" 0 'table:1: the column "note" is not used' "$bin" "${good[@]}" --only ptr,iprev --input "$tmp/table"
shows "its host name is shown" "203.0.113.25 (mail.example.com)"
expect "a table, quietly" 0 "" "$bin" "${offline[@]}" --only ptr,iprev -q --input "$tmp/table"
printf '%s\n' 'helo,ip' 'mail.example.com,203.0.113.25' >"$tmp/table"
expect "a table with EHLO names" 0 "" "$bin" "${good[@]}" --input "$tmp/table"
printf '%s\n' 'ip,address' '203.0.113.25,203.0.113.26' >"$tmp/table"
expect "a table with two readings" 65 'table:1: the columns "ip" and "address" mean the same' "$bin" "${good[@]}" --input "$tmp/table"
verdict "nothing of it is checked" "$(head -c 200 "$tmp/out")"
printf '%s\n' 'ip,note' '203.0.113.25,"a' '203.0.113.26,b"' >"$tmp/table"
expect "a field over two lines" 65 'table:2: a quoted field does not end' "$bin" "${good[@]}" --input "$tmp/table"
verdict "its second line is not a target" "$(cat "$tmp/out")"
printf '203.0.113.25\n203.0.113.26\n' | iconv -t UTF-16 >"$tmp/utf16"
expect "UTF-16" 65 "utf16:1: is UTF-16 text" "$bin" "${good[@]}" --input "$tmp/utf16"
expect "UTF-16 for fix" 65 "utf16:1: is UTF-16 text" "$bin" fix --input "$tmp/utf16"
printf '%s\n' '127.0.0.1 localhost' '203.0.113.25 mail.example.com mail' >"$tmp/hosts"
expect "a hosts file" 0 "hosts:1: is read as a hosts file" "$bin" "${good[@]}" --only ptr,iprev --input "$tmp/hosts"
shows "its host name" "203.0.113.25 (mail.example.com)"
expect "an address in brackets, with its port" 0 "" "$bin" "${good[@]}" --only ptr,iprev '[203.0.113.25]:25'
expect "an address with a final dot" 0 "" "$bin" "${good[@]}" --only rdns,fcrdns 203.0.113.25.
expect "dig -x" 0 "" "$bin" "${good[@]}" --only ptr,iprev -x 203.0.113.25
expect "a block with host bits" 65 "did you mean 203.0.113.24/29, or 203.0.113.25 alone?" "$bin" "${good[@]}" 203.0.113.25/29
expect "a URL" 65 "did you mean mail.example.com?" "$bin" "${good[@]}" https://mail.example.com/
expect "@ and a domain" 64 "a domain is written without @" "$bin" "${good[@]}" @example.com
expect "@ADDR" 69 "127.0.0.1#1" "$bin" --no-smtp -t 0.5 203.0.113.25 @127.0.0.1#1
expect "an address or a port" 64 "has two readings" "$bin" -r ::1:53 203.0.113.25
expect "fix, the wrong way round" 64 "did you mean 203.0.113.25 mail.example.com?" "$bin" fix mail.example.com 203.0.113.25
expect "fix with the name behind" 64 "given twice" "$bin" fix 203.0.113.25 mail.example.com --name other.example.com
expect "a list that the catalogue does not know" 2 "bl.mycompany.test is unknown to the catalogue" \
	"$bin" --offline --planned "$tmp/world.zone" --only rbl --only-list bl.mycompany.test 203.0.113.25
expect "a list that is like another" 64 "did you mean zen.spamhaus.org?" "$bin" --only-list zen.spamhaus.og 203.0.113.25
expect "lists of an operator" 0 "" "$bin" lists SPAMHAUS
verdict "they and no others" "$(grep -v -e '^ZONE' -e 'spamhaus' -e '^cbl.abuseat' "$tmp/out")"
shows "the first of them" "zen.spamhaus.org"
expect "lists of nobody" 64 "no list has 'nobody-at-all'" "$bin" lists nobody-at-all
expect "lists of an operator as JSON" 0 "" "$bin" lists spamcop --json
shows "the list" '"zone": "bl.spamcop.net"'

# --- the network
expect "unreachable resolver" 69 "127.0.0.1#1" "$bin" --no-smtp --timeout 0.5 --resolver 127.0.0.1#1 203.0.113.25

# --- output that cannot be written
expect "output in no directory" 73 "$tmp/none/out" "$bin" "${offline[@]}" -o "$tmp/none/out" 203.0.113.25
expect "facts in no directory" 73 "$tmp/none/facts" "$bin" "${offline[@]}" --dump-facts "$tmp/none/facts" 203.0.113.25
expect "full disk" 74 "No space left" "$bin" "${offline[@]}" -o /dev/full 203.0.113.25
expect "full disk for the facts" 74 "No space left" "$bin" "${offline[@]}" --dump-facts /dev/full 203.0.113.25
# shellcheck disable=SC2016 # the inner shell's
{
	expect "full standard output of a list" 74 "No space left" sh -c '"$@" >/dev/full' sh "$bin" watch list --config /dev/null
	expect "input without an end of line" 65 "does not end within" "$bin" "${offline[@]}" --input /dev/zero
	expect "full standard output" 74 "No space left" sh -c '"$@" >/dev/full' sh "$bin" "${offline[@]}" 203.0.113.25
	expect "closed standard output" 74 "Bad file descriptor" sh -c '"$@" >&-' sh "$bin" "${offline[@]}" 203.0.113.25
	expect "closed standard output, help" 74 "standard output" sh -c '"$@" >&-' sh "$bin" --help
	expect "reader that went away" 74 "Broken pipe" bash -c '{ sleep 0.2; "$@"; echo $? >"$0"; } | true; exit "$(cat "$0")"' \
		"$tmp/status" "$bin" "${offline[@]}" 203.0.113.25
}
echo kept >"$tmp/report"
expect "output of a run that fails" 65 "broken.zone" "$bin" --offline --planned "$tmp/broken.zone" -o "$tmp/report" 203.0.113.25
verdict "it leaves the old file alone" "$(grep -qx kept "$tmp/report" || echo changed)"
verdict "and nothing beside it" "$(find "$tmp" -name 'report.*')"
expect "output to a file" 0 "" "$bin" "${offline[@]}" --helo mail.example.com -o "$tmp/report" 203.0.113.25
verdict "it is written" "$(grep -q '^203.0.113.25' "$tmp/report" || head -c 200 "$tmp/report")"

# --- exit status
expect "good" 0 "" "$bin" "${offline[@]}" --helo mail.example.com 203.0.113.25
expect "good by default command" 0 "" "$bin" check "${offline[@]}" --helo mail.example.com 203.0.113.25
expect "mismatch" 1 "" "$bin" "${offline[@]}" 203.0.113.26
expect "no PTR record" 1 "" "$bin" "${offline[@]}" 203.0.113.27
expect "good and bad" 1 "" "$bin" "${offline[@]}" 203.0.113.25 203.0.113.26
expect "nothing known" 2 "" "$bin" "${offline[@]}" --only ehlo --helo mail.example.org 203.0.113.25
expect "lists alone, none asked" 2 "" "$bin" --offline --planned "$tmp/world.zone" --only dnsbl 203.0.113.25
expect "version" 0 "" "$bin" --version
shows "the version" "mailready "
expect "help" 0 "" "$bin" help judge
# what --format takes stands in the command's help: each of these names, and no other
for command in check judge report preflight lists history fix ptr undo wait; do
	read -ra formats < <("$bin" "$command" --help | sed -n 's/^Formats: //p')
	why=""
	[[ ${#formats[@]} -ge 3 || " lists history fix ptr undo wait " == *" $command "* ]] ||
		why="only ${#formats[@]} formats in its help"
	[[ " ${formats[*]}" == " text "*json* ]] || why="its help says ${formats[*]}"
	for format in "${formats[@]}"; do
		! "$bin" "$command" --format "$format" /nonexistent 2>&1 | grep -q "format '$format'" ||
			why="it has no format $format"
	done
	if [[ -z $why ]]; then echo "ok help: formats of $command"; else echo "not ok help: formats of $command: $why"; fi
done
shows "the options of judge" "--fail-on"
expect "a format that lists do not have" 64 "there is no format 'csv': expected text or json" "$bin" lists --format csv
expect "the catalogue as JSON" 0 "" "$bin" lists --json
verdict "--json is --format json" "$("$bin" lists --format json | cmp - "$tmp/out" 2>&1)"

# --- formats
check_json() { # NAME MANY: the last output is valid, and an array only when MANY
	local why
	why=$(python3 tests/integration/validate_schema.py "$tmp/out" 2>&1) && why=""
	[[ $(head -c 1 "$tmp/out") == "$2" ]] || why+=" does not start with $2"
	verdict "$1" "$why"
}
expect "json" 0 "" "$bin" "${offline[@]}" --helo mail.example.com --json 203.0.113.25
check_json "one address is an object" "{"
expect "json of two" 1 "" "$bin" "${offline[@]}" --json 203.0.113.25 203.0.113.26
check_json "two addresses are an array" "["
expect "json of a host" 1 "" "$bin" "${offline[@]}" --json both.example.com
check_json "a host is an array" "["
expect "json of no target" 65 "none.example.com" "$bin" "${offline[@]}" --json none.example.com
verdict "is an array with what was given" "$(python3 -c 'import json,sys; print(end="" if [(r["target"]["address"], r["target"]["family"], r["verdict"]) for r in json.load(sys.stdin)] == [("none.example.com", 0, "fail")] else "it is not")' <"$tmp/out" 2>&1)"
expect "jsonl" 1 "" "$bin" "${offline[@]}" -f jsonl both.example.com
check_json "one object a line" "{"
verdict "two lines" "$([[ $(wc -l <"$tmp/out") == 2 ]] || wc -l "$tmp/out")"
expect "json of everything that could not be told" 2 "" "$bin" --offline --planned "$tmp/other.zone" --json 203.0.113.25
check_json "it is valid" "{"
expect "brief" 1 "" "$bin" "${offline[@]}" -f brief 203.0.113.26
verdict "one line" "$([[ $(wc -l <"$tmp/out") == 1 ]] || wc -l "$tmp/out")"
expect "quiet and good" 0 "" "$bin" --offline --planned "$tmp/world.zone" --skip address,dnsbl,smtp \
	-q --helo mail.example.com 203.0.113.25
verdict "says nothing" "$(head -c 100 "$tmp/out")"
expect "no colour in a pipe" 1 "" "$bin" "${offline[@]}" 203.0.113.26
verdict "is none" "$(grep -ac $'\033' "$tmp/out" | grep -vx 0)"
expect "no file to judge: where help is" 64 "mailready --help" "$bin" judge
expect "a provider that there is not, though nothing is to be done" 64 "program or manual" \
	"$bin" fix 203.0.113.25 --name mail.example.com --offline --planned "$tmp/world.zone" --allow-special \
	--provider huawai
# who sets it: hosters of the table, by the default name that the address has
printf '%s\n' '25.113.0.203.in-addr.arpa. IN PTR 172-104-145-53.ip.linodeusercontent.com.' \
	'26.113.0.203.in-addr.arpa. IN PTR rrcs-74-87-59-234.west.biz.rr.com.' \
	'27.113.0.203.in-addr.arpa. IN PTR host.example.net.' \
	'mail.example.com. IN A 203.0.113.25' >"$tmp/hosters.zone"
fixes=("$bin" fix --name mail.example.com --offline --planned "$tmp/hosters.zone" --allow-special --replace)
expect "a hoster whose customers set the record" 1 "" "${fixes[@]}" 203.0.113.25
shows "the customer's own way" "    linode-cli linodes ip-update LINODE-ID 203.0.113.25 --rdns mail.example.com"
shows "the letter is for others" "If the address is in somebody else's account, a request to send:"
expect "a hoster that does it on request" 1 "" "${fixes[@]}" 203.0.113.26
shows "whom to ask" "At Spectrum Business the record is to be had on request"
shows "the letter is what to send" "A request to send:"
expect "an unknown hoster" 1 "" "${fixes[@]}" 203.0.113.27
shows "a request" "A request to send:"
expect "terraform" 1 "" "${fixes[@]}" 203.0.113.25 --format terraform
shows "the resource" 'resource "linode_rdns" "mail_203_0_113_25" {'
expect "no resource" 1 "" "${fixes[@]}" 203.0.113.27 --format terraform
shows "why there is none" "# 203.0.113.27: no resource is known: the hoster was not recognised"
expect "a ticket in Markdown" 1 "" "${fixes[@]}" 203.0.113.26 --format markdown
# shellcheck disable=SC2016 # a code span
shows "its table" '| PTR name wanted | `mail.example.com` |'
expect "what only shows is not applied" 64 "omit --apply" "$bin" fix 203.0.113.25 --name mail.example.com \
	--apply --format terraform
expect "a plan with a hoster" 1 "" "${fixes[@]}" 203.0.113.25 --json
shows "who sets it" '"who": "customer"'
expect "a report with a hoster" 2 "" "$bin" --offline --planned "$tmp/hosters.zone" --allow-special \
	--skip dnsbl,smtp --json 203.0.113.25
shows "what it was recognised by" '"sign": "ptr-name"'
expect "a remedy with a hoster" 2 "" "$bin" --offline --planned "$tmp/hosters.zone" --allow-special \
	--skip dnsbl,smtp --helo mail.example.com 203.0.113.25
shows "who can set it" "at Akamai (Linode) its"
expect "fix of a name" 65 "a PTR record belongs to one" "$bin" fix mail.example.com --name mail.example.com
expect "a resolver as others write it" 69 "127.0.0.1#1" "$bin" --no-smtp --timeout 0.5s 203.0.113.25 --resolver 127.0.0.1:1

# 0 is no width at all, as of a serial line
for columns in 0 50 300; do
	why=
	TERM=dumb COLUMNS=$columns python3 tests/integration/terminal.py "" "$bin" "${offline[@]}" \
		203.0.113.26 >"$tmp/terminal"
	longest=$(grep -v '^ *mailready ' "$tmp/terminal" | wc -L) # commands are to be copied
	grep -q '^203\.0\.113\.26  FAIL  ' "$tmp/terminal" || why="no verdict first"
	if ((columns == 50 && longest > 60)) || ((columns != 50 && longest <= 60)); then
		why="the longest line has $longest columns"
	fi
	verdict "text on a terminal of $columns columns" "$why"
done
# NAME TEXT COMMAND...: on a terminal of 50 columns no line but commands is wider, and TEXT, which is, was
# broken; it is not where there is no width.  What follows "A request to send" is a mail.
wraps() {
	local name=$1 text=$2 why="" longest
	shift 2
	TERM=dumb COLUMNS=50 python3 tests/integration/terminal.py n "$@" | sed '/^A request to send/,$d' >"$tmp/narrow"
	TERM=dumb COLUMNS=0 python3 tests/integration/terminal.py n "$@" >"$tmp/wide"
	longest=$(grep -v '^ *mailready ' "$tmp/narrow" | wc -L)
	((longest > 25 && longest <= 50)) || why="the longest line has $longest columns"
	grep -qF -- "$text" "$tmp/wide" || why+=" not in one line: $text"
	! grep -qF -- "$text" "$tmp/narrow" || why+=" in one line: $text"
	tr -s ' \n' ' ' <"$tmp/narrow" | grep -qF -- "$text" || why+=" not at all: $text"
	verdict "$name" "$why"
}
wraps "a plan is broken to the terminal" "does not exist, so a PTR record would not be confirmed" \
	"$bin" fix 203.0.113.25 --name none.example.com --offline --planned "$tmp/world.zone" --allow-special
wraps "an error" "is not a block; expected a prefix length from /0 to /32" "$bin" 203.0.113.25/33
wraps "what wait says" "for which the public DNS has no PTR records" "$bin" wait 203.0.113.25 --name mail.example.com
printf '%s\n' '[server one]' 'address = 203.0.113.26' '[run]' "history = $tmp/history.db" 'only = address' >"$tmp/watch.conf"
wraps "what a scheduled run says" "no receiver on the internet will see it; lists are not asked about it" \
	"$bin" run --config "$tmp/watch.conf" --dry-run
expect "colour when asked for" 1 "" "$bin" "${offline[@]}" --color always 203.0.113.26
shows "is there" $'\033['

# --- facts again
expect "dump" 1 "" "$bin" "${offline[@]}" --dump-facts "$tmp/facts" -f brief 203.0.113.25 203.0.113.26
cp "$tmp/out" "$tmp/first"
expect "judge" 1 "" "$bin" judge --skip dnsbl,smtp -f brief "$tmp/facts"
verdict "judged as before" "$(diff "$tmp/first" "$tmp/out")"
# shellcheck disable=SC2016 # the inner shell's
expect "judge standard input" 1 "" sh -c '"$@" <"$0"' "$tmp/facts" "$bin" judge --skip dnsbl,smtp --json -
check_json "as an array" "["

# --- what the README promises
verdict "README begins with the two commands" "$(awk '/^```/ { n++; next } n == 1' README.md |
	diff - <(printf '%s\n' 'sudo apt-get install -y make && make demo' 'make check'))"
