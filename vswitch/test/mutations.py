#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Can the property test fail? Break one line of the data path at a time and see that it does.

Usage: mutations.py BUILD_DIR CC... (from meson; the library must have been built there)

Each mutation is made in a copy of one file, which is compiled and linked before the library, so that it takes the place
of the library's own. Speaks TAP.
"""
import os
import shlex
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SRC = os.path.dirname(HERE)
TOP = os.path.dirname(SRC)

# what is broken, file, line, its broken form
MUTATIONS = [
    ('VLAN egress: unicast leaves by ports that do not carry its VLAN', 'core/input.c',
     'if (unlikely(!port_carries(p, b->vid[i])))\n\t\treturn VSW_DROP_NO_DEST;\n\tif (unlikely(sw->special',
     'if (unlikely(sw->special'),
    ('VLAN egress: unicast of a plain switch does', 'core/input.c', ' || !port_carries(p, b->vid[i])', ''),
    ('VLAN egress: trunks leave the tag of the VLAN next door', 'core/output.c',
     '(uint16_t)(b->pcp[i] << 12 | vid)', '(uint16_t)(b->pcp[i] << 12 | (vid ^ 1))'),
    ('learning: a station that moved stays where it was', 'core/fdb.c', '\tr.b->port[r.i] = port;\n\tt->version++;\n\treturn FDB_MOVED;',
     '\tt->version++;\n\treturn FDB_MOVED;'),
    ('learning: sources of static entries elsewhere are learnt', 'core/source.c',
     'if (!in->learning || any.i >= 0 ||', 'if (!in->learning ||'),
    ('forged transmit: a learnt address counts as the card\'s own', 'core/input.c',
     'in->strict ? 1u << FDB_STATIC :', 'in->strict && 0 ? 1u << FDB_STATIC :'),
    ('forged transmit: passes', 'core/source.c', 'if (in->strict)\n\t\treturn forged', 'if (in->strict && 0)\n\t\treturn forged'),
    ('reserved addresses: 0F passes', 'core/admit.c', 'RESERVED_MASK) != RESERVED_BASE ||',
     'RESERVED_MASK) != RESERVED_BASE || dst == (RESERVED_BASE | 15) ||'),
]


def sh(*args):
    return subprocess.run(args, check=True, capture_output=True, text=True).stdout


def build(build_dir, cc, folder, name, text):
    source = os.path.join(folder, os.path.basename(name))
    with open(source, 'w', encoding='utf-8') as f:
        f.write(text)
    test = os.path.join(folder, 'test')
    libs = shlex.split(sh('pkg-config', '--cflags', '--libs', 'check', 'jansson', 'glib-2.0'))
    sh(*cc, '-std=gnu11', '-O1', '-w', '-I' + SRC, '-I' + build_dir + '/vswitch', '-I' + TOP + '/include', '-I' + HERE, source,
       HERE + '/test-reference.c', HERE + '/reference.c', build_dir + '/vswitch/libvswitch.a',
       build_dir + '/hw-net/frame/libframe.a', '-o', test, *libs)
    return test


def main():
    build_dir, cc = sys.argv[1], sys.argv[2:]
    print('1..%d' % (len(MUTATIONS) + 1), flush=True)
    env = dict(os.environ, VSWITCH_FRAMES='40000', CK_FORK='yes')
    bad = 0
    for n, (what, name, line, broken) in enumerate([('nothing is broken', 'core/input.c', '', '')] + MUTATIONS, 1):
        with open(os.path.join(SRC, name), encoding='utf-8') as f:
            text = f.read()
        if line and text.count(line) != 1:
            print('not ok %d - %s: the line is not there' % (n, what), flush=True)
            bad += 1
            continue
        with tempfile.TemporaryDirectory() as folder:
            test = build(build_dir, cc, folder, name, text.replace(line, broken) if line else text)
            failed = subprocess.run([test], env=env, capture_output=True, check=False).returncode != 0
        good = failed == bool(line)
        bad += not good
        print('%s %d - %s: the property test %s' % ('ok' if good else 'not ok', n, what, 'fails' if failed else 'passes'),
              flush=True)
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
