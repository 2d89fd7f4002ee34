/* SPDX-License-Identifier: BSD-2-Clause */
/* A guest that knows nothing of its card: for models that have no driver here yet. Registers are
 * taken to be in BAR 0. */
#include "guests.h"

static void allocate(struct fuzz *z)
{
	for (unsigned i = 0; i < 4; i++)
		fuzz_area(z, 4096, 16, 4096);
}

static void nothing(struct fuzz *z)
{
}

/* Something at some offset: what a doorbell may be. */
static void poke(struct fuzz *z)
{
	uint32_t off = fuzz_u16(z) * 4u;
	struct hwnet_pci pci;

	hwnet_pci(z->host.nic, &pci);
	if (pci.bars[0].size)
		fake_write(&z->host, 0, off % pci.bars[0].size, (uint32_t)fuzz_value(z), 4);
}

static void reg(struct fuzz *z, unsigned space, uint32_t num, const uint32_t *val)
{
	if (val)
		fake_write(&z->host, 0, num, *val, 4);
	else
		fake_read(&z->host, 0, num, 4);
}

const struct fuzz_guest fuzz_guest_any = { "", allocate, nothing, poke, poke, reg, poke };
