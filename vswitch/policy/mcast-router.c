/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What routers say: queries of IGMP (RFC 2236, 3376) and MLD (RFC 2710, 3810), multicast router
 * discovery (RFC 4286), PIM hellos (RFC 7761). Nothing is believed for longer than MCAST_MAX_LIFE.
 */
#include "policy/mcast-router.h"

#include "policy/mcast-addr.h"
#include "policy/mcast-net.h"
#include "policy/querier.h"

#define PIM_HELLO_LIFE (105 * NS_PER_S)	     /* RFC 7761 4.11 */
#define V1_RESPONSE    (10 * NS_PER_S)	     /* RFC 2236 4 */
#define SANE_RESPONSE  (256 * NS_PER_S / 10) /* what version 2 can say */

/* Floating point of IGMPv3 and MLDv2 (RFC 3376 4.1.1, RFC 3810 5.1.3) */
static uint32_t code8(uint8_t v)
{
	return v < 128 ? v : (uint32_t)((v & 15) | 16) << ((v >> 4 & 7) + 3);
}

static uint32_t code16(uint16_t v)
{
	return v < 32768 ? v : (uint32_t)((v & 0xfff) | 0x1000) << ((v >> 12 & 7) + 3);
}

/* struct query - what a query says. Times in ns */
struct query {
	struct mcast_addr group;
	bool general, suppress, sources;
	int64_t response, interval, robustness;
};

static struct query read_query(const struct mcast_ctx *c)
{
	const uint8_t *p = c->msg->p;
	bool v6 = c->msg->v6, latest = c->msg->len >= (v6 ? 28 : 12);
	struct query q = { mcast_ctx_addr(c, p + (v6 ? 8 : 4)), .robustness = ROBUSTNESS,
			   .interval = QUERY_INTERVAL };

	q.general = addr_zero(&q.group);
	if (v6)
		q.response = (latest ? code16(frame_be16(p + 4)) : frame_be16(p + 4)) *
			     (NS_PER_S / 1000);
	else
		q.response = (latest ? code8(p[1]) : p[1]) * (NS_PER_S / 10);
	if (!v6 && !latest && !p[1])
		q.response = V1_RESPONSE;
	if (!latest)
		return q;
	p += v6 ? 24 : 8;
	q.suppress = p[0] & 8;
	q.robustness = p[0] & 7 ? p[0] & 7 : ROBUSTNESS;
	q.interval = p[1] ? code8(p[1]) * NS_PER_S : QUERY_INTERVAL;
	q.sources = frame_be16(p + 2);
	return q;
}

static int64_t at_most(int64_t ns)
{
	return ns < MCAST_MAX_LIFE ? ns : MCAST_MAX_LIFE;
}

/* Is this the querier of the net? (RFC 2236 3, RFC 3376 6.6.2, RFC 3810 7.6.2) Who asks on behalf
 * of nobody is if there is no other. */
static bool elected(const struct mcast_ctx *c)
{
	const struct mcast_net *net = c->net;

	if (c->m->own[c->msg->v6].net == net &&
	    !vsw_mcast_before_own(c->m, &c->msg->src, c->msg->v6))
		return false;
	if (!net->other_until)
		return true;
	return !addr_zero(&c->msg->src) &&
	       memcmp(&c->msg->src, &net->other, sizeof(net->other)) <= 0;
}

/*
 * All hosts are asked, so from when the first have answered groups can be told. As hosts report
 * groups when they join, that is at once, unless they are given more time than version 2 can. What
 * they report now holds longer (group membership interval) than its querier is believed to be there
 * (other querier present interval): so nothing ends while the net is filtered on his word.
 */
static void general_query(struct mcast_ctx *c, const struct query *q)
{
	struct mcast_net *net = c->net;

	if (!elected(c))
		return;
	if (!net->asked)
		net->asked_from =
			c->m->clock + (q->response > SANE_RESPONSE ? at_most(q->response) : 0);
	net->asked = c->m->clock + at_most(q->robustness * q->interval + q->response / 2);
	net->life = at_most(q->robustness * q->interval + q->response);
	net->asked_port = c->port;
	if (!addr_zero(&c->msg->src)) {
		net->other = c->msg->src;
		net->other_until = net->asked;
	}
	vsw_mcast_judge(c->m, net);
}

/* A router asks who wants a group: hosts have the time that it says, even if that is more than they
 * were given when one of them left */
static void group_query(struct mcast_ctx *c, const struct query *q)
{
	struct mcast_group *g = vsw_mcast_group(c->m, c->net, &q->group);
	int64_t until = c->m->clock + at_most(q->robustness * q->response) + LAST_GRACE;

	for (unsigned port = 1; g && port <= c->sw->last_port; port++) {
		struct mcast_member *member = vsw_mcast_member(c->m, g, (uint16_t)port);

		if (member && member->leaving && member->leaving < until)
			member->leaving = until;
	}
}

static bool to_all_hosts(const struct mcast_msg *msg)
{
	struct mcast_addr all = mcast_all_hosts(msg->v6);

	return !memcmp(&msg->dst, &all, sizeof(all));
}

/**
 * vsw_mcast_query_heard() - A query
 * @c: The message
 *
 * One from 0.0.0.0 is of a switch that asks on behalf of nobody: no router is there (RFC 4541 2.1.1
 * (1) (b)).
 */
void vsw_mcast_query_heard(struct mcast_ctx *c)
{
	struct query q = read_query(c);

	c->failed = q.general ? !to_all_hosts(c->msg) || q.sources :
				!mcast_tracked(&q.group, c->msg->v6);
	if (c->failed)
		return;
	if (!addr_zero(&c->msg->src))
		vsw_mcast_router_seen(c->m, c->net, c->port, BY_QUERY,
				      c->m->clock +
					      at_most(q.robustness * q.interval + q.response / 2));
	if (q.general)
		general_query(c, &q);
	else if (!q.suppress && !q.sources)
		group_query(c, &q);
}

/**
 * vsw_mcast_advert_heard() - An advertisement of multicast router discovery
 * @c: The message
 *
 * The neighbour dead interval is three advertisement intervals of 4 to 180 s (RFC 4286 3.1).
 */
void vsw_mcast_advert_heard(struct mcast_ctx *c)
{
	int64_t s = c->msg->p[1] < 4 ? 4 : c->msg->p[1] > 180 ? 180 : c->msg->p[1];

	vsw_mcast_router_seen(c->m, c->net, c->port, BY_MRD, c->m->clock + 3 * s * NS_PER_S);
}

/* Holdtime, option 1 (RFC 7761 4.9.2); ns */
static int64_t holdtime(const struct mcast_msg *msg)
{
	for (uint32_t at = 4; at + 4 <= msg->len; at += 4u + frame_be16(msg->p + at + 2))
		if (frame_be16(msg->p + at) == 1 && frame_be16(msg->p + at + 2) == 2 &&
		    at + 6 <= msg->len)
			return frame_be16(msg->p + at + 4) * NS_PER_S;
	return PIM_HELLO_LIFE;
}

/**
 * vsw_mcast_hello_heard() - A PIM hello
 * @c: The message
 */
void vsw_mcast_hello_heard(struct mcast_ctx *c)
{
	int64_t life = holdtime(c->msg);

	if (life)
		vsw_mcast_router_seen(c->m, c->net, c->port, BY_PIM, c->m->clock + at_most(life));
	else
		vsw_mcast_router_gone(c->m, c->net, c->port, BY_PIM);
}
