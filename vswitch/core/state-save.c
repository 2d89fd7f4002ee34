/* SPDX-License-Identifier: BSD-2-Clause */
/* Saving: from what is in force to bytes (vswitch/state.h has the theory). */
#include "core/state-save.h"

#include <stdlib.h>

#include "core/blob.h"
#include "vswitch/fail.h"

/* struct saving - bytes being written; @scratch: structs of a part, kept from one to the next */
struct saving {
	struct vsw_blob *blob;
	void *scratch;
	size_t room;
};

static void *scratch(struct saving *s, size_t size)
{
	void *more;

	if (size > s->room) {
		more = realloc(s->scratch, size);
		if (!more)
			return NULL;
		s->scratch = more;
		s->room = size;
	}
	memset(s->scratch, 0, size);
	return s->scratch;
}

/**
 * vsw_state_begin() - Write what stands before the record
 * @blob: Where to
 * @kind: What it is the state of
 *
 * Return: 0, or -1: no room.
 */
int vsw_state_begin(struct vsw_blob *blob, const char *kind)
{
	static const uint8_t magic[] = STATE_MAGIC;
	size_t len = strlen(kind);
	uint8_t *p = vsw_blob_add(blob, sizeof(magic) + 1 + len);

	if (!p)
		return -1;
	memcpy(p, magic, sizeof(magic));
	p[sizeof(magic)] = (uint8_t)len;
	memcpy(p + sizeof(magic) + 1, kind, len);
	return 0;
}

/**
 * vsw_state_open() - Begin a field that holds a record
 * @blob: Where to
 * @name: Its name
 * @mark: Filled, for vsw_state_close()
 *
 * Return: 0, or -1: no room.
 */
int vsw_state_open(struct vsw_blob *blob, const char *name, size_t *mark)
{
	uint8_t *p = vsw_blob_add(blob, fields_head_size(name));

	if (!p)
		return -1;
	fields_head(name, 0, p);
	*mark = blob->len;
	return 0;
}

/**
 * vsw_state_close() - The record ends here
 * @blob: Where it is
 * @name: Of vsw_state_open()
 * @mark: Of vsw_state_open()
 */
void vsw_state_close(struct vsw_blob *blob, const char *name, size_t mark)
{
	fields_head(name, (uint32_t)(blob->len - mark), blob->data + mark - fields_head_size(name));
}

/* Is there anything but zeros in a field of a struct? */
static bool says(const struct hwnet_field *f, const uint8_t *item)
{
	uint32_t stride = f->stride ? f->stride : f->size;

	for (uint32_t i = 0; i < f->count; i++)
		for (unsigned k = 0; k < f->size; k++)
			if (item[f->off + i * stride + k])
				return true;
	return false;
}

/* The fields of a part that are written. A field that is missing is zero, unless the part says
 * otherwise: so counters that counted nothing take no room. */
static unsigned rows_of(const struct vsw_state_part *part, const void *item,
			struct hwnet_field rows[STATE_ROWS])
{
	unsigned n = 0;

	for (unsigned i = 0; i < part->list.n; i++)
		if (part->max || part->init || says(&part->list.fields[i], item))
			rows[n++] = part->list.fields[i];
	return n;
}

/**
 * vsw_state_items() - Write a part's field
 * @blob:  Where to
 * @part:  The part
 * @items: Its structs
 * @n:     Their number
 *
 * Return: 0, or -1: no room.
 */
int vsw_state_items(struct vsw_blob *blob, const struct vsw_state_part *part, const void *items,
		    uint32_t n)
{
	struct hwnet_field rows[STATE_ROWS];
	struct fields_list list = { rows, rows_of(part, items, rows), part->list.stride };
	size_t size = part->max ? fields_list_size(&list, n) : fields_size(rows, list.n);
	size_t head = fields_head_size(part->name);
	uint8_t *p = size > UINT32_MAX ? NULL : vsw_blob_add(blob, head + size);

	if (!p)
		return -1;
	fields_head(part->name, (uint32_t)size, p);
	if (part->max)
		fields_list_save(&list, items, n, p + head);
	else
		fields_save(rows, list.n, items, p + head);
	return 0;
}

static int save_part(struct saving *s, const struct vsw_state_of *of,
		     const struct vsw_state_part *part)
{
	uint32_t n = part->count ? part->count(of) : 1;
	void *items;

	if (!n || (part->whole && !of->whole))
		return 0;
	items = scratch(s, (size_t)n * part->list.stride);
	if (!items)
		return -1;
	n = part->save(of, items, n);
	return n ? vsw_state_items(s->blob, part, items, n) : 0;
}

static int save_parts(struct saving *s, const struct vsw_state_of *of)
{
	const struct vsw_state_part *parts[STATE_PARTS];
	unsigned n = vsw_state_parts(of->port != NULL, parts);

	for (unsigned i = 0; i < n; i++)
		if (save_part(s, of, parts[i]) < 0)
			return -1;
	return 0;
}

/**
 * vsw_state_save_who() - Write who a port is, the beginning of its record
 * @blob:   Where to
 * @id:     Its id
 * @number: Its number
 *
 * Return: 0, or -1: no room.
 */
int vsw_state_save_who(struct vsw_blob *blob, const char *id, uint16_t number)
{
	struct vsw_state_record r = { .number = number };
	struct hwnet_field who[VSW_STATE_WHO];
	uint8_t *p;

	memcpy(who, vsw_state_who, sizeof(who));
	who[0].count = (uint32_t)strnlen(id, sizeof(r.id) - 1);
	p = vsw_blob_add(blob, fields_size(who, VSW_STATE_WHO));
	if (!p)
		return -1;
	memcpy(r.id, id, who[0].count);
	fields_save(who, VSW_STATE_WHO, &r, p);
	return 0;
}

static int save_port(struct saving *s, const struct vsw_state_of *of)
{
	size_t mark;

	if (vsw_state_open(s->blob, STATE_PORT, &mark) < 0 ||
	    vsw_state_save_who(s->blob, of->port->id, of->port->number) < 0 ||
	    save_parts(s, of) < 0)
		return -1;
	vsw_state_close(s->blob, STATE_PORT, mark);
	return 0;
}

static int save_all(struct saving *s, struct vsw_state_of *of)
{
	struct vsw *sw = of->sw;

	if (vsw_state_begin(s->blob, STATE_KIND_SWITCH) < 0)
		return -1;
	for (unsigned i = 1; i <= sw->last_port; i++) {
		of->port = sw->port[i];
		if (of->port && save_port(s, of) < 0)
			return -1;
	}
	of->port = NULL;
	return save_parts(s, of);
}

/* What was begun is taken back if it did not fit */
static int end(struct saving *s, size_t was, int ret, char *err, size_t errlen)
{
	free(s->scratch);
	if (ret == 0)
		return 0;
	s->blob->len = was;
	return vsw_fail(err, errlen, "the state is longer than %zu bytes, or there is no memory",
			s->blob->max);
}

int vsw_switch_save_late(struct vsw *sw, struct vsw_early *early, struct vsw_blob *blob, char *err,
			 size_t errlen)
{
	struct vsw_state_of of = { .sw = sw, .now = vsw_now(sw), .whole = true, .early = early };
	struct saving s = { .blob = blob };
	size_t was = blob->len;

	return end(&s, was, save_all(&s, &of), err, errlen);
}

int vsw_switch_save(struct vsw *sw, struct vsw_blob *blob, char *err, size_t errlen)
{
	return vsw_switch_save_late(sw, NULL, blob, err, errlen);
}

int vsw_port_save(struct vsw_port *port, struct vsw_blob *blob, const struct vsw_left_out *out,
		  char *err, size_t errlen)
{
	struct vsw_state_of of = {
		.sw = port->sw, .port = port, .now = vsw_now(port->sw), .out = out
	};
	struct saving s = { .blob = blob };
	size_t was = blob->len;
	int ret;

	if (port->is_uplink)
		return vsw_fail(err, errlen, "port '%s' is an uplink, whose state is its switch's",
				port->id);
	ret = vsw_state_begin(blob, STATE_KIND_PORT);
	if (ret == 0)
		ret = save_port(&s, &of);
	return end(&s, was, ret, err, errlen);
}
