/* SPDX-License-Identifier: BSD-2-Clause */
/* Values of policies by their rows (vswitch/schema.h): what they are untold, and whether they are
 * in their range. */
#include "core/values.h"

#include <stdio.h>
#include <string.h>

#include "vswitch/fail.h"

#define NS_PER_US 1000

uint64_t vsw_value_get(const struct vsw_value_row *row, const void *base)
{
	const void *at = (const char *)base + row->at;

	switch (row->size) {
	case 1:
		return *(const uint8_t *)at;
	case 2:
		return *(const uint16_t *)at;
	case 4:
		return row->kind == VSW_VALUE_HEX ? (uint64_t) * (const int32_t *)at :
						    *(const uint32_t *)at;
	}
	return *(const uint64_t *)at;
}

void vsw_value_set(const struct vsw_value_row *row, void *base, uint64_t value)
{
	void *at = (char *)base + row->at;

	switch (row->size) {
	case 1:
		*(uint8_t *)at = (uint8_t)value;
		return;
	case 2:
		*(uint16_t *)at = (uint16_t)value;
		return;
	case 4:
		*(uint32_t *)at = (uint32_t)value;
		return;
	}
	*(uint64_t *)at = value;
}

void vsw_values_init(const struct vsw_value_row *rows, void *base)
{
	for (; rows->key; rows++)
		if (rows->init)
			vsw_value_set(rows, base,
				      rows->kind == VSW_VALUE_US ? rows->init * NS_PER_US :
								   rows->init);
}

/* Last of the values that a row allows, as it stands; the first is @min */
static uint64_t last(const struct vsw_value_row *row)
{
	unsigned words = 0;

	if (row->kind != VSW_VALUE_WORD)
		return row->max;
	while (row->words[words])
		words++;
	return row->min + words - 1;
}

/* struct looking - values being checked; @at: path of the element they are in and a dot, or "" */
struct looking {
	char at[80];
	char *err;
	size_t errlen;
};

static int check_number(const struct looking *l, const struct vsw_value_row *row, const void *base)
{
	uint64_t v = vsw_value_get(row, base), unit = row->kind == VSW_VALUE_US ? NS_PER_US : 1;

	if ((v >= row->min * unit && v <= last(row) * unit) || (l->at[0] && v == row->init))
		return 0;
	return vsw_fail(l->err, l->errlen, "%s%s: out of range (%llu to %llu)", l->at, row->key,
			(unsigned long long)row->min, (unsigned long long)last(row));
}

static int check_rows(struct looking *l, const struct vsw_value_row *rows, const void *base);

/* An element of a list: each value, and all together */
static int check_element(struct looking *l, const struct vsw_value_row *row, const void *element,
			 unsigned i)
{
	const char *wrong;

	snprintf(l->at, sizeof(l->at), "%s.%u.", row->key, i);
	if (row->sub && check_rows(l, row->sub, element) < 0)
		return -1;
	wrong = row->wrong ? row->wrong(element) : NULL;
	if (wrong)
		return vsw_fail(l->err, l->errlen, "%s%s", l->at, wrong);
	l->at[0] = 0;
	return 0;
}

static int check_list(struct looking *l, const struct vsw_value_row *row, const void *base)
{
	unsigned n = *(const unsigned *)((const char *)base + row->count);
	const char *at = (const char *)base + row->at;

	if (n > row->max)
		return vsw_fail(l->err, l->errlen, "%s: more than %llu", row->key,
				(unsigned long long)row->max);
	if (row->kind == VSW_VALUE_RULES)
		memcpy(&at, at, sizeof(at));
	for (unsigned i = 0; i < n; i++)
		if (check_element(l, row, at + (size_t)i * row->size, i) < 0)
			return -1;
	return 0;
}

static int check_rows(struct looking *l, const struct vsw_value_row *rows, const void *base)
{
	int ret = 0;

	for (; rows->key && ret == 0; rows++)
		switch (rows->kind) {
		case VSW_VALUE_NUMBER:
		case VSW_VALUE_RATE:
		case VSW_VALUE_US:
		case VSW_VALUE_WORD:
		case VSW_VALUE_HEX:
		case VSW_VALUE_CLASS:
			ret = check_number(l, rows, base);
			break;
		case VSW_VALUE_LIST:
		case VSW_VALUE_NAMES:
		case VSW_VALUE_MACS:
		case VSW_VALUE_RULES:
			ret = check_list(l, rows, base);
			break;
		default:
			break;
		}
	return ret;
}

/**
 * vsw_values_check() - Are all values of a policy in their range, and all elements of its lists
 * sound?
 * @rows:   The values
 * @base:   struct vsw_policy or struct vsw_switch_policy
 * @err:    On failure, "KEY: WHY"
 * @errlen: Room in @err
 *
 * Return: 0, or -1.
 */
int vsw_values_check(const struct vsw_value_row *rows, const void *base, char *err, size_t errlen)
{
	struct looking l = { .err = err, .errlen = errlen };

	return check_rows(&l, rows, base);
}
