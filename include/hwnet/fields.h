/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * State as one table for both directions: what cards and switch save and load.
 *
 * DOC: Theory of Operation
 *
 * A *record* is the fields of a struct, in any order, until its end. A field is
 *
 *	u8 length of name | name | u8 size of an element: 1, 2, 4, 8 | le32 number of elements
 *	| elements, little end first
 *
 * Signed and boolean values travel as their two's complement and 0/1. A reader skips fields it does
 * not know, so a newer writer may add some; a field that is missing keeps the value that the struct
 * had before, so an older writer may lack some. A name is never given to another meaning.
 *
 * A *list* is a record of many structs: each field has one element for each of them. A field of
 * single bytes may hold a record or a list again; who knows its name knows that.
 *
 * The reader trusts nothing: lengths are checked against the buffer, element size and count against
 * the table, values against the row's range, a field may come once. It fills a struct that is not
 * in use. What it does is bounded by the length of the buffer and the number of rows: each field is
 * looked up once, and rows are compared in the table's order first.
 */
#ifndef HWNET_FIELDS_H
#define HWNET_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** HWNET_FIELDS_MAX - Most rows of a table. */
#define HWNET_FIELDS_MAX 512u

/**
 * struct hwnet_field - One named field
 * @name:  Name in the saved state, at most 63 characters
 * @off:   Offset in the struct
 * @size:  Bytes of an element
 * @count: Elements; a saved field may have fewer (the rest keep their values), never more. In the
 *      table of a list 1
 * @min:   Smallest value (as unsigned of @size bytes)
 * @max:   Largest value; 0 means any
 * @stride: Distance of elements in the struct; 0 means @size (a plain array)
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
 * struct fields_item - A field as it stands in a record
 * @name:  Its name, not ended by a zero
 * @len:   Characters of it
 * @size:  Bytes of an element
 * @count: Elements, all of which are there
 * @data:  The first
 */
struct fields_item {
	const uint8_t *name;
	uint8_t len, size;
	uint32_t count;
	const uint8_t *data;
};

/**
 * fields_next() - Walk over the fields of a record, which may be hostile
 * @at:     Where the walk is; moved behind the field
 * @end:    End of the record
 * @item:   Filled
 * @err:    On failure, one line: which field, what is wrong
 * @errlen: Room in @err
 *
 * Return: 1; 0: the record ends here; -1: it is cut short or not sound.
 */
int fields_next(const uint8_t **at, const uint8_t *end, struct fields_item *item, char *err,
		size_t errlen);

/**
 * fields_is() - Has a field this name?
 * @item: The field
 * @name: The name
 *
 * Return: whether.
 */
bool fields_is(const struct fields_item *item, const char *name);

/**
 * fields_fail() - Say what is wrong with a field
 * @err:    Gets "NAME: WHY", the name in printable characters
 * @errlen: Room in @err
 * @item:   The field, or NULL: "WHY"
 * @why:    What is wrong
 *
 * Return: -1.
 */
int fields_fail(char *err, size_t errlen, const struct fields_item *item, const char *why);

/**
 * fields_head() - Begin a field of single bytes whose bytes follow
 * @name:  Its name, at most 63 characters
 * @bytes: How many will follow
 * @buf:   Where to, fields_head_size() bytes
 *
 * Return: bytes written.
 */
size_t fields_head(const char *name, uint32_t bytes, void *buf);

/**
 * fields_head_size() - Exact size of what stands before the bytes of a field
 * @name: Its name
 *
 * Return: bytes.
 */
size_t fields_head_size(const char *name);

/**
 * fields_size() - Exact size of a record
 * @fields: The table
 * @n:      Its rows
 *
 * Return: bytes.
 */
size_t fields_size(const struct hwnet_field *fields, unsigned n);

/**
 * fields_save() - Write a record
 * @fields: The table
 * @n:      Its rows
 * @state:  The struct
 * @buf:    Where to, fields_size() bytes
 *
 * Return: bytes written.
 */
size_t fields_save(const struct hwnet_field *fields, unsigned n, const void *state, void *buf);

/**
 * fields_load() - Read a record
 * @fields: The table
 * @n:      Its rows, HWNET_FIELDS_MAX at most
 * @state:  Filled with what the record has; may be changed even on failure
 * @buf:    The record, hostile
 * @len:    Its length
 * @err:    On failure, one line: which field, what is wrong
 * @errlen: Room in @err
 *
 * Return: 0 or -1.
 */
int fields_load(const struct hwnet_field *fields, unsigned n, void *state, const void *buf,
		size_t len, char *err, size_t errlen);

/**
 * struct fields_list - What a list is of
 * @fields: Table of one struct
 * @n:      Its rows
 * @stride: Bytes of the struct
 */
struct fields_list {
	const struct hwnet_field *fields;
	unsigned n;
	uint32_t stride;
};

/**
 * fields_list_size() - Exact size of a list
 * @list:  What it is of
 * @count: Structs
 *
 * Return: bytes.
 */
size_t fields_list_size(const struct fields_list *list, uint32_t count);

/**
 * fields_list_save() - Write a list
 * @list:  What it is of
 * @items: The structs, behind each other
 * @count: Their number
 * @buf:   Where to, fields_list_size() bytes
 *
 * Return: bytes written.
 */
size_t fields_list_save(const struct fields_list *list, const void *items, uint32_t count,
			void *buf);

/**
 * fields_list_count() - How many structs are in a list?
 * @list:   What it is of
 * @buf:    The list, hostile
 * @len:    Its length
 * @count:  Filled: the elements of its first known field; not more than @len. 0: it has none
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: 0 or -1.
 */
int fields_list_count(const struct fields_list *list, const void *buf, size_t len, uint32_t *count,
		      char *err, size_t errlen);

/**
 * fields_list_load() - Read a list
 * @list:   What it is of
 * @items:  @count structs, which are filled as by fields_load()
 * @count:  What fields_list_count() said; each known field must have as many
 * @buf:    The list, hostile
 * @len:    Its length
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: 0 or -1.
 */
int fields_list_load(const struct fields_list *list, void *items, uint32_t count, const void *buf,
		     size_t len, char *err, size_t errlen);

#endif
