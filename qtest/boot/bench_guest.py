#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Transmit rate of real drivers: the kernel's pktgen on our card and on the stock one, in the same guest.

Each card transmits alone, ours and its peers in turns, several rounds; a row has the figures of each round.
Every card is on a port of a vc-switch of its own with nobody else there, so what differs is the card. (QEMU's
hub is no measure: without a second card it takes no frame, and senders queue.) Frames per interrupt are
counted by the guest's kernel.
"""

import argparse
import json
import re
import sys

import cases
import vm as vms
from nics import Nic, Switch
from tap import Failed, expect

# ours, the peers it is compared with, modules of the drivers
CARDS = (
    ('vc-e1000', ('e1000',), ('e1000',)),
    ('vc-pcnet', ('pcnet',), ('pcnet32',)),
    ('vc-vmxnet3', ('vmxnet3', 'virtio-net-pci'), ('vmxnet3', 'virtio_pci', 'virtio_net')),
)
SIZES = (60, 1514)
BURST = 16
PCI_SLOTS = (4, 6, 8)       # their INTx lines are different ones, but for the third, which has MSI-X


class Round:
    """What one run of pktgen on one card came to."""

    def __init__(self, frames, microseconds, interrupts):
        self.kpps = frames * 1000 / microseconds
        self.per_interrupt = frames / max(interrupts, 1)


def transmit(vm, nic, size, frames):
    """Run pktgen on a card for a number of frames of this size."""
    before = nic.interrupts(vm)
    out = cases.pktgen(vm, nic, frames, size, BURST)
    result = re.search(r'Result: OK: (\d+)\(.*usec, (\d+) \(', out)
    expect(result and int(result.group(2)) >= frames, out)       # it ends with a whole burst
    return Round(int(result.group(2)), int(result.group(1)), nic.interrupts(vm) - before)


def rows_of(size, name, ours, peer, peer_name):
    for what, unit in (('kpps', 'kpps'), ('per_interrupt', 'frames/interrupt')):
        yield {'name': f'guest pktgen transmit, {name}, {size} B', 'unit': unit, 'better': 'higher',
               'ours': [round(getattr(r, what), 1) for r in ours], 'peer': [round(getattr(r, what), 1) for r in peer],
               'peer_name': peer_name}


def measure(ours, peers, modules, args):
    """All rows of one model."""
    fabrics = [Switch(f'sw{i}') for i in range(len(peers) + 1)]
    cards = [Nic(i + 1, model, fabric, addr=slot) for i, (model, fabric, slot)
             in enumerate(zip((ours, *peers), fabrics, PCI_SLOTS))]
    options = [a for f in fabrics for a in f.args()] + [a for c in cards for a in c.args()]
    rows = []
    with vms.Vm(f'bench-{ours}', options) as vm:
        vm.sh('; '.join(f'modprobe {m}' for m in (*modules, 'pktgen')))
        for card in cards:
            card.attach(vm)
        irqs = [card.irqs(vm) for card in cards]
        expect(len(set().union(*irqs)) == sum(map(len, irqs)), f'cards share interrupts: {irqs}')
        for size in SIZES:
            rounds = {card.model: [] for card in cards}
            for n in range(args.rounds + 1):
                for card in cards:
                    done = transmit(vm, card, size, args.frames)
                    if n:                       # the first round warms up
                        rounds[card.model].append(done)
                print(f'{ours} {size} B round {n}: ' + ', '.join(
                    f'{c.model} {rounds[c.model][-1].kpps:.0f}' for c in cards if rounds[c.model]), file=sys.stderr)
            for peer in peers:
                rows += rows_of(size, ours.removeprefix('vc-'), rounds[ours], rounds[peer], f'QEMU {peer}')
    return rows


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('--output', help='file for the rows [standard output]')
    ap.add_argument('--rounds', type=int, default=11)
    ap.add_argument('--frames', type=int, default=200000, help='a round')
    ap.add_argument('card', nargs='*', help='only these cards of ours')
    args = ap.parse_args()
    unknown = set(args.card) - {ours for ours, _, _ in CARDS}
    if unknown:
        ap.error(f'no such card: {" ".join(sorted(unknown))}')
    rows = []
    for ours, peers, modules in CARDS:
        if not args.card or ours in args.card:
            rows += measure(ours, peers, modules, args)
    text = json.dumps(rows, indent=2) + '\n'
    if args.output:
        with open(args.output, 'w', encoding='ascii') as file:
            file.write(text)
    else:
        print(text, end='')


if __name__ == '__main__':
    try:
        main()
    except (Failed, EOFError, TimeoutError) as error:
        sys.exit(f'bench: {error}')
