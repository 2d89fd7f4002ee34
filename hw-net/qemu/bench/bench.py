#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Measure our cards against QEMU's own, and write and print what came out.

    bench.py --qemu QEMU --plugin vchassis.so --bench vchassis-bench.so --out results.json [--guest PROGRAM]

Rows without a guest come from vchassis-bench.so (bench.h): both cards are in one QEMU process and measured in turn.
Rows with a guest come from the program named by --guest, which prints rows in the form of results.json.

A row of results.json: name, unit, better ("lower" or "higher"), ours, peer, peer_name, ratio (ours to
peer, the median over rounds), spread (of the ratio: distance of its quartiles), rounds.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

# Our card and the stock one of the same kind.
PAIRS = [('vc-e1000', 'e1000'), ('vc-pcnet', 'pcnet'), ('vc-vmxnet3', 'vmxnet3')]
# Cards whose drivers differ in what they want received: receive rows with the FCS, too.
WITH_FCS = ['vc-e1000']
WAYS = {
    'loop': 'no guest, doorbells in a loop',
    'turn': 'no guest, a main-loop turn a doorbell',
}


def parse():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument('--qemu', required=True)
    ap.add_argument('--plugin', required=True)
    ap.add_argument('--bench', required=True)
    ap.add_argument('--out', required=True)
    ap.add_argument('--rounds', type=int, default=9)
    ap.add_argument('--only', choices=['device', 'guest'])
    ap.add_argument('--property', default='', help='more properties for our card, as ",doorbell=bh"')
    ap.add_argument('--rows', action='append', default=[], metavar='PROGRAM', help='prints more rows, with --json')
    ap.add_argument('--guest', nargs='+', metavar='WORD', help='program and arguments for rows with a guest')
    return ap.parse_args()


def firmware(directory):
    """A vCPU that stays out of the way: CLI, HLT at the reset vector (16 bytes below the end)."""
    path = os.path.join(directory, 'halt.bin')
    image = bytearray(b'\xf4' * 65536)
    image[-16:-12] = b'\xfa\xf4\xeb\xfd'
    with open(path, 'wb') as file:
        file.write(image)
    return path


def device_samples(args, ours, stock, fcs):
    """[{card, kind, row, way, ns}], in the order of measurement; fcs: of receive rows with the FCS."""
    with tempfile.TemporaryDirectory() as tmp:
        out = os.path.join(tmp, 'samples')
        command = [args.qemu, '-nodefaults', '-no-user-config', '-display', 'none', '-accel', 'tcg', '-m', '128',
                   '-bios', firmware(tmp),
                   '-device', 'vc-bench-sink,id=s0', '-device', f'{ours},netdev=s0{args.property}',
                   '-device', 'vc-bench-sink,id=s1', '-device', f'{stock},netdev=s1',
                   '-device', f'vc-bench,rounds={args.rounds},fcs={fcs},out={out}']
        env = dict(os.environ, LD_PRELOAD=f'{args.plugin}:{args.bench}')
        subprocess.run(command, env=env, check=True, stdin=subprocess.DEVNULL)
        with open(out, encoding='utf-8') as file:
            return [json.loads(line) for line in file]


def quartile_distance(values):
    if len(values) < 2:
        return 0.0
    q = statistics.quantiles(values, n=4)
    return q[2] - q[0]


def row(name, unit, better, ours, peer, peer_name):
    """ours and peer: one figure a round."""
    ratios = [a / b for a, b in zip(ours, peer)]
    return {
        'name': name, 'unit': unit, 'better': better,
        'ours': round(statistics.median(ours), 1), 'peer': round(statistics.median(peer), 1),
        'peer_name': peer_name,
        'ratio': round(statistics.median(ratios), 3), 'spread': round(quartile_distance(ratios), 3),
        'rounds': len(ratios),
    }


def device_rows(args):
    rows = []
    for ours, stock in PAIRS:
        samples = device_samples(args, ours, stock, 'off')
        if ours in WITH_FCS:
            samples += device_samples(args, ours, stock, 'on')
        for name, way in dict.fromkeys((s['row'], s['way']) for s in samples):
            of = {card: [s['ns'] for s in samples if (s['card'], s['row'], s['way']) == (card, name, way)]
                  for card in (ours, stock)}
            rows.append(row(f'{ours} {name}, {WAYS[way]}', 'ns/frame', 'lower', of[ours], of[stock],
                            f'QEMU {stock}'))
    return rows


def guest_rows(args):
    """The guest's program may be slow; its progress goes to the terminal."""
    done = subprocess.run(args.guest, check=True, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
    rows = json.loads(done.stdout)
    if not rows:
        sys.exit(f'bench: {args.guest[0]} measured nothing')
    return [row(**r) for r in rows]


def table(rows):
    width = max(len(r['name']) for r in rows)
    print(f'{"":{width}}  {"ours":>10} {"peer":>10} {"unit":<9} {"ratio":>6} {"spread":>6}  peer is')
    for r in rows:
        print(f'{r["name"]:{width}}  {r["ours"]:10.1f} {r["peer"]:10.1f} {r["unit"]:<9} {r["ratio"]:6.2f} {r["spread"]:6.2f}  '
              f'{r["peer_name"]}')


def main():
    args = parse()
    rows = []
    if args.only != 'guest':
        rows += device_rows(args)
    if not args.only:
        for program in args.rows:
            done = subprocess.run([program, '--json'], check=True, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
            rows += json.loads(done.stdout)
    if args.guest and args.only != 'device':
        rows += guest_rows(args)
    if not rows:
        sys.exit('bench: nothing to measure')
    os.makedirs(os.path.dirname(os.path.abspath(args.out)), exist_ok=True)
    with open(args.out, 'w', encoding='utf-8') as file:
        json.dump(rows, file, indent=1)
        file.write('\n')
    table(rows)
    directory = os.path.dirname(os.path.abspath(args.out))
    report = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'report.py')
    subprocess.run([sys.executable, report, args.out, directory], check=True)
    print(f'written to {args.out}; tables and plots in {directory}')


main()
