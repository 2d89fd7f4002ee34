/* SPDX-License-Identifier: BSD-2-Clause */
/* vmxnet3 interrupts: masking, INTx, MSI, moderation and coalescing on a stepped clock. */
#include "unit.h"
#include "guest.h"

#define US 1000ll

static struct fake_host h;
static struct guest g;
static struct guest_frame got;
static uint8_t frame[60] = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 };

static void setup_mode(enum hwnet_irq_mode irq, bool auto_mask, unsigned rev)
{
	fake_host_init(&h);
	h.irq_mode = irq;
	guest_open(&g, &h, rev, 1);
	g.auto_mask = auto_mask;
	guest_prepare(&g);
	if (irq != HWNET_IRQ_MSIX)
		fake_put8(&h, g.shared + DS_EVENT_INTR, 0);
	ck_assert_uint_eq(guest_activate(&g), 0);
	for (unsigned i = 0; i < 2; i++)
		guest_imr(&g, i, false);
}

static void setup(void)
{
	setup_mode(HWNET_IRQ_MSIX, true, 9);
}

/* One frame arrives and is taken. */
static void receive(void)
{
	ck_assert(fake_rx_bytes(&h, frame, sizeof(frame)));
	ck_assert(guest_rx(&g, 0, &got));
}

START_TEST(auto_masking)
{
	setup();
	receive();
	ck_assert_uint_eq(h.msi[0], 1);
	ck_assert_uint_eq(fake_read(&h, 0, VMX_IMR, 4), 1);
	receive();
	ck_assert_uint_eq(h.msi[0], 1);
	guest_imr(&g, 0, false); /* something came meanwhile */
	ck_assert_uint_eq(h.msi[0], 2);
	guest_imr(&g, 0, false);
	ck_assert_uint_eq(h.msi[0], 2);
	fake_host_fini(&h);
}
END_TEST

/* Active: the handler masks; lazy: nobody does. For the device they are the same. */
START_TEST(without_auto_masking)
{
	setup_mode(HWNET_IRQ_MSIX, false, 9);
	receive();
	receive();
	ck_assert_uint_eq(h.msi[0], 2);
	ck_assert_uint_eq(fake_read(&h, 0, VMX_IMR, 4), 0);
	guest_imr(&g, 0, true);
	receive();
	ck_assert_uint_eq(h.msi[0], 2);
	guest_imr(&g, 0, false);
	ck_assert_uint_eq(h.msi[0], 3);
	fake_host_fini(&h);
}
END_TEST

START_TEST(intx_line)
{
	setup_mode(HWNET_IRQ_INTX, true, 9);
	ck_assert_uint_eq(fake_read(&h, 1, VMX_ICR, 4), 0);
	receive();
	ck_assert(h.intx);
	ck_assert_uint_eq(fake_read(&h, 1, VMX_ICR, 4), 1);
	ck_assert(!h.intx);
	ck_assert_uint_eq(fake_read(&h, 1, VMX_ICR, 4), 0);
	receive();
	ck_assert(!h.intx);
	guest_imr(&g, 0, false);
	ck_assert(h.intx);
	fake_reopen(&h);
	ck_assert(h.intx);
	guest_cmd(&g, (uint32_t)VMX_CMD_QUIESCE);
	ck_assert(!h.intx);
	fake_host_fini(&h);
}
END_TEST

START_TEST(msi_has_one_vector)
{
	setup_mode(HWNET_IRQ_MSI, true, 9);
	receive();
	ck_assert_uint_eq(h.msi[0], 1);
	guest_imr(&g, 0, false);
	fake_carrier(&h, false);
	ck_assert_uint_eq(h.msi[0], 2);
	fake_host_fini(&h);
}
END_TEST

static void level(uint8_t l)
{
	fake_put8(&h, g.shared + DS_MOD_LEVELS, l);
	guest_cmd(&g, (uint32_t)VMX_CMD_UPDATE_IML);
}

/* Frames every 2 us for a millisecond to a driver that unmasks at once; interrupts counted. */
static unsigned interrupts_in_a_ms(void)
{
	fake_irq_clear(&h);
	for (unsigned i = 0; i < 500; i++) {
		receive();
		guest_imr(&g, 0, false);
		fake_advance(&h, 2 * US);
	}
	return h.msi[0];
}

START_TEST(levels_set_a_distance)
{
	static const unsigned us[] = { 2, 10, 20, 40, 60, 90, 150, 250 };

	setup();
	for (uint8_t l = 0; l <= 7; l++) {
		unsigned n;

		level(l);
		n = interrupts_in_a_ms();
		ck_assert_uint_ge(n, 1000 / us[l] - 1);
		ck_assert_uint_le(n, 1000 / us[l] + 1);
		fake_advance(&h, 1000 * US);
	}
	fake_host_fini(&h);
}
END_TEST

/* Adaptive: nothing is delayed for a lone frame; under load interrupts get fewer. */
START_TEST(adaptive_follows_the_load)
{
	unsigned before;

	setup();
	level(IML_ADAPTIVE);
	for (unsigned i = 0; i < 50; i++) {
		receive();
		ck_assert_uint_eq(h.msi[0], i + 1);
		guest_imr(&g, 0, false);
		fake_advance(&h, 100 * US);
	}
	for (unsigned i = 0; i < 40; i++) { /* 20 frames each 20 us: a million a second */
		for (unsigned j = 0; j < 20; j++)
			receive();
		guest_imr(&g, 0, false);
		fake_advance(&h, 20 * US);
	}
	fake_irq_clear(&h);
	for (unsigned i = 0; i < 100; i++) {
		for (unsigned j = 0; j < 20; j++)
			receive();
		guest_imr(&g, 0, false);
		fake_advance(&h, 20 * US);
	}
	before = h.msi[0];
	ck_assert_uint_le(before, 2000 / 64);
	ck_assert_uint_ge(before, 2000 / 256);
	fake_advance(&h, 1000 * US);
	guest_imr(&g, 0, false);
	fake_irq_clear(&h);
	for (unsigned i = 0; i < 20; i++) { /* the load is gone: soon each frame is told at once */
		receive();
		guest_imr(&g, 0, false);
		fake_advance(&h, 300 * US);
	}
	for (unsigned i = 0; i < 20; i++) {
		unsigned n = h.msi[0];

		receive();
		ck_assert_uint_eq(h.msi[0], n + 1);
		guest_imr(&g, 0, false);
		fake_advance(&h, 10 * US);
	}
	fake_host_fini(&h);
}
END_TEST

static uint32_t coalesce(uint32_t mode, uint32_t a, uint32_t b, uint32_t c)
{
	fake_put32(&h, g.coal, mode);
	fake_put32(&h, g.coal + 4, a);
	fake_put32(&h, g.coal + 8, b);
	fake_put32(&h, g.coal + 12, c);
	fake_put32(&h, g.shared + DS_CMD_INFO, 1);
	fake_put32(&h, g.shared + DS_CMD_INFO + 4, COAL_SIZE);
	fake_put64(&h, g.shared + DS_CMD_INFO + 8, g.coal);
	return guest_cmd(&g, (uint32_t)VMX_CMD_SET_COALESCE);
}

START_TEST(coalescing_disabled)
{
	setup();
	level(7);
	ck_assert_uint_eq(coalesce(COAL_DISABLED, 0, 0, 0), 0);
	ck_assert_uint_eq(interrupts_in_a_ms(), 500);
	fake_host_fini(&h);
}
END_TEST

START_TEST(coalescing_by_rate)
{
	setup();
	for (uint32_t rate = 2000; rate <= 32000; rate *= 2) {
		unsigned n;

		ck_assert_uint_eq(coalesce(COAL_RBC, rate, 0, 0), 0);
		n = interrupts_in_a_ms();
		ck_assert_uint_ge(n, rate / 1000 - 1);
		ck_assert_uint_le(n, rate / 1000 + 1);
		fake_advance(&h, 1000 * US);
	}
	fake_host_fini(&h);
}
END_TEST

START_TEST(coalescing_by_depth)
{
	setup();
	ck_assert_uint_eq(coalesce(COAL_STATIC, 64, 16, 25), 0);
	ck_assert_uint_eq(interrupts_in_a_ms(), 500 / 25);
	for (unsigned i = 0; i < 15; i++) {
		guest_queue_plain(&g, 0, frame, 60);
		guest_bell(&g, 0);
	}
	fake_irq_clear(&h);
	fake_advance(&h, 900 * US);
	ck_assert_uint_eq(h.msi[0], 0);
	fake_advance(&h, 101 * US); /* nobody waits for ever */
	ck_assert_uint_eq(h.msi[0], 1);
	guest_imr(&g, 0, false);
	for (unsigned i = 0; i < 16; i++) {
		guest_queue_plain(&g, 0, frame, 60);
		guest_bell(&g, 0);
	}
	ck_assert_uint_eq(h.msi[0], 2);
	fake_host_fini(&h);
}
END_TEST

START_TEST(coalescing_is_read_back)
{
	setup();
	ck_assert_uint_eq(coalesce(COAL_STATIC, 64, 16, 25), 0);
	fake_fill(&h, g.coal, 0xff, COAL_SIZE);
	ck_assert_uint_eq(guest_cmd(&g, (uint32_t)VMX_CMD_GET_COALESCE), 0);
	ck_assert_uint_eq(fake_get32(&h, g.coal), COAL_STATIC);
	ck_assert_uint_eq(fake_get32(&h, g.coal + 8), 16);
	ck_assert_uint_eq(fake_get32(&h, g.coal + 12), 25);
	ck_assert_uint_eq(coalesce(COAL_RBC, 4000, 0, 0), 0);
	guest_cmd(&g, (uint32_t)VMX_CMD_GET_COALESCE);
	ck_assert_uint_eq(fake_get32(&h, g.coal + 4), 4000);
	guest_cmd(&g, (uint32_t)VMX_CMD_RESET);
	guest_clean(&g);
	guest_activate(&g);
	guest_cmd(&g, (uint32_t)VMX_CMD_GET_COALESCE);
	ck_assert_uint_eq(fake_get32(&h, g.coal), COAL_ADAPT);
	fake_host_fini(&h);
}
END_TEST

START_TEST(coalescing_refuses_nonsense)
{
	setup();
	ck_assert_uint_eq(coalesce(4, 0, 0, 0), 1);
	ck_assert_uint_eq(coalesce(COAL_RBC, 99, 0, 0), 1);
	ck_assert_uint_eq(coalesce(COAL_RBC, 0, 0, 0), 1);
	ck_assert_uint_eq(coalesce(COAL_RBC, 100001, 0, 0), 1);
	ck_assert_uint_eq(coalesce(COAL_STATIC, 64, 0, 64), 1);
	ck_assert_uint_eq(coalesce(COAL_STATIC, 64, 64, 129), 1);
	g.coal = FAKE_NOWHERE;
	fake_put64(&h, g.shared + DS_CMD_INFO + 8, FAKE_NOWHERE);
	ck_assert_uint_eq(guest_cmd(&g, (uint32_t)VMX_CMD_SET_COALESCE), 1);
	fake_host_fini(&h);
}
END_TEST

/* A new scheme decides about what waits under the old one. */
START_TEST(changing_the_scheme_frees_what_waits)
{
	setup();
	coalesce(COAL_STATIC, 64, 64, 64);
	receive();
	ck_assert_uint_eq(h.msi[0], 0);
	coalesce(COAL_DISABLED, 0, 0, 0);
	ck_assert_uint_eq(h.msi[0], 1);
	fake_advance(&h, 10000 * US);
	ck_assert_uint_eq(h.msi[0], 1);
	fake_host_fini(&h);
}
END_TEST

/* A deadline is part of the state. */
START_TEST(moderation_survives_migration)
{
	setup();
	coalesce(COAL_STATIC, 64, 64, 64);
	receive();
	fake_advance(&h, 500 * US);
	fake_reopen(&h);
	fake_advance(&h, 499 * US);
	ck_assert_uint_eq(h.msi[0], 0);
	fake_advance(&h, 2 * US);
	ck_assert_uint_eq(h.msi[0], 1);
	fake_host_fini(&h);
}
END_TEST

/* However slow the interrupts, a driver's transmit ring never runs full for want of one. */
START_TEST(moderation_never_fills_the_ring)
{
	setup();
	level(7);
	receive();
	guest_imr(&g, 0, false);
	fake_irq_clear(&h);
	for (unsigned i = 0; i < 16; i++) {
		guest_queue_plain(&g, 0, frame, 60);
		guest_bell(&g, 0);
	}
	ck_assert_uint_eq(h.msi[0], 1);
	fake_host_fini(&h);
}
END_TEST

START_TEST(events_are_not_delayed)
{
	setup_mode(HWNET_IRQ_MSI, true, 9);
	level(7);
	receive();
	guest_imr(&g, 0, false);
	fake_irq_clear(&h);
	fake_carrier(&h, false);
	ck_assert_uint_eq(h.msi[0], 1);
	fake_host_fini(&h);
}
END_TEST

/* Quiesced: no deadline is left, and none fires. */
START_TEST(quiesce_leaves_no_deadline)
{
	setup();
	level(7);
	receive();
	guest_imr(&g, 0, false);
	receive();
	guest_cmd(&g, (uint32_t)VMX_CMD_QUIESCE);
	fake_irq_clear(&h);
	fake_advance(&h, 100000 * US);
	ck_assert_uint_eq(h.msi[0], 0);
	ck_assert_int_eq(h.deadline, HWNET_NEVER);
	fake_host_fini(&h);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		auto_masking,
		without_auto_masking,
		intx_line,
		msi_has_one_vector,
		levels_set_a_distance,
		adaptive_follows_the_load,
		coalescing_disabled,
		coalescing_by_rate,
		coalescing_by_depth,
		coalescing_is_read_back,
		coalescing_refuses_nonsense,
		changing_the_scheme_frees_what_waits,
		moderation_survives_migration,
		moderation_never_fills_the_ring,
		events_are_not_delayed,
		quiesce_leaves_no_deadline,
		NULL,
	};

	return unit_main("vmxnet3-intr", tests);
}
