/* SPDX-License-Identifier: BSD-2-Clause */
/* Traffic rules of a port, with their state. */
#ifndef VSWITCH_RULES_H
#define VSWITCH_RULES_H

#include "core/vsw.h"

/* struct vsw_rule_state - what a rule counted, and its limit */
struct vsw_rule_state {
	uint64_t hits;
	struct bucket limit;
	uint16_t mirror; /* session, a bit */
};

struct vsw_ruleset {
	unsigned n;
	uint32_t direction; /* of any rule */
	struct vsw_rule_state *state;
	struct vsw_rule rule[];
};

#endif
