/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Connecting to a peer, without waiting for it.
 */
#ifndef VSWITCHD_DIAL_H
#define VSWITCHD_DIAL_H

#include <glib.h>

#include "vswitch/endpoint.h"

/* struct dial - a connection on its way */
struct dial;

/**
 * vd_dial() - Connect
 * @dial:    Set to what vd_dial_stop() wants, until @done is called; was NULL
 * @remote:  The peer
 * @context: Where @done is called, now or later
 * @done:    The socket, which is the callee's; or -1 and why not
 * @opaque:  Its first argument
 */
void vd_dial(struct dial **dial, const struct vsw_endpoint *remote, GMainContext *context,
	     void (*done)(void *opaque, int fd, const char *why), void *opaque);

/**
 * vd_dial_stop() - Connect no more
 * @dial: As it was given to vd_dial(); NULL again
 */
void vd_dial_stop(struct dial **dial);

#endif
