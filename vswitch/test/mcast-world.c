/* SPDX-License-Identifier: BSD-2-Clause */
#include "mcast-world.h"

#include <stdlib.h>
#include <string.h>

#include "vswitch/vswitch.h"

#define PIECES	     6u
#define MOST_AT_ONCE 128u /* 64 queries after leaves, general ones, ports that came */

static const struct vsw_querier_policy own = { .interval = 60,
					       .address = { 10, 0, 0, WORLD_OWN },
					       .address6 = { 0xfe, 0x80, [15] = WORLD_OWN },
					       .igmp = 3,
					       .mld = 2 };

static int64_t host_now(void *opaque)
{
	return ((struct world *)opaque)->now;
}

static void host_timer(void *opaque, int64_t deadline)
{
	((struct world *)opaque)->deadline = deadline;
}

static const struct vsw_host host = { host_now, host_timer, NULL };

static unsigned take(void *opaque, const struct pkt *const *pkts, unsigned n)
{
	struct world_port *p = opaque;

	if (p->w->sending)
		p->got += n;
	else
		p->w->emitted += n;
	return n;
}

static const struct vsw_port_ops ops = { take, NULL, NULL };

static void commit(struct vsw_txn *txn)
{
	if (vsw_txn_prepare(txn, NULL, 0))
		abort();
	vsw_txn_commit(txn);
}

static void accept_routers(struct world *w, struct vsw_port *port)
{
	struct vsw_policy policy = *vsw_port_policy(port);
	struct vsw_txn *txn = vsw_txn_new(w->sw);

	policy.security.multicast_router = VSW_ROUTER_ACCEPT;
	if (vsw_txn_port(txn, port, &policy, NULL, 0))
		abort();
	commit(txn);
}

void world_querier(struct world *w, bool on)
{
	struct vsw_switch_policy *sp = malloc(sizeof(*sp));
	struct vsw_txn *txn = vsw_txn_new(w->sw);

	*sp = *vsw_switch_policy(w->sw);
	sp->multicast = VSW_MCAST_SNOOPING;
	sp->querier = own;
	sp->querier.enabled = on;
	if (vsw_txn_switch(txn, sp, NULL, 0))
		abort();
	commit(txn);
	free(sp);
}

static void add_port(struct world *w, unsigned i)
{
	struct vsw_port_conf conf = VSW_PORT_CONF_INIT;
	char id[3] = { 'p', (char)('0' + i), 0 };

	conf.id = id;
	conf.uplink = i == WORLD_UPLINK;
	conf.vlan = conf.uplink ? VSW_VGT : (int)world_vlan(i);
	w->port[i].w = w;
	w->port[i].up = true;
	w->port[i].port = vsw_port_add(w->sw, &conf, &ops, &w->port[i], NULL, 0);
	if (!w->port[i].port)
		abort();
	if (i < WORLD_GUEST)
		accept_routers(w, w->port[i].port);
}

void world_init(struct world *w)
{
	struct vsw_conf conf = { .name = "m", .host = &host, .opaque = w, .seed = 7 };

	memset(w, 0, sizeof(*w));
	w->now = WORLD_SEC;
	w->deadline = VSW_NEVER;
	w->sw = vsw_new(&conf, NULL, 0);
	if (!w->sw)
		abort();
	world_querier(w, false);
	for (unsigned i = 0; i < WORLD_PORTS; i++)
		add_port(w, i);
}

void world_fini(struct world *w)
{
	vsw_free(w->sw);
}

unsigned world_byte(struct world *w)
{
	return w->byte(w->ctx) & 255;
}

unsigned world_below(struct world *w, unsigned n)
{
	unsigned v = world_byte(w) << 8;

	return (v | world_byte(w)) % n;
}

void world_link(struct world *w, unsigned port, bool up)
{
	w->port[port].up = up;
	vsw_port_set_link(w->port[port].port, up);
}

bool world_pass(struct world *w, int64_t ns)
{
	int64_t end = w->now + ns;

	while (w->deadline <= end) {
		if (w->deadline > w->now)
			w->now = w->deadline;
		w->deadline = VSW_NEVER;
		w->emitted = 0;
		vsw_timer(w->sw);
		if (w->emitted > MOST_AT_ONCE)
			return false;
	}
	w->now = end;
	return true;
}

/* The first piece has PKT_HEAD bytes or more; any others are as they come */
static unsigned cut(struct world *w, struct iovec *iov, uint8_t *bytes, uint32_t len)
{
	uint32_t at = len <= PKT_HEAD ? len : PKT_HEAD + world_below(w, len - PKT_HEAD);
	unsigned n = 1;

	iov[0] = (struct iovec) { bytes, at };
	while (at < len) {
		uint32_t more = n == PIECES - 1 ? len - at : 1 + world_below(w, len - at);

		iov[n++] = (struct iovec) { bytes + at, more };
		at += more;
	}
	return n;
}

void world_send(struct world *w, unsigned port, uint32_t len)
{
	uint8_t *exact = malloc(len); /* so that a sanitizer sees reads beyond it */
	struct iovec iov[PIECES];
	struct pkt pkt;
	const struct pkt *one = &pkt;

	memcpy(exact, w->frame, len);
	pkt_flat(&pkt, iov, exact, len);
	pkt.iovcnt = (uint16_t)cut(w, iov, exact, len);
	for (unsigned i = 0; i < WORLD_PORTS; i++)
		w->port[i].got = 0;
	w->sending = true;
	if (vsw_port_input(w->port[port].port, &one, 1) != 1)
		abort();
	w->sending = false;
	free(exact);
}

void world_message(struct world *w, unsigned port, unsigned vlan, const struct mc_packet *k,
		   uint32_t len)
{
	struct mc_packet tagged = *k;

	tagged.tag = port == WORLD_UPLINK && vlan ? (int)vlan : -1;
	world_send(w, port, mc_frame(w->frame, &tagged, w->msg, len));
}
