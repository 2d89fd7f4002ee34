#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Guests of other architectures: Debian's kernels and its static busybox, with an initramfs each.

They come from the mirrors this machine has, which have the lists of its own architecture only. So a private
copy of /etc/apt's lists is used for each other one (apt_world.py): nothing outside BUILD/guest changes. The init is guest/foreign-init.sh: no compiler for these architectures is needed.

Run by itself it makes all of it. An architecture that the mirrors do not have is no error: its tests are skipped.
"""

import argparse
import contextlib
import fcntl
import os
import re
import shutil
import sys
from pathlib import Path

import apt_world
import guest_image
from guest_image import HERE, Cpio, Unavailable, run, say, write_if_changed

# Debian's name of an architecture -> the package that depends on its current kernel.
KERNELS = {
    'arm64': 'linux-image-arm64',
    'mipsel': 'linux-image-4kc-malta',
    'ppc64el': 'linux-image-powerpc64le',
}
MODULES = ('e1000', 'pcnet32', 'vmxnet3')


# ---- apt ----

def foreign_list(text):
    """A list of mirrors without what says for which architectures."""
    text = re.sub(r'^Architectures:.*\n', '', text, flags=re.M | re.I)
    return re.sub(r'\barch(-|\+)?=[^\] ]+', '', text)


def apt_options(arch, place):
    """apt's options for a world of its own, of another architecture."""
    sources = [Path('/etc/apt/sources.list'), *Path('/etc/apt/sources.list.d').glob('*')]
    lists = {source.name: foreign_list(source.read_text()) for source in sources
             if source.suffix in ('.list', '.sources') and source.exists()}
    return apt_world.options(place, lists, arch)


def kernel_package(arch, options):
    """The versioned package behind KERNELS, e.g. linux-image-6.1.0-50-arm64."""
    shown = run('apt-cache', *options, 'show', '--no-all-versions', KERNELS[arch])
    depends = re.search(r'^Depends:.*?\b(linux-image-[0-9][^ ,]*)', shown, re.M)
    if not depends:
        raise Unavailable(f'{KERNELS[arch]} depends on no kernel')
    return depends.group(1)


def download(arch, work):
    """Fetch kernel and busybox into work."""
    options = apt_options(arch, work / 'apt')
    say(f'{arch}: reading the package lists of your mirrors')
    with contextlib.suppress(Unavailable):      # some mirror may not have this architecture; do all lack it?
        run('apt-get', '-q', *options, 'update')
    try:
        package = kernel_package(arch, options)
    except Unavailable as why:
        raise Unavailable(f'the mirrors of this machine have no {KERNELS[arch]} of {arch}') from why
    say(f'{arch}: fetching {package}')
    try:
        run('apt-get', '-q', *options, 'download', package, 'busybox-static', cwd=work)
    except Unavailable as why:
        raise Unavailable(f'{package} of {arch} was not to be had: {str(why).splitlines()[-1]}') from why
    shutil.rmtree(work / 'apt')


# ---- the guest ----

def unpack(work):
    tree = work / 'tree'
    for deb in work.glob('*.deb'):
        run('dpkg-deb', '-x', deb, tree)
        deb.unlink()
    (modules,) = [d for base in ('lib/modules', 'usr/lib/modules') for d in (tree / base).glob('*')]
    (work / 'modules').mkdir()
    guest_image.take_modules(modules, work / 'modules', MODULES, partly=True)
    (kernel,) = (tree / 'boot').glob('vmlinu*')
    shutil.copy(kernel, work / 'kernel')
    shutil.copy(next(p for p in (tree / 'bin/busybox', tree / 'usr/bin/busybox') if p.exists()), work / 'busybox')
    (work / 'release').write_text(modules.name)
    shutil.rmtree(tree)


def get_files(arch, base):
    """Make base/foreign-ARCH/ once: kernel, busybox, modules/, release."""
    final, wanted = base / f'foreign-{arch}', ' '.join((KERNELS[arch], *MODULES))
    if (final / 'wanted').exists() and (final / 'wanted').read_text() == wanted:
        return final
    work = base / f'new-{arch}'
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    download(arch, work)
    unpack(work)
    (work / 'wanted').write_text(wanted)
    shutil.rmtree(final, ignore_errors=True)
    work.rename(final)
    return final


def load_order(modules):
    """Files of all modules, each after those it needs."""
    order = []
    for line in (modules / 'modules.dep').read_text().splitlines():
        name, _, needs = line.partition(':')
        order += [f for f in [*reversed(needs.split()), name] if f not in order]
    return order


def make_initramfs(files):
    ar = Cpio()
    ar.file('init', HERE / 'guest' / 'foreign-init.sh')
    ar.file('bin/busybox', files / 'busybox')
    ar.file('bin/udhcpc.sh', HERE / 'guest' / 'udhcpc.sh')
    order = load_order(files / 'modules')
    for name in order:
        ar.file(f'modules/{name}', files / 'modules' / name)
    ar.file('modules/order', ''.join(f'{name}\n' for name in order).encode())
    return ar.bytes()


class ForeignGuest:
    """What -kernel and -initrd take, and the drivers there are."""

    def __init__(self, files, initrd):
        self.kernel, self.initrd = files / 'kernel', initrd
        self.release = (files / 'release').read_text()
        self.drivers = {p.stem for p in (files / 'modules').glob('*.ko')}


def ensure(arch, build=None):
    """Make what is missing. Returns a ForeignGuest; raises Unavailable with the reason."""
    base = Path(build or os.environ.get('VCHASSIS_BUILD') or guest_image.TOP / 'build') / 'guest'
    base.mkdir(parents=True, exist_ok=True)
    with open(base / f'lock-{arch}', 'w', encoding='ascii') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        files = get_files(arch, base)
        initrd = base / f'initramfs-{arch}.cpio'
        write_if_changed(initrd, make_initramfs(files))
    return ForeignGuest(files, initrd)


def main():
    ap = argparse.ArgumentParser(description='Fetch the kernels of other architectures and make their initramfs.')
    ap.add_argument('--build', help='build directory (default: build)')
    ap.add_argument('--stamp', type=Path, help='file to touch when all is done')
    args = ap.parse_args()
    for arch in KERNELS:
        try:
            guest = ensure(arch, args.build)
            say(f'{arch}: Linux {guest.release}, drivers {" ".join(sorted(guest.drivers & set(MODULES)))}')
        except Unavailable as why:
            say(f'{arch}: not available, its tests will be skipped: {why}')
    if args.stamp:
        args.stamp.touch()


if __name__ == '__main__':
    sys.exit(main())
