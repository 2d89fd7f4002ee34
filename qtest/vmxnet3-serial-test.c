/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Device suite of the vmxnet3: the Device Serial Number in extended configuration space, which q35
 * shows in memory.
 */
#include "vmxnet3-rig.h"

#define MCH_CONFIG 0x80000060u /* PCIEXBAR of 00:00.0, 82G35 data sheet 5.1.16 */
#define ECAM	   0xb0000000u
#define SLOT	   4u

static uint32_t ext_config(struct vmx_rig *v, unsigned off)
{
	return qtest_readl(v->r.qts, ECAM + (SLOT << 15) + off);
}

/*
 * Windows names a card by this number (FF565000563412FE00 here), so a guest from ESXi finds its
 * adapter again.
 */
static void test_serial(void)
{
	struct vmx_rig v;

	vmx_start_default(&v);
	qtest_outl(v.r.qts, 0xcf8, MCH_CONFIG);
	qtest_outl(v.r.qts, 0xcfc, ECAM | 1);
	g_assert_cmphex(ext_config(&v, 0), ==, 0x07b015ad);
	g_assert_cmphex(ext_config(&v, 0x100), ==, 0x00010003);
	g_assert_cmphex(ext_config(&v, 0x104), ==, 0x563412fe);
	g_assert_cmphex(ext_config(&v, 0x108), ==, 0xff565000);
	vmx_stop(&v);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	qtest_add_func("/vc-vmxnet3/serial", test_serial);
	return g_test_run();
}
