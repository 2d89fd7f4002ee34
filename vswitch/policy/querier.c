/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The switch's own querier, for networks without a multicast router, and the clock of snooping.
 *
 * DOC: Theory of Operation
 *
 * It asks in one VLAN, IPv4 and IPv6 apart (RFC 2236 3 and 7, RFC 3376 6 and 8, RFC 2710 4, RFC
 * 3810 7):
 *
 *  - at its start ROBUSTNESS general queries, a quarter of the interval apart, then one an
 *    interval. The first asks for answers within START_RESPONSE; the net is filtered when that has
 *    passed;
 *  - as long as a querier with a lower address is heard it is silent. Then it starts again. With
 *    the address 0.0.0.0 it asks on behalf of nobody (RFC 4541 2.1.1) and is after everybody else;
 *  - after a leave it asks for that group, at that port only: who is elsewhere has a membership of
 *    his own;
 *  - a port that came up is asked at once (RFC 4541 2.1.1 (4)): a guest that was moved here does
 *    not report by itself.
 *
 * All is done from vsw_timer(), by mcast-clock.c: nothing is sent from inside the delivery of
 * another frame.
 */
#include "policy/querier.h"

#include "core/emit.h"
#include "policy/mcast-net.h"
#include "policy/mcast-query.h"

#define START_RESPONSE 1000 /* ms */
#define RUN_ASKS       64u

static struct mcast_addr own_address(const struct vsw_mcast *m, bool v6)
{
	struct mcast_addr a = { { 0 } };

	if (!v6) {
		memcpy(&a, m->conf.address, 4);
		return a;
	}
	memcpy(&a, m->conf.address6, 16);
	if (!addr_zero(&a))
		return a;
	a.b[0] = 0xfe; /* RFC 4291 2.5.6, appendix A */
	a.b[1] = 0x80;
	mac_bytes(m->mac ^ UINT64_C(0x020000000000), a.b + 8);
	memmove(a.b + 13, a.b + 11, 3);
	a.b[11] = 0xff;
	a.b[12] = 0xfe;
	return a;
}

/**
 * vsw_mcast_before_own() - Does a querier come before the switch's?
 * @m:    The tables
 * @addr: His address
 * @v6:   Its version
 *
 * Return: whether: the lower address does, 0.0.0.0 never.
 */
bool vsw_mcast_before_own(const struct vsw_mcast *m, const struct mcast_addr *addr, bool v6)
{
	struct mcast_addr own = own_address(m, v6);

	return !addr_zero(addr) && (addr_zero(&own) || memcmp(addr, &own, sizeof(own)) < 0);
}

/**
 * vsw_mcast_reflected() - Is this a query of ours that came back by another uplink?
 * @sw: The switch
 * @b:  The frame's burst
 * @i:  Its place there
 *
 * Return: whether.
 */
bool vsw_mcast_reflected(const struct vsw *sw, const struct vsw_burst *b, unsigned i)
{
	return b->in->is_uplink && fdb_key_mac(b->src[i]) == sw->mcast->mac;
}

static uint32_t response_ms(const struct vsw_mcast *m)
{
	uint32_t half = m->conf.interval * 500; /* less than the interval: RFC 3376 8.3 */

	return half < QUERY_RESPONSE / 1000000 ? half : (uint32_t)(QUERY_RESPONSE / 1000000);
}

/* To a port that carries the VLAN */
static void emit(struct vsw *sw, struct vsw_port *p, const uint8_t *bytes, uint32_t len)
{
	uint16_t vid = sw->mcast->conf.vlan;
	struct pkt pkt;
	struct iovec iov;
	const struct pkt *one = &pkt;

	if (!p || !port_carries(p, vid) || p->out_special & (OUT_CLOSED | OUT_MAC_CHANGE))
		return;
	pkt_flat(&pkt, &iov, bytes, len);
	if (p->out_special & OUT_TAGGED && vid != p->vid_out) {
		pkt.flags = PKT_VLAN;
		pkt.vlan_tpid = p->tpid;
		pkt.vlan_tci = vid;
	}
	vsw_port_emit(p, &one, 1);
}

static struct mcast_query prepare(const struct vsw_mcast *m, bool v6, uint32_t response)
{
	return (struct mcast_query) { .v6 = v6,
				      .version = v6 ? m->conf.mld : m->conf.igmp,
				      .response = response,
				      .interval = m->conf.interval,
				      .mac = m->mac,
				      .src = own_address(m, v6) };
}

static void ask_all(struct vsw *sw, bool v6, uint32_t response)
{
	struct mcast_query q = prepare(sw->mcast, v6, response);
	uint8_t bytes[QUERY_MAX];
	uint32_t len = vsw_mcast_query(bytes, &q);

	for (unsigned i = 1; i <= sw->last_port; i++)
		emit(sw, sw->port[i], bytes, len);
}

/* A port that came. Where no router may be, a silent querier asks, too: nobody there takes part in
 * the election. */
static void greet(struct vsw *sw, struct vsw_port *p, bool v6)
{
	struct vsw_mcast *m = sw->mcast;
	struct mcast_query q = prepare(m, v6, START_RESPONSE);
	uint8_t bytes[QUERY_MAX];

	if (m->own[v6].silent && !ports_has(&m->guarded, p->number))
		return;
	if (m->own[v6].silent && !v6)
		q.src = (struct mcast_addr) { { 0 } };
	emit(sw, p, bytes, vsw_mcast_query(bytes, &q));
}

/**
 * vsw_mcast_greet() - Ask the ports that came
 * @sw: The switch
 */
void vsw_mcast_greet(struct vsw *sw)
{
	struct vsw_mcast *m = sw->mcast;

	for (uint16_t i = 1; i <= sw->last_port; i++)
		for (int v6 = 0; sw->port[i] && ports_has(&m->fresh, i) && v6 < 2; v6++)
			if (m->own[v6].net)
				greet(sw, sw->port[i], v6);
	m->fresh = (struct mcast_ports) { { 0 } };
	m->greet_at = 0;
}

/* Is anybody left in the group? */
static void ask_member(struct vsw *sw, struct mcast_member *member)
{
	struct vsw_mcast *m = sw->mcast;
	const struct mcast_group *g = &m->group[member->group - 1];
	bool v6 = m->net[g->net - 1].v6;
	struct mcast_query q = prepare(m, v6, LAST_INTERVAL / 1000000);
	uint8_t bytes[QUERY_MAX];

	q.group = g->addr;
	member->asks--;
	member->ask_at = m->clock + LAST_INTERVAL;
	emit(sw, sw->port[member->port], bytes, vsw_mcast_query(bytes, &q));
}

static bool to_be_asked(const struct vsw_mcast *m, const struct mcast_member *member)
{
	const struct mcast_net *net;

	if (!member->group || !member->leaving || !member->asks)
		return false;
	net = &m->net[m->group[member->group - 1].net - 1];
	return m->own[net->v6].net == net && !m->own[net->v6].silent;
}

/**
 * vsw_mcast_ask_pending() - Ask for groups that were left, RUN_ASKS queries at most
 * @sw: The switch
 *
 * Return: when there is more to ask.
 */
int64_t vsw_mcast_ask_pending(struct vsw *sw)
{
	struct vsw_mcast *m = sw->mcast;
	unsigned kept = 0, asked = 0;
	int64_t next = VSW_NEVER;

	for (unsigned i = 0; i < m->n_pending; i++) {
		struct mcast_member *member = &m->member[m->pending[i]];

		if (to_be_asked(m, member) && member->ask_at <= m->clock && asked < RUN_ASKS) {
			ask_member(sw, member);
			asked++;
		}
		member->pending = to_be_asked(m, member);
		if (!member->pending)
			continue;
		m->pending[kept++] = m->pending[i];
		next = member->ask_at < next ? member->ask_at : next;
	}
	m->n_pending = kept;
	return next > m->clock ? next : m->clock + MCAST_BATCH;
}

/**
 * vsw_mcast_own_restart() - The querier begins again
 * @m:       The tables
 * @v6:      Which one; it is on
 * @startup: Queries of the start
 */
void vsw_mcast_own_restart(struct vsw_mcast *m, bool v6, unsigned startup)
{
	struct mcast_own *own = &m->own[v6];

	own->trusted = false;
	own->answered = 0;
	own->startup = startup;
	own->next = m->clock;
	vsw_mcast_judge(m, own->net);
}

static void general_query(struct vsw *sw, bool v6)
{
	struct vsw_mcast *m = sw->mcast;
	struct mcast_own *own = &m->own[v6];
	int64_t interval = m->conf.interval * NS_PER_S;

	ask_all(sw, v6, own->answered ? response_ms(m) : START_RESPONSE);
	if (!own->answered)
		own->answered = m->clock + START_RESPONSE * INT64_C(1000000);
	own->startup -= own->startup > 0;
	own->next = m->clock + (own->startup ? interval / 4 : interval);
}

/**
 * vsw_mcast_own_run() - Ask, if it is time
 * @sw: The switch
 * @v6: Which querier
 *
 * Return: when there is something to do next.
 */
int64_t vsw_mcast_own_run(struct vsw *sw, bool v6)
{
	struct vsw_mcast *m = sw->mcast;
	struct mcast_own *own = &m->own[v6];
	bool was = own->silent;

	if (!own->net)
		return VSW_NEVER;
	own->silent = own->net->other_until != 0;
	if (own->silent)
		return VSW_NEVER;
	if (was) /* the other one is gone (RFC 3376 6.6.2) */
		vsw_mcast_own_restart(m, v6, 1);
	if (own->answered && own->answered <= m->clock && !own->trusted) {
		own->trusted = true;
		vsw_mcast_judge(m, own->net);
	}
	if (own->next <= m->clock)
		general_query(sw, v6);
	return own->trusted || own->answered > own->next ? own->next : own->answered;
}

static void start_own(struct vsw *sw, bool v6)
{
	struct vsw_mcast *m = sw->mcast;
	struct mcast_own *own = &m->own[v6];

	*own = (struct mcast_own) {
		.net = vsw_mcast_net_get(m, sw->vlan[m->conf.vlan].fid, v6, true),
		.life = ROBUSTNESS * (int64_t)m->conf.interval * NS_PER_S +
			response_ms(m) * INT64_C(1000000),
	};
	if (!own->net)
		return;
	if (!own->net->other_until || !vsw_mcast_before_own(m, &own->net->other, v6))
		own->net->asked = own->net->other_until = 0;
	vsw_mcast_own_restart(m, v6, ROBUSTNESS);
	own->silent = own->net->other_until != 0;
}

static void stop_own(struct vsw_mcast *m, bool v6)
{
	struct mcast_net *net = m->own[v6].net;

	m->own[v6].net = NULL;
	if (!net)
		return;
	if (!net->other_until)
		net->life = MCAST_LIFE;
	vsw_mcast_judge(m, net);
}

/* Is the querier as it is configured? */
static bool own_stands(const struct vsw *sw)
{
	const struct vsw_mcast *m = sw->mcast;
	const struct mcast_net *net = m->own[0].net;

	if (memcmp(&m->conf, &sw->policy.querier, sizeof(m->conf)))
		return false;
	return !m->conf.enabled || (net && net->fid == sw->vlan[m->conf.vlan].fid);
}

/**
 * vsw_mcast_own_configure() - Bring the querier's policy into force, unless it is
 * @sw: The switch
 *
 * Return: whether it began anew, so that all ports will be asked.
 */
bool vsw_mcast_own_configure(struct vsw *sw)
{
	struct vsw_mcast *m = sw->mcast;

	if (own_stands(sw))
		return false;
	stop_own(m, false);
	stop_own(m, true);
	m->conf = sw->policy.querier;
	if (!m->conf.enabled)
		return false;
	start_own(sw, false);
	start_own(sw, true);
	return true;
}
