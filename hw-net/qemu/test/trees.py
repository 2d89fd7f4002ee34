# SPDX-License-Identifier: GPL-2.0-or-later
"""Launchers in trees of a test's own, with programs in place of QEMUs; and a runner that speaks TAP."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import traceback

REFUSED = 126
PRELOADED = "const char nothing[1];"


def compile_text(text, path, *flags):
    subprocess.run(["cc", "-x", "c", "-", "-o", path, *flags], input=text, text=True, check=True)


def script(path, text):
    pathlib.Path(path).write_text(text)
    os.chmod(path, 0o755)
    return path


def build_id(path):
    notes = subprocess.run(["readelf", "-n", path], capture_output=True, text=True, check=True).stdout
    return re.search(r"Build ID: (\w+)", notes).group(1)


class Tree:
    """An installed tree with a list of our making, and a plug-in that does nothing."""

    def __init__(self, launcher, directory, rows):
        self.launcher = shutil.copy(launcher, os.path.join(directory, "qemu-vchassis"))
        compile_text(PRELOADED, os.path.join(directory, "vchassis.so"), "-shared")
        text = "".join("\t".join(row) + "\n" for row in rows)
        pathlib.Path(directory, "vchassis.targets").write_text(text)

    def run(self, *args, name=None, **env):
        done = subprocess.run([name or self.launcher, *args], executable=self.launcher, env={**os.environ, **env},
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)
        return done

    def says(self, *args, **kwargs):
        done = self.run(*args, **kwargs)
        assert done.returncode == 0 and not done.stderr, done
        return done.stdout.split()

    def refuses(self, *args, words, **kwargs):
        done = self.run(*args, **kwargs)
        assert done.returncode == REFUSED and not done.stdout and len(done.stderr.splitlines()) == 1, done
        for word in words:
            assert word in done.stderr, (word, done.stderr)


def run_in_directory(test):
    with tempfile.TemporaryDirectory() as directory:
        test(directory)


def run_tests(tests):
    """Run (name, function) one after the other, in TAP; returns an exit status."""
    failures = 0
    print(f"1..{len(tests)}")
    for number, (name, test) in enumerate(tests, 1):
        try:
            test()
            print(f"ok {number} - {name}", flush=True)
        except Exception:  # pylint: disable=broad-except  # a test may fail in any way
            traceback.print_exc()
            print(f"not ok {number} - {name}", flush=True)
            failures += 1
    return 1 if failures else 0
