/* SPDX-License-Identifier: BSD-2-Clause */
/* Values in JSON Schema (json-schema-values.h). */
#include "control/json-schema-values.h"

#include <stdio.h>
#include <stdlib.h>

#include "control/patterns.h"
#include "control/rule_values.h"

/**
 * vsw_js_range() - An integer
 * @min: @max: Its range
 *
 * Return: its schema.
 */
json_t *vsw_js_range(uint64_t min, uint64_t max)
{
	return json_pack("{s:s,s:I,s:I}", "type", "integer", "minimum", (json_int_t)min, "maximum",
			 (json_int_t)max);
}

/**
 * vsw_js_text() - A string
 * @least: @most: Characters
 *
 * Return: its schema.
 */
json_t *vsw_js_text(size_t least, size_t most)
{
	json_t *j = json_pack("{s:s,s:I}", "type", "string", "maxLength", (json_int_t)most);

	if (least)
		json_object_set_new(j, "minLength", json_integer((json_int_t)least));
	return j;
}

/**
 * vsw_js_array() - An array
 * @items: What each entry is; taken
 * @most:  Most entries
 *
 * Return: its schema.
 */
json_t *vsw_js_array(json_t *items, uint64_t most)
{
	return json_pack("{s:s,s:o,s:I}", "type", "array", "items", items, "maxItems",
			 (json_int_t)most);
}

/**
 * vsw_js_words() - One of some strings
 * @list: The strings, NULL at the end
 *
 * Return: its schema.
 */
json_t *vsw_js_words(const char *const *list)
{
	json_t *j = json_array();

	for (; *list; list++)
		json_array_append_new(j, json_string(*list));
	return json_pack("{s:o}", "enum", j);
}

/* A pattern being written */
struct pattern {
	FILE *f;
	char *text;
	size_t len;
};

static FILE *begin(struct pattern *p)
{
	p->f = open_memstream(&p->text, &p->len);
	fputs("^(", p->f);
	return p->f;
}

static json_t *end(struct pattern *p)
{
	json_t *j;

	fputs(")$", p->f);
	fclose(p->f);
	j = json_pack("{s:s,s:s}", "type", "string", "pattern", p->text);
	free(p->text);
	return j;
}

/**
 * vsw_js_mac() - An Ethernet address
 * @station: No group's
 *
 * Return: its schema.
 */
json_t *vsw_js_mac(int station)
{
	struct pattern p;

	vsw_pattern_mac(begin(&p), station);
	return end(&p);
}

/**
 * vsw_js_ipv4() - An IPv4 address
 * @first: Highest first byte
 *
 * Return: its schema.
 */
json_t *vsw_js_ipv4(unsigned first)
{
	struct pattern p;

	vsw_pattern_ipv4(begin(&p), first);
	return end(&p);
}

/**
 * vsw_js_ipv6() - An IPv6 address, link-local or zeros
 *
 * Return: its schema.
 */
json_t *vsw_js_ipv6(void)
{
	struct pattern p;
	json_t *j;

	vsw_pattern_ipv6(begin(&p));
	j = end(&p);
	json_object_set_new(
		j, "allOf",
		json_pack("[{s:s}]", "pattern", "^([Ff][Ee][89ABab][0-9A-Fa-f]:|[0:.]+$)"));
	return j;
}

/**
 * vsw_js_vlans() - A list of VLANs such as "1-10,20"
 *
 * Return: its schema.
 */
json_t *vsw_js_vlans(void)
{
	struct pattern p;
	FILE *f = begin(&p);

	for (int i = 0; i < 2; i++) {
		fputs(i ? "(," : "", f);
		vsw_pattern_decimal(f, 1, 4094);
		fputs("(-", f);
		vsw_pattern_decimal(f, 1, 4094);
		fputs(i ? ")?)*" : ")?", f);
	}
	return end(&p);
}

/**
 * vsw_js_tpid() - The EtherType of a tag
 *
 * Return: its schema.
 */
json_t *vsw_js_tpid(void)
{
	return json_pack("{s:s,s:s}", "type", "string", "pattern",
			 "^(0[xX]0*8100|33024|0[xX]0*88[aA]8|34984)$");
}

/**
 * vsw_js_number_or() - A number, a text of one, or a name
 * @names: Names, ended by one that is NULL; or NULL
 * @max:   Highest number
 *
 * Return: its schema.
 */
json_t *vsw_js_number_or(const struct vsw_text_name *names, unsigned max)
{
	struct pattern p;
	FILE *f = begin(&p);

	vsw_pattern_number(f, max);
	for (; names && names->name; names++)
		fprintf(f, "|%s", names->name);
	return json_pack("{s:[o,o]}", "anyOf", vsw_js_range(0, max), end(&p));
}

/**
 * vsw_js_rate() - A rate, maybe with a unit
 * @row: The value
 *
 * Return: its schema.
 */
json_t *vsw_js_rate(const struct vsw_value_row *row)
{
	return json_pack("{s:[o,{s:s,s:s}]}", "anyOf", vsw_js_range(row->min, row->max), "type",
			 "string", "pattern", "^(0|[1-9][0-9]*)(\\.[0-9]{1,9})?[kMG]?$");
}

static json_t *ports(unsigned max)
{
	struct pattern p;
	FILE *f = begin(&p);

	vsw_pattern_decimal(f, 0, max);
	fputs("(-", f);
	vsw_pattern_decimal(f, 0, max);
	fputs(")?", f);
	return json_pack("{s:[o,o]}", "anyOf", vsw_js_range(0, max), end(&p));
}

static json_t *mac_or_mask(void)
{
	struct pattern p;
	FILE *f = begin(&p);

	vsw_pattern_mac(f, 0);
	fputs("(/", f);
	vsw_pattern_mac(f, 0);
	fputs(")?", f);
	return end(&p);
}

/**
 * vsw_js_prefix() - ADDRESS or ADDRESS/BITS
 * @v6: Of IPv6; else of IPv4
 *
 * Return: its schema.
 */
json_t *vsw_js_prefix(bool v6)
{
	struct pattern p;
	FILE *f = begin(&p);

	if (v6)
		vsw_pattern_ipv6(f);
	else
		vsw_pattern_ipv4(f, 255);
	fputs("(/", f);
	vsw_pattern_decimal(f, 0, v6 ? 128 : 32);
	fputs(")?", f);
	return end(&p);
}

/* Letters, each of them once */
static json_t *flags(void)
{
	static const char letters[] = VSW_TCP_FLAGS;
	struct pattern p;
	json_t *j, *twice;
	FILE *f = begin(&p);

	for (const char *l = letters; *l; l++)
		fprintf(f, "%s.*%c.*%c.*", l > letters ? "|" : "", *l, *l);
	twice = end(&p);
	fprintf(begin(&p), "(!?[%s])+", letters);
	j = end(&p);
	json_object_set_new(j, "not", twice);
	return j;
}

static json_t *names(const struct vsw_text_name *n)
{
	json_t *j = json_array();

	for (; n->name; n++)
		json_array_append_new(j, json_string(n->name));
	return json_pack("{s:o}", "enum", j);
}

static json_t *match_value(const struct vsw_match_row *m)
{
	switch (m->kind) {
	case VSW_MATCH_OF_MAC:
		return mac_or_mask();
	case VSW_MATCH_OF_NUMBER:
		return vsw_js_number_or(m->names, m->max);
	case VSW_MATCH_OF_IP:
		return json_pack("{s:[{s:s},{s:s}]}", "anyOf", "$ref", "#/$defs/ipv4", "$ref",
				 "#/$defs/ipv6");
	case VSW_MATCH_OF_PORTS:
		return ports(m->max);
	case VSW_MATCH_OF_FLAGS:
		return flags();
	case VSW_MATCH_OF_WORD:
		break;
	}
	return names(m->names);
}

/* All addresses of a rule are of one version: those that are given are all of @version */
static json_t *of_version(const char *version)
{
	json_t *j = json_object();
	char key[40];

	for (const struct vsw_match_row *m = vsw_match_rows; m->key; m++)
		for (int negate = 0; negate < 2 && m->kind == VSW_MATCH_OF_IP; negate++) {
			snprintf(key, sizeof(key), "%s%s", negate ? "not-" : "", m->key);
			json_object_set_new(j, key, json_pack("{s:s}", "$ref", version));
		}
	return json_pack("{s:o}", "properties", j);
}

/**
 * vsw_js_match() - What of a rule must hold
 *
 * Return: its schema.
 */
json_t *vsw_js_match(void)
{
	json_t *members = json_object(), *twice = json_array();
	char key[40];

	for (const struct vsw_match_row *m = vsw_match_rows; m->key; m++) {
		json_t *v = match_value(m);

		json_object_set_new(v, "description", json_string(m->help));
		snprintf(key, sizeof(key), "not-%s", m->key);
		json_object_set(members, m->key, v);
		json_object_set_new(members, key, v);
		json_array_append_new(twice, json_pack("{s:[s,s]}", "required", m->key, key));
	}
	return json_pack("{s:s,s:b,s:o,s:{s:o},s:[o,o]}", "type", "object", "additionalProperties",
			 0, "properties", members, "not", "anyOf", twice, "anyOf",
			 of_version("#/$defs/ipv4"), of_version("#/$defs/ipv6"));
}
