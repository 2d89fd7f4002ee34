/* SPDX-License-Identifier: BSD-2-Clause */
/* Saved states: round trips, older and newer writers, hostile buffers; the field tables of every
 * model. */
#include <string.h>

#include "build-frame.h"
#include "model.h"
#include "unit.h"

struct queue {
	uint16_t head;
	uint32_t size;
};

struct st {
	uint8_t byte;
	bool flag;
	uint16_t ranged;
	uint32_t array[5];
	int64_t when;
	struct queue queues[3];
};

static const struct hwnet_field fields[] = {
	HWNET_FIELD(struct st, byte),
	HWNET_FIELD_BOOL(struct st, flag),
	HWNET_FIELD_RANGE(struct st, ranged, 10, 20),
	HWNET_FIELD_ARRAY(struct st, array),
	HWNET_FIELD(struct st, when),
	HWNET_FIELD_EACH(struct st, queues, head),
	HWNET_FIELD_EACH_RANGE(struct st, queues, size, 1, 256),
};

#define N_FIELDS (sizeof(fields) / sizeof(fields[0]))

static const struct st sample = {
	0xab, true,
	15,   { 1, 0x80000000, 3, 4, 0xffffffff },
	-5,   { { 1, 2 }, { 3, 4 }, { 65535, 256 } },
};

static uint8_t buf[1024];
static char err[128];

static size_t save(const struct st *st)
{
	size_t size = hwnet_state_size("m", fields, N_FIELDS);

	ck_assert_uint_le(size, sizeof(buf));
	memset(buf, 0xee, sizeof(buf));
	ck_assert_uint_eq(hwnet_state_save("m", fields, N_FIELDS, st, buf), size);
	ck_assert_uint_eq(buf[size], 0xee);
	return size;
}

/* Load from a buffer of its own size, so that a sanitizer sees each read beyond. */
static int load(struct st *st, const uint8_t *p, size_t len)
{
	uint8_t *own = malloc(len ? len : 1);
	int ret;

	memcpy(own, p, len);
	memset(err, 0, sizeof(err));
	ret = hwnet_state_load("m", fields, N_FIELDS, st, own, len, err, sizeof(err));
	free(own);
	if (ret)
		ck_assert_uint_gt(strlen(err), 0);
	return ret;
}

static void check_equal(const struct st *a, const struct st *b)
{
	ck_assert_uint_eq(a->byte, b->byte);
	ck_assert_uint_eq(a->flag, b->flag);
	ck_assert_uint_eq(a->ranged, b->ranged);
	ck_assert_mem_eq(a->array, b->array, sizeof(a->array));
	ck_assert_int_eq(a->when, b->when);
	for (unsigned i = 0; i < 3; i++) {
		ck_assert_uint_eq(a->queues[i].head, b->queues[i].head);
		ck_assert_uint_eq(a->queues[i].size, b->queues[i].size);
	}
}

/* Offset of a field's own bytes: behind name, size and count. */
static size_t field_at(const char *name)
{
	size_t at = 6 + 1 + 1;

	for (unsigned i = 0; i < N_FIELDS; i++) {
		at += 1 + strlen(fields[i].name);
		if (!strcmp(fields[i].name, name))
			return at;
		at += 5 + (size_t)fields[i].size * fields[i].count;
	}
	ck_abort_msg("no field %s", name);
	return 0;
}

START_TEST(round_trip)
{
	struct st got = { 0 };
	size_t len = save(&sample);

	ck_assert_int_eq(load(&got, buf, len), 0);
	check_equal(&got, &sample);
}
END_TEST

/* The format is fixed: these bytes are what is written on disks out there. */
START_TEST(bytes_are_as_documented)
{
	static const uint8_t want[] = {
		'h', 'w', 'n',	'e', 't', 1,   1,   'm', 4, 'b', 'y', 't', 'e', 1,   1,	   0,
		0,   0,	  0xab, 4,   'f', 'l', 'a', 'g', 1, 1,	 0,   0,   0,	1,   6,	   'r',
		'a', 'n', 'g',	'e', 'd', 2,   1,   0,	 0, 0,	 15,  0,   5,	'a', 'r',  'r',
		'a', 'y', 4,	5,   0,	  0,   0,   1,	 0, 0,	 0,   0,   0,	0,   0x80,
	};

	save(&sample);
	ck_assert_mem_eq(buf, want, sizeof(want));
}
END_TEST

START_TEST(unknown_fields_are_skipped)
{
	static const uint8_t more[] = { 3, 'n', 'e', 'w', 8, 1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8 };
	struct st got = { 0 };
	size_t len = save(&sample);

	memmove(buf + 8 + sizeof(more), buf + 8, len - 8);
	memcpy(buf + 8, more, sizeof(more));
	ck_assert_int_eq(load(&got, buf, len + sizeof(more)), 0);
	check_equal(&got, &sample);
}
END_TEST

START_TEST(missing_fields_keep_their_values)
{
	struct st got = { .when = 77 };
	size_t cut = field_at("when") - 5;

	save(&sample);
	ck_assert_int_eq(load(&got, buf, cut), 0);
	ck_assert_uint_eq(got.byte, 0xab);
	ck_assert_int_eq(got.when, 77);
	got = (struct st) { .byte = 3 };
	ck_assert_int_eq(load(&got, buf, 8), 0);
	ck_assert_uint_eq(got.byte, 3);
}
END_TEST

START_TEST(shorter_arrays_keep_the_rest)
{
	struct st got = { .array = { 9, 9, 9, 9, 9 } };
	size_t at = field_at("array");

	save(&sample);
	buf[at + 1] = 2;
	ck_assert_int_eq(load(&got, buf, at + 5 + 8), 0);
	ck_assert_uint_eq(got.array[1], 0x80000000);
	ck_assert_uint_eq(got.array[2], 9);
}
END_TEST

#define REFUSED(change, why)                                \
	do {                                                \
		struct st got = sample;                     \
		size_t len = save(&sample);                 \
		change;                                     \
		ck_assert_int_eq(load(&got, buf, len), -1); \
		ck_assert_msg(strstr(err, why), "%s", err); \
	} while (0)

START_TEST(bad_states_are_refused)
{
	REFUSED(buf[0] = 'H', "not a state");
	REFUSED(buf[5] = 2, "not a state");
	REFUSED(len = 6, "not a state");
	REFUSED(len = 0, "not a state");
	REFUSED(len = 7, "cut short");
	REFUSED(buf[7] = 'n', "another model");
	REFUSED(buf[6] = 2, "another model");
	REFUSED(buf[field_at("flag") + 5] = 2, "flag: value out of range");
	REFUSED(buf[field_at("ranged") + 5] = 9, "ranged: value out of range");
	REFUSED(buf[field_at("ranged") + 5] = 21, "ranged: value out of range");
	REFUSED(buf[field_at("ranged") + 6] = 1, "ranged: value out of range");
	REFUSED(buf[field_at("queues.size") + 5] = 0, "queues.size: value out of range");
	REFUSED(buf[field_at("array")] = 2, "array: elements have another size");
	REFUSED(buf[field_at("array")] = 3, "array: bad element size");
	REFUSED(buf[field_at("array")] = 0, "array: bad element size");
	REFUSED(buf[field_at("array") + 1] = 6, "array: too many elements");
	REFUSED(buf[field_at("array") + 4] = 0xff, "array: cut short");
	REFUSED(buf[len - 1] = 1, "queues.size: value out of range");
	REFUSED(len--, "cut short");
	REFUSED((memcpy(buf + len, "\4byte\1\1\0\0\0\7", 11), len += 11), "byte: comes twice");
	REFUSED(buf[len++] = 200, "cut short");
	REFUSED(buf[len++] = 0, "cut short");
}
END_TEST

/* Names in messages are the buffer's: no control characters, not too long. */
START_TEST(messages_are_harmless)
{
	struct st got = sample;
	size_t len = save(&sample);
	uint8_t *p = buf + len;

	*p++ = 255;
	memset(p, '\n', 255);
	memcpy(p + 255, "\3\1\0\0\0", 5);
	ck_assert_int_eq(load(&got, buf, len + 261), -1);
	ck_assert_ptr_null(strchr(err, '\n'));
	ck_assert_ptr_nonnull(strstr(err, "bad element size"));
	hwnet_state_load("m", fields, N_FIELDS, &got, buf, len + 261, err, 4);
	ck_assert_uint_eq(strlen(err), 3);
}
END_TEST

START_TEST(every_cut_is_refused_or_sound)
{
	size_t len = save(&sample);

	for (size_t n = 0; n < len; n++) {
		struct st got = { .ranged = 10, .queues = { { 0, 1 }, { 0, 1 }, { 0, 1 } } };

		if (load(&got, buf, n))
			continue;
		ck_assert(got.ranged >= 10 && got.ranged <= 20);
		ck_assert_uint_ge(got.queues[2].size, 1);
	}
}
END_TEST

START_TEST(any_damage_is_refused_or_sound)
{
	uint64_t seed = 51;
	unsigned accepted = 0;

	for (unsigned round = 0; round < 30000; round++) {
		struct st got = { .ranged = 10, .queues = { { 0, 1 }, { 0, 1 }, { 0, 1 } } };
		size_t len = save(&sample);

		for (unsigned n = 1 + test_random(&seed) % 4; n; n--)
			buf[6 + test_random(&seed) % (len - 6)] = (uint8_t)test_random(&seed);
		if (load(&got, buf, len - (test_random(&seed) % 2 ? test_random(&seed) % len : 0)))
			continue;
		accepted++;
		ck_assert_uint_le(got.flag, 1);
		ck_assert(got.ranged >= 10 && got.ranged <= 20);
		for (unsigned i = 0; i < 3; i++)
			ck_assert(got.queues[i].size >= 1 && got.queues[i].size <= 256);
	}
	ck_assert_uint_gt(accepted, 1000);
}
END_TEST

/* What each model's table must be for the format to hold it. */
START_TEST(tables_of_all_models_are_sound)
{
	for (const struct hwnet_model *const *m = hwnet_models(); *m; m++) {
		const struct hwnet_model_ops *ops = (*m)->ops;

		ck_assert_uint_le(ops->n_fields, 512);
		for (unsigned i = 0; i < ops->n_fields; i++) {
			const struct hwnet_field *f = &ops->fields[i];
			uint32_t stride = f->stride ? f->stride : f->size;
			size_t end = f->off + (size_t)stride * (f->count - 1) + f->size;

			ck_assert_msg(strlen(f->name) <= 63 && f->count, "%s", f->name);
			ck_assert_msg(f->size == 1 || f->size == 2 || f->size == 4 || f->size == 8,
				      "%s", f->name);
			ck_assert_msg(end <= ops->state_size, "%s", f->name);
			ck_assert_msg(f->min <= f->max || !f->max, "%s", f->name);
			for (unsigned j = 0; j < i; j++)
				ck_assert_msg(strcmp(f->name, ops->fields[j].name), "%s twice",
					      f->name);
		}
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		round_trip,
		bytes_are_as_documented,
		unknown_fields_are_skipped,
		missing_fields_keep_their_values,
		shorter_arrays_keep_the_rest,
		bad_states_are_refused,
		messages_are_harmless,
		every_cut_is_refused_or_sound,
		any_damage_is_refused_or_sound,
		tables_of_all_models_are_sound,
		NULL,
	};

	return unit_main("state", tests);
}
