# SPDX-License-Identifier: GPL-2.0-or-later
"""Checked traffic between two cards of one guest, by the tools of guest/."""

import itertools
import re

from tap import Failed

ports = itertools.count(5001)


def figures(text):
    """The name=value words of a tool's output; values as numbers."""
    return {k: float(v) if '.' in v else int(v) for k, v in re.findall(r'(\w+)=([\d.]+)', text)}


def address(nic, v6):
    return nic.v6 if v6 else nic.v4


def ready(vm, script):
    """Start a tool that waits for traffic, and wait until it listens."""
    job = vm.start_job(script)
    vm.agent.serve(lambda: 'ready' in job.output or job.status is not None, 60, script, lambda: job.output)
    if job.status is not None:
        raise Failed(f'{script}: {job.output}')
    return job


class Stream:
    """A TCP stream under way, whose bytes the receiver checks."""

    def __init__(self, vm, source, sink, size, *, v6=False, write=None, to=None, sink_vm=None):
        """write: bytes per write, unmerged; to: an address of the sink other than its first; sink_vm: its guest, if
        it is another one."""
        port = next(ports)
        self.vm, self.label = vm, f'{source.model} -> {sink.model}'
        self.sink = ready(sink_vm or vm, f'vct -n {sink.ns} tcp-sink {port}')
        self.source = vm.start_job(f'vct -n {source.ns} tcp-source {to or address(sink, v6)} {port} {size} {write or ""}')

    def finish(self, timeout=120):
        """Wait for the end; returns the source's figures. Fails unless every byte was right."""
        try:
            out = self.source.finish(timeout)
            self.sink.finish(30)
        finally:
            self.source.kill()
            self.sink.kill()
        return figures(out)

    def kill(self):
        self.source.kill()
        self.sink.kill()


def tcp(vm, source, sink, size, timeout=120, **kwargs):
    """A whole TCP stream; returns its figures (bytes, seconds, mbps)."""
    return Stream(vm, source, sink, size, **kwargs).finish(timeout)


def udp(vm, source, sink, count, size, *, per_second=0, flows=1, v6=False, idle_ms=3000, timeout=120):
    """A stream of numbered datagrams; returns the sink's figures, lost ones among them."""
    port = next(ports)
    # an unresolved address would hold the first datagrams back, and drop some of them
    ping(vm, source, sink, v6=v6)
    sink_job = ready(vm, f'vct -n {sink.ns} udp-sink {port} {count} {idle_ms}')
    try:
        vm.sh(f'vct -n {source.ns} udp-source {address(sink, v6)} {port} {count} {size} {per_second} {flows}', timeout)
        sink_job.wait(timeout)
    finally:
        sink_job.kill()
    return figures(sink_job.output)


class Flows:
    """Segments of many source ports: flow i has i + 1 of them, so that no flow can stand in for another."""

    COUNT, FIRST, PORT = 64, 20000, 7001
    TOTAL = COUNT * (COUNT + 1) // 2

    def __init__(self, vm, source, sink):
        """Nothing else may come to the sink: both sides know each other's address for good."""
        self.vm, self.source, self.sink = vm, source, sink
        for here, there in ((source, sink), (sink, source)):
            for to in (there.v4, there.v6):
                vm.sh(f'ip -n {here.ns} neigh replace {to} lladdr {there.mac} dev eth0 nud permanent')

    def shares(self, protocol, v6, counts, per_second=4000):
        """Send them; returns how many came to each queue, by counts(), which returns a total for each.

        protocol: tcp (segments that reset a connection that never was) or udp.
        """
        def arrived():
            share = [new - old for new, old in zip(counts(), before)]
            return share if sum(share) >= self.TOTAL else None

        before = counts()
        out = self.vm.sh(f'vct -n {self.source.ns} flows {protocol} {address(self.sink, v6)} {self.PORT} '
                         f'{self.FIRST} {self.COUNT} {per_second}', 120)
        if figures(out) != {'count': self.TOTAL}:
            raise Failed(out)
        return self.vm.wait_for(arrived, f'all {self.TOTAL} segments')

    def arrivals(self, queue_of, n_queues, v6):
        """What shares() must return; queue_of(source address, destination, (source port, destination)) says where."""
        share = [0] * n_queues
        for i in range(self.COUNT):
            ports = self.FIRST + i * i, self.PORT
            share[queue_of(address(self.source, v6), address(self.sink, v6), ports)] += i + 1
        return share


def latency(vm, source, sink, count, size, *, v6=False, timeout=120):
    """Requests and responses one at a time; returns their figures in microseconds."""
    port = next(ports)
    server = ready(vm, f'vct -n {sink.ns} rr-server {port}')
    try:
        return figures(vm.sh(f'vct -n {source.ns} rr {address(sink, v6)} {port} {count} {size}', timeout))
    finally:
        server.kill()


def ping(vm, source, sink, count=1, size=56, v6=False, interval=0.2):
    """Pings that must all be answered."""
    out = vm.sh(f'ip netns exec {source.ns} ping -c {count} -i {interval} -s {size} -W 5 {address(sink, v6)}')
    if f'{count} packets received' not in out:
        raise Failed(out)
    return out
