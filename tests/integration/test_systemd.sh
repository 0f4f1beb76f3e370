#!/usr/bin/env bash
# The service and its timer under a real systemd, as make install and the unit's own comments have it: the
# password by LoadCredential, a mail log of a group, states of the unit.  systemd is the first process of a
# name space of its own, with units, /etc, /var/lib and /run of its own; name server and Postfix are outside.
# variants: release
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 70
bin=${MAILREADY:-$PWD/build/release/mailready}
PATH=$PATH:/usr/sbin:/sbin
for program in /lib/systemd/systemd nsd python3; do
	command -v "$program" >/dev/null || { echo "skip systemd: no $program"; exit 0; }
done
[[ $(id -u) -eq 0 ]] || { echo "skip systemd: a name space with a systemd of its own needs root"; exit 0; }
unshare --mount --pid --fork --cgroup true 2>/dev/null || { echo "skip systemd: no name spaces are permitted here"; exit 0; }
dir='' pki='' dns='' zones='' # by the worlds
declare -A port
# shellcheck disable=SC1091
source tests/integration/mail_world.sh
# shellcheck disable=SC1091
source tests/integration/demo_world.sh
# shellcheck disable=SC1091
source tests/integration/expect.sh
# shellcheck disable=SC2317 # run by the trap
stop() {
	[[ -z ${systemd_pid:-} ]] || kill -9 "$systemd_pid" 2>/dev/null
	[[ -z ${unshare_pid:-} ]] || wait "$unshare_pid" 2>/dev/null
	demo_world_stop
	mail_world_stop
}
trap stop EXIT
trap 'exit 130' INT TERM
mail_world_start systemd
demo_world_start systemd "$dir"
# shellcheck disable=SC2034 # expect.sh's
tmp=$dir
[[ -n ${has_login:-} ]] || { echo "skip systemd: Postfix has no logins here"; exit 0; }

# --- the machine: what make install brings, and what its postmaster writes
make -s install DESTDIR="$dir/installed" PREFIX=/usr/local >/dev/null
install -m 755 "$bin" "$dir/installed/usr/local/bin/mailready"
cp -a /etc "$dir/machine"
etc=$dir/machine
rm -rf "$etc/systemd/system"
mkdir -p "$etc/systemd/system/mailready.service.d" "$etc/mailready" "$dir/varlib" "$dir/log-of-mail" "$dir/root"
cp "$pki/ca.pem" data/demo/lists.ini "$etc/mailready/"
chmod -R go=rX "$etc/mailready"
(umask 077; cp "$dir/password" "$etc/mailready/password")
cat >"$etc/mailready.conf" <<CONF
[run]
resolver = 127.0.0.1#$dns
lists = /etc/mailready/lists.ini
authority-port = $dns
only = ptr,iprev,generic_ptr,ehlo,dnsbl
no-smtp = yes
confirm-again = 0
allow-special = yes

[log]
file = /run/log-of-mail/mail.log

[mail]
to = ops@sink.example
from = reports@test.example
server = smtp://localhost:${port[auth]}
user = reporter@test.example
password-file = /run/credentials/mailready.service/password

[notify]
ca-file = /etc/mailready/ca.pem

[server outbound 1]
address = 203.0.113.40
ehlo = mail.ready.example
CONF
chmod 644 "$etc/mailready.conf"
# the lines that the unit's comments give, as they stand there
{
	echo '[Service]'
	sed -n 's/^#   \([A-Z][A-Za-z]*=\)/\1/p' data/systemd/mailready.service
	echo 'StandardOutput=append:/run/said'
	echo 'StandardError=append:/run/said'
} >"$etc/systemd/system/mailready.service.d/local.conf"
verdict "systemd: the unit's comments name the credential and the group" \
	"$([[ $(grep -c '^LoadCredential=\|^SupplementaryGroups=\|^PrivateUsers=' "$etc/systemd/system/mailready.service.d/local.conf") == 3 ]] ||
		cat "$etc/systemd/system/mailready.service.d/local.conf")"
: >"$dir/log-of-mail/mail.log"
chgrp adm "$dir/log-of-mail/mail.log"
chmod 640 "$dir/log-of-mail/mail.log"

# --- its systemd; of Debian's units only the names are there
for target in machine sysinit basic shutdown timers network-online nss-lookup time-set time-sync umount multi-user; do
	printf '[Unit]\nDescription=%s\nDefaultDependencies=no\nAllowIsolate=yes\n' "$target" >"$etc/systemd/system/$target.target"
done
cat >"$dir/boot" <<'BOOT'
set -e
dir=$1
mount --rbind / "$dir/root"
mount --make-rshared "$dir/root"
cd "$dir/root"
mount -t tmpfs none run
mkdir run/log-of-mail
mount --bind "$dir/log-of-mail" run/log-of-mail
mount -t cgroup2 none sys/fs/cgroup
mount --bind "$dir/varlib" var/lib
mount --bind "$dir/installed/usr/local" usr/local
mount --bind "$dir/machine" etc
mount -t proc none proc
exec chroot . /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin container=test \
	SYSTEMD_UNIT_PATH=/etc/systemd/system:/usr/local/lib/systemd/system \
	/lib/systemd/systemd --system --unit=machine.target --log-target=console --show-status=no
BOOT
unshare --pid --fork --kill-child --mount --uts --ipc --cgroup bash "$dir/boot" "$dir" </dev/null >"$dir/systemd.log" 2>&1 &
unshare_pid=$!
for _ in $(seq 100); do
	systemd_pid=$(pgrep -P "$unshare_pid")
	[[ -z $systemd_pid || ! -S /proc/$systemd_pid/root/run/systemd/private ]] || break
	sleep 0.1
done
inside() {
	nsenter --target "$systemd_pid" --mount --pid --root --wd=/ \
		env SYSTEMD_UNIT_PATH=/etc/systemd/system:/usr/local/lib/systemd/system SYSTEMD_IGNORE_CHROOT=1 "$@"
}
machine_is() { [[ $(inside systemctl show -P ActiveState machine.target 2>/dev/null) == "$1" ]]; }
for _ in $(seq 100); do ! machine_is active || break; sleep 0.1; done
machine_is active || { echo "not ok systemd: it does not start: $(tail -n 5 "$dir/systemd.log" | tr '\n' ' ')"; exit 1; }
property() { inside systemctl show -P "$1" mailready.service; }
said() { inside cat /run/said 2>/dev/null; }
service() { # NAME RESULT STATUS: starts it; what systemd makes of it (status 0 is each one that counts as success)
	inside sh -c ': >/run/said'
	inside systemctl start mailready.service >"$dir/out" 2>&1
	local got
	got="$(property Result) $(property ExecMainStatus)"
	verdict "systemd: $1" "$([[ $got == "$2 $3" ]] || echo "$got instead of $2 $3: $(said | tr '\n' '|') $(tail -n 3 "$dir/systemd.log" | tr '\n' '|')")"
}
newest_mail() { cat "$dir"/mail/ops/new/* >"$dir/message" 2>&1; mail_empty; }

service "the first run, a server that is good" success 0
verdict "systemd: the report is sent with the password of LoadCredential" "$(mail_wait ops 1)"
newest_mail
verdict "systemd: Postfix has seen the login" "$(grep -q 'Authenticated sender: reporter@test.example' "$dir/message" || echo "no: $(head -n 20 "$dir/message" | tr '\n' '|')")"
state=$dir/varlib/private/mailready
verdict "systemd: the history is the service's own" "$(
	[[ $(stat -c %a "$state/history.db") == 600 && $(stat -c %a "$state") == 700 && $(stat -c %u "$state/history.db") != 0 ]] ||
		echo "no: $(ls -lan "$state" 2>&1)")"

sed -i 's/^@.*SOA.*hostmaster[^ ]* 1 /@ SOA ns.example. hostmaster.example. 2 /' "$zones/list.zone"
echo "40.113.0.203	A	127.0.0.2" >>"$zones/list.zone"
demo_world_again
service "a server that is bad is no failure of the service" success 0
service "nor when it is confirmed" success 0
verdict "systemd: the change is mailed" "$(mail_wait ops 1)"
newest_mail
verdict "systemd: the history is that of the runs before" "$(grep -q '^Subject: .*outbound 1 FAIL' "$dir/message" || echo "no: $(head -n 20 "$dir/message" | tr '\n' '|')")"

now=$(date '+%b %e %H:%M:%S')
cat >>"$dir/log-of-mail/mail.log" <<LOG
$now mail postfix/smtp[71]: 4Wq1: to=<a@gmail.com>, relay=gmail-smtp-in.l.google.com[192.0.2.9]:25, delay=1, delays=0/0/1/0, dsn=5.7.25, status=bounced (host gmail-smtp-in.l.google.com[192.0.2.9] said: 550-5.7.25 [203.0.113.40] The IP address sending this message does not have a PTR record setup (in reply to end of DATA command))
LOG
service "a refusal in the log" success 0
verdict "systemd: the log that only its group can read is read" "$(
	sqlite3 "$state/history.db" 'SELECT * FROM refusal' 2>/dev/null | grep -q '5.7.25' ||
		echo "no: $(said; sqlite3 "$state/history.db" .tables)")"

demo_world_stop
service "nothing can be looked up: the service has failed" exit-code 69
verdict "systemd: it is in the list of failed units" "$(inside systemctl --failed --no-legend --plain | grep -q '^mailready.service' || echo "no: $(inside systemctl --failed)")"
demo_world_run
service "it works again" success 0

inside systemctl -q enable --now mailready.timer >"$dir/out" 2>&1
verdict "systemd: the timer is enabled and waits" "$(
	[[ $(inside systemctl show -P ActiveState mailready.timer) == active && -n $(inside systemctl show -P NextElapseUSecRealtime mailready.timer) ]] ||
		echo "no: $(cat "$dir/out")")"
verdict "systemd: it starts the service" "$(inside systemctl list-timers --no-legend --plain | grep -q 'mailready.timer.*mailready.service' || echo "no: $(inside systemctl list-timers)")"
