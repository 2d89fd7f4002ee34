#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Would the fuzzers have found it? Put faults back that were mended, one at a time, and let them look.

Usage: put-back.py BUILD_DIR [SECONDS [WORD...]]   (with the builds fuzz and swift in it, of -Dfuzz=true with and without
sanitizers; 600 seconds for each fault, or less if it is found; only faults whose names have one of the words in them)

unplug-uaf, faults of state changes inside a call, and what D3hot stops are the glue's: qtest/fuzz-glue.c finds those.

Each fault is made in a copy of one file, which is compiled as that was and linked before the libraries, so that it takes
the place of their own. The fuzzer begins with the seeds alone. What it finds must be the fault: the seeds pass without it,
as do BASE_RUNS inputs, and the abort has the words that are expected. Speaks TAP, with the CPU time that each took.
"""
import json
import os
import re
import resource
import shlex
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# Inputs that a target as it is must pass
BASE_RUNS = 3000

# build, program, its options, longest input
CHASSIS = ('swift', 'vswitch/fuzz/fuzz-chassis', (), 100)
CHASSIS_ASAN = ('fuzz', *CHASSIS[1:])
E1000 = ('swift', 'hw-net/fuzz/fuzz-nic', ('--model=e1000',), 200)
MCAST = ('swift', 'vswitch/fuzz/fuzz-mcast', (), 1000)
CONTROL = ('fuzz', 'vswitch/fuzz/fuzz-vswitch-control', (), 400)

# name, target, words of the abort that is meant (a regular expression), file, what stands there, what stood there
FAULTS = [
    ('csum-rewrite: a sum waits wherever the guest says', CHASSIS, 'payload of another|forged|rule of|reserved|control frame|VLAN', 'hw-net/frame/words.c',
     '!(pkt->flags & PKT_CSUM_PARTIAL) || may_wait(pkt, &f)', '!(pkt->flags & PKT_CSUM_PARTIAL) || pkt || may_wait(pkt, &f)'),
    ('csum-rewrite, a card alone', E1000, 'finishing a frame alters', 'hw-net/frame/words.c',
     '!(pkt->flags & PKT_CSUM_PARTIAL) || may_wait(pkt, &f)', '!(pkt->flags & PKT_CSUM_PARTIAL) || pkt || may_wait(pkt, &f)'),
    ('second-uplink: announced before the owner has its port', CHASSIS, 'without having a port', 'vswitch/policy/team.c',
     '\tvsw_due_at(p->sw, DUE_POLICY + POLICY_NOTIFY, vsw_now(p->sw));',
     '\t{\n\t\textern const struct vsw_policy_row vsw_policy_notify;\n\t\tvsw_policy_notify.due(p->sw, vsw_now(p->sw));\n\t}'),
    ('fdb-stale: static addresses outlive their port', CHASSIS, 'which was removed', 'vswitch/core/port.c',
     'flush_port(&sw->fdb, p->fdb_port, true)', 'flush_port(&sw->fdb, p->fdb_port, false)'),
    ('vlan-hop: a tag behind a priority tag comes to the front', CHASSIS, 'tag is left|a frame of VLAN', 'vswitch/core/output.c',
     'if (b->has & BURST_INNER && bares_tag(b, i, p))', 'if (b->has & BURST_INNER && !p && bares_tag(b, i, p))'),
    ('mirror-alias: copy and output share a buffer', CHASSIS_ASAN, 'AddressSanitizer|payload of another|pieces of', 'vswitch/policy/mirror.c',
     'pkt_fit_next(&m->fit, &m->finished)', 'pkt_fit_next(&m->fit, &sw->segment[0])'),
    ('pause: MAC control frames pass', CHASSIS, 'MAC control frame', 'vswitch/core/admit.c',
     'if (means && hides_control(p, head, type))', 'if (means && !p && hides_control(p, head, type))'),
    ('reserved addresses pass', CHASSIS, 'reserved address', 'vswitch/core/admit.c',
     'return (dst & RESERVED_MASK) != RESERVED_BASE ||', 'return (dst & RESERVED_MASK) != RESERVED_BASE || dst ||'),
    ('forged transmits pass', CHASSIS, 'forged source', 'vswitch/core/source.c', '\tif (in->strict)\n', '\tif (in->strict && !b)\n'),
    ('rules-fragments: a rule does not see what is cut off', CHASSIS, "can't tell", 'vswitch/policy/rules.c',
     'if (cut && !(f->flags & FRAME_FRAG_LATER))', 'if (cut && !p && !(f->flags & FRAME_FRAG_LATER))'),
    ('mss1: any number of segments from one message', CHASSIS, 'segments|frames forth', 'vswitch/core/admit.c', 'if (!gso_sound(p))', 'if (!p)'),
    ('mss1, a card alone', E1000, 'segments|frames on the wire', 'hw-net/frame/gso.c',
     'if (gso_too_many(pkt->len - f->payload, pkt->gso_size))', 'if (!pkt)'),
    ('xoff-storm: a pause frame each 256 ns', E1000, 'timers in', 'hw-net/e1000/flow.c', '#define XOFF_GAP     25000', '#define XOFF_GAP     256'),
    ('the rest of a message is made for an owner as he was', CHASSIS, 'does not take', 'vswitch/core/dequeue.c',
     'return s->done ? p->takes & ~(uint32_t)PKT_TAKES_GSO : p->takes;', 'return s->done ? PKT_TAKES_CSUM : p->takes;'),
    ('quadratic-resume: a message is cut again from its begin', CHASSIS, 'frames are made', 'vswitch/core/dequeue.c',
     '\tpkt_fit_skip(&sw->fit, s->done);', '\tfor (n = 0; n < s->done; n++)\n\t\tpkt_fit_next(&sw->fit, &sw->segment[0]);'),
    ('switch-isolation: an address counts in VLANs that its port has not', CHASSIS, 'registers an address in VLAN', 'vswitch/core/addrs.c',
     'claim_key(c, fdb_key(p->fid, mac));', 'claim_key(c, fdb_key(FDB_ANY_VLAN, mac));'),
    ('rule-parse: a number in a rule ends anywhere', CONTROL, 'a rule matches', 'vswitch/control/text.c',
     'return vsw_text_digits(&s, max, n) && !*s;', 'return vsw_text_digits(&s, max, n);'),
    ('rule-parse: a prefix in a rule ends anywhere', CONTROL, 'a rule matches', 'vswitch/control/rule_values.c',
     'if (*rest || inet_pton(', 'if (inet_pton('),
    ('igmp-many-records: only the first record is read', MCAST, 'deadly signal', 'vswitch/policy/igmp.c',
     '\tfor (unsigned n = frame_be16(c->msg->p + 6); n; n--) {\n\t\trecord(',
     '\tfor (unsigned n = frame_be16(c->msg->p + 6) != 0; n; n--) {\n\t\trecord('),
    ('igmp-checksum: a wrong sum is no matter', MCAST, 'deadly signal', 'vswitch/policy/mcast-msg.c',
     'if (!sum_holds(v, at, m->msg, len))', 'if (!v)'),
]


def cpu():
    use = resource.getrusage(resource.RUSAGE_CHILDREN)
    return use.ru_utime + use.ru_stime


def sh(cwd, command):
    subprocess.run(command, cwd=cwd, check=True, shell=isinstance(command, str), capture_output=True)


def read(name):
    with open(os.path.join(TOP, name), encoding='utf-8') as f:
        return f.read()


def compile_broken(build, folder, name, text):
    """Compile @text in the place of the file @name. Return: the object."""
    source, out = os.path.join(folder, os.path.basename(name)), os.path.join(folder, 'broken.o')
    with open(source, 'w', encoding='utf-8') as f:
        f.write(text)
    with open(os.path.join(build, 'compile_commands.json'), encoding='utf-8') as f:
        entry = next(c for c in json.load(f) if os.path.realpath(os.path.join(build, c['file'])) == os.path.join(TOP, name))
    args = shlex.split(entry['command'])
    args[args.index('-o') + 1] = out
    args[args.index('-c') + 1] = source
    sh(build, args + ['-w', '-I' + os.path.dirname(os.path.join(TOP, name))])
    return out


def link(build, folder, target, obj):
    """Return: the fuzzer, with @obj before the libraries."""
    out = os.path.join(folder, 'fuzzer')
    command = subprocess.run(['ninja', '-t', 'commands', target], cwd=build, check=True, capture_output=True,
                             text=True).stdout.splitlines()[-1]
    sh(build, command.replace('-o ' + target + ' ', '-o %s %s ' % (shlex.quote(out), shlex.quote(obj)), 1))
    return out


def fuzz(build, folder, program, target, limit):
    """Let a fuzzer run. Return: seconds of CPU until it found something, or None; and all that it said."""
    corpus = os.path.join(folder, 'corpus')
    sh(folder, [os.path.join(build, target[1] + '-replay'), *target[2], '--write-seeds=' + corpus])
    env = dict(os.environ, UBSAN_OPTIONS='halt_on_error=1:abort_on_error=1', ASAN_OPTIONS='abort_on_error=1:detect_leaks=0')
    begin = cpu()
    done = subprocess.run([program, *target[2], '-entropic=0', '-reload=0', '-max_len=%d' % target[3], '-seed=1', limit, corpus], cwd=folder, env=env,
                          capture_output=True, check=False)
    return (cpu() - begin if done.returncode else None), done.stderr.decode(errors='replace')


def why(said):
    """The line that says what was found."""
    signs = ('fake host:', 'ERROR: AddressSanitizer', 'runtime error', 'deadly signal')
    return next((s for s in said.splitlines() if any(sign in s for sign in signs)), said.strip().splitlines()[-1])


def passes(build, target):
    """Return: what the target finds as it is, or None."""
    with tempfile.TemporaryDirectory() as folder:
        took, said = fuzz(build, folder, os.path.join(build, target[1]), target, '-runs=%d' % BASE_RUNS)
    return None if took is None else why(said)


def put_back(build, seconds, fault):
    """Return: whether it was found, and a line about it."""
    name, target, words, file, now, then = fault
    text = read(file)
    if text.count(now) != 1:
        return False, 'the line is not there'
    with tempfile.TemporaryDirectory() as folder:
        obj = compile_broken(build, folder, file, text.replace(now, then))
        program = link(build, folder, target[1], obj)
        took, said = fuzz(build, folder, program, target, '-max_total_time=%d' % seconds)
    if took is None:
        return False, 'not found in %d s' % seconds
    return bool(re.search(words, why(said))), 'found in %.1f s of CPU: %s' % (took, why(said))


def main():
    build = os.path.abspath(sys.argv[1])
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 600
    words = sys.argv[3:]
    faults = [f for f in FAULTS if not words or any(w in f[0] for w in words)]
    bad = 0
    print('1..%d' % len(faults), flush=True)
    for target in {f[1] for f in faults}:
        folder = os.path.join(build, target[0])
        sh(folder, ['ninja', target[1], target[1] + '-replay'])
        found = passes(folder, target)
        if found:
            print('Bail out! %s finds without any fault: %s' % (target[1], found))
            return 1
    for n, fault in enumerate(faults, 1):
        good, line = put_back(os.path.join(build, fault[1][0]), seconds, fault)
        bad += not good
        print('%s %d - %s: %s' % ('ok' if good else 'not ok', n, fault[0], line), flush=True)
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
