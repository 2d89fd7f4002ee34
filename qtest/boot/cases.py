# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks that every model must pass with its own driver."""

import re

import traffic
from tap import expect

MB = 1 << 20


def self_test(nic, vm):
    """ethtool -t offline; returns its rows as name -> code (0 is good)."""
    status, output = vm.run(f'ip netns exec {nic.ns} ethtool -t eth0 offline', 180)
    rows = {name.split('(')[0].strip(): int(code) for name, code in re.findall(r'^(.+?)\s+(\d+)$', output, re.M)}
    expect(status == 0 and 'result is PASS' in output and not any(rows.values()), output)
    return rows


def speed(nic, vm):
    """(Mb/s, duplex) as the driver says."""
    out = nic.ethtool(vm, 'eth0')
    mbps, duplex = re.search(r'Speed: (\d+)Mb/s', out), re.search(r'Duplex: (\w+)', out)
    expect(mbps and duplex, out)
    return int(mbps.group(1)), duplex.group(1)


def check_setup(nic, vm, **due):
    """The card says of its driver what the driver says of itself; due: further facts. Returns a few words."""
    setup, now = nic.setup(vm), nic.ethtool(vm, '-g eth0').partition('Current hardware')[2]
    rings = {row: int(size) for row, size in re.findall(r'^([\w ]+):\s+(\d+)$', now, re.M)}
    due |= {'active': True, 'mac': nic.sh(vm, 'cat /sys/class/net/eth0/address').strip()}
    for fact, row in (('tx-ring', 'TX'), ('rx-ring', 'RX'), ('rx-second-ring', 'RX Jumbo')):
        if fact in setup:
            due[fact] = rings.get(row)
        elif fact + 's' in setup:
            due[fact + 's'] = [rings.get(row)] * len(setup[fact + 's'])
    wrong = {name: setup.get(name) for name, value in due.items() if setup.get(name) != value}
    expect(not wrong, f'the card says {wrong} of {due}')
    return ', '.join(f'{name} {due[name]}' for name in sorted(due) if 'ring' in name)


def switch_feature(nic, vm, short, long, value):
    """Turn an offload on or off and see that the driver has done it."""
    nic.ethtool(vm, f'-K eth0 {short} {"on" if value else "off"}')
    expect(nic.features(vm)[long] is value, f'{long} stays {"off" if value else "on"}')


def both_ways(vm, a, b, size, **kwargs):
    """A checked TCP stream each way; returns their Mb/s as text."""
    rates = [traffic.tcp(vm, x, y, size, **kwargs)['mbps'] for x, y in ((a, b), (b, a))]
    return f'{rates[0]:.0f} and {rates[1]:.0f} Mb/s'


def grows(counter, before, after):
    expect(after[counter] > before[counter], f'{counter} stays at {before[counter]}')
    return f'{counter} +{after[counter] - before[counter]}'


def checksum_errors(nic, vm):
    """What the stack in the card's namespace found wrong so far, TCP and UDP."""
    rows = [line.split() for line in nic.sh(vm, 'grep -E "^(Tcp|Udp):" /proc/net/snmp').splitlines()]
    return {names[0] + name: int(value) for names, values in zip(rows[::2], rows[1::2])
            for name, value in zip(names, values) if name in ('InErrs', 'InCsumErrors')}


def set_mtu(vm, nics, mtu):
    for nic in nics:
        vm.sh(f'ip -n {nic.ns} link set eth0 mtu {mtu}')
    for nic in nics:
        nic.wait_carrier(vm)


def add_vlan(vm, nic, vid):
    """An interface for a VLAN on the card; returns its addresses' owner, fit for traffic functions."""
    vm.sh(f'''
        ip -n {nic.ns} link add link eth0 name eth0.{vid} type vlan id {vid}
        ip -n {nic.ns} addr add 10.119.{vid % 256}.{nic.number}/24 dev eth0.{vid}
        ip -n {nic.ns} link set eth0.{vid} up''')
    return f'10.119.{vid % 256}.{nic.number}'


def up_and_down(vm, nic, other, rounds):
    """The interface goes down and up again, and carries traffic each time."""
    for _ in range(rounds):
        vm.sh(f'ip -n {nic.ns} link set eth0 down; ip -n {nic.ns} link set eth0 up')
        nic.wait_carrier(vm)
        traffic.ping(vm, nic, other)


def reload_driver(vm, module, nics, other, rounds):
    """Unload and load a driver while datagrams come to and from each of its cards.

    other keeps sending to every card, loaded or not; each card sends too as soon as it is up. The
    driver goes again only after frames went each way by the hundred.
    """
    jobs = [vm.start_job(f'vct -n {other.ns} udp-sink 6000 1000000 600000 >/dev/null')]
    for nic in nics:
        vm.sh(f'ip -n {other.ns} neigh replace {nic.v4} lladdr {nic.mac} dev eth0')
        jobs.append(vm.start_job(f'vct -n {other.ns} udp-source {nic.v4} 6000 100000000 1000 200'))
    try:
        for _ in range(rounds):
            vm.sh(f'modprobe -r {module} && modprobe {module}')
            for nic in nics:
                nic.attach(vm, link=False)
                vm.sh(f'ip -n {nic.ns} neigh replace {other.v4} lladdr {other.mac} dev eth0')
                jobs.append(vm.start_job(f'vct -n {nic.ns} udp-source {other.v4} 6000 100000000 1000 200'))
            for nic in nics:
                busy_both_ways(vm, nic, 100)
    finally:
        for job in jobs:
            job.kill()


def check_reload(t, vm, module, nics, other):
    """The cases of reload_driver(): twenty times, and all is well afterwards."""
    with t.case('all models: the driver is unloaded and loaded twenty times under traffic') as note:
        reload_driver(vm, module, nics, other, 20)
        for nic in nics:
            note(f'{nic.props.get("model", nic.model)}: {both_ways(vm, nic, other, 2 * MB)}')
    with t.case('neither the kernel nor a device complained while reloading'):
        quiet(vm)


def busy_both_ways(vm, nic, frames):
    """Wait until the card has had this many frames each way."""
    stats = '/sys/class/net/eth0/statistics'
    nic.sh(vm, f'until [ $(cat {stats}/rx_packets) -gt {frames} ] && [ $(cat {stats}/tx_packets) -gt {frames} ]; '
               'do sleep 0.05; done')


def pktgen(vm, nic, count, size, burst=16, to=None):
    """Have the kernel's packet generator send from a card, and wait for the end; returns its report."""
    target = to or nic
    return nic.sh(vm, f"""
        pg() {{ echo "$2" > /proc/net/pktgen/$1 || {{ echo "pktgen: $2"; exit 1; }}; }}
        pg kpktgend_0 rem_device_all
        pg kpktgend_0 "add_device eth0"
        pg eth0 "count {count}"
        pg eth0 "pkt_size {size}"
        pg eth0 "clone_skb 100000"
        pg eth0 "burst {burst}"
        pg eth0 "dst {target.v4}"
        pg eth0 "dst_mac {target.mac}"
        pg pgctrl start
        cat /proc/net/pktgen/eth0""", 120)


def quiet(vm):
    """Neither the guest's kernel nor the device has complained."""
    expect(not vm.oops(), '\n'.join(vm.oops()))
    expect(not vm.guest_errors(), vm.guest_errors())
