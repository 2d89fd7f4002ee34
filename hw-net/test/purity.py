#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Prove that the libraries are what they promise: no threads, clocks, files, or variables.

Usage: purity.py LIBHWNET LIBFRAME PROGRAM

Looks at the object files inside the two static libraries with nm and objdump, and runs PROGRAM,
which is linked from libhwnet and the C library alone. Speaks TAP.
"""

import re
import subprocess
import sys

# All that the libraries may ask of the C library.
MEMORY = {"memcpy", "memmove", "memset", "memcmp"}
TEXT = {"snprintf", "vsnprintf", "strlen", "strcmp", "strncmp"}
ALLOCATION = {"calloc", "free", "malloc", "realloc"}
# What the compiler or a hardened C library puts in by itself; __cpu_model tells what the processor
# can.
COMPILER = re.compile(r"__stack_chk_fail|_GLOBAL_OFFSET_TABLE_|__cpu_model|__(%s)_chk"
                      % "|".join(MEMORY | TEXT))
# The one source that allocates.
ALLOCATOR = "nic.c.o"


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def members(library):
    """Yield (object file, nm's line split) for each symbol."""
    member = None
    for line in output("nm", library).splitlines():
        if line.endswith(":"):
            member = line[:-1].rsplit("/", 1)[-1]
        elif line:
            fields = line.split()
            yield member, fields[-2], fields[-1]


def foreign_symbols(library):
    """(object file, symbol) for each symbol that another library must have."""
    symbols = list(members(library))
    own = {name for _, kind, name in symbols if kind not in "Uw"}
    return [(member, name) for member, kind, name in symbols if kind == "U" and name not in own]


def strangers(library, allowed):
    """Symbols that are not allowed."""
    return [f"{member} needs {name}" for member, name in foreign_symbols(library)
            if name not in allowed and not COMPILER.fullmatch(name)]


def allocators(library):
    """Sources that allocate without being the allocator."""
    return [f"{member} needs {name}" for member, name in foreign_symbols(library)
            if name in ALLOCATION and member != ALLOCATOR]


def variables(library):
    """Sections that can be written while the program runs, if they have contents."""
    found = [f"{member} has common {name}"
             for member, kind, name in members(library) if kind == "C"]
    member, section = None, None
    for line in output("objdump", "-h", library).splitlines():
        fields = line.split()
        if "file format" in line:
            member = line.split(":")[0].rsplit("/", 1)[-1]
        elif len(fields) > 2 and fields[0].isdigit():
            section = fields[1], int(fields[2], 16)
        elif section and "ALLOC" in line:
            name, size = section
            if size and "READONLY" not in line and not name.startswith(".data.rel.ro"):
                found.append(f"{member} has {size} bytes of {name}")
    return found


def needed(program):
    """Shared libraries other than the C library that a program is linked with."""
    libraries = re.findall(r"NEEDED\s+(\S+)", output("objdump", "-p", program))
    return [f"{name} is needed" for name in libraries if not name.startswith("libc.so")]


def runs(program):
    run = subprocess.run([program], capture_output=True, text=True)
    return [] if run.returncode == 0 else [f"exit status {run.returncode}", run.stderr.strip()]


def main():
    libhwnet, libframe, program = sys.argv[1:]
    cases = [
        ("libhwnet asks for text and memory only",
         strangers(libhwnet, MEMORY | TEXT | ALLOCATION)),
        ("libhwnet allocates in one place", allocators(libhwnet)),
        ("libhwnet has no variables", variables(libhwnet)),
        ("libframe asks for memory only", strangers(libframe, MEMORY)),
        ("libframe has no variables", variables(libframe)),
        ("libhwnet links with the C library alone", needed(program)),
        ("a program of libhwnet alone makes every card", runs(program)),
    ]
    print(f"1..{len(cases)}")
    for number, (name, complaints) in enumerate(cases, 1):
        print(f"{'not ok' if complaints else 'ok'} {number} - {name}")
        for complaint in complaints:
            print(f"# {complaint}")
    return any(complaints for _, complaints in cases)


sys.exit(main())
