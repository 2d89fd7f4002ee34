/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Device suite of the vmxnet3: its cable, another card beside it, migration. See vmxnet3-test.c. */
#include "vmxnet3-rig.h"

static struct vmx_frame got;

static const uint8_t other[6] = { 0x52, 0x54, 0, 9, 9, 9 };

/* The cable: an event, the answer of GET_LINK, frames. */
static void test_set_link(void)
{
	uint8_t out[100];
	struct vmx_rig v;

	vmx_start_default(&v);
	wire_set_link(v.r.qts, "nic", false);
	g_assert_cmphex(get32(&v, v.shared + SH_ECR), ==, ECR_LINK);
	g_assert_cmphex(rig_read(&v.r, 1, ECR), ==, ECR_LINK);
	rig_write(&v.r, 1, ECR, ECR_LINK);
	g_assert_cmphex(get32(&v, v.shared + SH_ECR), ==, 0);
	g_assert_cmphex(vmx_cmd(&v, CMD_GET_LINK) & 1, ==, 0);
	rig_frame(out, vmx_peer, vmx_mac, sizeof(out), 1);
	vmx_tx(&v, 0, out, sizeof(out));
	g_assert_cmpuint(vmx_tx_done(&v, 0), ==, 1); /* the driver gets its buffer back */
	g_assert_true(rig_wire_quiet(&v.r));
	wire_set_link(v.r.qts, "nic", true);
	g_assert_cmphex(get32(&v, v.shared + SH_ECR), ==, ECR_LINK);
	g_assert_cmphex(vmx_cmd(&v, CMD_GET_LINK), ==, 10000u << 16 | 1);
	vmx_exchange(&v, 2);
	vmx_stop(&v);
}

/* What the driver has made of the card, before it came and since; lists and words as QMP has them.
 */
static void test_setup(void)
{
	struct vmx_rig v;
	QDict *setup;

	vmx_start_default(&v);
	setup = wire_setup(v.r.qts, "nic");
	g_assert_true(qdict_get_bool(setup, "active"));
	g_assert_cmpint(qdict_get_int(setup, "mtu"), ==, 1500);
	g_assert_cmpstr(qdict_get_str(setup, "interrupt"), ==, "intx");
	g_assert_cmpuint(qlist_size(qdict_get_qlist(setup, "tx-rings")), ==, 1);
	qobject_unref(setup);
	vmx_cmd(&v, CMD_QUIESCE);
	setup = wire_setup(v.r.qts, "nic");
	g_assert_false(qdict_get_bool(setup, "active"));
	g_assert_false(qdict_haskey(setup, "mtu"));
	qobject_unref(setup);
	vmx_stop(&v);
}

/*
 * Moved in the middle of both rings: everything goes on where it was, and both addresses of the
 * card are announced.
 */
static void test_migrate(void)
{
	struct vmx_rig from, to;
	uint8_t out[64], in[RIG_MAX_FRAME];
	struct rig fresh;

	vmx_start_default(&from);
	for (unsigned i = 0; i < 45; i++)
		vmx_exchange(&from, i);
	rig_write(&from.r, 1, MACL, 0x09005452);
	rig_write(&from.r, 1, MACH, 0x0909);
	rig_start(&fresh, VMX_DEV, "-incoming defer");
	wire_migrate(from.r.qts, fresh.qts);
	to = from;
	rig_move(&to.r, &fresh);
	vmx_stop(&from);
	g_assert_true(wire_is_rarp(in, rig_recv(&to.r, in), vmx_mac));
	g_assert_true(wire_is_rarp(in, rig_recv(&to.r, in), other));
	g_assert_cmphex(rig_read(&to.r, 1, MACL), ==, 0x09005452);
	rig_write(&to.r, 1, MACL, 0x12565000);
	rig_write(&to.r, 1, MACH, 0x5634);
	for (unsigned i = 0; i < 90; i++)
		vmx_exchange(&to, i);
	g_assert_cmpuint(vmx_stat(&to, vmx_rxq(&to, 0), 2), ==, 135);
	for (unsigned i = 0; i < 60; i++) {
		rig_frame(out, vmx_mac, vmx_peer, sizeof(out), i);
		rig_send(&to.r, out, sizeof(out));
	}
	for (unsigned i = 0; i < 60; i++) {
		vmx_rx(&to, 0, &got);
		g_assert_cmpuint(ldl_be_p(got.data + 14), ==, i);
		vmx_refill(&to, 0);
	}
	vmx_stop(&to);
}

/* The cable was out when it moved: it still is, and frames pass when it is put in. */
static void test_migrate_without_cable(void)
{
	struct vmx_rig from, to;
	struct rig fresh;

	vmx_start_default(&from);
	wire_set_link(from.r.qts, "nic", false);
	rig_start(&fresh, VMX_DEV, "-incoming defer");
	wire_migrate(from.r.qts, fresh.qts);
	to = from;
	rig_move(&to.r, &fresh);
	vmx_stop(&from);
	g_assert_cmphex(vmx_cmd(&to, CMD_GET_LINK) & 1, ==, 0);
	g_assert_true(rig_wire_quiet(&to.r));
	rig_write(&to.r, 1, ECR, ECR_LINK);
	wire_set_link(to.r.qts, "nic", true);
	g_assert_cmphex(get32(&to, to.shared + SH_ECR), ==, ECR_LINK);
	vmx_exchange(&to, 1);
	vmx_stop(&to);
}

static const uint8_t mac_a[6] = { 0x00, 0x50, 0x56, 0, 0, 0 },
		     mac_b[6] = { 0x00, 0x50, 0x56, 0, 0, 1 };

/* Two cards on one switch; the second driver with further features. */
static void start_pair(struct vmx_rig v[2], uint32_t features)
{
	vmx_defaults(&v[0]);
	vmx_defaults(&v[1]);
	v[1].features |= features;
	rig_open(&v[0].r, 4,
		 "-machine q35 -nodefaults -device vc-port,id=p0,switch=sw0 -device "
		 "vc-port,id=p1,switch=sw0 "
		 "-device vc-vmxnet3,id=n0,netdev=p0,addr=4,mac=00:50:56:00:00:00 "
		 "-device vc-vmxnet3,id=n1,netdev=p1,addr=5,mac=00:50:56:00:00:01");
	rig_join(&v[1].r, &v[0].r, 5);
	vmx_attach(&v[0]);
	vmx_attach(&v[1]);
}

static void stop_pair(struct vmx_rig v[2])
{
	vmx_stop(&v[1]);
	vmx_stop(&v[0]);
}

/* A message goes whole to a driver that has LRO on, and says what it stands for. */
static void test_lro_between_cards(void)
{
	enum { MSS = 1448, SEGS = 6, PAYLOAD = MSS * SEGS };
	uint8_t out[PAYLOAD + 54];
	size_t len = rig_tcp4(out, mac_b, mac_a, PAYLOAD);
	struct vmx_rig v[2];

	start_pair(v, F_LRO);
	stw_be_p(out + 50, rig_sum(out + 26, 8, 6));
	for (unsigned i = 0; i < 20; i++) {
		vmx_queue(&v[0], 0, out, len, VMX_BUF, TXD_MSSCOF(MSS),
			  TXD_OM(OM_TSO) | TXD_HLEN(54));
		vmx_bell(&v[0], 0);
		vmx_rx(&v[1], 0, &got);
		g_assert_cmpuint(got.len, ==, len);
		g_assert_cmpmem(got.data + 54, PAYLOAD, out + 54, PAYLOAD);
		g_assert_cmpuint(RCD_TYPE(got.first[3]), ==, 4);
		g_assert_cmpuint(got.first[1] & 0xff, ==, SEGS);
		g_assert_cmpuint(got.first[3] & 0xffff, ==, MSS);
		vmx_refill(&v[1], 0);
		g_assert_cmpuint(vmx_tx_done(&v[0], 0), ==, 1);
	}
	g_assert_cmpint(wire_stat(v[0].r.qts, "p1", "segmented"), ==, 0);
	g_assert_cmpint(wire_stat(v[0].r.qts, "p1", "out.gso"), ==, 20);
	stop_pair(v);
}

/*
 * A receiver that takes some and gives some buffers back while others come: always all, and in
 * order.
 */
static void test_order_between_cards(void)
{
	GRand *r = g_rand_new_with_seed(12);
	uint32_t sent = 0, seen = 0;
	struct vmx_rig v[2];
	uint8_t out[200];

	start_pair(v, 0);
	while (seen < 3000) {
		unsigned count = sent < 3000 && sent - seen < 500 ? g_rand_int_range(r, 0, 31) : 0;
		unsigned take = g_rand_int_range(r, 0, 50);

		for (unsigned i = 0; i < count; i++) {
			rig_frame(out, mac_b, mac_a, sizeof(out), sent++);
			vmx_queue(&v[0], 0, out, sizeof(out), VMX_BUF, 0, 0);
		}
		vmx_bell(&v[0], 0);
		g_assert_cmpuint(vmx_tx_done(&v[0], 0), ==, count);
		for (; take && !vmx_rx_idle(&v[1], 0); take--) {
			vmx_rx(&v[1], 0, &got);
			g_assert_cmpuint(ldl_be_p(got.data + 14), ==, seen);
			seen++;
			if (g_rand_int_range(r, 0, 8) == 0)
				vmx_refill(&v[1], 0);
		}
		vmx_step_us(&v[1], g_rand_int_range(r, 1, 200));
		if (vmx_rx_idle(&v[1], 0))
			vmx_refill(&v[1], 0);
	}
	g_assert_cmpuint(seen, ==, sent);
	g_assert_cmpint(wire_stat(v[0].r.qts, "p1", "queued"), >, 100);
	g_rand_free(r);
	stop_pair(v);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	qtest_add_func("/vc-vmxnet3/set-link", test_set_link);
	qtest_add_func("/vc-vmxnet3/lro-between-cards", test_lro_between_cards);
	qtest_add_func("/vc-vmxnet3/order-between-cards", test_order_between_cards);
	qtest_add_func("/vc-vmxnet3/setup", test_setup);
	qtest_add_func("/vc-vmxnet3/migrate", test_migrate);
	qtest_add_func("/vc-vmxnet3/migrate-without-cable", test_migrate_without_cable);
	return g_test_run();
}
