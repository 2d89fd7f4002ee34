/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Notify switches: a port that leaves by another uplink sends, there, a RARP request (RFC 903) from
 * each of its addresses, broadcast, so that the physical switches learn where they are now.
 *
 * DOC: Theory of Operation
 *
 * An address is announced in the VLAN in which its frames leave: that of an access or private port,
 * the one it was learnt in of a trunk. What the card of a trunk port registered holds in all VLANs;
 * it is announced in those that the port used (@vlans_used) and in its native one. Where an address
 * decides which uplink of a team its frames take, it is announced there.
 *
 * It is done NOTIFY_ROUNDS times, since nobody acknowledges a RARP: at once, and again after 50,
 * 150, 250 and 350 ms, as a host does for a virtual machine that moved. A round is one walk over
 * the table of addresses for all ports that are to be announced, in pieces: each call of
 * vsw_timer() looks at NOTIFY_PLACES places and sends NOTIFY_FRAMES frames at most, and the next
 * piece follows a millisecond later.
 */
#include "core/due.h"
#include "core/emit.h"
#include "core/returns.h"
#include "hwnet/rarp.h"
#include "policy/row.h"
#include "policy/team.h"

#define NOTIFY_PLACES 32768u /* a table of ordinary size at once */
#define NOTIFY_FRAMES 256u
#define NOTIFY_DUE    (DUE_POLICY + POLICY_NOTIFY)
#define NS_PER_MS     INT64_C(1000000)

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

/* From VLAN @vid on, the next in which an address of a trunk port is announced; VSW_VLANS: none */
static unsigned next_vlan(const struct vsw_port *p, unsigned vid)
{
	while (vid < VSW_VLANS &&
	       !(vlan_bit(p->vlans_used, vid) && port_carries(p, (uint16_t)vid)) &&
	       !(p->untagged && vid == p->vid))
		vid++;
	return vid;
}

/* What the card of a trunk port registered. Return: false if no frame is left; it goes on there. */
static bool announce_in_all(struct vsw *sw, struct vsw_port *p, struct vsw_port *up, uint64_t key,
			    unsigned *left)
{
	struct vsw_notify *n = &sw->notify;

	if (n->key != key)
		n->vid = 0;
	n->key = key;
	for (; (n->vid = next_vlan(p, n->vid)) < VSW_VLANS; n->vid++) {
		if (!*left)
			return false;
		if (!port_carries(up, (uint16_t)n->vid))
			continue;
		announce(up, fdb_key_mac(key), (uint16_t)n->vid);
		--*left;
	}
	n->key = 0;
	return true;
}

/* An address. Return: false if no frame is left for it. */
static bool announce_entry(struct vsw *sw, struct vsw_port *p, uint64_t key, unsigned *left)
{
	struct vsw_port *up = vsw_team_uplink(p, fdb_key_mac(key));

	if (!up)
		return true;
	if (!*left)
		return false;
	vsw_returns_told(sw, key);
	if (fdb_key_fid(key) == FDB_ANY_VLAN)
		return announce_in_all(sw, p, up, key, left);
	/* of a private VLAN the table has the primary one, which its frames are not in */
	announce(up, fdb_key_mac(key), p->any_vlan ? fdb_key_fid(key) : p->vid);
	--*left;
	return true;
}

/* A piece of the walk. Return: whether it is over. */
static bool walk(struct vsw *sw)
{
	struct vsw_notify *n = &sw->notify;
	uint32_t places = fdb_places(&sw->fdb), end = n->pos + NOTIFY_PLACES;
	unsigned left = NOTIFY_FRAMES;

	uint64_t key;
	uint16_t port;
	unsigned age;

	end = end < places ? end : places;
	while (vsw_fdb_next(&sw->fdb, &n->pos, end, &key, &port, &age)) {
		struct vsw_port *p = port == VSW_UPLINK ? NULL : sw->port[port];

		if (!p || !p->announcing || announce_entry(sw, p, key, &left))
			continue;
		n->pos--; /* the same place again, in the next piece */
		return false;
	}
	return n->pos >= places;
}

/* Ports that are to be announced take part in the walk that begins. Return: are there any? */
static bool begin(struct vsw *sw)
{
	struct vsw_notify *n = &sw->notify;

	*n = (struct vsw_notify) { 0 };
	for (unsigned i = 1; i <= sw->last_port; i++) {
		struct vsw_port *p = sw->port[i];

		if (!p)
			continue;
		p->announcing = p->announce && p->uplink;
		n->walking |= p->announcing;
	}
	return n->walking;
}

/* Return: rounds that some port has left */
static unsigned finish(struct vsw *sw)
{
	unsigned rounds = 0;

	sw->notify.walking = false;
	for (unsigned i = 1; i <= sw->last_port; i++) {
		struct vsw_port *p = sw->port[i];

		if (!p)
			continue;
		if (!p->uplink)
			p->announce = 0;
		else if (p->announcing)
			p->announce--;
		p->announcing = false;
		rounds = p->announce > rounds ? p->announce : rounds;
	}
	return rounds;
}

static void run(struct vsw *sw, int64_t now)
{
	unsigned rounds;

	if (!sw->notify.walking && !begin(sw)) {
		finish(sw);
		vsw_due_at(sw, NOTIFY_DUE, VSW_NEVER);
		return;
	}
	if (!walk(sw)) {
		vsw_due_at(sw, NOTIFY_DUE, now + NS_PER_MS);
		return;
	}
	rounds = finish(sw);
	if (rounds == NOTIFY_ROUNDS) /* a port that asked for it meanwhile */
		vsw_due_at(sw, NOTIFY_DUE, now);
	else if (rounds)
		vsw_due_at(sw, NOTIFY_DUE,
			   now + (50 + (NOTIFY_ROUNDS - 1 - rounds) * 100) * NS_PER_MS);
	else
		vsw_due_at(sw, NOTIFY_DUE, VSW_NEVER);
}

/* The number of an uplink that goes may be that of another one, which has to be told */
static void gone(struct vsw_port *up)
{
	for (unsigned i = 1; up->is_uplink && i <= up->sw->last_port; i++) {
		struct vsw_port *p = up->sw->port[i];

		for (unsigned k = 0; p && k < VSW_TEAM_MAX; k++)
			if (p->told.up[k] == up->number)
				p->told.up[k] = UINT16_MAX;
	}
}

const struct vsw_policy_row vsw_policy_notify = {
	.name = "notify switches",
	.no_state = "rounds that are left are the team's",
	.due = run,
	.gone = gone,
};
