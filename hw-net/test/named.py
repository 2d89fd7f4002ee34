#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""named.py SOURCES BUILD: are the tests that docs/security.md names there?

The last column of each table names programs of the test suites, and after a program cases of it, all in
backticks; a * at the end of a case stands for the rest of its name. A program must be among the tests of the build, a case in the sources of tests; each row names
a test. Suites that take a QEMU may be missing in a build without one: there only their cases are looked
for. Speaks TAP.
"""
import json
import re
import sys
from pathlib import Path

PAGE = "docs/security.md"


def rows(text):
    """(place, names in the last column) of each row of a table whose last column is "test" """
    named = False
    for number, line in enumerate(text.splitlines(), 1):
        cells = [c.strip() for c in line.strip("|").split("|")] if line.startswith("|") else []
        if not cells:
            named = False
        elif cells[-1] == "test":
            named = True
        elif named and not set(line) <= set("|-"):
            yield f"{PAGE}:{number}", re.findall(r"`([^`]+)`", cells[-1])


def program_of(path):
    """The program of a source of Check tests, or None"""
    prefix = {"hw-net/test": "", "vswitch/test": "vswitch-", "vswitch/transport/test": "transport-",
              "vswitch/transport/vhost/test": "vhost-"}
    folder = path.parent.as_posix()
    if folder.startswith("hw-net/test/"):
        prefix[folder] = folder.split("/")[-1] + "-"
    return prefix[folder] + path.stem.removeprefix("test-") if folder in prefix else None


def cases(root):
    """Everything in the sources of tests that is the name of a case, and whose it is if that is known"""
    found = {}
    for folder in "hw-net", "vswitch", "qtest":
        for path in (root / folder).rglob("*.[cp]*"):
            if path.suffix not in {".c", ".py"}:
                continue
            text = path.read_text(encoding="utf-8")
            for name in re.findall(r"START_TEST\((\w+)\)", text):
                found.setdefault(name, set()).add(program_of(path.relative_to(root)))
            for pattern in r"^def (\w+)\(", r'"/?((?:[\w-]+/)+[\w-]*)"':
                for name in re.findall(pattern, text, re.M):
                    found.setdefault(name, set()).add(None)
    return found


def wrong(text, programs, known, whole):
    """What is not right, a line each"""
    for place, names in rows(text):
        program = None
        if not names:
            yield f"{place}: names no test"
        for name in names:
            case = name.lstrip("/")
            if name in programs:
                program = name
            elif case.endswith("*") and any(k.startswith(case[:-1]) for k in known):
                pass
            elif case in known:
                if not known[case] & {program, None}:
                    yield f"{place}: '{name}' is no case of {program}, but of {' '.join(known[case])}"
            elif whole or not re.fullmatch(r"[a-z0-9-]+", name):
                yield f"{place}: no test '{name}'"
            else:
                program = name


def main():
    root, build = Path(sys.argv[1]), Path(sys.argv[2])
    tests = json.loads((build / "meson-info/intro-tests.json").read_text())
    programs = {t["name"] for t in tests}
    whole = any("qtest" in s for t in tests for s in t["suite"])
    text, known = (root / PAGE).read_text(encoding="utf-8"), cases(root)
    found = list(wrong(text, programs, known, whole))
    planted = ("| x | test |\n|---|---|\n| a | `vswitch-basic` `no_such_case` |\n| b | by hand |\n| c | `nic` |\n"
               "| d | `nic` `refused_messages_count_once` |\n")
    print("1..3")
    print(f"{'not ok' if found else 'ok'} 1 - tests that the page names are there")
    for line in found:
        print(f"# {line}")
    count = sum(1 for _ in rows(text))
    print(f"{'ok' if count > 50 else 'not ok'} 2 - {count} rows were read")
    planted = len(list(wrong(planted, {"vswitch-basic", "nic"}, known, True)))
    print(f"{'ok' if planted == 3 else 'not ok'} 3 - a test that is not there, one of another program, and a row without one are found")
    return bool(found) or count <= 50 or planted != 3


if __name__ == "__main__":
    sys.exit(main())
