/* SPDX-License-Identifier: BSD-2-Clause */
/* What rules and mirror sessions have counted, and levels of limits, as parts of a saved state.
 * Each is found again by its name and place, since rules need not have a name. */
#include "policy/levels-state.h"
#include "policy/mirror.h"
#include "policy/rules.h"

/* struct rule - one of the list; @name: state_name() of its name; @action: what it does */
struct rule {
	uint64_t name, hits;
	struct state_level level;
	uint8_t action;
};

static const struct hwnet_field rule_fields[] = {
	HWNET_FIELD(struct rule, name),
	HWNET_FIELD(struct rule, hits),
	HWNET_FIELD_RANGE(struct rule, level.left, 0, STATE_LONG),
	HWNET_FIELD(struct rule, level.rest),
	HWNET_FIELD(struct rule, action),
};

static uint32_t rules_count(const struct vsw_state_of *of)
{
	return of->port->rules ? of->port->rules->n : 0;
}

static uint32_t rules_save(const struct vsw_state_of *of, void *items, uint32_t n)
{
	const struct vsw_ruleset *rs = of->port->rules;
	struct rule *r = items;

	for (uint32_t i = 0; i < n; i++)
		r[i] = (struct rule) { state_name(rs->rule[i].name), rs->state[i].hits,
				       state_level(of, &rs->state[i].limit),
				       (uint8_t)rs->rule[i].action };
	return n;
}

static bool is_rule(const struct vsw_ruleset *rs, uint32_t i, const struct rule *r)
{
	return rs && i < rs->n && state_name(rs->rule[i].name) == r->name &&
	       (uint8_t)rs->rule[i].action == r->action;
}

static void rules_load(const struct vsw_state_of *of, void *items, uint32_t n)
{
	struct vsw_ruleset *rs = of->port->rules;
	const struct rule *r = items;
	uint32_t others = 0;

	for (uint32_t i = 0; i < n; i++) {
		if (!is_rule(rs, i, &r[i])) {
			others++;
			continue;
		}
		rs->state[i].hits = r[i].hits;
		state_level_set(of, &rs->state[i].limit, &r[i].level, STATE_MOST_FRAMES);
	}
	if (others)
		vsw_state_out(of, "%u of %u rules are other ones here, which count from 0", others,
			      n);
}

static const struct vsw_state_part rules = {
	.name = "rules",
	.list = STATE_LIST(rule_fields, struct rule),
	.max = VSW_MAX_RULES,
	.count = rules_count,
	.save = rules_save,
	.load = rules_load,
};

/* struct session - a mirror session; @seen: frames, for sampling */
struct session {
	uint64_t name, copied, missed;
	uint32_t seen, sequence;
};

static const struct hwnet_field session_fields[] = {
	HWNET_FIELD(struct session, name),     HWNET_FIELD(struct session, copied),
	HWNET_FIELD(struct session, missed),   HWNET_FIELD(struct session, seen),
	HWNET_FIELD(struct session, sequence),
};

static uint32_t mirrors_count(const struct vsw_state_of *of)
{
	return of->sw->mirrors->n;
}

static uint32_t mirrors_save(const struct vsw_state_of *of, void *items, uint32_t n)
{
	struct session *s = items;

	for (uint32_t i = 0; i < n; i++) {
		const struct mirror_session *m = &of->sw->mirrors->session[i];

		s[i] = (struct session) { state_name(m->conf.name), m->copied, m->missed, m->count,
					  m->sequence };
	}
	return n;
}

static bool mirror_load(struct vsw_mirrors *all, const struct session *s)
{
	for (unsigned i = 0; i < all->n; i++) {
		struct mirror_session *m = &all->session[i];

		if (state_name(m->conf.name) != s->name)
			continue;
		m->copied = s->copied;
		m->missed = s->missed;
		m->count = s->seen;
		m->sequence = s->sequence;
		return true;
	}
	return false;
}

static void mirrors_load(const struct vsw_state_of *of, void *items, uint32_t n)
{
	const struct session *s = items;
	uint32_t others = 0;

	for (uint32_t i = 0; i < n; i++)
		others += !mirror_load(of->sw->mirrors, &s[i]);
	if (others)
		vsw_state_out(of, "%u of %u mirror sessions are not here", others, n);
}

static const struct vsw_state_part mirrors = {
	.name = "mirrors",
	.list = STATE_LIST(session_fields, struct session),
	.max = VSW_MAX_MIRRORS,
	.whole = true,
	.count = mirrors_count,
	.save = mirrors_save,
	.load = mirrors_load,
};

const struct vsw_state_part *const vsw_rules_state[] = { &rules, NULL };
const struct vsw_state_part *const vsw_mirror_state_parts[] = { &mirrors, NULL };
