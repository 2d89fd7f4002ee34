/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Checksums and segmentation of a frame to send.
 *
 * The offsets in the first descriptor (hlen, msscof) are the driver's; they are checked against the
 * frame, and honoured for tunnels whatever the port numbers are (drivers offload VXLAN on ports
 * that no standard knows). A checksum is left to whoever receives the frame if it is that of its
 * TCP or UDP header; sums in other places are done here (pkt_words_settle()).
 */
#include "tx-offload.h"

/* A checksum to be completed: field at @field, sum from @start. */
static const char *set_csum(struct pkt *pkt, uint32_t start, uint32_t field)
{
	if (start > field || field + 2 > pkt_head_len(pkt) || field - start > UINT16_MAX)
		return "checksum field is outside";
	pkt->flags |= PKT_CSUM_PARTIAL;
	pkt->csum_start = (uint16_t)start;
	pkt->csum_offset = (uint16_t)(field - start);
	return NULL;
}

/*
 * Revision 7: om CSUM with ext1. hlen includes the inner L4 header, so the field's distance from
 * there tells which it is: 2 bytes for UDP, more for TCP; a field behind hlen belongs to another
 * protocol, whose header hlen does not count (Linux vmxnet3_parse_hdr).
 */
static const char *csum_inner(struct pkt *pkt, uint32_t hlen, uint32_t field)
{
	uint32_t back = field >= hlen ? 0 : hlen - field == 2 ? 6 : 16;

	if (field < back)
		return "checksum field is outside";
	return set_csum(pkt, back ? field - back : hlen, field);
}

/* Revision 4: om ENCAP with msscof 0. Only hlen is given, the end of the inner headers. */
static HWNET_APART const char *csum_encap(struct pkt *pkt, uint32_t hlen)
{
	static const enum frame_tunnel kinds[] = { FRAME_GENEVE, FRAME_VXLAN };
	struct frame outer, f;

	frame_parse(&outer, pkt, FRAME_OPT_9100);
	for (unsigned i = 0; i < 2; i++) {
		if (!frame_parse_tunnel(&f, pkt, &outer, kinds[i], FRAME_OPT_9100) ||
		    f.payload != hlen)
			continue;
		if (f.flags & (FRAME_TCP | FRAME_UDP))
			return set_csum(pkt, f.l4, f.l4 + (f.flags & FRAME_TCP ? 16 : 6));
	}
	return "no frame in the tunnel ends its headers at hlen";
}

/* A message in a tunnel: note the outer UDP header. */
static HWNET_APART const char *set_outer(struct pkt *pkt, bool outer_csum)
{
	struct frame outer;

	frame_parse(&outer, pkt, FRAME_OPT_9100 | FRAME_OPT_ANY_LEN);
	if (!(outer.flags & FRAME_UDP))
		return "TSO in a tunnel without outer UDP header";
	pkt->outer_l4 = outer.l4;
	pkt->flags |= outer_csum ? PKT_OUTER_CSUM : 0;
	return NULL;
}

/* A message to be cut into segments. The headers become those of one large frame. */
static const char *set_tso(struct pkt *pkt, uint8_t *head, uint32_t hlen, uint32_t mss)
{
	const char *why;

	pkt->gso_size = (uint16_t)mss;
	pkt->gso_type = PKT_GSO_TCPV4;
	why = gso_init(pkt, head);
	if (why) {
		pkt->gso_type = PKT_GSO_TCPV6;
		why = gso_init(pkt, head);
	}
	if (!why && pkt->hdr_len != hlen)
		why = "TSO: hlen is not where the payload begins";
	return why;
}

/* @tunnel: in a tunnel; @outer_csum: whose UDP checksum is to be completed too. */
static const char *tso(struct pkt *pkt, uint8_t *head, const struct vmx_desc *d, bool tunnel,
		       bool outer_csum)
{
	uint32_t hlen = TXD_HLEN(d->d3), mss = TXD_MSSCOF(d->d2);
	const char *why = NULL;

	if (!mss || hlen >= pkt->len)
		return "TSO without segment size or payload";
	if (tunnel)
		why = set_outer(pkt, outer_csum);
	return why ? why : set_tso(pkt, head, hlen, mss);
}

/* Words, as the driver's offsets say. */
static const char *set_words(const struct vmx_state *st, struct pkt *pkt, uint8_t *head,
			     const struct vmx_desc *d)
{
	uint32_t hlen = TXD_HLEN(d->d3), cof = TXD_MSSCOF(d->d2);
	bool ext1 = st->rev >= 7 && (d->d2 & TXD_EXT1), oco = st->rev >= 4 && (d->d2 & TXD_OCO);

	switch (TXD_OM(d->d3)) {
	case OM_CSUM:
		return ext1 ? csum_inner(pkt, hlen, cof) : set_csum(pkt, hlen, cof);
	case OM_TSO:
		return tso(pkt, head, d, ext1, oco);
	case OM_ENCAP:
		if (st->rev < 4)
			return "offload mode 1 is one of revision 4"; /* GL#517 */
		return cof ? tso(pkt, head, d, true, oco) : csum_encap(pkt, hlen);
	default:
		return NULL;
	}
}

/**
 * vmx_tx_offload() - Note, or do, what a descriptor asks for
 * @st:   State
 * @pkt:  The frame; its words are set
 * @head: Its iov[0], which may be altered
 * @d:    Its first descriptor
 *
 * Return: NULL, or why the frame must be dropped.
 */
const char *vmx_tx_offload(const struct vmx_state *st, struct pkt *pkt, uint8_t *head,
			   const struct vmx_desc *d)
{
	const char *why = set_words(st, pkt, head, d);

	if (!why && pkt->gso_type == PKT_GSO_NONE)
		why = pkt_words_settle(pkt, head);
	return why;
}
