/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finding ports, and asking what a switch and its ports were made with.
 *
 * Names are found by an index: places by a keyed sum of the name, each with a chain of ports.
 */
#include "core/find.h"

#include "core/siphash.h"

const char *vsw_name(const struct vsw *sw)
{
	return sw->name;
}

static unsigned place_of(const struct vsw *sw, const char *id, size_t len)
{
	uint64_t key[2] = { sw->seed, ~sw->seed }, word[VSW_NAME_MAX / 8] = { 0 };

	memcpy(word, id, len);
	return (unsigned)siphash(key, word, (unsigned)(len + 7) / 8) % VSW_NAMES;
}

struct vsw_port *vsw_port_find(const struct vsw *sw, const char *id)
{
	size_t len = strnlen(id, VSW_NAME_MAX);
	unsigned i = len < VSW_NAME_MAX ? sw->named[place_of(sw, id, len)] : 0;

	for (; i; i = sw->port[i]->next_named)
		if (!strcmp(sw->port[i]->id, id))
			return sw->port[i];
	return NULL;
}

/**
 * vsw_name_put() - Put a port in the index of names
 * @p: The port, in its place in the switch
 */
void vsw_name_put(struct vsw_port *p)
{
	uint16_t *at = &p->sw->named[place_of(p->sw, p->id, strlen(p->id))];

	p->next_named = *at;
	*at = p->number;
}

/**
 * vsw_name_remove() - Take a port out of the index of names
 * @p: The port, still in its place in the switch
 */
void vsw_name_remove(struct vsw_port *p)
{
	uint16_t *at = &p->sw->named[place_of(p->sw, p->id, strlen(p->id))];

	while (*at != p->number)
		at = &p->sw->port[*at]->next_named;
	*at = p->next_named;
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
