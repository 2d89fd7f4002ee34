/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * State as one table for both directions.
 *
 * DOC: Theory of Operation
 *
 * A saved state is "hwnet" 0x01, the model's name (u8 length, bytes), and fields until the end of
 * the buffer. A field is
 *
 *	u8 length of name | name | u8 size of an element: 1, 2, 4, 8 | le32 number of elements
 *	| elements, little end first
 *
 * Signed and boolean values travel as their two's complement and 0/1. A reader skips fields it does
 * not know, so a newer writer may add some; a field that is missing keeps its reset value, so an
 * older writer may lack some. A name is never given to another meaning.
 *
 * The reader trusts nothing: lengths are checked against the buffer, element size and count against
 * the table, values against the row's range, a field may come once. It fills a state that is not in
 * use (the shadow of model.h).
 */
#ifndef HW_NET_STATE_H
#define HW_NET_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct hwnet_field - One named field
 * @name:  Name in the saved state, at most 63 characters
 * @off:   Offset in the model's state struct
 * @size:  Bytes of an element
 * @count: Elements; a saved field may have fewer (the rest keep reset values), never more
 * @min:   Smallest value (as unsigned of @size bytes)
 * @max:   Largest value; 0 means any
 * @stride: Distance of elements in the state struct; 0 means @size (a plain array)
 */
struct hwnet_field {
	const char *name;
	uint32_t off;
	uint8_t size;
	uint32_t count;
	uint64_t min, max;
	uint32_t stride;
};

#define HWNET_MEMBER(type, member) (((type *)0)->member)

#define HWNET_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A scalar of any value; one with a range; a bool; an array of scalars, and with a range for each.
 * An array of structs' bytes is not a field. */
#define HWNET_FIELD(type, member) HWNET_FIELD_RANGE(type, member, 0, 0)
#define HWNET_FIELD_RANGE(type, member, lo, hi)                                              \
	{                                                                                    \
		.name = #member, .off = offsetof(type, member),                              \
		.size = sizeof(HWNET_MEMBER(type, member)), .count = 1, .min = lo, .max = hi \
	}
#define HWNET_FIELD_BOOL(type, member)	HWNET_FIELD_RANGE(type, member, 0, 1)
#define HWNET_FIELD_ARRAY(type, member) HWNET_FIELD_ARRAY_RANGE(type, member, 0, 0)
#define HWNET_FIELD_ARRAY_RANGE(type, member, lo, hi)                                  \
	{                                                                              \
		.name = #member, .off = offsetof(type, member),                        \
		.size = sizeof(HWNET_MEMBER(type, member)[0]),                         \
		.count = HWNET_COUNT(HWNET_MEMBER(type, member)), .min = lo, .max = hi \
	}
/* One scalar member of each struct of an array: "txq.size" is st->txq[0..n-1].size. */
#define HWNET_FIELD_EACH(type, array, member) HWNET_FIELD_EACH_RANGE(type, array, member, 0, 0)
#define HWNET_FIELD_EACH_RANGE(type, array, member, lo, hi)                            \
	{                                                                              \
		.name = #array "." #member, .off = offsetof(type, array[0].member),    \
		.size = sizeof(HWNET_MEMBER(type, array)[0].member),                   \
		.count = HWNET_COUNT(HWNET_MEMBER(type, array)), .min = lo, .max = hi, \
		.stride = sizeof(HWNET_MEMBER(type, array)[0])                         \
	}

/**
 * hwnet_fields_size() - Exact size of some fields
 * @fields: The table
 * @n:      Its rows
 *
 * Return: bytes.
 */
size_t hwnet_fields_size(const struct hwnet_field *fields, unsigned n);

/**
 * hwnet_fields_save() - Write fields behind others
 * @fields: The table
 * @n:      Its rows
 * @state:  The struct
 * @buf:    Where to, hwnet_fields_size() bytes
 *
 * Return: bytes written.
 */
size_t hwnet_fields_save(const struct hwnet_field *fields, unsigned n, const void *state,
			 void *buf);

/**
 * hwnet_state_size() - Exact size of a saved state
 * @model:  Name of the model
 * @fields: The table
 * @n:      Its rows
 *
 * Return: bytes.
 */
size_t hwnet_state_size(const char *model, const struct hwnet_field *fields, unsigned n);

/**
 * hwnet_state_save() - Write a state
 * @model:  Name of the model
 * @fields: The table
 * @n:      Its rows
 * @state:  The struct
 * @buf:    Where to, hwnet_state_size() bytes
 *
 * Return: bytes written.
 */
size_t hwnet_state_save(const char *model, const struct hwnet_field *fields, unsigned n,
			const void *state, void *buf);

/**
 * hwnet_state_load() - Read a state
 * @model:  Name of the model
 * @fields: The table
 * @n:      Its rows
 * @state:  Filled with what the buffer has; holds reset values at the call; may be changed even on
 *          failure
 * @buf:    Hostile
 * @len:    Its length
 * @err:    On failure, one line: which field, what is wrong
 * @errlen: Room in @err
 *
 * Return: 0 or -1.
 */
int hwnet_state_load(const char *model, const struct hwnet_field *fields, unsigned n, void *state,
		     const void *buf, size_t len, char *err, size_t errlen);

#endif
