#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A newer QEMU than the machine's, unpacked beside it and never installed: for cards that the daemon hosts.

vfio-user-pci is in QEMU from 10.1 on. Debian has it in the backports of SUITE, and the mirror of this machine has
these, whatever release of Debian the machine runs. QEMU, all it depends on and its C library are unpacked below
BUILD/guest/newer-qemu/, by a private apt; the script qemu-system-x86_64 there runs it with its own loader.

Run by itself it makes it. A mirror that does not have it is no error: the tests that want it are skipped.
"""

import argparse
import fcntl
import os
import re
import shlex
import shutil
from pathlib import Path

import apt_world
import guest_image
from guest_image import Unavailable, run, say

SUITE, PACKAGE = 'trixie', 'qemu-system-x86'
KEYRINGS = ('/usr/share/keyrings/debian-archive-keyring.gpg', '/usr/share/keyrings/debian-archive-keyring.pgp')
# Where QEMU looks for its firmware; the rest of its files are found beside it.
FIRMWARE = ('usr/share/qemu', 'usr/share/seabios', 'usr/lib/ipxe/qemu')
WRAPPER = '''#!/bin/sh
# Made by newer_qemu.py: QEMU {version} with its own loader and libraries.
QEMU_MODULE_DIR={modules}
export QEMU_MODULE_DIR
exec {loader} --library-path {libraries} {program} {firmware} "$@"
'''


def mirror():
    """Where the machine has Debian from, by its own lists."""
    targets = run('apt-get', 'indextargets', '--format', '$(ORIGIN) $(SUITE) $(REPO_URI)', 'Created-By: Packages')
    found = [words[2] for words in map(str.split, targets.splitlines())
             if len(words) == 3 and words[0] == 'Debian' and 'security' not in words[1] + words[2]]
    if not found:
        raise Unavailable('no mirror of Debian is among those of this machine (apt-get update?)')
    return found[0].rstrip('/')


def world(place):
    keyring = next((k for k in KEYRINGS if Path(k).exists()), None)
    if not keyring:
        raise Unavailable(f'{KEYRINGS[0]} is missing: apt-get install debian-archive-keyring')
    url = mirror()
    text = ''.join(f'deb [signed-by={keyring}] {url} {suite} main\n' for suite in (SUITE, f'{SUITE}-backports'))
    return apt_world.options(place, {'debian.list': text})


def download(work):
    """Fetch QEMU and all it depends on; returns its version."""
    options = world(work / 'apt')
    say(f'reading the package lists of {SUITE}-backports')
    run('apt-get', '-q', *options, '-o', 'APT::Update::Error-Mode=any', 'update')
    say(f'fetching {PACKAGE} and what it depends on')
    run('apt-get', '-q', '-y', *options, '--no-install-recommends', '--download-only', '-t', f'{SUITE}-backports',
        'install', PACKAGE)
    version = run('apt-cache', *options, '-t', f'{SUITE}-backports', 'policy', PACKAGE)
    return re.search(r'Candidate: (\S+)', version).group(1)


def unpack(work):
    for deb in sorted((work / 'apt/cache/archives').glob('*.deb')):
        run('dpkg-deb', '-x', deb, work / 'tree')
    shutil.rmtree(work / 'apt')


def one(tree, pattern):
    """The path below tree that matches."""
    found = sorted(tree.glob(pattern))
    if not found:
        raise Unavailable(f'{PACKAGE} of {SUITE}-backports brought no {pattern}')
    return found[0]


def write_wrapper(path, tree, version):
    libraries = [tree / d for d in ('usr/lib/x86_64-linux-gnu', 'lib/x86_64-linux-gnu') if (tree / d).is_dir()]
    words = {
        'modules': [one(tree, 'usr/lib/*/qemu')],
        'loader': [one(tree, '**/x86_64-linux-gnu/ld-linux-x86-64.so.2')],
        'libraries': [':'.join(map(str, libraries))],
        'program': [tree / 'usr/bin/qemu-system-x86_64'],
        'firmware': [word for d in FIRMWARE if (tree / d).is_dir() for word in ('-L', tree / d)],
    }
    path.write_text(WRAPPER.format(version=version, **{k: shlex.join(map(str, v)) for k, v in words.items()}))
    path.chmod(0o755)


def get_qemu(base):
    """Make base/newer-qemu/ once: tree/, the version, the script."""
    final, wanted = base / 'newer-qemu', f'{SUITE}-backports {PACKAGE}'
    if not ((final / 'wanted').exists() and (final / 'wanted').read_text() == wanted):
        work = base / 'new-qemu'
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        version = download(work)
        unpack(work)
        (work / 'version').write_text(version)
        (work / 'wanted').write_text(wanted)
        shutil.rmtree(final, ignore_errors=True)
        work.rename(final)
    script = final / 'qemu-system-x86_64'
    write_wrapper(script, final / 'tree', (final / 'version').read_text())
    return str(script)


def ensure(build=None):
    """Make what is missing. Returns the program's path; raises Unavailable with the reason."""
    base = Path(build or os.environ.get('VCHASSIS_BUILD') or guest_image.TOP / 'build').resolve() / 'guest'
    base.mkdir(parents=True, exist_ok=True)
    with open(base / 'lock-newer-qemu', 'w', encoding='ascii') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return get_qemu(base)


def main():
    ap = argparse.ArgumentParser(description='Fetch a QEMU that has vfio-user-pci.')
    ap.add_argument('--build', help='build directory (default: build)')
    ap.add_argument('--stamp', type=Path, help='file to touch when all is done')
    args = ap.parse_args()
    try:
        program = ensure(args.build)
        say(run(program, '--version').splitlines()[0])
    except Unavailable as why:
        say(f'newer QEMU: not available, its tests will be skipped: {why}')
    if args.stamp:
        args.stamp.touch()


if __name__ == '__main__':
    main()
