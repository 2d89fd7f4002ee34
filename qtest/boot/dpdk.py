# SPDX-License-Identifier: GPL-2.0-or-later
"""DPDK in a guest: cards handed to it, and dpdk-testpmd driven by its command line.

Cards go to uio_pci_generic: Debian's kernel has vfio-pci only for machines with an IOMMU, and this one has none, so DPDK
uses physical addresses and INTx.
testpmd reads commands from a fifo and shows a prompt when it is done with one; that is what is waited for.
"""

import re
import shlex

import dpdk_image
import guest_image
from nics import Nic, Switch
from tap import Failed, Skip
from vm import BUILD, Vm

PROMPT = 'testpmd> '
HUGE_PAGES = 192                # of 2 MB
MBUFS = 16384

SETUP = '''
    chmod 755 /            # or DPDK will not load its drivers from there
    mkdir -p /var /dev/hugepages /dev/pts; ln -s /run /var/run
    mount -t hugetlbfs none /dev/hugepages; mount -t devpts none /dev/pts
    modprobe uio_pci_generic'''

# dash expands no braces; $1: address of a PCI device, $2: its next driver
REBIND = '''
    rebind() {
        d=/sys/bus/pci/devices/$1
        [ ! -e $d/driver ] || echo $1 > $d/driver/unbind
        echo $2 > $d/driver_override
        echo $1 > /sys/bus/pci/drivers_probe
        [ "$(basename $(readlink $d/driver))" = "$2" ] || { echo $1 has no driver $2; exit 1; }
    }
'''


def boot(label, cards, *, smp=3, **kwargs):
    """A guest with DPDK and a card of each (model, properties, port's properties, switch); returns it and the cards."""
    try:
        dpdk = dpdk_image.ensure(BUILD)
    except guest_image.Unavailable as why:
        raise Skip(str(why)) from why
    shared = Switch()
    nics = [Nic(i, model, *switch or [shared], port={'vlan': 4095, **port}, addr=f'{0x10 + i:x}', **props)
            for i, (model, props, port, *switch) in enumerate(cards, 1)]
    switches = {n.fabric.name: n.fabric for n in nics}
    args = [a for s in switches.values() for a in s.args()] + [a for n in nics for a in n.args()]
    return Vm(f'dpdk-{label}', args, smp=smp, memory=1024, cpu='max', overlay=dpdk.archive,
              append=f'hugepages={HUGE_PAGES}', **kwargs), nics


def pci(nic):
    return f'0000:00:{nic.props["addr"]}.0'


def bind(vm, nics, driver):
    vm.sh(REBIND + '\n'.join(f'rebind {pci(n)} {driver}' for n in nics))


class Testpmd:
    """dpdk-testpmd with these cards as its ports 0, 1, ... Use as a context manager."""

    count = 0

    def __init__(self, vm, nics, options='', cores=2):
        Testpmd.count += 1
        self.vm, self.fifo, self.seen = vm, f'/tmp/testpmd{Testpmd.count}', 0
        allow = ' '.join(f'-a {pci(n)}' for n in nics)
        self.command = (f'mkfifo {self.fifo}; exec vct pty /usr/bin/dpdk-testpmd -l 0-{cores} --no-telemetry --file-prefix t{Testpmd.count} '
                        f'{allow} -- -i --total-num-mbufs={MBUFS} {options} 0<>{self.fifo}')
        self.job = None

    def __enter__(self):
        self.job = self.vm.start_job(self.command)
        try:
            self.prompts(1)
        except BaseException:
            self.job.kill()
            raise
        return self

    def __exit__(self, kind, *_):
        if kind:
            self.job.kill()
        else:
            self.quit()

    def serve(self, done, timeout, what):
        self.vm.agent.serve(lambda: done() or self.job.status is not None, timeout, what, lambda: self.job.output[self.seen:])
        if self.job.status is not None:
            raise Failed(f'testpmd ended with {self.job.status} {what}\n{self.last_words()}')

    def last_words(self):
        return '\n'.join(self.job.output.replace('\r', '').splitlines()[-40:])

    def prompts(self, n, timeout=60, what='at its start'):
        """Wait for n prompts; returns what was said before the last."""
        self.serve(lambda: self.job.output.count(PROMPT, self.seen) >= n, timeout, what)
        text = self.job.output[self.seen:]
        self.seen = len(self.job.output)
        return text

    def __call__(self, *commands, timeout=60):
        """Run commands; returns what they printed."""
        self.serve(lambda: True, 0, 'before')
        lines = shlex.quote('\n'.join(commands))
        self.vm.sh(f'printf "%s\\n" {lines} > {self.fifo}')
        return self.prompts(len(commands), timeout, f'in {"; ".join(commands)}').replace('\r', '')

    def wait(self, pattern, timeout=60):
        """Wait until it says something of itself, in what no command has returned yet; returns the match."""
        self.serve(lambda: re.search(pattern, self.job.output[self.seen:]), timeout, f'waiting for {pattern}')
        return re.search(pattern, self.job.output[self.seen:])

    def quit(self):
        self.vm.sh(f'echo quit > {self.fifo}')
        if self.job.wait(60):
            raise Failed(f'testpmd ended with {self.job.status}\n{self.last_words()}')
