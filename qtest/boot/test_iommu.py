#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Cards behind a virtual IOMMU: every address that a driver gives them is translated, and may be gone a moment later.

Our short way to guest memory is for machines without one; here each access asks QEMU for a translation.
"""

import re

import cases
import traffic
from cases import MB
from nics import Nic, Switch, bring_up
from tap import expect, main
from vm import Vm

CARDS = (('vc-vmxnet3', {'queues': 2}), ('vc-e1000', {}), ('vc-e1000-82545em', {}),
         ('vc-pcnet', {'model': 'am79c970a'}), ('vc-pcnet', {'model': 'am79c973'}))
DRIVERS = ('vmxnet3', 'e1000', 'pcnet32', 'virtio_pci', 'virtio_net')


def name(nic):
    return nic.props.get('model', nic.model)


def boot(label, words):
    switch = Switch()
    nics = [Nic(i, model, switch, **props) for i, (model, props) in enumerate(CARDS, 1)]
    other = Nic(31, 'virtio-net-pci', switch)
    args = ['-device', 'intel-iommu'] + switch.args() + [a for n in (*nics, other) for a in n.args()]
    return Vm(f'iommu-{label}', args, machine='q35', smp=2, append=f'intel_iommu=on {words}'), nics, other


def load(vm, nics):
    vm.sh('; '.join(f'modprobe {driver}' for driver in DRIVERS))
    bring_up(vm, nics)


def faults(vm):
    """What the IOMMU refused: lines of the kernel."""
    return vm.sh('dmesg | grep -E "DMAR: .*(fault|PTE|Request device)" || true').strip()


def check_translated(t, label, vm, nics):
    with t.case(f'{label}: the cards are behind the IOMMU') as note:
        note('; '.join(re.findall(r'iommu: (.*(?:type|policy).*)', vm.sh('dmesg'))))
        for nic in nics:
            kind = nic.sh(vm, 'cat /sys/class/net/eth0/device/iommu_group/type').strip()
            expect(re.match('DMA', kind), f'{name(nic)}: {kind}')


def check_streams(t, label, vm, nic, other):
    with t.case(f'{label}: {name(nic)}: streams both ways, v4 and v6') as note:
        note(cases.both_ways(vm, nic, other, 4 * MB))
        note(cases.both_ways(vm, nic, other, 2 * MB, v6=True))
        traffic.udp(vm, other, nic, 500, 1000, per_second=2000)


def check_reload(t, label, vm, nics):
    with t.case(f'{label}: drivers are loaded again, with all addresses new') as note:
        for _ in range(3):
            vm.sh('; '.join(f'rmmod {driver}' for driver in DRIVERS[:3]))
            load(vm, nics)
        note(cases.both_ways(vm, nics[0], nics[1], 4 * MB))


def check(t, label, words):
    vm, nics, other = boot(label, words)
    with vm:
        load(vm, [*nics, other])
        check_translated(t, label, vm, nics)
        for nic in nics:
            check_streams(t, label, vm, nic, other)
        with t.case(f'{label}: between two of them, whole messages and jumbo frames') as note:
            note(cases.both_ways(vm, nics[0], nics[1], 8 * MB))
            cases.set_mtu(vm, nics[:2], 9000)
            note(cases.both_ways(vm, nics[0], nics[1], 8 * MB))
        check_reload(t, label, vm, nics)
        with t.case(f'{label}: the IOMMU refused nothing, and nobody complained'):
            expect(not faults(vm), faults(vm))
            cases.quiet(vm)


def group_lazy(t):
    """Translations outlive their buffers a while."""
    check(t, 'lazy', 'iommu.strict=0')


def group_strict(t):
    """Translations end with their buffers."""
    check(t, 'strict', 'iommu.strict=1')


if __name__ == '__main__':
    main([group_lazy, group_strict])
