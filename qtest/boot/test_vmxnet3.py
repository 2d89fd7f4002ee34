#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""vc-vmxnet3 under the vmxnet3 driver of Debian's kernels, in all its revisions."""

import re
import time

import cases
import rss
import traffic
from cases import MB
from tap import expect, main
from vmxnet3 import boot, check_flows, load, per_queue, queues, total

# What a kernel's driver knows at most: (release it is tried with, revision), newest first.
DRIVER_REVISIONS = (((6, 12), 9), ((6, 1), 7), ((5, 10), 4))


# ---- revisions ----

def driver_revision(release):
    version = tuple(int(n) for n in release.split('.')[:2])
    return next(revision for since, revision in DRIVER_REVISIONS if version >= since)


def check_revisions(t, kernel):
    vm, nics, other = boot(f'revisions-{kernel}', [{'rev': r} for r in range(1, 10)], kernel=kernel)
    with vm:
        load(vm, nics, other)
        said = vm.sh('dmesg | grep "Using device version"')
        for nic in nics:
            offered = nic.props['rev']
            right = min(offered, driver_revision(vm.release))
            with t.case(f'Linux {vm.release}, rev={offered}: revision {right}, carries streams') as note:
                address = nic.sh(vm, 'basename $(readlink -f /sys/class/net/eth0/device)').strip()
                (used,) = re.findall(rf'{address}: Using device version (\d+)', said)
                expect(int(used) == right, f'revision {used}')
                expect(cases.speed(nic, vm) == (10000, 'Full'), cases.speed(nic, vm))
                note(cases.both_ways(vm, nic, other, 4 * MB))
                note(cases.both_ways(vm, nic, other, 4 * MB, v6=True))
                note(cases.check_setup(nic, vm, interrupt='msix', revision=right, **{'driver-os': 'linux'}))
        with t.case(f'Linux {vm.release}: neither the kernel nor a device complained'):
            cases.quiet(vm)


def group_revisions_stable(t):
    check_revisions(t, 'stable')


def group_revisions_newer(t):
    check_revisions(t, '6.12')


# ---- whole TCP messages ----

def check_lro(t, vm, a, b):
    with t.case('TSO messages travel whole and arrive as LRO frames') as note:
        expect(b.features(vm)['large-receive-offload'], 'LRO is off')
        before, port = queues(b, vm), b.port_stats(vm)
        note(f'{traffic.tcp(vm, a, b, 32 * MB)["mbps"]:.0f} Mb/s')
        after, port_after = queues(b, vm), b.port_stats(vm)
        segments = total(after, 'Rx', 'LRO pkts rx') - total(before, 'Rx', 'LRO pkts rx')
        size = total(after, 'Rx', 'LRO byte rx') - total(before, 'Rx', 'LRO byte rx')
        whole = port_after['out']['gso'] - port['out']['gso']
        note(f'{whole} whole messages at the port, {segments} segments of {size >> 20} MB by LRO in the driver\'s counters')
        expect(whole > 100 and segments > 5 * whole and size > 30 * MB, 'not whole')
        expect(port_after['segmented'] == port['segmented'], 'the switch has cut some')
    with t.case('a receiver without LRO gets segments') as note:
        cases.switch_feature(b, vm, 'lro', 'large-receive-offload', False)
        before, port = queues(b, vm), b.port_stats(vm)
        note(cases.both_ways(vm, a, b, 8 * MB))
        after, port_after = queues(b, vm), b.port_stats(vm)
        cases.switch_feature(b, vm, 'lro', 'large-receive-offload', True)
        expect(total(after, 'Rx', 'LRO pkts rx') == total(before, 'Rx', 'LRO pkts rx'), 'LRO frames came')
        expect(port_after['segmented'] > port['segmented'], 'nothing was cut')


def check_tunnel(t, vm, a, b, kind, extra):
    with t.case(f'{kind}: offloaded, and its streams arrive with right checksums') as note:
        for feature in ('tx-udp_tnl-segmentation', 'tx-udp_tnl-csum-segmentation'):
            expect(a.features(vm)[feature], f'{feature} is off')
        for nic, peer in ((a, b), (b, a)):
            vm.sh(f'ip -n {nic.ns} link add tun0 type {kind} id 42 remote {peer.v4} {extra} && '
                  f'ip -n {nic.ns} addr add 10.120.1.{nic.number}/24 dev tun0 && ip -n {nic.ns} link set tun0 up')
        before = a.port_stats(vm)
        for source, sink in ((a, b), (b, a)):
            rate = traffic.tcp(vm, source, sink, 8 * MB, to=f'10.120.1.{sink.number}')['mbps']
            note(f'{rate:.0f} Mb/s')
        note(f'{a.port_stats(vm)["in"]["gso"] - before["in"]["gso"]} messages came to the switch whole')
        expect(a.port_stats(vm)['in']['gso'] > before['in']['gso'], 'segmented by the guest')
        for nic in (a, b):
            errors = cases.checksum_errors(nic, vm)
            expect(not any(errors.values()), errors)
            vm.sh(f'ip -n {nic.ns} link del tun0')


def check_jumbo(t, vm, a, b):
    with t.case('a 9000-byte MTU carries traffic') as note:
        cases.set_mtu(vm, (a, b), 9000)
        traffic.ping(vm, a, b, size=8972)
        note(cases.both_ways(vm, a, b, 16 * MB))
        a.ethtool(vm, '-K eth0 tso off gso off')
        note('without TSO ' + cases.both_ways(vm, a, b, 16 * MB))
        a.ethtool(vm, '-K eth0 tso on gso on')
        cases.set_mtu(vm, (a, b), 1500)


def check_vlan(t, vm, a, b):
    with t.case('VLAN offload carries traffic') as note:
        to = {nic: cases.add_vlan(vm, nic, 118) for nic in (a, b)}
        for source, sink in ((a, b), (b, a)):
            note(f'{traffic.tcp(vm, source, sink, 8 * MB, to=to[sink])["mbps"]:.0f} Mb/s')
        for nic in (a, b):
            vm.sh(f'ip -n {nic.ns} link del eth0.118')


def check_counters(t, vm, a, b):
    with t.case('ethtool -S tells the truth') as note:
        before, link = queues(b, vm), b.link_counters(vm)
        got = traffic.udp(vm, a, b, 2000, 700, per_second=5000)
        after, link_after = queues(b, vm), b.link_counters(vm)
        packets = total(after, 'Rx', 'ucast pkts rx') - total(before, 'Rx', 'ucast pkts rx')
        size = total(after, 'Rx', 'ucast bytes rx') - total(before, 'Rx', 'ucast bytes rx')
        note(f'{packets} unicast frames, {size} bytes; {got}')
        expect(2000 <= packets <= link_after['rx']['packets'] - link['rx']['packets'], 'frames')
        expect(size >= 2000 * 742, 'bytes')


def check_no_loss(t, vm, a, b):
    b.ethtool(vm, '-G eth0 rx 32 rx-jumbo 32')
    b.wait_carrier(vm)
    with t.case('a small ring loses nothing of a stream within the bound of the port'):
        # The bound is 1024 frames, or a queue that stands above CoDel's target for an interval: hence the pace.
        # Nor may the sender's own queue drop on purpose, as fq_codel does.
        vm.sh(f'tc -n {a.ns} qdisc replace dev eth0 root pfifo limit 50000')
        got = traffic.udp(vm, a, b, 10000, 1000, per_second=5000)
        expect(got['received'] == 10000 and not got['reordered'], got)
    with t.case('frames that do not fit into the ring wait at the port') as note:
        before, stats = b.link_counters(vm)['rx']['packets'], b.port_stats(vm)
        cases.pktgen(vm, a, 240, 1000, burst=240, to=b)
        vm.wait_for(lambda: b.link_counters(vm)['rx']['packets'] >= before + 240, 'all frames', 10)
        after = b.port_stats(vm)
        note(f'{after["queued"] - stats["queued"]} of 240 waited')
        expect(after['queued'] > stats['queued'], 'the ring took all at once')
    b.ethtool(vm, '-G eth0 rx 1024 rx-jumbo 512')
    b.wait_carrier(vm)


def group_offloads(t):
    vm, (a, b), other = boot('offloads', [{}, {}])
    with vm:
        load(vm, (a, b), other)
        vm.sh('modprobe 8021q; modprobe vxlan; modprobe geneve; modprobe pktgen')
        with t.case('LRO and receive hashing are on, the link runs at 10000 Mb/s'):
            features = a.features(vm)
            expect(features['large-receive-offload'] and cases.speed(a, vm) == (10000, 'Full'), features)
        check_lro(t, vm, a, b)
        check_tunnel(t, vm, a, b, 'vxlan', 'dstport 4789 udpcsum')
        check_tunnel(t, vm, a, b, 'geneve', 'udpcsum')
        check_jumbo(t, vm, a, b)
        check_counters(t, vm, a, b)
        check_no_loss(t, vm, a, b)
        check_vlan(t, vm, a, b)
        with t.case('goes down and up three times'):
            cases.up_and_down(vm, a, b, 3)
        with t.case('neither the kernel nor a device complained about offloads'):
            cases.quiet(vm)


# ---- queues and moderation ----

def spread_of(vm, source, sink, flows):
    """Datagrams of some flows, as each receive queue of the sink counted them."""
    before = queues(sink, vm)
    got = traffic.udp(vm, source, sink, flows * 60, 200, per_second=2000, flows=flows)
    expect(got['received'] == flows * 60, got)
    return per_queue(before, queues(sink, vm), 'Rx', 'ucast pkts rx')


def check_queues(t, vm, nic, other):
    with t.case('ethtool -l: four combined queues') as note:
        out = nic.ethtool(vm, '-l eth0')
        found = re.findall(r'(?:RX|TX|Combined):\s+(\d+)', out)
        queues_now = [k for k in queues(nic, vm) if k[0] == 'Rx']
        note(' '.join(found))
        expect('4' in found and len(queues_now) == 4, out)
    with t.case('64 flows spread over all four queues') as note:
        for version in (4, 6):
            nic.ethtool(vm, f'-N eth0 rx-flow-hash udp{version} sdfn')
        shares = spread_of(vm, other, nic, 64)
        note(shares)
        expect(all(shares), 'a queue got nothing')
    with t.case('64 flows leave by all four queues') as note:
        before = queues(nic, vm)
        vm.sh(f'vct -n {nic.ns} udp-source {other.v4} 7000 1280 200 0 64')
        shares = per_queue(before, queues(nic, vm), 'Tx', 'ucast pkts tx')
        note(shares)
        expect(all(shares), 'a queue sent nothing')


def check_rss(t, vm, nic, other):
    flows = traffic.Flows(vm, other, nic)
    with t.case('ethtool -x shows the table') as note:
        # the table only: Linux's driver gives the card a key, but has no call to show it by
        out = nic.ethtool(vm, '-x eth0')
        note(f'{len(rss.table_of(nic, vm))} entries')
        expect(re.search(r'^\s+0:\s+0\s+1\s+2\s+3\s', out, re.M) and re.search(r'toeplitz:\s+on', out), out)
    with t.case('the card says which key, table and offloads the driver gave it') as note:
        on = nic.features(vm)
        note(cases.check_setup(nic, vm, rss=True, mtu=1500, lro=on['large-receive-offload'], **{
            'rss-key': ':'.join(f'{byte:02x}' for byte in rss.linux_key(vm)), 'rss-table': rss.table_of(nic, vm),
            'rx-checksum': on['rx-checksumming'], 'vlan-strip': on['rx-vlan-offload'], 'coalescing': 'adaptive'}))
        note(nic.setup(vm)['rss-types'] + ' by ' + nic.setup(vm)['rss-key'])
    with t.case('64 flows of each kind arrive where key and table say') as note:
        note(check_flows(vm, nic, flows))
    for words in ('weight 0 0 1 0', 'weight 4 1 2 3', 'equal 3', 'default'):
        with t.case(f'64 flows of each kind arrive where key and table say after ethtool -X {words}') as note:
            nic.ethtool(vm, f'-X eth0 {words}')
            note(check_flows(vm, nic, flows))
    with t.case('UDP without ports arrives where the addresses say') as note:
        for version in (4, 6):
            nic.ethtool(vm, f'-N eth0 rx-flow-hash udp{version} sd')
        note(check_flows(vm, nic, flows, ports=('tcp',)))


def interrupts_of(vm, nic, other, count=3000, rate=1500):
    """Interrupts of the card for a paced stream of datagrams, each second."""
    before, start = nic.interrupts(vm), time.monotonic()
    traffic.udp(vm, other, nic, count, 200, per_second=rate)
    return (nic.interrupts(vm) - before) / (time.monotonic() - start)


def check_coalescing(t, vm, nic, other):
    def coalesce(words):
        nic.ethtool(vm, f'-C eth0 {words}')
        return nic.setup(vm)['coalescing'] + '\n' + nic.ethtool(vm, '-c eth0')

    with t.case('ethtool -C: off') as note:
        out = coalesce('adaptive-rx off rx-usecs 0 rx-frames 0 tx-frames 0')
        expect('Adaptive RX: off' in out and out.startswith('disabled'), out)
        free = interrupts_of(vm, nic, other)
        note(f'{free:.0f} interrupts/s')
    with t.case('ethtool -C: rate-based, interrupts follow') as note:
        out = coalesce('rx-usecs 10000')
        expect(re.search(r'rx-usecs:\s+10000', out) and out.startswith('rate-based'), out)
        rate = interrupts_of(vm, nic, other)
        note(f'{rate:.0f} interrupts/s at 100 a queue, {free:.0f} without')
        expect(rate < free / 2 and rate < 100 * 5 * 1.5, 'interrupts do not follow')
    with t.case('ethtool -C: static, interrupts follow') as note:
        out = coalesce('rx-usecs 0 rx-frames 64 tx-frames 64')
        expect(out.startswith('static') and re.search(r'rx-frames:\s+64', out) and re.search(r'tx-frames:\s+64', out), out)
        rate = interrupts_of(vm, nic, other)
        note(f'{rate:.0f} interrupts/s, {free:.0f} without')
        expect(rate < free, 'interrupts do not follow')
    with t.case('ethtool -C: adaptive') as note:
        out = coalesce('rx-frames 0 tx-frames 0 adaptive-rx on')
        expect('Adaptive RX: on' in out and out.startswith('adaptive'), out)
        note(f'{interrupts_of(vm, nic, other):.0f} interrupts/s')


def group_queues(t):
    vm, (nic,), other = boot('queues', [{'queues': 4}], smp=4)
    with vm:
        load(vm, (nic,), other)
        check_queues(t, vm, nic, other)
        check_rss(t, vm, nic, other)
        check_coalescing(t, vm, nic, other)
        with t.case('neither the kernel nor a device complained about queues'):
            cases.quiet(vm)


# ---- suspend to RAM ----

def sleep_and_wake(vm):
    """Suspend to RAM and resume. The cards are reset as they would be by a machine that wakes up."""
    job = vm.start_job('echo mem > /sys/power/state')
    vm.monitor.event('SUSPEND', 60)
    vm.qmp('system_wakeup')
    vm.monitor.event('WAKEUP', 60)
    expect(job.wait() == 0, job.output)


def check_sleep(t, kernel):
    # Linux's virtio_net may send while it is being suspended, and crash.
    vm, nics, other = boot(f'sleep-{kernel}', [{'queues': 2}, {'rev': 3}], peer='vc-vmxnet3', kernel=kernel, smp=2, sleeps=True)
    with vm:
        load(vm, nics, other)
        many, flows = nics[0], traffic.Flows(vm, other, nics[0])
        for version in (4, 6):
            many.ethtool(vm, f'-N eth0 rx-flow-hash udp{version} sdfn')
        for what in ('suspend to RAM and resume', 'suspend to RAM and resume again'):
            # the driver takes its own table again when it resumes
            many.ethtool(vm, '-X eth0 weight 1 3')
            with t.case(f'Linux {vm.release}: {what}, streams both ways') as note:
                sleep_and_wake(vm)
                for nic in nics:
                    nic.wait_carrier(vm)
                    note(cases.both_ways(vm, nic, other, 4 * MB))
                    note(cases.both_ways(vm, nic, other, 4 * MB, v6=True))
            with t.case(f'Linux {vm.release}: awake, flows arrive where key and table say') as note:
                note(check_flows(vm, many, flows))
        with t.case(f'Linux {vm.release}: neither the kernel nor a device complained about sleep'):
            cases.quiet(vm)


def group_sleep_stable(t):
    check_sleep(t, 'stable')


def group_sleep_newer(t):
    check_sleep(t, '6.12')


# ---- interrupts and reload ----

def check_kind(t, vm, nic, other, kind, names):
    with t.case(f'{kind}: carries streams') as note:
        lines = [line for line in vm.sh('cat /proc/interrupts').splitlines() if line.split(':')[0].strip() in nic.irqs(vm)]
        note('; '.join(' '.join(line.split()) for line in lines))
        expect(lines and all(re.search(names, line) for line in lines), lines)
        note(cases.both_ways(vm, nic, other, 8 * MB))


def group_interrupts(t):
    cards = [{}, {'msix': 'off'}, {'msix': 'off', 'msi': 'off'}, {'mask-mode': 'active'}, {'mask-mode': 'lazy'}]
    vm, nics, other = boot('interrupts', cards)
    with vm:
        load(vm, nics, other)
        for nic, (kind, names) in zip(nics, (('MSI-X', 'MSI'), ('MSI', 'MSI'), ('INTx', 'IO-APIC'),
                                             ('MSI-X, active masking', 'MSI'), ('MSI-X, lazy masking', 'MSI'))):
            check_kind(t, vm, nic, other, kind, names)
        with t.case('neither the kernel nor a device complained about interrupts'):
            cases.quiet(vm)
    vm, nics, other = boot('nomsi', [{}], append='pci=nomsi')
    with vm:
        load(vm, nics, other)
        check_kind(t, vm, nics[0], other, 'a guest without MSI', 'IO-APIC')


def group_reload(t):
    vm, nics, other = boot('reload', [{}, {'rev': 3}])
    with vm:
        load(vm, nics, other)
        with t.case('the driver is unloaded and loaded twenty times under traffic') as note:
            cases.reload_driver(vm, 'vmxnet3', nics, other, 20)
            note(cases.both_ways(vm, nics[0], nics[1], 8 * MB))
        with t.case('neither the kernel nor a device complained while reloading'):
            cases.quiet(vm)


if __name__ == '__main__':
    main([group_offloads, group_queues, group_revisions_stable, group_revisions_newer, group_sleep_stable, group_sleep_newer,
          group_interrupts, group_reload])
