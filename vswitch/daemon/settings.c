/* SPDX-License-Identifier: BSD-2-Clause */
/* Options in a document. */
#include "settings.h"

#include <stdio.h>
#include <string.h>

#include "vswitch/fail.h"

static const char *const kinds[] = {
	[VSW_OPTION_BOOL] = "true or false",
	[VSW_OPTION_NUMBER] = "a number",
	[VSW_OPTION_WORD] = "a string",
	[VSW_OPTION_TEXT] = "a string",
	[VSW_OPTION_LIST] = "an array of strings",
};

static bool right_type(enum vsw_option_kind kind, const json_t *v)
{
	switch (kind) {
	case VSW_OPTION_BOOL:
		return json_is_boolean(v);
	case VSW_OPTION_NUMBER:
		return json_is_integer(v) && json_integer_value(v) >= 0;
	case VSW_OPTION_LIST:
		for (size_t i = 0; i < json_array_size(v); i++)
			if (!json_is_string(json_array_get(v, i)))
				return false;
		return json_is_array(v);
	default:
		return json_is_string(v);
	}
}

static int set_one(const struct vsw_option *rows, void *conf, const char *key, const json_t *v,
		   char *err, size_t errlen)
{
	char number[24];

	if (json_is_string(v)) {
		if (strlen(json_string_value(v)) != json_string_length(v))
			return vsw_fail(err, errlen, "%s: has a zero character in it", key);
		return vsw_option_set(rows, conf, key, json_string_value(v), err, errlen);
	}
	if (json_is_boolean(v))
		return vsw_option_set(rows, conf, key, json_is_true(v) ? "on" : "off", err, errlen);
	snprintf(number, sizeof(number), "%lld", (long long)json_integer_value(v));
	return vsw_option_set(rows, conf, key, number, err, errlen);
}

static int set(const struct vsw_option *o, const struct vsw_option *rows, void *conf,
	       const json_t *v, char *err, size_t errlen)
{
	if (!right_type(o->kind, v))
		return vsw_fail(err, errlen, "%s: must be %s", o->key, kinds[o->kind]);
	if (o->kind != VSW_OPTION_LIST)
		return set_one(rows, conf, o->key, v, err, errlen);
	for (size_t i = 0; i < json_array_size(v); i++)
		if (set_one(rows, conf, o->key, json_array_get(v, i), err, errlen) < 0)
			return -1;
	return 0;
}

int vd_settings_read(const struct vsw_option *rows, void *conf, const json_t *object, char *err,
		     size_t errlen)
{
	for (const struct vsw_option *o = rows; o && o->key; o++) {
		const json_t *v = json_object_get(object, o->key);

		if (v && set(o, rows, conf, v, err, errlen) < 0)
			return -1;
	}
	return vsw_options_check(rows, conf, err, errlen);
}

static bool known(const struct vsw_option *rows, const char *key)
{
	for (; rows && rows->key; rows++)
		if (!strcmp(rows->key, key))
			return true;
	return false;
}

static size_t list(const struct vsw_option *rows, char *text, size_t at, size_t size)
{
	for (; rows && rows->key && at < size; rows++)
		at += (size_t)snprintf(text + at, size - at, " %s", rows->key);
	return at < size ? at : size;
}

int vd_settings_known(const struct vsw_option *a, const struct vsw_option *b, const json_t *object,
		      char *err, size_t errlen)
{
	char there[400] = "";
	const char *key;
	json_t *v;

	json_object_foreach((json_t *)object, key, v) {
		if (known(a, key) || known(b, key))
			continue;
		list(b, there, list(a, there, 0, sizeof(there)), sizeof(there));
		return vsw_fail(err, errlen, "%s: unknown key; there are%s", key, there);
	}
	return 0;
}
