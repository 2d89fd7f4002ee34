// SPDX-License-Identifier: GPL-2.0-or-later
/* Properties that are dictionaries or lists; see dict.h. */
#include "dict.h"
#include "qapi/visitor.h"

typedef QObject *make_fn(Object *obj);

static void get_dict(Object *obj, Visitor *v, const char *name, void *opaque, Error **errp)
{
	make_fn *make = (make_fn *)opaque;
	QObject *value = make(obj);

	visit_type_any(v, name, &value, errp);
	qobject_unref(value);
}

void vc_add_dict_property(Object *obj, const char *name, QObject *(*make)(Object *obj))
{
	object_property_add(obj, name, "any", get_dict, NULL, NULL, (void *)make);
}
