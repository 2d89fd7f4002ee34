#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The distribution's DPDK for guests: a second initramfs, which the kernel unpacks over the first.

dpdk-testpmd, the poll-mode drivers in DRIVERS and all libraries they load come from the package archive,
as the kernels do: fetched once into BUILD/guest/dpdk/, never installed. What their packages do not
bring (the C library) is the build machine's. The archive is a file of its own because it is larger
than everything else a guest has, and one suite wants it.

Run by itself it makes it, with a line of progress for each step.
"""

import argparse
import fcntl
import os
import re
import shutil
from pathlib import Path

import guest_image
from guest_image import Cpio, Unavailable, run, say

PROGRAM = 'usr/bin/dpdk-testpmd'
PROGRAM_PACKAGE = 'dpdk-dev'
# The C library loads it when a thread is cancelled.
UNWINDER, UNWINDER_PACKAGE = 'libgcc_s.so.1', 'libgcc-s1'
# Loaded by name at run time, so that no dependency of testpmd brings them: drivers, and what they stand on.
DRIVERS = ('net-vmxnet3', 'net-e1000', 'bus-pci', 'bus-vdev', 'mempool-ring')
# The same for testpmd on the machine that builds.
HERE = ('net-virtio', 'bus-vdev', 'mempool-ring')
LOADER = '/lib64/ld-linux-x86-64.so.2'


# ---- packages ----

def driver_package(name):
    """librte-net-vmxnet3-23 of net-vmxnet3: the number is that of the ABI."""
    names = run('apt-cache', 'pkgnames', f'librte-{name}').split()
    found = [n for n in names if re.fullmatch(rf'librte-{re.escape(name)}-?\d+', n)]
    if not found:
        raise Unavailable(f'the package sources of this machine offer no librte-{name} (apt-get update?)')
    return max(found)


def libraries_of(packages):
    """The packages of libraries that some packages depend on; of alternatives, the first."""
    names = set()
    for depends in re.findall(r'^Depends: (.*)', run('apt-cache', 'show', '--no-all-versions', *packages), re.M):
        names.update(re.match(r'[^ (|:]+', d).group() for d in depends.split(', '))
    return {n for n in names if re.match(r'lib|zlib|ibverbs', n) and not n.endswith('-dev') and n != 'libc6'}


def all_packages():
    todo, found = {PROGRAM_PACKAGE, UNWINDER_PACKAGE, *map(driver_package, DRIVERS + HERE)}, set()
    while todo:
        found |= todo
        todo = libraries_of(sorted(todo)) - found
    return sorted(found)


def get_tree(base):
    """Make base/dpdk/ once for these DRIVERS and HERE: the unpacked packages and their versions."""
    final, wanted = base / 'dpdk', ' '.join((PROGRAM_PACKAGE, *DRIVERS, *HERE))
    if (final / 'wanted').exists() and (final / 'wanted').read_text() == wanted:
        return final
    work = base / 'new-dpdk'
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    packages = all_packages()
    say(f'fetching {PROGRAM_PACKAGE} and {len(packages) - 1} libraries')
    run('apt-get', '-q', '-o', 'APT::Sandbox::User=root', 'download', *packages, cwd=work)
    for deb in sorted(work.glob('*.deb')):
        run('dpkg-deb', '-x', deb, work / 'tree')
        deb.unlink()
    (work / 'version').write_text(run('apt-cache', 'show', '--no-all-versions', PROGRAM_PACKAGE)
                                  .partition('\nVersion: ')[2].partition('\n')[0])
    (work / 'wanted').write_text(wanted)
    shutil.rmtree(final, ignore_errors=True)
    work.rename(final)
    return final


# ---- the archive ----

def loads(tree, program):
    """Files of the libraries a program loads; the tree's go before the machine's."""
    dirs = ':'.join(str(d) for d in sorted(tree.glob('**/lib/*-linux-gnu')))
    out = run(LOADER, '--library-path', dirs, '--list', program)
    missing = re.findall(r'(\S+) => not found', out)
    if missing:
        raise Unavailable(f'no package of {PROGRAM_PACKAGE} brings {" ".join(missing)}')
    return re.findall(r' => (/\S+) \(0x', out)


def driver_files(tree):
    """The drivers where testpmd looks for them by itself."""
    stems = tuple(f'librte_{d.replace("-", "_")}.so.' for d in DRIVERS)
    return [p for p in sorted(tree.glob('usr/lib/*/dpdk/pmds-*/*')) if p.name.startswith(stems)]


def make_archive(tree):
    ar, paths = Cpio(), {tree / PROGRAM, *driver_files(tree)}
    for program in sorted(paths):
        paths.update(map(Path, loads(tree, program)))
    paths.update(tree.glob(f'**/{UNWINDER}'))
    # Links stay links: a driver that testpmd also loads as a library must be the same file.
    ours = {p for p in paths if p.is_relative_to(tree)}
    for path in sorted({*ours, *(p.resolve() for p in ours)}):
        name = str(path.relative_to(tree))
        if path.is_symlink():
            ar.link(name, os.path.relpath(path.resolve(), path.parent))
        else:
            ar.file(name, path)
    for path in sorted(paths - ours):
        ar.file(str(path)[1:], path)
    return ar.bytes()


class Dpdk:
    def __init__(self, directory, archive):
        self.archive, self.tree, self.version = archive, directory / 'tree', (directory / 'version').read_text()


def ensure(build=None):
    """Make what is missing. Returns a Dpdk; raises Unavailable with the reason."""
    base = Path(build or os.environ.get('VCHASSIS_BUILD') or guest_image.TOP / 'build') / 'guest'
    base.mkdir(parents=True, exist_ok=True)
    with open(base / 'lock', 'w', encoding='ascii') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        tree = get_tree(base.resolve())
        archive = base / 'dpdk.cpio'
        guest_image.write_if_changed(archive, make_archive(tree / 'tree'))
    return Dpdk(tree, archive)


def main():
    ap = argparse.ArgumentParser(description='Fetch DPDK and make its archive.')
    ap.add_argument('--build', help='build directory (default: build)')
    ap.add_argument('--stamp', type=Path, help='file to touch when all is there')
    args = ap.parse_args()
    try:
        made = ensure(args.build)
        say(f'DPDK {made.version}, {made.archive.stat().st_size >> 20} MB')
    except Unavailable as why:
        say(f'DPDK: not available, its tests will be skipped: {why}')
    if args.stamp:
        args.stamp.touch()


if __name__ == '__main__':
    main()
