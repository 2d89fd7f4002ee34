/* SPDX-License-Identifier: BSD-2-Clause */
/* The entries of the data path, and what owners tell; from inside an operation it is noted, and
 * done when that is over. */
#include "core/port-io.h"

#include "core/addrs.h"
#include "core/compile.h"
#include "core/dequeue.h"
#include "core/due.h"
#include "core/event.h"
#include "core/input.h"
#include "core/port.h"
#include "core/share.h"
#include "policy/stages.h"

/* Frames that a port may not send now: counted and gone */
static void refuse(struct vsw_port *p, const struct pkt *const *pkts, unsigned n, enum vsw_drop why)
{
	for (unsigned i = 0; i < n; i++) {
		p->c.in.unicast.frames += wire_frames(pkts[i]);
		vsw_drop_pkt(p, why, pkts[i]);
	}
}

/* Frames the owner keeps until @when, or loses */
static unsigned hold(struct vsw_port *p, const struct pkt *const *pkts, unsigned n, int64_t when,
		     enum vsw_drop why)
{
	if (!p->ops->input_ready) {
		refuse(p, pkts, n, why);
		return n;
	}
	p->c.held++;
	p->input_wanted = true;
	p->input_at = when;
	if (when < p->sw->due[DUE_INPUT])
		vsw_due_at(p->sw, DUE_INPUT, when);
	return 0;
}

static void input_bursts(struct vsw_port *p, const struct pkt *const *pkts, unsigned n)
{
	struct vsw *sw = p->sw;

	sw->busy = 1;
	sw->look.timed = false;
	for (unsigned done = 0; done < n; done += PKT_BURST)
		vsw_input_burst(p, pkts + done, n - done < PKT_BURST ? n - done : PKT_BURST);
	sw->busy = 0;
	if (unlikely(sw->want_any))
		vsw_settle(sw);
}

static unsigned input_special(struct vsw_port *p, const struct pkt *const *pkts, unsigned n)
{
	unsigned pass = n;

	if (p->in_special & IN_CLOSED) {
		refuse(p, pkts, n, port_closed_why(p));
		return n;
	}
	if (p->in_special & IN_SHAPED)
		pass = vsw_shape_in(p, pkts, n);
	if (pass)
		input_bursts(p, pkts, pass);
	if (pass < n)
		pass += hold(p, pkts + pass, n - pass, p->input_at, VSW_DROP_SHAPED);
	return pass;
}

/* At a switch of many ports what is for many waits for its share */
static unsigned input_wide(struct vsw_port *p, const struct pkt *const *pkts, unsigned n)
{
	unsigned share = p->ops->input_ready ? vsw_share_pass(p, pkts, n) : n, pass = share;

	if (pass && p->in_special)
		pass = input_special(p, pkts, pass);
	else if (pass)
		input_bursts(p, pkts, pass);
	if (share == n || pass < share)
		return pass;
	vsw_share_wait(p);
	hold(p, pkts + pass, n - pass, vsw_now(p->sw), VSW_DROP_BUSY);
	return pass;
}

unsigned vsw_port_input(struct vsw_port *p, const struct pkt *const *pkts, unsigned n)
{
	if (unlikely(p->sw->busy))
		return hold(p, pkts, n, vsw_now(p->sw), VSW_DROP_BUSY);
	if (unlikely(p->sw->wide))
		return input_wide(p, pkts, n);
	if (unlikely(p->in_special))
		return input_special(p, pkts, n);
	input_bursts(p, pkts, n);
	return n;
}

static void run_queue(struct vsw_port *p)
{
	vsw_queue_ready(p);
	p->sw->busy = 1;
	p->sw->look.timed = false;
	vsw_queue_run(p);
	p->sw->busy = 0;
}

void vsw_port_ready(struct vsw_port *p)
{
	if (p->sw->busy) {
		p->want_ready = p->sw->want_any = true;
		return;
	}
	run_queue(p);
	if (p->sw->want_any)
		vsw_settle(p->sw);
}

void vsw_port_set_caps(struct vsw_port *p, uint32_t caps)
{
	p->takes = caps;
}

static void link_apply(struct vsw_port *p, bool up)
{
	if (p->link_up == up)
		return;
	p->link_up = up;
	if (!up) {
		vsw_port_forget(p);
		vsw_queue_flush(p, VSW_DROP_LINK_DOWN);
	}
	vsw_port_recompile(p);
	vsw_tell(p->sw, VSW_EVENT_LINK, p, p->mac, 0, up ? "link up" : "link down");
}

void vsw_port_set_link(struct vsw_port *p, bool up)
{
	if (p->sw->busy) {
		p->want_link = p->sw->want_any = true;
		p->next_link = up;
		return;
	}
	link_apply(p, up);
}

/* What follows from a port being shut, as from a link that went down */
static void shut_apply(struct vsw_port *p)
{
	vsw_port_forget(p);
	vsw_queue_flush(p, p->shut_why);
	vsw_port_recompile(p);
}

static void settle_port(struct vsw_port *p)
{
	if (p->want_shut) {
		p->want_shut = false;
		shut_apply(p);
	}
	if (p->want_link) {
		p->want_link = false;
		link_apply(p, p->next_link);
	}
	if (p->want_addrs) {
		p->want_addrs = false;
		vsw_addrs_take(p);
	}
	if (p->want_ready) {
		p->want_ready = false;
		run_queue(p);
	}
}

/**
 * vsw_settle() - Do what owners asked for from inside an operation
 * @sw: The switch, not busy
 *
 * One round: what is asked for in its course waits for vsw_timer(), so that no owner can keep the
 * switch here.
 */
void vsw_settle(struct vsw *sw)
{
	sw->want_any = false;
	for (unsigned i = 1; i <= sw->last_port; i++)
		if (sw->port[i])
			settle_port(sw->port[i]);
	if (sw->want_any)
		vsw_due_at(sw, DUE_INPUT, vsw_now(sw));
}

/**
 * vsw_ports_notify() - Tell owners whose input was refused that they may try again
 * @sw:  The switch, not busy
 * @now: The time
 */
void vsw_ports_notify(struct vsw *sw, int64_t now)
{
	int64_t next = VSW_NEVER;

	vsw_due_at(sw, DUE_INPUT, VSW_NEVER);
	vsw_share_out(sw);
	for (unsigned i = 1; i <= sw->last_port; i++) {
		struct vsw_port *p = sw->port[i];

		if (!p || !p->input_wanted || p->input_at > now || p->share_waits)
			continue;
		p->input_wanted = false;
		p->ops->input_ready(p->opaque);
	}
	if (sw->want_any)
		vsw_settle(sw);
	for (unsigned i = 1; i <= sw->last_port; i++)
		if (sw->port[i] && sw->port[i]->input_wanted && sw->port[i]->input_at < next)
			next = sw->port[i]->input_at;
	if (next < sw->due[DUE_INPUT])
		vsw_due_at(sw, DUE_INPUT, next);
}
