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
	bool any; /* some session has notes */
	struct pkt view;
	struct pkt_buf buf, tagged, out;
	struct pkt_fit fit;
	struct mirror_session session[];
};

struct vsw_mirrors *vsw_mirrors_new(const struct vsw_switch_policy *sp);
void vsw_mirrors_compile(struct vsw *sw);
uint16_t vsw_mirror_bit(const struct vsw *sw, const char *name);
void vsw_mirror_note(struct vsw *sw, uint16_t sessions, const struct vsw_burst *b, unsigned i,
		     const struct pkt *pkt);
void vsw_mirrors_send(struct vsw *sw);
const char *vsw_mirrors_check(const struct vsw_switch_policy *sp);

/* erspan.c */
const struct pkt *vsw_erspan(struct mirror_session *s, const struct pkt *inner,
			     const struct mirror_note *n, uint32_t whole, int64_t now,
			     struct pkt_buf *out);

#endif
