/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a receive completion says of a frame's checksums.
 *
 * The status is truthful: CNC unless this device, or whoever made the frame, knows; TUC and IPC
 * only for what was verified. A frame that another guest sent with its checksum unfinished was
 * completed before it comes here (rx.c); a message taken whole has none to verify, and none that
 * could be wrong.
 */
#include "rx-offload.h"

/*
 * Find the frame inside a tunnel. A message says where its L4 header is; for others the UDP port
 * tells what to expect.
 */
static bool parse_inner(const struct pkt *pkt, const struct frame *f, struct frame *in)
{
	if (pkt->gso_type)
		return (frame_parse_tunnel(in, pkt, f, FRAME_GENEVE, FRAME_OPT_ANY_LEN) &&
			in->l4 == pkt->csum_start) ||
		       (frame_parse_tunnel(in, pkt, f, FRAME_VXLAN, FRAME_OPT_ANY_LEN) &&
			in->l4 == pkt->csum_start);
	return frame_parse_inner(in, pkt, f, 0);
}

static uint32_t proto_flags(const struct frame *f)
{
	return (f->flags & FRAME_IPV4 ? RCD_V4 : 0) | (f->flags & FRAME_IPV6 ? RCD_V6 : 0) |
	       (f->flags & FRAME_FRAG ? RCD_FRG : 0) | (f->flags & FRAME_TCP ? RCD_TCP : 0) |
	       (f->flags & FRAME_UDP ? RCD_UDP : 0);
}

/* frame_verify_l4(), or pkt_l4_csum(), which believes what is said of the outer header. */
typedef enum frame_csum verifier(const struct pkt *pkt, const struct frame *f);

/* Verified by us, or known to be right; a message has none that could be wrong. */
static enum frame_csum l4_status(const struct pkt *pkt, const struct frame *f, verifier *verify)
{
	if (!(f->flags & (FRAME_TCP | FRAME_UDP)) || (f->flags & FRAME_FRAG))
		return FRAME_CSUM_UNKNOWN;
	return pkt->gso_type ? FRAME_CSUM_GOOD : verify(pkt, f);
}

/* Status of a pair of IP and L4 header, as flags. RCD_CNC is in d0. */
static void describe_csum(const struct pkt *pkt, const struct frame *f, verifier *verify,
			  struct vmx_rx_info *info)
{
	enum frame_csum l4 = l4_status(pkt, f, verify);

	if (frame_verify_ip(pkt, f) == FRAME_CSUM_GOOD)
		info->d3 |= RCD_IPC;
	if (l4 == FRAME_CSUM_GOOD)
		info->d3 |= RCD_TUC;
	else if (l4 != FRAME_CSUM_BAD)
		info->d0 |= RCD_CNC;
}

/*
 * The frame inside a tunnel, if the driver wants to hear of that one (UPT1_F_RXINNEROFLD). Both
 * checksums have to be right: Linux then believes both. An outer checksum that is not there counts
 * as right.
 */
static HWNET_APART bool describe_inner(const struct pkt *pkt, const struct frame *f,
				       struct vmx_rx_info *info)
{
	enum frame_csum outer;
	struct frame in;

	if (!(f->flags & FRAME_UDP) || (f->flags & FRAME_FRAG) ||
	    (pkt->gso_type && !pkt->outer_l4) || !parse_inner(pkt, f, &in) ||
	    !(in.flags & (FRAME_TCP | FRAME_UDP)))
		return false;
	outer = pkt->gso_type ? FRAME_CSUM_GOOD : pkt_l4_csum(pkt, f);
	if (outer != FRAME_CSUM_GOOD && outer != FRAME_CSUM_ABSENT)
		return false;
	info->d0 |= RCD_INNER;
	info->d3 |= proto_flags(&in);
	describe_csum(pkt, &in, frame_verify_l4, info);
	return true;
}

/**
 * vmx_rx_describe() - Work out what the completion will say, but for queue and hash
 * @v:    The card
 * @pkt:  The frame
 * @f:    It, parsed
 * @info: Filled
 */
void vmx_rx_describe(struct vmx *v, const struct pkt *pkt, const struct frame *f,
		     struct vmx_rx_info *info)
{
	info->d0 = 0;
	info->d3 = RCD_FCS;
	info->d2 = pkt->flags & PKT_VLAN ? RCD_TS | RCD_TCI(pkt->vlan_tci) : 0;
	info->segs = pkt->gso_type ? gso_segments(pkt) : 0;
	info->mss = pkt->gso_size;
	if (!(v->s->features & UPT_F_RXCSUM)) {
		info->d0 |= RCD_CNC;
		info->d3 |= proto_flags(f);
		return;
	}
	if (v->s->rev >= 4 && (v->s->features & UPT_F_RXINNEROFLD) && describe_inner(pkt, f, info))
		return;
	info->d3 |= proto_flags(f);
	describe_csum(pkt, f, pkt_l4_csum, info);
}
