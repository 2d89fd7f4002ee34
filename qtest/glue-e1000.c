/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An e1000 of fuzz-glue; see glue-driver.h. */
#include "e1000-rig.h"
#include "glue-driver.h"

static struct e1000_rig cards[GLUE_CARDS];

static struct rig *rig_of(unsigned i)
{
	return &cards[i].r;
}

static bool ready(unsigned i)
{
	return cards[i].tx_ring;
}

static void setup(unsigned i)
{
	struct e1000_rig *e = &cards[i];

	e->tx_ring = guest_alloc(&e->r.alloc, TX_RING * 16);
	e->tx_buf = guest_alloc(&e->r.alloc, TX_RING * BUF_SIZE);
	e->rx_ring = guest_alloc(&e->r.alloc, RX_RING * 16);
	e->rx_buf = guest_alloc(&e->r.alloc, RX_RING * BUF_SIZE);
	wr(e, CTRL, rd(e, CTRL) | CTRL_RST);
	e1000_rig_program(e);
}

static void put(unsigned i, const uint8_t *frame)
{
	struct e1000_rig *e = &cards[i];
	uint64_t buf = e->tx_buf + e->tail * BUF_SIZE;

	qtest_memwrite(e->r.qts, buf, frame, GLUE_LEN);
	e1000_tx_desc(e, buf, GLUE_LEN | TXD_EOP | TXD_IFCS | TXD_RS, 0);
}

static void ring_bell(unsigned i)
{
	e1000_tx_bell(&cards[i]);
}

static void tso(unsigned i, const uint8_t *frame, size_t len, uint16_t mss)
{
	struct e1000_rig *e = &cards[i];
	uint64_t buf = e->tx_buf + e->tail * BUF_SIZE;

	qtest_memwrite(e->r.qts, buf, frame, len);
	/* IPCSS 14, IPCSO 24, IPCSE 33; TUCSS 34, TUCSO 50, TUCSE 0 */
	e1000_tx_context(e, 14 | 24 << 8 | 33 << 16, 34 | 50 << 8, (uint32_t)(len - 54) | 7u << 24,
			 (uint32_t)mss << 16 | 54 << 8);
	e1000_tx_desc(e, buf, len | TXD_DTYP_D | TXD_DEXT | TXD_EOP | TXD_IFCS | TXD_RS | TXD_TSE,
		      3 << 8);
	e1000_tx_bell(e);
}

static size_t take(unsigned i, uint8_t *frame)
{
	return e1000_rx_frame(&cards[i], frame, NULL, NULL, NULL);
}

void glue_e1000_carry(unsigned i, uint64_t addr)
{
	struct e1000_rig *e = &cards[i];

	if (!ready(i))
		return;
	for (unsigned k = 0; k < RX_RING; k++)
		qtest_writeq(e->r.qts, e->rx_ring + 16 * k, addr);
	wr(e, RDT, (rd(e, RDH) + RX_RING - 1) % RX_RING);
}

const struct glue_driver glue_e1000 = { rig_of, ready, setup, put, ring_bell, tso, take };
