/* SPDX-License-Identifier: BSD-2-Clause */
/* The words of a virtio_net_hdr; see vnet-hdr.h. */
#include "vnet-hdr.h"

#include "hwnet/csum.h"

/* Longest TCP header (RFC 9293, 3.1: data offset 15) */
#define TCP_MAX 60u

uint32_t vsw_vnet_head(const struct vnet_hdr *h, uint32_t len)
{
	uint32_t start = le16toh(h->csum_start), want = PKT_HEAD;

	if (h->flags & VNET_NEEDS_CSUM) {
		uint32_t field = start + le16toh(h->csum_offset) + 2;

		if (field > len || field > FRAME_HDR_MAX)
			return 0;
		if (field > want)
			want = field;
	}
	if (h->gso_type != PKT_GSO_NONE && start + TCP_MAX > want)
		want = start + TCP_MAX < FRAME_HDR_MAX ? start + TCP_MAX : FRAME_HDR_MAX;
	return want < len ? want : len;
}

/* Is the unfinished checksum that of the L4 header which everybody will find there? */
static bool csum_is_l4(const struct pkt *pkt, const struct frame *f)
{
	if (f->l4 != pkt->csum_start || f->flags & (FRAME_FRAG | FRAME_BAD))
		return false;
	if (f->flags & FRAME_TCP)
		return pkt->csum_offset == FRAME_TCP_CSUM;
	return f->flags & FRAME_UDP && pkt->csum_offset == FRAME_UDP_CSUM;
}

/* Put the sum where the header wanted it, now */
static void finish(struct pkt *pkt, uint8_t *head)
{
	uint16_t v = pkt_csum_value(pkt);

	memcpy(head + pkt->csum_start + pkt->csum_offset, &v, sizeof(v));
	pkt->flags &= (uint16_t)~PKT_CSUM_PARTIAL;
	pkt->csum_start = pkt->csum_offset = 0;
}

static const char *message(const struct vnet_hdr *h, struct pkt *pkt, const struct frame *f)
{
	pkt->gso_type = h->gso_type;
	pkt->gso_size = le16toh(h->gso_size);
	pkt->hdr_len = f->payload;
	return gso_check(pkt, NULL);
}

const char *vsw_vnet_words(const struct vnet_hdr *h, struct pkt *pkt, uint8_t *head)
{
	bool gso = h->gso_type != PKT_GSO_NONE;
	struct frame f;

	if (!(h->flags & VNET_NEEDS_CSUM))
		return gso ? "message without an unfinished checksum" : NULL;
	pkt->flags |= PKT_CSUM_PARTIAL;
	pkt->csum_start = le16toh(h->csum_start);
	pkt->csum_offset = le16toh(h->csum_offset);
	if ((uint32_t)pkt->csum_start + pkt->csum_offset + 2 > pkt_head_len(pkt))
		return "checksum beyond the headers";
	frame_parse(&f, pkt, gso ? FRAME_OPT_9100 | FRAME_OPT_ANY_LEN : FRAME_OPT_9100);
	if (gso)
		return message(h, pkt, &f);
	if (!csum_is_l4(pkt, &f))
		finish(pkt, head);
	return NULL;
}

uint32_t vsw_vnet_takes(uint64_t features)
{
	static const struct {
		uint64_t features;
		uint32_t takes;
	} rows[] = {
		{ VIRTIO_BIT(VIRTIO_NET_F_GUEST_TSO4), PKT_TAKES_TCPV4 },
		{ VIRTIO_BIT(VIRTIO_NET_F_GUEST_TSO6), PKT_TAKES_TCPV6 },
		{ VIRTIO_BIT(VIRTIO_NET_F_GUEST_ECN), PKT_TAKES_ECN },
		{ VIRTIO_BIT(VIRTIO_NET_F_GUEST_USO4) | VIRTIO_BIT(VIRTIO_NET_F_GUEST_USO6),
		  PKT_TAKES_UDP_L4 },
	};
	uint32_t takes = 0;

	if (!(features & VIRTIO_BIT(VIRTIO_NET_F_GUEST_CSUM)))
		return 0;
	takes = PKT_TAKES_CSUM;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if ((features & rows[i].features) == rows[i].features)
			takes |= rows[i].takes;
	return takes;
}
