/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames that are for many, or for the outside: all of a VLAN, those that want a group, uplinks. */
#include "core/flood.h"

#include "core/receivers.h"
#include "core/returns.h"
#include "policy/stages.h"

/**
 * vsw_to_uplink() - Frame leaves the switch, by the uplink of its sender
 * @sw: The switch
 * @b:  The frame's burst
 * @i:  Its place there
 *
 * Return: -1, or why it does not.
 */
int vsw_to_uplink(struct vsw *sw, struct vsw_burst *b, unsigned i)
{
	struct vsw_port *up = sw->port[b->in->uplink];

	if (b->in->is_uplink)
		return VSW_DROP_SAME_PORT;
	if (!up)
		return VSW_DROP_NO_UPLINK;
	if (b->in->pick != PICK_FIXED)
		up = vsw_team_pick(b->in, b->pkt[i]);
	if (!port_carries(up, b->vid[i]))
		return VSW_DROP_NO_DEST;
	vsw_list(sw, up, i);
	return -1;
}

/**
 * vsw_refuses() - With VEPA or several uplinks: must a port not get this one?
 * @sw: The switch
 * @b:  The frame's burst
 * @i:  Its place there
 * @p:  The port
 *
 * Return: whether.
 */
bool vsw_refuses(const struct vsw *sw, const struct vsw_burst *b, unsigned i,
		 const struct vsw_port *p)
{
	return p->number == b->skip[i] || (sw->special & SW_TEAM && b->in->is_uplink &&
					   !vsw_team_accepts(p, b->in, b->pkt[i]));
}

/* Does a card's receive filter have this group? One that never told its filter gets all. */
static bool card_wants(const struct vsw_port *p, const struct pkt *pkt)
{
	const uint8_t *mac = pkt_head(pkt);

	if (!p->filter_known || p->filter.allmulti || p->filter.promiscuous)
		return true;
	if (!(p->groups >> group_bit(mac_number(mac)) & 1))
		return false;
	for (unsigned n = 0; n < p->filter.n; n++)
		if (!memcmp(p->addrs[n], mac, 6))
			return true;
	return false;
}

/* enum who - which of a VLAN's ports get a frame */
enum who { ALL, CARDS /* whose filter has it */, SNOOPED };

static bool wanted(const struct vsw *sw, const struct vsw_burst *b, unsigned i,
		   const struct vsw_port *p, enum who who)
{
	return who == CARDS ? card_wants(p, b->pkt[i]) : vsw_mcast_gets(sw->mcast, p->number);
}

/* Does a port of its VLAN get a frame for many? */
static inline bool gets(struct vsw *sw, const struct vsw_burst *b, unsigned i,
			const struct vsw_port *p, enum who who)
{
	if ((p == b->in && !p->reflective) || p->out_special & OUT_CLOSED)
		return false;
	if (unlikely(sw->special & SW_RETURNS) && vsw_refuses(sw, b, i, p))
		return false;
	return likely(who == ALL) || wanted(sw, b, i, p, who);
}

/* Frame for many: the ports of its VLAN, or a few of them, and the outside. -1, or why nobody gets
 * it. */
static int flood(struct vsw *sw, struct vsw_burst *b, unsigned i, bool unknown, enum who who)
{
	int why = sw->vlan[b->vid[i]].uplinks ? vsw_to_uplink(sw, b, i) : VSW_DROP_NO_DEST;

	for (unsigned w = 0; w < sw->words; w++) {
		uint64_t left = sw->member[w][b->vid[i]];

		if (unknown)
			left &= sw->flooding[w];
		for (; left; left &= left - 1) {
			struct vsw_port *p = sw->port[64 * w + (unsigned)__builtin_ctzll(left)];

			if (!gets(sw, b, i, p, who))
				continue;
			vsw_list(sw, p, i);
			why = -1;
		}
	}
	return why == VSW_DROP_SAME_PORT ? VSW_DROP_NO_DEST : why;
}

/**
 * vsw_to_promiscuous() - To cards in promiscuous mode that their policy lets see it
 * @sw: The switch
 * @b:  The frame's burst
 * @i:  Its place there; all other receivers are listed
 *
 * Return: whether there was any.
 */
bool vsw_to_promiscuous(struct vsw *sw, struct vsw_burst *b, unsigned i)
{
	bool any = false;

	if (b->kind[i] == KIND_DROPPED)
		return false;
	for (unsigned m = 0; m < sw->promiscuous.n; m++) {
		struct vsw_port *p = sw->port[sw->promiscuous.port[m]];

		if (p == b->in || !port_carries(p, b->vid[i]) || p->out_special & OUT_CLOSED)
			continue;
		if ((p->listed && p->list[p->listed - 1] == i) || vsw_refuses(sw, b, i, p))
			continue;
		vsw_list(sw, p, i);
		any = true;
	}
	return any;
}

/**
 * vsw_to_unknown() - Frame to a station that is not in the table
 * @sw: The switch
 * @b:  The frame's burst
 * @i:  Its place there
 *
 * Return: -1, or why nobody gets it.
 */
int vsw_to_unknown(struct vsw *sw, struct vsw_burst *b, unsigned i)
{
	if (b->in->in_special & IN_STORM && !vsw_storm_unknown(b->in, wire_frames(b->pkt[i])))
		return VSW_DROP_STORM;
	return flood(sw, b, i, true, ALL);
}

/**
 * vsw_to_group() - Frame to a group
 * @sw: The switch
 * @b:  The frame's burst
 * @i:  Its place there
 *
 * Return: -1, or why nobody gets it.
 */
int vsw_to_group(struct vsw *sw, struct vsw_burst *b, unsigned i)
{
	enum mcast_way way;

	if (unlikely(sw->special & SW_TEAM) && !b->in->is_uplink)
		vsw_returns_note(sw, b, i);
	if (likely(!(sw->special & SW_MULTICAST)))
		return flood(sw, b, i, false, ALL);
	if (sw->policy.multicast == VSW_MCAST_FILTER)
		return flood(sw, b, i, false, b->kind[i] == KIND_MULTICAST ? CARDS : ALL);
	way = vsw_mcast_snoop(sw, b, i);
	return way == MCAST_NOBODY ? -1 : flood(sw, b, i, false, way == MCAST_ALL ? ALL : SNOOPED);
}

/**
 * vsw_to_vepa() - Frame to the outside, from where it may come back (802.1Qbg)
 * @sw: The switch
 * @b:  The frame's burst
 * @i:  Its place there
 *
 * What snooping is to hear in it is heard now: when it comes back its port can't be told.
 *
 * Return: -1, or why it does not leave.
 */
int vsw_to_vepa(struct vsw *sw, struct vsw_burst *b, unsigned i)
{
	if (sw->policy.multicast == VSW_MCAST_SNOOPING && b->kind[i] != KIND_UNICAST &&
	    vsw_mcast_snoop(sw, b, i) == MCAST_NOBODY)
		return -1;
	return vsw_to_uplink(sw, b, i);
}
