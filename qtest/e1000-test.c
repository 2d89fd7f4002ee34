/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Device suite of the e1000: what a driver sees, on the distribution's QEMU with a stepped clock.
 * Identity, transmission, tags, resets, its cable, migration; other topics have files of their own,
 * e1000-*-test.c. Sections are those of the Intel 8254x Software Developer's Manual (317453).
 */
#include "e1000-rig.h"

/* 5.6: the words of the EEPROM add up to 0xBABA. */
static uint16_t eeprom_word(struct e1000_rig *e, unsigned i)
{
	uint32_t v;

	wr(e, EERD, i << 8 | 1);
	v = rd(e, EERD);
	g_assert_cmphex(v & 0x10, ==, 0x10);
	return v >> 16;
}

static void identify_as(const char *device, uint16_t id)
{
	struct e1000_rig e;
	uint16_t sum = 0;

	e1000_rig_start(&e, device, "");
	g_assert_cmphex(qpci_config_readw(e.r.dev, 0), ==, 0x8086);
	g_assert_cmphex(qpci_config_readw(e.r.dev, 2), ==, id);
	for (unsigned i = 0; i < 64; i++)
		sum += eeprom_word(&e, i);
	g_assert_cmphex(sum, ==, 0xbaba);
	g_assert_cmphex(eeprom_word(&e, 0), ==, 0x5452);
	g_assert_cmphex(rd(&e, RAL), ==, 0x12005452);
	g_assert_cmphex(rd(&e, RAH), ==, 0x80005634);
	g_assert_cmphex(rd(&e, STATUS) & (STATUS_FD | STATUS_LU | 0xc0), ==,
			STATUS_FD | STATUS_LU | STATUS_1000);
	e1000_rig_stop(&e);
}

static void test_identify(void)
{
	identify_as("vc-e1000,mac=52:54:00:12:34:56", 0x100e);
	identify_as("vc-e1000-82545em,mac=52:54:00:12:34:56", 0x100f);
	identify_as("vc-e1000-82544gc,mac=52:54:00:12:34:56", 0x100c);
}

/* 3.3: legacy descriptors, more frames than the ring has entries. */
static void test_tx_wrap(void)
{
	struct e1000_rig e;
	uint8_t out[1514], in[RIG_MAX_FRAME];

	e1000_rig_start(&e, E1000_DEV, "");
	for (unsigned i = 0; i < 3 * TX_RING + 5; i++) {
		size_t len = 60 + (i * 97) % 1455;

		rig_frame(out, peer_mac, e1000_mac, len, i);
		e1000_tx_frame(&e, out, len, 0);
		g_assert_cmpuint(rig_recv(&e.r, in), ==, len);
		g_assert_cmpmem(in, len, out, len);
		g_assert_cmphex(e1000_tx_status(&e) & TXD_DD, ==, TXD_DD);
	}
	g_assert_cmpuint(rd(&e, TDH), ==, e.tail);
	g_assert_cmpuint(rd(&e, GPTC), ==, 3 * TX_RING + 5);
	g_assert_cmpuint(rd(&e, GPTC), ==, 0); /* 13.7: clear on read */
	e1000_rig_stop(&e);
}

/* A wire that takes nothing: frames stay in the guest's ring, and none is lost when it goes on. */
static void test_tx_backpressure(void)
{
	struct e1000_rig e;
	uint8_t out[1514], in[RIG_MAX_FRAME];
	unsigned sent = 0;

	e1000_rig_start(&e, E1000_DEV, "");
	do { /* until the wire is full */
		rig_frame(out, peer_mac, e1000_mac, sizeof(out), sent++);
		e1000_tx_frame(&e, out, sizeof(out), 0);
		g_assert_cmpuint(sent, <, 10000);
	} while (rd(&e, TDH) == e.tail);
	for (unsigned i = 0; i < TX_RING - 3; i++) {
		rig_frame(out, peer_mac, e1000_mac, sizeof(out), sent++);
		e1000_tx_frame(&e, out, sizeof(out), 0);
	}
	g_assert_cmpuint((e.tail - rd(&e, TDH)) % TX_RING, ==, TX_RING - 2);
	for (unsigned i = 0; i < sent; i++) {
		g_assert_cmpuint(rig_recv(&e.r, in), ==, sizeof(out));
		g_assert_cmpuint(ldl_be_p(in + 14), ==, i);
	}
	g_assert_cmpuint(rd(&e, TDH), ==, e.tail);
	e1000_rig_stop(&e);
}

/* One doorbell, many descriptors: all go, in order. */
static void test_tx_batch(void)
{
	struct e1000_rig e;
	uint8_t out[64], in[RIG_MAX_FRAME];

	e1000_rig_start(&e, E1000_DEV, "");
	for (unsigned i = 0; i < TX_RING - 1; i++) {
		uint64_t buf = e.tx_buf + e.tail * BUF_SIZE;

		rig_frame(out, peer_mac, e1000_mac, sizeof(out), i);
		qtest_memwrite(e.r.qts, buf, out, sizeof(out));
		e1000_tx_desc(&e, buf, sizeof(out) | TXD_EOP | TXD_IFCS, 0);
	}
	g_assert_true(rig_wire_quiet(&e.r)); /* nothing without a doorbell */
	e1000_tx_bell(&e);
	for (unsigned i = 0; i < TX_RING - 1; i++) {
		g_assert_cmpuint(rig_recv(&e.r, in), ==, sizeof(out));
		g_assert_cmpuint(ldl_be_p(in + 14), ==, i);
	}
	e1000_rig_stop(&e);
}

/* 3.3.6, 3.3.7: a data descriptor with IXSM and TXSM. */
static void test_tx_checksum(void)
{
	struct e1000_rig e;
	uint8_t out[1514], in[RIG_MAX_FRAME];
	size_t len = rig_tcp4(out, peer_mac, e1000_mac, 1000);
	uint64_t buf;

	e1000_rig_start(&e, E1000_DEV, "");
	/* What a driver leaves: IP checksum 0, pseudo header's sum in the TCP checksum. */
	stw_be_p(out + 24, 0);
	stw_be_p(out + 50, rig_sum(out + 26, 8, 6 + (uint32_t)len - 34));
	buf = e.tx_buf + BUF_SIZE;
	qtest_memwrite(e.r.qts, buf, out, len);
	/* IPCSS 14, IPCSO 24, IPCSE 33; TUCSS 34, TUCSO 50, TUCSE 0 */
	e1000_tx_context(&e, 14 | 24 << 8 | 33 << 16, 34 | 50 << 8, 1u << 24 | 1u << 25, 0);
	e1000_tx_desc(&e, buf, len | TXD_DTYP_D | TXD_DEXT | TXD_EOP | TXD_IFCS | TXD_RS, 3 << 8);
	e1000_tx_bell(&e);
	g_assert_cmpuint(rig_recv(&e.r, in), ==, len);
	g_assert_true(rig_tcp4_ok(in, len));
	e1000_rig_stop(&e);
}

/*
 * 3.5: a message of 8 segments to a wire that cannot take it whole; its last segment is full, no
 * empty one follows.
 */
static void test_tso(void)
{
	enum { MSS = 1000, SEGS = 8, PAYLOAD = MSS * SEGS };
	struct e1000_rig e;
	g_autofree uint8_t *out = g_malloc(PAYLOAD + 54);
	g_autofree uint8_t *in = g_malloc(RIG_MAX_FRAME);
	size_t len = rig_tcp4(out, peer_mac, e1000_mac, PAYLOAD);

	e1000_rig_start(&e, E1000_DEV, "");
	e1000_tx_tso(&e, out, len, MSS);
	for (unsigned i = 0; i < SEGS; i++) {
		g_assert_cmpuint(rig_recv(&e.r, in), ==, 54 + MSS);
		g_assert_true(rig_tcp4_ok(in, 54 + MSS));
		g_assert_cmphex(ldl_be_p(in + 38), ==, 0x01020304 + i * MSS);
		g_assert_cmpuint(lduw_be_p(in + 18), ==, 0x1234 + i);
		g_assert_cmphex(in[47], ==, i == SEGS - 1 ? 0x18 : 0x10); /* PSH in the last only */
		g_assert_cmpmem(in + 54, MSS, out + 54 + i * MSS, MSS);
	}
	g_assert_true(rig_wire_quiet(&e.r));
	e1000_rig_stop(&e);
}

/* 9.2, 9.3: tag inserted from the descriptor; tag stripped into it; filter. */
static void test_vlan(void)
{
	struct e1000_rig e;
	uint8_t out[100], in[RIG_MAX_FRAME], status, errors;
	uint16_t special;
	uint64_t buf;

	e1000_rig_start(&e, E1000_DEV, "");
	wr(&e, VET, 0x8100);
	wr(&e, CTRL, rd(&e, CTRL) | CTRL_VME);
	buf = e.tx_buf;
	rig_frame(out, peer_mac, e1000_mac, 100, 7);
	qtest_memwrite(e.r.qts, buf, out, 100);
	e1000_tx_desc(&e, buf, 100 | TXD_EOP | TXD_IFCS | TXD_RS | TXD_VLE, 0x6064u << 16);
	e1000_tx_bell(&e);
	g_assert_cmpuint(rig_recv(&e.r, in), ==, 104);
	g_assert_cmphex((uint32_t)ldl_be_p(in + 12), ==, 0x81006064);
	g_assert_cmpmem(in + 16, 88, out + 12, 88);

	memcpy(in, e1000_mac, 6);
	rig_send(&e.r, in, 104);
	g_assert_cmpuint(e1000_rx_frame(&e, out, &status, &errors, &special), ==, 100);
	g_assert_cmphex(status & RXD_VP, ==, RXD_VP);
	g_assert_cmphex(special, ==, 0x6064);
	g_assert_cmphex(lduw_be_p(out + 12), ==, 0x88b5);

	wr(&e, RCTL, rd(&e, RCTL) | RCTL_VFE); /* no VLAN is let in */
	rig_send(&e.r, in, 104);
	in[15] = 0x65;
	wr(&e, VFTA + 4 * (0x65 >> 5), 1u << (0x65 & 31));
	rig_send(&e.r, in, 104);
	g_assert_cmpuint(e1000_rx_frame(&e, out, NULL, NULL, &special), ==, 100);
	g_assert_cmphex(special & 0xfff, ==, 0x65);
	g_assert_true(e1000_rx_idle(&e));
	e1000_rig_stop(&e);
}

/* 13.4.1: CTRL.RST resets; the card works again after set-up. */
static void test_reset(void)
{
	struct e1000_rig e;

	e1000_rig_start(&e, E1000_DEV, "");
	wr(&e, IMS, ICR_RXT0);
	e1000_rx_one(&e, 1);
	g_assert_true(rig_irq(&e.r));
	wr(&e, CTRL, rd(&e, CTRL) | CTRL_RST);
	e1000_step_us(&e, 1000);
	g_assert_false(rig_irq(&e.r));
	g_assert_cmphex(rd(&e, CTRL) & CTRL_RST, ==, 0);
	g_assert_cmphex(rd(&e, RCTL), ==, 0);
	g_assert_cmphex(rd(&e, IMS), ==, 0);
	g_assert_cmphex(rd(&e, RAH), ==, 0x80005634); /* loaded from the EEPROM again */
	e1000_rig_setup(&e);
	e1000_rx_one(&e, 2);
	e1000_rig_stop(&e);
}

/* The base address register that says it is I/O space. */
static unsigned io_bar(struct e1000_rig *e)
{
	for (unsigned i = 0; i < 6; i++)
		if (qpci_config_readl(e->r.dev, 0x10 + 4 * i) & 1)
			return i;
	g_assert_not_reached();
}

/* 13.2.2: registers through IOADDR and IODATA. */
static void test_io_bar(void)
{
	struct e1000_rig e;
	unsigned io;

	e1000_rig_start(&e, "vc-e1000-82544gc,mac=52:54:00:12:34:56", "");
	io = io_bar(&e);
	rig_map(&e.r, io);
	rig_write(&e.r, io, 0, RAL);
	g_assert_cmphex(rig_read(&e.r, io, 4), ==, 0x12005452);
	g_assert_cmphex(rig_read(&e.r, io, 0), ==, RAL);
	wr(&e, TIDV, 77);
	rig_write(&e.r, io, 0, CTRL);
	rig_write(&e.r, io, 4, CTRL_RST);
	e1000_step_us(&e, 1000);
	g_assert_cmpuint(rd(&e, TIDV), ==, 0);
	e1000_rig_stop(&e);
}

static void test_set_link(void)
{
	struct e1000_rig e;

	e1000_rig_start(&e, E1000_DEV, "");
	wr(&e, IMS, ICR_LSC);
	wire_set_link(e.r.qts, "nic", false);
	g_assert_true(rig_irq(&e.r));
	g_assert_cmphex(rd(&e, ICR) & ICR_LSC, ==, ICR_LSC);
	g_assert_cmphex(rd(&e, STATUS) & STATUS_LU, ==, 0);
	wire_set_link(e.r.qts, "nic", true);
	qtest_clock_step(e.r.qts, 5000000000ll);
	g_assert_cmphex(rd(&e, ICR) & ICR_LSC, ==, ICR_LSC);
	g_assert_cmphex(rd(&e, STATUS) & STATUS_LU, ==, STATUS_LU);
	e1000_rig_stop(&e);
}

/*
 * A card is moved to another QEMU between two frames of one ring, with one interrupt pending and
 * another delayed: the rings go on where they were, the line is up, and the delayed interrupt comes
 * at its time.
 */
static void test_migrate(void)
{
	uint8_t in[RIG_MAX_FRAME];
	struct e1000_rig from, to;
	struct rig fresh;

	e1000_rig_start(&from, E1000_DEV, "");
	wr(&from, IMS, ICR_RXDMT0 | ICR_TXDW);
	wr(&from, TIDV, 1000);
	e1000_rx_one(&from, 1);
	e1000_tx_delayed(&from, 1);
	wr(&from, ICS, ICR_RXDMT0);
	rig_start(&fresh, E1000_DEV, "-incoming defer");
	wire_migrate(from.r.qts, fresh.qts);
	to = from;
	rig_move(&to.r, &fresh);
	e1000_rig_stop(&from);
	g_assert_true(wire_is_rarp(in, rig_recv(&to.r, in), e1000_mac));

	/* The line was up before anybody watched it; PCI 3.0, 6.2.3, Interrupt Status tells. */
	g_assert_cmphex(qpci_config_readw(to.r.dev, 6) & 8, ==, 8);
	g_assert_cmphex(rd(&to, ICR) & (ICR_RXDMT0 | ICR_TXDW), ==, ICR_RXDMT0);
	g_assert_false(rig_irq(&to.r));
	e1000_step_us(&to, 1030);
	g_assert_true(rig_irq(&to.r));
	g_assert_cmphex(rd(&to, ICR) & ICR_TXDW, ==, ICR_TXDW);
	g_assert_cmpuint(rd(&to, TDH), ==, to.tail);
	for (unsigned i = 2; i < 2 * RX_RING; i++) {
		e1000_rx_one(&to, i);
		e1000_tx_delayed(&to, i);
	}
	e1000_rig_stop(&to);
}

/*
 * Without IFCS (SDM 3.3.3.1) the driver brings the FCS. If that is wrong the frame is none to
 * whoever cannot be told so: QEMU's net clients.
 */
static void test_wrong_fcs(void)
{
	uint8_t out[68], in[RIG_MAX_FRAME];
	struct e1000_rig e;

	e1000_rig_start(&e, E1000_DEV, "");
	rig_frame(out, peer_mac, e1000_mac, 64, 1);
	stl_le_p(out + 64, 0x12345678);
	qtest_memwrite(e.r.qts, e.tx_buf, out, sizeof(out));
	e1000_tx_desc(&e, e.tx_buf, sizeof(out) | TXD_EOP | TXD_RS, 0);
	e1000_tx_bell(&e);
	g_assert_true(rig_wire_quiet(&e.r));
	g_assert_cmphex(e1000_tx_status(&e) & TXD_DD, ==, TXD_DD);
	g_assert_cmpint(wire_stat(e.r.qts, "nic", "tx-wrong-fcs"), ==, 1);
	e1000_tx_frame(&e, out, 64, 0);
	g_assert_cmpuint(rig_recv(&e.r, in), ==, 64);
	e1000_rig_stop(&e);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	qtest_add_func("/vc-e1000/identify", test_identify);
	qtest_add_func("/vc-e1000/tx/ring-wrap", test_tx_wrap);
	qtest_add_func("/vc-e1000/tx/batch", test_tx_batch);
	qtest_add_func("/vc-e1000/tx/back-pressure", test_tx_backpressure);
	qtest_add_func("/vc-e1000/tx/checksum", test_tx_checksum);
	qtest_add_func("/vc-e1000/tx/tso-on-plain-wire", test_tso);
	qtest_add_func("/vc-e1000/vlan", test_vlan);
	qtest_add_func("/vc-e1000/reset", test_reset);
	qtest_add_func("/vc-e1000/io-bar", test_io_bar);
	qtest_add_func("/vc-e1000/set-link", test_set_link);
	qtest_add_func("/vc-e1000/migrate", test_migrate);
	qtest_add_func("/vc-e1000/tx/wrong-fcs", test_wrong_fcs);
	return g_test_run();
}
