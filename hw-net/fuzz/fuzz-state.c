/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target: a hostile saved state, then a program.
 *
 * Input: model and configuration as for fuzz-nic; then how the state is made of the one the card
 * saves itself: number of changes, each u16 position and u8 value, or, if the number is 255, the
 * state itself (u16 length, bytes). The card either refuses it and stays as it was, or must survive
 * whatever the program does then.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "program.h"

static const struct hwnet_model *model;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	model = fuzz_model_argument(*argc, *argv);
	return 0;
}

static size_t forge(struct fuzz *z, uint8_t *state, size_t len, size_t max)
{
	uint8_t changes = fuzz_u8(z);

	if (changes == 255) {
		len = fuzz_u16(z) % max;
		for (size_t i = 0; i < len; i++)
			state[i] = fuzz_u8(z);
		return len;
	}
	for (unsigned i = 0; i < changes && z->left; i++) {
		uint16_t at = fuzz_u16(z);

		state[at % len] = fuzz_u8(z);
	}
	return fuzz_u8(z) == 1 ? fuzz_u16(z) % len : len;
}

/* A state that was refused has changed nothing. */
static void check_unchanged(struct fuzz *z, const uint8_t *before, size_t len, size_t max)
{
	uint8_t *after = malloc(max);

	if (!after || fake_save(&z->host, after, max) != len || memcmp(before, after, len))
		fake_fail("a state that was refused has changed the card");
	free(after);
}

static void load_forged(struct fuzz *z)
{
	size_t max = hwnet_state_max(z->host.nic), len, forged_len;
	uint8_t *before = malloc(max), *forged = malloc(max), *exact;
	char err[200];

	if (!before || !forged)
		fake_fail("out of memory");
	len = fake_save(&z->host, before, max);
	memcpy(forged, before, len);
	forged_len = forge(z, forged, len, max);
	exact = malloc(forged_len ? forged_len : 1);
	if (!exact)
		fake_fail("out of memory");
	memcpy(exact, forged, forged_len);
	if (fake_load(&z->host, exact, forged_len, err, sizeof(err)))
		check_unchanged(z, before, len, max);
	free(exact);
	free(forged);
	free(before);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz z;

	if (!fuzz_open(&z, model, data, size))
		return 0;
	load_forged(&z);
	fuzz_run(&z);
	fuzz_close(&z);
	return 0;
}

size_t fuzz_seed(unsigned i, uint8_t *buf)
{
	uint64_t random = 5 + i;
	size_t n = 0, len;

	if (!model)
		buf[n++] = (uint8_t)i;
	buf[n++] = 0;
	buf[n++] = i % 4 == 3;
	buf[n++] = (uint8_t)(i % 6);
	for (unsigned k = 0; k < i % 6 * 3; k++)
		buf[n++] = (uint8_t)test_random(&random);
	buf[n++] = 0;
	len = fuzz_program_seed(i, buf + n);
	return len ? n + len : 0;
}
