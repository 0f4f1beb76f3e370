#!/usr/bin/env bash
# shellcheck disable=SC2016 # $ORIGIN and the like are not variables
# Zone files as people have them: what BIND reads in a file is what --planned reads in it, record by
# record, and what BIND refuses is refused; then the program with such files, as a user has them.
# variants: release
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 70
bin=${MAILREADY:-$PWD/build/release/mailready}
drive=$PWD/build/release/tests/tools/zone_drive
compile=$(command -v named-compilezone || command -v /usr/sbin/named-compilezone)
mkdir -p build
tmp=$(mktemp -d "$PWD/build/zones.XXXXXX") || exit 70
trap 'rm -rf "$tmp"' EXIT
export XDG_CACHE_HOME=$tmp/cache XDG_CONFIG_HOME=$tmp/config XDG_STATE_HOME=$tmp/state HOME=$tmp
# shellcheck disable=SC1091
source tests/integration/expect.sh
cd "$tmp" || exit 70

# --- the same records as BIND
zone() { # NAME: the text on standard input, HEAD being what each zone must have
	local text
	text=$(cat)
	printf '%s\n' "${text//HEAD/$head}" >"$1.zone"
}
head='@ IN SOA ns1.example.net. hostmaster.example.net. 1 3600 900 604800 300
@ IN NS ns1.example.net.'

zone order <<'ZONE'
$ttl 1D
HEAD
a IN 3600 A 203.0.113.25
b 2h IN A 203.0.113.26
c A 203.0.113.27
  60 AAAA 2001:db8::27
d in 1W1d a 203.0.113.28
ZONE
zone parentheses <<'ZONE'
$TTL 300
@	IN	SOA	( ; the zone
	ns1.example.net. hostmaster.example.net.
	2026112901 ; serial
	3h 1h 1w 5m
)
	NS	ns1.example.net.
s1._domainkey TXT ( "v=DKIM1; k=rsa; " ; a comment ( with a parenthesis
  "p=MIIB;" )
one\.label A 203.0.113.1
e\065 A 203.0.113.2
\$dollar A 203.0.113.3
txt TXT a;b
txt TXT "a;b(c)d" "e\"f" g\;h ""
@ CAA 128 issuewild ";"
@ HTTPS 1 . alpn="h2,h3"
@ NAPTR 100 10 "S" "SIP+D2U" "!^.*$!sip:info@example.com!" _sip._udp
_25._tcp.mail TLSA ( 3 1 1
  0C72AC70B745AC19998811B131D662C9
  AC69DBDBE7CB23E5B514B56664C5D3D6 )
@ TYPE65534 \# 5 0830390001
@ LOC 52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m
ZONE
zone origins <<'ZONE'
$TTL 300
$ORIGIN com.
example IN SOA ns1.example.net. hostmaster.example.net. 1 3600 900 604800 300
  NS ns1.example.net.
$ORIGIN example
mail A 203.0.113.25
$Origin deep
$ORIGIN deeper
mail MX 10 @
 TXT "still mail"
$ORIGIN .
last.example.com A 203.0.113.26
ZONE
zone include <<'ZONE'
$TTL 300
HEAD
before A 203.0.113.1
$INCLUDE "part.inc" sub
 A 203.0.113.2
$include part.inc
ZONE
printf 'p A 203.0.113.7\n$ORIGIN inner\nq CNAME p\n' >part.inc
zone generate <<'ZONE'
$TTL 300
HEAD
$GENERATE 1-3 h$ MX "0 mail${1,3,d}"
$GENERATE 4-8/2 host${-2} A 203.0.113.$
$GENERATE 6-7 t$ 60 IN TXT "\"hello $ there\""
$GENERATE 250-251 v${0,4,x} CNAME x$$.${0,0,o}.${0,3,X}
$GENERATE 0-17/17 ${0,3,n}.rev CNAME x\$${0,1,N}
ZONE
printf '$TTL 300\r\n%s\r\nmail A 203.0.113.25 ; here\r\n' "${head//$'\n'/$'\r\n'}" >crlf.zone
printf '$TTL 300\n%s\n   \n\t\n ; indented\n*.w A 203.0.113.80\nlast A 203.0.113.25' "$head" >blank.zone

records() { LC_ALL=C sort -u; } # of a set
compare() { # NAME: of NAME.zone, the zone example.com
	local why=""
	"$compile" -q -k ignore -i none -s full -o bind.text example.com "$1.zone" >bind.log 2>&1 ||
		why="BIND refuses it: $(head -c 300 bind.log | tr '\n' '|')"
	"$drive" bind.text . 2>>bind.log | records >bind.records
	"$drive" "$1.zone" example.com 2>our.log | records >our.records
	[[ -s our.records ]] || why+=" nothing is read: $(head -c 300 our.log)"
	cmp -s bind.records our.records || why+=" $(diff bind.records our.records | head -c 500 | tr '\n' '|')"
	verdict "as BIND reads it: $1" "$why"
}

refused() { # NAME LINE...
	local why="" name=$1
	shift
	printf '%s\n' '$TTL 300' "$head" "$@" >bad.zone
	! "$compile" -q -k ignore -i none -o bind.text example.com bad.zone >bind.log 2>&1 || why="BIND takes it"
	! "$drive" bad.zone example.com >our.log 2>&1 || why+=" it is read"
	grep -q '^bad.zone:' our.log || why+=" no line: $(head -c 300 our.log)"
	verdict "refused as by BIND: $name" "$why"
}

if [[ -z $compile ]]; then
	echo "skip zone files beside BIND: named-compilezone is missing"
else
	for name in order parentheses origins include generate crlf blank; do compare "$name"; done
	refused "a mistyped type" '25 IN PRT mail'
	refused "a mistyped class" '25 INN PTR mail'
	refused "one word" 'garbage'
	refused "a word too many" 'mail A 203.0.113.25 x'
	refused "zeros in an address" 'mail A 203.0.113.025'
	refused "a name in quotes" '25 PTR "mail.example.com."'
	refused "a comment of another kind" '# a comment'
	refused "class CH" 'a CH TXT x'
	refused "a string of 256 bytes" "a TXT $(printf 'a%.0s' {1..256})"
	refused "a parenthesis that does not end" 'a TXT ( x'
	refused "a quote that does not end" 'a TXT "x'
	refused "an empty label" 'a..b A 203.0.113.25'
	refused "a mistyped directive" '$ORIGN example.com.'
	refused "a directive after a blank" ' $ORIGIN example.com.'
	refused "a file that is not there" '$INCLUDE none'
	refused "numbers that run backwards" '$GENERATE 2-1 a$ A 203.0.113.1'
	refused "a base that is none" '$GENERATE 1-2 a${0,1,q} A 203.0.113.1'
fi

# --- the program
offline=(--offline --allow-special --only "ptr,iprev" 203.0.113.25 --planned)
printf '\xef\xbb\xbf$origin Example.COM.\r\n$ttl 1h\r\n* A 203.0.113.80\r\n@ ALIAS lb.example.net.\r\nmail [AGE:3634093] in 600 A 203.0.113.25\r\n$ORIGIN 203.in-addr.arpa.\r\n$ORIGIN 113.0\r\n25 PTR mail.example.com.\r\n' >people.zone
expect "a file as people have it" 0 "PASS" "$bin" "${offline[@]}" people.zone
expect "what is passed over is said once" 0 "people.zone: 2 records passed over: 1 wildcard (line 3), 1 ALIAS (line 4)" "$bin" "${offline[@]}" people.zone
printf '25 PTR mail.example.com.\nmail.example.com. A 203.0.113.25\n' >relative.zone
expect "a relative name without \$ORIGIN" 65 'relative.zone:1: "25 PTR mail.example.com.": the name "25" has no final dot' "$bin" "${offline[@]}" relative.zone
expect "the zone by an option" 0 "PASS" "$bin" "${offline[@]}" relative.zone --origin 113.0.203.in-addr.arpa
expect "the option without a file" 64 "--planned FILE" "$bin" --origin example.com 203.0.113.25
expect "an option that is no zone" 64 "is not the name of a zone" "$bin" "${offline[@]}" relative.zone --origin a..b
printf '$ORIGIN example.com.\nmail A 203.0.113.25\n25.113.0.203.in-addr.arpa. PTR mail.example.com\n' >dot.zone
expect "a forgotten dot is the finding" 1 "the final dot is missing in dot.zone:3" "$bin" "${offline[@]}" dot.zone
says "a forgotten dot: the remedy" "In dot.zone:3, write the name with a final dot: PTR mail.example.com."
printf '$ORIGIN 113.0.203.in-addr.arpa.\n@ SOA ns.example.net. h.example.net. 1 2 3 4 5\n24/29 NS ns.example.com.\n25 CNAME 25.24/29\n' >delegated.zone
expect "below a delegation nothing is known" 2 "not asked" "$bin" "${offline[@]}" delegated.zone
printf '$ORIGIN 113.0.203.in-addr.arpa.\n@ DNAME rev.example.com.\n25.rev.example.com. PTR mail.example.com.\nmail.example.com. A 203.0.113.25\n' >dname.zone
expect "DNAME is followed" 0 "PASS" "$bin" "${offline[@]}" dname.zone
iconv -f UTF-8 -t UTF-16 relative.zone >utf16.zone
expect "UTF-16 is refused by its name" 65 "utf16.zone: is UTF-16 text" "$bin" "${offline[@]}" utf16.zone
mkdir below && printf '$ORIGIN example.com.\n$INCLUDE ../part.inc\n' >below/out.zone
expect "a file outside is not included" 65 "not in the directory of" "$bin" "${offline[@]}" below/out.zone
