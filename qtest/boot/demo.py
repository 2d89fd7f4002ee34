#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""make demo: Debian's kernel and its own e1000 driver on a vc-e1000, on our switch, in Debian's QEMU.

The switch's uplink is libslirp. The first card gets a lease and fetches a file from the host; the
second sits in a namespace of its own and is reached through the switch. Then guests of several QEMU
processes meet on one vswitchd (demo_daemon.py).
"""

import sys
import time

import demo_daemon
import traffic
from nics import Nic, Switch
from qmp import QmpError
from tap import Failed, Skip, expect
from uplink import FileServer, fetch, lease
from vm import LAUNCHER, Vm
from guest_image import Unavailable

MB = 1 << 20
FILE_SIZE = 8 * MB
STREAM_SIZE = 64 * MB


def say(text):
    print(text, flush=True)


class Usage:
    """Frames and interrupts of a card over a stretch of time, by its own counters."""

    def __init__(self, vm, nic):
        self.vm, self.nic, self.before = vm, nic, nic.stats(vm)

    def row(self, what, rate):
        after, name = self.nic.stats(self.vm), self.nic.model
        delta = {k: after[k] - self.before[k] for k in ('tx-frames', 'rx-frames', 'interrupts')}
        driver = self.nic.ethtool(self.vm, '-i eth0').split()[1]
        return (what, name, driver, f'{after["speed-mbps"]} Mb/s', f'{rate:.0f}', delta['tx-frames'], delta['rx-frames'],
                delta['interrupts'])


HEAD = ('', 'card', 'driver', 'link', 'Mb/s', 'frames out', 'frames in', 'interrupts')


def table(rows):
    cells = [[str(c) for c in row] for row in (HEAD, *rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(HEAD))]
    for row in cells:
        left = [c.ljust(w) for c, w in zip(row[:4], widths)]
        right = [c.rjust(w) for c, w in zip(row[4:], widths[4:])]
        say('  ' + '  '.join(left + right))


def uplink_args(switch):
    return ['-netdev', 'user,id=u0', '-device', f'vc-port,id=up,switch={switch.name},netdev=u0']


def show(vm, one, two):
    """The whole demonstration on a guest that is up; returns the rows of the table."""
    vm.sh('modprobe e1000')
    one.attach(vm)
    two.attach(vm)
    say(f'  eth0 of the guest: {lease(vm, one)}')
    with FileServer(FILE_SIZE) as server:
        usage = Usage(vm, one)
        rate = fetch(vm, one, server)
        say(f'  {FILE_SIZE // MB} MB over TCP from the host: SHA-256 {server.sum[:16]}... on both sides')
        rows = [usage.row('from the host', rate)]
    usage = Usage(vm, one), Usage(vm, two)
    rate = traffic.tcp(vm, one, two, STREAM_SIZE)['mbps']
    say(f'  {STREAM_SIZE // MB} MB over TCP to the second card, through the switch: every byte right')
    rows += [usage[0].row('to the second card', rate), usage[1].row('at the second card', rate)]
    whole = one.port_stats(vm)['in']['gso']
    expect(whole, 'no TSO message came to the switch whole')
    say(f'  {whole} TSO messages came to the switch whole')
    return rows


def main():
    start, switch = time.monotonic(), Switch()
    one, two = Nic(1, 'vc-e1000', switch), Nic(2, 'vc-e1000', switch)
    args = [*switch.args(), *uplink_args(switch), *one.args(), *two.args()]
    say('Booting a guest (Debian\'s QEMU under TCG, Debian\'s kernel, its own e1000 driver) ...')
    with Vm('demo', args) as vm:
        say(f'  Linux {vm.release}, up after {time.monotonic() - start:.1f} s')
        rows = show(vm, one, two)
    say('')
    table(rows)
    demo_daemon.show()
    say(f"""
A switch inside QEMU, for one guest:
  {LAUNCHER} [your options] \\
      -device vc-switch,id=sw0 -netdev user,id=u0 -device vc-port,id=up,switch=sw0,netdev=u0 \\
      -device vc-port,id=p1,switch=sw0 -device vc-e1000,netdev=p1
(KVM, disks and all else as with any QEMU; "make install" puts it on your PATH.)""")


if __name__ == '__main__':
    try:
        main()
    except (Failed, EOFError, TimeoutError, QmpError, Skip, Unavailable, OSError) as error:
        sys.exit(f'demo: FAILED: {error}')
