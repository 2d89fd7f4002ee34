/* SPDX-License-Identifier: BSD-2-Clause */
/* Options by row. */
#include <stddef.h>
#include <string.h>

#include "main.h"
#include "vswitch/transport.h"

struct conf {
	bool loud;
	uint32_t mtu;
	unsigned mode;
	char *path;
	char **forward;
};

static const char *absolute(const char *v)
{
	return v[0] == '/' ? NULL : "must begin with /";
}

static const char *const modes[] = { "slow", "fast", NULL };

static const struct vsw_option rows[] = {
	{ "loud", VSW_OPTION_BOOL, .off = offsetof(struct conf, loud), .help = "-" },
	{ "mtu", VSW_OPTION_NUMBER, .off = offsetof(struct conf, mtu), .min = 68, .max = 9000,
	  .def = "1500", .help = "-" },
	{ "mode", VSW_OPTION_WORD, .off = offsetof(struct conf, mode), .words = modes,
	  .def = "fast", .help = "-" },
	{ "path", VSW_OPTION_TEXT, .off = offsetof(struct conf, path), .max = 8, .required = true,
	  .check = absolute, .help = "-" },
	{ "forward", VSW_OPTION_LIST, .off = offsetof(struct conf, forward), .max = 2,
	  .help = "-" },
	{ 0 }
};

static struct conf *c;
static char err[200];

static int set(const char *key, const char *value)
{
	return vsw_option_set(rows, c, key, value, err, sizeof(err));
}

static void setup(void)
{
	c = vsw_options_new(rows, sizeof(*c));
	ck_assert_ptr_nonnull(c);
}

static void teardown(void)
{
	vsw_options_free(rows, c);
}

START_TEST(defaults)
{
	ck_assert(!c->loud);
	ck_assert_uint_eq(c->mtu, 1500);
	ck_assert_uint_eq(c->mode, 1);
	ck_assert_ptr_null(c->path);
	ck_assert_ptr_null(c->forward);
}
END_TEST

START_TEST(values)
{
	ck_assert_int_eq(set("loud", "on"), 0);
	ck_assert_int_eq(set("mtu", "9000"), 0);
	ck_assert_int_eq(set("mode", "slow"), 0);
	ck_assert_int_eq(set("path", "/first"), 0);
	ck_assert_int_eq(set("path", "/second"), 0);
	ck_assert_int_eq(set("forward", "a"), 0);
	ck_assert_int_eq(set("forward", "b"), 0);
	ck_assert(c->loud);
	ck_assert_uint_eq(c->mtu, 9000);
	ck_assert_uint_eq(c->mode, 0);
	ck_assert_str_eq(c->path, "/second");
	ck_assert_str_eq(c->forward[0], "a");
	ck_assert_str_eq(c->forward[1], "b");
	ck_assert_ptr_null(c->forward[2]);
}
END_TEST

static void refused(const char *key, const char *value, const char *text)
{
	ck_assert_msg(set(key, value) < 0, "%s=%s was taken", key, value);
	ck_assert_str_eq(err, text);
}

START_TEST(what_is_not_understood_is_refused)
{
	refused("loud", "yes", "loud: must be on or off");
	refused("mtu", "67", "mtu: must be a number, 68 to 9000");
	refused("mtu", "9001", "mtu: must be a number, 68 to 9000");
	refused("mtu", "1500x", "mtu: must be a number, 68 to 9000");
	refused("mtu", " 1500", "mtu: must be a number, 68 to 9000");
	refused("mtu", "", "mtu: must be a number, 68 to 9000");
	refused("mtu", "18446744073709553116", "mtu: must be a number, 68 to 9000");
	refused("mode", "quick", "mode: must be one of: slow, fast");
	refused("path", "/12345678", "path: longer than 8 bytes");
	refused("path", "here", "path: must begin with /");
	refused("speed", "1", "speed: no such option; there are loud, mtu, mode, path, forward");
	ck_assert_int_eq(set("forward", "a"), 0);
	ck_assert_int_eq(set("forward", "b"), 0);
	refused("forward", "c", "forward: more than 2");
}
END_TEST

START_TEST(what_must_be_given)
{
	ck_assert_int_lt(vsw_options_check(rows, c, err, sizeof(err)), 0);
	ck_assert_str_eq(err, "path: is missing");
	ck_assert_int_eq(set("path", "/x"), 0);
	ck_assert_int_eq(vsw_options_check(rows, c, err, sizeof(err)), 0);
}
END_TEST

/* Rows of the transports there are: defaults are sound, and each has help */
START_TEST(rows_are_sound)
{
	for (const struct vsw_transport *const *t = vsw_transports; *t; t++) {
		void *conf = vsw_options_new((*t)->options, (*t)->options_size);

		ck_assert_msg(conf != NULL, "%s: a default is not sound", (*t)->name);
		vsw_options_free((*t)->options, conf);
		ck_assert_ptr_nonnull((*t)->help);
		for (const struct vsw_option *o = (*t)->options; o && o->key; o++)
			ck_assert_msg(o->help && o->off < (*t)->options_size, "%s: %s", (*t)->name,
				      o->key);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = { defaults, values, what_is_not_understood_is_refused,
				       what_must_be_given, rows_are_sound };
	Suite *s = suite_create("transport-options");
	TCase *t = tcase_create("options");

	tcase_add_checked_fixture(t, setup, teardown);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(t, tests[i]);
	suite_add_tcase(s, t);
	return run_suite(s);
}
