/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a device says of itself on its way to another process of the same host: bytes, and
 * descriptors in the order of what they belong to. Numbers are in the machine's own order.
 */
#ifndef HW_NET_PEER_MOVED_H
#define HW_NET_PEER_MOVED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct peer_moved - What is said
 * @fd:    Descriptors; who says them keeps them, who hears takes one and leaves -1
 * @n_fds: Their number
 * @max_fds: Most of them
 * @data:  Bytes
 * @len:   Their number
 * @room:  Most of them
 */
struct peer_moved {
	int *fd;
	unsigned n_fds, max_fds;
	uint8_t *data;
	size_t len, room;
};

/**
 * struct peer_heard - What is left of it for who hears
 * @m:  All of it
 * @at: Bytes heard
 * @fd: Descriptors heard
 */
struct peer_heard {
	const struct peer_moved *m;
	size_t at;
	unsigned fd;
};

/**
 * peer_moved_put() - Say bytes
 * @m:     Where
 * @bytes: What
 * @len:   How many
 *
 * Return: false: there is no room.
 */
bool peer_moved_put(struct peer_moved *m, const void *bytes, size_t len);

/**
 * peer_moved_put_fd() - Say a descriptor
 * @m:  Where
 * @fd: It
 *
 * Return: false: there is no room.
 */
bool peer_moved_put_fd(struct peer_moved *m, int fd);

/**
 * peer_moved_get() - Hear bytes
 * @h:     What is left
 * @bytes: Filled
 * @len:   How many
 *
 * Return: false: so many are not there.
 */
bool peer_moved_get(struct peer_heard *h, void *bytes, size_t len);

/**
 * peer_moved_fd() - Look at the next descriptor; it stays where it is until peer_moved_took_fd()
 * @h: What is left
 *
 * Return: it, or -1.
 */
int peer_moved_fd(const struct peer_heard *h);

/**
 * peer_moved_took_fd() - The next descriptor is the caller's now
 * @h: What is left; there is one
 */
void peer_moved_took_fd(struct peer_heard *h);

/**
 * peer_moved_over() - Was all of it heard?
 * @h: What is left
 *
 * Return: whether.
 */
bool peer_moved_over(const struct peer_heard *h);

#endif
