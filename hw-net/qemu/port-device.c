// SPDX-License-Identifier: GPL-2.0-or-later
/* A port of the switch as a QEMU device: type, creation, removal. See port.h. */
#include "port-local.h"
#include "port-stats.h"
#include "port-vmstate.h"
#include "remote-side.h"
#include "trace.h"

/* With connect= the daemon has the configuration */
static bool check_connect(const struct vc_port *p, Error **errp)
{
	if (!p->connect && p->token_file)
		error_setg(errp, "token-file= is for a port with connect=");
	else if (p->connect && p->netdev)
		error_setg(errp, "connect= and netdev= exclude each other: uplinks of a daemon are "
				 "the daemon's");
	else if (p->connect && p->vlan != VSW_VLAN_DEFAULT)
		error_setg(errp, "connect= and vlan= exclude each other: the VLAN is that of the "
				 "daemon's port group");
	else if (p->connect && !*p->connect)
		error_setg(errp, "connect= is to be the path of a control socket, or the name of a "
				 "switch");
	else if (p->connect && !strchr(p->connect, '/') && p->switch_id)
		error_setg(errp, "connect=%s names a switch, and so does switch=%s", p->connect,
			   p->switch_id);
	else
		return true;
	return false;
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
	else
		return check_connect(p, errp);
	return false;
}

static void port_realize(DeviceState *dev, Error **errp)
{
	struct vc_port *p = VC_PORT(dev);
	bool made = false;

	if (!check_props(p, errp))
		return;
	p->name = dev->id;
	p->side = p->connect ? &vc_side_remote : &vc_side_local;
	p->sw = p->connect ? NULL : vc_switch_get(p->switch_id, p->name, &made, errp);
	if (!p->connect && !p->sw)
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
	vc_life_end(p->life, OBJECT(p), finish);
}

VC_PROPS port_props[] = {
	DEFINE_PROP_STRING("switch", struct vc_port, switch_id),
	DEFINE_PROP_STRING("portgroup", struct vc_port, portgroup),
	DEFINE_PROP_INT32("vlan", struct vc_port, vlan, VSW_VLAN_DEFAULT),
	DEFINE_PROP_STRING("netdev", struct vc_port, netdev),
	DEFINE_PROP_STRING("connect", struct vc_port, connect),
	DEFINE_PROP_STRING("token-file", struct vc_port, token_file),
	DEFINE_PROP_BOOL("carry-state", struct vc_port, carry, true),
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
	object_class_property_set_description(
		klass, "connect",
		"Control socket of a vswitchd, or the name of a switch of the usual one");
	object_class_property_set_description(klass, "token-file",
					      "File with the token of the daemon's port group");
	object_class_property_set_description(
		klass, "carry-state",
		"With connect=: the port's state goes with a machine that migrates; off for a "
		"target of a release before this property");
	vc_port_vmstate_init(klass);
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
