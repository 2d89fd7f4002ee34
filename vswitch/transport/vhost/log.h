/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The dirty log of a live migration: one bit for each page of the guest that was written.
 *
 * The front end shares the bits with us and clears those that it has read, at any time; so they are
 * set by an atomic or (vhost-user, "Migration"). Pages beyond the log are not logged: its size is
 * the front end's word.
 */
#ifndef VSWITCH_VHOST_LOG_H
#define VSWITCH_VHOST_LOG_H

#include "peer/map.h"

#define VHOST_LOG_PAGE 12u /* 4 KiB, whatever the guest's pages are */

/**
 * struct vhost_log - The log
 * @map: Its bits; without host address: there is none
 */
struct vhost_log {
	struct peer_map map;
};

/**
 * vsw_vhost_log() - Pages were written
 * @log: The log
 * @gpa: Guest-physical address of the first byte
 * @len: Bytes, not 0
 *
 * Call it after the writes, and before whoever was given the bytes can answer.
 */
static inline void vsw_vhost_log(const struct vhost_log *log, uint64_t gpa, uint64_t len)
{
	uint64_t last = (gpa + len - 1) >> VHOST_LOG_PAGE;

	for (uint64_t page = gpa >> VHOST_LOG_PAGE; page <= last; page++)
		if (page / 8 < log->map.size)
			__atomic_fetch_or(&log->map.host[page / 8], (uint8_t)(1u << page % 8),
					  __ATOMIC_RELEASE);
}

#endif
