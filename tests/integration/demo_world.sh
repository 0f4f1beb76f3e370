# shellcheck shell=bash
# The demo's DNS world on a free port of loopback, in files of its own, which a test may change; sourced by tests.
#   demo_world_start NAME DIR   leaves $zones (its files) and $dns (its port)
#   demo_world_again            reads the zones again: NSD is started anew
#   demo_world_run, demo_world_stop
# It is asked with $bin.
demo_world_conf() { # DIR
	local zone file
	cat <<-CONF
		server:
		  ip-address: 127.0.0.1@$dns
		  username: ""
		  chroot: ""
		  zonesdir: "$zones"
		  database: ""
		  pidfile: "$1/nsd.pid"
		  xfrdfile: "$1/xfrd.state"
		  zonelistfile: "$1/zone.list"
		  xfrdir: "$1"
		  server-count: 1
		  rrl-ratelimit: 0
		remote-control:
		  control-enable: no
	CONF
	while read -r zone file; do printf 'zone:\n  name: "%s"\n  zonefile: "%s.zone"\n' "$zone" "$file"; done <<-ZONES
		. root
		example. example
		113.0.203.in-addr.arpa. reverse4
		bl.lists.example. list
	ZONES
}
demo_world_run() {
	nsd -d -c "$demo_dir/nsd.conf" >"$demo_dir/nsd.log" 2>&1 &
	nsd_pid=$!
	for _ in $(seq 100); do
		# shellcheck disable=SC2154 # the test's
		! "$bin" check 203.0.113.40 --resolver "127.0.0.1#$dns" --only ptr --authority never -q \
			--timeout 0.3 >/dev/null 2>&1 || return 0
		sleep 0.05
	done
	echo "not ok $demo_name: the name server does not answer: $(tail -n 3 "$demo_dir/nsd.log" | tr '\n' ' ')"
	exit 1
}
demo_world_stop() {
	[[ -z ${nsd_pid:-} ]] || { kill "$nsd_pid" && wait "$nsd_pid"; } 2>/dev/null || true
	nsd_pid=
}
demo_world_again() { demo_world_stop && demo_world_run; }
demo_world_start() {
	demo_name=$1 demo_dir=$2
	zones=$demo_dir/zones
	cp -r data/demo/zones "$zones"
	dns=$(tests/tools/ports 1)
	demo_world_conf "$demo_dir" >"$demo_dir/nsd.conf"
	demo_world_run
}
