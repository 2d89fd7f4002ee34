# SPDX-License-Identifier: GPL-2.0-or-later
"""A guest of another architecture: it does what it has been told, speaks on one serial port, and ends.

What it says is in BUILD/guest/run/targets-NAME/console.log, what our cards blamed on it in guest-errors.log.
"""

import re
import shlex
import shutil
import subprocess
import time

import vm as vms
from tap import Failed, Skip

PATIENCE = 300


def served(target):
    """Whether the list that was made with the plug-in has this target."""
    rows = (line.split('\t') for line in (vms.BUILD / 'vchassis.targets').read_text().splitlines())
    return any(row[0] == target and row[1] == 'fits' for row in rows)


class ForeignVm:
    """One QEMU process. Use as a context manager."""

    def __init__(self, guest, name, args):
        if not served(guest.target):
            raise Skip(f'no qemu-system-{guest.target} was there when this was built (package {guest.package})')
        self.dir = vms.BUILD / 'guest' / 'run' / f'targets-{name}'
        self.command = [
            vms.LAUNCHER, f'--target={guest.target}', *guest.machine, '-nodefaults', '-no-user-config', '-display', 'none',
            '-no-reboot', '-monitor', 'none', '-serial', 'stdio', '-d', 'guest_errors',
            '-D', str(self.dir / 'guest-errors.log'), *args]
        self.proc = None

    def __enter__(self):
        shutil.rmtree(self.dir, ignore_errors=True)
        self.dir.mkdir(parents=True)
        (self.dir / 'command').write_text(shlex.join(self.command) + '\n')
        with open(self.dir / 'console.log', 'wb') as console, open(self.dir / 'qemu.log', 'wb') as log:
            # pylint: disable-next=subprocess-popen-preexec-fn
            self.proc = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=console, stderr=log,
                                         preexec_fn=vms.die_with_parent)
        return self

    def __exit__(self, *_):
        self.proc.kill()
        self.proc.communicate()

    def type(self, line):
        self.proc.stdin.write(line.encode() + b'\n')
        self.proc.stdin.flush()

    def console(self):
        return (self.dir / 'console.log').read_text(errors='replace').replace('\r', '')

    def last_words(self):
        return f'{vms.tail(self.dir / "qemu.log", 10)}\nlast lines of its console:\n{vms.tail(self.dir / "console.log", 40)}'

    def wait_for(self, pattern):
        """Wait until it has said something, and return the match."""
        deadline = time.monotonic() + PATIENCE
        while not (found := re.search(pattern, self.console())):
            if self.proc.poll() is not None:
                raise EOFError(f'QEMU ended with status {self.proc.returncode}\n{self.last_words()}')
            if time.monotonic() > deadline:
                raise TimeoutError(f'after {PATIENCE} s still waiting for "{pattern}"\n{self.last_words()}')
            time.sleep(0.05)
        return found

    def finish(self):
        """Wait for its end."""
        try:
            status = self.proc.wait(PATIENCE)
        except subprocess.TimeoutExpired as why:
            raise TimeoutError(f'after {PATIENCE} s it has not ended\n{self.last_words()}') from why
        if status:
            raise Failed(f'QEMU ended with status {status}\n{self.last_words()}')

    def complaints(self):
        """What the kernel said of itself or of a card, the cards of the guest, and QEMU of anything."""
        blamed = [line for line in vms.tail(self.dir / 'guest-errors.log', 200).splitlines() if re.search(r'\bnic\d', line)]
        return [*vms.oops_in(self.console()), *blamed, *(self.dir / 'qemu.log').read_text(errors='replace').splitlines()]
