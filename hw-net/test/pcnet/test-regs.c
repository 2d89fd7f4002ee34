/* SPDX-License-Identifier: BSD-2-Clause */
/* Registers: tables, I/O widths, access rules, resets, PROM. */
#include "fixture.h"

#include <string.h>

#include "pcnet/regs.h"

START_TEST(tables_are_well_formed)
{
	static const unsigned words[] = { PCNET_N_CSR, PCNET_N_CSR, PCNET_N_BCR, PCNET_N_BCR,
					  PCNET_N_PHY };

	for (unsigned i = 0; i < N_SPACES; i++) {
		const char *bad = hwnet_regs_check(&pcnet_spaces[i], words[i]);

		ck_assert_msg(!bad, "%s", bad);
		for (unsigned j = 0; j < pcnet_spaces[i].n_rows; j++)
			ck_assert_uint_eq(pcnet_spaces[i].rows[j].slot,
					  pcnet_spaces[i].rows[j].num);
	}
}
END_TEST

/* Every register that is plain storage keeps what is written, under its mask, and nothing else. */
static void walk(const struct hwnet_regspace *space, bool bcr)
{
	for (unsigned i = 0; i < space->n_rows; i++) {
		const struct hwnet_reg *reg = &space->rows[i];
		uint16_t old, want, got;

		if (reg->read || reg->write)
			continue;
		old = bcr ? pc_bcr(&drv, reg->num) : pc_csr(&drv, reg->num);
		for (unsigned pattern = 0x5555; pattern <= 0xaaaa; pattern += 0x5555) {
			if (bcr)
				pc_set_bcr(&drv, reg->num, (uint16_t)pattern);
			else
				pc_set_csr(&drv, reg->num, (uint16_t)pattern);
			got = bcr ? pc_bcr(&drv, reg->num) : pc_csr(&drv, reg->num);
			want = reg->kind == REG_RW ?
				       (uint16_t)((old & ~reg->wmask) | (pattern & reg->wmask)) :
				       old;
			ck_assert_msg(got == want, "%s: %04x, not %04x", reg->name, got, want);
		}
	}
}

START_TEST(plain_registers_keep_what_is_written)
{
	open_card(PC_973);
	walk(&pcnet_spaces[SPACE_CSR], false);
	walk(&pcnet_spaces[SPACE_CSR_FAST], false);
	walk(&pcnet_spaces[SPACE_BCR], true);
	walk(&pcnet_spaces[SPACE_BCR_FAST], true);
	fake_host_fini(&host);
}
END_TEST

/* Linux pcnet32's probe: reset, CSR0 == 4, RAP keeps 88, chip id. */
static void probe(unsigned chip_version)
{
	pc_soft_reset(&drv);
	ck_assert_uint_eq(pc_csr(&drv, 0), 4);
	fake_write(&host, 0, drv.dwio ? 0x14 : 0x12, 88, drv.dwio ? 4 : 2);
	ck_assert_uint_eq(fake_read(&host, 0, drv.dwio ? 0x14 : 0x12, drv.dwio ? 4 : 2), 88);
	ck_assert_uint_eq((pc_csr(&drv, 88) | (unsigned)pc_csr(&drv, 89) << 16) >> 12,
			  chip_version);
}

START_TEST(probed_with_words)
{
	open_card(PC_970A);
	probe(0x2621);
	fake_host_fini(&host);
	open_card(PC_973);
	probe(0x2625);
	fake_host_fini(&host);
}
END_TEST

START_TEST(probed_with_double_words)
{
	open_card(PC_970A);
	pc_switch_dwio(&drv);
	probe(0x2621);
	ck_assert(pc_bcr(&drv, 18) & BCR18_DWIO);
	/* Word accesses see nothing now: the driver's word probe fails and it tries the other. */
	fake_write(&host, 0, 0x12, 88, 2);
	ck_assert_uint_eq(fake_read(&host, 0, 0x12, 2), 0);
	ck_assert_uint_eq(fake_read(&host, 0, 0x10, 2), 0);
	fake_host_fini(&host);
}
END_TEST

START_TEST(only_hard_reset_ends_double_words)
{
	open_card(PC_970A);
	pc_switch_dwio(&drv);
	pc_soft_reset(&drv);
	ck_assert_uint_eq(pc_csr(&drv, 0), 4);
	fake_reset(&host, HWNET_RESET_BUS);
	drv.dwio = false;
	ck_assert_uint_eq(pc_csr(&drv, 0), 4);
	fake_host_fini(&host);
}
END_TEST

START_TEST(both_bars_are_one)
{
	open_card(PC_970A);
	pc_set_csr(&drv, 1, 0x1234);
	drv.bar = 1;
	ck_assert_uint_eq(pc_csr(&drv, 1), 0x1234);
	fake_host_fini(&host);
}
END_TEST

START_TEST(aliases)
{
	open_card(PC_970A);
	pc_set_csr(&drv, 16, 0xabc0);
	pc_set_csr(&drv, 17, 0x0012);
	ck_assert_uint_eq(pc_csr(&drv, 1), 0xabc0);
	ck_assert_uint_eq(pc_csr(&drv, 2), 0x0012);
	pc_set_csr(&drv, 58, 3);
	ck_assert_uint_eq(pc_bcr(&drv, 20), 0x0303);
	ck_assert_uint_eq(pc_csr(&drv, 58), 0x0303);
	fake_host_fini(&host);
}
END_TEST

START_TEST(software_styles)
{
	static const uint16_t want[] = { 0x0200, 0x0101, 0x0302, 0x0303, 0x0200, 0x0200 };

	open_card(PC_970A);
	for (unsigned i = 0; i < 6; i++) {
		pc_set_bcr(&drv, 20, (uint16_t)i);
		ck_assert_uint_eq(pc_bcr(&drv, 20), want[i]);
	}
	fake_host_fini(&host);
}
END_TEST

/* 970A: "write accessible only when either the STOP or the SPND bit is set". */
START_TEST(setup_registers_are_shut_while_running)
{
	pc_open(&host, PC_970A);
	pc_up(&drv, &host, 2, 4, 4);
	pc_set_csr(&drv, 8, 0xffff);
	pc_set_csr(&drv, 15, 0x8000);
	pc_set_bcr(&drv, 20, 0);
	ck_assert_uint_eq(pc_csr(&drv, 8), 0);
	ck_assert_uint_eq(pc_csr(&drv, 15), 0);
	ck_assert_uint_eq(pc_bcr(&drv, 20), 0x0302);
	pc_set_csr(&drv, 5, CSR5_SPND);
	ck_assert_uint_eq(pc_csr(&drv, 5), CSR5_SPND);
	pc_set_csr(&drv, 8, 0xffff);
	ck_assert_uint_eq(pc_csr(&drv, 8), 0xffff);
	fake_host_fini(&host);
}
END_TEST

START_TEST(init_block_fills_registers)
{
	for (unsigned style = 0; style <= 3; style++) {
		pc_open(&host, PC_973);
		pc_rings(&drv, &host, style, 16, 4, 2048);
		drv.mode = 0x8000;
		drv.ladrf = 0x1122334455667788;
		pc_init(&drv);
		ck_assert_uint_eq(pc_csr(&drv, 0), CSR0_INIT | CSR0_IDON | CSR0_INTR);
		ck_assert_uint_eq(pc_csr(&drv, 15), 0x8000);
		ck_assert_uint_eq(pc_csr(&drv, 8), 0x7788);
		ck_assert_uint_eq(pc_csr(&drv, 11), 0x1122);
		ck_assert_uint_eq(pc_csr(&drv, 12), 0x5452);
		ck_assert_uint_eq(pc_csr(&drv, 14), 0x5634);
		ck_assert_uint_eq(pc_csr(&drv, 24) | pc_csr(&drv, 25) << 16, drv.rx.desc);
		ck_assert_uint_eq(pc_csr(&drv, 30) | pc_csr(&drv, 31) << 16, drv.tx.desc);
		ck_assert_uint_eq(pc_csr(&drv, 76), 0x10000 - 16);
		ck_assert_uint_eq(pc_csr(&drv, 78), 0x10000 - 4);
		ck_assert_uint_eq(pc_csr(&drv, 6), 2 << 12 | 4 << 8);
		/* Current, next, previous descriptors. */
		ck_assert_uint_eq(pc_csr(&drv, 28), drv.rx.desc & 0xffff);
		ck_assert_uint_eq(pc_csr(&drv, 26), pc_desc(&drv, &drv.rx, 1) & 0xffff);
		ck_assert_uint_eq(pc_csr(&drv, 60), pc_desc(&drv, &drv.tx, 3) & 0xffff);
		ck_assert_uint_eq(pc_csr(&drv, 61), drv.tx.desc >> 16);
		fake_host_fini(&host);
	}
}
END_TEST

START_TEST(stop_wins_and_clears)
{
	pc_open(&host, PC_970A);
	pc_up(&drv, &host, 2, 4, 4);
	pc_set_csr(&drv, 4, CSR4_UINTCMD);
	ck_assert(host.intx);
	pc_set_csr(&drv, 0, CSR0_STOP | CSR0_STRT | CSR0_INIT | CSR0_IENA);
	ck_assert_uint_eq(pc_csr(&drv, 0), CSR0_STOP);
	ck_assert_uint_eq(pc_csr(&drv, 4) & CSR4_UINT, 0);
	ck_assert(!host.intx);
	/* SPND cannot be set while stopped. */
	pc_set_csr(&drv, 5, CSR5_SPND);
	ck_assert_uint_eq(pc_csr(&drv, 5), 0);
	fake_host_fini(&host);
}
END_TEST

START_TEST(soft_reset_keeps_addresses)
{
	pc_open(&host, PC_970A);
	pc_up(&drv, &host, 2, 4, 4);
	pc_set_csr(&drv, 3, 0x5f00);
	pc_set_csr(&drv, 4, 0x0915);
	pc_soft_reset(&drv);
	ck_assert_uint_eq(fake_read(&host, 0, 0x12, 2), 0);
	ck_assert_uint_eq(pc_csr(&drv, 0), CSR0_STOP);
	ck_assert_uint_eq(pc_csr(&drv, 3), 0);
	ck_assert_uint_eq(pc_csr(&drv, 4), 0x0115);
	ck_assert_uint_eq(pc_csr(&drv, 80), 0xd410);
	ck_assert_uint_eq(pc_csr(&drv, 24), drv.rx.desc & 0xffff);
	ck_assert_uint_eq(pc_bcr(&drv, 20), 0x0302);
	fake_host_fini(&host);
}
END_TEST

START_TEST(address_prom)
{
	uint8_t prom[16];
	unsigned sum = 0;

	open_card(PC_970A);
	for (unsigned i = 0; i < 16; i++)
		prom[i] = (uint8_t)fake_read(&host, 0, i, 1);
	ck_assert_mem_eq(prom, pc_mac, 6);
	ck_assert_mem_eq(prom + 14, "WW", 2);
	for (unsigned i = 0; i < 16; i++)
		sum += i == 12 || i == 13 ? 0 : prom[i];
	ck_assert_uint_eq(prom[12] | prom[13] << 8, sum);
	ck_assert_uint_eq(fake_read(&host, 0, 0, 4), 0x12005452);
	/* It takes writes only while APROMWE is set. */
	fake_write(&host, 0, 0, 0x99, 1);
	ck_assert_uint_eq(fake_read(&host, 0, 0, 1), 0x52);
	pc_set_bcr(&drv, 2, BCR2_APROMWE);
	fake_write(&host, 0, 0, 0x99, 1);
	ck_assert_uint_eq(fake_read(&host, 0, 0, 1), 0x99);
	fake_host_fini(&host);
}
END_TEST

START_TEST(the_970a_has_no_later_registers)
{
	open_card(PC_970A);
	pc_set_csr(&drv, 7, 0xffff);
	pc_set_bcr(&drv, 31, 1);
	pc_set_bcr(&drv, 33, 0x03c2);
	ck_assert_uint_eq(pc_csr(&drv, 7), 0);
	ck_assert_uint_eq(pc_csr(&drv, 116), 0);
	ck_assert_uint_eq(pc_bcr(&drv, 34), 0);
	ck_assert_int_eq(host.deadline, HWNET_NEVER);
	fake_host_fini(&host);
}
END_TEST

START_TEST(odd_accesses_do_nothing)
{
	open_card(PC_970A);
	for (unsigned off = 0; off < 32; off++)
		for (unsigned size = 1; size <= 8; size *= 2) {
			if (off == 0x10 && size == 4)
				continue;
			fake_read(&host, 0, off, size);
			fake_write(&host, 0, off, 0, size);
		}
	fake_write(&host, 0, 0x12, 200, 2); /* numbers without a row */
	ck_assert_uint_eq(fake_read(&host, 0, 0x10, 2), 0);
	ck_assert_uint_eq(fake_read(&host, 0, 0x16, 2), 0);
	ck_assert_uint_eq(pc_csr(&drv, 0), CSR0_STOP);
	fake_host_fini(&host);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		tables_are_well_formed,
		plain_registers_keep_what_is_written,
		probed_with_words,
		probed_with_double_words,
		only_hard_reset_ends_double_words,
		both_bars_are_one,
		aliases,
		software_styles,
		setup_registers_are_shut_while_running,
		init_block_fills_registers,
		stop_wins_and_clears,
		soft_reset_keeps_addresses,
		address_prom,
		the_970a_has_no_later_registers,
		odd_accesses_do_nothing,
		NULL,
	};

	return unit_main("pcnet-regs", tests);
}
