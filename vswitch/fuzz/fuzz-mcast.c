/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target: snooping against its model (vswitch/test/mcast-model.h). The input is a program of
 * what hosts and routers say, sound or not and in any pieces, of data, time, links and
 * configuration. Whoever asked for a group must get it; who has no part in it must not once
 * somebody asks; and what the switch sends by itself at once is bounded.
 */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"
#include "mcast-model.h"

#define MOST_STEPS 3000u /* a step may compare thousands of facts */

struct source {
	const uint8_t *p, *end;
};

static unsigned next(void *ctx)
{
	struct source *s = ctx;

	return s->p < s->end ? *s->p++ : 0;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct source s = { data, data + size };
	struct model *m = model_new(next, &s);

	for (unsigned i = 0; s.p < s.end && i < MOST_STEPS; i++) {
		const char *how = model_step(m);

		if (how) {
			fprintf(stderr, "step %u: %s\n", i, how);
			abort();
		}
	}
	model_free(m);
	return 0;
}

/* Programs of random steps: nearly every byte means something */
size_t fuzz_seed(unsigned i, uint8_t *buf)
{
	uint64_t rng = 0x9e3779b97f4a7c15u * (i + 1);
	size_t n = 200 + i * 100;

	if (i >= 24)
		return 0;
	for (size_t k = 0; k < n; k++) {
		rng = rng * 6364136223846793005u + 1442695040888963407u;
		buf[k] = (uint8_t)(rng >> 33);
	}
	return n;
}
