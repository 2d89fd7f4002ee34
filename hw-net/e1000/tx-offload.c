/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Transmit offloads: VLAN tag, checksums, segmentation, FCS (3.3, 3.5, 3.6, chapter 9).
 *
 * DOC: Theory of Operation
 *
 * What can be left to whoever receives the frame is: the checksum of its TCP or UDP header becomes
 * PKT_CSUM_PARTIAL, a message to be cut becomes a GSO message with its headers completed by
 * gso_init(), the tag becomes PKT_VLAN. The rest is done here, in the frame's private head: the
 * IPv4 header checksum, sums over a part of the frame, and those that the guest wants in any other
 * place (pkt_words_settle()), so that a filter sees the bytes that leave.
 *
 * There are two contexts, one that TSO uses and one that other frames use; each context descriptor
 * replaces one (3.3.6).
 *
 * A checksum whose field or start lies outside of the frame is not inserted. A message whose
 * context contradicts its headers is dropped: hardware would send segments that nobody accepts.
 * Segments of zero bytes are not made of it.
 */
#include "tx-offload.h"

#define CTX_CSUM 0
#define CTX_TSO	 1

/* Words of a context descriptor that tell of a sum: IPCSS, IPCSO, IPCSE; TUCSS, TUCSO, TUCSE */
#define CTX_IP 0
#define CTX_TU 1

/**
 * e1000_tx_context() - Take a context descriptor over
 * @ctx: The contexts
 * @d:   The descriptor
 */
void e1000_tx_context(uint32_t ctx[2][4], const struct e1000_desc *d)
{
	memcpy(ctx[d->w[2] & TXD_TSE ? CTX_TSO : CTX_CSUM], d->w, sizeof(d->w));
}

/* Start, field and last byte of a checksum: 3.3.6 */
static unsigned sum_start(uint32_t w)
{
	return w & 0xff;
}

static unsigned sum_field(uint32_t w)
{
	return w >> 8 & 0xff;
}

static unsigned sum_end(uint32_t w)
{
	return w >> 16;
}

static unsigned ctx_hdr_len(const uint32_t *ctx)
{
	return ctx[3] >> 8 & 0xff;
}

static unsigned ctx_mss(const uint32_t *ctx)
{
	return ctx[3] >> 16;
}

/* Legacy: CSO and CSS */
static unsigned legacy_field(const struct e1000_desc *d)
{
	return d->w[2] >> 16 & 0xff;
}

static unsigned legacy_start(const struct e1000_desc *d)
{
	return d->w[3] >> 8 & 0xff;
}

static uint32_t max(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

/**
 * e1000_tx_head_need() - How much of a frame must be private
 * @c:     The card
 * @first: Its first descriptor
 * @last:  Its last
 *
 * Return: PKT_HEAD, or more if an offset of the offloads points behind it.
 */
uint32_t e1000_tx_head_need(const struct e1000 *c, const struct e1000_desc *first,
			    const struct e1000_desc *last)
{
	const uint32_t *ctx = c->tx.ctx[e1000_wants_tso(first) ? CTX_TSO : CTX_CSUM];
	uint32_t need = PKT_HEAD;

	if (!e1000_is_extended(first))
		return last->w[2] & TXD_IC ? max(need, legacy_field(last) + 2) : need;
	if (e1000_wants_tso(first))
		return max(need, ctx_hdr_len(ctx));
	if (first->w[3] & TXD_POPTS_IXSM)
		need = max(need, sum_field(ctx[CTX_IP]) + 2);
	if (first->w[3] & TXD_POPTS_TXSM)
		need = max(need, sum_field(ctx[CTX_TU]) + 2);
	return need;
}

/*
 * Put the sum of [@start, @end) into the field at @field, now or, if it runs to the end of the
 * frame, later. The head holds the field. CVE-2022-23087 was a field behind it.
 */
static void insert_sum(struct pkt *pkt, unsigned start, unsigned field, uint32_t end)
{
	uint8_t *head = pkt->iov[0].iov_base;
	uint16_t sum;

	if (!end || end > pkt->len)
		end = pkt->len;
	if (start >= end || field + 2 > pkt->len)
		return;
	if (end == pkt->len && field >= start && !(pkt->flags & PKT_CSUM_PARTIAL)) {
		pkt->flags |= PKT_CSUM_PARTIAL;
		pkt->csum_start = (uint16_t)start;
		pkt->csum_offset = (uint16_t)(field - start);
		return;
	}
	sum = csum_fold(csum_pkt(pkt, start, end - start));
	memcpy(head + field, &sum, 2);
}

/* The IPv4 header's sum is always done here: whoever takes the frame expects nothing less. */
static void insert_ip_sum(struct pkt *pkt, uint32_t w)
{
	uint8_t *head = pkt->iov[0].iov_base;
	unsigned start = sum_start(w), field = sum_field(w);
	uint32_t end = sum_end(w) ? sum_end(w) + 1 : pkt->len;
	uint16_t sum;

	end = end < pkt->len ? end : pkt->len;
	if (start >= end || field + 2 > pkt->len)
		return;
	sum = csum_fold(csum_pkt(pkt, start, end - start));
	memcpy(head + field, &sum, 2);
}

static void checksums(const struct e1000 *c, struct pkt *pkt, const struct e1000_desc *first,
		      const struct e1000_desc *last)
{
	const uint32_t *ctx = c->tx.ctx[CTX_CSUM];

	if (!e1000_is_extended(first)) {
		if (last->w[2] & TXD_IC)
			insert_sum(pkt, legacy_start(last), legacy_field(last), 0);
		return;
	}
	if (first->w[3] & TXD_POPTS_IXSM)
		insert_ip_sum(pkt, ctx[CTX_IP]);
	if (first->w[3] & TXD_POPTS_TXSM)
		insert_sum(pkt, sum_start(ctx[CTX_TU]), sum_field(ctx[CTX_TU]),
			   sum_end(ctx[CTX_TU]) ? sum_end(ctx[CTX_TU]) + 1 : 0);
}

/* 3.5: cut into segments of MSS bytes behind HDRLEN bytes of headers. TUCMD says IPv4 or IPv6, TCP
 * or UDP. */
static const char *segment(const struct e1000 *c, struct pkt *pkt)
{
	const uint32_t *ctx = c->tx.ctx[CTX_TSO];
	uint32_t hdr_len = ctx_hdr_len(ctx), mss = ctx_mss(ctx);
	const char *why;

	if (!mss)
		return "TSO context without MSS";
	if (!hdr_len || pkt->len <= hdr_len)
		return "TSO message without payload";
	if (!(ctx[2] & TXD_TUCMD_TCP))
		pkt->gso_type = PKT_GSO_UDP_L4;
	else
		pkt->gso_type = ctx[2] & TXD_TUCMD_IP ? PKT_GSO_TCPV4 : PKT_GSO_TCPV6;
	pkt->gso_size = (uint16_t)mss;
	why = gso_init(pkt, pkt->iov[0].iov_base);
	if (why)
		return why;
	if (pkt->hdr_len != hdr_len)
		return "TSO context whose HDRLEN is not the headers' length";
	if (pkt->len - hdr_len > mss)
		return NULL;
	/* One segment: a frame like any other, with its headers completed. */
	pkt->gso_type = PKT_GSO_NONE;
	pkt->gso_size = pkt->hdr_len = 0;
	return NULL;
}

/* An EtherType that pkt.h has no word for: the tag goes into the bytes, which are ours. */
static void tag_in_bytes(struct pkt *pkt, struct iovec *iov, uint16_t tpid, uint16_t tci)
{
	uint8_t *type = (uint8_t *)iov->iov_base + FRAME_ADDRS_LEN;

	memmove(type + FRAME_TAG_LEN, type, iov->iov_len - FRAME_ADDRS_LEN);
	frame_put_be16(type, tpid);
	frame_put_be16(type + 2, tci);
	iov->iov_len += FRAME_TAG_LEN;
	pkt->len += FRAME_TAG_LEN;
	if (pkt->flags & PKT_CSUM_PARTIAL)
		pkt->csum_start = (uint16_t)(pkt->csum_start + FRAME_TAG_LEN);
	if (pkt->gso_type)
		pkt->hdr_len = (uint16_t)(pkt->hdr_len + FRAME_TAG_LEN);
}

/* VLE, 9.2: in the last descriptor; for a message in the first does as well, Linux sets all of
 * them. */
static void tag(const struct e1000 *c, struct pkt *pkt, struct iovec *iov,
		const struct e1000_desc *first, const struct e1000_desc *last)
{
	const struct e1000_desc *d =
		e1000_wants_tso(first) && !(last->w[2] & TXD_VLE) ? first : last;
	uint16_t tpid = (uint16_t)REG(c, VET), tci = (uint16_t)(d->w[3] >> 16);

	if (!(d->w[2] & TXD_VLE) || !(REG(c, CTRL) & CTRL_VME))
		return;
	if (tpid != FRAME_TYPE_VLAN && tpid != FRAME_TYPE_QINQ) {
		tag_in_bytes(pkt, iov, tpid, tci);
		return;
	}
	pkt->flags |= PKT_VLAN;
	pkt->vlan_tpid = tpid;
	pkt->vlan_tci = tci;
}

/* Without IFCS the driver has put the FCS behind the frame: take it off, and say so if it is
 * wrong. */
static const char *take_fcs(struct pkt *pkt, struct iovec *iov)
{
	uint8_t fcs[FRAME_FCS_LEN];
	uint32_t left = FRAME_FCS_LEN, crc;
	unsigned n = pkt->iovcnt;

	if (pkt->len < FRAME_ETH_LEN + FRAME_FCS_LEN)
		return "frame shorter than header and FCS";
	pkt_copy(pkt, pkt->len - FRAME_FCS_LEN, fcs, FRAME_FCS_LEN);
	while (left) {
		uint32_t cut = iov[n - 1].iov_len < left ? (uint32_t)iov[n - 1].iov_len : left;

		iov[n - 1].iov_len -= cut;
		left -= cut;
		n -= !iov[n - 1].iov_len;
	}
	pkt->iovcnt = (uint16_t)n;
	pkt->len -= FRAME_FCS_LEN;
	crc = pkt_crc32(pkt);
	if (crc != get32(fcs))
		pkt->flags |= PKT_FCS_BAD;
	return NULL;
}

/**
 * e1000_tx_offload() - Do or note what the descriptors ask for
 * @c:     The card
 * @pkt:   The frame: bytes as the guest queued them
 * @iov:   Its entries, writable; the first is private memory with room for a tag
 * @first: First descriptor
 * @last:  Last descriptor
 *
 * Return: NULL, or why the frame must be dropped.
 */
const char *e1000_tx_offload(struct e1000 *c, struct pkt *pkt, struct iovec *iov,
			     const struct e1000_desc *first, const struct e1000_desc *last)
{
	const char *why = NULL;

	if (e1000_wants_tso(first))
		why = segment(c, pkt);
	else if (!(last->w[2] & TXD_IFCS))
		why = take_fcs(pkt, iov);
	if (why)
		return why;
	if (!e1000_wants_tso(first))
		checksums(c, pkt, first, last);
	if (pkt->len >= FRAME_ETH_LEN)
		tag(c, pkt, iov, first, last);
	if ((pkt->flags & PKT_CSUM_PARTIAL) && !pkt->gso_type)
		why = pkt_words_settle(pkt, iov->iov_base);
	return why;
}
