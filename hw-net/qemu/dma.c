// SPDX-License-Identifier: GPL-2.0-or-later
/* A card's way to guest memory; see dma.h. */
#include "dma.h"
#include "hwnet/dma-copy.h"
#include "trace.h"

/* Binary search: the first range that does not end before @addr; @n if there is none. */
static unsigned range_from(const struct vc_dma *dma, uint64_t addr)
{
	unsigned lo = 0, hi = dma->n;

	while (lo < hi) {
		unsigned mid = (lo + hi) / 2;

		if (dma->ranges[mid].last < addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static __attribute__((noinline)) struct vc_dma_range *range_search(struct vc_dma *dma,
								   uint64_t addr)
{
	unsigned i = range_from(dma, addr);

	if (i == dma->n || dma->ranges[i].start > addr)
		return NULL;
	dma->hit = i;
	return &dma->ranges[i];
}

/* The range that holds @addr, or NULL. */
static inline struct vc_dma_range *range_of(struct vc_dma *dma, uint64_t addr)
{
	struct vc_dma_range *r = &dma->ranges[dma->hit];

	if (likely(addr >= r->start && addr <= r->last))
		return r;
	return range_search(dma, addr);
}

/* The range that holds all of it, or NULL. */
static inline struct vc_dma_range *range_of_all(struct vc_dma *dma, uint64_t addr, size_t len)
{
	struct vc_dma_range *r = range_of(dma, addr);

	return r && len - 1 <= r->last - addr ? r : NULL;
}

static void tell_slow(struct vc_dma *dma, const char *what, uint64_t addr, size_t len,
		      MemTxResult res)
{
	if (*dma->trace & VC_TRACE_DMA)
		vc_trace_line(VC_TRACE_DMA, dma->name,
			      "%s of %zu bytes at 0x%" PRIx64 " took the slow way%s", what, len,
			      addr, res == MEMTX_OK ? "" : " and failed");
}

int vc_dma_read(struct vc_dma *dma, uint64_t addr, void *buf, size_t len)
{
	struct vc_dma_range *r;
	MemTxResult res;

	if (!len)
		return 0;
	r = range_of_all(dma, addr, len);
	if (likely(r)) {
		hwnet_dma_copy(buf, r->host + (addr - r->start), len);
		smp_rmb(); /* descriptors are read before what they point to */
		return 0;
	}
	if (!dma->as)
		return -1;
	res = dma_memory_read(dma->as, addr, buf, len, dma->attrs);
	tell_slow(dma, "read", addr, len, res);
	return res == MEMTX_OK ? 0 : -1;
}

/*
 * Is a page's bit set in the translator's bitmap: no translated code in it? The bitmap is replaced
 * under the big lock only.
 */
static inline bool has_no_code(uint64_t page)
{
	const DirtyMemoryBlocks *b = ram_list.dirty_memory[DIRTY_MEMORY_CODE];

	return test_bit(page % DIRTY_MEMORY_BLOCK_SIZE, b->blocks[page / DIRTY_MEMORY_BLOCK_SIZE]);
}

/*
 * Does someone want to know that pages were written? Not if it is the translator alone, and it has
 * no code there.
 */
static inline bool is_watched(const struct vc_dma *dma, const struct vc_dma_range *r,
			      uint64_t offset, size_t len)
{
	uint64_t first = (r->ram + offset) >> dma->page_bits,
		 last = (r->ram + offset + len - 1) >> dma->page_bits;

	return r->watchers != 1 << DIRTY_MEMORY_CODE || last - first > 1 || !has_no_code(first) ||
	       (first != last && !has_no_code(last));
}

static inline void dirty(const struct vc_dma *dma, struct vc_dma_range *r, uint64_t offset,
			 size_t len)
{
	if (r->watchers && unlikely(is_watched(dma, r, offset, len)))
		address_space_cache_invalidate(&r->cache, offset, len);
}

/* In the same order. */
static __attribute__((noinline)) int write_slow(struct vc_dma *dma, uint64_t addr,
						const uint8_t *buf, size_t len)
{
	size_t first = len == 16 ? 8 : 0;
	MemTxResult res = MEMTX_OK;

	if (!dma->as)
		return -1;
	if (first)
		res = dma_memory_write(dma->as, addr, buf, first, dma->attrs);
	res |= dma_memory_write(dma->as, addr + first, buf + first, len - first, dma->attrs);
	tell_slow(dma, "write", addr, len, res);
	return res == MEMTX_OK ? 0 : -1;
}

int vc_dma_write(struct vc_dma *dma, uint64_t addr, const void *buf, size_t len)
{
	struct vc_dma_range *r;

	if (!len)
		return 0;
	r = range_of_all(dma, addr, len);
	if (unlikely(!r))
		return write_slow(dma, addr, buf, len);
	smp_wmb(); /* payload is seen before the status that announces it */
	hwnet_dma_copy_out(r->host + (addr - r->start), buf, len);
	dirty(dma, r, addr - r->start, len);
	return 0;
}

void *vc_dma_map(struct vc_dma *dma, uint64_t addr, size_t *len)
{
	struct vc_dma_range *r = range_of(dma, addr);

	if (!r)
		return NULL;
	if (*len && *len - 1 > r->last - addr)
		*len = r->last - addr + 1;
	return r->host + (addr - r->start);
}

/* Does this range lie around @ptr? */
static bool holds(const struct vc_dma_range *r, const uint8_t *ptr)
{
	return r->host && ptr >= r->host && (uint64_t)(ptr - r->host) <= r->last - r->start;
}

/* Memory that left the table since it was borrowed, in the same call. */
static void dirty_unlisted(void *ptr, size_t len)
{
	ram_addr_t offset;
	MemoryRegion *mr;

	RCU_READ_LOCK_GUARD();
	mr = memory_region_from_host(ptr, &offset);
	if (mr)
		memory_region_set_dirty(mr, offset, len);
}

void vc_dma_dirty(struct vc_dma *dma, void *ptr, size_t len)
{
	struct vc_dma_range *r = &dma->ranges[dma->hit];

	for (unsigned i = 0; !holds(r, ptr); i++) {
		if (i == dma->n) {
			dirty_unlisted(ptr, len);
			return;
		}
		r = &dma->ranges[i];
	}
	dirty(dma, r, (uint8_t *)ptr - r->host, len);
}

/*
 * RAM that this process can reach by pointer and a device may write. Xen maps guest memory by
 * pieces and wants to know all.
 */
static bool is_plain_ram(const MemoryRegionSection *s)
{
	MemoryRegion *mr = s->mr;

	return !xen_enabled() && memory_region_is_ram(mr) && !memory_region_is_ram_device(mr) &&
	       !memory_region_is_rom(mr) && !s->readonly && memory_region_get_ram_ptr(mr);
}

/*
 * An entry that matches no address stands behind the last one, so that @hit = 0 is good in an empty
 * table.
 */
static void close_table(struct vc_dma *dma)
{
	dma->ranges[dma->n].start = 1;
	dma->ranges[dma->n].last = 0;
	dma->ranges[dma->n].host = NULL;
	dma->ranges[dma->n].cache.mrs.mr = NULL;
}

static void region_add(MemoryListener *listener, MemoryRegionSection *s)
{
	struct vc_dma *dma = container_of(listener, struct vc_dma, listener);
	uint64_t start = s->offset_within_address_space,
		 last = start + int128_get64(int128_sub(s->size, int128_one()));
	struct vc_dma_range *r;
	unsigned i = range_from(dma, start);

	if (!is_plain_ram(s))
		return;
	if (dma->n + 1 >= dma->room) {
		dma->room = MAX(16, 2 * dma->room);
		dma->ranges = g_renew(struct vc_dma_range, dma->ranges, dma->room);
	}
	r = &dma->ranges[i];
	memmove(r + 1, r, (dma->n - i) * sizeof(*r));
	memset(r, 0, sizeof(*r));
	r->start = start;
	r->last = last;
	r->host = (uint8_t *)memory_region_get_ram_ptr(s->mr) + s->offset_within_region;
	r->ram = memory_region_get_ram_addr(s->mr) + s->offset_within_region;
	r->watchers = memory_region_get_dirty_log_mask(s->mr);
	r->cache.ptr = r->host;
	r->cache.is_write = true;
	r->cache.len = last - start + 1;
	r->cache.xlat = s->offset_within_region;
	r->cache.mrs.mr = s->mr;
	dma->n++;
	dma->hit = i;
	close_table(dma);
}

static void region_del(MemoryListener *listener, MemoryRegionSection *s)
{
	struct vc_dma *dma = container_of(listener, struct vc_dma, listener);
	uint64_t start = s->offset_within_address_space;
	unsigned i = range_from(dma, start);
	struct vc_dma_range *r = &dma->ranges[i];

	if (i == dma->n || r->start != start || r->cache.mrs.mr != s->mr)
		return;
	memmove(r, r + 1, (dma->n - i - 1) * sizeof(*r));
	dma->n--;
	dma->hit = 0;
	close_table(dma);
}

/* Who watches a region has changed: the display, migration, the translator. */
static void watchers_change(MemoryListener *listener, MemoryRegionSection *s, int old, int new)
{
	struct vc_dma *dma = container_of(listener, struct vc_dma, listener);
	uint64_t start = s->offset_within_address_space;
	struct vc_dma_range *r = &dma->ranges[range_from(dma, start)];

	if (r->start == start && r->cache.mrs.mr == s->mr)
		r->watchers = new;
}

void vc_dma_init(struct vc_dma *dma, PCIDevice *dev, const char *name, const uint32_t *trace)
{
	dma->name = name;
	dma->trace = trace;
	dma->as = pci_get_address_space(dev);
	dma->attrs = (MemTxAttrs) { .memory = 1, .requester_id = pci_requester_id(dev) };
	dma->page_bits = qemu_target_page_bits();
	dma->room = 16;
	dma->n = dma->hit = 0;
	dma->ranges = g_new0(struct vc_dma_range, dma->room);
	close_table(dma);
	dma->listener = (MemoryListener) {
		.name = "vchassis-dma",
		.region_add = region_add,
		.region_del = region_del,
		.log_start = watchers_change,
		.log_stop = watchers_change,
	};
	memory_listener_register(&dma->listener, dma->as);
}

void vc_dma_fini(struct vc_dma *dma)
{
	memory_listener_unregister(&dma->listener);
	dma->as = NULL;
	dma->n = dma->hit = 0;
	close_table(dma);
}

void vc_dma_free(struct vc_dma *dma)
{
	g_free(dma->ranges);
	dma->ranges = NULL;
}
