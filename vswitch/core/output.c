/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames to their receivers: each receiver of a burst is visited once.
 *
 * A receiver without special policies gets the very frames that came in. For others each frame
 * becomes a *view*: a struct pkt that has the tag the receiver's VLAN mode wants, still unfinished
 * (send.c).
 */
#include "core/output.h"

#include "core/dequeue.h"
#include "core/inspect.h"
#include "core/queue.h"
#include "core/send.h"
#include "policy/stages.h"

/* An access port gets its frames untagged, padded to the length that taking the tag out made them
 * miss (802.1Q-2018 6.9.2), wherever the tag was */
static const struct pkt *untag(struct vsw *sw, struct vsw_burst *b, unsigned i, unsigned slot)
{
	struct pkt_buf *buf = &sw->buf[slot];

	return pkt_vlan_untag(b->pkt[i], FRAME_MIN_LEN, buf) == 0 ? &buf->pkt : NULL;
}

/* Has it that very tag beside it? */
static inline bool has_tag(const struct vsw_burst *b, unsigned i, uint16_t tpid, uint16_t vid)
{
	const struct pkt *p = b->pkt[i];

	return b->tag[i] == TAG_META && p->vlan_tci == (b->pcp[i] << 12 | vid) &&
	       p->vlan_tpid == tpid;
}

/* A trunk gets the frame's VLAN in a tag, in the metadata unless it is in the bytes already. @vid:
 * 0 in its native VLAN: a tag that has nothing but the priority */
static const struct pkt *tag(struct vsw *sw, struct vsw_burst *b, unsigned i, unsigned slot,
			     uint16_t tpid, uint16_t vid)
{
	uint16_t tci = (uint16_t)(b->pcp[i] << 12 | vid);
	const struct pkt *p = b->pkt[i];
	struct pkt_buf *buf = &sw->buf[slot];

	if (b->tag[i] == TAG_BYTES) {
		const uint8_t *head = pkt_head(p);

		if (frame_be16(head + FRAME_ETH_LEN) == tci &&
		    frame_be16(head + FRAME_ADDRS_LEN) == tpid)
			return p;
		if (pkt_vlan_to_meta(p, buf) != 0)
			return NULL;
		p = &buf->pkt;
	} else if (b->tag[i] == TAG_NONE && p->flags & PKT_VLAN) {
		return pkt_vlan_push(p, tpid, tci, buf) == 0 ? &buf->pkt : NULL;
	}
	sw->view[slot] = *p;
	sw->view[slot].flags |= PKT_VLAN;
	sw->view[slot].vlan_tpid = tpid;
	sw->view[slot].vlan_tci = tci;
	return &sw->view[slot];
}

/*
 * Would a tag that is payload to us stand in front of a frame that leaves untagged? If it is of the
 * type that counts behind this port, it means a VLAN to the next bridge (802.1Q-2018 6.9), and the
 * sender chose it. So it must be one that the sender may use. Behind a port in tunnel mode, which
 * has no tags of its own, tags are the customer's.
 */
static bool bares_tag(const struct vsw_burst *b, unsigned i, const struct vsw_port *p)
{
	uint16_t vid = b->inner[i] & VID_MASK;

	return b->inner[i] && b->inner[i] >> 16 == p->tpid &&
	       (!vid || vid == VID_RESERVED || b->in->tpid != p->tpid ||
		!vlan_bit(b->in->in_vlans, vid));
}

/* Frames of its native VLAN leave untagged, and would lose their priority (802.1Q-2018 6.9): is
 * this a trunk, which takes tags? */
static bool takes_priority(const struct vsw_port *p)
{
	return p->out_special & OUT_TAGGED && p->policy.vlan.accept != VSW_ACCEPT_UNTAGGED;
}

/* The frame as this receiver's VLAN mode wants it; NULL if it cannot be made */
static const struct pkt *view(struct vsw *sw, struct vsw_burst *b, unsigned i, unsigned slot,
			      struct vsw_port *p, enum vsw_drop *why)
{
	*why = VSW_DROP_FINISH;
	if (p->out_special & OUT_TAGGED && b->vid[i] != p->vid_out)
		return has_tag(b, i, p->tpid, b->vid[i]) ? b->pkt[i] :
							   tag(sw, b, i, slot, p->tpid, b->vid[i]);
	if (b->has & BURST_INNER && bares_tag(b, i, p)) {
		*why = VSW_DROP_BARE_TAG;
		return NULL;
	}
	if (b->pcp[i] && takes_priority(p))
		return tag(sw, b, i, slot, p->tpid, 0);
	return b->tag[i] == TAG_NONE ? b->pkt[i] : untag(sw, b, i, slot);
}

/* Policies on the way out. False: the frame does not pass. A marked frame takes its place
 * in the burst. */
static bool inspect(struct vsw *sw, struct vsw_burst *b, unsigned i, unsigned slot,
		    struct vsw_port *p)
{
	/* copies show it unmarked: marks live as long as the visit only */
	const struct pkt *was = b->pkt[i];
	int why = -1;

	if (p->out_special & OUT_ROWS)
		why = vsw_inspect_out(p, b, i);
	if (why < 0 && p->out_special & OUT_RULES)
		why = vsw_rules_run(p, VSW_DIR_TO_PORT, b, i, &b->pkt[i], &sw->marked[slot],
				    vsw_now(sw));
	if (why >= 0) {
		vsw_drop_pkt(p, (enum vsw_drop)why, b->pkt[i]);
		return false;
	}
	if (p->out_special & OUT_MIRROR)
		vsw_mirror_note(sw, p->mirror_out, b, i, was, VSW_DIR_TO_PORT);
	return true;
}

static void visit_special(struct vsw *sw, struct vsw_burst *b, struct vsw_port *p, unsigned n)
{
	const struct pkt *out[PKT_BURST];
	unsigned views = 0;

	for (unsigned j = 0; j < n; j++) {
		unsigned i = p->list[j];
		const struct pkt *was = b->pkt[i];
		uint8_t pcp = b->pcp[i];
		enum vsw_drop why;

		if (p->out_special & (OUT_CLOSED | OUT_MAC_CHANGE)) {
			vsw_drop_pkt(p, port_closed_why(p), b->pkt[i]);
			continue;
		}
		if (p->out_special & OUT_FRAMES && !inspect(sw, b, i, views, p))
			continue;
		out[views] = view(sw, b, i, views, p, &why);
		if (out[views])
			views++;
		else
			vsw_drop_pkt(p, why, was);
		b->pkt[i] = was; /* the mark was for this receiver */
		b->pcp[i] = pcp;
	}
	if (views)
		vsw_port_pass(p, out, views);
}

/* The owner will copy it: send for what comes after the head, until the machine's own read-ahead
 * takes over */
static inline void fetch_payload(const struct pkt *p)
{
	const uint8_t *head = pkt_head(p);

	__builtin_prefetch(head + 64);
	__builtin_prefetch(head + 128);
	__builtin_prefetch(head + 192);
}

/* No tags, no offloads, no group address in the burst, nothing special about the receiver */
static inline void visit_plain(struct vsw_burst *b, struct vsw_port *p, unsigned n)
{
	const struct pkt *out[PKT_BURST];
	uint64_t bytes = 0;
	unsigned taken, j = 0;

	do {
		out[j] = b->pkt[p->list[j]];
		bytes += out[j]->len;
		if (out[j]->len > 64)
			fetch_payload(out[j]);
	} while (++j < n); /* a listed receiver has one frame at least */
	taken = p->ops->send(p->opaque, out, n);
	if (unlikely(taken < n)) {
		vsw_queue_put(p, out + taken, n - taken);
		for (j = taken; j < n; j++)
			bytes -= out[j]->len;
	}
	p->c.out.unicast.frames += taken < n ? taken : n;
	p->c.out.unicast.bytes += bytes;
}

/**
 * vsw_output() - Visit the receivers of a burst
 * @sw: The switch
 * @b:  The burst; lists of the ports in sw->used_port are emptied
 */
void vsw_output(struct vsw *sw, struct vsw_burst *b)
{
	for (unsigned u = 0; u < sw->used; u++) {
		struct vsw_port *p = sw->port[sw->used_port[u]];
		unsigned n = p->listed;

		p->listed = 0;
		if (likely(!p->out_special && !b->has))
			visit_plain(b, p, n);
		else
			visit_special(sw, b, p, n);
		if (unlikely(sw->mirror_full))
			vsw_mirrors_send(sw);
	}
	sw->used = 0;
	if (unlikely(sw->mirror_noted))
		vsw_mirrors_send(sw);
	if (unlikely(sw->paced))
		vsw_run_paced(sw);
}
