/* SPDX-License-Identifier: BSD-2-Clause */
/* Mirror sessions. */
#ifndef VSWITCH_MIRROR_H
#define VSWITCH_MIRROR_H

#include "core/vsw.h"

/* Frames that a session notes before they are sent: those of a burst on its way in, or of one visit
 * to a receiver, each noted by the port's own session and by a rule, fit twice */
#define MIRROR_NOTES (4 * PKT_BURST)
#define MIRROR_FULL  (MIRROR_NOTES / 2)

/*
 * struct mirror_note - a frame of the current burst that is to be copied
 * @out: It was on its way out of the switch
 */
struct mirror_note {
	const struct pkt *pkt;
	uint16_t vid;
	uint8_t pcp, tag;
	bool out;
};

/* struct mirror_session - a session in force */
struct mirror_session {
	struct vsw_mirror conf;
	struct vsw_port *to;
	unsigned n;
	uint32_t count;	   /* frames seen, for sampling */
	uint32_t sequence; /* ERSPAN: GRE sequence number */
	uint64_t copied, missed;
	struct mirror_note note[MIRROR_NOTES];
};

struct vsw_mirrors {
	unsigned n;
	struct pkt view;
	/* what a copy is made in: buffers of its own, since emitting it uses the switch's */
	struct pkt_buf buf, finished, part, tunnelled, tagged;
	struct pkt_fit fit;
	struct mirror_session session[];
};

uint16_t vsw_mirror_bit(const struct vsw *sw, const char *name);

#endif
