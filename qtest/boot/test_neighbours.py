#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""One vswitchd, five guests in QEMU processes of an ordinary user: each way to plug in, beside each other.

Four share a VLAN, with libslirp as its way out; the fifth is in another one.
"""

import itertools

import cases
import traffic
from cases import MB
from daemon import Connect, Daemon, Stream, VhostUser, together
from nics import Nic, bring_up
from tap import expect, main
from uplink import FileServer, fetch, lease
from vm import STOCK_QEMU, Vm

CONFIG = {'switches': {'vswitch0': {
    'portgroups': {
        'blue': {'vlan': 10, 'listen': [
            {'transport': 'vhost-user', 'address': 'vhost.sock', 'ports': 'vhost%'},
            {'transport': 'stream', 'address': 'stream.sock', 'ports': 'stream%'}]},
        'green': {'vlan': 20, 'listen': [{'transport': 'stream', 'address': 'green.sock', 'ports': 'green%'}]},
    },
    'ports': {'nat': {'portgroup': 'blue', 'connect': {'transport': 'slirp'}}},
}}}


def machines(daemon):
    """(Vm, its cards, their driver) of each guest; the fifth is the one of another VLAN."""
    blue, rest = Connect(daemon, 'blue'), {'who': daemon.who, 'memory': 192}
    vmxnet3, virtio = Nic(1, 'vc-vmxnet3', blue), Nic(2, 'virtio-net-pci', VhostUser(daemon, 'vhost.sock'), **VhostUser.PROPS)
    e1000, ours, beside = Nic(3, 'e1000', Stream(daemon, 'stream.sock')), Nic(4, 'vc-e1000', blue), Nic(5, 'e1000', blue)
    other = Nic(6, 'e1000', Stream(daemon, 'green.sock'))
    return ((Vm('first', ['-name', 'first', *vmxnet3.args()], **rest), [vmxnet3], 'vmxnet3'),
            (Vm('second', [*VhostUser.memory(192), *virtio.args()], machine='pc,memory-backend=mem', qemu=STOCK_QEMU, **rest),
             [virtio], 'virtio_net'),
            (Vm('third', e1000.args(), qemu=STOCK_QEMU, **rest), [e1000], 'e1000'),
            (Vm('fourth', ['-name', 'fourth', *ours.args(), *beside.args()], **rest), [ours, beside], 'e1000'),
            (Vm('fifth', other.args(), qemu=STOCK_QEMU, **rest), [other], 'e1000'))


def label(vm, card):
    return f'{card.model} of {vm.name}'


def check_pairs(t, cards):
    for (one, a), (two, b) in itertools.combinations(cards, 2):
        if one is two:
            continue
        with t.case(f'{label(one, a)} and {label(two, b)} exchange streams') as note:
            rates = [traffic.tcp(vm, x, y, 2 * MB, sink_vm=peer)['mbps']
                     for vm, x, peer, y in ((one, a, two, b), (two, b, one, a))]
            note(f'{rates[0]:.0f} and {rates[1]:.0f} Mb/s')
    with t.case('no stack found a checksum wrong'):
        for vm, card in cards:
            wrong = cases.checksum_errors(card, vm)
            expect(not any(wrong.values()), f'{label(vm, card)}: {wrong}')


def check_way_out(t, cards):
    with FileServer(2 * MB) as server:
        for vm, card in cards:
            with t.case(f'{label(vm, card)} gets a lease, and a file from outside') as note:
                note(lease(vm, card))
                note(f'{fetch(vm, card, server):.0f} Mb/s')


def check_vlan(t, daemon, vm, card, before):
    with t.case('the guest in another VLAN has heard nothing, and gets no lease'):
        heard = card.link_counters(vm)['rx']['packets'] - before
        expect(not heard, f'it has heard {heard} frames')
        status, _ = vm.run(f'ip netns exec {card.ns} udhcpc -i eth0 -f -q -n -t 2 -T 1 -s /bin/udhcpc.sh')
        expect(status, 'it was given a lease')
        expect(daemon.port('green1')['counters']['in']['broadcast']['frames'], 'its requests did not reach the switch')


def group_neighbours(t):
    with Daemon(CONFIG) as daemon:
        rows = machines(daemon)
        with together(*(vm for vm, _, _ in rows)):
            for vm, own, driver in rows:
                vm.sh(f'modprobe virtio_pci; modprobe {driver}')
                bring_up(vm, own)
            *near, (stranger, (lone,), _) = rows
            cards = [(vm, card) for vm, own, _ in near for card in own]
            before = lone.link_counters(stranger)['rx']['packets']
            check_pairs(t, cards)
            check_way_out(t, cards)
            check_vlan(t, daemon, stranger, lone, before)
            with t.case('no kernel complained'):
                for vm, _, _ in rows:
                    expect(not vm.oops(), f'{vm.name}: {vm.oops()}')


if __name__ == '__main__':
    main([group_neighbours])
