// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Hot-plug of switches and ports, and noticing who comes and goes.
 *
 * DOC: Theory of Operation
 *
 * QEMU hot-plugs a device without a bus only if the machine names a handler for it, and no machine
 * knows ours. So when the machine is done, its class's get_hotplug_handler is wrapped by one that
 * answers for our types and asks the former one for all others. The handler is an object of its
 * own; plugging needs nothing of it, unplugging unrealizes the device, but not a switch that has
 * ports.
 *
 * A net client is not told when a card takes it as its netdev, nor when that card goes. A
 * DeviceListener is told of every device that comes or goes; ports look at their peers then. It is
 * not told of a card that failed to come, which may have asked its port for headers already. So
 * ports without a peer forget the last one whenever a handler is asked for, which QEMU does before
 * it realizes the next device.
 *
 * Back ends change their link, and are deleted, without a word to their peer: a socket is connected
 * or closed by its other end. They do it in the main loop, so whenever that has turned the uplinks
 * look at their back ends.
 */
#include "port.h"

#define TYPE_VC_HOTPLUG "vc-hotplug"

static HotplugHandler *handler;
static HotplugHandler *(*next_handler)(MachineState *machine, DeviceState *dev);

static bool is_ours(DeviceState *dev)
{
	return object_dynamic_cast(OBJECT(dev), TYPE_VC_SWITCH) ||
	       object_dynamic_cast(OBJECT(dev), TYPE_VC_PORT);
}

static HotplugHandler *get_handler(MachineState *machine, DeviceState *dev)
{
	vc_ports_miss_peers(); /* who asks may be about to realize a card */
	if (is_ours(dev))
		return handler;
	return next_handler ? next_handler(machine, dev) : NULL;
}

static void unplug(HotplugHandler *h, DeviceState *dev, Error **errp)
{
	struct vsw_port *port = NULL;

	if (object_dynamic_cast(OBJECT(dev), TYPE_VC_SWITCH))
		port = vsw_port_next(VC_SWITCH(dev)->sw, NULL);
	if (port)
		error_setg(errp, "switch %s still has ports, %s among them", dev->id,
			   vsw_port_id(port));
	else
		qdev_unrealize(dev);
}

static void device_changed(DeviceListener *l, DeviceState *dev)
{
	vc_ports_update();
}

static DeviceListener listener = {
	.realize = device_changed,
	.unrealize = device_changed,
};

static void main_loop_turns(Notifier *n, void *data)
{
	const MainLoopPoll *poll = data;

	if (poll->state != MAIN_LOOP_POLL_FILL)
		vc_ports_follow();
}

static void machine_is_done(Notifier *n, void *data)
{
	MachineClass *mc = MACHINE_GET_CLASS(qdev_get_machine());

	handler = HOTPLUG_HANDLER(object_new(TYPE_VC_HOTPLUG));
	next_handler = mc->get_hotplug_handler;
	mc->get_hotplug_handler = get_handler;
	device_listener_register(&listener);
	vc_ports_update();
}

static void hotplug_class_init(ObjectClass *klass, vc_class_data *data)
{
	HOTPLUG_HANDLER_CLASS(klass)->unplug = unplug;
}

static vc_interfaces hotplug_interfaces[] = { { TYPE_HOTPLUG_HANDLER }, {} };

static const TypeInfo hotplug_type = {
	.name = TYPE_VC_HOTPLUG,
	.parent = TYPE_OBJECT,
	.class_init = hotplug_class_init,
	.interfaces = hotplug_interfaces,
};

static void register_types(void)
{
	static Notifier done = { .notify = machine_is_done };
	static Notifier turn = { .notify = main_loop_turns };

	type_register_static(&hotplug_type);
	qemu_add_machine_init_done_notifier(&done);
	main_loop_poll_add_notifier(&turn);
}
type_init(register_types)
