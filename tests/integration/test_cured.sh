#!/usr/bin/env bash
# variants: release
# From a pasted refusal to a cured server, over real DNS: no PTR record (cured by the command that is printed), an
# address on Spamhaus ZEN (with the row of it that is installed; cured in rbldnsd's zone), and an EHLO name without
# a domain (cured in Postfix's configuration, and seen in what it sends).
set -u
bin="" tmp="" dns="" # by the world
# shellcheck disable=SC1091
source "$(dirname "${BASH_SOURCE[0]}")/fix_world.sh"
dir='' pki='' # by the world
: "$pki"
declare -A port
# shellcheck disable=SC1091
source tests/integration/postfix_world.sh
postfix_needs cured
trap 'postfix_stop; stop' EXIT
for program in rbldnsd unbound setpriv; do
	command -v "$program" >/dev/null || { echo "skip cured: no $program"; exit 0; }
done
# shellcheck disable=SC2034 # used by the world
declare -A extra=(
	["example.com"]="mail11 A 203.0.113.11
mail16 A 203.0.113.16
mail9 A 203.0.113.19"
	["113.0.203.in-addr.arpa"]="16 PTR mail16.example.com.
19 PTR mail9.example.com."
)
start_world
export MAILREADY_TSIG_FILE=$tmp/upd.key
read -r rbl resolver < <(tests/tools/ports 2)

# Spamhaus ZEN as rbldnsd serves it: the test entries, and what is listed.
list() { # ENTRY...
	# shellcheck disable=SC2016 # of the zone
	printf '%s\n' '$SOA 3600 ns1.example.com. hostmaster.example.com. 1 600 300 86400 10' '$NS 3600 ns1.example.com.' \
		'127.0.0.2 :127.0.0.2:test' "$@" >"$tmp/zen.new"
	chmod 644 "$tmp/zen.new"
	mv "$tmp/zen.new" "$tmp/zen"
}
list '203.0.113.16 :127.0.0.3:https://www.spamhaus.org/query/ip/$'
as=()
[[ $(id -u) -ne 0 ]] || as=(--reuid rbldns --regid rbldns --clear-groups)
chmod 755 "$tmp"
setpriv "${as[@]}" --pdeathsig TERM rbldnsd -n -e -c 1 -b "127.0.0.1/$rbl" "zen.spamhaus.org:ip4set:$tmp/zen" >"$tmp/rbldnsd.log" 2>&1 &
pids+=($!)
printf '%s\n' "server:" "  interface: 127.0.0.1@$resolver" "  access-control: 127.0.0.0/8 allow" "  do-ip6: no" '  username: ""' '  chroot: ""' \
	"  directory: \"$tmp\"" '  pidfile: ""' "  use-syslog: no" "  do-daemonize: no" "  do-not-query-localhost: no" '  module-config: "iterator"' \
	"  cache-max-ttl: 1" "  cache-max-negative-ttl: 1" '  local-zone: "113.0.203.in-addr.arpa." nodefault' \
	"stub-zone:" '  name: "."' "  stub-addr: 127.0.0.1@$dns" \
	"stub-zone:" '  name: "113.0.203.in-addr.arpa"' "  stub-addr: 127.0.0.1@$dns" \
	"stub-zone:" '  name: "zen.spamhaus.org"' "  stub-addr: 127.0.0.1@$rbl" >"$tmp/unbound.conf"
unbound -d -c "$tmp/unbound.conf" >"$tmp/unbound.log" 2>&1 &
pids+=($!)
answers() { # NAME TYPE WORD: waits until the resolver says it
	for _ in $(seq 100); do
		[[ $(dig +noall +comments +answer +tries=1 +time=1 -p "$resolver" @127.0.0.1 "$1" "$2" 2>/dev/null) != *"$3"* ]] || return 0
		sleep 0.1
	done
	echo "not ok the resolver does not say $3 of $1: $(tail -n 3 "$tmp"/*.log | tr '\n' ' ')"
	exit 1
}
answers 2.0.0.127.zen.spamhaus.org A 127.0.0.2
answers mail11.example.com A 203.0.113.11
fix="--resolver 127.0.0.1#$resolver --authority-port $dns --provider rfc2136"
look=(--resolver "127.0.0.1#$resolver" --authority-port "$dns" --allow-special --cache none --no-smtp)
explain() { timeout 60 "$bin" explain "${look[@]}" "$@"; }

# Postfix that sends (good), and two receivers: one that wants a full name in EHLO, one that wants a PTR name and is
# told by the client what it would have seen.
postfix_begin good strict named
make_cert good localhost 60
postfix_start "cured: Postfix" "relayhost = [127.0.0.1]:${port[strict]}" "smtp_helo_name = mail9" "default_transport = smtp" \
	"smtpd_relay_restrictions = permit_mynetworks,reject" "smtp_tls_security_level = none" < <(
	listener good
	listener strict smtpd_helo_required=yes smtpd_helo_restrictions=reject_non_fqdn_helo_hostname \
		smtpd_end_of_data_restrictions=check_client_access,static:discard
	listener named smtpd_authorized_xclient_hosts=127.0.0.0/8 smtpd_client_restrictions=reject_unknown_client_hostname \
		smtpd_relay_restrictions=check_client_access,static:ok,reject
	echo 'smtp unix - - n - - smtp'
)
log=$dir/log/mail.log
receiver() { # ADDRESS NAME: what the receiver that wants a PTR name says to RCPT
	python3 -c "
import smtplib
s = smtplib.SMTP('127.0.0.1', ${port[named]}, timeout=30)
s.ehlo('mail11.example.com'); s.docmd('XCLIENT', 'ADDR=$1 NAME=$2'); s.ehlo('mail11.example.com'); s.mail('joe@example.com')
code, text = s.rcpt('ops@sink.example')
print(code, text.decode())" 2>&1 | tail -n 1
}
sends() { # WORD: waits until the sender's log has it, after one message more
	python3 -c "
import smtplib
s = smtplib.SMTP('127.0.0.1', ${port[good]}, timeout=30)
s.sendmail('', ['ops@sink.example'], 'Subject: x\r\n\r\nx\r\n'); s.quit()" 2>&1 | tail -n 1
	for _ in $(seq 200); do
		! as_root grep -q "postfix/smtp\[.*$1" "$log" || return 0
		sleep 0.1
	done
	as_root tail -n 3 "$log" | tr '\n' ' '
}

# --- 450 4.7.25: no PTR record; cured by the command that is printed
text=$(receiver 203.0.113.11 '[UNAVAILABLE]')
verdict "a real receiver says it" "$([[ $text == "450 4.7.25 Client host rejected: cannot find your hostname, [203.0.113.11]" ]] || echo "$text")"
expect "no PTR record, pasted: still broken" 1 "STILL BROKEN  450 4.7.25" explain "$text" --helo mail11.example.com
says "and the cause, as it is now" "203.0.113.11 has no PTR record"
verdict "nobody is told to publish what is there" "$(grep -e 'Publish the record' -e '--with-forward' "$tmp/out")"
command=$(grep -o 'mailready fix 203\.0\.113\.11 --name mail11\.example\.com .*' "$tmp/out")
ln -s "$bin" "$tmp/mailready"
expect "the command shows what it would do" 1 "11.113.0.203.in-addr.arpa" env PATH="$tmp:$PATH" bash -c "$command $fix"
expect "nothing is repaired by that" 1 "STILL BROKEN" explain "$text" --helo mail11.example.com
expect "the command, applied" 0 "PROVEN" env PATH="$tmp:$PATH" bash -c "$command $fix --apply --yes"
answers 11.113.0.203.in-addr.arpa PTR mail11.example.com
expect "pasted again: repaired" 0 "REPAIRED  450 4.7.25" explain "$text" --helo mail11.example.com
says "and when to send again" "Retry     not before"
name=$(dig +short -p "$resolver" @127.0.0.1 -x 203.0.113.11)
verdict "and the receiver takes it" "$(receiver 203.0.113.11 "${name%.}" | grep -v '^250 ')"

# --- 554 5.7.1: on a list; cured by its operator
text="554 5.7.1 Service unavailable; Client host [203.0.113.16] blocked using zen.spamhaus.org; https://www.spamhaus.org/query/ip/203.0.113.16"
expect "listed, pasted: still broken" 1 "STILL BROKEN  554 5.7.1" explain "$text"
says "and what the list says" "with 127.0.0.3 (CSS: recent"
says "and where removal is asked for" "https://check.spamhaus.org/results/?query=203.0.113.16"
list
answers 16.113.0.203.zen.spamhaus.org A NXDOMAIN
expect "removed, and pasted again: not listed" 0 "NOT LISTED  554 5.7.1" explain "$text"
says "and that it may go out now" "postqueue -f"
explain --json "$text" >"$tmp/out"
says "never was, to a machine" '"now":"never-was"'

# --- 504 5.5.2: a name without a domain; cured in the configuration of the server, whose own log is read
verdict "Postfix is refused" "$(sends 'status=bounced .*504 5.5.2 <mail9>: Helo command rejected: need fully-qualified hostname')"
as_root grep 'postfix/smtp\[' "$log" >"$tmp/sent.log" # the sender's half of the log
expect "its log: still broken" 1 "STILL BROKEN  504 5.5.2" explain --ip 203.0.113.19 "$tmp/sent.log"
command=$(grep -o 'postconf -e smtp_helo_name=.* && postfix reload' "$tmp/out")
expect "counted once" 1 "1 refused, 1 different" explain --summary --ip 203.0.113.19 "$tmp/sent.log"
expect "the command of it, run" 0 "" as_root env MAIL_CONFIG="$dir/etc" bash -c "${command:-exit 1}"
name=$(postconf -c "$dir/etc" -hx smtp_helo_name)
expect "checked with the name that it says now" 0 "PASS" timeout 60 "$bin" check 203.0.113.19 "${look[@]}" --helo "$name" --only ptr,iprev,ehlo
expect "the old log again: repaired" 0 "REPAIRED  504 5.5.2" explain --ip 203.0.113.19 --helo "$name" "$tmp/sent.log"
says "and when to send again" "Retry     "
verdict "and the receiver takes it" "$(sends 'status=sent .*250')"
