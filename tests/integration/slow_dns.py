#!/usr/bin/env python3
"""A resolver that answers every question after a while, each by itself: PTR mail.example.

usage: slow_dns.py PORT SECONDS
"""
import heapq
import select
import socket
import sys
import time

port, delay = int(sys.argv[1]), float(sys.argv[2])
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("127.0.0.1", port))
waiting = []  # (when, number, answer, client)
number = 0
while True:
    left = max(0, waiting[0][0] - time.monotonic()) if waiting else None
    if select.select([udp], [], [], left)[0]:
        query, client = udp.recvfrom(4096)
        end = query.index(b"\0", 12) + 5  # of the question
        record = b"\xc0\x0c\0\x0c\0\x01\0\0\x0e\x10\0\x0e\x04mail\x07example\0"
        is_ptr = query[end - 4:end - 2] == b"\0\x0c"
        answer = query[:2] + b"\x81\x80\0\x01" + (b"\0\x01" if is_ptr else b"\0\0") + b"\0\0\0\0" + query[12:end]
        heapq.heappush(waiting, (time.monotonic() + delay, number, answer + (record if is_ptr else b""), client))
        number += 1
    while waiting and waiting[0][0] <= time.monotonic():
        _, _, answer, client = heapq.heappop(waiting)
        udp.sendto(answer, client)
