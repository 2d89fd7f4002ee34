#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""vswitchd and QEMU's own netdevs.

Usage: qemu-test.py VSWITCHD QEMU

A QEMU without machine joins the netdev under test with a datagram socket of this program, over a hub
of its own: what is said here is what a card would have said. Speaks TAP.
"""

import contextlib
import os
import socket
import subprocess
import sys

from harness import Daemon, PATIENCE, main, test

QEMU = sys.argv[2]
PROBE = "are you there?"


class Machine:
    """A QEMU with one netdev, and the far side of it."""

    def __init__(self, netdev, number):
        self.socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.settimeout(PATIENCE)
        self.mac = bytes([2, 0, 0, 0, 0, number])
        self.process = subprocess.Popen(
            [QEMU, "-M", "none", "-nodefaults", "-display", "none",
             "-netdev", netdev + ",id=tested", "-netdev", "hubport,hubid=1,netdev=tested,id=h1",
             "-netdev", f"dgram,id=far,local.type=fd,local.str={theirs.fileno()}",
             "-netdev", "hubport,hubid=1,netdev=far,id=h2"],
            pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        theirs.close()

    def send(self, text, to=b"\xff" * 6):
        self.socket.send(to + self.mac + b"\x88\xb5" + text.encode().ljust(46, b"\0"))

    def frame(self):
        while True:
            frame = self.socket.recv(70000)
            if frame[12:14] == b"\x88\xb5":
                return frame[14:].rstrip(b"\0").decode()

    def hear(self):
        """What another one says; not whether we are there, which may have been asked often."""
        while True:
            text = self.frame()
            if text != PROBE:
                return text

    def until_heard(self, other):
        """Say something until another one hears it: when QEMU has connected is its own affair."""
        other.socket.settimeout(0.05)
        for _ in range(PATIENCE * 20):
            self.send(PROBE)
            with contextlib.suppress(TimeoutError, socket.timeout):
                if other.frame() == PROBE:
                    break
        else:
            raise AssertionError("nothing was heard")
        other.socket.settimeout(PATIENCE)

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.socket.close()


@contextlib.contextmanager
def machines(daemon, *netdevs):
    found = []
    try:
        for number, netdev in enumerate(netdevs, 1):
            found.append(Machine(netdev.format(place=daemon.place), number))
        yield found
    finally:
        for machine in found:
            machine.stop()


@contextlib.contextmanager
def running(config):
    daemon = Daemon(config)
    try:
        yield daemon
    finally:
        daemon.stop()


def config(**ports):
    listen = [{"transport": "stream", "address": "stream.sock", "ports": "vm%"}]
    return {"switches": {"sw": {"portgroups": {"g": {"listen": listen}}, "ports": ports}}}


CLIENT = "stream,server=off,addr.type=unix,addr.path={place}/stream.sock"


def talk(one, two):
    one.until_heard(two)
    two.until_heard(one)
    one.send("a frame for one", two.mac)
    assert two.hear() == "a frame for one"
    for number in range(0, 200, 5): # a QEMU whose datagrams are not read mixes them up
        for offset in range(5):
            two.send(str(number + offset), one.mac)
        for offset in range(5):
            heard = one.hear()
            assert heard == str(number + offset), (heard, number + offset)


@test
def stream_clients():
    """two QEMUs connect to a listener by -netdev stream"""
    with running(config()) as daemon, machines(daemon, CLIENT, CLIENT) as (one, two):
        talk(one, two)


@test
def stream_server():
    """the daemon dials a QEMU that listens, and dials it again when it was started anew"""
    peer = {"connect": {"transport": "stream", "address": "qemu.sock", "retry-ms": 20}}
    server = "stream,server=on,addr.type=unix,addr.path={place}/qemu.sock"
    with running(config(peer=peer)) as daemon:
        for _ in range(2):
            with machines(daemon, CLIENT, server) as (one, two):
                talk(one, two)
            os.unlink(daemon.path("qemu.sock"))


@test
def old_socket():
    """-netdev socket speaks the same"""
    peer = {"connect": {"transport": "stream", "address": "127.0.0.1:0", "retry-ms": 20}}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        peer["connect"]["address"] = f"127.0.0.1:{probe.getsockname()[1]}"
    server = "socket,listen=" + peer["connect"]["address"]
    with running(config(peer=peer)) as daemon, machines(daemon, CLIENT, server) as (one, two):
        talk(one, two)


@test
def datagrams():
    """-netdev dgram over Unix sockets; QEMU is started anew"""
    peer = {"connect": {"transport": "dgram", "local": "{place}/ours", "remote": "{place}/theirs"}}
    netdev = ("dgram,local.type=unix,local.path={place}/theirs,"
              "remote.type=unix,remote.path={place}/ours")
    setting = config(peer=peer)
    with running(config()) as daemon:
        for key in "local", "remote":
            peer["connect"][key] = peer["connect"][key].format(place=daemon.place)
        daemon.control().ask("config-patch", patch=setting["switches"]["sw"])
        for _ in range(2):
            with machines(daemon, CLIENT, netdev) as (one, two):
                talk(one, two)
            os.unlink(daemon.path("theirs"))


if __name__ == "__main__":
    sys.exit(main())
