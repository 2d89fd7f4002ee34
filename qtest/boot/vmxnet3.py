# SPDX-License-Identifier: GPL-2.0-or-later
"""Guests with vc-vmxnet3 cards, and what Linux's driver shows of their queues."""

import re

import rss
from nics import Nic, Switch, bring_up
from tap import expect
from vm import Vm

LOAD = '''modprobe vmxnet3 dyndbg="format 'Using device version' +p"; modprobe virtio_pci; modprobe virtio_net'''


def boot(label, cards, peer='virtio-net-pci', **kwargs):
    """A guest with these vc-vmxnet3 (a mapping of properties each) and another card, the peer."""
    switch = Switch()
    nics = [Nic(i, 'vc-vmxnet3', switch, port={'vlan': 4095}, **props) for i, props in enumerate(cards, 1)]
    other = Nic(31, peer, switch, port={'vlan': 4095})
    args = switch.args() + [a for n in [*nics, other] for a in n.args()]
    return Vm(f'vmxnet3-{label}', args, **kwargs), nics, other


def load(vm, nics, other):
    vm.sh(LOAD)
    bring_up(vm, [*nics, other])


def queues(nic, vm):
    """ethtool -S by queue: {('Rx', 0): {'ucast pkts rx': ...}, ...}."""
    found, here = {}, {}
    for line in nic.ethtool(vm, '-S eth0').splitlines():
        head = re.match(r'\s+(Tx|Rx) Queue#: (\d+)', line)
        value = re.match(r'\s+(.+): (\d+)$', line)
        if head:
            here = found.setdefault((head.group(1), int(head.group(2))), {})
        elif value:
            here[value.group(1).strip()] = int(value.group(2))
    return found


def total(counts, direction, name):
    return sum(c[name] for (d, _), c in counts.items() if d == direction)


def per_queue(before, after, direction, name):
    return [after[k][name] - before[k][name] for k in sorted(after) if k[0] == direction]


def check_flows(vm, nic, flows, ports=('tcp', 'udp')):
    """Every flow arrives where the guest's key and table say; returns shares. ports: hashed with ports."""
    def counts():
        return [c['ucast pkts rx'] for (direction, _), c in sorted(queues(nic, vm).items()) if direction == 'Rx']

    key, table, got, due = rss.linux_key(vm), rss.table_of(nic, vm), {}, {}
    for name, protocol, v6 in (('TCP4', 'tcp', False), ('TCP6', 'tcp', True), ('UDP4', 'udp', False), ('UDP6', 'udp', True)):
        def queue_of(source, destination, both, hashed=protocol in ports):
            return table[rss.hash_of(key, source, destination, both if hashed else None) % len(table)]

        got[name] = flows.shares(protocol, v6, counts)
        due[name] = flows.arrivals(queue_of, len(got[name]), v6)
    expect(got == due, f'{got} arrived, {due} by key {key.hex()} and table {"".join(map(str, table))}')
    return got
