/* SPDX-License-Identifier: BSD-2-Clause */
/* Fuzz target: a card and a hostile guest. Input: see program.h. */
#include "fuzz.h"
#include "program.h"

static const struct hwnet_model *model;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	model = fuzz_model_argument(*argc, *argv);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz z;

	if (!fuzz_open(&z, model, data, size))
		return 0;
	fuzz_run(&z);
	fuzz_close(&z);
	return 0;
}

size_t fuzz_seed(unsigned i, uint8_t *buf)
{
	size_t head = 0, len;

	if (!model)
		buf[head++] = (uint8_t)i;
	buf[head++] = (uint8_t)(i % 3 == 2 ? i * 37 : 0);
	buf[head++] = i % 8 == 7;
	len = fuzz_program_seed(i, buf + head);
	return len ? head + len : 0;
}
