# SPDX-License-Identifier: GPL-2.0-or-later
"""Test cases that print TAP, the protocol meson and prove read.

A suite is a list of groups; a group is a function that boots a guest and runs its cases. Groups run
side by side, two at most by default, and share nothing but the output. Whatever a case raises makes
it "not ok" and is shown as a diagnostic; the group goes on, so one failure hides no other.
"""

import argparse
import sys
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager


class Skip(Exception):
    """Raised in a case or a group that can't run here; the text says why."""


class Failed(Exception):
    """What a case expected and did not find."""


def expect(condition, text):
    """End the case with text unless condition holds."""
    if not condition:
        raise Failed(text)


def explain(error):
    """Lines for a diagnostic: our own failures as they are, anything else with where it came from."""
    if isinstance(error, (Failed, TimeoutError, EOFError)):
        return str(error).splitlines()
    return traceback.format_exc().splitlines()


class Suite:
    def __init__(self):
        self.lock = threading.Lock()
        self.count, self.failed, self.skipped = 0, 0, 0

    def line(self, verdict, name, notes=(), detail=''):
        with self.lock:
            self.count += 1
            self.failed += verdict == 'not ok'
            self.skipped += detail.startswith(' # SKIP')
            print(f'{verdict} {self.count} - {name}{detail}')
            for note in notes:
                print(f'# {note}')
            sys.stdout.flush()

    @contextmanager
    def case(self, name):
        """One test case. Yields a function that adds a figure worth showing to the result."""
        notes, start = [], time.monotonic()
        try:
            yield notes.append
        except Skip as why:
            self.line('ok', name, notes, f' # SKIP {why}')
        except Exception as error:                               # pylint: disable=broad-except
            self.line('not ok', name, notes + explain(error))
        else:
            self.line('ok', name, notes + [f'{time.monotonic() - start:.1f} s'])

    def group(self, function):
        name = function.__name__.removeprefix('group_')
        try:
            function(self)
        except Skip as why:
            self.line('ok', name, (), f' # SKIP {why}')
        except Exception as error:                               # pylint: disable=broad-except
            self.line('not ok', f'{name}: guest', explain(error))

    def run(self, groups, jobs=2):
        start = time.monotonic()
        with ThreadPoolExecutor(jobs) as pool:
            list(pool.map(self.group, groups))
        print(f'1..{self.count}')
        passed = self.count - self.failed - self.skipped
        print(f'# {passed} passed, {self.failed} failed, {self.skipped} skipped in {time.monotonic() - start:.0f} s')
        return 1 if self.failed else 0


def main(groups):
    """The command line of every suite: all groups, or those named."""
    ap = argparse.ArgumentParser()
    ap.add_argument('group', nargs='*', help='run these groups only')
    ap.add_argument('--jobs', type=int, default=2, help='guests at a time')
    ap.add_argument('--list', action='store_true', help='name the groups')
    args = ap.parse_args()
    names = {g.__name__.removeprefix('group_'): g for g in groups}
    if args.list:
        print('\n'.join(names))
        sys.exit(0)
    unknown = set(args.group) - set(names)
    if unknown:
        sys.exit(f'no such group: {" ".join(sorted(unknown))}')
    sys.exit(Suite().run([names[n] for n in args.group] if args.group else groups, args.jobs))
