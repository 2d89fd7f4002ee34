#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What is booted on which of QEMU's targets: the one list that the suite "targets" and the guide read.

Run by itself it prints the guide's table; test_targets.py sees that the guide has it.
"""

from dataclasses import dataclass

LITTLE, BIG = 'little', 'big'


@dataclass(frozen=True)
class Card:
    """A device, and how it is called where one line must do."""
    device: str
    props: tuple = ()

    @property
    def label(self):
        return ' '.join((self.device, *(value for _, value in self.props)))


E1000 = (Card('vc-e1000'), Card('vc-e1000-82544gc'), Card('vc-e1000-82545em'))
PCNET = (Card('vc-pcnet', (('model', 'am79c970a'),)), Card('vc-pcnet', (('model', 'am79c973'),)))
VMXNET3 = (Card('vc-vmxnet3'),)
# Linux's driver of each card
DRIVERS = {'vc-e1000': 'e1000', 'vc-e1000-82544gc': 'e1000', 'vc-e1000-82545em': 'e1000', 'vc-pcnet': 'pcnet32',
           'vc-vmxnet3': 'vmxnet3'}


@dataclass(frozen=True)
class Guest:
    """A guest of the suite."""
    name: str
    target: str        # of QEMU
    package: str       # that has the target
    order: str         # of bytes, while our cards are driven
    what: str          # runs, for the guide
    ran: str           # what it does with each card
    cards: tuple
    machine: tuple     # arguments of QEMU
    arch: str = ''     # Debian's, if it is Linux
    console: str = ''  # the kernel's name of the first serial port
    slots: tuple = ()  # of the PCI bus, where not all have interrupts


LINUX = 'lease, ping, 1 MB fetched and sent back over HTTP and compared'
PSERIES = 'pseries,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,cap-ccf-assist=off'
GUESTS = (
    Guest('arm64', 'aarch64', 'qemu-system-arm', LITTLE, 'Linux, Debian arm64', LINUX, E1000 + PCNET + VMXNET3,
          ('-M', 'virt', '-cpu', 'cortex-a57', '-m', '256'), 'arm64', 'ttyAMA0'),
    Guest('mipsel', 'mipsel', 'qemu-system-mips', LITTLE, 'Linux, Debian 12 mipsel', LINUX, E1000 + PCNET,
          ('-M', 'malta', '-cpu', '24Kf', '-m', '256'), 'mipsel', 'ttyS0', ('0x12', '0x13', '0x14', '0x15', '0xb')),
    Guest('ppc64el', 'ppc64', 'qemu-system-ppc', LITTLE, 'Linux, Debian ppc64el', LINUX, E1000 + PCNET,
          ('-M', PSERIES + ',x-vof=on', '-cpu', 'power9', '-m', '512'), 'ppc64el', 'hvc0'),
    Guest('slof', 'ppc64', 'qemu-system-ppc', BIG, 'SLOF, the firmware of pseries', 'lease, 256 KiB over TFTP, summed up',
          E1000[:1], ('-M', PSERIES, '-cpu', 'power9', '-m', '512')),
    Guest('uboot-ppc', 'ppc', 'qemu-system-ppc', BIG, 'U-Boot for ppce500', 'lease, 1 MB over TFTP, its CRC-32 compared',
          E1000, ('-M', 'ppce500', '-m', '256', '-kernel', '/usr/lib/u-boot/qemu-ppce500/uboot.elf')),
)


def drivers(guest):
    if not guest.arch:
        return 'its own'
    return ', '.join(dict.fromkeys(DRIVERS[card.device] for card in guest.cards))


def table():
    """Lines of markdown."""
    yield '| target | byte order | guest | its drivers | cards | what ran with each card |'
    yield '|---|---|---|---|---|---|'
    for guest in GUESTS:
        cards = ', '.join(card.label for card in guest.cards)
        yield f'| {guest.target} | {guest.order} | {guest.what} | {drivers(guest)} | {cards} | {guest.ran} |'


if __name__ == '__main__':
    print('\n'.join(table()))
