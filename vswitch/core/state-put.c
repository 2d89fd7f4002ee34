/* SPDX-License-Identifier: BSD-2-Clause */
/* Putting a state in force that was read (vswitch/state.h has the theory). Nothing here can
 * fail. */
#include "core/compile.h"
#include "core/due.h"
#include "core/state-read.h"
#include "vswitch/fail.h"

static void put_parts(const struct vsw_state_of *of, const struct vsw_state_record *rec)
{
	const struct vsw_state_part *parts[STATE_PARTS];
	unsigned n = vsw_state_parts(of->port != NULL, parts);

	for (unsigned i = 0; i < n; i++) {
		const struct vsw_state_held *h = &rec->held[i];

		if (h->there && (of->whole || !parts[i]->whole))
			parts[i]->load(of, h->items, h->n);
	}
}

/* A port of ours gets a port's state. One that is an uplink here and was none, or the other way
 * round, is another one. */
static void put_port(struct vsw_state_of *of, struct vsw_port *p,
		     const struct vsw_state_record *rec)
{
	of->port = p;
	of->record = rec;
	put_parts(of, rec);
	of->port = NULL;
}

/* Our ports by the numbers that they had there */
static void map_ports(struct vsw_loading *l, const struct vsw_state_of *of)
{
	for (unsigned i = 0; i <= UINT16_MAX; i++)
		l->number[i] = STATE_GONE;
	l->number[VSW_UPLINK] = VSW_UPLINK;
	for (unsigned i = 0; i < l->n_ports; i++) {
		const struct vsw_port *p = vsw_port_find(of->sw, l->port[i].id);

		if (p)
			l->number[l->port[i].number] = p->number;
		else
			vsw_state_out(of, "port '%s' is not here", l->port[i].id);
	}
}

static void put_switch(struct vsw_loading *l, struct vsw_state_of *of)
{
	map_ports(l, of);
	of->number = l->number;
	of->record = &l->sw;
	put_parts(of, &l->sw);
	for (unsigned i = 0; i < l->n_ports; i++) {
		uint16_t n = l->number[l->port[i].number];

		if (n != STATE_GONE)
			put_port(of, of->sw->port[n], &l->port[i]);
	}
}

/* What waits, and what is shut, has its deadlines again */
static void set_deadlines(struct vsw *sw, int64_t now)
{
	for (unsigned i = 1; i <= sw->last_port; i++) {
		struct vsw_port *p = sw->port[i];

		if (p && p->shut && p->shut_until < sw->due[DUE_OPEN])
			vsw_due_at(sw, DUE_OPEN, p->shut_until);
		if (p && p->out_special & OUT_QUEUED) {
			p->queue_at = now;
			vsw_due_at(sw, DUE_QUEUE, now);
		}
	}
}

void vsw_state_put(struct vsw_loading *l, struct vsw *sw, struct vsw_port *port,
		   const struct vsw_left_out *out)
{
	struct vsw_state_of of = { .sw = sw, .now = vsw_now(sw), .whole = l->whole, .out = out };

	if (l->whole)
		put_switch(l, &of);
	else if (port)
		put_port(&of, port, &l->port[0]);
	if (port)
		vsw_port_recompile(port);
	else
		vsw_switch_recompile(sw);
	set_deadlines(sw, of.now);
}

/* Read, see that it is of the right kind, put in force */
static int load(struct vsw *sw, struct vsw_port *port, const void *data, size_t len,
		const struct vsw_left_out *out, char *err, size_t errlen)
{
	struct vsw_loading *l = vsw_state_read(data, len, err, errlen);
	int ret = 0;

	if (!l)
		return -1;
	if (l->whole != !port)
		ret = vsw_fail(err, errlen, "saved state: is of a %s, not of a %s",
			       l->whole ? "switch" : "port", l->whole ? "port" : "switch");
	else
		vsw_state_put(l, sw, port, out);
	vsw_state_free(l);
	return ret;
}

int vsw_port_load(struct vsw_port *port, const void *data, size_t len,
		  const struct vsw_left_out *out, char *err, size_t errlen)
{
	if (port->is_uplink)
		return vsw_fail(err, errlen, "port '%s' is an uplink, whose state is its switch's",
				port->id);
	return load(port->sw, port, data, len, out, err, errlen);
}

int vsw_switch_load(struct vsw *sw, const void *data, size_t len, const struct vsw_left_out *out,
		    char *err, size_t errlen)
{
	return load(sw, NULL, data, len, out, err, errlen);
}
