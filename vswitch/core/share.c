/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames for many at a switch of many ports: how much of them is done at a time.
 *
 * DOC: Theory of Operation
 *
 * A burst of 64 frames that each go to 4,000 ports is a quarter of a million deliveries, and there
 * may be as many senders: all other frames would wait. So at a switch at which one burst could make
 * more than SHARE_ROUND deliveries (@wide) frames are looked at before they are let in: to how many
 * ports may each go, by its group or because the table does not have its station? When SHARE_ROUND
 * is used up, the frame and those behind it stay with their owner, as shaped ones do, until the
 * switch's timer has run, which it is asked to do at once: other ports have their turn meanwhile.
 * So no frame is lost or overtaken. Owners that cannot keep frames are not asked to.
 *
 * Who waits gets a share from the timer: up to SHARES ports have one, in turn by number, and each
 * is enough for a frame to all ports. It is good until the timer runs again. While anybody waits,
 * nobody else has any, so that a sender that never stops cannot keep others out.
 *
 * Senders that do not send for many pay one look at a flag a burst at a small switch, and a hash
 * and a look-up a frame at a wide one.
 */
#include "core/share.h"

#include "core/addrs.h"

/* Deliveries between two runs of the timer, and among how many they are shared at most */
#define SHARE_ROUND 16384u
#define SHARES	    (SHARE_ROUND / VSW_MAX_PORTS)

_Static_assert(SHARES, "a share is enough for a frame to all ports");

/* struct sizing - what is known of a burst before it is let in. @unknown: ports that get frames to
 * stations that the table does not have */
struct sizing {
	uint64_t key[PKT_BURST], hash[PKT_BURST];
	uint16_t vid[PKT_BURST];
	unsigned unknown;
};

/**
 * vsw_share_wide() - Look anew whether a switch has so many ports
 * @sw: The switch
 */
void vsw_share_wide(struct vsw *sw)
{
	sw->wide = sw->last_port * PKT_BURST > SHARE_ROUND;
	sw->share_left = sw->share_waits ? 0 : SHARE_ROUND;
}

static unsigned count_unknown(const struct vsw *sw)
{
	unsigned n = 0;

	for (unsigned w = 0; w < sw->words; w++)
		n += (unsigned)__builtin_popcountll(sw->flooding[w]);
	return n;
}

static unsigned count_members(const struct vsw *sw, unsigned vid)
{
	unsigned n = 0;

	for (unsigned w = 0; w < sw->words; w++)
		n += (unsigned)__builtin_popcountll(sw->member[w][vid]);
	return n;
}

/* The tag of a frame, if it is one to its port (admit.c); -1: it has none */
static int tag_of(const struct vsw_port *p, const struct pkt *pkt)
{
	const uint8_t *head = pkt_head(pkt);

	if (pkt->flags & PKT_VLAN)
		return pkt->vlan_tpid == p->tpid ? pkt->vlan_tci & VID_MASK : -1;
	if (pkt->iov[0].iov_len < FRAME_ETH_LEN + FRAME_TAG_LEN ||
	    frame_be16(head + FRAME_ADDRS_LEN) != p->tpid)
		return -1;
	return frame_be16(head + FRAME_ETH_LEN) & VID_MASK;
}

/* Look at a burst, and send for the table's lines */
static void look_ahead(struct vsw_port *p, const struct pkt *const *pkts, unsigned n,
		       struct sizing *s)
{
	const struct vsw *sw = p->sw;

	for (unsigned i = 0; i < n; i++) {
		int tag = tag_of(p, pkts[i]);
		uint16_t vid = tag > 0 ? (uint16_t)tag : p->vid;

		s->vid[i] = vid;
		s->key[i] =
			fdb_key(tag < 0 ? p->fid : sw->vlan[vid].fid, mac_from(pkt_head(pkts[i])));
		s->hash[i] = fdb_hash(&sw->fdb, s->key[i]);
		__builtin_prefetch(fdb_home(&sw->fdb, s->hash[i]));
	}
}

static bool is_known(const struct vsw *sw, const struct sizing *s, unsigned i)
{
	return fdb_lookup(&sw->fdb, s->key[i], s->hash[i]).i >= 0 ||
	       vsw_any_vlan(sw, s->key[i], s->vid[i]).i >= 0;
}

/* To how many ports may a frame go that is not for one that the table knows? */
static unsigned ports_of(const struct vsw *sw, const struct sizing *s, unsigned i,
			 unsigned *counted, unsigned *members)
{
	unsigned n = 1u + sw->promiscuous.n; /* one by the table, or an uplink */

	if (mac_is_group(fdb_key_mac(s->key[i]))) {
		if (*counted != s->vid[i])
			*members = count_members(sw, s->vid[i]);
		*counted = s->vid[i];
		n += *members;
	} else if (s->unknown && !is_known(sw, s, i)) {
		n += s->unknown;
	}
	return n < VSW_MAX_PORTS ? n : VSW_MAX_PORTS;
}

/* Frames of a burst that may come in. @left: deliveries that there may be, less those of these. A
 * frame to one port is none of them. */
static unsigned burst(struct vsw_port *p, const struct pkt *const *pkts, unsigned n,
		      struct sizing *s, uint32_t *left)
{
	unsigned counted = VSW_VLANS, members = 0;

	look_ahead(p, pkts, n, s);
	for (unsigned i = 0; i < n; i++) {
		unsigned ports = ports_of(p->sw, s, i, &counted, &members);

		if (ports == 1)
			continue;
		if (ports > *left)
			return i;
		*left -= ports;
	}
	return n;
}

static uint32_t *allowance(struct vsw_port *p)
{
	return p->share && p->share_run == p->sw->share_run ? &p->share : &p->sw->share_left;
}

/**
 * vsw_share_pass() - How many frames may come in now?
 * @p:    The port; its switch is wide
 * @pkts: Frames
 * @n:    Their number
 *
 * Return: how many; those behind them wait.
 */
unsigned vsw_share_pass(struct vsw_port *p, const struct pkt *const *pkts, unsigned n)
{
	uint32_t *left = allowance(p);
	unsigned done = 0;
	struct sizing s;

	s.unknown = count_unknown(p->sw);
	while (done < n) {
		unsigned some = n - done < PKT_BURST ? n - done : PKT_BURST;
		unsigned pass = burst(p, pkts + done, some, &s, left);

		done += pass;
		if (pass < some)
			break;
	}
	return done;
}

/**
 * vsw_share_wait() - A port waits for a share
 * @p: The port
 */
void vsw_share_wait(struct vsw_port *p)
{
	struct vsw *sw = p->sw;

	p->share = 0;
	sw->share_left = 0;
	if (p->share_waits)
		return;
	p->share_waits = true;
	sw->share_waits++;
}

/**
 * vsw_share_forget() - A port waits no more, or goes
 * @p: The port
 */
void vsw_share_forget(struct vsw_port *p)
{
	p->sw->share_waits -= p->share_waits;
	p->share_waits = false;
}

/**
 * vsw_share_out() - The timer runs: who waits gets a share, up to SHARES ports, others with time
 * @sw: The switch
 */
void vsw_share_out(struct vsw *sw)
{
	unsigned n = sw->share_waits < SHARES ? sw->share_waits : SHARES;
	unsigned share = n ? SHARE_ROUND / n : 0;

	sw->share_run++;
	sw->share_left = n ? 0 : SHARE_ROUND;
	for (unsigned tries = sw->last_port; n && tries; tries--) {
		struct vsw_port *p;

		sw->share_next = sw->share_next < sw->last_port ? sw->share_next + 1 : 1;
		p = sw->port[sw->share_next];
		if (!p || !p->share_waits)
			continue;
		vsw_share_forget(p);
		p->share = share;
		p->share_run = sw->share_run;
		n--;
	}
}
