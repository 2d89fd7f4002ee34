/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Device suite of the e1000: interrupts, and what holds them back, on a stepped clock. See
 * e1000-test.c.
 */
#include "e1000-rig.h"

/* 13.4.17-21: ICR clears when read, IMS/IMC select, ICS sets; the line follows. */
static void test_interrupt_registers(void)
{
	struct e1000_rig e;

	e1000_rig_start(&e, E1000_DEV, "");
	g_assert_false(rig_irq(&e.r));
	wr(&e, ICS, ICR_RXDMT0);
	g_assert_false(rig_irq(&e.r));
	wr(&e, IMS, ICR_RXDMT0);
	g_assert_true(rig_irq(&e.r));
	wr(&e, IMC, ICR_RXDMT0);
	g_assert_false(rig_irq(&e.r));
	wr(&e, IMS, ICR_RXDMT0);
	g_assert_cmphex(rd(&e, ICR) & 0xffff, ==, ICR_RXDMT0);
	g_assert_false(rig_irq(&e.r));
	g_assert_cmphex(rd(&e, ICR) & 0xffff, ==, 0);
	e1000_rig_stop(&e);
}

/* 13.4.30, 13.4.31: RDTR starts anew with each frame, RADV does not; units of 1.024 us. */
static void test_rx_delay(void)
{
	struct e1000_rig e;

	e1000_rig_start(&e, E1000_DEV, "");
	wr(&e, IMS, ICR_RXT0);
	wr(&e, RDTR, 100);
	wr(&e, RADV, 250);
	e1000_rx_one(&e, 1);
	g_assert_false(rig_irq(&e.r));
	e1000_step_us(&e, 100);
	g_assert_false(rig_irq(&e.r)); /* 102.4 us is the moment */
	e1000_step_us(&e, 3);
	g_assert_true(rig_irq(&e.r));
	g_assert_cmphex(rd(&e, ICR) & ICR_RXT0, ==, ICR_RXT0);

	e1000_rx_one(&e, 2); /* at 0 */
	e1000_step_us(&e, 90);
	e1000_rx_one(&e, 3);
	e1000_step_us(&e, 90);
	e1000_rx_one(&e, 4);
	e1000_step_us(&e, 70);
	g_assert_false(rig_irq(&e.r)); /* at 250: RADV comes at 256 */
	e1000_step_us(&e, 7);
	g_assert_true(rig_irq(&e.r));
	e1000_rig_stop(&e);
}

/* RDTR bit 31 (FPD): a pending delayed interrupt comes at once. */
static void test_rx_flush(void)
{
	struct e1000_rig e;

	e1000_rig_start(&e, E1000_DEV, "");
	wr(&e, IMS, ICR_RXT0);
	wr(&e, RDTR, 60000);
	e1000_rx_one(&e, 1);
	g_assert_false(rig_irq(&e.r));
	wr(&e, RDTR, 60000 | 1u << 31);
	g_assert_true(rig_irq(&e.r));
	e1000_rig_stop(&e);
}

/* 13.4.44, 13.4.46: TIDV with IDE delays TXDW, TADV bounds it. */
static void test_tx_delay(void)
{
	struct e1000_rig e;

	e1000_rig_start(&e, E1000_DEV, "");
	wr(&e, IMS, ICR_TXDW);
	wr(&e, TIDV, 100);
	wr(&e, TADV, 150);
	e1000_tx_delayed(&e, 1);
	e1000_step_us(&e, 101);
	g_assert_false(rig_irq(&e.r));
	e1000_step_us(&e, 2);
	g_assert_true(rig_irq(&e.r));
	rd(&e, ICR);
	e1000_tx_delayed(&e, 2);
	e1000_step_us(&e, 90);
	e1000_tx_delayed(&e, 3);
	e1000_step_us(&e, 60);
	g_assert_false(rig_irq(&e.r));
	e1000_step_us(&e, 5); /* 153.6 us after the first */
	g_assert_true(rig_irq(&e.r));
	e1000_rig_stop(&e);
}

/* 13.4.18: interrupts are at least ITR * 256 ns apart. */
static void test_itr(void)
{
	struct e1000_rig e;

	e1000_rig_start(&e, E1000_DEV, "");
	wr(&e, IMS, ICR_RXT0);
	wr(&e, ITR, 4000); /* 1.024 ms */
	e1000_step_us(&e, 2000);
	e1000_rx_one(&e, 1);
	g_assert_true(rig_irq(&e.r));
	rd(&e, ICR);
	e1000_step_us(&e, 100);
	e1000_rx_one(&e, 2);
	g_assert_false(rig_irq(&e.r));
	e1000_step_us(&e, 900);
	g_assert_false(rig_irq(&e.r));
	e1000_step_us(&e, 30);
	g_assert_true(rig_irq(&e.r));
	e1000_rig_stop(&e);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	qtest_add_func("/vc-e1000/interrupt/registers", test_interrupt_registers);
	qtest_add_func("/vc-e1000/interrupt/rdtr-radv", test_rx_delay);
	qtest_add_func("/vc-e1000/interrupt/flush-partial", test_rx_flush);
	qtest_add_func("/vc-e1000/interrupt/tidv-tadv", test_tx_delay);
	qtest_add_func("/vc-e1000/interrupt/itr", test_itr);
	return g_test_run();
}
