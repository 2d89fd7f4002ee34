/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is asked of each frame that comes in.
 *
 * Most frames are ordinary: untagged, no MAC control, of usual length, from and to stations, with
 * no offload left to be done. Few instructions tell those, and they are not looked at any closer.
 * What else is taken for odd by that costs time only.
 */
#ifndef VSWITCH_ADMIT_H
#define VSWITCH_ADMIT_H

#include "core/vsw.h"

/* ADMIT_FLAGS - Flags of a frame that is not ordinary */
#define ADMIT_FLAGS (PKT_VLAN | PKT_CSUM_PARTIAL | PKT_OUTER_CSUM)

/* ADMIT_SAME - Bits in which the types are alike that mean something here; those of IP, ARP, LLDP,
 * EAPOL, PPPoE and MPLS differ from them there */
#define ADMIT_SAME \
	((uint16_t) ~((FRAME_TYPE_VLAN ^ FRAME_TYPE_QINQ) | (FRAME_TYPE_VLAN ^ FRAME_TYPE_CONTROL)))

/* admit_may_mean() - May a type be a tag's, or MAC control? */
static inline bool admit_may_mean(uint16_t type)
{
	return (type & ADMIT_SAME) == (FRAME_TYPE_VLAN & ADMIT_SAME);
}

/* admit_limit() - Up to this length frames from a port may be ordinary. None are where untagged
 * ones are refused. */
static inline uint32_t admit_limit(const struct vsw_port *in)
{
	return in->untagged ? in->sw->max_len : 0;
}

/* admit_odd() - Is a frame to be looked at? @first: its first 8 bytes, @limit: admit_limit() */
static inline bool admit_odd(const struct pkt *p, uint64_t first, uint16_t type, uint32_t limit)
{
	uint64_t groups = UINT64_C(1) << 56 | UINT64_C(1) << 8; /* of destination and source */

	return p->flags & ADMIT_FLAGS || p->gso_type || first & groups || admit_may_mean(type) ||
	       p->len > limit;
}

uint16_t vsw_admit_odd(struct vsw *sw, struct vsw_burst *b, unsigned i, uint64_t dst,
		       uint64_t tail);

#endif
