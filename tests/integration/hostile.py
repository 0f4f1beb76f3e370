#!/usr/bin/env python3
"""A name server that sends as much as a message can hold: for test_hostile.sh.

usage: hostile.py FILE    writes its port to FILE, then serves until it is ended

    PTR of 192.0.2.7        3,600 names of 250 bytes that are all escaped, over TCP
    PTR of 192.0.2.N        mailN.example, which has that address
    PTR of 198.51.100.N     the same as 192.0.2.7, once FILE.loud is there; before, mailN.example
    everything else         does not exist
"""
import os
import socket
import struct
import sys
import threading

A, PTR, SOA = 1, 12, 6


def wire(labels):
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def question(message):
    labels, at = [], 12
    while message[at]:
        labels.append(message[at + 1 : at + 1 + message[at]].lower())
        at += 1 + message[at]
    (qtype,) = struct.unpack_from("!H", message, at + 1)
    return labels, qtype, message[12 : at + 5]


def record(rtype, data):
    return struct.pack("!HHHIH", 0xC00C, rtype, 1, 60, len(data)) + data


def reply(message, records, rcode=0, cut=False):
    flags = 0x8180 | rcode | (0x0200 if cut else 0)
    soa = b""
    if not records and not cut:
        data = wire([b"ns"]) + wire([b"root"]) + struct.pack("!IIIII", 1, 60, 60, 60, 60)
        soa = b"\0" + struct.pack("!HHIH", SOA, 1, 60, len(data)) + data
    head = struct.pack("!HHHHH", flags, 1, len(records), 1 if soa else 0, 0)
    return message[:2] + head + question(message)[2] + b"".join(records) + soa


def many_names(message):
    tail = [bytes([1 + i]) * 60 for i in range(4)]
    start = 12 + len(question(message)[2]) + 12
    records = [record(PTR, wire([b"first"] + tail[:3]))]
    pointer = struct.pack("!H", 0xC000 | (start + 6))
    for i in range(3599):
        records.append(record(PTR, b"\3" + bytes([1 + i % 31, 1 + i // 31 % 31, 1 + i // 961]) + pointer))
    return records


def answer(message, tcp, loud):
    labels, qtype, _ = question(message)
    name = b".".join(labels).decode("latin-1")
    if qtype == PTR and name.endswith(".2.0.192.in-addr.arpa") or name.endswith(".100.51.198.in-addr.arpa"):
        number = labels[0].decode()
        if name.startswith("7.2.0.192.") or (loud() and name.startswith("7.100.")):
            return reply(message, many_names(message)) if tcp else reply(message, [], cut=True)
        return reply(message, [record(PTR, wire([b"mail" + number.encode(), b"example"]))])
    if qtype == A and name.endswith(".example") and name.startswith("mail"):
        number = int(name[4:].split(".")[0])
        return reply(message, [record(A, bytes([192, 0, 2, number])), record(A, bytes([198, 51, 100, number]))])
    return reply(message, [], rcode=3)


def read_exactly(connection, n):
    data = b""
    while len(data) < n:
        part = connection.recv(n - len(data))
        if not part:
            return b""
        data += part
    return data


def serve_tcp(listener, loud):
    def talk(connection):
        while True:
            head = read_exactly(connection, 2)
            if not head:
                return
            out = answer(read_exactly(connection, struct.unpack("!H", head)[0]), True, loud)
            connection.sendall(struct.pack("!H", len(out)) + out)

    while True:
        connection, _ = listener.accept()
        threading.Thread(target=talk, args=(connection,), daemon=True).start()


def main():
    while True:
        listener, udp = socket.socket(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        listener.bind(("127.0.0.1", 0))
        try:
            udp.bind(listener.getsockname())
            break
        except OSError:
            continue
    listener.listen(16)

    def loud():
        return os.path.exists(sys.argv[1] + ".loud")

    threading.Thread(target=serve_tcp, args=(listener, loud), daemon=True).start()
    with open(sys.argv[1] + ".new", "w", encoding="ascii") as file:
        print(listener.getsockname()[1], file=file)
    os.rename(sys.argv[1] + ".new", sys.argv[1])
    while True:
        message, peer = udp.recvfrom(4096)
        udp.sendto(answer(message, False, loud), peer)


main()
