#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""QMP's own clients on a switch's control socket: qmp-shell, and the library qemu.qmp.

Usage: qmp-clients-test.py LAUNCHER QEMU-SOURCE

Both come with QEMU's source. They send no newline behind a command, and read the greeting's version.
"""

import asyncio
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import traceback

LAUNCHER, SOURCE = sys.argv[1:]
SHELL = pathlib.Path(SOURCE, "scripts/qmp/qmp-shell")
LIBRARY = pathlib.Path(SOURCE, "python")


class Switch:
    """A QEMU with a switch, stopped: nothing of the VM runs, control does."""

    def __init__(self, directory):
        self.path = os.path.join(directory, "control")
        self.process = subprocess.Popen(
            [LAUNCHER, "-machine", "none", "-nodefaults", "-display", "none", "-S", "-qmp", "stdio",
             "-device", f"vc-switch,id=sw0,control={self.path}"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        # it answers when its devices are there
        self.process.stdin.write(b'{"execute": "qmp_capabilities"}\n')
        self.process.stdin.flush()
        self.process.stdout.readline()
        self.process.stdout.readline()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()


def test_qmp_shell(switch):
    commands = ["query-switch", "query-ports", 'config-patch patch={"mtu":1500}',
                'config-patch patch={"mtu":5}', "no-such-command", "query-config"]
    shell = subprocess.run([sys.executable, SHELL, switch.path], input="\n".join(commands) + "\n",
                           capture_output=True, text=True, timeout=120, check=False)
    assert shell.returncode == 0, shell
    assert "Connected to QEMU 0." in shell.stdout, shell
    answers = [json.loads(line[line.index("{"):]) for line in shell.stdout.splitlines()
               if line.startswith("(QEMU) {")]
    assert len(answers) == len(commands), shell
    assert answers[0]["return"]["name"] == "sw0", answers
    assert answers[2] == {"return": {"warnings": [], "saved": False}}, answers
    assert answers[3]["error"]["desc"].startswith("/mtu: out of range"), answers
    assert answers[4]["error"]["class"] == "CommandNotFound", answers
    assert answers[5] == {"return": {"mtu": 1500}}, answers


async def with_the_library(path):
    from qemu.qmp import ExecuteError, QMPClient  # pylint: disable=import-outside-toplevel

    client = QMPClient("test")
    await client.connect(path)
    assert (await client.execute("query-switch"))["name"] == "sw0"
    names = {command["name"] for command in await client.execute("query-commands")}
    assert {"config-set", "query-fdb", "qmp_capabilities"} <= names, names
    try:
        await client.execute("query-ports", {"port": "nope"})
        assert False, "there is no such port"
    except ExecuteError as error:
        assert error.error_class == "GenericError", error
    await client.execute("config-patch", {"patch": {"mtu": 1600}, "confirm-timeout": 1})
    assert (await client.execute("query-switch"))["unconfirmed"]
    with client.listener("ROLLBACK") as listener:
        event = await asyncio.wait_for(listener.get(), 120)
    assert event["data"]["switch"] == "sw0" and event["timestamp"]["seconds"] > 0, event
    assert (await client.execute("query-switch"))["mtu"] == 65535
    await client.disconnect()


def test_qemu_qmp_and_the_confirm_timer_of_a_stopped_machine(switch):
    sys.path.insert(0, str(LIBRARY))
    asyncio.run(with_the_library(switch.path))


def test_a_client_that_sends_lines(switch):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(switch.path)
        lines = connection.makefile("rw")
        assert "QMP" in json.loads(lines.readline())
        for command in ('{"execute": "qmp_capabilities"}', '{"execute": "query-switch", "id": 3}'):
            lines.write(command + "\n")
            lines.flush()
            assert "return" in json.loads(lines.readline())


def main():
    tests = [(name, test) for name, test in globals().items() if name.startswith("test_")]
    failed = False
    print(f"1..{len(tests)}", flush=True)
    for number, (name, test) in enumerate(tests, 1):
        title = name[len("test_"):].replace("_", " ")
        if "client that" not in title and not (SHELL.exists() and (LIBRARY / "qemu/qmp").exists()):
            print(f"ok {number} - {title} # SKIP this QEMU's source has no python/qemu/qmp", flush=True)
            continue
        try:
            with tempfile.TemporaryDirectory() as directory, Switch(directory) as switch:
                test(switch)
            print(f"ok {number} - {title}", flush=True)
        except Exception:  # pylint: disable=broad-except
            failed = True
            print(f"not ok {number} - {title}", flush=True)
            print("# " + traceback.format_exc().replace("\n", "\n# "), flush=True)
    return failed


sys.exit(main())
