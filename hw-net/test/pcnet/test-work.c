/* SPDX-License-Identifier: BSD-2-Clause */
/* PCnet: what one act of a guest can cost (docs/security.md, "Work per act"). */
#include "fixture.h"

#define MANY 4096u

START_TEST(descriptors_of_a_frame_count)
{
	unsigned pieces[32], len = 0;

	up_coalescing(PC_970A, 1, 4, 512);
	host.kick = FAKE_KICK_DEFERRED;
	for (unsigned i = 0; i < 32; i++)
		len += pieces[i] = 10;
	pc_frame(frame, peer, len, 1);
	for (unsigned i = 0; i < 12; i++)
		pc_queue(&drv, frame, pieces, 32, 0);
	pc_ring_tdmd(&drv);
	ck_assert(fake_run(&host, 9)); /* each frame is worth three */
	ck_assert_uint_ge(host.n_tx, 1);
	ck_assert_uint_le(host.n_tx, 4);
	fake_host_fini(&host);
}
END_TEST

/* A ring of one-byte buffers: as many descriptors were read as the frame has bytes, for each frame,
 * and again for each time that it was offered. */
START_TEST(receive_chain_has_an_end)
{
	uint64_t ring;

	up_coalescing(PC_970A, 1, 4, 4);
	ring = fake_alloc(&host, MANY * 16, 16);
	for (unsigned i = 0; i < MANY; i++) {
		fake_put32(&host, ring + 16 * i, (uint32_t)pc_buf(&drv.rx, 0));
		fake_put16(&host, ring + 16 * i + 4, (uint16_t)-1);
		fake_put16(&host, ring + 16 * i + 6, D_OWN);
	}
	pc_set_csr(&drv, 0, CSR0_STOP);
	pc_set_csr(&drv, 24, (uint16_t)ring);
	pc_set_csr(&drv, 25, (uint16_t)(ring >> 16));
	pc_set_csr(&drv, 76, (uint16_t)-MANY);
	pc_set_csr(&drv, 72, (uint16_t)-MANY);
	pc_set_csr(&drv, 0, CSR0_STRT | CSR0_IENA);
	arrive(1500, 3); /* the fake host counts */
	ck_assert_uint_eq(fake_get16(&host, ring + 16 * 511 + 6) & (D_OWN | D_ERR), D_ERR);
	ck_assert_uint_eq(fake_get16(&host, ring + 16 * 512 + 6) & D_OWN, D_OWN);
	fake_host_fini(&host);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = { descriptors_of_a_frame_count, receive_chain_has_an_end,
				       NULL };

	return unit_main("pcnet-work", tests);
}
