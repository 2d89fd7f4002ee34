/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vmxnet3 under guests that break rules, on a whole QEMU: a case for each way in which another
 * model of this card was brought to abort, loop, leak or overrun, named after its report. Each ends
 * with a driver that resets the device, and frames that pass. Here: rings, and frames in them.
 */
#include "vmxnet3-hostile.h"

/* Status of a stopped queue, and the event that tells. */
static void expect_stopped(struct vmx_rig *v, uint64_t qd, uint32_t event)
{
	g_assert_cmphex(qtest_readb(v->r.qts, qd + QD_STOPPED), ==, 1);
	g_assert_cmphex(get32(v, qd + QD_ERROR), !=, 0);
	g_assert_cmphex(get32(v, v->shared + SH_ECR), ==, event);
}

/*
 * GL#517: offload mode 1 in a transmit descriptor; and every other mode with every header length
 * and offset.
 */
static void test_gl517(void)
{
	uint8_t out[200];
	struct vmx_rig v;

	vmx_defaults(&v);
	v.rev = 1;
	vmx_start(&v, VMX_DEV, "");
	rig_tcp4(out, vmx_peer, vmx_mac, 146);
	for (unsigned om = 0; om < 4; om++)
		for (unsigned i = 0; i < 14; i++) {
			static const uint16_t odd[] = { 0,  1,	 13,  14,  33,	34,   50,
							54, 199, 200, 201, 575, 1000, 1023 };

			vmx_queue(&v, 0, out, sizeof(out), VMX_BUF, TXD_MSSCOF(odd[(i * 5) % 14]),
				  TXD_OM(om) | TXD_HLEN(odd[i]));
			vmx_bell(&v, 0);
			g_assert_cmpuint(vmx_tx_done(&v, 0), ==, 1);
		}
	g_assert_cmpint(hostile_errors(&v), >, 0);
	hostile_alive(&v);
}

/*
 * GL#533: a head where only bodies may be, a body where a frame has to begin, no buffer length at
 * all.
 */
static void test_gl533(void)
{
	uint8_t out[1400];
	struct vmx_rig v;

	vmx_defaults(&v);
	v.head_len = 1000;
	vmx_start(&v, VMX_DEV, "");
	rig_frame(out, vmx_mac, vmx_peer, sizeof(out), 1);
	for (unsigned i = 0; i < v.ring_size; i++) /* ring 1: heads */
		put32(&v, v.q[0].rx[1].pa + 16 * i + 8, 2048 | RXD_GEN);
	rig_send(&v.r, out, sizeof(out));
	g_assert_true(rig_wire_quiet(&v.r));
	expect_stopped(&v, vmx_rxq(&v, 0), ECR_RQERR);

	vmx_prepare(&v);
	for (unsigned i = 0; i < v.ring_size;
	     i++) /* ring 0: bodies only, the whole ring the device's */
		put32(&v, v.q[0].rx[0].pa + 16 * i + 8, 2048 | RXD_BODY | RXD_GEN);
	g_assert_cmphex(vmx_activate(&v), ==, 0);
	rig_send(&v.r, out, sizeof(out));
	g_assert_true(rig_wire_quiet(&v.r));

	vmx_prepare(&v);
	for (unsigned i = 0; i < v.ring_size; i++)
		put32(&v, v.q[0].rx[0].pa + 16 * i + 8, RXD_GEN);
	g_assert_cmphex(vmx_activate(&v), ==, 0);
	rig_send(&v.r, out, sizeof(out));
	g_assert_true(rig_wire_quiet(&v.r));
	expect_stopped(&v, vmx_rxq(&v, 0), ECR_RQERR);
	hostile_alive(&v);
}

/*
 * CVE-2015-8744, CVE-2016-6835: frames shorter than their headers, and headers that say they are
 * longer than the frame.
 */
static void test_cve_2016_6835(void)
{
	uint8_t out[200];
	struct vmx_rig v;

	hostile_start(&v);
	for (unsigned len = 1; len < 80; len++) {
		rig_tcp4(out, vmx_peer, vmx_mac, 146);
		out[14] = 0x4f; /* IP header of 60 bytes */
		vmx_queue(&v, 0, out, len, VMX_BUF, TXD_MSSCOF(len),
			  TXD_OM(len % 4) | TXD_HLEN(len + len % 3));
		vmx_bell(&v, 0);
		g_assert_cmpuint(vmx_tx_done(&v, 0), ==, 1);
	}
	hostile_alive(&v);
}

/* CVE-2024-3567: checksum offload of a truncated SCTP frame, and TSO of what is no TCP. */
static void test_cve_2024_3567(void)
{
	uint8_t out[200];
	struct vmx_rig v;

	hostile_start(&v);
	rig_tcp4(out, vmx_peer, vmx_mac, 146);
	out[23] = 132;
	for (unsigned len = 30; len < 60; len++) {
		vmx_queue(&v, 0, out, len, VMX_BUF, TXD_MSSCOF(42), TXD_OM(OM_CSUM) | TXD_HLEN(34));
		vmx_queue(&v, 0, out, len, VMX_BUF, TXD_MSSCOF(1),
			  TXD_OM(OM_TSO) | TXD_HLEN(len - 1));
		vmx_bell(&v, 0);
		g_assert_cmpuint(vmx_tx_done(&v, 0), ==, 2);
	}
	hostile_alive(&v);
}

/*
 * CVE-2015-6815's class, CVE-2016-6834, GL#460: messages that cannot be cut: no segment size, no
 * payload, one byte each.
 */
static void test_cve_2016_6834(void)
{
	static const uint16_t mss[] = { 0, 1, 2, 16383 };
	uint8_t out[600];
	struct vmx_rig v;

	hostile_start(&v);
	for (unsigned i = 0; i < ARRAY_SIZE(mss); i++)
		for (unsigned len = 54; len < 74; len++) {
			rig_tcp4(out, vmx_peer, vmx_mac, 500);
			vmx_queue(&v, 0, out, len, VMX_BUF, TXD_MSSCOF(mss[i]),
				  TXD_OM(OM_TSO) | TXD_HLEN(54));
			vmx_bell(&v, 0);
			g_assert_cmpuint(vmx_tx_done(&v, 0), ==, 1);
			hostile_drain(&v);
		}
	hostile_alive(&v);
}

/*
 * A ring of descriptors without end of packet, which are all the device's: the queue stops, the
 * device does not spin.
 */
static void test_endless_packet(void)
{
	struct vmx_rig v;

	hostile_start(&v);
	for (unsigned i = 0; i < v.ring_size; i++)
		put32(&v, v.q[0].tx.pa + 16 * i + 8, TXD_GEN | 1);
	vmx_bell(&v, 0);
	expect_stopped(&v, vmx_txq(&v, 0), ECR_TQERR);
	vmx_bell(&v, 0);
	vmx_cmd(&v, CMD_RESET);
	vmx_prepare(&v);
	vmx_txd(&v, 0, v.q[0].tx_buf, 64 | TXD_DTYPE, TXD_EOP);
	g_assert_cmphex(vmx_activate(&v), ==, 0);
	vmx_bell(&v, 0);
	expect_stopped(&v, vmx_txq(&v, 0), ECR_TQERR);
	hostile_alive(&v);
}

/*
 * GL#556's class, CVE-2021-3750: rings, completions, buffers, shared area in the device's own
 * registers.
 */
static void test_cve_2021_3750(void)
{
	uint8_t out[100];
	struct vmx_rig v;

	hostile_start(&v);
	rig_frame(out, vmx_mac, vmx_peer, sizeof(out), 1);
	for (unsigned i = 0; i < 24; i++) {
		uint64_t mmio = v.r.bar[i % 2].addr + (i / 12 ? 0 : 0x600);
		const uint64_t where[] = {
			vmx_txq(&v, 0) + TQ_RING, vmx_txq(&v, 0) + TQ_COMP,
			vmx_rxq(&v, 0) + RQ_RING, vmx_rxq(&v, 0) + RQ_COMP,
			v.shared + SH_QDESC,	  v.shared + SH_MF,
		};

		vmx_prepare(&v);
		put16(&v, v.shared + SH_MF_LEN, 600);
		put64(&v, where[i / 2 % 6], mmio);
		vmx_activate(&v);
		vmx_queue(&v, 0, out, sizeof(out), VMX_BUF, 0, 0);
		vmx_txd(&v, 0, mmio, 2000, TXD_EOP | TXD_CQ);
		vmx_bell(&v, 0);
		rig_send(&v.r, out, sizeof(out));
		vmx_cmd(&v, CMD_GET_STATS);
		vmx_cmd(&v, CMD_GET_QUEUE_STATUS);
	}
	vmx_prepare(&v);
	for (unsigned i = 0; i < v.ring_size; i++)
		put64(&v, v.q[0].rx[0].pa + 16 * i, v.r.bar[i % 2].addr);
	g_assert_cmphex(vmx_activate(&v), ==, 0);
	rig_send(&v.r, out, sizeof(out));
	hostile_drain(&v);
	g_assert_true(vmx_rx_idle(&v, 0));
	rig_write(&v.r, 1, DSAL, (uint32_t)v.r.bar[1].addr);
	g_assert_cmphex(vmx_cmd(&v, CMD_ACTIVATE), ==, 1);
	hostile_alive(&v);
}

/* Addresses where no memory is. */
static void test_no_memory(void)
{
	const uint64_t nowhere[] = { 0x80000000, 0xfffffffffffff000, 0x7fffffffffffff00 };
	uint8_t out[100];
	struct vmx_rig v;

	hostile_start(&v);
	rig_frame(out, vmx_mac, vmx_peer, sizeof(out), 1);
	for (unsigned i = 0; i < ARRAY_SIZE(nowhere); i++) {
		vmx_prepare(&v);
		for (unsigned n = 0; n < v.ring_size; n++)
			put64(&v, v.q[0].rx[0].pa + 16 * n, nowhere[i]);
		g_assert_cmphex(vmx_activate(&v), ==, 0);
		vmx_txd(&v, 0, nowhere[i], 1000, TXD_EOP | TXD_CQ);
		vmx_bell(&v, 0);
		g_assert_cmpuint(vmx_tx_done(&v, 0), ==,
				 1); /* a frame that cannot be read is lost, the ring is sound */
		rig_send(&v.r, out, sizeof(out));
		g_assert_true(rig_wire_quiet(&v.r));
		rig_write(&v.r, 1, DSAH, nowhere[i] >> 32);
		rig_write(&v.r, 1, DSAL, (uint32_t)nowhere[i]);
		g_assert_cmphex(vmx_cmd(&v, CMD_ACTIVATE), ==, 1);
	}
	hostile_alive(&v);
}

/* Whatever stands in DriverShared and the queue descriptors, and wherever the doorbells are. */
static void test_random(void)
{
	GRand *r = g_rand_new_with_seed(20);
	uint8_t out[300];
	struct vmx_rig v;

	hostile_start(&v);
	rig_frame(out, vmx_mac, vmx_peer, sizeof(out), 1);
	for (unsigned turn = 0; turn < 300; turn++) {
		vmx_prepare(&v);
		for (unsigned i = g_rand_int_range(r, 1, 6); i; i--) {
			uint64_t base = g_rand_boolean(r) ? v.shared : v.qdesc;

			put8(&v, base + g_rand_int_range(r, 4, base == v.shared ? SH_SIZE : 2 * QD),
			     g_rand_int(r));
		}
		vmx_activate(&v);
		for (unsigned i = 0; i < 4; i++) {
			vmx_txd(&v, 0, v.q[0].tx_buf + g_rand_int_range(r, 0, 4096),
				g_rand_int(r) & ~TXD_GEN, g_rand_int(r));
			vmx_bell(&v, 0);
		}
		rig_send(&v.r, out, sizeof(out));
		vmx_cmd(&v, 0xcafe0000 + g_rand_int_range(r, 3, 20));
		vmx_step_us(&v, 300);
	}
	g_rand_free(r);
	hostile_alive(&v);
}

/*
 * LP1187334: the card is pulled while its rings are full of work. PC, whose slots are
 * hot-pluggable.
 */
static void test_lp1187334(void)
{
	uint8_t out[100];
	struct vmx_rig v;
	struct rig machine;

	rig_open(&machine, 0, "-machine pc -nodefaults -device vc-port,id=p0,switch=sw0");
	for (unsigned turn = 0; turn < 3; turn++) {
		qtest_qmp_device_add(machine.qts, "vc-vmxnet3", "nic",
				     "{ 'netdev': 'p0', 'addr': '9' }");
		vmx_defaults(&v);
		rig_join(&v.r, &machine, 9);
		vmx_attach(&v);
		vmx_msix(&v);
		rig_frame(out, vmx_peer, vmx_mac, sizeof(out), 1);
		for (unsigned i = 0; i < 20; i++)
			vmx_queue(&v, 0, out, sizeof(out), VMX_BUF, 0, 0);
		vmx_bell(&v, 0);
		vmx_stop(&v);
		qpci_unplug_acpi_device_test(machine.qts, "nic", 9);
		qtest_clock_step(machine.qts, 1000000000);
	}
	rig_stop(&machine);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	qtest_add_func("/vc-vmxnet3/hostile/gl-517-offload-mode", test_gl517);
	qtest_add_func("/vc-vmxnet3/hostile/gl-533-head-and-body", test_gl533);
	qtest_add_func("/vc-vmxnet3/hostile/cve-2016-6834-segments", test_cve_2016_6834);
	qtest_add_func("/vc-vmxnet3/hostile/cve-2016-6835-headers", test_cve_2016_6835);
	qtest_add_func("/vc-vmxnet3/hostile/cve-2021-3750-own-registers", test_cve_2021_3750);
	qtest_add_func("/vc-vmxnet3/hostile/cve-2024-3567-sctp", test_cve_2024_3567);
	qtest_add_func("/vc-vmxnet3/hostile/lp-1187334-unplug", test_lp1187334);
	qtest_add_func("/vc-vmxnet3/hostile/endless-packet", test_endless_packet);
	qtest_add_func("/vc-vmxnet3/hostile/no-memory", test_no_memory);
	qtest_add_func("/vc-vmxnet3/hostile/random", test_random);
	return g_test_run();
}
