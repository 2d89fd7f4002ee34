/* SPDX-License-Identifier: BSD-2-Clause */
/* Words that come from somebody else; see hwnet/words.h. */
#include "hwnet/words.h"

#include "hwnet/csum.h"
#include "hwnet/gso.h"

/* Headers that a sum may not wait in: a receiver cannot verify it, or they are not all there. */
#define UNFIT (FRAME_FRAG | FRAME_TRUNC | FRAME_BAD)

/* Is the sum that of this header? */
static bool is_sum_of(const struct pkt *pkt, const struct frame *f)
{
	uint32_t field = f->flags & FRAME_TCP ? FRAME_TCP_CSUM : FRAME_UDP_CSUM;

	return (f->flags & (FRAME_TCP | FRAME_UDP)) && !(f->flags & UNFIT) &&
	       f->l4 == pkt->csum_start && field == pkt->csum_offset;
}

static bool may_wait(const struct pkt *pkt, const struct frame *f)
{
	struct frame inner;

	return is_sum_of(pkt, f) ||
	       (pkt->csum_start > f->l4 && !(f->flags & UNFIT) &&
		frame_parse_inner(&inner, pkt, f, 0) && is_sum_of(pkt, &inner));
}

static const char *finish_now(struct pkt *pkt, uint8_t *head)
{
	uint32_t field = (uint32_t)pkt->csum_start + pkt->csum_offset;
	uint16_t v;

	if (field + 2 > pkt_head_len(pkt))
		return "checksum field is behind the head";
	v = pkt_csum_value(pkt);
	memcpy(head + field, &v, 2);
	pkt->flags &= (uint16_t)~PKT_CSUM_PARTIAL;
	pkt->csum_start = pkt->csum_offset = 0;
	return NULL;
}

/* The outer sum of a tunnel waits only where there is such a header, in front of the inner one. */
static bool is_outer(const struct pkt *pkt, const struct frame *f)
{
	return (f->flags & FRAME_UDP) && !(f->flags & UNFIT) && f->l4 == pkt->outer_l4 &&
	       (!(pkt->flags & PKT_CSUM_PARTIAL) || pkt->csum_start >= f->payload);
}

const char *pkt_words_settle(struct pkt *pkt, uint8_t *head)
{
	struct frame f;

	if (pkt->gso_type != PKT_GSO_NONE)
		return gso_check(pkt, NULL);
	if (!(pkt->flags & (PKT_CSUM_PARTIAL | PKT_OUTER_CSUM)))
		return NULL;
	pkt->flags &= (uint16_t)~PKT_CSUM_VALID;
	frame_parse(&f, pkt, 0);
	if ((pkt->flags & PKT_OUTER_CSUM) && !is_outer(pkt, &f))
		return "no outer UDP header where outer_l4 says";
	if (!(pkt->flags & PKT_CSUM_PARTIAL) || may_wait(pkt, &f))
		return NULL;
	return finish_now(pkt, head);
}
