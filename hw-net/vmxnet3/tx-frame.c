/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One frame from its transmit descriptors.
 *
 * The head is copied, and decisions are taken on the copy; what follows is mapped, or copied if the
 * frame is small.
 *
 * Most frames are one descriptor that asks for nothing but to be sent; they take a short cut
 * (gather_plain).
 *
 * A frame whose descriptors are sound but whose contents are not is dropped and counted; the queue
 * goes on.
 */
#include "tx-frame.h"

#include "stats.h"
#include "tx-offload.h"
#include "work.h"

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
	uint8_t *copy;

	if (len > hwnet_bounce_room(&tx->bounce))
		return no_room;
	copy = hwnet_bounce(&v->nic, &tx->bounce, addr, len);
	if (!copy)
		return "is not memory";
	if (!m->bounced)
		*iov = (struct iovec) { copy, 0 };
	iov->iov_len += len;
	m->pkt->iovcnt += !m->bounced;
	m->bounced = true;
	return NULL;
}

static const char *add_mapped(struct vmx *v, struct make *m, uint64_t addr, uint32_t len)
{
	while (len && !m->bounced && m->pkt->iovcnt < FRAME_IOV_MAX - 2) {
		size_t got = len;
		uint8_t *p = hwnet_borrow(&v->nic, &v->tx.loans, addr, &got);

		if (!p)
			break;
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
	if (pkt->len < FRAME_ETH_LEN || pkt->len > PKT_MAX_LEN)
		return "length";
	m->have = 0;
	m->want = head_len(d, pkt->len);
	if (!m->want)
		return "headers are too long";
	why = add_all(v, m, d, n);
	if (!why && TXD_OM(d->d3) != OM_NONE)
		why = vmx_tx_offload(v->s, pkt, m->head, d);
	if (!why && pkt->gso_type == PKT_GSO_NONE &&
	    pkt->len > VMX_MAX_MTU + FRAME_ETH_LEN + 2 * FRAME_TAG_LEN)
		why = "longer than the largest MTU, and not to be cut";
	set_vlan(pkt, d);
	return why;
}

/* The next frame of the burst is ready. */
static inline void add(struct vmx_tx *tx, struct pkt *pkt)
{
	tx->ptr[tx->n_pkt++] = pkt;
	tx->n_iov += pkt->iovcnt;
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
	struct pkt *pkt = &tx->pkt[tx->n_pkt];
	uint32_t len = TXD_LEN(d->d2);
	uint16_t pieces = 1;

	if (TXD_OM(d->d3) != OM_NONE || (d->d3 & TXD_TI) || len < FRAME_ETH_LEN ||
	    len > VMX_MAX_MTU + FRAME_ETH_LEN)
		return false;
	if (len > TX_COPY) {
		uint8_t *p = hwnet_borrow_whole(&v->nic, &tx->loans, d->addr, len);

		if (!p)
			return false;
		hwnet_split_head(iov, head, p, len);
		pieces = 2;
	} else {
		if (hwnet_dma_read(&v->nic, d->addr, head, len))
			return false;
		iov[0] = (struct iovec) { head, len };
	}
	*pkt = (struct pkt) { .iov = iov, .len = len, .iovcnt = pieces };
	add(tx, pkt);
	return true;
}

/* An entry of @n descriptors costs @work frames: one is counted, the rest is taken off what the
 * burst may have. */
static void charge(struct vmx_tx *tx, unsigned n, unsigned work)
{
	unsigned extra = work + hwnet_work_descs(n) - 1, left;

	if (!extra)
		return;
	tx->work += extra;
	left = hwnet_work_left(tx->budget, tx->work);
	tx->max = left < tx->max ? left : tx->max;
}

/* Add the frame of descriptors @d, which is not plain. */
static HWNET_APART enum vmx_gather gather_any(struct vmx *v, unsigned queue,
					      const struct vmx_desc *d, unsigned n)
{
	struct vmx_tx *tx = &v->tx;
	struct make m = {
		&tx->pkt[tx->n_pkt], &tx->iov[tx->n_iov], tx->head[tx->n_pkt], 0, 0, false
	};
	unsigned loans = tx->loans.n;
	uint32_t bounced = tx->bounce.used;
	const char *why = make_frame(v, &m, d, n);

	if (!why) {
		charge(tx, n, hwnet_work_frame(m.pkt));
		add(tx, m.pkt);
		return GATHER_OK;
	}
	hwnet_give_back(&v->nic, &tx->loans, loans);
	tx->bounce.used = bounced;
	if (why == no_room)
		return GATHER_FULL;
	charge(tx, n, hwnet_work_drop(m.pkt->len < PKT_MAX_LEN ? m.pkt->len : 0));
	++*vmx_tx_stat(v, queue, TXS_ERROR);
	hwnet_guest_error(&v->nic, "transmit queue %u: frame dropped: %s", queue, why);
	return GATHER_DROP;
}

/**
 * vmx_tx_gather() - Add a frame to the burst; one on its own always has room
 * @v:     The card
 * @queue: Queue
 * @d:     Its descriptors
 * @n:     Their number
 *
 * Return: enum vmx_gather.
 */
enum vmx_gather vmx_tx_gather(struct vmx *v, unsigned queue, const struct vmx_desc *d, unsigned n)
{
	if (v->tx.n_iov + FRAME_IOV_MAX > TX_IOVS)
		return GATHER_FULL;
	return n == 1 && gather_plain(v, d) ? GATHER_OK : gather_any(v, queue, d, n);
}
