/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows of policies' values: sound by themselves, and what defaults, checks and documents keep
 * to. */
#include "main.h"
#include "rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/untold.h"
#include "vswitch/control.h"

typedef const struct vsw_value_row *part(unsigned policy);

/* struct whole - values of a struct */
struct whole {
	part *part;
	size_t size;
};

static const struct whole wholes[] = { { vsw_schema_port, sizeof(struct vsw_policy) },
				       { vsw_schema_switch, sizeof(struct vsw_switch_policy) } };

static const struct vsw_value_row *find(part *part, const char *key, size_t len)
{
	const struct vsw_value_row *row, *found = NULL;

	for (unsigned n = 0; (row = part(n)); n++)
		for (; row->key; row++)
			if (strlen(row->key) == len && !strncmp(row->key, key, len)) {
				ck_assert_msg(!found, "%s has two rows", row->key);
				found = row;
			}
	return found;
}

/* Is it a value with a range? */
static bool ranged(const struct vsw_value_row *row)
{
	return row->kind == VSW_VALUE_NUMBER || row->kind == VSW_VALUE_RATE ||
	       row->kind == VSW_VALUE_US;
}

static void check_row(const struct vsw_value_row *row, size_t size)
{
	ck_assert_msg(row->help && *row->help, "%s has no help", row->key);
	ck_assert_msg(row->at + (row->kind == VSW_VALUE_RULES ? sizeof(void *) : row->size) <= size,
		      "%s is beyond its struct", row->key);
	ck_assert_msg((row->kind == VSW_VALUE_WORD) == (row->words != NULL), "%s: words", row->key);
	if (ranged(row))
		ck_assert_msg(row->min < row->max, "%s has no range", row->key);
	for (const struct vsw_value_row *sub = row->sub; sub && sub->key; sub++)
		check_row(sub, row->size);
}

/* A value that is used with some words of another: they exist, and are not all of them */
static void check_condition(const struct vsw_value_row *row, const struct vsw_value_row *of)
{
	unsigned words = 0;

	ck_assert_msg(of && of->kind == VSW_VALUE_WORD, "%s: no word '%s'", row->key, row->of);
	while (of->words[words])
		words++;
	ck_assert_msg(row->when & ((1u << words) - 1), "%s is never used", row->key);
	ck_assert_msg(~row->when & ((1u << words) - 1), "%s is always used", row->key);
}

static void check_conditions(const struct schema *s)
{
	const struct vsw_value_row *row;

	for (unsigned n = 0; (row = vsw_schema_part(s, n)); n++)
		for (; row->key; row++) {
			struct schema element = { NULL, row->sub };

			ck_assert_int_eq(row->of != NULL, row->when != 0);
			if (row->of)
				check_condition(row, vsw_schema_beside(s, row));
			if (row->sub)
				check_conditions(&element);
		}
}

START_TEST(conditions_are_words_beside)
{
	check_conditions(&vsw_schema_of_port);
	check_conditions(&vsw_schema_of_document);
}
END_TEST

START_TEST(rows_are_sound)
{
	const struct whole *w = &wholes[_i];
	const struct vsw_value_row *row;

	for (unsigned n = 0; (row = w->part(n)); n++)
		for (; row->key; row++) {
			const char *dot = strrchr(row->key, '.');

			check_row(row, w->size);
			ck_assert_ptr_eq(find(w->part, row->key, strlen(row->key)), row);
			if (dot)
				ck_assert_msg(find(w->part, row->key, (size_t)(dot - row->key)) !=
						      NULL,
					      "%s is in an object without row", row->key);
			if (ranged(row))
				ck_assert_msg(row->init >= row->min && row->init <= row->max,
					      "%s begins out of its range", row->key);
		}
}
END_TEST

START_TEST(untold_values_are_those_of_the_rows)
{
	static struct vsw_policy p;
	static struct vsw_switch_policy sp;
	const struct vsw_value_row *row;

	vsw_policy_init(&p, false);
	vsw_switch_policy_init(&sp);
	for (unsigned n = 0; (row = vsw_schema_port(n)); n++)
		for (; row->key; row++)
			if (row->kind == VSW_VALUE_NUMBER || row->kind == VSW_VALUE_BOOL)
				ck_assert_msg(vsw_value_get(row, &p) == row->init, "%s", row->key);
	for (unsigned n = 0; (row = vsw_schema_switch(n)); n++)
		for (; row->key; row++)
			if (row->kind == VSW_VALUE_NUMBER || row->kind == VSW_VALUE_WORD)
				ck_assert_msg(vsw_value_get(row, &sp) == row->init, "%s", row->key);
	ck_assert_int_eq(p.queue.target, 5 * MS);
	vsw_policy_init(&p, true);
	ck_assert_uint_eq(p.mac.limit, 0);
}
END_TEST

/* What is said with a path such as "shaping.in.peak" is put into the objects that it names */
static void say(json_t *doc, const char *path, json_t *value)
{
	const char *dot = strchr(path, '.');
	char key[40];

	if (!dot) {
		json_object_set_new(doc, path, value);
		return;
	}
	snprintf(key, sizeof(key), "%.*s", (int)(dot - path), path);
	if (!json_is_object(json_object_get(doc, key)))
		json_object_set_new(doc, key, json_object());
	say(json_object_get(doc, key), dot + 1, value);
}

static json_t *all_untold(const struct schema *s, bool uplink)
{
	json_t *doc = json_object();
	const struct vsw_value_row *row;

	for (unsigned n = 0; (row = vsw_schema_part(s, n)); n++)
		for (; row->key; row++) {
			json_t *v = vsw_untold(s, row, uplink);

			if (v)
				say(doc, row->key, v);
		}
	return doc;
}

START_TEST(to_say_what_is_untold_changes_nothing)
{
	static struct vsw_policy policy;
	static struct vsw_switch_policy sp;
	struct rig *r = rig_new();
	struct rig_port *p = _i ? rig_uplink(r, "a") : rig_port(r, "a", 0);
	struct vsw_control *c = vsw_control_new(r->sw, NULL, NULL);
	json_t *doc = all_untold(&vsw_schema_of_document, false);
	char *text;

	json_object_set_new(doc, "defaults", all_untold(&vsw_schema_of_port, _i));
	text = json_dumps(doc, JSON_COMPACT);
	ck_assert_msg(strstr(text, "\"bpdu-recovery\":300") != NULL, "%s", text);
	ck_assert_msg(vsw_control_load(c, text, strlen(text), r->err, sizeof(r->err)) == 0, "%s",
		      r->err);
	vsw_policy_init(&policy, _i);
	vsw_switch_policy_init(&sp);
	policy.rules = vsw_port_policy(p->port)->rules;
	ck_assert_int_eq(memcmp(&policy, vsw_port_policy(p->port), sizeof(policy)), 0);
	ck_assert_int_eq(memcmp(&sp, vsw_switch_policy(r->sw), sizeof(sp)), 0);
	free(text);
	json_decref(doc);
	vsw_control_free(c);
	rig_free(r);
}
END_TEST

static bool is_list(const struct vsw_value_row *row)
{
	return row->kind == VSW_VALUE_LIST || row->kind == VSW_VALUE_NAMES ||
	       row->kind == VSW_VALUE_MACS || row->kind == VSW_VALUE_BITS ||
	       row->kind == VSW_VALUE_RULES;
}

static void refuse_object(struct rig *r, struct vsw_control *c, const char *key, bool port)
{
	json_t *doc = json_object();
	char *text;

	say(doc, key, json_object());
	if (port)
		doc = json_pack("{s:o}", "defaults", doc);
	text = json_dumps(doc, 0);
	ck_assert_int_lt(vsw_control_load(c, text, strlen(text), r->err, sizeof(r->err)), 0);
	ck_assert_msg(strstr(r->err, "must be an array") != NULL, "%s", r->err);
	free(text);
	json_decref(doc);
}

/* What is a list may be written as nothing else, not as an object either */
START_TEST(lists_are_arrays)
{
	const struct schema *s = _i ? &vsw_schema_of_port : &vsw_schema_of_document;
	struct rig *r = rig_new();
	struct vsw_control *c = vsw_control_new(r->sw, NULL, NULL);
	const struct vsw_value_row *row;
	unsigned lists = 0;

	for (unsigned n = 0; (row = vsw_schema_part(s, n)); n++)
		for (; row->key; row++)
			if (is_list(row)) {
				refuse_object(r, c, row->key, _i);
				lists++;
			}
	ck_assert_uint_ge(lists, 3);
	vsw_control_free(c);
	rig_free(r);
}
END_TEST

/* Set a value that a transaction must refuse, and see that it says which */
static void refuse_port(struct rig *r, struct rig_port *p, const struct vsw_value_row *row,
			uint64_t value)
{
	struct vsw_policy policy = rig_policy_of(p);
	struct vsw_txn *txn = vsw_txn_new(r->sw);
	char want[120];

	vsw_value_set(row, &policy, value);
	snprintf(want, sizeof(want), "port 'a': %s: out of range (", row->key);
	ck_assert_int_lt(vsw_txn_port(txn, p->port, &policy, r->err, sizeof(r->err)), 0);
	ck_assert_msg(!strncmp(r->err, want, strlen(want)), "%s", r->err);
	vsw_txn_abort(txn);
}

START_TEST(transactions_refuse_what_is_out_of_range)
{
	struct rig *r = rig_new();
	struct rig_port *p = rig_port(r, "a", 0);
	struct vsw_switch_policy sp = *vsw_switch_policy(r->sw);
	struct vsw_txn *txn = vsw_txn_new(r->sw);
	const struct vsw_value_row *row;

	for (unsigned n = 0; (row = vsw_schema_port(n)); n++)
		for (; row->key; row++) {
			uint64_t unit = row->kind == VSW_VALUE_US ? 1000 : 1;

			if (row->kind == VSW_VALUE_WORD)
				refuse_port(r, p, row, 99);
			if (!ranged(row))
				continue;
			refuse_port(r, p, row, row->max * unit + 1);
			if (row->min)
				refuse_port(r, p, row, row->min * unit - 1);
		}
	sp.n_mirrors = 1;
	sp.mirror[0] = (struct vsw_mirror) { .name = "m", .truncate = 59 };
	ck_assert_int_lt(vsw_txn_switch(txn, &sp, r->err, sizeof(r->err)), 0);
	ck_assert_str_eq(r->err, "switch: mirrors.0.truncate: out of range (60 to 65535)");
	sp.mirror[0].truncate = 0; /* as it was: not cut */
	ck_assert_int_eq(vsw_txn_switch(txn, &sp, r->err, sizeof(r->err)), 0);
	sp.n_mirrors = VSW_MAX_MIRRORS + 1;
	ck_assert_int_lt(vsw_txn_switch(txn, &sp, r->err, sizeof(r->err)), 0);
	ck_assert_str_eq(r->err, "switch: mirrors: more than 16");
	vsw_txn_abort(txn);
	rig_free(r);
}
END_TEST

START_TEST(paths_are_not_keys)
{
	static const char *const bad[][2] = {
		{ "{\"querier.vlan\": 1}", "/querier.vlan: unknown key" },
		{ "{\"defaults\": {\"queue.frames\": 64}}", "/defaults/queue.frames: unknown key" },
		{ "{\"defaults\": {\"shaping\": {\"in.burst\": 2000}}}",
		  "/defaults/shaping/in.burst: unknown key" },
		{ "{\"portgroups\": {\"g\": {\"override\": [\"queue.frames\"]}}}",
		  "/portgroups/g/override/0: must be a section of a policy" },
	};
	struct rig *r = rig_new();
	struct vsw_control *c = vsw_control_new(r->sw, NULL, NULL);

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_int_lt(
			vsw_control_load(c, bad[i][0], strlen(bad[i][0]), r->err, sizeof(r->err)),
			0);
		ck_assert_str_eq(r->err, bad[i][1]);
	}
	vsw_control_free(c);
	rig_free(r);
}
END_TEST

/* How rates are written, and what comes out; 0: it is refused */
static const struct {
	const char *text;
	uint64_t rate;
} rates[] = {
	{ "1500", 1500 },
	{ "1k", 1000 },
	{ "100M", 100000000 },
	{ "2.5G", 2500000000 },
	{ "0.001k", 1 },
	{ "1000G", 1000000000000 },
	{ "1.000000001G", 1000000001 },
	{ "", 0 },
	{ "M", 0 },
	{ ".5M", 0 },
	{ "1.M", 0 },
	{ "1.5", 0 },
	{ "0.0001k", 0 },
	{ "1.0000000001G", 0 },
	{ "1001G", 0 },
	{ "1000.000000001G", 0 },
	{ "100 M", 0 },
	{ " 100M", 0 },
	{ "100M ", 0 },
	{ "100m", 0 },
	{ "100K", 0 },
	{ "100Mbit", 0 },
	{ "100Mb/s", 0 },
	{ "+1", 0 },
	{ "-1", 0 },
	{ "01k", 0 },
	{ "0x10", 0 },
	{ "1e6", 0 },
	{ "18446744073709551617", 0 },
};

/* Every rate of a policy takes units, and takes nothing that is not wholly understood */
START_TEST(rates_have_units)
{
	struct rig *r = rig_new();
	struct rig_port *p = rig_port(r, "a", 0);
	struct vsw_control *c = rig_control(r);
	char text[200];

	for (unsigned i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		snprintf(text, sizeof(text),
			 "{\"defaults\": {\"shaping\": {\"in\": {\"average\": \"%s\", \"peak\": "
			 "1000000000000, \"burst\": 2000}}}}",
			 rates[i].text);
		if (vsw_control_load(c, text, strlen(text), r->err, sizeof(r->err)) == 0)
			ck_assert_msg(vsw_port_policy(p->port)->shape_in.average == rates[i].rate &&
					      rates[i].rate,
				      "%s", rates[i].text);
		else if (rates[i].rate >= 1000)
			ck_abort_msg("%s: %s", rates[i].text, r->err);
		else if (!rates[i].rate)
			ck_assert_msg(!strncmp(r->err,
					       "/defaults/shaping/in/average: must be a rate", 44),
				      "%s: %s", rates[i].text, r->err);
	}
	rig_free(r);
}
END_TEST

/* Whatever is told a second is a rate: a number that says so in its help has the kind */
START_TEST(what_is_told_a_second_is_a_rate)
{
	const struct vsw_value_row *row;

	for (unsigned w = 0; w < 2; w++)
		for (unsigned n = 0; (row = wholes[w].part(n)); n++)
			for (; row->key; row++) {
				ck_assert_msg(row->kind != VSW_VALUE_NUMBER ||
						      !strstr(row->help, " a second"),
					      "%s", row->key);
				for (const struct vsw_value_row *sub = row->sub; sub && sub->key;
				     sub++)
					ck_assert_msg(sub->kind != VSW_VALUE_NUMBER ||
							      !strstr(sub->help, " a second"),
						      "%s.%s", row->key, sub->key);
			}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("schema");
	TCase *t = tcase_create("rows");

	tcase_add_loop_test(t, rows_are_sound, 0, 2);
	tcase_add_test(t, conditions_are_words_beside);
	tcase_add_loop_test(t, to_say_what_is_untold_changes_nothing, 0, 2);
	tcase_add_test(t, untold_values_are_those_of_the_rows);
	tcase_add_loop_test(t, lists_are_arrays, 0, 2);
	tcase_add_test(t, transactions_refuse_what_is_out_of_range);
	tcase_add_test(t, paths_are_not_keys);
	tcase_add_test(t, rates_have_units);
	tcase_add_test(t, what_is_told_a_second_is_a_rate);
	suite_add_tcase(s, t);
	return run_suite(s);
}
