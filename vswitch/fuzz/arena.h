/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory that can be put back to what it was.
 *
 * DOC: Theory of Operation
 *
 * To make a switch with all its ports costs more than most executions do with it. So it is made
 * once, what it is made of lies in one piece of memory, an arena, and an execution begins with the
 * arena as it was then. The linker's --wrap leads malloc(), calloc(), realloc(), free(), mmap() and
 * munmap() of the tested code here. Between arena_begin() and arena_end() memory comes from the
 * arena, at other times from the C library; what is given back goes where it came from.
 *
 * Of some MiB an execution changes little. After arena_keep() pages are watched for writes, by a
 * signal, and only those that were written are put back (and compared first, for some time, so that
 * pages that are written often bring no signals).
 *
 * Each block has a header of 16 bytes in front and at least 16 bytes behind that belong to nobody.
 * Blocks that were given back wait in a list for each size, but for those of before arena_keep():
 * they are not written and not lent again, so what an execution borrows lies behind the pages that
 * are watched. With AddressSanitizer all that is not lent is poisoned, as the C library's heap
 * would be, and a block is lent again only after ARENA_DELAY others of its size. New memory has the
 * same contents at each execution: zero, or ARENA_FILL.
 */
#ifndef VSWITCH_FUZZ_ARENA_H
#define VSWITCH_FUZZ_ARENA_H

#include <stddef.h>

struct arena;

/**
 * arena_new() - Make an arena
 *
 * Return: the arena; it is never freed.
 */
struct arena *arena_new(void);

/**
 * arena_begin() - Memory comes from the arena from now on
 * @a: The arena
 */
void arena_begin(struct arena *a);

/** arena_end() - Memory comes from the C library again */
void arena_end(void);

/**
 * arena_live() - How much of an arena is lent
 * @a: The arena
 *
 * Return: blocks that were not given back.
 */
size_t arena_live(const struct arena *a);

/**
 * arena_keep() - Note what the arena is now; once
 * @a: The arena
 */
void arena_keep(struct arena *a);

/**
 * arena_put_back() - Make the arena what it was at arena_keep()
 * @a: The arena
 */
void arena_put_back(struct arena *a);

#endif
