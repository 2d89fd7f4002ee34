// SPDX-License-Identifier: GPL-2.0-or-later
/* A port of a switch in this process; see port-local.h. */
#include "port-local.h"

static unsigned host_send(void *opaque, const struct pkt *const *pkts, unsigned n)
{
	struct vc_port *p = opaque;

	if (unlikely(!p->port))
		return 0; /* it is being made; vc_port_update() follows */
	return vc_port_output(p, pkts, n);
}

static void host_input_ready(void *opaque)
{
	vc_port_input_ready(opaque);
}

static const struct vsw_port_ops ops = {
	.send = host_send,
	.input_ready = host_input_ready,
};

static bool begin(struct vc_port *p, Error **errp)
{
	struct vsw_port_conf conf = VSW_PORT_CONF_INIT;
	char why[160];

	p->life = &p->sw->life;
	p->away = false;
	if (vc_life_held(p->life)) {
		error_setg(errp, "switch %s is in the middle of a frame", p->sw->name);
		return false;
	}
	conf.id = p->dev.id;
	conf.portgroup = p->portgroup;
	conf.uplink = p->netdev;
	conf.vlan = p->vlan;
	p->port = vsw_port_add(p->sw->sw, &conf, &ops, p, why, sizeof(why));
	if (!p->port)
		error_setg(errp, "%s", why);
	return p->port;
}

static void end(struct vc_port *p)
{
	vsw_port_remove(p->port);
	p->port = NULL;
}

static const char *name(const struct vc_port *p)
{
	return vsw_name(p->sw->sw);
}

static unsigned input(struct vc_port *p, const struct pkt *const *pkts, unsigned n)
{
	return vsw_port_input(p->port, pkts, n);
}

static void ready(struct vc_port *p)
{
	vsw_port_ready(p->port);
}

static void set_addrs(struct vc_port *p, const struct vsw_addrs *addrs)
{
	vsw_port_set_addrs(p->port, addrs);
}

static void set_state(struct vc_port *p, bool cable, uint32_t caps)
{
	vsw_port_set_caps(p->port, caps);
	vsw_port_set_link(p->port, cable);
}

static void counters(struct vc_port *p, struct vsw_counters *c)
{
	vsw_port_counters(p->port, c);
}

const struct vc_side vc_side_local = {
	.begin = begin,
	.end = end,
	.name = name,
	.input = input,
	.ready = ready,
	.set_addrs = set_addrs,
	.set_state = set_state,
	.counters = counters,
};
