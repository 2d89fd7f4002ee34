/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * States that releases have saved load for ever: those in golden/, named RELEASE-port and
 * RELEASE-switch. Usage: test-state-golden DIR; or, for a new release, with --write=RELEASE before.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "main.h"
#include "mcast-rig.h"
#include "rig.h"
#include "vswitch/query.h"
#include "vswitch/state.h"

static const char *dir, *release;
static struct four f;
static char err[200], said[400];

static void hear(void *opaque, const char *line)
{
	snprintf(said, sizeof(said), "%s", line);
}

static const struct vsw_left_out out = { hear, NULL };

static const struct vsw_rule rules[] = {
	{ .name = "limit",
	  .direction = VSW_DIR_FROM_PORT,
	  .action = VSW_RULE_LIMIT,
	  .limit = 1000,
	  .cos = -1,
	  .dscp = -1 },
};

static void change(struct vsw_policy *p)
{
	p->rules = rules;
	p->n_rules = 1;
	p->shape_in = (struct vsw_shape_policy) { 8000000, 8000000000, 100000 };
	p->storm.broadcast = 100;
	p->mac.bpdu = VSW_BPDU_GUARD;
}

/* What the states are of, and are loaded into */
static void setup(void)
{
	f = four_asked();
	rig_uplink(f.r, "u");
	rig_change(f.b, change);
	said[0] = 0;
}

static void teardown(void)
{
	rig_free(f.r);
}

/* What had happened when they were saved */
static void happen(void)
{
	for (int i = 0; i < 90; i++) {
		rig_send_len(f.b, "a", "b", -1, 1000);
		rig_step(f.r, MS / 100);
	}
	rig_send(f.b, "*", "b", -1);
	say_join(f.b, 2, 1, V4);
	f.b->room = 0;
	for (int i = 0; i < 5; i++)
		rig_send(f.a, "b", "a", -1);
	rig_send(f.c, "a", "c", -1);
}

static uint8_t *read_file(const char *kind, const char *name, size_t *len)
{
	static uint8_t bytes[1 << 16];
	char path[400];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "rb");
	ck_assert_msg(file != NULL, "%s of a %s", path, kind);
	*len = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	return bytes;
}

/* Names of golden states of a kind, the @n-th; NULL: there are no more */
static const char *golden(const char *kind, unsigned n)
{
	static char found[256];
	DIR *d = opendir(dir);
	struct dirent *e;

	ck_assert_msg(d != NULL, "%s", dir);
	found[0] = 0;
	while ((e = readdir(d))) {
		const char *end = strrchr(e->d_name, '-');

		if (end && !strcmp(end + 1, kind) && n-- == 0)
			snprintf(found, sizeof(found), "%s", e->d_name);
	}
	closedir(d);
	return found[0] ? found : NULL;
}

/* What a port was and had: the same from each state */
static void check_port(void)
{
	struct vsw_counters c;

	vsw_port_counters(f.b->port, &c);
	ck_assert_uint_eq(c.in.unicast.frames, 90);
	ck_assert_uint_eq(c.in.broadcast.frames, 1);
	ck_assert_uint_eq(c.queue_frames, 5);
	ck_assert_uint_ge(vsw_port_rule_hits(f.b->port, 0), 91);
	rig_clear(f.r);
	f.b->room = UINT32_MAX;
	vsw_port_ready(f.b->port);
	ck_assert_uint_eq(f.b->n, 5);
	ck_assert_uint_eq(stream(f.a, f.b, 1, V4), 1);
	ck_assert_uint_eq(stream(f.a, f.c, 1, V4), 0);
	for (unsigned n = 0; n < 11; n++) /* 90 % of the burst were used */
		ck_assert_uint_eq(rig_send_len(f.b, "a", "b", -1, 1000), n < 10);
}

START_TEST(ports_load)
{
	const char *name;
	size_t len;
	unsigned n = 0;

	for (; (name = golden("port", n)); n++) {
		uint8_t *bytes = read_file("port", name, &len);

		ck_assert_msg(vsw_port_load(f.b->port, bytes, len, &out, err, sizeof(err)) == 0,
			      "%s: %s", name, err);
		ck_assert_str_eq(said, "");
		check_port();
		teardown();
		setup();
	}
	ck_assert_uint_ge(n, 1);
}
END_TEST

START_TEST(switches_load)
{
	const char *name;
	size_t len;
	unsigned n = 0;

	for (; (name = golden("switch", n)); n++) {
		uint8_t *bytes = read_file("switch", name, &len);

		ck_assert_msg(vsw_switch_load(f.r->sw, bytes, len, &out, err, sizeof(err)) == 0,
			      "%s: %s", name, err);
		ck_assert_str_eq(said, "");
		rig_send(f.a, "c", "a", -1);
		ck_assert_uint_eq(f.c->n, 1);
		ck_assert_uint_eq(f.q->n, 0);
		check_port();
		teardown();
		setup();
	}
	ck_assert_uint_ge(n, 1);
}
END_TEST

static void write_file(const char *kind, const struct vsw_blob *blob)
{
	char path[400];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s-%s", dir, release, kind);
	file = fopen(path, "wb");
	ck_assert_msg(file != NULL, "%s", path);
	ck_assert_uint_eq(fwrite(blob->data, 1, blob->len, file), blob->len);
	ck_assert_int_eq(fclose(file), 0);
}

START_TEST(write_golden)
{
	struct vsw_blob port, whole;

	vsw_blob_init(&port, VSW_PORT_STATE_MAX);
	vsw_blob_init(&whole, VSW_SWITCH_STATE_MAX);
	happen();
	ck_assert_int_eq(vsw_port_save(f.b->port, &port, NULL, err, sizeof(err)), 0);
	ck_assert_int_eq(vsw_switch_save(f.r->sw, &whole, err, sizeof(err)), 0);
	write_file("port", &port);
	write_file("switch", &whole);
	vsw_blob_fini(&port);
	vsw_blob_fini(&whole);
}
END_TEST

int main(int argc, char **argv)
{
	Suite *suite = suite_create("state-golden");
	TCase *tcase = tcase_create("state-golden");

	dir = argc > 1 ? argv[argc - 1] : "golden";
	if (argc > 2 && !strncmp(argv[1], "--write=", 8))
		release = argv[1] + 8;
	tcase_add_checked_fixture(tcase, setup, teardown);
	if (release) {
		tcase_add_test(tcase, write_golden);
	} else {
		tcase_add_test(tcase, ports_load);
		tcase_add_test(tcase, switches_load);
	}
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
