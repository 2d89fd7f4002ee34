/* SPDX-License-Identifier: BSD-2-Clause */
/* What nic.c does for every model, and whether the fake host keeps its eyes open. Uses the toy
 * card. */
#include <signal.h>
#include <string.h>

#include "config.h"
#include "fake-host.h"
#include "toy-nic.h"
#include "unit.h"

static struct fake_host host;
static struct hwnet_config cfg;
static uint8_t state[4096];

static const char *try_open(void)
{
	return fake_open_cfg(&host, &toy_model, &cfg);
}

/* A host with a toy card that breaks a rule. */
static void open_toy(enum toy_breach breach)
{
	const char *why;

	fake_host_init(&host);
	hwnet_config_init(&toy_model, &cfg);
	cfg.values[TOY_PROP_BREACH] = breach;
	why = try_open();
	ck_assert_msg(!why, "%s", why);
}

static void wr(uint32_t reg, uint32_t val)
{
	fake_write(&host, 0, reg, val, 4);
}

static uint32_t rd(uint32_t reg)
{
	return (uint32_t)fake_read(&host, 0, reg, 4);
}

static void send_one(uint64_t addr, uint32_t len)
{
	wr(TOY_TXADDR, (uint32_t)addr);
	wr(TOY_TXADDR + 4, (uint32_t)(addr >> 32));
	wr(TOY_TXLEN, len);
	wr(TOY_DOORBELL, 1);
}

START_TEST(properties_as_text)
{
	const struct hwnet_model *m = hwnet_find_model("vmxnet3");
	struct hwnet_config c;
	char why[200];

	if (!m)
		return; /* another build */
	hwnet_config_init(m, &c);
	ck_assert_int_eq(hwnet_config_set(m, &c, "queues=4", why, sizeof(why)), 0);
	ck_assert_int_eq(hwnet_config_set(m, &c, "msi=off", why, sizeof(why)), 0);
	for (unsigned i = 0; m->props[i].name; i++) {
		ck_assert(strcmp(m->props[i].name, "queues") || c.values[i] == 4);
		ck_assert(strcmp(m->props[i].name, "msi") || c.values[i] == 0);
	}
	ck_assert_int_eq(hwnet_config_set(m, &c, "queues=0", why, sizeof(why)), -1);
	ck_assert_ptr_nonnull(strstr(why, "queues=0: must be 1 to"));
	ck_assert_int_eq(hwnet_config_set(m, &c, "queues=18446744073709551617", why, sizeof(why)),
			 -1);
	ck_assert_int_eq(hwnet_config_set(m, &c, "queues=", why, sizeof(why)), -1);
	ck_assert_int_eq(hwnet_config_set(m, &c, "queues=4x", why, sizeof(why)), -1);
	ck_assert_int_eq(hwnet_config_set(m, &c, "msi=maybe", why, sizeof(why)), -1);
	ck_assert_str_eq(why, "msi=maybe: the choices are off on");
	ck_assert_int_eq(hwnet_config_set(m, &c, "queues", why, sizeof(why)), -1);
	ck_assert_int_eq(hwnet_config_set(m, &c, "queue=1", why, sizeof(why)), -1);
	ck_assert_int_eq(hwnet_config_set(m, &c, "=", why, sizeof(why)), -1);
	ck_assert_ptr_nonnull(strstr(why, "there are"));
}
END_TEST

START_TEST(models_are_listed)
{
	const struct hwnet_model *const *m = hwnet_models();

	for (; *m; m++) {
		ck_assert_ptr_eq(hwnet_find_model((*m)->name), *m);
		ck_assert_ptr_nonnull((*m)->desc);
	}
	ck_assert_ptr_null(hwnet_find_model("toy"));
	ck_assert_ptr_null(hwnet_find_model(""));
}
END_TEST

START_TEST(defaults_are_taken)
{
	hwnet_config_init(&toy_model, &cfg);
	ck_assert_uint_eq(cfg.values[TOY_PROP_BREACH], 0);
	ck_assert_uint_eq(cfg.values[TOY_PROP_SIZE], 1);
}
END_TEST

START_TEST(configuration_is_checked)
{
	fake_host_init(&host);
	hwnet_config_init(&toy_model, &cfg);
	cfg.mac[0] = 1;
	ck_assert_ptr_nonnull(strstr(try_open(), "mac"));
	cfg.mac[0] = 2;
	cfg.values[TOY_PROP_BREACH] = TOY_BREACHES;
	ck_assert_ptr_nonnull(strstr(try_open(), "breach"));
	cfg.values[TOY_PROP_BREACH] = 0;
	cfg.values[TOY_PROP_SIZE] = 2;
	ck_assert_ptr_nonnull(strstr(try_open(), "size"));
	cfg.values[TOY_PROP_SIZE] = 0;
	cfg.values[TOY_PROP_LAZY] = 2;
	ck_assert_ptr_nonnull(strstr(try_open(), "lazy"));
	cfg.values[TOY_PROP_LAZY] = 1;
	ck_assert_str_eq(try_open(), "too lazy");
	cfg.values[TOY_PROP_LAZY] = 0;
	ck_assert_ptr_null(try_open());
	fake_host_fini(&host);
}
END_TEST

START_TEST(frames_are_sent_however_memory_is_mapped)
{
	static const enum fake_map maps[] = { FAKE_MAP_FULL, FAKE_MAP_SHORT, FAKE_MAP_REFUSED,
					      FAKE_MAP_BOUNCE, FAKE_MAP_NONE };

	for (unsigned i = 0; i < 5; i++) {
		uint64_t addr;

		fake_host_init(&host);
		hwnet_config_init(&toy_model, &cfg);
		host.map = maps[i];
		ck_assert_ptr_null(try_open());
		addr = i % 2 ? fake_alloc_high(&host, 2000, 16) : fake_alloc(&host, 2000, 16);
		fake_fill(&host, addr, 0x42, 1000);
		send_one(addr, 1000);
		ck_assert_uint_eq(host.n_tx, 1);
		ck_assert_uint_eq(host.tx[0].pkt.len, 1000);
		ck_assert_mem_eq(host.tx[0].data, fake_mem(&host, addr, 1000), 1000);
		ck_assert(host.intx);
		ck_assert_uint_eq(rd(TOY_CAUSE), TOY_SENT);
		wr(TOY_CAUSE, TOY_SENT);
		ck_assert(!host.intx);
		ck_assert_uint_eq(host.intx_edges, 1);
		fake_host_fini(&host);
	}
}
END_TEST

START_TEST(dma_reaches_memory_only)
{
	static const uint64_t bad[] = { FAKE_MMIO,
					FAKE_NOWHERE,
					FAKE_LOW - 60,
					0,
					~0ull - 10,
					FAKE_LOW + FAKE_LOW_SIZE - 59,
					FAKE_HIGH + FAKE_HIGH_SIZE - 59,
					FAKE_HIGH - 1 };

	for (unsigned map = 0; map < 5; map++) {
		fake_host_init(&host);
		hwnet_config_init(&toy_model, &cfg);
		host.map = map;
		ck_assert_ptr_null(try_open());
		for (unsigned i = 0; i < 8; i++) {
			host.errors = 0;
			send_one(bad[i], 60);
			ck_assert_uint_eq(host.errors, 1);
			ck_assert_uint_eq(host.n_tx, 0);
		}
		ck_assert_uint_ge(host.mmio_dma, 1);
		send_one(FAKE_LOW + FAKE_LOW_SIZE - 60, 60);
		ck_assert_uint_eq(host.n_tx, 1);
		host.dma_fail_in = 0;
		send_one(FAKE_LOW, 60);
		ck_assert_uint_eq(host.n_tx,
				  map == FAKE_MAP_REFUSED || map == FAKE_MAP_NONE ? 1 : 2);
		fake_host_fini(&host);
	}
}
END_TEST

START_TEST(stalled_frames_wait)
{
	open_toy(TOY_BREACH_NONE);
	host.tx_room = 0;
	send_one(FAKE_LOW, 60);
	ck_assert_uint_eq(host.n_tx, 0);
	ck_assert(host.tx_stalled);
	fake_reopen(&host); /* waits across a migration, too */
	ck_assert_uint_eq(host.n_tx, 0);
	host.tx_room = 1;
	fake_tx_ready(&host);
	ck_assert_uint_eq(host.n_tx, 1);
	ck_assert_uint_eq(host.tx_room, 0);
	fake_host_fini(&host);
}
END_TEST

START_TEST(kicks_can_be_deferred)
{
	open_toy(TOY_BREACH_NONE);
	host.kick = FAKE_KICK_DEFERRED;
	send_one(FAKE_LOW, 60);
	ck_assert_uint_eq(host.n_tx, 0);
	ck_assert(host.kicked);
	ck_assert(!fake_run(&host, 64));
	ck_assert_uint_eq(host.n_tx, 1);
	fake_host_fini(&host);
}
END_TEST

START_TEST(frames_arrive)
{
	uint8_t frame[60] = { 1, 2, 3 }, got[60];

	open_toy(TOY_BREACH_NONE);
	ck_assert(!fake_rx_bytes(&host, frame, 60));
	ck_assert_uint_eq(hwnet_counters(host.nic)->rx_held, 1);
	wr(TOY_RXADDR, FAKE_LOW);
	wr(TOY_RXLEN, 100);
	ck_assert_uint_eq(host.rx_ready, 1);
	ck_assert(fake_rx_bytes(&host, frame, 60));
	fake_get(&host, FAKE_LOW, got, 60);
	ck_assert_mem_eq(got, frame, 60);
	ck_assert_uint_eq(rd(TOY_CAUSE), TOY_RECEIVED);
	ck_assert_uint_eq(hwnet_counters(host.nic)->rx_frames, 1);
	fake_host_fini(&host);
}
END_TEST

START_TEST(time_passes)
{
	open_toy(TOY_BREACH_NONE);
	wr(TOY_TIMER, 50);
	fake_advance(&host, 49999);
	ck_assert(!host.intx);
	fake_reopen(&host);
	fake_advance(&host, 1);
	ck_assert(host.intx);
	ck_assert_int_eq(host.deadline, HWNET_NEVER);
	fake_host_fini(&host);
}
END_TEST

START_TEST(messages_instead_of_the_line)
{
	open_toy(TOY_BREACH_NONE);
	host.irq_mode = HWNET_IRQ_MSIX;
	send_one(FAKE_LOW, 60);
	ck_assert_uint_eq(host.msi[0], 1);
	ck_assert(!host.intx);
	fake_irq_clear(&host);
	ck_assert_uint_eq(host.msi[0], 0);
	fake_host_fini(&host);
}
END_TEST

START_TEST(line_falls_when_the_card_goes)
{
	open_toy(TOY_BREACH_NONE);
	send_one(FAKE_LOW, 60);
	wr(TOY_TIMER, 50);
	ck_assert(host.intx);
	fake_host_fini(&host);
	ck_assert(!host.intx);
	ck_assert_int_eq(host.deadline, HWNET_NEVER);
}
END_TEST

START_TEST(carrier_is_told_on_changes)
{
	struct hwnet_link link;

	open_toy(TOY_BREACH_NONE);
	fake_carrier(&host, true);
	ck_assert_uint_eq(host.link_changed, 0);
	fake_carrier(&host, false);
	fake_carrier(&host, false);
	ck_assert_uint_eq(host.link_changed, 1);
	hwnet_link(host.nic, &link);
	ck_assert(!link.up);
	fake_reopen(&host);
	hwnet_link(host.nic, &link);
	ck_assert(!link.up);
	fake_host_fini(&host);
}
END_TEST

START_TEST(state_goes_into_a_buffer_of_its_size_only)
{
	size_t max;

	open_toy(TOY_BREACH_NONE);
	max = hwnet_state_max(host.nic);
	ck_assert_uint_le(max, sizeof(state));
	memset(state, 0xee, sizeof(state));
	ck_assert_uint_eq(fake_save(&host, state, max - 1), 0);
	ck_assert_uint_eq(state[0], 0xee);
	ck_assert_uint_eq(fake_save(&host, state, max), max);
	ck_assert_uint_eq(state[max], 0xee);
	fake_host_fini(&host);
}
END_TEST

/* A state whose last field is bad changes nothing, though the first was good. */
START_TEST(bad_states_change_nothing)
{
	uint8_t before[4096];
	char err[100];
	size_t len, last;

	open_toy(TOY_BREACH_NONE);
	wr(TOY_TXLEN, 77);
	len = fake_save(&host, state, sizeof(state));
	last = len - hwnet_config_size(&toy_model) - 1;
	wr(TOY_TXLEN, 99);
	fake_save(&host, before, sizeof(before));
	state[last] = 2; /* the bool */
	ck_assert_int_eq(fake_load(&host, state, len, err, sizeof(err)), -1);
	ck_assert_ptr_nonnull(strstr(err, "pending"));
	ck_assert_uint_eq(rd(TOY_TXLEN), 99);
	state[last] = 0;
	/* TXLEN: what only the card can know to be wrong */
	state[6 + 4 + 1 + 5 + 5 + 4 * 2 + 1] = 0xff;
	ck_assert_int_eq(fake_load(&host, state, len, err, sizeof(err)), -1);
	ck_assert_ptr_nonnull(strstr(err, "TXLEN"));
	fake_save(&host, state, sizeof(state));
	ck_assert_mem_eq(state, before, len);
	fake_host_fini(&host);
}
END_TEST

/* A card with another address or fixed property is another card to the guest. */
START_TEST(states_go_to_cards_made_alike)
{
	char err[100];
	size_t len;

	open_toy(TOY_BREACH_NONE);
	wr(TOY_TXLEN, 77);
	len = fake_save(&host, state, sizeof(state));
	host.nic->cfg.values[TOY_PROP_SIZE] = 0;
	ck_assert_int_eq(fake_load(&host, state, len, err, sizeof(err)), -1);
	ck_assert_str_eq(err, "the state is of a card with size=large, this one has size=small");
	host.nic->cfg.values[TOY_PROP_SIZE] = 1;
	host.nic->cfg.mac[5] ^= 0x11;
	ck_assert_int_eq(fake_load(&host, state, len, err, sizeof(err)), -1);
	ck_assert_ptr_nonnull(strstr(err, "with mac="));
	host.nic->cfg.mac[5] ^= 0x11;
	host.nic->cfg.values[TOY_PROP_LAZY] = 1; /* the host's business */
	ck_assert_int_eq(fake_load(&host, state, len, err, sizeof(err)), 0);
	len -= hwnet_config_size(&toy_model); /* of an older writer */
	host.nic->cfg.values[TOY_PROP_SIZE] = 0;
	ck_assert_int_eq(fake_load(&host, state, len, err, sizeof(err)), 0);
	fake_host_fini(&host);
}
END_TEST

START_TEST(guest_errors_are_counted)
{
	open_toy(TOY_BREACH_NONE);
	send_one(FAKE_LOW, 13);
	ck_assert_str_eq(host.last_error, "no frame of 13 bytes there");
	ck_assert_uint_eq(hwnet_counters(host.nic)->guest_errors, 1);
	ck_assert_uint_eq(hwnet_counters(host.nic)->doorbells, 1);
	fake_host_fini(&host);
}
END_TEST

START_TEST(reset_withdraws_all)
{
	open_toy(TOY_BREACH_NONE);
	send_one(FAKE_LOW, 60);
	wr(TOY_TIMER, 50);
	fake_reset(&host, HWNET_RESET_POWER);
	ck_assert(!host.intx);
	ck_assert_int_eq(host.deadline, HWNET_NEVER);
	ck_assert_uint_eq(rd(TOY_TXLEN), 60);
	fake_host_fini(&host);
}
END_TEST

/* What leads the card to break its rule. */
static void provoke(enum toy_breach breach)
{
	uint8_t frame[60] = { 0 };
	struct hwnet_config bad;

	open_toy(TOY_BREACH_NONE);
	bad = cfg;
	bad.values[TOY_PROP_BREACH] = breach;
	fake_host_fini(&host);
	fake_host_init(&host);
	cfg = bad;
	ck_assert_ptr_null(try_open());
	switch (breach) {
	case TOY_BREACH_LONG_READ:
		rd(0);
		break;
	case TOY_BREACH_RX_READY_IN_RX:
		fake_rx_bytes(&host, frame, 60);
		break;
	case TOY_BREACH_STATE:
		fake_reopen(&host);
		break;
	case TOY_BREACH_TIMER:
		wr(TOY_TIMER, 1);
		fake_advance(&host, 5000);
		break;
	default:
		send_one(FAKE_LOW, 500);
	}
}

/* _i is the rule; each ends in abort(). */
START_TEST(breaches_are_noticed)
{
	provoke(_i);
}
END_TEST

START_TEST(no_breach_no_abort)
{
	provoke(TOY_BREACH_NONE);
	fake_host_fini(&host);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("nic");
	TCase *tcase = tcase_create("nic");
	SRunner *runner = srunner_create(suite);
	const TTest *const tests[] = {
		properties_as_text,
		models_are_listed,
		defaults_are_taken,
		configuration_is_checked,
		frames_are_sent_however_memory_is_mapped,
		dma_reaches_memory_only,
		stalled_frames_wait,
		kicks_can_be_deferred,
		frames_arrive,
		time_passes,
		messages_instead_of_the_line,
		line_falls_when_the_card_goes,
		carrier_is_told_on_changes,
		state_goes_into_a_buffer_of_its_size_only,
		bad_states_change_nothing,
		states_go_to_cards_made_alike,
		guest_errors_are_counted,
		reset_withdraws_all,
		no_breach_no_abort,
	};

	for (unsigned i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tcase, tests[i]);
	tcase_add_loop_test_raise_signal(tcase, breaches_are_noticed, SIGABRT, 1, TOY_BREACHES);
	return unit_run(suite, tcase, runner);
}
