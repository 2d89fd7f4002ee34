# SPDX-License-Identifier: GPL-2.0-or-later
"""A guest under TCG: QEMU, its monitor, the agent inside, and what is left on disk when it fails.

    with Vm('name', args=['-device', 'vc-switch,id=sw0', ...]) as vm:
        vm.sh('modprobe e1000')

QEMU is the launcher of the build directory (or any other, qemu=). Everything it and the guest say
is kept in BUILD/guest/run/NAME/: command, qemu.log (QEMU's stderr), guest-errors.log (what the
devices blamed on the guest), console.log. It dies with the runner.
"""

import ctypes
import os
import shlex
import shutil
import signal
import subprocess
import time
from pathlib import Path

import guest_image
from agent import Agent
from qmp import Qmp
from tap import Failed, Skip

BUILD = Path(os.environ.get('VCHASSIS_BUILD') or guest_image.TOP / 'build')
LAUNCHER = os.environ.get('QEMU_VCHASSIS') or str(BUILD / 'qemu-vchassis')
STOCK_QEMU = os.environ.get('QEMU') or 'qemu-system-x86_64'
BOOT_TIMEOUT = 180
PR_SET_PDEATHSIG = 1

libc = ctypes.CDLL(None)


def die_with_parent():
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def tail(path, lines):
    try:
        return '\n'.join(path.read_text(errors='replace').splitlines()[-lines:])
    except OSError:
        return ''


def guest_of(series):
    try:
        return guest_image.ensure(series, BUILD)
    except guest_image.Unavailable as why:
        if series == 'stable':
            raise
        raise Skip(str(why)) from why


def oops_in(text):
    """Lines of a console or a log in which a kernel complains of itself or of a card."""
    words = ('WARNING: ', 'BUG: ', 'Oops', 'Tx Unit Hang', 'transmit queue', 'NETDEV WATCHDOG', 'timed out',
             'hw csum failure')
    return [line for line in dict.fromkeys(text.splitlines()) if any(w in line for w in words)]


class Vm:
    """One QEMU process and the guest in it. Use as a context manager."""

    def __init__(self, name, args=(), *, kernel='stable', smp=1, memory=256, append='', machine='pc',
                 cpu='qemu64', qemu=LAUNCHER, incoming=None, heir_of=None, sleeps=False, overlay=None, who=None):
        """incoming: where to take a migrated guest from, heir_of: the Vm it ran in until then.

        sleeps: the guest will be suspended to RAM; overlay: an archive of files it has besides; who: the user QEMU
        runs as, for subprocess.
        """
        self.name, self.heir_of, self.incoming = name, heir_of, incoming
        self.dir = BUILD / 'guest' / 'run' / name
        shutil.rmtree(self.dir, ignore_errors=True)
        self.dir.mkdir(parents=True)
        self.proc, self.who = None, who or {}
        if self.who:
            os.chown(self.dir, self.who['user'], self.who['group'])
        self.monitor = Qmp(self.alive)
        self.agent = Agent(self.alive, lambda: tail(self.dir / 'console.log', 40))
        guest = guest_of(kernel)
        self.release = guest.release
        initrd = guest.initrd
        if overlay:
            initrd = self.dir / 'initrd'     # the kernel unpacks one archive after the other
            initrd.write_bytes(guest.initrd.read_bytes() + overlay.read_bytes())
        # cmpxchg16b of QEMU 7.2's TCG may leave an address in EFLAGS. If something kicks the vCPU right then,
        # IF or TF stay set: Linux 6.12, which wakes up with interrupts off, crashes now and then.
        if sleeps:
            cpu += ',-cx16'
        # The speculation mitigations guard nothing here and each costs TCG a lot. On a busy host a
        # kernel may miss the ticks by which it checks that there is a timer.
        words = f'console=ttyS0 quiet panic=-1 mitigations=off no_timer_check net.ifnames=0 {append}'
        self.command = [
            qemu, '-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot',
            '-accel', 'tcg', '-machine', machine, '-cpu', cpu, '-smp', str(smp), '-m', str(memory),
            *self.loader(guest, initrd, words.strip(), sleeps),
            '-d', 'guest_errors', '-D', str(self.dir / 'guest-errors.log'),
            '-chardev', f'file,id=console,path={self.dir}/console.log', '-serial', 'chardev:console',
            *self.agent.args(), *self.monitor.args(), *args]
        if incoming:
            self.command += ['-incoming', incoming]

    def loader(self, guest, initrd, words, packed):
        """What loads the kernel: QEMU itself. packed: leave unpacking to the kernel."""
        return ['-kernel', str(guest.bzimage if packed else guest.kernel), '-initrd', str(initrd), '-append', words]

    # ---- life ----

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_):
        self.close()

    def start(self):
        self.spawn()
        self.settle()

    def spawn(self):
        """Start QEMU; settle() follows. Guests that are spawned first boot side by side."""
        (self.dir / 'command').write_text(shlex.join(self.command) + '\n')
        fds = [c.theirs.fileno() for c in (self.monitor, self.agent)]
        with open(self.dir / 'qemu.log', 'wb') as log:
            # pylint: disable-next=subprocess-popen-preexec-fn
            self.proc = subprocess.Popen(self.command, pass_fds=fds, stdin=subprocess.DEVNULL, stdout=log,
                                         stderr=log, preexec_fn=die_with_parent, **self.who)
        self.monitor.handed_over()
        self.agent.handed_over()

    def settle(self):
        """Wait until the guest is there."""
        self.monitor.greet(60)
        if self.incoming:
            self.wait_for(lambda: self.qmp('query-status')['status'] == 'running', 'the guest to arrive')
            self.agent.adopt(self.heir_of.agent)
            self.agent.ping()
        else:
            self.boot()

    def boot(self):
        """Wait until the guest is up."""
        self.agent.hello(BOOT_TIMEOUT)

    def alive(self):
        """Raises, with QEMU's last words, if it has ended."""
        try:
            status = self.proc.wait(1)
        except subprocess.TimeoutExpired:
            return
        raise EOFError(f'QEMU ended with status {status}\n{tail(self.dir / "qemu.log", 10)}\n'
                       f'last lines of the guest\'s console:\n{tail(self.dir / "console.log", 40)}')

    def close(self):
        """End QEMU, politely if it listens."""
        if self.proc and self.proc.poll() is None:
            try:
                self.monitor.command('quit')
                self.proc.wait(20)
            except (OSError, EOFError, TimeoutError, subprocess.TimeoutExpired):
                self.proc.kill()
                self.proc.wait()
        self.monitor.close()
        self.agent.close()

    # ---- the guest ----

    def start_job(self, script):
        """Start a shell command in the guest; returns a Job."""
        return self.agent.start(script)

    def run(self, script, timeout=60):
        """Run a shell command in the guest; returns (status, output)."""
        job = self.start_job(script)
        try:
            return job.wait(timeout), job.output
        except TimeoutError:
            job.kill()
            raise

    def sh(self, script, timeout=60):
        """Run a shell command that must end with status 0; returns its output."""
        status, output = self.run(script, timeout)
        if status:
            raise Failed(f'guest: {script}\nstatus {status}, output:\n{output}')
        return output

    def until(self, script, timeout=60):
        """Repeat a shell condition in the guest until it holds; returns its last output."""
        return self.sh(f'until {script}; do sleep 0.1; done', timeout)

    def wait_for(self, condition, what, timeout=60, pause=0.05):
        """Poll condition() on the host until it is true; returns what it returned."""
        deadline = time.monotonic() + timeout
        while not (value := condition()):
            if time.monotonic() > deadline:
                raise TimeoutError(f'after {timeout} s still waiting for {what}')
            time.sleep(pause)
        return value

    # ---- QEMU ----

    def qmp(self, name, timeout=60, /, **arguments):
        return self.monitor.command(name, timeout, **arguments)

    def hmp(self, line, timeout=120):
        return self.monitor.hmp(line, timeout)

    def said(self):
        """What QEMU wrote to its stderr."""
        return (self.dir / 'qemu.log').read_text(errors='replace')

    def guest_errors(self):
        """What the devices blamed on the guest."""
        return tail(self.dir / 'guest-errors.log', 20)

    def console(self):
        return (self.dir / 'console.log').read_text(errors='replace')

    def kernel_log(self):
        """What the guest's kernel has said, at any level, to its log: `quiet` keeps most of it from the console. What a
        kernel that does not answer any more has said there is in console()."""
        return self.sh('dmesg')

    def oops(self):
        """Lines in which the guest's kernel complains of itself or of a card."""
        return oops_in(f'{self.console()}\n{self.kernel_log()}')
