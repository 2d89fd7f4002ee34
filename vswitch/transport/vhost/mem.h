/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A driver's memory: regions, each with a guest-physical address, an address in the peer's process,
 * and a map in ours.
 *
 * Rings hold guest-physical addresses, messages the peer's. Regions are sorted by the former and
 * never overlap there; an address of the peer's may be in two regions that are the same memory.
 * They change on the control half's thread, while the rings are at rest.
 */
#ifndef VSWITCH_VHOST_MEM_H
#define VSWITCH_VHOST_MEM_H

#include "map.h"

/** VHOST_MEM_SLOTS - Most regions of a device. */
#define VHOST_MEM_SLOTS 509u

/**
 * struct vhost_range - A region as messages say it (vhost-user, "Memory region description")
 * @gpa:    Guest-physical address
 * @size:   Bytes
 * @uva:    Address in the peer's process
 * @offset: Where it begins in its file
 */
struct vhost_range {
	uint64_t gpa, size, uva, offset;
};

/**
 * struct vhost_region - A region
 * @range: Where it is elsewhere
 * @map:   Where it is here
 */
struct vhost_region {
	struct vhost_range range;
	struct vhost_map map;
};

/**
 * struct vhost_mem - All of them
 * @region: Sorted by guest-physical address
 * @n:      Their number
 * @room:   Entries that there is memory for
 * @broken: Pages could not be had (map.h): the device must go
 */
struct vhost_mem {
	struct vhost_region *region;
	unsigned n, room;
	atomic_bool broken;
};

/**
 * vsw_vhost_mem_add() - Add a region
 * @mem:   The memory
 * @range: From a message
 * @fd:    Its file; taken on success
 *
 * Return: NULL, or what is wrong, and nothing changed.
 */
const char *vsw_vhost_mem_add(struct vhost_mem *mem, const struct vhost_range *range, int fd);

/**
 * vsw_vhost_mem_remove() - Remove a region
 * @mem:   The memory
 * @range: From a message; all but @offset must be as it was
 *
 * Return: NULL, or what is wrong.
 */
const char *vsw_vhost_mem_remove(struct vhost_mem *mem, const struct vhost_range *range);

/**
 * vsw_vhost_mem_clear() - Remove all regions
 * @mem: The memory or zeros; zeros after it
 */
void vsw_vhost_mem_clear(struct vhost_mem *mem);

/**
 * vsw_vhost_mem_find() - Find the region of a guest-physical address
 * @mem: The memory
 * @gpa: The address
 *
 * Return: the region, or NULL.
 */
const struct vhost_region *vsw_vhost_mem_find(const struct vhost_mem *mem, uint64_t gpa);

/**
 * vsw_vhost_mem_user() - Find something that the peer has told by its own address
 * @mem: The memory
 * @uva: Address in the peer's process
 * @len: Bytes, all of them in one region
 * @gpa: Filled with its guest-physical address
 *
 * Return: where it is here, or NULL.
 */
void *vsw_vhost_mem_user(const struct vhost_mem *mem, uint64_t uva, uint64_t len, uint64_t *gpa);

#endif
