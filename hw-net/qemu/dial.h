/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Plugging into a vswitchd: a command on its control socket, whose answer comes with the socket of
 * the connection (docs/vswitchd.md).
 *
 * DOC: Theory of Operation
 *
 * Nothing here waits: the socket is connected or it is not (a Unix socket whose queue is full says
 * so at once), and all else is read when the main loop says that it has come. What the other side
 * says is believed as far as it must be: lines of DIAL_LINE bytes at most, DIAL_BYTES in all, one
 * descriptor, DIAL_MS for everything.
 */
#ifndef VC_DIAL_H
#define VC_DIAL_H

#include "compat.h"

/** DIAL_MS - How long a daemon may take to answer, ms. */
#define DIAL_MS 5000

/** DIAL_WHY - Room for why it was in vain, and for the name of a switch */
#define DIAL_WHY 200

/**
 * struct vc_dial_result - What came of it
 * @fd:   The connection's socket, the callee's; or -1
 * @name: The switch
 * @why:  Why there is none, one line of printable characters
 */
struct vc_dial_result {
	int fd;
	char name[DIAL_WHY], why[DIAL_WHY];
};

struct vc_dial;

/**
 * vc_dial_start() - Begin
 * @path:   The control socket
 * @args:   Arguments of the command
 * @done:   Told of what came of it, from the main loop; the dial is over then
 * @opaque: Its first argument
 *
 * Return: the dial, until @done is called.
 */
struct vc_dial *vc_dial_start(const char *path, const QDict *args,
			      void (*done)(void *opaque, const struct vc_dial_result *result),
			      void *opaque);

/**
 * vc_dial_stop() - Never mind; nobody is told
 * @d: The dial or NULL
 */
void vc_dial_stop(struct vc_dial *d);

#endif
