/* SPDX-License-Identifier: BSD-2-Clause */
/* Snooping against its model, with random steps. */
#include "main.h"
#include "mcast-model.h"

static unsigned random_byte(void *ctx)
{
	uint64_t *x = ctx;

	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return (unsigned)(*x >> 32);
}

/* Several worlds, since a full table, for instance, stays full for a while */
START_TEST(the_switch_does_as_the_model)
{
	const char *steps = getenv("VSWITCH_STEPS");
	unsigned n = steps ? (unsigned)atoi(steps) : 4000;
	uint64_t seed = UINT64_C(0x9e3779b97f4a7c15) * (uint64_t)(_i + 1);
	struct model *m = model_new(random_byte, &seed);

	for (unsigned i = 0; i < n; i++) {
		const char *how = model_step(m);

		ck_assert_msg(!how, "world %d, step %u: %s", _i, i, how);
	}
	model_free(m);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mcast-reference");
	TCase *t = tcase_create("mcast-reference");

	tcase_set_timeout(t, 600);
	tcase_add_loop_test(t, the_switch_does_as_the_model, 0, 60);
	suite_add_tcase(s, t);
	return run_suite(s);
}
