// SPDX-License-Identifier: GPL-2.0-or-later
/* The switch as a device; see port.h. */
#include "port.h"
#include "monitor/qdev.h"

static int64_t host_now(void *opaque)
{
	return qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
}

static void host_timer(void *opaque, int64_t deadline)
{
	struct vc_switch *s = opaque;

	if (deadline == VSW_NEVER)
		timer_del(s->timer);
	else
		timer_mod(s->timer, deadline);
}

static void host_event(void *opaque, const struct vsw_event *ev)
{
	struct vc_switch *s = opaque;

	vc_trace(s, VC_TRACE_STATE, "%s: %s", vsw_event_name(ev->kind), ev->text);
}

static const struct vsw_host host = {
	.now = host_now,
	.timer = host_timer,
	.event = host_event,
};

static void timer_comes(void *opaque)
{
	vsw_timer(((struct vc_switch *)opaque)->sw);
}

static void switch_realize(DeviceState *dev, Error **errp)
{
	struct vc_switch *s = VC_SWITCH(dev);
	struct vsw_conf conf = { .name = dev->id, .host = &host, .opaque = s };
	char why[160];

	if (!dev->id) {
		error_setg(errp, "a switch needs an id, by which ports name it");
		return;
	}
	s->name = dev->id;
	s->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, timer_comes, s);
	s->sw = vsw_new(&conf, why, sizeof(why));
	if (!s->sw) {
		error_setg(errp, "%s", why);
		timer_free(s->timer);
	}
}

static void switch_unrealize(DeviceState *dev)
{
	struct vc_switch *s = VC_SWITCH(dev);

	vsw_free(s->sw);
	timer_free(s->timer);
}

/* As if by -device vc-switch,id=ID. */
static struct vc_switch *make_switch(const char *id, Error **errp)
{
	DeviceState *dev = qdev_new(TYPE_VC_SWITCH);

	if (!qdev_set_id(dev, g_strdup(id), errp)) {
		object_unref(OBJECT(dev));
		return NULL;
	}
	if (!qdev_realize(dev, NULL, errp)) {
		object_unparent(OBJECT(dev));
		object_unref(OBJECT(dev));
		return NULL;
	}
	object_unref(OBJECT(dev)); /* its parent keeps it */
	return VC_SWITCH(dev);
}

struct vc_switch *vc_switch_get(const char *id, bool *made, Error **errp)
{
	g_autofree char *path = NULL;
	Object *obj;

	id = id ? id : VC_SWITCH_DEFAULT;
	path = g_strdup_printf("/machine/peripheral/%s", id);
	obj = object_resolve_path(path, NULL);
	*made = !obj;
	if (!obj)
		return make_switch(id, errp);
	if (object_dynamic_cast(obj, TYPE_VC_SWITCH) && VC_SWITCH(obj)->sw)
		return VC_SWITCH(obj);
	error_setg(errp, "switch=%s: this device is no " TYPE_VC_SWITCH, id);
	return NULL;
}

static void switch_class_init(ObjectClass *klass, vc_class_data *data)
{
	DeviceClass *dc = DEVICE_CLASS(klass);

	dc->desc = "Software switch of virtual cards and back ends";
	dc->realize = switch_realize;
	dc->unrealize = switch_unrealize;
	dc->user_creatable = true;
	set_bit(DEVICE_CATEGORY_NETWORK, dc->categories);
	vc_trace_add_property(klass, offsetof(struct vc_switch, trace));
}

static const TypeInfo switch_type = {
	.name = TYPE_VC_SWITCH,
	.parent = TYPE_DEVICE,
	.instance_size = sizeof(struct vc_switch),
	.class_init = switch_class_init,
};

static void register_types(void)
{
	type_register_static(&switch_type);
}
type_init(register_types)
