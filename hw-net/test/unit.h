/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What each unit test program begins with: Check, with TAP on standard output.
 *
 *	START_TEST(adds_up) { ck_assert_int_eq(1 + 1, 2); } END_TEST
 *
 *	int main(void)
 *	{
 *		const TTest *const tests[] = { adds_up, NULL };
 *
 *		return unit_main("sums", tests);
 *	}
 */
#ifndef HW_NET_TEST_UNIT_H
#define HW_NET_TEST_UNIT_H

#include <check.h>
#include <stdlib.h>

/* Generous: a sanitizer on a busy machine is slow, and no test is about speed. */
#define UNIT_TIMEOUT 300

/* The same with checks of memory written on failure. */
#define ck_assert_frame_eq(a, alen, b, blen)        \
	do {                                        \
		ck_assert_uint_eq((alen), (blen));  \
		ck_assert_mem_eq((a), (b), (alen)); \
	} while (0)

/* Run a test case; the value for main() to return. */
static inline int unit_run(Suite *suite, TCase *tcase, SRunner *runner)
{
	int failed;

	tcase_set_timeout(tcase, UNIT_TIMEOUT);
	suite_add_tcase(suite, tcase);
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* Run all tests of a NULL-terminated list; the value for main() to return. */
static inline int unit_main(const char *name, const TTest *const *tests)
{
	Suite *suite = suite_create(name);
	TCase *tcase = tcase_create(name);

	for (; *tests; tests++)
		tcase_add_test(tcase, *tests);
	return unit_run(suite, tcase, srunner_create(suite));
}

#endif
