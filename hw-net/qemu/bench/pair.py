#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What a frame costs vswitchd between two of our cards, in two QEMU processes without guests.

    pair.py [--json] [--rounds N] [--seconds S] [--qemu QEMU]

vchassis-bench.so (bench.h) plays the driver in each: one rings doorbells, 32 frames or 8 TSO messages each, the other takes what
comes. Both cards are vc-vmxnet3 on a vc-port with connect=. All three are on one processor, and none is preempted by another:
the sender goes on until there is no room, and what is there when another one's turn comes is all of that. The figure is CPU time
of the daemon's process for each frame or whole message that comes out, with the time for which it looks again before it sleeps;
beside it stands what it should not exceed.
"""

import argparse
import contextlib
import json
import os
import socket
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[3] / 'vswitch/bench'))
import rig      # pylint: disable=wrong-import-position

BUILD = Path(os.environ.get('VCHASSIS_BUILD', 'build')).resolve()
CPU = max(os.sched_getaffinity(0))
# Row of the driver, ns that are wanted
ROWS = {'transmit 60 B': 200, 'transmit 64 KiB TSO': 6000}
RECEIVE = 'receive'
MACS = {'sender': '02:00:00:00:00:01', 'receiver': '02:00:00:00:00:fe'}     # of the driver's frames


def firmware(directory):
    """A vCPU that halts at the reset vector."""
    path = directory / 'halt.bin'
    path.write_bytes(b'\xf4' * 65520 + b'\xfa\xf4\xeb\xfd' + b'\xf4' * 12)
    return path


def qemu(args, directory, name, drive):
    """A QEMU with a card whose driver does this, killed at the end."""
    command = [args.qemu, '-nodefaults', '-no-user-config', '-display', 'none', '-accel', 'tcg', '-m', '128',
               '-bios', firmware(directory), '-device', f'vc-port,id={name},connect={directory}/control.sock,portgroup=g',
               '-device', f'vc-vmxnet3,netdev={name},mac={MACS[name]}', '-device', f'vc-bench,drive={drive}']
    preload = f'LD_PRELOAD={BUILD}/vchassis.so:{BUILD}/hw-net/qemu/bench/vchassis-bench.so'
    patient = ['nice', '-n', '19'] if drive != RECEIVE else []      # the receiver's turn is before the sender's
    return rig.running(rig.pinned([*patient, 'env', preload, *command], CPU), directory / f'{name}.log')


def ports(directory):
    """{the last part of a port's id: its counters}"""
    with socket.socket(socket.AF_UNIX) as sock:
        sock.connect(str(directory / 'control.sock'))
        sock.sendall(b'{"execute": "query-ports"}\n')
        for line in sock.makefile():
            answer = json.loads(line)
            if 'return' in answer:
                return {port['id'].split('.')[-1]: port['counters'] for port in answer['return']}
    raise TimeoutError('the daemon has hung up')


def out(directory, whole):
    """Frames, or whole messages, that have come out."""
    counters = ports(directory)['receiver']['out']
    return counters['gso'] if whole else counters['unicast']['frames']


def measure(args, directory, pid, row):
    """ns a frame."""
    clock, whole = (~pid << 3) | 2, 'TSO' in row
    with qemu(args, directory, 'sender', row):
        began = out(directory, whole)
        rig.until('frames of the cards', lambda: out(directory, whole) > began + 100)
        n, spent = out(directory, whole), time.clock_gettime(clock)
        time.sleep(args.seconds)
        n, spent = out(directory, whole) - n, time.clock_gettime(clock) - spent
    return spent * 1e9 / max(n, 1)


def all_rows(args, directory):
    got = {row: [] for row in ROWS}
    with rig.vswitchd(BUILD / 'vswitch/daemon/vswitchd', directory, {'portgroups': {'g': {}}}, CPU) as daemon, \
            qemu(args, directory, 'receiver', RECEIVE):
        rig.until('the receiver', lambda: 'receiver' in ports(directory))
        time.sleep(2)       # its driver comes after a while
        for _ in range(args.rounds):
            for row in ROWS:
                got[row].append(measure(args, directory, daemon.pid, row))
        drops = ports(directory)['receiver']['drops']
        lost = drops['queue-full'] + drops['queue-delay']
    for row, wanted in ROWS.items():
        print(f'vswitchd between two vc-vmxnet3, {row}: {statistics.median(got[row]):.0f} ns '
              f'({min(got[row]):.0f}..{max(got[row]):.0f}), wanted {wanted}', file=sys.stderr)
        yield {**rig.row(f'vswitchd between two vc-vmxnet3, {row}', 'ns/frame', got[row], [wanted] * args.rounds, 'goal'),
               'better': 'lower'}
    if lost:
        print(f'{lost} frames were dropped: the receiver was too slow', file=sys.stderr)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('--json', action='store_true', help='print the rows')
    ap.add_argument('--qemu', default=os.environ.get('QEMU', 'qemu-system-x86_64'))
    ap.add_argument('--rounds', type=int, default=5)
    ap.add_argument('--seconds', type=float, default=0.5, help='of a window')
    args, rows = ap.parse_args(), []
    os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))     # of all that are started from here
    with tempfile.TemporaryDirectory(prefix='vchassis-bench-') as tmp:
        try:
            rows = list(all_rows(args, Path(tmp)))
        except (TimeoutError, OSError) as why:
            print(f'bench: no rows of two cards on vswitchd: {why}', file=sys.stderr)
            for log in Path(tmp).glob('*.log'):
                with contextlib.suppress(OSError):
                    print(f'{log.name}: {log.read_text(errors="replace")[-300:]}', file=sys.stderr)
    if args.json:
        print(json.dumps(rows))


main()
