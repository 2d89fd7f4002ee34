#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""One vswitchd, two guests in two QEMU processes: our cards on ports with connect=, and stock ones."""

import cases
import traffic
from cases import MB
from daemon import Connect, Daemon, VhostUser, together
from nics import Nic, bring_up
from tap import expect, main
from vm import Vm

CONFIG = {'switches': {'vswitch0': {'portgroups': {
    'blue': {'listen': [{'transport': 'vhost-user', 'address': 'vhost.sock', 'ports': 'vhost%'}]},
}}}}
MODULES = 'for m in e1000 vmxnet3 virtio_pci virtio_net; do modprobe $m; done'


def exchange(one, a, two, b, size):
    """A checked stream each way between guests; returns their Mb/s as text."""
    rates = [traffic.tcp(vm, x, y, size, sink_vm=peer)['mbps']
             for vm, x, peer, y in ((one, a, two, b), (two, b, one, a))]
    return f'{rates[0]:.0f} and {rates[1]:.0f} Mb/s'


def check_streams(t, daemon, one, two, cards):
    e1000, virtio, vmxnet3, vhost = cards
    for a, b in ((e1000, vmxnet3), (e1000, vhost), (virtio, vmxnet3), (virtio, vhost)):
        with t.case(f'{a.model} and {b.model} of two QEMUs exchange streams') as note:
            note(exchange(one, a, two, b, 4 * MB))
    with t.case('whole messages reach the daemon and leave it') as note:
        for name in 'one.p1', 'two.p3':
            counters = daemon.port(name)['counters']
            note(f'{name}: {counters["in"]["gso"]} in, {counters["out"]["gso"]} out, {counters["segmented"]} cut')
            expect(counters['in']['gso'] and counters['out']['gso'] and not counters['segmented'], 'not so')
    with t.case('no stack found a checksum wrong'):
        for vm, card in zip((one, one, two, two), cards):
            wrong = cases.checksum_errors(card, vm)
            expect(not any(wrong.values()), f'{card.model}: {wrong}')


def check_identity(t, daemon, cards):
    with t.case('the daemon knows who is plugged in'):
        found = {c['id']: c for c in daemon.ask('query-connections')}
        for name, card, vm in (('one.p1', cards[0], 'one'), ('one.p2', cards[1], 'one'), ('two.p3', cards[2], 'two')):
            client = found[name]['client']
            expect(client['vm'] == vm and client['kind'] == card.model, f'{name}: {client}')
            expect(daemon.port(name)['mac'] == card.mac, f'{name}: {daemon.port(name)}')


def check_restart(t, daemon, one, two, cards):
    e1000, virtio, vmxnet3, vhost = cards
    with t.case('streams go on over a daemon that was killed and started again') as note:
        streams = [traffic.Stream(one, e1000, vmxnet3, 16 * MB, sink_vm=two),
                   traffic.Stream(two, vhost, virtio, 16 * MB, sink_vm=one)]
        one.wait_for(lambda: daemon.port('two.p3')['counters']['out']['unicast']['frames'] > 100, 'frames to flow')
        daemon.kill()
        vmxnet3.wait_carrier(two, up=False)
        daemon.start()
        for card, vm in ((e1000, one), (virtio, one), (vmxnet3, two), (vhost, two)):
            card.wait_carrier(vm)
        for stream in streams:
            note(f'{stream.label}: {stream.finish()["mbps"]:.0f} Mb/s')
    with t.case('neither kernel complained'):
        expect(not one.oops() and not two.oops(), f'{one.oops()} {two.oops()}')


def group_daemon(t):
    with Daemon(CONFIG) as daemon:
        blue = Connect(daemon, 'blue')
        cards = [Nic(1, 'vc-e1000', blue), Nic(2, 'virtio-net-pci', blue), Nic(3, 'vc-vmxnet3', blue),
                 Nic(4, 'virtio-net-pci', VhostUser(daemon, 'vhost.sock'), **VhostUser.PROPS)]
        vms = (Vm('daemon-one', ['-name', 'one', *cards[0].args(), *cards[1].args()]),
               Vm('daemon-two', ['-name', 'two', *VhostUser.memory(256), *cards[2].args(), *cards[3].args()],
                  machine='pc,memory-backend=mem'))
        with together(*vms) as (one, two):
            for vm, own in ((one, cards[:2]), (two, cards[2:])):
                vm.sh(MODULES)
                bring_up(vm, own)
            check_identity(t, daemon, cards)
            check_streams(t, daemon, one, two, cards)
            check_restart(t, daemon, one, two, cards)


if __name__ == '__main__':
    main([group_daemon])
