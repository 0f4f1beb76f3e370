# shellcheck shell=bash
# A world of DNS lists, to be sourced: lists of every kind and in every state, served by rbldnsd, and
# three unbounds: an honest one, one that removes answers inside 127.0.0.0/8 (filtering), and one
# that rewrites what does not exist (rewriting).
# Sets bin, tmp, the ports rbl, honest, filtering and rewriting, key, and odd_lists; lists.ini, odd.txt
# and healthy.txt are in $tmp.  Everything is stopped at exit.  With lists_at=ADDRESS-PREFIX (127.53.7.)
# the three also answer on port 53 of PREFIX1, PREFIX2 and PREFIX3.
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 70
PATH=$PATH:/usr/sbin:/sbin
for program in rbldnsd unbound dig python3 setpriv; do
	command -v "$program" >/dev/null || {
		echo "skip lists: no $program"
		exit 0
	}
done
# shellcheck disable=SC2034 # used by those who source this
bin=${MAILREADY:-$PWD/build/release/mailready}
mkdir -p build
tmp=$(mktemp -d "$PWD/build/lists.XXXXXX") || exit 70
chmod 755 "$tmp"
pids=()
finish() {
	local pid
	for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null; done
	wait 2>/dev/null
	rm -rf "$tmp"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
export XDG_CACHE_HOME=$tmp/cache XDG_CONFIG_HOME=$tmp/config
unset "${!MAILREADY_KEY_@}"
key=s3cr3tk3yofthetest
read -r rbl honest filtering rewriting hole < <(tests/tools/ports 5) # nothing ever answers at hole

# --- lists
sets=()
list() { # ZONE TYPE LINE...
	printf '%s\n' "\$SOA 3600 ns.lists.example hostmaster.lists.example 1 600 300 86400 3600" \
		"\$NS 3600 ns.lists.example" "${@:3}" >"$tmp/$1.$2"
	sets+=("$1.lists.example:$2:$1.$2")
}
test4="127.0.0.2 :127.0.0.2:test"
list zen ip4set "127.0.0.2 :127.0.0.2:test" "198.18.0.25 :127.0.0.10:policy" "198.18.0.25 :127.0.0.4:infected"
list zen ip6trie ":127.0.0.2:a network" "::ffff:7f00:2/128" "2001:db8:1:2::/64"
list plain ip4set "$test4"
list other ip4set "$test4"
list third ip4set "$test4"
list network ip4set "$test4" "198.18.0.0/24 :127.0.0.2:the whole network"
list noptr ip4set "$test4" "198.18.0.26 :127.0.0.37:no PTR"
list odd ip4set "$test4" "198.18.0.25 :127.0.0.99:unknown"
list one ip4set "$test4" "198.18.0.25 :127.0.0.1:you are refused"
list allow ip4set "$test4" "198.18.0.25 :127.0.0.3:good"
list everything ip4set "0.0.0.0/1 :127.0.0.2:all" "128.0.0.0/1 :127.0.0.2:all"
list parked ip4set "0.0.0.0/1 :198.51.100.80:parked" "128.0.0.0/1 :198.51.100.80:parked"
list public ip4set "0.0.0.0/1 :127.255.255.254:public" "128.0.0.0/1 :127.255.255.254:public"
list volume ip4set "0.0.0.0/1 :127.255.255.255:volume" "128.0.0.0/1 :127.255.255.255:volume"
list typo ip4set "0.0.0.0/1 :127.255.255.252:typo" "128.0.0.0/1 :127.255.255.252:typo"
list empty ip4set "192.0.2.255 :127.0.0.2:nothing"
list inverted ip4set "127.0.0.1 :127.0.0.2:inverted"
list domain dnset "test :127.0.1.2:test" "bad.example :127.0.1.2:a bad domain" "host.fine.example :127.0.1.2:a bad host"
list dbl dnset "test :127.0.1.2:test" "bad.example :127.0.1.2:a bad domain"
list dbl ip4set "0.0.0.0/1 :127.0.1.255:no addresses, please" "128.0.0.0/1 :127.0.1.255:no addresses, please"
list sum dnset "test :127.0.0.64:test" "bad.example :127.0.0.72:two bits"
list keyed ip4set "192.0.2.255 :127.0.0.2:nothing without a key"
list "$key.keyed" ip4set "$test4" "198.18.0.25 :127.0.0.2:listed, asked as \$.$key.keyed.lists.example"

cat >"$tmp/lists.ini" <<'INI'
[zen.lists.example]
family = ip4 ip6
impact = critical
operator = Z
scope6 = /64
first-fix = mend it
removal = https://lists.example/?q={address}
code.127.0.0.2-7 = critical infected
code.127.0.0.10-11 = high policy
[plain.lists.example]
operator = P
code.127.0.0.2 = low spam
[other.lists.example]
operator = O
code.127.0.0.2 = low spam
[third.lists.example]
operator = T
code.127.0.0.2 = low spam
[network.lists.example]
operator = N
impact = info
scope = network
code.127.0.0.2 = info neighbours
[noptr.lists.example]
operator = R
impact = medium
removal = https://lists.example/remove
code.127.0.0.2 = low test
code.127.0.0.37 = medium no PTR name
cause.127.0.0.37 = no-ptr
[odd.lists.example]
operator = U
impact = critical
code.127.0.0.2 = critical spam
[one.lists.example]
operator = 1
code.127.0.0.2 = low spam
[allow.lists.example]
kind = allow
impact = info
code.127.0.0.2-3 = info known to be good
[domain.lists.example]
operator = D
family = domain
names = registered full
impact = critical
code.127.0.1.2 = critical a spammer's domain
[dbl.lists.example]
operator = B
family = domain
names = registered
impact = critical
refusal.127.0.1.255 = it takes the question for one about an address
code.127.0.1.2 = critical a spammer's domain
[wild.lists.example]
operator = W
family = domain
names = registered
impact = high
code.127.0.1.2 = high a spammer's domain
[sum.lists.example]
operator = S
family = domain
names = registered
impact = high
bit.8 = medium phishing
bit.64 = high abuse
[keyed.lists.example]
operator = K
impact = high
key = the-lists
code.127.0.0.2 = high spam
INI
odd_lists=(everything parked public volume typo empty inverted)
printf '%s.lists.example\n' "${odd_lists[@]}" plain other third >"$tmp/odd.txt"
printf '%s.lists.example\n' plain other third zen >"$tmp/healthy.txt"
# servfail: its server refuses; silent: nothing answers for it; refusing: the resolver refuses
printf '%s.lists.example\n' servfail refusing silent plain other third >"$tmp/unknown.txt"

# --- servers
as=()
[[ $(id -u) -ne 0 ]] || as=(--reuid rbldns --regid rbldns --clear-groups)
start() {
	(cd "$tmp" && exec setpriv "${as[@]}" --pdeathsig TERM "$@") </dev/null >>"$tmp/servers.log" 2>&1 &
	pids+=("$!")
}
# The address at whose port 53 the resolver of that port also answers, with lists_at.
address_of() { # PORT
	case $1 in
	"$honest") echo "${lists_at}1" ;;
	"$filtering") echo "${lists_at}2" ;;
	*) echo "${lists_at}3" ;;
	esac
}
# What receivers see of the addresses: as if other servers had said it, not the resolver itself.
zones=()
zone() { # NAME RECORD...
	# shellcheck disable=SC2016 # a zone file's $
	printf '%s\n' '$TTL 3600' '@ 600 SOA ns.example. hostmaster.example. 1 600 300 86400 900' '@ NS ns.example.' "${@:2}" >"$tmp/zone.$1"
	zones+=("auth-zone:" "  name: \"$1\"" "  zonefile: \"$tmp/zone.$1\"" "  for-downstream: no" "  for-upstream: yes")
}
zone 18.198.in-addr.arpa '25.0 PTR mail.bad.example.' '27.0 PTR host.fine.example.'
zone 8.b.d.0.1.0.0.2.ip6.arpa
zone bad.example 'mail A 198.18.0.25'
zone fine.example 'host A 198.18.0.27'
resolver() { # PORT LINE...
	local at=()
	[[ -z ${lists_at-} ]] || at=("  interface: $(address_of "$1")@53")
	printf '%s\n' "server:" "  interface: 127.0.0.1@$1" "${at[@]}" "  access-control: 127.0.0.0/8 allow" \
		"  do-ip6: no" '  username: ""' '  chroot: ""' "  directory: \"$tmp\"" '  pidfile: ""' \
		"  use-syslog: no" "  do-daemonize: no" "  num-threads: 1" "  do-not-query-localhost: no" "  outgoing-port-avoid: 10000-19999" \
		'  module-config: "iterator"' '  local-zone: "test." nodefault' '  local-zone: "invalid." nodefault' \
		'  local-zone: "18.198.in-addr.arpa." nodefault' '  local-zone: "8.b.d.0.1.0.0.2.ip6.arpa." nodefault' \
		'  local-zone: "refusing.lists.example." refuse' '  local-zone: "wild.lists.example." redirect' \
		'  local-data: "wild.lists.example. A 127.0.1.2"' '  local-zone: "invalid.wild.lists.example." static' \
		"${@:2}" \
		"${zones[@]}" "stub-zone:" '  name: "silent.lists.example"' "  stub-addr: 127.0.0.1@$hole" \
		"stub-zone:" '  name: "lists.example"' "  stub-addr: 127.0.0.1@$rbl" >"$tmp/unbound.$1"
	start unbound -d -c "$tmp/unbound.$1"
}
start python3 -c 'import signal, socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", int(sys.argv[1])))
signal.pause()' "$hole"
start rbldnsd -n -e -c 0 -t 3600 -b "127.0.0.1/$rbl" "${sets[@]}"
as=()
servers='  local-data: "ns.lists.example. A 127.0.0.1"'
resolver "$honest" "$servers"
resolver "$filtering" "$servers" "  private-address: 127.0.0.0/8"
resolver "$rewriting" '  local-zone: "lists.example." redirect' '  local-data: "lists.example. A 198.51.100.9"'
answers() { # PORT NAME
	local i
	for ((i = 0; i < 100; i++)); do
		! dig +time=1 +tries=1 +short -p "$1" @127.0.0.1 "$2" A 2>/dev/null | grep -q "^[0-9]" || return 0
		sleep 0.1
	done
	tail -n 5 "$tmp/servers.log" >&2
	echo "not ok lists: nothing answers on port $1"
	exit 1
}
answers "$rbl" 2.0.0.127.plain.lists.example
answers "$honest" 2.0.0.127.plain.lists.example
answers "$filtering" mail.bad.example
answers "$rewriting" 2.0.0.127.plain.lists.example

