# SPDX-License-Identifier: GPL-2.0-or-later
"""Guests that QEMU does not load: their firmware does, over the card under test.

SeaBIOS or OVMF run the boot ROM that the card carries, the distribution's iPXE. It takes a lease from
libslirp, behind an uplink of our switch, and a script over TFTP, which loads Debian's kernel and the
initramfs of guest_image.py. Two files of random bytes travel in archives of their own, one over TFTP (a
frame at a time), one over HTTP (as many as the window lets): the guest tells their sums when it is up.
With undi=, the ROM's driver is used the way that other network boot programs use it: through its UNDI, in
real mode, with interrupts. That is slow, so the kernel is what comes over HTTP then, and nothing else.

Nothing leaves QEMU: libslirp is restricted, and its HTTP server is a busybox on a pipe of libslirp's.
The firmware speaks on the first serial port, so what iPXE says is found in console.log.
"""

import gzip
import hashlib
import random
import re
import subprocess
import threading
from functools import cached_property
from pathlib import Path

import guest_image
import vm as vms
from tap import Failed, Skip, expect
from vm import Vm

MB = 1 << 20
WEB = '10.0.2.100'
OVMF = ('/usr/share/OVMF/OVMF_CODE_4M.fd', '/usr/share/OVMF/OVMF_VARS_4M.fd')
UNDI = Path('/usr/lib/ipxe/undionly.kpxe')
# net0 is closed and opened in the middle; what DHCP said stays.
LOAD = '''#!ipxe
{first}
echo card: ${{net0/mac}} ${{net0/chip}} ${{net0/ip}} ${{platform}}.
kernel {kernel} {words}
initrd tftp
ifclose net0
ifopen net0
{more}
ifstat
boot
'''
# What iPXE says when it waits two seconds for a key, and when it has opened a card that has no link.
BANNER = 'for the iPXE command line'
NO_LINK = 'Waiting for link-up on net0'
# iPXE over the UNDI of the ROM's own iPXE gets the same script again.
CHAIN = 'iseq ${net0/chip} undionly || chain undionly.kpxe'
# What iPXE counts as an error and is none: buffers it takes back as it closes a card; on Intel's cards each
# time that RXO told it that the ring ran empty (ENOBUFS of its driver; the frames wait at the port); a frame
# it has for UNDI before that is open; ICMPv6 that it does not know, such as the reports of OVMF's own stack.
HARMLESS = {
    'TXE': r'Operation canceled|Network unreachable \(https?://ipxe.org/28086011\)',
    'RXE': r'Operation canceled|https?://ipxe.org/2a6540|https?://ipxe.org/3c0460',
}


def ovmf_version():
    """By its package; not by what it does, so that a ROM that fails is not taken for another firmware."""
    shown = subprocess.run(['dpkg-query', '-W', '-f', '${Version}', 'ovmf'], stdout=subprocess.PIPE,
                           stderr=subprocess.DEVNULL, text=True, check=False)
    return shown.stdout


class Files:
    """What the network has for the guest, made once for all guests of a suite."""

    def __init__(self, guest):
        self.dir = vms.BUILD / 'guest' / 'run' / 'netboot-files'
        self.dir.mkdir(parents=True, exist_ok=True)
        self.sums = {}
        self.link('kernel', guest.bzimage)
        self.write('tftp', 2 * MB, gzip.compress(guest.initrd.read_bytes(), 1))
        self.write('http', 8 * MB)
        if UNDI.exists():
            self.link('undionly.kpxe', UNDI)

    def link(self, name, target):
        (self.dir / name).unlink(missing_ok=True)
        (self.dir / name).symlink_to(target)

    def write(self, name, size, before=b''):
        data, ar = random.Random(name).randbytes(size), guest_image.Cpio()
        ar.file(f'sent/{name}', data)
        self.sums[name] = hashlib.sha256(data).hexdigest()
        (self.dir / name).write_bytes(before + b'\0' * (-len(before) % 4) + ar.bytes())

    lock, made = threading.Lock(), None

    @classmethod
    def get(cls, guest):
        with cls.lock:
            cls.made = cls.made or cls(guest)
            return cls.made


class NetbootVm(Vm):
    """A guest that one of its cards boots. uefi: OVMF instead of SeaBIOS; undi: through the UNDI of the ROM."""

    def __init__(self, name, args=(), *, uefi=False, undi=False, plug='', machine='pc', **kwargs):
        """plug: id of a card whose cable is plugged when the firmware waits for it."""
        self.uefi, self.undi, self.plug, self.boots = uefi, undi, plug, 0
        if uefi and not all(Path(p).exists() for p in OVMF):
            raise Skip('no OVMF here (package ovmf)')
        if uefi and ovmf_version() >= '2025':
            raise Skip('OVMF of 2025 (Debian 13) takes the ROM for a driver only and boots by its own PXE')
        if undi and not UNDI.exists():
            raise Skip(f'no {UNDI} here (package ipxe)')
        # Without graphics SeaBIOS, and so a ROM, speaks on the serial port.
        super().__init__(name, args, machine=f'{machine},graphics=off', memory=512, **kwargs)

    def loader(self, guest, initrd, words, packed):
        self.files = Files.get(guest)
        if self.uefi:
            words += ' initrd=tftp initrd=http'     # the kernel, an EFI program, asks iPXE for them itself
        parts = (CHAIN, f'http://{WEB}/kernel', '') if self.undi else ('', 'kernel', f'initrd http://{WEB}/http')
        script = LOAD.format_map(dict(zip(('first', 'kernel', 'more'), parts), words=words))
        (self.files.dir / f'{self.name}.ipxe').write_text(script)
        server = f'{guest_image.find_tool("busybox")} httpd -i -h {self.files.dir}'
        user = f'user,id=u0,restrict=on,tftp={self.files.dir},bootfile={self.name}.ipxe,guestfwd=tcp:{WEB}:80-cmd:{server}'
        return [*self.flash(), '-netdev', user]

    def boot(self):
        """Also for a second time, after a reset: see the firmware through its waits, then await the guest."""
        self.boots += 1
        if self.plug:
            self.qmp('set_link', name=self.plug, up=False)
        self.await_words(BANNER)
        self.qmp('send-key', keys=[{'type': 'qcode', 'data': 'spc'}])
        if self.plug:
            self.await_words(NO_LINK)
            self.qmp('set_link', name=self.plug, up=True)
        super().boot()

    def await_words(self, words):
        try:
            self.wait_for(lambda: self.screen().count(words) >= self.boots, f'the firmware to say "{words}"')
        except TimeoutError as why:
            raise Failed(f'{why}\n{self.screen()}') from why

    def flash(self):
        """OVMF, its variables thrown away at the end."""
        if not self.uefi:
            return []
        head = 'if=pflash,format=raw'
        return ['-drive', f'{head},readonly=on,file={OVMF[0]}', '-drive', f'{head},snapshot=on,file={OVMF[1]}']

    def screen(self):
        """What the firmware said, without the escapes that move the cursor; those may stand for spaces."""
        return re.sub(r'\x1b(\[[0-9;?=]*[A-Za-z]|c)', '', self.console()).replace('\r', '')

    def counters(self):
        """The last ifstat: counters of iPXE by name, and its list of errors by kind."""
        *_, last = re.finditer(r'\[Link:up,\s*((?:\w+:\d+\s*)+)\]((?:\s*\[[RT]XE:[^]]*\])*)', self.screen())
        errors = re.findall(r'\[([RT]XE):\s*(\d+)\s*x\s*"([^"]*)"', last.group(2))
        return {k: int(v) for k, v in re.findall(r'(\w+):(\d+)', last.group(1))}, errors

    def check_sums(self):
        """The files that the firmware loaded are what the servers have. Returns their bytes."""
        loaded = ['tftp'] if self.undi else ['tftp', 'http']
        for name in loaded:
            expect(self.files.sums[name] in self.sh(f'sha256sum /sent/{name}'), f'{name} is not what was sent')
        return sum((self.files.dir / name).stat().st_size for name in ['kernel', *loaded])


class Page:
    """A file that the guest can fetch through its card, for uplink.fetch()."""

    def __init__(self, vm, name):
        self.path, self.url = vm.files.dir / name, f'http://{WEB}/{name}'

    @cached_property
    def data(self):
        return self.path.read_bytes()

    @property
    def sum(self):
        return hashlib.sha256(self.data).hexdigest()
