/* SPDX-License-Identifier: BSD-2-Clause */
/* e1000 registers: every row of the tables, identities, the ways in, resets. */
#include "rig.h"
#include "model.h"

static struct rig R;

static unsigned count_of(const struct hwnet_reg *reg)
{
	return reg->count ? reg->count : 1;
}

START_TEST(tables_are_well_formed)
{
	const struct hwnet_model_ops *ops = hwnet_find_model("e1000")->ops;

	for (unsigned i = 0; i < ops->n_regs; i++)
		ck_assert_ptr_null(hwnet_regs_check(&ops->regs[i], 17500));
}
END_TEST

/* Rows without hooks do what their kind says, in each element, through the BAR. */
static void check_plain(const struct hwnet_regspace *space, const struct hwnet_reg *reg, unsigned i)
{
	uint32_t off = reg->num + i * (reg->stride ? reg->stride : space->unit);

	if (reg->kind != REG_RC)
		ck_assert_msg(rd(&R, off) == reg->reset, "%s after reset", reg->name);
	wr(&R, off, 0xffffffff);
	if (reg->kind == REG_RW)
		ck_assert_msg(rd(&R, off) == (reg->wmask | (reg->reset & ~reg->wmask)),
			      "%s all ones", reg->name);
	wr(&R, off, 0x5a5a5a5a);
	if (reg->kind == REG_RW)
		ck_assert_msg(rd(&R, off) ==
				      ((0x5a5a5a5a & reg->wmask) | (reg->reset & ~reg->wmask)),
			      "%s pattern", reg->name);
	if (reg->kind == REG_RO || reg->kind == REG_RC)
		ck_assert_msg(rd(&R, off) == (reg->kind == REG_RC ? 0 : reg->reset),
			      "%s is read-only", reg->name);
	wr(&R, off, reg->reset);
}

START_TEST(every_row)
{
	const struct hwnet_model_ops *ops = hwnet_find_model("e1000")->ops;
	unsigned plain = 0;

	rig_init(&R);
	fake_open(&R.h, "e1000");
	for (unsigned s = 0; s < ops->n_regs; s++) {
		const struct hwnet_regspace *space = &ops->regs[s];

		for (unsigned i = 0; space->bits == 32 && i < space->n_rows; i++) {
			const struct hwnet_reg *reg = &space->rows[i];

			for (unsigned j = 0; j<count_of(reg); j += count_of(reg)> 200 ? 61 : 1) {
				if (!reg->read && !reg->write) {
					check_plain(space, reg, j);
					plain++;
				}
			}
		}
	}
	ck_assert_uint_gt(plain, 500);
	rig_close(&R);
}
END_TEST

static void pattern(uint32_t off, uint32_t mask, uint32_t write)
{
	static const uint32_t values[] = { 0x5a5a5a5a, 0xa5a5a5a5, 0, 0xffffffff };

	for (unsigned i = 0; i < 4; i++) {
		wr(&R, off, values[i] & write);
		ck_assert_msg(rd(&R, off) == (values[i] & write & mask), "register %x", off);
	}
}

/* What Linux's register test writes and expects (ethtool -t offline), on each model. */
START_TEST(linux_register_test)
{
	static const char *const models[] = { "e1000", "e1000-82544gc", "e1000-82545em" };

	for (unsigned m = 0; m < 3; m++) {
		uint32_t status;

		rig_init(&R);
		fake_open(&R.h, models[m]);
		status = rd(&R, STATUS);
		wr(&R, STATUS, 0xfffff833);
		ck_assert_uint_eq(rd(&R, STATUS), status);
		pattern(FCAL, 0xffffffff, 0xffffffff);
		pattern(FCAH, 0xffff, 0xffffffff);
		pattern(FCT, 0xffff, 0xffffffff);
		pattern(VET, 0xffff, 0xffffffff);
		pattern(RDTR, 0xffff, 0xffffffff);
		pattern(RDBAH, 0xffffffff, 0xffffffff);
		pattern(RDLEN, 0xfff80, 0xfffff);
		pattern(RDH, 0xffff, 0xffff);
		pattern(RDT, 0xffff, 0xffff);
		pattern(FCRTH, 0xfff8, 0xfff8);
		pattern(FCTTV, 0xffff, 0xffff);
		pattern(0x0410, 0x3fffffff, 0x3fffffff);
		pattern(TDBAH, 0xffffffff, 0xffffffff);
		pattern(TDLEN, 0xfff80, 0xfffff);
		wr(&R, RCTL, 0x06dfb3fe & 0x003ffffb);
		ck_assert_uint_eq(rd(&R, RCTL) & 0x06dfb3fe, 0x06dfb3fe & 0x003ffffb);
		wr(&R, TCTL, 0);
		wr(&R, RCTL, 0x06dfb3fe);
		ck_assert_uint_eq(rd(&R, RCTL) & 0x06dfb3fe, 0x06dfb3fe);
		pattern(RDBAL, 0xfffffff0, 0xffffffff);
		pattern(0x0178, 0xc000ffff, 0xffff);
		pattern(TDBAL, 0xfffffff0, 0xffffffff);
		pattern(TIDV, 0xffff, 0xffff);
		for (unsigned i = 0; i < 16; i++)
			pattern(RA + 8 * i + 4, 0x8003ffff, 0xffffffff);
		for (unsigned i = 0; i < 128; i++)
			pattern(MTA + 4 * i, 0xffffffff, 0xffffffff);
		rig_close(&R);
	}
}
END_TEST

START_TEST(identities)
{
	static const struct {
		const char *name;
		uint16_t device, subsys_vendor, subsys;
		unsigned io_bar, io_size;
		bool wide;
	} want[] = { { "e1000", 0x100e, 0x8086, 0x001e, 2, 64, false },
		     { "e1000-82544gc", 0x100c, 0x8086, 0x1112, 2, 32, false },
		     { "e1000-82545em", 0x100f, 0x15ad, 0x0750, 4, 64, true } };

	for (unsigned m = 0; m < 3; m++) {
		struct hwnet_pci pci;

		rig_init(&R);
		fake_open(&R.h, want[m].name);
		hwnet_pci(R.h.nic, &pci);
		ck_assert_uint_eq(pci.vendor, 0x8086);
		ck_assert_uint_eq(pci.device, want[m].device);
		ck_assert_uint_eq(pci.subsys_vendor, want[m].subsys_vendor);
		ck_assert_uint_eq(pci.subsys_device, want[m].subsys);
		ck_assert_uint_eq(pci.class_code, 0x020000);
		ck_assert_uint_eq(pci.bars[0].size, 0x20000);
		ck_assert(pci.bars[0].wide == want[m].wide);
		ck_assert_int_eq(pci.bars[want[m].io_bar].kind, HWNET_BAR_IO);
		ck_assert_uint_eq(pci.bars[want[m].io_bar].size, want[m].io_size);
		ck_assert_uint_eq(pci.msi_vectors, 0);
		rig_close(&R);
	}
}
END_TEST

START_TEST(second_addresses)
{
	rig_open(&R);
	wr(&R, 0x0428, 0x1000);
	ck_assert_uint_eq(rd(&R, TDLEN), 0x1000);
	wr(&R, 0x0438, 3);
	ck_assert_uint_eq(rd(&R, TDT), 3);
	wr(&R, 0x0108, 7);
	ck_assert_uint_eq(rd(&R, RDTR), 7);
	ck_assert_uint_eq(rd(&R, 0x0040), rd(&R, RA));
	wr(&R, 0x0200 + 4 * 99, 0x1234);
	ck_assert_uint_eq(rd(&R, MTA + 4 * 99), 0x1234);
	wr(&R, 0x0600 + 4 * 127, 0x4321);
	ck_assert_uint_eq(rd(&R, VFTA + 4 * 127), 0x4321);
	rig_close(&R);
}
END_TEST

START_TEST(accesses_of_other_sizes)
{
	rig_open(&R);
	wr(&R, TDBAH, 0x11223344);
	ck_assert_uint_eq(fake_read(&R.h, 0, TDBAH, 1), 0x44);
	ck_assert_uint_eq(fake_read(&R.h, 0, TDBAH + 3, 1), 0x11);
	ck_assert_uint_eq(fake_read(&R.h, 0, TDBAH + 1, 2), 0x2233);
	fake_write(&R.h, 0, TDBAH + 2, 0xaabb, 2);
	ck_assert_uint_eq(rd(&R, TDBAH), 0xaabb3344);
	fake_write(&R.h, 0, TDBAL, 0x5566778899aabbc0, 8);
	ck_assert_uint_eq(rd(&R, TDBAL), 0x99aabbc0);
	ck_assert_uint_eq(rd(&R, TDBAH), 0x55667788);
	ck_assert_uint_eq(fake_read(&R.h, 0, TDBAL, 8), 0x5566778899aabbc0);
	fake_write(&R.h, 0, TDBAL + 2, 0x12345678, 4);
	ck_assert_uint_eq(rd(&R, TDBAL), 0x5678bbc0);
	ck_assert_uint_eq(rd(&R, TDBAH), 0x55661234);
	ck_assert_uint_eq(fake_read(&R.h, 0, 0x1fffe, 8), 0);
	fake_write(&R.h, 0, 0x1ffff, ~0ull, 8);
	ck_assert_uint_eq(rd(&R, 0x1fffc), 0xff000000);
	ck_assert_uint_eq(rd(&R, 0xc000), 0); /* nothing there */
	wr(&R, 0xc000, 5);
	ck_assert_uint_eq(rd(&R, 0xc000), 0);
	rig_close(&R);
}
END_TEST

static void io_put(unsigned bar, uint32_t off, uint32_t val)
{
	fake_write(&R.h, bar, 0, off, 4);
	fake_write(&R.h, bar, 4, val, 4);
}

/* IOADDR and IODATA; Linux resets the 82544 through them. */
START_TEST(io_bar)
{
	rig_open_model(&R, "e1000-82544gc");
	io_put(2, TDBAH, 0x12345678);
	ck_assert_uint_eq(rd(&R, TDBAH), 0x12345678);
	ck_assert_uint_eq(fake_read(&R.h, 2, 0, 4), TDBAH);
	ck_assert_uint_eq(fake_read(&R.h, 2, 4, 4), 0x12345678);
	ck_assert_uint_eq(fake_read(&R.h, 2, 5, 1), 0x56);
	fake_write(&R.h, 2, 0, 0, 2); /* narrow writes of IOADDR do nothing */
	ck_assert_uint_eq(fake_read(&R.h, 2, 0, 4), TDBAH);
	io_put(2, 0x20000, 1);
	ck_assert_uint_eq(fake_read(&R.h, 2, 4, 4), 0);
	io_put(2, 0xfffffffc, 1);
	ck_assert_uint_eq(fake_read(&R.h, 2, 8, 4), 0);
	io_put(2, CTRL, rd(&R, CTRL) | 1u << 26);
	ck_assert_uint_eq(rd(&R, TDLEN), 0);
	ck_assert_uint_eq(rd(&R, RCTL), 0);
	rig_close(&R);
}
END_TEST

/* CTRL.RST resets (stock QEMU's does not), except for what the data sheet keeps. */
START_TEST(device_reset)
{
	rig_open(&R);
	wr(&R, PBA, 20);
	wr(&R, WUFC, 0xff);
	wr(&R, 0x10000, 0xdead);
	wr(&R, IMS, 0xffff);
	wr(&R, RA + 8, 0x1234);
	rig_phy_write(&R, 20, 0x4321);
	wr(&R, TIDV, 50);
	wr(&R, RDT, 0);
	ck_assert(!rig_receive(&R, 60, rig_mac));
	wr(&R, ICS, LSC);
	ck_assert(R.h.intx);
	wr(&R, CTRL, rd(&R, CTRL) | 1u << 26);
	ck_assert(!R.h.intx);
	ck_assert_uint_eq(R.h.rx_ready, 1);
	ck_assert(R.h.deadline == HWNET_NEVER);
	ck_assert_uint_eq(rd(&R, CTRL) & 1u << 26, 0);
	ck_assert_uint_eq(rd(&R, ICR) | rd(&R, IMS) | rd(&R, RCTL) | rd(&R, TCTL), 0);
	ck_assert_uint_eq(rd(&R, TDLEN) | rd(&R, RDLEN) | rd(&R, TIDV) | rd(&R, RA + 8), 0);
	ck_assert_uint_eq(rd(&R, RA), 0x12005452); /* from the EEPROM */
	ck_assert_uint_eq(rd(&R, RA + 4), 0x80005634);
	ck_assert_uint_eq(rd(&R, PBA), 44u << 16 | 20);
	ck_assert_uint_eq(rd(&R, WUFC), 0xff);
	ck_assert_uint_eq(rd(&R, 0x10000), 0xdead);
	ck_assert_uint_eq(rig_phy_read(&R, 20), 0x4321);
	ck_assert_uint_eq(rd(&R, STATUS) & 2, 2); /* the PHY's link stays */
	rig_start(&R);
	ck_assert(rig_receive(&R, 60, rig_mac));
	ck_assert_uint_eq(rd(&R, RDH), 1);
	rig_close(&R);
}
END_TEST

START_TEST(other_resets)
{
	rig_open(&R);
	wr(&R, RA, 0x11111111);
	wr(&R, RA + 4, 0);
	wr(&R, CTRL_EXT, 1u << 13); /* EE_RST */
	ck_assert_uint_eq(rd(&R, CTRL_EXT), 0);
	ck_assert_uint_eq(rd(&R, RA), 0x12005452);
	ck_assert_uint_eq(rd(&R, RCTL), RCTL_ON);
	rig_phy_write(&R, 20, 0x4321);
	wr(&R, CTRL, rd(&R, CTRL) | 1u << 31); /* PHY_RST */
	ck_assert_uint_eq(rig_phy_read(&R, 20), 0x0d60);
	ck_assert_uint_eq(rd(&R, STATUS) & 2, 0);
	ck_assert_uint_eq(rd(&R, RCTL), RCTL_ON);
	wr(&R, WUFC, 0xff);
	wr(&R, PBA, 20);
	for (unsigned kind = HWNET_RESET_POWER; kind <= HWNET_RESET_BUS; kind++) {
		fake_reset(&R.h, kind);
		ck_assert_uint_eq(rd(&R, WUFC) | rd(&R, RCTL) | rd(&R, TDLEN), 0);
		ck_assert_uint_eq(rd(&R, PBA), 0x00100030);
		ck_assert_uint_eq(rd(&R, STATUS) & 2, 2);
		rig_start(&R);
		wr(&R, WUFC, 0xff);
	}
	rig_close(&R);
}
END_TEST

START_TEST(reported_filter)
{
	struct hwnet_rx_filter f;
	unsigned calls;

	rig_open(&R);
	calls = R.h.filter_changed;
	wr(&R, RA + 8, 0x44332211);
	wr(&R, RA + 12, 0x80006655);
	wr(&R, RCTL, RCTL_ON | 16 | 1u << 18);
	ck_assert_uint_gt(R.h.filter_changed, calls);
	hwnet_rx_filter(R.h.nic, &f);
	ck_assert_mem_eq(f.mac, rig_mac, 6);
	ck_assert(!f.promiscuous && f.broadcast && f.vlan_filter);
	ck_assert_int_eq(f.unicast, HWNET_FILTER_TABLE);
	ck_assert_int_eq(f.multicast, HWNET_FILTER_ALL);
	ck_assert_uint_eq(f.n_addrs, 1);
	ck_assert_mem_eq(f.addrs[0], "\x11\x22\x33\x44\x55\x66", 6);
	ck_assert_uint_eq(f.mhash_bits, 12);
	ck_assert_uint_eq(hwnet_rx_caps(R.h.nic), 0);
	rig_close(&R);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		tables_are_well_formed,
		every_row,
		linux_register_test,
		identities,
		second_addresses,
		accesses_of_other_sizes,
		io_bar,
		device_reset,
		other_resets,
		reported_filter,
		NULL,
	};

	return unit_main("e1000-regs", tests);
}
