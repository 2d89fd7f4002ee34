// SPDX-License-Identifier: GPL-2.0-or-later
/* The switch as a device; see switch.h. */
#include "dict.h"
#include "switch.h"
#include "trace.h"
#include "monitor/qdev.h"
#include "qemu/error-report.h"
#include "qemu/option.h"
#include "qemu/config-file.h"

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

	vc_trace(s, VC_TRACE_STATE, "%s: %s%s%s%s", vsw_event_name(ev->kind),
		 ev->port ? "port '" : "", ev->port ? vsw_port_id(ev->port) : "",
		 ev->port ? "': " : "", ev->text);
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

static void tell_warning(void *opaque, const char *text)
{
	warn_report("%s: %s", ((struct vc_switch *)opaque)->config, text);
}

/* By the timer: a call of the switch may be on the stack. */
static void machine_changed(struct vc_watch *w, enum vc_machine_event event)
{
	struct vc_switch *s = container_of(w, struct vc_switch, watch);

	if (!runstate_is_running())
		return;
	timer_mod(s->timer, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL));
	if (s->config && !s->warned) /* the ports of the command line are there */
		vsw_control_warn(s->control, tell_warning, s);
	s->warned = true;
}

/* The control's clock runs on while the VM is stopped: who waits for its confirmation has not. */
static int64_t control_now(void *opaque)
{
	return qemu_clock_get_ns(QEMU_CLOCK_REALTIME);
}

static void control_timer(void *opaque, int64_t deadline)
{
	struct vc_switch *s = opaque;

	if (deadline == VSW_NEVER)
		timer_del(s->control_timer);
	else
		timer_mod(s->control_timer, deadline);
}

static const struct vsw_control_host control_host = {
	.now = control_now,
	.timer = control_timer,
};

static void control_timer_comes(void *opaque)
{
	vsw_control_timer(((struct vc_switch *)opaque)->control);
}

static void drop_switch(struct vc_switch *s)
{
	vsw_server_free(s->server);
	vsw_control_free(s->control);
	vsw_free(s->sw);
	timer_free(s->timer);
	timer_free(s->control_timer);
	s->server = NULL;
	s->control = NULL;
	s->sw = NULL;
	s->timer = NULL;
	s->control_timer = NULL;
}

/* The switch, its configuration, its socket. Return: false with @why filled. */
static bool make_parts(struct vc_switch *s, char *why, size_t room)
{
	struct vsw_conf conf = { .name = s->name, .host = &host, .opaque = s };

	s->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, timer_comes, s);
	s->sw = vsw_new(&conf, why, room);
	if (!s->sw)
		return false;
	s->control_timer = timer_new_ns(QEMU_CLOCK_REALTIME, control_timer_comes, s);
	s->control = vsw_control_new(s->sw, &control_host, s);
	if (!s->control) {
		snprintf(why, room, "out of memory");
		return false;
	}
	if (s->config && vsw_control_load_file(s->control, s->config, why, room))
		return false;
	if (s->socket)
		s->server = vsw_server_new(s->control, NULL, s->socket, why, room);
	return !s->socket || s->server;
}

/* The answer to a query without arguments. */
static QObject *ask(struct vc_switch *s, const char *query)
{
	g_autofree char *command = g_strdup_printf("{\"execute\": \"%s\"}", query);
	char *text = vsw_control_execute(s->control, command, strlen(command));
	QObject *answer = text ? qobject_from_json(text, NULL) : NULL;
	QDict *dict = qobject_to(QDict, answer);
	QObject *ret = dict ? qobject_ref(qdict_get(dict, "return")) : NULL;

	free(text);
	qobject_unref(answer);
	return ret ? ret : QOBJECT(qdict_new());
}

static QObject *make_fdb(Object *obj)
{
	return ask(VC_SWITCH(obj), "query-fdb");
}

static void switch_realize(DeviceState *dev, Error **errp)
{
	struct vc_switch *s = VC_SWITCH(dev);
	char why[256];

	if (!dev->id) {
		error_setg(errp, "a switch needs an id, by which ports name it");
		return;
	}
	s->name = dev->id;
	vc_life_init(&s->life);
	if (!make_parts(s, why, sizeof(why))) {
		error_setg(errp, "%s", why);
		drop_switch(s);
		return;
	}
	vc_watch_machine(&s->watch, machine_changed);
	vc_add_dict_property(OBJECT(s), "fdb", make_fdb);
}

static void switch_unrealize(DeviceState *dev)
{
	vc_unwatch_machine(&VC_SWITCH(dev)->watch);
	drop_switch(VC_SWITCH(dev));
	object_property_del(OBJECT(dev), "fdb");
}

/* The names of all switches, joined in a GString */
static int add_switch(Object *obj, void *opaque)
{
	GString *names = opaque;

	if (object_dynamic_cast(obj, TYPE_VC_SWITCH) && VC_SWITCH(obj)->sw)
		g_string_append_printf(names, "%s%s", names->len ? ", " : "", VC_SWITCH(obj)->name);
	return 0;
}

/*
 * A port names a switch that is not there. That is how switches come to be; but if there are others
 * it may be a slip, and nobody would know: what is behind the port is alone on its switch.
 */
static void warn_of_slip(const char *id, const char *port)
{
	g_autoptr(GString) names = g_string_new("");

	object_child_foreach(object_resolve_path("/machine/peripheral", NULL), add_switch, names);
	if (names->len)
		warn_report("vc-port %s: switch=%s is not there, and is made; there are: %s", port,
			    id, names->str);
}

/* Has a later -device the line of this switch? QEMU would then say that its id is a duplicate */
static bool comes_later(const char *id)
{
	QemuOpts *opts = qemu_opts_find(qemu_find_opts("device"), id);
	const char *driver = opts ? qemu_opt_get(opts, "driver") : NULL;

	return driver && !strcmp(driver, TYPE_VC_SWITCH);
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

struct vc_switch *vc_switch_get(const char *id, const char *port, bool *made, Error **errp)
{
	g_autofree char *path = NULL;
	bool named = id;
	Object *obj;

	id = id ? id : VC_SWITCH_DEFAULT;
	path = g_strdup_printf("/machine/peripheral/%s", id);
	obj = object_resolve_path(path, NULL);
	*made = !obj;
	if (!obj && comes_later(id)) {
		error_setg(errp,
			   "switch=%s: its line, -device " TYPE_VC_SWITCH
			   ",id=%s, must be before that of port '%s'",
			   id, id, port);
		return NULL;
	}
	if (!obj) {
		if (named)
			warn_of_slip(id, port);
		return make_switch(id, errp);
	}
	if (object_dynamic_cast(obj, TYPE_VC_SWITCH) && VC_SWITCH(obj)->sw)
		return VC_SWITCH(obj);
	error_setg(errp, "switch=%s: this device is no " TYPE_VC_SWITCH, id);
	return NULL;
}

VC_PROPS switch_props[] = { DEFINE_PROP_STRING("config", struct vc_switch, config),
			    DEFINE_PROP_STRING("control", struct vc_switch, socket), VC_PROP_END };

static void switch_class_init(ObjectClass *klass, vc_class_data *data)
{
	DeviceClass *dc = DEVICE_CLASS(klass);

	dc->desc = "Software switch of virtual cards and back ends";
	dc->realize = switch_realize;
	dc->unrealize = switch_unrealize;
	dc->user_creatable = true;
	set_bit(DEVICE_CATEGORY_NETWORK, dc->categories);
	device_class_set_props(dc, switch_props);
	object_class_property_set_description(klass, "config",
					      "File with its configuration: port groups, policies");
	object_class_property_set_description(klass, "control",
					      "Path of a Unix socket for vswitchctl");
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
