#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""An installed launcher, and builds of the plug-in that were made on this machine for later QEMUs.

Usage: builds-test.py LAUNCHER PLUGIN-FROM-BINDIR BUILDS-FROM-BINDIR

A made-up program that says what is preloaded stands for QEMU.
"""

import fcntl
import os
import pathlib
import shutil
import sys

from trees import PRELOADED, Tree, build_id, compile_text, run_in_directory, run_tests, script

LAUNCHER, PLUGIN_FROM_BINDIR, BUILDS_FROM_BINDIR = sys.argv[1:]


def put_build(directory, program, name, plugin=True):
    """A build whose list has one target."""
    os.makedirs(directory, exist_ok=True)
    if plugin:
        compile_text(PRELOADED, os.path.join(directory, "vchassis.so"), "-shared")
    row = "\t".join((name, "fits", build_id(program), program, program))
    pathlib.Path(directory, "vchassis.targets").write_text(row + "\n")


class Installed(Tree):
    """A launcher as "make install" has it, built for the target one; its program is QEMU and says what is preloaded."""

    def __init__(self, directory):  # pylint: disable=super-init-not-called
        self.bindir = os.path.join(directory, "usr/local/bin")
        os.makedirs(self.bindir)
        self.launcher = shutil.copy(LAUNCHER, self.bindir)
        self.builds = os.path.normpath(os.path.join(self.bindir, BUILDS_FROM_BINDIR))
        self.plugin = os.path.normpath(os.path.join(self.bindir, PLUGIN_FROM_BINDIR))
        self.program = os.path.join(directory, "qemu-system-one")
        self.update("old")
        put_build(os.path.dirname(self.plugin), self.program, "one")

    def update(self, version):
        compile_text(f'#include <stdio.h>\n#include <stdlib.h>\nconst char *v = "{version}";\n'
                     'int main(void) { puts(getenv("LD_PRELOAD")); return 0; }', self.program)

    def build(self, name="build", **kwargs):
        put_build(os.path.join(self.builds, name), self.program, "one", **kwargs)
        return os.path.join(self.builds, name, "vchassis.so")

    def command(self):
        os.makedirs(os.path.join(self.bindir, "../sbin"))
        script(os.path.join(self.bindir, "../sbin/qemu-vchassis-rebuild"), "#!/bin/sh\n")


def test_a_build_made_here_serves_an_updated_qemu(directory):
    tree = Installed(directory)
    assert tree.says() == [tree.plugin]
    tree.update("new")
    tree.refuses(words=["not the QEMU this was built for", "qemu-vchassis-source", f"until then {tree.program} starts"])
    assert "has changed since" in tree.run("--targets").stdout
    build = tree.build()
    assert tree.says() == tree.says("--target=one") == tree.says(f"--qemu={tree.program}") == [build]
    shown = tree.run("--targets").stdout
    assert shown.count(": fits") == 1 and build_id(tree.program) in shown and "changed" not in shown, shown
    tree.update("old")
    assert tree.says() == [tree.plugin], "the QEMU of before is served as before"


def test_a_build_is_none_before_it_is_whole(directory):
    tree = Installed(directory)
    tree.update("new")
    tree.build(plugin=False)
    tree.refuses(words=["not the QEMU this was built for"])
    plugin = tree.build("other")
    assert tree.says() == [plugin]
    os.unlink(os.path.join(os.path.dirname(plugin), "vchassis.targets"))
    tree.refuses(words=["not the QEMU this was built for"])


def test_a_damaged_list_of_a_build_is_refused_by_line(directory):
    tree = Installed(directory)
    path = pathlib.Path(tree.build()).with_name("vchassis.targets")
    path.write_text("a\n")
    tree.refuses(words=[str(path), "line 1"])


def test_builds_that_others_could_have_made_are_left_alone(directory):
    tree = Installed(directory)
    tree.update("new")
    tree.build()
    os.chmod(tree.builds, 0o777)
    tree.refuses(words=["not the QEMU this was built for"])


def test_the_state_of_the_rebuild_is_told(directory):
    tree = Installed(directory)
    tree.update("new")
    tree.command()
    tree.refuses(words=["to build for it, as root: qemu-vchassis-rebuild", "until then"])
    os.makedirs(tree.builds)
    pathlib.Path(tree.builds, "failed").write_text("no source\nmore\n")
    tree.refuses(words=["failed: no source; to try again"])
    with open(os.path.join(tree.builds, "lock"), "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        tree.refuses(words=["is being built"])
    tree.refuses(words=["failed: no source"])


TESTS = [(name, lambda test=test: run_in_directory(test)) for name, test in globals().items() if name.startswith("test_")]
sys.exit(run_tests(TESTS))
