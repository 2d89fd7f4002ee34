#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The runner itself, on QEMU's own cards and hub: what the other suites trust must be able to fail."""

import rss
import traffic
from nics import Hub, Nic
from tap import Failed, expect, main
from vm import STOCK_QEMU, Vm


# The verification vectors of Microsoft's definition of RSS: key; source, destination, the hash without and with ports.
RSS_KEY = bytes.fromhex('6d5a56da255b0ec24167253d43a38fb0d0ca2bcbae7b30b477cb2da38030f20c6a42b73bbeac01fa')
RSS_VECTORS = (
    ('66.9.149.187', 2794, '161.142.100.80', 1766, 0x323e8fc2, 0x51ccc178),
    ('199.92.111.2', 14230, '65.69.140.83', 4739, 0xd718262a, 0xc626b0ea),
    ('24.19.198.95', 12898, '12.22.207.184', 38024, 0xd2d0a5de, 0x5c2b394a),
    ('38.27.205.30', 48228, '209.142.163.6', 2217, 0x82989176, 0xafc7327f),
    ('153.39.163.191', 44251, '202.188.127.2', 1303, 0x5d1809c5, 0x10e828a2),
    ('3ffe:2501:200:1fff::7', 2794, '3ffe:2501:200:3::1', 1766, 0x2cc18cd5, 0x40207d3d),
    ('3ffe:501:8::260:97ff:fe40:efab', 14230, 'ff02::1', 4739, 0x0f0c461c, 0xdde51bbf),
    ('3ffe:1900:4545:3:200:f8ff:fe21:67cf', 44251, 'fe80::200:f8ff:fe21:67cf', 38024, 0x4b61e985, 0x02d1feef),
)


def fails(kind, function, *args, **kwargs):
    """Return the text of the error that function must raise."""
    try:
        function(*args, **kwargs)
    except kind as error:
        return str(error)
    raise Failed(f'{function.__name__} did not fail')


def stock(name, nics, **kwargs):
    args = [a for n in nics for a in n.args()]
    return Vm(f'runner-{name}', args, qemu=STOCK_QEMU, **kwargs)


def check_agent(t, vm):
    with t.case('agent: status and output of a command'):
        expect(vm.run('echo one; echo two >&2; exit 3') == (3, 'one\ntwo\n'), 'wrong answer')
    with t.case('agent: long output arrives whole'):
        expect(vm.sh('seq 20000') == ''.join(f'{i}\n' for i in range(1, 20001)), 'wrong output')
    with t.case('agent: commands run side by side'):
        first = vm.start_job('until [ -e /tmp/go ]; do sleep 0.1; done; echo gone')
        vm.sh('touch /tmp/go')
        expect(first.finish() == 'gone\n', 'wrong output')
    with t.case('agent: a warning that quiet keeps from the console is found'):
        expect(not vm.oops(), vm.oops())
        vm.sh('echo "<4>NETDEV WATCHDOG: eth9 (none): transmit queue 0 timed out" >/dev/kmsg')
        found = vm.oops()
        expect(len(found) == 1 and 'eth9' in found[0] and 'eth9' not in vm.console(), found)
        vm.sh('dmesg -c >/dev/null')
    with t.case('agent: a command that hangs is named, and ended'):
        expect('waiting for the guest to finish: sleep 1000' in fails(TimeoutError, vm.run, 'sleep 1000', 1), 'wrong text')
        expect('sleep 1000' not in vm.sh('ps'), 'still running')


def check_tools(t, vm, one, two):
    with t.case('tools: a stream arrives right'):
        expect(traffic.tcp(vm, one, two, 4 << 20)['good'] == 4 << 20, 'short')
    with t.case('tools: a damaged stream is found'):
        sink = traffic.ready(vm, f'vct -n {two.ns} tcp-sink 4000')
        # magic, seed 0 and 16 bytes to come, as tcp-source announces them; then 16 bytes of nothing
        announce = '1pct-tcv' + r'\000' * 8 + r'\020' + r'\000' * 7 + r'\000' * 16
        vm.sh(f"printf '{announce}' | ip netns exec {one.ns} nc {two.v4} 4000 >/dev/null")
        expect(sink.wait() == 1 and 'bytes=16 good=0' in sink.output, f'{sink.status}: {sink.output}')
    with t.case('tools: numbered datagrams arrive'):
        got = traffic.udp(vm, one, two, 1000, 400, per_second=2000)
        expect(got['received'] == 1000 and not got['lost'], got)
    with t.case('tools: lost and doubled datagrams are counted'):
        sink = traffic.ready(vm, f'vct -n {two.ns} udp-sink 4001 1000 1500')
        for _ in range(2):
            vm.sh(f'vct -n {one.ns} udp-source {two.v4} 4001 500 400 2000')
        expect(sink.wait() == 1, 'the sink is content')
        got = traffic.figures(sink.output)
        expect((got['received'], got['lost'], got['doubled']) == (500, 500, 500), got)


def group_runner(t):
    hub = Hub()
    one, two = Nic(1, 'e1000', hub), Nic(2, 'virtio-net-pci', hub)
    with stock('main', [one, two]) as vm:
        check_agent(t, vm)
        vm.sh('modprobe e1000; modprobe virtio_pci; modprobe virtio_net')
        one.attach(vm)
        two.attach(vm)
        check_tools(t, vm, one, two)
        with t.case('ethtool -t fails on the e1000 of QEMU') as note:
            status, output = vm.run(f'ip netns exec {one.ns} ethtool -t eth0 offline', 120)
            note(' '.join(output.split()))
            expect(status and 'FAIL' in output, 'it passes')
        with t.case('a link that goes down is seen'):
            vm.qmp('set_link', name='p1', up=False)
            one.wait_carrier(vm, False)
            fails(Failed, traffic.ping, vm, one, two)
        with t.case('a dead guest is reported with its last words'):
            job = vm.start_job('echo the-end > /dev/console; echo c > /proc/sysrq-trigger')
            text = fails(EOFError, job.wait)
            # The last thing a panic prints before the machine restarts; its first line may be a long trace away.
            expect('QEMU ended' in text and 'Kernel Offset:' in text, text)


def group_rss(t):
    with t.case('the hash of a flow is the one published'):
        for source, sport, destination, dport, addresses, ports in RSS_VECTORS:
            expect(rss.hash_of(RSS_KEY, source, destination) == addresses, f'{source} to {destination}')
            expect(rss.hash_of(RSS_KEY, source, destination, (sport, dport)) == ports, f'{source}, ports')


def group_refusal(t):
    with t.case('a QEMU that refuses its arguments is reported in its words'):
        text = fails(EOFError, Vm('runner-refusal', ['-device', 'no-such-card'], qemu=STOCK_QEMU).__enter__)
        expect("'no-such-card' is not a valid device model name" in text, text)


def group_newer_kernel(t):
    one, two = Nic(1, 'e1000', Hub()), Nic(2, 'vmxnet3', Hub())
    with stock('newer', [one, two], kernel='6.12') as vm:
        with t.case('the newer kernel boots and carries a stream') as note:
            note(vm.release)
            vm.sh('modprobe e1000; modprobe vmxnet3')
            one.attach(vm)
            two.attach(vm)
            traffic.tcp(vm, one, two, 2 << 20)


if __name__ == '__main__':
    main([group_runner, group_rss, group_refusal, group_newer_kernel])
