/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Executions begin with a chassis that was made once; see arena.h.
 *
 * DOC: Theory of Operation
 *
 * There are CHASSIS_KINDS of them, with cards of other properties. What a chassis consists of is in
 * an arena, in guests' memory, which knows what was written, and in two variables. Frames that a
 * card sent lie in its struct, and mean nothing beyond their number; they are not copied. What
 * serves as a buffer only (of frames that are made) keeps what it has.
 *
 * That an execution finds nothing of the ones before is shown by tests: the same inputs forwards
 * and backwards come to the same digests, of all frames that left and of what the control tells.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "arena.h"
#include "chassis.h"
#include "fake-priv.h"

/* Other properties of cards; the first has the defaults */
#define CHASSIS_KINDS 8u
/* Bytes that choose them, for a card */
#define CARD_BYTES 24u

/* A card without the frames that it sent */
struct card_image {
	uint8_t *before, *behind;
	struct fake_image *mem;
};

static struct kind {
	struct arena *arena;
	struct chassis chassis;
	struct card_image card[CHASSIS_CARDS];
} kinds[CHASSIS_KINDS], *current;

/* What takes as long as all other acts together, some inputs do, by their sum: change the
 * configuration; free all in the end */
#define CHANGES 4u
#define CLOSES	8u
static bool closes;

#define BEFORE_TX offsetof(struct fuzz, host.tx)
#define BEHIND_TX offsetof(struct fuzz, host.maps)

static uint8_t *keep_bytes(const void *from, size_t len)
{
	uint8_t *p = malloc(len);

	if (!p)
		fake_fail("out of memory");
	return memcpy(p, from, len);
}

static void keep_card(struct card_image *image, struct fuzz *card)
{
	image->mem = fake_mem_keep(&card->host);
	image->before = keep_bytes(card, BEFORE_TX);
	image->behind = keep_bytes((uint8_t *)card + BEHIND_TX, sizeof(*card) - BEHIND_TX);
}

/* Memory of guests is not in the arena: hosts find it left by others. */
static void leave_memory(void)
{
	for (unsigned i = 0; i < CHASSIS_CARDS; i++)
		fake_mem_init(&chassis_cards[i].host);
	for (unsigned i = 0; i < CHASSIS_CARDS; i++)
		fake_mem_fini(&chassis_cards[i].host);
}

static void make_kind(struct kind *k, uint64_t random, void (*prepare)(void))
{
	static uint8_t how[CHASSIS_CARDS * CARD_BYTES];

	for (unsigned i = 0; random && i < sizeof(how); i++)
		how[i] = (uint8_t)test_random(&random);
	memset(&chassis, 0, sizeof(chassis));
	memset(chassis_cards, 0, sizeof(chassis_cards));
	leave_memory();
	k->arena = arena_new();
	arena_begin(k->arena);
	chassis_open(&chassis, how, CARD_BYTES);
	chassis.in = how;
	chassis.left = random ? sizeof(how) : 0;
	prepare();
	arena_end();
	arena_keep(k->arena);
	k->chassis = chassis;
	for (unsigned i = 0; i < CHASSIS_CARDS; i++)
		keep_card(&k->card[i], &chassis_cards[i]);
}

void chassis_make(void (*prepare)(void))
{
	json_object_seed(1);
	json_set_alloc_funcs(malloc, free);
	for (unsigned i = 0; i < CHASSIS_KINDS; i++)
		make_kind(&kinds[i], i, prepare);
}

/* What was written in a guest's memory is known from when this kind was the current one. */
static void put_card_back(struct fuzz *card, const struct card_image *image)
{
	memcpy(card, image->before, BEFORE_TX);
	memcpy((uint8_t *)card + BEHIND_TX, image->behind, sizeof(*card) - BEHIND_TX);
}

static unsigned sum_of(const uint8_t *data, size_t size)
{
	unsigned sum = 0;

	for (size_t i = 0; i < size; i++)
		sum += data[i];
	return sum;
}

void chassis_begin(const uint8_t *data, size_t size)
{
	unsigned how = size ? data[0] : 0;

	current = &kinds[how < 64 ? how % CHASSIS_KINDS : 0];
	arena_put_back(current->arena);
	for (unsigned i = 0; i < CHASSIS_CARDS; i++)
		put_card_back(&chassis_cards[i], &current->card[i]);
	chassis = current->chassis;
	chassis.rich = sum_of(data, size) % CHANGES == 0;
	closes = fake_reuse.check || sum_of(data, size) / CHANGES % CLOSES == 0;
	chassis.in = data + (size != 0);
	chassis.left = size - (size != 0);
	arena_begin(current->arena);
}

/* Tests ask whether this execution went as it did another time. */
static void add_answers(void)
{
	static const char *const asks[] = { "query-ports", "query-fdb", "query-config",
					    "query-groups", "query-switch" };
	char text[100], *answer;

	for (unsigned i = 0; i < sizeof(asks) / sizeof(asks[0]); i++) {
		int n = snprintf(text, sizeof(text), "{\"execute\": \"%s\"}", asks[i]);

		answer = vsw_control_execute(chassis.ctl, text, (size_t)n);
		if (!answer)
			fake_fail("%s: no answer", asks[i]);
		chassis_digest(answer, strlen(answer));
		free(answer);
	}
}

void chassis_end(void)
{
	if (fake_reuse.check)
		add_answers();
	chassis_look_at_tables();
	if (closes)
		chassis_close(&chassis);
	if (closes && arena_live(current->arena))
		fake_fail("%zu blocks of memory are not given back", arena_live(current->arena));
	arena_end();
	for (unsigned i = 0; i < CHASSIS_CARDS; i++)
		fake_mem_put_back(&chassis_cards[i].host, current->card[i].mem);
	if (fake_reuse.check)
		fake_reuse.digest ^= chassis.digest;
}
