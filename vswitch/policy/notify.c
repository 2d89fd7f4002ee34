/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Notify switches: a port that leaves by another uplink sends, there, a RARP request (RFC 903) from
 * each of its addresses, broadcast, so that the physical switches learn where they are now.
 */
#include "policy/notify.h"

#include "core/emit.h"

#define RARP_LEN  60u
#define TYPE_RARP 0x8035

static void rarp(uint8_t *p, uint64_t mac)
{
	memset(p, 0, RARP_LEN);
	memset(p, 0xff, 6);
	mac_bytes(mac, p + 6);
	frame_put_be16(p + 12, TYPE_RARP);
	frame_put_be16(p + 14, 1); /* Ethernet */
	frame_put_be16(p + 16, FRAME_TYPE_IPV4);
	p[18] = 6;
	p[19] = 4;
	frame_put_be16(p + 20, 3); /* request reverse */
	mac_bytes(mac, p + 22);	   /* sender, and target */
	mac_bytes(mac, p + 32);
}

static void announce(struct vsw_port *up, uint64_t mac, uint16_t vid)
{
	uint8_t bytes[RARP_LEN];
	struct pkt pkt;
	struct iovec iov;
	const struct pkt *one = &pkt;

	rarp(bytes, mac);
	pkt_flat(&pkt, &iov, bytes, sizeof(bytes));
	if (vid && up->out_special & OUT_TAGGED && vid != up->vid_out) {
		pkt.flags = PKT_VLAN;
		pkt.vlan_tpid = up->tpid;
		pkt.vlan_tci = vid;
	}
	vsw_port_emit(up, &one, 1);
}

/**
 * vsw_team_notify() - Announce a port's addresses on its uplink
 * @p: The port
 *
 * Those its card registered and those learnt from it.
 */
void vsw_team_notify(struct vsw_port *p)
{
	struct vsw_port *up = p->sw->port[p->uplink];
	const struct fdb *t = &p->sw->fdb;
	uint32_t pos = 0;
	uint64_t key;
	uint16_t port;
	unsigned age;

	while (fdb_next(t, &pos, fdb_places(t), &key, &port, &age)) {
		uint16_t fid = fdb_key_fid(key);

		if (port == p->fdb_port)
			announce(up, key & UINT64_C(0xffffffffffff),
				 fid == FDB_ANY_VLAN ? p->vid : fid);
	}
}
