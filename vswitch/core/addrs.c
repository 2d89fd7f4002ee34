/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the switch knows of the cards at its ports: their addresses become static entries, so that
 * frames find them before they ever sent one, and so that forged sources are told from their own by
 * the look-up that is done anyway.
 *
 * DOC: Theory of Operation
 *
 * An address counts in the VLANs that its port carries and in no other. An access port enters it
 * under its VLAN. A trunk of a few VLANs enters it under each of them; of many, once, under
 * FDB_ANY_VLAN, and whoever finds it there asks whether the port carries the frame's VLAN
 * (vsw_any_vlan()). What was learnt of the address in these VLANs is forgotten.
 *
 * Two ports may claim an address. The one whose permanent address it is has it: that is given by
 * the host, all others are the guest's choice. Else the first one has it. A port that did not get
 * what it claims is remembered (@unmet), and asked again when an address is given up.
 *
 * A guest can change its card's filter with one write of a register. The cost of that is bounded:
 * up to VSW_MAX_ADDRS + 1 look-ups for what is new and what is gone, and one pass over the table if
 * a trunk of many VLANs claims an address that it had not.
 */
#include "core/addrs.h"

#include "core/event.h"
#include "policy/stages.h"

#define EACH_VLANS 16u	/* a trunk of more VLANs enters addresses under FDB_ANY_VLAN */
#define EACH_MAX   128u /* and so does one that has this many entries */

/* struct claims - the addresses that a port claims, worked out anew: a set by open addressing */
struct claims {
	struct vsw_port *port;
	unsigned n, n_vlans;
	uint64_t key[VSW_MAX_ADDRS + 1];
	uint16_t place[2 * (VSW_MAX_ADDRS + 1)]; /* in @key, from 1 */
	bool any;				 /* one was not entered before, for many VLANs */
};

static uint16_t *place_of(struct claims *c, uint64_t key)
{
	unsigned size = sizeof(c->place) / sizeof(c->place[0]);
	unsigned at = (unsigned)(fdb_hash(&c->port->sw->fdb, key) % size);

	while (c->place[at] && c->key[c->place[at] - 1] != key)
		at = (at + 1) % size;
	return &c->place[at];
}

static void claim_key(struct claims *c, uint64_t key)
{
	uint16_t *place = place_of(c, key);

	if (*place || c->n > VSW_MAX_ADDRS)
		return;
	c->key[c->n++] = key;
	*place = (uint16_t)c->n;
}

static void claim(struct claims *c, uint64_t mac)
{
	const struct vsw_port *p = c->port;

	if (!mac || mac_is_group(mac))
		return;
	if (!p->any_vlan) {
		claim_key(c, fdb_key(p->fid, mac));
		return;
	}
	if (c->n_vlans > EACH_VLANS || c->n + c->n_vlans > EACH_MAX) {
		claim_key(c, fdb_key(FDB_ANY_VLAN, mac));
		return;
	}
	for (unsigned w = 0; w < VSW_VLANS / 64; w++)
		for (uint64_t bits = p->out_vlans[w]; bits; bits &= bits - 1)
			claim_key(c,
				  fdb_key(p->sw->vlan[64 * w + (unsigned)__builtin_ctzll(bits)].fid,
					  mac));
}

static void claim_all(struct claims *c)
{
	const struct vsw_port *p = c->port;
	const struct vsw_mac_policy *mac = &p->policy.mac;

	for (unsigned i = 0; i < mac->n_addresses; i++)
		claim(c, mac_number(mac->address[i]));
	if (p->mac_violation || !p->policy.security.mac_changes) {
		claim(c, mac_number(p->permanent));
		return;
	}
	claim(c, p->mac);
	for (unsigned i = 0; i < p->filter.n; i++)
		claim(c, mac_number(p->addrs[i]));
}

/**
 * vsw_addrs_unmet() - Note whether a port claims an address that it has not
 * @p:  The port
 * @is: Whether
 */
void vsw_addrs_unmet(struct vsw_port *p, bool is)
{
	if (p->unmet == is)
		return;
	p->unmet = is;
	numbers_put(&p->sw->unmet, p->number, is);
}

static bool is_registered(const struct vsw_port *p, uint64_t key)
{
	for (unsigned i = 0; i < p->n_registered; i++)
		if (p->registered[i] == key)
			return true;
	return false;
}

static bool is_permanent(const struct vsw_port *p, uint64_t key)
{
	return fdb_key_mac(key) == mac_number(p->permanent);
}

/* What another port's card chose gives way to a card's permanent address */
static void displace(struct vsw_port *p, uint64_t key)
{
	struct fdb *t = &p->sw->fdb;
	struct fdb_ref r = fdb_lookup(t, key, fdb_hash(t, key));
	struct vsw_port *other = r.i >= 0 ? p->sw->port[r.b->port[r.i]] : NULL;

	if (!other || other == p || !is_permanent(p, key) || is_permanent(other, key) ||
	    !is_registered(other, key))
		return;
	vsw_fdb_remove(t, key);
	vsw_addrs_unmet(other, true);
	p->sw->freed = true; /* its list is to be put right */
	vsw_tell(p->sw, VSW_EVENT_MAC_CONFLICT, other, fdb_key_mac(key), other->vid,
		 "the address is the permanent one of port '%s'", p->id);
}

static void enter(struct claims *c, uint64_t key)
{
	struct vsw_port *p = c->port;
	struct fdb *t = &p->sw->fdb;
	struct fdb_ref r = fdb_lookup(t, key, fdb_hash(t, key));

	if (r.i >= 0 && fdb_age(r) == FDB_STATIC && r.b->port[r.i] == p->fdb_port) {
		p->registered[p->n_registered++] = key;
		return;
	}
	displace(p, key);
	if (vsw_fdb_set_static(t, key, p->fdb_port)) {
		p->registered[p->n_registered++] = key;
		c->any |= fdb_key_fid(key) == FDB_ANY_VLAN;
	} else {
		vsw_addrs_unmet(p, true);
		vsw_tell(p->sw, VSW_EVENT_MAC_CONFLICT, p, fdb_key_mac(key), p->vid,
			 "address is registered at another port");
	}
}

/* Forget what was learnt of the port's addresses in its VLANs */
static void forget_learnt(struct vsw_port *p)
{
	struct fdb *t = &p->sw->fdb;
	uint32_t pos = 0;
	uint64_t key;
	uint16_t port;
	unsigned age;

	while (vsw_fdb_next(t, &pos, fdb_places(t), &key, &port, &age)) {
		struct fdb_ref any = fdb_lookup_any_vlan(t, key);

		if (age != UINT32_MAX && any.i >= 0 && any.b->port[any.i] == p->fdb_port &&
		    vlan_bit(p->out_vlans, fdb_key_fid(key)))
			vsw_fdb_remove(t, key);
	}
}

static void withdraw_key(struct vsw_port *p, uint64_t key)
{
	struct fdb *t = &p->sw->fdb;
	struct fdb_ref r = fdb_lookup(t, key, fdb_hash(t, key));

	if (r.i < 0 || r.b->port[r.i] != p->fdb_port)
		return;
	vsw_fdb_remove(t, key);
	p->sw->freed = true;
}

/* Take a port's registered addresses out of the table */
static void withdraw(struct vsw_port *p)
{
	vsw_addrs_unmet(p, false);
	for (unsigned i = 0; i < p->n_registered; i++)
		withdraw_key(p, p->registered[i]);
	p->n_registered = 0;
}

static unsigned count_vlans(const struct vsw_port *p)
{
	unsigned n = 0;

	for (unsigned w = 0; w < VSW_VLANS / 64; w++)
		n += (unsigned)__builtin_popcountll(p->out_vlans[w]);
	return n;
}

/* Put the claims in the place of what is registered; what is in both stays untouched */
static void exchange(struct claims *c)
{
	struct vsw_port *p = c->port;
	bool moved = p->any_vlan && memcmp(p->registered_in, p->out_vlans, sizeof(p->out_vlans));

	for (unsigned i = 0; i < p->n_registered; i++)
		if (!*place_of(c, p->registered[i]))
			withdraw_key(p, p->registered[i]);
	p->n_registered = 0;
	vsw_addrs_unmet(p, false);
	for (unsigned i = 0; i < c->n; i++)
		enter(c, c->key[i]);
	if (c->any || (moved && p->n_registered))
		forget_learnt(p);
	memcpy(p->registered_in, p->out_vlans, sizeof(p->out_vlans));
}

/* A port gets what is meant for others, or does not any more */
static void note_promiscuous(struct vsw_port *p, bool on)
{
	struct vsw *sw = p->sw;

	numbers_put(&sw->promiscuous, p->number, on);
	sw->special = sw->promiscuous.n ? sw->special | SW_PROMISCUOUS :
					  sw->special & ~(uint32_t)SW_PROMISCUOUS;
}

static void judge_address(struct vsw_port *p)
{
	p->mac_violation = !p->policy.security.mac_changes && p->mac != mac_number(p->permanent);
	if (p->mac_violation)
		p->out_special |= OUT_MAC_CHANGE;
	else
		p->out_special &= ~(uint32_t)OUT_MAC_CHANGE;
	vsw_mac_change_seen(p);
}

/**
 * vsw_addrs_apply() - Bring a port's addresses into force
 * @p: The port; VLANs are in force
 *
 * With MAC changes rejected (VMware's policy) a card that uses another address than its permanent
 * one gets nothing until it goes back, and further unicast addresses do not count as its own.
 */
void vsw_addrs_apply(struct vsw_port *p)
{
	struct claims c = { .port = p };
	bool was = p->promiscuous;

	if (p->is_uplink) {
		withdraw(p);
		return;
	}
	judge_address(p);
	c.n_vlans = count_vlans(p);
	if (p->link_up)
		claim_all(&c);
	exchange(&c);
	p->promiscuous = p->filter.promiscuous && p->policy.security.promiscuous;
	if (p->promiscuous != was)
		note_promiscuous(p, p->promiscuous);
}

/**
 * vsw_addrs_gone() - A port goes
 * @p: The port
 */
void vsw_addrs_gone(struct vsw_port *p)
{
	withdraw(p);
	note_promiscuous(p, false);
}

/* Ports that claim what they have not try again */
static void retry(struct vsw *sw)
{
	struct vsw_numbers now;

	sw->freed = false;
	now.n = sw->unmet.n;
	memcpy(now.port, sw->unmet.port, now.n * sizeof(now.port[0]));
	for (unsigned i = 0; i < now.n; i++)
		vsw_addrs_apply(sw->port[now.port[i]]);
}

/**
 * vsw_addrs_retry() - Addresses may have been given up: ports that claim them may have them now
 * @sw: The switch
 *
 * If one of them displaced another one it is that one's turn once more.
 */
void vsw_addrs_retry(struct vsw *sw)
{
	for (unsigned turn = 0; turn < 2 && sw->freed; turn++)
		retry(sw);
	sw->freed = false;
}

/**
 * vsw_addrs_take() - Take over what the owner told
 * @p: The port; @next_filter and @next_addrs are it
 */
void vsw_addrs_take(struct vsw_port *p)
{
	p->filter = p->next_filter;
	memcpy(p->addrs, p->next_addrs, p->filter.n * sizeof(p->addrs[0]));
	p->mac = mac_number(p->filter.mac);
	p->filter_known = true;
	p->groups = 0;
	for (unsigned i = 0; i < p->filter.n; i++)
		p->groups |= UINT64_C(1) << group_bit(mac_number(p->addrs[i]));
	if (!mac_number(p->permanent))
		memcpy(p->permanent, p->filter.mac, 6);
	vsw_addrs_apply(p);
}

/* Copy addresses of one kind. False: there were too many. */
static bool copy_kind(struct vsw_port *p, const struct vsw_addrs *a, bool group)
{
	for (unsigned i = 0; i < a->n; i++) {
		if ((a->addrs[i][0] & 1) != group)
			continue;
		if (p->next_filter.n == VSW_MAX_ADDRS)
			return false;
		memcpy(p->next_addrs[p->next_filter.n++], a->addrs[i], 6);
	}
	return true;
}

void vsw_port_set_addrs(struct vsw_port *p, const struct vsw_addrs *a)
{
	p->next_filter = *a;
	p->next_filter.addrs = NULL;
	p->next_filter.n = 0;
	copy_kind(p, a, false);
	if (!copy_kind(p, a, true))
		p->next_filter.allmulti = true;
	if (p->sw->busy) {
		p->want_addrs = p->sw->want_any = true;
		return;
	}
	vsw_addrs_take(p);
}
