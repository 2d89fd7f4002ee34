# SPDX-License-Identifier: GPL-2.0-or-later
"""A QMP client: commands, events, and QEMU's human monitor for what has no command of its own."""

import json
import time

from channel import Channel


class QmpError(Exception):
    """QEMU's answer to a command it refused: .kind is the class, the text its description."""

    def __init__(self, command, error):
        super().__init__(f'{command}: {error["desc"]}')
        self.kind, self.desc = error['class'], error['desc']


class Qmp(Channel):
    def __init__(self, alive):
        super().__init__('QMP', alive)
        self.events = []

    def args(self):
        return ['-chardev', f'socket,id=qmp,fd={self.theirs.fileno()}', '-mon', 'chardev=qmp,mode=control']

    def message(self, deadline):
        """The next reply, or None at the deadline; events go to self.events."""
        while (line := self.line(deadline)) is not None:
            message = json.loads(line)
            if 'event' in message:
                self.events.append(message)
            else:
                return message
        return None

    def greet(self, timeout):
        if self.message(time.monotonic() + timeout) is None:
            raise TimeoutError(f'QMP: no greeting within {timeout} s')
        self.command('qmp_capabilities')

    def command(self, name, timeout=60, /, **arguments):
        """Run one command; underscores in argument names stand for dashes."""
        request = {'execute': name, 'arguments': {k.replace('_', '-'): v for k, v in arguments.items()}}
        self.send(json.dumps(request).encode())
        reply = self.message(time.monotonic() + timeout)
        if reply is None:
            raise TimeoutError(f'QMP: no answer to {name} within {timeout} s')
        if 'error' in reply:
            raise QmpError(name, reply['error'])
        return reply['return']

    def hmp(self, line, timeout=120):
        """A line of the human monitor; returns what it printed."""
        return self.command('human-monitor-command', timeout, command_line=line)

    def event(self, name, timeout=60, **data):
        """Wait for an event with this data; it is taken out of the list."""
        deadline = time.monotonic() + timeout
        while True:
            for event in self.events:
                if event['event'] == name and data.items() <= event.get('data', {}).items():
                    self.events.remove(event)
                    return event
            line = self.line(deadline)
            if line is None:
                raise TimeoutError(f'QMP: no event {name} {data or ""} within {timeout} s')
            message = json.loads(line)
            if 'event' in message:
                self.events.append(message)
