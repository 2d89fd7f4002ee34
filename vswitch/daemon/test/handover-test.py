#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""A vswitchd that is taken over by another one, as its clients see it.

Usage: handover-test.py VSWITCHD

Speaks TAP.
"""

import contextlib
import errno
import os
import resource
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

from harness import PATIENCE, Control, Daemon, Skip, Station, main, test


def listen(ports="vm%", address="stream.sock", **more):
    return {"transport": "stream", "address": address, "ports": ports, **more}


def one_switch(portgroups=None, **more):
    return {"switches": {"sw": {"portgroups": portgroups or {"g": {"listen": [
        listen(), {"transport": "vhost-user", "address": "vhost.sock", "ports": "machine%"}]}},
        **more}}}


@contextlib.contextmanager
def running(*arguments, **options):
    """Daemons of one place: those that were taken over have ended, the last one is ended."""
    daemons = [Daemon(*arguments, **options)]
    try:
        yield daemons
    finally:
        for daemon in daemons:
            daemon.stop()
            daemon.process.stderr.close()
            daemon.process.stdout.close()


def take_over(daemons, *arguments, **options):
    """The last one is taken over. The time in between, ms."""
    old = daemons[-1]
    daemons.append(Daemon(None, "--takeover", *arguments, place=old.directory, **options))
    old.end()
    assert not any("ThreadSanitizer" in line for line in old.log), old.log
    assert f"handed over to process {daemons[-1].process.pid}" in old.log[-1], old.log
    line = next(line for line in daemons[-1].log if "took over" in line)
    assert f"from process {old.process.pid}" in line, line
    return float(line.split("gap ")[1].split()[0])


def port_up(control, *ports):
    for port in ports:
        control.event("PORT_LINK", port=port, text="link up")


@test
def connections_go_on():
    """stations, a machine's rings, control's connections: all go on, twice"""
    with running(one_switch()) as daemons:
        control = daemons[0].control()
        one, two = daemons[0].station(number=1), daemons[0].station(number=2)
        machine = daemons[0].machine(number=3)
        port_up(control, "vm1", "vm2", "machine1")
        before = control.ask("query-connections")
        for round in range(2):
            one.send(f"hello {round}", two.mac)
            machine.send(f"from the machine {round}")
            assert two.hear() == f"hello {round}"
            assert one.hear() == f"from the machine {round}"
            assert two.hear() == f"from the machine {round}"
            assert machine.hear() == f"hello {round}"
            print(f"# gap {take_over(daemons)} ms")
            assert control.ask("query-daemon")["pid"] == daemons[-1].process.pid
        one.send("to the machine", machine.mac)
        assert machine.hear() == "to the machine"
        three = daemons[-1].station(number=4)
        port_up(control, "vm3")
        three.send("a new one")
        assert [s.hear() for s in (one, two, machine)] == ["a new one"] * 3
        after = {c["id"]: c for c in control.ask("query-connections")}
        for connection in before:
            for key in "portgroup", "source", "lasting", "client", "transport":
                assert after[connection["id"]][key] == connection[key], (connection, after)
        one.close()
        control.event("PORT_REMOVED", port="vm1")
    assert not os.listdir(daemons[0].place)


def cards():
    return one_switch({"g": {"listen": [
        listen(), {"transport": "vfio-user", "address": "card.sock", "ports": "card%", "model": "e1000"}]}})


@test
def cards_go_on():
    """cards: frames, interrupts, registers, memory, counters, half a message: all goes on, twice"""
    with running(cards()) as daemons:
        control = daemons[0].control()
        one, card, other = daemons[0].station(number=1), daemons[0].card(), daemons[0].card()
        for client in card, other:
            client.start()
        port_up(control, "vm1", "card1", "card2")
        for round in range(2):
            card.send(f"hello {round}", other.mac)
            one.send(f"and {round}", card.mac)
            assert other.hear() == f"hello {round}"
            assert card.hear() == f"and {round}"
            other.socket.send(struct.pack("=HHIII", 9, 9, 32, 0, 0) + b"\0" * 9)
            card.told()
            before = control.ask("query-connections", port="card1")[0]
            print(f"# gap {take_over(daemons)} ms")
            after = control.ask("query-connections", port="card1")[0]
            for key in "tx-frames", "rx-frames", "doorbells", "interrupts", "register-writes":
                assert after["state"][key] == before["state"][key] > 0, (before, after)
            for key in "client", "transport", "portgroup":
                assert after[key] == before[key], (before, after)
            other.socket.send(bytes([0, 0, 0, 0, 0, 0, 0]))
            assert other.answer()[0], "a read of no bytes is refused"
            assert card.read(0x2800) == card.RX and card.read(4, 2, region=7) == 7
            assert not card.told(), "an interrupt was told again"
        assert card.map(card.SIZE, 4096, card.memfd) == 0
        assert card.ask(3, struct.pack("=IIQQ", 24, 0, card.SIZE, 4096))[0] == 0
        for number in range(3 * card.ENTRIES):
            card.send(f"number {number}", other.mac)
            assert other.hear() == f"number {number}"
        card.close()
        control.event("PORT_REMOVED", port="card1")


@test
def cards_whose_messages_wait():
    """a card whose client maps memory while the switch is handed over: it is answered in the end"""
    with running(cards()) as daemons:
        control, card = daemons[0].control(), daemons[0].card()
        card.start()
        port_up(control, "card1")
        for stage in 0, 1:
            taker = Taker(control)
            at_stage(taker, 0)
            card.post(2, struct.pack("=IIQQQ", 32, 3, 0, (1 + stage) * card.SIZE, 4096), [card.memfd])
            if stage:
                taker.say(READY)
                taker.until(FROZEN)
                taker.until(FDS)
            taker.channel.close()
            daemons[0].wait_log("going on")
            assert card.answer() == (0, b"")
        take_over(daemons)
        assert card.map(card.SIZE, 4096, card.memfd) == errno.EINVAL, "it is there already"
        assert control.ask("query-connections", port="card1")[0]["state"]["memory-ranges"] == 3


@test
def what_was_said_halfway():
    """half a request, half a frame, an answer that was not read: nothing is lost"""
    with running(one_switch()) as daemons:
        control, reader = daemons[0].control(), daemons[0].control()
        one, two = daemons[0].station(number=1), daemons[0].station(number=2)
        port_up(control, "vm1", "vm2")
        control.socket.sendall(b'{"execute": "query-dae')
        for _ in range(50):
            reader.socket.sendall(b'{"execute": "query-daemon-commands"}\n')
        frame = b"\xff" * 6 + one.mac + b"\x88\xb5" + b"in two parts".ljust(46, b"\0")
        data = struct.pack(">I", len(frame)) + frame
        one.socket.sendall(data[:30])
        take_over(daemons)
        one.socket.sendall(data[30:])
        assert two.hear() == "in two parts"
        control.socket.sendall(b'mon"}\n')
        assert control.answer()["return"]["pid"] == daemons[-1].process.pid
        for _ in range(50):
            assert "hand-over" in [row["name"] for row in reader.answer()["return"]]


@test
def a_plugged_client():
    """a port of the command plug: its connection and that of control go on"""
    with running(one_switch()) as daemons:
        control = daemons[0].control()
        control.ask("plug", port="plugged", portgroup="g", transport="stream",
                    vm={"name": "a machine"}, kind="test")
        client = Station(socket.socket(fileno=control.fds.pop()), bytes([2, 0, 0, 0, 0, 9]))
        one = daemons[0].station(number=1)
        port_up(control, "plugged", "vm1")
        take_over(daemons)
        client.send("from the client")
        assert one.hear() == "from the client"
        who = control.ask("query-connections", port="plugged")[0]
        assert who["client"]["vm"] == "a machine" and who["client"]["pid"] == os.getpid(), who
        client.close()
        control.event("PORT_REMOVED", port="plugged")


def until(reached):
    end = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < end


WINDOW = 100  # frames on their way: what a port's queue takes


def numbers(text):
    return int(text.split()[1])


@test
def what_happened_is_known():
    """counters, addresses and what a policy has shut go on; so do all kinds of listeners"""
    config = one_switch({
        "g": {"listen": [listen(), listen("tcp%", "127.0.0.1:0")]},
        "guarded": {"mac": {"bpdu": "guard"}, "listen": [listen("guarded", "guarded.sock")]}}) | {"metrics": "metrics.sock"}
    with running(config) as daemons:
        control = daemons[0].control()
        one, two = daemons[0].station(number=1), daemons[0].station(number=2)
        bad = daemons[0].station("guarded.sock", 3)
        port_up(control, "vm1", "vm2", "guarded")
        one.send("from one")
        two.send("from two", one.mac)
        assert two.hear() == "from one" and one.hear() == "from two"
        bad.raw(b"\x01\x80\xc2\0\0\0" + bad.mac + struct.pack(">H", 38) + b"\x42\x42\x03" +
                bytes(43))
        until(lambda: control.ask("query-ports", port="guarded")[0].get("shut"))

        def known():
            ports = {port["id"]: port for port in control.ask("query-ports")}
            table = {(e["mac"], e["vlan"], e["port"]) for e in control.ask("query-fdb")}
            return ports, table

        before = known()
        take_over(daemons)
        assert known() == before, (before, known())
        bad.send("no way")
        two.send("again", one.mac)
        assert one.hear() == "again"
        with socket.socket(socket.AF_UNIX) as http:
            http.settimeout(PATIENCE)
            http.connect(daemons[-1].path("metrics.sock"))
            http.sendall(b"GET /metrics HTTP/1.0\r\n\r\n")
            assert b"200" in http.recv(500)


class Flow:
    """Numbered frames from one station to another, all the time, so many on their way at most."""

    def __init__(self, one, two):
        self.one, self.two = one, two
        self.stop = threading.Event()
        self.room = threading.Semaphore(WINDOW)
        self.sent, self.heard = 0, []
        self.talker = threading.Thread(target=self.talk)
        self.talker.start()

    def talk(self):
        while not self.stop.is_set():
            self.room.acquire()
            self.one.send(f"frame {self.sent}", self.two.mac)
            self.sent += 1
        self.one.send("frame -1", self.two.mac)

    def hear(self, n):
        """So many more, or up to the last."""
        for _ in range(n):
            self.heard.append(numbers(self.two.hear()))
            self.room.release()
            if self.heard[-1] < 0:
                break

    def end(self):
        self.stop.set()
        self.room.release()
        while self.heard[-1] >= 0:
            self.hear(1)
        self.talker.join()
        wrong = [pair for pair in enumerate(self.heard[:-1]) if pair[0] != pair[1]]
        assert self.sent == len(self.heard) - 1 and not wrong, wrong[:5]


def flow_through(daemons, flows, inside=False):
    """Take over three times while they flow; @inside: of the daemon's namespaces."""
    try:
        for round in range(4):
            for flow in flows:
                flow.hear(500)
            if round < 3:
                where = ["-t", str(daemons[-1].process.pid), "-U", "-n", "--preserve-credentials"]
                take_over(daemons, prefix=["nsenter", *where] if inside else [])
    finally:
        for flow in flows:
            flow.stop.set()
    for flow in flows:
        flow.end()
    print(f"# {sum(flow.sent for flow in flows)} frames")


@test
def under_load():
    """frames flow both ways all the time: none is lost, none comes twice, the order is kept"""
    with running(one_switch()) as daemons:
        control = daemons[0].control()
        one, two = daemons[0].station(number=1), daemons[0].station(number=2)
        port_up(control, "vm1", "vm2")
        for station, other in (one, two), (two, one):
            station.send("here")
            assert other.hear() == "here"
        flow_through(daemons, [Flow(one, two), Flow(two, one)])


def far_apart(pairs):
    """Two switches for each pair of connections, a station on either."""
    switches = {}
    for n, pair in enumerate(pairs):
        for side, connect in zip("ab", pair):
            name = f"{side}{n}"
            switches[name] = {"portgroups": {"g": {"listen": [listen(name, f"{name}.sock")]}},
                              "ports": {"far": {"connect": {"uplink": True, "retry-ms": 10,
                                                            **connect}}}}
    return {"switches": switches}


def flow_far(config, pairs, **options):
    """Frames of all pairs, from one switch to the other by what is between them."""
    with running(config, **options) as daemons:
        control = daemons[0].control()
        stations = [[daemons[0].station(f"{side}{n}.sock", 2 * n + (side == "b")) for side in "ab"]
                    for n in range(pairs)]
        for name in config["switches"]:
            until(lambda: control.ask("query-ports", switch=name, port=name)[0]["link"])
            far = control.ask("query-connections", switch=name, port="far")[0]
            if not far["plugged-in"]:
                raise Skip(far["why"])
            until(lambda: control.ask("query-ports", switch=name, port="far")[0]["link"])
        for one, two in stations:
            two.send("here")
            assert one.hear() == "here"
        flow_through(daemons, [Flow(one, two) for one, two in stations], bool(options))


@test
def dgram_under_load():
    """the same over datagrams of Unix sockets, and of UDP"""
    with tempfile.TemporaryDirectory(prefix="vswitchd-") as at:
        pairs = []
        for left, right in (f"{at}/left", f"{at}/right"), ("127.0.0.1:47011", "127.0.0.1:47012"):
            pairs.append(({"transport": "dgram", "local": left, "remote": right},
                          {"transport": "dgram", "local": right, "remote": left}))
        flow_far(far_apart(pairs), len(pairs))


@test
def interfaces_under_load():
    """the same over a pair of interfaces by packet sockets, and over tap"""
    own = ["unshare", "-Urn", "sh", "-c",
           'ip link add left type veth peer name right && ip link set left up && '
           'ip link set right up && ip tuntap add dev tap0 mode tap vnet_hdr; ip link set tap0 up; '
           'exec "$0" "$@"']
    try:
        if subprocess.run([*own[:-1], own[-1].replace('exec "$0" "$@"', "true")],
                          capture_output=True).returncode:
            raise Skip("no network namespaces with interfaces")
    except FileNotFoundError as why:
        raise Skip(f"no {why.filename}") from why
    pairs = [({"transport": "packet", "ifname": "left"}, {"transport": "packet", "ifname": "right"})]
    if os.access("/dev/net/tun", os.R_OK | os.W_OK):
        pairs.append(({"transport": "tap", "ifname": "tap0"},
                      {"transport": "packet", "ifname": "tap0"}))
    flow_far(far_apart(pairs), len(pairs), prefix=own)


@test
def bad_askers():
    """no daemon, another format, another file: one line, and the daemon goes on"""
    none = Daemon(None, "--takeover", expect=69)
    assert len(none.log) == 1 and "no daemon to take over" in none.log[0], none.log
    with running(one_switch()) as daemons:
        control = daemons[0].control()
        assert "format 1, not 77" in control.error("hand-over", version=77)
        assert "must be a number" in control.error("hand-over", version="x")
        other = os.path.join(daemons[0].directory.name, "other.json")
        with open(other, "w", encoding="utf-8") as file:
            file.write("{}")
        second = Daemon(None, "--takeover", "--config", other, place=daemons[0].directory,
                        expect=69)
        assert "config load" in second.log[-1], second.log
        daemons[0].wait_log("going on: --config")
        control.ask("hand-over", version=1)
        with contextlib.closing(socket.socket(fileno=control.fds.pop())) as channel:
            channel.send(b"nonsense")
            daemons[0].wait_log("going on: the other process speaks another language")
        one, two = daemons[0].station(number=1), daemons[0].station(number=2)
        port_up(control, "vm1", "vm2")
        one.send("as before")
        assert two.hear() == "as before"
        take_over(daemons, "--config", daemons[0].file)


MAGIC, BEGIN, READY, LOADED, FAILED = 0x76736801, 1, 4, 6, 8


class Taker:
    """A new process that the test plays, up to where it fails."""

    def __init__(self, control):
        control.ask("hand-over", version=1)
        self.channel = socket.socket(fileno=control.fds.pop())
        self.channel.settimeout(PATIENCE)

    def say(self, kind, text=""):
        self.channel.send(struct.pack("<II3Q216s", MAGIC, kind, 0, 0, 0, text.encode()))

    def hear(self):
        data, fds, _, _ = socket.recv_fds(self.channel, 4096, 253)
        for fd in fds:
            os.close(fd)
        return struct.unpack_from("<II3Q216s", data)[1]

    def until(self, kind):
        while self.hear() != kind:
            pass


GIVEN, FDS, FROZEN, GO = 2, 3, 5, 7


def at_stage(taker, stage):
    taker.say(BEGIN)
    taker.until(FDS)
    if stage > 0:
        taker.say(READY)
        taker.until(FROZEN)


@test
def new_process_fails():
    """the new process dies, refuses or hangs at any stage: the old one goes on, frames are kept"""
    with running(one_switch()) as daemons:
        control = daemons[0].control()
        one, two = daemons[0].station(number=1), daemons[0].station(number=2)
        machine = daemons[0].machine(number=3)
        port_up(control, "vm1", "vm2", "machine1")
        two.send("here I am")
        assert one.hear() == machine.hear() == "here I am"
        number = 0
        for stage, act, why in (
                (0, "die", "has ended"), (0, "refuse", "no thanks"), (1, "die", "has ended"),
                (1, "refuse", "no thanks"), (1, "hang", "does not answer"),
                (1, "lie", "message 1 instead of 6")):
            taker = Taker(control)
            at_stage(taker, stage)
            for station in one, machine:
                station.send(f"meanwhile {number}", two.mac)
            if act == "refuse":
                taker.say(FAILED, "no thanks")
            if act == "lie":
                taker.say(BEGIN)
            if act == "die":
                taker.channel.close()
            daemons[0].wait_log(f"going on: {'the other process ' if 'ha' in act else ''}")
            assert why in daemons[0].log[-1], daemons[0].log[-1]
            if act != "die":
                if stage and act != "refuse":
                    taker.until(FAILED)
                taker.channel.close()
            assert [two.hear() for _ in range(2)] == [f"meanwhile {number}"] * 2
            number += 1
        machine.send("all went on")
        assert one.hear() == "all went on"
        assert two.hear() == "all went on"
        take_over(daemons)
        machine.send("and on")
        assert one.hear() == "and on"


@test
def strangers():
    """another user may not take over"""
    if os.geteuid():
        raise Skip("needs root to become another user")
    with running(one_switch()) as daemons:
        os.chmod(daemons[0].directory.name, 0o755)
        os.chmod(daemons[0].place, 0o755)
        os.chmod(daemons[0].path("control.sock"), 0o666)
        pid = os.fork()
        if not pid:
            os.setresuid(65534, 65534, 65534)
            error = Control(daemons[0].path("control.sock")).error("hand-over", version=1)
            os._exit(0 if "only the daemon's own user" in error else 1)
        assert os.waitpid(pid, 0)[1] == 0


@test
def many_ports():
    """a hundred ports: all go on, with their connections"""
    with running(one_switch()) as daemons:
        stations = [daemons[0].station(number=number) for number in range(100)]
        control = daemons[0].control()
        stations[-1].send("all are here")
        assert stations[0].hear() == "all are here"
        print(f"# gap {take_over(daemons)} ms")
        assert len(control.ask("query-ports")) == 100
        for number, station in enumerate(stations[1:]):
            station.send(f"back {number}", stations[0].mac)
        assert [stations[0].hear() for _ in range(99)] == [f"back {n}" for n in range(99)]


def heard(notify, line):
    """Wait for a line that the manager is told."""
    while line not in notify.recv(500):
        pass


@test
def three_hundred_ports():
    """300 ports, of both kinds: frames between all pairs and to all, before and after"""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 1200:
        raise Skip(f"at most {hard} descriptors")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    config = one_switch({"g": {"listen": [listen(max=150), {
        "transport": "vhost-user", "address": "vhost.sock", "ports": "machine%", "max": 150}]}})
    with running(config) as daemons:
        control = daemons[0].control()
        stations = [Station(daemons[0].path("stream.sock"), bytes([2, 0, 0, 0, 2, number]))
                    for number in range(150)]
        machines = [daemons[0].machine(number=number) for number in range(150)]
        for number in range(150):
            port_up(control, f"vm{number + 1}", f"machine{number + 1}")
        assert control.ask("query-switch")["ports"] == 300

        def talk(when):
            stations[0].send(f"to all {when}")
            for one, other in zip(stations, machines):
                one.send(f"there {when}", other.mac)
                assert other.hear(one.mac) == f"there {when}"
                other.send(f"back {when}", one.mac)
            for one in stations:
                texts = []  # others' too, until the switch knows all machines
                while texts[-1:] != [f"back {when}"]:
                    texts.append(one.hear())
                assert texts.count(f"to all {when}") == (one is not stations[0]), texts

        talk("before")
        for one, other in zip(stations, machines):
            one.send("under way", other.mac)
        gap = take_over(daemons)
        for one, other in zip(stations, machines):
            assert other.hear(one.mac) == "under way"
        talk("after")
        assert control.ask("query-switch")["ports"] == 300
        print(f"# 300 ports, gap {gap} ms")


@test
def manager():
    """a service manager hears which process it is from now on, and goes on hearing of it"""
    with running(one_switch()) as first:
        path = os.path.join(first[0].directory.name, "notify")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
            notify.bind(path)
            notify.settimeout(PATIENCE)
            with running(one_switch(), env={"NOTIFY_SOCKET": path}) as daemons:
                heard(notify, b"READY=1")
                take_over(daemons)
                heard(notify, f"MAINPID={daemons[-1].process.pid}".encode())
                heard(notify, b"FDSTOREREMOVE=1\nFDNAME=counters")
                heard(notify, b"FDNAME=counters")
                heard(notify, b"READY=1")
                daemons[-1].process.send_signal(signal.SIGHUP)
                heard(notify, b"RELOADING=1")


def counted(control, port):
    return control.ask("query-ports", port=port)[0]["counters"]["in"]["broadcast"]["frames"]


def kept(fd, port):
    """Broadcast frames that a port had sent when the daemon wrote its counters last, or None."""
    newest, found = 0, None
    for half in range(2):
        size = struct.unpack_from("<QQQII", os.pread(fd, 32, 0).ljust(32, b"\0"))[3]
        at = half * (32 + 65536 * size)
        magic, turn, _, size, n = struct.unpack_from("<QQQII", os.pread(fd, 32, at).ljust(32, b"\0"))
        if not magic or turn < newest:
            continue
        newest, found = turn, None
        for i in range(n):
            record = os.pread(fd, size, at + 32 + i * size)
            if record[NAME:2 * NAME].rstrip(b"\0").decode() == port:
                found = struct.unpack_from("<Q", record, 2 * NAME + 32)[0]
    return found


NAME = 64  # VSW_NAME_MAX


@test
def counters_outlive_a_crash():
    """kill -9: a manager has the counters, and ports of the next process go on from there"""
    with running(one_switch()) as first:
        path = os.path.join(first[0].directory.name, "notify")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
            notify.bind(path)
            notify.settimeout(PATIENCE)
            with running(one_switch(), env={"NOTIFY_SOCKET": path}) as daemons:
                lines, fds = b"", []
                while b"FDSTORE=1" not in lines:
                    lines, fds, _, _ = socket.recv_fds(notify, 500, 4)
                assert b"FDNAME=counters" in lines and b"FDPOLL=0" in lines
                control, one = daemons[0].control(), daemons[0].station(number=1)
                port_up(control, "vm1")
                for _ in range(7):
                    one.send("counted")
                until(lambda: counted(control, "vm1") == 7 and kept(fds[0], "vm1") == 7)
                daemons[0].kill()
            start = f'exec 3<>/proc/{os.getpid()}/fd/{fds[0]}; LISTEN_PID=$$ exec "$@"'
            with running(one_switch(), place=daemons[0].directory,
                         prefix=("/bin/sh", "-c", start, "sh"),
                         env={"NOTIFY_SOCKET": path, "LISTEN_FDS": "1",
                              "LISTEN_FDNAMES": "counters"}) as daemons:
                control, one = daemons[0].control(), daemons[0].station(number=1)
                port_up(control, "vm1")
                assert counted(control, "vm1") == 7
                one.send("counted")
                until(lambda: counted(control, "vm1") == 8)
                two = daemons[0].station(number=2)
                port_up(control, "vm2")
                assert counted(control, "vm2") == 0
                two.close()


if __name__ == "__main__":
    sys.exit(main())
