# SPDX-License-Identifier: GPL-2.0-or-later
"""The end of make demo: guests of three QEMU processes on one vswitchd.

One has a card of ours on a port with connect=, one QEMU's virtio-net over vhost-user; they are in one
VLAN, whose way out is libslirp. The third is in another VLAN.
"""

import subprocess

import traffic
from daemon import CONTROL, Connect, Daemon, Stream, VhostUser, together
from nics import Nic, bring_up
from tap import expect
from uplink import lease
from vm import LAUNCHER, STOCK_QEMU, Vm

MB = 1 << 20
SIZE = 16 * MB
CONFIG = {'switches': {'vswitch0': {
    'portgroups': {
        'blue': {'vlan': 10, 'listen': [{'transport': 'vhost-user', 'address': 'blue.sock', 'ports': 'blue%'}]},
        'green': {'vlan': 20, 'listen': [{'transport': 'stream', 'address': 'green.sock', 'ports': 'green%'}]},
    },
    'ports': {'nat': {'portgroup': 'blue', 'connect': {'transport': 'slirp'}}},
}}}


def say(text):
    print(text, flush=True)


def heard(vm, nic):
    return nic.link_counters(vm)['rx']['packets']


def show_ports(daemon):
    """The table of ports, by vswitchctl."""
    out = subprocess.run([CONTROL, '--socket', daemon.control, 'port', 'list'], stdout=subprocess.PIPE, check=True,
                         text=True).stdout
    for line in out.splitlines():
        say(f'  {line}')


def show_guests(daemon, vms, cards):
    (one, two, three), (ours, stock, other) = vms, cards
    for vm, nic, module in ((one, ours, 'vmxnet3'), (two, stock, 'virtio_net'), (three, other, 'e1000')):
        vm.sh(f'modprobe virtio_pci; modprobe {module}')
        bring_up(vm, [nic])
    for vm, nic in ((one, ours), (two, stock)):
        say(f'  {vm.name}, {nic.model}: {lease(vm, nic)}')
    before = heard(three, other)
    for vm, nic, peer, to in ((one, ours, two, stock), (two, stock, one, ours)):
        rate = traffic.tcp(vm, nic, to, SIZE, sink_vm=peer)['mbps']
        say(f'  {SIZE // MB} MB over TCP from {vm.name} to {peer.name}: every byte right ({rate:.0f} Mb/s)')
    whole = daemon.port('one.p1')['counters']['in']['gso']
    expect(whole, 'no TSO message came to the daemon whole')
    say(f'  {whole} TSO messages of {ours.model} came to the daemon whole')
    more = heard(three, other) - before
    expect(not more, f'{three.name}, in another VLAN, has heard {more} frames')
    say(f'  {three.name}, {other.model}, in another VLAN, has heard nothing of it')


def show():
    say('\nOne vswitchd, three QEMU processes:')
    with Daemon(CONFIG) as daemon:
        cards = (Nic(1, 'vc-vmxnet3', Connect(daemon, 'blue')),
                 Nic(2, 'virtio-net-pci', VhostUser(daemon, 'blue.sock'), **VhostUser.PROPS),
                 Nic(3, 'e1000', Stream(daemon, 'green.sock')))
        vms = (Vm('one', ['-name', 'one', *cards[0].args()]),
               Vm('two', [*VhostUser.memory(256), *cards[1].args()], machine='pc,memory-backend=mem', qemu=STOCK_QEMU),
               Vm('three', cards[2].args(), qemu=STOCK_QEMU))
        with together(*vms):
            show_guests(daemon, vms, cards)
            say('')
            show_ports(daemon)
    say(f"""
Your own guests:
  vswitchd &
  {LAUNCHER} [your options] \\
      -device vc-port,id=p1,connect=vswitch0 -device vc-vmxnet3,netdev=p1,mac=52:54:00:00:00:01
(each with a mac= and an id= or a -name of its own)""")
