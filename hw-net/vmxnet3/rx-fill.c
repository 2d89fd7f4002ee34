/* SPDX-License-Identifier: BSD-2-Clause */
/* A frame's bytes into the guest's buffers. */
#include "rx-fill.h"

static void next(void *cursor, uint8_t *dst, uint32_t len)
{
	pkt_cursor_copy(cursor, dst, len);
}

/**
 * vmx_put_short() - Write a frame shorter than Ethernet allows
 * @v:    The card
 * @pkt:  The frame
 * @addr: Buffer of 60 bytes at least
 *
 * Such come from other guests. Drivers want 60 bytes.
 *
 * Return: 0, or -1 if the buffer is not memory.
 */
int vmx_put_short(struct vmx *v, const struct pkt *pkt, uint64_t addr)
{
	uint8_t b[FRAME_MIN_LEN] = { 0 };

	pkt_copy(pkt, 0, b, pkt->len);
	return hwnet_dma_write(&v->nic, addr, b, sizeof(b));
}

/**
 * vmx_put_pieces() - Write a frame in pieces, or into several buffers
 * @v:   The card
 * @pkt: The frame
 * @p:   Buffers that have room for it
 *
 * Return: 0, or -1 if a buffer is not memory.
 */
int vmx_put_pieces(struct vmx *v, const struct pkt *pkt, const struct vmx_rx_plan *p)
{
	struct pkt_cursor c;
	uint32_t left = pkt->len;
	int err = 0;

	pkt_cursor_init(&c, pkt, 0);
	for (unsigned i = 0; !err && i < p->n; i++) {
		uint32_t n = left < p->buf[i].len ? left : p->buf[i].len;

		err = hwnet_fill(&v->nic, p->buf[i].addr, n, next, &c);
		left -= n;
	}
	return err;
}
