/* SPDX-License-Identifier: BSD-2-Clause */
/* Sources: learning, and what speaks against it. */
#include "core/source.h"

#include "core/addrs.h"
#include "core/event.h"
#include "core/returns.h"
#include "policy/stages.h"

static bool forged(struct vsw *sw, struct vsw_burst *b, unsigned i)
{
	vsw_drop_frame(b, i, VSW_DROP_FORGED);
	vsw_tell(sw, VSW_EVENT_FORGED, b->in, fdb_key_mac(b->src[i]), b->vid[i],
		 "frame from an address not its own");
	return false;
}

/* One address more than the port may have. True: the frame passes. */
static bool over_limit(struct vsw *sw, struct vsw_burst *b, unsigned i)
{
	vsw_tell(sw, VSW_EVENT_MAC_LIMIT, b->in, fdb_key_mac(b->src[i]), b->vid[i],
		 "limit of %u addresses reached", b->in->policy.mac.limit);
	if (!b->in->policy.mac.limit_drop)
		return true;
	vsw_drop_frame(b, i, VSW_DROP_MAC_LIMIT);
	return false;
}

static void learn(struct vsw *sw, struct vsw_burst *b, unsigned i)
{
	struct vsw_port *in = b->in;

	if (unlikely(sw->look.dry)) {
		vsw_explain_learn(sw->look.dry, b, i);
		return;
	}
	if (vsw_fdb_learn(&sw->fdb, b->src[i], in->fdb_port) != FDB_MOVED)
		return;
	in->c.moves++;
	vsw_tell(sw, VSW_EVENT_MAC_MOVED, in, fdb_key_mac(b->src[i]), b->vid[i],
		 "station moved here");
}

/*
 * A frame from an uplink whose source is one of our own ports. In VEPA mode that is how frames to
 * groups come back: the port they came from must not get them again. With several uplinks it is a
 * copy of what left by another one, unless the station moved away (returns.c).
 */
static bool own_source(struct vsw *sw, struct vsw_burst *b, unsigned i, struct fdb_ref r)
{
	if (sw->special & SW_VEPA) {
		b->skip[i] = r.b->port[r.i];
		return true;
	}
	if (fdb_age(r) == FDB_STATIC || vsw_returned(sw, b, i, r)) {
		vsw_drop_frame(b, i, VSW_DROP_REFLECTED);
		return false;
	}
	learn(sw, b, i);
	return true;
}

/**
 * vsw_source_slow() - A source that is not simply known here: new, moved, due for refresh, static,
 * forged
 * @sw: The switch
 * @b:  The frame's burst
 * @i:  Its place there
 * @r:  Its source in the table, if it is there
 *
 * Return: whether the frame passes; if not it is dropped and counted.
 */
bool vsw_source_slow(struct vsw *sw, struct vsw_burst *b, unsigned i, struct fdb_ref r)
{
	struct vsw_port *in = b->in;
	uint32_t limit = in->policy.mac.limit;
	struct fdb_ref any = vsw_any_vlan(sw, b->src[i], b->vid[i]);
	bool here = r.i >= 0 && r.b->port[r.i] == in->fdb_port;

	if (any.i >= 0 && any.b->port[any.i] == in->fdb_port) {
		if (!vlan_bit(in->vlans_used, b->vid[i]))
			in->vlans_used[b->vid[i] >> 6] |= UINT64_C(1) << (b->vid[i] & 63);
		return true; /* the card's own, on a trunk */
	}
	if (in->strict)
		return forged(sw, b, i);
	if (!fdb_key_mac(b->src[i]))
		return true; /* nobody's address: whoever asks for it is to be flooded */
	if (in->is_uplink && sw->special & SW_RETURNS && !here && (r.i >= 0 || any.i >= 0))
		return own_source(sw, b, i, r.i >= 0 ? r : any);
	if (!in->learning || any.i >= 0 || (r.i >= 0 && fdb_age(r) == FDB_STATIC))
		return true;
	if (!here && limit && sw->fdb.learnt[in->fdb_port] >= limit)
		return over_limit(sw, b, i);
	learn(sw, b, i);
	return true;
}
