/* SPDX-License-Identifier: BSD-2-Clause */
#include "mcast-facts.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* What happens, with VSWITCH_TRACE in the environment */
void facts_trace(const struct model *m, const char *fmt, ...)
{
	va_list ap;

	if (!m->trace)
		return;
	va_start(ap, fmt);
	fprintf(stderr, "%10.3f ", (double)m->w.now / SEC);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
}

/* ---- what is so ---- */

static bool other_asks(const struct model *m, unsigned net)
{
	return m->net[net].asked != 0;
}

/* The switch's querier is there, and nobody is before it */
static bool own_asks(const struct model *m, unsigned net)
{
	return m->own && net < 2 && !m->net[net].other_until;
}

bool facts_filtered(const struct model *m, unsigned net)
{
	const struct net *n = &m->net[net];
	int64_t now = m->w.now;

	if (n->asked && n->asked_from <= now)
		return true;
	return own_asks(m, net) && m->own_since[net & 1] + 5 * SEC / 2 <= now;
}

bool facts_flooded(const struct model *m, unsigned net)
{
	return !other_asks(m, net) && !own_asks(m, net);
}

struct sign facts_router(const struct model *m, unsigned net, unsigned port)
{
	struct sign all = { 0, 0 };

	for (unsigned i = 0; i < SIGNS; i++) {
		const struct sign *s = &m->net[net].router[port][i];

		all.must = s->must > all.must ? s->must : all.must;
		all.may = s->may > all.may ? s->may : all.may;
	}
	return all;
}

struct fact *facts_find(struct model *m, unsigned net, unsigned port, unsigned group)
{
	for (unsigned i = 0; i < m->n; i++)
		if (m->fact[i].group == group && m->fact[i].net == net && m->fact[i].port == port)
			return &m->fact[i];
	return NULL;
}

static unsigned count(const struct model *m, unsigned port)
{
	unsigned n = 0;

	for (unsigned i = 0; i < m->n; i++)
		n += m->fact[i].port == port;
	return n;
}

/* How long a report holds: at least, at most */
static void life(const struct model *m, unsigned net, int64_t *lo, int64_t *hi)
{
	const struct net *n = &m->net[net];
	int64_t standard = (m->own && net < 2 ? 130 : 260) * SEC;

	*lo = *hi = n->asked ? n->asked_life : standard;
	if (n->asked || (m->own && net < 2) || !n->asked_life)
		return;
	/* as the last querier said, unless the switch forgot it with all else of the net */
	*lo = n->asked_life < *lo ? n->asked_life : *lo;
	*hi = n->asked_life > *hi ? n->asked_life : *hi;
}

/* ---- what is said ---- */

/* What can't be kept, perhaps: the port may get all as long as that is so for some port
 * of the net */
static void doubt(struct model *m, unsigned net, unsigned port, int64_t ns)
{
	m->net[net].doubt[port] = true;
	m->net[net].doubt_until = m->w.now + ns + SLACK;
}

struct fact *facts_join(struct model *m, unsigned net, unsigned port, unsigned group)
{
	struct fact *f = facts_find(m, net, port, group);
	int64_t lo, hi;

	if (port == WORLD_UPLINK || (!f && m->n == FACTS))
		return NULL;
	life(m, net, &lo, &hi);
	if (m->n >= SURE || count(m, port) >= MOST) /* it may have been refused before, too */
		doubt(m, net, port, hi);
	if (!f) {
		f = &m->fact[m->n++];
		*f = (struct fact) { .net = net, .port = port, .group = group };
	}
	f->must = f->until = m->w.now + lo;
	f->may = m->w.now + hi;
	f->left = false;
	facts_trace(m, "net %u port %u joins %u until %.3f", net, port, group,
		    (double)f->must / SEC);
	return f;
}

static int64_t at_most(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

void facts_leave(struct model *m, unsigned net, unsigned port, unsigned group)
{
	struct fact *f = facts_find(m, net, port, group);

	facts_trace(m, "net %u port %u leaves %u", net, port, group);
	if (!f || f->left || f->v1 > m->w.now || facts_flooded(m, net))
		return;
	f->must = at_most(f->must, m->w.now + LEAVE);
	if (f->v1_may > m->w.now)
		return;
	f->may = at_most(f->may, m->w.now + LEAVE);
	f->left = true;
}

void facts_record(struct model *m, unsigned net, unsigned port, const struct mc_record *r,
		  unsigned group)
{
	if (r->type == IS_EX || r->type == TO_EX)
		facts_join(m, net, port, group);
	else if (r->sources && (r->type == IS_IN || r->type == TO_IN || r->type == ALLOW))
		facts_join(m, net, port, group);
	else if (r->type == TO_IN || (r->type == BLOCK && r->sources && own_asks(m, net)))
		facts_leave(m, net, port, group);
}

void facts_sign(struct model *m, unsigned net, unsigned port, unsigned by, int64_t ns)
{
	facts_trace(m, "net %u port %u router %u for %.3f", net, port, by, (double)ns / SEC);
	m->net[net].router[port][by] = (struct sign) { m->w.now + ns, m->w.now + ns };
}

/* A general query: @src 0 asks on behalf of nobody */
void facts_asked(struct model *m, unsigned net, unsigned port, unsigned src, int64_t present,
		 int64_t holds, int64_t response)
{
	struct net *n = &m->net[net];
	int64_t now = m->w.now;

	facts_trace(m, "net %u port %u querier %u for %.3f response %.3f", net, port, src,
		    (double)present / SEC, (double)response / SEC);
	if (m->own && net < 2 && (!src || src >= WORLD_OWN))
		return;
	if (n->other_until && (!src || src > n->other))
		return;
	if (!n->asked)
		n->asked_from = now + (response > 25600 * SEC / 1000 ? response + SLACK : 0);
	n->asked = now + present;
	n->asked_port = port;
	n->asked_life = holds;
	if (src) {
		n->other = src;
		n->other_until = n->asked;
	}
}

/* A router asks for a group: who left has as much time as it gives */
void facts_asked_group(struct model *m, unsigned net, unsigned group, int64_t ns)
{
	int64_t end = m->w.now + ns + SEC / 2;

	facts_trace(m, "net %u asked for %u, %.3f", net, group, (double)ns / SEC);
	for (unsigned i = 0; i < m->n; i++) {
		struct fact *f = &m->fact[i];
		int64_t until = at_most(f->until, end);

		if (f->net != net || f->group != group || f->must == f->until)
			continue;
		if (f->must > m->w.now && f->must < until)
			f->must = until;
		if (f->may < until)
			f->may = until;
	}
}

void facts_forget_port(struct model *m, unsigned port)
{
	unsigned n = 0;

	facts_trace(m, "port %u down", port);
	for (unsigned i = 0; i < m->n; i++)
		if (m->fact[i].port != port)
			m->fact[n++] = m->fact[i];
	m->n = n;
	for (unsigned i = 0; i < NETS; i++) {
		struct net *net = &m->net[i];

		memset(net->router[port], 0, sizeof(net->router[port]));
		net->doubt[port] = false;
		if (net->asked_port == port && net->asked) {
			net->asked = net->other_until = 0;
			m->own_since[i & 1] = m->w.now + SLACK;
		}
	}
}

/* ---- time ---- */

static bool ends_now(const struct model *m, int64_t t)
{
	return t && t <= m->w.now && t + SLACK > m->w.now;
}

static bool clean(struct model *m)
{
	bool again = false;
	unsigned n = 0;

	for (unsigned i = 0; i < NETS; i++)
		again |= ends_now(m, m->net[i].asked) || ends_now(m, m->net[i].other_until);
	for (unsigned i = 0; i < NETS && !again; i++) {
		struct net *net = &m->net[i];

		if (net->asked <= m->w.now)
			net->asked = 0;
		if (net->doubt_until <= m->w.now)
			memset(net->doubt, 0, sizeof(net->doubt));
		if (net->other_until && net->other_until <= m->w.now) {
			net->other_until = 0;
			m->own_since[i & 1] = m->w.now;
		}
	}
	for (unsigned i = 0; i < m->n; i++)
		if (m->fact[i].may + SLACK > m->w.now)
			m->fact[n++] = m->fact[i];
	m->n = n;
	return !again;
}

/* Time passes; a little more if a querier is just ending, so that both know whether it has */
bool facts_pass(struct model *m, int64_t ns)
{
	do {
		if (!world_pass(&m->w, ns))
			return false;
		ns = SLACK;
	} while (!clean(m));
	return true;
}

/* The clock jumped; what was left stays left, a second more at most */
void facts_jump(struct model *m, int64_t by)
{
	facts_trace(m, "clock jumps by %.3f", (double)by / SEC);
	m->w.now += by;
	for (unsigned i = 0; i < m->n; i++) {
		struct fact *f = &m->fact[i];

		f->must += by;
		f->until += by;
		f->may += by + SEC;
		f->v1 += f->v1 ? by : 0;
		f->v1_may += f->v1_may ? by + SEC : 0;
	}
	for (unsigned i = 0; i < NETS; i++) {
		struct net *n = &m->net[i];

		n->asked = n->other_until = 0;
		n->doubt_until += by + SEC;
		for (unsigned p = 0; p < WORLD_PORTS; p++) {
			for (unsigned s = 0; s < SIGNS; s++) {
				n->router[p][s].must += by;
				n->router[p][s].may += by + SEC;
			}
		}
	}
	m->own_since[0] = m->own_since[1] = m->w.now;
}
