/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A small e1000 driver for device suites; see e1000-rig.h. */
#include "e1000-rig.h"

const uint8_t e1000_mac[6] = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 };
const uint8_t peer_mac[6] = { 0x52, 0x54, 0x00, 0x00, 0x00, 0x02 };

/* Turns of asking before a wait fails. */
#define PATIENCE 20000

static void fill_rx(struct e1000_rig *e, unsigned i)
{
	uint64_t desc[2] = { cpu_to_le64(e->rx_buf + i * BUF_SIZE), 0 };

	qtest_memwrite(e->r.qts, e->rx_ring + i * 16, desc, sizeof(desc));
}

void e1000_rig_program(struct e1000_rig *e)
{
	e->tail = e->rx_next = 0;
	e->rx_tail = RX_RING - 1;
	wr(e, CTRL, rd(e, CTRL) | CTRL_SLU);
	qtest_clock_step(e->r.qts, 5000000000ll); /* autonegotiation */
	wr(e, IMC, 0xffffffff);
	for (unsigned i = 0; i < 128; i++)
		wr(e, MTA + 4 * i, 0);
	wr(e, TDBAL, (uint32_t)e->tx_ring);
	wr(e, TDBAH, e->tx_ring >> 32);
	wr(e, TDLEN, TX_RING * 16);
	wr(e, TDH, 0);
	wr(e, TDT, 0);
	wr(e, TCTL, TCTL_EN | TCTL_PSP);
	for (unsigned i = 0; i < RX_RING; i++)
		fill_rx(e, i);
	wr(e, RDBAL, (uint32_t)e->rx_ring);
	wr(e, RDBAH, e->rx_ring >> 32);
	wr(e, RDLEN, RX_RING * 16);
	wr(e, RDH, 0);
	wr(e, RDT, e->rx_tail);
	wr(e, RCTL, RCTL_EN | RCTL_BAM | RCTL_SECRC);
	rd(e, ICR);
}

void e1000_rig_setup(struct e1000_rig *e)
{
	e1000_rig_program(e);
	g_assert_cmphex(rd(e, STATUS) & STATUS_LU, ==, STATUS_LU);
}

void e1000_rig_start(struct e1000_rig *e, const char *device, const char *more)
{
	rig_start(&e->r, device, more);
	e1000_rig_attach(e);
}

void e1000_rig_attach(struct e1000_rig *e)
{
	rig_map(&e->r, 0);
	e->tx_ring = guest_alloc(&e->r.alloc, TX_RING * 16);
	e->tx_buf = guest_alloc(&e->r.alloc, TX_RING * BUF_SIZE);
	e->rx_ring = guest_alloc(&e->r.alloc, RX_RING * 16);
	e->rx_buf = guest_alloc(&e->r.alloc, RX_RING * BUF_SIZE);
	e1000_rig_setup(e);
}

void e1000_rig_stop(struct e1000_rig *e)
{
	rig_stop(&e->r);
}

void e1000_tx_desc(struct e1000_rig *e, uint64_t addr, uint32_t lower, uint32_t upper)
{
	struct {
		uint64_t addr;
		uint32_t lower, upper;
	} desc = { cpu_to_le64(addr), cpu_to_le32(lower), cpu_to_le32(upper) };

	qtest_memwrite(e->r.qts, e->tx_ring + e->tail * 16, &desc, sizeof(desc));
	e->tail = (e->tail + 1) % TX_RING;
}

void e1000_tx_bell(struct e1000_rig *e)
{
	wr(e, TDT, e->tail);
}

void e1000_tx_frame(struct e1000_rig *e, const void *frame, size_t len, uint32_t cmd)
{
	uint64_t buf = e->tx_buf + e->tail * BUF_SIZE;

	qtest_memwrite(e->r.qts, buf, frame, len);
	e1000_tx_desc(e, buf, len | TXD_EOP | TXD_IFCS | TXD_RS | cmd, 0);
	e1000_tx_bell(e);
}

void e1000_tx_context(struct e1000_rig *e, uint32_t word0, uint32_t word1, uint32_t cmdlen,
		      uint32_t mss)
{
	e1000_tx_desc(e, (uint64_t)word1 << 32 | word0, cmdlen | TXD_DEXT, mss);
}

void e1000_tx_tso(struct e1000_rig *e, uint8_t *frame, size_t len, uint16_t mss)
{
	uint64_t buf = guest_alloc(&e->r.alloc, len);

	stw_be_p(frame + 16, 0);
	stw_be_p(frame + 24, 0);
	stw_be_p(frame + 50, rig_sum(frame + 26, 8, 6)); /* without the length */
	qtest_memwrite(e->r.qts, buf, frame, len);
	/* IPCSS 14, IPCSO 24, IPCSE 33; TUCSS 34, TUCSO 50, TUCSE 0 */
	e1000_tx_context(e, 14 | 24 << 8 | 33 << 16, 34 | 50 << 8, (uint32_t)(len - 54) | 7u << 24,
			 mss << 16 | 54 << 8);
	e1000_tx_desc(e, buf, len | TXD_DTYP_D | TXD_DEXT | TXD_EOP | TXD_IFCS | TXD_RS | TXD_TSE,
		      3 << 8);
	e1000_tx_bell(e);
}

uint8_t e1000_tx_status(struct e1000_rig *e)
{
	return qtest_readb(e->r.qts, e->tx_ring + (e->tail + TX_RING - 1) % TX_RING * 16 + 12);
}

bool e1000_rx_idle(struct e1000_rig *e)
{
	return !(qtest_readb(e->r.qts, e->rx_ring + e->rx_next * 16 + 12) & RXD_DD);
}

size_t e1000_rx_frame(struct e1000_rig *e, uint8_t *frame, uint8_t *status, uint8_t *errors,
		      uint16_t *special)
{
	uint8_t desc[16];
	size_t len;

	for (unsigned turn = 0; e1000_rx_idle(e); turn++)
		g_assert_cmpuint(turn, <, PATIENCE);
	qtest_memread(e->r.qts, e->rx_ring + e->rx_next * 16, desc, sizeof(desc));
	len = lduw_le_p(desc + 8);
	g_assert_cmpuint(len, <=, BUF_SIZE);
	qtest_memread(e->r.qts, e->rx_buf + e->rx_next * BUF_SIZE, frame, len);
	if (status)
		*status = desc[12];
	if (errors)
		*errors = desc[13];
	if (special)
		*special = lduw_le_p(desc + 14);
	qtest_writeb(e->r.qts, e->rx_ring + e->rx_next * 16 + 12,
		     0); /* not to be taken for new the next time round */
	e->rx_next = (e->rx_next + 1) % RX_RING;
	return len;
}

void e1000_rx_refill(struct e1000_rig *e)
{
	while ((e->rx_tail + 1) % RX_RING != e->rx_next) {
		fill_rx(e, e->rx_tail);
		e->rx_tail = (e->rx_tail + 1) % RX_RING;
	}
	wr(e, RDT, e->rx_tail);
}

void e1000_rx_one(struct e1000_rig *e, uint32_t seq)
{
	uint8_t out[64], in[BUF_SIZE];

	rig_frame(out, e1000_mac, peer_mac, sizeof(out), seq);
	rig_send(&e->r, out, sizeof(out));
	e1000_rx_frame(e, in, NULL, NULL, NULL);
	e1000_rx_refill(e);
}

void e1000_tx_delayed(struct e1000_rig *e, uint32_t seq)
{
	uint8_t out[64], in[RIG_MAX_FRAME];

	rig_frame(out, peer_mac, e1000_mac, sizeof(out), seq);
	e1000_tx_frame(e, out, sizeof(out), TXD_IDE);
	rig_recv(&e->r, in);
}

void e1000_step_us(struct e1000_rig *e, int64_t us)
{
	qtest_clock_step(e->r.qts, us * 1000);
}
