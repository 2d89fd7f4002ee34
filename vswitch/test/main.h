/* SPDX-License-Identifier: BSD-2-Clause */
/* main() of a suite: TAP on standard output */
#ifndef VSWITCH_TEST_MAIN_H
#define VSWITCH_TEST_MAIN_H

#include <check.h>
#include <stdlib.h>

/* For loops: each ck_assert is a system call, even if it holds */
#define CK_EACH(holds, ...)                        \
	do {                                       \
		if (!(holds))                      \
			ck_abort_msg(__VA_ARGS__); \
	} while (0)

static inline int run_suite(Suite *s)
{
	SRunner *sr = srunner_create(s);
	int failed;

	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* The same for a NULL-terminated list of tests; the value for main() to return */
static inline int run_tests(const char *name, const TTest *const *tests)
{
	Suite *s = suite_create(name);
	TCase *t = tcase_create(name);

	tcase_set_timeout(t, 120);
	for (; *tests; tests++)
		tcase_add_test(t, *tests);
	suite_add_tcase(s, t);
	return run_suite(s);
}

#endif
