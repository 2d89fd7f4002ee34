#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""DPDK's virtio-user at a vswitchd: two ports of one testpmd, which send to each other through the switch.

No guest: testpmd runs here, the machine's own if it has virtio-user, else the one that is fetched for guests.
"""

import os
import re
import shutil
import sys
import time
from pathlib import Path

import dpdk_image
import guest_image
from daemon import PATIENCE, Daemon
from tap import Skip, expect, main
from vm import BUILD

sys.path.insert(0, str(guest_image.TOP / 'vswitch/bench'))
from testpmd import PROGRAM, Testpmd            # pylint: disable=wrong-import-position,import-error

MACS = '52:54:00:75:73:00', '52:54:00:75:73:01'
CONFIG = {'switches': {'vswitch0': {
    'defaults': {'security': {'promiscuous': False, 'mac-changes': False, 'forged-transmits': False}},
    'portgroups': {'blue': {'vlan': 10}},
    'ports': {f'p{i}': {'portgroup': 'blue', 'connect': {'transport': 'vhost-user', 'address': f'p{i}.sock', 'mac': mac, 'retry-ms': 20}}
              for i, mac in enumerate(MACS)},
}}}
ENTRIES = 256                   # of a ring
BURST = 32                      # frames of testpmd's
FRAMES = 20000                  # each way, at least
# What the daemon calls it, and how virtio-user is told to make it. Each is another set of functions in testpmd.
RINGS = (('split', ''), ('split', 'in_order=0'), ('split', 'in_order=0,mrg_rxbuf=0'),
         ('packed', 'packed_vq=1'), ('packed', 'packed_vq=1,in_order=0'), ('packed', 'packed_vq=1,in_order=0,mrg_rxbuf=0'))
# Bytes of each segment of a frame, and bursts that are under way: fewer than the rings hold
SIZES = (('60', 4), ('1514', 4), ('60,1,200', 2), ('100,' * 6 + '100', 1))


def program():
    """testpmd as a command, and its environment."""
    if shutil.which(PROGRAM) and list(Path('/usr/lib').glob('*/dpdk/pmds-*/librte_net_virtio.so.*')):
        return [PROGRAM], {}
    try:
        tree = dpdk_image.ensure(BUILD).tree
    except guest_image.Unavailable as why:
        raise Skip(str(why)) from why
    # loaded beforehand: DPDK does so by itself only from directories that nobody else may write to, all the way up. What the machine
    # has of DPDK without testpmd (Open vSwitch-DPDK's) comes first: DPDK loads drivers from there, and nothing may be there twice
    drivers = [str(p) for d in dpdk_image.HERE for p in tree.glob(f'usr/lib/*/dpdk/pmds-*/librte_{d.replace("-", "_")}.so.*.*')
               if not ('/' / p.relative_to(tree)).exists()]
    places = [Path('/usr/lib') / p.name for p in tree.glob('usr/lib/*-linux-gnu')] + [*tree.glob('**/lib/*-linux-gnu')]
    return [str(tree / dpdk_image.PROGRAM)], {'LD_LIBRARY_PATH': ':'.join(map(str, places)),
                                              'LD_PRELOAD': ':'.join(drivers)}


def testpmd(daemon, options):
    command, env = program()
    cpus = ','.join(map(str, sorted(os.sched_getaffinity(0))))
    vdevs = [f'--vdev=net_virtio_user{i},path={daemon.place}/p{i}.sock,server=1,queue_size={ENTRIES},mac={mac},{options}'
             for i, mac in enumerate(MACS)]
    return Testpmd([*command, '--lcores', f'0@({cpus}),1@({cpus})', '--no-huge', '--no-shconf', '--no-pci', '--no-telemetry', '-m', '96',
                    *vdevs, '--', '-i', '--forward-mode=mac', f'--txd={ENTRIES}', f'--rxd={ENTRIES}', '--total-num-mbufs=8192',
                    *(f'--eth-peer={i},{MACS[1 - i]}' for i in (0, 1))],
                   env={**os.environ, **env, 'RUNTIME_DIRECTORY': str(daemon.dir)}, **daemon.who)


class Counts:
    """What each port of testpmd and of the switch has counted since this was made."""

    def __init__(self, daemon, pmd):
        self.daemon, self.pmd = daemon, pmd
        pmd.do('clear port stats all', 'cleared')
        self.start = [self.port(i) for i in (0, 1)]

    def port(self, i):
        counters = self.daemon.port(f'p{i}')['counters']
        found = {f'{way}-{unit}': sum(counters[way][kind][unit] for kind in ('unicast', 'multicast', 'broadcast'))
                 for way in ('in', 'out') for unit in ('frames', 'bytes')}
        return {**found, 'dropped': sum(counters['drops'].values())}

    def now(self):
        """[(testpmd's, the switch's) of each port]"""
        ours = [{name: n - self.start[i][name] for name, n in self.port(i).items()} for i in (0, 1)]
        return list(zip(self.pmd.counts(), ours))

    def until(self, done):
        deadline = time.monotonic() + PATIENCE
        while not done(rows := self.now()):
            expect(time.monotonic() < deadline, f'not within {PATIENCE} s: {rows}')
        return rows


def settled(rows):
    """All that was sent has arrived, and is counted alike by both."""
    (a, _), (b, _) = rows
    return all(pmd[f'TX-{what}'] == ours[f'in-{unit}'] and ours[f'out-{unit}'] == pmd[f'RX-{what}']
               for pmd, ours in rows for what, unit in (('packets', 'frames'), ('bytes', 'bytes'))) and \
        a['TX-packets'] == b['RX-packets'] and b['TX-packets'] == a['RX-packets']


def check_frames(t, daemon, pmd, label, segments, bursts):
    """Bursts that go round and round: what a port receives, testpmd sends by the other, to that one's peer."""
    size = sum(map(int, segments.split(',')))
    with t.case(f'{label}: frames of {segments} bytes arrive, all of them, and are counted alike') as note:
        pmd.do('port stop all', 'Done')
        pmd.do(f'set txpkts {segments}')
        pmd.do('port start all', 'Done')
        counts = Counts(daemon, pmd)
        pmd.do('set fwd mac')
        pmd.do(f'start tx_first {bursts}', 'packet forwarding')
        counts.until(lambda rows: all(pmd['RX-packets'] >= FRAMES for pmd, _ in rows))
        pmd.do('stop', 'Done')
        pmd.do('set fwd rxonly')        # what is still under way
        pmd.do('start', 'packet forwarding')
        rows = counts.until(settled)
        pmd.do('stop', 'Done')
        note(f'{rows[0][0]["RX-packets"]} and {rows[1][0]["RX-packets"]} frames')
        expect(not any(ours['dropped'] for _, ours in rows), f'the switch has dropped some: {rows}')
        expect(all(pmd['RX-bytes'] == size * pmd['RX-packets'] for pmd, _ in rows), f'of another length: {rows}')


def check_security(t, daemon, pmd, label):
    """What a port received, testpmd sends back, but by its other port, which has another address."""
    with t.case(f'{label}: frames from another address are dropped, with a reason'):
        counts = Counts(daemon, pmd)
        before = daemon.port('p0')['counters']['drops']['forged-transmit']
        pmd.do('set fwd macswap')
        pmd.do('start tx_first 1', 'packet forwarding')
        counts.until(lambda rows: sum(ours['dropped'] for _, ours in rows) >= 2 * BURST)
        pmd.do('stop', 'Done')
        expect(daemon.port('p0')['counters']['drops']['forged-transmit'] - before == BURST, daemon.port('p0')['counters']['drops'])


def check_rings(t, kind, options):
    label = f'{kind} rings' + (f' ({options})' if options else '')
    with Daemon(CONFIG) as daemon, testpmd(daemon, options) as pmd:
        with t.case(f'{label}: testpmd plugs in'):
            pmd.prompt()
            for i in (0, 1):
                found = daemon.ask('query-connections', port=f'p{i}')[0]
                expect(re.search(rf"'{kind}, {ENTRIES} entries'", str(found)), found)
        for segments, bursts in SIZES:
            check_frames(t, daemon, pmd, label, segments, bursts)
        check_security(t, daemon, pmd, label)


def group_rings(t):
    program()       # or all is skipped
    for kind, options in RINGS:
        check_rings(t, kind, options)


if __name__ == '__main__':
    main([group_rings])
