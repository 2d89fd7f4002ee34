#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Instructions a frame of the rows of the switch's bench and of the cards' benches, by callgrind.

Usage: instructions.py BUILD [--write FILE] [--against FILE]

They repeat to a fraction of a percent on any machine, however busy. --write keeps them, as JSON;
--against prints what was kept beside them, and by how many percent they differ: "before" is
measured in a tree of its own. Of a card what hwnet_write(), hwnet_run() and hwnet_rx() do is
counted, without what the host and the driver of the bench do. Needs valgrind; takes minutes.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

BURSTS = 6400  # frames of a round of the switch's bench; a multiple of its bursts times its ports
BENCH = re.compile(r"bench|guest|fake-|build-frame")  # files that are not the card's


def dumps(program, arguments, collect, at):
    """Run a bench. Its output, and what each dump holds: instructions by source file."""
    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.run(
            ["valgrind", "--tool=callgrind", "--compress-strings=no", "--compress-pos=no",
             f"--callgrind-out-file={folder}/out", *(f"--toggle-collect={c}" for c in collect),
             at, program, *arguments], capture_output=True, text=True, check=False)
        if run.returncode:
            sys.exit(f"{program}: {run.stderr.strip().splitlines()[-1]}")
        files = sorted(pathlib.Path(folder).glob("out.*"), key=lambda p: int(p.suffix[1:]))
        return run.stdout.splitlines(), [by_file(f.read_text()) for f in files]


def by_file(text):
    """Self cost of a dump by the file of the function (callgrind's format, section 3)."""
    cost, file, called = {}, "", False
    for line in text.splitlines():
        if line.startswith("fl="):
            file = line[3:].rsplit("/", 1)[-1]
        elif line.startswith("calls="):
            called = True
        elif re.fullmatch(r"\d+ \d+", line):
            if not called:
                cost[file] = cost.get(file, 0) + int(line.split()[1])
            called = False
    return cost


def of_switch(build):
    lines, found = dumps(build / "vswitch/bench/vswitch-bench", ["2", str(BURSTS), ""],
                         ["run_round"], "--dump-after=run_round")
    names = [line[:56].strip() for line in lines if " ns " in line]
    for name, cost in zip(names, found[len(names):]):  # the first round warms up
        yield name, sum(cost.values()) / BURSTS


# card: rounds of a row, what of a line is its name, and frames of a row
CARDS = {
    "e1000": (2, r"(.*?) +[\d.]+ ns a frame", lambda name: 2 * 20000),
    "pcnet": (2, r"pcnet (.*?): +[\d.]+ ns",
              lambda name: 2 * 31 * int(re.search(r"(\d+) at? ", name).group(1))),
    "vmxnet3": (20, r'{"name": "vmxnet3-(.*?), "ns": ',
                lambda name: 20 * 15 * int(re.search(r"burst (\d+)", name).group(1))),
}


def of_card(build, card):
    rounds, line, frames = CARDS[card]
    lines, found = dumps(build / f"hw-net/test/{card}/bench-{card}", [str(rounds)],
                         ["hwnet_write", "hwnet_run", "hwnet_rx"], "--dump-before=bench_by_value")
    names = [" ".join(re.findall(r"[\w.-]+", m.group(1))) for m in map(re.compile(line).match, lines)
             if m]
    costs = [sum(n for file, n in cost.items() if not BENCH.match(file)) for cost in found]
    for name, cost in zip(names, filter(None, costs)):
        yield f"{card} {name}", cost / frames(name)


def rows(build):
    yield from of_switch(build)
    for card in CARDS:
        yield from of_card(build, card)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--write", type=pathlib.Path)
    parser.add_argument("--against", type=pathlib.Path)
    args = parser.parse_args()
    before = json.loads(args.against.read_text()) if args.against else {}
    now = {}
    for name, cost in rows(args.build.resolve()):
        now[name] = cost
        was = before.get(name)
        print(f"{name:62} {cost:10.1f}" +
              (f" {was:10.1f} {100 * (cost / was - 1):+6.2f} %" if was else ""), flush=True)
    if args.write:
        args.write.write_text(json.dumps(now, indent=1) + "\n")


main()
