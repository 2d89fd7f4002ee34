/* SPDX-License-Identifier: BSD-2-Clause */
/* Is a host that was made of a former one as good as new? See fake-host.h. */
#include <stdlib.h>
#include <string.h>

#include "fake-priv.h"

struct fake_reuse fake_reuse;

static void check_zero(const uint8_t *p, size_t len)
{
	if (p[0] || memcmp(p, p + 1, len - 1))
		fake_fail("memory of a new host is not zero");
}

void fake_reuse_begin(struct fake_host *h)
{
	if (!fake_reuse.check)
		return;
	check_zero(h->low, FAKE_LOW_SIZE);
	check_zero(h->high, FAKE_HIGH_SIZE);
}

/* FNV-1a */
static void add(const void *p, size_t len)
{
	const uint8_t *bytes = p;

	for (size_t i = 0; i < len; i++)
		fake_reuse.digest = (fake_reuse.digest ^ bytes[i]) * 0x100000001b3u;
}

static void add_card(struct fake_host *h)
{
	size_t max = hwnet_state_max(h->nic);
	uint8_t *state = malloc(max);

	if (!state)
		fake_fail("out of memory");
	add(state, hwnet_save(h->nic, state, max));
	add(hwnet_counters(h->nic), sizeof(struct hwnet_counters));
	free(state);
}

void fake_reuse_end(struct fake_host *h)
{
	const unsigned counts[] = { h->intx_edges,  h->errors,	     h->kicks,
				    h->rx_ready,    h->link_changed, h->filter_changed,
				    h->dma_refused, h->dma_reads,    h->dma_writes,
				    h->dma_maps };

	if (!fake_reuse.check || !h->nic)
		return;
	fake_reuse.digest = 0xcbf29ce484222325u;
	add_card(h);
	add(counts, sizeof(counts));
	add(h->msi, sizeof(h->msi));
	add(h->low, h->low_used);
}
