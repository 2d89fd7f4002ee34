/* SPDX-License-Identifier: BSD-2-Clause */
/* Asking a switch (vswitch/query.h) for its ports and its table of addresses. */
#include "vswitch/query.h"

#include "core/vsw.h"

void vsw_state(const struct vsw *sw, struct vsw_state *st)
{
	*st = (struct vsw_state) { .uplinks = sw->uplinks.n, .addresses = sw->fdb.entries };
	for (unsigned i = 1; i <= sw->last_port; i++)
		st->ports += sw->port[i] != NULL;
}

void vsw_port_state(const struct vsw_port *port, struct vsw_port_state *st)
{
	*st = (struct vsw_port_state) {
		.portgroup = port->portgroup,
		.vlan = port->conf_vlan,
		.uplink = port->is_uplink,
		.link = port->link_up,
		.shut = port->shut ? vsw_drop_name(port->shut_why) : NULL,
		.promiscuous = port->promiscuous,
		.leaves_by = port->uplink ? port->sw->port[port->uplink] : NULL,
	};
	mac_bytes(port->mac, st->mac);
}

/* Places that a piece of a walk may look at: up to where */
static uint32_t piece(uint64_t cursor, unsigned n, uint32_t places)
{
	uint64_t end = cursor + (uint64_t)n * VSW_WALK_PLACES;

	return end < places ? (uint32_t)end : places;
}

unsigned vsw_ports(const struct vsw *sw, uint64_t *cursor, struct vsw_port **port, unsigned n)
{
	uint32_t places = sw->last_port + 1u;
	uint32_t pos = *cursor < places ? (uint32_t)*cursor : places, end = piece(pos, n, places);
	unsigned found = 0;

	for (; pos < end && found < n; pos++)
		if (sw->port[pos])
			port[found++] = sw->port[pos];
	*cursor = pos < places ? pos : VSW_WALK_END;
	return found;
}

static void describe(const struct vsw *sw, uint64_t key, unsigned age, struct vsw_address *a)
{
	uint16_t fid = fdb_key_fid(key);

	mac_bytes(fdb_key_mac(key), a->mac);
	a->vlan = fid == FDB_ANY_VLAN ? VSW_VGT : fid;
	a->fixed = age == UINT32_MAX;
	a->idle = a->fixed ? 0 : (uint32_t)((uint64_t)age * sw->policy.ageing / FDB_LIFE);
}

unsigned vsw_addresses(const struct vsw *sw, uint64_t *cursor, struct vsw_address *address,
		       unsigned n)
{
	uint32_t places = fdb_places(&sw->fdb);
	uint32_t pos = *cursor < places ? (uint32_t)*cursor : places, end = piece(pos, n, places);
	unsigned found = 0, age;
	uint64_t key;
	uint16_t port;

	while (found < n && vsw_fdb_next(&sw->fdb, &pos, end, &key, &port, &age)) {
		address[found].port = port == VSW_UPLINK ? NULL : sw->port[port];
		describe(sw, key, age, &address[found++]);
	}
	*cursor = pos < places ? pos : VSW_WALK_END;
	return found;
}
