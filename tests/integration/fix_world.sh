# shellcheck shell=bash
# A world for the tests of fix, to be sourced: a Knot server on one port of 127.0.0.1 and 127.0.0.2 with
# a root, example.com and two reverse zones that take signed updates; a second one on 127.0.0.3 follows
# one of the reverse zones, a second later.
# Sets dns (the port), world (options of the program) and tmp; everything is stopped at exit.
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 70
PATH=$PATH:/usr/sbin:/sbin
# shellcheck disable=SC1091
source tests/integration/expect.sh
# shellcheck disable=SC2034 # used by those who source this
bin=${MAILREADY:-$PWD/build/release/mailready}
for program in knotd keymgr dig python3; do
	command -v "$program" >/dev/null || { echo "skip fix: no $program"; exit 0; }
done
tmp=$(mktemp -d "${TEST_TMP:-/tmp}/fix.XXXXXX") || exit 70
pids=()
# shellcheck disable=SC2317 # run by the trap
stop() {
	[[ ${#pids[@]} -eq 0 ]] || kill "${pids[@]}" 2>/dev/null
	wait 2>/dev/null
	rm -rf "$tmp"
}
trap stop EXIT
trap 'exit 143' TERM INT
unset MAILREADY_TSIG_FILE RFC2136_TSIG_FILE XDG_STATE_HOME XDG_CONFIG_HOME "${!MAILREADY_PROGRAM@}" "${!HUAWEICLOUD_@}" "${!HW_@}" "${!OS_@}"
export HOME=$tmp/home
mkdir "$HOME"

read -r dns < <(tests/tools/ports 1)

zone_head() { # SECOND-SERVER
	# shellcheck disable=SC2016 # a zone file's $
	printf '$TTL 300\n@ SOA ns1.example.com. hostmaster.example.com. 1 3600 600 86400 60\n'
	printf '@ NS ns1.example.com.\n@ NS %s.example.com.\n' "$1"
}
knot_conf() { # NAME ADDRESS...
	printf 'server:\n    rundir: "%s"\n' "$tmp/$1"
	printf '    listen: %s\n' "${@:2}"
	printf 'database:\n    storage: "%s"\n' "$tmp/$1"
	cat "$tmp/upd.key"
}
zones=(. hwclouds-dns.com example.com 113.0.203.in-addr.arpa 100.51.198.in-addr.arpa)
declare -A extra=() # ZONE -> lines for its file; to be set, with the zone above, before start_world
start_world() {
	local zone server address addresses
	mkdir "$tmp/first" "$tmp/second"
	keymgr -t upd hmac-sha256 >"$tmp/upd.key" && chmod 600 "$tmp/upd.key"
	for zone in "${zones[@]}"; do zone_head ns2 >"$tmp/first/$zone.zone"; done
	zone_head ns3 >"$tmp/first/100.51.198.in-addr.arpa.zone"
	printf '%s\n' 'ns1 A 127.0.0.1' 'ns2 A 127.0.0.2' 'ns3 A 127.0.0.3' 'mail A 203.0.113.10' 'mail A 203.0.113.11' 'old A 203.0.113.30' \
		'new A 203.0.113.30' 'new A 203.0.113.33' 'old A 203.0.113.33' 'a A 203.0.113.50' 'b A 203.0.113.50' 'alias CNAME mail' \
		'c1 A 203.0.113.71' 'c2 A 203.0.113.72' 'late A 198.51.100.41' 'late A 198.51.100.42' >>"$tmp/first/example.com.zone"
	printf '%s\n' '30 PTR old.example.com.' '31 PTR old.example.com.' '33 0 PTR old.example.com.' >>"$tmp/first/113.0.203.in-addr.arpa.zone"
	for zone in "${!extra[@]}"; do printf '%s\n' "${extra[$zone]}" >>"$tmp/first/$zone.zone"; done
	{
		knot_conf first "127.0.0.1@$dns" "127.0.0.2@$dns"
		printf 'remote:\n  - id: second\n    address: 127.0.0.3@%s\n' "$dns"
		printf 'acl:\n  - id: upd_acl\n    key: upd\n    action: [update, query]\n'
		printf '  - id: transfer_acl\n    address: 127.0.0.0/8\n    action: transfer\n'
		printf 'template:\n  - id: default\n    storage: "%s"\n    zonefile-load: difference-no-serial\n' "$tmp/first"
		printf '    journal-content: all\n    zonefile-sync: -1\n    acl: [upd_acl, transfer_acl]\nzone:\n'
		for zone in "${zones[@]}"; do printf '  - domain: "%s"\n    file: "%s.zone"\n' "$zone" "$zone"; done
		printf '    notify: second\n' # of the last zone, the one that the second has
	} >"$tmp/first.conf"
	{
		knot_conf second "127.0.0.3@$dns"
		printf 'remote:\n  - id: first\n    address: 127.0.0.1@%s\n' "$dns"
		printf 'acl:\n  - id: notify_acl\n    address: 127.0.0.0/8\n    action: notify\n'
		printf 'template:\n  - id: default\n    storage: "%s"\n    master: first\n    acl: notify_acl\n    zonefile-sync: -1\nzone:\n' "$tmp/second"
		printf '  - domain: 100.51.198.in-addr.arpa\n'
	} >"$tmp/second.conf"
	# the second fetches its zone from the first, and comes back much later when that is not up yet
	for server in first second; do
		knotd -c "$tmp/$server.conf" >"$tmp/$server.log" 2>&1 &
		pids+=($!)
		declare -g "${server}_pid=$!"
		addresses=(127.0.0.1 127.0.0.2)
		[[ $server == first ]] || addresses=(127.0.0.3)
		for address in "${addresses[@]}"; do is_up "$address"; done
	done
}
is_up() { # SERVER
	local i
	for ((i = 0; i < 100; i++)); do
		[[ -z $(ask "$1" 100.51.198.in-addr.arpa SOA) ]] || return 0
		sleep 0.1
	done
	echo "not ok server $1: $(tail -n 3 "$tmp"/*.log | tr '\n' ' ')"
	exit 1
}
ask() { # SERVER NAME TYPE
	dig +short +norecurse +tries=3 +time=2 -p "$dns" "@$1" "$2" "$3" 2>/dev/null
}
ptr_of() { # ADDRESS: as the first server says
	dig +short +norecurse +tries=3 +time=2 -p "$dns" @127.0.0.1 -x "$1"
}
# shellcheck disable=SC2034
world=(--resolver "127.0.0.1#$dns" --authority-port "$dns" --allow-special)

holds() { # NAME ADDRESS PTR-NAMES...: what the first server says, sorted
	local got
	got=$(ptr_of "$2" | sort | tr '\n' ' ')
	got=${got% }
	verdict "$1" "$([[ "$got" == "${*:3}" ]] || echo "PTR of $2 is '$got', expected '${*:3}'")"
}
kill_at_library() {
	cc -shared -fPIC -D_GNU_SOURCE -o "$tmp/kill_at.so" tests/tools/kill_at.c -ldl
}
