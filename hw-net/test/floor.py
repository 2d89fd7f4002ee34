#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Hold the rooms of the cards against the floor plan of docs/design.md.

Usage: floor.py TREE

Files of the three cards are those of the table "Floor plan of a card", and no others; names of
files have one separator. A header declares functions of the .c of its name only (regs.h: of
regs-*.c too; MODEL.h: of model.c). Each function that another file can call has a kernel-doc
comment, in a header or above its definition, that tells of each parameter and of what is returned.
Hooks of registers share their parameters, which hw-net/regs.h explains; they need the summary.

The last cases plant a breach of each kind and see that it is found. Speaks TAP.
"""

import collections
import pathlib
import re
import sys

CARDS = ("e1000", "pcnet", "vmxnet3")
ROOMS = [f"hw-net/{card}" for card in CARDS] + ["hw-net", "hw-net/frame"]
HEADING = "### Floor plan of a card"
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\.[ch]")
FUNCTION = re.compile(r"^(?!static\b|typedef\b|return\b|else\b)(?P<type>[A-Za-z_][\w \t*]*?)"
                      r"(?P<name>\b\w+)\((?P<args>[^;{}()]*(\([^;{}]*?\)[^;{}()]*)*)\)"
                      r"(?P<attributes>[\w \t]*)(?P<end>;|\n\{)", re.MULTILINE)
HOOKS = re.compile(r"^hwnet_reg_(?:read|write) ([^;]*);", re.MULTILINE)
HOOK_ARGS = re.compile(r"struct hwnet_nic \*nic, const struct hwnet_reg \*reg, unsigned index"
                       r"(, uint32_t val)?")
DOC = re.compile(r"/\*\*\n \* (\w+)\(\) - (.*?)\*/", re.DOTALL)
PARAMETER = re.compile(r"(\w+)(?:\[[^\]]*\])?$")

Function = collections.namedtuple("Function", "name type args")


def uncomment(text):
    return re.sub(r"/\*.*?\*/", lambda m: re.sub(r"[^\n]", " ", m[0]), text, flags=re.DOTALL)


def functions(text, end):
    """Declarations (end ";") or definitions (end "{") at the left edge."""
    for match in FUNCTION.finditer(uncomment(text)):
        if match["end"].strip() == end:
            yield Function(match["name"], match["type"].strip(), " ".join(match["args"].split()))


def declared(text):
    names = [f.name for f in functions(text, ";")]
    for match in HOOKS.finditer(uncomment(text)):
        names += [name.strip() for name in match[1].split(",")]
    return names


def room_of(path):
    return str(pathlib.PurePath(path).parent)


def sources_of(header, files):
    """Where the functions of a header are to be defined."""
    room, stem = room_of(header), pathlib.PurePath(header).stem
    if room == f"hw-net/{stem}":
        stem = "model"
    return [path for path in files if room_of(path) == room and path.endswith(".c") and
            (pathlib.PurePath(path).stem == stem or
             pathlib.PurePath(path).stem.startswith(stem + "-"))]


def strangers(files):
    """Functions that a header declares for another file."""
    found = []
    for path in sorted(files):
        if not path.endswith(".h") or room_of(path) not in ROOMS:
            continue
        own = {f.name for source in sources_of(path, files)
               for f in functions(files[source], "{")}
        found += [f"{path} declares {name}(), which is not its file's"
                  for name in declared(files[path]) if name not in own]
    return found


def gaps(function, doc):
    """What a comment does not tell."""
    if HOOK_ARGS.fullmatch(function.args):
        return []
    missing = []
    for arg in [] if function.args == "void" else function.args.split(","):
        name = PARAMETER.search(arg.strip())
        if name and f"@{name[1]}:" not in doc:
            missing.append(f"@{name[1]}")
    if function.type != "void" and not function.type.endswith(" void") and "Return:" not in doc:
        missing.append("Return:")
    return missing


def undocumented(files):
    docs = {match[1]: match[2] for text in files.values() for match in DOC.finditer(text)}
    found = []
    for path in sorted(files):
        if not path.endswith(".c") or room_of(path) not in ROOMS:
            continue
        for function in functions(files[path], "{"):
            if function.name == "main":
                continue
            if function.name not in docs:
                found.append(f"{path}: {function.name}() has no kernel-doc comment")
                continue
            found += [f"{path}: the comment of {function.name}() lacks {what}"
                      for what in gaps(function, docs[function.name])]
    return found


def plan(design):
    """Files by card, as the table has them."""
    body = design.partition(HEADING + "\n")[2]
    body = re.split(r"^#", body, maxsplit=1, flags=re.MULTILINE)[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")]
            for line in body.splitlines() if line.startswith("|")]
    return {card: [name for row in rows[2:] for name in re.findall(r"`([^`]+)`", row[2 + column])]
            for column, card in enumerate(CARDS)}


def off_plan(files, design):
    found = []
    for card, names in plan(design).items():
        there = {pathlib.PurePath(path).name for path in files if room_of(path) == f"hw-net/{card}"}
        there = {name for name in there if name.endswith(".c") or
                 name[:-2] + ".c" not in there}
        found += [f"hw-net/{card}/{name} is not in the plan" for name in sorted(there - set(names))]
        found += [f"hw-net/{card}/{name} of the plan is not there"
                  for name in sorted(set(names) - there)]
        found += [f"{name} is twice in the plan of {card}"
                  for name, n in collections.Counter(names).items() if n > 1]
    return found


def misnamed(files):
    return [path for path in sorted(files)
            if path.startswith("hw-net/") and not NAME.fullmatch(pathlib.PurePath(path).name)]


def read(tree):
    top = pathlib.Path(tree)
    folders = [*ROOMS, "include/hwnet"]
    return {str(path.relative_to(top)): path.read_text()
            for folder in folders for path in (top / folder).glob("*.[ch]")}


def planted(files, design):
    """Each kind of breach, and whether it is found."""
    stranger = {**files, "hw-net/e1000/tx.h": files["hw-net/e1000/tx.h"] + "\nint frob(int a);\n"}
    code = "\nint hwnet_frob(int a)\n{\n\treturn a;\n}\n"
    bare = {**files, "hw-net/regs.c": files["hw-net/regs.c"] + code}
    half = {**files, "hw-net/regs.c": files["hw-net/regs.c"] +
            "\n/**\n * hwnet_frob() - Frob\n */" + code}
    extra = {**files, "hw-net/pcnet/frob.c": ""}
    yield "a stranger's function", any("frob()" in line for line in strangers(stranger))
    yield ("a function without a comment",
           any("hwnet_frob() has no kernel-doc" in line for line in undocumented(bare)))
    yield "a comment with gaps", len(undocumented(half)) >= len(undocumented(files)) + 2
    yield ("a file that is not in the plan",
           any("frob.c" in line for line in off_plan(extra, design)))
    yield "a name with another separator", misnamed({"hw-net/e1000/tx_frob.c": ""})


def main():
    tree = sys.argv[1]
    files = read(tree)
    design = (pathlib.Path(tree) / "docs/design.md").read_text()
    cases = [
        ("files of the cards are those of the floor plan", off_plan(files, design)),
        ("names of files have one separator", misnamed(files)),
        ("headers declare what their own files define", strangers(files)),
        ("functions that others can call are documented", undocumented(files)),
    ]
    cases += [(f"{what} is found", [] if found else ["it is not"])
              for what, found in planted(files, design)]
    print(f"1..{len(cases)}")
    for number, (name, complaints) in enumerate(cases, 1):
        print(f"{'not ok' if complaints else 'ok'} {number} - {name}")
        for complaint in complaints:
            print(f"# {complaint}")
    return any(complaints for _, complaints in cases)


if __name__ == "__main__":
    sys.exit(main())
