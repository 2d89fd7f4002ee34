/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Capture files in pcapng (draft-ietf-opsawg-pcapng).
 *
 * A section, an interface for each port as it is met, and a block for each frame, with its
 * direction, and a comment if it was dropped. Times are in nanoseconds.
 */
#ifndef VSWITCHCTL_PCAPNG_H
#define VSWITCHCTL_PCAPNG_H

#include <glib.h>
#include <stdio.h>

struct pcapng;

/**
 * struct pcapng_frame - A frame to be written
 * @port:    Its interface
 * @when:    ns since 1970
 * @inbound: It came from the port; else it goes there
 * @comment: Of it, or NULL
 * @bytes: @n: what was captured
 * @len:     Its length
 */
struct pcapng_frame {
	const char *port, *comment;
	gint64 when;
	gboolean inbound;
	const guint8 *bytes;
	guint32 n, len;
};

/**
 * pcapng_new() - Begin a file
 * @out: Where; stays the caller's
 *
 * Return: the file. What cannot be written is told by @out, as of all that follows.
 */
struct pcapng *pcapng_new(FILE *out);

/**
 * pcapng_free() - Be done with it
 * @p: The file
 */
void pcapng_free(struct pcapng *p);

/**
 * pcapng_put() - Write a frame
 * @p: The file
 * @f: The frame
 */
void pcapng_put(struct pcapng *p, const struct pcapng_frame *f);

#endif
