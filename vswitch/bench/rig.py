# SPDX-License-Identifier: BSD-2-Clause
"""What measuring vswitchd beside other switches needs: processes, the CPU time of their threads, rows, frames."""

import contextlib
import json
import os
import socket
import statistics
import struct
import subprocess
import time

from testpmd import die_with_parent

PATIENCE = 30


class Unavailable(Exception):
    """Something is not installed, or not allowed here: its rows are left out."""


# ---- processes ----

@contextlib.contextmanager
def running(command, log, **kwargs):
    """A process, killed at the end; its output goes to a file."""
    with open(log, 'ab') as out:
        # pylint: disable-next=subprocess-popen-preexec-fn
        proc = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, preexec_fn=die_with_parent, **kwargs)
    try:
        yield proc
    finally:
        proc.kill()
        proc.wait()


def until(what, condition, seconds=PATIENCE):
    """What condition() returns as soon as it is true."""
    deadline = time.monotonic() + seconds
    while not (got := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(f'{what}: not within {seconds} s')
        time.sleep(0.02)
    return got


def serves(path):
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as probe:
        probe.connect(str(path))
        return True
    return False


def pinned(command, cpu):
    return ['taskset', '-c', str(cpu), *command]


@contextlib.contextmanager
def vswitchd(program, directory, switch, cpu):
    """Our daemon on one processor, with one switch, s; its process."""
    config, control = directory / 'vswitchd.json', directory / 'control.sock'
    config.write_text(json.dumps({'switches': {'s': switch}}))
    with running(pinned([program, '--config', config, '--socket', control], cpu), directory / 'vswitchd.log',
                 env={**os.environ, 'XDG_RUNTIME_DIR': str(directory)}) as proc:
        until('vswitchd', lambda: serves(control))
        yield proc


def find_thread(pid, *names):
    """The thread whose name begins with one of these, or None."""
    for task in os.listdir(f'/proc/{pid}/task'):
        with contextlib.suppress(OSError), open(f'/proc/{pid}/task/{task}/comm', encoding='utf-8') as file:
            if file.read().startswith(names):
                return int(task)
    return None


def cpu_ns(thread):
    """CPU time of a thread, and how long it has waited for a processor, ns."""
    with open(f'/proc/{thread}/schedstat', encoding='utf-8') as file:
        return [int(word) for word in file.read().split()[:2]]


# ---- rows ----

def row(name, unit, ours, peer, peer_name):
    """As bench.py reads it; ours and peer: one figure a round, more is better."""
    ratios = [a / b for a, b in zip(ours, peer)]
    quartiles = statistics.quantiles(ratios, n=4) if len(ratios) > 1 else [0, 0, 0]
    return {'name': name, 'unit': unit, 'better': 'higher', 'ours': round(statistics.median(ours), 1),
            'peer': round(statistics.median(peer), 1), 'peer_name': peer_name,
            'ratio': round(statistics.median(ratios), 3), 'spread': round(quartiles[2] - quartiles[0], 3),
            'rounds': len(ratios)}


# ---- frames ----

def mac(side, i):
    """Address number i behind one of two ports."""
    return bytes([2, 0, side, 0, i >> 8, i & 255])


def text(address):
    return ':'.join(f'{b:02x}' for b in address)


def udp_frame(side, i, size):
    """From address i of one side to address i of the other; size without FCS."""
    ip = struct.pack('>BBHHHBBH', 0x45, 0, size - 14, 0, 0, 64, 17, 0)
    ip += bytes([10, side, i >> 8, i & 255, 10, 1 - side, i >> 8, i & 255])
    total = sum(struct.unpack('>10H', ip))
    total = (total & 0xffff) + (total >> 16)
    ip = ip[:10] + struct.pack('>H', ~total & 0xffff) + ip[12:]
    frame = mac(1 - side, i) + mac(side, i) + b'\x08\x00' + ip + struct.pack('>4H', 1000, 2000, size - 34, 0)
    return frame + bytes(size - len(frame))


def write_capture(path, frames):
    """A file of libpcap's."""
    with open(path, 'wb') as file:
        file.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
        for frame in frames:
            file.write(struct.pack('<IIII', 0, 0, len(frame), len(frame)) + frame)
