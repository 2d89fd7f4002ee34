#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Network boot: the distribution's boot ROMs (iPXE) drive our cards, under SeaBIOS and OVMF, and hand over to Linux.

Each guest has the card under test, which is to boot, and virtio-net before it, which is not.
"""

import re

import cases
import traffic
from cases import MB
from netboot import HARMLESS, NetbootVm, Page
from nics import Nic, Switch, bring_up, options
from tap import expect, main
from uplink import fetch, lease

# label: device, properties, what iPXE calls the chip, module of Linux
CARDS = {
    '82540em': ('vc-e1000', {}, '82540em', 'e1000'),
    '82544gc': ('vc-e1000-82544gc', {}, '82544gc', 'e1000'),
    '82545em': ('vc-e1000-82545em', {}, '82545em', 'e1000'),
    'am79c970a': ('vc-pcnet', {'model': 'am79c970a'}, 'pcnet32', 'pcnet32'),
    'am79c973': ('vc-pcnet', {'model': 'am79c973'}, 'pcnet32', 'pcnet32'),
    'vmxnet3': ('vc-vmxnet3', {}, 'vmxnet3', 'vmxnet3'),
    'vmxnet3-rev1': ('vc-vmxnet3', {'rev': 1}, 'vmxnet3', 'vmxnet3'),
}
# The ROM of the PCnet takes it that there is a link.
SEES_LINK = set(CARDS) - {'am79c970a', 'am79c973'}
SLOT = 0x10
EXPRESS = ['-device', f'pcie-root-port,id=express,chassis=1,addr={SLOT:#x}']


def boot(label, **kwargs):
    """A guest with a card and another that is later in the order, though not in the machine."""
    device, props, _, _ = CARDS[label]
    firmware = ''.join(k for k in ('uefi', 'undi') if kwargs.get(k)) or 'bios'
    where = {'bus': 'express'} if kwargs.get('machine') == 'q35' else {'addr': f'{SLOT:#x}'}
    switch = Switch()
    nic = Nic(1, device, switch, bootindex=1, **where, **props)
    other = Nic(9, 'virtio-net-pci', switch, bootindex=2, addr='0x8')
    args = [*switch.args(), '-device', options('vc-port', {'id': 'up', 'switch': switch.name, 'netdev': 'u0'}),
            *(EXPRESS if 'bus' in where else []), *other.args(), *nic.args()]
    return NetbootVm(f'firmware-{firmware}-{label}', args, plug=nic.id if label in SEES_LINK else '', **kwargs), nic, other


def check_boot(t, vm, label, nic):
    """What the firmware has said, now that the guest it loaded is up."""
    chip = 'undionly' if vm.undi else CARDS[label][2]
    with t.case(f'{vm.name}: the ROM boots the card that is first in the order') as note:
        screen = vm.screen()
        if not vm.uefi:
            started = re.search(r'Booting from ROM\.+\s*iPXE \(PCI (\S+)\) starting', screen)
            expect(started and started.group(1) == f'00:{SLOT:02x}.0', screen)
        told = re.search(r'card: ?(\S{17}) ?(\w+?) ?(10\.0\.2\.\d+) ?(pcbios|efi)\.', screen)
        expect(told, screen)
        note(' '.join(told.groups()))
        expect(told.group(1, 2, 4) == (nic.mac, chip, 'efi' if vm.uefi else 'pcbios'), told.groups())
    with t.case(f'{vm.name}: loads kernel and files over TFTP and HTTP, every byte right') as note:
        note(f'{vm.check_sums() / 1e6:.1f} MB')
    with t.case(f'{vm.name}: iPXE counts no errors') as note:
        counters, errors = vm.counters()
        note(f'{counters} {errors}')
        for kind, count, text in errors:
            expect(re.search(HARMLESS[kind], text), f'{count} {kind}: {text}')
        frames = nic.stats(vm)
        note(f'the card: {frames["rx-frames"]} frames in, {frames["tx-frames"]} out')


def check_hand_over(t, vm, label, nic, other):
    """The operating system's driver gets the card as the firmware left it."""
    with t.case(f'{vm.name}: Linux\'s driver takes over') as note:
        vm.sh(f'modprobe {CARDS[label][3]}; modprobe virtio_pci; modprobe virtio_net')
        bring_up(vm, [nic, other])
        note(lease(vm, nic))
        note(f'{fetch(vm, nic, Page(vm, "http")):.0f} Mb/s from the network it booted from')
        note(cases.both_ways(vm, nic, other, 2 * MB))


def check_quiet(t, vm):
    with t.case(f'{vm.name}: neither the kernel nor a device complained'):
        # OVMF looks for a TPM, a LAPIC and the like where there is none; the cards speak under their ids.
        blamed = [line for line in vm.guest_errors().splitlines() if not line.startswith('Invalid ')]
        expect(not vm.oops() and not blamed, '\n'.join([*vm.oops(), *blamed]))
        expect(not vm.said(), vm.said())


def check_card(t, label, **kwargs):
    vm, nic, other = boot(label, **kwargs)
    with vm:
        check_boot(t, vm, label, nic)
        check_hand_over(t, vm, label, nic, other)
        check_quiet(t, vm)


def check_restart(t, label):
    """Firmware gets the card back from a driver that was not asked: the machine is reset under traffic."""
    vm, nic, other = boot(label)
    with vm:
        check_boot(t, vm, label, nic)
        check_hand_over(t, vm, label, nic, other)
        with t.case(f'{vm.name}: the machine is reset under traffic, and boots over the card again'):
            for pair in ((nic, other), (other, nic)):
                traffic.Stream(vm, *pair, 1 << 40)
            before = nic.stats(vm)['tx-frames']
            vm.wait_for(lambda: nic.stats(vm)['tx-frames'] > before + 1000, 'the streams to start')
            vm.qmp('set-action', reboot='reset')
            vm.qmp('system_reset')
            vm.boot()
            vm.check_sums()
        check_quiet(t, vm)


def group_82540em(t):
    check_card(t, '82540em')


def group_82544gc(t):
    check_card(t, '82544gc')


def group_82545em(t):
    check_restart(t, '82545em')


def group_am79c970a(t):
    check_card(t, 'am79c970a')


def group_am79c973(t):
    check_restart(t, 'am79c973')


def group_vmxnet3(t):
    check_restart(t, 'vmxnet3')


def group_vmxnet3_rev1(t):
    check_card(t, 'vmxnet3-rev1')


def group_uefi_e1000(t):
    check_card(t, '82540em', uefi=True)


def group_uefi_pcnet(t):
    check_card(t, 'am79c973', uefi=True)


def group_uefi_vmxnet3(t):
    check_card(t, 'vmxnet3', uefi=True, machine='q35')


def group_undi(t):
    check_card(t, '82545em', undi=True)


if __name__ == '__main__':
    # the slow ones first
    main([group_undi, group_82545em, group_am79c973, group_vmxnet3, group_uefi_e1000, group_uefi_pcnet, group_uefi_vmxnet3,
          group_82540em, group_82544gc, group_am79c970a, group_vmxnet3_rev1])
