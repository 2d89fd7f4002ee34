/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * JSON Schema (draft 2020-12) of the document, from the rows that read it.
 *
 * An object of rows is an object that has no other keys. Each section of a policy is a definition
 * of its own, since defaults, port groups and ports have the same ones. What a schema cannot say is
 * left to the switch: names that must lead somewhere, values that must fit to each other
 * (vswitch/test/schema-test.py has the list).
 */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "control/json-schema-values.h"
#include "control/list_values.h"
#include "control/schema.h"
#include "control/untold.h"
#include "vswitch/control.h"

static json_t *schema_of(const struct schema *s, const struct vsw_value_row *row);
static json_t *object_of(const struct schema *s, const char *object);

static json_t *mirror_ports(void)
{
	return json_pack("{s:s,s:i,s:{s:i},s:o}", "type", "object", "maxProperties",
			 (int)VSW_MIRROR_PORTS, "propertyNames", "maxLength", VSW_NAME_MAX - 1,
			 "additionalProperties", vsw_js_words(vsw_directions));
}

static json_t *element_of(const struct vsw_value_row *row)
{
	const struct schema s = { NULL, row->sub };

	return object_of(&s, NULL);
}

static json_t *by_name(const char *definition)
{
	return json_pack("{s:s,s:{s:s}}", "type", "object", "additionalProperties", "$ref",
			 definition);
}

static json_t *value_of(const struct schema *s, const struct vsw_value_row *row)
{
	switch (row->kind) {
	case VSW_VALUE_BOOL:
		return json_pack("{s:s}", "type", "boolean");
	case VSW_VALUE_NUMBER:
	case VSW_VALUE_US:
		return vsw_js_range(row->min, row->max);
	case VSW_VALUE_RATE:
		return vsw_js_rate(row);
	case VSW_VALUE_WORD:
		return vsw_js_words(row->words);
	case VSW_VALUE_NAME:
		return vsw_js_text(row->missing && !row->of, row->size - 1);
	case VSW_VALUE_OBJECT:
		return object_of(s, row->key);
	case VSW_VALUE_LIST:
	case VSW_VALUE_RULES:
		return vsw_js_array(element_of(row), row->max);
	case VSW_VALUE_NAMES:
		return vsw_js_array(vsw_js_text(0, row->size - 1), row->max);
	case VSW_VALUE_MACS:
		return vsw_js_array(vsw_js_mac(1), row->max);
	case VSW_VALUE_MAC:
		return vsw_js_mac(0);
	case VSW_VALUE_IPV4:
		return vsw_js_ipv4(row->max ? (unsigned)row->max : 255);
	case VSW_VALUE_IPV6:
		return vsw_js_ipv6();
	case VSW_VALUE_BITS:
		return json_pack("{s:s,s:o}", "type", "array", "items", vsw_js_range(0, row->max));
	case VSW_VALUE_HEX:
		return vsw_js_number_or(NULL, (unsigned)row->max);
	case VSW_VALUE_TPID:
		return vsw_js_tpid();
	case VSW_VALUE_VLAN:
		return json_pack("{s:[o,o]}", "anyOf", vsw_js_range(0, VSW_VGT),
				 object_of(s, row->key));
	case VSW_VALUE_VLANS:
		return vsw_js_vlans();
	case VSW_VALUE_CLASS:
		return vsw_js_text(1, VSW_NAME_MAX - 1);
	case VSW_VALUE_RULE_MATCH:
		return vsw_js_match();
	case VSW_VALUE_MIRROR_PORTS:
		return mirror_ports();
	case VSW_VALUE_POLICY:
		return json_pack("{s:s}", "$ref", "#/$defs/policy");
	case VSW_VALUE_POLICIES:
		return by_name("#/$defs/portgroup");
	case VSW_VALUE_PORTS:
		return by_name("#/$defs/port");
	case VSW_VALUE_EDITOR:
		return json_pack("{s:s}", "type", "string");
	case VSW_VALUE_KINDS:
		break;
	}
	return NULL;
}

/* Words of @of that a value depends on */
static json_t *selected(const struct vsw_value_row *of, uint32_t which)
{
	json_t *j = json_array();

	for (unsigned i = 0; of->words[i]; i++)
		if (which >> i & 1)
			json_array_append_new(j, json_string(of->words[i]));
	return j;
}

static json_t *description(const struct schema *s, const struct vsw_value_row *row)
{
	char only[200] = "";
	size_t i, n = 0;
	json_t *list, *v;

	if (row->of) {
		list = selected(vsw_schema_beside(s, row), row->when);
		n = (size_t)snprintf(only, sizeof(only), "; only with %s", row->of);
		json_array_foreach(list, i, v)
			n += (size_t)snprintf(only + n, sizeof(only) - n, "%s %s", i ? " or" : "",
					      json_string_value(v));
		json_decref(list);
	}
	if (row->untold)
		snprintf(only + n, sizeof(only) - n, "; untold: %s", row->untold);
	return json_sprintf("%s%s", row->help, only);
}

static json_t *schema_of(const struct schema *s, const struct vsw_value_row *row)
{
	json_t *j = value_of(s, row), *untold = row->missing ? NULL : vsw_untold(s, row, false);

	json_object_set_new(j, "description", description(s, row));
	if (untold)
		json_object_set_new(j, "default", untold);
	return j;
}

/* Values that must be given: always, or with a word */
static void demand(const struct schema *s, const struct vsw_value_row *row, json_t *required,
		   json_t *conditions)
{
	if (!row->missing)
		return;
	if (!row->of)
		json_array_append_new(required, json_string(row->key));
	else
		json_array_append_new(conditions,
				      json_pack("{s:{s:{s:{s:o}},s:[s]},s:{s:[s]}}", "if",
						"properties", row->of, "enum",
						selected(vsw_schema_beside(s, row), row->needed),
						"required", row->of, "then", "required", row->key));
}

static json_t *object_with(json_t *members)
{
	return json_pack("{s:s,s:b,s:o}", "type", "object", "additionalProperties", 0, "properties",
			 members);
}

static void set_unless_empty(json_t *j, const char *key, json_t *array)
{
	if (json_array_size(array))
		json_object_set(j, key, array);
	json_decref(array);
}

static json_t *object_of(const struct schema *s, const char *object)
{
	json_t *members = json_object(), *required = json_array(), *conditions = json_array(), *j;
	const struct vsw_value_row *row;

	for (unsigned n = 0; (row = vsw_schema_part(s, n)); n++)
		for (; row->key; row++) {
			const char *name = vsw_schema_member(row, object);

			if (!name)
				continue;
			json_object_set_new(members, name, schema_of(s, row));
			demand(s, row, required, conditions);
		}
	j = object_with(members);
	set_unless_empty(j, "required", required);
	set_unless_empty(j, "allOf", conditions);
	return j;
}

/* Sections of a policy, and as definitions what they are */
static json_t *sections(json_t *definitions)
{
	json_t *members = json_object();
	const struct schema *s = &vsw_schema_of_port;
	const struct vsw_value_row *row;

	for (unsigned n = 0; (row = vsw_schema_part(s, n)); n++)
		for (; row->key; row++) {
			if (strchr(row->key, '.'))
				continue;
			json_object_set_new(definitions, row->key, schema_of(s, row));
			json_object_set_new(
				members, row->key,
				json_pack("{s:o}", "$ref", json_sprintf("#/$defs/%s", row->key)));
		}
	return members;
}

static json_t * override(const json_t *members)
{
	json_t *list = json_array(), *v;
	const char *key;

	json_object_foreach((json_t *)members, key, v)
		json_array_append_new(list, json_string(key));
	return json_pack("{s:s,s:{s:o},s:b,s:s}", "type", "array", "items", "enum", list,
			 "uniqueItems", 1, "description",
			 "sections that its ports may have of their own; without it all");
}

static json_t *policy_with(const json_t *members, const char *key, json_t *value,
			   const json_t *more)
{
	json_t *all = json_copy((json_t *)members);

	json_object_set_new(all, key, value);
	if (more)
		json_object_update(all, (json_t *)more);
	return object_with(all);
}

struct json_t *vsw_document_schema(const struct json_t *port_keys,
				   const struct json_t *portgroup_keys)
{
	json_t *definitions = json_object(), *members = sections(definitions), *j, *group;

	json_object_set_new(definitions, "ipv4", vsw_js_prefix(false));
	json_object_set_new(definitions, "ipv6", vsw_js_prefix(true));
	group = json_pack("{s:s,s:i,s:s}", "type", "string", "maxLength", VSW_NAME_MAX - 1,
			  "description", "its port group");
	json_object_set_new(definitions, "portgroup",
			    policy_with(members, "override", override(members), portgroup_keys));
	json_object_set_new(definitions, "port",
			    policy_with(members, "portgroup", group, port_keys));
	json_object_set_new(definitions, "policy", object_with(members));
	j = object_of(&vsw_schema_of_document, NULL);
	json_object_set_new(j, "$defs", definitions);
	return j;
}
