/* SPDX-License-Identifier: BSD-2-Clause */
/* Guest memory of the fake host; see fake-host.h. */
#include "fake-priv.h"

#include <stdlib.h>
#include <string.h>

/* The arenas of the last hosts, clean. Fuzzers make some hosts for each input, and new arenas would
 * be most of the cost. */
#define SPARES 4u

static struct {
	uint8_t *low, *high;
} spare[SPARES];
static unsigned n_spare;

void fake_mem_init(struct fake_host *h)
{
	if (n_spare) {
		n_spare--;
		h->low = spare[n_spare].low;
		h->high = spare[n_spare].high;
	} else {
		h->low = calloc(1, FAKE_LOW_SIZE);
		h->high = calloc(1, FAKE_HIGH_SIZE);
	}
	if (!h->low || !h->high)
		fake_fail("out of memory");
	fake_reuse_begin(h);
}

/* A page by its number; those of high memory come after those of low. */
static uint8_t *page(struct fake_host *h, size_t n)
{
	size_t low = FAKE_LOW_SIZE / FAKE_PAGE;

	return n < low ? h->low + n * FAKE_PAGE : h->high + (n - low) * FAKE_PAGE;
}

void fake_mem_fini(struct fake_host *h)
{
	if (n_spare == SPARES) {
		free(h->low);
		free(h->high);
		return;
	}
	for (size_t n = 0; n < sizeof(h->dirty); n++)
		if (h->dirty[n])
			memset(page(h, n), 0, FAKE_PAGE);
	spare[n_spare].low = h->low;
	spare[n_spare++].high = h->high;
}

/* ---- images ---- */

/* What is in the pages that were written; others are zero. */
struct fake_image {
	uint8_t *page[(FAKE_LOW_SIZE + FAKE_HIGH_SIZE) / FAKE_PAGE];
};

struct fake_image *fake_mem_keep(struct fake_host *h)
{
	struct fake_image *image = calloc(1, sizeof(*image));

	if (!image)
		fake_fail("out of memory");
	for (size_t n = 0; n < sizeof(h->dirty); n++) {
		if (!h->dirty[n])
			continue;
		image->page[n] = malloc(FAKE_PAGE);
		if (!image->page[n])
			fake_fail("out of memory");
		memcpy(image->page[n], page(h, n), FAKE_PAGE);
	}
	memset(h->dirty, 0, sizeof(h->dirty));
	return image;
}

void fake_mem_put_back(struct fake_host *h, const struct fake_image *image)
{
	for (size_t n = 0; n < sizeof(h->dirty); n++) {
		if (!h->dirty[n])
			continue;
		if (image->page[n])
			memcpy(page(h, n), image->page[n], FAKE_PAGE);
		else
			memset(page(h, n), 0, FAKE_PAGE);
	}
	memset(h->dirty, 0, sizeof(h->dirty));
}

static bool inside(uint64_t addr, size_t len, uint64_t base, uint64_t size)
{
	return addr >= base && addr - base <= size && len <= size - (addr - base);
}

/* Host address of guest memory, or NULL if any byte is not memory. */
static uint8_t *translate(struct fake_host *h, uint64_t addr, size_t len)
{
	if (inside(addr, len, FAKE_LOW, FAKE_LOW_SIZE))
		return h->low + (addr - FAKE_LOW);
	if (inside(addr, len, FAKE_HIGH, FAKE_HIGH_SIZE))
		return h->high + (addr - FAKE_HIGH);
	return NULL;
}

/* The same, to write. */
static uint8_t *translate_dirty(struct fake_host *h, uint64_t addr, size_t len)
{
	uint8_t *p = translate(h, addr, len);
	size_t first;

	if (!p || !len)
		return p;
	first = addr < FAKE_HIGH ? addr - FAKE_LOW : addr - FAKE_HIGH + FAKE_LOW_SIZE;
	for (size_t n = first / FAKE_PAGE; n <= (first + len - 1) / FAKE_PAGE; n++)
		h->dirty[n] = 1;
	return p;
}

/* Bytes of memory from @addr on, at most @len. */
static size_t memory_from(uint64_t addr, size_t len)
{
	uint64_t end = 0;

	if (inside(addr, 1, FAKE_LOW, FAKE_LOW_SIZE))
		end = FAKE_LOW + FAKE_LOW_SIZE;
	else if (inside(addr, 1, FAKE_HIGH, FAKE_HIGH_SIZE))
		end = FAKE_HIGH + FAKE_HIGH_SIZE;
	return end > addr && end - addr < len ? end - addr : len;
}

/* Is this operation the one that shall fail? */
static bool shall_fail(struct fake_host *h)
{
	return h->dma_fail_in >= 0 && h->dma_fail_in-- == 0;
}

static uint8_t *access_dma(struct fake_host *h, uint64_t addr, size_t len, bool to_guest)
{
	uint8_t *p = to_guest ? translate_dirty(h, addr, len) : translate(h, addr, len);

	if (h->entry == FAKE_IDLE)
		fake_fail("DMA outside of any entry point");
	if (p && !shall_fail(h))
		return p;
	h->dma_refused++;
	h->mmio_dma += addr + len > FAKE_MMIO && addr < FAKE_MMIO + FAKE_MMIO_SIZE;
	return NULL;
}

int fake_op_dma_read(void *opaque, uint64_t addr, void *buf, size_t len)
{
	struct fake_host *h = opaque;
	uint8_t *p = access_dma(h, addr, len, false);

	h->dma_reads++;
	if (!p) {
		memset(buf, 0xa5, len); /* undefined: nobody may rely on it */
		return -1;
	}
	memcpy(buf, p, len);
	if (h->on_dma)
		h->on_dma(h, addr, len);
	return 0;
}

int fake_op_dma_write(void *opaque, uint64_t addr, const void *buf, size_t len)
{
	struct fake_host *h = opaque;
	uint8_t *p = access_dma(h, addr, len, true);

	fake_defined(buf, len);
	h->dma_writes++;
	if (!p)
		return -1;
	memcpy(p, buf, len);
	return 0;
}

/*
 * A copy of its own size, so that a sanitizer sees an access beyond it or after it was given back.
 */
static uint8_t *bounce(const uint8_t *p, size_t len)
{
	uint8_t *copy = malloc(len);

	if (!copy)
		fake_fail("out of memory");
	memcpy(copy, p, len);
	return copy;
}

void *fake_op_dma_map(void *opaque, uint64_t addr, size_t *len, bool to_guest)
{
	struct fake_host *h = opaque;
	struct fake_mapping *m = &h->maps[h->n_maps];
	uint8_t *p;

	h->dma_maps++;
	if (!*len)
		fake_fail("map of nothing");
	if (h->map == FAKE_MAP_REFUSED)
		return NULL;
	*len = memory_from(addr, *len);
	if (h->map == FAKE_MAP_SHORT && *len > h->map_max)
		*len = h->map_max;
	p = access_dma(h, addr, *len, to_guest);
	if (!p)
		return NULL;
	if (h->n_maps == FAKE_MAPS)
		fake_fail("more than %u maps", FAKE_MAPS);
	m->bounce = h->map == FAKE_MAP_BOUNCE;
	m->ptr = m->bounce ? bounce(p, *len) : p;
	m->addr = addr;
	m->len = *len;
	m->to_guest = to_guest;
	h->n_maps++;
	return m->ptr;
}

void fake_op_dma_unmap(void *opaque, void *ptr, size_t len, bool to_guest, size_t used)
{
	struct fake_host *h = opaque;
	struct fake_mapping *m = NULL;

	for (unsigned i = 0; i < h->n_maps; i++)
		if (h->maps[i].ptr == ptr && h->maps[i].len == len &&
		    h->maps[i].to_guest == to_guest)
			m = &h->maps[i];
	if (!m || used > len)
		fake_fail("unmap of %zu bytes, %zu used, that were not mapped so", len, used);
	if (to_guest)
		fake_defined(ptr, used);
	if (m->bounce) {
		if (to_guest)
			memcpy(translate(h, m->addr, m->len), ptr, used);
		free(ptr);
	}
	*m = h->maps[--h->n_maps];
}

/* ---- the guest's view ---- */

uint8_t *fake_mem(struct fake_host *h, uint64_t addr, size_t len)
{
	uint8_t *p = translate_dirty(h, addr, len);

	if (!p)
		fake_fail("test uses %#llx as memory", (unsigned long long)addr);
	return p;
}

static uint64_t bump(uint64_t base, uint64_t room, uint64_t *used, size_t size, size_t align)
{
	uint64_t at = (*used + align - 1) / align * align;

	if (at + size > room)
		fake_fail("guest memory is used up");
	*used = at + size;
	return base + at;
}

uint64_t fake_alloc(struct fake_host *h, size_t size, size_t align)
{
	return bump(FAKE_LOW, FAKE_LOW_SIZE, &h->low_used, size, align);
}

uint64_t fake_alloc_high(struct fake_host *h, size_t size, size_t align)
{
	return bump(FAKE_HIGH, FAKE_HIGH_SIZE, &h->high_used, size, align);
}

void fake_put(struct fake_host *h, uint64_t addr, const void *buf, size_t len)
{
	memcpy(fake_mem(h, addr, len), buf, len);
}

void fake_get(struct fake_host *h, uint64_t addr, void *buf, size_t len)
{
	memcpy(buf, fake_mem(h, addr, len), len);
}

void fake_fill(struct fake_host *h, uint64_t addr, uint8_t val, size_t len)
{
	memset(fake_mem(h, addr, len), val, len);
}

void fake_put_le(struct fake_host *h, uint64_t addr, uint64_t val, unsigned size)
{
	uint8_t *p = fake_mem(h, addr, size);

	for (unsigned i = 0; i < size; i++)
		p[i] = (uint8_t)(val >> (8 * i));
}

uint64_t fake_get_le(struct fake_host *h, uint64_t addr, unsigned size)
{
	const uint8_t *p = fake_mem(h, addr, size);
	uint64_t val = 0;

	for (unsigned i = 0; i < size; i++)
		val |= (uint64_t)p[i] << (8 * i);
	return val;
}
