/* SPDX-License-Identifier: BSD-2-Clause */
/* Properties of a model as text. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "hwnet/nic.h"

static int HWNET_PRINTF(3, 4) fail(char *err, size_t errlen, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(err, errlen, fmt, ap);
	va_end(ap);
	return -1;
}

int hwnet_choice(const char *const *choices, const char *word)
{
	for (int i = 0; choices[i]; i++)
		if (!strcmp(choices[i], word))
			return i;
	return -1;
}

static bool read_number(const char *text, uint64_t *val)
{
	*val = 0;
	for (const char *c = text; *c; c++) {
		if (*c < '0' || *c > '9' || *val > (UINT64_MAX - 9) / 10)
			return false;
		*val = *val * 10 + (uint64_t)(*c - '0');
	}
	return *text;
}

static int set_choice(const struct hwnet_prop *p, const char *const *choices, const char *text,
		      uint64_t *val, char *err, size_t errlen)
{
	int at = hwnet_choice(choices, text);
	size_t n;

	if (at >= 0) {
		*val = (uint64_t)at;
		return 0;
	}
	n = (size_t)snprintf(err, errlen, "%s=%.40s: the choices are", p->name, text);
	for (; *choices && n < errlen; choices++)
		n += (size_t)snprintf(err + n, errlen - n, " %s", *choices);
	return -1;
}

static int set(const struct hwnet_prop *p, const char *text, uint64_t *val, char *err,
	       size_t errlen)
{
	static const char *const off_on[] = { "off", "on", NULL };
	uint64_t n;

	if (p->kind != HWNET_PROP_UINT)
		return set_choice(p, p->kind == HWNET_PROP_ENUM ? p->choices : off_on, text, val,
				  err, errlen);
	if (!read_number(text, &n) || n < p->min || n > p->max)
		return fail(err, errlen, "%s=%.40s: must be %llu to %llu", p->name, text,
			    (unsigned long long)p->min, (unsigned long long)p->max);
	*val = n;
	return 0;
}

int hwnet_config_set(const struct hwnet_model *model, struct hwnet_config *cfg, const char *text,
		     char *err, size_t errlen)
{
	size_t len = 0, n;

	while (text[len] && text[len] != '=')
		len++;

	for (unsigned i = 0; text[len] && model->props[i].name; i++)
		if (strlen(model->props[i].name) == len &&
		    !strncmp(model->props[i].name, text, len))
			return set(&model->props[i], text + len + 1, &cfg->values[i], err, errlen);
	n = (size_t)snprintf(err, errlen, "'%.40s' sets no property of %s; there are", text,
			     model->name);
	for (const struct hwnet_prop *p = model->props; p->name && n < errlen; p++)
		n += (size_t)snprintf(err + n, errlen - n, " %s", p->name);
	return -1;
}

void hwnet_prop_text(const struct hwnet_prop *prop, uint64_t val, char *text, size_t room)
{
	unsigned choices = 0;

	while (prop->kind == HWNET_PROP_ENUM && prop->choices[choices])
		choices++;
	if (val < choices)
		snprintf(text, room, "%s", prop->choices[val]);
	else if (prop->kind == HWNET_PROP_BOOL && val <= 1)
		snprintf(text, room, "%s", val ? "on" : "off");
	else
		snprintf(text, room, "%llu", (unsigned long long)val);
}

void hwnet_config_get(const struct hwnet_model *model, const struct hwnet_config *cfg,
		      unsigned prop, char *text, size_t room)
{
	const struct hwnet_prop *p = &model->props[prop];
	size_t n = (size_t)snprintf(text, room, "%s=", p->name);

	if (n < room)
		hwnet_prop_text(p, cfg->values[prop], text + n, room - n);
}
