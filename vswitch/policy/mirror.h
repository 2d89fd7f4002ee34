/* SPDX-License-Identifier: BSD-2-Clause */
/* Mirror sessions. */
#ifndef VSWITCH_MIRROR_H
#define VSWITCH_MIRROR_H

#include "core/vsw.h"

#define MIRROR_NOTES 256u

/* struct mirror_note - a frame of the current burst that is to be copied */
struct mirror_note {
	const struct pkt *pkt;
	uint16_t vid;
	uint8_t pcp, tag;
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
	struct pkt_buf buf, tagged, out;
	struct pkt_fit fit;
	struct mirror_session session[];
};

uint16_t vsw_mirror_bit(const struct vsw *sw, const char *name);

#endif
