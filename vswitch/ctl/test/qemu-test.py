#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""vswitchctl and the switch inside QEMU.

Usage: qemu-test.py LAUNCHER VSWITCHCTL

Speaks TAP.
"""

import json
import os
import subprocess
import sys
import tempfile

LAUNCHER, CTL = sys.argv[1:]
PATIENCE = 60


class Failed(Exception):
    """What a run printed that should have been something else."""


def ctl(path, *arguments, status=0):
    run = subprocess.run([CTL, "--socket", path, *arguments], capture_output=True, text=True,
                         check=False, timeout=PATIENCE)
    if run.returncode != status:
        raise Failed(f"{arguments}: {run}")
    return run.stdout if status == 0 else run.stderr


def check(path):
    ports = json.loads(ctl(path, "--json", "port", "list"))
    assert [(p["id"], p["vlan"]) for p in ports] == [("p0", 10)], ports
    ctl(path, "portgroup", "add", "red", "vlan=20")
    assert json.loads(ctl(path, "config", "show")) == {"portgroups": {"red": {"vlan": 20}}}
    assert "sw0" in ctl(path, "switch", "list")
    assert ctl(path, "--switch", "sw0", "address", "list").splitlines()[0].split() == [
        "MAC", "VLAN", "PORT", "AGE"]
    assert "this is the switch 'sw0'" in ctl(path, "--switch", "x", "port", "list", status=64)
    assert "query-connections" in ctl(path, "connection", "list", status=1)
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        file.write('{"switches": {}}')
        file.flush()
        assert "is of a daemon" in ctl(path, "config", "load", file.name, status=78)


def main():
    print("1..1")
    with tempfile.TemporaryDirectory(prefix="vswitchctl-") as directory:
        path = os.path.join(directory, "sw0.sock")
        # the monitor answers when all devices are there
        with subprocess.Popen(
                [LAUNCHER, "-M", "pc", "-accel", "qtest", "-m", "16", "-nodefaults", "-display",
                 "none", "-S", "-device", f"vc-switch,id=sw0,control={path}", "-device",
                 "vc-port,id=p0,switch=sw0,vlan=10", "-qmp", "stdio"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as qemu:
            try:
                qemu.stdin.write('{"execute": "qmp_capabilities"}')
                qemu.stdin.flush()
                qemu.stdout.readline()
                qemu.stdout.readline()
                check(path)
                print("ok 1 - the switch inside QEMU is asked and changed as one of a daemon")
            except (AssertionError, Failed) as why:
                print(f"# {why!r}")
                print("not ok 1 - the switch inside QEMU is asked and changed as one of a daemon")
                return 1
            finally:
                qemu.kill()
    return 0


if __name__ == "__main__":
    sys.exit(main())
