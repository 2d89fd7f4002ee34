# SPDX-License-Identifier: BSD-2-Clause
"""A vswitchd in a directory of its own, clients of its sockets, and TAP for tests."""

import array
import ctypes
import json
import mmap
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import traceback

# What a peer that hangs may take; nothing that passes waits for it.
PATIENCE = 10


class Control:
    """A connection to a control socket."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(path)
        self.buffer = b""
        self.events = []
        self.fds = []
        self.greeting = self.line()

    def line(self):
        while b"\n" not in self.buffer:
            data, ancillary, _, _ = self.socket.recvmsg(65536, socket.CMSG_SPACE(16))
            if not data:
                raise EOFError("the control connection is closed")
            for level, kind, fds in ancillary:
                if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                    self.fds += array.array("i", fds)
            self.buffer += data
        line, self.buffer = self.buffer.split(b"\n", 1)
        return json.loads(line)

    def answer(self):
        while True:
            line = self.line()
            if "event" not in line:
                return line
            self.events.append(line)

    def run(self, command, **arguments):
        """The answer to a command, as it is."""
        request = {"execute": command, "arguments": {k.replace("_", "-"): v
                                                     for k, v in arguments.items()}}
        self.socket.sendall(json.dumps(request).encode() + b"\n")
        return self.answer()

    def ask(self, command, **arguments):
        """What a command returns; an error is one of the test."""
        answer = self.run(command, **arguments)
        if "return" not in answer:
            raise AssertionError(f"{command}: {answer}")
        return answer["return"]

    def error(self, command, **arguments):
        """The text of the error that a command must give."""
        return self.run(command, **arguments)["error"]["desc"]

    def event(self, name, **data):
        """Wait for an event; some of its data."""
        def fits(e):
            return e["event"] == name and all(e["data"].get(k) == v for k, v in data.items())
        while not any(map(fits, self.events)):
            line = self.line()
            if "event" in line:
                self.events.append(line)
        found = next(filter(fits, self.events))
        self.events.remove(found)
        return found

    def close(self):
        self.socket.close()


class Station:
    """A machine on a stream socket."""

    def __init__(self, where, mac=None):
        if isinstance(where, socket.socket):
            self.socket = where
        else:
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.connect(where)
        self.socket.settimeout(PATIENCE)
        self.mac = mac or b"\x02\0\0\0\0\x01"

    def send(self, text, to=b"\xff" * 6):
        frame = to + self.mac + b"\x88\xb5" + text.encode().ljust(46, b"\0")
        self.raw(frame)

    def raw(self, frame):
        self.socket.sendall(struct.pack(">I", len(frame)) + frame)

    def exactly(self, n):
        data = b""
        while len(data) < n:
            more = self.socket.recv(n - len(data))
            if not more:
                raise EOFError("the connection is closed")
            data += more
        return data

    def frame(self):
        return self.exactly(struct.unpack(">I", self.exactly(4))[0])

    def hear(self):
        """The next text of another station."""
        while True:
            frame = self.frame()
            if frame[12:14] == b"\x88\xb5":
                return frame[14:].rstrip(b"\0").decode()

    def silent(self):
        """Nothing is there to be heard now."""
        return not select.select([self.socket], [], [], 0)[0]

    def closed(self):
        try:
            while True:
                self.frame()
        except (EOFError, ConnectionResetError):
            return True

    def close(self):
        self.socket.close()


class Vhost:
    """A driver of virtio-net on vhost-user: two split rings in a memory file of its own, which
    outlive the connection."""

    ENTRIES = 64
    BUFFER = 2048
    HEADER = 12
    SIZE = 1 << 20
    GPA = 0x40000000  # and the address that it says to have in its own process
    FEATURES = 1 << 32 | 1 << 30  # VERSION_1, PROTOCOL_FEATURES

    def __init__(self, path, mac):
        self.mac = mac
        self.memfd = os.memfd_create("vhost")
        os.ftruncate(self.memfd, self.SIZE)
        self.memory = mmap.mmap(self.memfd, self.SIZE)
        self.call, self.kick = os.eventfd(0, os.EFD_NONBLOCK), os.eventfd(0)
        self.sent = self.heard = 0
        # In one store each, while the switch reads: pack_into() writes zeros first.
        self.available = [ctypes.c_uint16.from_buffer(self.memory, self.avail(ring) + 2)
                          for ring in (0, 1)]
        for entry in range(self.ENTRIES):
            self.offer(0, entry, self.BUFFER, 2)
        self.connect(path)

    def table(self, ring):
        return ring * 0x2000

    def avail(self, ring):
        return self.table(ring) + 0x800

    def used(self, ring):
        return self.table(ring) + 0x1000

    def buffer(self, ring, entry):
        return 0x4000 + (ring * self.ENTRIES + entry) * self.BUFFER

    def used_index(self, ring):
        return struct.unpack_from("<H", self.memory, self.used(ring) + 2)[0]

    def offer(self, ring, entry, length, flags):
        """Make an entry's buffer available."""
        struct.pack_into("<QIHH", self.memory, self.table(ring) + 16 * entry,
                         self.GPA + self.buffer(ring, entry), length, flags, 0)
        index = self.available[ring].value
        struct.pack_into("<H", self.memory, self.avail(ring) + 4 + 2 * (index % self.ENTRIES),
                         entry)
        self.available[ring].value = index + 1

    def message(self, request, payload=b"", fds=(), reply=False):
        head = struct.pack("<III", request, 1, len(payload))
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))] if fds else []
        self.socket.sendmsg([head + payload], rights)
        if not reply:
            return None
        head = self.socket.recv(12, socket.MSG_WAITALL)
        return self.socket.recv(struct.unpack("<III", head)[2], socket.MSG_WAITALL)

    def connect(self, path):
        """As QEMU does it, and does it again when the switch has died: from where it stood."""
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(path)
        self.message(1, reply=True)
        self.message(15, reply=True)
        self.message(16, struct.pack("<Q", 0))
        self.message(3)
        self.message(2, struct.pack("<Q", self.FEATURES))
        self.message(5, struct.pack("<II4Q", 1, 0, self.GPA, self.SIZE, self.GPA, 0), [self.memfd])
        for ring in 0, 1:
            self.message(8, struct.pack("<II", ring, self.ENTRIES))
            self.message(10, struct.pack("<II", ring, self.used_index(ring)))
            places = [self.GPA + at(ring) for at in (self.table, self.used, self.avail)]
            self.message(9, struct.pack("<II4Q", ring, 0, *places, 0))
            self.message(13, struct.pack("<Q", ring), [self.call])
            self.message(12, struct.pack("<Q", ring), [self.kick])
            self.message(18, struct.pack("<II", ring, 1))

    def send(self, text, to=b"\xff" * 6):
        """Send a text; the ring must have room."""
        frame = to + self.mac + b"\x88\xb5" + text.encode().ljust(46, b"\0")
        entry = self.sent % self.ENTRIES
        at = self.buffer(1, entry)
        self.memory[at:at + self.HEADER + len(frame)] = bytes(self.HEADER) + frame
        self.offer(1, entry, self.HEADER + len(frame), 0)
        self.sent += 1
        os.eventfd_write(self.kick, 1)

    def unsent(self):
        """Entries of the sending ring that the switch has not given back."""
        return (self.sent - self.used_index(1)) & 0xffff

    def hear(self, sender=None):
        """The next text, of this sender to this station if one is given."""
        while True:
            while self.heard & 0xffff == self.used_index(0):
                if not select.select([self.call], [], [], PATIENCE)[0]:
                    raise EOFError("no frame comes")
                os.eventfd_read(self.call)
            entry, length = struct.unpack_from("<II", self.memory, self.used(0) + 4 +
                                               8 * (self.heard % self.ENTRIES))
            at = self.buffer(0, entry)
            frame = self.memory[at + self.HEADER:at + length]
            self.heard += 1
            self.offer(0, entry, self.BUFFER, 2)
            os.eventfd_write(self.kick, 1)
            if sender and (frame[:6], frame[6:12]) != (self.mac, sender):
                continue
            if frame[12:14] == b"\x88\xb5":
                return frame[14:].rstrip(b"\0").decode()

    def closed(self):
        return self.socket.recv(1) == b""

    def __del__(self):
        for fd in self.memfd, self.call, self.kick:  # numbers beyond 1,023 are none for select()
            os.close(fd)


class Card:
    """A client of vfio-user with a driver of an e1000: two rings in a memory file of its own."""

    ENTRIES, BUFFER, SIZE = 64, 2048, 1 << 20
    TX, RX, BUFFERS = 0, 0x1000, 0x10000

    def __init__(self, path):
        self.memfd = os.memfd_create("guest")
        os.ftruncate(self.memfd, self.SIZE)
        self.memory = mmap.mmap(self.memfd, self.SIZE)
        self.irq = os.eventfd(0, os.EFD_NONBLOCK)
        self.sent = self.heard = 0
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(path)
        error, self.greeting = self.ask(1, struct.pack("=HH", 0, 0) + b"{}\0")
        assert error == 0, error

    def post(self, command, body=b"", fds=()):
        head = struct.pack("=HHIII", 1, command, 16 + len(body), 0, 0)
        socket.send_fds(self.socket, [head + body], list(fds))

    def answer(self):
        """Error and body of an answer."""
        _, _, size, flags, error = struct.unpack("=HHIII", self.socket.recv(16, socket.MSG_WAITALL))
        body = self.socket.recv(size - 16, socket.MSG_WAITALL) if size > 16 else b""
        return (error if flags & 0x20 else 0), body

    def ask(self, command, body=b"", fds=()):
        self.post(command, body, fds)
        return self.answer()

    def read(self, offset, size=4, region=0):
        error, answer = self.ask(9, struct.pack("=QII", offset, region, size))
        assert error == 0, error
        return int.from_bytes(answer[16:], "little")

    def write(self, offset, value, size=4, region=0):
        body = struct.pack("=QII", offset, region, size) + value.to_bytes(size, "little")
        assert self.ask(10, body)[0] == 0

    def map(self, address, size, memory):
        return self.ask(2, struct.pack("=IIQQQ", 32, 3, 0, address, size), [memory])[0]

    def start(self):
        """What a driver does to have frames sent and received, with an interrupt."""
        assert self.map(0, self.SIZE, self.memfd) == 0
        assert self.ask(8, struct.pack("=IIIII", 20, 0x24, 0, 0, 1), [self.irq])[0] == 0
        self.write(4, 0x0007, 2, region=7)
        for at in range(self.ENTRIES):
            struct.pack_into("<QQ", self.memory, self.RX + 16 * at, self.buffer(at + self.ENTRIES), 0)
        for base, ring in ((0x3800, self.TX), (0x2800, self.RX)):
            self.write(base, ring)
            self.write(base + 8, 16 * self.ENTRIES)
        self.mac = struct.pack("<II", self.read(0x5400), self.read(0x5404))[:6]
        self.write(0, 0x40)  # CTRL: set the link up
        self.write(0x400, 0xa)  # TCTL: enabled, short frames padded
        self.write(0x100, 0x801a)  # RCTL: enabled, all unicast and multicast, broadcast
        self.write(0x2818, self.ENTRIES - 1)
        self.write(0xd0, 0x80)  # IMS: frames received

    def buffer(self, at):
        return self.BUFFERS + at * self.BUFFER

    def send(self, text, to=b"\xff" * 6):
        frame = to + self.mac + b"\x88\xb5" + text.encode().ljust(46, b"\0")
        at = self.sent % self.ENTRIES
        self.memory[self.buffer(at):self.buffer(at) + len(frame)] = frame
        struct.pack_into("<QQ", self.memory, self.TX + 16 * at, self.buffer(at), 0x0b000000 | len(frame))
        self.sent += 1
        self.write(0x3818, self.sent % self.ENTRIES)

    def hear(self):
        """The next text; the interrupt is waited for and ended as a driver does it."""
        while True:
            at = self.heard % self.ENTRIES
            length, _, status = struct.unpack_from("<HHB", self.memory, self.RX + 16 * at + 8)
            if not status & 1:
                if not select.select([self.irq], [], [], PATIENCE)[0]:
                    raise EOFError("no frame comes")
                os.eventfd_read(self.irq)
                self.read(0xc0)  # ICR
                assert self.ask(8, struct.pack("=IIIII", 20, 0x11, 0, 0, 1))[0] == 0
                continue
            frame = self.memory[self.buffer(at + self.ENTRIES):self.buffer(at + self.ENTRIES) + length]
            struct.pack_into("<Q", self.memory, self.RX + 16 * at + 8, 0)
            self.write(0x2818, at)
            self.heard += 1
            if frame[12:14] == b"\x88\xb5":
                return frame[14:60].rstrip(b"\0").decode()

    def told(self):
        """Was the interrupt told since this was asked last?"""
        self.read(8)  # by the thread that tells it
        ready = bool(select.select([self.irq], [], [], 0)[0])
        if ready:
            os.eventfd_read(self.irq)
        return ready

    def close(self):
        self.socket.close()


class Daemon:
    """A vswitchd that runs, or has ended."""

    def __init__(self, config=None, *arguments, expect=None, env=None, place=None, prefix=()):
        self.directory = place or tempfile.TemporaryDirectory(prefix="vswitchd-")
        self.place = os.path.join(self.directory.name, "vchassis")
        self.file = os.path.join(self.directory.name, "config.json")
        command = [*prefix, PROGRAM, *arguments]
        if config is not None:
            self.write(config)
            command += ["--config", self.file]
        environment = {**os.environ, "XDG_RUNTIME_DIR": self.directory.name, **(env or {})}
        environment.pop("NOTIFY_SOCKET", None) if not env else None
        self.process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.log = []
        if expect is None:
            self.wait_log("ready")
        else:
            self.end(expect)

    def write(self, config):
        with open(self.file, "w", encoding="utf-8") as file:
            file.write(config if isinstance(config, str) else json.dumps(config))

    def path(self, name):
        return os.path.join(self.place, name)

    def wait_log(self, text):
        """Read the log up to a line with this text."""
        for line in self.process.stderr:
            self.log.append(line.rstrip())
            if text in line:
                return line.rstrip()
        raise AssertionError(f"no '{text}' in the log: {self.log}")

    def control(self, name="control.sock"):
        return Control(self.path(name))

    def station(self, name="stream.sock", number=1):
        return Station(self.path(name), bytes([2, 0, 0, 0, 0, number]))

    def card(self, name="card.sock"):
        return Card(self.path(name))

    def end(self, status=0):
        """Wait for its end."""
        self.log += self.process.stderr.read().splitlines()
        got = self.process.wait(PATIENCE)
        assert got == status, f"status {got}, not {status}: {self.log}"

    def machine(self, name="vhost.sock", number=1):
        return Vhost(self.path(name), bytes([2, 0, 0, 0, 1, number]))

    def stop(self):
        """Ask it to end, if it has not."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.end()

    def kill(self):
        self.process.kill()
        self.process.wait()


TESTS = []


def test(function):
    TESTS.append(function)
    return function


class Skip(Exception):
    """Why a test cannot be done here."""


def main():
    print(f"1..{len(TESTS)}")
    failed = False
    for number, function in enumerate(TESTS, 1):
        name = function.__doc__ or function.__name__
        try:
            function()
            print(f"ok {number} - {name}")
        except Skip as why:
            print(f"ok {number} - {name} # SKIP {why}")
        except Exception:  # pylint: disable=broad-except
            failed = True
            for line in traceback.format_exc().splitlines():
                print(f"# {line}")
            print(f"not ok {number} - {name}")
        sys.stdout.flush()
    return failed


PROGRAM = sys.argv[1]
