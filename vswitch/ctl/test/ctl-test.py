#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""vswitchctl as its users see it, beside a vswitchd.

Usage: ctl-test.py VSWITCHD VSWITCHCTL

Speaks TAP.
"""

import contextlib
import json
import mmap
import os
import pathlib
import resource
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "daemon/test"))
from harness import PATIENCE, Daemon, Skip, main, test  # noqa: E402  pylint: disable=wrong-import-position

CTL = sys.argv[2]
CONFIG = {"switches": {"sw": {
    "portgroups": {"blue": {"vlan": 10, "listen": [
        {"transport": "stream", "address": "blue.sock", "ports": "vm%"}]}},
    "ports": {"up": {"connect": {"transport": "slirp", "uplink": True}}}}}}


class Ctl:
    """Runs of vswitchctl beside a daemon."""

    def __init__(self, daemon):
        self.daemon = daemon
        self.environment = {**os.environ, "XDG_RUNTIME_DIR": daemon.directory.name}

    def run(self, *arguments, **options):
        return subprocess.run([CTL, *arguments], env=self.environment, text=True, check=False,
                              capture_output=True, timeout=PATIENCE * 3, **options)

    def lines(self, *arguments, warnings=()):
        """What a run that must do it prints, and what it warns of: a text of each warning."""
        run = self.run(*arguments)
        told = run.stderr.splitlines()
        assert run.returncode == 0 and len(told) == len(warnings), (arguments, run)
        for line, text in zip(told, warnings):
            assert line.startswith("vswitchctl: warning: /") and text in line, (arguments, run)
        return run.stdout.splitlines()

    def json(self, *arguments):
        return json.loads("\n".join(self.lines("--json", *arguments)))

    def fails(self, status, text, *arguments, **options):
        """A run that must not: one line, with a text in it, and a status."""
        run = self.run(*arguments, **options)
        assert run.returncode == status, (arguments, run)
        assert text in run.stderr and run.stderr.count("\n") == 1, (arguments, run)

    def start(self, *arguments):
        return subprocess.Popen([CTL, *arguments], env=self.environment, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@contextlib.contextmanager
def running(config=None):
    daemon = Daemon(config or CONFIG)
    try:
        yield Ctl(daemon)
    finally:
        daemon.stop()
        daemon.process.stderr.close()
        daemon.process.stdout.close()


@test
def lists():
    """every noun that has a list prints it, as a table and as JSON"""
    with running() as ctl:
        station = ctl.daemon.station("blue.sock")
        station.send("hello")
        ctl.daemon.control().ask("query-switch")
        nouns = ["switch", "portgroup", "port", "uplink", "team", "mirror", "class",
                 "private-vlan", "address", "group", "snooping", "connection", "nic",
                 "transport", "command"]
        for noun in nouns:
            lines, items = ctl.lines(noun, "list"), ctl.json(noun, "list")
            assert lines[0].isupper() and len(lines) == len(items) + 1, (noun, lines, items)
        assert ctl.lines("rule", "list", "up") == ["RULE  FRAMES"]
        table = {line.split()[0]: line.split()[1:] for line in ctl.lines("port", "list")}
        assert table["vm1"][:3] == ["blue", "10", "up"], table
        assert table["up"][:3] == ["-", "trunk", "up"], table
        assert ctl.lines("fdb", "list") == ctl.lines("address", "list")
        station.close()


@test
def port_groups():
    """a port group is added, shown, changed and removed, and its ports follow"""
    with running() as ctl:
        ctl.lines("portgroup", "add", "red", "vlan=20", "security.promiscuous=on",
                  "queue.frames=1000", "teaming.active=up,up2", "mac.reserved=0,14",
                  "vlan.trunk=1-10", warnings=(
                      "/portgroups/red/vlan/trunk: is used only with mode trunk",
                      "/portgroups/red/teaming/active/1: no uplink 'up2' now; there are: up"))
        red = ctl.json("portgroup", "show", "red")
        assert red == {"vlan": {"trunk": "1-10"}, "security": {"promiscuous": True},
                       "queue": {"frames": 1000}, "teaming": {"active": ["up", "up2"]},
                       "mac": {"reserved": [0, 14]}}, red
        ctl.fails(1, "'red' is there already; 'portgroup set'", "portgroup", "add", "red")
        ctl.lines("portgroup", "set", "red", "vlan=30", "queue=")
        red = ctl.json("portgroup", "show", "red")
        assert red["vlan"] == 30 and "queue" not in red, red
        ctl.lines("portgroup", "remove", "red")
        ctl.fails(1, "'red' is not in the configuration; 'portgroup list'",
                  "portgroup", "remove", "red")
        ctl.lines("portgroup", "set", "blue", "vlan=11")
        assert ctl.json("portgroup", "list")[0]["vlan"] == 11


@test
def arrays():
    """mirrors, classes, private VLANs, rules: the element that is meant, and no other"""
    with running() as ctl:
        # A change is told of its own warnings, not of those that were there before
        lost = [f"/mirrors/{i}/sources/vm.1: no port 'vm.1' now" for i in range(2)]
        for i, name in enumerate(("one", "two")):
            ctl.lines("mirror", "add", name, "to=up", "type=port", "sources.vm.1=both",
                      warnings=lost[i:i + 1])
        ctl.lines("mirror", "set", "one", "truncate=100")
        assert ctl.json("mirror", "show", "one") == {
            "name": "one", "to": "up", "type": "port", "sources": {"vm.1": "both"},
            "truncate": 100}
        assert "truncate" not in ctl.json("mirror", "show", "two")
        ctl.lines("mirror", "remove", "one")
        assert [m["name"] for m in ctl.json("mirror", "list")] == ["two"]
        assert ctl.lines("mirror", "list")[1].split() == ["two", "yes", "up", "0", "0"]
        ctl.lines("private-vlan", "add", "101", "primary=100", "type=isolated")
        assert ctl.json("pvlan", "list") == [
            {"secondary": 101, "primary": 100, "type": "isolated"}]
        ctl.lines("class", "add", "gold", "shares=100", "limit=1G")
        assert ctl.json("class", "show", "gold")["limit"] == "1G"
        ctl.lines("rule", "add", "portgroup/blue", "ssh", "match.protocol=tcp",
                  "match.destination-port=22", "action=drop")
        assert ctl.json("rule", "show", "portgroup/blue", "ssh")["match"] == {
            "protocol": "tcp", "destination-port": 22}
        ctl.lines("rule", "set", "portgroup/blue", "ssh", "match.protocol=", "action=accept",
                  "match.destination-port=")
        assert ctl.json("rule", "show", "portgroup/blue", "ssh") == {
            "name": "ssh", "match": {}, "action": "accept"}
        ctl.lines("rule", "add", "up", "x", "action=accept")
        assert ctl.lines("rule", "list", "up") == ["RULE  FRAMES", "x          0"]
        ctl.lines("team", "set", "port/up", "policy=explicit")
        assert ctl.json("team", "show", "up") == {"policy": "explicit"}
        ctl.lines("team", "remove", "up")
        ctl.lines("defaults", "set", "blocked=false")
        ctl.lines("switch", "set", "ageing=60")
        assert ctl.json("switch", "show")["ageing"] == 60


@test
def policy_in_force():
    """port show has the policy in force, and where each value comes from"""
    with running() as ctl:
        if not any(c["name"] == "query-port-policy" for c in ctl.json("command", "list")):
            raise Skip("no command query-port-policy")
        ctl.lines("defaults", "set", "queue.frames=100")
        ctl.lines("port", "set", "up", "queue.bytes=100000")
        policy = {p["key"]: p for p in ctl.json("port", "show", "up")[0]["policy"]}
        assert policy["queue.frames"]["origin"] == "defaults", policy
        assert policy["queue.bytes"] == {"key": "queue.bytes", "value": 100000, "origin": "port",
                                         "path": "/ports/up/queue/bytes"}, policy
        rows = [line.split() for line in ctl.lines("port", "show", "up")]
        assert ["queue.bytes", "100000", "port", "/ports/up/queue/bytes"] in rows, rows


@test
def addresses_and_ports():
    """static addresses come and go; counters are cleared; a connection is pulled out"""
    with running() as ctl:
        station = ctl.daemon.station("blue.sock")
        ctl.daemon.control().ask("query-ports")
        ctl.lines("address", "add", "02:00:00:00:00:09", "up", "10")
        entry = [a for a in ctl.json("address", "list") if a["mac"] == "02:00:00:00:00:09"]
        assert entry == [{"mac": "02:00:00:00:00:09", "vlan": 10, "port": "(uplinks)",
                          "static": True}], entry
        ctl.lines("address", "remove", "02:00:00:00:00:09", "10")
        ctl.fails(1, "no such address", "address", "remove", "02:00:00:00:00:09", "10")
        ctl.fails(64, "VLAN: 'x' is no number", "address", "remove", "02:00:00:00:00:09", "x")
        ctl.lines("address", "flush")
        ctl.lines("port", "clear")
        assert ctl.json("connection", "show", "vm1")[0]["client"]["pid"] == os.getpid()
        ctl.lines("connection", "remove", "vm1")
        assert station.closed()
        ctl.fails(1, "port open: ", "port", "open", "up")


@test
def state_of_a_port():
    """a port's state goes into a file and out of it: own policy and counters; nothing by half"""
    with running() as ctl, tempfile.TemporaryDirectory() as place:
        path = os.path.join(place, "vm1.state")
        station = ctl.daemon.station("blue.sock")
        station.send("hello")
        ctl.daemon.control().ask("query-ports")
        ctl.lines("port", "set", "vm1", "queue.frames=1000")
        ctl.lines("port", "export", "vm1", "-w", path)
        with open(path, "rb") as state:
            assert state.read().startswith(b"vsw\1\4port")
        text = ctl.lines("port", "export", "vm1")[0]
        ctl.lines("port", "set", "vm1", "queue.frames=", "storm.broadcast=5")
        ctl.lines("port", "clear", "vm1")
        ctl.lines("port", "import", "vm1", path)
        assert ctl.json("port", "config", "vm1")["queue"] == {"frames": 1000}
        counters = ctl.json("port", "show", "vm1")[0]["counters"]
        assert sum(c["frames"] for k, c in counters["in"].items() if k != "gso") == 1, counters
        with open(path, "w", encoding="ascii") as state:
            state.write(text + "\n")
        ctl.lines("port", "import", "vm1", path)
        with open(path, "w", encoding="ascii") as state:
            state.write("\u007f")
        ctl.fails(1, "state: must be base64", "port", "import", "vm1", path)
        ctl.fails(66, "nowhere", "port", "import", "vm1", path + "/nowhere")
        ctl.fails(1, "port 'up' is an uplink", "port", "export", "up")
        ctl.fails(1, "no port 'vm9'", "port", "export", "vm9")
        station.close()


@test
def refused():
    """wrong command lines: one line that says what there is instead, status 64"""
    with running() as ctl:
        for text, *arguments in (
                ("what is to be done?",), ("'foo' is no noun; 'vswitchctl help'", "foo"),
                ("port: a verb is missing; there are list show", "port"),
                ("port: no verb 'eat'; there are list show", "port", "eat"),
                ("port show: PORT is missing; it takes: PORT", "port", "show"),
                ("'x': one argument too many; 'port list' takes: none", "port", "list", "x"),
                ("option requires an argument", "watch", "-n"),
                ("--count: 'x' must be a number", "watch", "-n", "x"),
                ("--count is not for 'port list'", "port", "list", "--count", "3"),
                ("vlann: unknown key; there are blocked vlan", "portgroup", "set", "blue",
                 "vlann=1"),
                ("vlan: must be a number (0 to 4095)", "portgroup", "set", "blue", "vlan=x"),
                ("security.promiscuous: must be true or false", "portgroup", "set", "blue",
                 "security.promiscuous=perhaps"),
                ("vlan: must be KEY=VALUE", "portgroup", "set", "blue", "vlan"),
                ("'foo' is no noun", "help", "foo")):
            ctl.fails(64, text, *arguments)
        ctl.fails(1, "no such port", "port", "show", "nix")
        ctl.fails(1, "portgroups/blue/mac/limit: out of range", "portgroup", "set", "blue", "mac.limit=2000000")
        ctl.fails(1, "there is no such switch", "--switch", "nix", "port", "list")


@test
def nobody_there():
    """no socket, a socket of somebody else, one that says nothing sensible: its status each"""
    with running() as ctl:
        ctl.fails(69, "No such file or directory; is vswitchd running?", "--socket", "/nowhere",
                  "port", "list")
        ctl.fails(64, "too long", "--socket", "/" + "x" * 200, "port", "list")
        path = ctl.daemon.path("mine.sock")
        for says, status, text in (
                (b"", 74, "the other side closed it"), (b"hello\n", 76, "QMP's dialect"),
                (b"[]\n", 76, "QMP's dialect"),
                (b'{"QMP": {"version": {"package": "other"}}}\n', 76, "no switch of vchassis"),
                (b'{"QMP": {"version": {"package": "vswitchd"}}}\n{}\n', 76, "neither"),
                (b'{"QMP": {"version": {"package": "vswitchd"}}}\n'
                 b'{"error": {"desc": "a\\u001b[31mb\\nc"}}\n', 1, "a?[31mb?c"),
                (b'{"QMP": {"version": {"package": "vswitchd"}}}\n{"return": [1, {"id": 2}]}\n', 0,
                 "")):
            with socket.socket(socket.AF_UNIX) as server:
                server.bind(path)
                server.listen()

                def serve(listener=server, text=says):
                    peer = listener.accept()[0]
                    peer.sendall(text)
                    if text:
                        peer.recv(65536)
                    peer.close()
                thread = threading.Thread(target=serve)
                thread.start()
                run = ctl.run("--socket", path, "port", "list")
                thread.join()
                assert run.returncode == status and text in run.stderr, (says, run)
            os.unlink(path)


@test
def configuration():
    """a file is checked with and without a daemon, loaded, compared and saved"""
    with running() as ctl:
        file = pathlib.Path(ctl.daemon.file)
        other = file.with_name("other.json")
        assert "says the switch that runs" in ctl.lines("config", "check", str(file))[0]
        assert ctl.lines("config", "diff", str(file)) == []
        assert json.loads("\n".join(ctl.lines("config", "show"))) == CONFIG
        changed = json.loads(json.dumps(CONFIG))
        changed["switches"]["sw"]["portgroups"]["blue"]["vlan"] = 12
        other.write_text(json.dumps(changed))
        run = ctl.run("config", "diff", str(other))
        assert run.returncode == 1 and run.stdout.splitlines() == [
            "- /switches/sw/portgroups/blue/vlan: 10",
            "+ /switches/sw/portgroups/blue/vlan: 12"], run
        assert ctl.run("config", "diff", str(file), str(other)).stdout == run.stdout
        ctl.lines("config", "load", str(other))
        assert ctl.lines("config", "diff", str(other)) == []
        saved = file.with_name("saved.json")
        ctl.lines("config", "save", str(saved))
        assert json.loads(saved.read_text()) == changed
        ctl.lines("config", "save")
        assert json.loads(file.read_text())["switches"] == changed["switches"]
        one = file.with_name("one.json")
        one.write_text('{"mtu": 1500,\n "mtus": 1}')
        ctl.fails(78, "/mtus: unknown key", "config", "check", str(one))
        one.write_text('{"mtu": 1500,\n "ageing": }')
        ctl.fails(78, "one.json:2:12: ", "config", "check", str(one))
        ctl.fails(66, "nowhere.json: No such file", "config", "check", "nowhere.json")
        changed["switches"]["sw"]["ports"]["up"]["connect"]["transport"] = "pigeon"
        other.write_text(json.dumps(changed))
        ctl.fails(78, "/ports/up/connect: transport: no 'pigeon'", "config", "check", str(other))
        ctl.daemon.stop()
        assert "nobody was asked that runs" in ctl.lines("config", "check", str(file))[0]
        ctl.fails(78, "connect: transport: no 'pigeon'", "config", "check", str(other))
        one.write_text('{"mtu": 1500, "mtus": 1}')
        ctl.fails(78, "one.json: /mtus: unknown key", "config", "check", str(one))
        ctl.fails(69, "control.sock: ", "--socket", ctl.daemon.path("control.sock"), "config",
                  "check", str(file))


@test
def confirmed():
    """a change with --confirm stays only if it is confirmed, and can be taken back"""
    with running() as ctl:
        ctl.fails(1, "no configuration waits", "config", "confirm")
        ctl.lines("switch", "set", "ageing=60", "--confirm", "3600")
        assert ctl.json("switch", "show")["unconfirmed"]
        ctl.lines("config", "rollback")
        assert ctl.json("switch", "show")["ageing"] == 300
        ctl.lines("switch", "set", "ageing=60", "--confirm", "3600")
        ctl.lines("config", "confirm")
        ctl.fails(1, "no configuration waits", "config", "rollback")
        assert ctl.json("switch", "show")["ageing"] == 60


def limited():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


@test
def full_disks():
    """what cannot be written: one line, its status, and an old file is as it was"""
    with running() as ctl:
        with open("/dev/full", "w", encoding="utf-8") as full:
            for arguments in ("config", "show"), ("port", "list"), ("help",), ("--version",):
                run = subprocess.run([CTL, *arguments], env=ctl.environment, stdout=full,
                                     stderr=subprocess.PIPE, text=True, check=False)
                assert run.returncode == 74 and "No space left" in run.stderr, (arguments, run)
        saved = pathlib.Path(ctl.daemon.file).with_name("saved.json")
        saved.write_text("old")
        ctl.fails(74, "saved.json", "config", "save", str(saved), preexec_fn=limited)
        assert saved.read_text() == "old"
        ctl.fails(73, "/nowhere/", "config", "save", "/nowhere/x")


@test
def not_saved():
    """a change that is in force and could not be saved: one line, status 74"""
    with running({"save": True, **CONFIG}) as ctl:
        resource.prlimit(ctl.daemon.process.pid, resource.RLIMIT_FSIZE,
                         (0, resource.RLIM_INFINITY))
        unsaved = "in force, but not saved: " + ctl.daemon.file
        ctl.fails(74, unsaved, "switch", "set", "ageing=60")
        assert ctl.json("switch", "show")["ageing"] == 60
        ctl.fails(74, unsaved, "switch", "set", "ageing=61", "--confirm", "3600")
        ctl.fails(74, unsaved, "config", "rollback")
        resource.prlimit(ctl.daemon.process.pid, resource.RLIMIT_FSIZE,
                         (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        ctl.lines("switch", "set", "ageing=62")


@test
def events():
    """watch prints events as they come, of all ports or of one, and ends after as many as wanted"""
    with running() as ctl:
        watch = ctl.start("watch", "-n", "1", "vm2")
        also = ctl.start("watch", "--json", "--count", "2", "vm1")
        control = ctl.daemon.control()
        stations = []
        while watch.poll() is None or also.poll() is None:  # each round makes events
            stations = [ctl.daemon.station("blue.sock"), ctl.daemon.station("blue.sock")]
            control.event("PORT_LINK", port="vm2")
            for station in stations:
                station.close()
            while len(control.ask("query-connections")) > 1:
                pass
        out = watch.stdout.read()
        assert watch.returncode == 0 and " PORT_" in out and " sw vm2 " in out, out
        lines = [json.loads(line) for line in also.stdout.read().splitlines()]
        assert also.returncode == 0 and len(lines) == 2, lines
        assert all(line["data"]["port"] == "vm1" for line in lines), lines
        last = ctl.start("watch")
        ctl.daemon.stop()
        assert last.wait(PATIENCE) in (69, 74)
        for process in watch, also, last:
            process.stdout.close()
            process.stderr.close()


def raw(src, dst, kind=b"\x88\xb5", payload=b""):
    return dst + src + kind + payload.ljust(46, b"\0")


LLDP = b"\x01\x80\xc2\0\0\x0e"


@test
def dropped_frames():
    """drops has the last frames that were dropped, of all ports or one, and follows them"""
    with running() as ctl:
        control = ctl.daemon.control()
        one, two = ctl.daemon.station("blue.sock"), ctl.daemon.station("blue.sock")

        def lost(port, reason):
            return control.ask("query-ports", port=port)[0]["counters"]["drops"][reason]

        def drop(station, port, n):
            before = lost(port, "reserved-address")
            for _ in range(n):
                station.raw(raw(station.mac, LLDP, b"\x88\xcc"))
            while lost(port, "reserved-address") < before + n:
                pass
        assert ctl.lines("drops") == []
        drop(one, "vm1", 1)
        drop(two, "vm2", 2)
        lines = ctl.lines("drops")
        assert len(lines) == 3 and "vm1 reserved-address: 02:00:00:00:00:01 > " \
            "01:80:c2:00:00:0e type 0x88cc, 60 bytes" in lines[0], lines
        assert len(ctl.lines("drops", "vm2")) == 2
        assert len(ctl.lines("drops", "--count", "1")) == 1
        first = ctl.json("drops")[0]
        assert first["head"].startswith("0180c200000e02000000000188cc"), first
        follow = ctl.start("drops", "--follow", "--json", "--count", "3", "vm1")
        while follow.poll() is None:
            drop(one, "vm1", 1)
        lines = [json.loads(line) for line in follow.stdout.read().splitlines()]
        assert follow.returncode == 0 and [d["port"] for d in lines] == ["vm1"] * 3, lines
        follow.stdout.close()
        follow.stderr.close()
        # Until no more are kept; of a flood 64 in a millisecond are, so not all at once
        while len(ctl.json("drops", "-n", "9999")) < 512:
            drop(one, "vm1", 60)
        drop(one, "vm1", 60)
        assert len(ctl.json("drops", "-n", "9999")) == 512


def blocks(data):
    """Blocks of a pcapng file: type, body, options by code."""
    found = []
    while data:
        kind, length = struct.unpack_from("<II", data)
        assert length % 4 == 0 and struct.unpack_from("<I", data, length - 4)[0] == length
        found.append((kind, data[8:length - 4]))
        data = data[length:]
    return found


def options(data):
    found = {}
    while True:
        code, length = struct.unpack_from("<HH", data)
        if not code:
            assert not length and len(data) == 4
            return found
        found[code] = data[4:4 + length]
        data = data[4 + (length + 3) // 4 * 4:]


def captured(data):
    """Frames of a pcapng file: port, direction, comment, bytes."""
    ports, frames = [], []
    kind, body = blocks(data)[0]
    assert kind == 0x0a0d0d0a and body[:8] == struct.pack("<IHH", 0x1a2b3c4d, 1, 0)
    for kind, body in blocks(data)[1:]:
        if kind == 1:
            assert body[:2] == b"\1\0" and options(body[8:])[9] == b"\x09"
            ports.append(options(body[8:])[2].decode())
            continue
        assert kind == 6
        port, high, low, n, length = struct.unpack_from("<IIIII", body)
        assert n == length and abs((high << 32 | low) / 1e9 - time.time()) < 3600
        rest = options(body[20 + (n + 3) // 4 * 4:])
        frames.append((ports[port], rest[2][0], rest.get(1, b"").decode(), body[20:20 + n]))
    return frames


@test
def captures():
    """capture writes what comes, goes and is dropped as pcapng, filtered, and stops as told"""
    with running() as ctl:
        control = ctl.daemon.control()
        one, two = ctl.daemon.station("blue.sock"), ctl.daemon.station("blue.sock", 2)
        control.ask("query-ports")
        file = pathlib.Path(ctl.daemon.file).with_name("all.pcapng")

        def capture(*arguments, count=3):
            process = ctl.start("capture", *arguments, "--count", str(count))
            while process.poll() is None:
                one.raw(raw(one.mac, two.mac, payload=b"hello"))
                one.raw(raw(one.mac, LLDP, b"\x88\xcc"))
                control.ask("query-switch")
            out = process.stdout.read(), process.stderr.read()
            process.stdout.close()
            process.stderr.close()
            return process.returncode, *out
        status, out, said = capture("all", "-w", str(file), count=20)
        assert status == 0 and not out and said.startswith("vswitchctl: 20 frames, "), said
        frames = captured(file.read_bytes())
        assert len(frames) == 20, frames
        hello = raw(one.mac, two.mac, payload=b"hello")
        assert ("vm1", 1, "", hello) in frames and ("vm2", 2, "", hello) in frames, frames
        assert ("vm1", 1, "dropped: reserved-address", raw(one.mac, LLDP, b"\x88\xcc")) in frames
        assert capture("vm2", "-w", str(file))[0] == 0
        assert {f[0] for f in captured(file.read_bytes())} == {"vm2"}
        assert capture("vm1", "ether", "proto", "0x88cc", "-w", str(file))[0] == 0
        assert {f[3][12:14] for f in captured(file.read_bytes())} == {b"\x88\xcc"}
        status, out, _ = capture("vm1", "ether dst 02:00:00:00:00:02", count=1)
        assert status == 0 and out == ("from vm1: 02:00:00:00:00:01 > 02:00:00:00:00:02 "
                                       "type 0x88b5, 60 bytes\n"), out
        ctl.fails(65, "filter 'no such thing': ", "capture", "all", "no", "such", "thing")
        ctl.fails(1, "no port 'nix'", "capture", "nix")
        ctl.fails(73, "/nowhere/x: No such file", "capture", "all", "-w", "/nowhere/x")
        full = ctl.run("capture", "all", "-w", "/dev/full")
        assert full.returncode == 74 and "/dev/full: No space left" in full.stderr, full
        process = ctl.start("capture", "all", "-w", "-")
        assert process.stdout.buffer.read(4) == b"\n\r\r\n"  # it runs
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0
        process.stdout.close()
        process.stderr.close()
        control.error("capture-renew", id=1)


@test
def captures_that_nobody_ends():
    """the memory of a capture is only to be read, and there are no more than four"""
    with running() as ctl:
        control = ctl.daemon.control()
        ids = [control.ask("capture-start")["id"] for _ in range(4)]
        assert "4 captures already" in control.error("capture-start")
        assert len(control.fds) == 4
        fd = control.fds[0]
        size = os.fstat(fd).st_size
        for act in (lambda: os.ftruncate(fd, 0), lambda: os.ftruncate(fd, 2 * size),
                    lambda: os.pwrite(fd, b"x", 0), lambda: mmap.mmap(fd, size)):
            try:
                act()
            except PermissionError:
                continue
            raise AssertionError("a reader may write")
        assert mmap.mmap(fd, size, prot=mmap.PROT_READ)[:8] == bytes(8)
        for number in ids:
            control.ask("capture-stop", id=number)
        assert "no such capture" in control.error("capture-stop", id=ids[0])
        for fd in control.fds:
            os.close(fd)


def pcap(*frames, link=1):
    data = struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, link)
    for frame in frames:
        data += struct.pack("<IIII", 0, 0, len(frame), len(frame)) + frame
    return data


@test
def explained_frames():
    """explain says what each stage decides, of fields and of a capture file, and sends nothing"""
    with running() as ctl:
        one, two = ctl.daemon.station("blue.sock"), ctl.daemon.station("blue.sock", 2)
        ctl.daemon.control().ask("query-ports")
        steps = ctl.json("explain", "vm1", "dst=02:00:00:00:00:02", "src-ip=10.0.0.1",
                         "dst-ip=10.0.0.2", "protocol=tcp", "dst-port=22")["steps"]
        receivers = [s["port"] for s in steps if s["stage"] == "receiver"]
        assert sorted(receivers) == ["up", "vm2"], steps
        assert "VLAN 10" in steps[0]["text"], steps
        ctl.lines("rule", "add", "vm1", "no-ssh", "match.protocol=tcp",
                  "match.destination-port=22", "action=drop")
        table = ctl.lines("explain", "vm1", "dst=02:00:00:00:00:02", "src-ip=10.0.0.1",
                          "dst-ip=10.0.0.2", "protocol=tcp", "dst-port=22")
        assert any("rule 1, no-ssh holds" in line for line in table), table
        assert table[-1].split()[:3] == ["drop", "vm1", "rule"], table
        table = ctl.lines("explain", "vm1", "vlan=11")
        assert table[-1].split()[:3] == ["drop", "vm1", "vlan"], table
        file = pathlib.Path(ctl.daemon.file).with_name("frames.pcap")
        file.write_bytes(pcap(raw(b"\2\0\0\0\0\1", LLDP), raw(b"\2\0\0\0\0\1", b"\xff" * 6)))
        assert ctl.lines("explain", "vm1", str(file))[-1].split()[2] == "reserved-address"
        both = ctl.lines("explain", "-n", "2", "vm1", str(file))
        assert sum(line.startswith("STAGE") for line in both) == 2, both
        file.write_bytes(pcap(b"abc", link=101))
        ctl.fails(65, "has no Ethernet frames", "explain", "vm1", str(file))
        file.write_bytes(pcap())
        ctl.fails(65, "no frame can be read: it has none", "explain", "vm1", str(file))
        file.write_bytes(pcap(LLDP * 3)[:-5])
        ctl.fails(65, "no frame can be read: truncated", "explain", "vm1", str(file))
        ctl.fails(66, "nowhere", "explain", "vm1", "nowhere")
        ctl.fails(64, "colour=red: no field of a frame, and no file; there are dst src vlan",
                  "explain", "vm1", "colour=red")
        ctl.fails(64, "vlan=4096: must be: a tag of that VLAN", "explain", "vm1", "vlan=4096")
        ctl.fails(1, "no such port", "explain", "nix", "vlan=1")
        assert one.silent() and two.silent()
        one.close()
        two.close()


@test
def metrics():
    """metrics are Prometheus' text: each metric once, with help and type, names escaped"""
    with running() as ctl:
        station = ctl.daemon.station("blue.sock")
        station.raw(raw(station.mac, LLDP, b"\x88\xcc"))
        control = ctl.daemon.control()
        while not control.ask("query-ports", port="vm1")[0]["counters"]["drops"][
                "reserved-address"]:
            pass
        lines = ctl.lines("metrics")
        types = [line.split()[2] for line in lines if line.startswith("# TYPE ")]
        assert len(types) == len(set(types)) and "vchassis_port_frames_total" in types, types
        samples = {}
        for line in lines:
            if not line.startswith("#"):
                name, value = line.rsplit(" ", 1)
                assert name not in samples and name.split("{")[0] in types, line
                samples[name] = int(value)
        assert samples['vchassis_port_drops_total{switch="sw",port="vm1",'
                       'reason="reserved-address"}'] == 1
        assert samples['vchassis_port_frames_total{switch="sw",port="vm1",direction="in",'
                       'kind="multicast"}'] == 1
        assert samples['vchassis_switch_ports{switch="sw"}'] == 2
        assert samples["vchassis_daemon_rounds_total"] > 0
        station.close()


@test
def rates():
    """top prints rates of all ports, plain where there is no terminal"""
    with running() as ctl:
        station = ctl.daemon.station("blue.sock")
        top = ctl.start("top", "--json", "--count", "1")
        while top.poll() is None:
            station.raw(raw(station.mac, b"\xff" * 6))
            ctl.daemon.control().ask("query-switch")
        items = {item["id"]: item for item in json.loads(top.stdout.read())}
        assert items["vm1"]["in_frames/s"] > 0 and items["up"]["out_bits/s"] > 0, items
        top.stdout.close()
        top.stderr.close()
        lines = ctl.lines("top", "-n", "1", "-i", "1")
        assert lines[0].split()[0] == "PORT" and len(lines) == 3, lines
        ctl.fails(64, "--interval: '0' must be", "top", "-i", "0")
        station.close()


@test
def several_switches():
    """--switch says which one; without it a daemon of several says so"""
    two = {"switches": {"a": {"mtu": 1500}, "b": {"mtu": 9000}}}
    with running(two) as ctl:
        ctl.fails(1, "switch: must be given", "port", "list")
        assert ctl.json("-S", "b", "switch", "show")["mtu"] == 9000
        assert sorted(s["name"] for s in ctl.json("switch", "list")) == ["a", "b"]
        assert json.loads("\n".join(ctl.lines("config", "show"))) == two
        assert json.loads("\n".join(ctl.lines("-S", "a", "config", "show"))) == {"mtu": 1500}
        ctl.fails(64, "has all switches", "-S", "a", "config", "load", ctl.daemon.file)


@test
def completion():
    """completion offers nouns, verbs, options, keys, and what the live switch has"""
    with running() as ctl:
        def offers(*words):
            return ctl.lines("__complete", *words)
        assert "portgroup" in offers("por") and "port" in offers("por")
        assert offers("port", "sh") == ["show"]
        assert offers("port", "show", "") == ["up"]
        assert offers("--socket", ctl.daemon.path("control.sock"), "port", "show", "") == ["up"]
        assert offers("--socket", "/nowhere", "port", "show", "") == []
        assert offers("-S", "") == ["sw"]
        assert "--json" in offers("--j")
        assert offers("portgroup", "set", "") == ["blue"]
        assert offers("portgroup", "set", "blue", "queue.f") == ["queue.frames="]
        assert offers("team", "set", "") == ["defaults", "portgroup/blue", "port/up"]
        assert "policy=" in offers("team", "set", "up", "")
        assert offers("rule", "add", "up", "r", "match") == ["match="]
        script = "\n".join(ctl.lines("completion", "bash"))
        run = subprocess.run(
            ["bash", "-c", script + "\n" f"""
             COMP_LINE='{CTL} portgroup set b'; COMP_POINT=${{#COMP_LINE}}; compopt() {{ :; }}
             _vswitchctl; echo "${{COMPREPLY[*]}}" """],
            env=ctl.environment, capture_output=True, text=True, check=False)
        assert run.stdout == "blue\n", run


@test
def help_for_people():
    """help names every noun; of a noun, its verbs and keys"""
    with running() as ctl:
        text = ctl.lines("help")
        for noun in "portgroup", "mirror", "config":
            assert any(line.startswith(f"  {noun} ") for line in text), text
        assert ctl.lines("--help") == text
        group = ctl.lines("help", "portgroup")
        assert any("portgroup add PORTGROUP" in line for line in group)
        assert any(line.startswith("  queue.frames ") for line in group)
        assert ctl.lines("portgroup", "--help") == group


@test
def cards():
    """a card that the daemon hosts is added, listed, shown, changed, moved, removed: the listen of its port group"""
    with running() as ctl:
        before = ctl.json("portgroup", "show", "blue")["listen"]
        ctl.lines("portgroup", "add", "red")
        ctl.lines("nic", "add", "web", "portgroup=blue", "model=e1000", "mac=00:50:56:00:00:01",
                  "mode=0660")
        ctl.lines("nic", "add", "db", "portgroup=blue", "queues=4")
        listen = ctl.json("portgroup", "show", "blue")["listen"]
        assert listen == [*before, {
            "transport": "vfio-user", "ports": "web", "model": "e1000", "mode": "0660",
            "mac": "00:50:56:00:00:01", "address": "web.sock"}, {
            "transport": "vfio-user", "ports": "db", "address": "db.sock",
            "properties": ["queues=4"]}], listen
        control, card = ctl.daemon.control(), ctl.daemon.card("web.sock")
        card.start()
        control.event("PORT_LINK", port="web", text="link up")
        assert [line.split() for line in ctl.lines("nic", "list")[1:]] == [
            ["web", "blue", "e1000", "00:50:56:00:00:01", "web.sock", "yes"],
            ["db", "blue", "vmxnet3", "-", "db.sock", "no"]], ctl.lines("nic", "list")
        assert ctl.json("nic", "show", "web")["state"]["model"] == "e1000"
        ctl.lines("nic", "set", "db", "portgroup=red", "queues=2", "txqueuelen=", "mode=0600")
        assert ctl.json("portgroup", "show", "red")["listen"] == [
            {"transport": "vfio-user", "ports": "db", "address": "db.sock", "mode": "0600",
             "properties": ["queues=2"]}]
        ctl.lines("nic", "set", "db", "queues=", "mode=")
        assert ctl.json("portgroup", "show", "red")["listen"] == [
            {"transport": "vfio-user", "ports": "db", "address": "db.sock"}]
        ctl.fails(1, "'web' is there already", "nic", "add", "web", "portgroup=red")
        ctl.fails(1, "there is no 'green'; there are: blue red", "nic", "add", "x", "portgroup=green")
        ctl.fails(64, "portgroup=NAME must be given", "nic", "add", "x")
        ctl.fails(1, "model: must be one of", "nic", "add", "x", "portgroup=red", "model=ne3000")
        ctl.fails(1, "nonsense", "nic", "set", "db", "nonsense=1")
        ctl.fails(1, "nic 'x' is not", "nic", "set", "x", "mode=0600")
        ctl.fails(1, "nic 'x' is not", "nic", "show", "x")
        assert ctl.lines("__complete", "nic", "show", "") == ["web", "db"]
        assert "model=" in ctl.lines("__complete", "nic", "add", "x", "m")
        card.send("still here")
        ctl.lines("nic", "remove", "web")
        control.event("PORT_REMOVED", port="web")
        ctl.lines("nic", "remove", "db")
        ctl.fails(1, "nic 'db' is not", "nic", "remove", "db")
        assert ctl.json("portgroup", "show", "blue")["listen"] == before
        assert "listen" not in ctl.json("portgroup", "show", "red")
        assert not ctl.json("nic", "list")


def program(symbols, build_id=b"\x5a" * 20):
    """An ELF file that exports symbols and has a build-id, as far as anybody looks for them."""
    names = b"\0" + b"".join(name + b"\0" for name in symbols)
    table, at = bytes(24), 1
    for name in symbols:
        table += struct.pack("=IBBHQQ", at, 0x12, 0, 1, 0, 0)
        at += len(name) + 1
    note = struct.pack("=III", 4, len(build_id), 3) + b"GNU\0" + build_id if build_id else b""
    parts = [(11, table, 2), (3, names, 0), (7, note, 0)]
    body, sections = b"", bytes(64)
    for kind, data, link in parts:
        sections += struct.pack("=IIQQQQIIQQ", 0, kind, 0, 0, 64 + len(body), len(data), link, 0, 0, 0)
        body += data
    order = 1 if sys.byteorder == "little" else 2
    return struct.pack("=4sBBB9xHHIQQQIHHHHHH", b"\x7fELF", 2, order, 1, 3, 62, 1, 0, 0, 64 + len(body), 0,
                       64, 0, 0, 64, 1 + len(parts), 0) + body + sections


EXPORTED = [b"register_module_init", b"pci_register_bar"]
SAYS = """#!/bin/sh
# runs {directory}/lib/qemu
case $* in
--version) echo 'QEMU emulator version {version}' ;;
*vfio-user-pci,help) [ {client} = no ] || echo 'vfio-user-pci options:' ;;
*virtio-net-pci,help) echo 'virtio-net-pci options:' ;;
'-netdev help') printf 'socket\n{netdevs}\n' ;;
esac
"""


class FakeQemu:
    """A program that answers as a QEMU does, and the file that is looked at for the plug-in."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        (self.directory / "lib").mkdir()
        self.path, self.image = self.directory / "qemu", self.directory / "lib/qemu"

    def ways(self, image, version="11.1.3", client="yes", netdevs="stream\\nvhost-user"):
        self.image.write_bytes(image)
        self.path.write_text(SAYS.format(directory=self.directory, version=version, client=client, netdevs=netdevs))
        for path in self.path, self.image:
            path.chmod(0o755)
        run = subprocess.run([CTL, "--json", "doctor", self.path], text=True, check=False, capture_output=True,
                             timeout=PATIENCE * 3)
        assert run.returncode == 0 and not run.stderr, run
        report = json.loads(run.stdout)
        return report, {way["way"]: way.get("why-not") for way in report["ways"]}


@test
def doctor():
    """ways by which a QEMU can have cards are told from what it says and from its file, with their command lines"""
    with tempfile.TemporaryDirectory() as directory:
        qemu = FakeQemu(directory)
        report, ways = qemu.ways(program(EXPORTED))
        assert not any(ways.values()), ways
        assert report["build-id"] == "5a" * 20 and report["version"].endswith("11.1.3"), report
        for way in report["ways"]:
            assert str(qemu.path) in "\n".join(way["commands"]), way
        for image, why in ((program([]), "exports no symbols"), (program(EXPORTED[:1]), "no PCI bus"),
                           (program(EXPORTED, b""), "no build-id"), (b"\x7fELF", "no program of this machine"),
                           (b"", "cannot be read")):
            _, ways = qemu.ways(image)
            assert why in ways["plug-in"], (why, ways)
        _, ways = qemu.ways(b"", "7.2.22", "no", "vde")
        assert "from 10.1 on" in ways["vfio-user"] and "no -netdev stream" in ways["stream"], ways
        assert "no -netdev vhost-user" in ways["vhost-user"], ways
        _, ways = qemu.ways(b"", "11.0.0", "no")
        assert ways["vfio-user"] == "this build has no vfio-user-pci", ways
        for command, text in ((["doctor", "/nowhere"], "no such program"), (["doctor", CTL], "does not say"),
                              (["doctor"], "QEMU is missing")):
            run = subprocess.run([CTL, *command], text=True, check=False, capture_output=True, timeout=PATIENCE * 3)
            assert run.returncode and text in run.stderr, run


@test
def doctor_of_broken_files():
    """a file with sections, symbols and notes out of its bounds is no program that fits"""
    with tempfile.TemporaryDirectory() as directory:
        qemu, whole = FakeQemu(directory), program(EXPORTED)
        for length in (63, 64, 100, 140, len(whole) - 65, len(whole) - 1):
            _, ways = qemu.ways(whole[:length])
            assert ways["plug-in"], length
        head, first = 64, len(whole) - 3 * 64
        for at, text in ((40, b"\xff" * 8), (60, b"\xff\xff"), (first + 24, b"\xf0" + b"\xff" * 7),
                         (first + 32, b"\xff" * 8), (first + 40, b"\xff" * 4), (head + 24, b"\xff" * 4),
                         (first + 64 + 24, b"\xff" * 8), (first + 128 + 24, b"\xff" * 8)):
            broken = bytearray(whole)
            broken[at:at + len(text)] = text
            qemu.ways(bytes(broken))


if __name__ == "__main__":
    sys.exit(main())
