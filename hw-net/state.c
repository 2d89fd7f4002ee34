/* SPDX-License-Identifier: BSD-2-Clause */
/* Saved states; see state.h for the format. */
#include "state.h"

#include <stdio.h>
#include <string.h>

static const uint8_t magic[] = { 'h', 'w', 'n', 'e', 't', 1 };

size_t hwnet_state_size(const char *model, const struct hwnet_field *fields, unsigned n)
{
	return sizeof(magic) + 1 + strlen(model) + fields_size(fields, n);
}

size_t hwnet_state_save(const char *model, const struct hwnet_field *fields, unsigned n,
			const void *state, void *buf)
{
	uint8_t *p = buf;
	size_t len = strlen(model);

	memcpy(p, magic, sizeof(magic));
	p += sizeof(magic);
	*p++ = (uint8_t)len;
	memcpy(p, model, len);
	p += len;
	p += fields_save(fields, n, state, p);
	return (size_t)(p - (uint8_t *)buf);
}

/* What stands before the record. NULL, or what is wrong; @name: a field with the name of what the
 * state is of, or of length 0. */
static const char *load_header(const char *model, const uint8_t *p, size_t len,
			       struct fields_item *name)
{
	if (len < sizeof(magic) + 1 || memcmp(p, magic, sizeof(magic)))
		return "not a state of this library";
	if (len - sizeof(magic) - 1 < p[sizeof(magic)])
		return "cut short";
	name->len = p[sizeof(magic)];
	name->name = p + sizeof(magic) + 1;
	return fields_is(name, model) ? NULL : "is of another model";
}

int hwnet_state_load(const char *model, const struct hwnet_field *fields, unsigned n, void *state,
		     const void *buf, size_t len, char *err, size_t errlen)
{
	size_t before = sizeof(magic) + 1 + strlen(model);
	struct fields_item name = { 0 };
	const char *wrong = load_header(model, buf, len, &name);
	char why[120] = "";

	if (wrong)
		fields_fail(why, sizeof(why), &name, wrong);
	else if (fields_load(fields, n, state, (const uint8_t *)buf + before, len - before, why,
			     sizeof(why)) == 0)
		return 0;
	if (errlen)
		snprintf(err, errlen, "saved state: %s", why);
	return -1;
}
