// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Properties of a card: those of every card, and the model's own table as QOM properties.
 * A value out of range is refused when it is set, so that the error names the property.
 */
#include "nic-props.h"
#include "qapi/visitor.h"

static const char *const doorbells[] = { "now", "bh", NULL };

static bool may_set(Object *obj, const char *name, Error **errp)
{
	if (!DEVICE(obj)->realized)
		return true;
	error_setg(errp, "%s is fixed once the card exists", name);
	return false;
}

static bool set_word(Object *obj, Visitor *v, const char *name, const char *const *choices,
		     uint64_t *val, Error **errp)
{
	g_autofree char *word = NULL, *all = NULL;
	int i;

	if (!visit_type_str(v, name, &word, errp))
		return false;
	i = hwnet_choice(choices, word);
	if (i >= 0) {
		*val = i;
		return true;
	}
	all = g_strjoinv(", ", (char **)choices);
	error_setg(errp, "%s=%s: the choices are %s", name, word, all);
	return false;
}

static void get_doorbell(Object *obj, Visitor *v, const char *name, void *opaque, Error **errp)
{
	char *word = (char *)doorbells[VC_NIC(obj)->doorbell];

	visit_type_str(v, name, &word, errp);
}

static void set_doorbell(Object *obj, Visitor *v, const char *name, void *opaque, Error **errp)
{
	uint64_t val;

	if (set_word(obj, v, name, doorbells, &val, errp))
		VC_NIC(obj)->doorbell = val;
}

/* Where the value of the model's property @p stands. */
static uint64_t *value_of(Object *obj, const struct hwnet_prop *p)
{
	struct vc_nic *s = VC_NIC(obj);

	return &s->cfg.values[p - VC_NIC_GET_CLASS(obj)->model->props];
}

static void get_model_prop(Object *obj, Visitor *v, const char *name, void *opaque, Error **errp)
{
	const struct hwnet_prop *p = opaque;
	uint64_t val = *value_of(obj, p);
	bool on = val;
	char *word;

	switch (p->kind) {
	case HWNET_PROP_UINT:
		visit_type_uint64(v, name, &val, errp);
		break;
	case HWNET_PROP_BOOL:
		visit_type_bool(v, name, &on, errp);
		break;
	case HWNET_PROP_ENUM:
		word = (char *)p->choices[val];
		visit_type_str(v, name, &word, errp);
		break;
	}
}

static bool visit_uint(Visitor *v, const struct hwnet_prop *p, uint64_t *val, Error **errp)
{
	if (!visit_type_uint64(v, p->name, val, errp))
		return false;
	if (*val >= p->min && *val <= p->max)
		return true;
	error_setg(errp, "%s=%" PRIu64 ": must be %" PRIu64 " to %" PRIu64, p->name, *val, p->min,
		   p->max);
	return false;
}

static void set_model_prop(Object *obj, Visitor *v, const char *name, void *opaque, Error **errp)
{
	const struct hwnet_prop *p = opaque;
	uint64_t val;
	bool on, ok;

	if (!may_set(obj, name, errp))
		return;
	switch (p->kind) {
	case HWNET_PROP_UINT:
		ok = visit_uint(v, p, &val, errp);
		break;
	case HWNET_PROP_BOOL:
		ok = visit_type_bool(v, name, &on, errp);
		val = on;
		break;
	default:
		ok = set_word(obj, v, name, p->choices, &val, errp);
		break;
	}
	if (ok)
		*value_of(obj, p) = val;
}

static void add_model_prop(ObjectClass *klass, const struct hwnet_prop *p)
{
	static const char *const types[] = {
		[HWNET_PROP_UINT] = "uint64",
		[HWNET_PROP_BOOL] = "bool",
		[HWNET_PROP_ENUM] = "str",
	};
	ObjectProperty *op = object_class_property_add(
		klass, p->name, types[p->kind], get_model_prop, set_model_prop, NULL, (void *)p);
	g_autofree char *all =
		p->kind == HWNET_PROP_ENUM ? g_strjoinv(", ", (char **)p->choices) : NULL;
	g_autofree char *help = NULL;

	switch (p->kind) {
	case HWNET_PROP_UINT:
		help = g_strdup_printf("%s, %" PRIu64 " to %" PRIu64, p->help, p->min, p->max);
		object_property_set_default_uint(op, p->def);
		break;
	case HWNET_PROP_BOOL:
		object_property_set_default_bool(op, p->def);
		break;
	case HWNET_PROP_ENUM:
		help = g_strdup_printf("%s: %s", p->help, all);
		object_property_set_default_str(op, p->choices[p->def]);
		break;
	}
	object_class_property_set_description(klass, p->name, help ? help : p->help);
}

VC_PROPS nic_props[] = { DEFINE_NIC_PROPERTIES(struct vc_nic, conf), VC_PROP_END };

void vc_nic_class_props(ObjectClass *klass, const struct hwnet_model *model)
{
	DeviceClass *dc = DEVICE_CLASS(klass);
	ObjectProperty *op;

	if (!model) {
		device_class_set_props(dc, nic_props);
		vc_trace_add_property(klass, offsetof(struct vc_nic, trace));
		op = object_class_property_add(klass, "doorbell", "str", get_doorbell, set_doorbell,
					       NULL, NULL);
		object_property_set_default_str(op, doorbells[VC_DOORBELL_NOW]);
		object_class_property_set_description(
			klass, "doorbell",
			"When the card works after a doorbell: now (before the guest goes on), bh "
			"(in a bottom half)");
		return;
	}
	for (const struct hwnet_prop *p = model->props; p->name; p++)
		add_model_prop(klass, p);
}
