/* SPDX-License-Identifier: BSD-2-Clause */
#include "reference.h"

#include <string.h>

static bool bit(const uint64_t *map, unsigned n)
{
	return map[n / 64] >> (n % 64) & 1;
}

static const struct vsw_pvlan *secondary(const struct ref *r, uint16_t vid)
{
	for (unsigned i = 0; i < r->n_pvlans; i++)
		if (r->pvlan[i].secondary == vid)
			return &r->pvlan[i];
	return NULL;
}

/* Addresses of all VLANs of a private VLAN are kept together */
static uint16_t fid_of(const struct ref *r, uint16_t vid)
{
	return secondary(r, vid) ? secondary(r, vid)->primary : vid;
}

static bool open_port(const struct ref_port *p)
{
	return p->exists && p->link && !p->policy.blocked;
}

/* Does a frame of a VLAN leave by a port? */
static bool carries(const struct ref *r, const struct ref_port *p, uint16_t vid)
{
	const struct vsw_vlan_policy *v = &p->policy.vlan;

	if (v->mode == VSW_VLAN_TRUNK)
		return bit(v->allowed, vid) || (vid == v->vid && v->accept != VSW_ACCEPT_TAGGED);
	if (v->mode != VSW_VLAN_PRIVATE)
		return vid == v->vid;
	if (!secondary(r,
		       v->vid)) /* promiscuous port: the primary VLAN and all its secondary ones */
		return fid_of(r, vid) == v->vid;
	if (vid == v->vid)
		return !secondary(r, v->vid)->isolated;
	return vid == secondary(r, v->vid)->primary;
}

/* The VLAN of a frame that comes in; -1: it does not. A tag that is the port's own is taken off. */
static int classify(const struct ref_port *p, struct ref_frame *f, uint16_t *pcp)
{
	const struct vsw_vlan_policy *v = &p->policy.vlan;
	bool trunk = v->mode == VSW_VLAN_TRUNK;
	uint16_t tpid = trunk ? v->tpid : 0x8100, vid;

	*pcp = 0;
	if (v->mode == VSW_VLAN_TUNNEL)
		return v->vid;
	if (!f->n_tags || f->tag[0].tpid != tpid)
		return trunk && v->accept == VSW_ACCEPT_TAGGED ? -1 : v->vid;
	vid = f->tag[0].tci & 0xfff;
	*pcp = f->tag[0].tci >> 12;
	f->n_tags--;
	memmove(f->tag, f->tag + 1, sizeof(f->tag[0]) * f->n_tags);
	if (vid == 0xfff)
		return -1;
	if (vid == 0)
		return trunk && v->accept == VSW_ACCEPT_TAGGED ? -1 : v->vid;
	if (!trunk || v->accept == VSW_ACCEPT_UNTAGGED)
		return -1;
	if (v->filter && !bit(v->allowed, vid) && !(vid == v->vid && v->accept == VSW_ACCEPT_ALL))
		return -1;
	return vid;
}

/* May a port send frames with a tag of this VLAN? */
static bool may_tag(const struct ref_port *p, uint16_t tpid, uint16_t vid)
{
	const struct vsw_vlan_policy *v = &p->policy.vlan;

	if (v->mode != VSW_VLAN_TRUNK || v->tpid != tpid || v->accept == VSW_ACCEPT_UNTAGGED ||
	    !vid || vid == 0xfff)
		return false;
	return !v->filter || bit(v->allowed, vid) || (vid == v->vid && v->accept == VSW_ACCEPT_ALL);
}

/* The frame as it leaves by a port. False: a tag would stand in front that its sender
 * may not use */
static bool leave(const struct ref_port *p, const struct ref_port *in, const struct ref_frame *f,
		  uint16_t vid, uint16_t pcp, struct ref_frame *out)
{
	const struct vsw_vlan_policy *v = &p->policy.vlan;
	uint16_t tpid = v->mode == VSW_VLAN_TRUNK ? v->tpid : 0x8100;

	*out = *f;
	if (v->mode != VSW_VLAN_TRUNK || (vid == v->vid && v->accept != VSW_ACCEPT_TAGGED)) {
		if (v->mode != VSW_VLAN_TUNNEL && out->n_tags && out->tag[0].tpid == tpid &&
		    !may_tag(in, tpid, out->tag[0].tci & 0xfff))
			return false;
		if (v->mode != VSW_VLAN_TRUNK || !pcp || v->accept == VSW_ACCEPT_UNTAGGED)
			return true;
		vid = 0; /* a tag for the priority only */
	}
	memmove(out->tag + 1, out->tag, sizeof(out->tag[0]) * out->n_tags);
	out->tag[0] = (struct ref_tag) { v->tpid, (uint16_t)(pcp << 12 | vid) };
	out->n_tags++;
	return true;
}

/* The port whose card registered an address in a filtering id; -1: none. The first one to claim it
 * has it. */
static int registered(const struct ref *r, uint16_t fid, uint64_t mac)
{
	for (int i = 0; i < r->n; i++) {
		const struct ref_port *p = &r->port[i];

		if (p->exists && p->link && !p->uplink && p->mac == mac && mac &&
		    p->policy.vlan.mode != VSW_VLAN_TRUNK && fid_of(r, p->policy.vlan.vid) == fid)
			return i;
	}
	return -1;
}

/* Does what a trunk's card registers count in a VLAN? Those of a trunk of up to 16 VLANs are kept
 * with each of these, so they count where addresses are kept together, too. */
static bool claims(const struct ref *r, const struct ref_port *p, uint16_t vid)
{
	unsigned n = 0;
	bool same = false;

	for (uint16_t v = 0; v < 4095; v++)
		if (carries(r, p, v)) {
			n++;
			same |= fid_of(r, v) == fid_of(r, vid);
		}
	return n <= 16 ? same : carries(r, p, vid);
}

static int registered_on_trunk(const struct ref *r, uint64_t mac, uint16_t vid)
{
	for (int i = 0; i < r->n; i++) {
		const struct ref_port *p = &r->port[i];

		if (p->exists && p->link && !p->uplink && p->mac == mac && mac &&
		    p->policy.vlan.mode == VSW_VLAN_TRUNK && claims(r, p, vid))
			return i;
	}
	return -1;
}

static struct ref_station *station(struct ref *r, uint16_t fid, uint64_t mac)
{
	for (unsigned i = 0; i < r->n_learnt; i++)
		if (r->learnt[i].fid == fid && r->learnt[i].mac == mac)
			return &r->learnt[i];
	return NULL;
}

static int uplinks(const struct ref *r, int *list)
{
	int n = 0;

	for (int i = 0; i < r->n; i++)
		if (r->port[i].uplink && r->port[i].exists)
			list[n++] = i;
	return n;
}

/* The uplink of a port: in turn over those that are usable (ports are numbered from 1 in the
 * switch) */
static int uplink_of(const struct ref *r, int port)
{
	int list[REF_PORTS], n = 0;

	for (int i = 0; i < r->n; i++)
		if (r->port[i].uplink && open_port(&r->port[i]))
			list[n++] = i;
	return n ? list[(port + 1) % n] : -1;
}

/* Take a source in. False: the frame does not pass. */
static bool source(struct ref *r, int in, uint16_t vid, uint64_t mac)
{
	uint16_t fid = fid_of(r, vid);
	struct ref_port *p = &r->port[in];
	int here = registered(r, fid, mac), trunk = registered_on_trunk(r, mac, vid),
	    list[REF_PORTS];
	struct ref_station *s = station(r, fid, mac);

	if (trunk == in || here == in)
		return true;
	if (!p->policy.security.forged_transmits && !p->uplink)
		return false;
	if (p->uplink && uplinks(r, list) > 1 &&
	    (here >= 0 || trunk >= 0 || (s && s->port != REF_UP)))
		return false; /* one of our own, come back by another uplink */
	if (!p->policy.mac.learning || here >= 0 || trunk >= 0)
		return true;
	if (!s) {
		s = &r->learnt[r->n_learnt++];
		s->fid = fid;
		s->mac = mac;
	}
	s->port = p->uplink ? REF_UP : in;
	return true;
}

static int lookup(struct ref *r, uint16_t vid, uint64_t mac)
{
	uint16_t fid = fid_of(r, vid);

	if (registered(r, fid, mac) >= 0)
		return registered(r, fid, mac);
	if (station(r, fid, mac))
		return station(r, fid, mac)->port;
	return registered_on_trunk(r, mac, vid);
}

/* May a frame from @in go to @to at all? */
static bool allowed(const struct ref *r, int in, int to, uint16_t vid)
{
	int list[REF_PORTS];

	if (!open_port(&r->port[to]) || !carries(r, &r->port[to], vid))
		return false;
	if (in == to)
		return r->port[in].policy.reflective;
	if (r->port[in].uplink && r->port[to].uplink)
		return false;
	if (r->port[to].uplink)
		return uplink_of(r, in) == to;
	if (r->port[in].uplink && uplinks(r, list) > 1)
		return uplink_of(r, to) == in;
	return true;
}

void ref_input(struct ref *r, int in, const struct ref_frame *frame, bool *get,
	       struct ref_frame *out)
{
	struct ref_frame f = *frame;
	uint16_t pcp, vid;
	int v, to;

	memset(get, 0, REF_PORTS * sizeof(*get));
	if (!open_port(&r->port[in]))
		return;
	v = classify(&r->port[in], &f, &pcp);
	if (v < 0 || f.src >> 40 & 1)
		return;
	vid = (uint16_t)v;
	if ((f.dst & ~UINT64_C(15)) == UINT64_C(0x0180c2000000) &&
	    !(r->port[in].policy.mac.reserved >> (f.dst & 15) & 1))
		return;
	if (!source(r, in, vid, f.src))
		return;
	to = f.dst >> 40 & 1 ? -1 : lookup(r, vid, f.dst);
	for (int i = 0; i < r->n; i++) {
		const struct ref_port *p = &r->port[i];
		bool meant = to == i || (to == REF_UP && p->uplink) ||
			     (to < 0 && (p->uplink || f.dst >> 40 & 1 || p->policy.mac.flooding));
		bool listens = p->wants_promiscuous && p->policy.security.promiscuous &&
			       !p->uplink && i != in;

		if ((meant || listens) && allowed(r, in, i, vid))
			get[i] = leave(p, &r->port[in], &f, vid, pcp, &out[i]);
	}
}

void ref_forget(struct ref *r, int port)
{
	unsigned n = 0;

	for (unsigned i = 0; i < r->n_learnt; i++)
		if (r->learnt[i].port != port)
			r->learnt[n++] = r->learnt[i];
	r->n_learnt = n;
}

void ref_changed(struct ref *r)
{
	unsigned n = 0;

	for (unsigned i = 0; i < r->n_learnt; i++)
		if (registered(r, r->learnt[i].fid, r->learnt[i].mac) < 0 &&
		    registered_on_trunk(r, r->learnt[i].mac, r->learnt[i].fid) < 0)
			r->learnt[n++] = r->learnt[i];
	r->n_learnt = n;
}
