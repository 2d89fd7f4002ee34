/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A driver's memory: regions, each with a guest-physical address, an address in the peer's process,
 * and a map in ours.
 *
 * Rings hold guest-physical addresses, messages the peer's. Regions are sorted by the former and
 * never overlap there; an address of the peer's may be in two regions that are the same memory.
 * They change on the control half's thread, while the rings are at rest.
 */
#ifndef HW_NET_PEER_MEM_H
#define HW_NET_PEER_MEM_H

#include "map.h"

/** PEER_MEM_SLOTS - Most regions of a device. */
#define PEER_MEM_SLOTS 509u

/**
 * struct peer_range - A region as messages say it (vhost-user, "Memory region description")
 * @gpa:    Guest-physical address
 * @size:   Bytes
 * @uva:    Address in the peer's process
 * @offset: Where it begins in its file
 */
struct peer_range {
	uint64_t gpa, size, uva, offset;
};

/**
 * struct peer_region - A region
 * @range: Where it is elsewhere
 * @map:   Where it is here; zeros: it is not shared
 * @read_only: Devices must not write to it
 */
struct peer_region {
	struct peer_range range;
	struct peer_map map;
	bool read_only;
};

/**
 * struct peer_mem - All of them
 * @region: Sorted by guest-physical address
 * @n:      Their number
 * @room:   Entries that there is memory for
 * @broken: Pages could not be had (map.h): the device must go
 */
struct peer_mem {
	struct peer_region *region;
	unsigned n, room;
	atomic_bool broken;
};

/**
 * peer_mem_add() - Add a region
 * @mem:   The memory
 * @range: From a message
 * @fd:    Its file; taken on success
 *
 * Return: NULL, or what is wrong, and nothing changed.
 */
const char *peer_mem_add(struct peer_mem *mem, const struct peer_range *range, int fd);

/**
 * peer_mem_check() - Is there room for a region where it wants to be?
 * @mem:   The memory; nothing changes
 * @range: From a message: hostile
 *
 * Return: NULL, or what is wrong.
 */
const char *peer_mem_check(const struct peer_mem *mem, const struct peer_range *range);

/**
 * peer_mem_put() - Add a region that is mapped, or not shared
 * @mem:    The memory
 * @region: The region; its map is the memory's on success
 *
 * Return: NULL, or what is wrong, and nothing changed.
 */
const char *peer_mem_put(struct peer_mem *mem, const struct peer_region *region);

/**
 * peer_mem_take() - Take a region out, mapped as it is
 * @mem:    The memory
 * @range:  From a message; all but @offset must be as it was
 * @region: Filled; its map is the caller's
 *
 * Return: NULL, or what is wrong.
 */
const char *peer_mem_take(struct peer_mem *mem, const struct peer_range *range,
			  struct peer_region *region);

/**
 * peer_mem_move() - Take all regions out, mapped as they are
 * @from: The memory
 * @to:   Zeros, filled
 */
void peer_mem_move(struct peer_mem *from, struct peer_mem *to);

/**
 * peer_mem_remove() - Remove a region
 * @mem:   The memory
 * @range: From a message; all but @offset must be as it was
 *
 * Return: NULL, or what is wrong.
 */
const char *peer_mem_remove(struct peer_mem *mem, const struct peer_range *range);

/**
 * peer_mem_clear() - Remove all regions
 * @mem: The memory or zeros; zeros after it
 */
void peer_mem_clear(struct peer_mem *mem);

/**
 * peer_mem_find() - Find the region of a guest-physical address
 * @mem: The memory
 * @gpa: The address
 *
 * Return: the region, or NULL.
 */
const struct peer_region *peer_mem_find(const struct peer_mem *mem, uint64_t gpa);

/**
 * peer_mem_user() - Find something that the peer has told by its own address
 * @mem: The memory
 * @uva: Address in the peer's process
 * @len: Bytes, all of them in one region
 * @gpa: Filled with its guest-physical address
 *
 * Return: where it is here, or NULL.
 */
void *peer_mem_user(const struct peer_mem *mem, uint64_t uva, uint64_t len, uint64_t *gpa);

#endif
