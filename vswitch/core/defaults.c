/* SPDX-License-Identifier: BSD-2-Clause */
/* Policies before anybody said anything, and the rows of all their values. */
#include <string.h>

#include "policy/row.h"

static const struct vsw_value_row none[] = { { 0 } };

const struct vsw_value_row *vsw_schema_port(unsigned policy)
{
	if (policy >= VSW_POLICIES)
		return NULL;
	return vsw_policies[policy]->port_values ? vsw_policies[policy]->port_values : none;
}

const struct vsw_value_row *vsw_schema_switch(unsigned policy)
{
	if (policy >= VSW_POLICIES)
		return NULL;
	return vsw_policies[policy]->switch_values ? vsw_policies[policy]->switch_values : none;
}

void vsw_policy_init(struct vsw_policy *p, bool uplink)
{
	memset(p, 0, sizeof(*p));
	for (unsigned n = 0; n < VSW_POLICIES; n++)
		vsw_values_init(vsw_schema_port(n), p);
	EACH_POLICY(n, init_port)
		vsw_policies[n]->init_port(p, uplink);
}

void vsw_switch_policy_init(struct vsw_switch_policy *p)
{
	memset(p, 0, sizeof(*p));
	for (unsigned n = 0; n < VSW_POLICIES; n++)
		vsw_values_init(vsw_schema_switch(n), p);
}
