/* SPDX-License-Identifier: BSD-2-Clause */
/* Regions of a driver's memory; see mem.h. */
#include "mem.h"

#include <stdlib.h>
#include <string.h>

static bool overlap(uint64_t a, uint64_t a_size, uint64_t b, uint64_t b_size)
{
	return a < b ? b - a < a_size : a - b < b_size;
}

/* Place that a region would have, by its guest-physical address */
static unsigned place(const struct peer_mem *mem, uint64_t gpa)
{
	unsigned lo = 0, hi = mem->n;

	while (lo < hi) {
		unsigned mid = (lo + hi) / 2;

		if (mem->region[mid].range.gpa <= gpa)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

const char *peer_mem_check(const struct peer_mem *mem, const struct peer_range *range)
{
	if (!range->size || range->gpa + range->size < range->gpa ||
	    range->uva + range->size < range->uva)
		return "memory region wraps around or is empty";
	if (mem->n == PEER_MEM_SLOTS)
		return "too many memory regions";
	for (unsigned i = 0; i < mem->n; i++) {
		const struct peer_range *r = &mem->region[i].range;

		if (overlap(r->gpa, r->size, range->gpa, range->size))
			return "memory region overlaps another";
	}
	return NULL;
}

static bool grow(struct peer_mem *mem)
{
	unsigned room = mem->room ? 2 * mem->room : 8;
	struct peer_region *more;

	if (mem->n < mem->room)
		return true;
	more = realloc(mem->region, room * sizeof(*more));
	if (!more)
		return false;
	mem->region = more;
	mem->room = room;
	return true;
}

const char *peer_mem_put(struct peer_mem *mem, const struct peer_region *region)
{
	const char *why = peer_mem_check(mem, &region->range);
	unsigned at;

	if (!why && !grow(mem))
		why = "out of memory";
	if (why)
		return why;
	at = place(mem, region->range.gpa);
	memmove(mem->region + at + 1, mem->region + at, (mem->n - at) * sizeof(*region));
	mem->region[at] = *region;
	mem->n++;
	return NULL;
}

const char *peer_mem_add(struct peer_mem *mem, const struct peer_range *range, int fd)
{
	struct peer_region new = { .range = *range };
	const char *why = peer_mem_check(mem, range);

	if (!why && !grow(mem))
		why = "out of memory";
	if (!why)
		why = peer_map(&new.map, fd, range->offset, range->size, &mem->broken);
	return why ? why : peer_mem_put(mem, &new);
}

const char *peer_mem_take(struct peer_mem *mem, const struct peer_range *range,
			  struct peer_region *region)
{
	for (unsigned i = 0; i < mem->n; i++) {
		struct peer_region *r = &mem->region[i];

		if (r->range.gpa != range->gpa || r->range.size != range->size ||
		    r->range.uva != range->uva)
			continue;
		*region = *r;
		mem->n--;
		memmove(r, r + 1, (mem->n - i) * sizeof(*r));
		return NULL;
	}
	return "no such memory region";
}

const char *peer_mem_remove(struct peer_mem *mem, const struct peer_range *range)
{
	struct peer_region gone;
	const char *why = peer_mem_take(mem, range, &gone);

	if (!why)
		peer_unmap(&gone.map);
	return why;
}

void peer_mem_move(struct peer_mem *from, struct peer_mem *to)
{
	to->region = from->region;
	to->n = from->n;
	to->room = from->room;
	from->region = NULL;
	from->n = from->room = 0;
}

void peer_mem_clear(struct peer_mem *mem)
{
	for (unsigned i = 0; i < mem->n; i++)
		peer_unmap(&mem->region[i].map);
	free(mem->region);
	memset(mem, 0, sizeof(*mem));
}

const struct peer_region *peer_mem_find(const struct peer_mem *mem, uint64_t gpa)
{
	unsigned i = place(mem, gpa);
	const struct peer_region *r = i ? &mem->region[i - 1] : NULL;

	return r && gpa - r->range.gpa < r->range.size ? r : NULL;
}

void *peer_mem_user(const struct peer_mem *mem, uint64_t uva, uint64_t len, uint64_t *gpa)
{
	for (unsigned i = 0; i < mem->n; i++) {
		const struct peer_region *r = &mem->region[i];
		uint64_t off = uva - r->range.uva;

		if (off >= r->range.size || len > r->range.size - off)
			continue;
		*gpa = r->range.gpa + off;
		return r->map.host + off;
	}
	return NULL;
}
