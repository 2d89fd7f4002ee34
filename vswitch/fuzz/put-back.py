#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Would the fuzzers have found it? Put faults back that were mended, one at a time, and let them look.

Usage: put-back.py BUILD_DIR [SECONDS [WORD...]]   (with the builds fuzz and swift in it, of -Dfuzz=true with and without
sanitizers, and glue, the plug-in with them; 600 seconds of CPU for each fault, or less if it is found; only faults whose
names have one of the words in them)

Each fault is made in a copy of one file, which is compiled as that was and takes its place when the fuzzer or plug-in is
linked once more. The fuzzer begins with the seeds alone. What it finds must be the fault: the seeds pass without it, as do
BASE_RUNS inputs (GLUE_RUNS programs of qtest/fuzz-glue), and the abort has the words that are expected. Speaks TAP, with
the CPU time that each took.
"""
import json
import os
import re
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# Inputs that a target as it is must pass
BASE_RUNS = 3000
GLUE_RUNS = 4

# build, program, its options, longest input; of the glue, what is linked
CHASSIS = ('swift', 'vswitch/fuzz/fuzz-chassis', (), 100)
CHASSIS_ASAN = ('fuzz', *CHASSIS[1:])
E1000 = ('swift', 'hw-net/fuzz/fuzz-nic', ('--model=e1000',), 200)
MCAST = ('swift', 'vswitch/fuzz/fuzz-mcast', (), 1000)
CONTROL = ('swift', 'vswitch/fuzz/fuzz-vswitch-control', (), 600)
CONTROL_ASAN = ('fuzz', *CONTROL[1:])
SWITCH = ('swift', 'vswitch/fuzz/fuzz-vswitch', (), 300)
GLUE = ('glue', 'vchassis.so', (), 0)
GLUE_PARTS = ['vchassis.so', 'qemu-vchassis', 'qemu-vchassis-system-x86_64', 'qtest/inside.so', 'qtest/fuzz-glue']

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
    ('a message with three tags is unsound for who takes it', CHASSIS, 'GSO: headers', 'hw-net/frame/gso.c',
     'grants == GSO_UNDER_WAY ? FRAME_OPT_TAGS : 0', 'grants == GSO_UNDER_WAY && !pkt ? FRAME_OPT_TAGS : 0'),
    ('quadratic-resume: a message is cut again from its begin', CHASSIS, 'frames are made', 'vswitch/core/dequeue.c',
     '\tpkt_fit_skip(&sw->fit, s->done);', '\tfor (n = 0; n < s->done; n++)\n\t\tpkt_fit_next(&sw->fit, &sw->segment[0]);'),
    ('switch-isolation: an address counts in VLANs that its port has not', CHASSIS, 'registers an address in VLAN', 'vswitch/core/addrs.c',
     'claim_key(c, fdb_key(p->fid, mac));', 'claim_key(c, fdb_key(FDB_ANY_VLAN, mac));'),
    ('filter-cost: one pass over the table for each address', SWITCH, 'places of the table', 'vswitch/core/addrs.c',
     '\t\tenter(c, c->key[i]);\n\tif (c->any ||',
     '\t{\n\t\tenter(c, c->key[i]);\n\t\tif (c->any)\n\t\t\tforget_learnt(p);\n\t}\n\tif (c->any ||'),
    ('a card registers the address of another', SWITCH, 'another card has the address', 'vswitch/core/addrs.c',
     '\tif (!other || other == p || !is_permanent(p, key)', '\tif (other || !other || !is_permanent(p, key)'),
    ('config-memory: the defaults and the group are read again for each port', CONTROL, 'objects of a document',
     'vswitch/control/resolve.c', '\ta->port = a->group[p->k && p->k->uplink];',
     '\tvsw_policy_init(&a->port, p->k && p->k->uplink);\n\tif (vsw_level_defaults(w, &a->port) < 0 || (group && '
     'vsw_level_group(w, group, json_object_get(json_object_get(w->doc, "portgroups"), group), &a->port) < 0))\n'
     '\t\treturn -1;'),
    ('json-empty-key: a name of no letters is looked for beyond the list', CONTROL_ASAN, 'AddressSanitizer', 'vswitch/control/answer.c',
     '\twhile ((len = next_name(&list, &name, &optional)))\n\t\tif (strlen(key) == len && !memcmp(key, name, len))\n',
     '\tlen = strlen(key);\n\toptional = false;\n\tfor (name = strstr(list, key); name; name = strstr(name + 1, key))\n'
     '\t\tif ((name == list || name[-1] == \' \') && (!name[len] || name[len] == \' \' || name[len] == \'?\'))\n'),
    ('unplug-uaf: a card is freed while its call is on the stack', GLUE, 'AddressSanitizer', 'hw-net/qemu/life.c',
     '\tif (!l->holds) {\n', '\tif (l) {\n'),
    ('xoff-storm: INTx stays up in D3hot', GLUE, 'sleeps, and its interrupt is up', 'hw-net/qemu/nic-irq.c',
     's->intx && !s->asleep &&', 's->intx &&'),
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
    return out, entry['output']


def link(build, folder, target, obj, place):
    """Return: the fuzzer or plug-in, with @obj in the place of @place, or else before the libraries."""
    out = os.path.join(folder, os.path.basename(target))
    command = subprocess.run(['ninja', '-t', 'commands', target], cwd=build, check=True, capture_output=True,
                             text=True).stdout.splitlines()[-1]
    command = command.replace(' %s ' % place, ' ')
    sh(build, command.replace('-o ' + target + ' ', '-o %s %s ' % (shlex.quote(out), shlex.quote(obj)), 1))
    return out


def no_longer_than(seconds):
    return lambda: resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))


def glue(build, folder, plugin, option):
    """The same with qtest/fuzz-glue and a plug-in, in a launcher's tree of its own."""
    for name in ('qemu-vchassis', 'vchassis.targets'):
        shutil.copy(os.path.join(build, name), folder)
    os.symlink('qemu-vchassis', os.path.join(folder, 'qemu-vchassis-system-x86_64'))
    if not os.path.exists(os.path.join(folder, 'vchassis.so')):
        os.symlink(plugin, os.path.join(folder, 'vchassis.so'))
    env = dict(os.environ, QTEST_QEMU_BINARY=os.path.join(folder, 'qemu-vchassis-system-x86_64'),
               QEMU_MODULE_DIR=os.path.join(os.path.dirname(build), 'qemu', 'modules'))
    begin = cpu()
    done = subprocess.run([os.path.join(build, 'qtest/fuzz-glue'), '--first', option, '--save=' + folder], env=env,
                          capture_output=True, check=False)
    return (cpu() - begin if done.returncode else None), done.stdout.decode(errors='replace')


def fuzz(build, folder, program, target, seconds):
    """Let a fuzzer run. Return: seconds of CPU until it found something, or None; and all that it said."""
    if target == GLUE:
        return glue(build, folder, program, '--cpu=%d' % seconds if seconds else '--programs=%d' % GLUE_RUNS)
    corpus = os.path.join(folder, 'corpus')
    sh(folder, [os.path.join(build, target[1] + '-replay'), *target[2], '--write-seeds=' + corpus])
    env = dict(os.environ, UBSAN_OPTIONS='halt_on_error=1:abort_on_error=1', ASAN_OPTIONS='abort_on_error=1:detect_leaks=0')
    begin = cpu()
    done = subprocess.run([program, *target[2], '-entropic=0', '-reload=0', '-max_len=%d' % target[3], '-seed=1',
                           '-runs=%d' % (-1 if seconds else BASE_RUNS), corpus], cwd=folder, env=env, capture_output=True,
                          check=False, preexec_fn=no_longer_than(seconds) if seconds else None)
    found = done.returncode not in (0, -signal.SIGXCPU)
    return (cpu() - begin if found else None), done.stderr.decode(errors='replace')


def why(said):
    """The line that says what was found."""
    signs = ('fake host:', 'ERROR: AddressSanitizer', 'runtime error', 'ERROR **', 'deadly signal')
    return next((s for s in said.splitlines() if any(sign in s for sign in signs)), said.strip().splitlines()[-1])


def passes(build, target):
    """Return: what the target finds as it is, or None."""
    with tempfile.TemporaryDirectory() as folder:
        took, said = fuzz(build, folder, os.path.join(build, target[1]), target, 0)
    return None if took is None else why(said)


def put_back(build, seconds, fault):
    """Return: whether it was found, and a line about it."""
    name, target, words, file, now, then = fault
    text = read(file)
    if text.count(now) != 1:
        return False, 'the line is not there'
    with tempfile.TemporaryDirectory() as folder:
        obj, place = compile_broken(build, folder, file, text.replace(now, then))
        program = link(build, folder, target[1], obj, place)
        took, said = fuzz(build, folder, program, target, seconds)
    if took is None:
        return False, 'not found in %d s of CPU' % seconds
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
        sh(folder, ['ninja', *(GLUE_PARTS if target == GLUE else [target[1], target[1] + '-replay'])])
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
