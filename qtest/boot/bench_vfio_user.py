#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Cards of the daemon (vfio-user) beside those of the plug-in (connect=) and QEMU's own (stream): guest to guest.

Two guests by each way, on one daemon, one way at a time. A row has the figures of each round: TCP with frames of
1,514 bytes and with whole messages, pktgen at 1,514 bytes, and how long a guest's read of a register takes. Of
cards of the daemon, also messages and calls of the socket for each frame.

Cards of the daemon need a QEMU from 10.1 on ($VFIO_USER_QEMU); those of the plug-in run in the QEMU of the
launcher, another release of QEMU perhaps: compare QEMU's own cards in both first.
"""

import argparse
import json
import statistics
import sys
import time

import cases
import traffic
from cases import MB
from daemon import Connect, Daemon, Stream, VhostUser, together
from nics import Nic, bring_up
from tap import Failed, Skip
from test_vfio_user import Hosted, qemu_with_client
from vm import LAUNCHER, Vm

MODULES = 'for m in e1000 vmxnet3 pktgen; do modprobe $m; done'
READS = 40      # runs of ethtool -d, of which each reads a register some times


class Way:
    """Two guests with a card each, and QEMU that runs them."""

    def __init__(self, name, daemon, model, qemu):
        self.name, self.model, self.qemu, self.daemon = name, model, qemu, daemon
        fabric = {'connect': lambda: Connect(daemon, 'blue'), 'stock': lambda: Stream(daemon, 'stream.sock')}
        if name == 'vfio-user':
            self.cards = [Hosted(n, daemon, model) for n in (1, 2)]
        else:
            prefix = 'vc-' if name == 'connect' else ''
            self.cards = [Nic(n, prefix + model, fabric[name.split()[0]]()) for n in (1, 2)]

    def vms(self):
        return [Vm(f'bench-{self.name.replace(" ", "-")}-{n}', ['-name', f'b{n}', *VhostUser.memory(256), *card.args()],
                   machine='pc,memory-backend=mem', qemu=self.qemu) for n, card in enumerate(self.cards)]

    def state(self):
        return next((c['state'] for c in self.daemon.ask('query-connections') if c['id'] == 'n1'), None) \
            if self.name == 'vfio-user' else None


def offload(way, vms, words):
    for vm, card in zip(vms, way.cards):
        card.ethtool(vm, f'-K eth0 {words}')


def stream(way, vms, size):
    """Mb/s, and of a card of the daemon messages and calls for each frame that it sent or received."""
    before = way.state()
    rate = traffic.tcp(vms[0], way.cards[0], way.cards[1], size, sink_vm=vms[1], timeout=300)['mbps']
    if before is None:
        return rate, None, None
    after = way.state()
    frames = sum(after[k] - before[k] for k in ('tx-frames', 'rx-frames'))
    return rate, *((after[k] - before[k]) / frames for k in ('messages', 'socket-calls'))


def send(way, vms, frames):
    """kpps of pktgen, by the guest's clock"""
    begin = time.monotonic()
    cases.pktgen(vms[0], way.cards[0], frames, 1514, 16)
    return frames / (time.monotonic() - begin) / 1000


def register(way, vms, reads):
    """Microseconds of a read; reads: how many ethtool -d makes, which the daemon counts for its cards"""
    def run(what):
        begin = time.monotonic()
        way.cards[0].sh(vms[0], f'for i in $(seq {READS}); do ethtool {what} eth0 >/dev/null; done', 120)
        return time.monotonic() - begin

    before = way.state()
    idle, busy = run('-i'), run('-d')
    if before is not None:
        reads.append((way.state()['register-reads'] - before['register-reads']) / READS)
    return (busy - idle) * 1e6 / READS / reads[0] if reads else None


def measure(way, args, reads):
    rows = {}
    vms = way.vms()
    with together(*vms):
        for vm, card in zip(vms, way.cards):
            vm.sh(MODULES)
            bring_up(vm, [card])
        for n in range(args.rounds + 1):
            done = {}
            offload(way, vms, 'tso on gso on gro on')
            done['TCP, whole messages, Mb/s'], done['messages a frame (TSO)'], done['socket calls a frame (TSO)'] = \
                stream(way, vms, args.megabytes * MB)
            offload(way, vms, 'tso off gso off gro off')
            done['TCP, 1514 B, Mb/s'], done['messages a frame (1514 B)'], done['socket calls a frame (1514 B)'] = \
                stream(way, vms, args.megabytes * MB // 4)
            done['pktgen, 1514 B, kpps'] = send(way, vms, args.frames)
            done['read of a register, us'] = register(way, vms, reads)
            print(f'{way.name} {way.model} round {n}: {done}', file=sys.stderr)
            for key, value in done.items():
                if n and value is not None:     # the first round warms up
                    rows.setdefault(key, []).append(round(value, 2))
    return rows


def configuration(model):
    cards = [{'transport': 'vfio-user', 'address': f'n{n}.sock', 'ports': f'n{n}', 'model': model,
              'mac': f'52:54:00:76:63:{n:02x}'} for n in (1, 2)]
    blue = {'listen': [*cards, {'transport': 'stream', 'address': 'stream.sock', 'ports': 'stream%'}]}
    return {'switches': {'vswitch0': {'portgroups': {'blue': blue}}}}


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('--output', help='file for the rows [standard output]')
    ap.add_argument('--rounds', type=int, default=5)
    ap.add_argument('--frames', type=int, default=50000, help='of pktgen, a round')
    ap.add_argument('--megabytes', type=int, default=64, help='of a stream of whole messages')
    ap.add_argument('model', nargs='*', default=['e1000', 'vmxnet3'], help='models [e1000 vmxnet3]')
    args = ap.parse_args()
    new, rows = qemu_with_client(), []
    for model in args.model:
        reads = []
        for name, qemu in (('vfio-user', new), ('connect', LAUNCHER), ('stock', LAUNCHER), ('stock (newer QEMU)', new)):
            with Daemon(configuration(model)) as daemon:
                figures = measure(Way(name, daemon, model, qemu), args, reads)
            rows += [{'name': f'{model}, {name}: {key}', 'rounds': values, 'median': statistics.median(values)}
                     for key, values in figures.items()]
    text = json.dumps(rows, indent=2) + '\n'
    if args.output:
        with open(args.output, 'w', encoding='ascii') as file:
            file.write(text)
    else:
        print(text, end='')


if __name__ == '__main__':
    try:
        main()
    except (Failed, Skip, EOFError, TimeoutError) as error:
        sys.exit(f'bench: {error}')
