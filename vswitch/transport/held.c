/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages that the switch did not take. */
#include "held.h"

#include <string.h>
#include <sys/mman.h>

#include "vswitch/worker.h"

#define SIZE ((size_t)PKT_BURST * VSW_SCRATCH_SLOT)

bool vsw_held_init(struct vsw_held *h)
{
	void *p = mmap(NULL, SIZE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	h->mem = p == MAP_FAILED ? NULL : p;
	return h->mem;
}

void vsw_held_fini(struct vsw_held *h)
{
	if (h->mem)
		munmap(h->mem, SIZE);
	h->mem = NULL;
}

/* Close behind each other, at multiples of 16: so that a burst of small ones needs few pages */
void vsw_held_put(struct vsw_held *h, const uint8_t *bytes, uint32_t len)
{
	uint32_t at = h->n ? (h->at[h->n - 1] + h->len[h->n - 1] + 15) & ~15u : 0;

	memcpy(h->mem + at, bytes, len);
	h->at[h->n] = at;
	h->len[h->n++] = len;
}

void vsw_held_drop(struct vsw_held *h, unsigned n)
{
	h->n -= n;
	memmove(h->at, h->at + n, h->n * sizeof(h->at[0]));
	memmove(h->len, h->len + n, h->n * sizeof(h->len[0]));
}
