/* SPDX-License-Identifier: BSD-2-Clause */
#include "mcast-model.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mcast-facts.h"

static unsigned vlan_of(unsigned net)
{
	return net / 2 * 10;
}

/* A message makes the switch look at the clock */
static void let_look(struct model *m)
{
	struct mc_packet k = { .host = 9, .proto = FRAME_PROTO_IGMP, .tag = -1 };
	uint8_t ip[16];

	mc_group(ip, false, 0);
	world_message(&m->w, WORLD_UPLINK, 0, &k, mc_old(m->w.msg, false, 0x16, ip));
}

/* ---- comparing ---- */

static const char *differ(struct model *m, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(m->text, sizeof(m->text), fmt, ap);
	va_end(ap);
	return m->text;
}

static bool reaches(const struct model *m, unsigned from, unsigned net, unsigned port)
{
	return port != from && m->w.port[port].up && m->w.port[from].up &&
	       world_carries(port, vlan_of(net));
}

/* Who got the last frame, data to a group; @group >= GROUPS: one that is never filtered */
static const char *compare(struct model *m, unsigned from, unsigned net, unsigned group)
{
	for (unsigned p = 0; p < WORLD_PORTS; p++) {
		struct sign r = facts_router(m, net, p);
		const struct fact *f = facts_find(m, net, p, group);
		unsigned got = m->w.port[p].got;
		bool must = p == WORLD_UPLINK || group >= GROUPS || facts_flooded(m, net) ||
			    r.must > m->w.now || (f && f->must > m->w.now);
		bool may = must || !facts_filtered(m, net) || f || r.may + SLACK > m->w.now ||
			   m->net[net].doubt[p];

		if (!reaches(m, from, net, p))
			must = may = false;
		if (got > 1 || (got && !may) || (!got && must))
			return differ(m, "group %u of net %u from port %u: port %u got %u, %s",
				      group, net, from, p, got,
				      must ? "must get it" :
				      may  ? "may" :
					     "must not");
	}
	return NULL;
}

/* A report goes to where routers are or may be, and to the uplink */
static const char *compare_report(struct model *m, unsigned from, unsigned net)
{
	for (unsigned p = 0; p < WORLD_PORTS; p++) {
		struct sign r = facts_router(m, net, p);
		unsigned got = m->w.port[p].got;
		bool must = p == WORLD_UPLINK || r.must > m->w.now;
		bool may = must || r.may + SLACK > m->w.now;

		if (!reaches(m, from, net, p))
			must = may = false;
		if (got > 1 || (got && !may) || (!got && must))
			return differ(m, "report of net %u from port %u: port %u got %u", net, from,
				      p, got);
	}
	return NULL;
}

static const char *nobody(struct model *m, unsigned from)
{
	for (unsigned p = 0; p < WORLD_PORTS; p++)
		if (m->w.port[p].got)
			return differ(m, "forged message from port %u reaches port %u", from, p);
	return NULL;
}

/* ---- steps ---- */

/* Where something is sent, and what may be wrong with it */
struct act {
	unsigned port, net;
	struct mc_packet k;
	bool sound;
};

static struct act act(struct model *m)
{
	struct act a = { .port = world_byte(&m->w) % WORLD_PORTS };
	unsigned bits = world_byte(&m->w);

	a.net = bits & 1;
	if (a.port == WORLD_UPLINK ? bits & 2 : world_vlan(a.port) != 0)
		a.net += 2;
	a.k = (struct mc_packet) { .v6 = a.net & 1, .tag = -1 };
	a.k.proto = a.k.v6 ? FRAME_PROTO_ICMPV6 : FRAME_PROTO_IGMP;
	a.k.host = (uint8_t)(1 + bits / 4 * 4);
	if (bits >> 2 == 63)
		a.k.flaw = (enum mc_flaw)(world_byte(&m->w) % MC_FLAWS);
	a.sound = a.k.flaw == MC_SOUND && m->w.port[a.port].up;
	return a;
}

/* Mostly few groups, so that something happens to them */
static unsigned some_group(struct model *m)
{
	unsigned v = world_byte(&m->w);

	return v < 240 ? v % 6 : world_below(&m->w, GROUPS);
}

static const char *old_report(struct model *m)
{
	struct act a = act(m);
	unsigned group = some_group(m), v1 = !a.k.v6 && !(world_byte(&m->w) & 3);
	uint8_t ip[16];
	struct fact *f;

	mc_group(ip, a.k.v6, group);
	if (world_byte(&m->w) % 8 == 0 && a.k.flaw != MC_SOURCE)
		a.k.host = 0;
	world_message(&m->w, a.port, vlan_of(a.net), &a.k,
		      mc_old(m->w.msg, a.k.v6,
			     a.k.v6 ? 131 :
			     v1	    ? 0x12 :
				      0x16,
			     ip));
	if (!a.sound && !(v1 && a.k.flaw == MC_ALERT && m->w.port[a.port].up))
		return NULL;
	f = facts_join(m, a.net, a.port, group);
	if (f && v1) {
		f->v1 = f->must;
		f->v1_may = f->may;
	}
	return compare_report(m, a.port, a.net);
}

static const char *new_report(struct model *m)
{
	struct act a = act(m);
	unsigned base = some_group(m), size = world_byte(&m->w), n = 1 + size % 4;
	unsigned type = world_byte(&m->w);

	if (size >= 250)
		n = 1 + world_below(&m->w, a.k.v6 ? 450 : 1100);
	for (unsigned i = 0; i < n; i++) {
		struct mc_record *r = &m->record[i];

		r->type = (uint8_t)(size >= 250 ? TO_EX : 1 + (type + i * 5) % 7);
		r->sources = size >= 250 ? 0 : type >> 5 & 1;
		r->aux = size < 250 && type >> 6 == 3;
		mc_group(r->group, a.k.v6, (base + i) % GROUPS);
	}
	world_message(&m->w, a.port, vlan_of(a.net), &a.k,
		      mc_report(m->w.msg, a.k.v6, m->record, n));
	if (!a.sound)
		return NULL;
	for (unsigned i = 0; i < n; i++)
		facts_record(m, a.net, a.port, &m->record[i], (base + i) % GROUPS);
	return compare_report(m, a.port, a.net);
}

static const char *leave_group(struct model *m)
{
	struct act a = act(m);
	unsigned group = some_group(m);
	uint8_t ip[16];

	mc_group(ip, a.k.v6, group);
	world_message(&m->w, a.port, vlan_of(a.net), &a.k,
		      mc_old(m->w.msg, a.k.v6, a.k.v6 ? 132 : 0x17, ip));
	if (!a.sound)
		return NULL;
	facts_leave(m, a.net, a.port, group);
	return compare_report(m, a.port, a.net);
}

/* Maximum response times as they are written, and in ns */
static const struct {
	uint8_t code4;
	uint16_t code6;
	int64_t ns;
} responses[] = {
	{ 10, 1000, SEC },
	{ 100, 10000, 10 * SEC },
	{ 0x88, 0, 192 * SEC / 10 },	   /* 24 << 3 */
	{ 0x90, 0, 256 * SEC / 10 },	   /* 16 << 4 */
	{ 0xb0, 0x8964, 1024 * SEC / 10 }, /* 16 << 6; (0x964 + 0x1000) << 3 is 52 s */
};

static const char *query(struct model *m)
{
	struct act a = act(m);
	unsigned how = world_byte(&m->w), version = how & 1 ? 3 - a.k.v6 : 2 - a.k.v6;
	unsigned n = (how >> 1) % (a.k.v6 ? 2 : version == 3 ? 5 : 2), group = some_group(m);
	int64_t response = responses[n].ns, r = 2, interval = 125 * SEC;
	uint16_t code = a.k.v6 ? responses[n].code6 : responses[n].code4;
	bool general = how & 32;
	uint8_t ip[16];

	if (a.k.v6 && version == 2 && how & 16) {
		code = responses[4].code6;
		response = 52 * SEC;
	}
	if (how & 64 && !a.k.v6)
		a.k.host = 0;
	mc_group(ip, a.k.v6, group);
	if (version == 3 - (unsigned)a.k.v6) {
		r = how & 8 ? 3 : 2;
		interval = how & 4 ? 20 * SEC : 125 * SEC;
	}
	world_message(&m->w, a.port, vlan_of(a.net), &a.k,
		      mc_query(m->w.msg, a.k.v6, version, general ? NULL : ip, code, (uint8_t)r,
			       (uint8_t)(interval / SEC)));
	if (a.port == WORLD_GUEST)
		return nobody(m, a.port);
	if (!a.sound)
		return NULL;
	if (a.k.host)
		facts_sign(m, a.net, a.port, 0, r * interval + response / 2);
	if (general)
		facts_asked(m, a.net, a.port, a.k.host, r * interval + response / 2,
			    r * interval + response, response);
	else
		facts_asked_group(m, a.net, group, r * response);
	return compare(m, a.port, a.net, GROUPS);
}

static const char *router(struct model *m)
{
	struct act a = act(m);
	unsigned how = world_byte(&m->w);
	int64_t hold = how & 2 ? -1 : (int64_t)(how & 4 ? 30 : 0);
	uint32_t len;

	if (how & 1) {
		a.k.proto = 103;
		a.sound |= a.k.flaw == MC_ALERT && m->w.port[a.port].up;
		len = mc_hello(m->w.msg, (int)hold);
	} else {
		len = mc_old(m->w.msg, a.k.v6,
			     a.k.v6  ? how & 2 ? 151 : 153 :
			     how & 2 ? 0x30 :
				       0x32,
			     (uint8_t[16]) { 1, 2, 3, 4 });
		m->w.msg[1] = 20;
	}
	world_message(&m->w, a.port, vlan_of(a.net), &a.k, len);
	if (a.port == WORLD_GUEST)
		return nobody(m, a.port);
	if (!a.sound)
		return NULL;
	if (how & 1)
		facts_sign(m, a.net, a.port, 1, hold < 0 ? 105 * SEC : hold * SEC);
	else
		facts_sign(m, a.net, a.port, 2, how & 2 ? 60 * SEC : 0);
	return compare(m, a.port, a.net, GROUPS);
}

static const char *data(struct model *m)
{
	struct act a = act(m);
	unsigned group = some_group(m);
	uint8_t ip[16];
	int tag = a.port == WORLD_UPLINK && a.net > 1 ? 10 : -1;

	mc_group(ip, a.k.v6, group);
	if (world_byte(&m->w) % 16 == 0) {
		memcpy(ip, a.k.v6 ? (uint8_t[]) { 0xff, 2 } : (uint8_t[]) { 224, 0 }, 2);
		ip[2] = 0;
		group = GROUPS;
	}
	facts_trace(m, "net %u port %u data to %u", a.net, a.port, group);
	world_send(&m->w, a.port, mc_data(m->w.frame, a.k.v6, a.k.host, ip, tag));
	return compare(m, a.port, a.net, group);
}

static const char *time_passes(struct model *m)
{
	unsigned how = world_byte(&m->w);
	int64_t ns = how < 160 ? how * SEC / 40 : (int64_t)(how - 150) * 3 * SEC;

	return facts_pass(m, ns) ? NULL : differ(m, "too many frames at once");
}

static const char *rare(struct model *m)
{
	unsigned how = world_byte(&m->w), port = world_byte(&m->w) % WORLD_UPLINK;

	if (how < 200) {
		bool up = how < 150 ? true : !m->w.port[port].up;

		if (!up)
			facts_forget_port(m, port);
		world_link(&m->w, port, up);
	} else if (how < 230) {
		m->own = !m->own;
		facts_trace(m, "own querier %d", m->own);
		world_querier(&m->w, m->own);
		m->own_since[0] = m->own_since[1] = m->w.now;
		for (unsigned i = 0; m->own && i < 2; i++)
			if (!m->net[i].other_until || m->net[i].other >= WORLD_OWN)
				m->net[i].asked = m->net[i].other_until = 0;
		return facts_pass(m, SLACK) ? NULL : differ(m, "too many frames at once");
	} else if (how < 240) {
		int64_t by = (2 + (int64_t)world_byte(&m->w)) * SEC;

		facts_jump(m, how & 1 && by < m->w.now ? -by : 50 * by);
		let_look(m);
	}
	return facts_pass(m, SEC) ? NULL : differ(m, "too many frames at once");
}

static const struct {
	const char *(*step)(struct model *m);
	unsigned weight;
} steps[] = {
	{ data, 90 },  { old_report, 30 }, { new_report, 40 },	{ leave_group, 20 },
	{ query, 25 }, { router, 12 },	   { time_passes, 30 }, { rare, 9 },
};

const char *model_step(struct model *m)
{
	unsigned op = world_byte(&m->w);

	for (unsigned i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		if (op < steps[i].weight)
			return steps[i].step(m);
		op -= steps[i].weight;
	}
	return NULL;
}

struct model *model_new(unsigned (*byte)(void *ctx), void *ctx)
{
	struct model *m = calloc(1, sizeof(*m));

	world_init(&m->w);
	m->w.byte = byte;
	m->w.ctx = ctx;
	m->trace = getenv("VSWITCH_TRACE");
	return m;
}

void model_free(struct model *m)
{
	world_fini(&m->w);
	free(m);
}
