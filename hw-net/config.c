/* SPDX-License-Identifier: BSD-2-Clause */
/* What a card was made with, in its saved state; see config.h. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "state.h"

#define PREFIX	  "config."
#define NAME_ROOM 40u

/* struct table - the fields of a model's configuration; @prop: their properties, NULL:
 * the address */
struct table {
	struct hwnet_field field[HWNET_MAX_PROPS + 1];
	const struct hwnet_prop *prop[HWNET_MAX_PROPS + 1];
	char name[HWNET_MAX_PROPS][NAME_ROOM];
	unsigned n;
};

static void make_table(const struct hwnet_model *model, struct table *t)
{
	t->field[0] = (struct hwnet_field)HWNET_FIELD_ARRAY(struct hwnet_config, mac);
	t->field[0].name = PREFIX "mac";
	t->prop[0] = NULL;
	t->n = 1;
	for (unsigned i = 0; model->props[i].name; i++) {
		if (!model->props[i].fixed)
			continue;
		snprintf(t->name[i], NAME_ROOM, PREFIX "%s", model->props[i].name);
		t->field[t->n] = (struct hwnet_field) {
			.name = t->name[i],
			.off = (uint32_t)(offsetof(struct hwnet_config, values) + 8 * i),
			.size = 8,
			.count = 1,
		};
		t->prop[t->n++] = &model->props[i];
	}
}

size_t hwnet_config_size(const struct hwnet_model *model)
{
	struct table t;

	make_table(model, &t);
	return fields_size(t.field, t.n);
}

size_t hwnet_config_save(const struct hwnet_model *model, const struct hwnet_config *cfg, void *buf)
{
	struct table t;

	make_table(model, &t);
	return fields_save(t.field, t.n, cfg, buf);
}

static void format(const struct table *t, unsigned i, const struct hwnet_config *cfg, char *text,
		   size_t room)
{
	const uint8_t *m = cfg->mac;
	uint64_t val;

	if (!t->prop[i]) {
		snprintf(text, room, "%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3], m[4],
			 m[5]);
		return;
	}
	memcpy(&val, (const char *)cfg + t->field[i].off, sizeof(val));
	hwnet_prop_text(t->prop[i], val, text, room);
}

int hwnet_config_check(const struct hwnet_model *model, const struct hwnet_config *cfg,
		       const void *buf, size_t len, char *err, size_t errlen)
{
	struct hwnet_config saved = *cfg;
	char there[32], here[32];
	struct table t;

	make_table(model, &t);
	if (hwnet_state_load(model->name, t.field, t.n, &saved, buf, len, err, errlen))
		return -1;
	for (unsigned i = 0; i < t.n; i++) {
		format(&t, i, &saved, there, sizeof(there));
		format(&t, i, cfg, here, sizeof(here));
		if (!strcmp(there, here))
			continue;
		snprintf(err, errlen, "the state is of a card with %s=%s, this one has %s=%s",
			 t.field[i].name + strlen(PREFIX), there, t.field[i].name + strlen(PREFIX),
			 here);
		return -1;
	}
	return 0;
}
