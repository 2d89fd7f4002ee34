# SPDX-License-Identifier: GPL-2.0-or-later
"""The host's end of guest/agent.c: shell commands in the guest, any number at a time."""

import time

from channel import Channel
from tap import Failed


class Job:
    """A command in the guest. status is None until it has ended."""

    def __init__(self, agent, number, script):
        self.agent, self.number, self.script = agent, number, script
        self.output, self.status = '', None

    def wait(self, timeout=60):
        """Wait for the end; returns the exit status."""
        self.agent.serve(lambda: self.status is not None, timeout, f'the guest to finish: {self.script}',
                         lambda: self.output)
        return self.status

    def finish(self, timeout=60):
        """Wait for an end with status 0; returns the output."""
        if self.wait(timeout):
            raise Failed(f'guest: {self.script}\nstatus {self.status}, output:\n{self.output}')
        return self.output

    def kill(self):
        """End the command and all it started; a command that has ended is left alone."""
        if self.status is None:
            self.agent.send(b'kill %d' % self.number)
            self.wait()


class Agent(Channel):
    def __init__(self, alive, console):
        """console() returns the guest's last words for error messages."""
        super().__init__('agent', alive)
        self.console, self.jobs, self.last, self.hellos = console, {}, 0, 0

    def args(self):
        return ['-chardev', f'socket,id=agent,fd={self.theirs.fileno()}', '-serial', 'chardev:agent']

    def start(self, script):
        """Start a shell command and return its Job."""
        self.last += 1
        job = self.jobs[self.last] = Job(self, self.last, script)
        self.send(b'run %d %s' % (job.number, script.encode().hex().encode()))
        return job

    def adopt(self, other):
        """Take over the running jobs of the agent this guest was migrated from."""
        self.last = other.last
        for job in other.jobs.values():
            job.agent = self
        self.jobs, other.jobs = other.jobs, {}

    def hello(self, timeout):
        """Wait until the agent is up and hears us."""
        seen = self.hellos
        self.serve(lambda: self.hellos > seen, timeout, 'the guest to boot', lambda: '')

    def ping(self, timeout=60):
        """A sign of life from a guest that has been up before."""
        seen = self.hellos
        self.send(b'hello')
        self.serve(lambda: self.hellos > seen, timeout, 'a sign of life from the guest', lambda: '')

    def serve(self, done, timeout, what, so_far):
        """Handle what the guest says until done()."""
        deadline = time.monotonic() + timeout
        while not done():
            line = self.line(deadline)
            if line is None:
                raise TimeoutError(f'after {timeout} s still waiting for {what}\n{so_far()}'
                                   f'last lines of the guest\'s console:\n{self.console()}')
            self.handle(line)

    def handle(self, line):
        if line == b'~hello':
            self.hellos += 1
        if not line.startswith((b'~out ', b'~end ')):
            return
        kind, number, rest = line.split(b' ')
        job = self.jobs.get(int(number))
        if job and kind == b'~out':
            job.output += bytes.fromhex(rest.decode()).decode(errors='replace')
        elif job:
            job.status = int(rest)
            del self.jobs[job.number]
