/* SPDX-License-Identifier: BSD-2-Clause */
/* What the switch knows of the cards at its ports. */
#ifndef VSWITCH_ADDRS_H
#define VSWITCH_ADDRS_H

#include "core/vsw.h"

/* vsw_any_vlan() - An address that its card registered for all VLANs of its trunk port, if it
 * carries this one */
static inline struct fdb_ref vsw_any_vlan(const struct vsw *sw, uint64_t key, uint16_t vid)
{
	struct fdb_ref r = fdb_lookup_any_vlan(&sw->fdb, key);

	if (r.i >= 0 && !port_carries(sw->port[r.b->port[r.i]], vid))
		r.i = -1;
	return r;
}

void vsw_addrs_apply(struct vsw_port *p);
void vsw_addrs_take(struct vsw_port *p);
void vsw_addrs_gone(struct vsw_port *p);
void vsw_addrs_retry(struct vsw *sw);
void vsw_addrs_unmet(struct vsw_port *p, bool is);

#endif
