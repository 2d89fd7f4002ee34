/* SPDX-License-Identifier: BSD-2-Clause */
/* The bytes of queries. */
#ifndef VSWITCH_MCAST_QUERY_H
#define VSWITCH_MCAST_QUERY_H

#include "policy/mcast.h"

#define QUERY_MAX 90u

/*
 * struct mcast_query - a query
 * @version:   IGMP 2 or 3, MLD 1 or 2
 * @response:  Maximum response time, ms, less than 12800
 * @interval:  Seconds between general queries
 * @mac: @src: Where it comes from
 * @group:     What it asks for; zeros: a general query
 */
struct mcast_query {
	bool v6;
	unsigned version;
	uint32_t response, interval;
	uint64_t mac;
	struct mcast_addr src, group;
};

uint32_t vsw_mcast_query(uint8_t *p, const struct mcast_query *q);

#endif
