/* SPDX-License-Identifier: BSD-2-Clause */
/* The ring that the front end receives by; see front-ring.h. */
#include "front-ring-priv.h"

#define AHEAD 4u /* buffers that are fetched before they are looked at */

static uint8_t *buffer(const struct front_ring *r, uint16_t i)
{
	return r->buf + (size_t)i * FRONT_STRIDE;
}

static void offer_next(struct front_ring *r)
{
	front_offer(r, r->next, r->next_wrap);
	front_step(r, &r->next, &r->next_wrap, 1);
	r->out++;
	r->unkicked++;
}

void vsw_front_rx_fill(struct front_ring *r)
{
	for (uint16_t i = 0; i < r->num; i++) {
		r->desc[i].addr = htole64(r->gpa + (uint64_t)i * FRONT_STRIDE);
		r->rest[i] = FRONT_BUF | (uint64_t)i << 32 | PACKED_FLAGS(VRING_F_WRITE);
	}
	while (r->out < r->num)
		offer_next(r);
}

/* Bytes in the buffer at a place. Return: 0: it is not back; -1: that is against the rules */
static inline int received(const struct front_ring *r, uint16_t at, bool wrap)
{
	uint64_t rest = le64toh(acquire(&r->desc[at].rest));
	uint32_t len = (uint32_t)rest;

	if (!front_back(htole64(rest), wrap))
		return 0;
	if (unlikely((uint16_t)(rest >> 32) != at || len > FRONT_BUF || !len))
		return -1;
	return (int)len;
}

/* Buffers of the frame that begins at a place; read once, a number that may be anything */
static inline uint16_t buffers(const struct front_ring *r, uint16_t at)
{
	const struct vnet_hdr *h = (const void *)buffer(r, at);

	return le16toh(relaxed(&h->num_buffers));
}

/* A frame in several buffers. Return: its bytes; 0: against the rules */
static uint32_t merge(const struct front_ring *r, struct vring_burst *b, uint16_t at, bool wrap,
		      uint16_t n)
{
	struct iovec *iov = burst_pieces(b);
	uint32_t total = 0;

	for (uint16_t i = 0; i < n; i++) {
		int len = received(r, at, wrap);

		if (len <= 0)
			return 0;
		iov[i] = (struct iovec) { buffer(r, at), (size_t)len };
		total += (uint32_t)len;
		front_step(r, &at, &wrap, 1);
	}
	return total;
}

/* A frame that is not plain, at a place. Return: false: the switch broke the rules */
static bool get_any(const struct front_ring *r, struct vring_burst *b, uint16_t at, bool wrap,
		    uint16_t n)
{
	const uint32_t hdr = VNET_HDR_LEN;
	uint32_t len = merge(r, b, at, wrap, n);

	if (len >= hdr + FRAME_ETH_LEN && len <= hdr + PKT_MAX_LEN)
		vsw_burst_any(b, n, hdr, len);
	return len;
}

bool vsw_front_rx_get(struct front_ring *r, struct vring_burst *b, const char **why)
{
	const uint32_t hdr = VNET_HDR_LEN;
	struct burst_at now = { 0 };
	uint16_t at = r->last, left = r->out, n;
	bool wrap = r->last_wrap;

	for (; left && now.chains < PKT_BURST && burst_room(&now); left = (uint16_t)(left - n)) {
		int len = received(r, at, wrap);

		if (!len)
			break;
		__builtin_prefetch(buffer(r, (uint16_t)(at + AHEAD < r->num ? at + AHEAD : 0)));
		n = buffers(r, at);
		if (unlikely(n != 1 || len < (int)(hdr + FRAME_ETH_LEN)) ||
		    unlikely(!burst_plain(b, &now, buffer(r, at), hdr, (uint32_t)len - hdr))) {
			b->now = now;
			if (len < 0 || !n || n > left || n > BURST_PIECES ||
			    !get_any(r, b, at, wrap, n)) {
				*why = "the switch gives back what it was not offered";
				return false;
			}
			now = b->now;
		}
		b->chain[now.chains++] = (struct vring_chain) { at, n };
		front_step(r, &at, &wrap, n);
	}
	b->now = now;
	return true;
}

void vsw_front_rx_got(struct front_ring *r, const struct vring_burst *b, unsigned chains)
{
	for (unsigned i = 0; i < chains; i++) {
		uint16_t n = b->chain[i].n;

		front_step(r, &r->last, &r->last_wrap, n);
		r->out = (uint16_t)(r->out - n);
		while (n--)
			offer_next(r);
	}
}

uint16_t vsw_front_rx_waiting(const struct front_ring *r)
{
	uint16_t at = r->last, n = 0;
	bool wrap = r->last_wrap;

	while (n < r->out && received(r, at, wrap) > 0) {
		uint16_t frame = buffers(r, at);

		for (uint16_t i = 0; i < frame; i++) {
			if (n + i >= r->out || received(r, at, wrap) <= 0)
				return n;
			front_step(r, &at, &wrap, 1);
		}
		if (!frame)
			return n;
		n = (uint16_t)(n + frame);
	}
	return n;
}
