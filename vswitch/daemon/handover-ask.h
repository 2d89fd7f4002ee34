/* SPDX-License-Identifier: BSD-2-Clause */
/* Asking the daemon that runs, by its control socket, to hand over (handover.h). */
#ifndef VSWITCHD_HANDOVER_ASK_H
#define VSWITCHD_HANDOVER_ASK_H

#include <stddef.h>

struct daemon;
struct takeover;

/**
 * vd_handover_ask() - Connect to a control socket, and get the channel
 * @daemon: The new daemon, with a place
 * @path:   Path of the socket, or NULL: where it usually is
 * @t:      Process and channel are set
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: 0, or -1.
 */
int vd_handover_ask(const struct daemon *daemon, const char *path, struct takeover *t, char *err,
		    size_t errlen);

#endif
