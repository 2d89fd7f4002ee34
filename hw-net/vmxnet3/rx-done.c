/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Receive completions.
 *
 * One for each buffer. Linux takes segment count and MSS of a message from the first, everything
 * else from the last; FreeBSD takes the hash from the first. Of a message the first one is of type
 * LRO (revision 2), which has the counts where the hash would be.
 */
#include "rx-done.h"

#include "done.h"
#include "stats.h"

/* The first completion of a message, if the revision has such: counts instead of the hash. */
static HWNET_RARE void make_lro(struct vmx_comp *c, const struct vmx_rx_info *info)
{
	c->d[0] = (c->d[0] & htole32(~RCD_RSS_TYPE(15))) | htole32(info->d0 & RCD_INNER);
	c->d[1] = htole32(info->segs < 255 ? info->segs : 255);
	c->d[3] &= htole32(~(RCD_TYPE | 0xffff));
	c->d[3] |= htole32(RCD_TYPE_LRO | info->mss);
}

/**
 * vmx_rx_complete() - Make the completions of a frame
 * @v:     The card
 * @queue: Its queue
 * @p:     Buffers that it was put into
 * @len:   Bytes
 * @info:  What is to be said of it
 */
void vmx_rx_complete(struct vmx *v, unsigned queue, const struct vmx_rx_plan *p, uint32_t len,
		     const struct vmx_rx_info *info)
{
	struct vmx_rx_work *w = &v->rx[queue];
	uint32_t d0 = RCD_SOP | RCD_RSS_TYPE(info->rss_type);
	struct vmx_comp *c;

	if (w->n_comp + p->n > RX_COMPS)
		vmx_rx_flush(v, queue);
	c = &w->comp[w->n_comp];
	for (unsigned i = 0; i < p->n; i++, d0 &= ~RCD_SOP) {
		uint32_t id = p->buf[i].idx | RCD_RQID(p->buf[i].rqid) | d0;

		if (i < p->n - 1)
			vmx_comp_make(&c[i], id, info->hash, p->buf[i].len, RCD_TYPE);
		else
			vmx_comp_make(&c[i], id | RCD_EOP | info->d0, info->hash, len | info->d2,
				      RCD_TYPE | info->d3);
		len -= p->buf[i].len;
	}
	if (info->segs && v->s->rev >= 2)
		make_lro(c, info);
	w->n_comp += p->n;
	w->frames++;
	w->skipped = 0;
}

/**
 * vmx_rx_flush() - Write the completions that were made
 * @v:     The card
 * @queue: Of this queue
 */
void vmx_rx_flush(struct vmx *v, unsigned queue)
{
	struct vmx_rxq *q = &v->s->rxq[queue];
	struct vmx_rx_work *w = &v->rx[queue];

	if (w->n_comp && vmx_put_comps(v, q->comp_pa, q->comp_size, &q->comp_next, &q->comp_gen,
				       w->comp, w->n_comp))
		vmx_rxq_stop(v, queue, ERR_TXD_INVALID);
	w->n_comp = 0;
}
