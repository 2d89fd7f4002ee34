#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Has every global symbol of the libraries a prefix of ours? Whoever links them has names of his own.

Usage: symbols.py DESIGN.md LIBRARY...

The table "Symbols" of docs/design.md has the prefixes of each library. The last case plants a
stranger and sees that it is found. Speaks TAP.
"""

import pathlib
import re
import subprocess
import sys


def prefixes(design):
    """Library to its prefixes, from the table; a library that is part of it stands before it."""
    rows = re.split(r"^### Symbols$", design, flags=re.MULTILINE)[1].split("\n#")[0]
    found = {}
    for line in rows.splitlines():
        names = re.findall(r"`([^`]+)`", line)
        if line.startswith("| `"):
            parts = [found.get(name, (name,) if name.endswith("_") else ()) for name in names[1:]]
            found[names[0]] = sum(parts, ())
    return found


def symbols(library):
    """Names that the archive gives to whoever links it."""
    nm = subprocess.run(["nm", "--extern-only", "--defined-only", library], check=True,
                        capture_output=True, text=True)
    return sorted({fields[2] for fields in map(str.split, nm.stdout.splitlines())
                   if len(fields) == 3})


def strangers(names, allowed):
    return [name for name in names if not name.startswith(allowed)]


def main():
    allowed = prefixes(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    cases = []
    for path in sys.argv[2:]:
        library = pathlib.Path(path).stem
        names = symbols(path)
        cases.append((f"all {len(names)} global symbols of {library} have our prefix",
                      strangers(names, allowed[library]) if names else ["there are none"]))
    planted = strangers(["vsw_new", "json_read"], allowed["libvswitch"])
    cases.append(("a stranger is found", [] if planted == ["json_read"] else planted))
    print(f"1..{len(cases)}")
    for number, (name, complaints) in enumerate(cases, 1):
        print(f"{'not ok' if complaints else 'ok'} {number} - {name}")
        for complaint in complaints:
            print(f"# {complaint}")
    return any(complaints for _, complaints in cases)


sys.exit(main())
