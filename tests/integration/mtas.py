"""What the mail servers of mtas_world.sh speak with, all in a network of its own.

usage: mtas.py receivers FILE           receivers that refuse, each at an address and a stage of its own
       mtas.py send                     gives the server a message for each of them
       mtas.py clients NAME FILE        clients that the server NAME refuses
       mtas.py syslog SOCKET FILE FORM  writes what comes as a syslogd does; FORM: rfc3164 or rfc3339
       mtas.py records                  their names and addresses, as local data of unbound
       mtas.py compare NAME FILE JSON   says what explain made of the server's log, and FILE does not have, or
                                        the other way round

FILE has the truth: an object a refusal, as it went over the wire.
"""
import datetime
import ipaddress
import json
import os
import smtplib
import socket
import socketserver
import sys
import threading
import time

SERVER = "203.0.113.25"

# name of the domain: its MX host's address, the stage at which it refuses, the reply
RECEIVERS = {
    "ptr": ("192.0.2.21", "rcpt", "550-5.7.25 [203.0.113.25] The IP address sending this message does not have a\n"
            "550-5.7.25 PTR record setup, or the corresponding forward DNS entry does not\n"
            "550-5.7.25 point to the sending IP. For more information, go to\n"
            "550 5.7.25  https://support.google.com/a?p=sender-guidelines-ip x1-2si0001.7 - gsmtp"),
    "grey": ("192.0.2.22", "rcpt", "450 4.7.1 <{rcpt}>: Recipient address rejected: Greylisted, see http://postgrey.example/"),
    "busy": ("192.0.2.23", "greeting", "421 4.3.2 mx.busy.example Service not available, try again later"),
    "listed": ("192.0.2.24", "greeting", "554-5.7.1 mx.listed.example\n554 5.7.1 Service unavailable; "
               "Client host [203.0.113.25] blocked using zen.spamhaus.org"),
    "content": ("192.0.2.25", "end-of-data", "550 5.7.1 [203.0.113.25] Message rejected: \"spam\" (score=9)"),
    "sender": ("192.0.2.26", "mail", "450 4.1.8 <{from}>: Sender address rejected: Domain not found"),
    "helo": ("192.0.2.27", "ehlo", "504 5.5.2 <{ehlo}>: Helo command rejected: need fully-qualified hostname"),
    "data": ("192.0.2.28", "data", "451 4.7.1 mx.data.example: try again in an hour, 203.0.113.25"),
    "plain": ("192.0.2.29", "rcpt", "550 no such user here"),
    "cut": ("192.0.2.30", "rcpt", "421 4.7.0 [203.0.113.25] Too many errors"),
    "good": ("192.0.2.31", "", ""),
    "six": ("2001:db8::31", "rcpt", "550-5.7.25 [2001:db8::25] does not have a PTR record\n550 5.7.25 - gsmtp"),
}
DEAD = "192.0.2.32"  # nobody listens
# address of a client, and its PTR name; that of .13 leads elsewhere
CLIENTS = {"198.51.100.10": "mail.s.example", "198.51.100.11": None, "198.51.100.12": "listed.s.example",
           "198.51.100.13": "elsewhere.s.example"}
# what a client does: its address, EHLO name, sender, recipient, subject, and the servers that refuse it
ATTEMPTS = [
    ("198.51.100.11", "mail.s.example", "eve@s.example", "joe@a.example", "no PTR", "exim sendmail opensmtpd"),
    ("198.51.100.12", "mail.s.example", "eve@s.example", "joe@a.example", "listed", "exim sendmail"),
    ("198.51.100.13", "mail.s.example", "eve@s.example", "joe@a.example", "spam", "exim sendmail"),
    ("198.51.100.10", "nodot", "eve@s.example", "joe@a.example", "EHLO", "exim opensmtpd"),
    ("198.51.100.10", "a(b)", "eve@s.example", "joe@a.example", "EHLO", "exim opensmtpd"),
    ("198.51.100.10", "mail.s.example", "eve@bad.example", "joe@a.example", "sender", "exim sendmail opensmtpd"),
    ("198.51.100.10", "mail.s.example", "eve@nowhere.example", "joe@a.example", "sender", "exim sendmail"),
    ("198.51.100.10", "mail.s.example", "eve@s.example", "ghost@a.example", "user", "exim sendmail opensmtpd"),
    ("198.51.100.10", "other.s.example", "eve@s.example", "later@a.example", "grey", "exim sendmail opensmtpd"),
    ("198.51.100.10", "mail.s.example", "eve@s.example", "x@other.example", "relay", "exim sendmail opensmtpd"),
    ("198.51.100.10", "mail.s.example", "eve@s.example", "joe@a.example", "good", ""),
]
# EHLO names of which a server writes nothing when it refuses them
UNLOGGED = [("sendmail", "a(b)")]


def note(file, **members):
    with open(file, "a", encoding="ascii") as out:
        out.write(json.dumps(dict(members, time=time.time())) + "\n")


def status_of(text):
    """The enhanced status code that a line begins with; None."""
    status = text.partition(" ")[0]
    return status if status.count(".") == 2 and status[0] in "45" else None


class Session(socketserver.StreamRequestHandler):
    timeout = 60

    def say(self, text):
        self.wfile.write(text.replace("\n", "\r\n").encode() + b"\r\n")

    def answers(self, stage, text):
        """The reply to a command; true when that is all."""
        if stage != self.server.stage:
            self.say(text)
            return False
        text = self.server.text.format(**self.said)
        self.say(text)
        last = text.splitlines()[-1]
        code, status = int(last[:3]), status_of(last[4:])
        note(self.server.truth, side="receiver", code=code, status=status, stage=stage, host="mx.%s.example" % self.server.name,
             client=self.client_address[0])
        return code == 421 or stage == "greeting"

    def handle(self):
        try:
            self.talk()
        except OSError:
            pass

    def talk(self):
        self.said = {"rcpt": "", "from": "", "ehlo": ""}
        if self.answers("greeting", "220 mx.%s.example ESMTP" % self.server.name):
            return
        for line in self.rfile:
            words = line.decode("latin-1").strip()
            verb = words[:4].upper()
            if verb in ("EHLO", "HELO"):
                self.said["ehlo"] = words[5:]
                end = self.answers("ehlo", "250 mx.%s.example" % self.server.name)
            elif verb == "MAIL":
                self.said["from"] = words.partition("<")[2].partition(">")[0]
                end = self.answers("mail", "250 2.1.0 Ok")
            elif verb == "RCPT":
                self.said["rcpt"] = words.partition("<")[2].partition(">")[0]
                end = self.answers("rcpt", "250 2.1.5 Ok")
            elif verb == "DATA":
                end = self.answers("data", "354 go on")
                if self.server.stage != "data":
                    for part in self.rfile:
                        if part == b".\r\n":
                            break
                    end = self.answers("end-of-data", "250 2.0.0 Ok: taken")
            elif verb == "QUIT":
                self.say("221 2.0.0 Bye")
                end = True
            else:
                self.say("250 2.0.0 Ok")
                end = False
            if end:
                return


class Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class Listener6(Listener):
    address_family = socket.AF_INET6


def receivers(truth):
    servers = []
    for name, (address, stage, text) in RECEIVERS.items():
        server = (Listener6 if ":" in address else Listener)((address, 25), Session)
        server.name, server.stage, server.text, server.truth = name, stage, text, truth
        servers.append(server)
    threads = [threading.Thread(target=s.serve_forever, daemon=True) for s in servers]
    for t in threads:
        t.start()
    note(truth, ready=True)
    for t in threads:
        t.join()


def send():
    """To two recipients of one domain, too.  The server takes each of them."""
    for rcpts in [["bob@%s.example" % name] for name in [*RECEIVERS, "dead", "nomx"]] + [["bob@plain.example", "eve@plain.example"]]:
        with smtplib.SMTP(SERVER, 25, local_hostname="out.a.example", source_address=(SERVER, 0), timeout=60) as s:
            refused = s.sendmail("joe@a.example", rcpts, "Subject: x\r\n\r\nx\r\n")
            if refused:
                sys.exit("not taken: %s" % refused)


def attempt(address, ehlo, sender, recipient, subject):
    """The stage at which it is refused, and the reply; None."""
    s = smtplib.SMTP(local_hostname=ehlo, source_address=(address, 0), timeout=60)
    steps = [("greeting", lambda: s.connect(SERVER, 25)), ("ehlo", lambda: s.docmd("EHLO", ehlo)),
             ("mail", lambda: s.docmd("MAIL", "FROM:<%s>" % sender)), ("rcpt", lambda: s.docmd("RCPT", "TO:<%s>" % recipient)),
             ("end-of-data", lambda: s.data("Subject: %s\r\n\r\nx\r\n" % subject))]
    try:
        for stage, step in steps:
            code, text = step()
            if code >= 400:
                return stage, code, text.decode()
        s.quit()
        return None
    finally:
        s.close()


def clients(name, truth):
    for *what, refusers in ATTEMPTS:
        if (name, what[1]) in UNLOGGED:
            continue
        refused = attempt(*what)
        if (refused is not None) != (name in refusers.split()):
            sys.exit("%s: %s" % (what, refused))
        if refused is not None:
            stage, code, text = refused
            address, ehlo, sender, recipient, _ = what
            note(truth, side="client", code=code, status=status_of(text), stage=stage, text=text, address=address,
                 ehlo=ehlo, sender_domain=sender.partition("@")[2], recipient_domain=recipient.partition("@")[2])


def reverse(address):
    return ipaddress.ip_address(address).reverse_pointer + "."


def records():
    found = ["out.a.example. A " + SERVER, "out.a.example. AAAA 2001:db8::25", "a.example. MX 10 out.a.example.",
             "%s PTR out.a.example." % reverse(SERVER), "s.example. MX 10 mail.s.example.",
             "12.100.51.198.bl.s.example. A 127.0.0.2", "2.0.0.127.bl.s.example. A 127.0.0.2"]
    for name, (address, _, _) in [*RECEIVERS.items(), ("dead", (DEAD, "", ""))]:
        found += ["%s.example. MX 10 mx.%s.example." % (name, name), "%s PTR mx.%s.example." % (reverse(address), name),
                  "mx.%s.example. %s %s" % (name, "AAAA" if ":" in address else "A", address)]
    for address, name in CLIENTS.items():
        if name:
            found += ["%s PTR %s." % (reverse(address), name),
                      "%s. A %s" % (name, "192.0.2.99" if name.startswith("elsewhere") else address)]
    print('  local-zone: "." static')
    for record in found:
        print("  local-data: '%s'" % record)


# --- what the log of a server can have of a refusal

MEMBERS = ("by_us", "code", "status", "stage", "host", "address", "ehlo", "sender_domain", "recipient_domain")
NOTHING = dict(dict.fromkeys(MEMBERS), by_us=False)
# recipients and hosts that nobody answered for
NO_ANSWER = {"exim": [("dead.example", None)],
             "sendmail": [("dead.example", "mx.dead.example"), ("nomx.example", "nomx.example")],
             "opensmtpd": [(None, "mx.dead.example"), ("nomx.example", "nomx.example")]}


def quoted(text):
    return next((a for a in (SERVER, "2001:db8::25") if a in text), None)


def by_receiver(name, t):
    domain = t["host"].partition(".")[2]
    reply = RECEIVERS[domain.partition(".")[0]][2]
    early = t["stage"] in ("greeting", "ehlo")
    # Sendmail writes the first line of a reply, and not the command
    r = dict(NOTHING, code=t["code"], status=t["status"], host=t["host"], recipient_domain=domain,
             address=quoted(reply.partition("\n")[0] if name == "sendmail" else reply),
             ehlo="out.a.example" if "Helo command" in reply else None, stage=t["stage"] if name != "sendmail" else None)
    if name == "opensmtpd" and early:
        r["recipient_domain"] = None
    elif name == "opensmtpd":
        r.update(stage=None, sender_domain="a.example", address=quoted(reply) or t["client"])
    return r


def of_client(name, t):
    stage = t["stage"]
    r = dict(NOTHING, by_us=True, stage=stage, address=t["address"], recipient_domain=t["recipient_domain"] if stage == "rcpt" else None)
    if name == "exim":
        # a name that is not one is in the reason
        if stage != "greeting" and "(" not in t["ehlo"]:
            r["ehlo"] = t["ehlo"]
        if stage not in ("greeting", "ehlo"):
            r["sender_domain"] = t["sender_domain"]
    elif name == "sendmail" and t["recipient_domain"] and "User unknown" in t["text"]:
        r["address"] = None
    else:
        r.update(code=t["code"], status=t["status"])
        # Sendmail refuses these by their addresses, before it reads the command
        if stage == "mail" and t["address"] == "198.51.100.10":
            r["sender_domain"] = t["sender_domain"]
        if stage == "ehlo":
            r["ehlo"] = t["ehlo"]
    return r


def expected(name, truth):
    """Each with its time.  A host that refuses EHLO refuses HELO as well, and that is one refusal."""
    seen = set()
    for t in truth:
        if t["side"] == "client":
            yield of_client(name, t), t["time"]
        elif t["stage"] != "ehlo" or t["host"] not in seen:
            seen.add(t["host"])
            yield by_receiver(name, t), t["time"]
    for recipient, host in NO_ANSWER[name]:
        yield dict(NOTHING, host=host, recipient_domain=recipient), None


def compare(name, truth_file, said_file):
    with open(truth_file, encoding="ascii") as lines:
        truth = [t for t in map(json.loads, lines) if "side" in t]
    with open(said_file, encoding="utf-8") as lines:
        said = [json.loads(line) for line in lines]
    wrong = []
    for want, at in expected(name, truth):
        if at is None:
            found = [s for s in said if s["code"] is None and not s["by_us"] and (s["recipient_domain"], s["host"]) == (want["recipient_domain"], want["host"])]
        else:
            found = [s for s in said if all(s[m] == want[m] for m in MEMBERS) and
                     abs(datetime.datetime.fromisoformat(s["time"].replace("Z", "+00:00")).timestamp() - at) < 10]
        if found:
            said.remove(found[0])
        else:
            wrong.append("missing: %s" % {m: v for m, v in want.items() if v is not None})
    wrong += ["too many: %s %s" % (s["where"], {m: s[m] for m in MEMBERS if s[m] is not None}) for s in said]
    return "\n".join(wrong) or None


def syslog(path, file, form):
    s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    s.bind(path)
    os.chmod(path, 0o666)
    with open(file, "a", encoding="utf-8", buffering=1) as out:
        while True:
            line = s.recv(65536).rstrip(b"\0\n").decode("utf-8", "replace")
            line = line[line.index(">") + 1:] if line.startswith("<") else line
            stamp, rest = line[:15], line[16:]
            if form == "rfc3339":
                stamp = datetime.datetime.now().astimezone().isoformat(timespec="microseconds")
            out.write("%s out %s\n" % (stamp, rest.replace("\n", "#012")))


if __name__ == "__main__":
    commands = {f.__name__: f for f in (receivers, send, clients, syslog, records, compare)}
    sys.exit(commands[sys.argv[1]](*sys.argv[2:]))
