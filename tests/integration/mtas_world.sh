# shellcheck shell=bash
# Real Exim, Sendmail and OpenSMTPD, one after the other on port 25 of 203.0.113.25; receivers that refuse what it
# sends and clients that it refuses (mtas.py); real DNS.  To be sourced, as root: all of it is in a network, with
# files of /etc and devices, of its own, and ends with the script.
#   mta_has NAME        is its program here?  else says skip
#   mta_start NAME      its log is then $log
#   mta_stop
#   exim_queue          lets Exim look at its queue, as it does every half hour
# Sets bin, tmp and truth, the file of what was refused.
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 70
PATH=$PATH:/usr/sbin:/sbin
for program in unshare ip unbound dig python3 m4; do
	command -v "$program" >/dev/null || { echo "skip mtas: no $program"; exit 0; }
done
if [[ -z ${MTAS_ALONE:-} ]]; then
	# with processes of its own nothing outlives it, whatever kills it
	alone=(-nmp --fork --kill-child --mount-proc)
	unshare "${alone[@]}" true 2>/dev/null || alone=(-nm)
	unshare "${alone[@]}" true 2>/dev/null || { echo "skip mtas: a network and files of one's own need root"; exit 0; }
	MTAS_ALONE=1 exec unshare "${alone[@]}" bash "$0" "$@"
fi
# shellcheck disable=SC2034 # used by those who source this
bin=${MAILREADY:-$PWD/build/release/mailready}
unpacked=$PWD/build/unpacked
mount -t tmpfs -o mode=755 none /run
tmp=/run/mtas truth=$tmp/truth log=""
mkdir "$tmp"
share=$PWD/tests/integration
ip link set lo up
for address in 203.0.113.25 198.51.100.{10..13} 192.0.2.{21..32}; do ip addr add "$address/32" dev lo; done
for address in 2001:db8::25 2001:db8::31; do ip -6 addr add "$address/128" dev lo nodad; done

# --- files: users of the servers, and a name server; programs that start here may not find the machine's
cp /etc/passwd /etc/group "$tmp"
id=970
for user in Debian-exim smmta smmsp opensmtpd opensmtpq joe; do
	grep -q "^$user:" "$tmp/passwd" || echo "$user:x:$id:$id::/nonexistent:/usr/sbin/nologin" >>"$tmp/passwd"
	grep -q "^$user:" "$tmp/group" || echo "$user:x:$id:" >>"$tmp/group"
	id=$((id + 1))
done
echo 'nameserver 127.0.0.1' >"$tmp/resolv.conf"
echo '127.0.0.1 localhost' >"$tmp/hosts"
for file in passwd group resolv.conf hosts; do mount --bind "$tmp/$file" "/etc/$file"; done
mkdir "$tmp/dev"
for device in null zero full random urandom; do
	: >"$tmp/dev/$device"
	mount --bind "/dev/$device" "$tmp/dev/$device"
done
ln -s /proc/self/fd "$tmp/dev/fd"
mount --rbind "$tmp/dev" /dev

# shellcheck disable=SC2046 # numbers
trap 'kill $(jobs -p) 2>/dev/null' EXIT
trap 'exit 143' TERM INT
wait_for() { # WHAT COMMAND...: for half a minute
	for _ in $(seq 300); do
		! "${@:2}" >/dev/null 2>&1 || return 0
		sleep 0.1
	done
	echo "not ok $1: $(tail -qn 3 "$tmp"/*.log "${log:-/dev/null}" 2>/dev/null | tr '\n' ' ')"
	exit 1
}
{
	printf '%s\n' server: "  interface: 127.0.0.1@53" "  do-ip6: no" '  username: ""' '  chroot: ""' "  directory: \"$tmp\"" \
		'  pidfile: ""' "  use-syslog: no" "  do-daemonize: no" '  module-config: "iterator"'
	python3 "$share/mtas.py" records
} >"$tmp/unbound.conf"
unbound -d -c "$tmp/unbound.conf" >"$tmp/unbound.log" 2>&1 &
python3 "$share/mtas.py" receivers "$truth" >"$tmp/receivers.log" 2>&1 &
wait_for "the name server answers" sh -c 'dig +short +time=1 +tries=1 @127.0.0.1 ptr.example MX | grep -q mx'
wait_for "the receivers are there" grep -q ready "$truth"

# --- the servers
declare -A program=([exim]=exim4-daemon-light/usr/sbin/exim4 [sendmail]=sendmail-bin/usr/libexec/sendmail/sendmail
	[opensmtpd]=opensmtpd/usr/sbin/smtpd)
mta_has() {
	local path=$unpacked/${program[$1]}
	if [[ ! -x $path ]]; then
		echo "skip $1: it is not unpacked"
	elif ldd "$path" 2>/dev/null | grep -q 'not found'; then
		echo "skip $1: a library is missing"
	else
		return 0
	fi
	return 1
}
start() { # COMMAND...
	"$@" </dev/null >>"$tmp/server.log" 2>&1 &
	server=$!
}
log_to() { # FORM: what syslog gets is in $log
	log=$tmp/log.$1
	python3 "$share/mtas.py" syslog /dev/log "$log" "$1" &
	syslogd=$!
	wait_for "syslog" test -S /dev/log
}
mta_start() { # NAME
	: >"$truth"
	syslogd=""
	"start_$1"
	wait_for "$1 answers" bash -c 'exec 3<>/dev/tcp/203.0.113.25/25; read -r line <&3; [[ $line == 220* ]]'
}
mta_stop() {
	# shellcheck disable=SC2086 # may be empty
	kill $server $syslogd
	wait $server $syslogd 2>/dev/null
	rm -f /dev/log
	! bash -c 'exec 3<>/dev/tcp/203.0.113.25/25' 2>/dev/null || echo "not ok the server is still there"
}

start_exim() {
	local exim=$unpacked/${program[exim]}
	mkdir "$tmp/exim" "$tmp/exim/log"
	chown -R Debian-exim "$tmp/exim"
	log=$tmp/exim/log/mainlog
	sed "s|@DIR@|$tmp/exim|g; s|@EXIM@|$exim|g" "$share/mtas/exim.conf" >"$tmp/exim.conf"
	start "$exim" -C "$tmp/exim.conf" -bdf
}
exim_queue() { "$unpacked/${program[exim]}" -C "$tmp/exim.conf" -q >>"$tmp/server.log" 2>&1; }
start_sendmail() {
	local cf=$unpacked/sendmail-cf/usr/share/sendmail/cf dir=$tmp/sendmail
	mkdir -m 700 "$dir" "$dir/queue"
	log_to rfc3164
	sed "s|@DIR@|$dir|g; s|@CF@|$cf|g" "$share/mtas/sendmail.mc" >"$tmp/sendmail.mc"
	m4 -D_CF_DIR_="$cf/" "$tmp/sendmail.mc" >"$dir/sendmail.cf"
	printf 'hosts files dns\naliases files\npasswd files\n' >"$dir/switch"
	printf 'postmaster: joe\nMAILER-DAEMON: joe\nlater: joe\n' >"$dir/aliases"
	"$unpacked/sendmail-bin/usr/libexec/sendmail/makemap" -C "$dir/sendmail.cf" hash "$dir/access.db" <"$share/mtas/sendmail.access"
	"$unpacked/${program[sendmail]}" -C"$dir/sendmail.cf" -bi >>"$tmp/server.log" 2>&1
	start "$unpacked/${program[sendmail]}" -L sm-mta -C"$dir/sendmail.cf" -bD
}
start_opensmtpd() {
	log_to rfc3339
	mount -t tmpfs -o mode=755 none /var/spool
	mount -t tmpfs -o mode=755 none /var/lib
	mkdir -p -m 711 /var/spool/smtpd
	mkdir -p /var/lib/opensmtpd/empty
	start "$unpacked/${program[opensmtpd]}" -F -f "$share/mtas/smtpd.conf"
}
