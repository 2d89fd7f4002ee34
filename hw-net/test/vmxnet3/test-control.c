/* SPDX-License-Identifier: BSD-2-Clause */
/* vmxnet3: registers, commands, activation. */
#include "model.h"
#include "fixture.h"

START_TEST(register_tables_are_sound)
{
	const struct hwnet_model_ops *ops = hwnet_find_model("vmxnet3")->ops;

	for (unsigned i = 0; i < ops->n_regs; i++)
		ck_assert_ptr_null(hwnet_regs_check(&ops->regs[i], 400));
	ck_assert_uint_eq(ops->n_regs, 2);
}
END_TEST

/* Every register of every row can be read and written without harm, and plain ones keep their
 * bits. */
START_TEST(every_register_answers)
{
	const struct hwnet_model_ops *ops = hwnet_find_model("vmxnet3")->ops;

	fake_host_init(&h);
	fake_open(&h, "vmxnet3");
	for (unsigned bar = 0; bar < 2; bar++)
		for (unsigned i = 0; i < ops->regs[bar].n_rows; i++) {
			const struct hwnet_reg *r = &ops->regs[bar].rows[i];

			for (unsigned j = 0; j < (r->count ? r->count : 1); j++) {
				uint64_t off = r->num + 8 * j;

				fake_write(&h, bar, off, 0x5a5a5a5a & ~1u, 4);
				if (r->kind == REG_RW && !r->read && r->num != VMX_CMD)
					ck_assert_uint_eq(fake_read(&h, bar, off, 4),
							  0x5a5a5a5a & ~1u & r->wmask);
				fake_read(&h, bar, off + 4, 4);
			}
		}
	fake_host_fini(&h);
}
END_TEST

START_TEST(revision_is_negotiated)
{
	for (unsigned rev = 1; rev <= 9; rev++) {
		open_prop("rev", rev, rev, 1);
		ck_assert_uint_eq(bar1(VMX_VRRS), (1u << rev) - 1);
		ck_assert_uint_eq(bar1(VMX_UVRS), 1);
		ck_assert_uint_eq(h.errors, 0);
		fake_write(&h, 1, VMX_VRRS, 1u << rev, 4); /* one too late */
		ck_assert_uint_eq(h.errors, 1);
		ck_assert_uint_eq(bar1(VMX_DCR) != 0, rev >= 7);
		fake_host_fini(&h);
	}
}
END_TEST

START_TEST(config_space_by_revision)
{
	struct hwnet_pci pci;

	open_prop("rev", 1, 1, 1);
	hwnet_pci(h.nic, &pci);
	ck_assert_uint_eq(pci.msix_vectors, 25);
	ck_assert_uint_eq(pci.bars[0].size, 4096);
	fake_host_fini(&h);
	open_prop("rev", 9, 9, 1);
	hwnet_pci(h.nic, &pci);
	ck_assert_uint_eq(pci.vendor << 16 | pci.device, 0x15ad07b0);
	ck_assert_uint_eq(pci.msix_vectors, 65);
	ck_assert_uint_eq(pci.bars[0].size, 8192);
	fake_host_fini(&h);
	open_prop("msix", 0, 9, 1);
	hwnet_pci(h.nic, &pci);
	ck_assert_uint_eq(pci.msix_vectors, 0);
	ck_assert_uint_eq(pci.msi_vectors, 1);
	fake_host_fini(&h);
}
END_TEST

/* Linux declares an entry with 128 bytes: with 256, a kernel that checks what it copies warned. */
START_TEST(data_ring_entries_are_as_drivers_declare_them)
{
	for (unsigned rev = 3; rev <= 9; rev++) {
		setup(rev, 1);
		ck_assert_uint_eq(guest_cmd(&g, (uint32_t)VMX_CMD_GET_TXDATA_DESC_SIZE) & 0xffff,
				  128);
		fake_host_fini(&h);
	}
}
END_TEST

/* What drivers ask before they do anything. */
START_TEST(get_commands)
{
	setup(9, 1);
	ck_assert_uint_eq(guest_cmd(&g, (uint32_t)VMX_CMD_GET_LINK), 10000u << 16 | 1);
	ck_assert_uint_eq(guest_cmd(&g, (uint32_t)VMX_CMD_GET_PERM_MAC_LO), 0x12005452);
	ck_assert_uint_eq(guest_cmd(&g, (uint32_t)VMX_CMD_GET_PERM_MAC_HI), 0x5634);
	ck_assert_uint_eq(guest_cmd(&g, (uint32_t)VMX_CMD_GET_DID_LO), 0x07b0);
	ck_assert_uint_eq(guest_cmd(&g, (uint32_t)VMX_CMD_GET_CONF_INTR), 0);
	ck_assert_uint_eq(guest_cmd(&g, (uint32_t)VMX_CMD_GET_MAX_QUEUES_CONF), 0x0808);
	ck_assert_uint_eq(guest_cmd(&g, (uint32_t)VMX_CMD_GET_TXDATA_DESC_SIZE), 128u << 16 | 128);
	ck_assert_uint_eq(guest_cmd(&g, (uint32_t)VMX_CMD_GET_TSRING_DESC_SIZE), 128u << 16 | 128);
	ck_assert_uint_eq(guest_cmd(&g, (uint32_t)VMX_CMD_GET_DISABLED_OFFLOADS), 0);
	ck_assert_uint_eq(guest_cmd(&g, (uint32_t)VMX_CMD_GET_RSS_FIELDS),
			  RSS_FIELD_TCP4 | RSS_FIELD_TCP6);
	fake_carrier(&h, false);
	ck_assert_uint_eq(guest_cmd(&g, (uint32_t)VMX_CMD_GET_LINK), 0);
	ck_assert_uint_eq(h.errors, 0);
	fake_host_fini(&h);
}
END_TEST

START_TEST(link_speed_is_a_property)
{
	open_prop("link-speed", 25000, 9, 1);
	ck_assert_uint_eq(guest_cmd(&g, (uint32_t)VMX_CMD_GET_LINK), 25000u << 16 | 1);
	fake_host_fini(&h);
}
END_TEST

START_TEST(mask_mode_is_a_property)
{
	open_prop("mask-mode", IMM_ACTIVE, 9, 1);
	ck_assert_uint_eq(guest_cmd(&g, (uint32_t)VMX_CMD_GET_CONF_INTR), IMM_ACTIVE << 2);
	fake_host_fini(&h);
}
END_TEST

/* LP1673722: a log flooded by one unknown register. */
START_TEST(lp1673722_unknown_commands_are_told_once)
{
	setup(2, 1);
	for (unsigned i = 0; i < 100; i++)
		ck_assert_uint_eq(guest_cmd(&g, 0xcafe00ff), 0xffffffff);
	ck_assert_uint_eq(h.errors, 1);
	ck_assert_uint_eq(guest_cmd(&g, (uint32_t)VMX_CMD_GET_COALESCE),
			  0xffffffff); /* of revision 3 */
	ck_assert_uint_eq(h.errors, 2);
	fake_host_fini(&h);
}
END_TEST

/* Capabilities: offered, chosen, told; doorbells of the large BAR work. */
START_TEST(capabilities_and_large_bar)
{
	uint32_t offered;

	setup(9, 2);
	offered = bar1(VMX_DCR);
	ck_assert_uint_eq(offered, guest_cmd(&g, (uint32_t)VMX_CMD_GET_MAX_CAPABILITIES));
	ck_assert_uint_eq(offered, bar1(VMX_PTCR));
	ck_assert_uint_eq(guest_cmd(&g, (uint32_t)VMX_CMD_GET_DCR0_REG), 0);
	fake_write(&h, 1, VMX_DCR, CAP_LARGE_BAR | 1u << 30, 4);
	ck_assert_uint_eq(guest_cmd(&g, (uint32_t)VMX_CMD_GET_DCR0_REG), CAP_LARGE_BAR);
	ck_assert_uint_eq(bar1(VMX_DCR), offered);
	guest_queue_plain(&g, 1, frame, 60);
	fake_write(&h, 0, VMX_LB_TXPROD + 8, 1, 4);
	ck_assert_uint_eq(h.n_tx, 1);
	ck_assert_uint_eq(h.tx[0].queue, 1);
	fake_host_fini(&h);
}
END_TEST

START_TEST(activate_again_and_again)
{
	setup(9, 4);
	for (unsigned i = 0; i < 1000; i++) { /* CVE-2015-8567, CVE-2015-8568: a leak each time */
		guest_clean(&g);
		ck_assert_uint_eq(guest_activate(&g), 0);
		if (i % 3 == 0)
			guest_cmd(&g, (uint32_t)VMX_CMD_QUIESCE);
		if (i % 5 == 0)
			guest_cmd(&g, (uint32_t)VMX_CMD_RESET);
	}
	guest_clean(&g);
	ck_assert_uint_eq(guest_activate(&g), 0);
	guest_imr(&g, 0, false);
	memset(frame, 0, 60);
	memcpy(frame, station, 6);
	ck_assert(fake_rx_bytes(&h, frame, 60));
	ck_assert(guest_rx(&g, 0, &got));
	fake_host_fini(&h);
}
END_TEST

/* Any field that is out of bounds: the answer is 1, the device is inactive, and says why. */
START_TEST(activate_refuses_what_is_not_sound)
{
	static const struct {
		uint8_t where; /* 0 DriverShared, 1 transmit queue, 2 receive queue */
		uint16_t off;
		uint8_t size;
		uint64_t val;
	} bad[] = {
		{ 0, DS_MAGIC, 4, 0 },
		{ 0, DS_NUM_TXQ, 1, 0 },
		{ 0, DS_NUM_TXQ, 1, 33 },
		{ 0, DS_NUM_RXQ, 1, 0 },
		{ 0, DS_NUM_RXQ, 1, 255 },
		{ 0, DS_NUM_INTRS, 1, 66 },
		{ 0, DS_MTU, 4, 59 },
		{ 0, DS_MTU, 4, 9191 },
		{ 0, DS_MTU, 4, 0xffffffff },
		{ 0, DS_QDESC_PA, 8, 64 },
		{ 0, DS_QDESC_PA, 8, FAKE_NOWHERE },
		{ 0, DS_QDESC_PA, 8, ~127ull },
		{ 1, TQ_RING_SIZE, 4, 0 },
		{ 1, TQ_RING_SIZE, 4, 33 },
		{ 1, TQ_RING_SIZE, 4, 8192 },
		{ 1, TQ_RING_SIZE, 4, 1u << 31 },
		{ 1, TQ_COMP_SIZE, 4, 0 },
		{ 1, TQ_COMP_SIZE, 4, 0xffffffe0 },
		{ 1, TQ_RING_PA, 8, 16 },
		{ 1, TQ_COMP_PA, 8, 256 },
		{ 1, TQ_DATA_DESC_SIZE, 2, 65 },
		{ 1, TQ_DATA_DESC_SIZE, 2, 4096 },
		{ 1, TQ_TS_DESC_SIZE, 2, 320 },
		{ 2, RQ_RING_SIZE, 4, 0 },
		{ 2, RQ_RING_SIZE, 4, 0x10000 },
		{ 2, RQ_RING_SIZE + 4, 4, 31 },
		{ 2, RQ_RING_PA + 8, 8, 1 },
		{ 2, RQ_COMP_SIZE, 4, 16384 },
		{ 2, RQ_COMP_SIZE, 4, 0 },
		{ 2, RQ_DATA_DESC_SIZE, 2, 100 },
		{ 2, RQ_DATA_DESC_SIZE, 2, 2112 },
		{ 2, RQ_TS_DESC_SIZE, 2, 65 },
	};

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		uint64_t base;

		fake_host_init(&h);
		guest_open(&g, &h, 9, 1);
		guest_prepare(&g);
		base = bad[i].where == 0 ? g.shared :
		       bad[i].where == 1 ? guest_txq_pa(&g, 0) :
					   guest_rxq_pa(&g, 0);
		fake_put_le(&h, base + bad[i].off, bad[i].val, bad[i].size);
		ck_assert_msg(guest_activate(&g) == 1, "case %u was accepted", i);
		ck_assert_uint_ge(h.errors, 1);
		guest_bell(&g, 0);
		ck_assert(fake_rx_bytes(&h, frame, 60)); /* dropped */
		ck_assert_uint_eq(hwnet_counters(h.nic)->rx_dropped, 1);
		fake_host_fini(&h);
	}
}
END_TEST

/* From 6 on there are more queues, more vectors, and a larger MTU than before. */
START_TEST(limits_by_revision)
{
	for (unsigned rev = 1; rev <= 9; rev++) {
		bool ext = rev >= 6;

		fake_host_init(&h);
		guest_open(&g, &h, rev, 1);
		guest_prepare(&g);
		fake_put32(&h, g.shared + DS_MTU, 9001);
		ck_assert_uint_eq(guest_activate(&g), ext ? 0 : 1);
		fake_put32(&h, g.shared + DS_MTU, 9000);
		ck_assert_uint_eq(guest_activate(&g), 0);
		fake_put8(&h, g.shared + DS_NUM_INTRS, 26);
		ck_assert_uint_eq(guest_activate(&g), ext ? 0 : 1);
		fake_host_fini(&h);
	}
}
END_TEST

/* Timestamp rings are taken over; the device asks for no samples (rx: ext2, tx: sampleRate). */
START_TEST(timestamp_rings_are_quiet)
{
	open_host(9, 1);
	guest_prepare(&g);
	fake_put64(&h, guest_txq_pa(&g, 0) + TQ_TS_PA, fake_alloc(&h, 64 * 128, 512));
	fake_put16(&h, guest_txq_pa(&g, 0) + TQ_TS_DESC_SIZE, 128);
	fake_put64(&h, guest_rxq_pa(&g, 0) + RQ_TS_PA, fake_alloc(&h, 64 * 128, 512));
	fake_put16(&h, guest_rxq_pa(&g, 0) + RQ_TS_DESC_SIZE, 128);
	ck_assert_uint_eq(guest_activate(&g), 0);
	ck_assert(passes(station, 0));
	ck_assert_uint_eq(got.last.d[0] >> 31, 0);
	ck_assert_uint_eq(fake_get16(&h, guest_txq_pa(&g, 0) + 180), 0);
	fake_host_fini(&h);
}
END_TEST

/* 32 queues each way need the extended interrupt configuration. */
START_TEST(thirty_two_queues)
{
	open_host(6, 1);
	guest_prepare(&g);
	{
		uint64_t many = fake_alloc(&h, 64 * QD_SIZE, VMX_QDESC_ALIGN);
		uint8_t t[QD_SIZE], r[QD_SIZE];

		fake_get(&h, guest_txq_pa(&g, 0), t, sizeof(t));
		fake_get(&h, guest_rxq_pa(&g, 0), r, sizeof(r));
		for (unsigned i = 0; i < 32; i++) {
			fake_put(&h, many + i * QD_SIZE, t, sizeof(t));
			fake_put8(&h, many + i * QD_SIZE + TQ_INTR, (uint8_t)(32 + i));
			fake_put(&h, many + (32 + i) * QD_SIZE, r, sizeof(r));
		}
		fake_put64(&h, g.shared + DS_QDESC_PA, many);
		fake_put8(&h, g.shared + DS_NUM_TXQ, 32);
		fake_put8(&h, g.shared + DS_NUM_RXQ, 32);
		fake_put8(&h, g.shared + DS_EXT_NUM_INTRS, 65);
		fake_put8(&h, g.shared + DS_EXT_EVENT_INTR, 64);
		fake_put8(&h, g.shared + DS_EXT_AUTO_MASK, 1);
	}
	ck_assert_uint_eq(guest_activate(&g), 0);
	for (unsigned i = 0; i < 65; i++)
		guest_imr(&g, i, false);
	fake_carrier(&h, false);
	ck_assert_uint_eq(h.msi[64], 1);
	guest_txd(&g, 0, g.tx_buf[0], 60, TXD_EOP | TXD_CQ);
	fake_write(&h, 0, VMX_TXPROD + 8 * 31, 1, 4);
	ck_assert_uint_eq(h.msi[63], 1);
	fake_host_fini(&h);
}
END_TEST

START_TEST(memory_regions_are_checked)
{
	uint64_t regs;

	setup(3, 1);
	regs = fake_alloc(&h, MEMREGS_HEAD + 4 * MEMREG_SIZE, 8);
	fake_put16(&h, regs, 4);
	fake_put32(&h, g.shared + DS_CMD_INFO + 4, MEMREGS_HEAD + 4 * MEMREG_SIZE);
	fake_put64(&h, g.shared + DS_CMD_INFO + 8, regs);
	ck_assert_uint_eq(guest_cmd(&g, (uint32_t)VMX_CMD_REGISTER_MEMREGS), 0);
	fake_put16(&h, regs, 5);
	ck_assert_uint_eq(guest_cmd(&g, (uint32_t)VMX_CMD_REGISTER_MEMREGS), 1);
	fake_put64(&h, g.shared + DS_CMD_INFO + 8, FAKE_NOWHERE);
	ck_assert_uint_eq(guest_cmd(&g, (uint32_t)VMX_CMD_REGISTER_MEMREGS), 1);
	fake_host_fini(&h);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		register_tables_are_sound,
		every_register_answers,
		revision_is_negotiated,
		config_space_by_revision,
		data_ring_entries_are_as_drivers_declare_them,
		get_commands,
		link_speed_is_a_property,
		mask_mode_is_a_property,
		lp1673722_unknown_commands_are_told_once,
		capabilities_and_large_bar,
		activate_again_and_again,
		activate_refuses_what_is_not_sound,
		limits_by_revision,
		timestamp_rings_are_quiet,
		thirty_two_queues,
		memory_regions_are_checked,
		NULL,
	};

	return unit_main("vmxnet3-control", tests);
}
