/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * VLANs: who is in which, and how a port's VLAN policy becomes what the data path reads.
 *
 * All VLANs are built anew when a policy changes, and replaced as a whole. VLANs with the same
 * ports share one struct vsw_domain, so a switch of trunks has one, not 4095.
 */
#include <stdlib.h>

#include "vswitch/fail.h"
#include "policy/row.h"

static const char *check(const struct vsw_policy *policy)
{
	const struct vsw_vlan_policy *v = &policy->vlan;

	if (v->mode == VSW_VLAN_TRUNK && v->tpid != FRAME_TYPE_VLAN && v->tpid != FRAME_TYPE_QINQ)
		return "vlan.tpid: is neither 0x8100 nor 0x88a8";
	if (v->mode == VSW_VLAN_TRUNK && vlan_bit(v->allowed, VSW_VLANS - 1))
		return "vlan.trunk: VLAN 4095 cannot be carried (802.1Q reserves it)";
	return NULL;
}

static void allow_all(struct vsw_vlan_policy *v)
{
	memset(v->allowed, 0xff, sizeof(v->allowed));
	v->allowed[0] &= ~UINT64_C(1); /* 0 is the native VLAN's business */
	v->allowed[VSW_VLANS / 64 - 1] &=
		~(UINT64_C(1) << 63); /* 4095 is reserved (802.1Q-2018 table 9-2) */
}

int vsw_policy_set_vlan(struct vsw_policy *p, int vlan)
{
	struct vsw_vlan_policy *v = &p->vlan;

	if (vlan < 0 || vlan > VSW_VGT)
		return -1;
	memset(v, 0, sizeof(*v));
	v->mode = vlan == VSW_VGT ? VSW_VLAN_TRUNK : VSW_VLAN_ACCESS;
	v->vid = vlan == VSW_VGT ? 0 : (uint16_t)vlan;
	v->tpid = FRAME_TYPE_VLAN;
	v->accept = VSW_ACCEPT_ALL;
	v->filter = true;
	allow_all(v);
	return 0;
}

static void init_port(struct vsw_policy *policy, bool uplink)
{
	vsw_policy_set_vlan(policy, uplink ? VSW_VGT : 0);
}

static void set_bit(uint64_t *map, unsigned vid)
{
	map[vid >> 6] |= UINT64_C(1) << (vid & 63);
}

/* What a port in a private VLAN may send out: promiscuous all of it, the others the primary and, a
 * community, itself */
static void private_out(uint64_t *map, uint16_t vid, const struct vsw_switch_policy *sp)
{
	for (unsigned i = 0; i < sp->n_pvlans; i++) {
		const struct vsw_pvlan *pv = &sp->pvlan[i];

		if (pv->primary == vid)
			set_bit(map, pv->secondary);
		if (pv->secondary == vid) {
			set_bit(map, pv->primary);
			if (!pv->isolated)
				set_bit(map, vid);
			return;
		}
	}
	set_bit(map, vid);
}

/* VLANs that leave by a port */
static void vlans_out(uint64_t *map, const struct vsw_vlan_policy *v,
		      const struct vsw_switch_policy *sp)
{
	memset(map, 0, VSW_VLANS / 8);
	if (v->mode == VSW_VLAN_TRUNK)
		memcpy(map, v->allowed, VSW_VLANS / 8);
	if (v->mode == VSW_VLAN_PRIVATE)
		private_out(map, v->vid, sp);
	else if (v->mode != VSW_VLAN_TRUNK || v->accept != VSW_ACCEPT_TAGGED)
		set_bit(map, v->vid);
}

static void compile(struct vsw_port *p)
{
	const struct vsw_vlan_policy *v = &p->policy.vlan;
	bool trunk = v->mode == VSW_VLAN_TRUNK;

	vlans_out(p->out_vlans, v, &p->sw->policy);
	p->vid = v->vid;
	p->fid = p->sw->vlans->vlan[v->vid].fid;
	p->tpid = v->mode == VSW_VLAN_TUNNEL ? 0 : trunk ? v->tpid : FRAME_TYPE_VLAN;
	p->untagged = !trunk || v->accept != VSW_ACCEPT_TAGGED;
	/* out of an isolated port goes the primary VLAN, its own does not; for all others the two
	 * are the same */
	p->vid_out = vlan_bit(p->out_vlans, v->vid) && p->untagged ? v->vid : UINT16_MAX;
	p->any_vlan = trunk;
	memset(p->in_vlans, 0, sizeof(p->in_vlans));
	if (trunk && v->accept != VSW_ACCEPT_UNTAGGED) {
		memcpy(p->in_vlans, v->allowed, sizeof(p->in_vlans));
		if (!v->filter)
			memset(p->in_vlans, 0xff, sizeof(p->in_vlans));
		if (p->untagged)
			set_bit(p->in_vlans, v->vid);
	}
	if (trunk)
		p->out_special |= OUT_TAGGED;
}

/* struct member - what membership needs to know of a port */
struct member {
	struct vsw_port *port;
	bool flooding, uplink;
	uint64_t out[VSW_VLANS / 64];
};

static bool same(const struct vsw_domain *a, const struct vsw_domain *b)
{
	return a->n == b->n && a->unknown == b->unknown && a->uplink == b->uplink &&
	       !memcmp(a->member, b->member, a->n * sizeof(a->member[0]));
}

/* The domain of a VLAN: made in @d, then exchanged for an equal one if there is one */
static void collect(struct vsw_domain *d, const struct member *m, unsigned n, unsigned vid)
{
	d->n = d->unknown = 0;
	d->uplink = false;
	for (int pass = 0; pass < 2; pass++) {
		for (unsigned i = 0; i < n; i++) {
			if (!vlan_bit(m[i].out, vid))
				continue;
			if (m[i].uplink)
				d->uplink = true;
			else if (m[i].flooding == !pass)
				d->member[d->n++] = m[i].port->number;
		}
		if (!pass)
			d->unknown = d->n;
	}
}

static struct vsw_domain *share(struct vsw_vlans *v, const struct vsw_domain *made)
{
	size_t size = sizeof(*made) + made->n * sizeof(made->member[0]);
	struct vsw_domain *d;

	for (d = v->domains; d; d = d->next)
		if (same(d, made))
			return d;
	d = malloc(size);
	if (!d)
		return NULL;
	memcpy(d, made, size);
	d->next = v->domains;
	v->domains = d;
	return d;
}

/* Do all ports carry all or none of these 64 VLANs? Then one domain is worked out for them. */
static bool uniform(const struct member *m, unsigned n, unsigned word)
{
	for (unsigned i = 0; i < n; i++)
		if (m[i].out[word] && ~m[i].out[word])
			return false;
	return true;
}

static unsigned gather(struct vsw_txn *txn, struct member *m)
{
	struct vsw *sw = txn->sw;
	unsigned n = 0;

	for (unsigned i = 1; i <= sw->last_port; i++) {
		struct vsw_port *p = sw->port[i];
		const struct vsw_policy *policy;

		if (!p)
			continue;
		policy = txn_policy(txn, p);
		m[n] = (struct member) { .port = p,
					 .flooding = policy->mac.flooding,
					 .uplink = p->is_uplink };
		vlans_out(m[n].out, &policy->vlan, &txn->sw_policy);
		n++;
	}
	return n;
}

static void set_filtering_ids(struct vsw_vlans *v, const struct vsw_switch_policy *sp)
{
	for (unsigned vid = 0; vid < VSW_VLANS; vid++)
		v->vlan[vid].fid = (uint16_t)vid;
	for (unsigned i = 0; i < sp->n_pvlans; i++)
		v->vlan[sp->pvlan[i].secondary].fid = sp->pvlan[i].primary;
}

static void vlans_free(void *vlans)
{
	struct vsw_vlans *v = vlans;

	if (!v)
		return;
	while (v->domains) {
		struct vsw_domain *d = v->domains;

		v->domains = d->next;
		free(d);
	}
	free(v);
}

/* Work all VLANs out for the policies that will be in force; NULL without memory */
static struct vsw_vlans *build(struct vsw_txn *txn)
{
	struct vsw_vlans *v = calloc(1, sizeof(*v));
	struct member *m = calloc(txn->sw->last_port + 1u, sizeof(*m));
	struct vsw_domain *made =
		calloc(1, sizeof(*made) + (txn->sw->last_port + 1u) * sizeof(made->member[0]));
	unsigned n;

	if (!v || !m || !made)
		goto fail;
	n = gather(txn, m);
	set_filtering_ids(v, &txn->sw_policy);
	for (unsigned vid = 0; vid < VSW_VLANS;) {
		unsigned run = vid % 64 == 0 && uniform(m, n, vid / 64) ? 64 : 1;
		struct vsw_domain *d;

		collect(made, m, n, vid);
		d = share(v, made);
		if (!d)
			goto fail;
		while (run--)
			v->vlan[vid++].domain = d;
	}
	free(m);
	free(made);
	return v;
fail:
	free(m);
	free(made);
	vlans_free(v);
	return NULL;
}

/* A port in private mode must be in the table of private VLANs */
static bool private_known(const struct vsw_switch_policy *sp, uint16_t vid)
{
	for (unsigned i = 0; i < sp->n_pvlans; i++)
		if (sp->pvlan[i].primary == vid || sp->pvlan[i].secondary == vid)
			return true;
	return false;
}

static const char *check_on(const struct vsw_policy *policy, const struct vsw_switch_policy *on)
{
	const struct vsw_vlan_policy *v = &policy->vlan;

	return v->mode == VSW_VLAN_PRIVATE && !private_known(on, v->vid) ?
		       "vlan.id: is no private VLAN of the switch" :
		       NULL;
}

static int prepare(struct vsw_txn *txn, char *err, size_t errlen)
{
	txn->made[POLICY_VLAN] = build(txn);
	return txn->made[POLICY_VLAN] ? 0 : vsw_fail(err, errlen, "out of memory");
}

static void commit(struct vsw_txn *txn)
{
	struct vsw_vlans *was = txn->sw->vlans;

	txn->sw->vlans = txn->made[POLICY_VLAN];
	txn->made[POLICY_VLAN] = was;
}

/* What was learnt in VLANs that the port may not have any more is forgotten */
static void commit_port(struct vsw_txn_item *it)
{
	struct vsw_port *p = it->port;

	if (memcmp(&p->policy.vlan, &it->policy.vlan, sizeof(p->policy.vlan)) && !p->is_uplink)
		vsw_fdb_flush_port(&p->sw->fdb, p->fdb_port, false);
}

static void fini(struct vsw *sw)
{
	vlans_free(sw->vlans);
}

/* A port goes: needs no memory, so it can't fail */
static void gone(struct vsw_port *p)
{
	for (struct vsw_domain *d = p->sw->vlans->domains; d; d = d->next)
		for (unsigned i = 0; i < d->n; i++) {
			if (d->member[i] != p->number)
				continue;
			d->n--;
			d->unknown -= i < d->unknown;
			memmove(&d->member[i], &d->member[i + 1],
				(d->n - i) * sizeof(d->member[0]));
			break;
		}
}

static const char *const modes[] = { "access", "trunk", "tunnel", "private", NULL };
static const char *const accepts[] = { "all", "tagged", "untagged", NULL };

#define TRUNK .of = "mode", .when = 1u << VSW_VLAN_TRUNK

static const struct vsw_value_row values[] = {
	{ "vlan", VSW_VALUE_VLAN, PORT_VALUE(vlan),
	  .help = "VMware's number (0 untagged, 1-4094 access, 4095 guest tags), or:" },
	{ "vlan.mode", VSW_VALUE_WORD, PORT_VALUE(vlan.mode), .words = modes,
	  .help = "what the port does with tags" },
	{ "vlan.id", VSW_VALUE_NUMBER, PORT_VALUE(vlan.vid), .max = VALUE_VLAN_MAX,
	  .help = "access: its VLAN; trunk: native VLAN; tunnel: outer VLAN; private: "
		  "a primary or secondary VLAN; 0: the untagged one" },
	{ "vlan.trunk", VSW_VALUE_VLANS, PORT_VALUE(vlan.allowed), TRUNK,
	  .help = "VLANs carried, as in `1-10,20`" },
	{ "vlan.tpid", VSW_VALUE_TPID, PORT_VALUE(vlan.tpid), TRUNK, .help = "type of its tags" },
	{ "vlan.accept", VSW_VALUE_WORD, PORT_VALUE(vlan.accept), .words = accepts, TRUNK,
	  .help = "acceptable frame types (802.1Q 6.9)" },
	{ "vlan.ingress-filter", VSW_VALUE_BOOL, PORT_VALUE(vlan.filter), .init = true, TRUNK,
	  .help = "drop what comes in of VLANs it does not carry" },
	{ 0 }
};

const struct vsw_policy_row vsw_policy_vlan = {
	.name = "VLANs",
	.no_state = "only what is said; VLANs that a trunk used are core's",
	.port_values = values,
	.init_port = init_port,
	.fini = fini,
	.check_port = check,
	.check_on = check_on,
	.prepare = prepare,
	.commit = commit,
	.commit_port = commit_port,
	.discard = vlans_free,
	.compile_port = compile,
	.gone = gone,
};
