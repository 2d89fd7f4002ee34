#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Measure vswitchd between two ports of DPDK's virtio-user, beside Open vSwitch-DPDK and testpmd in its place.

    dpdk.py [--json] [--rounds N] [--rings split|packed ...] [--sizes N ...] [--addresses N ...]

One testpmd is both clients: it sends frames from capture files (which the pcap driver keeps in memory) by each of its two
virtio-user ports, and counts what comes out of the other. Its one forwarding thread has one processor, the switch's one thread
another. One switch is there at a time: it is started, warmed up, measured in some windows and killed; the three take turns.

vswitchd: learning, a VLAN, and security: a port sends from its card's address only; with more addresses than cards it may
send from others, up to a limit, and nobody is promiscuous. Open vSwitch: NORMAL with the same VLAN. testpmd: io forwarding,
which looks at no frame.

Two figures: frames that arrive in a second, and in a second of CPU time of the switch's thread. The peers' threads poll for
ever, so their second figure is the first one of a processor of their own. All of that is of switches that have more to do than
they can as long as the clients offer clearly more than arrives: the table on standard error says how much they offer.

Windows in which others had the processors for more than a tenth of the time do not count: a thread that polls while its clients
wait would look slow.

Most of what a frame costs is that its bytes go from one processor to another and back. A hypervisor moves processors: if
vswitch-bench-apart finds another distance in the middle of a turn, it is left out and taken once more. The table has both
distances for themselves.

Memory is in huge pages, as is usual with DPDK: with the 4 KiB pages of a memfd the clients are slower than any of the
switches. Who may reserve huge pages gets 400 of 2 MB, which are given back; else it is 4 KiB pages for all, and a line says so.
Where programs are missing there are no rows, and one line on standard error says why.
"""

import argparse
import contextlib
import itertools
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import rig
from testpmd import PROGRAM, Testpmd

OVS_PROGRAMS = ('ovsdb-tool', 'ovsdb-server', 'ovs-vsctl')
OVS_DPDK = '/usr/lib/openvswitch-switch-dpdk/ovs-vswitchd-dpdk'
OVS_SCHEMA = '/usr/share/openvswitch/vswitch.ovsschema'
CLIENTS_CPU, SWITCH_CPU = (sorted(os.sched_getaffinity(0)) * 2)[:2]
VLAN = 10
ENTRIES = 1024                  # of a ring
SIDES = (0, 1)
PAGES = 400                     # huge ones, of 2 MB: more than the clients and any switch have together
NR_PAGES = Path('/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages')
HUGE, SMALL = ('--in-memory', '--single-file-segments'), ('--no-huge', '--legacy-mem', '--no-shconf')
FAR = 100                       # ns from one processor to another: they share no cache
# Goals: ours to the peer's, by the addresses.
WANTED = {'Open vSwitch-DPDK': {2: 1.3, 4096: 2.0}, 'testpmd, vhost io': {2: 0.8, 4096: 0.8}}


class Unsound(Exception):
    """What was measured says nothing."""


class Pinned(Testpmd):
    """A testpmd on one processor, with these devices."""

    def __init__(self, cpu, vdevs, prefix, args):
        super().__init__(rig.pinned([PROGRAM, '--lcores', f'0@{cpu},1@{cpu}', *args.memory, '-m', '192', '--no-pci',
                                     '--no-telemetry', '--file-prefix', f'bench-{os.getpid()}-{prefix}',
                                     *(f'--vdev={v}' for v in vdevs), '--', '-i',
                                     '--forward-mode=io', f'--txd={ENTRIES}', f'--rxd={ENTRIES}', '--total-num-mbufs=24000'], cpu),
                         env={**os.environ, 'RUNTIME_DIRECTORY': str(args.directory)})

    def thread(self):
        return rig.find_thread(self.proc.pid, 'rte-worker-1', 'lcore-worker-1', 'dpdk-worker1')


class Clients(Pinned):
    """Ports 0 and 1 lead to the switch, which they wait for; two more for each size are the files that they send from."""

    def __init__(self, directory, addresses, packed, args):
        self.sizes = args.sizes
        self.paths = [directory / f'p{side}' for side in SIDES]
        vdevs = []
        for side, path in enumerate(self.paths):
            path.unlink(missing_ok=True)
            vdevs.append(f'net_virtio_user{side},path={path},server=1,queue_size={ENTRIES},packed_vq={int(packed)},'
                         f'mac={rig.text(rig.mac(side, 0))}')
        for n, (size, side) in enumerate((size, side) for size in self.sizes for side in SIDES):
            capture = directory / f'{n}.pcap'
            rig.write_capture(capture, [rig.udp_frame(side, i, size) for i in range(addresses // 2)])
            vdevs.append(f'net_pcap{n},rx_pcap={capture},infinite_rx=1')
        super().__init__(CLIENTS_CPU, vdevs, 'clients', args)

    def file(self, size):
        """Port of the first file with frames of this size."""
        return 2 + 2 * self.sizes.index(size)

    def send(self, size):
        """From now on, frames of this size."""
        file = self.file(size)
        self.do(f'set portlist {file},0,{file + 1},1')
        self.do('start', 'packet forwarding')

    def stop(self):
        self.do('stop', 'Done')

    def frames(self, size):
        """Frames that have arrived, and those offered; and of each how many a second since this was asked for last."""
        files = [self.file(size) + side for side in SIDES]
        counts = self.counts()
        return [sum(counts[port][key] for port in ports) for key in ('RX-packets', 'Rx-pps') for ports in (SIDES, files)]


# ---- the switches ----

class Ours:
    """vswitchd."""

    name = 'vswitchd'

    def __init__(self, directory, args):
        self.dir, self.program = directory, args.daemon

    def config(self, paths, addresses):
        security = {'promiscuous': False, 'mac-changes': False, 'forged-transmits': addresses > len(paths)}
        return {'defaults': {'security': security}, 'portgroups': {'g': {'vlan': VLAN}},
                'ports': {path.name: {'portgroup': 'g', 'connect': {'transport': 'vhost-user', 'retry-ms': 20, 'address': str(path),
                                                                    'mac': rig.text(rig.mac(side, 0))}}
                          for side, path in enumerate(paths)}}

    @contextlib.contextmanager
    def joined(self, paths, addresses):
        with rig.vswitchd(self.program, self.dir, self.config(paths, addresses), SWITCH_CPU) as proc:
            self.pid = proc.pid
            yield

    def thread(self):
        return rig.find_thread(self.pid, 'frames')


class Ovs:
    """Open vSwitch with DPDK, one poll-mode thread; its database, which does nothing meanwhile, stays."""

    name = 'Open vSwitch-DPDK'

    def __init__(self, directory, args):
        self.dir, self.memory = directory, args.memory
        self.env = {**os.environ, **{f'OVS_{what}': str(directory) for what in ('RUNDIR', 'DBDIR', 'LOGDIR', 'SYSCONFDIR')},
                    'RUNTIME_DIRECTORY': str(directory)}        # DPDK's

    def command(self, *words):
        done = subprocess.run(words, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
                              timeout=rig.PATIENCE)
        if done.returncode:
            raise rig.Unavailable(f'{words[0]}: {done.stdout.strip()}')

    def vsctl(self, *words):
        self.command('ovs-vsctl', '--no-wait', f'--db=unix:{self.dir}/db.sock', *words)

    @contextlib.contextmanager
    def configured(self, paths):
        self.command('ovsdb-tool', 'create', str(self.dir / 'conf.db'), OVS_SCHEMA)
        with rig.running(['ovsdb-server', str(self.dir / 'conf.db'), f'--remote=punix:{self.dir}/db.sock'],
                         self.dir / 'ovsdb.log', env=self.env):
            rig.until('ovsdb-server', lambda: rig.serves(self.dir / 'db.sock'))
            self.vsctl('init', '--', 'set', 'Open_vSwitch', '.', 'other_config:dpdk-init=true', 'other_config:per-port-memory=true',
                       f'other_config:dpdk-extra={" ".join(self.memory)} --no-pci --no-telemetry -m 512',
                       f'other_config:dpdk-lcore-mask={1 << CLIENTS_CPU:#x}', f'other_config:pmd-cpu-mask={1 << SWITCH_CPU:#x}',
                       '--', 'add-br', 'br0', '--', 'set', 'bridge', 'br0', 'datapath_type=netdev',
                       'other_config:mac-table-size=16384')
            for path in paths:
                self.vsctl('add-port', 'br0', path.name, f'tag={VLAN}', '--', 'set', 'Interface', path.name,
                           'type=dpdkvhostuserclient', f'options:vhost-server-path={path}')
            yield self

    @contextlib.contextmanager
    def joined(self, _paths, _addresses):
        with rig.running([OVS_DPDK, f'unix:{self.dir}/db.sock', '--unixctl', str(self.dir / 'ctl')],
                         self.dir / 'ovs.log', env=self.env) as proc:
            self.pid = proc.pid
            yield

    def thread(self):
        return rig.find_thread(self.pid, 'pmd-c')


class TestpmdIo:
    """testpmd in the switch's place: what one port sends goes to the other, nothing is looked up."""

    name = 'testpmd, vhost io'

    def __init__(self, args):
        self.args = args

    @contextlib.contextmanager
    def joined(self, paths, _addresses):
        with Pinned(SWITCH_CPU, [f'net_vhost{side},iface={path},client=1' for side, path in enumerate(paths)], 'io',
                    self.args) as self.pmd:
            self.pmd.prompt()
            self.pmd.do('start', 'packet forwarding')
            yield

    def thread(self):
        return self.pmd.thread()


# ---- measuring ----

def window(clients, size, thread, args):
    """(frames that arrived in a CPU second, in a second, frames offered in a second), or None: others had the processors."""
    threads = thread, clients.thread()
    frames, before, begun = clients.frames(size)[0], [rig.cpu_ns(t) for t in threads], time.monotonic()
    time.sleep(args.seconds)
    (now, _, rate, offered), after = clients.frames(size), [rig.cpu_ns(t) for t in threads]
    waited = max(b[1] - a[1] for a, b in zip(before, after)) / 1e9 / (time.monotonic() - begun)
    if waited > args.waited:
        return None
    if not rate:
        raise TimeoutError('no frames arrived')
    return (now - frames) * 1e9 / (after[0][0] - before[0][0]), rate, offered


def measure(switch, clients, size, args):
    """Medians over windows."""
    thread, windows = rig.until(f'thread of {switch.name}', switch.thread), []
    clients.send(size)
    time.sleep(args.settle)
    for _ in range(3 * args.windows):
        if (figures := window(clients, size, thread, args)):
            windows.append(figures)
        if len(windows) == args.windows:
            clients.stop()
            return tuple(statistics.median(figures) for figures in zip(*windows))
    raise Unsound(f'{switch.name}: others have the processors')


def visit(switch, directory, addresses, packed, args):
    """{size: figures} of one life of a switch."""
    with Clients(directory, addresses, packed, args) as clients, switch.joined(clients.paths, addresses):
        clients.prompt()
        return {size: measure(switch, clients, size, args) for size in args.sizes}


def apart(args):
    """ns from one processor to the other."""
    done = subprocess.run([args.apart, str(CLIENTS_CPU), str(SWITCH_CPU)], stdout=subprocess.PIPE, check=True, timeout=rig.PATIENCE)
    return int(done.stdout)


def turn(switches, directory, case, args):
    """({size: {switch's name: figures}}, distance of the processors), or why there is nothing."""
    rings, addresses = case
    got, distances = {size: {} for size in args.sizes}, [apart(args)]
    for switch in switches:
        try:
            for size, figures in visit(switch, directory, addresses, rings == 'packed', args).items():
                got[size][switch.name] = figures
        except (TimeoutError, EOFError) as why:
            raise Unsound(f'{switch.name}: {why}') from why
        distances.append(apart(args))
        if max(distances) > 1.5 * min(distances):
            raise Unsound(f'the processors have moved: {distances} ns apart')
    return got, statistics.median(distances)


def turns(switches, directory, args):
    """{(rings, addresses, size, whether the processors are far apart): {switch's name: figures of each turn}}"""
    got, end = {}, time.monotonic() + args.budget
    todo = list(itertools.product(args.rings, args.addresses)) * args.rounds
    while todo and time.monotonic() < end:
        case = todo.pop(0)
        try:
            sizes, distance = turn(switches, directory, case, args)
        except Unsound as why:
            print(f'bench: a turn is taken again: {why}', file=sys.stderr)
            todo.append(case)
            continue
        for size, lanes in sizes.items():
            for name, figures in lanes.items():
                got.setdefault((*case, size, distance > FAR), {}).setdefault(name, []).append(figures)
    if todo:
        print(f'bench: {len(todo)} turns are missing: {args.budget} s are over', file=sys.stderr)
    return got


# ---- what is said ----

def say(what, addresses, lanes):
    """lanes: {switch's name: figures of each turn}"""
    print(f'{what}, {len(lanes[Ours.name])} turns', file=sys.stderr)
    for name, figures in lanes.items():
        cpu, clock, offered = (statistics.median(column) for column in zip(*figures))
        line = f'  {name:18}{clock / 1e6:6.2f} million frames/s, {cpu / 1e6:6.2f} a CPU second, {offered / 1e6:6.2f} offered'
        if name != Ours.name:
            ratios = [statistics.median(a[column] / b[column] for a, b in zip(lanes[Ours.name], figures)) for column in (1, 0)]
            line += f'; ours {ratios[0]:.2f}, {ratios[1]:.2f} times as many'
            if addresses in WANTED[name]:
                line += f' (goal {WANTED[name][addresses]})'
        print(line, file=sys.stderr)


def rows_of(what, lanes):
    """Rows of both figures beside each peer."""
    for column, unit in ((1, ''), (0, ', a CPU second')):
        figures = {name: [turn[column] / 1e3 for turn in turns] for name, turns in lanes.items()}
        for name in figures:
            if name != Ours.name:
                yield rig.row(f'vswitchd between virtio-user ports of testpmd, {what}{unit}', 'kframe/s', figures[Ours.name],
                              figures[name], name)


def all_rows(directory, args):
    rows = []
    with Ovs(directory, args).configured([directory / f'p{side}' for side in SIDES]) as ovs:
        got = turns([Ours(directory, args), ovs, TestpmdIo(args)], directory, args)
    for (rings, addresses, size, far), lanes in sorted(got.items()):
        what = f'{size} bytes, {addresses} addresses, {rings} rings' + (', processors far apart' if far else '')
        say(what, addresses, lanes)
        rows += rows_of(what, lanes)
    return rows


# ---- the frame around it ----

@contextlib.contextmanager
def memory():
    """How DPDK gets its memory: huge pages, which are given back, or others."""
    before = int(NR_PAGES.read_text(encoding='utf-8')) if NR_PAGES.exists() else 0
    try:
        with contextlib.suppress(OSError):
            if before < PAGES:
                NR_PAGES.write_text(f'{PAGES}\n', encoding='utf-8')
        huge = NR_PAGES.exists() and int(NR_PAGES.read_text(encoding='utf-8')) >= PAGES
        if not huge:
            print(f'bench: there are no {PAGES} huge pages: the clients are slower than the switches', file=sys.stderr)
        yield HUGE if huge else SMALL
    finally:
        with contextlib.suppress(OSError):
            NR_PAGES.write_text(f'{before}\n', encoding='utf-8')


def need(*programs):
    for program in programs:
        if not shutil.which(program):
            raise rig.Unavailable(f'no {os.path.basename(program)}')
    if len(os.sched_getaffinity(0)) < 2:
        raise rig.Unavailable('two processors are needed')


def parse():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    build = os.environ.get('VCHASSIS_BUILD', 'build')
    ap.add_argument('--daemon', default=f'{build}/vswitch/daemon/vswitchd')
    ap.add_argument('--apart', default=f'{build}/vswitch/bench/vswitch-bench-apart')
    ap.add_argument('--json', action='store_true', help='print the rows')
    ap.add_argument('--rounds', type=int, default=5)
    ap.add_argument('--budget', type=int, default=330, help='seconds after which no turn begins')
    ap.add_argument('--windows', type=int, default=3, help='in one life of a switch')
    ap.add_argument('--seconds', type=float, default=0.3, help='of a window')
    ap.add_argument('--waited', type=float, default=0.1, help='most of a window in which others may have a processor')
    ap.add_argument('--settle', type=float, default=0.5, help='seconds before the first')
    ap.add_argument('--sizes', type=int, nargs='+', default=[64, 1514])
    ap.add_argument('--addresses', type=int, nargs='+', default=[2, 4096])
    ap.add_argument('--rings', choices=['split', 'packed'], nargs='+', default=['split', 'packed'])
    return ap.parse_args()


def main():
    args, rows = parse(), []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))       # so that all is given back
    try:
        need(args.daemon, args.apart, PROGRAM, *OVS_PROGRAMS, OVS_DPDK)
        with tempfile.TemporaryDirectory(prefix='vswitch-bench-') as tmp, memory() as args.memory:
            args.directory = Path(tmp)
            rows = all_rows(args.directory, args)
    except rig.Unavailable as why:
        print(f'bench: no rows beside Open vSwitch-DPDK and testpmd: {why}', file=sys.stderr)
    if args.json:
        print(json.dumps(rows))


main()
