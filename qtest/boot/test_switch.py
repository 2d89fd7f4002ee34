#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Port groups of one vc-switch, with six cards of one guest: ours and stock, each in a namespace of its own."""

import json
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import cases
import traffic
import vm as vms
from cases import MB
from nics import Nic, Switch
from qmp import Qmp, QmpError
from tap import Failed, expect, main
from vm import Vm

CONFIG = {
    'portgroups': {
        'blue': {'vlan': 10},
        'green': {'vlan': 20},
        'all': {'vlan': 4095},
        'watch': {'vlan': 10, 'security': {'promiscuous': False}},
    },
}


class Control(Qmp):
    """The control socket of a switch."""

    def __init__(self, vm, path):
        super().__init__(vm.alive)
        self.close()
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(str(path))
        self.greet(20)

    def patch(self, patch, **more):
        self.command('config-patch', patch=patch, **more)


class Bench:
    """The guest, its switch and its six cards."""

    def __init__(self, directory):
        (directory / 'config.json').write_text(json.dumps(CONFIG))
        self.path = directory / 'control'
        switch = Switch()
        groups = (('vc-e1000', 'blue'), ('e1000', 'blue'), ('virtio-net-pci', 'green'), ('vc-vmxnet3', 'green'),
                  ('vc-pcnet', 'all'), ('vc-e1000-82545em', 'watch'))
        self.nics = [Nic(i, model, switch, port={'portgroup': group}) for i, (model, group) in enumerate(groups, 1)]
        args = ['-device', f'vc-switch,id={switch.name},config={directory}/config.json,control={self.path}']
        self.vm = Vm('switch', args + [a for n in self.nics for a in n.args()])

    def load(self):
        self.vm.sh('for m in e1000 pcnet32 vmxnet3 virtio_pci virtio_net 8021q; do modprobe $m; done')
        for nic in self.nics:
            nic.attach(self.vm, link=False)
        for nic in self.nics:
            nic.wait_carrier(self.vm)


def reaches(vm, source, target):
    """Does a ping come back? target is an address."""
    return vm.run(f'ip netns exec {source.ns} ping -c 3 -i 0.2 -W 1 {target}')[0] == 0


def received(vm, nic):
    return nic.link_counters(vm)['rx']['packets']


def check_vlans(t, vm, nics):
    blue, also_blue, green, also_green, trunk, _ = nics
    for a, b in ((blue, also_blue), (green, also_green)):
        with t.case(f'{a.model} and {b.model} of one VLAN exchange streams') as note:
            note(cases.both_ways(vm, a, b, 4 * MB))
    with t.case('cards of different VLANs do not reach each other'):
        for a, b in ((blue, green), (also_green, also_blue)):
            expect(not reaches(vm, a, b.v4), f'{a.model} reaches {b.model}')
    with t.case('a card whose guest tags is in both VLANs') as note:
        for vid, peer in ((10, blue), (20, also_green)):
            mine = cases.add_vlan(vm, trunk, vid)
            vm.sh(f'ip -n {peer.ns} addr add 10.119.{vid}.{peer.number}/24 dev eth0')
            note(f'VLAN {vid}: {traffic.tcp(vm, peer, trunk, 4 * MB, to=mine)["mbps"]:.0f} Mb/s')
            rate = traffic.tcp(vm, trunk, peer, 4 * MB, to=f'10.119.{vid}.{peer.number}')['mbps']
            note(f'and back {rate:.0f} Mb/s')
    with t.case('its untagged frames reach neither VLAN'):
        expect(not reaches(vm, trunk, blue.v4) and not reaches(vm, trunk, green.v4), 'they do')


def overheard(vm, watcher, a, b):
    """Frames of a stream between two others that the watcher's card gave to its guest."""
    before = received(vm, watcher)
    traffic.udp(vm, a, b, 500, 400, per_second=2000)
    return received(vm, watcher) - before


def check_promiscuous(t, vm, nics, control):
    blue, also_blue, watcher = nics[0], nics[1], nics[5]
    with t.case('a promiscuous card sees the others\' traffic only when its port group accepts it') as note:
        watcher.sh(vm, 'ip link set eth0 promisc on')
        rejected = overheard(vm, watcher, blue, also_blue)
        control.patch({'portgroups': {'watch': {'security': {'promiscuous': True}}}})
        accepted = overheard(vm, watcher, blue, also_blue)
        watcher.sh(vm, 'ip link set eth0 promisc off')
        quiet = overheard(vm, watcher, blue, also_blue)
        note(f'of 500 datagrams: rejected {rejected}, accepted {accepted}, accepted but not promiscuous {quiet}')
        expect(rejected < 100 and accepted >= 500 and quiet < 100, 'wrong')


def check_security(t, vm, nics, control):
    blue, also_blue = nics[:2]

    def with_address(mac):
        vm.sh(f'ip -n {blue.ns} link set eth0 down; ip -n {blue.ns} link set eth0 address {mac} up')
        blue.wait_carrier(vm)
        return reaches(vm, blue, also_blue.v4)

    with t.case('a card may use another address only if its port group accepts it') as note:
        expect(with_address('52:54:00:76:63:77'), 'not accepted by default')
        control.patch({'portgroups': {'blue': {'security': {'mac-changes': False, 'forged-transmits': False}}}})
        expect(not reaches(vm, blue, also_blue.v4), 'accepted in spite of the policy')
        lost = blue.port_stats(vm)['drops']
        note(f'dropped: {({k: v for k, v in lost.items() if v})}')
        expect(lost['forged-transmit'] or lost['mac-change'], 'not counted')
        expect(with_address(blue.mac), 'its own address is refused')
        control.patch({'portgroups': {'blue': {'security': None}}})


def check_runtime(t, vm, nics, control):
    blue, also_blue, green, _, trunk, _ = nics
    with t.case('a port group moves to another VLAN while its cards talk'):
        stream = traffic.Stream(vm, blue, also_blue, 24 * MB)
        control.patch({'portgroups': {'blue': {'vlan': 20}}})
        stream.finish()
        expect(reaches(vm, blue, green.v4), 'blue has not come to VLAN 20')
        control.patch({'portgroups': {'blue': {'vlan': 10}}})
        expect(not reaches(vm, blue, green.v4) and reaches(vm, blue, also_blue.v4), 'blue has not gone back')
    with t.case('a change that is not confirmed is taken back'):
        control.patch({'portgroups': {'blue': {'blocked': True}}}, confirm_timeout=2)
        expect(not reaches(vm, blue, also_blue.v4), 'blue is not blocked')
        vm.wait_for(lambda: 'blocked' not in control.command('query-config')['portgroups']['blue'], 'the roll-back')
        expect(reaches(vm, blue, also_blue.v4), 'blue is still blocked')
    with t.case('a wrong change is refused with its path, and changes nothing') as note:
        before = control.command('query-config')
        try:
            control.patch({'portgroups': {'blue': {'vlan': 10, 'colour': 'blue'}}})
        except QmpError as error:
            note(error.desc)
            expect('/portgroups/blue/colour' in error.desc, error.desc)
        else:
            raise Failed('it was accepted')
        expect(control.command('query-config') == before, 'something changed')
    with t.case('the configuration that was loaded comes back'):
        now = control.command('query-config')
        del now['portgroups']['watch']['security']
        wanted = json.loads(json.dumps(CONFIG))
        del wanted['portgroups']['watch']['security']
        expect(now == wanted, now)


def group_portgroups(t):
    directory = Path(tempfile.mkdtemp(prefix='vchassis-'))     # a socket's path must be short
    try:
        bench = Bench(directory)
        with bench.vm as vm:
            bench.load()
            control = Control(vm, bench.path)
            check_vlans(t, vm, bench.nics)
            check_promiscuous(t, vm, bench.nics, control)
            check_security(t, vm, bench.nics, control)
            check_runtime(t, vm, bench.nics, control)
            with t.case('neither the kernel nor a device complained'):
                cases.quiet(vm)
            control.close()
    finally:
        shutil.rmtree(directory)


def group_refusals(t):
    with t.case('a wrong configuration file is refused in one line, with the path of what is wrong') as note:
        with tempfile.NamedTemporaryFile('w', suffix='.json') as file:
            json.dump({'portgroups': {'blue': {'vlan': 5000}}}, file)
            file.flush()
            argv = [vms.LAUNCHER, '-nodefaults', '-display', 'none', '-S', '-monitor', 'none',
                    '-device', f'vc-switch,id=sw0,config={file.name}']
            done = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)
        note(done.stderr.strip())
        expect(done.returncode > 0 and len(done.stderr.splitlines()) == 1, f'{done.returncode}: {done.stderr}')
        expect('/portgroups/blue/vlan' in done.stderr, 'it does not say where')


if __name__ == '__main__':
    main([group_portgroups, group_refusals])
