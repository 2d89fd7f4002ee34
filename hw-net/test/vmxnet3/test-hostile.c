/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vmxnet3 under a hostile guest: a test for each entry of the list of bugs that other models of
 * this card had, named after it. All end with a card that still works.
 */
#define _GNU_SOURCE /* memmem */
#include "fixture.h"

/* CVE-2013-4544, LP1890160, LP1926111: counts of queues and interrupts beyond what there is. */
START_TEST(cve_2013_4544_queue_counts)
{
	setup(9, 1);
	for (unsigned i = 0; i < 256; i += 5) {
		fake_put8(&h, g.shared + DS_NUM_TXQ, (uint8_t)i);
		fake_put8(&h, g.shared + DS_NUM_RXQ, (uint8_t)(255 - i));
		fake_put8(&h, g.shared + DS_NUM_INTRS, (uint8_t)(i * 7));
		guest_activate(&g);
		guest_bell(&g, 0);
	}
	fake_put8(&h, g.shared + DS_NUM_TXQ, 1);
	fake_put8(&h, g.shared + DS_NUM_RXQ, 1);
	fake_put8(&h, g.shared + DS_NUM_INTRS, 2);
	check_alive();
}
END_TEST

/* The off-by-one of tx_queue_idx <= txq_num: doorbells of the queue behind the last, and of all
 * others. */
START_TEST(doorbell_behind_the_last_queue)
{
	setup(9, 1);
	for (uint64_t off = VMX_TXPROD; off < VMX_BAR0_LARGE; off += 4)
		fake_write(&h, 0, off, 0xffffffff, 4);
	ck_assert_uint_eq(h.n_tx, 0);
	check_alive();
}
END_TEST

/* CVE-2013-4544 by the other way, the migration stream. Every byte of a state is tried with other
 * values. */
START_TEST(cve_2013_4544_hostile_state)
{
	static uint8_t state[400000], bad[400000];
	char err[200];
	size_t len;
	uint64_t seed = 42;

	setup(9, 1);
	len = fake_save(&h, state, sizeof(state));
	ck_assert_uint_gt(len, 1000);
	for (unsigned i = 0; i < 4000; i++) {
		memcpy(bad, state, len);
		for (unsigned j = 0; j < 1 + i % 3; j++)
			bad[test_random(&seed) % len] =
				(uint8_t)(test_random(&seed) % 4 ? test_random(&seed) : 0xff);
		if (fake_load(&h, bad, i % 7 ? len : test_random(&seed) % len, err, sizeof(err)))
			continue;
		h.lenient = true;
		guest_bell(&g, 0);
		tcp(100);
		fake_rx_bytes(&h, frame, 154);
		fake_advance(&h, 1000000);
	}
	ck_assert_int_eq(fake_load(&h, state, len, err, sizeof(err)), 0);
	fake_host_fini(&h);
}
END_TEST

/* What ACTIVATE refused must not get into a saved state, nor deadlines into an inactive device. */
START_TEST(refused_counts_are_not_saved)
{
	setup(9, 1);
	fake_put8(&h, g.shared + DS_NUM_RXQ, 255);
	ck_assert_uint_eq(guest_activate(&g), 1);
	fake_reopen(&h);
	fake_put8(&h, g.shared + DS_NUM_RXQ, 1);
	check_alive();
}
END_TEST

START_TEST(hostile_state_deadlines)
{
	static const char *const field[] = { "tx_poll", "rx_poll", "intr.deadline", "intr.last",
					     "txq.bell_at" };
	static uint8_t state[400000];
	char err[200];

	for (unsigned i = 0; i < 20; i++) {
		const char *name = field[i % 5];
		uint8_t *p;
		size_t len;

		setup(9, 1);
		if (i & 1)
			guest_cmd(&g, (uint32_t)VMX_CMD_QUIESCE);
		len = fake_save(&h, state, sizeof(state));
		p = memmem(state, len, name, strlen(name));
		ck_assert_ptr_nonnull(p);
		memset(p + strlen(name) + 5, i < 10 ? 0x80 : 0x00, 8);
		fake_load(&h, state, len, err, sizeof(err));
		fake_advance(&h, 1000000000);
		guest_bell(&g, 0);
		fake_rx_bytes(&h, frame, tcp(100));
		fake_advance(&h, 1000000000);
		fake_host_fini(&h);
	}
}
END_TEST

START_TEST(hostile_state_indices_are_refused)
{
	static const struct {
		const char *field;
		unsigned size;
		uint64_t val;
	} bad[] = {
		{ "n_txq", 1, 33 },
		{ "n_rxq", 1, 0 },
		{ "n_intrs", 1, 66 },
		{ "rev", 1, 10 },
		{ "rev", 1, 0 },
		{ "txq.size", 4, 33 },
		{ "txq.next", 4, 64 },
		{ "txq.comp_next", 4, 64 },
		{ "txq.intr", 1, 66 },
		{ "rxq.ring[0].next", 4, 64 },
		{ "rxq.ring[1].next", 4, 64 },
		{ "rxq.intr", 1, 66 },
		{ "rxq.comp_next", 4, 128 },
		{ "rxq.data_size", 2, 4096 },
		{ "event_intr", 1, 66 },
		{ "intr.step", 1, 8 },
		{ "coal_rate", 4, 0 },
		{ "n_mcast", 2, 513 },
		{ "key_len", 2, 41 },
		{ "table_len", 2, 129 },
	};
	static uint8_t state[400000];
	char err[200];
	size_t len;

	setup(9, 1);
	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		uint8_t *p;

		len = fake_save(&h, state, sizeof(state));
		p = memmem(state, len, bad[i].field, strlen(bad[i].field));
		while (p &&
		       (p[-1] != strlen(bad[i].field) || p[strlen(bad[i].field)] != bad[i].size))
			p = memmem(p + 1, len - (size_t)(p + 1 - state), bad[i].field,
				   strlen(bad[i].field));
		ck_assert_msg(p, "no field %s", bad[i].field);
		p += strlen(bad[i].field) + 5;
		for (unsigned j = 0; j < bad[i].size; j++)
			p[j] = (uint8_t)(bad[i].val >> 8 * j);
		ck_assert_msg(fake_load(&h, state, len, err, sizeof(err)), "%s was taken",
			      bad[i].field);
	}
	check_alive();
}
END_TEST

/* GL#539, LP1890155: "Bad interrupt index". FreeBSD uses such, so they are tolerated. */
START_TEST(gl539_interrupt_index)
{
	setup(9, 1);
	for (unsigned i = 0; i < 256; i++) {
		fake_put8(&h, guest_txq_pa(&g, 0) + TQ_INTR, (uint8_t)i);
		fake_put8(&h, guest_rxq_pa(&g, 0) + RQ_INTR, (uint8_t)(255 - i));
		fake_put8(&h, g.shared + DS_EVENT_INTR, (uint8_t)i);
		guest_clean(&g);
		ck_assert_uint_eq(guest_activate(&g), 0);
		for (unsigned v = 0; v < VMX_MAX_INTRS; v++)
			guest_imr(&g, v, false);
		fake_tx_clear(&h);
		guest_queue_plain(&g, 0, frame, tcp(50));
		guest_bell(&g, 0);
		ck_assert_uint_eq(guest_tx_done(&g, 0), 1);
		ck_assert(fake_rx_bytes(&h, frame, 104));
		fake_carrier(&h, i & 1);
		fake_carrier(&h, true);
	}
	fake_put8(&h, g.shared + DS_EVENT_INTR, 1);
	check_alive();
}
END_TEST

/* CVE-2015-8745: reading the interrupt mask registers; every offset, every size. */
START_TEST(cve_2015_8745_reads_everywhere)
{
	setup(9, 1);
	for (unsigned bar = 0; bar < 3; bar++)
		for (uint64_t off = 0; off < VMX_BAR0_LARGE; off++)
			for (unsigned size = 1; size <= 8; size *= 2)
				fake_read(&h, bar, off, size);
	check_alive();
}
END_TEST

START_TEST(gl517_gl533_writes_everywhere)
{
	setup(9, 1);
	h.lenient = true;
	for (unsigned bar = 0; bar < 3; bar++)
		for (uint64_t off = 0; off < VMX_BAR0_LARGE; off++)
			for (unsigned size = 1; size <= 8; size *= 2)
				fake_write(&h, bar, off, 0x0101010101010101ull * off, size);
	fake_write(&h, 1, VMX_VRRS, 1 << 8, 4);
	check_alive();
}
END_TEST

/* GL#1315: an MTU at or beyond the limit. */
START_TEST(gl1315_mtu)
{
	setup(1, 1);
	for (uint32_t mtu = 8990; mtu < 9010; mtu++) {
		fake_put32(&h, g.shared + DS_MTU, mtu);
		guest_clean(&g);
		ck_assert_uint_eq(guest_activate(&g), mtu > 9000);
	}
	fake_put32(&h, g.shared + DS_MTU, 1500);
	check_alive();
}
END_TEST

/* CVE-2016-6833, LP1890157: doorbells before ACTIVATE, after QUIESCE, without DriverShared. */
START_TEST(cve_2016_6833_inactive_doorbells)
{
	open_host(9, 1);
	guest_prepare(&g);
	guest_queue_plain(&g, 0, frame, tcp(100));
	for (uint64_t off = 0; off < VMX_BAR0_LARGE; off += 8)
		fake_write(&h, 0, off, 0, 4);
	for (uint32_t c = 1; c < 20; c++) {
		guest_cmd(&g, (uint32_t)VMX_CMD_ACTIVATE + c);
		guest_cmd(&g, (uint32_t)VMX_CMD_GET_QUEUE_STATUS + c);
	}
	ck_assert_uint_eq(h.n_tx, 0);
	ck_assert_uint_eq(h.dma_refused, 0);
	ck_assert_uint_eq(guest_activate(&g), 0);
	guest_cmd(&g, (uint32_t)VMX_CMD_QUIESCE);
	fake_fill(&h, g.shared, 0x55, DS_SIZE);
	guest_bell(&g, 0);
	fake_carrier(&h, false);
	fake_carrier(&h, true);
	guest_cmd(&g, (uint32_t)VMX_CMD_GET_STATS);
	ck_assert_uint_eq(fake_get8(&h, g.shared + DS_ECR), 0x55); /* not the device's any more */
	ck_assert_uint_eq(h.n_tx, 0);
	fake_host_fini(&h);
}
END_TEST

/* CVE-2016-6888, CVE-2021-20203: sizes whose product is too large. */
START_TEST(cve_2021_20203_ring_sizes)
{
	setup(9, 1);
	for (unsigned i = 5; i < 32; i++) {
		fake_put32(&h, guest_txq_pa(&g, 0) + TQ_RING_SIZE, 1u << i);
		guest_clean(&g);
		ck_assert_uint_eq(guest_activate(&g), i > 12);
		guest_bell(&g, 0);
	}
	check_alive();
}
END_TEST

/* GL#556, CVE-2021-3750: every address the device is given is its own registers. */
START_TEST(addresses_of_its_own_registers)
{
	static const uint16_t tx_addr[] = { TQ_RING_PA, TQ_COMP_PA },
			      rx_addr[] = { RQ_RING_PA, RQ_RING_PA + 8, RQ_COMP_PA, RQ_DATA_PA };

	for (unsigned i = 0; i < 6; i++) {
		uint64_t at;

		open_host(9, 1);
		guest_prepare(&g);
		at = i < 2 ? guest_txq_pa(&g, 0) + tx_addr[i] :
			     guest_rxq_pa(&g, 0) + rx_addr[i - 2];
		fake_put64(&h, at, FAKE_MMIO);
		ck_assert_uint_eq(guest_activate(&g), 0);
		guest_queue_plain(&g, 0, frame, tcp(100));
		guest_bell(&g, 0);
		fake_rx_bytes(&h, frame, tcp(60));
		fake_rx_bytes(&h, frame, tcp(1400));
		fake_advance(&h, 10000000);
		fake_host_fini(&h);
	}
	fake_host_init(&h);
	guest_open(&g, &h, 9, 1);
	guest_prepare(&g);
	g.shared = FAKE_MMIO;
	ck_assert_uint_eq(guest_activate(&g), 1);
	fake_host_fini(&h);
}
END_TEST

/* Bad RSS: sizes of key and table, queues that there are not. RSS stays off. */
START_TEST(rss_configuration_is_checked)
{
	static const uint16_t bad[][4] = { { 15, 1, 41, 128 },
					   { 15, 1, 0xffff, 128 },
					   { 15, 1, 40, 0 },
					   { 15, 1, 40, 129 },
					   { 15, 2, 40, 128 } };

	setup(9, 1);
	fake_put64(&h, g.shared + DS_UPT_FEATURES, UPT_F_RSS);
	fake_put32(&h, g.shared + DS_RSS_DESC + 4, RSS_CONF_SIZE);
	fake_put64(&h, g.shared + DS_RSS_DESC + 8, g.rss);
	for (unsigned i = 0; i < 6; i++) {
		for (unsigned j = 0; j < 4; j++)
			fake_put16(&h, g.rss + 2 * j, bad[i % 5][j]);
		if (i == 5) {
			fake_put16(&h, g.rss + 2, 1);
			fake_put8(&h, g.rss + RSS_CONF_TABLE + 127, 1);
		}
		guest_clean(&g);
		ck_assert_uint_eq(guest_activate(&g), 0);
		ck_assert(fake_rx_bytes(&h, frame, tcp(100)));
		ck_assert(guest_rx(&g, 0, &got));
		ck_assert_uint_eq(got.last.d[0] >> 26 & 15, RSS_TYPE_NONE);
	}
	check_alive();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		cve_2013_4544_queue_counts,
		doorbell_behind_the_last_queue,
		cve_2013_4544_hostile_state,
		hostile_state_indices_are_refused,
		refused_counts_are_not_saved,
		hostile_state_deadlines,
		gl539_interrupt_index,
		cve_2015_8745_reads_everywhere,
		gl517_gl533_writes_everywhere,
		gl1315_mtu,
		cve_2016_6833_inactive_doorbells,
		cve_2021_20203_ring_sizes,
		addresses_of_its_own_registers,
		rss_configuration_is_checked,
		NULL,
	};

	return unit_main("vmxnet3-hostile", tests);
}
