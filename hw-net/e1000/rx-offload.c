/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Receive checksum offload: what the last descriptor of a frame says about checksums
 * (3.2.9, 13.4.47).
 *
 * DOC: Theory of Operation
 *
 * RXCSUM.IPOFL has the IPv4 header verified, TUOFL TCP and UDP, IPV6OFL those over IPv6 as well. A
 * status bit (IPCS, TCPCS) says that a checksum was verified, an error bit (IPE, TCPE) that it was
 * wrong; IXSM says that nothing was. Fragments, and UDP without a checksum, are not verified.
 *
 * A frame whose maker verified the L4 checksum (PKT_CSUM_VALID) is not summed again, nor one whose
 * checksum is completed on its way into the guest's memory (pkt_l4_csum()).
 *
 * The packet checksum is the complement of the sum from byte PCSS to the end of the frame, as the
 * guest's memory has it without FCS. Where the L4 checksum is right, what follows the L4 header's
 * start sums up to the complement of the pseudo-header, so payload need not be touched. With RXCSUM
 * 0 nobody asks, and the field is 0.
 */
#include "rx-offload.h"

static bool l4_wanted(uint32_t rxcsum, const struct frame *f)
{
	return (rxcsum & RXCSUM_TUOFL) && (f->flags & (FRAME_TCP | FRAME_UDP)) &&
	       !(f->flags & FRAME_FRAG) && ((f->flags & FRAME_IPV4) || (rxcsum & RXCSUM_IPV6OFL));
}

/* A piece that starts at @off of the frame in a sum that starts at @from. */
static uint32_t placed(uint32_t sum, uint32_t off, uint32_t from)
{
	return (off - from) & 1 ? csum_odd(sum) : sum;
}

/* Does the L4 checksum go over all that IP says? UDP may say less. */
static bool is_all(const struct pkt *pkt, const struct frame *f)
{
	return !(f->flags & FRAME_UDP) || frame_be16(pkt_head(pkt) + f->l4 + 4) == f->end - f->l4;
}

/* Sum of [@from, end) of the bytes as they are. @good: L4 is known to be right. */
static uint32_t sum_from(const struct pkt *pkt, const struct frame *f, bool good, uint32_t from)
{
	uint32_t sum;

	if (from >= pkt->len)
		return 0;
	if (good && from <= f->l4 && f->end == pkt->len && is_all(pkt, f)) {
		sum = csum_bytes(pkt_head(pkt) + from, f->l4 - from);
		return csum_add(sum, placed((uint16_t)~csum_fold16(
						    csum_pseudo(pkt_head(pkt), f, f->end - f->l4)),
					    f->l4, from));
	}
	sum = csum_pkt(pkt, from, pkt->len - from);
	if (pkt->flags & PKT_CSUM_PARTIAL) {
		uint32_t at = pkt->csum_start + pkt->csum_offset;
		uint16_t old, new = pkt_csum_value(pkt);

		memcpy(&old, pkt_head(pkt) + at, 2);
		if (at >= from)
			sum = csum_add(sum, placed(csum_add((uint16_t)~old, new), at, from));
	}
	return sum;
}

/*
 * The packet checksum. @delta bytes of a tag are in the guest's memory but not in the frame (4), or
 * the other way round
 * (-4); PCSS counts in the former.
 */
static uint16_t packet_csum(const struct pkt *pkt, const struct frame *f, bool good, uint32_t pcss,
			    int delta)
{
	const uint8_t *p = pkt_head(pkt);
	uint8_t l2[FRAME_ADDRS_LEN + FRAME_TAG_LEN] = { 0 };
	uint32_t l2_len = delta > 0 ? sizeof(l2) : FRAME_ADDRS_LEN, sum;
	uint16_t v;

	if (!delta || pcss >= l2_len) {
		sum = sum_from(pkt, f, good, (uint32_t)((int)pcss - delta));
	} else {
		memcpy(l2, p, FRAME_ADDRS_LEN);
		frame_put_be16(l2 + FRAME_ADDRS_LEN, pkt->vlan_tpid);
		frame_put_be16(l2 + FRAME_ADDRS_LEN + 2, pkt->vlan_tci);
		sum = sum_from(pkt, f, good, delta > 0 ? FRAME_ADDRS_LEN : sizeof(l2));
		sum = csum_add(csum_bytes(l2 + pcss, l2_len - pcss), placed(sum, l2_len, pcss));
	}
	v = csum_fold(sum);
	return frame_be16((uint8_t *)&v);
}

/**
 * e1000_rx_checksum() - Verify what the guest wants verified
 * @c:   The card
 * @pkt: The frame
 * @delta: Bytes that a tag adds to (or takes from) the frame on its way to memory
 *
 * Return: checksum, status and error bits of the second quadword of a receive descriptor.
 */
uint64_t e1000_rx_checksum(struct e1000 *c, const struct pkt *pkt, int delta)
{
	uint32_t rxcsum = REG(c, RXCSUM), status = 0, errors = 0;
	enum frame_csum ip = FRAME_CSUM_UNKNOWN, l4 = FRAME_CSUM_UNKNOWN;
	struct frame f;
	uint64_t csum;

	if (!rxcsum)
		return (uint64_t)RXD_IXSM << RXD_STATUS_SHIFT;
	frame_parse(&f, pkt, 0);
	if (rxcsum & RXCSUM_IPOFL)
		ip = frame_verify_ip(pkt, &f);
	if (l4_wanted(rxcsum, &f))
		l4 = pkt_l4_csum(pkt, &f);
	if (ip == FRAME_CSUM_GOOD || ip == FRAME_CSUM_BAD)
		status |= RXD_IPCS;
	if (l4 == FRAME_CSUM_GOOD || l4 == FRAME_CSUM_BAD)
		status |= RXD_TCPCS;
	errors |= ip == FRAME_CSUM_BAD ? RXD_ERR_IPE : 0;
	errors |= l4 == FRAME_CSUM_BAD ? RXD_ERR_TCPE : 0;
	if (!status)
		status = RXD_IXSM;
	csum = packet_csum(pkt, &f, l4 == FRAME_CSUM_GOOD, rxcsum & RXCSUM_PCSS, delta);
	return csum << RXD_CSUM_SHIFT | (uint64_t)status << RXD_STATUS_SHIFT |
	       (uint64_t)errors << RXD_ERRORS_SHIFT;
}
