/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vmxnet3 under guests that break rules, on a whole QEMU: a case for each way in which another model of this card was
 * brought to abort, loop, leak or overrun, named after its report. Each ends with a driver that resets the device, and
 * frames that pass.
 */
#include "vmxnet3-rig.h"

static struct vmx_frame got;

static void start(struct vmx_rig *v)
{
	vmx_start_default(v);
	vmx_msix(v);
}

static int64_t errors(struct vmx_rig *v)
{
	return wire_stat(v->r.qts, "nic", "guest-errors");
}

/* Let the device work, and take what it sends. */
static void drain(struct vmx_rig *v)
{
	uint8_t in[RIG_MAX_FRAME];

	while (!rig_wire_quiet(&v->r))
		rig_recv(&v->r, in);
}

/* Takes the place of all that a case left: the driver resets, activates, and frames go both ways. Then QEMU ends well. */
static void alive(struct vmx_rig *v)
{
	uint8_t out[100], in[RIG_MAX_FRAME];

	vmx_cmd(v, CMD_RESET);
	vmx_prepare(v);
	g_assert_cmphex(vmx_activate(v), ==, 0);
	drain(v);
	for (unsigned i = 0; i < 3; i++) {
		rig_frame(out, vmx_peer, vmx_mac, sizeof(out), i);
		vmx_tx(v, 0, out, sizeof(out));
		g_assert_cmpuint(rig_recv(&v->r, in), ==, sizeof(out));
		g_assert_cmpmem(in, sizeof(out), out, sizeof(out));
		g_assert_cmpuint(vmx_tx_done(v, 0), ==, 1);
		rig_frame(out, vmx_mac, vmx_peer, sizeof(out), 1000 + i);
		rig_send(&v->r, out, sizeof(out));
		do
			vmx_rx(v, 0, &got);
		while (ldl_be_p(got.data + 14) != 1000 + i && i == 0); /* frames of the case may have waited */
		g_assert_cmpuint(ldl_be_p(got.data + 14), ==, 1000 + i);
		vmx_refill(v, 0);
	}
	vmx_stop(v);
}

/* Status of a stopped queue, and the event that tells. */
static void expect_stopped(struct vmx_rig *v, uint64_t qd, uint32_t event)
{
	g_assert_cmphex(qtest_readb(v->r.qts, qd + QD_STOPPED), ==, 1);
	g_assert_cmphex(get32(v, qd + QD_ERROR), !=, 0);
	g_assert_cmphex(get32(v, v->shared + SH_ECR), ==, event);
}

/* GL#517: offload mode 1 in a transmit descriptor; and every other mode with every header length and offset. */
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
			static const uint16_t odd[] = { 0, 1, 13, 14, 33, 34, 50, 54, 199, 200, 201, 575, 1000, 1023 };

			vmx_queue(&v, 0, out, sizeof(out), VMX_BUF, TXD_MSSCOF(odd[(i * 5) % 14]),
				  TXD_OM(om) | TXD_HLEN(odd[i]));
			vmx_bell(&v, 0);
			g_assert_cmpuint(vmx_tx_done(&v, 0), ==, 1);
		}
	g_assert_cmpint(errors(&v), >, 0);
	alive(&v);
}

/* GL#533: a head where only bodies may be, a body where a frame has to begin, no buffer length at all. */
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
	for (unsigned i = 0; i < v.ring_size; i++) /* ring 0: bodies only, the whole ring the device's */
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
	alive(&v);
}

/* GL#539, LP1890155: interrupt indices that the device does not have, in a sound area; frames come and go all the same. */
static void test_gl539(void)
{
	static const uint8_t odd[] = { 25, 64, 65, 97, 255 };
	uint8_t out[100], in[RIG_MAX_FRAME];
	struct vmx_rig v;

	start(&v);
	rig_frame(out, vmx_peer, vmx_mac, sizeof(out), 1);
	for (unsigned i = 0; i < ARRAY_SIZE(odd); i++) {
		vmx_prepare(&v);
		put8(&v, vmx_txq(&v, 0) + TQ_INTR, odd[i]);
		put8(&v, vmx_rxq(&v, 0) + RQ_INTR, odd[i]);
		put8(&v, v.shared + SH_EVENT_INTR, odd[i]);
		g_assert_cmphex(vmx_activate(&v), ==, 0);
		vmx_tx(&v, 0, out, sizeof(out));
		g_assert_cmpuint(rig_recv(&v.r, in), ==, sizeof(out));
		memcpy(in, vmx_mac, 6);
		rig_send(&v.r, in, sizeof(out));
		vmx_rx(&v, 0, &got);
	}
	alive(&v);
}

/* CVE-2013-4544, LP1890160, LP1926111: counts of queues and interrupts; doorbells of queues that there are not. */
static void test_cve_2013_4544(void)
{
	struct vmx_rig v;

	start(&v);
	for (unsigned i = 0; i < 256; i += 3) {
		vmx_prepare(&v);
		put8(&v, v.shared + SH_NUM_TXQ, i);
		put8(&v, v.shared + SH_NUM_RXQ, 255 - i);
		put8(&v, v.shared + SH_NUM_INTRS, i * 7);
		vmx_activate(&v);
		vmx_bell(&v, 0);
	}
	vmx_prepare(&v);
	vmx_activate(&v);
	for (unsigned off = 0; off < 0x2000; off += 8)
		rig_write(&v.r, 0, off, off);
	alive(&v);
}

/* CVE-2016-6888, CVE-2021-20203: ring sizes. */
static void test_cve_2021_20203(void)
{
	static const uint32_t odd[] = { 0, 1, 31, 33, 4097, 8192, 0x10000000, 0x80000000, 0xffffffe0, 0xffffffff };
	static const uint32_t where[] = { TQ_SIZE, TQ_COMP_N };
	struct vmx_rig v;

	start(&v);
	for (unsigned i = 0; i < ARRAY_SIZE(odd); i++)
		for (unsigned j = 0; j < 5; j++) {
			vmx_prepare(&v);
			put32(&v, j < 2 ? vmx_txq(&v, 0) + where[j] : vmx_rxq(&v, 0) + RQ_SIZE + 4 * (j - 2), odd[i]);
			if (j == 3 && !odd[i])
				continue; /* ring 1 may be absent */
			if (j == 4 && odd[i] == 8192)
				continue; /* a receive completion ring may be that long */
			g_assert_cmphex(vmx_activate(&v), ==, 1);
			vmx_bell(&v, 0);
		}
	alive(&v);
}

/* GL#1315: MTUs. */
static void test_gl1315(void)
{
	static const uint32_t odd[] = { 0, 1, 59, 9191, 65535, 65536, 0x7fffffff, 0xffffffff };
	struct vmx_rig v;

	start(&v);
	for (unsigned i = 0; i < ARRAY_SIZE(odd); i++) {
		vmx_prepare(&v);
		put32(&v, v.shared + SH_MTU, odd[i]);
		g_assert_cmphex(vmx_activate(&v), ==, 1);
	}
	alive(&v);
}

/* GL#309, CVE-2015-8745: writes to registers that are read, reads of those that are written; all offsets, all sizes. */
static void test_gl309(void)
{
	struct vmx_rig v;

	start(&v);
	for (unsigned off = 0; off < 0x1000; off++) {
		qpci_io_readb(v.r.dev, v.r.bar[1], off);
		qpci_io_readw(v.r.dev, v.r.bar[1], off & ~1u);
		if (off % 8 == 0)
			qpci_io_readq(v.r.dev, v.r.bar[1], off);
		if (off % 4 == 0 && off != CMD && off != DSAL)
			rig_write(&v.r, 1, off, 0xffffffff);
		if (off % 4 == 1)
			qpci_io_writew(v.r.dev, v.r.bar[1], off, 0xffff);
	}
	for (unsigned off = 0; off < 0x2000; off += 4)
		rig_read(&v.r, 0, off);
	rig_write(&v.r, 1, VRRS, 1 << 8);
	alive(&v);
}

/* Each command, known or not, of an inactive and of an active device. LP1673722: the log is not flooded. */
static void test_commands(void)
{
	struct vmx_rig v;
	int64_t before;

	start(&v);
	for (unsigned active = 0; active < 2; active++)
		for (uint32_t c = 0; c < 64; c++) {
			vmx_cmd(&v, 0xcafe0000 + c);
			vmx_cmd(&v, 0xf00d0000 + c);
			vmx_cmd(&v, c << 26);
			if (active) {
				vmx_prepare(&v);
				vmx_activate(&v);
			}
		}
	before = errors(&v);
	for (unsigned i = 0; i < 100; i++)
		g_assert_cmphex(vmx_cmd(&v, 0xcafe003f), ==, 0xffffffff);
	g_assert_cmpint(errors(&v), ==, before);
	alive(&v);
}

/* CVE-2016-6833, LP1890157: doorbells and frames before ACTIVATE and after QUIESCE. */
static void test_cve_2016_6833(void)
{
	uint8_t out[100];
	struct vmx_rig v;

	vmx_defaults(&v);
	rig_start(&v.r, VMX_DEV, "");
	vmx_open(&v);
	vmx_prepare(&v);
	rig_frame(out, vmx_mac, vmx_peer, sizeof(out), 1);
	for (unsigned i = 0; i < 3; i++) {
		rig_send(&v.r, out, sizeof(out));
		vmx_queue(&v, 0, out, sizeof(out), VMX_BUF, 0, 0);
		for (unsigned q = 0; q < 32; q++) {
			rig_write(&v.r, 0, TXPROD + 8 * q, 5);
			rig_write(&v.r, 0, RXPROD + 8 * q, 5);
		}
		g_assert_true(rig_wire_quiet(&v.r));
		vmx_activate(&v);
		vmx_cmd(&v, CMD_QUIESCE);
	}
	alive(&v);
}

/* CVE-2015-8567, CVE-2015-8568: ACTIVATE upon ACTIVATE takes no more memory each time; frames in between. */
static void test_cve_2015_8567(void)
{
	uint8_t out[100];
	struct vmx_rig v;

	start(&v);
	rig_frame(out, vmx_mac, vmx_peer, sizeof(out), 1);
	for (unsigned i = 0; i < 200; i++) {
		rig_send(&v.r, out, sizeof(out));
		vmx_queue(&v, 0, out, sizeof(out), 10, 0, 0);
		vmx_bell(&v, 0);
		vmx_prepare(&v);
		g_assert_cmphex(vmx_activate(&v), ==, 0);
	}
	alive(&v);
}

/* CVE-2015-8744, CVE-2016-6835: frames shorter than their headers, and headers that say they are longer than the frame. */
static void test_cve_2016_6835(void)
{
	uint8_t out[200];
	struct vmx_rig v;

	start(&v);
	for (unsigned len = 1; len < 80; len++) {
		rig_tcp4(out, vmx_peer, vmx_mac, 146);
		out[14] = 0x4f; /* IP header of 60 bytes */
		vmx_queue(&v, 0, out, len, VMX_BUF, TXD_MSSCOF(len), TXD_OM(len % 4) | TXD_HLEN(len + len % 3));
		vmx_bell(&v, 0);
		g_assert_cmpuint(vmx_tx_done(&v, 0), ==, 1);
	}
	alive(&v);
}

/* CVE-2024-3567: checksum offload of a truncated SCTP frame, and TSO of what is no TCP. */
static void test_cve_2024_3567(void)
{
	uint8_t out[200];
	struct vmx_rig v;

	start(&v);
	rig_tcp4(out, vmx_peer, vmx_mac, 146);
	out[23] = 132;
	for (unsigned len = 30; len < 60; len++) {
		vmx_queue(&v, 0, out, len, VMX_BUF, TXD_MSSCOF(42), TXD_OM(OM_CSUM) | TXD_HLEN(34));
		vmx_queue(&v, 0, out, len, VMX_BUF, TXD_MSSCOF(1), TXD_OM(OM_TSO) | TXD_HLEN(len - 1));
		vmx_bell(&v, 0);
		g_assert_cmpuint(vmx_tx_done(&v, 0), ==, 2);
	}
	alive(&v);
}

/* CVE-2015-6815's class, CVE-2016-6834, GL#460: messages that cannot be cut: no segment size, no payload, one byte each. */
static void test_cve_2016_6834(void)
{
	static const uint16_t mss[] = { 0, 1, 2, 16383 };
	uint8_t out[600];
	struct vmx_rig v;

	start(&v);
	for (unsigned i = 0; i < ARRAY_SIZE(mss); i++)
		for (unsigned len = 54; len < 74; len++) {
			rig_tcp4(out, vmx_peer, vmx_mac, 500);
			vmx_queue(&v, 0, out, len, VMX_BUF, TXD_MSSCOF(mss[i]), TXD_OM(OM_TSO) | TXD_HLEN(54));
			vmx_bell(&v, 0);
			g_assert_cmpuint(vmx_tx_done(&v, 0), ==, 1);
			drain(&v);
		}
	alive(&v);
}

/* A ring of descriptors without end of packet, which are all the device's: the queue stops, the device does not spin. */
static void test_endless_packet(void)
{
	struct vmx_rig v;

	start(&v);
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
	alive(&v);
}

/* GL#556's class, CVE-2021-3750: rings, completions, buffers, shared area in the device's own registers. */
static void test_cve_2021_3750(void)
{
	uint8_t out[100];
	struct vmx_rig v;

	start(&v);
	rig_frame(out, vmx_mac, vmx_peer, sizeof(out), 1);
	for (unsigned i = 0; i < 24; i++) {
		uint64_t mmio = v.r.bar[i % 2].addr + (i / 12 ? 0 : 0x600);
		const uint64_t where[] = {
			vmx_txq(&v, 0) + TQ_RING, vmx_txq(&v, 0) + TQ_COMP, vmx_rxq(&v, 0) + RQ_RING,
			vmx_rxq(&v, 0) + RQ_COMP, v.shared + SH_QDESC, v.shared + SH_MF,
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
	drain(&v);
	g_assert_true(vmx_rx_idle(&v, 0));
	rig_write(&v.r, 1, DSAL, (uint32_t)v.r.bar[1].addr);
	g_assert_cmphex(vmx_cmd(&v, CMD_ACTIVATE), ==, 1);
	alive(&v);
}

/* Addresses where no memory is. */
static void test_no_memory(void)
{
	const uint64_t nowhere[] = { 0x80000000, 0xfffffffffffff000, 0x7fffffffffffff00 };
	uint8_t out[100];
	struct vmx_rig v;

	start(&v);
	rig_frame(out, vmx_mac, vmx_peer, sizeof(out), 1);
	for (unsigned i = 0; i < ARRAY_SIZE(nowhere); i++) {
		vmx_prepare(&v);
		for (unsigned n = 0; n < v.ring_size; n++)
			put64(&v, v.q[0].rx[0].pa + 16 * n, nowhere[i]);
		g_assert_cmphex(vmx_activate(&v), ==, 0);
		vmx_txd(&v, 0, nowhere[i], 1000, TXD_EOP | TXD_CQ);
		vmx_bell(&v, 0);
		g_assert_cmpuint(vmx_tx_done(&v, 0), ==, 1); /* a frame that cannot be read is lost, the ring is sound */
		rig_send(&v.r, out, sizeof(out));
		g_assert_true(rig_wire_quiet(&v.r));
		rig_write(&v.r, 1, DSAH, nowhere[i] >> 32);
		rig_write(&v.r, 1, DSAL, (uint32_t)nowhere[i]);
		g_assert_cmphex(vmx_cmd(&v, CMD_ACTIVATE), ==, 1);
	}
	alive(&v);
}

/* Whatever stands in DriverShared and the queue descriptors, and wherever the doorbells are. */
static void test_random(void)
{
	GRand *r = g_rand_new_with_seed(20);
	uint8_t out[300];
	struct vmx_rig v;

	start(&v);
	rig_frame(out, vmx_mac, vmx_peer, sizeof(out), 1);
	for (unsigned turn = 0; turn < 300; turn++) {
		vmx_prepare(&v);
		for (unsigned i = g_rand_int_range(r, 1, 6); i; i--) {
			uint64_t base = g_rand_boolean(r) ? v.shared : v.qdesc;

			put8(&v, base + g_rand_int_range(r, 4, base == v.shared ? SH_SIZE : 2 * QD), g_rand_int(r));
		}
		vmx_activate(&v);
		for (unsigned i = 0; i < 4; i++) {
			vmx_txd(&v, 0, v.q[0].tx_buf + g_rand_int_range(r, 0, 4096), g_rand_int(r) & ~TXD_GEN, g_rand_int(r));
			vmx_bell(&v, 0);
		}
		rig_send(&v.r, out, sizeof(out));
		vmx_cmd(&v, 0xcafe0000 + g_rand_int_range(r, 3, 20));
		vmx_step_us(&v, 300);
	}
	g_rand_free(r);
	alive(&v);
}

/* LP1187334: the card is pulled while its rings are full of work. PC, whose slots are hot-pluggable. */
static void test_lp1187334(void)
{
	uint8_t out[100];
	struct vmx_rig v;
	struct rig machine;

	rig_open(&machine, 0, "-machine pc -nodefaults -device vc-port,id=p0,switch=sw0");
	for (unsigned turn = 0; turn < 3; turn++) {
		qtest_qmp_device_add(machine.qts, "vc-vmxnet3", "nic", "{ 'netdev': 'p0', 'addr': '9' }");
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
	qtest_add_func("/vc-vmxnet3/hostile/gl-539-interrupt-index", test_gl539);
	qtest_add_func("/vc-vmxnet3/hostile/gl-1315-mtu", test_gl1315);
	qtest_add_func("/vc-vmxnet3/hostile/gl-309-registers", test_gl309);
	qtest_add_func("/vc-vmxnet3/hostile/cve-2013-4544-counts", test_cve_2013_4544);
	qtest_add_func("/vc-vmxnet3/hostile/cve-2015-8567-activate-again", test_cve_2015_8567);
	qtest_add_func("/vc-vmxnet3/hostile/cve-2016-6833-inactive", test_cve_2016_6833);
	qtest_add_func("/vc-vmxnet3/hostile/cve-2016-6834-segments", test_cve_2016_6834);
	qtest_add_func("/vc-vmxnet3/hostile/cve-2016-6835-headers", test_cve_2016_6835);
	qtest_add_func("/vc-vmxnet3/hostile/cve-2021-3750-own-registers", test_cve_2021_3750);
	qtest_add_func("/vc-vmxnet3/hostile/cve-2021-20203-ring-sizes", test_cve_2021_20203);
	qtest_add_func("/vc-vmxnet3/hostile/cve-2024-3567-sctp", test_cve_2024_3567);
	qtest_add_func("/vc-vmxnet3/hostile/lp-1187334-unplug", test_lp1187334);
	qtest_add_func("/vc-vmxnet3/hostile/commands", test_commands);
	qtest_add_func("/vc-vmxnet3/hostile/endless-packet", test_endless_packet);
	qtest_add_func("/vc-vmxnet3/hostile/no-memory", test_no_memory);
	qtest_add_func("/vc-vmxnet3/hostile/random", test_random);
	return g_test_run();
}
