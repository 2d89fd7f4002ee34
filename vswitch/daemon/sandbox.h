/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the process may ask of the kernel once it runs.
 *
 * DOC: Theory of Operation
 *
 * Two filters of system calls (seccomp). The frame thread, which reads the memory of virtual
 * machines and the frames of everybody, keeps SANDBOX_FRAMES calls at most: what moves frames, and
 * what the allocator and threads take. Anything else ends the process. It can open nothing, connect
 * to nothing, and start nothing.
 *
 * All threads are under the other filter. What control may be asked for later takes more calls than
 * that: a new listener binds, allows and removes a socket's file; a tap, a packet socket, a peer
 * that is dialled, NAT (libslirp) open sockets and devices; saving creates, syncs and renames a
 * file; names of owners are looked up in files or by a service. A call that is none of these fails
 * as if the kernel did not know it, since a newer libc may try it before another one; those that
 * only an intruder would make end the process.
 *
 * The lists are made from comments in the sources (syscalls.py).
 */
#ifndef VSWITCHD_SANDBOX_H
#define VSWITCHD_SANDBOX_H

#include <stddef.h>

struct vsw_worker;

/** SANDBOX_FRAMES - Most system calls of the frame thread. */
#define SANDBOX_FRAMES 25u

/**
 * vd_sandbox() - From now on the process may do only that
 * @worker: The frame thread, started; it gets a filter of its own
 * @err:    If that cannot be, one line
 * @errlen: Room in @err
 *
 * Return: 0, or -1: the process is as free as before, or all but the frame thread is not.
 */
int vd_sandbox(struct vsw_worker *worker, char *err, size_t errlen);

#endif
