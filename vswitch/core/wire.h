/* SPDX-License-Identifier: BSD-2-Clause */
/* What a frame is on the wire. */
#ifndef VSWITCH_WIRE_H
#define VSWITCH_WIRE_H

#include "hwnet/copy.h"
#include "hwnet/gso.h"
#include "hwnet/pkt.h"
#include "core/likely.h"

/* gso_sound() - Do the words of a message make sense? What divides by them, and cuts by them,
 * relies on it. */
static inline bool gso_sound(const struct pkt *p)
{
	return p->gso_size && p->hdr_len < p->len && p->hdr_len <= p->iov[0].iov_len &&
	       p->hdr_len >= FRAME_ETH_LEN && !gso_too_many(p->len - p->hdr_len, p->gso_size);
}

/* wire_frames(), wire_bytes() - What a frame is on the wire: a message counts as its segments */
static inline uint32_t wire_frames(const struct pkt *p)
{
	return likely(!p->gso_type) || !gso_sound(p) ? 1 : gso_segments(p);
}

static inline uint32_t wire_bytes(const struct pkt *p)
{
	uint32_t n = wire_frames(p);

	return p->len + (n - 1) * p->hdr_len + (p->flags & PKT_VLAN ? n * FRAME_TAG_LEN : 0);
}

#endif
