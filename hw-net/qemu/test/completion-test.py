#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What bash offers behind qemu-vchassis.

Usage: completion-test.py LAUNCHER COMPLETION
"""

import os
import re
import subprocess
import sys
import tempfile

from trees import run_tests

LAUNCHER, COMPLETION = sys.argv[1:]


def bash(text):
    done = subprocess.run(["bash", "-c", text], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=100,
                          check=False)
    assert done.returncode == 0 and not done.stderr, done
    return done.stdout.split()


def offers(*words):
    """@words as bash has split them; the last is the one the cursor is on."""
    quoted = " ".join(f"'{word}'" for word in (LAUNCHER, *words))
    return bash(f"""source '{COMPLETION}'; compopt() {{ :; }}
        COMP_WORDS=({quoted}) COMP_CWORD={len(words)}
        _qemu_vchassis '{LAUNCHER}' '{words[-1]}' || true; printf '%s\\n' "${{COMPREPLY[@]}}" """)


def test_options_are_ours_and_those_of_qemu():
    assert offers("--t") == ["--target=", "--targets"]
    assert offers("-nodef") == ["-nodefaults"]
    assert "--targets" not in offers("-m", "1G", "-"), "ours stand first"


def test_targets_are_those_that_fit():
    served = subprocess.run([LAUNCHER, "--targets"], capture_output=True, text=True, check=True).stdout
    served = re.findall(r"^(\S+) .*\n +build-id .*: fits$", served, re.M)
    assert served and sorted(offers("--target", "=")) == sorted(served)
    assert offers("--target", "=", "x86_") == ["x86_64"]


def test_devices_are_those_of_the_target():
    assert offers("-device", "vc-vm") == ["vc-vmxnet3"]
    assert offers("--target", "=", "x86_64", "-device", "vc-sw") == ["vc-switch"]


def test_files_are_left_to_bash():
    assert not offers("-drive", "fi")


def test_a_link_is_the_completion_of_its_name():
    with tempfile.TemporaryDirectory() as directory:
        link = os.path.join(directory, "qemu-vchassis-arm.bash")
        os.symlink(COMPLETION, link)
        assert "_qemu_vchassis" in bash(f"source '{link}'; complete -p qemu-vchassis-arm")


sys.exit(run_tests([(name, test) for name, test in globals().items() if name.startswith("test_")]))
