/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a document costs: memory and objects read, counted, not timed.
 *
 * DOC: Theory of Operation
 *
 * The program is linked so that what the library allocates, frees and reads by rows goes through
 * the functions here (ld's --wrap); jansson is given the same ones. Bounds are those that
 * docs/security.md states.
 */
#include "main.h"
#include "rig.h"

#include <errno.h>
#include <jansson.h>
#include <malloc.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "control/schema.h"
#include "vswitch/control.h"

/* Bytes of memory for a byte of text, and for each port that is there */
#define A_BYTE 200u
#define A_PORT (512u << 10)
#define SLACK  4096u /* what malloc() gives may be more than what was asked for */

static size_t live, peak, reads;
static bool counting; /* the test's own memory is not counted, Check's neither */

static void count(void *p)
{
	if (!counting)
		return;
	live += p ? malloc_usable_size(p) : 0;
	peak = live > peak ? live : peak;
}

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void __real_free(void *p);
int __real_vsw_schema_read(struct vsw_json_in *in, const json_t *obj, const struct schema *s,
			   const char *object, void *base);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
void __wrap_free(void *p);
int __wrap_vsw_schema_read(struct vsw_json_in *in, const json_t *obj, const struct schema *s,
			   const char *object, void *base);

void *__wrap_malloc(size_t n)
{
	void *p = __real_malloc(n);

	count(p);
	return p;
}

void *__wrap_calloc(size_t n, size_t size)
{
	void *p = __real_calloc(n, size);

	count(p);
	return p;
}

void __wrap_free(void *p)
{
	live -= counting && p ? malloc_usable_size(p) : 0;
	__real_free(p);
}

void *__wrap_realloc(void *p, size_t n)
{
	void *q = __wrap_malloc(n);

	if (q && p)
		memcpy(q, p, n < malloc_usable_size(p) ? n : malloc_usable_size(p));
	if (q)
		__wrap_free(p);
	return q;
}

int __wrap_vsw_schema_read(struct vsw_json_in *in, const json_t *obj, const struct schema *s,
			   const char *object, void *base)
{
	reads++;
	return __real_vsw_schema_read(in, obj, s, object, base);
}

/* struct text - a document being written */
struct text {
	char *s;
	size_t len, room;
};

static void __attribute__((format(printf, 2, 3))) put(struct text *t, const char *fmt, ...)
{
	va_list ap;

	if (!t->s) {
		t->room = 4u << 20;
		t->s = __real_malloc(t->room);
	}
	va_start(ap, fmt);
	t->len += (size_t)vsnprintf(t->s + t->len, t->room - t->len, fmt, ap);
	va_end(ap);
	CK_EACH(t->len < t->room, "the document is too long");
}

static void put_rules(struct text *t, unsigned n)
{
	put(t, "\"rules\":[");
	for (unsigned i = 0; i < n; i++)
		put(t, "%s{\"name\":\"r%u\",\"match\":{\"vlan\":1},\"action\":\"drop\"}",
		    i ? "," : "", i);
	put(t, "]");
}

static void put_ports(struct text *t, unsigned n, const char *what)
{
	put(t, "\"ports\":{");
	for (unsigned i = 0; i < n; i++)
		put(t, "%s\"p%u\":{%s}", i ? "," : "", i, what);
	put(t, "}");
}

/* The document of the case: 250 rules in the defaults, and thousands of ports */
static void defaults_and_ports(struct text *t)
{
	put(t, "{\"defaults\":{");
	put_rules(t, 250);
	put(t, "},");
	put_ports(t, 10000, "");
	put(t, "}");
}

static void a_group_and_ports(struct text *t)
{
	put(t, "{\"portgroups\":{\"g\":{\"override\":[\"vlan\"],");
	put_rules(t, 256);
	put(t, "}},");
	put_ports(t, 10000, "\"portgroup\":\"g\",\"vlan\":5");
	put(t, "}");
}

static void groups_of_one_port_each(struct text *t)
{
	put(t, "{\"portgroups\":{");
	for (unsigned i = 0; i < 10000; i++)
		put(t, "%s\"g%u\":{\"vlan\":7}", i ? "," : "", i);
	put(t, "},\"ports\":{");
	for (unsigned i = 0; i < 10000; i++)
		put(t, "%s\"p%u\":{\"portgroup\":\"g%u\"}", i ? "," : "", i, i);
	put(t, "}}");
}

static void ports_with_rules(struct text *t)
{
	put(t, "{\"ports\":{");
	for (unsigned i = 0; i < 60; i++) {
		put(t, "%s\"p%u\":{", i ? "," : "", i);
		put_rules(t, 256);
		put(t, "}");
	}
	put(t, "}}");
}

static void short_rules(struct text *t)
{
	put(t, "{\"portgroups\":{");
	for (unsigned i = 0; i < 1000; i++) {
		put(t, "%s\"g%u\":{\"rules\":[", i ? "," : "", i);
		for (unsigned k = 0; k < 256; k++)
			put(t, "%s{}", k ? "," : "");
		put(t, "]}");
	}
	put(t, "}}");
}

/* Documents; and how many objects are in each */
static const struct {
	void (*write)(struct text *t);
	unsigned objects;
} documents[] = {
	{ defaults_and_ports, 10000 + 251 }, { a_group_and_ports, 10000 + 257 },
	{ groups_of_one_port_each, 20000 },  { ports_with_rules, 60 * 257 },
	{ short_rules, 1000 * 257 },
};

#define DOCUMENTS (int)(sizeof(documents) / sizeof(documents[0]))

static struct vsw_control *begin(struct rig *r, unsigned ports, bool uplink)
{
	struct vsw_port_conf conf = VSW_PORT_CONF_INIT;
	char id[12];

	for (unsigned i = 0; i < ports; i++) {
		snprintf(id, sizeof(id), "p%u", i);
		conf.id = id;
		conf.uplink = uplink && i + 1 == ports;
		ck_assert_ptr_nonnull(rig_add(r, &conf));
	}
	return rig_control(r);
}

/* The act: @text is put in force, or with a command only checked */
static void cost(struct vsw_control *c, const char *command, const struct text *t)
{
	struct text request = { 0 };
	char err[300] = "", *answer = NULL;
	int ret = 0;

	if (command)
		put(&request, "{\"execute\":\"%s\",\"arguments\":{\"%s\":%s}}", command,
		    strcmp(command, "config-patch") ? "config" : "patch", t->s);
	peak = live;
	reads = 0;
	counting = true;
	if (command)
		answer = vsw_control_execute(c, request.s, request.len);
	else
		ret = vsw_control_load(c, t->s, t->len, err, sizeof(err));
	if (answer)
		snprintf(err, sizeof(err), "%s", answer);
	free(answer);
	counting = false;
	ck_assert_msg(!ret && (!command || !strncmp(err, "{\"return\"", 9)), "%s", err);
	__real_free(request.s);
}

START_TEST(config_memory_is_linear_in_the_document)
{
	static const char *const commands[] = { NULL, "config-check", "config-set",
						"config-patch" };
	const unsigned ports = 24;

	for (unsigned i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		struct rig *r = rig_new();
		struct vsw_control *c = begin(r, ports, true);
		struct text t = { 0 };
		size_t before = live;

		documents[_i].write(&t);
		ck_assert_uint_lt(t.len, VSW_DOCUMENT_MAX);
		cost(c, commands[i], &t);
		ck_assert_msg(peak - before < A_BYTE * t.len + ports * A_PORT,
			      "%s: %zu bytes of text cost %zu bytes",
			      commands[i] ? commands[i] : "load", t.len, peak - before);
		rig_free(r);
		__real_free(t.s);
	}
}
END_TEST

/* Once for all, and once more for uplinks, who have other values untold; warnings look once more */
START_TEST(config_memory_objects_are_read_once)
{
	struct rig *r = rig_new();
	struct vsw_control *c = begin(r, 24, true);
	struct text t = { 0 };

	documents[_i].write(&t);
	cost(c, NULL, &t);
	ck_assert_msg(reads <= 2 * documents[_i].objects + 3, "%u objects were read %zu times",
		      documents[_i].objects, reads);
	rig_free(r);
	__real_free(t.s);
}
END_TEST

/* What was needed to read it is given back: what stays is the document and the policies */
START_TEST(config_memory_is_given_back)
{
	struct rig *r = rig_new();
	struct vsw_control *c = begin(r, 24, true);
	struct text t = { 0 }, none = { 0 };
	size_t before;

	put(&none, "{}");
	cost(c, NULL, &none);
	before = live;
	documents[_i].write(&t);
	cost(c, "config-check", &t);
	ck_assert_uint_lt(live, before + SLACK);
	cost(c, "config-set", &t);
	cost(c, NULL, &none);
	ck_assert_uint_lt(live, before + SLACK);
	rig_free(r);
	__real_free(t.s);
	__real_free(none.s);
}
END_TEST

static void fill(struct text *t, size_t len)
{
	put(t, "{\"mtu\":1500");
	while (t->len + 1 < len)
		put(t, " ");
	put(t, "}");
}

START_TEST(config_memory_documents_have_a_bound)
{
	struct rig *r = rig_new();
	struct vsw_control *c = rig_control(r);
	char path[] = "/tmp/vsw-document-XXXXXX";
	int fd = mkstemp(path);
	struct text t = { 0 };

	fill(&t, VSW_DOCUMENT_MAX);
	ck_assert_int_eq(vsw_control_load(c, t.s, t.len, r->err, sizeof(r->err)), 0);
	ck_assert_int_eq(write(fd, t.s, t.len), (ssize_t)t.len);
	ck_assert_int_eq(vsw_control_load_file(c, path, r->err, sizeof(r->err)), 0);
	ck_assert_int_eq(write(fd, " ", 1), 1);
	ck_assert_int_lt(vsw_control_load_file(c, path, r->err, sizeof(r->err)), 0);
	ck_assert_ptr_nonnull(strstr(r->err, ": is larger than 1048576 bytes"));
	put(&t, " ");
	ck_assert_int_lt(vsw_control_load(c, t.s, t.len, r->err, sizeof(r->err)), 0);
	ck_assert_str_eq(r->err, "larger than 1048576 bytes");
	close(fd);
	unlink(path);
	rig_free(r);
	__real_free(t.s);
}
END_TEST

/* Patches add up: so it is the document that counts, not the patch */
START_TEST(config_memory_patches_do_not_add_up)
{
	struct rig *r = rig_new();
	struct vsw_control *c = rig_control(r);
	bool refused = false;
	char *text;

	for (unsigned i = 0; i < 20 && !refused; i++) {
		struct text t = { 0 };

		put(&t, "{\"execute\":\"config-patch\",\"arguments\":{\"patch\":{\"ports\":{");
		for (unsigned k = 0; k < 10000; k++)
			put(&t, "%s\"p%u\":{}", k ? "," : "", i * 10000 + k);
		put(&t, "}}}}");
		text = vsw_control_execute(c, t.s, t.len);
		refused = strstr(text, "/: is larger than 1048576 bytes");
		free(text);
		__real_free(t.s);
	}
	ck_assert(refused);
	text = vsw_control_export(c);
	ck_assert_uint_lt(strlen(text), 2 * VSW_DOCUMENT_MAX); /* with blanks */
	free(text);
	rig_free(r);
}
END_TEST

/* A list of VLANs may name the same ones again and again, and "override" the same sections */
START_TEST(config_memory_lists_that_repeat_themselves)
{
	struct rig *r = rig_new();
	struct vsw_control *c = rig_control(r);
	struct text t = { 0 };

	put(&t, "{\"portgroups\":{\"g\":{\"override\":[\"vlan\",\"mac\",\"vlan\"]}}}");
	ck_assert_int_lt(vsw_control_load(c, t.s, t.len, r->err, sizeof(r->err)), 0);
	ck_assert_str_eq(r->err, "/portgroups/g/override/2: is there twice");
	rig_free(r);
	__real_free(t.s);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("config-work");
	TCase *t = tcase_create("documents");

	json_set_alloc_funcs(__wrap_malloc, __wrap_free);
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, config_memory_is_linear_in_the_document, 0, DOCUMENTS);
	tcase_add_loop_test(t, config_memory_objects_are_read_once, 0, DOCUMENTS);
	tcase_add_loop_test(t, config_memory_is_given_back, 0, DOCUMENTS);
	tcase_add_test(t, config_memory_documents_have_a_bound);
	tcase_add_test(t, config_memory_patches_do_not_add_up);
	tcase_add_test(t, config_memory_lists_that_repeat_themselves);
	suite_add_tcase(s, t);
	return run_suite(s);
}
