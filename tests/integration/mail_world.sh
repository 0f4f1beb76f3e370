# shellcheck shell=bash
# A real Postfix on loopback that takes mail for sink.example into maildirs; sourced by tests.
# mail_world_start NAME leaves: $dir (temporary, /tmp), $pki/ca.pem, ${port[VARIANT]} of the listeners
#   good        STARTTLS, a certificate for localhost
#   auth        STARTTLS and a login: reporter@test.example, password in $dir/password
#   wrapper     TLS from the first byte;  expired wrong: such certificates;  plain: no TLS
#   silent      takes connections and says nothing;  closed: nobody listens
# Recipients: ops@sink.example and second@sink.example; others are refused.  Mail: $dir/mail/ops/new.

as_root() { if [[ $(id -u) -eq 0 ]]; then "$@"; else sudo -n "$@"; fi; }

# NAME: prints a reason and ends the script where Postfix cannot be run
mail_world_needs() {
	local why=
	PATH=$PATH:/usr/sbin:/sbin
	if [[ ! -x $(command -v postfix) || ! -x /usr/lib/postfix/sbin/smtpd ]]; then
		why="Postfix is not installed"
	elif ! as_root true 2>/dev/null; then
		why="starting Postfix needs root, and sudo asks for a password"
	fi
	[[ -z $why ]] || { echo "skip $1: $why"; exit 0; }
}

mail_world_stop() {
	local pid
	[[ -n ${dir:-} ]] || return 0
	kill "${silent_pid:-}" 2>/dev/null || true
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
make_cert() { # FILE DNS-NAME DAYS
	make_key "$pki/$1.key"
	openssl req -new -key "$pki/$1.key" -out "$pki/$1.csr" -subj "/CN=$2"
	openssl x509 -req -in "$pki/$1.csr" -CA "$pki/ca.pem" -CAkey "$pki/ca.key" -CAcreateserial \
		-out "$pki/$1.pem" -days "$3" -extfile <(printf 'subjectAltName=DNS:%s\n' "$2") 2>/dev/null
}

listener() { # VARIANT OPTION...
	printf '127.0.0.1:%s inet n - n - - smtpd' "${port[$1]}"
	[[ $# -lt 2 ]] || printf ' -o %s' "${@:2}"
	echo
}
with_cert() { listener "$1" "smtpd_tls_cert_file=$pki/$1.pem" "smtpd_tls_key_file=$pki/$1.key"; }

write_main_cf() {
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
		smtpd_tls_received_header = yes
		smtpd_sasl_authenticated_header = yes
		smtp_dns_support_level = disabled
		smtp_host_lookup = native
		smtpd_peername_lookup = no
		alias_maps =
		alias_database =
		local_recipient_maps =
		virtual_mailbox_domains = sink.example
		virtual_mailbox_base = $dir/mail
		virtual_mailbox_maps = inline:{ {ops@sink.example = ops/} {second@sink.example = second/} }
		virtual_uid_maps = static:$(id -u nobody)
		virtual_gid_maps = static:$(id -g nobody)
		virtual_minimum_uid = 1
		smtpd_relay_restrictions = reject_unauth_destination
	CF
}

write_master_cf() {
	local v
	listener good
	listener auth smtpd_sasl_auth_enable=yes smtpd_tls_security_level=encrypt smtpd_tls_auth_only=yes \
		smtpd_sasl_local_domain=test.example smtpd_client_restrictions=permit_sasl_authenticated,reject
	listener wrapper smtpd_tls_wrappermode=yes
	for v in expired wrong; do with_cert "$v"; done
	listener plain smtpd_tls_security_level=none
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

# No login is tested where the packages for it are missing: $has_login says so.
write_login() {
	has_login=
	echo 's3cret pass' >"$dir/password"
	chmod 600 "$dir/password"
	[[ -x $(command -v saslpasswd2) && -n $(compgen -G '/usr/lib/*/sasl2/libplain.so*') ]] || return 0
	mkdir "$dir/etc/sasl"
	printf 'pwcheck_method: auxprop\nauxprop_plugin: sasldb\nmech_list: PLAIN LOGIN\nsasldb_path: %s\n' \
		"$dir/etc/sasl/sasldb2" >"$dir/etc/sasl/smtpd.conf"
	as_root saslpasswd2 -p -c -f "$dir/etc/sasl/sasldb2" -u test.example reporter <"$dir/password"
	as_root chown postfix "$dir/etc/sasl/sasldb2"
	# shellcheck disable=SC2034 # for the tests
	has_login=1
}

greeted() { (exec 3<>"/dev/tcp/127.0.0.1/$1" && IFS= read -r -t 5 line <&3 && [[ $line == 220* ]]) 2>/dev/null; }

mail_world_start() {
	local name=$1 variants=(good auth wrapper expired wrong plain silent closed) i try
	mail_world_needs "$name"
	# Postfix reads it as its own user, and its socket paths must be short: not below TEST_TMP.
	dir=$(mktemp -d /tmp/mailready-mw.XXXXXX)
	chmod 755 "$dir"
	pki=$dir/pki
	mkdir "$pki" "$dir/etc" "$dir/queue" "$dir/data" "$dir/log" "$dir/mail"
	as_root chown postfix "$dir/data"
	as_root chown nobody "$dir/mail"
	chmod 777 "$dir/log"
	make_ca ca "mailready test CA"
	make_ca stranger "another CA"
	make_cert good localhost 60
	make_cert expired localhost -1
	make_cert wrong other.example 60
	mapfile -t ports < <(python3 - "${#variants[@]}" <<-'PY'
		import socket, sys
		held = [socket.create_server(("127.0.0.1", 0)) for _ in range(int(sys.argv[1]))]
		print(*(s.getsockname()[1] for s in held), sep="\n")
	PY
	)
	declare -gA port
	for i in "${!variants[@]}"; do port[${variants[i]}]=${ports[i]}; done
	write_main_cf >"$dir/etc/main.cf"
	write_master_cf >"$dir/etc/master.cf"
	write_login
	python3 -c 'import socket, sys, time
s = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=20)
time.sleep(280)' "${port[silent]}" &
	silent_pid=$!
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

# WHOSE COUNT: waits until that many messages are there, and half a second for one too many
mail_wait() {
	local i n=0
	for i in $(seq 100); do
		n=$(as_root sh -c "ls $dir/mail/$1/new 2>/dev/null | wc -l")
		((n < $2)) || break
		sleep 0.1
	done
	sleep 0.3
	n=$(as_root sh -c "ls $dir/mail/$1/new 2>/dev/null | wc -l")
	[[ $n -eq $2 ]] || { echo "$1 has $n messages, not $2: $(tail -n 3 "$dir/log/mail.log" | tr '\n' ' ')"; return 1; }
}
mail_empty() { as_root sh -c "rm -f $dir/mail/*/new/*"; }
