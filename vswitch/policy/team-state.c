/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Teams, beacons and ageing as parts of a saved state: which uplinks ports use, which of them are
 * heard, and when it is looked at next. All of it is of a switch that is taken over; a port that
 * moves to another switch gets a team of its own there.
 */
#include "core/due.h"
#include "policy/levels-state.h"
#include "policy/row.h"
#include "policy/team.h"

/*
 * struct member - a port's team
 * @turn: Its number for the choice of an uplink
 * @uplink: The one its frames leave by, by number; 0: none
 * @n: @up: In use, in order
 * @n_told: @told: Where its addresses were announced last
 * @announce: Rounds of that still to come
 * @load_bytes: What it had carried at the last look at loads
 */
struct member {
	uint16_t turn, uplink;
	uint8_t n, n_told, announce;
	uint16_t up[VSW_TEAM_MAX], told[VSW_TEAM_MAX];
	uint64_t load_bytes;
};

static const struct hwnet_field member_fields[] = {
	HWNET_FIELD_RANGE(struct member, turn, 0, UINT16_MAX - 1),
	HWNET_FIELD_RANGE(struct member, uplink, 0, UINT16_MAX - 1),
	HWNET_FIELD_RANGE(struct member, n, 0, VSW_TEAM_MAX),
	HWNET_FIELD_RANGE(struct member, n_told, 0, VSW_TEAM_MAX),
	HWNET_FIELD_RANGE(struct member, announce, 0, NOTIFY_ROUNDS),
	HWNET_FIELD_ARRAY_RANGE(struct member, up, 0, UINT16_MAX - 1),
	HWNET_FIELD_ARRAY(struct member, told),
	HWNET_FIELD(struct member, load_bytes),
};

static uint32_t member_save(const struct vsw_state_of *of, void *items, uint32_t n)
{
	const struct vsw_port *p = of->port;
	struct member *m = items;

	m->turn = p->turn;
	m->uplink = p->uplink;
	m->n = (uint8_t)p->team.n;
	m->n_told = (uint8_t)p->told.n;
	m->announce = p->announce;
	memcpy(m->up, p->team.up, sizeof(m->up));
	memcpy(m->told, p->told.up, sizeof(m->told));
	m->load_bytes = p->load_bytes;
	return 1;
}

static uint16_t uplink(const struct vsw_state_of *of, uint16_t there)
{
	uint16_t n = there == STATE_GONE ? STATE_GONE : state_port(of, there);

	return n && n != STATE_GONE && of->sw->port[n]->is_uplink ? n : 0;
}

static void member_load(const struct vsw_state_of *of, void *items, uint32_t n)
{
	struct vsw_port *p = of->port;
	const struct member *m = items;

	p->turn = m->turn;
	p->load_bytes = m->load_bytes;
	if (p->is_uplink)
		return;
	p->uplink = uplink(of, m->uplink);
	p->team.n = p->told.n = 0;
	for (unsigned i = 0; i < m->n; i++)
		if (uplink(of, m->up[i]))
			p->team.up[p->team.n++] = uplink(of, m->up[i]);
	for (unsigned i = 0; i < m->n_told; i++)
		p->told.up[p->told.n++] = uplink(of, m->told[i]) ?: UINT16_MAX;
	memset(p->team.up + p->team.n, 0, sizeof(p->team.up[0]) * (VSW_TEAM_MAX - p->team.n));
	memset(p->told.up + p->told.n, 0, sizeof(p->told.up[0]) * (VSW_TEAM_MAX - p->told.n));
	p->announce = m->announce;
	if (p->announce)
		vsw_due_at(of->sw, DUE_POLICY + POLICY_NOTIFY, of->now);
}

static const struct vsw_state_part member = {
	.name = "team",
	.list = STATE_LIST(member_fields, struct member),
	.whole = true,
	.save = member_save,
	.load = member_load,
};

/* struct deadline - when something that comes again and again comes next */
struct deadline {
	int64_t left;
};

static const struct hwnet_field deadline_fields[] = {
	HWNET_FIELD(struct deadline, left),
};

static const char *deadline_check(const struct vsw_state_of *of, void *items, uint32_t n)
{
	return ((const struct deadline *)items)->left < 0 ? "left: is negative" : NULL;
}

static uint32_t deadline_save(const struct vsw_state_of *of, void *items, unsigned policy)
{
	((struct deadline *)items)->left = state_left(of, of->sw->due[DUE_POLICY + policy]);
	return 1;
}

/* Only if there is one here, too. @period: how far away it is at most */
static void deadline_load(const struct vsw_state_of *of, const void *items, unsigned policy,
			  int64_t period)
{
	int64_t left = ((const struct deadline *)items)->left;

	if (of->sw->due[DUE_POLICY + policy] != VSW_NEVER)
		vsw_due_at(of->sw, DUE_POLICY + policy, of->now + (left < period ? left : period));
}

#define DEADLINE(part, name_, policy, period)                                               \
	static uint32_t part##_save(const struct vsw_state_of *of, void *items, uint32_t n) \
	{                                                                                   \
		return deadline_save(of, items, policy);                                    \
	}                                                                                   \
	static void part##_load(const struct vsw_state_of *of, void *items, uint32_t n)     \
	{                                                                                   \
		deadline_load(of, items, policy, period);                                   \
	}                                                                                   \
	static const struct vsw_state_part part = {                                         \
		.name = name_,                                                              \
		.list = STATE_LIST(deadline_fields, struct deadline),                       \
		.whole = true,                                                              \
		.save = part##_save,                                                        \
		.check = deadline_check,                                                    \
		.load = part##_load,                                                        \
	}

DEADLINE(balance, "balance-due", POLICY_TEAM, LOAD_PERIOD);
DEADLINE(ageing, "ageing-due", POLICY_AGEING, ageing_step(of->sw));
DEADLINE(beacon_due, "beacon-due", POLICY_BEACON, (int64_t)of->sw->policy.beacon * 1000000);

/* struct heard - an uplink; @ago: when a beacon was last heard from it or there, ns */
struct heard {
	bool lost;
	int64_t ago;
};

static const struct hwnet_field heard_fields[] = {
	HWNET_FIELD_BOOL(struct heard, lost),
	HWNET_FIELD_RANGE(struct heard, ago, 0, STATE_LONG),
};

static uint32_t heard_count(const struct vsw_state_of *of)
{
	return of->port->is_uplink;
}

static uint32_t heard_save(const struct vsw_state_of *of, void *items, uint32_t n)
{
	*(struct heard *)items =
		(struct heard) { of->port->beacon_lost, state_ago(of, of->port->beacon_heard) };
	return 1;
}

static void heard_load(const struct vsw_state_of *of, void *items, uint32_t n)
{
	const struct heard *h = items;

	if (!of->port->is_uplink)
		return;
	of->port->beacon_lost = h->lost;
	of->port->beacon_heard = state_since(of, h->ago);
}

static const struct vsw_state_part heard = {
	.name = "beacon",
	.list = STATE_LIST(heard_fields, struct heard),
	.whole = true,
	.count = heard_count,
	.save = heard_save,
	.load = heard_load,
};

/* struct beacons - how ours are known */
struct beacons {
	uint64_t mark[2];
	uint32_t sequence;
};

static const struct hwnet_field beacons_fields[] = {
	HWNET_FIELD_ARRAY(struct beacons, mark),
	HWNET_FIELD(struct beacons, sequence),
};

static uint32_t beacons_save(const struct vsw_state_of *of, void *items, uint32_t n)
{
	struct beacons *b = items;

	memcpy(b->mark, of->sw->mark, sizeof(b->mark));
	b->sequence = of->sw->beacon_sequence;
	return 1;
}

static void beacons_load(const struct vsw_state_of *of, void *items, uint32_t n)
{
	const struct beacons *b = items;

	memcpy(of->sw->mark, b->mark, sizeof(b->mark));
	of->sw->beacon_sequence = b->sequence;
}

static const struct vsw_state_part beacons = {
	.name = "beacons",
	.list = STATE_LIST(beacons_fields, struct beacons),
	.whole = true,
	.save = beacons_save,
	.load = beacons_load,
};

const struct vsw_state_part *const vsw_team_state[] = { &member, NULL };
const struct vsw_state_part *const vsw_team_switch_state[] = { &balance, NULL };
const struct vsw_state_part *const vsw_beacon_state[] = { &heard, NULL };
const struct vsw_state_part *const vsw_beacon_switch_state[] = { &beacons, &beacon_due, NULL };
const struct vsw_state_part *const vsw_ageing_state[] = { &ageing, NULL };
