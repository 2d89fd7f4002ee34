# SPDX-License-Identifier: GPL-2.0-or-later
"""Network cards of a guest, each alone in a network namespace, and what carries frames between them.

The namespaces of one guest have nothing in common but our switch, so every frame between two of them
passes through both cards and the switch, and one boot tests as many cards as it has.
"""

import json
import re


class Switch:
    """A vc-switch."""

    def __init__(self, name='sw0'):
        self.name = name

    def args(self):
        return ['-device', f'vc-switch,id={self.name}']

    def port(self, name, **props):
        return ['-device', options(f'vc-port,id={name},switch={self.name}', props)]


class Hub:
    """QEMU's own hub: what stock cards have without us."""

    def __init__(self, number=0):
        self.number = number

    def args(self):
        return []

    def port(self, name, **_):
        return ['-netdev', f'hubport,id={name},hubid={self.number}']


# The PCI device is the net device's own parent, or (virtio) the one above.
IRQS = 'd=$(readlink -f /sys/class/net/{name}/device); until [ -e $d/irq ]; do d=${{d%/*}}; done; ' \
       'ls $d/msi_irqs 2>/dev/null | grep . || cat $d/irq'


def options(head, props):
    return ','.join([head, *(f'{k.replace("_", "-")}={v}' for k, v in props.items())])


class Nic:
    """A card: its QEMU options, and where it is found in the guest.

    ns is the namespace it is moved to, in which it is called eth0; v4 and v6 its addresses there.
    """

    def __init__(self, number, model, fabric, /, *, port=None, **props):
        """port: properties of its port; props: of the device."""
        self.number, self.model, self.fabric, self.props = number, model, fabric, props
        self.port_props = port or {}
        self.id, self.port, self.ns = f'nic{number}', f'p{number}', f'ns{number}'
        self.mac = f'52:54:00:76:63:{number:02x}'
        self.v4, self.v6 = f'10.118.99.{number}', f'fd76:6300::{number:x}'

    def port_args(self):
        return self.fabric.port(self.port, **self.port_props)

    def device(self):
        """The device as a mapping for device_add."""
        return {'driver': self.model, 'id': self.id, 'netdev': self.port, 'mac': self.mac, **self.props}

    def args(self):
        rest = {k: v for k, v in self.device().items() if k != 'driver'}
        return [*self.port_args(), '-device', options(self.model, rest)]

    # ---- in the guest ----

    def attach(self, vm, mtu=1500, link=True):
        """Find the card by its address, move it to its namespace and bring it up there."""
        vm.sh(f'''
            [ -e /run/netns/{self.ns} ] || {{
                ip netns add {self.ns}
                # as IPv4 ones do, addresses outlive a link that goes down
                ip netns exec {self.ns} sh -c 'echo 1 > /proc/sys/net/ipv6/conf/default/keep_addr_on_down'
            }}
            for i in $(seq 600); do
                path=$(grep -l {self.mac} /sys/class/net/*/address) && break
                sleep 0.1
            done
            [ "$path" ] || {{ echo no card with address {self.mac}; exit 1; }}
            name=${{path%/address}}
            ip link set ${{name##*/}} down netns {self.ns} name eth0
            ip -n {self.ns} -batch - <<.
link set lo up
link set eth0 mtu {mtu} up
addr replace {self.v4}/24 dev eth0
addr replace {self.v6}/64 dev eth0 nodad
.''')
        if link:
            self.wait_carrier(vm)

    def wait_carrier(self, vm, up=True):
        vm.until(f'{"" if up else "! "}ip -n {self.ns} link show eth0 | grep -q LOWER_UP')

    def sh(self, vm, script, timeout=60):
        """A shell command in the namespace of the card."""
        return vm.sh(f"ip netns exec {self.ns} sh -c '{script}'", timeout)

    def ethtool(self, vm, words):
        return vm.sh(f'ip netns exec {self.ns} ethtool {words}')

    def statistics(self, vm):
        """The driver's own counters (ethtool -S)."""
        return {k: int(v) for k, v in re.findall(r'^\s+(.+?): (\d+)$', self.ethtool(vm, '-S eth0'), re.M)}

    def link_counters(self, vm):
        """The interface's counters: {'rx': {'bytes': ...}, 'tx': {...}}."""
        (link,) = json.loads(vm.sh(f'ip -n {self.ns} -s -j link show eth0'))
        return link['stats64']

    def features(self, vm):
        """Offloads by name: True if on."""
        return {k: v == 'on' for k, v in re.findall(r'^([\w-]+): (on|off)', self.ethtool(vm, '-k eth0'), re.M)}

    def irqs(self, vm):
        """Interrupt numbers of the card: its MSI vectors, or its INTx line."""
        return set(self.sh(vm, IRQS.format(name='eth0')).split())

    def interrupts(self, vm):
        """Interrupts taken so far, all vectors of the card together. An INTx line may have other users."""
        mine, total = self.irqs(vm), 0
        for line in vm.sh('cat /proc/interrupts').splitlines():
            number, _, rest = line.partition(':')
            if number.strip() in mine:
                total += sum(map(int, re.match(r'[\s\d]*', rest).group().split()))
        return total

    # ---- in QEMU ----

    def stats(self, vm):
        """Counters of a card of ours."""
        return vm.qmp('qom-get', path=f'/machine/peripheral/{self.id}', property='stats')

    def setup(self, vm):
        """What the guest's driver has made of a card of ours, by the card."""
        return vm.qmp('qom-get', path=f'/machine/peripheral/{self.id}', property='setup')

    def port_stats(self, vm):
        """Counters of its port, by the switch."""
        return vm.qmp('qom-get', path=f'/machine/peripheral/{self.port}', property='stats')


def bring_up(vm, nics):
    """Attach cards whose drivers are loaded; their links come up at the same time."""
    for nic in nics:
        nic.attach(vm, link=False)
    for nic in nics:
        nic.wait_carrier(vm)
