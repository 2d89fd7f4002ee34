/* SPDX-License-Identifier: BSD-2-Clause */
/* Records and lists of named fields (hwnet/fields.h has the format). */
#include "hwnet/fields.h"

#include <endian.h>
#include <stdio.h>
#include <string.h>

/* struct table - rows, and how they are meant: @count of 0: as they stand, else as a list's */
struct table {
	const struct hwnet_field *fields;
	unsigned n;
	uint32_t stride, count;
	bool list;
};

/* Take @n bytes from the front; NULL if there are fewer. */
static const uint8_t *take(const uint8_t **at, const uint8_t *end, size_t n)
{
	const uint8_t *p = *at;

	if ((size_t)(end - p) < n)
		return NULL;
	*at += n;
	return p;
}

static uint32_t get_le32(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, 4);
	return le32toh(v);
}

static uint64_t get_le(const uint8_t *p, unsigned size)
{
	uint64_t v = 0;

	for (unsigned i = 0; i < size; i++)
		v |= (uint64_t)p[i] << (8 * i);
	return v;
}

/*
 * Copy a value, little end first on one side and in the host's order on the other: which side is
 * which makes no difference. A state has thousands, hence a case for each size instead of a loop.
 */
static void copy_le(void *to, const void *from, unsigned size)
{
	uint16_t v16;
	uint32_t v32;
	uint64_t v64;

	switch (size) {
	case 1:
		*(uint8_t *)to = *(const uint8_t *)from;
		break;
	case 2:
		memcpy(&v16, from, 2);
		v16 = htole16(v16);
		memcpy(to, &v16, 2);
		break;
	case 4:
		memcpy(&v32, from, 4);
		v32 = htole32(v32);
		memcpy(to, &v32, 4);
		break;
	default:
		memcpy(&v64, from, 8);
		v64 = htole64(v64);
		memcpy(to, &v64, 8);
	}
}

/* A row as it is meant */
static struct hwnet_field row(const struct table *t, const struct hwnet_field *f)
{
	struct hwnet_field as = *f;

	if (t->list) {
		as.count = t->count;
		as.stride = t->stride;
	}
	return as;
}

/* Offset of an element in the struct. */
static size_t element(const struct hwnet_field *f, uint32_t i)
{
	return f->off + (size_t)i * (f->stride ? f->stride : f->size);
}

/* Are the elements one piece, in the order that a record has them in? */
static bool is_piece(const struct hwnet_field *f)
{
	bool same_order = f->size == 1 || htole16(1) == 1;

	return same_order && (!f->stride || f->stride == f->size);
}

static uint8_t *put_head(uint8_t *p, const char *name, uint8_t size, uint32_t count)
{
	size_t len = strlen(name);

	*p++ = (uint8_t)len;
	memcpy(p, name, len);
	p += len;
	*p++ = size;
	count = htole32(count);
	memcpy(p, &count, 4);
	return p + 4;
}

static uint8_t *put_field(uint8_t *p, const struct hwnet_field *f, const uint8_t *state)
{
	p = put_head(p, f->name, f->size, f->count);
	if (is_piece(f)) {
		if (f->count)
			memcpy(p, state + f->off, (size_t)f->size * f->count);
		return p + (size_t)f->size * f->count;
	}
	for (uint32_t i = 0; i < f->count; i++, p += f->size)
		copy_le(p, state + element(f, i), f->size);
	return p;
}

size_t fields_head_size(const char *name)
{
	return 1 + strlen(name) + 1 + 4;
}

size_t fields_head(const char *name, uint32_t bytes, void *buf)
{
	return (size_t)(put_head(buf, name, 1, bytes) - (uint8_t *)buf);
}

static size_t table_size(const struct table *t)
{
	size_t size = 0;

	for (unsigned i = 0; i < t->n; i++) {
		struct hwnet_field f = row(t, &t->fields[i]);

		size += fields_head_size(f.name) + (size_t)f.size * f.count;
	}
	return size;
}

static size_t table_save(const struct table *t, const void *state, void *buf)
{
	uint8_t *p = buf;

	for (unsigned i = 0; i < t->n; i++) {
		struct hwnet_field f = row(t, &t->fields[i]);

		p = put_field(p, &f, state);
	}
	return (size_t)(p - (uint8_t *)buf);
}

size_t fields_size(const struct hwnet_field *fields, unsigned n)
{
	return table_size(&(struct table) { .fields = fields, .n = n });
}

size_t fields_save(const struct hwnet_field *fields, unsigned n, const void *state, void *buf)
{
	return table_save(&(struct table) { .fields = fields, .n = n }, state, buf);
}

static struct table list_table(const struct fields_list *list, uint32_t count)
{
	return (struct table) { list->fields, list->n, list->stride, count, true };
}

size_t fields_list_size(const struct fields_list *list, uint32_t count)
{
	struct table t = list_table(list, count);

	return table_size(&t);
}

size_t fields_list_save(const struct fields_list *list, const void *items, uint32_t count,
			void *buf)
{
	struct table t = list_table(list, count);

	return table_save(&t, items, buf);
}

int fields_fail(char *err, size_t errlen, const struct fields_item *item, const char *why)
{
	char shown[64];
	size_t len = item ? item->len : 0, n = len < sizeof(shown) - 1 ? len : sizeof(shown) - 1;

	for (size_t i = 0; i < n; i++)
		shown[i] =
			item->name[i] >= 0x20 && item->name[i] < 0x7f ? (char)item->name[i] : '?';
	shown[n] = 0;
	if (errlen)
		snprintf(err, errlen, "%s%s%s", shown, n ? ": " : "", why);
	return -1;
}

bool fields_is(const struct fields_item *item, const char *name)
{
	return strlen(name) == item->len && !memcmp(name, item->name, item->len);
}

int fields_next(const uint8_t **at, const uint8_t *end, struct fields_item *item, char *err,
		size_t errlen)
{
	const uint8_t *len, *head;

	if (*at == end)
		return 0;
	len = take(at, end, 1);
	item->len = *len;
	item->name = take(at, end, *len);
	head = item->name ? take(at, end, 5) : NULL;
	if (!head)
		return fields_fail(err, errlen, NULL, "cut short");
	item->size = head[0];
	item->count = get_le32(head + 1);
	if (item->size != 1 && item->size != 2 && item->size != 4 && item->size != 8)
		return fields_fail(err, errlen, item, "bad element size");
	if (item->count > (size_t)(end - *at) / item->size)
		return fields_fail(err, errlen, item, "cut short");
	item->data = take(at, end, (size_t)item->size * item->count);
	return 1;
}

/* Beginning with row @first: most often fields come in the table's order. */
static const struct hwnet_field *find_field(const struct table *t, unsigned first,
					    const struct fields_item *item)
{
	for (unsigned i = 0; i < t->n; i++) {
		const struct hwnet_field *f = &t->fields[(first + i) % t->n];

		if (fields_is(item, f->name))
			return f;
	}
	return NULL;
}

/* Take the elements of one field over. NULL, or what is wrong. */
static const char *load_values(const struct hwnet_field *f, uint8_t *state,
			       const struct fields_item *item)
{
	const uint8_t *p = item->data;

	for (uint32_t i = 0; f->max && i < item->count; i++) {
		uint64_t v = get_le(p + (size_t)i * item->size, item->size);

		if (v < f->min || v > f->max)
			return "value out of range";
	}
	if (is_piece(f)) {
		if (item->count)
			memcpy(state + f->off, p, (size_t)item->size * item->count);
		return NULL;
	}
	for (uint32_t i = 0; i < item->count; i++, p += item->size)
		copy_le(state + element(f, i), p, item->size);
	return NULL;
}

/* Does a field fit its row? NULL, or what is wrong. */
static const char *fits(const struct table *t, const struct hwnet_field *f,
			const struct fields_item *item)
{
	if (item->size != f->size)
		return "elements have another size";
	if (item->count > f->count)
		return "too many elements";
	if (t->list && item->count != f->count)
		return "has not as many elements as the others of its list";
	return NULL;
}

/* One field, probably that of row @first: 0, or -1 with @err filled. */
static int load_field(const struct table *t, unsigned first, const struct fields_item *item,
		      void *state, uint64_t *seen, char *err, size_t errlen)
{
	const struct hwnet_field *known = find_field(t, first, item);
	struct hwnet_field f;
	const char *why;
	size_t n;

	if (!known)
		return 0;
	n = (size_t)(known - t->fields);
	if (seen[n / 64] & (UINT64_C(1) << (n % 64)))
		return fields_fail(err, errlen, item, "comes twice");
	seen[n / 64] |= UINT64_C(1) << (n % 64);
	f = row(t, known);
	why = fits(t, &f, item);
	if (!why)
		why = load_values(&f, state, item);
	return why ? fields_fail(err, errlen, item, why) : 0;
}

static int table_load(const struct table *t, void *state, const void *buf, size_t len, char *err,
		      size_t errlen)
{
	const uint8_t *at = buf, *end = at + len;
	uint64_t seen[HWNET_FIELDS_MAX / 64] = { 0 };
	struct fields_item item;
	int more = 1;

	if (t->n > HWNET_FIELDS_MAX)
		return fields_fail(err, errlen, NULL, "the table has too many fields");
	for (unsigned first = 0; len && more; first++) {
		more = fields_next(&at, end, &item, err, errlen);
		if (more < 0 || (more && load_field(t, first, &item, state, seen, err, errlen) < 0))
			return -1;
	}
	return 0;
}

int fields_load(const struct hwnet_field *fields, unsigned n, void *state, const void *buf,
		size_t len, char *err, size_t errlen)
{
	return table_load(&(struct table) { .fields = fields, .n = n }, state, buf, len, err,
			  errlen);
}

int fields_list_count(const struct fields_list *list, const void *buf, size_t len, uint32_t *count,
		      char *err, size_t errlen)
{
	struct table t = list_table(list, 0);
	const uint8_t *at = buf, *end = at + len;
	struct fields_item item;
	int more;

	*count = 0;
	if (!len)
		return 0;
	while ((more = fields_next(&at, end, &item, err, errlen)) > 0)
		if (find_field(&t, 0, &item)) {
			*count = item.count;
			return 0;
		}
	return more;
}

int fields_list_load(const struct fields_list *list, void *items, uint32_t count, const void *buf,
		     size_t len, char *err, size_t errlen)
{
	struct table t = list_table(list, count);

	return table_load(&t, items, buf, len, err, errlen);
}
