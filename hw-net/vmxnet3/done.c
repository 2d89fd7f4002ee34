/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writing completion rings.
 *
 * A driver polls the next completion for its generation bit and, once it is right, may read that
 * completion and all that follow. So a batch is written from behind: all but the first completion,
 * then the first. Of its 16 bytes, one aligned write, the upper half is seen last (nic.h), and that
 * holds the generation bit. dma_write keeps the order of calls.
 */
#include "done.h"

static int put(struct vmx *v, uint64_t pa, const void *p, size_t len)
{
	return len ? hwnet_dma_write(&v->nic, pa, p, len) : 0;
}

/* A batch no longer than the ring. */
static int put_batch(struct vmx *v, uint64_t pa, uint32_t size, uint32_t *next, uint8_t *gen,
		     struct vmx_comp *comp, unsigned n)
{
	uint64_t first = pa + *next * sizeof(*comp);
	unsigned to_end = size - *next < n ? size - *next : n;

	for (unsigned i = 0; i < n; i++) {
		vmx_comp_stamp(&comp[i], *gen);
		vmx_step(next, gen, size);
	}
	if (put(v, pa, comp + to_end, (n - to_end) * sizeof(*comp)) ||
	    put(v, first + sizeof(*comp), comp + 1, (to_end - 1) * sizeof(*comp)))
		return -1;
	return put(v, first, comp, sizeof(*comp));
}

/**
 * vmx_put_many() - Write any number of completions; see vmx_put_comps()
 * @v:    The card
 * @pa:   Address of the ring
 * @size: Its length, completions
 * @next: Index of the next one; moves on
 * @gen:  Generation bit there; flips with each round
 * @comp: Completions without generation bit; it is put in
 * @n:    Their number
 *
 * Return: 0, or -1 if the ring is not memory.
 */
int vmx_put_many(struct vmx *v, uint64_t pa, uint32_t size, uint32_t *next, uint8_t *gen,
		 struct vmx_comp *comp, unsigned n)
{
	while (n) {
		unsigned now = n < size ? n : size;

		if (put_batch(v, pa, size, next, gen, comp, now))
			return -1;
		comp += now;
		n -= now;
	}
	return 0;
}
