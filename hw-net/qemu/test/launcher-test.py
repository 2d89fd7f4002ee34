#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The launcher and how the plug-in gets into QEMU.

Usage: launcher-test.py LAUNCHER PLUGIN QEMU PLUGIN-FROM-BINDIR
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import traceback

LAUNCHER, PLUGIN, QEMU, PLUGIN_FROM_BINDIR = sys.argv[1:]
IDLE = ["-machine", "none", "-nodefaults", "-display", "none", "-S", "-qmp", "stdio"]
REFUSED = 126


def run(*args, launcher=LAUNCHER, **env):
    return subprocess.run([launcher, *args], env={**os.environ, **env}, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=60, check=False)


class Idle:
    """A QEMU with no machine, driven over QMP on its standard streams."""

    def __init__(self, **env):
        self.process = subprocess.Popen([LAUNCHER, *IDLE], env={**os.environ, **env}, text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.reply()
        self.execute("qmp_capabilities")

    def reply(self):
        while True:
            message = json.loads(self.process.stdout.readline())
            if "event" not in message:
                return message

    def execute(self, command, **arguments):
        json.dump({"execute": command, "arguments": arguments}, self.process.stdin)
        self.process.stdin.flush()
        answer = self.reply()
        assert "return" in answer, answer
        return answer["return"]

    def child_environment(self, directory):
        """What a program that QEMU starts finds in its environment."""
        pipe = os.path.join(directory, "environment")
        os.mkfifo(pipe)
        self.execute("migrate", uri=f"exec:env >{pipe}; cat >/dev/null")
        return pathlib.Path(pipe).read_text().splitlines()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()


def refused(result, *words):
    assert result.returncode == REFUSED, result
    assert len(result.stderr.splitlines()) == 1 and not result.stdout, result
    for word in words:
        assert word in result.stderr, (word, result.stderr)


def test_qemu_runs_with_the_plugin_in_it(_):
    with Idle() as qemu:
        proc = pathlib.Path(f"/proc/{qemu.process.pid}")
        assert os.readlink(proc / "exe") == os.path.realpath(QEMU)
        assert os.path.realpath(PLUGIN) in (proc / "maps").read_text()


def test_children_of_qemu_do_not_inherit_the_plugin(directory):
    with Idle() as qemu:
        environment = qemu.child_environment(directory)
    assert not [line for line in environment if line.startswith("LD_PRELOAD")], environment


def test_children_of_qemu_keep_what_others_preload(directory):
    with Idle(LD_PRELOAD="libm.so.6 libdl.so.2") as qemu:
        assert "LD_PRELOAD=libm.so.6:libdl.so.2" in qemu.child_environment(directory)


def test_arguments_are_passed_on(_):
    assert "QEMU emulator version" in run("--version").stdout
    result = run("-display", "none", "--qemu=/bin/true")
    assert result.returncode == 1 and "--qemu=/bin/true: invalid option" in result.stderr, result


def test_our_version_is_said_before_that_of_qemu(_):
    for option in "--version", "-version":
        ours, theirs = run(option).stdout.splitlines()[:2]
        assert re.fullmatch(r"qemu-vchassis \d+\.\d+\.\d+", ours) and theirs.startswith("QEMU emulator version"), (ours, theirs)
    assert "qemu-vchassis" not in run("-name", "--version", "-version").stdout


def test_the_same_qemu_by_another_name_is_taken(directory):
    copy = os.path.join(directory, "my-qemu")
    shutil.copy(QEMU, copy)
    assert "QEMU emulator version" in run(f"--qemu={copy}", "--version").stdout
    assert "QEMU emulator version" in run("--version", VCHASSIS_QEMU=copy).stdout


def test_another_qemu_is_refused(_):
    refused(run("--qemu=/bin/true", "--version"), "/bin/true", "./configure --qemu=/bin/true")
    refused(run("--version", VCHASSIS_QEMU="/bin/true"), "/bin/true", "./configure")


def test_a_changed_qemu_is_refused(directory):
    changed = os.path.join(directory, "changed")
    image = bytearray(pathlib.Path(QEMU).read_bytes())
    note = image.index(b"GNU\0", image.index(b"\x14\0\0\0\3\0\0\0GNU\0"))
    image[note + 4] ^= 1
    pathlib.Path(changed).write_bytes(image)
    refused(run(f"--qemu={changed}"), changed, "not the QEMU this was built for")


def test_what_is_no_program_is_refused(directory):
    for name, content in (("empty", b""), ("text", b"no program\n" * 20),
                          ("cut", pathlib.Path(QEMU).read_bytes()[:100])):
        path = os.path.join(directory, name)
        pathlib.Path(path).write_bytes(content)
        refused(run(f"--qemu={path}"), path)
    refused(run(f"--qemu={directory}"), directory)
    refused(run("--qemu=/nonexistent/qemu"), "/nonexistent/qemu", "No such file")


def install(root):
    launcher = os.path.join(root, "bin", "qemu-vchassis")
    plugin = os.path.normpath(os.path.join(root, "bin", PLUGIN_FROM_BINDIR))
    targets = [os.path.join(os.path.dirname(p), "vchassis.targets") for p in (PLUGIN, plugin)]
    for source, target in ((LAUNCHER, launcher), (PLUGIN, plugin), targets):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copy(source, target)
    return launcher, plugin


def test_an_installed_tree_may_be_moved(directory):
    install(os.path.join(directory, "here"))
    os.rename(os.path.join(directory, "here"), os.path.join(directory, "there"))
    moved = os.path.join(directory, "there", "bin", "qemu-vchassis")
    result = run("-device", "help", launcher=moved)
    assert 'name "vc-' in result.stdout, "no device of ours is offered"


def test_a_missing_plugin_is_said(directory):
    launcher, plugin = install(directory)
    os.unlink(plugin)
    refused(run("--version", launcher=launcher), "no vchassis.so")


def test_a_path_that_cannot_be_preloaded_is_said(directory):
    launcher, _ = install(os.path.join(directory, "two words"))
    refused(run("--version", launcher=launcher), "LD_PRELOAD", "blank")


def test_the_plugin_exports_no_symbol(_):
    """A preloaded symbol would take the place of QEMU's of the same name."""
    symbols = subprocess.run(["nm", "-D", "--defined-only", PLUGIN], capture_output=True,
                             text=True, check=True).stdout
    assert not symbols, symbols


def test_everything_the_plugin_needs_is_in_qemu(_):
    """A shared object links with symbols missing; bound at start, each must be found."""
    result = run("--version", LD_BIND_NOW="1")
    assert result.returncode == 0 and not result.stderr, result


def main():
    tests = [(name, test) for name, test in globals().items() if name.startswith("test_")]
    failures = 0
    print(f"1..{len(tests)}")
    for number, (name, test) in enumerate(tests, 1):
        try:
            with tempfile.TemporaryDirectory() as directory:
                test(directory)
            print(f"ok {number} - {name}", flush=True)
        except Exception:  # pylint: disable=broad-except  # a test may fail in any way
            traceback.print_exc()
            print(f"not ok {number} - {name}", flush=True)
            failures += 1
    return 1 if failures else 0


sys.exit(main())
