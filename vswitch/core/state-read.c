/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading a state: from hostile bytes to a copy that has been checked (vswitch/state.h has the
 * theory). */
#include "core/state-read.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/state-save.h"
#include "vswitch/fail.h"

const struct hwnet_field vsw_state_who[VSW_STATE_WHO] = {
	HWNET_FIELD_ARRAY(struct vsw_state_record, id),
	HWNET_FIELD_RANGE(struct vsw_state_record, number, 1, UINT16_MAX - 1),
};

/* struct reading - what is being read; @parts of a port, @sw_parts of a switch */
struct reading {
	struct vsw_loading *l;
	const struct vsw_state_part *parts[STATE_PARTS], *sw_parts[STATE_PARTS];
	unsigned n_parts, n_sw_parts, room;
	char *err;
	size_t errlen;
};

static int fail(const struct reading *r, const char *where, const char *why)
{
	return vsw_fail(r->err, r->errlen, "saved state: %s%s%s", where, *where ? ": " : "", why);
}

/* A part's structs out of its field */
static int read_items(const struct vsw_state_part *part, const struct fields_item *item,
		      struct vsw_state_held *held, char *err, size_t errlen)
{
	const struct fields_list *list = &part->list;
	uint32_t n = 1;

	if (part->max && fields_list_count(list, item->data, item->count, &n, err, errlen) < 0)
		return -1;
	if (part->max && n > part->max)
		return fields_fail(err, errlen, NULL, "has too many entries");
	if (n == 0)
		return 0;
	held->items = calloc(n, list->stride);
	if (!held->items)
		return fields_fail(err, errlen, NULL, "out of memory");
	held->n = n;
	if (part->init)
		part->init(held->items, n);
	return part->max ? fields_list_load(list, held->items, n, item->data, item->count, err,
					    errlen) :
			   fields_load(list->fields, list->n, held->items, item->data, item->count,
				       err, errlen);
}

static int read_part(struct reading *r, const struct vsw_state_part *part,
		     const struct fields_item *item, struct vsw_state_held *held)
{
	char why[120] = "";

	if (held->there)
		return fail(r, part->name, "comes twice");
	held->there = true;
	if (item->size != 1)
		return fail(r, part->name, "is not a record");
	if (read_items(part, item, held, why, sizeof(why)) < 0)
		return fail(r, part->name, why);
	return 0;
}

/* All fields of a record that are parts, each where it belongs */
static int read_record(struct reading *r, const struct vsw_state_part *const *parts, unsigned n,
		       const uint8_t *at, const uint8_t *end, struct vsw_state_record *rec)
{
	struct fields_item item;
	char why[120] = "";
	unsigned first = 0;
	int more;

	while ((more = fields_next(&at, end, &item, why, sizeof(why))) > 0)
		for (unsigned k = 0; k < n; k++) {
			unsigned i = (first + k) % n;

			if (!fields_is(&item, parts[i]->name))
				continue;
			if (read_part(r, parts[i], &item, &rec->held[i]) < 0)
				return -1;
			first = i + 1;
			break;
		}
	return more < 0 ? fail(r, "", why) : 0;
}

static int check_record(struct reading *r, const struct vsw_state_part *const *parts, unsigned n,
			struct vsw_state_record *rec, bool port)
{
	struct vsw_port none; /* only that it is a port counts: there is none at hand */
	const struct vsw_state_of of = { .port = port ? &none : NULL, .record = rec };

	for (unsigned i = 0; i < n; i++) {
		struct vsw_state_held *h = &rec->held[i];
		const char *wrong =
			h->there && parts[i]->check ? parts[i]->check(&of, h->items, h->n) : NULL;

		if (wrong)
			return fail(r, parts[i]->name, wrong);
	}
	return 0;
}

static struct vsw_state_record *new_record(struct reading *r)
{
	struct vsw_loading *l = r->l;
	struct vsw_state_record *more;
	unsigned room = r->room ? 2 * r->room : 4;

	if (l->n_ports == r->room) {
		more = realloc(l->port, room * sizeof(*more));
		if (!more)
			return NULL;
		l->port = more;
		r->room = room;
	}
	memset(&l->port[l->n_ports], 0, sizeof(*l->port));
	return &l->port[l->n_ports++];
}

static int read_port(struct reading *r, const struct fields_item *item)
{
	struct vsw_state_record *rec;
	char why[120] = "";

	if (item->size != 1)
		return fail(r, STATE_PORT, "is not a record");
	if (r->l->n_ports == UINT16_MAX - 1 || (!r->l->whole && r->l->n_ports))
		return fail(r, STATE_PORT, "there are too many");
	rec = new_record(r);
	if (!rec)
		return fail(r, STATE_PORT, "out of memory");
	rec->number = 1;
	if (fields_load(vsw_state_who, VSW_STATE_WHO, rec, item->data, item->count, why,
			sizeof(why)) < 0)
		return fail(r, STATE_PORT, why);
	if (!rec->id[0] || !memchr(rec->id, 0, sizeof(rec->id)))
		return fail(r, STATE_PORT, "its id is not sound");
	if (r->l->known[rec->number])
		return fail(r, STATE_PORT, "its number is another one's, too");
	r->l->known[rec->number] = true;
	if (read_record(r, r->parts, r->n_parts, item->data, item->data + item->count, rec) < 0)
		return -1;
	return check_record(r, r->parts, r->n_parts, rec, true);
}

/* The records of all ports, and in the state of a switch its own parts */
static int read_all(struct reading *r, const uint8_t *at, const uint8_t *end)
{
	const uint8_t *begin = at;
	struct fields_item item;
	char why[120] = "";
	int more;

	while ((more = fields_next(&at, end, &item, why, sizeof(why))) > 0)
		if (fields_is(&item, STATE_PORT) && read_port(r, &item) < 0)
			return -1;
	if (more < 0)
		return fail(r, "", why);
	if (!r->l->whole)
		return r->l->n_ports ? 0 : fail(r, "", "has no port");
	if (read_record(r, r->sw_parts, r->n_sw_parts, begin, end, &r->l->sw) < 0)
		return -1;
	return check_record(r, r->sw_parts, r->n_sw_parts, &r->l->sw, false);
}

/* What stands before the records. Return: where they begin, or NULL and the error is told. */
static const uint8_t *read_kind(struct reading *r, const uint8_t *p, size_t len)
{
	static const uint8_t magic[] = STATE_MAGIC;
	struct fields_item kind = { 0 };

	if (len < sizeof(magic) + 1 || memcmp(p, magic, sizeof(magic)) ||
	    len - sizeof(magic) - 1 < p[sizeof(magic)]) {
		fail(r, "", "not the state of a switch or port");
		return NULL;
	}
	kind.len = p[sizeof(magic)];
	kind.name = p + sizeof(magic) + 1;
	r->l->whole = fields_is(&kind, STATE_KIND_SWITCH);
	if (r->l->whole || fields_is(&kind, STATE_KIND_PORT))
		return kind.name + kind.len;
	fail(r, "", "of something else than a switch or port");
	return NULL;
}

static int read_state(struct reading *r, const uint8_t *data, size_t len)
{
	const uint8_t *at = read_kind(r, data, len);

	if (!at)
		return -1;
	if (len > (r->l->whole ? VSW_SWITCH_STATE_MAX : VSW_PORT_STATE_MAX))
		return fail(r, "", "is too long");
	return read_all(r, at, data + len);
}

struct vsw_loading *vsw_state_read(const void *data, size_t len, char *err, size_t errlen)
{
	struct reading r = { .err = err, .errlen = errlen };

	r.l = calloc(1, sizeof(*r.l));
	if (!r.l) {
		vsw_fail(err, errlen, "out of memory");
		return NULL;
	}
	r.n_parts = vsw_state_parts(true, r.parts);
	r.n_sw_parts = vsw_state_parts(false, r.sw_parts);
	if (read_state(&r, data, len) == 0)
		return r.l;
	vsw_state_free(r.l);
	return NULL;
}

static void free_record(struct vsw_state_record *rec)
{
	for (unsigned i = 0; i < STATE_PARTS; i++)
		free(rec->held[i].items);
}

void vsw_state_free(struct vsw_loading *l)
{
	if (!l)
		return;
	for (unsigned i = 0; i < l->n_ports; i++)
		free_record(&l->port[i]);
	free_record(&l->sw);
	free(l->port);
	free(l);
}

bool vsw_state_of_switch(const struct vsw_loading *l)
{
	return l->whole;
}
