/* SPDX-License-Identifier: BSD-2-Clause */
/* Cards that a daemon hosts (nic.h has the theory). */
#include "nic.h"

#include <string.h>

#define TRANSPORT "vfio-user"

static const struct vsw_value_row *part(unsigned n)
{
	static const struct vsw_value_row keys[] = {
		{ .key = "portgroup",
		  .kind = VSW_VALUE_NAME,
		  .help = "port group of its port; must be given" },
		{ .key = "model",
		  .kind = VSW_VALUE_NAME,
		  .untold = "vmxnet3",
		  .help = "what card the guest finds: a model of docs/devices.md, without vc-" },
		{ .key = "mac",
		  .kind = VSW_VALUE_NAME,
		  .help = "its permanent address; untold one that is made of its name" },
		{ .key = "address",
		  .kind = VSW_VALUE_NAME,
		  .untold = "NAME.sock",
		  .help = "its socket: a path, or a name in the daemon's directory" },
		{ .key = "mode",
		  .kind = VSW_VALUE_NAME,
		  .untold = "0600",
		  .help = "permissions of the socket, octal" },
		{ .key = "owner",
		  .kind = VSW_VALUE_NAME,
		  .help = "owner of the socket: USER, USER:GROUP, or :GROUP" },
		{ .key = "queues",
		  .kind = VSW_VALUE_NAME,
		  .help = "a property of some models; so are other keys that are not here" },
		{ 0 }
	};

	return n == 0 ? keys : NULL;
}

const struct edit_place nic_place = { .at = "", .keys = { .part = part } };

const struct ctl_column nic_columns[] = { { "NIC", "name" },
					  { "PORT GROUP", "portgroup" },
					  { "MODEL", "model" },
					  { "MAC", "mac" },
					  { "SOCKET", "address" },
					  { "PLUGGED IN", "plugged-in" },
					  { 0 } };

/* struct nic - a card of the configuration: @group, and its place @at in the group's listeners */
struct nic {
	const char *name, *group;
	size_t at;
	json_t *found;
};

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

void nic_each(const json_t *document,
	      void (*fn)(void *opaque, const char *group, size_t at, const json_t *nic),
	      void *opaque)
{
	json_t *groups = json_object_get(document, "portgroups"), *group, *v;
	const char *name;
	size_t i;

	json_object_foreach(groups, name, group)
		json_array_foreach(json_object_get(group, "listen"), i, v)
			if (!strcmp(text_of(v, "transport"), TRANSPORT))
				fn(opaque, name, i, v);
}

static void find_one(void *opaque, const char *group, size_t at, const json_t *nic)
{
	struct nic *n = opaque;

	if (n->found || strcmp(text_of(nic, "ports"), n->name))
		return;
	n->group = group;
	n->at = at;
	n->found = (json_t *)nic;
}

static struct nic find(const struct ctl *c, const json_t *document)
{
	struct nic n = { .name = ctl_arg(c, "NIC") };

	nic_each(document, find_one, &n);
	return n;
}

static int no_such(const char *name)
{
	return ctl_fail(CTL_REFUSED,
			"nic '%s' is not in the configuration; 'nic list' tells which are", name);
}

/* A card for people: its element, by name, and what is plugged in. Taken over: nothing */
static json_t *described(struct ctl *c, const char *group, const json_t *nic)
{
	json_t *item = json_pack("{s:O,s:s,s:s}", "name", json_object_get(nic, "ports"),
				 "portgroup", group, "model", "vmxnet3"),
	       *port = json_pack("{s:O}", "port", json_object_get(nic, "ports")),
	       *all = strchr(text_of(nic, "ports"), '%') ?
			      NULL :
			      ctl_try(c, "query-connections", json_incref(port)),
	       *connection = json_array_get(all, 0);

	json_object_update(item, (json_t *)nic);
	json_object_del(item, "ports");
	json_object_del(item, "transport");
	json_object_set_new(item, "plugged-in",
			    json_boolean(json_is_true(json_object_get(connection, "plugged-in"))));
	if (json_object_get(connection, "state"))
		json_object_set(item, "state", json_object_get(connection, "state"));
	json_decref(all);
	json_decref(port);
	return item;
}

/* struct listing - all cards, collected */
struct listing {
	struct ctl *c;
	json_t *items;
};

static void list_one(void *opaque, const char *group, size_t at, const json_t *nic)
{
	struct listing *l = opaque;

	json_array_append_new(l->items, described(l->c, group, nic));
}

int nic_list(struct ctl *c)
{
	struct listing l = { c, NULL };
	int status;
	json_t *document = ctl_ask(c, "query-config", NULL, &status);

	if (!document)
		return status;
	l.items = json_array();
	nic_each(document, list_one, &l);
	status = ctl_print(c, l.items);
	json_decref(l.items);
	json_decref(document);
	return status;
}

int nic_show(struct ctl *c)
{
	int status;
	json_t *document = ctl_ask(c, "query-config", NULL, &status), *item;
	struct nic n;

	if (!document)
		return status;
	n = find(c, document);
	if (n.found) {
		item = described(c, n.group, n.found);
		status = ctl_print(c, item);
		json_decref(item);
	} else {
		status = no_such(n.name);
	}
	json_decref(document);
	return status;
}

static bool is_key(const char *text)
{
	for (const struct vsw_value_row *row = part(0); row->key; row++)
		if (g_str_has_prefix(text, row->key) && text[strlen(row->key)] == '=')
			return strcmp(row->key, "queues") != 0;
	return false;
}

/* Put KEY=VALUE into the list of properties, in the place of what had that key */
static int set_property(json_t *nic, const char *text)
{
	const char *eq = strchr(text, '=');
	json_t *list = json_object_get(nic, "properties");
	size_t i = 0;

	if (!eq || eq == text)
		return ctl_fail(EX_USAGE, "%s: must be KEY=VALUE", text);
	list = json_is_array(list) ? json_deep_copy(list) : json_array();
	while (i < json_array_size(list)) {
		const char *old = json_string_value(json_array_get(list, i));

		if (old && !strncmp(old, text, (size_t)(eq + 1 - text)))
			json_array_remove(list, i);
		else
			i++;
	}
	if (eq[1] && json_array_append_new(list, json_string(text)) < 0) {
		json_decref(list);
		return ctl_fail(EX_USAGE, "%s: must be UTF-8", text);
	}
	if (json_array_size(list))
		json_object_set(nic, "properties", list);
	else
		json_object_del(nic, "properties");
	json_decref(list);
	return EX_OK;
}

static int set_key(json_t *nic, const char *text)
{
	g_autofree char *err = NULL;

	if (!is_key(text))
		return set_property(nic, text);
	return values_set(nic, &nic_place.keys, text, &err) < 0 ? ctl_fail(EX_USAGE, "%s", err) :
								  EX_OK;
}

/* Put what the command line says into a card. A key that was taken back is null */
static int set_keys(const struct ctl *c, json_t *nic)
{
	int status = EX_OK;

	for (guint i = 0; i < c->arg->len && status == EX_OK; i++)
		if (!strcmp(g_ptr_array_index(c->name, i), "KEY=VALUE"))
			status = set_key(nic, g_ptr_array_index(c->arg, i));
	return status;
}

/* The listeners of a group as they will be: without the one at @but, if there is one; with @nic */
static json_t *listeners(const json_t *document, const char *group, size_t but, json_t *nic)
{
	json_t *groups = json_object_get(document, "portgroups"),
	       *list = json_object_get(json_object_get(groups, group), "listen"),
	       *changed = list ? json_deep_copy(list) : json_array();

	if (but < json_array_size(changed))
		json_array_remove(changed, but);
	if (nic)
		json_array_insert(changed, MIN(but, json_array_size(changed)), nic);
	if (json_array_size(changed))
		return changed;
	json_decref(changed);
	return json_null();
}

/* Have a configuration with @nic (or without, NULL) in the place of the card that was found */
static int send(struct ctl *c, const json_t *document, const struct nic *before, const char *group,
		json_t *nic)
{
	json_t *groups = json_object(), *args, *answer;
	bool moved = before->found && (!nic || strcmp(before->group, group));
	int status;

	if (moved)
		json_object_set_new(
			groups, before->group,
			json_pack("{s:o}", "listen",
				  listeners(document, before->group, before->at, NULL)));
	if (nic)
		json_object_set_new(
			groups, group,
			json_pack("{s:o}", "listen",
				  listeners(document, group,
					    before->found && !moved ? before->at : SIZE_MAX, nic)));
	args = json_pack("{s:{s:o}}", "patch", "portgroups", groups);
	if (c->confirm)
		json_object_set_new(args, "confirm-timeout", json_integer(c->confirm));
	answer = ctl_ask(c, "config-patch", args, &status);
	json_decref(answer);
	return status;
}

static int no_group(const json_t *document, const char *group)
{
	g_autoptr(GString) all = g_string_new(NULL);
	const char *name;
	json_t *v;

	json_object_foreach(json_object_get(document, "portgroups"), name, v)
		g_string_append_printf(all, " %s", name);
	return group ? ctl_fail(CTL_REFUSED, "portgroup: there is no '%s'; there are:%s", group,
				all->str) :
		       ctl_fail(EX_USAGE, "portgroup=NAME must be given; there are:%s", all->str);
}

static void drop_nulls(json_t *object)
{
	json_t *v;
	const char *key;
	void *next;

	json_object_foreach_safe(object, next, key, v) if (json_is_null(v))
		json_object_del(object, key);
}

/* Change a card, or make one out of what is untold; @nic is what it was */
static int change(struct ctl *c, const json_t *document, const struct nic *before, json_t *nic)
{
	const char *group;
	g_autofree char *name = NULL;
	int status = set_keys(c, nic);

	if (status != EX_OK)
		return status;
	drop_nulls(nic);
	group = json_string_value(json_object_get(nic, "portgroup"));
	if (!group || !json_object_get(json_object_get(document, "portgroups"), group))
		return no_group(document, group);
	name = g_strdup(group);
	json_object_del(nic, "portgroup");
	if (!json_object_get(nic, "address")) {
		g_autofree char *address = g_strconcat(before->name, ".sock", NULL);

		json_object_set_new(nic, "address", json_string(address));
	}
	return send(c, document, before, name, nic);
}

int nic_add(struct ctl *c)
{
	int status;
	json_t *document = ctl_ask(c, "query-config", NULL, &status), *nic;
	struct nic n;

	if (!document)
		return status;
	n = find(c, document);
	nic = json_pack("{s:s,s:s}", "transport", TRANSPORT, "ports", n.name);
	if (!nic)
		status = ctl_fail(EX_USAGE, "the name of a nic must be UTF-8");
	else if (n.found)
		status = ctl_fail(CTL_REFUSED, "nic '%s' is there already; 'nic set' changes it",
				  n.name);
	else
		status = change(c, document, &n, nic);
	json_decref(nic);
	json_decref(document);
	return status;
}

int nic_set(struct ctl *c)
{
	int status;
	json_t *document = ctl_ask(c, "query-config", NULL, &status), *nic;
	struct nic n;

	if (!document)
		return status;
	n = find(c, document);
	if (n.found) {
		nic = json_deep_copy(n.found);
		json_object_set_new(nic, "portgroup", json_string(n.group));
		status = change(c, document, &n, nic);
		json_decref(nic);
	} else {
		status = no_such(n.name);
	}
	json_decref(document);
	return status;
}

int nic_remove(struct ctl *c)
{
	int status;
	json_t *document = ctl_ask(c, "query-config", NULL, &status);
	struct nic n;

	if (!document)
		return status;
	n = find(c, document);
	status = n.found ? send(c, document, &n, n.group, NULL) : no_such(n.name);
	json_decref(document);
	return status;
}
