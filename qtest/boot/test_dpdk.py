#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Our cards under DPDK: the distribution's dpdk-testpmd with the poll-mode drivers net_vmxnet3 and net_e1000_em.

They share no line with Linux's drivers, poll instead of waiting for interrupts, and show what those keep
to themselves: every hash, every counter, every segment. 82544GC is not in the list of net_e1000_em.
"""

import re

import cases
import dpdk
import rss
import traffic
from cases import MB
from dpdk import Testpmd
from nics import Switch, bring_up
from tap import expect, main

BURST = 32                      # frames of a burst of testpmd
DRIVERS = {'vc-vmxnet3': 'net_vmxnet3', 'vc-e1000': 'net_e1000_em', 'vc-e1000-82545em': 'net_e1000_em'}
SPEEDS = {'vc-vmxnet3': '10 Gbps', 'vc-e1000': '1 Gbps', 'vc-e1000-82545em': '1 Gbps'}
MODELS = list(DRIVERS)
FCS, PAUSE = 4, 60              # bytes
OTHER = '52:54:00:76:64:01'     # nobody's address
GROUP = '01:00:5e:7f:76:63'


# ---- counters ----

def frames(direction):
    """Frames and bytes that a port of the switch counted one way."""
    return [sum(direction[kind][unit] for kind in ('unicast', 'multicast', 'broadcast')) for unit in ('frames', 'bytes')]


class Counts:
    """What a pair of cards, in a VLAN of their own, and their ports have counted since this was made."""

    def __init__(self, vm, nics):
        self.vm, self.nics = vm, nics
        self.start = [self.flat(n) for n in nics]

    def flat(self, nic):
        card, port = nic.stats(self.vm), nic.port_stats(self.vm)
        rows = {k: v for k, v in card.items() if not isinstance(v, bool)}
        rows['in'], rows['in-bytes'] = frames(port['in'])
        rows['out'], rows['out-bytes'] = frames(port['out'])
        rows['pause'] = port['drops']['reserved-address']
        rows['lost'] = sum(port['drops'].values()) - rows['pause']
        rows['waiting'] = port['queue-frames']
        return rows

    def now(self):
        """For each card its counters."""
        return [{k: v - old[k] for k, v in self.flat(n).items()} for n, old in zip(self.nics, self.start)]

    def settled(self):
        """Whether each frame that was sent has arrived, was dropped and counted, or waits at a port."""
        rows = self.now()
        return sum(r['in'] for r in rows) == sum(r[k] for r in rows for k in ('out', 'lost', 'waiting', 'pause'))


def show_stats(pmd):
    """show port stats: for each port what its driver has counted."""
    parts = pmd('show port stats all').split('NIC statistics for port ')[1:]
    return [{k: int(v) for k, v in re.findall(r'([RT]X-\w+): +(\d+)', part)} for part in parts]


def disagreement(pmd, pairs):
    """What driver, card and port do not count alike since each pair was told to count; None if they agree."""
    drivers = show_stats(pmd)
    rows = [(n, r) for counts in pairs for n, r in zip(counts.nics, counts.now())]
    for (nic, row), driver in zip(rows, drivers):
        extra = FCS if 'e1000' in nic.model else 0
        sent, sent_bytes = row['in'] - row['pause'], row['in-bytes'] - PAUSE * row['pause']
        found = [driver[k] for k in ('TX-packets', 'TX-bytes', 'RX-packets', 'RX-bytes')]
        right = [sent, sent_bytes + extra * sent, row['out'], row['out-bytes'] + extra * row['out']]
        # a card that has no room goes on sending PAUSE frames, also between our looks at card and port
        slack = 16 if row['pause'] else 0
        if found != right or abs(row['tx-frames'] - row['in']) > slack or row['rx-frames'] != row['out']:
            return f'{nic.id}: driver {driver}, card and port {row}'
        if driver['RX-errors'] or driver['TX-errors']:
            return f'{nic.id}: {driver}'
    return None


def check_agreement(vm, pmd, pairs):
    vm.wait_for(lambda: all(counts.settled() for counts in pairs), 'the frames under way')
    why = disagreement(pmd, pairs)
    expect(not why, why)
    return [r for counts in pairs for r in counts.now()]


# ---- life of a port ----

def check_probe(t, pmd, nics):
    summary = {int(p): rest for p, rest in re.findall(r'^(\d+) +(.*)$', pmd('show port summary all'), re.M)}
    for i, nic in enumerate(nics):
        with t.case(f'{nic.model} {i}: is found, with its address, and has a link') as note:
            info = pmd(f'show port info {i}')
            note(summary[i])
            expect(summary[i].split() == [nic.mac, dpdk.pci(nic), DRIVERS[nic.model], 'up', *SPEEDS[nic.model].split()], summary)
            expect(f'MAC address: {nic.mac}' in info and 'Link duplex: full-duplex' in info, info)


def burst(pmd, pairs, bursts=1):
    """Each port sends some bursts; returns for each card what it took and what it filtered."""
    counts = [Counts(p.vm, p.nics) for p in pairs]
    pmd('set fwd rxonly', f'start tx_first {bursts}')
    try:
        for c in counts:
            c.vm.wait_for(lambda c=c: all(r['rx-frames'] + r['rx-filtered'] >= bursts * BURST for r in c.now()),
                          f'{bursts} bursts at {" and ".join(n.id for n in c.nics)}', 20)
    finally:
        pmd('stop')
    return [(r['rx-frames'], r['rx-filtered']) for c in counts for r in c.now()]


def check_life(t, pmd, pairs, nics):
    all_frames = [(BURST, 0)] * len(nics)
    with t.case('frames come and go'):
        expect(burst(pmd, pairs) == all_frames, 'not all came')
    with t.case('ports stop and start twenty times'):
        for _ in range(20):
            expect('Checking link statuses' in pmd('port stop all', 'port start all'), 'not started')
        states = re.findall(r' (up|down) ', pmd('show port summary all'))
        expect(states == ['up'] * len(nics), states)
        expect(burst(pmd, pairs) == all_frames, 'not all came')
    mine = {kind: [i for i, n in enumerate(nics) if kind in n.model] for kind in ('vmxnet3', 'e1000')}
    with t.case('ports are reset'):                     # net_e1000_em has no call for it
        resets = [f'port reset {i}' for i in mine['vmxnet3']]
        said = pmd('port stop all', *resets, 'port start all')
        expect('fail' not in said.lower() and said.count('Configuring Port') == len(resets), said)
        expect(burst(pmd, pairs) == all_frames, 'not all came')
    with t.case('ports are closed, taken away and found again'):
        # net_vmxnet3 crashes: testpmd makes a new port promiscuous before it configures it
        for i in mine['e1000']:
            address = dpdk.pci(nics[i])
            said = pmd(f'port stop {i}', f'port close {i}', f'device detach {address}', f'port attach {address}')
            expect(f'Port {i} is attached' in said, said)
        said = pmd('port start all')
        expect(said.count('Configuring Port') == len(mine['e1000']), said)
        peers(pmd, nics)
        expect(burst(pmd, pairs) == all_frames, 'not all came')


def check_link(t, vm, pmd, nics):
    def status(i):
        return re.search(rf'^{i} .* (up|down) ', pmd('show port summary all'), re.M).group(1)

    for i, nic in enumerate(nics):
        with t.case(f'{nic.model} {i}: an interrupt tells that the link is down'):
            vm.qmp('set_link', name=nic.id, up=False)
            pmd.wait(f'Port {i}: link state change event')
            vm.wait_for(lambda i=i: status(i) == 'down', 'the link to be down')
        with t.case(f'{nic.model} {i}: the link comes back'):
            vm.qmp('set_link', name=nic.id, up=True)
            if 'vmxnet3' in nic.model:      # does not enable its interrupt again in the kernel
                pmd(f'port stop {i}', f'port start {i}')
            else:
                pmd.wait(f'Port {i}: link state change event')
            vm.wait_for(lambda i=i: status(i) == 'up', 'the link to be up')


# ---- filters ----

def peers(pmd, nics):
    """Who the ports of each pair send to: the other one."""
    pmd(*(f'set eth-peer {i} {nics[i ^ 1].mac}' for i in range(len(nics))))


def check_filters(t, pmd, pairs, nics):
    def arrivals(address):
        """What each port took, when all were sent to one address or (None) to their own."""
        if address:
            pmd(*(f'set eth-peer {i} {address}' for i in range(len(nics))))
        else:
            peers(pmd, nics)
        return burst(pmd, pairs)

    ports = range(len(nics))
    taken, filtered = [(BURST, 0)] * len(nics), [(0, BURST)] * len(nics)
    with t.case('promiscuous or not'):
        expect(arrivals(OTHER) == taken, 'others\' frames, promiscuous')
        pmd('set promisc all off')
        expect(arrivals(OTHER) == filtered, 'others\' frames')
        expect(arrivals(None) == taken, 'own frames')
        expect(arrivals('ff:ff:ff:ff:ff:ff') == taken, 'broadcast')
    with t.case('all groups or none'):
        expect(arrivals(GROUP) == filtered, 'without')
        pmd('set allmulti all on')
        expect(arrivals(GROUP) == taken, 'with')
        expect(arrivals(OTHER) == filtered, 'others\' frames')
        pmd('set allmulti all off')
        expect(arrivals(GROUP) == filtered, 'without again')
    with t.case('another address'):
        pmd(*(f'mac_addr set {i} 52:54:00:76:65:{i:02x}' for i in ports))
        expect(arrivals(None) == filtered, 'the old one')
        pmd(*(f'set eth-peer {i} 52:54:00:76:65:{i ^ 1:02x}' for i in ports))
        expect(burst(pmd, pairs) == taken, 'the new one')
        pmd(*(f'mac_addr set {i} {n.mac}' for i, n in enumerate(nics)))
        expect(arrivals(None) == taken, 'the old one again')
    listening = [i for i in ports if 'e1000' in nics[i].model]      # net_vmxnet3 has no call for it
    heard = [taken[0] if i in listening else filtered[0] for i in ports]
    with t.case('a list of groups, and a second address'):
        pmd(*(f'mcast_addr add {i} {GROUP}' for i in listening), *(f'mac_addr add {i} 52:54:00:76:66:{i:02x}' for i in listening))
        expect(arrivals(GROUP) == heard, 'the group')
        expect(arrivals('01:00:5e:7f:76:64') == filtered, 'another group')
        pmd(*(f'set eth-peer {i} 52:54:00:76:66:{i ^ 1:02x}' for i in ports))
        expect(burst(pmd, pairs) == heard, 'the address')
        pmd(*(f'mcast_addr remove {i} {GROUP}' for i in listening), *(f'mac_addr remove {i} 52:54:00:76:66:{i:02x}' for i in listening))
        expect(burst(pmd, pairs) == filtered, 'the address, removed')
        expect(arrivals(GROUP) == filtered, 'the group, removed')
    pmd('set promisc all on')
    peers(pmd, nics)


# ---- forwarding ----

def forward(t, vm, pmd, nics, mode, start, least, what='rx-frames'):
    """Run a mode until each card has counted some frames, and hold all counters against each other."""
    with t.case(f'{mode}: counters of driver, card and port agree') as note:
        pmd(f'set fwd {mode}', 'clear port stats all')
        pairs = [Counts(vm, nics[i:i + 2]) for i in range(0, len(nics), 2)]
        pmd(start)
        try:
            vm.wait_for(lambda: all(r[what] >= least for p in pairs for r in p.now()), f'{least} frames', 60)
        finally:
            pmd('stop')
        rows = check_agreement(vm, pmd, pairs)
        note(', '.join(f'{r["rx-frames"]} of {r["out"] + r["lost"]}' for r in rows))
        return rows


def check_forwarding(t, vm, pmd, nics):
    for mode in ('io', 'mac'):
        rows = forward(t, vm, pmd, nics, mode, 'start tx_first 2', 10000)
        with t.case(f'{mode}: no frame is lost'):
            expect(rows and not any(r['lost'] for r in rows), rows)
    forward(t, vm, pmd, nics, 'txonly', 'start', 20000, 'tx-frames')
    forward(t, vm, pmd, nics, 'flowgen', 'start', 20000, 'tx-frames')
    with t.case('frames of one to sixteen segments'):
        for sizes in ('60', '64,1', '200,300,400', ','.join(['90'] * 16), '1,1,58', '1514'):
            pairs = [Counts(vm, nics[i:i + 2]) for i in range(0, len(nics), 2)]
            pmd('port stop all', f'set txpkts {sizes}', 'port start all', 'clear port stats all')
            expect(burst(pmd, pairs) == [(BURST, 0)] * len(nics), f'not all came, {sizes}')
            for row in check_agreement(vm, pmd, pairs):
                expect(row['out-bytes'] == BURST * sum(map(int, sizes.split(','))), f'{sizes}: {row}')


def group_forward(t):
    """Two pairs of cards, each in a VLAN of its own, under one testpmd."""
    vm, nics = dpdk.boot('forward', [('vc-vmxnet3', {}, {'vlan': 101}), ('vc-vmxnet3', {}, {'vlan': 101}),
                                     ('vc-e1000', {}, {'vlan': 102}), ('vc-e1000-82545em', {}, {'vlan': 102})])
    with vm:
        vm.sh(dpdk.SETUP)
        dpdk.bind(vm, nics, 'uio_pci_generic')
        with Testpmd(vm, nics, '--tx-offloads=0x8000 --txd=1024') as pmd:
            pairs = [Counts(vm, nics[:2]), Counts(vm, nics[2:])]
            peers(pmd, nics)
            check_probe(t, pmd, nics)
            check_life(t, pmd, pairs, nics)
            check_link(t, vm, pmd, nics)
            check_filters(t, pmd, pairs, nics)
            check_forwarding(t, vm, pmd, nics)
        with t.case('forward: neither the kernel nor a device complained'):
            cases.quiet(vm)


# ---- receive-side scaling ----

# The key that net_vmxnet3 gives to its cards: the one that Microsoft published.
KEY = bytes.fromhex('6d5a56da255b0ec24167253d43a38fb0d0ca2bcbae7b30b477cb2da38030f20c6a42b73bbeac01fa')
QUEUES, TABLE = 4, 128
KINDS = (('tcp', False), ('tcp', True), ('udp', False), ('udp', True))


def verbose(text, address):
    """Frames for an address as testpmd described them: {(hash or None, queue): how many}."""
    found = {}
    for line in text.splitlines():
        queue = re.search(rf' - dst={address} .* - Receive queue=0x([0-9a-f]+)', line, re.I)
        if queue:
            value = re.search(r' - RSS hash=0x([0-9a-f]+)', line)
            key = int(value.group(1), 16) if value else None, int(queue.group(1), 16)
            found[key] = found.get(key, 0) + 1
    return found


class Sender:
    """Flows from a card of Linux's to a port of DPDK's: of flow i there are i + 1 frames."""

    COUNT, FIRST, PORT = 12, 20000, 7001
    TOTAL = COUNT * (COUNT + 1) // 2

    def __init__(self, vm, nic, port):
        self.vm, self.nic, self.port = vm, nic, port
        for to in (port.v4, port.v6):
            vm.sh(f'ip -n {nic.ns} neigh replace {to} lladdr {port.mac} dev eth0 nud permanent')

    def send(self, pmd, protocol, v6):
        """Send all; returns how testpmd described them."""
        def came():     # but for what Linux says to groups by itself
            return verbose(pmd.job.output[start:], self.port.mac)

        to, start = traffic.address(self.port, v6), len(pmd.job.output)
        pmd('set verbose 1', 'start')
        try:
            self.vm.sh(f'vct -n {self.nic.ns} flows {protocol} {to} {self.PORT} {self.FIRST} {self.COUNT} 4000')
            self.vm.agent.serve(lambda: sum(came().values()) >= self.TOTAL, 30, f'{self.TOTAL} frames',
                                lambda: pmd.job.output[-2000:])
        finally:
            pmd('stop')
        return came()

    def due(self, table, v6, ports):
        """What send() must return; ports: whether they are hashed."""
        found = {}
        for i in range(self.COUNT):
            both = (self.FIRST + i * i, self.PORT) if ports else None
            value = rss.hash_of(KEY, traffic.address(self.nic, v6), traffic.address(self.port, v6), both)
            key = value, table[value % len(table)]
            found[key] = found.get(key, 0) + i + 1
        return found


def check_hashes(t, pmd, sender, table, what, hashed):
    for protocol, v6 in KINDS:
        with t.case(f'{protocol}{6 if v6 else 4}: every hash and queue is right, {what}') as note:
            found, due = sender.send(pmd, protocol, v6), sender.due(table, v6, protocol in hashed)
            expect(found == due, f'{found} came, {due} by the key and table {table}')
            note(f'{len(found)} hashes, queues {sorted({queue for _, queue in found})}')


def reta(pmd):
    """The port's indirection table, as the driver shows it."""
    out = pmd(f'show port 0 rss reta {TABLE} (0xffffffffffffffff,0xffffffffffffffff)')
    return [int(q) for q in re.findall(r'hash index=\d+, queue=(\d+)', out)]


def check_table(t, pmd, sender):
    table = [i % QUEUES for i in range(TABLE)]
    with t.case('the table is the driver\'s'):
        expect(reta(pmd) == table, reta(pmd))
    check_hashes(t, pmd, sender, table, 'UDP with ports', ('tcp', 'udp'))
    with t.case('the table is changed'):
        table = [i // 5 % 3 + 1 for i in range(TABLE)]
        for at in range(0, TABLE, 8):   # a longer word is not taken
            said = pmd('port config 0 rss reta ' + ','.join(f'({i},{table[i]})' for i in range(at, at + 8)))
            expect(said.count('\n') <= 2, said)
        expect(reta(pmd) == table, reta(pmd))
    check_hashes(t, pmd, sender, table, 'another table', ('tcp', 'udp'))


def group_rss(t):
    vm, nics = dpdk.boot('rss', [('vc-vmxnet3', {'queues': QUEUES}, {}), ('vc-vmxnet3', {}, {})])
    port, linux = nics
    with vm:
        vm.sh(dpdk.SETUP)
        dpdk.bind(vm, [port], 'uio_pci_generic')
        vm.sh('modprobe vmxnet3')
        bring_up(vm, [linux])
        sender = Sender(vm, linux, port)
        for options, check in (('', None), ('--rss-udp', check_table)):
            with Testpmd(vm, [port], f'--rxq={QUEUES} --txq={QUEUES} {options}', cores=1) as pmd:
                pmd('set promisc all off', 'set fwd rxonly')
                if check:
                    check(t, pmd, sender)
                else:
                    check_hashes(t, pmd, sender, [i % QUEUES for i in range(TABLE)], 'UDP without ports', ('tcp',))
        with t.case('rss: neither the kernel nor a device complained'):
            cases.quiet(vm)


# ---- a bump in the wire ----

JUMBO = 8900                    # MTU
# Scattered frames and segments; checksums: of UDP and TCP, and for the e1000 of IP.
ON_WIRE = {'vc-vmxnet3': '--rx-offloads=0x200c --tx-offloads=0x800c', 'vc-e1000': '--rx-offloads=0x200e --tx-offloads=0x800e'}


def check_streams(t, vm, a, b, what, size=MB):
    with t.case(f'{what}: streams both ways') as note:
        before = cases.checksum_errors(a, vm), cases.checksum_errors(b, vm)
        note(cases.both_ways(vm, a, b, size))
        note('v6 ' + cases.both_ways(vm, a, b, size, v6=True))
        expect((cases.checksum_errors(a, vm), cases.checksum_errors(b, vm)) == before, 'checksums')


def neighbours(vm, a, b, via=None):
    """Who sends to whom; via: the cards between."""
    for here, there, to in ((a, b, via and via[0]), (b, a, via and via[1])):
        for address in (there.v4, there.v6):
            vm.sh(f'ip -n {here.ns} neigh replace {address} lladdr {(to or there).mac} dev eth0 nud permanent')


def bridge(pmd, a, b, mode, *commands):
    """Port 0 towards a, port 1 towards b."""
    pmd('port stop all', f'set eth-peer 0 {a.mac}', f'set eth-peer 1 {b.mac}', *commands, 'port start all', f'set fwd {mode}', 'start')


def checksums(tso=0):
    """Commands for the engine csum: checksums by the card, and messages of TCP, if they are to stay whole."""
    return [f'csum set {what} hw {i}' for what in ('tcp', 'udp') for i in (0, 1)] + \
           [f'tso set {tso} {i}' for i in (0, 1) if tso]


def check_offloads(t, vm, a, b, pair):
    model = pair[0].model
    with Testpmd(vm, pair, ON_WIRE[model], cores=1) as pmd:
        bridge(pmd, a, b, 'csum', *checksums(), *(f'port config mtu {i} {JUMBO}' for i in (0, 1)))
        check_streams(t, vm, a, b, f'{model}: checksums by the card')
        cases.set_mtu(vm, (a, b), JUMBO)
        check_streams(t, vm, a, b, f'{model}: jumbo frames in several buffers, checksums by the card')
        with t.case(f'{model}: a jumbo frame arrives'):
            traffic.ping(vm, a, b, size=JUMBO - 28)
        cases.set_mtu(vm, (a, b), 1500)
        pmd('stop')


def check_messages(t, vm, a, b, pair):
    """What Linux sends whole arrives as one chain of buffers (LRO), and leaves as one message (TSO)."""
    options = '--rx-offloads=0x201c --tx-offloads=0x802c'
    with Testpmd(vm, pair, options, cores=1) as pmd:
        bridge(pmd, a, b, 'csum', *checksums(1428))
        with t.case('vc-vmxnet3: LRO and TSO: messages pass whole') as note:
            before = [n.port_stats(vm) for n in pair]
            for source, sink in ((a, b), (b, a)):
                note(f'{traffic.tcp(vm, source, sink, 2 * MB, v6=True)["mbps"]:.0f} Mb/s')
            after = [n.port_stats(vm) for n in pair]
            whole = [(new[way]['gso'] - old[way]['gso']) for old, new in zip(before, after) for way in ('in', 'out')]
            note(f'{whole} messages')
            expect(min(whole) > 20, 'not whole')
            expect(all(new['segmented'] == old['segmented'] for old, new in zip(before, after)), 'the switch has cut some')
        pmd('stop')


def check_tags(t, vm, a, b, pair):
    """A's frames of VLAN 118 leave for B in VLAN 119, and the other way; others do not pass."""
    model = pair[0].model
    to = {nic: cases.add_vlan(vm, nic, vid) for nic, vid in ((a, 118), (b, 119))}
    for here, there, card, vid in ((a, b, pair[0], 118), (b, a, pair[1], 119)):
        vm.sh(f"""
            ip -n {here.ns} addr flush dev eth0.{vid}
            ip -n {here.ns} addr add 10.121.0.{here.number}/24 dev eth0.{vid}
            ip -n {here.ns} neigh replace 10.121.0.{there.number} lladdr {card.mac} dev eth0.{vid} nud permanent""")
        to[here] = f'10.121.0.{here.number}'
    neighbours(vm, a, b, pair)
    with Testpmd(vm, pair, ON_WIRE[model], cores=1) as pmd:
        bridge(pmd, a, b, 'mac', 'set promisc all off', *(f'vlan set strip on {i}' for i in (0, 1)),
               *(f'vlan set filter on {i}' for i in (0, 1)), 'tx_vlan set 0 118', 'tx_vlan set 1 119')
        pmd('rx_vlan add 118 0', 'rx_vlan add 119 1')
        with t.case(f'{model}: tags are taken off, put on and filtered') as note:
            for source, sink in ((a, b), (b, a)):
                note(f'{traffic.tcp(vm, source, sink, MB, to=to[sink])["mbps"]:.0f} Mb/s')
        with t.case(f'{model}: a VLAN that leaves the filter'):
            pmd('rx_vlan rm 118 0')
            before = pair[0].stats(vm)['rx-filtered']
            vm.sh(f'vct -n {a.ns} udp-source {to[b]} 7000 50 100')
            vm.wait_for(lambda: pair[0].stats(vm)['rx-filtered'] - before == 50, '50 filtered frames', 10)
            pmd('rx_vlan add 118 0')
            traffic.tcp(vm, a, b, MB, to=to[b])
        pmd('stop')
    for nic, vid in ((a, 118), (b, 119)):
        vm.sh(f'ip -n {nic.ns} link del eth0.{vid}')
    neighbours(vm, a, b)


def check_handover(t, vm, a, b, pair):
    """Linux's own driver takes the cards over, which DPDK had."""
    with t.case('the cards go from DPDK to Linux, and work'):
        dpdk.bind(vm, pair, 'vmxnet3')
        bring_up(vm, pair)
        for nic, other in zip(pair, (a, b)):
            cases.both_ways(vm, nic, other, MB)
    with t.case('and back'):
        dpdk.bind(vm, pair, 'uio_pci_generic')
        with Testpmd(vm, pair, ON_WIRE['vc-vmxnet3'], cores=1) as pmd:
            bridge(pmd, a, b, 'io')
            cases.both_ways(vm, a, b, MB)
            pmd('stop')


def group_wire(t):
    switches = Switch('sw0'), Switch('sw1')
    cards = [('vc-vmxnet3', 0), ('vc-vmxnet3', 1), ('vc-vmxnet3', 0), ('vc-vmxnet3', 1), ('vc-e1000', 0), ('vc-e1000-82545em', 1)]
    vm, (a, b, *pairs) = dpdk.boot('wire', [(model, {}, {}, switches[i]) for model, i in cards])
    with vm:
        vm.sh(dpdk.SETUP)
        dpdk.bind(vm, pairs, 'uio_pci_generic')
        vm.sh('modprobe vmxnet3; modprobe 8021q')
        bring_up(vm, [a, b])
        neighbours(vm, a, b)
        for pair in pairs[:2], pairs[2:]:
            check_offloads(t, vm, a, b, pair)
            check_tags(t, vm, a, b, pair)
        check_messages(t, vm, a, b, pairs[:2])
        check_handover(t, vm, a, b, pairs[:2])
        with t.case('wire: neither the kernel nor a device complained'):
            cases.quiet(vm)


if __name__ == '__main__':
    main([group_forward, group_wire, group_rss])
