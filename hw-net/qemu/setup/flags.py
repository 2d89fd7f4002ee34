# SPDX-License-Identifier: GPL-2.0-or-later
"""Print the compiler flags that decide what QEMU's headers mean, one a line.

Usage: flags.py QEMU-BUILD-DIR SOURCE-FILE

They are taken from how QEMU's own build compiles SOURCE-FILE, with paths made absolute.
Optimisation and warnings are left out (ours to choose), and so are paths into objects' directories.
"""

import json
import os
import shlex
import sys

PATH_FLAGS = ("-isystem", "-iquote", "-I")
MEANING = ("-std=", "-m", "-fno-strict-aliasing", "-fno-common", "-fwrapv", "-pthread")


def command_for(build, source):
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        for entry in json.load(file):
            if entry["file"].endswith("/" + source):
                return entry
    sys.exit(f"{source} is not compiled in {build}")


def meaningful(words, directory):
    words = iter(words)
    for word in words:
        if word in PATH_FLAGS:
            yield "-isystem" if word == "-isystem" else word
            yield os.path.normpath(os.path.join(directory, next(words)))
        elif word.startswith("-I"):
            if not word.endswith(".p"):
                yield "-I" + os.path.normpath(os.path.join(directory, word[2:]))
        elif word.startswith("-D") and not word.startswith("-D_FORTIFY_SOURCE"):
            yield word
        elif word.startswith(MEANING) and not word.startswith("-M"):
            yield word


def main():
    build, source = sys.argv[1:]
    entry = command_for(build, source)
    print("\n".join(meaningful(shlex.split(entry["command"]), entry["directory"])))


main()
