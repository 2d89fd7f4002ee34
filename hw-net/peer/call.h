/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Eventfds of a peer: telling it something, and never waiting for it.
 *
 * DOC: Theory of Operation
 *
 * An eventfd that a peer has sent is the peer's as well. It can fill the counter to its end and
 * take O_NONBLOCK off, at any time: a write() then waits for as long as the peer likes, and no look
 * at the flag before it helps, since the peer has another processor to change it on. The kernel
 * knows a way of adding to an eventfd that cannot wait, by which it tells of completions itself:
 * asynchronous input and output (io_submit(2), IOCB_FLAG_RESFD). So a peer is told by a read of
 * nothing from /dev/null, which is complete at once. What is bounded: one system call that waits
 * for nobody, for each time that a peer is told; a full counter stays full. It also refuses a
 * descriptor that is no eventfd.
 *
 * Where the kernel has no asynchronous input and output (a container may forbid it), write() is
 * called, if O_NONBLOCK is on: a peer that takes it off between the two can then make us wait.
 *
 * Any thread may tell.
 */
#ifndef HW_NET_PEER_CALL_H
#define HW_NET_PEER_CALL_H

#include <stdbool.h>

/**
 * peer_call_init() - Get ready, once in a process; before the first call
 */
void peer_call_init(void);

/**
 * peer_call() - Add one to an eventfd, unless it is full
 * @fd: The eventfd of a peer
 */
void peer_call(int fd);

/**
 * peer_is_eventfd() - Is a descriptor of a peer an eventfd?
 * @fd: The descriptor; nothing is done to it
 *
 * Return: whether it is. Without asynchronous input and output other anonymous files of the kernel
 * pass for one.
 */
bool peer_is_eventfd(int fd);

#endif
