#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Fill in what guide-esxi.md shows of programs, and draw the pictures of the guide.

Usage: story.py IMPORT VSWITCHCTL DOCS [--write]

In the page, what stands between "<!-- story: WORD ... -->" and "<!-- end -->" is made here: by "input FILE COMMAND" an
answer out of an input of the made-up host in tools/import/test/story, by "import" and "check" a command and what it
prints, by "file" and "cards" a file that vchassis-import wrote, or its lines about cards. esxi.svg is drawn of those files, trouble.svg of the table in guide.md behind the words
"<!-- picture: trouble.svg -->". With --write the files are written; without, TAP says whether they are as they would be.
"""

import html
import json
import pathlib
import re
import subprocess
import sys
import tempfile

program, ctl, docs = (pathlib.Path(p).resolve() for p in sys.argv[1:4])
STORY = docs.parent / 'tools/import/test/story'
COMMAND = ['vchassis-import', 'esx1.txt', 'web1.vmx', 'db1.vmx', '--uplink', 'vmnic0=eth0', '--uplink', 'vmnic1=eth1',
           '--output', 'new']
INK, PAPER, QUIET, BLUE, GREEN, SAND = '#222222', '#ffffff', '#8a8a8a', '#d7e6f0', '#dcebd8', '#f3ead3'


class Story:
    """The inputs, and what becomes of them, in a folder of their own."""

    def __init__(self, where):
        self.where = pathlib.Path(where)
        for path in STORY.iterdir():
            if path.name != 'made.txt':
                (self.where / path.name).write_bytes(path.read_bytes())
        self.report = self.say([program, *COMMAND[1:]])

    def say(self, argv):
        return subprocess.run(argv, cwd=self.where, capture_output=True, text=True, check=True).stdout

    def input(self, file, command):
        """A command in an input with its answer."""
        lines = (self.where / file).read_text().splitlines()
        (start,) = [i for i, line in enumerate(lines) if line.endswith(command)]
        stop = start + 1
        while stop < len(lines) and not lines[stop].startswith('[root@'):
            stop += 1
        return '\n'.join(lines[start:stop]).rstrip()

    def block(self, words):
        kind, *rest = words.split(' ', 2)
        if kind == 'input':
            return self.input(*rest)
        if kind == 'file':
            return (self.where / rest[0]).read_text().replace(str(self.where), '/srv/esx1').rstrip()
        if kind == 'cards':
            return '\n'.join(line for line in (self.where / rest[0]).read_text().splitlines() if 'ethernet' in line)
        if kind == 'import':
            return f'$ {" ".join(COMMAND)}\n{self.report}'.rstrip()
        if kind == 'check':
            return f'$ vswitchctl config check new/vswitchd.json\n' \
                   f'{self.say([ctl, "config", "check", "new/vswitchd.json"])}'.rstrip()
        raise ValueError(words)

    def page(self, text):
        def fill(match):
            return f'<!-- story: {match[1]} -->\n```\n{self.block(match[1])}\n```\n<!-- end -->'
        return re.sub(r'<!-- story: (.*?) -->\n.*?<!-- end -->', fill, text, flags=re.DOTALL)

    # ---- the picture ----

    def cards(self, name):
        """Interface, card and port group of each card of a machine, out of the script that starts it."""
        text = (self.where / 'new' / f'{name}.sh').read_text()
        slots = re.findall(r'slot=(\d+)', text)
        groups = re.findall(r"portgroup=([^,'\n]*?)'? \\", text)
        models = re.findall(r'-device (\S+?),id=card', text)
        return [(f'ens{slot}', model, group) for slot, model, group in zip(slots, models, groups)]

    def picture(self):
        (name, switch), = json.loads((self.where / 'new/vswitchd.json').read_text())['switches'].items()
        groups = [(group, f'VLAN {policy["vlan"]}' if policy['vlan'] else 'untagged')
                  for group, policy in switch['portgroups'].items()]
        uplinks = [(port, words['connect']['ifname']) for port, words in switch['ports'].items()]
        return draw([(vm, self.cards(vm)) for vm in ('web1', 'db1')], groups, f'vswitchd: {name}', uplinks)


class Svg:
    def __init__(self, width, height):
        self.width, self.height, self.out = width, height, []

    def rect(self, x, y, width, height, fill):
        self.out.append(f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="4" fill="{fill}" stroke="{QUIET}"/>')

    def text(self, x, y, text, anchor='middle', ink=INK, weight='normal'):
        self.out.append(f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" fill="{ink}" font-weight="{weight}">'
                        f'{html.escape(text)}</text>')

    def line(self, x1, y1, x2, y2, ink=INK):
        self.out.append(f'<path d="M {x1:g} {y1:g} L {x2:g} {y2:g}" stroke="{ink}" fill="none"/>')

    def __str__(self):
        return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{self.height}" '
                f'viewBox="0 0 {self.width} {self.height}" font-family="sans-serif" font-size="13">\n'
                f'<rect width="{self.width}" height="{self.height}" fill="{PAPER}"/>\n' + '\n'.join(self.out) + '\n</svg>\n')


def row(count, width, room):
    """Middles of boxes side by side."""
    room -= 24
    return [12 + room * (2 * i + 1) / (2 * count) for i in range(count)], min(width, room / count - 16)


def draw(machines, groups, title, uplinks, note=''):
    """Machines above, a switch with its port groups, and ways out below."""
    width = max(480, 170 * sum(len(cards) for _, cards in machines), 170 * len(groups))
    svg = Svg(width, 330 if uplinks else 250)
    at, size = row(len(groups), 160, width)
    place = {name: x for (name, _), x in zip(groups, at)}
    cards = [(vm, card) for vm, all_cards in machines for card in all_cards]
    middle, card_size = row(len(cards), 150, width)
    for vm, _ in machines:
        mine = [x for (owner, _), x in zip(cards, middle) if owner == vm]
        svg.rect(mine[0] - card_size / 2 - 6, 10, mine[-1] - mine[0] + card_size + 12, 84, BLUE)
        svg.text((mine[0] + mine[-1]) / 2, 30, vm, weight='bold')
    svg.rect(8, 134, width - 16, 104, GREEN)
    svg.text(20, 152, title, anchor='start', weight='bold')
    for (_, (interface, model, group)), x in zip(cards, middle):
        svg.line(x, 86, place[group], 164)
        svg.rect(x - card_size / 2, 42, card_size, 44, PAPER)
        svg.text(x, 60 if model else 68, interface)
        svg.text(x, 78, model, ink=QUIET)
    for (name, vlan), x in zip(groups, at):
        svg.rect(x - size / 2, 164, size, 44, PAPER)
        svg.text(x, 182, name)
        svg.text(x, 200, vlan, ink=QUIET)
    svg.text(20, 230, note, anchor='start', ink=QUIET)
    middle, size = row(len(uplinks), 160, width) if uplinks else ([], 0)
    for (port, ifname), x in zip(uplinks, middle):
        svg.line(x, 238, x, 270)
        svg.rect(x - size / 2, 270, size, 44, SAND)
        svg.text(x, 288, port)
        svg.text(x, 306, ifname, ink=QUIET)
    return str(svg)


def wrap(text, width):
    lines = ['']
    for word in text.split():
        if len(lines[-1]) + len(word) >= width and lines[-1]:
            lines.append('')
        lines[-1] += f'{" " if lines[-1] else ""}{word}'
    return lines


def plain(cell):
    return re.sub(r'\[([^]]*)\]\([^)]*\)', r'\1', cell).replace('`', '').replace('*', '')


def flow(text):
    """A column of boxes for each complaint, out of the table | complaint | ask | if not |."""
    table = re.split(r'<!-- picture: trouble.svg -->', text)[1]
    rows = []
    for line in table.splitlines():
        if line.startswith('## '):
            break
        if line.startswith('| '):
            rows.append([plain(cell.strip()) for cell in line.strip().strip('|').split(' | ')])
    columns = {}
    for complaint, ask, answer in rows[1:]:
        columns.setdefault(complaint or list(columns)[-1], []).append((ask, answer))
    step, wide = 150, 290
    svg = Svg(wide * len(columns), 50 + max(len(steps) for steps in columns.values()) * step)
    for left, (complaint, steps) in zip(range(10, wide * len(columns), wide), columns.items()):
        svg.rect(left, 8, wide - 20, 30, BLUE)
        svg.text(left + wide / 2 - 10, 28, complaint, weight='bold')
        svg.line(left + 14, 38, left + 14, 58)
        for i, (ask, answer) in enumerate(steps):
            y = 58 + i * step
            if i + 1 < len(steps):
                svg.line(left + 14, y + 48, left + 14, y + step)
                svg.text(left + 20, y + step - 12, 'yes', anchor='start')
            svg.rect(left, y, wide - 20, 48, PAPER)
            parts = wrap(ask, 38)
            for n, part in enumerate(parts):
                svg.text(left + wide / 2 - 10, y + 28 - 8 * (len(parts) - 1) + 16 * n, part)
            svg.text(left + 30, y + 66, 'no:', anchor='start', ink=QUIET)
            for n, part in enumerate(wrap(answer, 29)):
                svg.text(left + 54, y + 66 + 16 * n, part, anchor='start')
    return str(svg)


def pictures(guide):
    """Those of the guide that show no more than it says beside them."""
    vlans = [('blue', 'VLAN 10'), ('green', 'VLAN 20'), ('all', '4095: tags')]
    return {
        'pictures/vms.svg': draw([('vm1', [('eth0', 'vc-vmxnet3', 'ports')]), ('vm2', [('eth0', 'virtio-net-pci', 'ports')])],
                                 [('ports', 'vm1.p0, vm2.p0')], 'vswitchd: vswitch0', [('NAT, DHCP, DNS', 'slirp')]),
        'pictures/trunk.svg': draw([('vm1', [('eth0', '', 'blue')]), ('vm2', [('eth0', '', 'green')]),
                                    ('router', [('eth0.10, eth0.20', '', 'all')])], vlans, 'vswitchd: lab', []),
        'pictures/team.svg': draw([(f'vm{i}', [('eth0', '', 'ports')]) for i in (1, 2, 3)], [('ports', 'of all machines')],
                                  'vswitchd', [('up0', 'eth0'), ('up1', 'eth1')],
                                  'a team: if one uplink fails, the other one carries all'),
        'pictures/trouble.svg': flow(guide),
    }


def main():
    with tempfile.TemporaryDirectory() as where:
        story = Story(where)
        made = {'guide-esxi.md': story.page((docs / 'guide-esxi.md').read_text()), 'pictures/esxi.svg': story.picture(),
                **pictures((docs / 'guide.md').read_text())}
    failed = 0
    print(f'1..{len(made)}')
    for number, (name, text) in enumerate(made.items(), 1):
        if '--write' in sys.argv:
            (docs / name).write_text(text)
        same = (docs / name).exists() and (docs / name).read_text() == text
        failed += not same
        print(f'{"ok" if same else "not ok"} {number} - docs/{name} is as it is made')
        if not same:
            print('# docs/story.py BUILD/tools/import/vchassis-import BUILD/vswitch/ctl/vswitchctl docs --write')
    return failed > 0


sys.exit(main())
