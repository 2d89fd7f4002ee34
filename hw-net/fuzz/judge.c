/* SPDX-License-Identifier: BSD-2-Clause */
/* An oracle for policy; see judge.h. */
#include "judge.h"

#include <string.h>

#include "hwnet/frame.h"

/* What filters, security policies and rules look at. */
struct verdict {
	uint8_t macs[12], addrs[32], ports[4];
	uint16_t tag[2], tci[2], type, frag;
	uint8_t proto, n_tags, tcp_flags;
	uint32_t kind;
};

static struct pkt_fit fit;
static struct pkt_buf buf;
static uint8_t was[PKT_MAX_LEN], is[PKT_MAX_LEN];

static void take_l3(struct verdict *v, const uint8_t *p, const struct frame *f)
{
	uint32_t n = f->flags & FRAME_IPV4 ? 8 : 32;

	memcpy(v->addrs, p + f->saddr, n);
	v->proto = f->proto;
	if (f->flags & FRAME_IPV4)
		v->frag = frame_be16(p + f->l3 + 6);
	else if (f->frag)
		v->frag = frame_be16(p + f->frag + 2);
}

static struct verdict look(const struct pkt *pkt)
{
	uint32_t kinds = FRAME_LLC | FRAME_SNAP | FRAME_ARP | FRAME_IP | FRAME_FRAG | FRAME_PORTS |
			 FRAME_ICMP | FRAME_ICMPV6 | FRAME_MLD | FRAME_IGMP | FRAME_ESP | FRAME_GRE;
	const uint8_t *p = pkt_head(pkt);
	struct verdict v;
	struct frame f;

	memset(&v, 0, sizeof(v));
	frame_parse(&f, pkt, 0);
	memcpy(v.macs, p, 12);
	if (pkt->flags & PKT_VLAN) {
		v.tag[0] = pkt->vlan_tpid;
		v.tag[1] = pkt->vlan_tci;
	}
	memcpy(v.tci, f.tci, sizeof(v.tci));
	v.n_tags = f.n_tags;
	v.type = f.type;
	v.kind = f.flags & kinds;
	if (f.flags & FRAME_IP)
		take_l3(&v, p, &f);
	if (f.l4 && (f.flags & FRAME_PORTS))
		memcpy(v.ports, p + f.l4, 4);
	if (f.l4 && (f.flags & FRAME_TCP))
		v.tcp_flags = p[f.l4 + 13] & (FRAME_TCP_SYN | FRAME_TCP_RST);
	return v;
}

/* A checksum field may have become anything. */
static void forget_sum(const struct frame *f)
{
	uint32_t at = f->l4 + (f->flags & FRAME_TCP ? FRAME_TCP_CSUM : FRAME_UDP_CSUM);

	if (f->l4 && (f->flags & (FRAME_TCP | FRAME_UDP)))
		memcpy(was + at, is + at, 2);
}

static const char *compare_bytes(const struct pkt *pkt, const struct pkt *done)
{
	struct frame f, inner;

	if (pkt->len != done->len)
		return "its length";
	pkt_copy(pkt, 0, was, pkt->len);
	pkt_copy(done, 0, is, done->len);
	frame_parse(&f, pkt, 0);
	forget_sum(&f);
	if (frame_parse_inner(&inner, pkt, &f, 0))
		forget_sum(&inner);
	return memcmp(was, is, pkt->len) ? "bytes that are no checksum" : NULL;
}

const char *fuzz_judge(const struct pkt *pkt)
{
	struct verdict v = look(pkt);
	const struct pkt *done;

	if (pkt_fit_begin(&fit, pkt, PKT_TAKES_VLAN))
		return NULL; /* it is dropped */
	while ((done = pkt_fit_next(&fit, &buf))) {
		struct verdict now = look(done);
		const char *why = pkt->gso_type ? NULL : compare_bytes(pkt, done);

		if (why)
			return why;
		if (memcmp(&v, &now, sizeof(v)))
			return "what it is judged by";
	}
	return NULL;
}
