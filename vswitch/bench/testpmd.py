# SPDX-License-Identifier: BSD-2-Clause
"""DPDK's testpmd, driven by its command line."""

import ctypes
import os
import re
import select
import signal
import subprocess
import time

PROGRAM = 'dpdk-testpmd'
PROMPT = b'testpmd> '
PATIENCE = 60


def die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)      # PR_SET_PDEATHSIG


class Testpmd:
    """A testpmd with -i among its arguments; use as a context manager. It is killed at the end."""

    def __init__(self, command, **kwargs):
        # no terminal: its text would come by a thread of the kernel, which has to wait for those that never rest
        self.command, self.kwargs = ['stdbuf', '-oL', *command], kwargs
        self.said = b''

    def __enter__(self):
        # pylint: disable-next=subprocess-popen-preexec-fn
        self.proc = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                     preexec_fn=die_with_parent, **self.kwargs)
        self.out = self.proc.stdout.fileno()
        return self

    def __exit__(self, *_):
        self.proc.kill()
        self.proc.wait()
        self.proc.stdin.close()
        self.proc.stdout.close()

    def prompt(self, after=''):
        """Wait for the prompt that follows what is looked for; what was said before it."""
        deadline = time.monotonic() + PATIENCE
        wanted = re.compile(after.encode() + b'.*' + PROMPT, re.DOTALL)      # its log may follow
        while not wanted.search(self.said):
            if not select.select([self.out], [], [], max(0, deadline - time.monotonic()))[0]:
                raise TimeoutError(f'testpmd: no prompt: {self.said[-2000:]!r}')
            more = os.read(self.out, 65536)
            if not more:
                raise EOFError(f'testpmd ended: {self.said[-1000:].decode(errors="replace")}')
            self.said += more
        said, self.said = self.said.decode(errors='replace'), b''
        return said

    def do(self, command, after=''):
        """Run a command; what it said. after: text that it ends with, for one that shows the prompt before its end."""
        os.write(self.proc.stdin.fileno(), command.encode() + b'\n')
        return self.prompt(after)

    def counts(self):
        """[counters of each port]; Rx-pps is since they were asked for last, by testpmd's own clock."""
        parts = self.do('show port stats all', '#####\r?\n').split('NIC statistics for port ')[1:]
        return [{name: int(value) for name, value in re.findall(r'([\w-]+): +(\d+)', part)} for part in parts]
