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

struct vsw_ruleset *vsw_rules_new(const struct vsw_rule *rule, unsigned n);
void vsw_rules_free(struct vsw_ruleset *rs);
const char *vsw_rules_check(const struct vsw_rule *rule, unsigned n);
bool vsw_rules_same(const struct vsw_ruleset *rs, const struct vsw_rule *rule, unsigned n);
uint32_t vsw_rules_direction(const struct vsw_ruleset *rs);
int vsw_rules_run(struct vsw_port *p, uint32_t direction, struct vsw_burst *b, unsigned i,
		  const struct pkt **pkt, struct pkt_buf *buf, int64_t now);

#endif
