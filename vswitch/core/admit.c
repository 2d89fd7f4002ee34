/* SPDX-License-Identifier: BSD-2-Clause */
/* What is asked of each frame that comes in: length, tag and VLAN, reserved and group addresses. */
#include "core/admit.h"

#define RESERVED_MASK UINT64_C(0xfffffffffff0)
#define RESERVED_BASE UINT64_C(0x0180c2000000) /* 802.1Q-2018 table 8-1 */

/* Longest frame it will be, its tag not counted */
static uint32_t longest(const struct vsw_burst *b, unsigned i)
{
	const struct pkt *p = b->pkt[i];
	uint32_t len = p->gso_type ? (uint32_t)p->hdr_len + p->gso_size : p->len;

	return b->tag[i] == TAG_BYTES ? len - FRAME_TAG_LEN : len;
}

/* What admit_tag() finds besides a reason to drop the frame */
enum { TAG_NOT_OWN = -1, TAG_CARRIED = -2 };

/*
 * A tag that this port takes for its own: where it is, and which VLAN it means. Other tags are
 * payload (802.1Q-2018 6.9: a C-VLAN component sees C-tags only), and a priority tag says nothing
 * of the VLAN (6.9.1).
 */
static int admit_tag(struct vsw_burst *b, unsigned i, const struct pkt *p, const uint8_t *head)
{
	struct vsw_port *in = b->in;
	uint16_t tci, vid;

	if (p->flags & PKT_VLAN) {
		if (p->vlan_tpid != in->tpid)
			return TAG_NOT_OWN;
		tci = p->vlan_tci;
		b->tag[i] = TAG_META;
	} else {
		if (p->iov[0].iov_len < FRAME_ETH_LEN + FRAME_TAG_LEN)
			return VSW_DROP_MALFORMED;
		tci = frame_be16(head + FRAME_ETH_LEN);
		b->tag[i] = TAG_BYTES;
	}
	b->has |= BURST_TAGS;
	b->pcp[i] = (uint8_t)(tci >> 12);
	vid = tci & VID_MASK;
	if (vid == VID_RESERVED)
		return VSW_DROP_VLAN_RESERVED;
	if (vid == 0)
		return TAG_NOT_OWN;
	b->vid[i] = vid;
	return vlan_bit(in->in_vlans, vid) ? TAG_CARRIED : VSW_DROP_VLAN;
}

/* Destination is a group. False: it is reserved and does not pass. */
static bool admit_group(struct vsw_burst *b, unsigned i, uint64_t dst)
{
	b->has |= BURST_GROUPS;
	b->kind[i] = dst == MAC_BROADCAST ? KIND_BROADCAST : KIND_MULTICAST;
	return (dst & RESERVED_MASK) != RESERVED_BASE || b->in->reserved >> (dst & 15) & 1;
}

static bool is_tag(uint16_t type)
{
	return type == FRAME_TYPE_VLAN || type == FRAME_TYPE_QINQ;
}

static void note_inner(struct vsw_burst *b, unsigned i, uint16_t type, uint16_t tci)
{
	if (!(b->has & BURST_INNER))
		memset(b->inner, 0, sizeof(b->inner));
	b->has |= BURST_INNER;
	b->inner[i] = (uint32_t)type << 16 | tci;
}

/* A tag that is payload to us: behind ours, or of a type that is not this port's. Output must know
 * of it, because to the next bridge it may count as soon as nothing stands before it. */
static void find_inner(struct vsw_burst *b, unsigned i, const struct pkt *p, const uint8_t *head)
{
	unsigned at = b->tag[i] == TAG_BYTES ? 16 : 12, have = (unsigned)p->iov[0].iov_len;

	if (b->tag[i] == TAG_NONE && p->flags & PKT_VLAN)
		note_inner(b, i, p->vlan_tpid, p->vlan_tci);
	else if (have >= at + 2 && is_tag(frame_be16(head + at)))
		note_inner(b, i, frame_be16(head + at),
			   have < at + 4 ? 0 : frame_be16(head + at + 2));
}

/* Behind tags: one that is taken off must not leave a PAUSE. */
static bool hides_control(const struct pkt *p, const uint8_t *head, uint16_t type)
{
	for (unsigned at = 16; is_tag(type) && at + 2 <= p->iov[0].iov_len && at < 32; at += 4)
		type = frame_be16(head + at);
	return type == FRAME_TYPE_CONTROL;
}

/* Tagged, or untagged at a port that does not take that: a reason to drop it, or -1 */
static int admit_odd_tag(struct vsw_burst *b, unsigned i, const struct pkt *p, const uint8_t *head,
			 uint16_t type)
{
	bool means = admit_may_mean(type);
	int tag = TAG_NOT_OWN;

	if (p->flags & PKT_VLAN || type == b->in->tpid)
		tag = admit_tag(b, i, p, head);
	if (means && hides_control(p, head, type))
		return VSW_DROP_RESERVED;
	if (tag < 0 && (means || b->tag[i] == TAG_NONE))
		find_inner(b, i, p, head);
	if (tag == TAG_NOT_OWN && !b->in->untagged)
		return VSW_DROP_VLAN;
	return tag < 0 ? -1 : tag;
}

/* Offload words: a reason to drop it, or -1 */
static int admit_offloads(struct vsw_burst *b, const struct pkt *p)
{
	b->has |= BURST_OFFLOADS;
	b->more_bytes += wire_bytes(p) - p->len;
	if (likely(!p->gso_type))
		return -1;
	b->more_frames += wire_frames(p) - 1;
	if (!gso_sound(p))
		return VSW_DROP_MALFORMED;
	b->in->c.in.gso++;
	return -1;
}

/* A reason to drop it, or -1 */
static int admit(struct vsw *sw, struct vsw_burst *b, unsigned i, uint64_t dst, uint64_t tail)
{
	const struct pkt *p = b->pkt[i];
	int why = -1, tag = -1;

	if (p->flags & ADMIT_FLAGS || p->gso_type)
		why = admit_offloads(b, p);
	if (mac_is_group(dst) && !admit_group(b, i, dst))
		why = VSW_DROP_RESERVED;
	if (admit_may_mean((uint16_t)tail) || p->flags & PKT_VLAN || !b->in->untagged)
		tag = admit_odd_tag(b, i, p, pkt_head(p), (uint16_t)tail);
	if (p->len > sw->max_len && longest(b, i) > sw->max_len)
		why = VSW_DROP_TOO_LONG;
	if (tail >> 56 & 1)
		why = VSW_DROP_SRC_GROUP;
	return tag < 0 ? why : tag;
}

/**
 * vsw_admit_odd() - Look at a frame that is not ordinary
 * @sw:   The switch
 * @b:    The frame's burst; what is found out about the frame is noted there
 * @i:    Its place there
 * @dst:  Its destination
 * @tail: Its source, and the type below it
 *
 * Return: the filtering id of its VLAN.
 */
uint16_t vsw_admit_odd(struct vsw *sw, struct vsw_burst *b, unsigned i, uint64_t dst, uint64_t tail)
{
	int why = admit(sw, b, i, dst, tail);

	if (unlikely(why >= 0)) {
		b->why[i] = (uint8_t)why;
		b->refused |= UINT64_C(1) << i;
	}
	return b->tag[i] ? sw->vlan[b->vid[i]].fid : b->in->fid;
}
