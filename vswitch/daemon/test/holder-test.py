#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Who holds a port while its machine migrates (holder.h): two drivers play source and target.

Usage: holder-test.py VSWITCHD. Speaks TAP.
"""

import os
import socket
import struct
import sys
import time
from contextlib import contextmanager

from harness import PATIENCE, Daemon, Station, Vhost, main, test

UUID = "01234567-89ab-cdef-0123-456789abcdef"
OTHER = "76543210-89ab-cdef-0123-456789abcdef"
CARD, STATE = 1 << 62, 1 << 61 # bits of the protocol that are ours

LISTEN = [{"transport": "stream", "address": "stream.sock", "ports": "vm%"},
          {"transport": "vhost-user", "address": "one.sock", "ports": "one", "standby": True},
          {"transport": "vhost-user", "address": "two.sock", "ports": "two"}]
CONFIG = {"switches": {"sw": {"portgroups": {
    "g": {"listen": LISTEN, "security": {"promiscuous": True}}, "red": {"token": "rouge"}}}}}


class Machine(Vhost):
    """A driver whose rings start and stop when it is told to."""

    def __init__(self, connection, number=1, runs=False):
        self.connection, self.runs = connection, runs
        super().__init__(None, bytes([2, 0, 0, 0, 1, number]))

    def connect(self, path):
        if isinstance(self.connection, str):
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.connect(self.connection)
        else:
            self.socket = socket.socket(fileno=self.connection)
            self.socket.setblocking(True)
        self.socket.settimeout(PATIENCE)
        self.message(1, reply=True)
        self.message(15, reply=True)
        self.message(16, struct.pack("<Q", 0))
        self.message(3)
        self.message(2, struct.pack("<Q", self.FEATURES))
        self.message(5, struct.pack("<II4Q", 1, 0, self.GPA, self.SIZE, self.GPA, 0), [self.memfd])
        if self.runs:
            self.start()

    def start(self):
        for ring in 0, 1:
            self.message(8, struct.pack("<II", ring, self.ENTRIES))
            self.message(10, struct.pack("<II", ring, self.used_index(ring)))
            places = [self.GPA + at(ring) for at in (self.table, self.used, self.avail)]
            self.message(9, struct.pack("<II4Q", ring, 0, *places, 0))
            self.message(13, struct.pack("<Q", ring), [self.call])
            self.message(12, struct.pack("<Q", ring), [self.kick])
            self.message(18, struct.pack("<II", ring, 1))

    def stop(self):
        for ring in 0, 1:
            self.message(11, struct.pack("<II", ring, 0), reply=True)

    def close(self):
        self.socket.close()


@contextmanager
def running(config=None):
    daemon = Daemon(config or CONFIG)
    try:
        yield daemon, daemon.control()
    finally:
        daemon.stop()


def plug(control, uuid=UUID, number=1, runs=False, **more):
    more.setdefault("portgroup", "g")
    control.ask("plug", port="p", vm={"uuid": uuid} if uuid else {}, **more)
    return Machine(control.fds.pop(), number, runs)


def step(control, text):
    """Wait for a step of port p or one."""
    while True:
        event = control.event("PORT_MOVE")
        if text in event["data"]["text"]:
            return event["data"]["text"]


def look(control, port="p"):
    """Who holds it, and who is beside."""
    one = control.ask("query-connections", port=port)[0]
    return one.get("holder"), one.get("second")


def counted(control, port="p"):
    ports = {p["id"]: p for p in control.ask("query-ports")}
    return ports[port]["counters"]["in"]["broadcast"]["frames"]


@contextmanager
def pair():
    """A source that runs and has sent three frames, a target on standby, a station that listens"""
    with running() as (daemon, control):
        station = daemon.station(number=9)
        control.event("PORT_LINK", port="vm1", text="link up")
        source = plug(control, runs=True)
        control.event("PORT_LINK", port="p", text="link up")
        for i in range(3):
            source.send(f"source {i}")
            assert station.hear() == f"source {i}"
        target = plug(control, incoming=True)
        step(control, "on standby")
        assert look(control) == ("active", "standby")
        control.events.clear()
        yield daemon, control, source, target, station


@test
def a_machine_moves():
    """the port moves with its counters, its link stays up, frames wait meanwhile, none is lost"""
    with pair() as (_, control, source, target, station):
        source.stop()
        step(control, "is quiet")
        assert look(control) == ("quiet", "standby")
        for i in range(20):
            station.send(f"waits {i}", source.mac)
        station.send("all")
        target.start()
        step(control, "moved to process")
        assert look(control) == ("active", "moved")
        assert [target.hear() for _ in range(21)] == [f"waits {i}" for i in range(20)] + ["all"]
        target.send("target")
        assert station.hear() == "target"
        assert counted(control) == 4
        source.close()
        step(control, "the moved connection is over")
        assert look(control) == ("active", None)
        station.send("still there", source.mac)
        assert target.hear() == "still there"
        assert not any(e["event"] == "PORT_LINK" for e in control.events), control.events
        target.close()
        control.event("PORT_REMOVED", port="p")


@test
def cancelled():
    """the source goes on: it holds the port, and what waited comes; then it is tried again"""
    with pair() as (_, control, source, target, station):
        source.stop()
        step(control, "is quiet")
        station.send("waits", source.mac)
        source.start()
        step(control, "goes on after")
        assert source.hear() == "waits"
        assert look(control) == ("active", "standby")
        target.close()
        step(control, "the standby connection is over")
        target = plug(control, incoming=True)
        step(control, "on standby")
        source.stop()
        target.start()
        step(control, "moved to process")
        assert counted(control) == 3


@test
def target_killed():
    """before it has begun, with the source quiet: the source gets on; after: it gets the port back"""
    with pair() as (_, control, source, target, station):
        source.stop()
        step(control, "is quiet")
        target.close()
        step(control, "the standby connection is over")
        station.send("waits", source.mac)
        source.start()
        source.send("on")
        assert station.hear() == "on"
        assert source.hear() == "waits"
        assert not any(e["event"] == "PORT_LINK" for e in control.events), control.events
        target = plug(control, incoming=True)
        source.stop()
        target.start()
        step(control, "moved to process")
        source.start()
        step(control, "goes on without it")
        source.send("not heard")
        station.send("to the target", target.mac)
        assert target.hear() == "to the target"
        target.close()
        step(control, "its holder has left")
        assert look(control) == ("active", None)
        assert station.hear() == "not heard" # when it holds the port again
        assert counted(control) == 5


@test
def source_killed():
    """while it runs and while it is quiet: the target holds the port, and begins when it wants"""
    for stops in False, True:
        with pair() as (_, control, source, target, station):
            if stops:
                source.stop()
                step(control, "is quiet")
            source.close()
            step(control, "its holder has left")
            assert look(control) == ("standby", None)
            target.start()
            step(control, "has come in")
            target.send("on")
            assert station.hear() == "on"
            assert counted(control) == 4


@test
def target_in_a_hurry():
    """one that begins while the source runs waits until that stops"""
    with pair() as (_, control, source, target, station):
        target.start()
        target.send("too soon")
        source.send("source")
        assert station.hear() == "source"
        assert look(control) == ("active", "standby")
        source.stop()
        step(control, "moved to process")
        assert station.hear() == "too soon"


@test
def refused():
    """another UUID, none, a wrong token, a second standby, a machine that does not come in"""
    with pair() as (_, control, *_):
        args = {"port": "p", "portgroup": "g", "incoming": True}
        text = control.error("plug", **args, vm={"uuid": OTHER})
        assert text == f"port: 'p' is held by the machine with UUID {UUID}, not by {OTHER}", text
        assert "tell their UUID" in control.error("plug", **args, vm={})
        text = control.error("plug", **args, vm={"uuid": UUID})
        assert text == "port: 'p' has a holder and a standby", text
        text = control.error("plug", port="p", portgroup="g", vm={"uuid": UUID})
        assert text == "port: 'p' has something plugged in", text
        control.ask("plug", port="q", portgroup="red", token="rouge", vm={"uuid": UUID})
        text = control.error("plug", port="q", portgroup="red", token="noir", incoming=True,
                             vm={"uuid": UUID})
        assert text == "token: is not that of port group 'red'", text
        text = control.error("plug", port="p", transport="stream", incoming=True,
                             vm={"uuid": UUID})
        assert look(control) == ("active", "standby")


@test
def back_again():
    """a source that has lost its port makes room for the next target"""
    with pair() as (_, control, source, target, station):
        source.stop()
        target.start()
        step(control, "moved to process")
        third = plug(control, incoming=True)
        step(control, "on standby")
        assert source.closed()
        target.stop()
        third.start()
        step(control, "moved to process")
        third.send("third")
        assert station.hear() == "third"
        assert counted(control) == 4


@test
def no_holder_here():
    """a machine that comes in from another daemon: a port with its link down until it runs"""
    with running() as (daemon, control):
        station = daemon.station(number=9)
        control.event("PORT_LINK", port="vm1", text="link up")
        target = plug(control, incoming=True)
        assert look(control) == ("standby", None)
        target.start()
        step(control, "has come in")
        target.send("here")
        assert station.hear() == "here"
        assert look(control) == ("active", None)


@test
def a_listener_with_standby():
    """stock virtio-net: the second client of a socket for one port waits, if that was said"""
    with running() as (daemon, control):
        station = daemon.station(number=9)
        control.event("PORT_LINK", port="vm1", text="link up")
        source = Machine(daemon.path("one.sock"), runs=True)
        control.event("PORT_LINK", port="one", text="link up")
        source.send("source")
        assert station.hear() == "source"
        target = Machine(daemon.path("one.sock"))
        step(control, "on standby")
        source.stop()
        station.send("waits", source.mac)
        target.start()
        step(control, "moved to process")
        assert target.hear() == "waits"
        target.send("target")
        assert station.hear() == "target"
        assert counted(control, "one") == 2
        first = Machine(daemon.path("two.sock"), runs=True)
        control.event("PORT_LINK", port="two", text="link up")
        late = socket.socket(socket.AF_UNIX)
        late.settimeout(PATIENCE)
        late.connect(daemon.path("two.sock"))
        assert late.recv(1) == b""
        first.send("first")
        assert station.hear() == "first"


@test
def announced():
    """a machine that has moved is announced on the uplink, five times; one that went on is not"""
    with running() as (daemon, control), socket.socket(socket.AF_UNIX) as peer:
        peer.bind(daemon.path("up.sock"))
        peer.listen()
        control.ask("config-patch", patch={"ports": {"up": {"connect": {
            "uplink": True, "transport": "stream", "address": "up.sock", "retry-ms": 20}}}})
        peer.settimeout(PATIENCE)
        uplink = Station(peer.accept()[0])
        control.event("PORT_LINK", port="up", text="link up")
        source = plug(control, runs=True)
        control.event("PORT_LINK", port="p", text="link up")
        source.send("source")
        assert uplink.hear() == "source"
        target = plug(control, incoming=True)
        step(control, "on standby")
        source.stop()
        step(control, "is quiet")
        source.start()
        step(control, "goes on after")
        source.send("once more")
        frame = uplink.frame()
        assert frame[12:14] == b"\x88\xb5", frame
        source.stop()
        target.start()
        step(control, "moved to process")
        for _ in range(5):
            frame = uplink.frame()
            assert frame[6:12] == source.mac and frame[12:14] == b"\x80\x35", frame
        target.send("no sixth")
        assert uplink.frame()[12:14] == b"\x88\xb5"


@test
def unplugged():
    """the command unplug parts with both"""
    with pair() as (_, control, source, target, _):
        control.ask("unplug", port="p")
        assert source.closed() and target.closed()
        control.event("PORT_REMOVED", port="p")


class Carrier(Machine):
    """A driver that knows of the state of its port, as a card of ours does; its answers are asked
    for."""

    def connect(self, path):
        self.socket = socket.socket(fileno=self.connection)
        self.socket.settimeout(PATIENCE)
        self.message(1, reply=True)
        offered, = struct.unpack("<Q", self.message(15, reply=True))
        assert offered & STATE, hex(offered)
        self.message(16, struct.pack("<Q", STATE | CARD))
        self.message(3)
        self.message(2, struct.pack("<Q", self.FEATURES))
        self.message(5, struct.pack("<II4Q", 1, 0, self.GPA, self.SIZE, self.GPA, 0), [self.memfd])
        self.card(True)
        if self.runs:
            self.start()

    def card(self, link):
        self.message(0x10000, self.mac + struct.pack("<HI", 2 | link, 0))

    def carried(self, request, payload, file):
        answer = self.message(request, payload, [file], reply=True)
        return struct.unpack("<Q", answer[:8])[0], answer[8:].decode()

    def save(self):
        """The state of the port, or why not."""
        file = os.memfd_create("state")
        length, why = self.carried(0x10002, b"", file)
        state = os.pread(file, 4 << 20, 0)
        os.close(file)
        assert len(state) == length
        return why or state

    def load(self, state, length=None):
        """Why the state is not taken, or ''."""
        file = os.memfd_create("state")
        os.pwrite(file, state, 0)
        _, why = self.carried(0x10003, struct.pack("<Q", len(state) if length is None else length),
                              file)
        os.close(file)
        return why


def carrier(control, number=1, runs=False, uuid=UUID, **more):
    control.ask("plug", port="p", portgroup="g", vm={"uuid": uuid}, **more)
    return Carrier(control.fds.pop(), number, runs)


@contextmanager
def saved():
    """A source that has sent three frames and stands, with a frame that waits; and its state"""
    with running() as (daemon, control):
        station = daemon.station(number=9)
        control.event("PORT_LINK", port="vm1", text="link up")
        source = carrier(control, runs=True)
        control.event("PORT_LINK", port="p", text="link up")
        for i in range(3):
            source.send(f"source {i}")
            assert station.hear() == f"source {i}"
        control.events.clear()
        source.stop()
        while look(control)[0] != "quiet":
            pass
        station.send("waits", source.mac)
        while queued(control) != 1:
            pass
        yield daemon, control, source, station, source.save()


def queued(control, port="p"):
    ports = {p["id"]: p for p in control.ask("query-ports")}
    return ports[port]["counters"]["queue"]["frames"]


@test
def to_another_daemon():
    """the state of the port goes there with the machine: counters, what waits, its place"""
    with saved() as (_, control, source, station, state), running() as (there, other):
        step(control, "its state goes with the machine")
        assert not any(e["event"] == "PORT_LINK" for e in control.events), control.events
        station_there = there.station(number=8)
        other.event("PORT_LINK", port="vm1", text="link up")
        target = carrier(other, incoming=True)
        assert target.load(state) == ""
        assert "left out" not in step(other, "its state has come with the machine")
        assert look(other) == ("standby", None)
        assert counted(other) == 3
        target.start()
        step(other, "has come in")
        assert target.hear() == "waits"
        target.send("target")
        assert station_there.hear() == "target"
        assert counted(other) == 4
        source.card(False) # QEMU has said that the machine has moved
        control.event("PORT_LINK", port="p", text="link down")
        source.close()
        control.event("PORT_REMOVED", port="p")


@test
def to_another_daemon_cancelled():
    """the source goes on after its state was saved, and after it was let go; nothing was moved"""
    with saved() as (_, control, source, station, _):
        source.start()
        assert source.hear() == "waits"
        assert counted(control) == 3
        source.stop()
        source.card(False)
        control.event("PORT_LINK", port="p", text="link down")
        source.card(True)
        source.start()
        control.event("PORT_LINK", port="p", text="link up")
        source.send("on")
        assert station.hear() == "on"
        assert counted(control) == 4


@test
def asked_for_too_often():
    """a client that asks for its state again and again gets it some ten times a second"""
    with saved() as (_, _, source, _, _):
        begin = time.monotonic()
        answers = [source.save() for _ in range(200)]
        given = sum(isinstance(answer, bytes) for answer in answers)
        assert 1 <= given <= 8 + 10 * (time.monotonic() - begin), given
        assert "port 'p': its state is asked for too often" in answers, answers[-1]


@test
def state_of_ones_own_port():
    """only while the rings stand is it given; only to a port that is new and stands is it said, once"""
    with saved() as (daemon, control, source, _, state):
        assert "begun without it" in source.load(state)
        source.start()
        assert source.load(state) == "the rings run"
        assert source.save() == "the rings run"
        target = carrier(control, incoming=True)
        step(control, "on standby")
        assert target.save() == "port 'p': another process holds it"
        assert target.load(state) == "" # the port itself is here
        assert counted(control) == 3
        with running() as (_, other):
            target = carrier(other, incoming=True)
            assert target.load(state) == ""
            assert "begun without it" in target.load(state)
            target.close()
            other.event("PORT_REMOVED", port="p")
            target = carrier(other, incoming=True)
            target.start()
            step(other, "has come in")
            assert target.load(state) == "the rings run"
            target.stop()
            assert "begun without it" in target.load(state)
            assert counted(other) == 0
            target.close()
            other.event("PORT_REMOVED", port="p")
            fresh = carrier(other)
            assert "begun without it" in fresh.load(state)


@test
def hostile_states():
    """what is not sound is refused as a whole, with one event, and the machine begins anew"""
    with saved() as (_, control, _, _, state), running() as (_, other):
        for wrong, length in ((state[:-1], None), (b"", None), (b"x" * 100, None), (state, 1 << 40),
                              (state, len(state) + 1), (state.replace(b"port", b"pork", 1), None)):
            target = carrier(other, incoming=True)
            why = target.load(wrong, length)
            assert why, (len(wrong), length)
            target.start()
            step(other, "has come in")
            assert counted(other) == 0
            target.close()
            other.event("PORT_REMOVED", port="p")
        target = carrier(other, incoming=True)
        target.message(0x10003, struct.pack("<Q", 5)) # without a file
        assert target.closed()
        other.event("PORT_REMOVED", port="p")
        reader, writer = os.pipe()
        target = carrier(other, incoming=True)
        target.message(0x10002, b"", [writer])
        assert target.closed()
        os.close(reader)
        os.close(writer)


@test
def another_ones_policy():
    """what the group at the target forbids does not come with the state"""
    with saved() as (_, control, _, _, state):
        config = {"switches": {"sw": {"portgroups": {"g": {
            "listen": LISTEN, "blocked": True}}}}}
        with running(config) as (there, other):
            target = carrier(other, incoming=True)
            assert target.load(state) == ""
            target.start()
            step(other, "has come in")
            target.send("not heard")
            while counted_drops(other) == 0:
                pass


def counted_drops(control, port="p"):
    ports = {p["id"]: p for p in control.ask("query-ports")}
    return sum(ports[port]["counters"]["drops"].values())



if __name__ == "__main__":
    os.umask(0o077)
    sys.exit(main())
