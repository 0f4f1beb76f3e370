"""Shows a message to a milter, as a mail server does, and writes it with the fields that it adds.  usage: milter.py PORT IN OUT"""
import socket
import struct
import sys


def talk(port, text):
    """Yields the answers of a session; text: the message with LF."""
    link = socket.create_connection(("127.0.0.1", port), 10)
    head, _, body = text.partition(b"\n\n")
    fields = []
    for line in head.split(b"\n"):
        if line[:1] in b" \t" and fields:
            fields[-1] += b"\n" + line
        elif line:
            fields.append(line)

    def send(command, data=b""):
        link.sendall(struct.pack("!I", len(data) + 1) + command + data)

    def receive():
        size = struct.unpack("!I", exactly(4))[0]
        packet = exactly(size)
        return packet[:1], packet[1:]

    def exactly(n):
        data = b""
        while len(data) < n:
            more = link.recv(n - len(data))
            if not more:
                raise EOFError("the milter ended the connection")
            data += more
        return data

    def need(*want):
        answer, data = receive()
        if answer not in want:
            raise ValueError(f"the milter answers {answer!r} {data!r}")

    send(b"O", struct.pack("!III", 2, 0x1FF, 0))
    need(b"O")
    for command, data in [
            (b"C", b"localhost\0" + b"4" + struct.pack("!H", 25) + b"127.0.0.1\0"), (b"H", b"localhost\0"),
            (b"M", b"<ann@example.com>\0"), (b"R", b"<bob@example.org>\0")]:
        send(command, data)
        need(b"c")
    for field in fields:
        name, _, value = field.partition(b":")
        send(b"L", name + b"\0" + value.removeprefix(b" ") + b"\0")
        need(b"c")
    send(b"N")
    need(b"c")
    body = body.replace(b"\n", b"\r\n")
    for at in range(0, len(body), 65000):
        send(b"B", body[at:at + 65000])
        need(b"c")
    send(b"E")
    while True:
        answer, data = receive()
        if answer in b"ac":
            return
        if answer in b"hi":
            name, value = data[4 if answer == b"i" else 0:].split(b"\0")[:2]
            yield name + b": " + value.replace(b"\r\n", b"\n")


def main():
    port, source, target = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    text = open(source, "rb").read()
    added = list(talk(port, text))
    if not any(line.startswith(b"DKIM-Signature:") for line in added):
        sys.exit("the milter did not sign")
    open(target, "wb").write(b"".join(line + b"\n" for line in added) + text)


main()
