/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interrupts of the vmxnet3: vectors and masks, INTx, MSI, moderation and coalescing on a stepped
 * clock. With one queue vector 0 is transmit, 1 receive, 2 events.
 */
#include "vmxnet3-rig.h"

enum { VEC_TX, VEC_RX, VEC_EVENT };
enum { COAL_DISABLED, COAL_ADAPT, COAL_STATIC, COAL_RBC };

static struct vmx_frame got;

/* All vectors unmasked, messages to memory. */
static void unmask(struct vmx_rig *v, bool msix)
{
	if (msix)
		vmx_msix(v);
	for (unsigned i = 0; i <= 2 * v->queues; i++)
		vmx_imr(v, i, false);
}

static void start(struct vmx_rig *v, bool msix)
{
	vmx_start_default(v);
	unmask(v, msix);
}

/* One frame comes and is taken. */
static void rx_one(struct vmx_rig *v)
{
	uint8_t out[64];

	rig_frame(out, vmx_mac, vmx_peer, sizeof(out), 1);
	rig_send(&v->r, out, sizeof(out));
	vmx_rx(v, 0, &got);
	vmx_refill(v, 0);
}

static void tx_one(struct vmx_rig *v)
{
	uint8_t out[64], in[RIG_MAX_FRAME];

	rig_frame(out, vmx_peer, vmx_mac, sizeof(out), 1);
	vmx_tx(v, 0, out, sizeof(out));
	rig_recv(&v->r, in);
	g_assert_cmpuint(vmx_tx_done(v, 0), ==, 1);
}

/* Each kind has its vector, and only that. */
static void test_vectors(void)
{
	struct vmx_rig v;

	start(&v, true);
	tx_one(&v);
	g_assert_true(vmx_fired(&v, VEC_TX));
	g_assert_false(vmx_fired(&v, VEC_RX));
	rx_one(&v);
	g_assert_true(vmx_fired(&v, VEC_RX));
	g_assert_false(vmx_fired(&v, VEC_TX));
	wire_set_link(v.r.qts, "nic", false);
	g_assert_true(vmx_fired(&v, VEC_EVENT));
	g_assert_false(vmx_fired(&v, VEC_RX));
	vmx_stop(&v);
}

/* Queues have their own vectors; the large number of them is offered from revision 6 on. */
static void test_many_vectors(void)
{
	uint8_t out[64], in[RIG_MAX_FRAME];
	struct vmx_rig v;

	vmx_defaults(&v);
	v.queues = 4;
	vmx_start(&v, VMX_DEV, "");
	unmask(&v, true);
	g_assert_cmpuint(qpci_msix_table_size(v.r.dev), ==, 65);
	rig_frame(out, vmx_peer, vmx_mac, sizeof(out), 1);
	for (unsigned q = 0; q < 4; q++) {
		vmx_tx(&v, q, out, sizeof(out));
		rig_recv(&v.r, in);
		g_assert_cmpuint(vmx_tx_done(&v, q), ==, 1);
		for (unsigned i = 0; i <= 8; i++)
			g_assert_cmpint(vmx_fired(&v, i), ==, i == q);
	}
	vmx_stop(&v);
}

/* What comes while a vector is masked is told when it is unmasked, once. */
static void test_mask(void)
{
	struct vmx_rig v;

	start(&v, true);
	vmx_imr(&v, VEC_RX, true);
	rx_one(&v);
	rx_one(&v);
	g_assert_false(vmx_fired(&v, VEC_RX));
	g_assert_cmphex(rig_read(&v.r, 0, IMR + 8 * VEC_RX), ==, 1);
	vmx_imr(&v, VEC_RX, false);
	g_assert_true(vmx_fired(&v, VEC_RX));
	vmx_imr(&v, VEC_RX, true);
	vmx_imr(&v, VEC_RX, false);
	g_assert_false(vmx_fired(&v, VEC_RX));
	vmx_stop(&v);
}

/* With auto mask an interrupt masks its vector. */
static void test_auto_mask(void)
{
	struct vmx_rig v;

	vmx_defaults(&v);
	v.auto_mask = true;
	vmx_start(&v, VMX_DEV, "");
	unmask(&v, true);
	rx_one(&v);
	g_assert_true(vmx_fired(&v, VEC_RX));
	g_assert_cmphex(rig_read(&v.r, 0, IMR + 8 * VEC_RX), ==, 1);
	g_assert_cmphex(rig_read(&v.r, 0, IMR + 8 * VEC_TX), ==, 0);
	rx_one(&v);
	g_assert_false(vmx_fired(&v, VEC_RX));
	vmx_imr(&v, VEC_RX, false);
	g_assert_true(vmx_fired(&v, VEC_RX));
	vmx_stop(&v);
}

/* A vector masked in the table of PCI stays pending there. */
static void test_msix_table_mask(void)
{
	struct vmx_rig v;
	QPCIDevice *d;

	start(&v, true);
	d = v.r.dev;
	qpci_io_writel(d, d->msix_table_bar, d->msix_table_off + 16 * VEC_RX + 12, 1);
	rx_one(&v);
	g_assert_false(vmx_fired(&v, VEC_RX));
	g_assert_true(qpci_msix_pending(d, VEC_RX));
	qpci_io_writel(d, d->msix_table_bar, d->msix_table_off + 16 * VEC_RX + 12, 0);
	g_assert_true(vmx_fired(&v, VEC_RX));
	vmx_stop(&v);
}

/* The line; reading ICR tells that it was ours, and releases it. */
static void test_intx(void)
{
	struct vmx_rig v;

	start(&v, false);
	g_assert_false(rig_irq(&v.r));
	rx_one(&v);
	g_assert_true(rig_irq(&v.r));
	g_assert_cmphex(rig_read(&v.r, 1, ICR), ==, 1);
	g_assert_false(rig_irq(&v.r));
	g_assert_cmphex(rig_read(&v.r, 1, ICR), ==, 0);
	vmx_imr(&v, VEC_TX, true);
	tx_one(&v);
	g_assert_false(rig_irq(&v.r));
	vmx_imr(&v, VEC_TX, false);
	g_assert_true(rig_irq(&v.r));
	vmx_cmd(&v, CMD_QUIESCE);
	g_assert_false(rig_irq(&v.r));
	vmx_stop(&v);
}

/* PCI PM 1.1, 5.4: a card in D3 does not interrupt. Without its registers nobody could stop it. */
static void test_intx_in_d3(void)
{
	struct vmx_rig v;

	start(&v, false);
	rx_one(&v);
	g_assert_true(rig_irq(&v.r));
	rig_power(&v.r, 3);
	g_assert_false(rig_irq(&v.r));
	rig_power(&v.r, 0);
	g_assert_false(rig_irq(&v.r));
	vmx_stop(&v);
}

#define MSI_CAP 0x84

/* One message for all; Linux then gives all sources index 0. PCI 3.0, 6.8.1. */
static void test_msi(void)
{
	struct vmx_rig v;
	QPCIDevice *d;

	vmx_defaults(&v);
	rig_start(&v.r, VMX_DEV, "");
	vmx_open(&v);
	vmx_prepare(&v);
	put8(&v, vmx_rxq(&v, 0) + RQ_INTR, 0);
	put8(&v, v.shared + SH_EVENT_INTR, 0);
	put8(&v, v.shared + SH_NUM_INTRS, 1);
	g_assert_cmphex(vmx_activate(&v), ==, 0);
	d = v.r.dev;
	qpci_config_writel(d, MSI_CAP + 4, (uint32_t)v.irq_mem);
	qpci_config_writel(d, MSI_CAP + 8, v.irq_mem >> 32);
	qpci_config_writew(d, MSI_CAP + 12, 1);
	qpci_config_writew(d, MSI_CAP + 2, qpci_config_readw(d, MSI_CAP + 2) | 1);
	unmask(&v, false);
	rx_one(&v);
	g_assert_true(vmx_fired(&v, 0));
	tx_one(&v);
	g_assert_true(vmx_fired(&v, 0));
	wire_set_link(v.r.qts, "nic", false);
	g_assert_true(vmx_fired(&v, 0));
	g_assert_false(rig_irq(&v.r));
	vmx_stop(&v);
}

/* GET_CONF_INTR: type 0 (driver's choice) in bits 1 to 0, who masks in bits 3 to 2. */
static void test_mask_modes(void)
{
	static const char *const modes[] = { "auto", "active", "lazy" };

	for (unsigned i = 0; i < 3; i++) {
		g_autofree char *dev = g_strdup_printf(VMX_DEV ",mask-mode=%s", modes[i]);
		struct vmx_rig v;

		vmx_defaults(&v);
		vmx_start(&v, dev, "");
		g_assert_cmphex(vmx_cmd(&v, CMD_GET_CONF_INTR), ==, i << 2);
		vmx_stop(&v);
	}
}

/* Without MSI-X, without both. */
static void test_fewer_capabilities(void)
{
	struct vmx_rig v;

	vmx_defaults(&v);
	vmx_start(&v, VMX_DEV ",msix=off", "");
	g_assert_cmphex(qpci_find_capability(v.r.dev, 0x11, 0), ==, 0);
	g_assert_cmphex(qpci_find_capability(v.r.dev, 5, 0), ==, MSI_CAP);
	vmx_stop(&v);
	vmx_defaults(&v);
	vmx_start(&v, VMX_DEV ",msix=off,msi=off", "");
	g_assert_cmphex(qpci_find_capability(v.r.dev, 5, 0), ==, 0);
	unmask(&v, false);
	rx_one(&v);
	g_assert_true(rig_irq(&v.r));
	vmx_stop(&v);
}

/* SET_COALESCE or GET_COALESCE with the scheme at @mem; the answer. */
static uint32_t coalesce(struct vmx_rig *v, uint32_t cmd, uint64_t mem)
{
	put32(v, v->shared + SH_CMD_INFO + 4, 16);
	put64(v, v->shared + SH_CMD_INFO + 8, mem);
	return vmx_cmd(v, cmd);
}

static uint32_t scheme(struct vmx_rig *v, uint32_t mode, uint32_t a, uint32_t b, uint32_t c)
{
	uint64_t mem = v->irq_mem + 2048;

	put32(v, mem, mode);
	put32(v, mem + 4, a);
	put32(v, mem + 8, b);
	put32(v, mem + 12, c);
	return coalesce(v, CMD_SET_COALESCE, mem);
}

/* Static: so many completions make an interrupt; fewer wait, but not for ever. */
static void test_coalesce_static(void)
{
	struct vmx_rig v;

	start(&v, true);
	g_assert_cmphex(scheme(&v, COAL_STATIC, 64, 4, 8), ==, 0);
	for (unsigned turn = 0; turn < 3; turn++) {
		for (unsigned i = 1; i < 8; i++) {
			rx_one(&v);
			g_assert_false(vmx_fired(&v, VEC_RX));
		}
		rx_one(&v);
		g_assert_true(vmx_fired(&v, VEC_RX));
		for (unsigned i = 1; i < 4; i++) {
			tx_one(&v);
			g_assert_false(vmx_fired(&v, VEC_TX));
		}
		tx_one(&v);
		g_assert_true(vmx_fired(&v, VEC_TX));
	}
	rx_one(&v);
	vmx_step_us(&v, 10);
	g_assert_false(vmx_fired(&v, VEC_RX));
	vmx_step_us(&v, 5000);
	g_assert_true(vmx_fired(&v, VEC_RX));
	vmx_stop(&v);
}

/* RBC: at most so many a second; the first one at once. */
static void test_coalesce_rbc(void)
{
	struct vmx_rig v;

	start(&v, true);
	g_assert_cmphex(scheme(&v, COAL_RBC, 1000, 0, 0), ==, 0);
	vmx_step_us(&v, 10000);
	rx_one(&v);
	g_assert_true(vmx_fired(&v, VEC_RX));
	for (unsigned turn = 0; turn < 3; turn++) {
		rx_one(&v);
		g_assert_false(vmx_fired(&v, VEC_RX));
		vmx_step_us(&v, 900);
		rx_one(&v);
		g_assert_false(vmx_fired(&v, VEC_RX));
		vmx_step_us(&v, 101);
		g_assert_true(vmx_fired(&v, VEC_RX));
	}
	vmx_stop(&v);
}

/* Disabled: each one is told, whatever the levels say. */
static void test_coalesce_disabled(void)
{
	struct vmx_rig v;

	start(&v, true);
	put8(&v, v.shared + SH_MOD_LEVELS + VEC_RX, 7);
	vmx_cmd(&v, CMD_UPDATE_IML);
	g_assert_cmphex(scheme(&v, COAL_DISABLED, 0, 0, 0), ==, 0);
	for (unsigned i = 0; i < 5; i++) {
		rx_one(&v);
		g_assert_true(vmx_fired(&v, VEC_RX));
	}
	vmx_stop(&v);
}

/* What is set is what is asked back; what makes no sense is refused and changes nothing. */
static void test_coalesce_values(void)
{
	static const uint32_t bad[][4] = {
		{ 4, 0, 0, 0 },		  { COAL_RBC, 99, 0, 0 },	{ COAL_RBC, 100001, 0, 0 },
		{ COAL_STATIC, 0, 1, 1 }, { COAL_STATIC, 64, 129, 64 }, { COAL_STATIC, 64, 64, 0 },
		{ 0xffffffff, 1, 1, 1 },
	};
	struct vmx_rig v;
	uint64_t mem;

	start(&v, true);
	mem = v.irq_mem + 1024;
	g_assert_cmphex(scheme(&v, COAL_STATIC, 100, 20, 30), ==, 0);
	for (unsigned i = 0; i < ARRAY_SIZE(bad); i++)
		g_assert_cmphex(scheme(&v, bad[i][0], bad[i][1], bad[i][2], bad[i][3]), ==, 1);
	g_assert_cmphex(coalesce(&v, CMD_GET_COALESCE, mem), ==, 0);
	g_assert_cmpuint(get32(&v, mem), ==, COAL_STATIC);
	g_assert_cmpuint(get32(&v, mem + 4), ==, 100);
	g_assert_cmpuint(get32(&v, mem + 8), ==, 20);
	g_assert_cmpuint(get32(&v, mem + 12), ==, 30);
	g_assert_cmphex(coalesce(&v, CMD_GET_COALESCE, 0xfffffffffffff000), ==, 1);
	vmx_stop(&v);
}

/* Moderation levels: 0 tells each, a higher one keeps a distance. */
static void test_levels(void)
{
	struct vmx_rig v;

	start(&v, true);
	rx_one(&v);
	g_assert_true(vmx_fired(&v, VEC_RX));
	rx_one(&v);
	g_assert_true(vmx_fired(&v, VEC_RX));
	put8(&v, v.shared + SH_MOD_LEVELS + VEC_RX, 7);
	vmx_cmd(&v, CMD_UPDATE_IML);
	rx_one(&v);
	g_assert_false(vmx_fired(&v, VEC_RX));
	tx_one(&v);
	g_assert_true(vmx_fired(&v, VEC_TX)); /* has a level of its own */
	vmx_step_us(&v, 1000);
	g_assert_true(vmx_fired(&v, VEC_RX));
	wire_set_link(v.r.qts, "nic", false); /* nothing delays an event */
	g_assert_true(vmx_fired(&v, VEC_EVENT));
	vmx_stop(&v);
}

/*
 * Moved while one vector is pending and masked and another waits for its time: both are told where
 * they go to.
 */
static void test_migrate(void)
{
	struct vmx_rig from, to;
	uint8_t in[RIG_MAX_FRAME];
	struct rig fresh;

	start(&from, true);
	g_assert_cmphex(scheme(&from, COAL_RBC, 1000, 0, 0), ==, 0);
	vmx_step_us(&from, 10000);
	rx_one(&from);
	g_assert_true(vmx_fired(&from, VEC_RX));
	rx_one(&from); /* to be told in 1 ms */
	vmx_imr(&from, VEC_TX, true);
	tx_one(&from);
	vmx_step_us(&from, 500);
	rig_start(&fresh, VMX_DEV, "-incoming defer");
	wire_migrate(from.r.qts, fresh.qts);
	to = from;
	rig_move(&to.r, &fresh);
	vmx_stop(&from);
	rig_recv(&to.r, in); /* the announcement */
	g_assert_false(vmx_fired(&to, VEC_RX));
	vmx_step_us(&to, 499);
	g_assert_false(vmx_fired(&to, VEC_RX));
	vmx_step_us(&to, 2);
	g_assert_true(vmx_fired(&to, VEC_RX));
	g_assert_false(vmx_fired(&to, VEC_TX));
	vmx_imr(&to, VEC_TX, false);
	g_assert_true(vmx_fired(&to, VEC_TX));
	vmx_stop(&to);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	qtest_add_func("/vc-vmxnet3/interrupt/vectors", test_vectors);
	qtest_add_func("/vc-vmxnet3/interrupt/many-vectors", test_many_vectors);
	qtest_add_func("/vc-vmxnet3/interrupt/mask", test_mask);
	qtest_add_func("/vc-vmxnet3/interrupt/auto-mask", test_auto_mask);
	qtest_add_func("/vc-vmxnet3/interrupt/msix-table-mask", test_msix_table_mask);
	qtest_add_func("/vc-vmxnet3/interrupt/intx", test_intx);
	qtest_add_func("/vc-vmxnet3/interrupt/intx-in-d3", test_intx_in_d3);
	qtest_add_func("/vc-vmxnet3/interrupt/msi", test_msi);
	qtest_add_func("/vc-vmxnet3/interrupt/mask-modes", test_mask_modes);
	qtest_add_func("/vc-vmxnet3/interrupt/fewer-capabilities", test_fewer_capabilities);
	qtest_add_func("/vc-vmxnet3/interrupt/coalesce-static", test_coalesce_static);
	qtest_add_func("/vc-vmxnet3/interrupt/coalesce-rbc", test_coalesce_rbc);
	qtest_add_func("/vc-vmxnet3/interrupt/coalesce-disabled", test_coalesce_disabled);
	qtest_add_func("/vc-vmxnet3/interrupt/coalesce-values", test_coalesce_values);
	qtest_add_func("/vc-vmxnet3/interrupt/levels", test_levels);
	qtest_add_func("/vc-vmxnet3/interrupt/migrate", test_migrate);
	return g_test_run();
}
