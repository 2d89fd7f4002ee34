/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The clock of snooping: what ends, what is to be sent, and a clock that jumps.
 *
 * The deadline is a second away at most as long as anything is known. A run that comes much later,
 * or a host's clock that went back (core/clock.c), means that a snapshot was loaded, or the host
 * slept.
 */
#include "policy/mcast-clock.h"

#include "core/due.h"
#include "policy/mcast-net.h"
#include "policy/querier.h"

#define DUE_SNOOP (DUE_POLICY + POLICY_MULTICAST)

static int64_t sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* The clock jumped: others are forgotten, and all hosts are asked anew */
static void lapse(struct vsw *sw, int64_t now)
{
	struct vsw_mcast *m = sw->mcast;

	vsw_mcast_shift(m, now - m->clock);
	m->clock = m->next_tick = now;
	for (int v6 = 0; v6 < 2; v6++)
		if (m->own[v6].net)
			vsw_mcast_own_restart(m, v6, ROBUSTNESS);
	if (m->greet_at)
		m->greet_at = now;
}

static void look_at_clock(struct vsw *sw)
{
	struct vsw_mcast *m = sw->mcast;
	int64_t now = vsw_now(sw);

	if (sw->clock_add != m->clock_add || now - m->clock > MCAST_LAPSE)
		lapse(sw, now);
	m->clock_add = sw->clock_add;
	m->clock = now;
}

/**
 * vsw_mcast_time() - Look at the clock before something is kept until later
 * @sw: The switch
 */
void vsw_mcast_time(struct vsw *sw)
{
	struct vsw_mcast *m = sw->mcast;

	look_at_clock(sw);
	if (sw->due[DUE_SNOOP] > m->clock + MCAST_TICK)
		vsw_due_at(sw, DUE_SNOOP, m->clock + MCAST_TICK);
}

/**
 * vsw_mcast_soon() - There is something to be sent
 * @sw: The switch
 */
void vsw_mcast_soon(struct vsw *sw)
{
	if (sw->due[DUE_SNOOP] > sw->mcast->clock + MCAST_BATCH)
		vsw_due_at(sw, DUE_SNOOP, sw->mcast->clock + MCAST_BATCH);
}

/**
 * vsw_mcast_run() - What is known ends, queries are sent
 * @sw: The switch
 */
void vsw_mcast_run(struct vsw *sw)
{
	struct vsw_mcast *m = sw->mcast;
	int64_t next;

	look_at_clock(sw);
	if (m->next_tick <= m->clock) {
		vsw_mcast_expire(m);
		m->next_tick = m->clock + MCAST_TICK;
	}
	next = m->n_nets ? m->next_tick : VSW_NEVER;
	for (int v6 = 0; v6 < 2; v6++)
		next = sooner(next, vsw_mcast_own_run(sw, v6));
	if (m->greet_at && m->greet_at <= m->clock)
		vsw_mcast_greet(sw);
	if (m->greet_at)
		next = sooner(next, m->greet_at);
	if (m->n_pending)
		next = sooner(next, vsw_mcast_ask_pending(sw));
	vsw_due_at(sw, DUE_SNOOP, next);
}

static void put(struct mcast_ports *set, uint16_t port, bool in)
{
	if (in)
		ports_add(set, port);
	else
		ports_del(set, port);
}

/* What a port may and is; one that came is to be asked */
static void look_at_port(struct vsw_mcast *m, const struct vsw_port *p)
{
	enum vsw_router router = p->policy.security.multicast_router;
	bool was = ports_has(&m->open, p->number), open = !(p->out_special & OUT_CLOSED);

	put(&m->open, p->number, open);
	put(&m->fixed, p->number, router == VSW_ROUTER_STATIC);
	put(&m->guarded, p->number, router == VSW_ROUTER_REJECT);
	put(&m->fresh, p->number, open && (!was || ports_has(&m->fresh, p->number)));
	if (ports_has(&m->fresh, p->number) && !m->greet_at)
		m->greet_at = m->clock + MCAST_BATCH;
}

/* The ports' part is done */
static void settle(struct vsw *sw)
{
	struct vsw_mcast *m = sw->mcast;

	vsw_mcast_time(sw);
	if (vsw_mcast_own_configure(sw)) {
		m->fresh = (struct mcast_ports) { { 0 } };
		m->greet_at = 0;
		vsw_due_at(sw, DUE_SNOOP, m->clock);
	}
	if (m->greet_at)
		vsw_mcast_soon(sw);
}

/**
 * vsw_mcast_compile_for() - Snooping is on: a port came, or its link or policy changed
 * @p: The port
 */
void vsw_mcast_compile_for(struct vsw_port *p)
{
	struct vsw_mcast *m = p->sw->mcast;
	struct mcast_ports one = { { 0 } };

	look_at_clock(p->sw);
	look_at_port(m, p);
	ports_add(&one, p->number);
	if (ports_has(&m->guarded, p->number))
		vsw_mcast_forget_routers(m, &one);
	settle(p->sw);
}

/**
 * vsw_mcast_gone() - A port goes
 * @p: The port
 */
void vsw_mcast_gone(struct vsw_port *p)
{
	struct vsw_mcast *m = p->sw->mcast;

	ports_del(&m->open, p->number);
	ports_del(&m->fixed, p->number);
	ports_del(&m->guarded, p->number);
	ports_del(&m->fresh, p->number);
}

/**
 * vsw_mcast_compile() - Snooping is on: ports, links or the querier's policy changed
 * @sw: The switch
 */
void vsw_mcast_compile(struct vsw *sw)
{
	struct vsw_mcast *m = sw->mcast;

	look_at_clock(sw);
	for (uint16_t i = 1; i <= sw->last_port; i++)
		if (sw->port[i])
			look_at_port(m, sw->port[i]);
	vsw_mcast_forget_routers(m, &m->guarded);
	settle(sw);
}
