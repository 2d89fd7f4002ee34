/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Parts of a state (vswitch/state.h), which core and policies have.
 *
 * DOC: Theory of Operation
 *
 * A part is a plain struct, or a list of them, that a table of fields describes; it stands between
 * what is in force and what is saved. Saving fills it from the switch, reading fills it from the
 * bytes, loading puts it in force. Core has some (state-parts.c), and each policy that remembers
 * anything names its own in its row.
 *
 * Reading checks by the table, then by @check, with no switch at hand. Loading may not fail: it
 * leaves out what it has no place for, and says so by vsw_state_out(). After all parts the switch
 * is compiled anew (compile.c), so a part sets what compile keeps and nothing else.
 */
#ifndef VSWITCH_STATE_PARTS_H
#define VSWITCH_STATE_PARTS_H

#include "core/vsw.h"
#include "hwnet/fields.h"
#include "vswitch/state.h"

/* STATE_PARTS - Most parts of a port, of a switch */
#define STATE_PARTS 32u
/* STATE_ROWS - Most fields of a part */
#define STATE_ROWS 128u
/* STATE_GONE - No port of ours */
#define STATE_GONE UINT16_MAX
/* STATE_LONG - Longest time that is believed, ns: a thousand years are as good as for ever */
#define STATE_LONG (INT64_MAX / 4)

struct vsw_state_record;

/*
 * struct vsw_state_of - what is being saved, or put in force
 * @port:  NULL in a part of the switch
 * @now:   The switch's time
 * @whole: It is part of a whole switch's state, else of a port that moves alone
 * @early: What went ahead, when saving, or NULL
 * @record: When reading and loading: all parts, for who looks at another one
 * @number: When loading: numbers of our ports by their number there; VSW_UPLINK is itself
 * @out:   Who hears what is left out, or NULL
 */
struct vsw_state_of {
	struct vsw *sw;
	struct vsw_port *port;
	int64_t now;
	bool whole;
	struct vsw_early *early;
	const struct vsw_state_record *record;
	const uint16_t *number;
	const struct vsw_left_out *out;
};

/*
 * struct vsw_state_part - a part
 * @name:   Name of its field
 * @list:   Table, and size of the struct
 * @max:    0: one struct; else a list of so many at most
 * @whole:  Only in the state of a whole switch
 * @init:   Before reading: what a missing field means, if not zeros. May be NULL
 * @count:  How many structs there are to be saved; NULL: one. 0: no field
 * @save:   Fill @n of them, which are zeros. Return: how many
 * @check:  Return: NULL, or what is wrong with what was read. May be NULL
 * @load:   Put them in force
 */
struct vsw_state_part {
	const char *name;
	struct fields_list list;
	uint32_t max;
	bool whole;
	void (*init)(void *items, uint32_t n);
	uint32_t (*count)(const struct vsw_state_of *of);
	uint32_t (*save)(const struct vsw_state_of *of, void *items, uint32_t n);
	const char *(*check)(const struct vsw_state_of *of, void *items, uint32_t n);
	void (*load)(const struct vsw_state_of *of, void *items, uint32_t n);
};

#define STATE_LIST(table, type)                                                  \
	{                                                                        \
		.fields = table, .n = HWNET_COUNT(table), .stride = sizeof(type) \
	}

/* struct vsw_state_held - a part that was read; @there: its field was */
struct vsw_state_held {
	void *items;
	uint32_t n;
	bool there;
};

/* struct vsw_state_record - all parts of a port, or of a switch, as they were read */
struct vsw_state_record {
	char id[VSW_NAME_MAX];
	uint16_t number;
	struct vsw_state_held held[STATE_PARTS];
};

unsigned vsw_state_parts(bool port, const struct vsw_state_part *parts[STATE_PARTS]);
const void *vsw_state_sibling(const struct vsw_state_of *of, const char *name, uint32_t *n);
void vsw_state_out(const struct vsw_state_of *of, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* state_left(), state_until() - A time, as what is left of it; 0: none, VSW_NEVER: never */
static inline int64_t state_left(const struct vsw_state_of *of, int64_t when)
{
	return when == 0 || when == VSW_NEVER ? when : when > of->now ? when - of->now : 1;
}

static inline int64_t state_until(const struct vsw_state_of *of, int64_t left, int64_t most)
{
	return left == 0 || left == VSW_NEVER ? left : of->now + (left < most ? left : most);
}

/* state_ago(), state_since() - A time that is past, as how long ago it was */
static inline int64_t state_ago(const struct vsw_state_of *of, int64_t when)
{
	return when < of->now ? of->now - when : 0;
}

static inline int64_t state_since(const struct vsw_state_of *of, int64_t ago)
{
	return of->now - (ago < STATE_LONG ? ago : STATE_LONG);
}

/* state_port() - Our number of a port that has a number there */
static inline uint16_t state_port(const struct vsw_state_of *of, uint16_t there)
{
	return there == VSW_UPLINK || !of->number ? there : of->number[there];
}

/* state_carries() - Does a port carry what is kept under a filtering id? */
static inline bool state_carries(const struct vsw_port *p, uint16_t fid)
{
	return p->fid == fid || vlan_bit(p->out_vlans, fid);
}

/* state_name() - A name as a number, to find again what a list has under it: FNV-1a, 64 bits */
static inline uint64_t state_name(const char *name)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (; *name; name++)
		h = (h ^ (uint8_t)*name) * UINT64_C(0x100000001b3);
	return h;
}

/* struct state_level - level of a bucket: what is still to be paid for, ns, and the rest */
struct state_level {
	int64_t left;
	uint64_t rest;
};

static inline struct state_level state_level(const struct vsw_state_of *of, const struct bucket *b)
{
	if (b->due < of->now)
		return (struct state_level) { 0 };
	return (struct state_level) { b->due - of->now, b->rest };
}

/* state_level_set() - Never more than a full bucket and @most units beyond */
static inline void state_level_set(const struct vsw_state_of *of, struct bucket *b,
				   const struct state_level *level, uint64_t most)
{
	int64_t full;

	if (!b->rate)
		return;
	full = b->depth + (int64_t)(most * UINT64_C(1000000000) / b->rate);
	b->due = of->now + (level->left < full ? level->left : full);
	b->rest = level->rest < b->rate ? level->rest : b->rate - 1;
}

/* STATE_MOST_BITS, STATE_MOST_FRAMES - Most that a bucket can be charged for one message */
#define STATE_MOST_BITS	  (UINT64_C(8) << 22)
#define STATE_MOST_FRAMES 65536u

#endif
