/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What messages say: reports and leaves of IGMP (RFC 2236, 3376) and MLD (RFC 2710, 3810); what
 * routers say is in mcast-router.c. They are sound here (mcast-msg.c).
 *
 * Of source lists snooping keeps one bit: whether the port wants the group from anybody. A record
 * that names sources to be heard joins, TO_INCLUDE of none leaves. BLOCK may be the end of a host
 * that wanted some sources only, so when the switch is the querier it asks, as after a leave;
 * another querier asks for the sources (RFC 3376 6.6.3.2), of whose answers nothing can be told.
 */
#include "policy/igmp.h"

#include "policy/mcast-addr.h"
#include "policy/mcast-clock.h"
#include "policy/mcast-net.h"
#include "policy/mcast-router.h"

#define IGMP_QUERY     0x11
#define IGMP_V1_REPORT 0x12
#define IGMP_V2_REPORT 0x16
#define IGMP_LEAVE     0x17
#define IGMP_V3_REPORT 0x22
#define MRD4_ADVERT    0x30
#define MRD4_END       0x32
#define MLD_QUERY      130
#define MLD_REPORT     131
#define MLD_DONE       132
#define MLD_V2_REPORT  143
#define MRD6_ADVERT    151
#define MRD6_END       153

/* Record types of IGMPv3 and MLDv2 reports (RFC 3376 4.2.12) */
enum { MODE_INCLUDE = 1, MODE_EXCLUDE, TO_INCLUDE, TO_EXCLUDE, ALLOW_NEW, BLOCK_OLD };

static struct mcast_member *join(struct mcast_ctx *c, const uint8_t *ip)
{
	struct mcast_addr a = mcast_ctx_addr(c, ip);
	struct mcast_member *member;

	if (!mcast_tracked(&a, c->msg->v6) || c->port == VSW_UPLINK)
		return NULL;
	member = vsw_mcast_join(c->m, c->net, &a, c->port);
	if (!member) {
		vsw_mcast_doubt(c->m, c->net, c->port);
		return NULL;
	}
	member->until = c->m->clock + c->net->life;
	member->leaving = 0;
	return member;
}

static struct mcast_member *member_of(struct mcast_ctx *c, const uint8_t *ip)
{
	struct mcast_addr a = mcast_ctx_addr(c, ip);
	struct mcast_group *g = vsw_mcast_group(c->m, c->net, &a);

	return g ? vsw_mcast_member(c->m, g, c->port) : NULL;
}

/* A host left. Others at its port have the time to say that they did not, if somebody asks them. */
static void leave(struct mcast_ctx *c, const uint8_t *ip)
{
	struct mcast_member *member = member_of(c, ip);

	if (!member || member->leaving || member->v1 > c->m->clock ||
	    !(c->net->asked || mcast_own_asks(c)))
		return;
	member->leaving = c->m->clock + MCAST_ASKS * LAST_INTERVAL + LAST_GRACE;
	if (!mcast_own_asks(c))
		return;
	vsw_mcast_ask(c->m, member);
	vsw_mcast_soon(c->sw);
}

/* RFC 3376 4.2.12, 5.1, 6.4 */
static void record(struct mcast_ctx *c, uint8_t type, unsigned sources, const uint8_t *ip)
{
	switch (type) {
	case MODE_EXCLUDE:
	case TO_EXCLUDE:
		join(c, ip);
		return;
	case MODE_INCLUDE:
	case ALLOW_NEW:
		if (sources)
			join(c, ip);
		return;
	case TO_INCLUDE:
		if (sources)
			join(c, ip);
		else
			leave(c, ip);
		return;
	case BLOCK_OLD:
		if (sources && mcast_own_asks(c))
			leave(c, ip);
		return;
	}
}

/* Do all records fit into the report? (RFC 3376 4.2, RFC 3810 5.2) */
static bool records_fit(const struct mcast_msg *msg, uint32_t alen)
{
	uint32_t at = 8;

	for (unsigned n = frame_be16(msg->p + 6); n; n--) {
		if (msg->len - at < 4 + alen)
			return false;
		at += 4 + alen + frame_be16(msg->p + at + 2) * alen + msg->p[at + 1] * 4u;
		if (at > msg->len)
			return false;
	}
	return true;
}

static void records(struct mcast_ctx *c)
{
	uint32_t alen = c->msg->v6 ? 16 : 4;
	const uint8_t *r = c->msg->p + 8;

	c->failed = !records_fit(c->msg, alen);
	if (c->failed)
		return;
	for (unsigned n = frame_be16(c->msg->p + 6); n; n--) {
		record(c, r[0], frame_be16(r + 2), r + 4);
		r += 4 + alen + frame_be16(r + 2) * alen + r[1] * 4u;
	}
}

static void act4(struct mcast_ctx *c)
{
	struct mcast_member *member;

	switch (c->msg->p[0]) {
	case IGMP_QUERY:
		vsw_mcast_query_heard(c);
		return;
	case IGMP_V1_REPORT:
		member = join(c, c->msg->p + 4);
		if (member)
			member->v1 = member->until;
		return;
	case IGMP_V2_REPORT:
		join(c, c->msg->p + 4);
		return;
	case IGMP_LEAVE:
		leave(c, c->msg->p + 4);
		return;
	case IGMP_V3_REPORT:
		records(c);
		return;
	case MRD4_ADVERT:
		vsw_mcast_advert_heard(c);
		return;
	case MRD4_END:
		vsw_mcast_router_gone(c->m, c->net, c->port, BY_MRD);
		return;
	}
}

static void act6(struct mcast_ctx *c)
{
	switch (c->msg->p[0]) {
	case MLD_QUERY:
		vsw_mcast_query_heard(c);
		return;
	case MLD_REPORT:
		join(c, c->msg->p + 8);
		return;
	case MLD_DONE:
		leave(c, c->msg->p + 8);
		return;
	case MLD_V2_REPORT:
		records(c);
		return;
	case MRD6_ADVERT:
		vsw_mcast_advert_heard(c);
		return;
	case MRD6_END:
		vsw_mcast_router_gone(c->m, c->net, c->port, BY_MRD);
		return;
	}
}

/**
 * vsw_mcast_is_report() - Is a message a report or a leave, which only routers are to hear?
 * @msg: The message
 *
 * Return: whether (RFC 4541 2.1.1 (1)).
 */
bool vsw_mcast_is_report(const struct mcast_msg *msg)
{
	uint8_t type = msg->p[0];

	if (msg->proto == FRAME_PROTO_IGMP)
		return type == IGMP_V1_REPORT || type == IGMP_V2_REPORT || type == IGMP_LEAVE ||
		       type == IGMP_V3_REPORT;
	return msg->proto == FRAME_PROTO_ICMPV6 &&
	       (type == MLD_REPORT || type == MLD_DONE || type == MLD_V2_REPORT);
}

/**
 * vsw_mcast_message() - Act on a message
 * @sw:  The switch
 * @b:   The frame's burst
 * @i:   Its place there
 * @msg: The message
 *
 * Return: true; false if it was not sound after all.
 */
bool vsw_mcast_message(struct vsw *sw, const struct vsw_burst *b, unsigned i,
		       const struct mcast_msg *msg)
{
	struct mcast_ctx c = { .sw = sw, .m = sw->mcast, .msg = msg, .port = b->in->fdb_port };

	vsw_mcast_time(sw);
	c.net = vsw_mcast_net_get(c.m, fdb_key_fid(b->dst[i]), msg->v6, !vsw_mcast_is_report(msg));
	if (!c.net)
		return true;
	if (msg->proto != FRAME_PROTO_IGMP && msg->proto != FRAME_PROTO_ICMPV6)
		vsw_mcast_hello_heard(&c);
	else if (msg->v6)
		act6(&c);
	else
		act4(&c);
	return !c.failed;
}
