// SPDX-License-Identifier: GPL-2.0-or-later
/* Frames between struct pkt and QEMU's net clients; see vnet.h. Header: virtio 1.2, 5.1.6. */
#include "vnet.h"
#include "net/eth.h"
#include "qemu/iov.h"
#include "standard-headers/linux/virtio_net.h"

/* RFC 9293 3.1: header length in 32-bit words, upper half of byte 12. */
static unsigned tcp_header_len(const struct iovec *iov, int cnt, size_t l4)
{
	uint8_t off = 0;

	iov_to_buf(iov, cnt, l4 + 12, &off, 1);
	return (off >> 4) * 4;
}

/*
 * The words of a GSO message. The header's hdr_len is a hint that old Linux guests set to all
 * linear data, so the real one is found from the bytes. All is checked by pkt_words_settle() when
 * the head is private.
 */
static const char *gso_words(struct pkt *p, const struct virtio_net_hdr *h, const struct iovec *iov,
			     int cnt, size_t skip)
{
	unsigned type = h->gso_type & ~VIRTIO_NET_HDR_GSO_ECN;
	unsigned l4_len = 8;

	if (type != PKT_GSO_TCPV4 && type != PKT_GSO_TCPV6 && type != PKT_GSO_UDP_L4)
		return "message of unknown type";
	if (!(p->flags & PKT_CSUM_PARTIAL))
		return "message without checksum offload";
	if (type != PKT_GSO_UDP_L4)
		l4_len = tcp_header_len(iov, cnt, skip + p->csum_start);
	p->gso_type = h->gso_type;
	p->gso_size = h->gso_size;
	p->hdr_len = p->csum_start + l4_len;
	return p->gso_size && p->hdr_len < p->len ? NULL : "message without payload";
}

static const char *words(struct pkt *p, const struct virtio_net_hdr *h, const struct iovec *iov,
			 int cnt, size_t skip)
{
	if (h->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) {
		p->flags |= PKT_CSUM_PARTIAL;
		p->csum_start = h->csum_start;
		p->csum_offset = h->csum_offset;
		if ((uint32_t)h->csum_start + h->csum_offset + 2 > p->len)
			return "checksum beyond the frame";
	}
	if (h->gso_type != VIRTIO_NET_HDR_GSO_NONE)
		return gso_words(p, h, iov, cnt, skip);
	return NULL;
}

/* How much of the front must be private. */
static uint32_t head_len(const struct pkt *p)
{
	uint32_t want = PKT_HEAD;

	if (p->flags & PKT_CSUM_PARTIAL)
		want = MAX(want, (uint32_t)p->csum_start + p->csum_offset + 2);
	want = MAX(want, p->hdr_len);
	return MIN(want, p->len);
}

/* Borrow what is behind the first @skip bytes. Return: false if that is too many pieces. */
static bool borrow_rest(struct vc_frame *f, const struct iovec *iov, int cnt, size_t skip)
{
	for (int i = 0; i < cnt; i++) {
		size_t len = iov[i].iov_len, off = MIN(skip, len);

		skip -= off;
		if (off == len)
			continue;
		if (f->pkt.iovcnt >= FRAME_IOV_MAX - 1)
			return false;
		f->iov[f->pkt.iovcnt++] =
			(struct iovec) { (char *)iov[i].iov_base + off, len - off };
	}
	return true;
}

static void flatten(struct vc_frame *f, const struct iovec *iov, int cnt, size_t skip,
		    uint8_t **flat)
{
	uint32_t rest = f->pkt.len - f->iov[0].iov_len;

	if (!*flat)
		*flat = g_malloc(PKT_MAX_LEN);
	iov_to_buf(iov, cnt, skip, *flat, rest);
	f->iov[1] = (struct iovec) { *flat, rest };
	f->pkt.iovcnt = 2;
}

/*
 * What back ends mostly give: one buffer, the header in front of it or in a piece of its own, no
 * offloads. Return: the frame's only piece, or NULL if it is something else.
 */
static inline const struct iovec *simple_piece(struct iovec *piece, const struct iovec *iov,
					       int cnt, int vnet_len)
{
	const uint8_t *h = iov[0].iov_base; /* flags, gso_type, ... */
	size_t skip = vnet_len;

	if (skip && (iov[0].iov_len < sizeof(struct virtio_net_hdr) || h[0] || h[1]))
		return NULL;
	if (skip && iov[0].iov_len == skip) {
		skip = 0;
		cnt--;
		iov++;
	}
	if (cnt != 1 || iov[0].iov_len < skip + ETH_HLEN || iov[0].iov_len - skip > PKT_MAX_LEN)
		return NULL;
	*piece = (struct iovec) { (char *)iov[0].iov_base + skip, iov[0].iov_len - skip };
	return piece;
}

static void simple_frame(struct vc_frame *f, const struct iovec *piece, bool is_private)
{
	size_t head = MIN(piece->iov_len, PKT_HEAD);

	f->pkt = (struct pkt) { .iov = f->iov, .iovcnt = 1, .len = piece->iov_len };
	f->iov[0] = *piece;
	if (is_private)
		return;
	memcpy(f->head, piece->iov_base, head);
	f->iov[0] = (struct iovec) { f->head, head };
	if (head == piece->iov_len)
		return;
	f->iov[1] = (struct iovec) { (char *)piece->iov_base + head, piece->iov_len - head };
	f->pkt.iovcnt = 2;
}

static const char *any_frame(struct vc_frame *f, const struct iovec *iov, int cnt, int vnet_len,
			     bool is_private, uint8_t **flat)
{
	struct virtio_net_hdr h = { 0 };
	size_t size = iov_size(iov, cnt);
	const char *why = NULL;
	uint32_t head;

	memset(&f->pkt, 0, sizeof(f->pkt));
	if (size < (size_t)vnet_len + ETH_HLEN || size - vnet_len > PKT_MAX_LEN)
		return "too short or too long";
	f->pkt.len = size - vnet_len;
	if (vnet_len) {
		iov_to_buf(iov, cnt, 0, &h, sizeof(h));
		why = words(&f->pkt, &h, iov, cnt, vnet_len);
		/* From a guest that says nothing: its driver must not set it
		 * (virtio 1.2, 5.1.6.2). */
		if (is_private && (h.flags & VIRTIO_NET_HDR_F_DATA_VALID))
			f->pkt.flags |= PKT_CSUM_VALID;
	}
	head = head_len(&f->pkt);
	if (why || head > sizeof(f->head))
		return why ? why : "headers too long";
	iov_to_buf(iov, cnt, vnet_len, f->head, head);
	f->iov[0] = (struct iovec) { f->head, head };
	f->pkt.iov = f->iov;
	f->pkt.iovcnt = 1;
	if (!borrow_rest(f, iov, cnt, vnet_len + head))
		flatten(f, iov, cnt, vnet_len + head, flat);
	return pkt_words_settle(&f->pkt, f->head);
}

const char *vc_frame_from(struct vc_frame *f, const struct iovec *iov, int cnt, int vnet_len,
			  bool is_private, uint8_t **flat)
{
	struct iovec piece;

	if (unlikely(!simple_piece(&piece, iov, cnt, vnet_len)))
		return any_frame(f, iov, cnt, vnet_len, is_private, flat);
	simple_frame(f, &piece, is_private);
	return NULL;
}

static void fill_header(struct virtio_net_hdr *h, const struct pkt *p, const struct vc_vnet *v)
{
	if (p->flags & PKT_CSUM_PARTIAL) {
		h->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
		h->csum_start = p->csum_start;
		h->csum_offset = p->csum_offset;
	} else if ((p->flags & PKT_CSUM_VALID) && (v->takes & PKT_TAKES_CSUM)) {
		h->flags = VIRTIO_NET_HDR_F_DATA_VALID;
	}
	h->gso_type = p->gso_type;
	h->gso_size = p->gso_size;
	h->hdr_len = p->hdr_len;
}

/* One frame that the peer takes as it is. */
static inline bool send_one(NetClientState *nc, const struct pkt *p, const struct vc_vnet *v,
			    NetPacketSent *sent)
{
	static const uint8_t zeros[ETH_ZLEN];
	union {
		struct virtio_net_hdr hdr;
		uint8_t bytes[VC_VNET_MAX];
	} front;
	struct iovec iov[FRAME_IOV_MAX + 2];
	int n = 0;

	if (v->len) {
		memset(&front, 0, sizeof(front));
		fill_header(&front.hdr, p, v);
		iov[n++] = (struct iovec) { &front, v->len };
	}
	for (unsigned i = 0; i < p->iovcnt; i++)
		iov[n++] = p->iov[i];
	if (p->len < ETH_ZLEN && vc_peer_needs_padding(nc))
		iov[n++] = (struct iovec) { (void *)zeros, ETH_ZLEN - p->len };
	return qemu_sendv_packet_async(nc, iov, n, sent) != 0;
}

static bool send_fit(NetClientState *nc, const struct pkt *pkt, const struct vc_vnet *v,
		     NetPacketSent *sent)
{
	struct pkt_fit fit;
	struct pkt_buf buf;
	const struct pkt *p;
	bool all = true;

	if (pkt_fit_begin(&fit, pkt, v->takes))
		return true;
	while ((p = pkt_fit_next(&fit, &buf)))
		all &= send_one(nc, p, v, sent);
	return all;
}

bool vc_send(NetClientState *nc, const struct pkt *pkt, const struct vc_vnet *v,
	     NetPacketSent *sent)
{
	if (likely(pkt_fits(pkt, v->takes) && pkt->iovcnt <= FRAME_IOV_MAX))
		return send_one(nc, pkt, v, sent);
	return send_fit(nc, pkt, v, sent);
}

bool vc_agree_vnet(NetClientState *peer, struct vc_vnet *v)
{
	*v = (struct vc_vnet) { 0 };
	if (!qemu_has_vnet_hdr(peer) || !qemu_has_vnet_hdr_len(peer, VC_VNET_LEN))
		return false;
	vc_use_vnet_hdr(peer, VC_VNET_LEN);
	v->len = VC_VNET_LEN;
	v->takes = PKT_TAKES_CSUM | PKT_TAKES_TCPV4 | PKT_TAKES_TCPV6 | PKT_TAKES_ECN;
	return true;
}
