#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Hold the sources against the table "Rooms" of docs/design.md: who may include whom.

Usage: rooms.py TREE [--print-circles]

A row of the table names one or more folders, and what their files may include: folders, single
headers, all below a folder (`hw-net/`), and libraries by the names in LIBRARIES. A file belongs to the row with the longest folder
that it is in, and may always include files of its own folder. What is in angle brackets and in no
row of LIBRARIES is libc's. Besides, no files of the folders in NO_CIRCLES may include each other in a
circle; a .c file and the headers of its name are one. Circles that stand are in the table "Circles".

The last cases plant a breach of each kind and see that it is found. Speaks TAP.
"""

import collections
import pathlib
import re
import subprocess
import sys

LIBRARIES = {  # beginning of a header's name, and whose it is
    "glib": "GLib", "gio/": "GLib", "gmodule": "GLib", "jansson": "jansson", "check.h": "Check",
    "slirp/": "libslirp", "libvdeplug": "libvdeplug", "seccomp": "libseccomp", "pcap": "libpcap",
    "systemd/": "libsystemd", "ncurses": "ncurses", "readline/": "readline",
}
# Where no files may include each other in a circle.
NO_CIRCLES = ("vswitch/core", "vswitch/policy", "vswitch/control", "hw-net/qemu")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
ROOTS = ("", "include", "vswitch", "hw-net", "hw-net/test", "hw-net/fuzz", "hw-net/qemu", "qtest",
         "vswitch/test")


def table(text, title):
    """Cells of each row of the Markdown table below a heading."""
    body = re.split(rf"^#+ {re.escape(title)}$", text, flags=re.MULTILINE)
    if len(body) < 2:
        return []
    rows = []
    for line in body[1].splitlines():
        if line.startswith("#"):
            break
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip().strip("|").split("|")])
    return rows[2:]


def words(cell):
    """What a cell names: `in backquotes`, and the libraries."""
    names = re.findall(r"`([^`]+)`", cell)
    plain = re.sub(r"`[^`]*`", " ", cell)
    known = set(LIBRARIES.values()) | {"QEMU"}
    return names + [w for w in re.findall(r"\w+", plain) if w in known]


class House:
    """The sources by path, and the rules."""

    def __init__(self, files, design):
        self.files = files
        self.allowed = {}
        for row in table(design, "Rooms"):
            for room in words(row[0]):
                self.allowed[room.rstrip("/")] = words(row[-1])
        self.circles = [set(words(row[0])) for row in table(design, "Circles")]

    def room(self, path):
        """The folder whose row is the rule for a file."""
        parent = str(pathlib.PurePath(path).parent)
        while parent not in self.allowed and parent != ".":
            parent = str(pathlib.PurePath(parent).parent)
        return parent

    def resolve(self, path, name):
        """The file that an include line in quotes means, or None. Some are made of NAME.in."""
        here = pathlib.PurePath(path).parent
        parents = [str(here)] + [str(p) for p in here.parents]
        for folder in [*parents, *ROOTS]:
            at = str(pathlib.PurePath(folder, name)) if folder != "." else name
            if at in self.files:
                return at
            if at + ".in" in self.files:
                return at + ".in"
        return None

    def includes(self, path):
        """(what is included as a file of ours or a library's name, the line's text)"""
        for kind, name in INCLUDE.findall(self.files[path]):
            if kind == "<":
                lib = [lib for begin, lib in LIBRARIES.items() if name.startswith(begin)]
                yield (lib[0] if lib else None), name
            else:
                yield self.resolve(path, name) or "QEMU", name

    def may(self, path, what):
        """May a file include a file of ours, or a library?"""
        rules = self.allowed.get(self.room(path), [])
        if what in self.files:
            folder = str(pathlib.PurePath(what).parent)
            if folder == str(pathlib.PurePath(path).parent) or self.room(what) == self.room(path):
                return True
            return any(rule in (what, folder) or (rule.endswith("/") and what.startswith(rule))
                       for rule in rules)
        return what is None or what in rules

    def breaches(self):
        found = []
        for path in self.files:
            if self.room(path) == ".":
                found.append(f"{path} is in no room of docs/design.md")
                continue
            found += [f"{path} includes {name}, which {self.room(path)} may not"
                      for what, name in self.includes(path)
                      if not self.may(path, what) and name != pathlib.PurePath(path).name]
        return found

    def find_circles(self):
        """Groups of modules of one folder that include each other."""
        edges = collections.defaultdict(set)
        for path in self.files:
            for what, _ in self.includes(path):
                if what in self.files and pathlib.PurePath(what).parent == pathlib.PurePath(path).parent:
                    edges[stem(path)].add(stem(what))
        return [group for group in strongly_connected(edges) if len(group) > 1]

    def unknown_circles(self):
        return [" and ".join(sorted(group)) + " include each other"
                for group in self.find_circles()
                if str(pathlib.PurePath(group[0]).parent) in NO_CIRCLES
                and set(group) not in self.circles]


def stem(path):
    return str(pathlib.PurePath(path.removesuffix(".in")).with_suffix(""))


def strongly_connected(edges):
    """Tarjan's algorithm."""
    index, low, stack, out = {}, {}, [], []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        for to in edges.get(node, ()):
            if to not in index:
                visit(to)
                low[node] = min(low[node], low[to])
            elif to in stack:
                low[node] = min(low[node], index[to])
        if low[node] == index[node]:
            group = []
            while not group or group[-1] != node:
                group.append(stack.pop())
            out.append(group)

    for node in list(edges):
        if node not in index:
            visit(node)
    return out


def planted(house, path, line):
    """The house with one more line in a file (made if it is not there)."""
    files = dict(house.files)
    files[path] = files.get(path, "") + "\n" + line + "\n"
    other = House(files, "")
    other.allowed, other.circles = house.allowed, house.circles
    return other


def main():
    top = pathlib.Path(sys.argv[1])
    names = subprocess.run(["git", "-C", top, "ls-files", "*.c", "*.h", "*.h.in"], capture_output=True,
                           text=True, check=False).stdout.split()
    if not names:  # an unpacked archive has no git
        names = [str(p.relative_to(top)) for folder in ("hw-net", "include", "qtest", "vswitch")
                 for p in (top / folder).rglob("*") if p.name.endswith((".c", ".h", ".h.in"))]
    files = {name: (top / name).read_text() for name in names if (top / name).exists()}
    house = House(files, (top / "docs/design.md").read_text())
    if "--print-circles" in sys.argv:
        for group in house.find_circles():
            print(" ".join(sorted(group)))
        return 0
    plants = [
        ("a model that includes the switch", "hw-net/e1000/planted.c", '#include "vswitch/vswitch.h"'),
        ("a model that includes another", "hw-net/e1000/planted.c", '#include "hw-net/pcnet/pcnet.h"'),
        ("GLib in the data path", "vswitch/core/planted.c", "#include <glib.h>"),
        ("QEMU in the switch", "vswitch/policy/planted.c", '#include "qemu/osdep.h"'),
        ("control that sees the data path", "vswitch/control/planted.c", '#include "core/fdb.h"'),
        ("a file in no room", "attic/planted.c", ""),
    ]
    cases = [("every file includes what its room may", house.breaches()),
             ("no files include each other in a circle", house.unknown_circles())]
    for name, path, line in plants:
        more = set(planted(house, path, line).breaches()) - set(house.breaches())
        cases.append((f"{name} is found", [] if more else ["it is not"]))
    circle = planted(planted(house, "vswitch/core/planted.c", '#include "planted2.h"'),
                     "vswitch/core/planted2.h", '#include "planted.h"')
    circle = planted(circle, "vswitch/core/planted.h", "")
    cases.append(("a circle is found",
                  [] if len(circle.unknown_circles()) > len(house.unknown_circles()) else ["it is not"]))
    print(f"1..{len(cases)}")
    for number, (name, complaints) in enumerate(cases, 1):
        print(f"{'not ok' if complaints else 'ok'} {number} - {name}")
        for complaint in complaints:
            print(f"# {complaint}")
    return any(complaints for _, complaints in cases)


sys.exit(main())
