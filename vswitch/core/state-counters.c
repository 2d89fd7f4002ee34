/* SPDX-License-Identifier: BSD-2-Clause */
/* Counters of a port, drops under the names of their reasons. They are loaded last: loading may
 * count. */
#include "core/state-core.h"

#define DROP(reason, name_, at, help)                                     \
	{ .name = "drop." name_,                                          \
	  .off = offsetof(struct vsw_counters, drops[VSW_DROP_##reason]), \
	  .size = sizeof(uint64_t),                                       \
	  .count = 1 },
#define COUNTER(member)                                                               \
	{                                                                             \
		.name = #member, .off = offsetof(struct vsw_counters, member),        \
		.size = sizeof(HWNET_MEMBER(struct vsw_counters, member)), .count = 1 \
	}
#define TRAFFIC(way)                                                                            \
	COUNTER(way.unicast.frames), COUNTER(way.unicast.bytes), COUNTER(way.multicast.frames), \
		COUNTER(way.multicast.bytes), COUNTER(way.broadcast.frames),                    \
		COUNTER(way.broadcast.bytes), COUNTER(way.gso)

static const struct hwnet_field fields[] = { TRAFFIC(in),
					     TRAFFIC(out),
					     COUNTER(segmented),
					     COUNTER(csummed),
					     COUNTER(queued),
					     COUNTER(delay_max),
					     HWNET_FIELD_ARRAY(struct vsw_counters, delay_hist),
					     COUNTER(ecn_marked),
					     COUNTER(held),
					     COUNTER(moves),
					     VSW_DROPS(DROP) };

static uint32_t save(const struct vsw_state_of *of, void *items, uint32_t n)
{
	*(struct vsw_counters *)items = of->port->c;
	return 1;
}

static void load(const struct vsw_state_of *of, void *items, uint32_t n)
{
	of->port->c = *(const struct vsw_counters *)items;
}

const struct vsw_state_part vsw_state_counters = {
	.name = "counters",
	.list = STATE_LIST(fields, struct vsw_counters),
	.save = save,
	.load = load,
};
