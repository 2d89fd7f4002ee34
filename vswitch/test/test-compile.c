/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ports that come, go and change are compiled one at a time (core/compile.c). Whatever was done, in
 * whatever order: what the data path reads must be what compiling all anew makes of it.
 *
 * After each random act the compiled state is noted, spoilt, made anew from policies and states by
 * vsw_switch_recompile(), and compared.
 */
#include <stdio.h>
#include <string.h>

#include "core/addrs.h"
#include "core/compile.h"
#include "main.h"
#include "policy/mcast.h"
#include "policy/mirror.h"
#include "policy/row.h"

#define NAMES 150u
#define MACS  12u
#define ACTS  1500u

static int64_t now = NS_PER_S;

static int64_t host_now(void *opaque)
{
	return now;
}

static void host_timer(void *opaque, int64_t deadline)
{
}

static unsigned take(void *opaque, const struct pkt *const *pkts, unsigned n)
{
	return n;
}

static const struct vsw_host host = { host_now, host_timer, NULL };
static const struct vsw_port_ops ops = { take, NULL, NULL };

static uint64_t rng = 88172645463325252u;

static unsigned below(unsigned n)
{
	rng ^= rng << 13;
	rng ^= rng >> 7;
	rng ^= rng << 17;
	return (unsigned)(rng >> 33) % n;
}

static bool one_in(unsigned n)
{
	return !below(n);
}

/* Of the first 8 names uplinks are made */
static void name_of(char *name, unsigned n)
{
	snprintf(name, VSW_NAME_MAX, n < 8 ? "up%u" : "port-%u", n);
}

static void mac_of(uint8_t *mac, unsigned n)
{
	memcpy(mac, (uint8_t[]) { 2, 0, 0, 0, 0, (uint8_t)(n + 1) }, 6);
}

static void random_name(char *name)
{
	name_of(name, below(NAMES));
}

/* struct port_state - what the data path reads of a port */
struct port_state {
	uint32_t in_special, out_special;
	uint16_t uplink, vid, fid, vid_out, tpid, reserved, mirror_in, mirror_out;
	bool untagged, lookup_src, learning, strict, any_vlan, reflective, promiscuous, unmet;
	bool violation;
	uint8_t pick, class;
	uint64_t in_vlans[VSW_VLANS / 64], out_vlans[VSW_VLANS / 64], in_rows, out_rows;
	struct vsw_team team;
	uint64_t rates[7];
	uint16_t rule_mirror;
	unsigned n_registered;
};

static struct port_state port_state(const struct vsw_port *p)
{
	struct port_state s;

	memset(&s, 0, sizeof(s));
	s.in_special = p->in_special;
	s.out_special = p->out_special;
	s.uplink = p->uplink;
	s.vid = p->vid;
	s.fid = p->fid;
	s.vid_out = p->vid_out;
	s.tpid = p->tpid;
	s.reserved = p->reserved;
	s.mirror_in = p->mirror_in;
	s.mirror_out = p->mirror_out;
	s.untagged = p->untagged;
	s.lookup_src = p->lookup_src;
	s.learning = p->learning;
	s.strict = p->strict;
	s.any_vlan = p->any_vlan;
	s.reflective = p->reflective;
	s.promiscuous = p->promiscuous;
	s.unmet = p->unmet;
	s.violation = p->mac_violation;
	s.pick = p->pick;
	s.class = p->class;
	memcpy(s.in_vlans, p->in_vlans, sizeof(s.in_vlans));
	memcpy(s.out_vlans, p->out_vlans, sizeof(s.out_vlans));
	s.in_rows = p->in_rows;
	s.out_rows = p->out_rows;
	memcpy(&s.team, &p->team, sizeof(s.team));
	for (unsigned k = 0; k < 3; k++)
		s.rates[k] = p->storm[k].rate;
	s.rates[3] = p->in_average.rate;
	s.rates[4] = p->in_peak.rate;
	s.rates[5] = p->out_average.rate;
	s.rates[6] = p->out_peak.rate;
	s.n_registered = p->n_registered;
	return s;
}

/* struct state - what it reads of a switch */
struct state {
	uint32_t special, max_len, n_beacon, n_by_load, statics;
	struct vsw_numbers promiscuous, uplinks, unmet;
	struct vsw_vlan vlan[VSW_VLANS];
	uint64_t member[VSW_PORT_WORDS][VSW_VLANS];
	uint64_t flooding[VSW_PORT_WORDS];
	struct mcast_ports open, fixed, guarded;
	struct vsw_port *copies_to[VSW_MAX_MIRRORS];
	bool due[DUE_COUNT];
	struct port_state port[VSW_MAX_PORTS + 1];
};

static uint32_t count_statics(const struct vsw *sw)
{
	uint32_t pos = 0, n = 0;
	uint64_t key;
	uint16_t port;
	unsigned age;

	while (vsw_fdb_next(&sw->fdb, &pos, fdb_places(&sw->fdb), &key, &port, &age))
		n += age == UINT32_MAX ? (uint32_t)(key * 2654435761u) + port : 0;
	return n;
}

static void note(const struct vsw *sw, struct state *s)
{
	memset(s, 0, sizeof(*s));
	s->special = sw->special;
	s->max_len = sw->max_len;
	s->n_beacon = sw->n_beacon;
	s->n_by_load = sw->n_by_load;
	s->statics = count_statics(sw);
	s->promiscuous.n = sw->promiscuous.n;
	memcpy(s->promiscuous.port, sw->promiscuous.port, 2u * sw->promiscuous.n);
	s->uplinks.n = sw->uplinks.n;
	memcpy(s->uplinks.port, sw->uplinks.port, 2u * sw->uplinks.n);
	s->unmet.n = sw->unmet.n;
	memcpy(s->unmet.port, sw->unmet.port, 2u * sw->unmet.n);
	memcpy(s->vlan, sw->vlan, sizeof(s->vlan));
	for (unsigned w = 0; w < sw->words; w++)
		memcpy(s->member[w], sw->member[w], sizeof(s->member[w]));
	for (unsigned i = 1; i <= sw->last_port; i++) {
		if (!sw->port[i])
			continue;
		s->port[i] = port_state(sw->port[i]);
		s->flooding[i / 64] |= sw->flooding[i / 64] & UINT64_C(1) << i % 64;
	}
	if (sw->mcast->on) {
		s->open = sw->mcast->open;
		s->fixed = sw->mcast->fixed;
		s->guarded = sw->mcast->guarded;
	}
	for (unsigned i = 0; sw->mirrors && i < sw->mirrors->n; i++)
		s->copies_to[i] = sw->mirrors->session[i].to;
	for (unsigned i = 0; i < DUE_COUNT; i++) /* snooping asks ports that it takes for new */
		s->due[i] = i != DUE_POLICY + POLICY_MULTICAST && sw->due[i] != VSW_NEVER;
}

static void spoil_port(struct vsw_port *p)
{
	p->in_special = ~0u;
	p->out_special |= ~(uint32_t)OUT_QUEUED;
	p->vid = p->fid = p->vid_out = p->tpid = p->reserved = p->mirror_in = p->mirror_out = 77;
	p->untagged = p->lookup_src = p->learning = p->strict = p->any_vlan = true;
	p->reflective = p->promiscuous = p->wants_beacon = p->by_load = false;
	p->class = 9;
	memset(p->in_vlans, 0x55, sizeof(p->in_vlans));
	memset(p->out_vlans, 0, sizeof(p->out_vlans));
	p->in_rows = p->out_rows = ~UINT64_C(0);
	if (!p->is_uplink && p->policy.team.failback && p->policy.team.kind != VSW_TEAM_LOAD)
		memset(&p->team, 0x33, sizeof(p->team));
}

/* All that is compiled; not what a port has from its history, as the addresses it registered */
static void spoil(struct vsw *sw)
{
	sw->special = SW_VEPA | SW_MULTICAST | SW_TEAM;
	sw->max_len = 1;
	sw->n_beacon = sw->n_by_load = 0;
	sw->promiscuous.n = 0;
	memset(sw->vlan, 0, sizeof(sw->vlan));
	memset(sw->flooding, 0x55, sizeof(sw->flooding));
	for (unsigned w = 0; w < sw->words; w++)
		memset(sw->member[w], 0, VSW_VLANS * sizeof(*sw->member[w]));
	memset(&sw->mcast->open, 0, sizeof(sw->mcast->open));
	memset(&sw->mcast->fixed, 0, sizeof(sw->mcast->fixed));
	memset(&sw->mcast->guarded, 0, sizeof(sw->mcast->guarded));
	for (unsigned i = 1; i <= sw->last_port; i++)
		if (sw->port[i])
			spoil_port(sw->port[i]);
}

static void compare(struct vsw *sw, unsigned act, const char *what)
{
	static struct state made, anew;

	note(sw, &made);
	spoil(sw);
	vsw_switch_recompile(sw);
	note(sw, &anew);
	for (unsigned i = 1; i <= sw->last_port; i++)
		CK_EACH(!memcmp(&made.port[i], &anew.port[i], sizeof(made.port[i])),
			"act %u, %s: port '%s'", act, what, sw->port[i]->id);
#define SAME(member)                                                                             \
	CK_EACH(!memcmp(&made.member, &anew.member, sizeof(made.member)), "act %u, %s: %s", act, \
		what, #member)
	SAME(special);
	SAME(max_len);
	SAME(n_beacon);
	SAME(n_by_load);
	SAME(statics);
	SAME(promiscuous);
	SAME(uplinks);
	SAME(unmet);
	SAME(vlan);
	SAME(member);
	SAME(flooding);
	SAME(open);
	SAME(fixed);
	SAME(guarded);
	SAME(copies_to);
	SAME(due);
#undef SAME
}

static struct vsw_port *random_port(struct vsw *sw)
{
	char name[VSW_NAME_MAX];

	random_name(name);
	return vsw_port_find(sw, name);
}

static const char *add(struct vsw *sw)
{
	struct vsw_port_conf conf = VSW_PORT_CONF_INIT;
	char name[VSW_NAME_MAX], err[200];
	unsigned n = below(NAMES);
	bool there;

	name_of(name, n);
	there = vsw_port_find(sw, name);
	conf.id = name;
	conf.uplink = n < 4;
	conf.vlan = one_in(3) ? 4095 : (int)below(6);
	if (one_in(2))
		mac_of(conf.mac, below(MACS));
	CK_EACH(!vsw_port_add(sw, &conf, &ops, NULL, err, sizeof(err)) == there, "%s: %s", name,
		err);
	return "add";
}

static const char *drop(struct vsw *sw)
{
	vsw_port_remove(random_port(sw));
	return "remove";
}

static void random_vlan(struct vsw_vlan_policy *v)
{
	v->mode = (enum vsw_vlan_mode)below(4);
	v->vid = (uint16_t)(10 + below(4));
	v->accept = (enum vsw_accept)below(3);
	v->filter = one_in(2);
	memset(v->allowed, 0, sizeof(v->allowed));
	for (unsigned i = below(40); i; i--) {
		unsigned vid = 1 + below(one_in(2) ? 20 : 4094);

		v->allowed[vid / 64] |= UINT64_C(1) << vid % 64;
	}
}

static void random_team(struct vsw_team_policy *t)
{
	t->kind = (enum vsw_team_kind)below(5);
	t->failback = one_in(2);
	t->beacon = one_in(4);
	t->n_active = below(3);
	t->n_standby = t->n_active ? below(2) : 0;
	for (unsigned i = 0; i < t->n_active; i++)
		name_of(t->active[i], 2 * i + below(2));
	name_of(t->standby[0], 6);
}

static void random_policy(struct vsw_policy *p)
{
	static const struct vsw_rule rule = { .direction = VSW_DIR_BOTH,
					      .action = VSW_RULE_MIRROR,
					      .cos = -1,
					      .dscp = -1,
					      .mirror = "m1" };

	switch (below(11)) {
	case 0:
	case 1:
	case 2:
		random_vlan(&p->vlan);
		break;
	case 3:
		random_team(&p->team);
		break;
	case 4:
		p->blocked = one_in(2);
		break;
	case 5:
		p->mac.flooding = one_in(2);
		p->mac.learning = one_in(2);
		p->mac.bpdu = (enum vsw_bpdu)below(3);
		break;
	case 6:
		p->mac.n_addresses = below(3);
		for (unsigned i = 0; i < p->mac.n_addresses; i++)
			mac_of(p->mac.address[i], below(MACS));
		break;
	case 7:
		p->security.promiscuous = one_in(2);
		p->security.forged_transmits = one_in(2);
		p->security.mac_changes = !one_in(3);
		p->security.multicast_router = (enum vsw_router)below(3);
		break;
	case 8:
		p->shape_in.average = p->shape_out.average = one_in(2) ? 1000000 : 0;
		p->shape_in.peak = p->shape_out.peak = 2000000;
		p->shape_in.burst = p->shape_out.burst = 15140;
		p->storm.broadcast = below(100);
		break;
	case 9:
		p->n_rules = below(2);
		p->rules = &rule;
		break;
	default:
		p->reflective = one_in(2);
	}
}

/* One port's policy, or those of a few */
static const char *change(struct vsw *sw)
{
	struct vsw_txn *txn = vsw_txn_new(sw);
	struct vsw_port *p, *was = NULL;
	char err[200];

	for (unsigned n = one_in(3) ? 3 : 1; n; n--) {
		struct vsw_policy policy;

		p = random_port(sw);
		if (!p || p == was || txn->of[p->number])
			continue;
		policy = *vsw_port_policy(p);
		random_policy(&policy);
		CK_EACH(vsw_txn_port(txn, p, &policy, err, sizeof(err)) == 0, "%s", err);
		was = p;
	}
	if (vsw_txn_prepare(txn, err, sizeof(err)) < 0)
		vsw_txn_abort(txn);
	else
		vsw_txn_commit(txn);
	return "policy";
}

static const char *change_switch(struct vsw *sw)
{
	struct vsw_txn *txn = vsw_txn_new(sw);
	struct vsw_switch_policy sp = *vsw_switch_policy(sw);
	char err[200];

	sp.multicast = (enum vsw_multicast)below(3);
	sp.vepa = one_in(5);
	sp.n_mirrors = below(3);
	for (unsigned i = 0; i < sp.n_mirrors; i++) {
		struct vsw_mirror *m = &sp.mirror[i];

		snprintf(m->name, sizeof(m->name), "m%u", i);
		m->sampling = 1;
		m->n_ports = below(4);
		for (unsigned k = 0; k < m->n_ports; k++) {
			random_name(m->port[k]);
			m->direction[k] = (uint8_t)(1 + below(3));
		}
		random_name(m->to);
	}
	sp.n_pvlans = 2 * below(2);
	sp.pvlan[0] = (struct vsw_pvlan) { 10, 11, true };
	sp.pvlan[1] = (struct vsw_pvlan) { 10, 12, false };
	CK_EACH(vsw_txn_switch(txn, &sp, err, sizeof(err)) == 0, "%s", err);
	if (vsw_txn_prepare(txn, err, sizeof(err)) < 0)
		vsw_txn_abort(txn);
	else
		vsw_txn_commit(txn);
	return "switch's policy";
}

static const char *link_of(struct vsw *sw)
{
	struct vsw_port *p = random_port(sw);

	if (p)
		vsw_port_set_link(p, one_in(2));
	return "link";
}

static const char *card(struct vsw *sw)
{
	struct vsw_addrs a = { .promiscuous = one_in(2) };
	struct vsw_port *p = random_port(sw);
	uint8_t more[3][6];

	mac_of(a.mac, below(MACS));
	a.addrs = (const void *)more;
	a.n = below(4);
	for (unsigned i = 0; i < a.n; i++)
		mac_of(more[i], below(MACS));
	if (p)
		vsw_port_set_addrs(p, &a);
	vsw_addrs_retry(sw); /* who claims what it gave up gets it with the next change */
	return "addresses";
}

static const char *forget_address(struct vsw *sw)
{
	uint8_t mac[6];

	mac_of(mac, below(MACS));
	vsw_address_remove(sw, (uint16_t)below(16), mac);
	vsw_addrs_retry(sw);
	return "fdb-delete";
}

/* A BPDU may shut its port; it may be opened, by hand or by the clock */
static const char *frame(struct vsw *sw)
{
	uint8_t bytes[60] = { 0x01, 0x80, 0xc2, 0, 0, 0, 2, 0, 0, 0, 1 };
	struct vsw_port *p = random_port(sw);
	struct pkt pkt;
	struct iovec iov;
	const struct pkt *one = &pkt;
	char err[100];

	if (!p)
		return "";
	if (one_in(2))
		memset(bytes, 0xff, 6);
	bytes[11] = (uint8_t)below(200);
	pkt_flat(&pkt, &iov, bytes, sizeof(bytes));
	if (one_in(4))
		vsw_port_open(p, err, sizeof(err));
	else
		vsw_port_input(p, &one, 1);
	return "frame";
}

static const char *clock_on(struct vsw *sw)
{
	now += NS_PER_S * (int64_t)(1 + below(200));
	vsw_timer(sw);
	return "clock";
}

static const char *act(struct vsw *sw)
{
	static const char *(*const acts[])(struct vsw *) = {
		add,	add,	       add,	drop,	 drop, change, change,	       change,
		change, change_switch, link_of, link_of, card, card,   forget_address, frame,
		frame,	clock_on
	};

	return acts[below(sizeof(acts) / sizeof(acts[0]))](sw);
}

START_TEST(one_port_at_a_time_is_as_all_anew)
{
	struct vsw_conf conf = { .name = "sw0", .host = &host, .seed = 12345 };
	struct vsw *sw = vsw_new(&conf, NULL, 0);

	for (unsigned n = 0; n < ACTS; n++) {
		const char *what = act(sw);

		compare(sw, n, what);
	}
	ck_assert_uint_gt(sw->last_port, 64); /* bits of more than one word were at stake */
	vsw_free(sw);
}
END_TEST

/* Each of them is found, none twice, the next is refused; and all numbers are free again */
START_TEST(switch_has_as_many_ports_as_vsphere)
{
	struct vsw_conf conf = { .name = "sw0", .host = &host, .seed = 12345 };
	struct vsw *sw = vsw_new(&conf, NULL, 0);
	char name[VSW_NAME_MAX], err[200];
	struct vsw_port_conf pc = VSW_PORT_CONF_INIT;

	pc.id = name;
	for (unsigned n = 0; n < 4096; n++) {
		snprintf(name, sizeof(name), "port-%u", n);
		CK_EACH(vsw_port_add(sw, &pc, &ops, NULL, err, sizeof(err)), "%s: %s", name, err);
	}
	snprintf(name, sizeof(name), "port-17");
	ck_assert_ptr_null(vsw_port_add(sw, &pc, &ops, NULL, err, sizeof(err)));
	ck_assert_str_eq(err, "port 'port-17' exists already");
	snprintf(name, sizeof(name), "more");
	ck_assert_ptr_null(vsw_port_add(sw, &pc, &ops, NULL, err, sizeof(err)));
	ck_assert_str_eq(err, "port 'more': the switch has 4096 ports already");
	for (unsigned n = 0; n < 4096; n++) {
		struct vsw_port *p;

		snprintf(name, sizeof(name), "port-%u", (n * 1021) % 4096);
		p = vsw_port_find(sw, name);
		CK_EACH(p && !strcmp(vsw_port_id(p), name), "%s", name);
		vsw_port_remove(p);
		CK_EACH(!vsw_port_find(sw, name), "%s", name);
	}
	ck_assert_ptr_null(vsw_port_next(sw, NULL));
	vsw_free(sw);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = { one_port_at_a_time_is_as_all_anew,
				       switch_has_as_many_ports_as_vsphere, NULL };

	return run_tests("compile", tests);
}
