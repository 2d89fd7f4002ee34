/* SPDX-License-Identifier: BSD-2-Clause */
/* What of a document has no effect (warn.h has the theory). */
#include "control/warn.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/resolve.h"
#include "control/schema.h"
#include "control/state.h"
#include "vswitch/text.h"

/* struct warnings - a document being looked through; @more: warnings beyond the list's end */
struct warnings {
	struct resolving w;
	struct known_ports *ports;
	json_t *list;
	unsigned more;
};

static void __attribute__((format(printf, 3, 4)))
warn(struct warnings *a, const char *kind, const char *fmt, ...)
{
	char text[240], path[sizeof(a->w.in.path) + 1];
	va_list ap;

	if (json_array_size(a->list) >= WARNINGS_MAX) {
		a->more++;
		return;
	}
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	vsw_text_clean(text);
	snprintf(path, sizeof(path), "%s", a->w.in.path);
	vsw_text_clean(path);
	json_array_append_new(a->list,
			      json_pack("{s:s,s:s,s:s}", "path", path, "kind", kind, "text", text));
}

/* struct names - names for people, as far as there is room */
struct names {
	char text[120];
	size_t len;
	bool cut;
};

static void add_name(struct names *n, const char *name)
{
	if (n->len + strlen(name) + sizeof(", , ...") > sizeof(n->text)) {
		if (!n->cut)
			strcpy(n->text + n->len, ", ...");
		n->cut = true;
		return;
	}
	n->len += (size_t)snprintf(n->text + n->len, sizeof(n->text) - n->len, "%s%s",
				   n->len ? ", " : "", name);
}

static void list_ports(const struct warnings *a, bool uplinks, struct names *n)
{
	for (unsigned i = 0; i < a->ports->n && !n->cut; i++)
		if (!uplinks || a->ports->known[i].uplink)
			add_name(n, a->ports->known[i].id);
}

/* Will the host make a port of that name? Then its entry has a key of the host's */
static bool to_come(const struct warnings *a, const char *id)
{
	const json_t *entry = json_object_get(json_object_get(a->w.doc, "ports"), id);
	const char *const *key = a->w.host ? a->w.host->port_keys : NULL;

	for (; key && *key; key++)
		if (json_object_get(entry, *key))
			return true;
	return false;
}

static void absent(struct warnings *a, const char *what, const char *name, const struct names *n)
{
	warn(a, "absent", "no %s '%.63s' now; there %s%s", what, name,
	     n->len	? "are: " :
	     n->text[0] ? "are many" :
			  "is none",
	     n->text);
}

static void look_port(struct warnings *a, const char *id, bool uplink)
{
	const struct known *k = vsw_known_find(a->ports, id);
	struct names n = { .len = 0 };

	if ((k && (k->uplink || !uplink)) || (!k && to_come(a, id)))
		return;
	list_ports(a, uplink, &n);
	if (k)
		warn(a, "absent", "port '%s' is no uplink; uplinks: %s", k->id,
		     n.text[0] ? n.text : "none");
	else
		absent(a, uplink ? "uplink" : "port", id, &n);
}

static void look_mirror(struct warnings *a, const char *name)
{
	struct names n = { .len = 0 };

	for (unsigned i = 0; i < a->w.sp.n_mirrors; i++) {
		if (!strcmp(a->w.sp.mirror[i].name, name))
			return;
		add_name(&n, a->w.sp.mirror[i].name);
	}
	absent(a, "mirror session", name, &n);
}

static void look_name(struct warnings *a, enum vsw_names names, const char *name)
{
	if (names == VSW_NAMES_MIRROR)
		look_mirror(a, name);
	else
		look_port(a, name, names == VSW_NAMES_UPLINK);
}

/* A name, an array of names, or an object by names */
static void look_names(struct warnings *a, enum vsw_names names, const json_t *v)
{
	const char *key;
	char index[24];
	json_t *m;
	size_t i;

	if (json_is_string(v))
		look_name(a, names, json_string_value(v));
	json_array_foreach((json_t *)v, i, m) {
		size_t mark;

		snprintf(index, sizeof(index), "%zu", i);
		mark = vsw_json_enter(&a->w.in, index);
		look_name(a, names, json_string_value(m));
		vsw_json_leave(&a->w.in, mark);
	}
	json_object_foreach((json_t *)v, key, m) {
		size_t mark = vsw_json_enter(&a->w.in, key);

		look_name(a, names, key);
		vsw_json_leave(&a->w.in, mark);
	}
}

/* A value that is used with other words beside it */
static void look_condition(struct warnings *a, const struct schema *s, const char *object,
			   const struct vsw_value_row *row, const void *base)
{
	const struct vsw_value_row *of = vsw_schema_find(s, object, row->of);
	uint64_t is = vsw_value_get(of, base) - of->min;
	struct names n = { .len = 0 };

	if (row->when >> is & 1)
		return;
	for (unsigned i = 0; of->words[i]; i++)
		if (row->when >> i & 1)
			add_name(&n, of->words[i]);
	warn(a, "unused", "is used only with %s %s; %s is %s", row->of, n.text, row->of,
	     of->words[is]);
}

static void look(struct warnings *a, const json_t *obj, const struct schema *s, const char *object,
		 const void *base);

/* Two elements of one name: it is the first that is found by it */
static void look_duplicate(struct warnings *a, const json_t *array, size_t n)
{
	const json_t *name = json_object_get(json_array_get(array, n), "name");

	for (size_t i = 0; i < n; i++)
		if (name && json_equal(json_object_get(json_array_get(array, i), "name"), name)) {
			warn(a, "duplicate", "has the name of entry %zu, which is found by it", i);
			return;
		}
}

static void look_list(struct warnings *a, const json_t *array, const struct vsw_value_row *row,
		      const void *base)
{
	const char *at = (const char *)base + row->at;
	const struct schema s = { NULL, row->sub };
	char index[24];
	json_t *v;
	size_t i;

	if (row->kind == VSW_VALUE_RULES)
		memcpy(&at, at, sizeof(at));
	json_array_foreach((json_t *)array, i, v) {
		size_t mark;

		snprintf(index, sizeof(index), "%zu", i);
		mark = vsw_json_enter(&a->w.in, index);
		if (row->kind == VSW_VALUE_LIST)
			look_duplicate(a, array, i);
		look(a, v, &s, NULL, at + i * row->size);
		vsw_json_leave(&a->w.in, mark);
	}
}

/* An object that was read into @base */
static void look(struct warnings *a, const json_t *obj, const struct schema *s, const char *object,
		 const void *base)
{
	const char *key;
	json_t *v;

	json_object_foreach((json_t *)obj, key, v) {
		const struct vsw_value_row *row = vsw_schema_find(s, object, key);
		size_t mark;

		if (!row)
			continue;
		mark = vsw_json_enter(&a->w.in, key);
		if (row->of)
			look_condition(a, s, object, row, base);
		if (row->names)
			look_names(a, row->names, v);
		else if (row->sub)
			look_list(a, v, row, base);
		else if (row->kind == VSW_VALUE_OBJECT || row->kind == VSW_VALUE_VLAN)
			look(a, v, s, row->key, base);
		vsw_json_leave(&a->w.in, mark);
	}
}

static void seen(void *opaque, struct resolving *w, const json_t *obj,
		 const struct vsw_policy *policy, const char *id, const struct known *k)
{
	struct warnings *a = opaque;

	if (id && !k)
		look_port(a, id, false);
	look(a, obj, &vsw_schema_of_port, NULL, policy);
}

/**
 * vsw_warnings() - What of a document has no effect on the ports that are there
 * @ctl: The control
 * @doc: A document that is sound
 *
 * Return: an array of objects with "path", "kind" and "text"; NULL without memory.
 */
json_t *vsw_warnings(struct vsw_control *ctl, const json_t *doc)
{
	static const struct resolve_ops ops = { .seen = seen };
	struct warnings *a = calloc(1, sizeof(*a));
	json_t *list;

	if (!a)
		return NULL;
	a->list = json_array();
	a->ports = vsw_known_ports(ctl);
	if (a->ports && vsw_resolve_begin(&a->w, ctl, doc, NULL, 0) == 0) {
		look(a, doc, &vsw_schema_of_document, NULL, &a->w.sp);
		vsw_resolve_all(&a->w, a->ports, &ops, a);
	}
	if (a->more)
		json_array_append_new(a->list,
				      json_pack("{s:s,s:s,s:o}", "path", "/", "kind", "more",
						"text", json_sprintf("%u more", a->more)));
	list = a->list;
	vsw_resolve_end(&a->w);
	vsw_known_free(a->ports);
	free(a);
	return list;
}
