/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vmxnet3 under guests that break rules, on a whole QEMU: a case for each way in which another
 * model of this card was brought to abort, loop, leak or overrun, named after its report. Each ends
 * with a driver that resets the device, and frames that pass. Here: registers, commands, the shared
 * area.
 */
#include "vmxnet3-hostile.h"

static struct vmx_frame got;

/*
 * GL#539, LP1890155: interrupt indices that the device does not have, in a sound area; frames come
 * and go all the same.
 */
static void test_gl539(void)
{
	static const uint8_t odd[] = { 25, 64, 65, 97, 255 };
	uint8_t out[100], in[RIG_MAX_FRAME];
	struct vmx_rig v;

	hostile_start(&v);
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
	hostile_alive(&v);
}

/*
 * CVE-2013-4544, LP1890160, LP1926111: counts of queues and interrupts; doorbells of queues that
 * there are not.
 */
static void test_cve_2013_4544(void)
{
	struct vmx_rig v;

	hostile_start(&v);
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
	hostile_alive(&v);
}

/* CVE-2016-6888, CVE-2021-20203: ring sizes. */
static void test_cve_2021_20203(void)
{
	static const uint32_t odd[] = { 0,    1,	  31,	      33,	  4097,
					8192, 0x10000000, 0x80000000, 0xffffffe0, 0xffffffff };
	static const uint32_t where[] = { TQ_SIZE, TQ_COMP_N };
	struct vmx_rig v;

	hostile_start(&v);
	for (unsigned i = 0; i < ARRAY_SIZE(odd); i++)
		for (unsigned j = 0; j < 5; j++) {
			vmx_prepare(&v);
			put32(&v,
			      j < 2 ? vmx_txq(&v, 0) + where[j] :
				      vmx_rxq(&v, 0) + RQ_SIZE + 4 * (j - 2),
			      odd[i]);
			if (j == 3 && !odd[i])
				continue; /* ring 1 may be absent */
			if (j == 4 && odd[i] == 8192)
				continue; /* a receive completion ring may be that long */
			g_assert_cmphex(vmx_activate(&v), ==, 1);
			vmx_bell(&v, 0);
		}
	hostile_alive(&v);
}

/* GL#1315: MTUs. */
static void test_gl1315(void)
{
	static const uint32_t odd[] = { 0, 1, 59, 9191, 65535, 65536, 0x7fffffff, 0xffffffff };
	struct vmx_rig v;

	hostile_start(&v);
	for (unsigned i = 0; i < ARRAY_SIZE(odd); i++) {
		vmx_prepare(&v);
		put32(&v, v.shared + SH_MTU, odd[i]);
		g_assert_cmphex(vmx_activate(&v), ==, 1);
	}
	hostile_alive(&v);
}

/*
 * GL#309, CVE-2015-8745: writes to registers that are read, reads of those that are written; all
 * offsets, all sizes.
 */
static void test_gl309(void)
{
	struct vmx_rig v;

	hostile_start(&v);
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
	hostile_alive(&v);
}

/*
 * Each command, known or not, of an inactive and of an active device. LP1673722: the log is not
 * flooded.
 */
static void test_commands(void)
{
	struct vmx_rig v;
	int64_t before;

	hostile_start(&v);
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
	before = hostile_errors(&v);
	for (unsigned i = 0; i < 100; i++)
		g_assert_cmphex(vmx_cmd(&v, 0xcafe003f), ==, 0xffffffff);
	g_assert_cmpint(hostile_errors(&v), ==, before);
	hostile_alive(&v);
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
	hostile_alive(&v);
}

/*
 * CVE-2015-8567, CVE-2015-8568: ACTIVATE upon ACTIVATE takes no more memory each time; frames in
 * between.
 */
static void test_cve_2015_8567(void)
{
	uint8_t out[100];
	struct vmx_rig v;

	hostile_start(&v);
	rig_frame(out, vmx_mac, vmx_peer, sizeof(out), 1);
	for (unsigned i = 0; i < 200; i++) {
		rig_send(&v.r, out, sizeof(out));
		vmx_queue(&v, 0, out, sizeof(out), 10, 0, 0);
		vmx_bell(&v, 0);
		vmx_prepare(&v);
		g_assert_cmphex(vmx_activate(&v), ==, 0);
	}
	hostile_alive(&v);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	qtest_add_func("/vc-vmxnet3/hostile/gl-539-interrupt-index", test_gl539);
	qtest_add_func("/vc-vmxnet3/hostile/gl-1315-mtu", test_gl1315);
	qtest_add_func("/vc-vmxnet3/hostile/gl-309-registers", test_gl309);
	qtest_add_func("/vc-vmxnet3/hostile/cve-2013-4544-counts", test_cve_2013_4544);
	qtest_add_func("/vc-vmxnet3/hostile/cve-2015-8567-activate-again", test_cve_2015_8567);
	qtest_add_func("/vc-vmxnet3/hostile/cve-2016-6833-inactive", test_cve_2016_6833);
	qtest_add_func("/vc-vmxnet3/hostile/cve-2021-20203-ring-sizes", test_cve_2021_20203);
	qtest_add_func("/vc-vmxnet3/hostile/commands", test_commands);
	return g_test_run();
}
