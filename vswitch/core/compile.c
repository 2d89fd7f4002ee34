/* SPDX-License-Identifier: BSD-2-Clause */
/* From policies and states to what the data path reads. Each policy does its part (policy/row.h);
 * what is done here is what follows from several. */
#include "core/compile.h"

#include "core/addrs.h"
#include "policy/row.h"

static void compile_port(struct vsw_port *p)
{
	p->in_special = p->link_up ? 0 : IN_LINK_DOWN;
	p->out_special = (p->out_special & OUT_QUEUED) | (p->link_up ? 0 : OUT_LINK_DOWN);
	p->in_rows = p->out_rows = 0;
	EACH_POLICY(n, compile_port)
		vsw_policies[n]->compile_port(p);
	if (p->shut) { /* still, after all policies */
		p->in_special |= IN_SHUT;
		p->out_special |= OUT_SHUT;
	}
	p->lookup_src = p->learning || p->strict || (p->is_uplink && p->sw->special & SW_RETURNS) ||
			(p->any_vlan && p->policy.team.notify);
	p->last_version = p->sw->fdb.version - 1;
	vsw_addrs_apply(p);
}

/**
 * vsw_switch_recompile() - Bring all policies and states into force
 * @sw: The switch
 */
void vsw_switch_recompile(struct vsw *sw)
{
	EACH_POLICY(n, compile_first)
		vsw_policies[n]->compile_first(sw);
	for (unsigned i = 1; i <= sw->last_port; i++)
		if (sw->port[i])
			compile_port(sw->port[i]);
	vsw_promiscuous_rebuild(sw);
	EACH_POLICY(n, compile)
		vsw_policies[n]->compile(sw);
}
