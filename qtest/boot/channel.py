# SPDX-License-Identifier: GPL-2.0-or-later
"""Lines over a socket with deadlines: what QMP and the guest's agent have in common."""

import select
import socket
import time


class Channel:
    """One end of a socket pair whose other end QEMU has inherited; speaks in lines of bytes."""

    def __init__(self, name, alive):
        """alive() raises when QEMU is gone, with what it said last."""
        self.name, self.alive = name, alive
        self.sock, self.theirs = socket.socketpair()
        self.buffer = b''

    def handed_over(self):
        """QEMU has its end: close ours of it, or its death would not be seen."""
        self.theirs.close()

    def send(self, line):
        try:
            self.sock.sendall(line + b'\n')
        except OSError as error:
            self.alive()
            raise EOFError(f'{self.name}: {error}') from error

    def line(self, deadline):
        """The next whole line, or None at the deadline."""
        while b'\n' not in self.buffer:
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            if not select.select([self.sock], [], [], min(left, 1))[0]:
                continue
            try:
                data = self.sock.recv(1 << 16)
            except ConnectionError:
                data = b''
            if not data:
                self.alive()
                raise EOFError(f'{self.name}: QEMU closed the connection')
            self.buffer += data
        line, self.buffer = self.buffer.split(b'\n', 1)
        return line

    def close(self):
        self.sock.close()
        self.theirs.close()
