/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory of another process, mapped so that it can harm nobody but itself.
 *
 * DOC: Theory of Operation
 *
 * A peer passes a file descriptor and says that a range of it is memory to be shared. What could go
 * wrong with that is dealt with here:
 *
 *  - The file is something else than memory. A page of a file that is served by another process
 *    (FUSE, NFS) may take for ever to come, and with it the thread that touches it; a device may do
 *    anything. Only files of tmpfs (memfd, /dev/shm) and hugetlbfs are taken.
 *  - The range is not in the file: refused.
 *  - The file is truncated later, or the system has no huge page to spare when a page is touched
 *    first. The kernel then sends SIGBUS. A handler, installed with the first map, finds the map
 *    that the address lies in, puts empty private memory in the place of all of it, and notes that
 *    it is *broken*. The access goes on and finds zeros; whoever owns the map looks at @broken
 *    after each burst and ends the connection. A SIGBUS elsewhere goes to whoever had the signal
 *    before.
 *
 * Maps are made and removed on one thread while nobody else uses them; others are used at the same
 * time by other threads.
 */
#ifndef HW_NET_PEER_MAP_H
#define HW_NET_PEER_MAP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** PEER_MAPS - Most maps in a process. */
#define PEER_MAPS 16384u

/**
 * struct peer_map - A mapped range; zeros: none
 * @host: Where the range begins in this process
 * @size: Its length
 * @offset: Where it begins in the file
 * @fd:   The descriptor, ours to close
 * @base: @len: What is mapped: the range, rounded to pages
 * @guard: Place in the handler's table
 */
struct peer_map {
	uint8_t *host;
	uint64_t size, offset;
	int fd;
	void *base;
	size_t len;
	unsigned guard;
};

/**
 * peer_is_memory() - Is it a file that reading and writing cannot wait for?
 * @fd: A descriptor of any kind
 *
 * Return: true for a file of memfd, tmpfs or hugetlbfs.
 */
bool peer_is_memory(int fd);

/**
 * peer_map() - Map a range of a peer's file
 * @map:    Filled
 * @fd:     The file; taken on success
 * @offset: Where the range begins
 * @size:   Its length
 * @broken: Set to true, from a signal handler, if pages of it could not be had; outlives the map
 *
 * Return: NULL, or what is wrong.
 */
const char *peer_map(struct peer_map *map, int fd, uint64_t offset, uint64_t size,
		     atomic_bool *broken);

/**
 * peer_map_touch() - Have the system find the pages of a part of a map now
 * @at:  Where it begins
 * @len: Its length
 *
 * What cannot be had now is found when it is touched.
 */
void peer_map_touch(void *at, uint64_t len);

/**
 * peer_unmap() - Undo it, and close the file
 * @map: The map or zeros; zeros after it
 */
void peer_unmap(struct peer_map *map);

#endif
