/* SPDX-License-Identifier: BSD-2-Clause */
/* vmxnet3: what wakes the machine, and what outlives resets, sleep and migration. */
#include "hwnet/frame.h"
#include "fixture.h"
#include "vmxnet3/vmxnet3.h"

/* ---- wake-up ---- */

static void filter_at(uint64_t pm, unsigned i, unsigned mask_size, unsigned pattern_size)
{
	fake_put8(&h, pm + PM_FILTERS + i * PM_FILTER_SIZE, (uint8_t)mask_size);
	fake_put8(&h, pm + PM_FILTERS + i * PM_FILTER_SIZE + 1, (uint8_t)pattern_size);
}

static bool wakes(const uint8_t *buf, uint32_t len)
{
	struct iovec iov;
	struct pkt pkt;

	pkt_flat(&pkt, &iov, buf, len);
	return fake_wake(&h, &pkt);
}

START_TEST(wake_up_frames)
{
	uint8_t magic[160] = { 0 }, b[60] = { 0 };
	uint64_t pm;

	setup(9, 1);
	memset(magic + 40, 0xff, 6);
	for (unsigned i = 0; i < 16; i++)
		memcpy(magic + 46 + 6 * i, station, 6);
	memcpy(b, station, 6);
	pm = fake_alloc(&h, PM_SIZE, 8);
	fake_put32(&h, g.shared + DS_PM_DESC + 4, PM_SIZE);
	fake_put64(&h, g.shared + DS_PM_DESC + 8, pm);
	ck_assert(!wakes(magic, sizeof(magic)) && !wakes(b, sizeof(b)));
	fake_put16(&h, pm, PM_WAKE_MAGIC);
	guest_cmd(&g, (uint32_t)VMX_CMD_UPDATE_PMCFG);
	ck_assert(wakes(magic, sizeof(magic)) && !wakes(b, sizeof(b)));
	magic[150 - 60]++;
	ck_assert(!wakes(magic, sizeof(magic)));
	/* Linux: the first filters are empty, the next is the station address */
	fake_put16(&h, pm, PM_WAKE_FILTER);
	fake_put8(&h, pm + PM_N_FILTERS, 2);
	filter_at(pm, 1, 1, 6);
	fake_put8(&h, pm + PM_FILTERS + PM_FILTER_SIZE + PM_F_MASK, 0x3f);
	fake_put(&h, pm + PM_FILTERS + PM_FILTER_SIZE + PM_F_PATTERN, station, 6);
	guest_cmd(&g, (uint32_t)VMX_CMD_UPDATE_PMCFG);
	ck_assert(wakes(b, sizeof(b)));
	b[5]++;
	ck_assert(!wakes(b, sizeof(b)));
	fake_host_fini(&h);
}
END_TEST

START_TEST(events_are_told_and_acknowledged)
{
	setup(9, 2);
	fake_carrier(&h, false);
	ck_assert_uint_eq(h.msi[2], 1);
	ck_assert_uint_eq(fake_get32(&h, g.shared + DS_ECR), ECR_LINK);
	ck_assert_uint_eq(bar1(VMX_ECR), ECR_LINK);
	fake_write(&h, 1, VMX_ECR, ECR_LINK, 4);
	ck_assert_uint_eq(fake_get32(&h, g.shared + DS_ECR), 0);
	guest_imr(&g, 2, false);
	ck_assert_uint_eq(h.msi[2], 1);
	fake_carrier(&h, true);
	ck_assert_uint_eq(h.msi[2], 2);
	fake_host_fini(&h);
}
END_TEST

/* Linux resumes without choosing revision and capabilities again; a power cycle forgets them. */
START_TEST(bus_reset_keeps_the_revision)
{
	setup(9, 1);
	fake_write(&h, 1, VMX_DCR, CAP_LARGE_BAR, 4);
	fake_reset(&h, HWNET_RESET_BUS);
	ck_assert_uint_eq(guest_cmd(&g, (uint32_t)VMX_CMD_GET_DCR0_REG), CAP_LARGE_BAR);
	guest_clean(&g);
	ck_assert_uint_eq(guest_activate(&g), 0);
	fake_reset(&h, HWNET_RESET_POWER);
	ck_assert_uint_eq(guest_cmd(&g, (uint32_t)VMX_CMD_GET_DCR0_REG), 0xffffffff);
	fake_host_fini(&h);
}
END_TEST

START_TEST(reset_brings_the_address_back)
{
	setup(9, 1);
	fake_write(&h, 1, VMX_MACL, 0x11111102, 4);
	guest_cmd(&g, (uint32_t)VMX_CMD_RESET);
	ck_assert_uint_eq(bar1(VMX_MACL), 0x12005452);
	ck_assert_uint_eq(bar1(VMX_MACH), 0x5634);
	fake_host_fini(&h);
}
END_TEST

/* With RSS off nobody looks at the table of a saved state; fields that turn it on must. */
START_TEST(fields_do_not_trust_a_saved_table)
{
	static uint8_t state[1 << 17];
	struct vmx_state *st;
	char err[200];
	size_t len;

	setup_rss(6, 4);
	st = h.nic->state;
	st->hash_type = 0;
	memset(st->table, 255, sizeof(st->table));
	len = fake_save(&h, state, sizeof(state));
	ck_assert_int_eq(fake_load(&h, state, len, err, sizeof(err)), 0);
	fake_put32(&h, g.shared + DS_CMD_INFO, RSS_FIELD_TCP4 | RSS_FIELD_TCP6);
	guest_cmd(&g, (uint32_t)VMX_CMD_SET_RSS_FIELDS);
	ck_assert_uint_eq(queue_of((struct build) { .payload = 60 }), 0);
	fake_host_fini(&h);
}
END_TEST

START_TEST(state_travels)
{
	struct build b = { .payload = 60, .sport = 5 };
	unsigned q;

	setup_rss(9, 4);
	q = queue_of(b);
	guest_queue_plain(&g, 2, frame, 60);
	guest_bell(&g, 2);
	fake_reopen(&h);
	ck_assert_uint_eq(queue_of(b), q);
	guest_queue_plain(&g, 2, frame, 60);
	guest_bell(&g, 2);
	ck_assert_uint_eq(guest_tx_done(&g, 2), 2);
	ck_assert_uint_eq(guest_rx_stat(&g, q, RXS_UCAST_PKTS), 2);
	fake_host_fini(&h);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		wake_up_frames,
		events_are_told_and_acknowledged,
		bus_reset_keeps_the_revision,
		reset_brings_the_address_back,
		fields_do_not_trust_a_saved_table,
		state_travels,
		NULL,
	};

	return unit_main("vmxnet3-state", tests);
}
