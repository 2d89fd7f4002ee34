/* SPDX-License-Identifier: BSD-2-Clause */
/* Objects of the configuration document (edit.h has the theory). */
#include "edit.h"

#include <string.h>

#include "vswitch/control.h"
#include "words.h"

/*
 * struct edit - a change being made
 * @doc:   The document
 * @path:  Members on the way to what has the place, NULL at the end
 * @what:  Of whom, for people
 * @base:  What has the place; NULL: it is not there
 * @name:  Of the object, or NULL
 */
struct edit {
	struct ctl *c;
	const struct edit_place *place;
	json_t *doc;
	char **path;
	const json_t *base;
	const char *name;
};

/* "port/ID", "portgroup/NAME", "defaults", ID */
static char **owner_path(const char *owner)
{
	const char *slash = strchr(owner, '/');

	if (!strcmp(owner, "defaults"))
		return g_strdupv((char *[]) { (char *)"defaults", NULL });
	if (slash && g_str_has_prefix(owner, "portgroup/"))
		return g_strdupv((char *[]) { (char *)"portgroups", (char *)slash + 1, NULL });
	if (slash && g_str_has_prefix(owner, "port/"))
		owner = slash + 1;
	return g_strdupv((char *[]) { (char *)"ports", (char *)owner, NULL });
}

static const json_t *walk(const json_t *j, char **path)
{
	for (; *path; path++)
		j = json_object_get(j, *path);
	return j;
}

static void end(struct edit *e)
{
	json_decref(e->doc);
	g_strfreev(e->path);
}

static int begin(struct edit *e, struct ctl *c)
{
	const char *owner = ctl_arg(c, "OWNER");
	int status;

	*e = (struct edit) { .c = c, .place = c->word->place };
	e->path = owner ? owner_path(owner) : g_new0(char *, 1);
	for (guint i = 0; i < c->arg->len && !e->name && !e->place->one; i++)
		if (strcmp(g_ptr_array_index(c->name, i), "OWNER") &&
		    strcmp(g_ptr_array_index(c->name, i), "KEY=VALUE"))
			e->name = g_ptr_array_index(c->arg, i);
	e->doc = ctl_ask(c, "query-config", NULL, &status);
	if (!e->doc) {
		end(e);
		return status;
	}
	e->base = walk(e->doc, e->path);
	return EX_OK;
}

/* The place itself; NULL: nothing is in it */
static json_t *there(const struct edit *e)
{
	return *e->place->at ? json_object_get(e->base, e->place->at) : (json_t *)e->base;
}

static bool has_name(const struct edit *e, const json_t *element)
{
	const json_t *id = json_object_get(element, e->place->id);
	g_autofree char *text = json_is_integer(id) ? g_strdup_printf("%" JSON_INTEGER_FORMAT,
								      json_integer_value(id)) :
						      g_strdup(json_string_value(id));

	return text && !strcmp(text, e->name);
}

/* Index of the element of that name; the size of the array if it has none */
static size_t find_element(const struct edit *e)
{
	size_t i = 0;

	while (i < json_array_size(there(e)) && !has_name(e, json_array_get(there(e), i)))
		i++;
	return i;
}

static json_t *find(const struct edit *e)
{
	if (e->place->one)
		return there(e);
	return e->place->id ? json_array_get(there(e), find_element(e)) :
			      json_object_get(there(e), e->name);
}

static int no_such(const struct edit *e)
{
	return ctl_fail(CTL_REFUSED, "%s '%s' is not in the configuration; '%s list' tells which",
			e->c->word->noun, e->name ? e->name : "", e->c->word->noun);
}

/* The place's path, and what is to be there: a merge patch. @v is taken over */
static json_t *patch_of(const struct edit *e, json_t *v)
{
	if (*e->place->at)
		v = json_pack("{s:o}", e->place->at, v);
	for (guint i = g_strv_length(e->path); i-- > 0;)
		v = json_pack("{s:o}", e->path[i], v);
	return v;
}

static int send_patch(struct edit *e, json_t *v)
{
	json_t *args = json_pack("{s:o}", "patch", patch_of(e, v)), *answer;
	int status;

	if (e->c->confirm)
		json_object_set_new(args, "confirm-timeout", json_integer(e->c->confirm));
	answer = ctl_ask(e->c, "config-patch", args, &status);
	json_decref(answer);
	return status;
}

/* An array with an element set, or with NULL taken out; @v is taken over */
static json_t *changed_array(const struct edit *e, json_t *v)
{
	json_t *array = there(e) ? json_deep_copy(there(e)) : json_array();
	size_t at = find_element(e);

	if (at == json_array_size(array))
		json_array_append_new(array, v);
	else if (v)
		json_array_set_new(array, at, v);
	else
		json_array_remove(array, at);
	return array;
}

static json_t *number_or_name(const char *name)
{
	guint64 n;

	return g_ascii_string_to_unsigned(name, 10, 0, 4095, &n, NULL) ?
		       json_integer((json_int_t)n) :
		       json_string(name);
}

/* The element as it will be; @patch is taken over */
static json_t *changed_element(const struct edit *e, json_t *patch)
{
	bool numbered = !strcmp(e->c->word->noun, "private-vlan");
	json_t *v = find(e) ? json_deep_copy(find(e)) :
			      json_pack("{s:o}", e->place->id,
					numbered ? number_or_name(e->name) : json_string(e->name));

	vsw_document_merge(v, patch);
	json_decref(patch);
	return v;
}

/* All KEY=VALUE as one object; NULL and the error is told */
static json_t *read_values(const struct edit *e)
{
	json_t *obj = json_object();
	g_autofree char *err = NULL;

	for (guint i = 0; i < e->c->arg->len && !err; i++)
		if (!strcmp(g_ptr_array_index(e->c->name, i), "KEY=VALUE"))
			values_set(obj, &e->place->keys, g_ptr_array_index(e->c->arg, i), &err);
	if (!err)
		return obj;
	json_decref(obj);
	ctl_fail(EX_USAGE, "%s", err);
	return NULL;
}

static int change(struct edit *e)
{
	json_t *v = read_values(e);

	if (!v)
		return EX_USAGE;
	if (e->place->one)
		return send_patch(e, v);
	if (e->place->id)
		return send_patch(e, changed_array(e, changed_element(e, v)));
	return send_patch(e, json_pack("{s:o}", e->name, v));
}

int edit_add(struct ctl *c)
{
	struct edit e;
	int status = begin(&e, c);

	if (status != EX_OK)
		return status;
	status = find(&e) ? ctl_fail(CTL_REFUSED, "%s '%s' is there already; '%s set' changes it",
				     c->word->noun, e.name, c->word->noun) :
			    change(&e);
	end(&e);
	return status;
}

int edit_set(struct ctl *c)
{
	struct edit e;
	int status = begin(&e, c);

	if (status != EX_OK)
		return status;
	status = find(&e) || e.place->one || e.place->ports ? change(&e) : no_such(&e);
	end(&e);
	return status;
}

int edit_remove(struct ctl *c)
{
	struct edit e;
	int status = begin(&e, c);

	if (status != EX_OK)
		return status;
	if (!find(&e))
		status = no_such(&e);
	else if (e.place->one)
		status = send_patch(&e, json_null());
	else
		status = send_patch(&e, e.place->id ? changed_array(&e, NULL) :
						      json_pack("{s:n}", e.name));
	end(&e);
	return status;
}

int edit_show(struct ctl *c)
{
	struct edit e;
	int status = begin(&e, c);

	if (status != EX_OK)
		return status;
	status = find(&e) ? ctl_print(c, find(&e)) : no_such(&e);
	end(&e);
	return status;
}

/* Objects by name as an array: each has its name in "name" */
static json_t *as_array(const json_t *objects)
{
	json_t *list = json_array(), *v;
	const char *key;

	json_object_foreach((json_t *)objects, key, v) {
		json_t *item = json_pack("{s:s}", "name", key);

		json_object_update(item, v);
		json_array_append_new(list, item);
	}
	return list;
}

int edit_list(struct ctl *c)
{
	struct edit e;
	int status = begin(&e, c);
	json_t *list;

	if (status != EX_OK)
		return status;
	list = e.place->id && there(&e) ? json_incref(there(&e)) : as_array(there(&e));
	status = ctl_print(c, list);
	json_decref(list);
	end(&e);
	return status;
}
