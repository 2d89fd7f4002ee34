#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The guests of the boot suites: Debian's kernels, unpacked but never installed, and one initramfs each.

A kernel comes from the package archive the machine is configured for ("apt-get download"), is
unpacked under BUILD/guest/ and kept there. Its initramfs holds the static vct of guest/ as init,
busybox, the few network tools a test needs with their libraries, and only the modules in MODULES
with what they depend on. It is made again when something that goes into it has changed.

Run by itself it makes all of it, with a line of progress for each step.
"""

import argparse
import fcntl
import hashlib
import lzma
import os
import re
import shutil
import stat
import struct
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parent.parent

# Name used by suites -> the Debian package that depends on the current image of that series.
KERNELS = {
    'stable': 'linux-image-amd64',
    '6.12': 'linux-image-6.12-amd64',
}
MODULES = ('e1000', 'pcnet32', 'vmxnet3', 'virtio_pci', 'virtio_net', 'veth', '8021q', 'vxlan', 'geneve', 'pktgen',
           'uio_pci_generic')
# dash, because the shell of Debian's busybox takes its own ip(8) whatever PATH says.
TOOLS = ('dash', 'ip', 'ethtool', 'bridge', 'tc')
# What must be on the build machine, and the package that brings it.
PACKAGES = {'busybox': 'busybox-static', 'ip': 'iproute2', 'ethtool': 'ethtool', 'cc': 'gcc',
            'qemu-img': 'qemu-utils', 'dpkg-deb': 'dpkg', 'apt-get': 'apt'}


class Unavailable(Exception):
    """A guest that this machine can't make, and why."""


def say(text):
    print(f'guest: {text}', flush=True)


def run(*argv, **kwargs):
    done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False, **kwargs)
    if done.returncode:
        raise Unavailable(f'{" ".join(map(str, argv))}: {done.stderr.strip() or done.stdout.strip()}')
    return done.stdout


def find_tool(name):
    path = shutil.which(name, path=os.environ.get('PATH', '') + ':/usr/sbin:/sbin')
    if not path:
        raise Unavailable(f'{name} is missing: apt-get install {PACKAGES.get(name, name)}')
    return Path(path)


# ---- the kernel ----

def image_package(series):
    """The versioned package behind a series, e.g. linux-image-6.1.0-50-amd64."""
    meta = KERNELS[series]
    shown = subprocess.run(['apt-cache', 'show', '--no-all-versions', meta], stdout=subprocess.PIPE,
                           stderr=subprocess.DEVNULL, text=True, check=False).stdout
    depends = re.search(r'^Depends:.*?\b(linux-image-[0-9][^ ,]*)', shown, re.M)
    if not depends:
        if series != 'stable' and image_package('stable').startswith(f'linux-image-{series}.'):
            raise Unavailable(f'{KERNELS["stable"]} is Linux {series} here already: there is no second kernel')
        raise Unavailable(f'the package sources of this machine offer no {meta} (apt-get update?)')
    return depends.group(1)


def module_files(root):
    """Name -> file for each module below root; a dash in a file name is an underscore in the module's."""
    names = {}
    for path in root.rglob('*.ko*'):
        names[path.name.split('.ko')[0].replace('-', '_')] = path
    return names


def module_bytes(path):
    data = path.read_bytes()
    return lzma.decompress(data) if path.suffix == '.xz' else data


def depends_of(data):
    """What a module's .modinfo names in "depends="."""
    found = re.search(rb'\0depends=([^\0]*)\0', data)
    return [n.replace('-', '_') for n in found.group(1).decode().split(',') if n] if found else []


def builtin_names(root):
    names = set()
    for line in (root / 'modules.builtin').read_text().split():
        names.add(Path(line).name[:-len('.ko')].replace('-', '_'))
    return names


def take_modules(tree, out, wanted=MODULES, partly=False):
    """Copy wanted modules and their dependencies, uncompressed and flat, and write modules.dep.

    partly: leave out those that this kernel does not have.
    """
    files, builtin, dep = module_files(tree), builtin_names(tree), {}
    todo = [name for name in wanted if not partly or name in files]
    while todo:
        name = todo.pop().replace('-', '_')
        if name in dep or name in builtin:
            continue
        if name not in files:
            raise Unavailable(f'{tree.name} has no module {name}')
        data = module_bytes(files[name])
        (out / f'{name}.ko').write_bytes(data)
        dep[name] = depends_of(data)
        todo += dep[name]
    (out / 'modules.dep').write_text(''.join(f'{n}.ko: {" ".join(closure(n, dep))}\n' for n in sorted(dep)))


def closure(name, dep):
    """Files of all that name needs, a module before those it needs itself."""
    order = []
    for need in (n for n in dep[name] if n in dep):
        for one in [f'{need}.ko', *closure(need, dep)]:
            if one in order:
                order.remove(one)
            order.append(one)
    return order


def unpacked_vmlinux(bzimage):
    """The ELF image inside a bzImage, or None if it isn't compressed with xz.

    QEMU starts an ELF image with a PVH note directly. Under TCG the guest's own xz decompressor
    would take longer than the rest of the boot; what runs is the same kernel.
    """
    data = bzimage.read_bytes()
    setup_sectors = data[0x1f1] or 4
    offset, length = struct.unpack_from('<II', data, 0x248)      # payload_offset, payload_length
    start = (setup_sectors + 1) * 512 + offset
    try:
        return lzma.LZMADecompressor().decompress(data[start:start + length])
    except lzma.LZMAError:
        return None


def unpack_kernel(deb, out):
    tree = out / 'tree'
    run('dpkg-deb', '-x', deb, tree)
    (modules,) = [d for base in ('lib/modules', 'usr/lib/modules') for d in (tree / base).glob('*')]
    (out / 'modules').mkdir()
    take_modules(modules, out / 'modules')
    shutil.copy(tree / 'boot' / f'vmlinuz-{modules.name}', out / 'bzimage')
    elf = unpacked_vmlinux(out / 'bzimage')
    if elf:
        (out / 'kernel').write_bytes(elf)
    else:
        (out / 'kernel').symlink_to('bzimage')
    (out / 'release').write_text(modules.name)
    shutil.rmtree(tree)


def get_kernel(series, base):
    """Make base/kernel-SERIES/ once for these MODULES: kernel, bzimage, release, modules/."""
    final, wanted = base / f'kernel-{series}', ' '.join(MODULES)
    if (final / 'bzimage').exists() and (final / 'wanted').read_text() == wanted:
        return final
    package = image_package(series)
    work = base / f'new-{series}'
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    say(f'fetching {package}')
    # The user is root or owns the directory: apt's own download user may not write here.
    run('apt-get', '-q', '-o', 'APT::Sandbox::User=root', 'download', package, cwd=work)
    (deb,) = work.glob('*.deb')
    say(f'unpacking {package} ({deb.stat().st_size >> 20} MB)')
    unpack_kernel(deb, work)
    deb.unlink()
    (work / 'wanted').write_text(wanted)
    shutil.rmtree(final, ignore_errors=True)
    work.rename(final)
    return final


# ---- the initramfs ----

def libraries(tool):
    """Absolute paths of the shared libraries a program loads, its loader included."""
    return [Path(p) for p in re.findall(r'(/[^ ]+) \(0x', run('ldd', tool))]


def static_busybox():
    path = find_tool('busybox')
    # ldd fails on a program without a dynamic section
    if subprocess.run(['ldd', path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0:
        raise Unavailable(f'{path} is not static: apt-get install busybox-static')
    return path


def build_vct(base):
    out, sources = base / 'vct', sorted((HERE / 'guest').glob('*.[ch]'))
    if not out.exists() or out.stat().st_mtime < max(s.stat().st_mtime for s in sources):
        find_tool('cc')
        say('compiling the guest\'s tools')
        run('cc', '-std=c11', '-Wall', '-Wextra', '-O2', '-static', '-o', out,
            *(s for s in sources if s.suffix == '.c'))
    return out


class Cpio:
    """An archive in the "newc" format the kernel unpacks (Documentation/driver-api/early-userspace)."""

    def __init__(self):
        self.parts, self.inode, self.dirs = [], 0, set()

    def entry(self, name, mode, data=b''):
        self.inode += 1
        path = name.encode() + b'\0'
        fields = (self.inode, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(path), 0)
        head = b'070701' + b''.join(b'%08x' % f for f in fields) + path
        self.parts += [head, b'\0' * (-len(head) % 4), data, b'\0' * (-len(data) % 4)]

    def parents(self, name):
        for parent in reversed(Path(name).parents[:-1]):
            if str(parent) not in self.dirs:
                self.dirs.add(str(parent))
                self.entry(str(parent), stat.S_IFDIR | 0o755)

    def file(self, name, source):
        self.parents(name)
        data = source if isinstance(source, bytes) else Path(source).read_bytes()
        self.entry(name, stat.S_IFREG | 0o755, data)

    def link(self, name, target):
        self.parents(name)
        self.entry(name, stat.S_IFLNK | 0o777, target.encode())

    def bytes(self):
        self.entry('TRAILER!!!', 0)
        return b''.join(self.parts)


def make_initramfs(kernel, vct):
    ar = Cpio()
    busybox = static_busybox()
    ar.file('init', vct)
    ar.file('bin/vct', vct)
    ar.file('bin/busybox', busybox)
    for applet in sorted(set(run(busybox, '--list').split()) - {'busybox', 'sh', *TOOLS}):
        ar.link(f'bin/{applet}', 'busybox')
    ar.link('bin/sh', 'dash')
    needed = set()
    for tool in map(find_tool, TOOLS):
        ar.file(f'bin/{tool.name}', tool)
        needed.update(libraries(tool))
    for lib in sorted(needed):
        ar.file(str(lib)[1:], lib)
    release = (kernel / 'release').read_text()
    for path in sorted((kernel / 'modules').iterdir()):
        ar.file(f'lib/modules/{release}/{path.name}', path)
    ar.file('bin/udhcpc.sh', HERE / 'guest' / 'udhcpc.sh')
    return ar.bytes()


def write_if_changed(path, data):
    """Keep the file (and its time stamp) when it already says this."""
    if path.exists() and hashlib.sha256(path.read_bytes()).digest() == hashlib.sha256(data).digest():
        return
    new = path.with_suffix('.new')
    new.write_bytes(data)
    new.rename(path)


class Guest:
    """A kernel with its initramfs: what QEMU's -kernel and -initrd take.

    bzimage is the kernel as Debian has it. It boots more slowly, but a guest that sleeps needs it: QEMU's
    reset, part of the wake-up, writes an ELF image over the sleeping kernel's memory again.
    """

    def __init__(self, directory, initrd):
        self.kernel, self.bzimage, self.initrd = directory / 'kernel', directory / 'bzimage', initrd
        self.release = (directory / 'release').read_text()


def ensure(series='stable', build=None):
    """Make what is missing. Returns a Guest; raises Unavailable with the reason."""
    base = Path(build or os.environ.get('VCHASSIS_BUILD') or TOP / 'build') / 'guest'
    base.mkdir(parents=True, exist_ok=True)
    with open(base / 'lock', 'w', encoding='ascii') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kernel = get_kernel(series, base)
        initrd = base / f'initramfs-{series}.cpio'
        write_if_changed(initrd, make_initramfs(kernel, build_vct(base)))
    return Guest(kernel, initrd)


def main():
    ap = argparse.ArgumentParser(description='Fetch the guest kernels and make their initramfs.')
    ap.add_argument('--build', help='build directory (default: build)')
    ap.add_argument('--stamp', type=Path, help='file to touch when all is there')
    args = ap.parse_args()
    for series in KERNELS:
        try:
            guest = ensure(series, args.build)
            say(f'{series}: Linux {guest.release}, initramfs {guest.initrd.stat().st_size >> 20} MB')
        except Unavailable as why:
            if series == 'stable':
                sys.exit(f'guest: {why}')
            say(f'{series}: not available, its tests will be skipped: {why}')
    if args.stamp:
        args.stamp.touch()


if __name__ == '__main__':
    main()
