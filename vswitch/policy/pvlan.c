/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of private VLANs; what a port does with them is in vlan.c. */
#include "policy/row.h"

static const char *check(const struct vsw_switch_policy *sp)
{
	if (sp->n_pvlans > VSW_MAX_PVLANS)
		return "too many private VLANs";
	for (unsigned i = 0; i < sp->n_pvlans; i++) {
		const struct vsw_pvlan *a = &sp->pvlan[i];

		if (a->primary < 1 || a->primary > 4094 || a->secondary < 1 || a->secondary > 4094)
			return "private VLAN out of range (1 to 4094)";
		for (unsigned j = 0; j < sp->n_pvlans; j++) {
			if (i != j && sp->pvlan[j].secondary == a->secondary)
				return "secondary VLAN given twice";
			if (sp->pvlan[j].primary == a->secondary)
				return "VLAN is both primary and secondary";
		}
	}
	return NULL;
}

const struct vsw_policy_row vsw_policy_pvlan = {
	.name = "private VLANs",
	.check_switch = check,
};
