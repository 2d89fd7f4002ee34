/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames inside VXLAN, Geneve and GRE; see hwnet/parse.h. */
#include "hwnet/parse.h"

/* What follows a tunnel header. */
struct inner {
	uint32_t off;
	uint16_t type; /* FRAME_TYPE_TEB: Ethernet */
};

/* RFC 7348, 5: I flag, 3 bytes reserved, VNI, 1 byte reserved. */
static bool vxlan_inner(const uint8_t *p, uint32_t have, struct inner *in)
{
	if (have < in->off + 8 || !(p[in->off] & 0x08))
		return false;
	in->off += 8;
	in->type = FRAME_TYPE_TEB;
	return true;
}

/* RFC 8926, 3.4: version 0, length of options in words, protocol, VNI. */
static bool geneve_inner(const uint8_t *p, uint32_t have, struct inner *in)
{
	uint32_t len;

	if (have < in->off + 8 || p[in->off] >> 6)
		return false;
	len = 8 + (p[in->off] & 0x3f) * 4u;
	if (have < in->off + len)
		return false;
	in->type = frame_be16(p + in->off + 2);
	in->off += len;
	return true;
}

/* RFC 2784, 2.1 and RFC 2890, 2: C, K, S say which words follow; version 0; no routing. */
static bool gre_inner(const uint8_t *p, uint32_t have, struct inner *in)
{
	uint32_t flags, len;

	if (have < in->off + 4)
		return false;
	flags = frame_be16(p + in->off);
	if (flags & 0x4fff)
		return false;
	len = 4 + (flags & 0x8000 ? 4 : 0) + (flags & 0x2000 ? 4 : 0) + (flags & 0x1000 ? 4 : 0);
	if (have < in->off + len)
		return false;
	in->type = frame_be16(p + in->off + 2);
	in->off += len;
	return true;
}

bool frame_parse_tunnel(struct frame *f, const struct pkt *pkt, const struct frame *outer,
			enum frame_tunnel kind, unsigned opts)
{
	uint32_t want = kind == FRAME_GRE_TUNNEL ? FRAME_GRE : FRAME_UDP;
	const uint8_t *p = pkt_head(pkt);
	uint32_t have = pkt_head_len(pkt);
	struct inner in = { outer->l4, 0 };
	bool sound;

	if (!(outer->flags & want) || (outer->flags & (FRAME_FRAG | FRAME_BAD)))
		return false;
	have = have < outer->end ? have : outer->end;
	if (kind == FRAME_GRE_TUNNEL) {
		sound = gre_inner(p, have, &in);
	} else {
		in.off += 8;
		sound = kind == FRAME_VXLAN ? vxlan_inner(p, have, &in) :
					      geneve_inner(p, have, &in);
	}
	if (!sound)
		return false;
	if (in.type == FRAME_TYPE_TEB)
		frame_parse_eth(f, p, have, outer->end, in.off, opts);
	else
		frame_parse_l3(f, p, have, outer->end, in.off, in.type, opts);
	return true;
}

bool frame_parse_inner(struct frame *f, const struct pkt *pkt, const struct frame *outer,
		       unsigned opts)
{
	if (!(outer->flags & FRAME_UDP))
		return false;
	switch (frame_be16(pkt_head(pkt) + outer->l4 + 2)) {
	case FRAME_PORT_VXLAN:
	case FRAME_PORT_VXLAN_OLD:
		return frame_parse_tunnel(f, pkt, outer, FRAME_VXLAN, opts);
	case FRAME_PORT_GENEVE:
		return frame_parse_tunnel(f, pkt, outer, FRAME_GENEVE, opts);
	default:
		return false;
	}
}
