/* SPDX-License-Identifier: BSD-2-Clause */
/* Life of a ring, and its notifications; see vring.h. */
#include "vring.h"

#include <string.h>

#include "peer/call.h"
#include "vring-packed.h"
#include "vring-split.h"

void vsw_vring_start(struct vring *vq, uint32_t base)
{
	vq->why = NULL;
	memset(&vq->hint, 0, sizeof(vq->hint));
	vq->unsignalled = vq->fetched = 0;
	vq->signal_always = true;
	if (vq->packed) {
		/* A ring is stopped with all that was taken given back. The other half of the word
		 * says where; DPDK leaves it 0. */
		vq->next = vq->back = base & 0x7fff;
		vq->next_wrap = vq->back_wrap = base >> 15 & 1;
		if (vq->next >= vq->num)
			vring_break(vq, "the ring begins beyond its end");
	} else {
		vq->next = (uint16_t)base;
		/* what the driver has been told counts, whoever told it */
		vq->back = le16toh(acquire(&vq->used->idx));
	}
	vq->seen = vq->look = vq->next;
	vq->look_wrap = vq->next_wrap;
}

uint32_t vsw_vring_base(const struct vring *vq)
{
	if (!vq->packed)
		return vq->next;
	return vq->next | (uint32_t)vq->next_wrap << 15 | (uint32_t)vq->back << 16 |
	       (uint32_t)vq->back_wrap << 31;
}

bool vsw_vring_more(const struct vring *vq)
{
	uint16_t at = vq->to_driver ? vq->look : vq->next;
	bool wrap = vq->to_driver ? vq->look_wrap : vq->next_wrap;

	if (vq->why)
		return false;
	if (vq->packed)
		return packed_offered(le64toh(acquire(&vq->desc[at].rest)), wrap);
	return le16toh(acquire(&vq->avail->idx)) != (vq->to_driver ? vq->seen : vq->next);
}

bool vsw_vring_kicks(struct vring *vq, bool on)
{
	if (vq->why)
		return false;
	if (!(vq->packed ? vsw_packed_kicks(vq, on) : vsw_split_kicks(vq, on)))
		return false;
	vring_fence();
	return vsw_vring_more(vq);
}

static void call(struct vring *vq)
{
	vq->count.calls++;
	if (vq->call_fd >= 0)
		peer_call(vq->call_fd);
}

void vsw_vring_signal(struct vring *vq)
{
	if (!vq->unsignalled || vq->why)
		return;
	vring_fence();
	if (vq->signal_always ||
	    (vq->packed ? vsw_packed_wants_call(vq) : vsw_split_wants_call(vq)))
		call(vq);
	vq->signal_always = false;
	vq->unsignalled = 0;
}
