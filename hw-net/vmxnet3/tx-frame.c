/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One frame from its transmit descriptors: bytes and offload words.
 *
 * The head is copied, and decisions are taken on the copy; what follows is mapped, or copied if the
 * frame is small. The offsets in the first descriptor (hlen, msscof) are the driver's; they are
 * checked against the frame, and honoured for tunnels whatever the port numbers are (drivers
 * offload VXLAN on ports that no standard knows).
 *
 * Most frames are one descriptor that asks for nothing but to be sent; they take a short cut
 * (gather_plain).
 *
 * A frame whose descriptors are sound but whose contents are not is dropped and counted; the queue
 * goes on.
 */
#include "vmxnet3.h"

/* A frame in the making. */
struct make {
	struct pkt *pkt;
	struct iovec *iov;
	uint8_t *head;
	uint32_t have; /* bytes in head */
	uint32_t want; /* bytes that have to be there */
	bool bounced;  /* the last piece is in struct vmx_tx's bounce */
};

static uint32_t total_len(const struct vmx_desc *d, unsigned n)
{
	uint32_t len = 0;

	for (unsigned i = 0; i < n; i++)
		len += TXD_LEN(d[i].d2);
	return len;
}

/* How much of the frame has to be private: all headers and the checksum field. 0: more than there
 * is room for. */
static uint32_t head_len(const struct vmx_desc *d, uint32_t len)
{
	uint32_t want = PKT_HEAD, hlen = TXD_HLEN(d->d3);

	if (len <= TX_COPY)
		return len;
	if (TXD_OM(d->d3) != OM_NONE && hlen > want)
		want = hlen;
	if (TXD_OM(d->d3) == OM_CSUM && TXD_MSSCOF(d->d2) + 2 > want)
		want = TXD_MSSCOF(d->d2) + 2;
	if (want > FRAME_HDR_MAX)
		return 0;
	return want < len ? want : len;
}

/* There is no room for the copy of a buffer until the burst is sent. */
static const char no_room[] = "no room";

/* Copy what the host cannot map, or what makes too many pieces; from then on all of the frame,
 * behind each other. */
static const char *add_copied(struct vmx *v, struct make *m, uint64_t addr, uint32_t len)
{
	struct vmx_tx *tx = &v->tx;
	struct iovec *iov = &m->iov[m->pkt->iovcnt - m->bounced];

	if (len > sizeof(tx->bounce) - tx->bounced)
		return no_room;
	if (hwnet_dma_read(&v->nic, addr, tx->bounce + tx->bounced, len))
		return "is not memory";
	if (!m->bounced)
		*iov = (struct iovec) { tx->bounce + tx->bounced, 0 };
	iov->iov_len += len;
	m->pkt->iovcnt += !m->bounced;
	m->bounced = true;
	tx->bounced += len;
	return NULL;
}

static const char *add_mapped(struct vmx *v, struct make *m, uint64_t addr, uint32_t len)
{
	struct vmx_tx *tx = &v->tx;

	while (len && !m->bounced && m->pkt->iovcnt < FRAME_IOV_MAX - 2) {
		size_t got = len;
		void *p = hwnet_dma_map(&v->nic, addr, &got, false);

		if (!p || !got)
			break;
		tx->map[tx->n_map].ptr = p;
		tx->map[tx->n_map++].len = got;
		m->iov[m->pkt->iovcnt++] = (struct iovec) { p, got };
		addr += got;
		len -= (uint32_t)got;
	}
	return len ? add_copied(v, m, addr, len) : NULL;
}

/* The part of a buffer that belongs to the head is copied, the rest mapped. */
static const char *add_buffer(struct vmx *v, struct make *m, uint64_t addr, uint32_t len)
{
	uint32_t n = m->want - m->have < len ? m->want - m->have : len;

	if (n && hwnet_dma_read(&v->nic, addr, m->head + m->have, n))
		return "is not memory";
	m->have += n;
	return len > n ? add_mapped(v, m, addr + n, len - n) : NULL;
}

static const char *add_all(struct vmx *v, struct make *m, const struct vmx_desc *d, unsigned n)
{
	const char *why = NULL;

	m->iov[0].iov_base = m->head;
	m->iov[0].iov_len = m->want;
	m->pkt->iovcnt = 1;
	for (unsigned i = 0; !why && i < n; i++)
		why = add_buffer(v, m, d[i].addr, TXD_LEN(d[i].d2));
	return why;
}

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
static const char *csum_encap(struct pkt *pkt, uint32_t hlen)
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

/* A message to be cut into segments. The headers become those of one large frame. */
static const char *set_tso(struct make *m, uint32_t hlen, uint32_t mss, bool tunnel,
			   bool outer_csum)
{
	struct pkt *pkt = m->pkt;
	const char *why;

	if (!mss || hlen >= pkt->len)
		return "TSO without segment size or payload";
	if (tunnel) {
		struct frame outer;

		frame_parse(&outer, pkt, FRAME_OPT_9100 | FRAME_OPT_ANY_LEN);
		if (!(outer.flags & FRAME_UDP))
			return "TSO in a tunnel without outer UDP header";
		pkt->outer_l4 = outer.l4;
		pkt->flags |= outer_csum ? PKT_OUTER_CSUM : 0;
	}
	pkt->gso_size = (uint16_t)mss;
	pkt->gso_type = PKT_GSO_TCPV4;
	why = gso_init(pkt, m->head);
	if (why) {
		pkt->gso_type = PKT_GSO_TCPV6;
		why = gso_init(pkt, m->head);
	}
	if (!why && pkt->hdr_len != hlen)
		why = "TSO: hlen is not where the payload begins";
	return why;
}

static const char *set_offload(const struct vmx_state *st, struct make *m, const struct vmx_desc *d)
{
	uint32_t hlen = TXD_HLEN(d->d3), cof = TXD_MSSCOF(d->d2);
	bool ext1 = st->rev >= 7 && (d->d2 & TXD_EXT1), oco = st->rev >= 4 && (d->d2 & TXD_OCO);

	switch (TXD_OM(d->d3)) {
	case OM_CSUM:
		return ext1 ? csum_inner(m->pkt, hlen, cof) : set_csum(m->pkt, hlen, cof);
	case OM_TSO:
		return set_tso(m, hlen, cof, ext1, oco);
	case OM_ENCAP:
		if (st->rev < 4)
			return "offload mode 1 is one of revision 4"; /* GL#517 */
		return cof ? set_tso(m, hlen, cof, true, oco) : csum_encap(m->pkt, hlen);
	default:
		return NULL;
	}
}

static void set_vlan(struct pkt *pkt, const struct vmx_desc *d)
{
	if (!(d->d3 & TXD_TI))
		return;
	pkt->flags |= PKT_VLAN;
	pkt->vlan_tpid = FRAME_TYPE_VLAN;
	pkt->vlan_tci = (uint16_t)TXD_TCI(d->d3);
}

static const char *make_frame(struct vmx *v, struct make *m, const struct vmx_desc *d, unsigned n)
{
	struct pkt *pkt = m->pkt;
	const char *why;

	memset(pkt, 0, sizeof(*pkt));
	pkt->iov = m->iov;
	pkt->len = total_len(d, n);
	if (pkt->len < 14 || pkt->len > PKT_MAX_LEN)
		return "length";
	m->have = 0;
	m->want = head_len(d, pkt->len);
	if (!m->want)
		return "headers are too long";
	why = add_all(v, m, d, n);
	if (!why && TXD_OM(d->d3) != OM_NONE)
		why = set_offload(v->st, m, d);
	if (!why && pkt->gso_type == PKT_GSO_NONE &&
	    pkt->len > VMX_MAX_MTU + 14 + 2 * FRAME_TAG_LEN)
		why = "longer than the largest MTU, and not to be cut";
	set_vlan(pkt, d);
	return why;
}

/* Give back what was mapped for a frame that is not sent. */
static void unmake(struct vmx *v, unsigned maps, uint32_t bounced)
{
	struct vmx_tx *tx = &v->tx;

	for (unsigned i = maps; i < tx->n_map; i++)
		hwnet_dma_unmap(&v->nic, tx->map[i].ptr, tx->map[i].len, false, 0);
	tx->n_map = maps;
	tx->bounced = bounced;
}

/* The front of a plain frame that is not small is copied from where the rest stays. */
static bool borrow_plain(struct vmx *v, struct iovec *iov, uint8_t *head, uint64_t addr, size_t len)
{
	struct vmx_tx *tx = &v->tx;
	size_t got = len;
	uint8_t *p = hwnet_dma_map(&v->nic, addr, &got, false);

	if (!p)
		return false;
	if (got < len) {
		hwnet_dma_unmap(&v->nic, p, got, false, 0);
		return false;
	}
	tx->map[tx->n_map].ptr = p;
	tx->map[tx->n_map++].len = len;
	memcpy(head, p, PKT_HEAD);
	iov[0] = (struct iovec) { head, PKT_HEAD };
	iov[1] = (struct iovec) { p + PKT_HEAD, len - PKT_HEAD };
	return true;
}

/*
 * Most frames of most drivers: one descriptor that asks for nothing but to be sent. False: this is
 * not one, or there is something about it that takes the long way.
 */
static bool gather_plain(struct vmx *v, const struct vmx_desc *d)
{
	struct vmx_tx *tx = &v->tx;
	struct iovec *iov = &tx->iov[tx->n_iov];
	uint8_t *head = tx->head[tx->n_pkt];
	uint32_t len = TXD_LEN(d->d2);

	if (TXD_OM(d->d3) != OM_NONE || (d->d3 & TXD_TI) || len < 14 || len > VMX_MAX_MTU + 14)
		return false;
	if (len > TX_COPY) {
		if (!borrow_plain(v, iov, head, d->addr, len))
			return false;
	} else {
		if (hwnet_dma_read(&v->nic, d->addr, head, len))
			return false;
		iov[0] = (struct iovec) { head, len };
	}
	tx->pkt[tx->n_pkt] =
		(struct pkt) { .iov = iov, .len = len, .iovcnt = (uint16_t)(1 + (len > TX_COPY)) };
	return true;
}

/* Add the frame of descriptors @d, which is not plain. */
static VMX_APART enum vmx_gather gather_any(struct vmx *v, unsigned queue, const struct vmx_desc *d,
					    unsigned n)
{
	struct vmx_tx *tx = &v->tx;
	struct make m = {
		&tx->pkt[tx->n_pkt], &tx->iov[tx->n_iov], tx->head[tx->n_pkt], 0, 0, false
	};
	unsigned maps = tx->n_map;
	uint32_t bounced = tx->bounced;
	const char *why = make_frame(v, &m, d, n);

	if (!why) {
		tx->ptr[tx->n_pkt++] = m.pkt;
		tx->n_iov += m.pkt->iovcnt;
		return GATHER_OK;
	}
	unmake(v, maps, bounced);
	if (why == no_room)
		return GATHER_FULL;
	++*vmx_tx_stat(v, queue, TXS_ERROR);
	hwnet_guest_error(&v->nic, "transmit queue %u: frame dropped: %s", queue, why);
	return GATHER_DROP;
}

/* Add the frame of descriptors @d to the burst. A frame on its own always has room. */
enum vmx_gather vmx_tx_gather(struct vmx *v, unsigned queue, const struct vmx_desc *d, unsigned n)
{
	struct vmx_tx *tx = &v->tx;
	struct pkt *pkt = &tx->pkt[tx->n_pkt];

	if (tx->n_iov + FRAME_IOV_MAX > TX_IOVS)
		return GATHER_FULL;
	if (n > 1 || !gather_plain(v, d))
		return gather_any(v, queue, d, n);
	tx->ptr[tx->n_pkt++] = pkt;
	tx->n_iov += pkt->iovcnt;
	return GATHER_OK;
}
