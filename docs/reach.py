#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Write the guide's table of which QEMU can have cards by which way, out of what "vswitchctl doctor" finds.

Usage: reach.py VSWITCHCTL NAME=QEMU...

Each NAME is a row; a row that is not named stays as it is.
"""

import json
import pathlib
import re
import subprocess
import sys

GUIDE = pathlib.Path(__file__).resolve().parent / "guide.md"
BEGIN, END = "<!-- reach: made by docs/reach.py -->\n", "<!-- reach: end -->\n"


def probe(ctl, qemu):
    return json.loads(subprocess.run([ctl, "--json", "doctor", qemu], check=True, capture_output=True, text=True).stdout)


def row(name, report):
    version = re.search(r"version (\S+(?: \(.*\))?)", report["version"]).group(1)
    cells = ["yes" if way["possible"] else f"no: {way['why-not']}" for way in report["ways"]]
    return f"| {' | '.join([name, version, *cells])} |"


def table(old, ctl, wanted):
    """The table's lines: those that are there, with the wanted ones put into their place or at the end."""
    rows = {line.split("|")[1].strip(): line for line in old.splitlines()[2:]}
    ways = []
    for name, qemu in wanted:
        report = probe(ctl, qemu)
        ways = [way["way"] for way in report["ways"]]
        rows[name] = row(name, report)
    head = f"| {' | '.join(['', 'QEMU', *ways])} |"
    return "".join(f"{line}\n" for line in (head, "|---" * (len(ways) + 2) + "|", *rows.values()))


def main():
    if len(sys.argv) < 3 or not all("=" in argument for argument in sys.argv[2:]):
        sys.exit(__doc__)
    before, rest = GUIDE.read_text(encoding="utf-8").split(BEGIN)
    old, after = rest.split(END)
    text = table(old, sys.argv[1], [argument.split("=", 1) for argument in sys.argv[2:]])
    GUIDE.write_text(before + BEGIN + text + END + after, encoding="utf-8")


if __name__ == "__main__":
    main()
