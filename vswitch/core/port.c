/* SPDX-License-Identifier: BSD-2-Clause */
/* Ports: coming and going. */
#include "core/port.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/addrs.h"
#include "core/compile.h"
#include "core/event.h"
#include "core/find.h"
#include "core/share.h"
#include "vswitch/fail.h"
#include "policy/row.h"

static bool id_valid(const char *id)
{
	size_t len = id ? strlen(id) : 0;

	return len && len < VSW_NAME_MAX &&
	       strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:-") ==
		       len;
}

static uint16_t free_number(const struct vsw *sw)
{
	for (uint16_t i = 1; i <= VSW_MAX_PORTS; i++)
		if (!sw->port[i])
			return i;
	return 0;
}

/* Policy of a new port: of its group if it names one, then its own VLAN */
static int first_policy(struct vsw *sw, const struct vsw_port_conf *conf, struct vsw_policy *policy,
			char *err, size_t errlen)
{
	vsw_policy_init(policy, conf->uplink);
	if (sw->manager)
		return sw->manager->policy(sw->manager_opaque, conf, policy, err, errlen);
	if (conf->portgroup)
		return vsw_fail(err, errlen, "port '%s': no port group '%s'", conf->id,
				conf->portgroup);
	if (conf->vlan != VSW_VLAN_DEFAULT && vsw_policy_set_vlan(policy, conf->vlan) < 0)
		return vsw_fail(err, errlen, "port '%s': VLAN %d out of range (0 to 4095)",
				conf->id, conf->vlan);
	return 0;
}

static struct vsw_port *port_new(struct vsw *sw, const struct vsw_port_conf *conf,
				 const struct vsw_port_ops *ops, void *opaque)
{
	struct vsw_port *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->sw = sw;
	p->ops = ops;
	p->opaque = opaque;
	p->number = p->turn = free_number(sw);
	p->is_uplink = conf->uplink;
	p->fdb_port = conf->uplink ? VSW_UPLINK : p->number;
	p->takes = conf->caps;
	p->speed_mbps = conf->speed_mbps;
	p->conf_vlan = conf->vlan;
	p->link_up = true;
	p->queue_at = p->mac_change_at = VSW_NEVER;
	memcpy(p->permanent, conf->mac, 6);
	p->mac = mac_number(conf->mac);
	snprintf(p->id, sizeof(p->id), "%s", conf->id);
	snprintf(p->portgroup, sizeof(p->portgroup), "%s", conf->portgroup ? conf->portgroup : "");
	return p;
}

/* Bring the port's first policy into force. On failure the port is still in its place. */
static int enter(struct vsw_port *p, const struct vsw_policy *policy, char *err, size_t errlen)
{
	struct vsw_txn *txn = vsw_txn_new(p->sw);

	if (!txn)
		return vsw_fail(err, errlen, "out of memory");
	if (vsw_txn_port(txn, p, policy, err, errlen) < 0 ||
	    vsw_txn_prepare(txn, err, errlen) < 0) {
		vsw_txn_abort(txn);
		return -1;
	}
	vsw_txn_commit(txn);
	return 0;
}

static int conf_check(const struct vsw *sw, const struct vsw_port_conf *conf, char *err,
		      size_t errlen)
{
	if (!id_valid(conf->id))
		return vsw_fail(err, errlen, "port id '%s' is not 1 to %u of [A-Za-z0-9._:-]",
				conf->id ? conf->id : "", VSW_NAME_MAX - 1);
	if (vsw_port_find(sw, conf->id))
		return vsw_fail(err, errlen, "port '%s' exists already", conf->id);
	if (conf->mac[0] & 1)
		return vsw_fail(err, errlen, "port '%s': its address is a group address", conf->id);
	if (!free_number(sw))
		return vsw_fail(err, errlen, "port '%s': the switch has %u ports already", conf->id,
				VSW_MAX_PORTS);
	return 0;
}

struct vsw_port *vsw_port_add(struct vsw *sw, const struct vsw_port_conf *conf,
			      const struct vsw_port_ops *ops, void *opaque, char *err,
			      size_t errlen)
{
	struct vsw_policy *policy = calloc(1, sizeof(*policy));
	struct vsw_port *p = NULL;

	if (!policy) {
		vsw_fail(err, errlen, "out of memory");
		return NULL;
	}
	if (conf_check(sw, conf, err, errlen) < 0 ||
	    first_policy(sw, conf, policy, err, errlen) < 0)
		goto out;
	p = port_new(sw, conf, ops, opaque);
	if (!p) {
		vsw_fail(err, errlen, "out of memory");
		goto out;
	}
	sw->port[p->number] = p;
	if (p->number > sw->last_port)
		sw->last_port = p->number;
	vsw_share_wide(sw);
	vsw_name_put(p);
	if (enter(p, policy, err, errlen) < 0) {
		vsw_name_remove(p);
		sw->port[p->number] = NULL;
		free(p);
		p = NULL;
		goto out;
	}
	vsw_tell(sw, VSW_EVENT_PORT_ADDED, p, p->mac, 0, "port added");
out:
	free(policy);
	return p;
}

/**
 * vsw_port_forget() - Forget what was learnt from a port; from uplinks, which share it, when no
 * other one is left
 * @p: The port
 */
void vsw_port_forget(struct vsw_port *p)
{
	struct vsw *sw = p->sw;
	bool other = false;

	for (unsigned i = 0; p->is_uplink && i < sw->uplinks.n; i++) {
		const struct vsw_port *up = sw->port[sw->uplinks.port[i]];

		other |= up != p && up->link_up && !up->shut;
	}
	if (other)
		return;
	vsw_fdb_flush_port(&sw->fdb, p->fdb_port, false);
	EACH_POLICY(n, forget)
		vsw_policies[n]->forget(p);
}

void vsw_port_remove(struct vsw_port *p)
{
	struct vsw *sw;

	if (!p)
		return;
	sw = p->sw;
	vsw_tell(sw, VSW_EVENT_PORT_REMOVED, p, p->mac, 0, "port removed");
	vsw_addrs_gone(p);
	vsw_port_forget(p);
	if (!p->is_uplink) /* those entered by hand, too: the number will be another port's */
		vsw_fdb_flush_port(&sw->fdb, p->fdb_port, true);
	EACH_POLICY(n, gone)
		vsw_policies[n]->gone(p);
	vsw_name_remove(p);
	vsw_share_forget(p);
	sw->port[p->number] = NULL;
	if (p->is_uplink)
		vsw_uplinks_compiled(sw);
	else
		vsw_addrs_retry(sw);
	if (p->ops->close)
		p->ops->close(p->opaque);
	free(p);
}
