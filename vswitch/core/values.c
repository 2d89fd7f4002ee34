/* SPDX-License-Identifier: BSD-2-Clause */
/* Values of policies by their rows (vswitch/schema.h): what they are untold, and whether they are
 * in their range. */
#include "core/values.h"

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

static int check_number(const struct vsw_value_row *row, const void *base, bool element,
			const char *who, char *err, size_t errlen)
{
	uint64_t v = vsw_value_get(row, base), unit = row->kind == VSW_VALUE_US ? NS_PER_US : 1;

	if ((v >= row->min * unit && v <= last(row) * unit) || (element && v == row->init))
		return 0;
	return vsw_fail(err, errlen, "%s: %s out of range (%llu to %llu)", who, row->key,
			(unsigned long long)row->min, (unsigned long long)last(row));
}

static int check_rows(const struct vsw_value_row *rows, const void *base, bool element,
		      const char *who, char *err, size_t errlen);

static int check_list(const struct vsw_value_row *row, const void *base, const char *who, char *err,
		      size_t errlen)
{
	unsigned n = *(const unsigned *)((const char *)base + row->count);
	const char *at = (const char *)base + row->at;

	if (n > row->max)
		return vsw_fail(err, errlen, "%s: %s: more than %llu", who, row->key,
				(unsigned long long)row->max);
	if (row->kind == VSW_VALUE_RULES)
		memcpy(&at, at, sizeof(at));
	for (unsigned i = 0; row->sub && i < n; i++)
		if (check_rows(row->sub, at + (size_t)i * row->size, true, who, err, errlen) < 0)
			return -1;
	return 0;
}

static int check_rows(const struct vsw_value_row *rows, const void *base, bool element,
		      const char *who, char *err, size_t errlen)
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
			ret = check_number(rows, base, element, who, err, errlen);
			break;
		case VSW_VALUE_LIST:
		case VSW_VALUE_NAMES:
		case VSW_VALUE_MACS:
		case VSW_VALUE_RULES:
			ret = check_list(rows, base, who, err, errlen);
			break;
		default:
			break;
		}
	return ret;
}

/**
 * vsw_values_check() - Are all values of a policy in their range?
 * @rows:   The values
 * @base:   struct vsw_policy or struct vsw_switch_policy
 * @who:    Whose it is, for people
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: 0, or -1.
 */
int vsw_values_check(const struct vsw_value_row *rows, const void *base, const char *who, char *err,
		     size_t errlen)
{
	return check_rows(rows, base, false, who, err, errlen);
}
