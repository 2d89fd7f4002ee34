#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Boot a guest by hand, with any cards, for a look or a reproduction.

    run-guest.py --nic vc-e1000 --nic virtio-net-pci -- 'ip netns exec ns1 ping -c 3 10.118.99.2'

Card N is eth0 of the namespace nsN with 10.118.99.N, on port pN of the switch sw0 (--hub: on QEMU's own
hub). Without a command, each line read from the terminal is run in the guest, "qmp NAME [JSON]" and
"hmp LINE" go to QEMU. Arguments after --qemu-args go to QEMU as they are.
"""

import argparse
import json
import shlex
import sys

import nics
import vm as vms
from qmp import QmpError
from tap import Failed

DRIVERS = 'e1000 pcnet32 vmxnet3 virtio_pci virtio_net'


def parse():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('--nic', action='append', default=[], metavar='MODEL[,PROPERTY=VALUE...]')
    ap.add_argument('--port', action='append', default=[], metavar='PROPERTY=VALUE,...',
                    help='properties of the first, second, ... port')
    ap.add_argument('--hub', action='store_true', help='QEMU\'s hub instead of a vc-switch')
    ap.add_argument('--stock', action='store_true', help='the plain QEMU instead of the launcher')
    ap.add_argument('--kernel', default='stable', help='stable or 6.12')
    ap.add_argument('--append', default='', help='words for the kernel\'s command line')
    ap.add_argument('--machine', default='pc')
    ap.add_argument('--smp', type=int, default=1)
    ap.add_argument('--memory', type=int, default=256)
    ap.add_argument('--bare', action='store_true', help='load no driver and attach no card')
    ap.add_argument('--show', action='store_true', help='print QEMU\'s command line')
    ap.add_argument('--timeout', type=int, default=300, help='seconds a command may take')
    ap.add_argument('--qemu-args', default='', help='more arguments for QEMU, as one word')
    ap.add_argument('command', nargs='*')
    return ap.parse_args()


def properties(text):
    return dict(word.split('=', 1) for word in text.split(',') if word)


def cards(args):
    fabric = nics.Hub() if args.hub else nics.Switch()
    made = []
    for i, text in enumerate(args.nic):
        model, _, props = text.partition(',')
        port = properties(args.port[i]) if i < len(args.port) else {}
        made.append(nics.Nic(i + 1, model, fabric, port=port, **properties(props)))
    return fabric, made


def obey(guest, line, timeout):
    word, _, rest = line.partition(' ')
    if word == 'qmp':
        name, _, arguments = rest.partition(' ')
        print(json.dumps(guest.qmp(name, **json.loads(arguments or '{}')), indent=2))
        return 0
    if word == 'hmp':
        print(guest.hmp(rest))
        return 0
    status, output = guest.run(line, timeout)
    print(output, end='')
    return status


def converse(guest, timeout):
    while True:
        try:
            line = input('guest# ')
        except EOFError:
            return 0
        try:
            if line:
                obey(guest, line, timeout)
        except (Failed, QmpError, TimeoutError, ValueError) as why:
            print(why)


def main():
    args = parse()
    fabric, made = cards(args)
    extra = [*fabric.args(), *(a for c in made for a in c.args()), *shlex.split(args.qemu_args)]
    machine = vms.Vm('by-hand', extra, kernel=args.kernel, smp=args.smp, memory=args.memory, append=args.append,
                     machine=args.machine, qemu=vms.STOCK_QEMU if args.stock else vms.LAUNCHER)
    if args.show:
        print(shlex.join(machine.command))
    with machine as guest:
        if not args.bare:
            guest.sh(f'for m in {DRIVERS}; do modprobe $m; done')
            for card in made:
                card.attach(guest, link=False)
        status = obey(guest, ' '.join(args.command), args.timeout) if args.command else converse(guest, args.timeout)
        for text in (guest.said(), guest.guest_errors(), *guest.oops()):
            if text:
                print(text.rstrip(), file=sys.stderr)
    sys.exit(status)


if __name__ == '__main__':
    try:
        main()
    except (Failed, EOFError, TimeoutError) as error:
        sys.exit(f'run-guest: {error}')
