/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How much a run does: what the budget of hwnet_run() is spent on.
 *
 * DOC: Theory of Operation
 *
 * No guest may have a run that costs its host much more than other runs of the same budget, so what
 * is counted is work, not what a guest calls a frame:
 *
 *  - a frame counts as the frames that it is on the wire: a message as its segments, of which there
 *    are GSO_SEGS_MAX at most, since each receiver that takes none has it cut;
 *  - sixteen descriptors count as a frame, whether a frame is made of them or not;
 *  - a frame that is dropped counts by what was gathered for it.
 *
 * A run ends with the frame, or the block of descriptors, that uses the budget up.
 */
#ifndef HW_NET_WORK_H
#define HW_NET_WORK_H

#include "hwnet/gso.h"

/* Work of a frame to be sent */
static inline unsigned hwnet_work_frame(const struct pkt *pkt)
{
	return gso_segments(pkt);
}

/* Work of a frame of @len bytes that was given up */
static inline unsigned hwnet_work_drop(uint32_t len)
{
	return 1 + len / 2048;
}

/* Work of descriptors */
static inline unsigned hwnet_work_descs(uint32_t n)
{
	return n / 16;
}

/* What is left of a budget */
static inline unsigned hwnet_work_left(unsigned budget, unsigned work)
{
	return work < budget ? budget - work : 0;
}

#endif
