#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Machines that vchassis-import made of made-up hosts start as it wrote, and their interfaces have the names of before.

The scripts run as they are; what is added behind them is a kernel, and the ways to the guest's agent and to QEMU's
monitor. The name is that of systemd's net_id, as udev asks it; and the slot that it is made of, by sysfs.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import guest_image
from daemon import Daemon, together
from tap import Failed, Skip, expect, main
from vm import BUILD, LAUNCHER, Vm

PROGRAM = BUILD / 'tools/import/vchassis-import'
HOSTS = guest_image.TOP / 'tools/import/test'
MODULES = 'for m in e1000 pcnet32 vmxnet3; do modprobe $m; done'
# The interfaces of a guest by address: the name that Linux gave them on the host
NAMES = 'cd /sys/class/net; for i in *; do [ $i = lo ] || echo $(cat $i/address) $i; done'


def sh(*argv, **kwargs):
    done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **kwargs)
    if done.returncode:
        raise Failed(f'{argv}: {done.stdout}')
    return done.stdout


def udev():
    """An archive with udevadm, for a guest's initramfs. None: there is none here."""
    path = shutil.which('udevadm', path=os.environ.get('PATH', '') + ':/usr/sbin:/sbin')
    if not path:
        return None
    ar = guest_image.Cpio()
    ar.file('bin/udevadm', path)
    for lib in guest_image.libraries(path):
        ar.file(str(lib)[1:], lib)
    return ar.bytes()


class Host:
    """A made-up host, imported into a folder of the run: documents, scripts, disks."""

    def __init__(self, name, inputs):
        self.dir = BUILD / 'guest' / 'run' / f'import-{name}'
        shutil.rmtree(self.dir, ignore_errors=True)
        self.dir.mkdir(parents=True)
        for file in inputs:     # disks on another datastore are here, too
            data = (HOSTS / name / file).read_bytes().replace(b'/vmfs/volumes/datastore2/db1/', b'')
            (self.dir / file).write_bytes(data)
        self.new = self.dir / 'new'
        self.report = sh(PROGRAM, *inputs, '--output', 'new', cwd=self.dir)
        self.config = json.loads((self.new / 'vswitchd.json').read_text())
        archive = udev()
        self.udev = archive and self.dir / 'udev.cpio'
        if archive:
            self.udev.write_bytes(archive)

    def disk(self, name, parent=None):
        sh('qemu-img', 'create', '-f', 'vmdk', *(['-b', parent, '-F', 'vmdk'] if parent else []), name,
           *([] if parent else ['8M']), cwd=self.dir)

    def convert(self):
        sh('./convert.sh', cwd=self.new)

    def machine(self, name, daemon):
        return Imported(self, name, daemon)


class Imported(Vm):
    """A machine that is started by its script."""

    def __init__(self, host, name, daemon):
        super().__init__(f'import-{name}', overlay=host.udev)
        tail = self.command[self.command.index('-kernel'):]
        self.command = [str(host.new / f'{name}.sh'), '-display', 'none', '-no-reboot', *tail]
        path = f'{Path(LAUNCHER).parent}:{os.environ["PATH"]}'
        self.who = {'cwd': host.new, 'env': {**os.environ, 'PATH': path, 'XDG_RUNTIME_DIR': str(daemon.dir)}}

    def names(self):
        """What udev would call the interfaces, by address."""
        found = {}
        for line in self.sh(NAMES).splitlines():
            mac, name = line.split()
            said = self.sh(f'udevadm test-builtin net_id /sys/class/net/{name} 2>/dev/null')
            found[mac] = re.search(r'^ID_NET_NAME_SLOT=(.*)$', said, re.M)[1] if 'NAME_SLOT' in said else said
        return found

    def slots(self):
        """Slots of interfaces, by address: what the name is made of."""
        found = {}
        for line in self.sh(NAMES).splitlines():
            mac, name = line.split()
            bus = self.sh(f'basename $(readlink -f /sys/class/net/{name}/device)').strip()
            found[mac] = self.sh(f'cd /sys/bus/pci/slots; grep -l "^{bus[:-2]}$" */address').split('/')[0]
        return found


def check_names(t, vm, wanted, cards):
    with t.case(f'{vm.name}: slots are those of before') as note:
        found = vm.slots()
        note(found)
        expect({mac: f'ens{slot}' for mac, slot in found.items()} == wanted, f'{found}, not {wanted}')
    with t.case(f'{vm.name}: there is no other card'):
        count = vm.sh('grep -l ^0x0200 /sys/bus/pci/devices/*/class | wc -l').strip()
        expect(int(count) == cards, f'{count} cards, not {cards}')
    with t.case(f'{vm.name}: udev calls the interfaces as before') as note:
        if not shutil.which('udevadm', path=os.environ.get('PATH', '') + ':/usr/sbin:/sbin'):
            raise Skip('there is no udevadm here (package udev)')
        found = vm.names()
        note(found)
        expect(found == wanted, f'{found}, not {wanted}')


def interface(vm, mac):
    return dict(line.split() for line in vm.sh(NAMES).splitlines())[mac]


def up(vm, mac, address):
    name = interface(vm, mac)
    vm.sh(f'ip addr add {address}/24 dev {name} && ip link set {name} up')


def group_story(t):
    host = Host('story', ['esx1.txt', 'web1.vmx', 'db1.vmx'])
    for name in 'web1.vmdk', 'db1.vmdk', 'data.vmdk':
        host.disk(name)
    host.convert()
    with Daemon(host.config) as daemon:
        with together(host.machine('web1', daemon), host.machine('db1', daemon)) as (web, db):
            for vm in web, db:
                vm.sh(MODULES)
            check_names(t, web, {'00:0c:29:bb:cc:01': 'ens160', '00:50:56:00:00:12': 'ens192'}, 2)
            check_names(t, db, {'00:50:56:8c:00:21': 'ens192', '00:0c:29:bb:cc:22': 'ens33'}, 2)
            with t.case('cards of one port group reach each other, those of another do not'):
                up(web, '00:0c:29:bb:cc:01', '10.0.10.1')
                up(web, '00:50:56:00:00:12', '10.0.20.1')
                up(db, '00:0c:29:bb:cc:22', '10.0.10.2')
                up(db, '00:50:56:8c:00:21', '10.0.20.2')
                web.until('ping -c 1 -W 1 10.0.10.2')
                web.until('ping -c 1 -W 1 10.0.20.2')
                # an address of this network behind db1's other card, in the other VLAN
                db.sh(f'ip link set {interface(db, "00:50:56:8c:00:21")} down')
                up(db, '00:0c:29:bb:cc:22', '10.0.20.3')
                status, _ = web.run('ping -c 2 -W 1 10.0.20.3')
                expect(status, 'Storage reaches Web')
            with t.case('the daemon has their ports in their port groups'):
                found = {p['id']: (p['portgroup'], p['vlan']) for p in daemon.ask('query-ports')}
                expect(found == {'web1.ethernet0': ('Web', 10), 'web1.ethernet1': ('Storage', 20),
                                 'db1.ethernet0': ('Storage', 20), 'db1.ethernet1': ('Web', 10)}, found)


def group_snapshot(t):
    host = Host('snapshot', ['esx3.txt', 'portgroups.json', 'old-000002.vmx'])
    host.disk('old.vmdk')
    host.disk('old-d.vmdk')
    host.disk('old-000001.vmdk', 'old.vmdk')
    host.disk('old-000002.vmdk', 'old-000001.vmdk')
    host.disk('old-d-000001.vmdk', 'old-d.vmdk')
    host.convert()
    with Daemon(host.config) as daemon:
        with host.machine('old', daemon) as vm:
            vm.sh(MODULES)
            given = {'00:0c:29:bb:cc:41': 'ens160', '00:50:56:8c:00:42': 'ens34'}
            wanted = {**given, **{mac: 'ens192' for mac in vm.slots() if mac not in given}}
            check_names(t, vm, wanted, 3)
            with t.case('a port group that no input described is blocked'):
                ports = {p['id']: p for p in daemon.ask('query-ports', switch='vSwitch0')}
                expect(ports['old.ethernet2']['blocked'] and not ports['old.ethernet0']['blocked'], ports)


def group_teams(t):
    host = Host('teams', ['esx2.txt', 'zaehler7.vmx'])
    host.disk('z\u00e4hler 7.vmdk')
    host.disk('data.vmdk')
    host.convert()
    with Daemon(host.config) as daemon:
        with host.machine('Z__hler_7', daemon) as vm:
            vm.sh(MODULES)
            check_names(t, vm, {'00:50:56:00:00:31': 'ens161'}, 2)
            with t.case('e1000e, whose driver this guest lacks, is in slot 192'):
                bus = vm.sh('cat /sys/bus/pci/slots/192/address').strip()
                expect(vm.sh(f'cat /sys/bus/pci/devices/{bus}.0/device').strip() == '0x10d3', bus)
            with t.case('the card whose cable was out is blocked'):
                ports = {p['id']: p for p in daemon.ask('query-ports', switch='Inside')}
                expect('Z__hler_7.ethernet1' in ports, list(ports))
                expect(ports['Z__hler_7.ethernet1']['blocked'], ports)


if __name__ == '__main__':
    main([group_story, group_snapshot, group_teams])
