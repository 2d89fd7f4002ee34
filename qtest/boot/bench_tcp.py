#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""TCP between two guests in two QEMU processes: our vmxnet3 on vswitchd, stock cards on what QEMU has without it.

    bench_tcp.py [--json] [--rounds N] [--bytes N] [LANE ...]

Both guests have one card of each lane, in a network namespace of its own, and lanes take turns: a checked stream one way, the
next round the other way. Two figures: bytes a second, and bytes a second of CPU time of both QEMUs and the daemon. The guests
run under TCG, which is most of either. The work of the Linux bridge and of taps is done on QEMU's account, so it is in. What a
guest spends by itself is a stream by its loopback, on standard error: no card can do better a CPU second.

Without root stock QEMU has only sockets between two processes: stream, dgram and socket; the best of them is what ours is
compared with. Taps and the bridge are in a network namespace of this program's own, without vhost-net.
"""

import argparse
import contextlib
import ctypes
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import guest_image
import traffic
from cases import MB
from daemon import Connect, Daemon
from nics import Nic, bring_up
from tap import Failed
from vm import Vm

sys.path.append(str(guest_image.TOP / 'vswitch/bench'))
import rig      # pylint: disable=wrong-import-position

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
CONFIG = {'switches': {'vswitch0': {'portgroups': {'blue': {}}}}}
OURS, ROOTLESS, BRIDGED = 'vc-vmxnet3 on vswitchd', ('stream', 'dgram', 'socket'), 'tap and Linux bridge'


class Sockets:
    """A back end of stock QEMU's between two processes; side 0 is the one that is started first."""

    def __init__(self, kind, directory, side):
        self.kind, self.dir, self.side = kind, directory, side

    def port(self, name, **_):
        mine, other = self.dir / f'{self.kind}{self.side}', self.dir / f'{self.kind}{1 - self.side}'
        return ['-netdev', {
            'stream': f'stream,id={name},server={"off" if self.side else "on"},addr.type=unix,addr.path={self.dir}/stream',
            'dgram': f'dgram,id={name},local.type=unix,local.path={mine},remote.type=unix,remote.path={other}',
            'socket': f'socket,id={name},{"connect" if self.side else "listen"}=127.0.0.1:4100',
        }[self.kind]]


class Tap:
    """A tap in the bridge."""

    def __init__(self, lane, side):
        self.ifname = f'tap{lane}s{side}'

    def port(self, name, **_):
        return ['-netdev', f'tap,id={name},ifname={self.ifname},script=no,downscript=no']


class Lane:
    """A card in each guest, or of one guest that is both ends; what was measured: [(MB a second, MB a CPU second)]."""

    def __init__(self, name, cards):
        self.name, self.cards, self.rounds = name, cards, []

    def measure(self, guests, pids, size, backwards):
        ends = list(zip(guests, self.cards)) if len(self.cards) == 2 else [(guests[0], self.cards[0])] * 2
        (source_vm, source), (sink_vm, sink) = reversed(ends) if backwards else ends
        before = cpu(pids)
        mbps = traffic.tcp(source_vm, source, sink, size, sink_vm=sink_vm)['mbps']
        self.rounds.append((mbps / 8, size / 1e6 / (cpu(pids) - before)))

    def column(self, i):
        return [r[i] for r in self.rounds]


def cpu(pids):
    """CPU seconds that processes have had, exited threads included."""
    return sum(time.clock_gettime((~pid << 3) | 2) for pid in pids)


def own_namespace():
    """Leave the machine's network for an empty one; as an ordinary user, with a user namespace."""
    libc, uid, gid = ctypes.CDLL(None, use_errno=True), os.getuid(), os.getgid()
    if libc.unshare(CLONE_NEWNET) == 0:
        return
    if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET):
        raise rig.Unavailable(f'no network namespace: {os.strerror(ctypes.get_errno())}')
    for file, text in (('setgroups', 'deny'), ('uid_map', f'0 {uid} 1'), ('gid_map', f'0 {gid} 1')):
        Path(f'/proc/self/{file}').write_text(text, encoding='ascii')


def ip(*lines):
    program = shutil.which('ip', path=f'{os.environ.get("PATH", "")}:/sbin:/usr/sbin')
    if not program:
        raise rig.Unavailable('no program ip')
    done = subprocess.run([program, '-batch', '-'], input='\n'.join(lines) + '\n', text=True, stderr=subprocess.PIPE, check=False)
    if done.returncode:
        raise rig.Unavailable(f'no taps in a bridge: {done.stderr.strip()}')


def make_bridge(lanes):
    lines = ['link add br0 type bridge', 'link set br0 up']
    for name in (f'tap{lane}s{side}' for lane in lanes for side in (0, 1)):
        lines += [f'tuntap add dev {name} mode tap vnet_hdr', f'link set dev {name} master br0 up']
    ip(*lines)


def make_lanes(daemon, directory):
    """All that are possible here."""
    def cards(model, fabric):
        return tuple(Nic(10 * side + len(lanes) + 1, model, fabric(side)) for side in (0, 1))

    lanes = []
    lanes.append(Lane(OURS, cards('vc-vmxnet3', lambda _: Connect(daemon, 'blue'))))
    for kind in ROOTLESS:
        lanes.append(Lane(f'vmxnet3 on {kind}', cards('vmxnet3', lambda side, kind=kind: Sockets(kind, directory, side))))
    try:
        make_bridge((0, 1))
    except rig.Unavailable as why:
        print(f'bench: no rows beside {BRIDGED}: {why}', file=sys.stderr)
        return lanes
    for n, model in enumerate(('vmxnet3', 'virtio-net-pci')):
        lanes.append(Lane(f'{model} on {BRIDGED}', cards(model, lambda side, n=n: Tap(n, side))))
    return lanes


@contextlib.contextmanager
def guests_with(lanes):
    """Both guests, up, with all cards."""
    vms = [Vm(f'bench-tcp-{side}', ['-name', f'guest{side}', *(a for lane in lanes for a in lane.cards[side].args())])
           for side in (0, 1)]
    try:
        for vm in vms:      # the first listens when the second comes
            vm.spawn()
            vm.settle()
        for side, vm in enumerate(vms):
            vm.sh('for m in vmxnet3 virtio_pci virtio_net; do modprobe $m; done')
            bring_up(vm, [lane.cards[side] for lane in lanes])
        yield vms
    finally:
        for vm in vms:
            vm.close()


def rows_of(lanes):
    ours = lanes[0]
    rootless = [lane for lane in lanes if any(lane.name.endswith(kind) for kind in ROOTLESS)]
    peers = [max(rootless, key=lambda lane: statistics.median(lane.column(0)))] if rootless else []
    for peer in peers + [lane for lane in lanes if lane.name.endswith(BRIDGED)]:
        for column, what in enumerate(('', ', a CPU second')):
            yield rig.row(f'TCP between two guests, {ours.name}{what}', 'MB/s', ours.column(column), peer.column(column), peer.name)


def say(lanes):
    for lane in lanes:
        clock, cpu_second = (statistics.median(lane.column(i)) for i in (0, 1))
        against = [statistics.median(a / b for a, b in zip(lanes[0].column(i), lane.column(i))) for i in (0, 1)]
        print(f'{lane.name:38} {clock:7.1f} MB/s, {cpu_second:7.1f} MB a CPU second; ours {against[0]:.2f}, {against[1]:.2f} '
              'times as many', file=sys.stderr)


def measure(args):
    with Daemon(CONFIG) as daemon, tempfile.TemporaryDirectory(prefix='vchassis-bench-') as tmp:
        directory = Path(tmp)
        ip('link set lo up')
        lanes = make_lanes(daemon, directory)
        lanes = lanes[:1] + [lane for lane in lanes[1:] if not args.lane or any(word in lane.name for word in args.lane)]
        with guests_with(lanes) as guests:
            pids = [guest.proc.pid for guest in guests] + [daemon.proc.pid]
            lanes.append(Lane('loopback inside a guest', lanes[0].cards[:1]))
            for lane in lanes:
                lane.measure(guests, pids, 2 * MB, False)       # warms up
                lane.rounds.clear()
            end = time.monotonic() + args.budget
            for n in range(args.rounds):
                if time.monotonic() > end:
                    print(f'bench: {n} rounds: {args.budget} s are over', file=sys.stderr)
                    break
                for lane in lanes:
                    lane.measure(guests, pids, args.bytes, n % 2)
        say(lanes)
        return list(rows_of(lanes))


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('--json', action='store_true', help='print the rows')
    ap.add_argument('--rounds', type=int, default=8)
    ap.add_argument('--bytes', type=int, default=64 * MB, help='of a stream')
    ap.add_argument('--budget', type=int, default=100, help='seconds after which no round begins')
    ap.add_argument('lane', nargs='*', help='only lanes with such words in their names, and ours')
    args, rows = ap.parse_args(), []
    try:
        own_namespace()
        rows = measure(args)
    except rig.Unavailable as why:
        print(f'bench: no rows of TCP between two guests: {why}', file=sys.stderr)
    if args.json:
        print(json.dumps(rows))


if __name__ == '__main__':
    try:
        main()
    except (Failed, EOFError, TimeoutError) as error:
        sys.exit(f'bench: {error}')
