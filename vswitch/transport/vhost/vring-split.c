/* SPDX-License-Identifier: BSD-2-Clause */
/* Kicks and interrupts of a split ring (virtio 1.2, 2.7.7 and 2.7.10). */
#include "vring-split.h"

/* Where the next kick is wanted: when the driver goes beyond what we know of */
static uint16_t known(const struct vring *vq)
{
	return vq->to_driver ? vq->seen : vq->next;
}

bool vsw_split_kicks(struct vring *vq, bool on)
{
	if (!vq->event_idx) {
		__atomic_store_n(&vq->used->flags, on ? 0 : htole16(VRING_NO_NOTIFY),
				 __ATOMIC_RELAXED);
		vring_log_used(vq, vq->used_gpa, 2);
	} else if (on) { /* an event that lies behind is off */
		__atomic_store_n(split_avail_event(vq), htole16(known(vq)), __ATOMIC_RELAXED);
		vring_log_used(vq, vq->used_gpa + 4 + 8 * (uint64_t)vq->num, 2);
	}
	return on;
}

bool vsw_split_wants_call(const struct vring *vq)
{
	uint16_t event;

	if (!vq->event_idx)
		return !(le16toh(relaxed(&vq->avail->flags)) & VRING_NO_NOTIFY);
	/* has @back passed the event since we considered the driver last? */
	event = le16toh(relaxed(split_used_event(vq)));
	return (uint16_t)(vq->back - event - 1) < vq->unsignalled;
}
