/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Print vswitchd.schema.json: the JSON Schema of the daemon's file, from the rows that read it. It
 * holds that of a switch's document, with the keys that are the daemon's in ports and port groups.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "document.h"
#include "life.h"
#include "listen.h"
#include "vswitch/control.h"

static json_t *words(const char *const *list)
{
	json_t *j = json_array();

	for (; *list; list++)
		json_array_append_new(j, json_string(*list));
	return json_pack("{s:o}", "enum", j);
}

static json_t *text(uint32_t max)
{
	return json_pack("{s:s,s:i}", "type", "string", "maxLength", (int)max);
}

static json_t *value(const struct vsw_option *o)
{
	switch (o->kind) {
	case VSW_OPTION_BOOL:
		return json_pack("{s:s}", "type", "boolean");
	case VSW_OPTION_NUMBER:
		return json_pack("{s:s,s:I,s:I}", "type", "integer", "minimum", (json_int_t)o->min,
				 "maximum", (json_int_t)o->max);
	case VSW_OPTION_WORD:
		return words(o->words);
	case VSW_OPTION_LIST:
		return json_pack("{s:s,s:i,s:o}", "type", "array", "maxItems", (int)o->max, "items",
				 text(VSW_OPTION_TEXT_MAX));
	case VSW_OPTION_TEXT:
		break;
	}
	return text(o->max);
}

/* What an option is untold, or NULL */
static json_t *untold(const struct vsw_option *o)
{
	if (o->required || (!o->def && o->kind != VSW_OPTION_BOOL))
		return NULL;
	if (o->kind == VSW_OPTION_BOOL)
		return json_boolean(o->def && !strcmp(o->def, "on"));
	return o->kind == VSW_OPTION_NUMBER ? json_integer(strtoll(o->def, NULL, 10)) :
					      json_string(o->def);
}

static void add(json_t *members, json_t *required, const struct vsw_option *rows)
{
	for (; rows && rows->key; rows++) {
		json_t *v = value(rows), *def = untold(rows);

		json_object_set_new(v, "description", json_string(rows->help));
		if (def)
			json_object_set_new(v, "default", def);
		json_object_set_new(members, rows->key, v);
		if (rows->required)
			json_array_append_new(required, json_string(rows->key));
	}
}

static json_t *object(json_t *members, json_t *required)
{
	return json_pack("{s:s,s:b,s:o,s:o}", "type", "object", "additionalProperties", 0,
			 "properties", members, "required", required);
}

/* Rows of a connection or of a listener, and those of one transport */
static json_t *with_transport(const struct vsw_option *rows, const struct vsw_transport *t)
{
	json_t *members = json_object(), *required = json_array();
	bool socket = t->kind == VSW_TRANSPORT_SOCKET;

	add(members, required, rows);
	add(members, required, t->options);
	json_object_set_new(members, "transport",
			    json_pack("{s:s,s:s}", "const", t->name, "description", t->help));
	if (!socket)
		json_object_del(members, "address");
	else if (rows == vd_connect_rows)
		json_array_append_new(required, json_string("address"));
	return object(members, required);
}

static json_t *any_transport(const struct vsw_option *rows, bool sockets_only)
{
	json_t *list = json_array();

	for (const struct vsw_transport *const *t = vsw_transports; *t; t++)
		if (!sockets_only || (*t)->kind == VSW_TRANSPORT_SOCKET)
			json_array_append_new(list, with_transport(rows, *t));
	return json_pack("{s:o}", "anyOf", list);
}

static json_t *switch_schema(void)
{
	json_t *port = json_pack("{s:{s:s}}", "connect", "$ref", "#/$defs/connect"),
	       *group = json_pack("{s:{s:s,s:{s:s}},s:{s:s,s:i,s:s}}", "listen", "type", "array",
				  "items", "$ref", "#/$defs/listen", "token", "type", "string",
				  "minLength", 1, "description",
				  "what a client of the command plug must know"),
	       *j = vsw_document_schema(port, group);

	json_decref(port);
	json_decref(group);
	return j;
}

static json_t *switches(void)
{
	return json_pack("{s:s,s:s,s:i,s:{s:s},s:{s:s}}", "description", "switches by name", "type",
			 "object", "minProperties", 1, "propertyNames", "pattern",
			 "^[A-Za-z0-9._-]{1,63}$", "additionalProperties", "$ref",
			 "#/$defs/switch");
}

static json_t *document(void)
{
	json_t *sw = switch_schema(), *defs = json_incref(json_object_get(sw, "$defs")),
	       *members = json_object(), *required = json_pack("[s]", "switches"), *j;

	json_object_del(sw, "$defs");
	json_object_set_new(defs, "switch", sw);
	json_object_set_new(defs, "connect", any_transport(vd_connect_rows, false));
	json_object_set_new(defs, "listen", any_transport(vd_listen_rows, true));
	add(members, required, vd_daemon_rows);
	json_object_set_new(members, "switches", switches());
	j = object(members, required);
	json_object_set_new(j, "$defs", defs);
	return j;
}

int main(void)
{
	json_t *j = json_pack("{s:s,s:s,s:s}", "$schema",
			      "https://json-schema.org/draft/2020-12/schema", "$id",
			      "urn:vchassis:vswitchd", "title", "Configuration of vswitchd"),
	       *doc = document();

	json_object_update(j, doc);
	json_dumpf(j, stdout, JSON_INDENT(2));
	printf("\n");
	json_decref(doc);
	json_decref(j);
	return 0;
}
