/* SPDX-License-Identifier: BSD-2-Clause */
/* Configuration space of each model, as a client finds it. */
#include <string.h>

#include "rig.h"
#include "unit.h"

static struct rig r;
static struct hwnet_pci ids;

static uint32_t get(unsigned off, unsigned size)
{
	return (uint32_t)rig_read(&r, VFU_CONFIG, off, size);
}

static void put(unsigned off, uint32_t val, unsigned size)
{
	rig_write(&r, VFU_CONFIG, off, val, size);
}

/* Where a capability stands, 0: there is none */
static unsigned find(unsigned id)
{
	unsigned at = get(0x34, 1);

	for (unsigned n = 0; at && n < 48; n++, at = get(at + 1, 1))
		if (get(at, 1) == id)
			return at;
	return 0;
}

static void open_model(const struct hwnet_model *m)
{
	rig_open(&r, m, true);
	hwnet_pci(vfu_nic(r.v), &ids);
}

#define EACH_MODEL                                                                              \
	for (const struct hwnet_model *const *m = hwnet_models(); *m && (open_model(*m), true); \
	     m++, rig_close(&r))

START_TEST(identity_is_the_cards)
{
	EACH_MODEL
	{
		ck_assert_uint_eq(get(0, 2), ids.vendor);
		ck_assert_uint_eq(get(2, 2), ids.device);
		ck_assert_uint_eq(get(8, 4), ids.class_code << 8 | ids.revision);
		ck_assert_uint_eq(get(0x2c, 2), ids.subsys_vendor);
		ck_assert_uint_eq(get(0x2e, 2), ids.subsys_device);
		ck_assert_uint_eq(get(0x3c, 4) >> 8, 1 | ids.min_gnt << 8 | ids.max_lat << 16);
		put(0, 0xffffffff, 4);
		ck_assert_uint_eq(get(0, 2), ids.vendor);
	}
}
END_TEST

START_TEST(bars_tell_their_size)
{
	EACH_MODEL
	for (unsigned i = 0; i < 6; i++) {
		const struct hwnet_bar *bar = &ids.bars[i];
		uint32_t bits = bar->kind == HWNET_BAR_IO ? 1 : bar->wide << 2 | bar->prefetch << 3;

		put(0x10 + 4 * i, 0xffffffff, 4);
		if (i && ids.bars[i - 1].wide)
			ck_assert_uint_eq(get(0x10 + 4 * i, 4), 0xffffffff);
		else
			ck_assert_uint_eq(get(0x10 + 4 * i, 4),
					  bar->kind ? ~(bar->size - 1) | bits : 0);
	}
}
END_TEST

START_TEST(capabilities_are_where_the_model_wants_them)
{
	EACH_MODEL
	{
		ck_assert_uint_eq(find(1), ids.pm_off);
		ck_assert_uint_eq(find(5) != 0, ids.msi_vectors != 0);
		if (ids.msi_off && ids.msi_vectors)
			ck_assert_uint_eq(find(5), ids.msi_off);
		ck_assert_uint_eq(find(0x11) != 0, ids.msix_vectors != 0);
		if (ids.msix_vectors) {
			ck_assert_uint_eq(find(0x11), ids.msix_off);
			ck_assert_uint_eq(get(find(0x11) + 2, 2), ids.msix_vectors - 1u);
			ck_assert_uint_eq(get(find(0x11) + 4, 4), ids.msix_table | ids.msix_bar);
			ck_assert_uint_eq(get(find(0x11) + 8, 4), ids.msix_pba | ids.msix_bar);
		}
		ck_assert_uint_eq(get(6, 2) >> 4 & 1, find(1) || find(5) || find(0x11));
	}
}
END_TEST

START_TEST(a_sleeping_card_has_no_registers)
{
	EACH_MODEL
	{
		unsigned bar = 0;

		if (!ids.pm_off)
			continue;
		put(ids.pm_off + 4, 1, 1); /* D1, which none has */
		if (!(ids.pm_pmc & 0x0200))
			ck_assert_uint_eq(get(ids.pm_off + 4, 1) & 3, 0);
		put(ids.pm_off + 4, 3, 1);
		ck_assert_uint_eq(rig_read(&r, bar, 0, 4), 0xffffffff);
		r.changed = 0;
		put(ids.pm_off + 4, 0, 1);
		ck_assert_uint_eq(r.changed & VFU_CHANGED_LINK, VFU_CHANGED_LINK); /* reset */
	}
}
END_TEST

START_TEST(the_table_of_vectors_keeps_what_is_written)
{
	EACH_MODEL
	{
		unsigned vec;

		if (!ids.msix_vectors)
			continue;
		vec = ids.msix_vectors - 1u;
		rig_write(&r, ids.msix_bar, ids.msix_table + 16 * vec, 0xfee00000, 8);
		ck_assert_uint_eq(rig_read(&r, ids.msix_bar, ids.msix_table + 16 * vec, 8),
				  0xfee00000);
		rig_write(&r, ids.msix_bar, ids.msix_pba, 0xff, 1);
		ck_assert_uint_eq(rig_read(&r, ids.msix_bar, ids.msix_pba, 8), 0);
		rig_write(&r, ids.msix_bar, ids.msix_table + 16 * vec + 16, 1, 4);
		ck_assert_uint_eq(rig_read(&r, ids.msix_bar, ids.msix_table + 16 * vec + 16, 4), 0);
	}
}
END_TEST

START_TEST(all_of_it_in_one_read)
{
	struct vfu_access at = { 0, VFU_CONFIG, 256 };
	struct answer a;

	EACH_MODEL
	{
		ck_assert_int_eq(rig_ask(&r, VFU_REGION_READ, &at, sizeof(at), NULL, 0, &a), 0);
		ck_assert_uint_eq(a.len, sizeof(at) + 256);
		ck_assert_uint_eq(a.body[sizeof(at)], ids.vendor & 0xff);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		identity_is_the_cards,
		bars_tell_their_size,
		capabilities_are_where_the_model_wants_them,
		a_sleeping_card_has_no_registers,
		the_table_of_vectors_keeps_what_is_written,
		all_of_it_in_one_read,
		NULL,
	};

	return unit_main("vfu-space", tests);
}
