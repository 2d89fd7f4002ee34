/* SPDX-License-Identifier: BSD-2-Clause */
/* Joining the TCP segments of a burst; see hwnet/gro.h. */
#include "hwnet/gro.h"

#include "hwnet/csum.h"
#include "hwnet/gso.h"
#include "hwnet/hash.h"

/* A segment that might be joined. */
struct seg {
	const struct pkt *pkt;
	const uint8_t *p;
	struct frame f;
	uint32_t flow;
};

#define NEVER_JOINED \
	(FRAME_FRAG | FRAME_TRUNC | FRAME_BAD | FRAME_LEN_SHORT | FRAME_LEN_NONE | FRAME_IP_OPTS)

/*
 * Could this be part of a TCP flow without saying of which? Then nothing may be joined across it.
 */
static bool may_hide_tcp(const struct frame *f)
{
	return f->flags & (FRAME_FRAG | FRAME_TRUNC | FRAME_BAD | FRAME_AH);
}

/* Is the checksum known to be good without summing? */
static bool csum_known(const struct seg *s)
{
	if (s->pkt->flags & PKT_CSUM_PARTIAL)
		return s->pkt->csum_start == s->f.l4 && s->pkt->csum_offset == FRAME_TCP_CSUM;
	return s->pkt->flags & PKT_CSUM_VALID;
}

static bool csum_good(const struct seg *s, unsigned opts)
{
	/* A message gets a new IPv4 header checksum; that must not hide a wrong one. */
	if ((s->f.flags & FRAME_IPV4) && frame_verify_ip(s->pkt, &s->f) != FRAME_CSUM_GOOD)
		return false;
	if (csum_known(s))
		return true;
	return (opts & GRO_VERIFY) && !(s->pkt->flags & PKT_CSUM_PARTIAL) &&
	       frame_verify_l4(s->pkt, &s->f) == FRAME_CSUM_GOOD;
}

/* Data with plain headers, of a version that shall be joined? */
static bool can_join(const struct seg *s, unsigned opts)
{
	unsigned want = s->f.flags & FRAME_IPV4 ? GRO_TCPV4 : GRO_TCPV6;
	uint8_t flags = s->p[s->f.l4 + 13];

	if (!(opts & want) || (s->f.flags & NEVER_JOINED) || !s->f.payload ||
	    s->f.end <= s->f.payload || s->f.payload > PKT_HEAD)
		return false;
	if (s->pkt->gso_type != PKT_GSO_NONE || (s->pkt->flags & (PKT_OUTER_CSUM | PKT_FCS_BAD)) ||
	    s->pkt->iovcnt > FRAME_PIECES_MAX)
		return false;
	return (flags & ~FRAME_TCP_PSH) == FRAME_TCP_ACK &&
	       (csum_known(s) || (opts & GRO_VERIFY && !(s->pkt->flags & PKT_CSUM_PARTIAL)));
}

static struct gro_msg *find_flow(struct gro *gro, const struct seg *s)
{
	for (unsigned i = 0; i < gro->n; i++) {
		struct gro_msg *m = &gro->msgs[i];
		const uint8_t *a = pkt_head(m->first);
		unsigned addrs = m->v6 ? 32 : 8;

		if (m->open && m->flow == s->flow && m->v6 == !!(s->f.flags & FRAME_IPV6) &&
		    !memcmp(a + m->saddr, s->p + s->f.saddr, addrs) &&
		    !memcmp(a + m->l4, s->p + s->f.l4, 4))
			return m;
	}
	return NULL;
}

static void close_all(struct gro *gro)
{
	for (unsigned i = 0; i < gro->n; i++)
		gro->msgs[i].open = false;
}

static bool has_psh(const struct seg *s)
{
	return s->p[s->f.l4 + 13] & FRAME_TCP_PSH;
}

/* A new message with one segment, if there is room for one. */
static void start_msg(struct gro *gro, const struct seg *s, unsigned slot)
{
	struct gro_msg *m;

	if (gro->n == GRO_FLOWS)
		return;
	m = &gro->msgs[gro->n++];
	m->first = s->pkt;
	m->slot = slot;
	m->segs = 1;
	m->mss = s->f.end - s->f.payload;
	m->flow = s->flow;
	m->next_seq = frame_be32(s->p + s->f.l4 + 4) + m->mss;
	m->end = s->f.end;
	m->l3 = s->f.l3;
	m->l4 = s->f.l4;
	m->saddr = s->f.saddr;
	m->payload = s->f.payload;
	m->v6 = s->f.flags & FRAME_IPV6;
	m->ip_id = m->v6 ? 0 : frame_be16(s->p + s->f.l3 + 4);
	m->psh = has_psh(s);
	m->open = !m->psh && m->mss <= UINT16_MAX;
}

static bool same(const uint8_t *a, const uint8_t *b, unsigned from, unsigned to)
{
	return !memcmp(a + from, b + from, to - from);
}

/*
 * IPv4: all but length, identification, checksum; identifications count up, or do not matter (DF;
 * RFC 6864).
 */
static bool same_ipv4(const struct gro_msg *m, const uint8_t *a, const uint8_t *b)
{
	uint16_t id = frame_be16(b + 4);

	if (!same(a, b, 0, 2) || !same(a, b, 6, 10))
		return false;
	return (b[6] & 0x40) || id == (uint16_t)(m->ip_id + m->segs);
}

static bool same_headers(const struct gro_msg *m, const struct seg *s)
{
	const uint8_t *a = pkt_head(m->first), *b = s->p;
	const struct pkt *x = m->first, *y = s->pkt;
	unsigned l4 = m->l4;

	if (m->l3 != s->f.l3 || l4 != s->f.l4 || m->payload != s->f.payload)
		return false;
	if ((x->flags ^ y->flags) & PKT_VLAN ||
	    ((x->flags & PKT_VLAN) && (x->vlan_tci != y->vlan_tci || x->vlan_tpid != y->vlan_tpid)))
		return false;
	if (!same(a, b, 0, m->l3))
		return false;
	/* IPv6: all but the payload length; the addresses were compared. */
	if (m->v6 ? !same(a, b, m->l3, m->l3 + 4u) || !same(a, b, m->l3 + 6u, m->l3 + 8u) :
		    !same_ipv4(m, a + m->l3, b + m->l3))
		return false;
	/*
	 * TCP: acknowledgement and data offset; window; urgent pointer and options. Flags:
	 * can_join().
	 */
	return same(a, b, l4 + 8, l4 + 13) && same(a, b, l4 + 14, l4 + 16) &&
	       same(a, b, l4 + 18, m->payload);
}

static bool continues(const struct gro_msg *m, const struct seg *s)
{
	uint32_t n = s->f.end - s->f.payload;

	return frame_be32(s->p + s->f.l4 + 4) == m->next_seq && n <= m->mss &&
	       m->end + n - m->l3 <= UINT16_MAX && m->end + n <= UINT16_MAX && same_headers(m, s);
}

/* The first segment becomes the message's beginning; padding behind it is left out. */
static bool adopt_first(struct gro_msg *m)
{
	uint32_t head = m->end < PKT_HEAD ? m->end : PKT_HEAD;
	struct pkt_buf *buf = &m->buf;
	struct pkt_cursor c;
	unsigned cnt;

	pkt_cursor_init(&c, m->first, 0);
	pkt_cursor_copy(&c, buf->head, head);
	cnt = pkt_cursor_borrow(&c, m->end - head, buf->iov + 1, FRAME_PIECES_MAX - 1);
	if (!cnt && m->end > head)
		return false;
	buf->iov[0].iov_base = buf->head;
	buf->iov[0].iov_len = head;
	buf->pkt = *m->first;
	buf->pkt.iov = buf->iov;
	buf->pkt.iovcnt = (uint16_t)(cnt + 1);
	buf->pkt.len = m->end;
	buf->pkt.flags &= (uint16_t) ~(PKT_CSUM_VALID | PKT_CSUM_PARTIAL);
	return true;
}

/* While the message is shorter than that, payload belongs into the private head (pkt.h). */
static uint32_t into_head(struct pkt_buf *buf, struct pkt_cursor *c, uint32_t n)
{
	uint32_t have = (uint32_t)buf->iov[0].iov_len, room = have < PKT_HEAD ? PKT_HEAD - have : 0;

	n = n < room ? n : room;
	pkt_cursor_copy(c, buf->head + have, n);
	buf->iov[0].iov_len += n;
	return n;
}

/* Append a segment. False if it has too many pieces for the room that is left. */
static bool append(struct gro_msg *m, const struct seg *s)
{
	struct pkt_buf *buf = &m->buf;
	uint32_t n = s->f.end - s->f.payload, copied;
	struct pkt_cursor c;
	unsigned cnt, used;

	if (m->segs == 1 && !adopt_first(m))
		return false;
	used = buf->pkt.iovcnt;
	pkt_cursor_init(&c, s->pkt, s->f.payload);
	copied = into_head(buf, &c, n);
	cnt = pkt_cursor_borrow(&c, n - copied, buf->iov + used, FRAME_PIECES_MAX - used);
	if (!cnt && copied < n) {
		buf->iov[0].iov_len -= copied;
		return false;
	}
	buf->pkt.iovcnt = (uint16_t)(used + cnt);
	buf->pkt.len += n;
	m->end += n;
	m->next_seq += n;
	m->segs++;
	m->psh = has_psh(s);
	m->open = n == m->mss && !m->psh;
	return true;
}

/*
 * A segment of a flow under construction. The first one's checksum is verified only now, when there
 * is something to join it with.
 */
static bool join(struct gro_msg *m, const struct seg *s, unsigned opts)
{
	struct seg first = { .pkt = m->first, .p = pkt_head(m->first) };

	if (!continues(m, s) || !csum_good(s, opts))
		return false;
	if (m->segs == 1) {
		frame_parse(&first.f, m->first, 0);
		if (!csum_good(&first, opts))
			return false;
	}
	return append(m, s);
}

/* Turn joined segments into a message. */
static void finish(struct gro_msg *m, const struct pkt **out)
{
	struct pkt *pkt = &m->buf.pkt;

	if (m->segs < 2)
		return;
	pkt->gso_type = m->v6 ? PKT_GSO_TCPV6 : PKT_GSO_TCPV4;
	pkt->gso_size = (uint16_t)m->mss;
	if (m->psh)
		m->buf.head[m->l4 + 13] |= FRAME_TCP_PSH;
	gso_init(pkt, m->buf.head);
	out[m->slot] = pkt;
}

/* One frame. True if it has become part of a message. */
static bool take(struct gro *gro, const struct pkt *pkt, unsigned slot, unsigned opts)
{
	struct seg s = { .pkt = pkt, .p = pkt_head(pkt) };
	struct gro_msg *m;
	bool can;

	frame_parse(&s.f, pkt, 0);
	if (may_hide_tcp(&s.f)) {
		close_all(gro);
		return false;
	}
	if (!(s.f.flags & FRAME_TCP))
		return false;
	s.flow = frame_flow_hash(s.p, &s.f);
	m = find_flow(gro, &s);
	can = can_join(&s, opts);
	if (m && can && join(m, &s, opts))
		return true;
	if (m)
		m->open = false;
	if (can)
		start_msg(gro, &s, slot);
	return false;
}

unsigned gro_burst(struct gro *gro, const struct pkt *const *in, unsigned n, const struct pkt **out,
		   unsigned opts)
{
	unsigned n_out = 0;

	gro->n = 0;
	for (unsigned i = 0; i < n; i++) {
		const struct pkt *pkt = in[i];

		if (!take(gro, pkt, n_out, opts))
			out[n_out++] = pkt;
	}
	for (unsigned i = 0; i < gro->n; i++)
		finish(&gro->msgs[i], out);
	return n_out;
}
