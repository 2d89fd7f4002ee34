/* SPDX-License-Identifier: BSD-2-Clause */
/* Levels of a port's shapers and of its storm control, as parts of a saved state. */
#include "policy/levels-state.h"

#define LEVEL(type, member)                                                                        \
	{ .name = #member ".left",                                                                 \
	  .off = offsetof(type, member.left),                                                      \
	  .size = 8,                                                                               \
	  .count = 1,                                                                              \
	  .max = STATE_LONG },                                                                     \
	{                                                                                          \
		.name = #member ".rest", .off = offsetof(type, member.rest), .size = 8, .count = 1 \
	}

/* struct shaping - of both ways; @peak: the bucket within a burst */
struct shaping {
	struct state_level in, in_peak, out, out_peak;
};

static const struct hwnet_field shaping_fields[] = {
	LEVEL(struct shaping, in),
	LEVEL(struct shaping, in_peak),
	LEVEL(struct shaping, out),
	LEVEL(struct shaping, out_peak),
};

static uint32_t shaping_count(const struct vsw_state_of *of)
{
	return of->port->policy.shape_in.average || of->port->policy.shape_out.average;
}

static uint32_t shaping_save(const struct vsw_state_of *of, void *items, uint32_t n)
{
	const struct vsw_port *p = of->port;
	struct shaping *s = items;

	s->in = state_level(of, &p->in_average);
	s->in_peak = state_level(of, &p->in_peak);
	s->out = state_level(of, &p->out_average);
	s->out_peak = state_level(of, &p->out_peak);
	return 1;
}

static void shaping_load(const struct vsw_state_of *of, void *items, uint32_t n)
{
	const struct shaping *s = items;
	struct vsw_port *p = of->port;

	state_level_set(of, &p->in_average, &s->in, STATE_MOST_BITS);
	state_level_set(of, &p->in_peak, &s->in_peak, STATE_MOST_BITS);
	state_level_set(of, &p->out_average, &s->out, STATE_MOST_BITS);
	state_level_set(of, &p->out_peak, &s->out_peak, STATE_MOST_BITS);
}

static const struct vsw_state_part shaping = {
	.name = "shaping",
	.list = STATE_LIST(shaping_fields, struct shaping),
	.count = shaping_count,
	.save = shaping_save,
	.load = shaping_load,
};

/* struct storm - by what is limited */
struct storm {
	struct state_level unknown, multicast, broadcast;
};

static const struct hwnet_field storm_fields[] = {
	LEVEL(struct storm, unknown),
	LEVEL(struct storm, multicast),
	LEVEL(struct storm, broadcast),
};

static uint32_t storm_count(const struct vsw_state_of *of)
{
	const struct vsw_storm_policy *s = &of->port->policy.storm;

	return s->unknown || s->multicast || s->broadcast;
}

static uint32_t storm_save(const struct vsw_state_of *of, void *items, uint32_t n)
{
	const struct vsw_port *p = of->port;
	struct storm *s = items;

	s->unknown = state_level(of, &p->storm[KIND_UNICAST]);
	s->multicast = state_level(of, &p->storm[KIND_MULTICAST]);
	s->broadcast = state_level(of, &p->storm[KIND_BROADCAST]);
	return 1;
}

static void storm_load(const struct vsw_state_of *of, void *items, uint32_t n)
{
	const struct storm *s = items;
	struct vsw_port *p = of->port;

	state_level_set(of, &p->storm[KIND_UNICAST], &s->unknown, STATE_MOST_FRAMES);
	state_level_set(of, &p->storm[KIND_MULTICAST], &s->multicast, STATE_MOST_FRAMES);
	state_level_set(of, &p->storm[KIND_BROADCAST], &s->broadcast, STATE_MOST_FRAMES);
}

static const struct vsw_state_part storm = {
	.name = "storm",
	.list = STATE_LIST(storm_fields, struct storm),
	.count = storm_count,
	.save = storm_save,
	.load = storm_load,
};

const struct vsw_state_part *const vsw_shape_state[] = { &shaping, NULL };
const struct vsw_state_part *const vsw_storm_state[] = { &storm, NULL };
