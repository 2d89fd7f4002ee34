/* SPDX-License-Identifier: BSD-2-Clause */
/* The words of a virtio_net_hdr; see vnet-hdr.h. */
#include "vnet-hdr.h"

#include "hwnet/parse.h"
#include "hwnet/words.h"

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

/* Where the headers of a message end: hdr_len is a hint, and not always a true one */
static uint16_t payload(const struct pkt *pkt)
{
	struct frame f;

	frame_parse(&f, pkt, FRAME_OPT_9100 | FRAME_OPT_ANY_LEN);
	return f.payload;
}

const char *vsw_vnet_words(const struct vnet_hdr *h, struct pkt *pkt, uint8_t *head)
{
	if (!(h->flags & VNET_NEEDS_CSUM))
		return h->gso_type ? "message without an unfinished checksum" : NULL;
	pkt->flags |= PKT_CSUM_PARTIAL;
	pkt->csum_start = le16toh(h->csum_start);
	pkt->csum_offset = le16toh(h->csum_offset);
	if (h->gso_type != PKT_GSO_NONE) {
		pkt->gso_type = h->gso_type;
		pkt->gso_size = le16toh(h->gso_size);
		pkt->hdr_len = payload(pkt);
	}
	return pkt_words_settle(pkt, head);
}

/* struct side - features by which a side says what it takes, without csum nothing */
static const struct side {
	uint64_t csum, tso4, tso6, ecn, uso;
} driver_side = {
	.csum = VIRTIO_BIT(VIRTIO_NET_F_GUEST_CSUM),
	.tso4 = VIRTIO_BIT(VIRTIO_NET_F_GUEST_TSO4),
	.tso6 = VIRTIO_BIT(VIRTIO_NET_F_GUEST_TSO6),
	.ecn = VIRTIO_BIT(VIRTIO_NET_F_GUEST_ECN),
	.uso = VIRTIO_BIT(VIRTIO_NET_F_GUEST_USO4) | VIRTIO_BIT(VIRTIO_NET_F_GUEST_USO6),
}, device_side = {
	.csum = VIRTIO_BIT(VIRTIO_NET_F_CSUM),
	.tso4 = VIRTIO_BIT(VIRTIO_NET_F_HOST_TSO4),
	.tso6 = VIRTIO_BIT(VIRTIO_NET_F_HOST_TSO6),
	.ecn = VIRTIO_BIT(VIRTIO_NET_F_HOST_ECN),
	.uso = VIRTIO_BIT(VIRTIO_NET_F_HOST_USO),
};

static uint32_t if_all(uint64_t features, uint64_t wanted, uint32_t takes)
{
	return (features & wanted) == wanted ? takes : 0;
}

uint32_t vsw_vnet_takes(uint64_t features, bool driver)
{
	const struct side *s = driver ? &driver_side : &device_side;

	if (!(features & s->csum))
		return 0;
	return PKT_TAKES_CSUM | if_all(features, s->tso4, PKT_TAKES_TCPV4) |
	       if_all(features, s->tso6, PKT_TAKES_TCPV6) |
	       if_all(features, s->ecn, PKT_TAKES_ECN) | if_all(features, s->uso, PKT_TAKES_UDP_L4);
}
