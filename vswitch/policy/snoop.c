/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * To whom a frame to a group goes, by what snooping knows (mcast.h has the theory).
 *
 * Router guard: a port whose security policy rejects multicast routers sends no message that only
 * routers send. Else a guest could silence the querier of the whole network, draw all groups to
 * itself, or have them filtered where nobody asks. What may hide such a message, a fragment or
 * options that the head does not show, does not pass either. Frames to one station are not looked
 * at (a traffic rule can do that).
 */
#include "core/event.h"
#include "policy/igmp.h"
#include "policy/mcast-addr.h"
#include "policy/mcast-clock.h"
#include "policy/mcast-net.h"
#include "policy/querier.h"
#include "policy/stages.h"

/* Router ports of a net, and @more, if there are any */
static void to_routers(struct vsw *sw, const struct mcast_net *net, const struct mcast_ports *more)
{
	struct vsw_mcast *m = sw->mcast;

	for (unsigned i = 0; i <= sw->last_port / 64u; i++) {
		m->to.word[i] = m->fixed.word[i];
		if (net)
			m->to.word[i] |= net->routers.word[i];
		if (more)
			m->to.word[i] |= more->word[i];
	}
}

static void and_members(struct vsw *sw, const struct mcast_group *g)
{
	for (unsigned i = 0; i <= sw->last_port / 64u; i++)
		sw->mcast->to.word[i] |= g->ports.word[i];
}

static enum mcast_way data(struct vsw *sw, const struct vsw_burst *b, unsigned i,
			   const struct mcast_view *v)
{
	bool v6 = v->f.flags & FRAME_IPV6;
	struct mcast_net *net = vsw_mcast_net(sw->mcast, fdb_key_fid(b->dst[i]), v6);
	const struct mcast_group *g;

	if (!net || !net->filtered || !mcast_tracked(&v->dst, v6) ||
	    mac_from(v->p) != mcast_mac(&v->dst, v6))
		return MCAST_ALL;
	to_routers(sw, net, net->doubt_until ? &net->doubt : NULL);
	g = vsw_mcast_group(sw->mcast, net, &v->dst);
	if (g)
		and_members(sw, g);
	return MCAST_SOME;
}

/* Reports go to routers, so that hosts don't suppress each other's (RFC 4541 2.1.1 (1)) */
static enum mcast_way report(struct vsw *sw, const struct vsw_burst *b, unsigned i, bool v6)
{
	const struct mcast_net *net = vsw_mcast_net(sw->mcast, fdb_key_fid(b->dst[i]), v6);

	to_routers(sw, net, NULL);
	return net && net->flood_until ? MCAST_ALL : MCAST_SOME;
}

/* A report that can't be read: its port gets all groups */
static enum mcast_way long_report(struct vsw *sw, const struct vsw_burst *b, unsigned i, bool v6)
{
	struct mcast_net *net;

	if (sw->look.dry)
		return report(sw, b, i, v6);
	vsw_mcast_time(sw);
	net = vsw_mcast_net_get(sw->mcast, fdb_key_fid(b->dst[i]), v6, false);
	if (net && b->in->fdb_port != VSW_UPLINK)
		vsw_mcast_doubt(sw->mcast, net, b->in->fdb_port);
	return report(sw, b, i, v6);
}

static bool guarded(struct vsw *sw, struct vsw_burst *b, unsigned i, const struct mcast_view *v)
{
	if (!ports_has(&sw->mcast->guarded, b->in->number) || !vsw_mcast_of_router(v))
		return false;
	sw->mcast->stats.forged += !sw->look.dry;
	vsw_drop_frame(b, i, VSW_DROP_ROUTER);
	vsw_tell(sw, VSW_EVENT_FORGED, b->in, fdb_key_mac(b->src[i]), b->vid[i],
		 "message of a multicast router from a port that may not be one");
	return true;
}

/* With VEPA frames of ports leave first, and are heard then; what comes back is not news. A frame
 * that is none is not heard at all. */
static bool heard_before(const struct vsw *sw, const struct vsw_burst *b, unsigned i)
{
	return sw->look.dry || (sw->special & SW_VEPA && b->in->is_uplink && b->skip[i]);
}

static enum mcast_way message(struct vsw *sw, struct vsw_burst *b, unsigned i,
			      const struct mcast_view *v, const struct mcast_msg *msg)
{
	if (!heard_before(sw, b, i) && !vsw_mcast_message(sw, b, i, msg)) {
		sw->mcast->stats.bad++;
		return data(sw, b, i, v);
	}
	return vsw_mcast_is_report(msg) ? report(sw, b, i, msg->v6) : MCAST_ALL;
}

enum mcast_way vsw_mcast_snoop(struct vsw *sw, struct vsw_burst *b, unsigned i)
{
	struct mcast_view v;
	struct mcast_msg msg;

	vsw_mcast_view(&v, b, i);
	if (guarded(sw, b, i, &v))
		return MCAST_NOBODY;
	if (b->kind[i] != KIND_MULTICAST)
		return MCAST_ALL;
	if (vsw_mcast_reflected(sw, b, i)) {
		vsw_drop_frame(b, i, VSW_DROP_REFLECTED);
		return MCAST_NOBODY;
	}
	switch (vsw_mcast_look(sw->mcast, &v, &msg)) {
	case LOOK_MSG:
		return message(sw, b, i, &v, &msg);
	case LOOK_LONG:
		return long_report(sw, b, i, v.f.flags & FRAME_IPV6);
	case LOOK_BAD:
		sw->mcast->stats.bad += !sw->look.dry;
		return data(sw, b, i, &v);
	case LOOK_DATA:
		return data(sw, b, i, &v);
	default:
		return MCAST_ALL;
	}
}

bool vsw_mcast_gets(const struct vsw_mcast *m, uint16_t port)
{
	return ports_has(&m->to, port);
}
