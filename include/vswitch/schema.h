/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The values of policies as rows: what each may be, what it is untold, and where it stands.
 *
 * DOC: Theory of Operation
 *
 * Every value of struct vsw_policy and of struct vsw_switch_policy that a configuration can set has
 * a row: its key, kind, place in the struct, range, initial value, and one line of help. The rows
 * are plain data, so that whoever reads, writes or describes policies does it by them: the JSON
 * document (vswitch/control.h), vsw_policy_init(), the checks of a transaction, the reference page.
 *
 * A key is a path: "queue.frames" is the member "frames" of the object "queue", which has a row of
 * its own. Each policy has its rows, in the order of vsw_schema_port() and vsw_schema_switch();
 * several may have members in one object.
 *
 * Elements of a list are structs of their own: @sub describes one, with places counted from its
 * beginning.
 *
 * Some values mean something only while a word beside them says so, as the VLANs of a trunk: @of is
 * that word's own name, @when has bit n if the value is used with word n. Elsewhere they are taken,
 * and not used.
 */
#ifndef VSWITCH_SCHEMA_H
#define VSWITCH_SCHEMA_H

#include "vswitch/policy.h"

/* enum vsw_value_kind - kinds of value. Those from VSW_VALUE_VLAN on are of one place each */
enum vsw_value_kind {
	VSW_VALUE_BOOL,	  /* true, false */
	VSW_VALUE_NUMBER, /* @min to @max, in an unsigned integer */
	VSW_VALUE_RATE, /* the same, things a second; may be written as vsw_text_rate() reads it */
	VSW_VALUE_US,	/* microseconds, @min to @max; in ns, in an int64_t */
	VSW_VALUE_WORD, /* one of @words: its number, plus @min, in an integer */
	VSW_VALUE_NAME, /* a string of less than @size characters */
	VSW_VALUE_OBJECT, /* holds values whose keys begin with its own and a dot; has no place */
	VSW_VALUE_LIST,	  /* @max elements of @sub at most; their number is at @count */
	VSW_VALUE_NAMES,  /* the same, of char[VSW_NAME_MAX] each */
	VSW_VALUE_MACS,	  /* the same, of uint8_t[6] each: stations' addresses */
	VSW_VALUE_MAC,	  /* uint8_t[6] */
	VSW_VALUE_IPV4,	  /* uint8_t[4]; its first byte is at most @max, or with 0 any */
	VSW_VALUE_IPV6,	  /* uint8_t[16], link-local or zeros */
	VSW_VALUE_BITS,	  /* numbers from 0 to @max, a bit each in an unsigned integer */
	VSW_VALUE_HEX,	  /* @min to @max, in an int; may be written in hexadecimal digits */
	VSW_VALUE_TPID,	  /* FRAME_TYPE_VLAN or FRAME_TYPE_QINQ */

	VSW_VALUE_VLAN,		/* VMware's VLAN number, or an object as of VSW_VALUE_OBJECT */
	VSW_VALUE_VLANS,	/* bitmap of VLANs */
	VSW_VALUE_CLASS,	/* number of a class of the switch, by its name */
	VSW_VALUE_RULES,	/* n_rules elements of @sub, @max at most, at a pointer */
	VSW_VALUE_RULE_MATCH,	/* what of a struct vsw_rule must hold */
	VSW_VALUE_MIRROR_PORTS, /* sources of a struct vsw_mirror */

	VSW_VALUE_POLICY,   /* an object of the values of vsw_schema_port(), told elsewhere whose */
	VSW_VALUE_POLICIES, /* an object of those, by name, with what else a port group has */
	VSW_VALUE_PORTS,    /* an object of those, by id, with what else a port has */
	VSW_VALUE_EDITOR,   /* a string that is for editors of the document, and not used */
	VSW_VALUE_KINDS
};

/* enum vsw_names - what a NAME, NAMES, or the keys of MIRROR_PORTS are names of */
enum vsw_names { VSW_NAMES_ITSELF, VSW_NAMES_PORT, VSW_NAMES_UPLINK, VSW_NAMES_MIRROR };

/**
 * struct vsw_value_row - A value
 * @key:     Its path; of an element of a list, its name. NULL ends an array of rows
 * @kind:    enum vsw_value_kind
 * @at:      Where it stands in struct vsw_policy, struct vsw_switch_policy, or the list's element
 * @size:    Its size; of a list, of one element
 * @count:   Lists: where the number of elements stands, an unsigned
 * @min: @max: Its range, as it is written. What is in an element may be its initial value, too
 * @init:    Its value if nothing is said, as it is written; a WORD's as it stands
 * @words:   WORD: the words, ended by NULL
 * @sub:     LIST, RULES: values of an element
 * @missing: In an element: what is wrong if it is not given; NULL: it need not be. A name must then
 *      not be empty
 * @of: @when: The word that it is used with, in the same object, and with which of its words; NULL:
 *      it is always used
 * @needed:  With @of and @missing: with which of its words it must be given, as @when
 * @names:   What it is a name of, so that one may lead nowhere
 * @wrong:   LIST, RULES: what is wrong with an element whose values are in their range, as "KEY:
 *      WHY", or NULL
 * @untold:  For people: what holds if nothing is said, where @init does not tell
 * @help:    One line for people
 */
struct vsw_value_row {
	const char *key;
	enum vsw_value_kind kind;
	uint32_t at, size, count;
	uint64_t min, max, init;
	const char *const *words;
	const struct vsw_value_row *sub;
	const char *missing;
	const char *of;
	uint32_t when, needed;
	const char *untold;
	enum vsw_names names;
	const char *(*wrong)(const void *element);
	const char *help;
};

/**
 * vsw_value_get() - A value of a struct
 * @row:  The value; BOOL, NUMBER, RATE, US, WORD, BITS, HEX, TPID, CLASS
 * @base: What @row's place counts from
 *
 * Return: the value as it stands.
 */
uint64_t vsw_value_get(const struct vsw_value_row *row, const void *base);

/**
 * vsw_value_set() - Set a value of a struct
 * @row:   The value, of the same kinds
 * @base:  What @row's place counts from
 * @value: The value as it stands
 */
void vsw_value_set(const struct vsw_value_row *row, void *base, uint64_t value);

/**
 * vsw_values_init() - Set all values of a struct to what they are untold
 * @rows: The values
 * @base: The struct, zeroed
 */
void vsw_values_init(const struct vsw_value_row *rows, void *base);

/**
 * vsw_schema_port() - Values of ports that a policy has
 * @policy: 0 and on
 *
 * Return: rows, ended by one without key, maybe none before it; NULL: there are no more policies.
 */
const struct vsw_value_row *vsw_schema_port(unsigned policy);

/**
 * vsw_schema_switch() - Values of the switch that a policy has
 * @policy: 0 and on
 *
 * Return: as vsw_schema_port().
 */
const struct vsw_value_row *vsw_schema_switch(unsigned policy);

#endif
