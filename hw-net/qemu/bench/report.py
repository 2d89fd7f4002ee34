#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Tables and plots of a run of `make bench`.

    report.py results.json DIRECTORY

Writes bench-cards.svg, bench-guest.svg and bench.md, which has the same figures as tables, into DIRECTORY. In a plot each bar
is a ratio of ours to the peer, whose bar is the line at 1; the figures that it is made of stand beside it.
"""
import json
import os
import platform
import sys
from html import escape

LOOP = ', no guest, doorbells in a loop'
GUEST = 'guest pktgen transmit, '
BAR, GAP, LABEL, PLOT, FIGURES = 18, 8, 250, 360, 270
OURS, TEXT, LINE = '#2a6f97', '#222222', '#8a8a8a'


def machine():
    with open('/proc/cpuinfo', encoding='utf-8') as file:
        names = [line.partition(':')[2].strip() for line in file if line.startswith('model name')]
    return f'{names[0] if names else platform.processor()}, {os.cpu_count()} processors'


def figure(value):
    return f'{value:.0f}' if value >= 100 else f'{value:.1f}'


def text(x, y, words, anchor='start', colour=TEXT):
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" fill="{colour}">{escape(words)}</text>'


def plot(title, rows):
    """rows: (label, result). A bar for each; beyond the plot's end it is cut, the figure says how far it would go."""
    most = min(3.0, max(1.2, *(r['ratio'] for _, r in rows)))
    scale, top = PLOT / most, 56
    height = top + len(rows) * (BAR + GAP) + 24
    out = [text(8, 22, title), text(LABEL + scale, 44, 'the peer', 'middle', LINE)]
    for i, (label, r) in enumerate(rows):
        y = top + i * (BAR + GAP)
        width = min(r['ratio'], most) * scale
        out += [text(LABEL - 8, y + 14, label, 'end'),
                f'<rect x="{LABEL}" y="{y}" width="{width:.1f}" height="{BAR}" fill="{OURS}"/>',
                text(LABEL + PLOT + 56, y + 14, f'{r["ratio"]:.2f}', 'end'),
                text(LABEL + PLOT + 72, y + 14, f'{figure(r["ours"])} : {figure(r["peer"])} {r["unit"]}')]
    end = top + len(rows) * (BAR + GAP)
    out.append(f'<line x1="{LABEL + scale:.1f}" y1="{top - 6}" x2="{LABEL + scale:.1f}" y2="{end}" stroke="{LINE}" '
               'stroke-dasharray="4 3"/>')
    wide = LABEL + PLOT + FIGURES
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{height}" viewBox="0 0 {wide} {height}" '
            f'font-family="sans-serif" font-size="13">\n<rect width="{wide}" height="{height}" fill="#ffffff"/>\n'
            + '\n'.join(out) + '\n</svg>\n')


def table(heading, rows):
    lines = [f'| {heading} | ours | peer | unit | ratio | spread | peer is |', '|---|---:|---:|---|---:|---:|---|']
    lines += [f'| {label} | {figure(r["ours"])} | {figure(r["peer"])} | {r["unit"]} | {r["ratio"]:.2f} | {r["spread"]:.2f} '
              f'| {r["peer_name"]} |' for label, r in rows]
    return '\n'.join(lines) + '\n'


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding='utf-8') as file:
        results = json.load(file)
    cards = [(r['name'].replace(LOOP, ''), r) for r in results if r['name'].endswith(LOOP)]
    guest = [(r['name'].removeprefix(GUEST), r) for r in results if r['name'].startswith(GUEST)]
    others = [(r['name'], r) for r in results if ', no guest, ' not in r['name'] and not r['name'].startswith(GUEST)]
    os.makedirs(sys.argv[2], exist_ok=True)

    def write(name, content):
        with open(os.path.join(sys.argv[2], name), 'w', encoding='utf-8') as file:
            file.write(content)

    report = [f'Measured on: {machine()}.\n']
    if cards:
        write('bench-cards.svg', plot('Time of a frame against QEMU\'s card of the same kind, without a guest: shorter is better',
                                      cards))
        report.append(table('a frame, without a guest', cards))
    if guest:
        labelled = [(f'{label} (to {r["peer_name"].removeprefix("QEMU ")})', r) for label, r in guest]
        write('bench-guest.svg', plot('What Linux\'s driver gets under TCG against QEMU\'s cards: longer is better', labelled))
        report.append(table('pktgen in a guest', guest))
    if others:
        report.append(table('the switch', others))
    write('bench.md', '\n'.join(report))


main()
