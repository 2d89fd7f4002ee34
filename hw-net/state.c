/* SPDX-License-Identifier: BSD-2-Clause */
/* Saved states; see state.h for the format. */
#include "state.h"

#include <stdio.h>
#include <string.h>

#include "bytes.h"

static const uint8_t magic[] = { 'h', 'w', 'n', 'e', 't', 1 };

/* Most rows of a table; one bit each tells which were seen. */
#define MAX_FIELDS 512u

struct reader {
	const uint8_t *p, *end;
};

/* Take @n bytes from the front; NULL if there are fewer. */
static const uint8_t *take(struct reader *r, size_t n)
{
	const uint8_t *p = r->p;

	if ((size_t)(r->end - r->p) < n)
		return NULL;
	r->p += n;
	return p;
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

/* Offset of an element in the state struct. */
static size_t element(const struct hwnet_field *f, uint32_t i)
{
	return f->off + (size_t)i * (f->stride ? f->stride : f->size);
}

/* Are the elements one piece, in the order that a saved state has them in? */
static bool is_piece(const struct hwnet_field *f)
{
	bool same_order = f->size == 1 || htole16(1) == 1;

	return same_order && (!f->stride || f->stride == f->size);
}

static size_t field_bytes(const struct hwnet_field *f)
{
	return 1 + strlen(f->name) + 1 + 4 + (size_t)f->size * f->count;
}

size_t hwnet_fields_size(const struct hwnet_field *fields, unsigned n)
{
	size_t size = 0;

	for (unsigned i = 0; i < n; i++)
		size += field_bytes(&fields[i]);
	return size;
}

size_t hwnet_state_size(const char *model, const struct hwnet_field *fields, unsigned n)
{
	return sizeof(magic) + 1 + strlen(model) + hwnet_fields_size(fields, n);
}

static uint8_t *put_name(uint8_t *p, const char *name)
{
	size_t len = strlen(name);

	*p++ = (uint8_t)len;
	memcpy(p, name, len);
	return p + len;
}

static uint8_t *put_field(uint8_t *p, const struct hwnet_field *f, const uint8_t *state)
{
	p = put_name(p, f->name);
	*p++ = f->size;
	put32(p, f->count);
	p += 4;
	if (is_piece(f)) {
		memcpy(p, state + f->off, (size_t)f->size * f->count);
		return p + (size_t)f->size * f->count;
	}
	for (uint32_t i = 0; i < f->count; i++, p += f->size)
		copy_le(p, state + element(f, i), f->size);
	return p;
}

size_t hwnet_fields_save(const struct hwnet_field *fields, unsigned n, const void *state, void *buf)
{
	uint8_t *p = buf;

	for (unsigned i = 0; i < n; i++)
		p = put_field(p, &fields[i], state);
	return (size_t)(p - (uint8_t *)buf);
}

size_t hwnet_state_save(const char *model, const struct hwnet_field *fields, unsigned n,
			const void *state, void *buf)
{
	uint8_t *p = buf;

	memcpy(p, magic, sizeof(magic));
	p = put_name(p + sizeof(magic), model);
	p += hwnet_fields_save(fields, n, state, p);
	return (size_t)(p - (uint8_t *)buf);
}

/* Beginning with row @first: most often fields come in the table's order. */
static const struct hwnet_field *find_field(const struct hwnet_field *fields, unsigned n,
					    unsigned first, const uint8_t *name, size_t len)
{
	for (unsigned i = 0; i < n; i++) {
		const struct hwnet_field *f = &fields[(first + i) % n];

		if (strlen(f->name) == len && !memcmp(f->name, name, len))
			return f;
	}
	return NULL;
}

/* Take the elements of one field over. NULL, or what is wrong. */
static const char *load_values(const struct hwnet_field *f, uint8_t *state, const uint8_t *p,
			       unsigned size, uint32_t count)
{
	if (size != f->size)
		return "elements have another size";
	if (count > f->count)
		return "too many elements";
	for (uint32_t i = 0; f->max && i < count; i++) {
		uint64_t v = get_le(p + (size_t)i * size, size);

		if (v < f->min || v > f->max)
			return "value out of range";
	}
	if (is_piece(f)) {
		memcpy(state + f->off, p, (size_t)size * count);
		return NULL;
	}
	for (uint32_t i = 0; i < count; i++, p += size)
		copy_le(state + element(f, i), p, size);
	return NULL;
}

static int load_fail(char *err, size_t errlen, const uint8_t *name, size_t len, const char *why)
{
	char shown[64];
	size_t n = len < sizeof(shown) - 1 ? len : sizeof(shown) - 1;

	for (size_t i = 0; i < n; i++)
		shown[i] = name[i] >= 0x20 && name[i] < 0x7f ? (char)name[i] : '?';
	shown[n] = 0;
	snprintf(err, errlen, "saved state: %s%s%s", shown, n ? ": " : "", why);
	return -1;
}

static int load_header(const char *model, struct reader *r, char *err, size_t errlen)
{
	const uint8_t *head = take(r, sizeof(magic));
	const uint8_t *len = take(r, 1);
	const uint8_t *name;

	if (!head || !len || memcmp(head, magic, sizeof(magic)))
		return load_fail(err, errlen, NULL, 0, "not a state of this library");
	name = take(r, *len);
	if (!name)
		return load_fail(err, errlen, NULL, 0, "cut short");
	if (strlen(model) != *len || memcmp(model, name, *len))
		return load_fail(err, errlen, name, *len, "is of another model");
	return 0;
}

/* One field, probably that of row @first: 0, or -1 with @err filled. */
static int load_field(struct reader *r, const struct hwnet_field *fields, unsigned n,
		      unsigned first, uint8_t *state, uint64_t *seen, char *err, size_t errlen)
{
	const uint8_t *len = take(r, 1), *name, *head, *data;
	const struct hwnet_field *f;
	const char *why;
	unsigned size;
	uint32_t count;

	name = take(r, *len);
	head = name ? take(r, 5) : NULL;
	if (!head)
		return load_fail(err, errlen, NULL, 0, "cut short");
	size = head[0];
	count = get32(head + 1);
	if (size != 1 && size != 2 && size != 4 && size != 8)
		return load_fail(err, errlen, name, *len, "bad element size");
	if (count > (size_t)(r->end - r->p) / size)
		return load_fail(err, errlen, name, *len, "cut short");
	data = take(r, (size_t)size * count);
	f = find_field(fields, n, first, name, *len);
	if (!f)
		return 0;
	if (seen[(f - fields) / 64] & (1ull << ((f - fields) % 64)))
		return load_fail(err, errlen, name, *len, "comes twice");
	seen[(f - fields) / 64] |= 1ull << ((f - fields) % 64);
	why = load_values(f, state, data, size, count);
	return why ? load_fail(err, errlen, name, *len, why) : 0;
}

int hwnet_state_load(const char *model, const struct hwnet_field *fields, unsigned n, void *state,
		     const void *buf, size_t len, char *err, size_t errlen)
{
	struct reader r = { buf, (const uint8_t *)buf + len };
	uint64_t seen[MAX_FIELDS / 64] = { 0 };

	if (n > MAX_FIELDS)
		return load_fail(err, errlen, NULL, 0, "the model has too many fields");
	if (load_header(model, &r, err, errlen))
		return -1;
	for (unsigned row = 0; r.p < r.end; row++)
		if (load_field(&r, fields, n, row, state, seen, err, errlen))
			return -1;
	return 0;
}
