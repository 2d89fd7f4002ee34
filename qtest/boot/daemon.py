# SPDX-License-Identifier: GPL-2.0-or-later
"""A vswitchd for guests in several QEMU processes, and the ways in which their cards plug into it."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from nics import options
from tap import Failed
from vm import BUILD, die_with_parent

PROGRAM = BUILD / 'vswitch/daemon/vswitchd'
CONTROL = BUILD / 'vswitch/ctl/vswitchctl'
NOBODY = 65534
PATIENCE = 60


def ordinary():
    """Whom to run as, for subprocess: somebody without rights if we are root and he may run the program."""
    if os.geteuid():
        return {}
    who = {'user': NOBODY, 'group': NOBODY, 'extra_groups': []}
    try:
        subprocess.run([PROGRAM, '--help'], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **who)
    except (OSError, subprocess.CalledProcessError):
        return {}
    return who


class Daemon:
    """Use as a context manager. Its sockets are in self.place."""

    def __init__(self, config):
        self.dir = Path(tempfile.mkdtemp(prefix='vchassis-'))
        self.place = self.dir / 'vchassis'
        self.control, self.who, self.proc = self.place / 'control.sock', ordinary(), None
        (self.dir / 'config.json').write_text(json.dumps(config))
        if self.who:
            os.chmod(self.dir / 'config.json', 0o644)
            os.chown(self.dir, NOBODY, NOBODY)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.kill()
        shutil.rmtree(self.dir, ignore_errors=True)

    def spawn(self, *arguments):
        with open(self.dir / 'log', 'ab') as log:
            # pylint: disable-next=subprocess-popen-preexec-fn
            self.proc = subprocess.Popen([PROGRAM, *arguments], stdout=log, stderr=log,
                                         env={**os.environ, 'XDG_RUNTIME_DIR': str(self.dir)},
                                         preexec_fn=die_with_parent, **self.who)

    def start(self):
        self.spawn('--config', self.dir / 'config.json')
        deadline = time.monotonic() + PATIENCE
        while not self.serves():
            if self.proc.poll() is not None or time.monotonic() > deadline:
                raise Failed(f'vswitchd does not serve: {self.log()}')
            time.sleep(0.02)

    def take_over(self):
        """Another process goes on in its place. Returns the time in between, ms."""
        old, deadline = self.proc, time.monotonic() + PATIENCE
        self.spawn('--takeover')
        try:
            old.wait(PATIENCE)
        except subprocess.TimeoutExpired as why:
            old.kill()
            raise Failed(f'vswitchd does not hand over: {self.log()}') from why
        while f'from process {old.pid}, gap' not in self.log():
            if self.proc.poll() is not None or time.monotonic() > deadline:
                raise Failed(f'vswitchd does not take over: {self.log()}')
            time.sleep(0.02)
        return float(self.log().split('gap ')[-1].split()[0])

    def kill(self):
        if self.proc:
            self.proc.send_signal(signal.SIGKILL)
            self.proc.wait()

    def serves(self):
        with contextlib.suppress(OSError):
            with socket.socket(socket.AF_UNIX) as probe:
                probe.connect(str(self.control))
            return True
        return False

    def log(self):
        return (self.dir / 'log').read_text(errors='replace')

    def ask(self, command, **arguments):
        with socket.socket(socket.AF_UNIX) as sock:
            sock.settimeout(PATIENCE)
            sock.connect(str(self.control))
            sock.sendall(json.dumps({'execute': command, 'arguments': arguments}).encode() + b'\n')
            for line in sock.makefile():
                answer = json.loads(line)
                if 'error' in answer:
                    raise Failed(f'{command}: {answer["error"]["desc"]}')
                if 'return' in answer:
                    return answer['return']
        raise Failed(f'{command}: the daemon has hung up')

    def port(self, name):
        return self.ask('query-ports', port=name)[0]


class Connect:
    """Ports with connect=: any card, ours or QEMU's."""

    def __init__(self, daemon, group):
        self.daemon, self.group = daemon, group

    def port(self, name, **props):
        return ['-device', options(f'vc-port,id={name},connect={self.daemon.control},portgroup={self.group}', props)]


class VhostUser:
    """QEMU's own vhost-user, for its virtio-net. The machine needs what memory() gives."""

    # Without KVM, QEMU 7.2 crashes if such a card has MSI-X.
    PROPS = {'vectors': 0}

    def __init__(self, daemon, address):
        self.path = daemon.place / address

    @staticmethod
    def memory(megabytes):
        return ['-object', f'memory-backend-memfd,id=mem,size={megabytes}M,share=on']

    def port(self, name, **_):
        return ['-chardev', f'socket,id=c-{name},path={self.path},reconnect=1',
                '-netdev', f'vhost-user,id={name},chardev=c-{name}']


class Stream:
    """QEMU's own stream sockets, for any card."""

    def __init__(self, daemon, address):
        self.path = daemon.place / address

    def port(self, name, **_):
        return ['-netdev', f'stream,id={name},server=off,addr.type=unix,addr.path={self.path}']


@contextlib.contextmanager
def together(*vms):
    """Guests that boot side by side."""
    try:
        for vm in vms:
            vm.spawn()
        for vm in vms:
            vm.settle()
        yield vms
    finally:
        for vm in vms:
            vm.close()
