#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""vc-e1000 in all its models under the e1000 driver of Debian's kernel.

One guest has a card of each model and a virtio-net card, each in its own namespace on one vc-switch.
"""

import re

import cases
import traffic
from cases import MB
from nics import Nic, Switch, bring_up
from tap import expect, main
from vm import Vm

MODELS = ('vc-e1000', 'vc-e1000-82544gc', 'vc-e1000-82545em')
PCI_IDS = {'vc-e1000': '0x100e', 'vc-e1000-82544gc': '0x100c', 'vc-e1000-82545em': '0x100f'}
ROWS = {'Register test', 'Eeprom test', 'Interrupt test', 'Loopback test', 'Link test'}


def check_identity(t, vm, nic):
    with t.case(f'{nic.model}: has its identity') as note:
        found = nic.sh(vm, 'cat /sys/class/net/eth0/device/device').strip()
        note(found)
        expect(found == PCI_IDS[nic.model], found)
    with t.case(f'{nic.model}: runs at 1000 Mb/s, full duplex'):
        expect(cases.speed(nic, vm) == (1000, 'Full'), cases.speed(nic, vm))
    with t.case(f'{nic.model}: says how the driver has set it up') as note:
        note(cases.check_setup(nic, vm, interrupt='intx', **{
            'vlan-strip': nic.features(vm)['rx-vlan-offload'], 'tx-enabled': True, 'rx-enabled': True}))
    with t.case(f'{nic.model}: takes all receive and flow control settings back'):
        nic.ethtool(vm, '-A eth0 rx on tx on autoneg off')
        out = nic.ethtool(vm, '-a eth0')
        expect(re.search(r'RX:\s+on', out) and re.search(r'TX:\s+on', out), out)
        nic.wait_carrier(vm)


def check_self_test(t, vm, nic):
    with t.case(f'{nic.model}: ethtool -t offline passes in all five rows') as note:
        rows = cases.self_test(nic, vm)
        note(', '.join(f'{name} {code}' for name, code in rows.items()))
        expect(set(rows) == ROWS, rows)
        nic.wait_carrier(vm)


def check_eeprom(t, vm, nic):
    with t.case(f'{nic.model}: a written EEPROM reads back, with a right checksum'):
        def read():
            return bytes(int(b, 16) for line in nic.ethtool(vm, '-e eth0').splitlines()
                         for b in re.findall(r'\b[0-9a-f]{2}\b', line.partition(':')[2]))

        device = int(PCI_IDS[nic.model], 16)
        old = read()
        expect(old[:6].hex(':') == nic.mac, f'address {old[:6].hex(":")}')
        nic.ethtool(vm, f'-E eth0 magic {device << 16 | 0x8086:#x} offset 0x10 value {old[0x10] ^ 0x5a:#x}')
        new = read()
        expect(new[0x10] == old[0x10] ^ 0x5a, f'reads {new[0x10]:#x}')
        words = [new[i] | new[i + 1] << 8 for i in range(0, 128, 2)]
        expect(sum(words) & 0xffff == 0xbaba, f'sum {sum(words) & 0xffff:#x}')


def check_receive_checksums(t, vm, nic, peer):
    with t.case(f'{nic.model}: receive checksums are offloaded') as note:
        cases.switch_feature(nic, vm, 'rx', 'rx-checksumming', True)
        before = nic.statistics(vm)
        note(f'{traffic.tcp(vm, peer, nic, 4 * MB)["mbps"]:.0f} Mb/s')
        note(cases.grows('rx_csum_offload_good', before, nic.statistics(vm)))
        # Linux's driver does not ask for IPv6 (RXCSUM.IPV6OFL): right bytes are all there is to see
        note(f'v6 {traffic.tcp(vm, peer, nic, 4 * MB, v6=True)["mbps"]:.0f} Mb/s')
        after = nic.statistics(vm)
        expect(after['rx_csum_offload_errors'] == before['rx_csum_offload_errors'], 'checksums found wrong')


def check_segmentation(t, vm, nic, peer):
    with t.case(f'{nic.model}: TSO carries traffic') as note:
        cases.switch_feature(nic, vm, 'tso', 'tcp-segmentation-offload', True)
        before = nic.statistics(vm)
        note(cases.both_ways(vm, nic, peer, 8 * MB))
        note(cases.grows('tx_tcp_seg_good', before, nic.statistics(vm)))
        # Linux's driver has no TSO for IPv6
        note('v6 ' + cases.both_ways(vm, nic, peer, 8 * MB, v6=True))
    with t.case(f'{nic.model}: traffic is right without any offload') as note:
        nic.ethtool(vm, '-K eth0 tso off gso off tx off rx off sg off')
        note(cases.both_ways(vm, nic, peer, 2 * MB))
        nic.ethtool(vm, '-K eth0 tx on rx on sg on tso on gso on')


def check_vlan(t, vm, nic, peer):
    vlan_nic, vlan_peer = cases.add_vlan(vm, nic, 118), cases.add_vlan(vm, peer, 118)
    for state in (True, False):
        word = 'on' if state else 'off'
        with t.case(f'{nic.model}: VLAN traffic with VLAN offload {word}') as note:
            if state or nic.model != 'vc-e1000-82544gc':
                cases.switch_feature(nic, vm, 'rxvlan', 'rx-vlan-offload', state)
            note(f'to it {traffic.tcp(vm, peer, nic, 4 * MB, to=vlan_nic)["mbps"]:.0f} Mb/s')
            note(f'from it {traffic.tcp(vm, nic, peer, 4 * MB, to=vlan_peer)["mbps"]:.0f} Mb/s')
    nic.ethtool(vm, '-K eth0 rxvlan on')
    for one in (nic, peer):
        vm.sh(f'ip -n {one.ns} link del eth0.118')


def check_jumbo(t, vm, nic, peer):
    with t.case(f'{nic.model}: a 9000-byte MTU carries traffic') as note:
        cases.set_mtu(vm, (nic, peer), 9000)
        traffic.ping(vm, nic, peer, size=8972)
        note(cases.both_ways(vm, nic, peer, 8 * MB))
        nic.ethtool(vm, '-K eth0 tso off gso off')
        note('without TSO ' + cases.both_ways(vm, nic, peer, 8 * MB))
        nic.ethtool(vm, '-K eth0 tso on gso on')
        cases.set_mtu(vm, (nic, peer), 1500)


def check_filters(t, vm, nic, peer):
    with t.case(f'{nic.model}: hears the multicast groups it has joined, and all if asked to') as note:
        vm.sh(f'ip -n {peer.ns} route replace 239.0.0.0/8 dev eth0')

        def heard():
            before = nic.link_counters(vm)['rx']['packets']
            vm.sh(f'vct -n {peer.ns} udp-source 239.255.118.99 7000 50 100')
            return nic.link_counters(vm)['rx']['packets'] - before

        deaf = heard()
        nic.sh(vm, 'ip maddr add 01:00:5e:7f:76:63 dev eth0')
        joined = heard()
        nic.sh(vm, 'ip maddr del 01:00:5e:7f:76:63 dev eth0; ip link set eth0 allmulticast on')
        everything = heard()
        nic.sh(vm, 'ip link set eth0 allmulticast off')
        note(f'of 50: {deaf} not joined, {joined} joined, {everything} with allmulticast')
        expect(deaf < 50 <= min(joined, everything), 'frames too many or missing')


def check_up_down(t, vm, nic, peer):
    with t.case(f'{nic.model}: goes down and up three times'):
        cases.up_and_down(vm, nic, peer, 3)


def check_all(t, vm, nic, peer):
    check_identity(t, vm, nic)
    check_receive_checksums(t, vm, nic, peer)
    check_segmentation(t, vm, nic, peer)
    check_vlan(t, vm, nic, peer)
    check_jumbo(t, vm, nic, peer)
    check_filters(t, vm, nic, peer)
    check_up_down(t, vm, nic, peer)
    check_eeprom(t, vm, nic)
    check_self_test(t, vm, nic)


def boot(name, **kwargs):
    switch = Switch()
    nics = [Nic(i, model, switch, port={'vlan': 4095}) for i, model in enumerate(MODELS, 1)]
    other = Nic(9, 'virtio-net-pci', switch, port={'vlan': 4095})
    args = switch.args() + [a for n in [*nics, other] for a in n.args()]
    return Vm(f'e1000-{name}', args, **kwargs), nics, other


def load(vm, nics, other):
    vm.sh('modprobe e1000; modprobe virtio_pci; modprobe virtio_net; modprobe 8021q')
    bring_up(vm, [*nics, other])


def group_models(t):
    vm, nics, other = boot('models')
    with vm:
        load(vm, nics, other)
        for nic in nics:
            check_all(t, vm, nic, other)
        with t.case('between two models, both ways') as note:
            note(cases.both_ways(vm, nics[0], nics[1], 4 * MB))
            note(cases.both_ways(vm, nics[0], nics[2], 4 * MB, v6=True))
        with t.case('neither the kernel nor a device complained'):
            cases.quiet(vm)


def group_reload(t):
    vm, nics, other = boot('reload')
    with vm:
        load(vm, nics, other)
        cases.check_reload(t, vm, 'e1000', nics, other)


def group_newer_kernel(t):
    vm, nics, other = boot('newer', kernel='6.12')
    with vm:
        load(vm, nics, other)
        for nic in nics:
            with t.case(f'{nic.model}: works with Linux {vm.release}') as note:
                note(cases.both_ways(vm, nic, other, 2 * MB))
            check_self_test(t, vm, nic)


if __name__ == '__main__':
    main([group_models, group_reload, group_newer_kernel])
