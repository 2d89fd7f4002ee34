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

/* What ports may and are; those that came are to be asked */
static void look_at_ports(struct vsw *sw)
{
	struct vsw_mcast *m = sw->mcast;
	struct mcast_ports was = m->open;

	m->fixed = m->guarded = m->open = (struct mcast_ports) { { 0 } };
	for (uint16_t i = 1; i <= sw->last_port; i++) {
		const struct vsw_port *p = sw->port[i];

		if (!p)
			continue;
		if (!(p->out_special & OUT_CLOSED))
			ports_add(&m->open, i);
		if (p->policy.security.multicast_router == VSW_ROUTER_STATIC)
			ports_add(&m->fixed, i);
		if (p->policy.security.multicast_router == VSW_ROUTER_REJECT)
			ports_add(&m->guarded, i);
	}
	vsw_mcast_forget_routers(m, &m->guarded);
	for (unsigned i = 0; i < MCAST_WORDS; i++) {
		m->fresh.word[i] =
			(m->fresh.word[i] | (m->open.word[i] & ~was.word[i])) & m->open.word[i];
		if (m->fresh.word[i] && !m->greet_at)
			m->greet_at = m->clock + MCAST_BATCH;
	}
}

/**
 * vsw_mcast_compile() - Snooping is on: ports, links or the querier's policy changed
 * @sw: The switch
 */
void vsw_mcast_compile(struct vsw *sw)
{
	struct vsw_mcast *m = sw->mcast;

	look_at_clock(sw);
	look_at_ports(sw);
	vsw_mcast_time(sw);
	if (vsw_mcast_own_configure(sw)) {
		m->fresh = (struct mcast_ports) { { 0 } };
		m->greet_at = 0;
		vsw_due_at(sw, DUE_SNOOP, m->clock);
	}
	if (m->greet_at)
		vsw_mcast_soon(sw);
}
