/* SPDX-License-Identifier: BSD-2-Clause */
/* The ports of a switch, gathered where it is called. */
#include "control/known.h"

#include <stdio.h>
#include <stdlib.h>

#include "control/state.h"
#include "vswitch/query.h"

#define PIECE 32u

static bool gather(void *arg)
{
	struct known_ports *a = arg;
	struct vsw_port *found[PIECE];
	unsigned n = vsw_ports(a->sw, &a->cursor, found, PIECE);

	for (unsigned i = 0; i < n && a->n < VSW_MAX_PORTS; i++) {
		struct known *k = &a->known[a->n++];
		struct vsw_port_state st;

		vsw_port_state(found[i], &st);
		k->port = found[i];
		snprintf(k->id, sizeof(k->id), "%s", vsw_port_id(found[i]));
		snprintf(k->portgroup, sizeof(k->portgroup), "%s", st.portgroup);
		k->uplink = st.uplink;
		k->vlan = st.vlan;
	}
	return a->cursor != VSW_WALK_END;
}

/**
 * vsw_known_ports() - Gather the ports of a switch
 * @ctl: Its control
 *
 * Return: the ports, for vsw_known_free(); NULL without memory.
 */
struct known_ports *vsw_known_ports(struct vsw_control *ctl)
{
	struct known_ports *a = calloc(1, sizeof(*a));
	int ret = 0;

	if (!a)
		return NULL;
	a->sw = ctl->sw;
	a->by_id = json_object();
	vsw_control_at_switch(ctl, gather, a);
	for (unsigned i = 0; i < a->n && ret == 0; i++)
		ret = json_object_set_new(a->by_id, a->known[i].id, json_integer(i));
	if (a->by_id && ret == 0)
		return a;
	vsw_known_free(a);
	return NULL;
}

/**
 * vsw_known_free() - Be done with them
 * @ports: The ports or NULL
 */
void vsw_known_free(struct known_ports *ports)
{
	if (ports)
		json_decref(ports->by_id);
	free(ports);
}

/**
 * vsw_known_find() - Look a port up
 * @ports: The ports
 * @id:    Its id
 *
 * Return: the port, or NULL.
 */
const struct known *vsw_known_find(const struct known_ports *ports, const char *id)
{
	const json_t *at = json_object_get(ports->by_id, id);

	return at ? &ports->known[json_integer_value(at)] : NULL;
}
