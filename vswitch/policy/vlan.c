/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * VLANs: who is in which, and how a port's VLAN policy becomes what the data path reads.
 *
 * A VLAN's members are bits: @member of the switch has a word of 64 ports for each VLAN, behind
 * each other, so a trunk that comes sets its bit in 4094 words that lie in 32 KiB, and an access
 * port that comes sets one. What a port is a member of is what @out_vlans said when it was compiled
 * last; only the difference is worked on. Of uplinks, which share one way out, a VLAN has a number.
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

/* A port joins or leaves a VLAN */
static void toggle(struct vsw_port *p, unsigned vid, bool in)
{
	struct vsw *sw = p->sw;

	if (p->is_uplink)
		sw->vlan[vid].uplinks = (uint16_t)(sw->vlan[vid].uplinks + (in ? 1 : -1));
	else
		sw->member[p->number / 64][vid] ^= UINT64_C(1) << p->number % 64;
}

/* From now on these VLANs leave by a port */
static void carry(struct vsw_port *p, const uint64_t *vlans)
{
	for (unsigned w = 0; w < VSW_VLANS / 64; w++) {
		uint64_t changed = p->out_vlans[w] ^ vlans[w];

		for (; changed; changed &= changed - 1) {
			unsigned bit = (unsigned)__builtin_ctzll(changed);

			toggle(p, 64 * w + bit, vlans[w] >> bit & 1);
		}
		p->out_vlans[w] = vlans[w];
	}
}

static void compile(struct vsw_port *p)
{
	const struct vsw_vlan_policy *v = &p->policy.vlan;
	bool trunk = v->mode == VSW_VLAN_TRUNK;
	uint64_t out[VSW_VLANS / 64];

	vlans_out(out, v, &p->sw->policy);
	carry(p, out);
	p->vid = v->vid;
	p->fid = p->sw->vlan[v->vid].fid;
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

static void set_filtering_ids(struct vsw *sw)
{
	for (unsigned vid = 0; vid < VSW_VLANS; vid++)
		sw->vlan[vid].fid = (uint16_t)vid;
	for (unsigned i = 0; i < sw->policy.n_pvlans; i++)
		sw->vlan[sw->policy.pvlan[i].secondary].fid = sw->policy.pvlan[i].primary;
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

/* Room for the members' bits up to a port's. It stays if the change is given up: the next one finds
 * it. */
static int room(struct vsw *sw, uint16_t number)
{
	for (; sw->words <= number / 64u; sw->words++) {
		sw->member[sw->words] = calloc(VSW_VLANS, sizeof(*sw->member[0]));
		if (!sw->member[sw->words])
			return -1;
	}
	return 0;
}

static int prepare(struct vsw_txn *txn, char *err, size_t errlen)
{
	for (struct vsw_txn_item *it = txn->items; it; it = it->next)
		if (room(txn->sw, it->port->number) < 0)
			return vsw_fail(err, errlen, "out of memory");
	return 0;
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
	for (unsigned w = 0; w < sw->words; w++)
		free(sw->member[w]);
}

static void gone(struct vsw_port *p)
{
	static const uint64_t none[VSW_VLANS / 64];

	carry(p, none);
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
	.commit_port = commit_port,
	.compile_first = set_filtering_ids,
	.compile_port = compile,
	.gone = gone,
};
