/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Device suite of the vmxnet3: what a driver sees, on the distribution's QEMU with a stepped clock.
 * Identity, transmission, tags; other topics have files of their own, vmxnet3-*-test.c.
 */
#include "vmxnet3-rig.h"

static struct vmx_frame got;

/* VMware's identity; capabilities where its guests have saved them. */
static void test_identify(void)
{
	struct vmx_rig v;
	QPCIDevice *d;

	vmx_start_default(&v);
	d = v.r.dev;
	g_assert_cmphex(qpci_config_readl(d, 0), ==, 0x07b015ad);
	g_assert_cmphex(qpci_config_readl(d, 0x2c), ==, 0x07b015ad);
	g_assert_cmphex(qpci_config_readl(d, 8), ==, 0x02000001);
	g_assert_cmphex(qpci_find_capability(d, 1, 0), ==, 0x40);
	g_assert_cmphex(qpci_find_capability(d, 5, 0), ==, 0x84);
	g_assert_cmphex(qpci_find_capability(d, 0x11, 0), ==, 0x9c);
	g_assert_cmphex(rig_read(&v.r, 1, UVRS), ==, 1);
	g_assert_cmphex(rig_read(&v.r, 1, MACL), ==, 0x12565000);
	g_assert_cmphex(rig_read(&v.r, 1, MACH), ==, 0x5634);
	g_assert_cmphex(vmx_cmd(&v, CMD_GET_PERM_MAC_LO), ==, 0x12565000);
	g_assert_cmphex(vmx_cmd(&v, CMD_GET_PERM_MAC_HI), ==, 0x5634);
	g_assert_cmphex(vmx_cmd(&v, CMD_GET_LINK), ==, 10000u << 16 | 1);
	vmx_stop(&v);
}

/*
 * What a driver of revision @rev may ask for; beyond that it gets what a bus gives where nothing
 * is.
 */
static void check_commands(struct vmx_rig *v, unsigned rev)
{
	static const struct {
		uint32_t cmd;
		unsigned since;
	} rows[] = {
		{ CMD_GET_CONF_INTR, 1 },	 { CMD_GET_TXDATA_DESC_SIZE, 3 },
		{ CMD_GET_RSS_FIELDS, 4 },	 { CMD_GET_MAX_QUEUES, 6 },
		{ CMD_GET_MAX_CAPABILITIES, 7 }, { CMD_GET_DISABLED_OFFLOADS, 9 },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(rows); i++)
		g_assert_cmpint(vmx_cmd(v, rows[i].cmd) != 0xffffffff, ==, rev >= rows[i].since);
}

/*
 * A card of each revision, and a driver of each revision up to that: VRRS offers a mask, the driver
 * writes one bit.
 */
static void test_revisions(void)
{
	for (unsigned rev = 1; rev <= 9; rev++) {
		g_autofree char *dev = g_strdup_printf(VMX_DEV ",rev=%u", rev);
		struct vmx_rig v;

		vmx_defaults(&v);
		v.rev = rev;
		vmx_start(&v, dev, "");
		g_assert_cmphex(rig_read(&v.r, 1, VRRS), ==, (1u << rev) - 1);
		check_commands(&v, rev);
		vmx_exchange(&v, rev);
		rig_write(&v.r, 1, VRRS, 1u << rev); /* is not offered: the choice stands */
		check_commands(&v, rev);
		vmx_exchange(&v, rev);
		vmx_stop(&v);
	}
}

/* A card of the latest revision, drivers of all: choosing resets the device. */
static void test_old_drivers(void)
{
	struct vmx_rig v;

	vmx_start_default(&v);
	for (unsigned rev = 9; rev >= 1; rev--) {
		rig_write(&v.r, 1, VRRS, 1u << (rev - 1));
		check_commands(&v, rev);
		vmx_prepare(&v);
		g_assert_cmphex(vmx_activate(&v), ==, 0);
		vmx_exchange(&v, rev);
	}
	vmx_stop(&v);
}

/* Revision 7: doorbells in the large BAR, which the driver asks for by capability. */
static void test_large_bar(void)
{
	uint8_t out[100], in[RIG_MAX_FRAME];
	struct vmx_rig v;

	vmx_start_default(&v);
	g_assert_cmphex(rig_read(&v.r, 1, DCR) & 1u << 16, ==, 1u << 16);
	rig_write(&v.r, 1, DCR, 1u << 16);
	rig_frame(out, vmx_peer, vmx_mac, sizeof(out), 1);
	vmx_queue(&v, 0, out, sizeof(out), VMX_BUF, 0, 0);
	rig_write(&v.r, 0, LB_TXPROD, v.q[0].tx.next);
	g_assert_cmpuint(rig_recv(&v.r, in), ==, sizeof(out));
	vmx_stop(&v);
}

/*
 * ACTIVATE, QUIESCE, RESET, any number of times; in between the device touches nothing and sends
 * nothing.
 */
static void test_cycles(void)
{
	uint8_t out[100];
	struct vmx_rig v;

	vmx_start_default(&v);
	rig_frame(out, vmx_mac, vmx_peer, sizeof(out), 7);
	for (unsigned i = 0; i < 40; i++) {
		vmx_exchange(&v, i);
		vmx_cmd(&v, i % 3 ? CMD_QUIESCE : CMD_RESET);
		if (i % 5 == 0)
			vmx_cmd(&v, CMD_RESET);
		vmx_queue(&v, 0, out, sizeof(out), VMX_BUF, 0, 0);
		vmx_bell(&v, 0);
		rig_send(&v.r, out, sizeof(out));
		g_assert_true(rig_wire_quiet(&v.r));
		g_assert_true(vmx_rx_idle(&v, 0));
		g_assert_cmpuint(vmx_tx_done(&v, 0), ==, 0);
		vmx_prepare(&v);
		g_assert_cmphex(vmx_activate(&v), ==, 0);
	}
	vmx_exchange(&v, 100);
	vmx_stop(&v);
}

static void test_tx_wrap(void)
{
	uint8_t out[1514], in[RIG_MAX_FRAME];
	struct vmx_rig v;

	vmx_start_default(&v);
	for (unsigned i = 0; i < 3 * v.ring_size + 5; i++) {
		size_t len = 60 + (i * 97) % 1455;

		rig_frame(out, vmx_peer, vmx_mac, len, i);
		vmx_tx(&v, 0, out, len);
		g_assert_cmpuint(rig_recv(&v.r, in), ==, len);
		g_assert_cmpmem(in, len, out, len);
		g_assert_cmpuint(vmx_tx_done(&v, 0), ==, 1);
	}
	vmx_stop(&v);
}

/* Frames of 1 to 14 descriptors, behind each other and across the ring's end; some of one byte. */
static void test_tx_pieces(void)
{
	uint8_t out[1514], in[RIG_MAX_FRAME];
	struct vmx_rig v;

	vmx_start_default(&v);
	for (unsigned i = 0; i < 80; i++) {
		size_t len = 60 + (i * 131) % 1455, pieces = 1 + i % 14;

		rig_frame(out, vmx_peer, vmx_mac, len, i);
		vmx_queue(&v, 0, out, len, DIV_ROUND_UP(len, pieces), 0, 0);
		vmx_bell(&v, 0);
		g_assert_cmpuint(rig_recv(&v.r, in), ==, len);
		g_assert_cmpmem(in, len, out, len);
		g_assert_cmpuint(vmx_tx_done(&v, 0), ==, 1);
	}
	vmx_stop(&v);
}

/* Nothing goes without a doorbell; a frame whose last descriptor is not there yet waits for it. */
static void test_tx_batch(void)
{
	uint8_t out[64], in[RIG_MAX_FRAME];
	struct vmx_rig v;

	vmx_start_default(&v);
	for (unsigned i = 0; i < 20; i++) {
		rig_frame(out, vmx_peer, vmx_mac, sizeof(out), i);
		vmx_queue(&v, 0, out, sizeof(out), VMX_BUF, 0, 0);
	}
	g_assert_true(rig_wire_quiet(&v.r));
	vmx_bell(&v, 0);
	for (unsigned i = 0; i < 20; i++) {
		g_assert_cmpuint(rig_recv(&v.r, in), ==, sizeof(out));
		g_assert_cmpuint(ldl_be_p(in + 14), ==, i);
	}
	g_assert_cmpuint(vmx_tx_done(&v, 0), ==, 20);
	qtest_memwrite(v.r.qts, v.q[0].tx_buf, out, sizeof(out));
	vmx_txd(&v, 0, v.q[0].tx_buf, 32, 0);
	vmx_bell(&v, 0);
	g_assert_true(rig_wire_quiet(&v.r));
	vmx_txd(&v, 0, v.q[0].tx_buf + 32, 32, TXD_EOP | TXD_CQ);
	vmx_bell(&v, 0);
	g_assert_cmpuint(rig_recv(&v.r, in), ==, sizeof(out));
	g_assert_cmpuint(vmx_tx_done(&v, 0), ==, 1);
	vmx_stop(&v);
}

/* Offload mode CSUM: hlen is where the sum begins, msscof where it goes. */
static void test_tx_checksum(void)
{
	uint8_t out[1514], in[RIG_MAX_FRAME];
	size_t len = rig_tcp4(out, vmx_peer, vmx_mac, 1000);
	struct vmx_rig v;

	vmx_start_default(&v);
	stw_be_p(out + 50,
		 rig_sum(out + 26, 8, 6 + (uint32_t)len - 34)); /* the pseudo header's sum */
	vmx_queue(&v, 0, out, len, 300, TXD_MSSCOF(50), TXD_OM(OM_CSUM) | TXD_HLEN(34));
	vmx_bell(&v, 0);
	g_assert_cmpuint(rig_recv(&v.r, in), ==, len);
	g_assert_true(rig_tcp4_ok(in, len));
	vmx_stop(&v);
}

/*
 * Offload mode TSO to a wire that cannot take the message whole: real segments, no IP fragments
 * (LP1889943).
 */
static void test_tx_tso(void)
{
	enum { MSS = 1000, SEGS = 8, PAYLOAD = MSS * SEGS };
	uint8_t out[PAYLOAD + 54], in[RIG_MAX_FRAME];
	size_t len = rig_tcp4(out, vmx_peer, vmx_mac, PAYLOAD);
	struct vmx_rig v;

	vmx_start_default(&v);
	stw_be_p(out + 50, rig_sum(out + 26, 8, 6)); /* without the length */
	vmx_queue(&v, 0, out, len, VMX_BUF, TXD_MSSCOF(MSS), TXD_OM(OM_TSO) | TXD_HLEN(54));
	vmx_bell(&v, 0);
	for (unsigned i = 0; i < SEGS; i++) {
		g_assert_cmpuint(rig_recv(&v.r, in), ==, 54 + MSS);
		g_assert_true(rig_tcp4_ok(in, 54 + MSS));
		g_assert_cmphex(lduw_be_p(in + 20) & 0x3fff, ==, 0); /* no fragment */
		g_assert_cmphex(ldl_be_p(in + 38), ==, 0x01020304 + i * MSS);
		g_assert_cmphex(in[47], ==, i == SEGS - 1 ? 0x18 : 0x10); /* PSH in the last only */
		g_assert_cmpmem(in + 54, MSS, out + 54 + i * MSS, MSS);
	}
	g_assert_true(rig_wire_quiet(&v.r));
	g_assert_cmpuint(vmx_tx_done(&v, 0), ==, 1);
	g_assert_cmpuint(vmx_stat(&v, vmx_txq(&v, 0), 0), ==, SEGS);
	vmx_stop(&v);
}

/* A wire that takes nothing: frames stay in the guest's ring, and none is lost when it goes on. */
static void test_tx_backpressure(void)
{
	uint8_t out[1514], in[RIG_MAX_FRAME];
	unsigned sent = 0, room;
	struct vmx_rig v;

	vmx_start_default(&v);
	do { /* until the wire is full */
		rig_frame(out, vmx_peer, vmx_mac, sizeof(out), sent++);
		vmx_tx(&v, 0, out, sizeof(out));
		g_assert_cmpuint(sent, <, 10000);
	} while (vmx_tx_done(&v, 0));
	for (room = v.ring_size - 2; room; room--) {
		rig_frame(out, vmx_peer, vmx_mac, sizeof(out), sent++);
		vmx_tx(&v, 0, out, sizeof(out));
	}
	g_assert_cmpuint(vmx_tx_done(&v, 0), ==, 0);
	for (unsigned i = 0; i < sent; i++) {
		g_assert_cmpuint(rig_recv(&v.r, in), ==, sizeof(out));
		g_assert_cmpuint(ldl_be_p(in + 14), ==, i);
	}
	g_assert_cmpuint(vmx_tx_done(&v, 0), ==, v.ring_size - 1);
	vmx_stop(&v);
}

#define VXLAN_LEN 50 /* outer Ethernet, IPv4, UDP, VXLAN */

/*
 * RFC 7348, section 5: a TCP frame in a tunnel to @port; what a driver leaves of the inner
 * checksum.
 */
static size_t make_vxlan(uint8_t *buf, uint16_t port, size_t payload, bool tso)
{
	uint8_t *in = buf + VXLAN_LEN, *ip = buf + 14;
	size_t len = VXLAN_LEN + rig_tcp4(in, vmx_peer, vmx_mac, payload);

	memset(buf, 0, VXLAN_LEN);
	memcpy(buf, in, 14);
	ip[0] = 0x45;
	stw_be_p(ip + 2, len - 14);
	ip[8] = 64;
	ip[9] = 17;
	stl_be_p(ip + 12, 0x0a010001);
	stl_be_p(ip + 16, 0x0a010002);
	stw_be_p(ip + 10, ~rig_sum(ip, 20, 0));
	stw_be_p(ip + 20, 50000);
	stw_be_p(ip + 22, port);
	stw_be_p(ip + 24, len - 34);
	ip[28] = 8;
	stw_be_p(in + 50, rig_sum(in + 26, 8, 6 + (tso ? 0 : (uint32_t)payload + 20)));
	return len;
}

/*
 * GL#517 as it should be: offload mode 1 completes the inner checksum for drivers of revision 4,
 * and is none before.
 */
static void test_tx_tunnel_checksum(void)
{
	uint8_t out[1000], in[RIG_MAX_FRAME];

	for (unsigned rev = 3; rev <= 4; rev++) {
		size_t len = make_vxlan(out, 4789, 600, false);
		struct vmx_rig v;

		vmx_defaults(&v);
		v.rev = rev;
		vmx_start(&v, VMX_DEV, "");
		vmx_queue(&v, 0, out, len, 400, 0, TXD_OM(OM_ENCAP) | TXD_HLEN(VXLAN_LEN + 54));
		vmx_bell(&v, 0);
		g_assert_cmpuint(vmx_tx_done(&v, 0), ==, 1);
		if (rev == 3) {
			g_assert_true(rig_wire_quiet(&v.r));
			g_assert_cmpuint(vmx_stat(&v, vmx_txq(&v, 0), 8), ==, 1);
		} else {
			g_assert_cmpuint(rig_recv(&v.r, in), ==, len);
			g_assert_true(rig_tcp4_ok(in + VXLAN_LEN, len - VXLAN_LEN));
		}
		vmx_stop(&v);
	}
}

/* TSO in a tunnel, to a port that no standard knows: the descriptor's offsets count (flannel#1279).
 */
static void test_tx_tunnel_tso(void)
{
	enum { MSS = 900, SEGS = 5, PAYLOAD = MSS * SEGS, HEAD = VXLAN_LEN + 54 };
	uint8_t out[PAYLOAD + HEAD], in[RIG_MAX_FRAME];
	size_t len = make_vxlan(out, 12345, PAYLOAD, true);
	struct vmx_rig v;

	vmx_defaults(&v);
	v.rev = 4;
	vmx_start(&v, VMX_DEV, "");
	vmx_queue(&v, 0, out, len, 1000, TXD_MSSCOF(MSS), TXD_OM(OM_ENCAP) | TXD_HLEN(HEAD));
	vmx_bell(&v, 0);
	for (unsigned i = 0; i < SEGS; i++) {
		g_assert_cmpuint(rig_recv(&v.r, in), ==, HEAD + MSS);
		g_assert_true(rig_tcp4_ok(in + VXLAN_LEN, 54 + MSS));
		g_assert_cmpuint(lduw_be_p(in + 16), ==, HEAD + MSS - 14);
		g_assert_cmphex(rig_sum(in + 14, 20, 0), ==, 0xffff);
		g_assert_cmpuint(lduw_be_p(in + 38), ==, HEAD + MSS - 34);
		g_assert_cmpmem(in + HEAD, MSS, out + HEAD + i * MSS, MSS);
	}
	g_assert_true(rig_wire_quiet(&v.r));
	vmx_stop(&v);
}

/* A tag from the descriptor; a tag into the completion, if the driver asked for that. */
static void test_vlan(void)
{
	uint8_t out[100], in[RIG_MAX_FRAME];
	struct vmx_rig v;

	vmx_defaults(&v);
	v.features |= F_RXVLAN;
	vmx_start(&v, VMX_DEV, "");
	rig_frame(out, vmx_peer, vmx_mac, 100, 7);
	vmx_queue(&v, 0, out, 100, 40, 0, TXD_TI | TXD_TCI(0x6064));
	vmx_bell(&v, 0);
	g_assert_cmpuint(rig_recv(&v.r, in), ==, 104);
	g_assert_cmphex((uint32_t)ldl_be_p(in + 12), ==, 0x81006064);
	g_assert_cmpmem(in + 16, 88, out + 12, 88);

	memcpy(in, vmx_mac, 6);
	rig_send(&v.r, in, 104);
	vmx_rx(&v, 0, &got);
	g_assert_cmpuint(got.len, ==, 100);
	g_assert_cmphex(got.last[2] >> 15, ==, 0x6064u << 1 | 1);
	g_assert_cmphex(lduw_be_p(got.data + 12), ==, 0x88b5);

	put32(&v, v.shared + SH_FEATURES, F_RXCSUM);
	vmx_cmd(&v, CMD_UPDATE_FEATURE);
	rig_send(&v.r, in, 104);
	vmx_rx(&v, 0, &got);
	g_assert_cmpuint(got.len, ==, 104);
	g_assert_cmphex(got.last[2] & RCD_TS, ==, 0);
	g_assert_cmpmem(got.data, 104, in, 104);
	vmx_stop(&v);
}

/* A doorbell of a device that may not reach memory yet. */
static void test_bus_master(void)
{
	struct vmx_rig v;
	uint8_t out[64], in[RIG_MAX_FRAME];

	vmx_start_default(&v);
	rig_frame(out, vmx_peer, vmx_mac, sizeof(out), 1);
	rig_master(&v.r, false);
	vmx_queue(&v, 0, out, sizeof(out), sizeof(out), 0, 0);
	vmx_bell(&v, 0);
	g_assert_true(rig_wire_quiet(&v.r));
	rig_master(&v.r, true);
	g_assert_cmpuint(rig_recv(&v.r, in), ==, sizeof(out));
	g_assert_true(rig_wire_quiet(&v.r));
	vmx_stop(&v);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	qtest_add_func("/vc-vmxnet3/identify", test_identify);
	qtest_add_func("/vc-vmxnet3/revisions", test_revisions);
	qtest_add_func("/vc-vmxnet3/old-drivers", test_old_drivers);
	qtest_add_func("/vc-vmxnet3/large-bar", test_large_bar);
	qtest_add_func("/vc-vmxnet3/bus-master", test_bus_master);
	qtest_add_func("/vc-vmxnet3/cycles", test_cycles);
	qtest_add_func("/vc-vmxnet3/tx/ring-wrap", test_tx_wrap);
	qtest_add_func("/vc-vmxnet3/tx/pieces", test_tx_pieces);
	qtest_add_func("/vc-vmxnet3/tx/batch", test_tx_batch);
	qtest_add_func("/vc-vmxnet3/tx/checksum", test_tx_checksum);
	qtest_add_func("/vc-vmxnet3/tx/tso-on-plain-wire", test_tx_tso);
	qtest_add_func("/vc-vmxnet3/tx/back-pressure", test_tx_backpressure);
	qtest_add_func("/vc-vmxnet3/tx/tunnel-checksum", test_tx_tunnel_checksum);
	qtest_add_func("/vc-vmxnet3/tx/tunnel-tso", test_tx_tunnel_tso);
	qtest_add_func("/vc-vmxnet3/vlan", test_vlan);
	return g_test_run();
}
