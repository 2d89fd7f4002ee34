#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""vc-pcnet in both its models under the pcnet32 driver of Debian's kernel."""

import cases
import traffic
from cases import MB
from nics import Nic, Switch, bring_up
from tap import expect, main
from vm import Vm

# model= of the card, and what the driver says of its link
MODELS = {'am79c970a': (10, ('Half', 'Full')), 'am79c973': (100, ('Full',))}


def name(nic):
    return nic.props['model']


def missed(nic, vm):
    return int(nic.sh(vm, 'cat /sys/class/net/eth0/statistics/rx_missed_errors'))


def check_link(t, vm, nic):
    mbps, duplexes = MODELS[name(nic)]
    with t.case(f'{name(nic)}: runs at {mbps} Mb/s') as note:
        found = cases.speed(nic, vm)
        note(found)
        expect(found[0] == mbps and found[1] in duplexes, found)


def check_setup(t, vm, nic):
    with t.case(f'{name(nic)}: says how the driver has set it up') as note:
        note(cases.check_setup(nic, vm, interrupt='intx', **{'software-style': 2, 'structure-bits': 32, 'interrupts': True}))


def check_streams(t, vm, nic, peer):
    with t.case(f'{name(nic)}: streams both ways, v4 and v6, arrive right and nothing is missed') as note:
        before = missed(nic, vm)
        note(cases.both_ways(vm, nic, peer, 8 * MB))
        note(cases.both_ways(vm, nic, peer, 4 * MB, v6=True))
        expect(missed(nic, vm) == before, f'missed {missed(nic, vm) - before} frames')
    with t.case(f'{name(nic)}: datagrams of every size around the padding and the buffer arrive'):
        for size in (16, 17, 18, 30, 1471, 1472, 1473, 4000):
            got = traffic.udp(vm, peer, nic, 50, size)
            expect(got['received'] == 50, f'to it, {size} bytes: {got}')
            got = traffic.udp(vm, nic, peer, 50, size)
            expect(got['received'] == 50, f'from it, {size} bytes: {got}')


def check_suspend(t, vm, nic, peer):
    """The driver changes its multicast list by suspending the card (CSR5 SPND) and waiting for it."""
    with t.case(f'{name(nic)}: the multicast list changes while traffic runs') as note:
        groups = range(64)
        batch = '\n'.join(f'maddr {verb} 01:00:5e:00:00:{n:02x} dev eth0' for verb in ('add', 'del') for n in groups)
        streams = [traffic.Stream(vm, nic, peer, 12 * MB), traffic.Stream(vm, peer, nic, 12 * MB)]
        rounds = 0
        while any(s.source.status is None for s in streams):
            vm.sh(f'ip -n {nic.ns} -batch - <<.\n{batch}\n.')
            rounds += 1
        note(f'{rounds * 2 * len(groups)} changes')
        for stream in streams:
            note(f'{stream.label} {stream.finish()["mbps"]:.0f} Mb/s')
        expect(rounds, 'the streams were too short')


def check_self_test(t, vm, nic):
    with t.case(f'{name(nic)}: ethtool -t offline passes') as note:
        note(cases.self_test(nic, vm))
        nic.wait_carrier(vm)


def boot(label, **kwargs):
    switch = Switch()
    nics = [Nic(i, 'vc-pcnet', switch, model=model) for i, model in enumerate(MODELS, 1)]
    other = Nic(9, 'virtio-net-pci', switch)
    args = switch.args() + [a for n in [*nics, other] for a in n.args()]
    return Vm(f'pcnet-{label}', args, **kwargs), nics, other


def load(vm, nics, other):
    vm.sh('modprobe pcnet32; modprobe virtio_pci; modprobe virtio_net')
    bring_up(vm, [*nics, other])


def group_models(t):
    vm, nics, other = boot('models')
    with vm:
        load(vm, nics, other)
        for nic in nics:
            check_link(t, vm, nic)
            check_setup(t, vm, nic)
            check_streams(t, vm, nic, other)
            check_suspend(t, vm, nic, other)
            with t.case(f'{name(nic)}: goes down and up three times'):
                cases.up_and_down(vm, nic, other, 3)
            check_self_test(t, vm, nic)
        with t.case('both models exchange streams') as note:
            note(cases.both_ways(vm, *nics, 4 * MB))
        with t.case('neither the kernel nor a device complained'):
            cases.quiet(vm)


def group_reload(t):
    vm, nics, other = boot('reload')
    with vm:
        load(vm, nics, other)
        cases.check_reload(t, vm, 'pcnet32', nics, other)


def group_newer_kernel(t):
    vm, nics, other = boot('newer', kernel='6.12')
    with vm:
        load(vm, nics, other)
        for nic in nics:
            with t.case(f'{name(nic)}: works with Linux {vm.release}') as note:
                note(cases.both_ways(vm, nic, other, 2 * MB))
            check_self_test(t, vm, nic)


if __name__ == '__main__':
    main([group_models, group_reload, group_newer_kernel])
