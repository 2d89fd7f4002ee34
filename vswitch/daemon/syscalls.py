#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""The system calls that vswitchd may make, from comments in its sources.

Usage: syscalls.py sandbox-calls.h.in FILE... >HEADER
       syscalls.py --check FILE...

A file that calls the system says so, for each thread that does, by the functions as they stand in
it: "#syscalls frames recv send", in a comment. "control" stands for all threads but that of frames,
"all" for both. --check compares, both ways, what a file says with what it calls (TAP).
"""

import re
import sys

# What a function of libc comes down to, on the machines that there are.
CALLS = {
    "accept4": "accept4", "access": "access faccessat faccessat2", "bind": "bind",
    "chmod": "chmod fchmodat", "chown": "chown fchownat", "connect": "connect",
    "epoll_create1": "epoll_create1", "epoll_ctl": "epoll_ctl", "epoll_pwait": "epoll_pwait",
    "epoll_pwait2": "epoll_pwait2", "eventfd": "eventfd2", "fchmod": "fchmod",
    "fcntl": "fcntl", "flock": "flock", "fstat": "fstat newfstatat statx", "fstatfs": "fstatfs",
    "fsync": "fsync", "ftruncate": "ftruncate", "getsockopt": "getsockopt",
    "getsockname": "getsockname", "ioctl": "ioctl",
    "if_nametoindex": "socket ioctl", "listen": "listen", "lstat": "lstat newfstatat statx",
    "memfd_create": "memfd_create", "mkdir": "mkdir mkdirat",
    "open": "openat", "poll": "poll ppoll",
    "pthread_create": "clone3 clone set_robust_list rseq rt_sigprocmask",
    "pthread_setname_np": "prctl", "pthread_sigmask": "rt_sigprocmask", "readv": "readv",
    "recv": "recvfrom", "recvfrom": "recvfrom", "recvmmsg": "recvmmsg", "recvmsg": "recvmsg",
    "rename": "rename renameat renameat2", "send": "sendto", "sendmmsg": "sendmmsg",
    "sendmsg": "sendmsg", "sendto": "sendto", "setsockopt": "setsockopt",
    "shutdown": "shutdown", "sigaction": "rt_sigaction", "signal": "rt_sigaction",
    "signalfd": "signalfd4", "socket": "socket", "socketpair": "socketpair",
    "stat": "stat newfstatat statx", "umask": "umask", "unlink": "unlink unlinkat",
    "writev": "writev", "SYS_io_setup": "io_setup", "SYS_io_submit": "io_submit",
    "SYS_io_getevents": "io_getevents",
    # so that who calls one of these is told
    "dup": "dup", "dup2": "dup2 dup3", "fallocate": "fallocate", "kill": "kill",
    "link": "link linkat", "lseek": "lseek", "opendir": "openat newfstatat fstat getdents64",
    "pipe2": "pipe2", "pread": "pread64", "pwrite": "pwrite64", "readlink": "readlink readlinkat",
    "rmdir": "rmdir unlinkat", "sendfile": "sendfile", "symlink": "symlink symlinkat",
    "timerfd_create": "timerfd_create", "timerfd_settime": "timerfd_settime",
    # a file or a service that knows users
    "getpwnam": "openat newfstatat fstat lseek pread64 mmap socket connect sendto recvfrom "
                "recvmsg poll getsockopt uname",
}
CALLS["getgrnam"] = CALLS["getpwnam"]
# What sandbox.c says for libraries
LIBRARIES = {
    "memory": "mmap munmap mprotect brk madvise",
    "threads": "futex rt_sigprocmask rt_sigreturn exit",
    "descriptors": "read write",
    "time": "clock_gettime",
    "random": "getrandom",
    "closing": "close",
    "ending": "exit_group restart_syscall rt_sigaction getpid gettid tgkill",
    "itself": "mremap geteuid getuid getegid getgid prlimit64 prctl seccomp sched_yield sysinfo",
    "glib": "poll ppoll eventfd2 futex nanosleep clock_nanosleep",
    "libslirp": "socket bind connect listen accept accept4 getsockname getpeername getsockopt "
                "setsockopt sendto recvfrom sendmsg recvmsg shutdown ioctl fcntl openat newfstatat "
                "fstat lseek poll",
    "messages": "openat newfstatat fstat",  # translations of strerror()
}
WORD = re.compile(r"#syscalls (\w+) ([\w ]+?) *(?:\*/|:|\n)")


def said(text):
    """Functions by thread, as a file's comments say."""
    found = {"frames": set(), "control": set()}
    for thread, names in WORD.findall(text):
        for each in found if thread == "all" else [thread]:
            found[each] |= set(names.split())
    return found


def made(text):
    """Functions of CALLS that a file calls."""
    code = re.sub(r"/\*.*?\*/|\"(\\.|[^\"\\\n])*\"", " ", text, flags=re.S)
    own = set(re.findall(r"^(?:static |const |unsigned |\w+ |\*)+\*?(\w+)\(", code, flags=re.M))
    calls = set(re.findall(r"(?<![\w.>])(\w+)\(", code)) - own
    return (calls | set(re.findall(r"\bSYS_\w+", code))) & set(CALLS)


def check(paths):
    print(f"1..{len(paths)}")
    bad = False
    for number, path in enumerate(paths, 1):
        text = open(path, encoding="utf-8").read()
        names = set.union(*said(text).values()) - (set(LIBRARIES) if "sandbox" in path else set())
        calls = made(text)
        for what, which in (("says not that it calls", calls - names),
                            ("does not call, though it says so:", names - calls)):
            if which:
                print(f"# {path} {what} {' '.join(sorted(which))}")
        bad |= calls != names
        print("ok" if calls == names else "not ok", number, path.rsplit("vswitch/", 1)[-1])
    return bad


def header(template, paths):
    calls = {"frames": set(), "control": set()}
    for path in paths:
        for thread, names in said(open(path, encoding="utf-8").read()).items():
            for name in names:
                calls[thread] |= set((CALLS.get(name) or LIBRARIES[name]).split())
    calls["control"] |= calls["frames"]  # of all threads: the other filter comes on top of it
    text = ""
    for thread, names in calls.items():
        text += f"static const char *const {thread}_calls[] = {{\n"
        text += "".join(f'\t"{name}",\n' for name in sorted(names)) + "};\n"
    print(open(template, encoding="utf-8").read().replace("@calls@\n", text), end="")


if sys.argv[1] == "--check":
    sys.exit(check(sys.argv[2:]))
header(sys.argv[1], sys.argv[2:])
