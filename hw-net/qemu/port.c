// SPDX-License-Identifier: GPL-2.0-or-later
/* A port of the switch as a device; see port.h. Its net client is in portclient.c. */
#include "netclient.h"
#include "port.h"
#include "portclient.h"

static QLIST_HEAD(, vc_port) ports = QLIST_HEAD_INITIALIZER(ports);

static unsigned host_send(void *opaque, const struct pkt *const *pkts, unsigned n)
{
	struct vc_port *p = opaque;
	unsigned taken;

	if (likely(vc_port_direct(p)))
		taken = vc_nic_rx(vc_nic_of(p->client->nc.peer), pkts, n);
	else
		taken = vc_port_send_stock(p, pkts, n);
	vc_trace(p, VC_TRACE_RX, "out: %u of %u frames", taken, n);
	return taken;
}

static void host_input_ready(void *opaque)
{
	struct vc_port *p = opaque;

	qemu_bh_schedule(p->bh);
}

static const struct vsw_port_ops ops = {
	.send = host_send,
	.input_ready = host_input_ready,
};

/* The switch takes input again. In a bottom half: a card that goes on may do anything, the switch
 * being in a call may not. */
static void input_ready(void *opaque)
{
	struct vc_port *p = opaque;
	struct vc_nic *nic = vc_nic_of(p->client->nc.peer);

	if (nic)
		vc_nic_port_ready(nic);
	qemu_flush_queued_packets(&p->client->nc);
}

unsigned vc_port_input(struct vc_port *p, const struct pkt *const *pkts, unsigned n)
{
	unsigned taken = vsw_port_input(p->port, pkts, n);

	vc_trace(p, VC_TRACE_TX, "in: %u of %u frames", taken, n);
	return taken;
}

void vc_port_ready(struct vc_port *p)
{
	vsw_port_ready(p->port);
}

void vc_port_set_addrs(struct vc_port *p, const struct vsw_addrs *addrs)
{
	vsw_port_set_addrs(p->port, addrs);
}

/* All that is known of a stock card is its address; so it gets all groups. */
static void tell_stock_card(struct vc_port *p, NetClientState *peer)
{
	struct vsw_addrs addrs = { .allmulti = true };

	memcpy(addrs.mac, qemu_get_nic(peer)->conf->macaddr.a, sizeof(addrs.mac));
	vsw_port_set_addrs(p->port, &addrs);
}

/* The link of a stock card is not looked at: nobody tells the port when it changes. QEMU drops its
 * frames by itself. */
static bool link_is_up(const struct vc_port *p)
{
	NetClientState *nc = &p->client->nc, *peer = nc->peer;
	bool stock_card = peer && peer->info->type == NET_CLIENT_DRIVER_NIC && !vc_nic_of(peer);

	return peer && !nc->link_down && (stock_card || !peer->link_down);
}

void vc_port_update(struct vc_port *p)
{
	NetClientState *peer = p->client->nc.peer;
	struct vc_nic *nic = vc_nic_of(peer);
	bool up = link_is_up(p);

	if (!peer)
		vc_port_forget_peer(p);
	else if (!nic && peer->info->type == NET_CLIENT_DRIVER_NIC)
		tell_stock_card(p, peer);
	p->had_peer = peer;
	vsw_port_set_caps(p->port, nic ? vc_nic_port_caps(nic) : vc_port_vnet(p).takes);
	vsw_port_set_link(p->port, up);
	if (!p->held)
		vsw_port_ready(p->port);
	vc_trace(p, VC_TRACE_LINK, "peer %s, link %s, takes 0x%x, header of %d bytes",
		 peer ? peer->name : "none", up ? "up" : "down", vc_port_vnet(p).takes,
		 vc_port_vnet(p).len);
}

void vc_ports_update(void)
{
	struct vc_port *p;

	QLIST_FOREACH(p, &ports, next)
		vc_port_update(p);
}

void vc_ports_miss_peers(void)
{
	struct vc_port *p;

	QLIST_FOREACH(p, &ports, next)
		if (p->had_peer && !p->client->nc.peer)
			vc_port_update(p);
}

static bool check_props(struct vc_port *p, Error **errp)
{
	const char *id = p->dev.id;

	if (!id)
		error_setg(errp, "a port needs an id, by which a card names it: netdev=ID");
	else if (qemu_find_netdev(id))
		error_setg(errp, "id=%s: there is a netdev of this name", id);
	else if (p->vlan != VSW_VLAN_DEFAULT && (p->vlan < 0 || p->vlan > 4095))
		error_setg(errp,
			   "vlan=%d: must be 0 (untagged), 1 to 4094, or 4095 (the guest tags)",
			   p->vlan);
	else if (p->uplink.queues > 1)
		error_setg(errp, "netdev=%s has %d queues; it must have one",
			   p->uplink.ncs[0]->name, p->uplink.queues);
	else
		return true;
	return false;
}

static bool add_port(struct vc_port *p, Error **errp)
{
	struct vsw_port_conf conf = VSW_PORT_CONF_INIT;
	char why[160];

	conf.id = p->dev.id;
	conf.portgroup = p->portgroup;
	conf.uplink = p->uplink.queues;
	conf.vlan = p->vlan;
	p->port = vsw_port_add(p->sw->sw, &conf, &ops, p, why, sizeof(why));
	if (!p->port)
		error_setg(errp, "%s", why);
	return p->port;
}

static void port_realize(DeviceState *dev, Error **errp)
{
	struct vc_port *p = VC_PORT(dev);
	bool made;

	if (!check_props(p, errp))
		return;
	p->name = dev->id;
	p->sw = vc_switch_get(p->switch_id, &made, errp);
	if (!p->sw)
		return;
	if (!add_port(p, errp)) {
		if (made)
			object_unparent(OBJECT(p->sw));
		return;
	}
	p->bh = qemu_bh_new(input_ready, p);
	vc_port_make_client(p);
	QLIST_INSERT_HEAD(&ports, p, next);
	vc_port_update(p);
	vc_add_dict_property(OBJECT(p), "stats", vc_port_stats);
}

static void port_unrealize(DeviceState *dev)
{
	struct vc_port *p = VC_PORT(dev);

	QLIST_REMOVE(p, next);
	vc_port_drop_client(p);
	vsw_port_remove(p->port);
	p->port = NULL;
	qemu_bh_delete(p->bh);
	g_free(p->flat);
	p->flat = NULL;
	object_property_del(OBJECT(p), "stats");
}

VC_PROPS port_props[] = { DEFINE_PROP_STRING("switch", struct vc_port, switch_id),
			  DEFINE_PROP_STRING("portgroup", struct vc_port, portgroup),
			  DEFINE_PROP_INT32("vlan", struct vc_port, vlan, VSW_VLAN_DEFAULT),
			  DEFINE_PROP_NETDEV("netdev", struct vc_port, uplink), VC_PROP_END };

static void port_class_init(ObjectClass *klass, vc_class_data *data)
{
	DeviceClass *dc = DEVICE_CLASS(klass);

	dc->desc = "Port of a vc-switch; cards name it as their netdev";
	dc->realize = port_realize;
	dc->unrealize = port_unrealize;
	dc->user_creatable = true;
	set_bit(DEVICE_CATEGORY_NETWORK, dc->categories);
	device_class_set_props(dc, port_props);
	object_class_property_set_description(
		klass, "switch", "The switch, made if it is not there; default " VC_SWITCH_DEFAULT);
	object_class_property_set_description(klass, "portgroup", "Port group of the switch");
	object_class_property_set_description(
		klass, "vlan",
		"0: untagged, 1-4094: this VLAN, 4095: the guest tags, -1: as the port group says");
	object_class_property_set_description(klass, "netdev",
					      "A netdev to be joined as an uplink");
	vc_trace_add_property(klass, offsetof(struct vc_port, trace));
}

static const TypeInfo port_type = {
	.name = TYPE_VC_PORT,
	.parent = TYPE_DEVICE,
	.instance_size = sizeof(struct vc_port),
	.class_init = port_class_init,
};

static void register_types(void)
{
	type_register_static(&port_type);
	vc_hotplug_watch();
}
type_init(register_types)
