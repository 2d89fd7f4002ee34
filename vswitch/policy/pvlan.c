/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of private VLANs; what a port does with them is in vlan.c. */
#include "policy/row.h"

static const char *wrong(const void *element)
{
	const struct vsw_pvlan *a = element;

	return !a->primary ? "primary: is missing" : !a->secondary ? "secondary: is missing" : NULL;
}

static const char *check(const struct vsw_switch_policy *sp)
{
	for (unsigned i = 0; i < sp->n_pvlans; i++) {
		const struct vsw_pvlan *a = &sp->pvlan[i];

		for (unsigned j = 0; j < sp->n_pvlans; j++) {
			if (i != j && sp->pvlan[j].secondary == a->secondary)
				return "private-vlans: a secondary VLAN is given twice";
			if (sp->pvlan[j].primary == a->secondary)
				return "private-vlans: a VLAN is both primary and secondary";
		}
	}
	return NULL;
}

static const char *const types[] = { "community", "isolated", NULL };

static const struct vsw_value_row pvlan[] = {
	{ "primary", VSW_VALUE_NUMBER, VALUE_IN(vsw_pvlan, primary), .min = 1,
	  .max = VALUE_VLAN_MAX, .missing = "primary or secondary is missing",
	  .help = "VLAN of the promiscuous ports" },
	{ "secondary", VSW_VALUE_NUMBER, VALUE_IN(vsw_pvlan, secondary), .min = 1,
	  .max = VALUE_VLAN_MAX, .missing = "primary or secondary is missing",
	  .help = "its own number" },
	{ "type", VSW_VALUE_WORD, VALUE_IN(vsw_pvlan, isolated), .words = types,
	  .help = "may its ports reach each other?" },
	{ 0 }
};

static const struct vsw_value_row values[] = { { "private-vlans", VSW_VALUE_LIST,
						 SWITCH_LIST(pvlan, n_pvlans), .sub = pvlan,
						 .wrong = wrong, .help = "secondary VLANs" },
					       { 0 } };

const struct vsw_policy_row vsw_policy_pvlan = {
	.name = "private VLANs",
	.no_state = "only what is said",
	.switch_values = values,
	.check_switch = check,
};
