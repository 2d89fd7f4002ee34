#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Print vswitchd.json.5, the manual of the configuration, from the references that the rows print.

Usage: switch-man.py DOCS [--check]

DOCS has switch-schema.md and vswitchd-reference.md, which tests compare with the rows of the code; so a key stands in one
place, and the page is made when all else is built. With --check it speaks TAP: is each key in the page?
"""

import pathlib
import re
import sys

HEAD = r'''.\" SPDX-License-Identifier: BSD-2-Clause
.\" Made by docs/man/switch-man.py from the references of the document: do not edit.
.TH VSWITCHD.JSON 5 "" "vchassis" "File Formats"
.SH NAME
vswitchd.json \- configuration of vswitchd, and of the switch inside QEMU
.SH DESCRIPTION
The configuration is a JSON object.
.BR vswitchd (8)
reads one with
.I switches
by name, each of which is the document of a switch;
.B vc\-switch
of
.BR qemu\-vchassis (1)
reads the document of one switch
.RB ( config= ).
A key that is not here is refused, with its path.
.B vswitchctl config check
.I FILE
says whether a file could be put in force.
.PP
A port's policy is what an untold port has, written over by
.IR defaults ,
by its port group, and by its own entry in
.IR ports .
.I a.b
is key
.I b
of the object, or of each object in the array, at
.IR a .
'''
TAIL = r'''.SH FILES
.TP
.I /etc/vchassis/vswitchd.json
What the service reads.
.TP
.I share/vchassis/vswitchd.schema.json
A JSON Schema, for editors; switch.schema.json is that of one switch.
.SH "SEE ALSO"
.BR vswitchd (8),
.BR vswitchctl (8),
.BR vchassis\-import (1),
.BR qemu\-vchassis (1)
'''


def roff(text):
    """Text of Markdown as that of a manual page."""
    text = re.sub(r'\[([^]]*)\]\([^)]*\)', r'\1', text).replace('\\', r'\e').replace('-', r'\-')
    text = re.sub(r'`([^`]*)`', r'\\fB\1\\fR', text)
    return re.sub(r"^([.'])", r'\\&\1', text, flags=re.MULTILINE)


def section(text, title):
    """What stands below a heading, up to the next one of its rank or a higher one."""
    (mark,) = re.findall(rf'^(#+) {re.escape(title)}$', text, re.MULTILINE)
    body = re.split(rf'^#+ {re.escape(title)}$', text, flags=re.MULTILINE)[1]
    return re.split(rf'^#{{1,{len(mark)}}} ', body, maxsplit=1, flags=re.MULTILINE)[0]


def cells(line):
    return [cell.strip() for cell in line.strip().strip('|').split(' | ')]


def body(text):
    """Paragraphs and tables of keys."""
    out = []
    for line in text.splitlines():
        if line.startswith('### '):
            out.append(f'.SS {roff(line[4:])}')
        elif line.startswith('| `'):
            key, kind, untold, meaning = cells(line)
            out.append(f'.TP\n{roff(key)} ({roff(kind)})\n{roff(meaning)}{"" if meaning.endswith("?") else "."}')
            if untold.startswith('must'):
                out.append(f'It {roff(untold)}.')
            elif untold:
                out.append(f'Untold: {roff(untold)}.')
        elif line and not line.startswith('|'):
            out.append(roff(line))
        elif not line and out and not out[-1].startswith(('.SS', '.PP')):
            out.append('.PP')
    while out and out[-1] == '.PP':
        out.pop()
    return '\n'.join(out) + '\n'


PARTS = [('THE DAEMON', 'vswitchd-reference.md', 'The document'), ('A SWITCH', 'switch-schema.md', 'The document'),
         ('A POLICY', 'switch-schema.md', 'A policy'),
         ('PORTS THAT OPEN SOMETHING', 'vswitchd-reference.md', '`ports.ID.connect`'),
         ('SOCKETS FOR MACHINES', 'vswitchd-reference.md', '`portgroups.NAME.listen`'),
         ('TRANSPORTS', 'vswitchd-reference.md', 'Transports')]


def sections(docs):
    for title, file, heading in PARTS:
        yield title, section((docs / file).read_text(encoding='utf-8'), heading)


def manual(docs):
    return HEAD + ''.join(f'.SH "{title}"\n{body(text)}' for title, text in sections(docs)) + TAIL


def check(docs):
    page = manual(docs)
    keys = [key for _, text in sections(docs) for key in re.findall(r'^\| (`[^`]*`) \|', text, re.MULTILINE)]
    lost = [key for key in keys if f'.TP\n{roff(key)} (' not in page]
    print(f'1..1\n{"not ok" if lost or len(keys) < 100 else "ok"} 1 - all {len(keys)} keys of the document are in its manual page')
    for key in lost:
        print(f'# {key} is not')
    return bool(lost)


if '--check' in sys.argv:
    sys.exit(check(pathlib.Path(sys.argv[1])))
print(manual(pathlib.Path(sys.argv[1])), end='')
