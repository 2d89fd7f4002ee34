/* SPDX-License-Identifier: BSD-2-Clause */
/* Kicks and interrupts of a packed ring (virtio 1.2, 2.8.10). */
#include "vring-packed.h"

bool vsw_packed_kicks(struct vring *vq, bool on)
{
	uint32_t word = VRING_EVENT_DISABLE;

	if (on && !vq->to_driver) {
		vq->look = vq->next;
		vq->look_wrap = vq->next_wrap;
	}
	if (on)
		word = vq->event_idx ? VRING_EVENT_DESC | vq->look | (uint32_t)vq->look_wrap << 15 :
				       VRING_EVENT_ENABLE;
	__atomic_store_n(&vq->device_event->word, htole32(word), __ATOMIC_RELAXED);
	vring_log_used(vq, vq->used_gpa, 4);
	return on;
}

bool vsw_packed_wants_call(const struct vring *vq)
{
	return packed_wants(le32toh(relaxed(&vq->driver_event->word)), vq->event_idx, vq->num,
			    vq->back, vq->back_wrap, vq->unsignalled);
}
