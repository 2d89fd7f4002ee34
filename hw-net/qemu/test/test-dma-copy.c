// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How another processor sees a card's stores (hwnet/dma-copy.h, by the contract of hwnet/nic.h).
 *
 * A thread looks at one place of memory while the card's side writes number after number there. A
 * fault shows when the look falls between two stores, which millions of writes make sure of
 * wherever two processors are free; what is right is never taken for wrong, however the two threads
 * are scheduled.
 */
#include "qemu/osdep.h"
#include "qemu/atomic.h"
#include "hwnet/dma-copy.h"

#define WRITES 5000000u

/* What both threads see. */
static uint64_t place[2] __attribute__((aligned(16)));
static bool looks, done;

/* Whoever sees an upper half sees the lower half that was written with it, or a later one. */
static bool sees_lower_first(void)
{
	uint64_t upper = qatomic_load_acquire(&place[1]);

	return qatomic_read(&place[0]) >= upper;
}

static bool sees_whole_8(void)
{
	uint64_t v = qatomic_read(&place[0]);

	return (uint32_t)v == v >> 32;
}

static bool sees_whole_4(void)
{
	uint32_t v = qatomic_read((uint32_t *)place);

	return (uint16_t)v == v >> 16;
}

static bool sees_whole_2(void)
{
	uint16_t v = qatomic_read((uint16_t *)place);

	return (uint8_t)v == v >> 8;
}

/*
 * struct store - a length, and numbers of it: 0 to @last, each times @unit, in which both halves
 * are the same
 */
static const struct store {
	size_t len;
	uint64_t last, unit;
	bool (*sees)(void);
} stores[] = {
	{ 16, UINT64_MAX, 1, sees_lower_first },
	{ 8, UINT32_MAX, 0x100000001, sees_whole_8 },
	{ 4, UINT16_MAX, 0x10001, sees_whole_4 },
	{ 2, UINT8_MAX, 0x101, sees_whole_2 },
};

static gpointer look(gpointer data)
{
	const struct store *s = data;
	bool good = true;

	qatomic_set(&looks, true);
	while (good && !qatomic_read(&done))
		good = s->sees();
	return GINT_TO_POINTER(good);
}

static void test_store(const void *data)
{
	const struct store *s = data;
	GThread *reader;

	memset(place, 0, sizeof(place));
	looks = done = false;
	reader = g_thread_new("reader", look, (gpointer)s);
	while (!qatomic_read(&looks))
		g_thread_yield();
	for (uint64_t n = 0; n < WRITES; n++) {
		const uint64_t v[2] = { (n & s->last) * s->unit, n };

		hwnet_dma_copy_out((uint8_t *)place, (const uint8_t *)v, s->len);
	}
	qatomic_set(&done, true);
	g_assert_true(g_thread_join(reader));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (unsigned i = 0; i < G_N_ELEMENTS(stores); i++) {
		g_autofree char *path = g_strdup_printf("/dma-copy/%zu", stores[i].len);

		g_test_add_data_func(path, &stores[i], test_store);
	}
	return g_test_run();
}
