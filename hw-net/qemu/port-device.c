// SPDX-License-Identifier: GPL-2.0-or-later
/* A port of the switch as a QEMU device: type, creation, removal. See port.h. */
#include "port-stats.h"
#include "trace.h"

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
	else
		return true;
	return false;
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
	if (vc_port_init(p, errp))
		vc_port_add_stats(p);
	else if (made)
		object_unparent(OBJECT(p->sw));
}

static void finish(Object *obj)
{
	vc_port_fini(VC_PORT(obj));
}

static void port_unrealize(DeviceState *dev)
{
	struct vc_port *p = VC_PORT(dev);

	vc_port_del_stats(p);
	vc_port_disconnect(p);
	vc_life_end(&p->sw->life, OBJECT(p), finish);
}

VC_PROPS port_props[] = {
	DEFINE_PROP_STRING("switch", struct vc_port, switch_id),
	DEFINE_PROP_STRING("portgroup", struct vc_port, portgroup),
	DEFINE_PROP_INT32("vlan", struct vc_port, vlan, VSW_VLAN_DEFAULT),
	DEFINE_PROP_STRING("netdev", struct vc_port, netdev),
	VC_PROP_END /* brings its comma, if it is anything */
};

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
}
type_init(register_types)
