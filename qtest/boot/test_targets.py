#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Our cards in QEMU's other targets, of both byte orders: Linux and firmware carry traffic, and the data are compared.

targets.py has the guests. Each has its cards on one vc-switch, whose uplink is libslirp.
"""

import random
import zlib
from pathlib import Path

import foreign_image
import targets
import vm as vms
from foreign import ForeignVm
from guest_image import TOP, Unavailable
from nics import Nic, Switch, options
from tap import Skip, expect, main
from uplink import HOST, FileServer

MB = 1 << 20
STEPS = ('link', 'lease', 'ping', 'fetch', 'return', 'errors')
WORDS = 'panic=-1 quiet mitigations=off net.ifnames=0'


def world(cards, user='user,id=u0', slots=()):
    """Arguments for cards on a switch with an uplink, and the cards."""
    switch, where = Switch(), [{'addr': slot} for slot in slots] or [{}] * len(cards)
    nics = [Nic(i, card.device, switch, **dict(card.props), **at) for i, (card, at) in enumerate(zip(cards, where), 1)]
    uplink = ['-netdev', user, '-device', options('vc-port', {'id': 'up', 'switch': switch.name, 'netdev': 'u0'})]
    return [*switch.args(), *uplink, *(word for nic in nics for word in nic.args())], nics


def check_quiet(t, guest, vm):
    with t.case(f'{guest.name}: neither the guest nor a card complained'):
        expect(not vm.complaints(), '\n'.join(vm.complaints()))


# ---- Linux ----

def steps_of(said, mac):
    """What the init said of a card: step -> (verdict, more words); and the driver."""
    rows = [line.split(' ', 5) for line in said.splitlines() if line.startswith(f'vct: {mac} ')]
    return {row[3]: (row[4], *row[5:]) for row in rows}, rows[0][2] if rows else 'no driver'


def check_card(t, guest, card, nic, said, server):
    steps, driver = steps_of(said, nic.mac)
    with t.case(f'{guest.name}: {card.label} under {driver}: {guest.ran}') as note:
        expect(driver == targets.DRIVERS[card.device], said)
        wrong = {step: steps.get(step) for step in STEPS if steps.get(step, ('',))[0] != 'ok'}
        expect(not wrong, wrong)
        expect(steps['return'][1:] == ('same',) and f'/{nic.mac}' in server.returned, steps['return'])
        note(f'{steps["lease"][1].split(" lease ")[-1]}; frames: {steps["errors"][1]}')


def boot_linux(t, guest):
    try:
        image = foreign_image.ensure(guest.arch, vms.BUILD)
    except Unavailable as why:
        raise Skip(f'{guest.what}: {why}') from why
    args, nics = world(guest.cards, slots=guest.slots)
    with FileServer(MB, text=True) as server:
        words = f'console={guest.console} {WORDS} PEER={HOST}:{server.server.server_port}'
        boot = ['-kernel', str(image.kernel), '-initrd', str(image.initrd), '-append', words]
        with ForeignVm(guest, guest.name, [*boot, *args]) as vm:
            vm.wait_for('vct: end\n')
            vm.finish()
            said = '\n'.join(line for line in vm.console().splitlines() if line.startswith('vct: '))
            for card, nic in zip(guest.cards, nics):
                check_card(t, guest, card, nic, said, server)
            check_quiet(t, guest, vm)


def group_arm64(t):
    boot_linux(t, guest_called('arm64'))


def group_mipsel(t):
    boot_linux(t, guest_called('mipsel'))


def group_ppc64el(t):
    boot_linux(t, guest_called('ppc64el'))


# ---- firmware ----

def guest_called(name):
    return next(guest for guest in targets.GUESTS if guest.name == name)


def served_file(name, data):
    """A file for TFTP; returns the words for -netdev user."""
    place = vms.BUILD / 'guest' / 'run' / f'targets-tftp-{name}'
    place.mkdir(parents=True, exist_ok=True)
    (place / 'file').write_bytes(data)
    return f'user,id=u0,restrict=on,tftp={place},bootfile=file'


def forth_program(size):
    """A file that SLOF runs where it has loaded it: it prints two sums over its own bytes, and ends the machine."""
    head = f'''\\ the first word tells SLOF that this is Forth
: sums ( address length -- sum sum-of-sums ) 0 0 2swap bounds do i c@ rot + dup rot + loop ;
." vct: " load-base {size:x} sums u. u. cr reset-all
'''.encode()
    return head + random.Random(size).randbytes(size - len(head))


def sums(data):
    one = two = 0
    for byte in data:
        one += byte
        two += one
    return one, two


def group_slof(t):
    guest = guest_called('slof')
    data = forth_program(256 << 10)
    args, nics = world(guest.cards, served_file(guest.name, data))
    with ForeignVm(guest, guest.name, [*args, '-boot', 'n']) as vm:
        with t.case(f'{guest.name}: {guest.cards[0].label}: {guest.ran}'):
            found = vm.wait_for(r'vct: ([0-9a-f]+) ([0-9a-f]+)')
            vm.finish()
            expect(nics[0].mac in vm.console(), vm.console())
            two, one = (int(word, 16) for word in found.groups())
            expect((one, two) == sums(data), f'sums {one:x} and {two:x} of what came')
        check_quiet(t, guest, vm)


def boot_uboot(t, guest, card, address, prompt):
    if not Path(guest.machine[-1]).exists():
        raise Skip(f'no {guest.machine[-1]} here (package u-boot-qemu)')
    data = random.Random(card.label).randbytes(MB)
    args, nics = world([card], served_file(guest.name, data))
    with ForeignVm(guest, f'{guest.name}-{card.device}', args) as vm:
        with t.case(f'{guest.name}: {card.label}: {guest.ran}') as note:
            vm.wait_for('Hit any key')
            vm.type('')
            vm.wait_for(prompt)
            vm.type(f'dhcp {address}')
            vm.wait_for(r'Bytes transferred = (\d+)')
            vm.type(f'crc32 {address} ${{filesize}}')
            found = vm.wait_for(r'==> ([0-9a-f]{8})')
            note(vm.wait_for(r'DHCP client bound.*').group())
            expect(nics[0].mac in vm.console().lower(), vm.console())
            expect(int(found.group(1), 16) == zlib.crc32(data), f'CRC-32 {found.group(1)}, not {zlib.crc32(data):08x}')
        check_quiet(t, guest, vm)


def group_uboot_ppc(t):
    guest = guest_called('uboot-ppc')
    for card in guest.cards:
        boot_uboot(t, guest, card, '0x1000000', '\n=> ')


# ---- the guide ----

def group_guide(t):
    with t.case('the guide has the table of targets.py'):
        guide, table = (TOP / 'docs/guide.md').read_text(), '\n'.join(targets.table())
        expect(table in guide, f'docs/guide.md does not have what qtest/boot/targets.py prints:\n{table}')


if __name__ == '__main__':
    main([group_arm64, group_mipsel, group_ppc64el, group_slof, group_uboot_ppc, group_guide])
