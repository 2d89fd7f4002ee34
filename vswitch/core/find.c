/* SPDX-License-Identifier: BSD-2-Clause */
/* Finding ports, and asking what a switch and its ports were made with. */
#include "core/vsw.h"

const char *vsw_name(const struct vsw *sw)
{
	return sw->name;
}

struct vsw_port *vsw_port_find(const struct vsw *sw, const char *id)
{
	for (unsigned i = 1; i <= sw->last_port; i++)
		if (sw->port[i] && !strcmp(sw->port[i]->id, id))
			return sw->port[i];
	return NULL;
}

struct vsw_port *vsw_port_next(const struct vsw *sw, const struct vsw_port *port)
{
	for (unsigned i = port ? port->number + 1u : 1; i <= sw->last_port; i++)
		if (sw->port[i])
			return sw->port[i];
	return NULL;
}

const char *vsw_port_id(const struct vsw_port *port)
{
	return port->id;
}

const struct vsw_policy *vsw_port_policy(const struct vsw_port *port)
{
	return &port->policy;
}

const struct vsw_switch_policy *vsw_switch_policy(const struct vsw *sw)
{
	return &sw->policy;
}
