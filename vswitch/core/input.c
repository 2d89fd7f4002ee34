/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The way of a burst from its port to the lists of its receivers.
 *
 * Short loops over arrays, so that what the next loop needs from memory is on its way while this
 * one computes: heads of frames, then the table's buckets.
 */
#include "core/input.h"

#include "core/addrs.h"
#include "core/admit.h"
#include "core/flood.h"
#include "core/inspect.h"
#include "core/output.h"
#include "core/receivers.h"
#include "core/source.h"
#include "policy/stages.h"

/* 8 bytes of a head as a number, first byte highest */
static inline uint64_t eight_from(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, 8);
	return __builtin_bswap64(v);
}

static void count_groups(struct vsw_burst *b)
{
	struct vsw_traffic *t = &b->in->c.in;

	for (unsigned i = 0; i < b->n; i++) {
		struct vsw_count *c = b->kind[i] == KIND_BROADCAST ? &t->broadcast : &t->multicast;

		if (b->kind[i] == KIND_UNICAST)
			continue;
		c->frames += wire_frames(b->pkt[i]);
		c->bytes += wire_bytes(b->pkt[i]);
		t->unicast.frames -= wire_frames(b->pkt[i]);
		t->unicast.bytes -= wire_bytes(b->pkt[i]);
	}
}

/* Count what came in. @bytes: lengths of all frames */
static void count_in(struct vsw_burst *b, uint64_t bytes)
{
	struct vsw_traffic *t = &b->in->c.in;

	t->unicast.frames += b->n + b->more_frames;
	t->unicast.bytes += bytes + b->more_bytes;
	if (b->has & BURST_GROUPS)
		count_groups(b);
}

/* Hash what will be looked up and send for the table's lines. @fid: of its VLAN */
static inline void fetch(struct vsw *sw, struct vsw_burst *b, unsigned i, uint16_t fid,
			 uint64_t dst, uint64_t src)
{
	uint64_t hash;

	src = fdb_key(fid, src);
	b->src[i] = src;
	if (b->in->lookup_src) {
		hash = fdb_hash(&sw->fdb, src);
		b->src_hash[i] = hash;
		__builtin_prefetch(fdb_home(&sw->fdb, hash), 1);
	}
	dst = fdb_key(fid, dst);
	hash = fdb_hash(&sw->fdb, dst);
	b->dst[i] = dst;
	b->dst_hash[i] = hash;
	__builtin_prefetch(fdb_home(&sw->fdb, hash));
}

/* Look at each frame's head. Return: lengths of all */
static inline uint64_t read_heads(struct vsw *sw, struct vsw_burst *b)
{
	struct vsw_port *in = b->in;
	uint32_t limit = admit_limit(in);
	uint64_t bytes = 0;

	for (unsigned i = 0; i < b->n; i++) {
		const struct pkt *p = b->pkt[i];
		uint64_t first = eight_from(pkt_head(p)), tail = eight_from(pkt_head(p) + 6);
		uint16_t fid = in->fid;

		b->vid[i] = in->vid;
		if (unlikely(admit_odd(p, first, (uint16_t)tail, limit)))
			fid = vsw_admit_odd(sw, b, i, first >> 16, tail);
		bytes += p->len;
		fetch(sw, b, i, fid, first >> 16, tail >> 16);
	}
	return bytes;
}

static void drop_refused(struct vsw_burst *b)
{
	for (uint64_t left = b->refused; left; left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctzll(left);

		vsw_drop_frame(b, i, (enum vsw_drop)b->why[i]);
	}
}

static inline bool source(struct vsw *sw, struct vsw_burst *b, unsigned i, unsigned ages)
{
	struct vsw_port *in = b->in;
	struct fdb_ref r;

	if (b->src[i] == in->last_src && in->last_version == sw->fdb.version)
		return true;
	r = fdb_lookup(&sw->fdb, b->src[i], b->src_hash[i]);
	if (unlikely(r.i < 0 || r.b->port[r.i] != in->fdb_port || !(ages >> fdb_age(r) & 1)))
		return vsw_source_slow(sw, b, i, r);
	in->last_src = b->src[i];
	in->last_version = sw->fdb.version;
	return true;
}

/* To the one port that the table names; -1, or why not */
static inline int to_port(struct vsw *sw, struct vsw_burst *b, unsigned i, uint16_t number)
{
	struct vsw_port *p = sw->port[number];

	if (unlikely(number == VSW_UPLINK))
		return vsw_to_uplink(sw, b, i);
	if (unlikely(p == b->in) && !p->reflective)
		return VSW_DROP_SAME_PORT;
	if (unlikely(!port_carries(p, b->vid[i])))
		return VSW_DROP_NO_DEST;
	if (unlikely(sw->special & SW_RETURNS) && vsw_refuses(sw, b, i, p))
		return VSW_DROP_REFLECTED;
	vsw_list(sw, p, i);
	return -1;
}

/* To all that get it, whoever they are */
static inline void route(struct vsw *sw, struct vsw_burst *b, unsigned i)
{
	int why = -1;

	if (unlikely(sw->special & SW_VEPA) && !b->in->is_uplink) {
		why = vsw_to_vepa(sw, b, i);
	} else if (likely(b->kind[i] == KIND_UNICAST)) {
		struct fdb_ref r = fdb_lookup(&sw->fdb, b->dst[i], b->dst_hash[i]);

		if (unlikely(r.i < 0))
			r = vsw_any_vlan(sw, b->dst[i], b->vid[i]);
		if (likely(r.i >= 0))
			why = to_port(sw, b, i, r.b->port[r.i]);
		else
			why = vsw_to_unknown(sw, b, i);
	} else {
		if (b->in->is_uplink && sw->special & SW_TEAM && vsw_beacon_seen(b->in, b->pkt[i]))
			return;
		why = vsw_to_group(sw, b, i);
	}
	if (unlikely(sw->special & SW_PROMISCUOUS) && vsw_to_promiscuous(sw, b, i))
		why = -1;
	if (unlikely(why >= 0))
		vsw_drop_pkt(b->in, (enum vsw_drop)why, b->pkt[i]);
}

/* Is it not dropped, and its source in order? */
static inline bool passes(struct vsw *sw, struct vsw_burst *b, unsigned i, unsigned ages)
{
	return likely(b->kind[i] != KIND_DROPPED) &&
	       (!b->in->lookup_src || likely(source(sw, b, i, ages)));
}

static void route_all(struct vsw *sw, struct vsw_burst *b, unsigned ages)
{
	for (unsigned i = 0; i < b->n; i++)
		if (passes(sw, b, i, ages))
			route(sw, b, i);
}

/* Out of line, so that the loop has the registers */
__attribute__((noinline)) static void route_odd(struct vsw *sw, struct vsw_burst *b, unsigned i)
{
	route(sw, b, i);
}

/* To the port that the table names, if it is an ordinary one */
static inline bool route_known(struct vsw *sw, struct vsw_burst *b, unsigned i)
{
	struct fdb_ref r = fdb_lookup(&sw->fdb, b->dst[i], b->dst_hash[i]);
	struct vsw_port *p;

	if (unlikely(r.i < 0))
		return false;
	p = sw->port[r.b->port[r.i]]; /* there is none for VSW_UPLINK */
	if (unlikely(!p || p == b->in || !port_carries(p, b->vid[i])))
		return false;
	vsw_list(sw, p, i);
	return true;
}

/* Nothing odd about the switch, and no groups in the burst: most frames go to one known port */
static void route_plain(struct vsw *sw, struct vsw_burst *b, unsigned ages)
{
	for (unsigned i = 0; i < b->n; i++)
		if (passes(sw, b, i, ages) && unlikely(!route_known(sw, b, i)))
			route_odd(sw, b, i);
}

/**
 * vsw_input_burst() - Take a burst from a port to its receivers
 * @in:   The port, open
 * @pkts: Frames
 * @n:    Their number, <= PKT_BURST
 */
void vsw_input_burst(struct vsw_port *in, const struct pkt *const *pkts, unsigned n)
{
	struct vsw *sw = in->sw;
	struct vsw_burst *b = &sw->burst;
	unsigned ages = in->strict ? 1u << FDB_STATIC : 1u << FDB_STATIC | 1u << sw->fdb.gen;

	b->in = in;
	b->n = n;
	b->has = 0;
	b->refused = b->more_frames = b->more_bytes = 0;
	memset(b->kind, KIND_UNICAST, sizeof(b->kind));
	memset(b->tag, TAG_NONE, sizeof(b->tag));
	memset(b->pcp, 0, sizeof(b->pcp));
	if (unlikely(sw->special & SW_ODD))
		memset(b->skip, 0, sizeof(b->skip));
	sw->class = in->class;
	for (unsigned i = 0; i < n; i++) {
		b->pkt[i] = pkts[i];
		__builtin_prefetch(pkt_head(pkts[i]));
	}
	count_in(b, read_heads(sw, b));
	if (unlikely(b->refused))
		drop_refused(b);
	if (unlikely(in->in_special & IN_POLICIES))
		vsw_inspect_in(b);
	if (unlikely(sw->special & SW_ODD || b->has & BURST_GROUPS))
		route_all(sw, b, ages);
	else
		route_plain(sw, b, ages);
	vsw_output(sw, b);
}
