#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Is the tree in its style? Width, white space, licence lines, and what clang-format says.

Usage: style.py TREE

The formatter's case wants the version whose results the tree has; another one wraps some lines in
other places. The last cases plant a line of each kind and see that it is found. Speaks TAP.
"""

import os
import pathlib
import re
import subprocess
import sys

WIDTH = 100
TAB = 8
FORMATTER = 14
TEXT = {".c", ".h", ".py", ".sh", ".build"}


def column(line):
    """Width of a line on the screen."""
    return len(line.expandtabs(TAB))


def wide(name, text):
    return [f"{name}:{number}: {column(line)} columns, more than {WIDTH}"
            for number, line in enumerate(text.split("\n"), 1) if column(line) > WIDTH]


def blanks(name, text):
    found = [f"{name}:{number}: white space at the end of the line"
             for number, line in enumerate(text.split("\n"), 1) if line != line.rstrip()]
    if text and (not text.endswith("\n") or text.endswith("\n\n")):
        found.append(f"{name}: does not end with one line end")
    return found


def lone(name, text):
    """Ends of comments that the formatter has put on a line of their own."""
    return [f"{name}:{number}: nothing but the end of a comment"
            for number, line in enumerate(text.split("\n"), 1) if re.fullmatch(r"\s*\* \*/", line)]


def licence(name, text):
    first = "\n".join(text.split("\n")[:3])
    return [] if "SPDX-License-Identifier: " in first else [f"{name}: no SPDX line at its beginning"]


def mode(name, text, executable):
    """A script has the mode of one; nothing else that is text has it."""
    if text.startswith("#!") == executable:
        return []
    return [f"{name}: {'may be executed, and has no #! line' if executable else 'has a #! line, and not its mode'}"]


def formatter():
    """The clang-format to use and None, or None and the reason."""
    for program in (f"clang-format-{FORMATTER}", "clang-format"):
        try:
            says = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        version = re.search(r"version (\d+)", says.stdout)
        if version and int(version.group(1)) == FORMATTER:
            return program, None
    return None, f"there is no clang-format {FORMATTER} here"


def misformatted(program, top, names):
    run = subprocess.run([program, "--dry-run", *names], cwd=top, capture_output=True, text=True,
                         check=False)
    return [line for line in run.stderr.splitlines() if "[-Wclang-format-violations]" in line]


def format_of(program, top, text):
    """Is a text that is in no file formatted?"""
    run = subprocess.run([program, "--assume-filename=hw-net/planted.c"], cwd=top, input=text,
                         capture_output=True, text=True, check=False)
    return [] if run.stdout == text else ["formatted otherwise"]


def main():
    top = pathlib.Path(sys.argv[1])
    names = subprocess.run(["git", "-C", top, "ls-files"], capture_output=True, text=True,
                           check=False).stdout.split()
    if not names:  # an unpacked archive has no git
        names = [str(p.relative_to(top)) for folder in ("hw-net", "include", "qtest", "vswitch")
                 for p in (top / folder).rglob("*")]
    names = [n for n in names if pathlib.PurePath(n).suffix in TEXT and (top / n).is_file()]
    text = {name: (top / name).read_text() for name in names}
    source = [name for name in names if name.endswith((".c", ".h"))]
    cases = [
        (f"C is at most {WIDTH} columns wide", [c for n in source for c in wide(n, text[n])]),
        ("no white space at the ends of lines and files",
         [c for n in names for c in blanks(n, text[n])]),
        ("no comment has its end on a line of its own", [c for n in source for c in lone(n, text[n])]),
        ("every source says its licence",
         [c for n in names if not n.endswith(".build") for c in licence(n, text[n])]),
        ("every script may be executed",
         [c for n in names for c in mode(n, text[n], os.access(top / n, os.X_OK))]),
        ("a wide line is found", [] if wide("x", "\t" * 12 + "12345") else ["it is not"]),
        ("a blank at a line's end is found", [] if blanks("x", "a \n") else ["it is not"]),
        ("a lone end of a comment is found", [] if lone("x", "/* a\n * */\n") else ["it is not"]),
        ("a script without its mode is found", [] if mode("x", "#!/bin/sh\n", False) else ["it is not"]),
        ("a missing licence is found", [] if licence("x", "int x;\n") else ["it is not"]),
    ]
    program, why_not = formatter()
    name = "C is formatted as .clang-format says"
    cases.append((name, misformatted(program, top, source)) if program else (f"{name} # SKIP {why_not}", []))
    name = "a line formatted otherwise is found"
    found = program and format_of(program, top, "int  x( int a );\n")
    cases.append((name, [] if found else ["it is not"]) if program else (f"{name} # SKIP {why_not}", []))
    print(f"1..{len(cases)}")
    for number, (name, complaints) in enumerate(cases, 1):
        print(f"{'not ok' if complaints else 'ok'} {number} - {name}")
        for complaint in complaints:
            print(f"# {complaint}")
    return any(complaints for _, complaints in cases)


sys.exit(main())
