/* SPDX-License-Identifier: BSD-2-Clause */
/* Managing a switch (vswitch/manage.h): its manager, and acts on its table of addresses. */
#include "vswitch/manage.h"

#include "core/addrs.h"
#include "core/vsw.h"
#include "vswitch/fail.h"

void vsw_manage(struct vsw *sw, const struct vsw_manager *manager, void *opaque)
{
	sw->manager = manager;
	sw->manager_opaque = opaque;
}

void vsw_report(struct vsw *sw, const struct vsw_event *ev)
{
	if (sw->host->event)
		sw->host->event(sw->opaque, ev);
	if (sw->manager && sw->manager->event)
		sw->manager->event(sw->manager_opaque, ev);
}

static uint64_t key_of(const struct vsw *sw, uint16_t vlan, const uint8_t *mac)
{
	return fdb_key(sw->vlan[vlan].fid, mac_number(mac));
}

int vsw_address_add(struct vsw_port *port, uint16_t vlan, const uint8_t *mac, char *err,
		    size_t errlen)
{
	struct vsw *sw = port->sw;

	if (mac_is_group(mac_number(mac)))
		return vsw_fail(err, errlen, "a static address is a group address");
	if (vlan > 4094)
		return vsw_fail(err, errlen, "VLAN out of range (0 to 4094)");
	if (!vsw_fdb_set_static(&sw->fdb, key_of(sw, vlan, mac), port->fdb_port))
		return vsw_fail(err, errlen,
				"the address is entered for another port, or there is no room");
	return 0;
}

int vsw_address_remove(struct vsw *sw, uint16_t vlan, const uint8_t *mac)
{
	struct fdb_ref r = { .i = -1 };
	uint64_t key;

	if (vlan > 4094)
		return -1;
	key = key_of(sw, vlan, mac);
	r = fdb_lookup(&sw->fdb, key, fdb_hash(&sw->fdb, key));
	if (r.i < 0)
		return -1;
	if (fdb_age(r) == FDB_STATIC && r.b->port[r.i] != VSW_UPLINK) {
		vsw_addrs_unmet(sw->port[r.b->port[r.i]], true); /* its card may claim it anew */
		sw->freed = true;
	}
	vsw_fdb_remove(&sw->fdb, key);
	return 0;
}

void vsw_addresses_flush(struct vsw *sw)
{
	vsw_fdb_flush_learnt(&sw->fdb);
}

void vsw_port_flush(struct vsw_port *port)
{
	vsw_fdb_flush_port(&port->sw->fdb, port->fdb_port, false);
}
