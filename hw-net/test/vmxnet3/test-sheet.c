/* SPDX-License-Identifier: BSD-2-Clause */
/* What drivers other than Linux's know of the device, and what VMware's shows besides registers. */
#include "unit.h"
#include "guest.h"

static struct fake_host h;

/* VMware makes the Device Serial Number of the station address: Windows names the adapter by it. */
START_TEST(serial_number)
{
	struct hwnet_pci pci = { 0 };
	uint64_t want = 0xfe;

	fake_host_init(&h);
	fake_open(&h, "vmxnet3");
	hwnet_pci(h.nic, &pci);
	for (unsigned i = 0; i < 3; i++) {
		want |= (uint64_t)h.cfg.mac[3 + i] << (8 + 8 * i);
		want |= (uint64_t)h.cfg.mac[i] << (32 + 8 * i);
	}
	ck_assert_uint_eq(pci.serial, want | 0xffull << 56);
	fake_host_fini(&h);
}
END_TEST

/* GET_ADAPTIVE_RING_INFO, which DPDK's header and QEMU's device have: 1 says that rings stay as
 * they are. Anything else with bit 0 clear would let a driver resize them. */
START_TEST(adaptive_rings_are_off)
{
	fake_host_init(&h);
	fake_open(&h, "vmxnet3");
	for (unsigned rev = 1; rev <= 9; rev += 8) {
		fake_write(&h, 1, 0, 1u << (rev - 1), 4);
		fake_write(&h, 1, 0x20, 0xf00d0009, 4);
		ck_assert_uint_eq(fake_read(&h, 1, 0x20, 4), 1);
	}
	fake_host_fini(&h);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = { serial_number, adaptive_rings_are_off, NULL };

	return unit_main("vmxnet3-sheet", tests);
}
