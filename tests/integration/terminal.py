"""Runs a command at a terminal and answers its question.

usage: [COLUMNS=N] terminal.py ANSWER COMMAND...
    ANSWER: what is typed, "^C" and "^D" for these keys; N: how wide the terminal is

All that it writes goes to standard output; the status is its own, or 128 and the signal that ended it.
"""
import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time

KEYS = {"^C": b"\x03", "^D": b"\x04"}
QUESTION = b"[y/N] "
TIME_S = 60


def main():
    answer = KEYS.get(sys.argv[1], sys.argv[1].encode() + b"\n")
    pid, terminal = pty.fork()
    if pid == 0:
        size = struct.pack("HHHH", 0, int(os.environ.get("COLUMNS", "0")), 0, 0)
        fcntl.ioctl(1, termios.TIOCSWINSZ, size)
        os.execvp(sys.argv[2], sys.argv[2:])
    seen, answered, end = b"", False, time.monotonic() + TIME_S
    while time.monotonic() < end:
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            data = os.read(terminal, 4096)
        except OSError:  # the other side is closed
            break
        if not data:
            break
        seen += data
        if QUESTION in seen and not answered:
            os.write(terminal, answer)
            answered = True
    else:
        os.kill(pid, 9)
    _, status = os.waitpid(pid, 0)
    sys.stdout.buffer.write(seen.replace(b"\r", b"").replace(b"\x08", b""))
    sys.stdout.flush()
    sys.exit(128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status))


main()
