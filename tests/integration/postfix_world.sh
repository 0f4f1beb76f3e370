# shellcheck shell=bash
# A real Postfix on loopback with a listener a variant; sourced by tests and by mail_world.sh.
#   postfix_needs NAME         ends the script with a skip where Postfix cannot be run
#   postfix_begin VARIANT...   makes $dir (temporary, /tmp), $pki with ca and stranger, ${port[VARIANT]}
#   postfix_start NAME OPTION...   main.cf gets the OPTIONs, a line each; master.cf the listeners on
#                              standard input and the services of every Postfix
#   postfix_stop               stops it and removes $dir
# Standard output is for test results.

as_root() { if [[ $(id -u) -eq 0 ]]; then "$@"; else sudo -n "$@"; fi; }

# NAME: prints a reason and ends the script where Postfix cannot be run
postfix_needs() {
	local why=
	PATH=$PATH:/usr/sbin:/sbin
	if [[ ! -x $(command -v postfix) || ! -x /usr/lib/postfix/sbin/smtpd ]]; then
		why="Postfix is not installed"
	elif ! as_root true 2>/dev/null; then
		why="starting Postfix needs root, and sudo asks for a password"
	fi
	[[ -z $why ]] || { echo "skip $1: $why"; exit 0; }
}

postfix_stop() {
	local pid
	[[ -n ${dir:-} ]] || return 0
	pid=$(as_root cat "$dir/queue/pid/master.pid" 2>/dev/null | tr -d ' ') || true
	if [[ -n $pid ]]; then
		as_root kill "$pid" 2>/dev/null || true
		for _ in $(seq 100); do
			as_root kill -0 "$pid" 2>/dev/null || break
			sleep 0.05
		done
		as_root kill -9 "$pid" 2>/dev/null || true
	fi
	as_root rm -rf "$dir"
}

make_key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2>/dev/null; }
make_ca() { # FILE NAME
	make_key "$pki/$1.key"
	openssl req -x509 -new -key "$pki/$1.key" -out "$pki/$1.pem" -days 30 -subj "/CN=$2" \
		-addext basicConstraints=critical,CA:TRUE
}
# FILE DNS-NAME DAYS: one that ends in DAYS, or ended before; `openssl x509` refuses that since 3.5
make_cert() {
	make_key "$pki/$1.key"
	openssl req -new -key "$pki/$1.key" -out "$pki/$1.csr" -subj "/CN=$2"
	printf 'subjectAltName=DNS:%s\n' "$2" >"$pki/$1.ext"
	openssl ca -config "$pki/ca.conf" -batch -notext -in "$pki/$1.csr" -out "$pki/$1.pem" -extfile "$pki/$1.ext" \
		-startdate "$(utc "$(($3 - 90))")" -enddate "$(utc "$3")" 2>"$pki/$1.log" ||
		{ echo "not ok certificate for $2: $(tail -n 3 "$pki/$1.log" | tr '\n' ' ')"; exit 1; }
}
utc() { date -u -d "$1 days" +%Y%m%d%H%M%SZ; }
ca_conf() {
	cat <<-CONF
		[ca]
		default_ca = test
		[test]
		database = $pki/issued
		rand_serial = yes
		new_certs_dir = $pki
		certificate = $pki/ca.pem
		private_key = $pki/ca.key
		default_md = sha256
		policy = any
		unique_subject = no
		[any]
		commonName = supplied
	CONF
}

listener() { # VARIANT OPTION...
	printf '127.0.0.1:%s inet n - n - - smtpd' "${port[$1]}"
	[[ $# -lt 2 ]] || printf ' -o %s' "${@:2}"
	echo
}
with_cert() { listener "$1" "smtpd_tls_cert_file=$pki/$1.pem" "smtpd_tls_key_file=$pki/$1.key"; }

postfix_begin() {
	local i ports
	# Postfix reads it as its own user, and its socket paths must be short: not below TEST_TMP.
	dir=$(mktemp -d /tmp/mailready-pf.XXXXXX)
	chmod 755 "$dir"
	pki=$dir/pki
	mkdir "$pki" "$dir/etc" "$dir/queue" "$dir/data" "$dir/log"
	as_root chown postfix "$dir/data"
	chmod 777 "$dir/log"
	make_ca ca "mailready test CA"
	make_ca stranger "another CA"
	ca_conf >"$pki/ca.conf"
	: >"$pki/issued"
	read -ra ports < <(tests/tools/ports $#)
	declare -gA port=()
	for ((i = 1; i <= $#; i++)); do port[${!i}]=${ports[i - 1]}; done
}

main_cf() {
	cat <<-CF
		compatibility_level = 3.6
		queue_directory = $dir/queue
		data_directory = $dir/data
		command_directory = /usr/sbin
		daemon_directory = /usr/lib/postfix/sbin
		mail_owner = postfix
		setgid_group = postdrop
		myhostname = mx1.test.example
		mydomain = test.example
		mydestination =
		inet_interfaces = 127.0.0.1
		inet_protocols = ipv4
		mynetworks = 127.0.0.0/8
		maillog_file = $dir/log/mail.log
		maillog_file_prefixes = $dir/log
		smtpd_tls_cert_file = $pki/good.pem
		smtpd_tls_key_file = $pki/good.key
		smtpd_tls_security_level = may
		smtp_dns_support_level = disabled
		smtp_host_lookup = native
		smtpd_peername_lookup = no
		alias_maps =
		alias_database =
		local_recipient_maps =
	CF
}

services() {
	cat <<-CF
		cleanup unix n - n - 0 cleanup
		qmgr unix n - n 300 1 qmgr
		tlsmgr unix - - n 1000? 1 tlsmgr
		rewrite unix - - n - - trivial-rewrite
		bounce unix - - n - 0 bounce
		defer unix - - n - 0 bounce
		trace unix - - n - 0 bounce
		verify unix - - n - 1 verify
		proxymap unix - - n - - proxymap
		virtual unix - n n - - virtual
		error unix - - n - - error
		retry unix - - n - - error
		anvil unix - - n - 1 anvil
		postlog unix-dgram n - n - 1 postlogd
	CF
}

greeted() { (exec 3<>"/dev/tcp/127.0.0.1/$1" && IFS= read -r -t 5 line <&3 && [[ $line == 220* ]]) 2>/dev/null; }

postfix_start() {
	local name=$1 try
	{ main_cf && printf '%s\n' "${@:2}"; } >"$dir/etc/main.cf"
	{ cat && services; } >"$dir/etc/master.cf"
	if ! as_root timeout 60 postfix -c "$dir/etc" start >"$dir/start.log" 2>&1; then
		echo "not ok $name: Postfix did not start: $(tr '\n' ' ' <"$dir/start.log")"
		exit 1
	fi
	for try in $(seq 100); do
		! greeted "${port[good]}" || break
		[[ $try -lt 100 ]] || { echo "not ok $name: Postfix does not answer: $(tail -n 5 "$dir/log/mail.log")"; exit 1; }
		sleep 0.1
	done
}
