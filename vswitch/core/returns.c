/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames from an uplink whose source is a station of ours.
 *
 * DOC: Theory of Operation
 *
 * With several uplinks, what leaves by one may come back by another: the physical network floods
 * it. But a station may also have moved out there. A copy comes back at once, so each is preceded
 * by the very frame from here: a station that is heard outside RETURN_TIME after it was first heard
 * there, and not once here in between, has moved.
 *
 * Whether it was heard here is told by its entry in the table of addresses. When it is heard
 * outside, its entry is given the age of one that was not used lately, and its port the slow way
 * (source.c): its next frame here makes the entry young again.
 *
 * An announcement (gratuitous ARP, RARP, unsolicited neighbour advertisement) ends the wait, unless
 * it is one from here that came back: those are remembered for TOLD_TIME. Two small tables, a place
 * for each hash; who takes another's place makes that one begin anew.
 */
#include "core/returns.h"

#define RETURN_TIME (2 * NS_PER_S)
#define TOLD_TIME   (5 * NS_PER_S)
#define TYPE_RARP   0x8035
#define ICMPV6_NA   136
#define ALL_NODES   UINT64_C(0x333300000001)

/**
 * vsw_returns_place() - Place of a station in both tables
 * @sw:  The switch
 * @key: The station
 *
 * Return: below VSW_RETURNS.
 */
unsigned vsw_returns_place(const struct vsw *sw, uint64_t key)
{
	return (unsigned)(fdb_hash(&sw->fdb, key) >> 20) % VSW_RETURNS;
}

/* RFC 5227 3: sender and target are the same address */
static bool gratuitous(const uint8_t *arp)
{
	return !memcmp(arp + 14, arp + 24, 4) && frame_be32(arp + 14);
}

/* Does the station say where it is? */
static bool announces(const struct pkt *pkt)
{
	const uint8_t *p = pkt_head(pkt);
	uint64_t dst = mac_from(p);
	struct frame f;

	if (dst != MAC_BROADCAST && dst != ALL_NODES)
		return false;
	frame_parse(&f, pkt, 0);
	if (f.flags & FRAME_ARP)
		return gratuitous(p + f.l3);
	return f.type == TYPE_RARP || (f.flags & FRAME_ICMPV6 && p[f.l4] == ICMPV6_NA);
}

/**
 * vsw_returns_told() - A station of ours was announced at an uplink
 * @sw:  The switch
 * @key: The station
 */
void vsw_returns_told(struct vsw *sw, uint64_t key)
{
	if (!sw->look.dry)
		sw->told[vsw_returns_place(sw, key)] = (struct vsw_told) { key, vsw_now(sw) };
}

/**
 * vsw_returns_note() - A frame to a group comes from a port of ours and may come back
 * @sw: The switch, SW_TEAM
 * @b:  The frame's burst, not from an uplink
 * @i:  Its place there
 */
void vsw_returns_note(struct vsw *sw, const struct vsw_burst *b, unsigned i)
{
	if (announces(b->pkt[i]))
		vsw_returns_told(sw, b->src[i]);
}

static bool told_lately(struct vsw *sw, uint64_t key, int64_t now)
{
	const struct vsw_told *t = &sw->told[vsw_returns_place(sw, key)];

	return t->key == key && now - t->at < TOLD_TIME;
}

/* From now on it is seen whether the station speaks here */
static void watch(struct vsw *sw, struct vsw_heard *h, uint64_t key, struct fdb_ref r, int64_t now)
{
	struct vsw_port *p = sw->port[r.b->port[r.i]];

	if (fdb_idle(&sw->fdb, r) == 0)
		fdb_set_age(r, sw->fdb.gen > 1 ? sw->fdb.gen - 1 : FDB_GENS);
	if (p)
		p->last_src = 0;
	*h = (struct vsw_heard) { key, now, (uint8_t)fdb_age(r) };
}

/**
 * vsw_returned() - Is a frame from an uplink, of a station that was learnt at a port, a copy of one
 * that left from there?
 * @sw: The switch, SW_TEAM
 * @b:  The frame's burst
 * @i:  Its place there
 * @r:  The station in the table, not static
 *
 * Return: true; false: the station moved out there.
 */
bool vsw_returned(struct vsw *sw, const struct vsw_burst *b, unsigned i, struct fdb_ref r)
{
	uint64_t key = b->src[i];
	struct vsw_heard *h = &sw->heard[vsw_returns_place(sw, key)];
	int64_t now = vsw_now(sw);
	bool watched = h->key == key && h->age == fdb_age(r);

	if (announces(b->pkt[i]) && !told_lately(sw, key, now))
		return false;
	if (watched && now - h->since >= RETURN_TIME)
		return false;
	if (!watched && !sw->look.dry)
		watch(sw, h, key, r, now);
	return true;
}
