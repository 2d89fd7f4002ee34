/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames of several pieces; see burst.h. */
#include "burst.h"

/* struct pieces - what is left of them */
struct pieces {
	struct iovec *iov;
	unsigned cnt;
};

/* Copy the first bytes, and leave them behind */
static void take(struct pieces *g, uint8_t *to, uint32_t n)
{
	while (n) {
		uint32_t here = (uint32_t)g->iov->iov_len < n ? (uint32_t)g->iov->iov_len : n;

		memcpy(to, g->iov->iov_base, here);
		to += here;
		n -= here;
		g->iov->iov_base = (uint8_t *)g->iov->iov_base + here;
		g->iov->iov_len -= here;
		if (!g->iov->iov_len) {
			g->iov++;
			g->cnt--;
		}
	}
}

const char *vsw_burst_any(struct vring_burst *b, unsigned cnt, uint32_t hdr_len, uint32_t total)
{
	struct pieces g = { burst_pieces(b), cnt };
	struct iovec *iov = &b->iov[b->pieces];
	uint32_t len = total - hdr_len, n;
	struct vnet_hdr h = { 0 };
	const char *why;
	struct pkt *pkt;
	uint8_t *head = b->head + b->heads;

	take(&g, (uint8_t *)&h, hdr_len);
	n = vsw_vnet_plain(&h) ? (len < PKT_HEAD ? len : PKT_HEAD) : vsw_vnet_head(&h, len);
	if (!n)
		return "checksum beyond the headers";
	take(&g, head, n);
	memmove(iov + 1, g.iov, g.cnt * sizeof(*iov));
	iov[0] = (struct iovec) { head, n };
	pkt = burst_new_frame(b, &b->now, len, g.cnt + 1);
	why = vsw_vnet_words(&h, pkt, head);
	if (why)
		return why;
	burst_keep(b, &b->now, pkt, g.cnt + 1, n);
	return NULL;
}
