/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Notify switches: a port that leaves by another uplink sends, there, a RARP request (RFC 903) from
 * each of its addresses, broadcast, so that the physical switches learn where they are now.
 */
#include "policy/notify.h"

#include "core/due.h"
#include "core/emit.h"
#include "hwnet/rarp.h"
#include "policy/row.h"

static void announce(struct vsw_port *up, uint64_t mac, uint16_t vid)
{
	uint8_t bytes[FRAME_RARP_LEN], station[6];
	struct pkt pkt;
	struct iovec iov;
	const struct pkt *one = &pkt;

	mac_bytes(mac, station);
	frame_rarp(bytes, station);
	pkt_flat(&pkt, &iov, bytes, sizeof(bytes));
	if (vid && up->out_special & OUT_TAGGED && vid != up->vid_out) {
		pkt.flags = PKT_VLAN;
		pkt.vlan_tpid = up->tpid;
		pkt.vlan_tci = vid;
	}
	vsw_port_emit(up, &one, 1);
}

/* Those addresses that the port's card registered, and those learnt from it */
static void announce_all(struct vsw_port *p)
{
	struct vsw_port *up = p->sw->port[p->uplink];
	const struct fdb *t = &p->sw->fdb;
	uint32_t pos = 0;
	uint64_t key;
	uint16_t port;
	unsigned age;

	while (vsw_fdb_next(t, &pos, fdb_places(t), &key, &port, &age)) {
		uint16_t fid = fdb_key_fid(key);

		if (port == p->fdb_port)
			announce(up, fdb_key_mac(key), fid == FDB_ANY_VLAN ? p->vid : fid);
	}
}

/**
 * vsw_team_notify() - Announce a port's addresses on its uplink
 * @p: The port
 *
 * At the next call of vsw_timer(), which is asked for at once: the change that makes it necessary
 * may be part of vsw_port_add(), when the owner of a new uplink does not have its port yet.
 */
void vsw_team_notify(struct vsw_port *p)
{
	p->announce = true;
	vsw_due_at(p->sw, DUE_POLICY + POLICY_NOTIFY, vsw_now(p->sw));
}

static void run(struct vsw *sw, int64_t now)
{
	vsw_due_at(sw, DUE_POLICY + POLICY_NOTIFY, VSW_NEVER);
	for (unsigned i = 1; i <= sw->last_port; i++) {
		struct vsw_port *p = sw->port[i];

		if (p && p->announce && p->uplink)
			announce_all(p);
		if (p)
			p->announce = false;
	}
}

/* The number of an uplink that goes may be that of another one, which has to be told */
static void gone(struct vsw_port *up)
{
	for (unsigned i = 1; i <= up->sw->last_port; i++)
		if (up->sw->port[i] && up->sw->port[i]->notified == up->number)
			up->sw->port[i]->notified = UINT16_MAX;
}

const struct vsw_policy_row vsw_policy_notify = {
	.name = "notify switches",
	.due = run,
	.gone = gone,
};
