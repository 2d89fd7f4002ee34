/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ageing: learnt addresses that are not used are forgotten (fdb.h has the theory).
 */
#include "policy/levels-state.h"
#include "policy/row.h"
#include "core/due.h"

static void compile(struct vsw *sw)
{
	if (sw->due[DUE_POLICY + POLICY_AGEING] == VSW_NEVER)
		vsw_due_at(sw, DUE_POLICY + POLICY_AGEING, vsw_now(sw) + ageing_step(sw));
}

/* Steps that are due. After a long stop of the clock more than a whole life would only empty the
 * table again. */
static void age(struct vsw *sw, int64_t now)
{
	unsigned most = (FDB_LIFE + 2) * FDB_SWEEP_STEPS;
	int64_t due = sw->due[DUE_POLICY + POLICY_AGEING];

	while (due <= now && most--) {
		vsw_fdb_tick(&sw->fdb);
		due += ageing_step(sw);
	}
	vsw_due_at(sw, DUE_POLICY + POLICY_AGEING, due <= now ? now + ageing_step(sw) : due);
}

static const struct vsw_value_row values[] = {
	{ "ageing", VSW_VALUE_NUMBER, SWITCH_VALUE(ageing), .min = 10, .max = 1000000,
	  .init = 300, /* 802.1Q-2018 table 8-6 */
	  .help = "seconds until an unused address is forgotten" },
	{ 0 }
};

const struct vsw_policy_row vsw_policy_ageing = {
	.name = "ageing",
	.switch_values = values,
	.compile = compile,
	.due = age,
	.switch_state = vsw_ageing_state,
};
