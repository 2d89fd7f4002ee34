/* SPDX-License-Identifier: BSD-2-Clause */
/* The switch as a whole: making it, its deadlines, its events, asking it. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "policy/mcast.h"
#include "policy/mirror.h"
#include "queue.h"
#include "policy/rules.h"
#include "txn.h"
#include "vsw.h"

#define DEFAULT_ADDRESSES 16384u
#define MAX_ADDRESSES	  (16u << 20)

/**
 * vsw_fail() - Say what was wrong
 * @err:    Where to
 * @errlen: Room
 * @fmt:    As printf
 *
 * Return: -1, always.
 */
int vsw_fail(char *err, size_t errlen, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (err && errlen)
		vsnprintf(err, errlen, fmt, ap);
	va_end(ap);
	return -1;
}

static int64_t age_step(const struct vsw *sw)
{
	return (int64_t)sw->policy.ageing * NS_PER_S / (FDB_LIFE * FDB_SWEEP_STEPS);
}

static int first_vlans(struct vsw *sw)
{
	struct vsw_txn *txn = vsw_txn_new(sw);

	if (!txn)
		return -1;
	if (vsw_txn_prepare(txn, NULL, 0) < 0) {
		vsw_txn_abort(txn);
		return -1;
	}
	vsw_txn_commit(txn);
	return 0;
}

struct vsw *vsw_new(const struct vsw_conf *conf, char *err, size_t errlen)
{
	uint32_t addresses = conf->addresses ? conf->addresses : DEFAULT_ADDRESSES;
	struct vsw *sw;

	if (addresses > MAX_ADDRESSES) {
		vsw_fail(err, errlen, "more than %u addresses", MAX_ADDRESSES);
		return NULL;
	}
	sw = calloc(1, sizeof(*sw));
	if (!sw)
		goto nomem;
	sw->host = conf->host;
	sw->opaque = conf->opaque;
	sw->seed = conf->seed;
	sw->wished = VSW_NEVER;
	for (unsigned i = 0; i < DUE_COUNT; i++)
		sw->due[i] = VSW_NEVER;
	snprintf(sw->name, sizeof(sw->name), "%s", conf->name ? conf->name : "");
	if (!sw->seed && getrandom(&sw->seed, sizeof(sw->seed), 0) != sizeof(sw->seed)) {
		vsw_fail(err, errlen, "no random numbers");
		free(sw);
		return NULL;
	}
	vsw_switch_policy_init(&sw->policy);
	sw->mcast = vsw_mcast_new();
	if (sw->mcast && fdb_init(&sw->fdb, addresses, VSW_MAX_PORTS + 1, sw->seed) == 0 &&
	    first_vlans(sw) == 0) {
		vsw_due_at(sw, DUE_AGE, sw->host->now(sw->opaque) + age_step(sw));
		return sw;
	}
	vsw_free(sw);
nomem:
	vsw_fail(err, errlen, "out of memory");
	return NULL;
}

void vsw_free(struct vsw *sw)
{
	if (!sw)
		return;
	for (unsigned pass = 0; pass < 2;
	     pass++) /* uplinks last, or the others would be announced */
		for (unsigned i = 1; i <= sw->last_port; i++)
			if (sw->port[i] && (pass || !sw->port[i]->is_uplink))
				vsw_port_remove(sw->port[i]);
	for (unsigned i = 0; i < DUE_COUNT; i++)
		vsw_due_at(sw, (enum vsw_due)i, VSW_NEVER);
	vsw_vlans_free(sw->vlans);
	free(sw->mcast);
	free(sw->mirrors);
	fdb_fini(&sw->fdb);
	free(sw);
}

const char *vsw_name(const struct vsw *sw)
{
	return sw->name;
}

/**
 * vsw_due_at() - Set a deadline; the host hears of it if it is the nearest
 * @sw:    The switch
 * @which: Which
 * @when:  When; VSW_NEVER: not at all
 */
void vsw_due_at(struct vsw *sw, enum vsw_due which, int64_t when)
{
	int64_t nearest = VSW_NEVER;

	sw->due[which] = when;
	for (unsigned i = 0; i < DUE_COUNT; i++)
		if (sw->due[i] < nearest)
			nearest = sw->due[i];
	if (nearest == sw->wished || sw->in_timer)
		return;
	sw->wished = nearest;
	sw->host->timer(sw->opaque, nearest);
}

/* Steps that are due. After a long stop of the clock more than a whole life would only empty the
 * table again. */
static void age(struct vsw *sw, int64_t now)
{
	unsigned most = (FDB_LIFE + 2) * FDB_SWEEP_STEPS;

	while (sw->due[DUE_AGE] <= now && most--) {
		fdb_tick(&sw->fdb);
		sw->due[DUE_AGE] += age_step(sw);
	}
	if (sw->due[DUE_AGE] <= now)
		sw->due[DUE_AGE] = now + age_step(sw);
}

void vsw_timer(struct vsw *sw)
{
	int64_t now = sw->host->now(sw->opaque);

	if (sw->busy)
		return;
	sw->in_timer = true;
	if (sw->due[DUE_AGE] <= now)
		age(sw, now);
	if (sw->due[DUE_BEACON] <= now)
		vsw_beacons_run(sw, now);
	if (sw->due[DUE_LOAD] <= now)
		vsw_teams_balance(sw, now);
	if (sw->due[DUE_MCAST] <= now)
		vsw_mcast_run(sw, now);
	if (sw->due[DUE_QUEUE] <= now)
		vsw_queues_due(sw, now);
	if (sw->due[DUE_INPUT] <= now)
		vsw_ports_notify(sw, now);
	if (sw->due[DUE_CONTROL] <= now) {
		sw->due[DUE_CONTROL] = VSW_NEVER;
		sw->control_due(sw->control);
	}
	sw->in_timer = false;
	sw->wished =
		VSW_NEVER; /* the host's timer has run out: whatever is wanted next must be said */
	vsw_due_at(sw, DUE_AGE, sw->due[DUE_AGE]);
}

/* A rule's copies go to the session of that name, if there is one */
static void name_rule_mirrors(struct vsw *sw, struct vsw_port *p)
{
	for (unsigned i = 0; p->rules && i < p->rules->n; i++)
		if (p->rules->rule[i].action == VSW_RULE_MIRROR)
			p->rules->state[i].mirror = vsw_mirror_bit(sw, p->rules->rule[i].mirror);
}

/**
 * vsw_switch_recompile() - Bring all policies and states into force
 * @sw: The switch
 */
void vsw_switch_recompile(struct vsw *sw)
{
	sw->max_len = sw->policy.mtu + 14;
	sw->special = sw->policy.vepa ? sw->special | SW_VEPA : sw->special & ~(uint32_t)SW_VEPA;
	vsw_mirrors_compile(sw);
	vsw_uplinks_count(sw);
	for (unsigned i = 1; i <= sw->last_port; i++)
		if (sw->port[i]) {
			vsw_port_recompile(sw->port[i]);
			name_rule_mirrors(sw, sw->port[i]);
		}
	vsw_promiscuous_rebuild(sw);
	vsw_teams_compile(sw);
	vsw_beacons_compile(sw);
	vsw_mcast_compile(sw);
}

/**
 * vsw_tell() - Report an event, at most one a second of a kind and port
 * @sw:   The switch
 * @kind: What
 * @port: About whom, or NULL
 * @mac:  Address, or 0
 * @vlan: Its VLAN
 * @fmt:  Text, as printf
 */
void vsw_tell(struct vsw *sw, enum vsw_event_kind kind, struct vsw_port *port, uint64_t mac,
	      uint16_t vlan, const char *fmt, ...)
{
	struct vsw_event ev = { .kind = kind, .port = port, .vlan = vlan };
	char text[160];
	va_list ap;

	if (!sw->host->event && !sw->control_event)
		return;
	if (port && kind != VSW_EVENT_LINK) {
		int64_t now = sw->host->now(sw->opaque);

		if (port->event_at[kind] && now - port->event_at[kind] < NS_PER_S)
			return;
		port->event_at[kind] = now ? now : 1;
	}
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	mac_bytes(mac, ev.mac);
	ev.text = text;
	if (sw->host->event)
		sw->host->event(sw->opaque, &ev);
	if (sw->control_event)
		sw->control_event(sw->control, &ev);
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
