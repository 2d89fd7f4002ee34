/* SPDX-License-Identifier: BSD-2-Clause */
/* From policies and states to what the data path reads. Each policy does its part (policy/row.h);
 * what is done here is what follows from several. */
#include "core/compile.h"

#include "core/addrs.h"
#include "policy/row.h"

/* Are sources of frames from a port looked up? */
static void arrange_lookup(struct vsw_port *p)
{
	p->lookup_src = p->learning || p->strict || (p->is_uplink && p->sw->special & SW_RETURNS) ||
			(p->any_vlan && p->policy.team.notify);
	p->last_version = p->sw->fdb.version - 1;
}

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
	arrange_lookup(p);
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
	EACH_POLICY(n, compile)
		vsw_policies[n]->compile(sw);
	vsw_addrs_retry(sw);
}

/**
 * vsw_port_compile() - Bring a port's policy and state into force, as far as it alone is concerned;
 * vsw_port_compiled() or, for uplinks, vsw_uplinks_compiled() follows
 * @p: The port
 */
void vsw_port_compile(struct vsw_port *p)
{
	EACH_POLICY(n, compile_first_for)
		vsw_policies[n]->compile_first_for(p);
	compile_port(p);
}

/**
 * vsw_port_compiled() - What follows for the switch from a port that was compiled
 * @p: The port, no uplink
 */
void vsw_port_compiled(struct vsw_port *p)
{
	EACH_POLICY(n, compile_for)
		vsw_policies[n]->compile_for(p);
	vsw_addrs_retry(p->sw);
}

/**
 * vsw_uplinks_compiled() - What follows from uplinks that were compiled, or went
 * @sw: The switch
 */
void vsw_uplinks_compiled(struct vsw *sw)
{
	for (unsigned i = 0; i < sw->uplinks.n; i++)
		arrange_lookup(sw->port[sw->uplinks.port[i]]);
	EACH_POLICY(n, compile)
		vsw_policies[n]->compile(sw);
	vsw_addrs_retry(sw);
}

/**
 * vsw_port_recompile() - A port's link or state changed: bring that into force
 * @p: The port
 *
 * The switch is then as after vsw_switch_recompile().
 */
void vsw_port_recompile(struct vsw_port *p)
{
	vsw_port_compile(p);
	if (p->is_uplink)
		vsw_uplinks_compiled(p->sw);
	else
		vsw_port_compiled(p);
}
