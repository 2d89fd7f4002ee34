/* SPDX-License-Identifier: BSD-2-Clause */
/* The ring that the front end sends by; see front-ring.h. */
#include "front-ring-priv.h"
#include "hwnet/copy.h"

/* The whole batch up to the id that stands in the first one's place is back (virtio 1.2, 2.8.7) */
bool vsw_front_tx_reap(struct front_ring *r)
{
	while (r->out) {
		uint64_t rest = le64toh(acquire(&r->desc[r->last].rest));
		uint16_t id = (uint16_t)(rest >> 32), n;

		if (!front_back(htole64(rest), r->last_wrap))
			break;
		if (id >= r->num)
			return false;
		n = (uint16_t)((id >= r->last ? id : id + r->num) - r->last + 1);
		if (n > r->out)
			return false;
		r->tail = r->end[id];
		r->out = (uint16_t)(r->out - n);
		front_step(r, &r->last, &r->last_wrap, n);
	}
	return true;
}

/* Bytes for a frame, contiguous. Return: where they are, or NULL: there are none now */
static inline uint8_t *take_bytes(struct front_ring *r, uint32_t n)
{
	uint32_t at = r->head % FRONT_BYTES, skip = at + n > FRONT_BYTES ? FRONT_BYTES - at : 0;

	n = (n + 63) & ~63u; /* no line belongs to two frames */
	if (FRONT_BYTES - (r->head - r->tail) < skip + n)
		return NULL;
	at = (r->head + skip) % FRONT_BYTES;
	r->head += skip + n;
	return r->buf + at;
}

/* Room for a frame: a descriptor, and bytes. Return: NULL: none, even after taking back */
static inline uint8_t *room(struct front_ring *r, uint32_t len, const char **why)
{
	uint8_t *p = likely(r->out < r->num) ? take_bytes(r, len) : NULL;

	if (likely(p))
		return p;
	if (!vsw_front_tx_reap(r)) {
		*why = "the switch gives back what it was not offered";
		return NULL;
	}
	return r->out < r->num ? take_bytes(r, len) : NULL;
}

static inline void copy(uint8_t *p, const struct pkt *pkt)
{
	const struct vnet_hdr h = vsw_vnet_from(pkt, false);

	memcpy(p, &h, sizeof(h));
	pkt_copy(pkt, 0, p + sizeof(h), pkt->len);
}

int vsw_front_tx_put(struct front_ring *r, const struct pkt *const *pkts, unsigned n,
		     const char **why)
{
	uint16_t first = r->next;
	bool wrap = r->next_wrap;
	unsigned i;

	for (i = 0; i < n; i++) {
		uint32_t len = (uint32_t)VNET_HDR_LEN + pkts[i]->len;
		uint8_t *p = room(r, len, why);
		uint16_t at = r->next;

		if (unlikely(!p))
			break;
		copy(p, pkts[i]);
		r->addr[at] = r->gpa + (uint64_t)(p - r->buf);
		r->rest[at] = len | (uint64_t)at << 32;
		r->end[at] = r->head;
		front_store(&r->desc[at].addr, r->addr[at]);
		if (i) /* the first one is shown last, and with it all */
			front_store(&r->desc[at].rest, front_word(r, at, r->next_wrap));
		r->out++;
		front_step(r, &r->next, &r->next_wrap, 1);
	}
	if (i)
		front_offer(r, first, wrap);
	r->unkicked = (uint16_t)(r->unkicked + i);
	r->full = i < n;
	return *why ? -1 : (int)i;
}
