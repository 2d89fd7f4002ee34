/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A card's way to guest memory.
 *
 * DOC: Theory of Operation
 *
 * QEMU's dma_memory_read() walks the address space for each access, some 50 ns; a card does several
 * per frame. So each card keeps a sorted table of the RAM that its bus-master address space shows,
 * told to it by a MemoryListener, and looks there first, last hit before all. The table follows
 * everything that alters the map: bus-master enable (without it the space is empty), memory
 * hot-plug, a vIOMMU switched on. Both sides run under QEMU's big lock. The table may change while
 * a call into the card runs (life.h), but a pointer from it is good until that call returns: RAM
 * that leaves the map stays in this process until management deletes its back end.
 *
 * RAM only: ROM, device memory and what is behind an IOMMU are not in the table and take the slow
 * way, QEMU's own functions with the attribute that refuses anything but memory. So no DMA of a
 * card ever reaches a device register, its own included.
 *
 * Writes past QEMU's back must be told to it (migration's dirty bitmap, translated code):
 * address_space_cache_invalidate() does that; it asks for a MemoryRegionCache, of which it uses
 * region and offset. It costs some 10 ns, so two cases are seen to here: nobody wants to know (KVM
 * without migration), and only the translator does, but has no code in these pages (their bits are
 * set already). Who wants to know comes from the listener, too.
 */
#ifndef VC_DMA_H
#define VC_DMA_H

#include "compat.h"

/**
 * struct vc_dma_range - A piece of guest RAM
 * @start: @last: Bus addresses
 * @host:  Where it is in this process
 * @ram:   Where it is in QEMU's RAM as a whole, as the dirty bitmaps count
 * @watchers: Who wants to know of writes: bits of DIRTY_MEMORY_*
 * @cache: For address_space_cache_invalidate()
 */
struct vc_dma_range {
	uint64_t start, last;
	uint8_t *host;
	ram_addr_t ram;
	unsigned watchers;
	MemoryRegionCache cache;
};

/**
 * struct vc_dma - A card's map; a member of struct vc_nic
 * @as:     Bus-master address space; NULL: nothing can be reached any more
 * @attrs:  Of its accesses: memory only, with the requester's id
 * @listener: Tells of changes of the map
 * @page_bits: log2 of the target's page size
 * @ranges: @n: @room: the table
 * @hit:    Where the last access was; an index below @n, or 0
 * @name: @trace: the device's, see trace.h
 */
struct vc_dma {
	AddressSpace *as;
	MemTxAttrs attrs;
	MemoryListener listener;
	int page_bits;
	struct vc_dma_range *ranges;
	unsigned n, room, hit;
	const char *name;
	const uint32_t *trace;
};

/**
 * vc_dma_init() - Start following a device's address space
 * @dma: Filled
 * @dev: The device
 * @name: @trace: its name and trace groups, for messages; both outlive @dma
 */
void vc_dma_init(struct vc_dma *dma, PCIDevice *dev, const char *name, const uint32_t *trace);

/**
 * vc_dma_fini() - Stop: nothing can be reached from now on
 * @dma: The map
 */
void vc_dma_fini(struct vc_dma *dma);

/**
 * vc_dma_free() - Free the table
 * @dma: The map, after vc_dma_fini(); no call into the card runs
 */
void vc_dma_free(struct vc_dma *dma);

/**
 * vc_dma_read() - Copy from guest memory
 * @dma:  The map
 * @addr: Bus address
 * @buf:  Where to
 * @len:  How many bytes
 *
 * Return: 0, or -1 if some of it is not memory.
 */
int vc_dma_read(struct vc_dma *dma, uint64_t addr, void *buf, size_t len);

/**
 * vc_dma_write() - Copy to guest memory
 * @dma:  The map
 * @addr: Bus address
 * @buf:  Where from
 * @len:  How many bytes
 *
 * Return: 0, or -1 if some of it is not writable memory.
 */
int vc_dma_write(struct vc_dma *dma, uint64_t addr, const void *buf, size_t len);

/**
 * vc_dma_map() - Borrow guest memory
 * @dma:  The map
 * @addr: Bus address
 * @len:  How many bytes; on return how many were got
 *
 * Return: where it is, or NULL if it is not in the table.
 */
void *vc_dma_map(struct vc_dma *dma, uint64_t addr, size_t *len);

/**
 * vc_dma_dirty() - Say that borrowed memory was written
 * @dma: The map
 * @ptr: From vc_dma_map()
 * @len: Bytes written
 */
void vc_dma_dirty(struct vc_dma *dma, void *ptr, size_t len);

#endif
