/* SPDX-License-Identifier: BSD-2-Clause */
/* What traffic rules match, in the configuration document. */
#ifndef VSWITCH_RULE_VALUES_H
#define VSWITCH_RULE_VALUES_H

#include "control/json.h"
#include "vswitch/schema.h"
#include "vswitch/text.h"

/* enum vsw_match_kind - how what a rule looks at is written */
enum vsw_match_kind {
	VSW_MATCH_OF_MAC,    /* ADDRESS, or ADDRESS/MASK */
	VSW_MATCH_OF_NUMBER, /* a number to @max, or one of @names */
	VSW_MATCH_OF_IP,     /* ADDRESS, or ADDRESS/BITS */
	VSW_MATCH_OF_PORTS,  /* a number to @max, or "FROM-TO" */
	VSW_MATCH_OF_FLAGS,  /* letters of VSW_TCP_FLAGS, each once, maybe behind a ! */
	VSW_MATCH_OF_WORD,   /* one of @names */
};

/* VSW_TCP_FLAGS - Flags of TCP, from bit 0 */
#define VSW_TCP_FLAGS "FSRPAUEC"

/*
 * struct vsw_match_row - what a rule may look at
 * @key:   Its key in "match"; "not-" before it negates
 * @bit:   enum vsw_rule_match
 * @kind:  How it is written
 * @names: Names that stand for numbers, ended by one that is NULL
 * @max:   Highest number
 * @help:  One line for people
 */
struct vsw_match_row {
	const char *key;
	uint32_t bit;
	enum vsw_match_kind kind;
	const struct vsw_text_name *names;
	unsigned max;
	const char *help;
};

/* vsw_match_rows - ended by one without key */
extern const struct vsw_match_row vsw_match_rows[];

int vsw_read_rule_match(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *row,
			void *base);

#endif
