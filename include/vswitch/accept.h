/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Letting clients in at a socket that listens; control thread.
 *
 * When the process has no descriptor left for a client, the socket stays readable, and whoever
 * waits for it would do nothing else. So it is left alone for a second; clients wait in its queue.
 */
#ifndef VSWITCH_ACCEPT_H
#define VSWITCH_ACCEPT_H

struct vsw_acceptor;

/**
 * struct vsw_acceptor_ops - What whoever lets clients in is told
 * @client: One has come: its socket, non-blocking, closed on exec, is the callee's. It may free the
 *      acceptor
 * @paused: None can be let in for a second, for this reason (errno). May be NULL
 */
struct vsw_acceptor_ops {
	void (*client)(void *opaque, int fd);
	void (*paused)(void *opaque, int error);
};

/**
 * vsw_acceptor_new() - Let clients in
 * @fd:      A socket that listens, non-blocking; it stays the caller's, and outlives this
 * @context: GMainContext, or NULL for the default one
 * @ops:     Operations; outlive it
 * @opaque:  First argument of each
 *
 * Return: the acceptor.
 */
struct vsw_acceptor *vsw_acceptor_new(int fd, void *context, const struct vsw_acceptor_ops *ops,
				      void *opaque);

/**
 * vsw_acceptor_free() - Let nobody in any more
 * @a: The acceptor or NULL
 */
void vsw_acceptor_free(struct vsw_acceptor *a);

#endif
