/* SPDX-License-Identifier: BSD-2-Clause */
/* Addresses of groups. */
#ifndef VSWITCH_MCAST_ADDR_H
#define VSWITCH_MCAST_ADDR_H

#include "policy/mcast.h"

/* mcast_mac() - MAC address of a group (RFC 1112 6.4, RFC 2464 7) */
static inline uint64_t mcast_mac(const struct mcast_addr *addr, bool v6)
{
	return v6 ? UINT64_C(0x333300000000) | frame_be32(addr->b + 12) :
		    UINT64_C(0x01005e000000) | (frame_be32(addr->b) & 0x7fffff);
}

/*
 * mcast_tracked() - Is this a group that snooping looks at? Not 224.0.0.x and what has link-local
 * scope or less: those are flooded always (RFC 4541 2.1.2 (2), 3), since not all hosts report them,
 * and neighbour discovery must not depend on reports.
 */
static inline bool mcast_tracked(const struct mcast_addr *addr, bool v6)
{
	if (v6)
		return addr->b[0] == 0xff && (addr->b[1] & 15) > 2;
	return (addr->b[0] & 0xf0) == 0xe0 && (frame_be32(addr->b) & 0xffffff00) != 0xe0000000;
}

/* mcast_all_hosts() - The group that general queries are for */
static inline struct mcast_addr mcast_all_hosts(bool v6)
{
	return v6 ? (struct mcast_addr) { { 0xff, 2, [15] = 1 } } :
		    (struct mcast_addr) { { 224, 0, 0, 1 } };
}

#endif
