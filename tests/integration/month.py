"""The world of a simulated month on loopback: a resolver, a mail server with a certificate, and a sink for mail.

usage: month.py DIR

DIR/zone holds the records, a line each: NAME TYPE VALUE.  DIR/lost names whose questions are lost, a line
each, or "*".  Both are read again when they change.  What the sink takes becomes DIR/mail/N.eml.  The ports
are written to DIR/ports: dns, smtp (of 127.1.0.7 alone), sink.
"""
import os, socket, socketserver, ssl, struct, sys, threading

DIR = sys.argv[1]
TYPES = {"A": 1, "NS": 2, "SOA": 6, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28}


class Known:
    """The zone and what is lost, as the files say now."""

    def __init__(self):
        self.stamp, self.records, self.names, self.lost = None, {}, set(), set()
        self.lock = threading.Lock()

    def fresh(self):
        with self.lock:
            paths = [os.path.join(DIR, name) for name in ("zone", "lost")]
            stamp = [(os.stat(p).st_mtime_ns, os.stat(p).st_ino) for p in paths]
            if stamp != self.stamp:
                self.stamp = stamp
                self.records, self.names = {}, {""}
                for line in open(paths[0], encoding="ascii"):
                    name, kind, value = line.split(None, 2)
                    self.records.setdefault((name, TYPES[kind]), []).append(value.strip())
                    labels = name.split(".")
                    self.names.update(".".join(labels[i:]) for i in range(len(labels)))
                self.lost = set(open(paths[1], encoding="ascii").read().split())
            return self.records, self.names, self.lost


KNOWN = Known()


def wire(name):
    return b"".join(bytes([len(part)]) + part.encode() for part in name.split(".") if part) + b"\0"


def data_of(kind, value):
    if kind == 1:
        return socket.inet_pton(socket.AF_INET, value)
    if kind == 28:
        return socket.inet_pton(socket.AF_INET6, value)
    if kind == 16:
        return bytes([len(value)]) + value.encode()
    if kind == 6:
        return wire("ns.") + wire("hostmaster.") + struct.pack(">5I", 1, 3600, 600, 86400, 60)
    return wire(value)


def answer(question):
    """The answer to a message, or None when it is lost."""
    end, labels = 12, []
    while question[end]:
        labels.append(question[end + 1:end + 1 + question[end]].decode("latin-1").lower())
        end += question[end] + 1
    name, kind = ".".join(labels), struct.unpack(">H", question[end + 1:end + 3])[0]
    records, names, lost = KNOWN.fresh()
    if "*" in lost or name in lost:
        return None
    found = records.get((name, kind), [])
    if kind == 2 and name == "":
        found = ["ns"]
    rcode = 0 if found or name in names else 3
    soa = b"" if found else b"\0" + struct.pack(">HHIH", 6, 1, 60, len(data_of(6, ""))) + data_of(6, "")
    out = question[:2] + struct.pack(">5H", 0x8180 | rcode, 1, len(found), 0 if found else 1, 0)
    out += question[12:end + 5]
    for value in found:
        rdata = data_of(kind, value)
        out += b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 300, len(rdata)) + rdata
    return out + soa


class Udp(socketserver.BaseRequestHandler):
    def handle(self):
        reply = answer(self.request[0])
        if reply is not None:
            self.request[1].sendto(reply, self.client_address)


class Tcp(socketserver.StreamRequestHandler):
    def handle(self):
        while head := self.rfile.read(2):
            reply = answer(self.rfile.read(struct.unpack(">H", head)[0]))
            if reply is None:
                return
            self.wfile.write(struct.pack(">H", len(reply)) + reply)


class Smtp(socketserver.StreamRequestHandler):
    """A server that greets, offers STARTTLS and takes messages."""

    name, directory, count, lock = "mx07.fleet.example", None, 0, threading.Lock()

    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")
        self.wfile.flush()

    def secure(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(os.path.join(DIR, "cert.pem"), os.path.join(DIR, "key.pem"))
        self.request = context.wrap_socket(self.request, server_side=True)
        self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb")

    def take(self):
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        with Smtp.lock:
            Smtp.count += 1
            path = os.path.join(self.directory, "%03d.eml" % Smtp.count)
            with open(path + ".part", "wb") as file:
                file.write(b"".join(lines))
            os.rename(path + ".part", path)
        self.say("250 taken")

    def handle(self):
        try:
            self.say("220 %s ESMTP" % self.name)
            while line := self.rfile.readline():
                word = line.split(None, 1)[0].upper() if line.strip() else b""
                if word == b"EHLO":
                    self.say("250-" + self.name if self.directory is None else "250 " + self.name)
                    if self.directory is None:
                        self.say("250 STARTTLS")
                elif word == b"STARTTLS":
                    self.say("220 go on")
                    self.secure()
                elif word == b"DATA" and self.directory is not None:
                    self.take()
                elif word == b"QUIT":
                    return self.say("221 bye")
                else:
                    self.say("250 ok")
        except (OSError, ssl.SSLError):
            pass


class Sink(Smtp):
    name, directory = "localhost", os.path.join(DIR, "mail")


class Threading(socketserver.ThreadingMixIn, socketserver.TCPServer):
    allow_reuse_address, daemon_threads, request_queue_size = True, True, 64



os.makedirs(os.path.join(DIR, "mail"), exist_ok=True)
tcp = Threading(("127.0.0.1", 0), Tcp)
udp = socketserver.UDPServer(tcp.server_address, Udp)
smtp, sink = Threading(("127.1.0.7", 0), Smtp), Threading(("127.0.0.1", 0), Sink)
with open(os.path.join(DIR, "ports.part"), "w", encoding="ascii") as file:
    print(tcp.server_address[1], smtp.server_address[1], sink.server_address[1], file=file)
os.rename(os.path.join(DIR, "ports.part"), os.path.join(DIR, "ports"))
for server in (tcp, udp, smtp):
    threading.Thread(target=server.serve_forever, daemon=True).start()
sink.serve_forever()
