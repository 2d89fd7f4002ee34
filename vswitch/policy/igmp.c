/* SPDX-License-Identifier: BSD-2-Clause */
/* What IGMP (RFC 2236, 3376) and MLD (RFC 2710, 3810) say of groups. */
#include "policy/mcast.h"
#include "policy/stages.h"

#define IGMP_QUERY     0x11
#define IGMP_V1_REPORT 0x12
#define IGMP_V2_REPORT 0x16
#define IGMP_LEAVE     0x17
#define IGMP_V3_REPORT 0x22
#define MLD_QUERY      130
#define MLD_REPORT     131
#define MLD_DONE       132
#define MLD_V2_REPORT  143

/* Record types of IGMPv3 and MLDv2 reports (RFC 3376 4.2.12) */
enum { MODE_INCLUDE = 1, MODE_EXCLUDE, TO_INCLUDE, TO_EXCLUDE, ALLOW_NEW, BLOCK_OLD };

/* struct msg - a message being read */
struct msg {
	struct vsw *sw;
	uint16_t fid, port;
	bool v6;
	int64_t now;
	const uint8_t *p;
	uint32_t left;
};

/* MAC address of a group (RFC 1112 6.4, RFC 2464 7); 0 for what is never snooped (RFC 4541 2.1.2:
 * 224.0.0.x) */
static uint64_t group_key(const struct msg *m, const uint8_t *ip)
{
	if (m->v6)
		return ip[0] == 0xff && (ip[1] & 15) > 2 ?
			       fdb_key(m->fid, UINT64_C(0x333300000000) | frame_be32(ip + 12)) :
			       0;
	if ((ip[0] & 0xf0) != 0xe0 || (frame_be32(ip) & 0xffffff00) == 0xe0000000)
		return 0;
	return fdb_key(m->fid, UINT64_C(0x01005e000000) | (frame_be32(ip) & 0x7fffff));
}

static void join(const struct msg *m, const uint8_t *ip)
{
	uint64_t key = group_key(m, ip);

	if (key)
		vsw_mcast_join(m->sw->mcast, key, m->port, m->now + MEMBER_LIFE);
}

static void leave(const struct msg *m, const uint8_t *ip)
{
	uint64_t key = group_key(m, ip);

	if (key)
		vsw_mcast_leave(m->sw->mcast, key, m->port, m->now + LEAVE_LIFE);
}

/* Records of a v3 report; stops at the first that does not fit */
static void records(struct msg *m)
{
	unsigned n = frame_be16(m->p + 6), alen = m->v6 ? 16 : 4;
	const uint8_t *r = m->p + 8;
	uint32_t left = m->left - 8;

	while (n-- && left >= 4 + alen) {
		uint32_t size = 4 + alen + frame_be16(r + 2) * alen + r[1] * 4u;

		if (size > left)
			return;
		if (r[0] == TO_INCLUDE && !frame_be16(r + 2))
			leave(m, r + 4);
		else if (r[0] != BLOCK_OLD && !(r[0] == MODE_INCLUDE && !frame_be16(r + 2)))
			join(m, r + 4);
		r += size;
		left -= size;
	}
}

static enum mcast_way igmp(struct msg *m)
{
	if (m->left < 8)
		return MCAST_FLOOD;
	switch (m->p[0]) {
	case IGMP_QUERY:
		vsw_mcast_querier(m->sw->mcast, m->fid, m->port, m->now + QUERIER_LIFE);
		return MCAST_FLOOD;
	case IGMP_V1_REPORT:
	case IGMP_V2_REPORT:
		join(m, m->p + 4);
		return MCAST_QUERIERS_ONLY;
	case IGMP_LEAVE:
		leave(m, m->p + 4);
		return MCAST_QUERIERS_ONLY;
	case IGMP_V3_REPORT:
		records(m);
		return MCAST_QUERIERS_ONLY;
	}
	return MCAST_FLOOD;
}

static enum mcast_way mld(struct msg *m)
{
	if (m->left < 24 && !(m->left >= 8 && m->p[0] == MLD_V2_REPORT))
		return MCAST_FLOOD;
	switch (m->p[0]) {
	case MLD_QUERY:
		vsw_mcast_querier(m->sw->mcast, m->fid, m->port, m->now + QUERIER_LIFE);
		return MCAST_FLOOD;
	case MLD_REPORT:
		join(m, m->p + 8);
		return MCAST_QUERIERS_ONLY;
	case MLD_DONE:
		leave(m, m->p + 8);
		return MCAST_QUERIERS_ONLY;
	case MLD_V2_REPORT:
		records(m);
		return MCAST_QUERIERS_ONLY;
	}
	return MCAST_FLOOD;
}

/* Data to a group: known, unknown with somebody asking, or not to be filtered at all */
static enum mcast_way data(struct vsw *sw, struct vsw_burst *b, unsigned i, const struct frame *f,
			   struct mcast_group **group)
{
	const uint8_t *p = pkt_head(b->pkt[i]);
	bool local4 =
		f->flags & FRAME_IPV4 && (frame_be32(p + f->daddr) & 0xffffff00) == 0xe0000000;
	bool local6 = f->flags & FRAME_IPV6 && (p[f->daddr + 1] & 15) <= 2;

	if (!(f->flags & FRAME_IP) || local4 || local6 ||
	    !vsw_mcast_has_querier(sw->mcast, fdb_key_fid(b->dst[i])))
		return MCAST_FLOOD;
	*group = vsw_mcast_find(sw->mcast, b->dst[i]);
	return *group ? MCAST_MEMBERS_ONLY : MCAST_QUERIERS_ONLY;
}

enum mcast_way vsw_mcast_snoop(struct vsw *sw, struct vsw_burst *b, unsigned i,
			       struct mcast_group **group)
{
	const struct pkt *pkt = b->pkt[i];
	struct msg m = { .sw = sw, .fid = fdb_key_fid(b->dst[i]), .port = b->in->fdb_port };
	struct frame f;

	frame_parse(&f, pkt, 0);
	if (!f.l4 || f.flags & FRAME_FRAG || !(f.flags & (FRAME_IGMP | FRAME_MLD)))
		return data(sw, b, i, &f, group);
	m.v6 = f.flags & FRAME_MLD;
	m.now = vsw_now(sw);
	m.p = pkt_head(pkt) + f.l4;
	m.left = (f.end < pkt_head_len(pkt) ? f.end : pkt_head_len(pkt)) - f.l4;
	return m.v6 ? mld(&m) : igmp(&m);
}
