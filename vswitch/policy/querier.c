/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IGMP and MLD querier of the switch, for networks without a multicast router: general queries (RFC
 * 2236 2, RFC 2710 3) at an interval, to all ports of a VLAN. They are of version 2 and 1, which
 * hosts of every version answer.
 */
#include "policy/querier.h"

#include "core/emit.h"
#include "policy/mcast.h"

#define QUERY4_LEN 60u
#define QUERY6_LEN 86u

static void ethernet(uint8_t *p, uint64_t dst, uint16_t type)
{
	mac_bytes(dst, p);
	mac_bytes(UINT64_C(0x020000000001), p + 6);
	frame_put_be16(p + 12, type);
}

/* IPv4 with router alert option (RFC 2113), IGMPv2 general query */
static void query4(uint8_t *p, const uint8_t *src)
{
	uint16_t sum;

	memset(p, 0, QUERY4_LEN);
	ethernet(p, UINT64_C(0x01005e000001), FRAME_TYPE_IPV4);
	p[14] = 0x46;
	p[15] = 0xc0;
	frame_put_be16(p + 16, 32);
	p[22] = 1;
	p[23] = FRAME_PROTO_IGMP;
	memcpy(p + 26, src, 4);
	frame_put_be32(p + 30, 0xe0000001);
	frame_put_be32(p + 34, 0x94040000);
	csum_ipv4_set(p + 14);
	p[38] = 0x11;
	p[39] = 100; /* 10 s */
	sum = csum_fold(csum_bytes(p + 38, 8));
	memcpy(p + 40, &sum, 2);
}

/* IPv6 with hop-by-hop router alert (RFC 2711), MLDv1 general query from a link-local address */
static void query6(uint8_t *p)
{
	uint16_t sum;

	memset(p, 0, QUERY6_LEN);
	ethernet(p, UINT64_C(0x333300000001), FRAME_TYPE_IPV6);
	p[14] = 0x60;
	frame_put_be16(p + 18, 32);
	p[20] = 0; /* hop-by-hop */
	p[21] = 1;
	memcpy(p + 22, (uint8_t[]) { 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xfe, 0, 0, 1 },
	       16);
	p[38] = 0xff;
	p[39] = 2;
	p[53] = 1;
	memcpy(p + 54, (uint8_t[]) { FRAME_PROTO_ICMPV6, 0, 5, 2, 0, 0, 1, 0 }, 8);
	p[62] = 130;
	frame_put_be16(p + 66, 10000); /* 10 s */
	sum = csum_fold(
		csum_add(csum_pseudo6(p + 22, FRAME_PROTO_ICMPV6, 24), csum_bytes(p + 62, 24)));
	memcpy(p + 64, &sum, 2);
}

static void flood(struct vsw *sw, uint16_t vid, const uint8_t *bytes, uint32_t len)
{
	for (unsigned i = 1; i <= sw->last_port; i++) {
		struct vsw_port *p = sw->port[i];
		struct pkt pkt;
		struct iovec iov;
		const struct pkt *one = &pkt;

		if (!p || !port_carries(p, vid))
			continue;
		pkt_flat(&pkt, &iov, bytes, len);
		if (p->out_special & OUT_TAGGED && vid != p->vid_out) {
			pkt.flags = PKT_VLAN;
			pkt.vlan_tpid = p->tpid;
			pkt.vlan_tci = vid;
		}
		vsw_port_emit(p, &one, 1);
	}
}

/**
 * vsw_mcast_query() - Send queries, if it is time
 * @sw:  The switch
 * @now: The time
 */
void vsw_mcast_query(struct vsw *sw, int64_t now)
{
	const struct vsw_querier_policy *q = &sw->policy.querier;
	uint8_t bytes[QUERY6_LEN];

	if (q->enabled && now >= sw->mcast->next_query) {
		query4(bytes, q->address);
		flood(sw, q->vlan, bytes, QUERY4_LEN);
		query6(bytes);
		flood(sw, q->vlan, bytes, QUERY6_LEN);
		vsw_mcast_querier(sw->mcast, sw->vlans->vlan[q->vlan].fid, VSW_MAX_PORTS + 1,
				  now + (int64_t)q->interval * 3 * NS_PER_S);
		sw->mcast->next_query = now + (int64_t)q->interval * NS_PER_S;
	}
}
