#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Cards that vswitchd hosts for a stock QEMU, without our plug-in: vfio-user.

Needs a QEMU from 10.1 on: $VFIO_USER_QEMU, or the one of the tests if it has vfio-user-pci, or the one that
newer_qemu.py unpacks beside it.
"""

import json
import os
import signal
import subprocess

import cases
import newer_qemu
import traffic
from cases import MB
from daemon import Connect, Daemon, VhostUser, together
from nics import Nic, bring_up
from tap import Skip, expect, main
from vm import BUILD, STOCK_QEMU, Vm

MODELS = {1: 'e1000', 2: 'vmxnet3', 3: 'pcnet', 4: 'vmxnet3'}
MODULES = 'for m in e1000 vmxnet3 pcnet32; do modprobe $m; done'


def has_client(qemu):
    try:
        answer = subprocess.run([qemu, '-device', 'vfio-user-pci,help'], capture_output=True, text=True,
                                check=False, timeout=60)
    except (OSError, subprocess.SubprocessError) as why:
        raise Skip(f'{qemu}: {why}') from why
    return 'vfio-user-pci options' in answer.stdout


def qemu_with_client():
    named = os.environ.get('VFIO_USER_QEMU')
    if named and not has_client(named):
        raise Skip(f'{named} has no vfio-user-pci: a QEMU from 10.1 on is needed')
    if named or has_client(STOCK_QEMU):
        return named or STOCK_QEMU
    try:
        return newer_qemu.ensure(BUILD)
    except newer_qemu.Unavailable as why:
        raise Skip(f'{STOCK_QEMU} has no vfio-user-pci, and no newer QEMU is to be had: {why}') from why


class Hosted(Nic):
    """A card of the daemon."""

    def __init__(self, number, daemon, model=None):
        super().__init__(number, model or MODELS[number], None)
        self.path = daemon.place / f'n{number}.sock'

    def args(self):
        return ['-device', json.dumps({'driver': 'vfio-user-pci', 'id': self.id,
                                       'socket': {'type': 'unix', 'path': str(self.path)}})]


def config():
    listen = [{'transport': 'vfio-user', 'address': f'n{n}.sock', 'ports': f'n{n}', 'model': model,
               'mac': f'52:54:00:76:63:{n:02x}'} for n, model in MODELS.items()]
    return {'switches': {'vswitch0': {'portgroups': {'blue': {'listen': listen}}}}}


def check_streams(t, daemon, one, two, cards):
    e1000, vmxnet3, pcnet, other = cards
    for a, b in ((e1000, pcnet), (vmxnet3, other), (e1000, other)):
        with t.case(f'{a.model} and {b.model} of two QEMUs without a plug-in exchange streams') as note:
            rates = [traffic.tcp(vm, x, y, 4 * MB, sink_vm=peer)['mbps']
                     for vm, x, peer, y in ((one, a, two, b), (two, b, one, a))]
            note(f'{rates[0]:.0f} and {rates[1]:.0f} Mb/s')
    with t.case('messages go from card to card whole') as note:
        counters = daemon.port('n2')['counters']
        note(f'{counters["in"]["gso"]} in, {counters["out"]["gso"]} out')
        expect(counters['in']['gso'] and counters['out']['gso'], 'none')
    with t.case('no stack found a checksum wrong'):
        for vm, card in zip((one, one, two, two), cards):
            wrong = cases.checksum_errors(card, vm)
            expect(not any(wrong.values()), f'{card.model}: {wrong}')


def check_takeover(t, daemon, one, two, cards):
    e1000, vmxnet3, pcnet, other = cards
    with t.case('another daemon takes over under streams of four cards: none breaks, every byte is right') as note:
        streams = [traffic.Stream(one, e1000, pcnet, 8 * MB, sink_vm=two),
                   traffic.Stream(two, other, vmxnet3, 32 * MB, sink_vm=one)]
        gaps = []

        def sent():
            return daemon.ask('query-connections', port='n1')[0]['state']['tx-frames']

        for _ in range(3):
            one.wait_for(lambda frames=sent(): sent() > frames + 100, 'the stream to flow')
            gaps.append(daemon.take_over())
        rates = [stream.finish()['mbps'] for stream in streams]
        note(f'gaps of {", ".join(f"{gap:.1f}" for gap in gaps)} ms; {rates[0]:.0f} and {rates[1]:.0f} Mb/s')


def check_state(t, daemon, cards):
    with t.case('the daemon knows its cards') as note:
        found = {c['id']: c['state'] for c in daemon.ask('query-connections') if c['plugged-in']}
        for card in cards:
            state = found[f'n{card.number}']
            expect(state['model'] == card.model and state['mac'] == card.mac, str(state))
            expect(state['memory-ranges'] and state['tx-frames'] and state['rx-frames'], str(state))
            note(f'n{card.number}: {state["tx-frames"]} sent, {state["interrupts"]} interrupts, '
                 f'{state["register-reads"]} reads, {state["register-writes"]} writes')


def check_again(t, daemon, one, two, cards):
    with t.case('a QEMU that is killed takes nothing with it'):
        two.proc.kill()
        two.proc.wait()
        one.wait_for(lambda: not any(c['plugged-in'] for c in daemon.ask('query-connections')
                                     if c['id'] in ('n3', 'n4')), 'the ports to be free')
        cards[0].sh(one, 'ip link show eth0')
    with t.case('no kernel complained'):
        expect(not one.oops(), f'{one.oops()}')


def group_vfio_user(t):
    qemu = qemu_with_client()
    with Daemon(config()) as daemon:
        cards = [Hosted(n, daemon) for n in MODELS]
        vms = [Vm(f'vfio-user-{name}', [*VhostUser.memory(256), *own[0].args(), *own[1].args()],
                  machine='pc,memory-backend=mem', qemu=qemu)
               for name, own in (('one', cards[:2]), ('two', cards[2:]))]
        with together(*vms) as (one, two):
            for vm, own in ((one, cards[:2]), (two, cards[2:])):
                vm.sh(MODULES)
                bring_up(vm, own)
            check_streams(t, daemon, one, two, cards)
            check_takeover(t, daemon, one, two, cards)
            check_state(t, daemon, cards)
            check_again(t, daemon, one, two, cards)


def ring(note, guests):
    """A stream from each guest to the next."""
    rates = [traffic.tcp(vm, card, peer, 2 * MB, sink_vm=other)['mbps']
             for (vm, card), (other, peer) in zip(guests, guests[1:] + guests[:1])]
    note(f'{", ".join(f"{rate:.0f}" for rate in rates)} Mb/s')


def check_neighbours(t, guests):
    (vm, card), *others = guests
    with t.case('cards of the daemon, of the plug-in and of virtio exchange streams') as note:
        ring(note, guests)
    with t.case('a QEMU that is stopped holds nobody up, and goes on later') as note:
        vm.proc.send_signal(signal.SIGSTOP)
        try:
            ring(note, others)
        finally:
            vm.proc.send_signal(signal.SIGCONT)
        traffic.ping(vm, card, others[0][1])
    with t.case('a QEMU that is killed under a stream takes nothing with it') as note:
        stream = traffic.Stream(others[0][0], others[0][1], card, 64 * MB, sink_vm=vm)
        before = card.link_counters(vm)['rx']['bytes']
        vm.wait_for(lambda: card.link_counters(vm)['rx']['bytes'] > before + MB, 'the stream to flow')
        vm.proc.kill()
        vm.proc.wait()
        ring(note, others)
        stream.source.kill()
    with t.case('no kernel of the others complained'):
        for other, _ in others:
            expect(not other.oops(), f'{other.oops()}')


def group_neighbours(t):
    qemu = qemu_with_client()
    mixed = config()
    blue = mixed['switches']['vswitch0']['portgroups']['blue']
    blue['listen'].append({'transport': 'vhost-user', 'address': 'vhost.sock', 'ports': 'vhost'})
    with Daemon(mixed) as daemon:
        cards = [Hosted(1, daemon), Hosted(2, daemon), Nic(5, 'vc-vmxnet3', Connect(daemon, 'blue')),
                 Nic(6, 'virtio-net-pci', VhostUser(daemon, 'vhost.sock'), **VhostUser.PROPS)]
        shared = {'machine': 'pc,memory-backend=mem'}
        vms = [Vm(f'vfio-user-n{i}', ['-name', f'n{i}', *VhostUser.memory(256), *card.args()], **shared,
                  **({'qemu': qemu} if isinstance(card, Hosted) else {})) for i, card in enumerate(cards)]
        with together(*vms):
            for vm, card in zip(vms, cards):
                vm.sh(f'{MODULES}; for m in virtio_pci virtio_net; do modprobe $m; done')
                bring_up(vm, [card])
            check_neighbours(t, list(zip(vms, cards)))


if __name__ == '__main__':
    main([group_vfio_user, group_neighbours])
