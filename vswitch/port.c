/* SPDX-License-Identifier: BSD-2-Clause */
/* Ports: coming, going, state told by their owners, and the two entries of the data path. */
#include <stdio.h>
#include <stdlib.h>

#include "mcast.h"
#include "queue.h"
#include "rules.h"
#include "txn.h"
#include "vsw.h"

static bool id_valid(const char *id)
{
	size_t len = id ? strlen(id) : 0;

	return len && len < VSW_NAME_MAX &&
	       strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:-") == len;
}

static uint16_t free_number(const struct vsw *sw)
{
	for (uint16_t i = 1; i <= VSW_MAX_PORTS; i++)
		if (!sw->port[i])
			return i;
	return 0;
}

/* Policy of a new port: of its group if it names one, then its own VLAN */
static int first_policy(struct vsw *sw, const struct vsw_port_conf *conf, struct vsw_policy *policy, char *err,
			size_t errlen)
{
	vsw_policy_init(policy, conf->uplink);
	if (sw->resolve)
		return sw->resolve(sw->control, conf, policy, err, errlen);
	if (conf->portgroup)
		return vsw_fail(err, errlen, "port '%s': no port group '%s'", conf->id, conf->portgroup);
	if (conf->vlan != VSW_VLAN_DEFAULT && vsw_policy_set_vlan(policy, conf->vlan) < 0)
		return vsw_fail(err, errlen, "port '%s': VLAN %d out of range (0 to 4095)", conf->id, conf->vlan);
	return 0;
}

static struct vsw_port *port_new(struct vsw *sw, const struct vsw_port_conf *conf, const struct vsw_port_ops *ops,
				 void *opaque)
{
	struct vsw_port *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->sw = sw;
	p->ops = ops;
	p->opaque = opaque;
	p->number = free_number(sw);
	p->is_uplink = conf->uplink;
	p->fdb_port = conf->uplink ? VSW_UPLINK : p->number;
	p->takes = conf->caps;
	p->speed_mbps = conf->speed_mbps;
	p->conf_vlan = conf->vlan;
	p->link_up = true;
	p->queue_at = VSW_NEVER;
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
	if (vsw_txn_port(txn, p, policy, err, errlen) < 0 || vsw_txn_prepare(txn, err, errlen) < 0) {
		vsw_txn_abort(txn);
		return -1;
	}
	vsw_txn_commit(txn);
	return 0;
}

static int conf_check(const struct vsw *sw, const struct vsw_port_conf *conf, char *err, size_t errlen)
{
	if (!id_valid(conf->id))
		return vsw_fail(err, errlen, "port id '%s' is not 1 to %u of [A-Za-z0-9._:-]",
				conf->id ? conf->id : "", VSW_NAME_MAX - 1);
	if (vsw_port_find(sw, conf->id))
		return vsw_fail(err, errlen, "port '%s' exists already", conf->id);
	if (conf->mac[0] & 1)
		return vsw_fail(err, errlen, "port '%s': its address is a group address", conf->id);
	if (!free_number(sw))
		return vsw_fail(err, errlen, "port '%s': the switch has %u ports already", conf->id, VSW_MAX_PORTS);
	return 0;
}

struct vsw_port *vsw_port_add(struct vsw *sw, const struct vsw_port_conf *conf, const struct vsw_port_ops *ops,
			      void *opaque, char *err, size_t errlen)
{
	struct vsw_policy *policy = calloc(1, sizeof(*policy));
	struct vsw_port *p = NULL;

	if (!policy) {
		vsw_fail(err, errlen, "out of memory");
		return NULL;
	}
	if (conf_check(sw, conf, err, errlen) < 0 || first_policy(sw, conf, policy, err, errlen) < 0)
		goto out;
	p = port_new(sw, conf, ops, opaque);
	if (!p) {
		vsw_fail(err, errlen, "out of memory");
		goto out;
	}
	sw->port[p->number] = p;
	if (p->number > sw->last_port)
		sw->last_port = p->number;
	if (enter(p, policy, err, errlen) < 0) {
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

/* What was learnt from a port; from uplinks, which share it, when no other one is left */
static void forget(struct vsw_port *p)
{
	struct vsw *sw = p->sw;
	bool other = false;

	for (unsigned i = 1; p->is_uplink && i <= sw->last_port; i++)
		other |= sw->port[i] && sw->port[i] != p && sw->port[i]->is_uplink && sw->port[i]->link_up;
	if (other)
		return;
	fdb_flush_port(&sw->fdb, p->fdb_port, false);
	vsw_mcast_drop_port(sw->mcast, p->fdb_port);
}

void vsw_port_remove(struct vsw_port *p)
{
	struct vsw *sw;

	if (!p)
		return;
	sw = p->sw;
	vsw_tell(sw, VSW_EVENT_PORT_REMOVED, p, p->mac, 0, "port removed");
	vsw_addrs_withdraw(p);
	forget(p);
	vsw_vlans_drop_port(sw->vlans, p->number);
	sw->port[p->number] = NULL;
	vsw_switch_recompile(sw);
	if (p->ops->close)
		p->ops->close(p->opaque);
	vsw_queue_free(p->queue);
	vsw_rules_free(p->rules);
	free(p);
}

/**
 * vsw_port_recompile() - Bring a port's policy and state into what the data path reads
 * @p: The port
 */
void vsw_port_recompile(struct vsw_port *p)
{
	const struct vsw_policy *policy = &p->policy;
	uint32_t in = 0, out = p->out_special & OUT_QUEUED;

	if (policy->blocked) {
		in |= IN_BLOCKED;
		out |= OUT_BLOCKED;
	}
	if (!p->link_up) {
		in |= IN_LINK_DOWN;
		out |= OUT_LINK_DOWN;
	}
	p->in_special = in;
	p->out_special = out;
	p->learning = policy->mac.learning;
	p->strict = !policy->security.forged_transmits && !p->is_uplink;
	p->lookup_src = p->learning || p->strict || (p->is_uplink && p->sw->special & (SW_VEPA | SW_TEAM));
	p->reserved = policy->mac.reserved;
	p->reflective = policy->reflective;
	p->class = policy->class;
	p->last_version = p->sw->fdb.version - 1;
	vsw_vlan_compile(p);
	vsw_addrs_apply(p);
	vsw_shape_compile(p);
	vsw_police_compile(p);
	vsw_queue_classes(p->queue, p->sw->policy.class, p->is_uplink ? p->sw->policy.n_classes : 0, p->speed_mbps);
}

/* Frames that a port may not send now: counted and gone */
static void refuse(struct vsw_port *p, const struct pkt *const *pkts, unsigned n, enum vsw_drop why)
{
	for (unsigned i = 0; i < n; i++) {
		p->c.in.unicast.frames += wire_frames(pkts[i]);
		count_drop(p, why, wire_frames(pkts[i]));
	}
}

/* Frames the owner keeps until @when, or loses */
static unsigned hold(struct vsw_port *p, const struct pkt *const *pkts, unsigned n, int64_t when, enum vsw_drop why)
{
	if (!p->ops->input_ready) {
		refuse(p, pkts, n, why);
		return n;
	}
	p->c.held++;
	p->input_wanted = true;
	p->input_at = when;
	if (when < p->sw->due[DUE_INPUT])
		vsw_due_at(p->sw, DUE_INPUT, when);
	return 0;
}

static void input_bursts(struct vsw_port *p, const struct pkt *const *pkts, unsigned n)
{
	struct vsw *sw = p->sw;

	sw->busy = 1;
	for (unsigned done = 0; done < n; done += PKT_BURST)
		vsw_input_burst(p, pkts + done, n - done < PKT_BURST ? n - done : PKT_BURST);
	sw->busy = 0;
	if (unlikely(sw->want_any))
		vsw_settle(sw);
}

static unsigned input_special(struct vsw_port *p, const struct pkt *const *pkts, unsigned n)
{
	unsigned pass = n;

	if (p->in_special & IN_CLOSED) {
		refuse(p, pkts, n, p->in_special & IN_BLOCKED ? VSW_DROP_BLOCKED : VSW_DROP_LINK_DOWN);
		return n;
	}
	if (p->in_special & IN_SHAPED)
		pass = vsw_shape_in(p, pkts, n);
	if (pass)
		input_bursts(p, pkts, pass);
	if (pass < n)
		pass += hold(p, pkts + pass, n - pass, p->input_at, VSW_DROP_SHAPED);
	return pass;
}

unsigned vsw_port_input(struct vsw_port *p, const struct pkt *const *pkts, unsigned n)
{
	if (unlikely(p->sw->busy))
		return hold(p, pkts, n, vsw_now(p->sw), VSW_DROP_BUSY);
	if (unlikely(p->in_special))
		return input_special(p, pkts, n);
	input_bursts(p, pkts, n);
	return n;
}

static void run_queue(struct vsw_port *p)
{
	vsw_queue_ready(p);
	p->sw->busy = 1;
	vsw_queue_run(p);
	p->sw->busy = 0;
}

void vsw_port_ready(struct vsw_port *p)
{
	if (p->sw->busy) {
		p->want_ready = p->sw->want_any = true;
		return;
	}
	run_queue(p);
	if (p->sw->want_any)
		vsw_settle(p->sw);
}

void vsw_port_set_caps(struct vsw_port *p, uint32_t caps)
{
	p->takes = caps;
}

static void link_apply(struct vsw_port *p, bool up)
{
	if (p->link_up == up)
		return;
	p->link_up = up;
	if (!up) {
		forget(p);
		vsw_queue_flush(p, VSW_DROP_LINK_DOWN);
	}
	vsw_switch_recompile(p->sw);
	vsw_tell(p->sw, VSW_EVENT_LINK, p, p->mac, 0, up ? "link up" : "link down");
}

void vsw_port_set_link(struct vsw_port *p, bool up)
{
	if (p->sw->busy) {
		p->want_link = p->sw->want_any = true;
		p->next_link = up;
		return;
	}
	link_apply(p, up);
}

static void settle_port(struct vsw_port *p)
{
	if (p->want_link) {
		p->want_link = false;
		link_apply(p, p->next_link);
	}
	if (p->want_addrs) {
		p->want_addrs = false;
		vsw_addrs_take(p);
	}
	if (p->want_ready) {
		p->want_ready = false;
		run_queue(p);
	}
}

/**
 * vsw_settle() - Do what owners asked for from inside an operation
 * @sw: The switch, not busy
 *
 * One round: what is asked for in its course waits for vsw_timer(), so that no owner can keep the switch here.
 */
void vsw_settle(struct vsw *sw)
{
	sw->want_any = false;
	for (unsigned i = 1; i <= sw->last_port; i++)
		if (sw->port[i])
			settle_port(sw->port[i]);
	if (sw->want_any)
		vsw_due_at(sw, DUE_INPUT, sw->host->now(sw->opaque));
}

/**
 * vsw_ports_notify() - Tell owners whose input was refused that they may try again
 * @sw:  The switch, not busy
 * @now: The time
 */
void vsw_ports_notify(struct vsw *sw, int64_t now)
{
	int64_t next = VSW_NEVER;

	vsw_due_at(sw, DUE_INPUT, VSW_NEVER);
	for (unsigned i = 1; i <= sw->last_port; i++) {
		struct vsw_port *p = sw->port[i];

		if (!p || !p->input_wanted || p->input_at > now)
			continue;
		p->input_wanted = false;
		p->ops->input_ready(p->opaque);
	}
	if (sw->want_any)
		vsw_settle(sw);
	for (unsigned i = 1; i <= sw->last_port; i++)
		if (sw->port[i] && sw->port[i]->input_wanted && sw->port[i]->input_at < next)
			next = sw->port[i]->input_at;
	if (next < sw->due[DUE_INPUT])
		vsw_due_at(sw, DUE_INPUT, next);
}
