/* SPDX-License-Identifier: BSD-2-Clause */
/* For the tests of the parser. */
#ifndef HW_NET_TEST_PARSE_EXACT_H
#define HW_NET_TEST_PARSE_EXACT_H

#include <stdlib.h>
#include <string.h>

#include "hwnet/frame.h"
#include "unit.h"

/* What may follow IP. */
#define KIND \
	(FRAME_PORTS | FRAME_ICMP | FRAME_ICMPV6 | FRAME_MLD | FRAME_IGMP | FRAME_ESP | FRAME_GRE)

/* Parse bytes that stand in a buffer of their own size, so that a sanitizer sees each read
 * beyond. */
static inline struct frame parse_exact(const uint8_t *p, uint32_t have, uint32_t len, unsigned opts)
{
	uint8_t *own = malloc(have ? have : 1);
	struct frame f;

	ck_assert_ptr_nonnull(own);
	memcpy(own, p, have);
	frame_parse_eth(&f, own, have, len, 0, opts);
	free(own);
	return f;
}

static inline struct frame parse(const uint8_t *p, uint32_t len)
{
	return parse_exact(p, len, len, 0);
}

#endif
