# shellcheck shell=bash
# A real Postfix on loopback that takes mail for sink.example into maildirs; sourced by tests.
# mail_world_start NAME leaves: $dir (temporary, /tmp), $pki/ca.pem, ${port[VARIANT]} of the listeners
#   good        STARTTLS, a certificate for localhost
#   auth        STARTTLS and a login: reporter@test.example, password in $dir/password
#   wrapper     TLS from the first byte;  expired wrong: such certificates;  plain: no TLS
#   silent      takes connections and says nothing;  closed: nobody listens
# Recipients: ops@sink.example and second@sink.example; others are refused.  Mail: $dir/mail/ops/new.

# shellcheck disable=SC1091
source tests/integration/postfix_world.sh

mail_world_stop() {
	kill "${silent_pid:-}" 2>/dev/null || true
	postfix_stop
}

mail_listeners() {
	local v
	listener good
	listener auth smtpd_sasl_auth_enable=yes smtpd_tls_security_level=encrypt smtpd_tls_auth_only=yes \
		smtpd_sasl_local_domain=test.example smtpd_client_restrictions=permit_sasl_authenticated,reject
	listener wrapper smtpd_tls_wrappermode=yes
	for v in expired wrong; do with_cert "$v"; done
	listener plain smtpd_tls_security_level=none
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

mail_world_start() {
	local name=$1
	postfix_needs "$name"
	postfix_begin good auth wrapper expired wrong plain silent closed
	mkdir "$dir/mail"
	as_root chown nobody "$dir/mail"
	make_cert good localhost 60
	make_cert expired localhost -1
	make_cert wrong other.example 60
	write_login
	python3 -c 'import socket, sys, time
s = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=20)
time.sleep(280)' "${port[silent]}" &
	silent_pid=$!
	postfix_start "$name" < <(mail_listeners) \
		"smtpd_tls_received_header = yes" \
		"smtpd_sasl_authenticated_header = yes" \
		"cyrus_sasl_config_path = $dir/etc/sasl" \
		"virtual_mailbox_domains = sink.example" \
		"virtual_mailbox_base = $dir/mail" \
		"virtual_mailbox_maps = inline:{ {ops@sink.example = ops/} {second@sink.example = second/} }" \
		"virtual_uid_maps = static:$(id -u nobody)" \
		"virtual_gid_maps = static:$(id -g nobody)" \
		"virtual_minimum_uid = 1" \
		"smtpd_relay_restrictions = reject_unauth_destination"
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
