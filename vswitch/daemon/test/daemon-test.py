#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""vswitchd as its users see it: start and end, sockets, commands, configuration.

Usage: daemon-test.py VSWITCHD

Speaks TAP.
"""

import contextlib
import errno
import json
import os
import resource
import select
import signal
import socket
import struct
import subprocess
import sys
import time

from harness import PATIENCE, Control, Daemon, Skip, Station, main, test


@contextlib.contextmanager
def running(*arguments, **options):
    daemon = Daemon(*arguments, **options)
    try:
        yield daemon
    finally:
        daemon.stop()
        daemon.process.stderr.close()
        daemon.process.stdout.close()


def listen(ports="vm%", address="stream.sock", **more):
    return {"transport": "stream", "address": address, "ports": ports, **more}


def one_switch(portgroups=None, **more):
    return {"switches": {"sw": {"portgroups": portgroups or {"g": {"listen": [listen()]}}, **more}}}


def port_state(control, port):
    """What there is to know of a port but for what is counted."""
    state = control.ask("query-ports", port=port)[0]
    return {key: value for key, value in state.items() if key != "counters"}


def checksum(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    total = (total & 0xffff) + (total >> 16)
    total = (total & 0xffff) + (total >> 16)
    return struct.pack(">H", ~total & 0xffff)


def ip(src, dst, protocol, data):
    header = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(data), 0, 0, 64, protocol, 0, src, dst)
    return header[:10] + checksum(header) + header[12:] + data


def udp(src, dst, sport, dport, data):
    return ip(src, dst, 17, struct.pack(">HHHH", sport, dport, 8 + len(data), 0) + data)


def syn(src, dst, sport, dport):
    tcp = struct.pack(">HHIIBBHHH", sport, dport, 1, 0, 0x50, 2, 65535, 0, 0)
    tcp = tcp[:16] + checksum(src + dst + struct.pack(">HH", 6, len(tcp)) + tcp) + tcp[18:]
    return ip(src, dst, 6, tcp)


@test
def two_stations_and_a_way_out():
    """without a file: two stations on one network, and each gets a lease"""
    with running() as daemon:
        one, two = daemon.station(number=1), daemon.station(number=2)
        two.send("here I am")
        assert one.hear() == "here I am"
        one.send("hello", two.mac)
        assert two.hear() == "hello"
        for station in one, two:
            dhcp = (b"\1\1\6\0" + b"\0" * 24 + station.mac).ljust(236, b"\0")
            dhcp += b"\x63\x82\x53\x63\x35\1\1\xff"
            station.raw(b"\xff" * 6 + station.mac + b"\x08\0" +
                        udp(bytes(4), b"\xff" * 4, 68, 67, dhcp.ljust(300, b"\0")))
            while True:
                frame = station.frame()
                if b"\x63\x82\x53\x63\x35\1\2" in frame and station.mac in frame[42:]:
                    break
            assert frame[42 + 16:42 + 19] == bytes([10, 0, 2])


@test
def permissions():
    """sockets and their directory are their owner's"""
    with running() as daemon:
        assert os.stat(daemon.place).st_mode & 0o777 == 0o700
        for name in "control.sock", "stream.sock":
            assert os.stat(daemon.path(name)).st_mode & 0o777 == 0o600
    assert os.listdir(daemon.place) == []


@test
def second_daemon():
    """a second daemon in the same place: one line, status 69, and the first goes on"""
    with running() as daemon:
        second = Daemon(place=daemon.directory, expect=69)
        assert len(second.log) == 1 and "control.sock: in use" in second.log[0], second.log
        assert daemon.control().ask("query-switches")[0]["name"] == "vswitch0"


@test
def killed_and_started_again():
    """after kill -9 the sockets are taken over, and clients come back"""
    daemon = Daemon()
    station = daemon.station()
    daemon.kill()
    assert station.closed()
    with running(place=daemon.directory) as again:
        one, two = again.station(number=1), again.station(number=2)
        two.send("back")
        assert one.hear() == "back"


@test
def rings_outlive_the_daemon():
    """after kill -9: rings are gone on with, in order and nothing twice; policies come back"""
    config = one_switch({"g": {"vlan": 5, "listen": [
        listen("vm"), {"transport": "vhost-user", "address": "vhost.sock", "ports": "machine"}]},
        "other": {"vlan": 6, "listen": [listen("far", "far.sock")]}},
        ports={"machine": {"mac": {"limit": 3}}})
    daemon = Daemon(config)
    control = daemon.control()
    machine, station = daemon.machine(number=1), daemon.station(number=1)
    for port in "machine", "vm":
        control.event("PORT_LINK", port=port, text="link up")
    sent = [f"before {number}" for number in range(20)]
    for text in sent:
        machine.send(text)
    assert [station.hear() for _ in sent] == sent
    before = port_state(control, "machine")
    while machine.unsent():
        control.ask("query-daemon")
    daemon.kill()
    assert machine.closed() and station.closed()
    sent = [f"meanwhile {number}" for number in range(40)]
    for text in sent:
        machine.send(text)
    assert machine.unsent() == len(sent)
    with running(config, place=daemon.directory) as again:
        control = again.control()
        station, far = again.station(number=1), again.station("far.sock", 2)
        for port in "vm", "far":
            control.event("PORT_LINK", port=port, text="link up")
        machine.connect(again.path("vhost.sock"))
        assert [station.hear() for _ in sent] == sent
        station.send("to the machine", machine.mac)
        assert machine.hear() == "to the machine"
        machine.send("the last")
        assert station.hear() == "the last" and far.silent()
        assert port_state(control, "machine") == before
        addresses = {entry["mac"]: entry for entry in control.ask("query-fdb")}
        assert addresses["02:00:00:00:01:01"]["vlan"] == 5


@test
def a_hundred_ports_come_back():
    """after kill -9: a hundred ports are back, each with a connection that carries frames"""
    config = one_switch({"g": {"listen": [listen()]}})
    daemon = Daemon(config)
    stations = [daemon.station(number=number) for number in range(100)]
    stations[-1].send("all are here")
    assert stations[0].hear() == "all are here"
    daemon.kill()
    assert all(station.closed() for station in stations)
    begin = time.monotonic()
    with running(config, place=daemon.directory) as again:
        stations = [again.station(number=number) for number in range(100)]
        for number, station in enumerate(stations[1:]):
            station.send(f"back {number}")
        assert {stations[0].hear() for _ in range(99)} == {f"back {n}" for n in range(99)}
        print(f"# 100 ports after {time.monotonic() - begin:.3f} s")


@test
def a_hundred_rings_go_on():
    """after kill -9 with frames under way in a hundred rings: each comes once, and in order"""
    config = one_switch({"g": {"listen": [{"transport": "vhost-user", "address": "vhost.sock",
                                           "ports": "machine%"}]}})
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 1000:
        raise Skip(f"at most {hard} descriptors")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    daemon = Daemon(config)
    control = daemon.control()
    machines = [daemon.machine(number=number) for number in range(100)]
    for number in range(100):
        control.event("PORT_LINK", port=f"machine{number + 1}", text="link up")
    pairs = list(zip(machines[:50], machines[50:]))
    for one, other in pairs:
        other.send("I am here", other.mac)  # learnt, heard by nobody
        one.send("before", other.mac)
    for one, other in pairs:
        assert other.hear(one.mac) == "before"
        while one.unsent() or other.unsent():
            control.ask("query-daemon")
    daemon.process.send_signal(signal.SIGSTOP)  # so that what is under way is in the rings
    os.waitpid(daemon.process.pid, os.WUNTRACED)  # all of its threads have stopped
    sent = [f"meanwhile {number}" for number in range(40)]
    for one, other in pairs:
        for text in sent:
            one.send(text, other.mac)
    daemon.kill()
    assert all(machine.closed() for machine in machines)
    begin = time.monotonic()
    with running(config, place=daemon.directory) as again:
        control = again.control()
        for _, other in pairs:  # what is sent to who is not back yet is lost
            other.connect(again.path("vhost.sock"))
            other.send("I am here", other.mac)  # learnt, heard by nobody
        while any(other.unsent() for _, other in pairs):
            control.ask("query-daemon")
        for one, other in pairs:
            one.connect(again.path("vhost.sock"))
            one.send("the last", other.mac)
        for one, other in pairs:
            heard = [other.hear(one.mac) for _ in range(len(sent) + 1)]
            assert heard == [*sent, "the last"], heard
        print(f"# 100 ports and {len(pairs) * len(sent)} frames after "
              f"{time.monotonic() - begin:.3f} s")
        for one, other in pairs:
            one.send("nothing else", other.mac)
            assert other.hear(one.mac) == "nothing else"


@test
def bad_configurations():
    """what cannot be put in force: one line with its place, status 78"""
    wrong = [
        ("{", "config.json:1:1: "),
        ('{\n"switches": {},\n"x": 1}', "/x: unknown key; there are $schema save metrics switches"),
        ({"switches": {}}, "/switches: must be an object with at least one"),
        ({"switches": {"a b": {}}}, "/switches/a b: a name is"),
        ({"switches": {"a": 1}}, "/switches/a: must be an object"),
        ({"switches": {"a": {"mtu": 1}}}, "/switches/a/mtu: out of range"),
        (one_switch({"g": {"listen": 1}}), "/switches/sw/portgroups/g/listen: must be an array"),
        (one_switch({"g": {"listen": [{}]}}), "/portgroups/g/listen/0: transport: is missing"),
        (one_switch({"g": {"listen": [listen(mode="9")]}}), "0: 9: must be a mode such as 0660"),
        (one_switch({"g": {"listen": [listen(mode=9)]}}), "0: mode: must be a string"),
        (one_switch({"g": {"listen": [listen(ports="a%b%")]}}), "0: ports: must be a port's id"),
        (one_switch({"g": {"listen": [listen(owner="no-one-here")]}}), "no such user"),
        (one_switch({"g": {"listen": [listen(depth=1)]}}), "0: depth: unknown key; there are"),
        (one_switch({"g": {"listen": [listen(transport="slirp")]}}), "none that works on sockets"),
        (one_switch({"g": {"listen": [listen(address="/nowhere/x")]}}), "/nowhere/x: No such file"),
        (one_switch({"g": {"token": ""}}), "/portgroups/g/token: must be a string"),
        (one_switch(ports={"p": {"connect": {"transport": "pigeon"}}}),
         "/switches/sw/ports/p/connect: transport: no 'pigeon'; there are"),
        (one_switch(ports={"p": {"connect": {"transport": "stream"}}}), "address: is missing"),
        (one_switch(ports={"p": {"connect": {"transport": "slirp", "mtu": "1500"}}}),
         "connect: mtu: must be a number"),
        (one_switch(ports={"p": {"connect": {"transport": "slirp", "address": "x"}}}),
         "address: slirp dials nobody"),
    ]
    for config, text in wrong:
        for arguments in (), ("--check",):
            if arguments and "/nowhere" in text:
                continue
            daemon = Daemon(config, *arguments, expect=78)
            assert len(daemon.log) == 1 and text in daemon.log[0], (text, daemon.log)
            assert not os.path.exists(daemon.path("control.sock")), config


@test
def files_that_are_none():
    """a directory, a FIFO, nothing instead of a file: one line, status 78"""
    daemon = Daemon(one_switch(), "--check", expect=0)
    os.mkfifo(daemon.file + ".fifo")
    for path in daemon.directory.name, daemon.file + ".fifo", daemon.file + ".not":
        other = Daemon(None, "--config", path, place=daemon.directory, expect=78)
        assert len(other.log) == 1 and path in other.log[0], other.log


@test
def check_makes_nothing():
    """--check makes no directory and no socket"""
    daemon = Daemon(one_switch(), "--check", expect=0)
    assert os.listdir(daemon.directory.name) == ["config.json"], os.listdir(daemon.directory.name)


@test
def usage():
    """wrong arguments: status 64"""
    for arguments in ("--no-such",), ("file",), ("--log-level", "loud"):
        Daemon(None, *arguments, expect=64)


@test
def completion():
    """bash offers the options of --help, the levels of the log, and leaves files to itself"""
    script = os.path.join(os.path.dirname(__file__), "..", "vswitchd.bash")

    def offers(*words):
        line = " ".join(f"'{word}'" for word in (sys.argv[1], *words))
        run = subprocess.run(["bash", "-c", f"""source '{script}'; COMP_WORDS=({line}) COMP_CWORD={len(words)}
                              _vswitchd '{sys.argv[1]}'; echo "${{COMPREPLY[*]}}" """],
                             capture_output=True, text=True, check=False)
        assert not run.stderr, run
        return run.stdout.split()
    assert offers("--c") == ["--config", "--check"]
    assert offers("--takeover", "--so") == ["--socket"]
    assert offers("--log-level", "") == offers("-l", "") == ["error", "warning", "notice", "info", "debug"]
    assert not offers("--config", "/")


@test
def path_in_use():
    """a path at which another process listens is left to it"""
    with running(one_switch()) as daemon:
        config = one_switch({"g": {"listen": [listen(address=daemon.path("stream.sock"))]}})
        other = Daemon(config, expect=78)
        assert "in use" in other.log[0], other.log
        daemon.station().close()


@test
def reload():
    """SIGHUP: what is the same goes on, what is new comes, what is gone goes"""
    config = one_switch({"a": {"listen": [listen("a%", "a.sock")]},
                         "b": {"listen": [listen("b%", "b.sock")]}})
    with running(config) as daemon:
        kept, other = daemon.station("a.sock", 1), daemon.station("a.sock", 2)
        other.send("both are here")
        assert kept.hear() == "both are here"
        config["switches"]["sw"]["portgroups"]["c"] = {"listen": [listen("c1", "c.sock")]}
        del config["switches"]["sw"]["portgroups"]["b"]
        config["switches"]["sw"]["portgroups"]["a"]["listen"][0]["mode"] = "0660"
        config["switches"]["more"] = {}
        daemon.write(config)
        daemon.process.send_signal(signal.SIGHUP)
        daemon.wait_log("configuration reloaded")
        kept.send("still here")
        assert other.hear() == "still here"
        assert not os.path.exists(daemon.path("b.sock"))
        assert os.stat(daemon.path("a.sock")).st_mode & 0o777 == 0o660
        new = daemon.station("c.sock", 3)
        new.send("new")
        assert kept.hear() == "new"
        names = {s["name"] for s in daemon.control().ask("query-switches")}
        assert names == {"sw", "more"}
        daemon.write("{")
        daemon.process.send_signal(signal.SIGHUP)
        assert "config.json:1:1" in daemon.wait_log("not reloaded")
        kept.send("all the same")
        assert other.hear() == "new" and other.hear() == "all the same"


@test
def port_of_its_own():
    """a listener with one port: it is there before its client, who has it alone"""
    with running(one_switch({"g": {"listen": [listen("web")]}})) as daemon:
        control = daemon.control()
        port = control.ask("query-connections", port="web")[0]
        assert port["lasting"] and not port["plugged-in"]
        first = daemon.station()
        control.event("PORT_LINK", port="web", text="link up")
        second = daemon.station()
        assert second.closed()
        assert "has something plugged in" in daemon.wait_log("refused")
        client = control.ask("query-connections", port="web")[0]["client"]
        assert client["pid"] == os.getpid() and client["uid"] == os.getuid()
        first.close()
        control.event("PORT_LINK", port="web", text="link down")
        daemon.station().send("again")
        control.event("PORT_LINK", port="web", text="link up")


@test
def most_clients():
    """a listener lets in as many clients as it says"""
    with running(one_switch({"g": {"listen": [listen(max=2)]}})) as daemon:
        control = daemon.control()
        stations = [daemon.station(number=n) for n in (1, 2)]
        for number in 1, 2:
            control.event("PORT_LINK", port=f"vm{number}", text="link up")
        assert daemon.station().closed()
        stations[0].close()
        control.event("PORT_REMOVED", port="vm1")
        daemon.station()
        control.event("PORT_LINK", port="vm1", text="link up")


@test
def plug():
    """the command plug: a connection comes with its answer"""
    group = {"open": {}, "closed": {"token": "open sesame", "vlan": 7}}
    with running(one_switch(group)) as daemon:
        control = daemon.control()

        def plugged(port, **more):
            answer = control.ask("plug", port=port, transport="stream", **more)
            assert answer["port"] == port
            return Station(socket.socket(fileno=control.fds.pop()), bytes([2, 0, 0, 0, 0, 9]))

        one = plugged("one", portgroup="open", vm={"name": "a", "uuid": "u"})
        two = plugged("two", portgroup="open")
        one.send("plugged")
        assert two.hear() == "plugged"
        client = control.ask("query-connections", port="one")[0]["client"]
        assert client["vm"] == "a" and client["uuid"] == "u" and client["pid"] == os.getpid()
        for token in {}, {"token": "open"}, {"token": "open sesame!"}:
            assert "token: is not that of port group 'closed'" == control.error(
                "plug", port="three", transport="stream", portgroup="closed", **token)
        three = plugged("three", portgroup="closed", token="open sesame")
        # the document puts a port into a group: its token counts, whatever the client asks for
        control.ask("config-patch", patch={"ports": {"five": {"portgroup": "closed"}}})
        for asked in {}, {"portgroup": "open"}:
            assert "token: is not that of port group 'closed'" == control.error(
                "plug", port="five", transport="stream", **asked)
        five = plugged("five", token="open sesame")
        assert control.ask("query-connections", port="five")[0]["portgroup"] == "closed"
        five.close()
        control.event("PORT_REMOVED", port="five")
        one.send("not for all")
        assert two.hear() == "not for all" and three.silent()
        assert "has something plugged in" in control.error("plug", port="one", transport="stream")
        assert "no port group 'none'" in control.error("plug", port="four", transport="stream",
                                                       portgroup="none")
        assert "none that works on sockets" in control.error("plug", port="four",
                                                             transport="slirp")
        assert not control.fds
        control.ask("unplug", port="two")
        assert two.closed()
        control.event("PORT_REMOVED", port="two")
        one.close()
        control.event("PORT_REMOVED", port="one")
        plugged("one", portgroup="open", mac="02:00:00:00:00:09")


@test
def dial():
    """the daemon dials a peer, again and again, and says so once"""
    config = one_switch(ports={"peer": {"connect": {"transport": "stream", "address": "peer.sock",
                                                    "retry-ms": 10}}})
    with running(config) as daemon:
        control = daemon.control()
        assert any("peer.sock: No such file" in line and "trying again" in line
                   for line in daemon.log)
        server = socket.socket(socket.AF_UNIX)
        server.bind(daemon.path("peer.sock"))
        server.listen()
        station = daemon.station()
        for text in "first", "second":
            peer = Station(server.accept()[0], bytes([2, 0, 0, 0, 0, 7]))
            control.event("PORT_LINK", port="peer", text="link up")
            station.send(text)
            assert peer.hear() == text
            peer.close()
            control.event("PORT_LINK", port="peer", text="link down")
        server.close()
        assert sum("No such file" in line for line in daemon.log) == 1


@test
def commands_for_switches():
    """commands name their switch if there are several"""
    config = {"switches": {"a": {"mtu": 9000}, "b": {}}}
    with running(config) as daemon:
        control = daemon.control()
        assert "there are several" in control.error("query-switch")
        assert "no such switch" in control.error("query-switch", switch="c")
        assert control.ask("query-switch", switch="a")["mtu"] == 9000
        assert control.ask("query-switch", switch="b")["name"] == "b"
        assert control.run("no-such", switch="a")["error"]["class"] == "CommandNotFound"
        control.socket.sendall(b'{"execute": "query-daemon", "id": 7}{"execute": 5, "id": [8]}')
        assert control.answer()["id"] == 7
        assert control.answer()["id"] == [8]
        control.socket.sendall(b"nonsense\n")
        assert "JSON parse error" in control.answer()["error"]["desc"]


@test
def change_by_command():
    """config-patch: connections and listeners come and go; a dry run does nothing"""
    with running(one_switch()) as daemon:
        control = daemon.control()
        patch = {"portgroups": {"g": {"listen": [listen(), listen("new%", "new.sock")]}}}
        assert control.run("config-check", config={"portgroups": patch["portgroups"]}) == {
            "return": {"warnings": []}}
        assert not os.path.exists(daemon.path("new.sock"))
        assert control.ask("config-patch", patch=patch)["saved"] is False
        daemon.station("new.sock")
        control.event("PORT_ADDED", port="new1")
        control.ask("config-patch", patch={"ports": {"n": {"connect": {"transport": "slirp"}}}})
        control.event("PORT_LINK", port="n", text="link up")
        error = control.error("config-patch", patch={"ports": {"n": {"connect": {"mtu": 1}}}})
        assert error.startswith("/ports/n/connect: mtu: must be a number"), error
        assert control.ask("query-config")["ports"]["n"]["connect"] == {"transport": "slirp"}
        control.ask("config-patch", patch={"ports": {"n": None}})
        control.event("PORT_REMOVED", port="n")


@test
def save():
    """with "save" changes are written into the file, whole; if they cannot be, that is said"""
    config = {"save": True, **one_switch()}
    with running(config) as daemon:
        control = daemon.control()
        os.chmod(daemon.file, 0o640)
        assert control.ask("config-patch", patch={"mtu": 9000}) == {"warnings": [], "saved": True}
        with open(daemon.file, encoding="utf-8") as file:
            saved = json.load(file)
        assert saved["switches"]["sw"]["mtu"] == 9000 and saved["save"] is True
        assert os.stat(daemon.file).st_mode & 0o777 == 0o640
        os.mkdir(daemon.file + ".new")
        answer = control.ask("config-patch", patch={"mtu": 1500})
        assert answer["saved"] is False and "config.json.new: " in answer["save-error"], answer
        assert "config.json.new: " in daemon.wait_log("not saved")
        assert "config.json.new: " in control.error("config-save")
        os.rmdir(daemon.file + ".new")
        assert control.ask("config-save") == {"saved": True, "file": daemon.file}
        os.unlink(daemon.file)
        os.symlink("/dev/full", daemon.file + ".new")  # is not followed
        assert control.ask("config-patch", patch={"mtu": 2000})["saved"] is True
        assert os.stat(daemon.file).st_mode & 0o777 == 0o600


def mtu_on_disk(daemon):
    """What the file has, or the default"""
    with open(daemon.file, encoding="utf-8") as file:
        return json.load(file)["switches"]["sw"].get("mtu", 1500)


@test
def unconfirmed_is_not_saved():
    """a change is written when it is confirmed: a crash before that leaves the document before it"""
    with running({"save": True, **one_switch()}) as daemon:
        control = daemon.control()
        change = {"patch": {"mtu": 9000}, "confirm-timeout": 3600}
        assert control.ask("config-patch", **change) == {"warnings": [], "saved": False}
        assert mtu_on_disk(daemon) == 1500
        assert "waits for its confirmation on switch sw" in control.error("config-save")
        assert control.ask("config-rollback")["saved"] is True
        assert mtu_on_disk(daemon) == 1500
        assert control.ask("config-patch", **change)["saved"] is False
        assert control.ask("config-confirm") == {"warnings": [], "saved": True}
        assert mtu_on_disk(daemon) == 9000


@test
def save_without_room():
    """a file that cannot be written to its end: one clear error, and the old one is whole"""
    config = {"save": True, **one_switch()}
    with running(config) as daemon:
        control = daemon.control()
        before = open(daemon.file, encoding="utf-8").read()
        for limit in 100, 0:
            resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE,
                             (limit, resource.RLIM_INFINITY))
            answer = control.ask("config-patch", patch={"mtu": 9000 + limit})
            assert answer["save-error"] == f"{daemon.file}.new: File too large", answer
            assert control.error("config-save") == answer["save-error"]
            assert open(daemon.file, encoding="utf-8").read() == before
            assert not os.path.exists(daemon.file + ".new")
        assert control.ask("query-config")["mtu"] == 9000
        resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE,
                         (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert control.ask("config-save")["saved"]


@test
def saved_only_if_asked_for():
    """without "save" the file stays as it is, and no answer speaks of it"""
    with running(one_switch()) as daemon:
        before = open(daemon.file, encoding="utf-8").read()
        assert daemon.control().ask("config-patch", patch={"mtu": 9000})["saved"] is False
        assert open(daemon.file, encoding="utf-8").read() == before
    with running() as daemon:
        assert "there is no file" in daemon.control().error("config-save")


@test
def others():
    """other users may ask and plug in, if the socket's file lets them, but change nothing"""
    if os.getuid() != 0:
        raise Skip("takes root")
    with running(one_switch()) as daemon:
        for path in daemon.directory.name, daemon.place:
            os.chmod(path, 0o755)
        os.chmod(daemon.path("control.sock"), 0o666)
        os.seteuid(65534)
        try:
            control = daemon.control()
        finally:
            os.seteuid(0)
        assert control.ask("query-switch")["name"] == "sw"
        for command in "quit", "config-reload", "fdb-flush", "clear-counters":
            assert "only the daemon's own user" in control.error(command)
        control.ask("plug", port="p", transport="stream", portgroup="g")
        os.close(control.fds.pop())


@test
def notify():
    """systemd is told of start, reload and end, and that both threads live"""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        path = f"/tmp/vswitchd-notify-{os.getpid()}"
        manager.bind(path)
        try:
            env = {"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "20000"}
            with running(one_switch(), env=env) as daemon:
                def told(text):
                    while text not in manager.recv(1000).decode():
                        pass
                told("READY=1")
                told("WATCHDOG=1")
                daemon.process.send_signal(signal.SIGHUP)
                told("RELOADING=1")
                told("READY=1")
                daemon.process.send_signal(signal.SIGTERM)
                told("STOPPING=1")
                daemon.end()
        finally:
            os.unlink(path)


@test
def quiet_readers():
    """a client of the control socket that reads nothing is cut off; others and frames go on"""
    with running(one_switch()) as daemon:
        stuck, control = daemon.control(), daemon.control()
        stuck.socket.setblocking(False)
        with contextlib.suppress(BlockingIOError, BrokenPipeError, ConnectionResetError):
            while True:
                stuck.socket.send(b'{"execute": "query-transports"}\n' * 100)
        one, two = daemon.station(number=1), daemon.station(number=2)
        two.send("goes on")
        assert one.hear() == "goes on"
        assert control.ask("query-switch")["ports"] == 2


@test
def log_that_nobody_reads():
    """a log that nobody reads holds nothing up; how many lines are missing is said afterwards"""
    groups = {"g": {"listen": [listen()], "token": "right"}}
    with running(one_switch(groups)) as daemon:
        control = daemon.control()
        for _ in range(2000):  # a line each, more than the pipe holds
            control.error("plug", port="p", portgroup="g", transport="stream",
                          token="wrong")
        one, two = daemon.station(number=1), daemon.station(number=2)
        two.send("goes on")
        assert one.hear() == "goes on"
        read = select.poll()
        read.register(daemon.process.stderr, select.POLLIN)
        while read.poll(0):
            daemon.log.append(daemon.process.stderr.readline())
        one.close()
        line = daemon.wait_log("the log was not read")
        missing = int(line.split()[1])
        wrong = sum("wrong token" in line for line in daemon.log)
        assert wrong < 2000 <= wrong + missing, (wrong, missing)
        daemon.wait_log("is gone")


@test
def descriptors():
    """as many descriptors as may be are taken; too few for the configuration: a line says so"""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    own = "exec 3>&-; ulimit -Sn 100; ulimit -Hn {}; exec \"$@\""
    many = one_switch({"g": {"listen": [listen(max=1000)]}})
    if hard != resource.RLIM_INFINITY and hard < 2000:
        raise Skip(f"at most {hard} descriptors")
    with running(many, prefix=["sh", "-c", own.format(2000), "sh"]) as daemon:
        assert not any("descriptors" in line for line in daemon.log), daemon.log
        with open(f"/proc/{daemon.process.pid}/limits", encoding="ascii") as file:
            line, = (line.split() for line in file if line.startswith("Max open files"))
        assert line[3:5] == ["2000", "2000"], line
    rings = {"transport": "vhost-user", "address": "rings.sock", "ports": "rings%", "max": 10}
    with running(one_switch({"g": {"listen": [listen(max=1000), rings]}}),
                 prefix=["sh", "-c", own.format(1100), "sh"]) as daemon:
        line, = (line for line in daemon.log if "descriptors" in line)
        assert "may take 1280 descriptors, and the limit is 1100" in line, line


@test
def stopped_client():
    """a client that was stopped, by stream and by vhost-user: others hear all, and in order"""
    with running() as daemon:
        control = daemon.control()
        one, two = daemon.station(number=1), daemon.station(number=2)
        three, ready = daemon.machine(number=3), os.pipe()
        child = os.fork()
        if not child:
            with contextlib.suppress(Exception):
                kept = daemon.station(number=4), daemon.machine(number=5)
                os.write(ready[1], b"!"[:len(kept)])
                signal.pause()
            os._exit(1)
        try:
            os.close(ready[1])
            assert os.read(ready[0], 1) == b"!"
            os.close(ready[0])
            for port in "stream1", "stream2", "stream3", "vhost1", "vhost2":
                control.event("PORT_LINK", port=port, text="link up")
            os.kill(child, signal.SIGSTOP)
            assert os.WIFSTOPPED(os.waitpid(child, os.WUNTRACED)[1])
            for number in range(0, 5000, 25):
                texts = [f"{number + n} ".ljust(500, "x") for n in range(25)]
                for text in texts:
                    one.send(text)
                assert [two.hear() for _ in texts] == texts
                assert [three.hear() for _ in texts] == texts
            for port, full in ("stream2", False), ("stream3", True), ("vhost2", True):
                drops = control.ask("query-ports", port=port)[0]["counters"]["drops"]
                assert bool(drops.get("queue-full")) == full, (port, drops)
        finally:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        for port in "stream3", "vhost2":
            control.event("PORT_REMOVED", port=port)
        two.send("goes on")
        assert one.hear() == "goes on"


@test
def thousands_of_connections():
    """2,000 clients that say nothing: so many as a listener lets in; others do not notice"""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 2200:
        raise Skip(f"at most {hard} descriptors")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2200), hard))
    groups = {"g": {"listen": [listen()]},
              "h": {"listen": [listen("half%", "half.sock", max=64),
                               {"transport": "vhost-user", "address": "vhost.sock",
                                "ports": "rings%", "max": 64}]}}
    with running(one_switch(groups)) as daemon:
        one, two = daemon.station(number=1), daemon.station(number=2)
        two.send("here I am")
        assert one.hear() == "here I am"
        half = []
        for number in range(2000):
            peer = socket.socket(socket.AF_UNIX)
            peer.settimeout(PATIENCE)
            peer.connect(daemon.path("half.sock" if number % 2 else "vhost.sock"))
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                peer.send(b"\0")  # the beginning of a length, or of a message
            half.append(peer)
            if number % 500 == 0:
                one.send(f"frame {number}")
                assert two.hear() == f"frame {number}"
        control = daemon.control()
        hung_up, refused = select.poll(), 0
        for peer in half:
            hung_up.register(peer, select.POLLRDHUP)
        while refused < len(half) - 128:
            ready = hung_up.poll(PATIENCE * 1000)
            assert ready, f"{refused} of {len(half)} were refused"
            for number, _ in ready:
                hung_up.unregister(number)
            refused += len(ready)
        ports = [port["id"] for port in control.ask("query-connections")
                 if port["id"].startswith(("half", "rings"))]
        assert len(ports) == 128, ports
        one.send("goes on")
        assert two.hear() == "goes on"
        for peer in half:
            peer.close()
        for port in ports:
            control.event("PORT_REMOVED", port=port)
        two.send("and on")
        assert one.hear() == "and on"


@test
def control_connections():
    """connections of the control socket are few; nobody can keep the owner out"""
    with running(one_switch()) as daemon:
        if os.getuid() == 0:
            for path in daemon.directory.name, daemon.place:
                os.chmod(path, 0o755)
            os.chmod(daemon.path("control.sock"), 0o666)
            os.seteuid(65534)
            try:
                others = []
                with contextlib.suppress(EOFError, ConnectionResetError):
                    while True:
                        others.append(daemon.control())
            finally:
                os.seteuid(0)
            assert len(others) == 8, len(others)
        mine = []
        with contextlib.suppress(EOFError, ConnectionResetError):
            while True:
                mine.append(daemon.control())
        assert len(mine) == 32, len(mine)
        mine.pop().close()
        mine[0].ask("query-switches")
        daemon.control().ask("query-switches")


def http(where, request):
    """The status line and the body that a request gets."""
    peer = socket.socket(socket.AF_UNIX if isinstance(where, str) else socket.AF_INET)
    peer.settimeout(PATIENCE)
    peer.connect(where)
    for piece in request if isinstance(request, list) else [request]:
        peer.sendall(piece)
    head, _, body = b"".join(iter(lambda: peer.recv(65536), b"")).partition(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".encode() in head, head
    return head.split(b"\r\n")[0].decode(), body.decode()


GET = b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"


@test
def metrics():
    """counters for Prometheus at a Unix socket, or an address of the loopback interface"""
    with running({"metrics": "metrics.sock", **one_switch()}) as daemon:
        where = daemon.path("metrics.sock")
        assert os.stat(where).st_mode & 0o777 == 0o600
        one, two = daemon.station(number=1), daemon.station(number=2)
        two.send("is counted")
        assert one.hear() == "is counted"
        status, page = http(where, [GET[:7], GET[7:]])
        assert status == "HTTP/1.1 200 OK"
        for line in ('vchassis_port_frames_total{switch="sw",port="vm1",direction="out",kind="broadcast"} 1',
                     'vchassis_switch_ports{switch="sw"} 2', "# TYPE vchassis_daemon_rounds_total counter"):
            assert line in page.splitlines(), page
        for request, code in ((b"POST /metrics HTTP/1.1\r\n\r\n", 405), (b"GET / HTTP/1.0\n\n", 404),
                              (b"hello\r\n\r\n", 400), (b"GET /\0metrics HTTP/1.1\r\n\r\n", 400),
                              (b"GET /metrics HTTP/1.1\r\n" + b"x" * 4096, 431)):
            status, page = http(where, request)
            assert status.startswith(f"HTTP/1.1 {code} ") and page.endswith("\n"), status
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        daemon.write({"metrics": f"127.0.0.1:{port}", **one_switch()})
        daemon.control().ask("config-reload")
        assert not os.path.exists(where)
        assert http(("127.0.0.1", port), GET)[0] == "HTTP/1.1 200 OK"
        for wrong, text in (("0.0.0.0:9177", "neither a Unix socket nor"), ("control.sock", "in use")):
            daemon.write({"metrics": wrong, **one_switch()})
            error = daemon.control().error("config-reload")
            assert text in error and "/metrics: " in error, error
        assert http(("127.0.0.1", port), GET)[0] == "HTTP/1.1 200 OK"


@test
def silent_metrics_clients():
    """clients that ask for nothing are cut off, and those who wait behind them get their answer"""
    with running({"metrics": "metrics.sock", **one_switch()}) as daemon:
        silent = []
        for _ in range(8):
            silent.append(socket.socket(socket.AF_UNIX))
            silent[-1].settimeout(PATIENCE)
            silent[-1].connect(daemon.path("metrics.sock"))
        assert http(daemon.path("metrics.sock"), GET)[0] == "HTTP/1.1 200 OK"
        assert all(peer.recv(1) == b"" for peer in silent)


@test
def machines():
    """vhost-user: who takes memory away, or fills an eventfd that blocks, harms nobody else"""
    group = {"g": {"listen": [listen(), {"transport": "vhost-user", "address": "vhost.sock",
                                         "ports": "v%"}]}}
    with running(one_switch(group)) as daemon:
        control = daemon.control()
        station = daemon.station(number=1)
        first, second = daemon.machine(number=1), daemon.machine(number=2)
        for port in "v1", "v2":
            control.event("PORT_LINK", port=port, text="link up")
        first.send("by rings")
        assert station.hear() == "by rings" and second.hear() == "by rings"
        with contextlib.suppress(BlockingIOError):
            os.eventfd_read(second.call)
        os.eventfd_write(second.call, 2**64 - 2)
        os.set_blocking(second.call, True)
        for number in range(10):
            station.send(f"frame {number}")
            assert first.hear() == f"frame {number}"
        os.ftruncate(second.memfd, 0)
        station.send("memory")
        assert first.hear() == "memory"
        assert "memory of the virtual machine was taken away" in daemon.wait_log("v2' is gone")
        first.send("goes on")
        assert station.hear() == "goes on"


def sanitized(program):
    """Whether a sanitizer is in it, whose run-time library makes calls of its own."""
    with open(program, "rb") as file:
        text = file.read()
    return b"__asan_init" in text or b"__tsan_init" in text


@test
def filtered():
    """system calls are filtered, those of the frame thread once more; NAT works under it"""
    with running() as daemon:
        daemon.control().ask("query-daemon")  # it is begun
        filters = {}
        for task in os.listdir(f"/proc/{daemon.process.pid}/task"):
            with open(f"/proc/{daemon.process.pid}/task/{task}/status", encoding="ascii") as file:
                status = dict(line.split(":", 1) for line in file)
            filters[status["Name"].strip()] = int(status.get("Seccomp_filters", "0"))
        if any("not filtered" in line for line in daemon.log):
            raise Skip("this kernel, or a container, does not let us filter")
        if not sanitized(daemon.process.args[0]):
            assert filters["frames"] == filters["vswitchd"] + 1, filters
            assert all(count >= filters["vswitchd"] > 0 for count in filters.values()), filters
        station = daemon.station()
        me, host = bytes([10, 0, 2, 15]), bytes([10, 0, 2, 2])
        station.raw(b"\xff" * 6 + station.mac + b"\x08\x06" + b"\0\1\x08\0\6\4\0\1" +
                    station.mac + me + bytes(6) + host)
        answer = station.frame()
        while answer[12:14] != b"\x08\x06" or answer[20:22] != b"\0\2":
            answer = station.frame()
        begin = answer[6:12] + station.mac + b"\x08\0"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
            server.bind(("127.0.0.1", 0))
            server.settimeout(PATIENCE)
            station.raw(begin + udp(me, host, 4000, server.getsockname()[1], b"question"))
            data, peer = server.recvfrom(100)
            assert data == b"question"
            server.sendto(b"answer to that", peer)
            while b"answer to that" not in station.frame():
                pass
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(PATIENCE)
            station.raw(begin + syn(me, host, 4000, server.getsockname()[1]))
            server.accept()[0].close()
            while True:
                frame = station.frame()
                if frame[23:24] == b"\6" and frame[47] & 0x12 == 0x12:
                    break


@test
def uplinks_under_the_filter():
    """an interface by packet and one by tap, at the start and later: their calls are let through"""
    own = ["unshare", "-Urn", "sh", "-c", 'ip link set lo up && exec "$0" "$@"']
    if subprocess.run([*own, "true"], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                      check=False).returncode:
        raise Skip("takes a network namespace of one's own, and ip of iproute2")
    loop = {"connect": {"transport": "packet", "ifname": "lo"}}
    with running(one_switch(ports={"loop": loop}), prefix=own) as daemon:
        control, station = daemon.control(), daemon.station()
        for number in range(100):
            station.send(f"echo {number}")
            assert station.hear() == f"echo {number}"
        patch = {"loop": None, "tap": {"connect": {"transport": "tap", "ifname": "tap0"}},
                 "udp": {"connect": {"transport": "dgram", "local": "127.0.0.1:4000",
                                     "remote": "127.0.0.1:4000"}},
                 "nat": {"connect": {"transport": "slirp"}}}
        group = {"g": {"listen": [listen(), listen("own%", "own.sock", owner="root:root")]}}
        control.run("config-patch", patch={"ports": patch, "portgroups": group})
        control.ask("config-patch", patch={"ports": patch})
        for number in range(100):
            station.send(f"again {number}")
            assert station.hear() == f"again {number}"  # by the socket that sends to itself
        ports = {port["id"]: port for port in control.ask("query-connections")}
        assert ports["tap"]["plugged-in"] or "tun" in ports["tap"]["why"], ports["tap"]


@test
def tap_without_rights():
    """an uplink that one may not open: one line that says what it takes; all else goes on"""
    tap = {"connect": {"transport": "tap", "ifname": "tap0", "uplink": True, "retry-ms": 10}}
    without = [] if os.getuid() else ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]
    with running(one_switch(ports={"up": tap}), prefix=without) as daemon:
        control = daemon.control()
        one, two = daemon.station(number=1), daemon.station(number=2)
        two.send("here I am")
        assert one.hear() == "here I am"
        end = time.monotonic() + 0.1
        while time.monotonic() < end:  # it is tried again meanwhile
            up = control.ask("query-connections", port="up")[0]
            assert not up["plugged-in"]
            assert any(text in up["why"] for text in ("it takes CAP_NET_ADMIN", "/dev/net/tun: ")), up
        one.send("goes on")
        assert two.hear() == "goes on"
        daemon.stop()
        assert len([line for line in daemon.log if "'up'" in line]) == 1, daemon.log


@test
def an_uplink_that_vanishes():
    """an uplink whose interface goes and comes again: an event each; all else goes on meanwhile"""
    make = ("ip link add left type veth peer name right && ip link set left up && "
            "ip link set right up")
    own = ["unshare", "-Urn", "sh", "-c"]
    if subprocess.run([*own, make], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                      check=False).returncode:
        raise Skip("takes a network namespace of one's own, and ip of iproute2")
    config = {"switches": {side: {
        "portgroups": {"g": {"listen": [listen(f"{side}%", f"{side}.sock")]}},
        "ports": {f"up-{side}": {"connect": {"transport": "packet", "ifname": side, "uplink": True,
                                             "retry-ms": 10}}}} for side in ("left", "right")}}
    with running(config, prefix=[*own, make + ' && exec "$0" "$@"']) as daemon:
        control = daemon.control()
        inside = ["nsenter", "-t", str(daemon.process.pid), "-U", "-n", "--preserve-credentials"]
        one, two = daemon.station("left.sock", 1), daemon.station("left.sock", 2)
        far = daemon.station("right.sock", 3)
        for number in range(2):
            for side in "left", "right":
                while not control.ask("query-ports", switch=side, port=f"up-{side}")[0]["link"]:
                    control.event("PORT_LINK", port=f"up-{side}", text="link up")
            control.events.clear()
            far.send(f"hello {number}")
            assert one.hear() == two.hear() == f"hello {number}"
            one.send(f"there {number}")
            assert two.hear() == far.hear() == f"there {number}"
            subprocess.run([*inside, "ip", "link", "del", "left"], check=True)
            for side in "left", "right":
                control.event("PORT_LINK", port=f"up-{side}", text="link down")
            one.send(f"without {number}")
            assert two.hear() == f"without {number}"
            subprocess.run([*inside, "sh", "-c", make], check=True)
        control.event("PORT_LINK", port="up-left", text="link up")
        daemon.stop()
        for side in "left", "right":
            gone = [line for line in daemon.log if f"interface '{side}' is gone" in line]
            assert len(gone) == 2, daemon.log


@test
def cards_by_vfio_user():
    """a card for a client of vfio-user: messages of both threads, under the filter; gone with its client"""
    cards = [{"transport": "vfio-user", "address": "card.sock", "ports": "card%", "model": "e1000"},
             {"transport": "vfio-user", "address": "wide.sock", "ports": "wide",
              "mac": "52:54:00:00:00:07", "properties": ["queues=4"]}]
    with running(one_switch({"g": {"listen": cards}})) as daemon:
        control, peers = daemon.control(), []
        for address in "card.sock", "card.sock", "wide.sock":
            peers.append(daemon.card(address))
            assert b"write_multiple" in peers[-1].greeting, peers[-1].greeting
        assert peers[0].read(0, 2, region=7) == 0x8086
        assert peers[2].read(0, 2, region=7) == 0x15ad
        memory = os.memfd_create("guest")
        os.truncate(memory, 1 << 20)
        event = os.eventfd(0)
        for peer in peers:
            assert peer.map(0, 1 << 20, memory) == 0
            assert peer.ask(8, struct.pack("=IIIII", 20, 0x24, 0, 0, 1), [event])[0] == 0
            assert peer.ask(8, struct.pack("=IIIII", 20, 0x21, 0, 0, 0))[0] == 0
            assert peer.ask(13)[0] == 0
            assert peer.ask(3, struct.pack("=IIQQ", 24, 0, 0, 1 << 20))[0] == 0
            assert peer.ask(13, b"", [event])[0] == errno.EINVAL
        found = {port["id"]: port["state"] for port in control.ask("query-connections")}
        assert found["wide"]["model"] == "vmxnet3" and found["wide"]["mac"] == "52:54:00:00:00:07"
        assert found["card1"]["model"] == "e1000" and found["card1"]["mac"] != found["card2"]["mac"]
        os.truncate(memory, 0)
        peers[0].close()
        daemon.wait_log("port 'card1' is gone")
        peers[1].socket.send(b"nonsense that is no message of vfio-user")
        daemon.wait_log("port 'card2' is gone")
        assert {port["id"] for port in control.ask("query-connections")} == {"wide"}
        assert peers[2].read(0, 2, region=7) == 0x15ad
        for wrong, why in (({"model": "ne2000"}, "must be one of e1000"), ({"mac": "01:00:00:00:00:00"}, "mac"),
                           ({"properties": ["queues=99"]}, "queues=99: must be"),
                           ({"properties": ["speed=1"]}, "sets no property of vmxnet3; there are")):
            listener = {"transport": "vfio-user", "address": "x.sock", "ports": "x", **wrong}
            error = control.error("config-patch", patch={"portgroups": {"g": {"listen": [listener]}}})
            assert why in error, error


@test
def cards_that_nobody_greets():
    """clients that connect and say nothing, or half a message: others unharmed, and all are gone with their clients"""
    card = {"transport": "vfio-user", "address": "card.sock", "ports": "card%", "model": "e1000"}
    with running(one_switch({"g": {"listen": [listen(), card]}})) as daemon:
        control, station, peer = daemon.control(), daemon.station(), daemon.card()
        peer.start()
        for port in "vm1", "card1":
            control.event("PORT_LINK", port=port, text="link up")
        silent = [socket.socket(socket.AF_UNIX) for _ in range(40)]
        for number, client in enumerate(silent):
            client.connect(daemon.path("card.sock"))
            client.send(struct.pack("=HHIII", 1, 1, 30, 0, 0)[:number % 17])
        for number in range(100):
            station.send(f"to {number}", peer.mac)
            assert peer.hear() == f"to {number}"
        for number in range(40):
            control.event("PORT_ADDED", port=f"card{number + 2}")
        for client in silent:
            client.close()
        for number in range(40):
            control.event("PORT_REMOVED", port=f"card{number + 2}")
        peer.send("from", station.mac)
        assert station.hear() == "from"


@test
def quit_by_command():
    """the command quit"""
    daemon = Daemon(one_switch())
    daemon.control().ask("quit")
    daemon.end(0)
    assert os.listdir(daemon.place) == []


@test
def socket_elsewhere():
    """--socket: the control socket where one wants it"""
    with running(one_switch(), "--socket", "other.sock") as daemon:
        assert Control(daemon.path("other.sock")).ask("query-switches")


if __name__ == "__main__":
    sys.exit(main())
