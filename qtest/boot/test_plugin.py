#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The plug-in in the distribution's QEMU: stock cards on its ports, monitor commands, hot-plug, saved guests."""

import re
import shutil
import struct
import subprocess
from pathlib import Path

import cases
import traffic
import vm as vms
from cases import MB
from nics import Nic, Switch, bring_up
from qmp import QmpError
from tap import Failed, expect, main
from uplink import FileServer, fetch, lease
from vm import Vm

SWITCH = Switch()


def boot(name, nics, more=(), **kwargs):
    return Vm(f'plugin-{name}', SWITCH.args() + [a for n in nics for a in n.args()] + list(more), **kwargs)


def load(vm, nics):
    vm.sh('for m in e1000 virtio_pci virtio_net; do modprobe $m; done')
    bring_up(vm, nics)


# ---- stock cards, and whole TSO messages ----

def tso_counts(vm, source, sink, size=16 * MB):
    """Send a stream; returns what the two ports counted: messages in and out whole, and cut up."""
    before = source.port_stats(vm), sink.port_stats(vm)
    rate = traffic.tcp(vm, source, sink, size)['mbps']
    after = source.port_stats(vm), sink.port_stats(vm)
    return {
        'mbps': rate,
        'in': after[0]['in']['gso'] - before[0]['in']['gso'],
        'out': after[1]['out']['gso'] - before[1]['out']['gso'],
        'cut': after[1]['segmented'] - before[1]['segmented'],
    }


def check_tso(t, vm, ours, also_ours, virtio):
    with t.case('TSO messages of vc-e1000 reach virtio-net whole') as note:
        virtio.ethtool(vm, '-K eth0 gro off')
        before = virtio.link_counters(vm)['rx']
        counts = tso_counts(vm, ours, virtio)
        after = virtio.link_counters(vm)['rx']
        mean = (after['bytes'] - before['bytes']) / (after['packets'] - before['packets'])
        note(f'{counts}, mean frame that virtio-net got: {mean:.0f} bytes')
        expect(counts['in'] > 100 and counts['out'] == counts['in'] and not counts['cut'], counts)
        expect(mean > 3000, 'frames came small')
    with t.case('TSO messages of virtio-net are cut once, for vc-e1000') as note:
        counts = tso_counts(vm, virtio, ours)
        note(counts)
        expect(counts['in'] > 100 and counts['cut'] == counts['in'] and not counts['out'], counts)
    with t.case('TSO messages between two vc-e1000 are cut once') as note:
        counts = tso_counts(vm, ours, also_ours)
        note(counts)
        expect(counts['in'] > 100 and counts['cut'] == counts['in'], counts)


def check_monitor(t, vm, ours, virtio):
    with t.case('set_link takes the link away and gives it back'):
        vm.qmp('set_link', name=ours.id, up=False)
        ours.wait_carrier(vm, False)
        vm.qmp('set_link', name=ours.id, up=True)
        ours.wait_carrier(vm)
        traffic.ping(vm, virtio, ours)
    with t.case('set_link on the port does the same'):
        vm.qmp('set_link', name=ours.port, up=False)
        ours.wait_carrier(vm, False)
        vm.qmp('set_link', name=ours.port, up=True)
        ours.wait_carrier(vm)
        traffic.ping(vm, virtio, ours)
    with t.case('query-rx-filter follows the driver') as note:
        def rx_filter():
            (one,) = vm.qmp('query-rx-filter', name=ours.id)
            return one

        first = rx_filter()
        note(first)
        expect(first['main-mac'] == ours.mac and not first['promiscuous'], first)
        ours.sh(vm, 'ip link set eth0 promisc on')
        expect(rx_filter()['promiscuous'], 'not promiscuous')
        ours.sh(vm, 'ip link set eth0 promisc off; ip link set eth0 allmulticast on')
        expect(rx_filter()['multicast'] == 'all', rx_filter())
        ours.sh(vm, 'ip link set eth0 allmulticast off')
        expect(rx_filter()['multicast'] != 'all' and not rx_filter()['promiscuous'], rx_filter())
    with t.case('info network names cards and ports') as note:
        out = vm.hmp('info network')
        note(re.sub(r'\s+', ' ', out))
        expect(re.search(rf'{ours.id}:.*model=vc-e1000.*{ours.mac}', out) and ours.port in out, out)


def group_cards(t):
    stock, virtio = Nic(1, 'e1000', SWITCH), Nic(2, 'virtio-net-pci', SWITCH)
    ours, also_ours = Nic(3, 'vc-e1000', SWITCH), Nic(4, 'vc-e1000', SWITCH)
    nics = [stock, virtio, ours, also_ours]
    with boot('cards', nics) as vm:
        load(vm, nics)
        for a, b in ((stock, virtio), (stock, ours), (virtio, ours), (ours, also_ours)):
            with t.case(f'{a.model} and {b.model} exchange streams, v4 and v6') as note:
                note(cases.both_ways(vm, a, b, 4 * MB))
                note(cases.both_ways(vm, a, b, 4 * MB, v6=True))
        check_tso(t, vm, ours, also_ours, virtio)
        check_monitor(t, vm, ours, virtio)
        with t.case('neither the kernel nor a device complained'):
            cases.quiet(vm)


# ---- an uplink ----

def group_uplink(t):
    nic, peer = Nic(1, 'vc-e1000', SWITCH), Nic(2, 'vc-e1000', SWITCH)
    uplink = ['-netdev', 'user,id=u0', '-device', f'vc-port,id=up,switch={SWITCH.name},netdev=u0']
    with boot('uplink', [nic, peer], uplink) as vm, FileServer(4 * MB) as server:
        load(vm, [nic, peer])
        for card in (nic, peer):
            with t.case(f'{card.id} gets a lease from libslirp behind an uplink') as note:
                note(lease(vm, card))
        with t.case('a file from the host arrives as it is') as note:
            note(f'{fetch(vm, nic, server):.1f} Mb/s')
        with t.case('two cards behind one uplink still reach each other') as note:
            note(cases.both_ways(vm, nic, peer, 2 * MB))


# ---- hot-plug ----

def hot_add(vm, nic):
    vm.qmp('device_add', driver='vc-port', id=nic.port, switch=SWITCH.name)
    vm.qmp('device_add', **nic.device())


def hot_remove(vm, nic):
    for device in (nic.id, nic.port):
        vm.qmp('device_del', id=device)
        vm.monitor.event('DEVICE_DELETED', 60, device=device)


def refused(vm, **arguments):
    """device_add must fail; returns the text of the error."""
    try:
        vm.qmp('device_add', **arguments)
    except QmpError as error:
        return error.desc
    raise Failed(f'device_add {arguments} was accepted')


def group_hotplug(t):
    virtio = Nic(1, 'virtio-net-pci', SWITCH)
    with boot('hotplug', [virtio]) as vm:
        load(vm, [virtio])
        for model in ('vc-e1000', 'e1000'):
            with t.case(f'{model} on a new port comes and goes three times, with traffic'):
                nic = Nic(2, model, SWITCH)
                for _ in range(3):
                    hot_add(vm, nic)
                    nic.attach(vm)
                    cases.both_ways(vm, nic, virtio, 1 * MB)
                    hot_remove(vm, nic)
                    expect(nic.port not in vm.hmp('info network'), 'its port is still there')
        with t.case('a card that goes while traffic comes and goes'):
            nic = Nic(2, 'vc-e1000', SWITCH)
            hot_add(vm, nic)
            nic.attach(vm)
            streams = [traffic.Stream(vm, nic, virtio, 1 << 40), traffic.Stream(vm, virtio, nic, 1 << 40)]
            cases.busy_both_ways(vm, nic, 3000)
            hot_remove(vm, nic)
            for stream in streams:
                stream.kill()
        with t.case('a port that is refused leaves nothing behind') as note:
            note(refused(vm, driver='vc-port', id='p9', switch=SWITCH.name, vlan=5000))
            note(refused(vm, driver='vc-e1000', id='nic9', netdev='p9'))
            expect('p9' not in vm.hmp('info network'), 'there is a p9')
            nic = Nic(9, 'vc-e1000', SWITCH)
            hot_add(vm, nic)
            nic.attach(vm)
            note(cases.both_ways(vm, nic, virtio, 1 * MB))
        with t.case('neither the kernel nor a device complained while cards came and went'):
            cases.quiet(vm)


# ---- saved guests ----

def saved_pair(name, more=(), **kwargs):
    nics = [Nic(1, 'vc-e1000', SWITCH), Nic(2, 'vc-e1000-82545em', SWITCH), Nic(3, 'virtio-net-pci', SWITCH)]
    return boot(name, nics, more, **kwargs), nics


def sent(vm, nic):
    return nic.link_counters(vm)['tx']['bytes']


def start_streams(vm, nics, size):
    """A stream from ours to ours and one from ours to virtio-net, both well under way."""
    a, b, virtio = nics
    streams = [traffic.Stream(vm, a, b, size), traffic.Stream(vm, b, virtio, size)]
    for nic in (a, b):
        vm.wait_for(lambda nic=nic: sent(vm, nic) > 4 * MB, 'the streams to start')
    return streams


def finish_streams(vm, nics, streams, note):
    for stream in streams:
        note(f'{stream.label}: {stream.finish()["bytes"] >> 20} MB, every byte right')
    note(f'then {cases.both_ways(vm, nics[0], nics[1], 2 * MB)}')
    for nic in nics[:2]:
        expect(cases.speed(nic, vm) == (1000, 'Full'), 'link')


def group_snapshot(t):
    disk = vms.BUILD / 'guest' / 'run' / 'snapshot.qcow2'
    disk.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(['qemu-img', 'create', '-q', '-f', 'qcow2', disk, '64M'], check=True)
    vm, nics = saved_pair('snapshot', ['-drive', f'if=none,id=snapshots,format=qcow2,file={disk}'])
    with vm:
        load(vm, nics)
        with t.case('savevm and loadvm under traffic: connections live on') as note:
            streams = start_streams(vm, nics, 64 * MB)
            out = vm.hmp('savevm one')
            expect(not out, out)
            at_save = sent(vm, nics[0])
            vm.wait_for(lambda: sent(vm, nics[0]) > at_save + 4 * MB, 'the stream to go on')
            vm.sh('touch /tmp/after-the-snapshot')
            out = vm.hmp('loadvm one')
            expect(not out, out)
            vm.agent.ping()
            expect(vm.run('test -e /tmp/after-the-snapshot')[0] == 1, 'the guest has not gone back')
            finish_streams(vm, nics, streams, note)
        with t.case('neither the kernel nor a device complained about the snapshot'):
            cases.quiet(vm)
    disk.unlink()


def migrate_to_file(vm, path):
    vm.qmp('migrate-set-parameters', max_bandwidth=1 << 30)
    vm.qmp('migrate', uri=f'exec:cat > {path}')
    vm.wait_for(lambda: vm.qmp('query-migrate')['status'] in ('completed', 'failed'), 'the migration', 120)
    expect(vm.qmp('query-migrate')['status'] == 'completed', vm.qmp('query-migrate'))


def group_migration(t):
    vm, nics = saved_pair('migration')
    state = vm.dir / 'state'
    with vm:
        load(vm, nics)
        with t.case('migration to a file and back under traffic: connections live on') as note:
            streams = start_streams(vm, nics, 64 * MB)
            migrate_to_file(vm, state)
            note(f'{state.stat().st_size >> 20} MB of state')
            heir, _ = saved_pair('migrated', incoming=f'exec:cat {state}', heir_of=vm)
            with heir:
                finish_streams(heir, nics, streams, note)
                cases.quiet(heir)
                expect(not heir.said(), heir.said())
    state.unlink(missing_ok=True)


# ---- bad input ----

PORT = ['-device', 'vc-port,id=p0']
BAD = (
    ('an unknown property', ['-device', 'vc-e1000,nosuch=1'], r"Property 'vc-e1000.nosuch' not found"),
    ('a property value that is none', [*PORT, '-device', 'vc-e1000,netdev=p0,mac=red'], r"\bmac\b.*'red'"),
    ('a netdev that is not there, for a card', ['-device', 'vc-e1000,netdev=nope'], r"netdev.*can't find value 'nope'"),
    ('a netdev that is not there, for a port', ['-netdev', 'user,id=u0', '-device', 'vc-port,id=p0,netdev=nope'],
     r'netdev=nope: there is no such netdev; free are u0'),
    ('VLAN 4096', ['-device', 'vc-port,id=p0,vlan=4096'], r'vlan=4096: must be'),
    ('VLAN -2', ['-device', 'vc-port,id=p0,vlan=-2'], r'vlan=-2: must be'),
    ('a VLAN that is no number', ['-device', 'vc-port,id=p0,vlan=red'], r"'vlan' expects"),
    ('two ports of one id', [*PORT, *PORT], r"Duplicate ID 'p0'"),
    ('a port of a netdev\'s id', ['-netdev', 'user,id=p0', *PORT], r'id=p0: there is a netdev'),
    ('a port without id', ['-device', 'vc-port'], r'a port needs an id'),
    ('a switch that is none', ['-device', 'e1000,id=x', '-device', 'vc-port,id=p0,switch=x'], r'switch=x: .*no vc-switch'),
    ('two cards on one port', [*PORT, '-device', 'vc-e1000,netdev=p0', '-device', 'vc-e1000,netdev=p0'],
     r"netdev.*can't take value 'p0'.*in use"),
    ('a port group that is not there', ['-device', 'vc-port,id=p0,portgroup=nope'], r"no port group 'nope'"),
)


def complaint(argv):
    """Run QEMU with arguments it must refuse; returns the one line it says."""
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)
    expect(done.returncode > 0, f'status {done.returncode}: {done.stderr}')
    lines = done.stderr.strip().splitlines()
    expect(len(lines) == 1, f'not one line:\n{done.stderr}')
    return lines[0]


# An ELF note of type NT_GNU_BUILD_ID with the 20 bytes of a SHA-1 to follow.
BUILD_ID_NOTE = struct.pack('<III4s', 4, 20, 3, b'GNU\0')


def other_qemu():
    """A copy of QEMU whose build-id is another."""
    data = bytearray(Path(shutil.which(vms.STOCK_QEMU)).read_bytes())
    at = data.find(BUILD_ID_NOTE) + len(BUILD_ID_NOTE)
    expect(at >= len(BUILD_ID_NOTE), 'QEMU has no build-id')
    data[at] ^= 0xff
    copy = vms.BUILD / 'guest' / 'run' / 'other-qemu'
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_bytes(data)
    copy.chmod(0o755)
    return copy


def group_refusals(t):
    base = [vms.LAUNCHER, '-nodefaults', '-display', 'none', '-accel', 'tcg', '-S', '-monitor', 'none']
    for name, args, words in BAD:
        with t.case(f'refused in one line: {name}') as note:
            line = complaint(base + args)
            note(line)
            expect(re.search(words, line), 'it does not say what is wrong')
    with t.case('refused in one line: another QEMU') as note:
        copy = other_qemu()
        line = complaint([vms.LAUNCHER, f'--qemu={copy}', '--version'])
        note(line)
        expect('not the QEMU' in line, 'it does not say what is wrong')
        copy.unlink()


if __name__ == '__main__':
    main([group_cards, group_uplink, group_hotplug, group_snapshot, group_migration, group_refusals])
