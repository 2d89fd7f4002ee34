/* SPDX-License-Identifier: BSD-2-Clause */
/* What all wires have in common, and the sockets they are plugged into. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "vswitch/transport.h"

static unsigned jack_send(void *opaque, const struct pkt *const *pkts, unsigned n)
{
	struct vsw_wire *wire = ((struct vsw_jack *)opaque)->wire;

	return wire ? wire->transport->send(wire, pkts, n) : n;
}

static void jack_input_ready(void *opaque)
{
	struct vsw_wire *wire = ((struct vsw_jack *)opaque)->wire;

	if (wire)
		wire->transport->input_ready(wire);
}

const struct vsw_port_ops vsw_jack_ops = {
	.send = jack_send,
	.input_ready = jack_input_ready,
};

const struct vsw_transport *vsw_transport_find(const char *name)
{
	for (const struct vsw_transport *const *t = vsw_transports; *t; t++)
		if (!strcmp((*t)->name, name))
			return *t;
	return NULL;
}

static void tell(struct vsw_note *note)
{
	struct vsw_wire *wire = (void *)((char *)note - offsetof(struct vsw_wire, note));

	wire->host->failed(wire->opaque, wire);
}

void vsw_wire_init(struct vsw_wire *wire, const struct vsw_transport *transport,
		   const struct vsw_wire_conf *conf)
{
	wire->transport = transport;
	wire->worker = conf->worker;
	wire->host = conf->host;
	wire->opaque = conf->opaque;
	wire->note.read = tell;
}

void vsw_wire_plug(struct vsw_wire *wire, struct vsw_jack *jack)
{
	if (wire->failed)
		return;
	wire->jack = jack;
	wire->port = jack->port;
	jack->wire = wire;
	wire->transport->start(wire);
}

void vsw_wire_unplug(struct vsw_wire *wire)
{
	struct vsw_jack *jack = wire->jack;

	if (!jack)
		return;
	wire->transport->stop(wire);
	wire->jack = NULL;
	wire->port = NULL;
	jack->wire = NULL;
	vsw_port_set_link(jack->port, false);
	vsw_port_set_caps(jack->port, 0);
}

void vsw_wire_swap(struct vsw_wire *from, struct vsw_wire *to)
{
	struct vsw_jack *jack = from->jack;

	if (!jack || to->failed)
		return;
	from->transport->stop(from);
	from->jack = NULL;
	from->port = NULL;
	vsw_wire_plug(to, jack);
	vsw_port_ready(jack->port);
}

void vsw_wire_close(struct vsw_wire *wire)
{
	if (!wire)
		return;
	vsw_note_cancel(wire->worker, &wire->note);
	wire->transport->close(wire);
}

static void over(struct vsw_wire *wire, const char *fmt, va_list ap)
{
	vsnprintf(wire->why, sizeof(wire->why), fmt, ap);
	wire->failed = true;
	/* first, so that who hears of the link hears of this, too; whoever reads it unplugs the
	 * wire by a call, which waits for us */
	vsw_note_post(wire->worker, &wire->note);
	vsw_wire_unplug(wire);
}

void vsw_wire_fail(struct vsw_wire *wire, const char *fmt, ...)
{
	va_list ap;

	if (wire->failed)
		return;
	va_start(ap, fmt);
	over(wire, fmt, ap);
	va_end(ap);
}

/* struct ending - arguments of vsw_wire_end() on their way to the frame thread */
struct ending {
	struct vsw_wire *wire;
	const char *fmt;
	va_list ap;
};

static bool end_there(void *opaque)
{
	struct ending *e = opaque;

	if (!e->wire->failed)
		over(e->wire, e->fmt, e->ap);
	return false;
}

void vsw_wire_end(struct vsw_wire *wire, const char *fmt, ...)
{
	struct ending e = { .wire = wire, .fmt = fmt };

	va_start(e.ap, fmt);
	vsw_worker_call(wire->worker, end_there, &e);
	va_end(e.ap);
}

void vsw_fact_number(struct vsw_facts *facts, const char *name, uint64_t n)
{
	if (facts->n == VSW_FACTS)
		return;
	facts->fact[facts->n].name = name;
	facts->fact[facts->n].is_text = false;
	facts->fact[facts->n++].number = n;
}

void vsw_fact_text(struct vsw_facts *facts, const char *name, const char *fmt, ...)
{
	va_list ap;

	if (facts->n == VSW_FACTS)
		return;
	facts->fact[facts->n].name = name;
	facts->fact[facts->n].is_text = true;
	va_start(ap, fmt);
	vsnprintf(facts->fact[facts->n].text, VSW_FACT_MAX, fmt, ap);
	va_end(ap);
	facts->n++;
}
