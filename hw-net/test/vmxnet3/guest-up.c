/* SPDX-License-Identifier: BSD-2-Clause */
/* Other ways to bring the vmxnet3 driver of the tests up: with RSS, and again after an error. */
#include "guest.h"

void guest_rss(struct guest *g, uint16_t type, unsigned table_len)
{
	static const uint8_t key[40] = { /* the verification suite's key of Microsoft's RSS */
					 0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67,
					 0x25, 0x3d, 0x43, 0xa3, 0x8f, 0xb0, 0xd0, 0xca, 0x2b, 0xcb,
					 0xae, 0x7b, 0x30, 0xb4, 0x77, 0xcb, 0x2d, 0xa3, 0x80, 0x30,
					 0xf2, 0x0c, 0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa
	};
	struct fake_host *h = g->h;

	fake_put16(h, g->rss + RSS_CONF_TYPE, type);
	fake_put16(h, g->rss + RSS_CONF_FUNC, RSS_FUNC_TOEPLITZ);
	fake_put16(h, g->rss + RSS_CONF_KEY_SIZE, 40);
	fake_put16(h, g->rss + RSS_CONF_TABLE_SIZE, (uint16_t)table_len);
	fake_put(h, g->rss + RSS_CONF_KEY, key, 40);
	for (unsigned i = 0; i < table_len; i++)
		fake_put8(h, g->rss + RSS_CONF_TABLE + i, (uint8_t)(i % g->queues));
	fake_put32(h, g->shared + DS_RSS_DESC, 1);
	fake_put32(h, g->shared + DS_RSS_DESC + 4, RSS_CONF_SIZE);
	fake_put64(h, g->shared + DS_RSS_DESC + 8, g->rss);
	fake_put64(h, g->shared + DS_UPT_FEATURES, g->features | UPT_F_RSS);
}

void guest_start_rss(struct guest *g, struct fake_host *h, unsigned rev, unsigned queues,
		     unsigned table_len)
{
	guest_open(g, h, rev, queues);
	guest_prepare(g);
	guest_rss(g, GUEST_RSS_ALL, table_len);
	if (guest_activate(g))
		fake_fail("%s: the card does not come up with RSS", __func__);
	for (unsigned i = 0; i < queues; i++)
		guest_imr(g, i, false);
}

void guest_recover(struct guest *g)
{
	struct fake_host *h = g->h;

	guest_cmd(g, (uint32_t)VMX_CMD_QUIESCE);
	guest_cmd(g, (uint32_t)VMX_CMD_RESET);
	for (unsigned q = 0; q < g->queues; q++) {
		fake_put32(h, guest_txq_pa(g, q) + TQ_RING_SIZE, g->tx_size);
		fake_put8(h, guest_txq_pa(g, q) + TQ_INTR, (uint8_t)q);
		fake_put8(h, guest_rxq_pa(g, q) + RQ_INTR, (uint8_t)q);
	}
	guest_clean(g);
	if (guest_activate(g))
		fake_fail("%s: the card does not come up again", __func__);
	guest_imr(g, 0, false);
	fake_tx_clear(h);
	fake_irq_clear(h);
}
