/* SPDX-License-Identifier: BSD-2-Clause */
/* Options by row: defaults, parsing, checking. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vswitch/transport.h"

static int fail(char *err, size_t errlen, const char *key, const char *why)
{
	snprintf(err, errlen, "%s: %s", key, why);
	return -1;
}

static const struct vsw_option *find(const struct vsw_option *o, const char *key)
{
	for (; o && o->key; o++)
		if (!strcmp(o->key, key))
			return o;
	return NULL;
}

static int set_bool(const struct vsw_option *o, bool *at, const char *v, char *err, size_t errlen)
{
	*at = !strcmp(v, "on") || !strcmp(v, "true");
	if (*at || !strcmp(v, "off") || !strcmp(v, "false"))
		return 0;
	return fail(err, errlen, o->key, "must be on or off");
}

static int set_number(const struct vsw_option *o, uint32_t *at, const char *v, char *err,
		      size_t errlen)
{
	unsigned long long n;
	char *end;

	n = strtoull(v, &end, 10);
	if (isdigit((unsigned char)*v) && !*end && strlen(v) <= 10 && n >= o->min && n <= o->max) {
		*at = (uint32_t)n;
		return 0;
	}
	snprintf(err, errlen, "%s: must be a number, %u to %u", o->key, o->min, o->max);
	return -1;
}

static int set_word(const struct vsw_option *o, unsigned *at, const char *v, char *err,
		    size_t errlen)
{
	size_t n = (size_t)snprintf(err, errlen, "%s: must be one of:", o->key);

	for (unsigned i = 0; o->words[i]; i++) {
		if (!strcmp(o->words[i], v)) {
			*at = i;
			return 0;
		}
		if (n < errlen)
			n += (size_t)snprintf(err + n, errlen - n, "%s %s", i ? "," : "",
					      o->words[i]);
	}
	return -1;
}

/* A text that may be kept: a copy; NULL: it may not, or there is no memory */
static char *text(const struct vsw_option *o, const char *v, size_t max, char *err, size_t errlen)
{
	const char *wrong = o->check ? o->check(v) : NULL;
	char *copy;

	if (strlen(v) > max) {
		snprintf(err, errlen, "%s: longer than %zu bytes", o->key, max);
		return NULL;
	}
	if (wrong) {
		fail(err, errlen, o->key, wrong);
		return NULL;
	}
	copy = strdup(v);
	if (!copy)
		fail(err, errlen, o->key, "out of memory");
	return copy;
}

static int set_text(const struct vsw_option *o, char **at, const char *v, char *err, size_t errlen)
{
	char *copy = text(o, v, o->max, err, errlen);

	if (!copy)
		return -1;
	free(*at);
	*at = copy;
	return 0;
}

static int add_text(const struct vsw_option *o, char ***at, const char *v, char *err, size_t errlen)
{
	size_t n = 0;
	char **more, *copy;

	while (*at && (*at)[n])
		n++;
	if (n >= o->max) {
		snprintf(err, errlen, "%s: more than %u", o->key, o->max);
		return -1;
	}
	copy = text(o, v, VSW_OPTION_TEXT_MAX, err, errlen);
	if (!copy)
		return -1;
	more = realloc(*at, (n + 2) * sizeof(*more));
	if (!more) {
		free(copy);
		return fail(err, errlen, o->key, "out of memory");
	}
	more[n] = copy;
	more[n + 1] = NULL;
	*at = more;
	return 0;
}

static int set(const struct vsw_option *o, void *conf, const char *v, char *err, size_t errlen)
{
	void *at = (char *)conf + o->off;

	switch (o->kind) {
	case VSW_OPTION_BOOL:
		return set_bool(o, at, v, err, errlen);
	case VSW_OPTION_NUMBER:
		return set_number(o, at, v, err, errlen);
	case VSW_OPTION_WORD:
		return set_word(o, at, v, err, errlen);
	case VSW_OPTION_TEXT:
		return set_text(o, at, v, err, errlen);
	case VSW_OPTION_LIST:
		return add_text(o, at, v, err, errlen);
	}
	return -1;
}

int vsw_option_set(const struct vsw_option *options, void *conf, const char *key, const char *value,
		   char *err, size_t errlen)
{
	const struct vsw_option *o = find(options, key);

	if (o)
		return set(o, conf, value, err, errlen);
	if (!options || !options->key)
		return fail(err, errlen, key, "no such option: there are none");
	snprintf(err, errlen, "%s: no such option; there are", key);
	for (o = options; o->key; o++) {
		size_t n = strlen(err);

		if (n < errlen)
			snprintf(err + n, errlen - n, "%s %s", o > options ? "," : "", o->key);
	}
	return -1;
}

void *vsw_options_new(const struct vsw_option *options, size_t size)
{
	void *conf = calloc(1, size ? size : 1);
	char err[160];

	for (const struct vsw_option *o = options; conf && o && o->key; o++)
		if (o->def && set(o, conf, o->def, err, sizeof(err)) < 0) {
			vsw_options_free(options,
					 conf); /* a row whose default is wrong, or memory */
			return NULL;
		}
	return conf;
}

void vsw_options_free(const struct vsw_option *options, void *conf)
{
	for (const struct vsw_option *o = options; conf && o && o->key; o++) {
		void *at = (char *)conf + o->off;

		if (o->kind == VSW_OPTION_TEXT)
			free(*(char **)at);
		if (o->kind != VSW_OPTION_LIST || !*(char ***)at)
			continue;
		for (char **p = *(char ***)at; *p; p++)
			free(*p);
		free(*(char ***)at);
	}
	free(conf);
}

int vsw_options_check(const struct vsw_option *options, const void *conf, char *err, size_t errlen)
{
	for (const struct vsw_option *o = options; o && o->key; o++) {
		const void *at = (const char *)conf + o->off;

		if (o->required && !*(void *const *)at) /* only texts and lists can be required */
			return fail(err, errlen, o->key, "is missing");
	}
	return 0;
}
