/* SPDX-License-Identifier: BSD-2-Clause */
/* Levels of network I/O control at an uplink, as parts of a saved state. Classes are found again by
 * their names. */
#include "core/queue.h"
#include "policy/levels-state.h"

/* struct line - of the uplink; @time: virtual time of the class served last */
struct line {
	uint64_t time;
	struct state_level level;
};

static const struct hwnet_field line_fields[] = {
	HWNET_FIELD(struct line, time),
	HWNET_FIELD_RANGE(struct line, level.left, 0, STATE_LONG),
	HWNET_FIELD(struct line, level.rest),
};

static uint32_t classes_count(const struct vsw_state_of *of)
{
	return of->port->is_uplink ? of->sw->policy.n_classes : 0;
}

static uint32_t line_count(const struct vsw_state_of *of)
{
	return classes_count(of) != 0;
}

static uint32_t line_save(const struct vsw_state_of *of, void *items, uint32_t n)
{
	const struct vsw_queue *q = of->port->queue;

	*(struct line *)items = (struct line) { q->time, state_level(of, &q->line) };
	return 1;
}

static void line_load(const struct vsw_state_of *of, void *items, uint32_t n)
{
	const struct line *l = items;

	if (!classes_count(of))
		return;
	of->port->queue->time = l->time;
	state_level_set(of, &of->port->queue->line, &l->level, STATE_MOST_BITS);
}

static const struct vsw_state_part line = {
	.name = "line",
	.list = STATE_LIST(line_fields, struct line),
	.whole = true,
	.count = line_count,
	.save = line_save,
	.load = line_load,
};

/* struct class - one of them */
struct class
{
	uint64_t name, time;
	struct state_level limit, reservation;
};

static const struct hwnet_field class_fields[] = {
	HWNET_FIELD(struct class, name),
	HWNET_FIELD(struct class, time),
	HWNET_FIELD_RANGE(struct class, limit.left, 0, STATE_LONG),
	HWNET_FIELD(struct class, limit.rest),
	HWNET_FIELD_RANGE(struct class, reservation.left, 0, STATE_LONG),
	HWNET_FIELD(struct class, reservation.rest),
};

static uint32_t classes_save(const struct vsw_state_of *of, void *items, uint32_t n)
{
	struct class *c = items;

	for (uint32_t i = 0; i < n; i++) {
		const struct qclass *q = &of->port->queue->class[i];

		c[i] = (struct class) { state_name(of->sw->policy.class[i].name), q->time,
					state_level(of, &q->limit),
					state_level(of, &q->reservation) };
	}
	return n;
}

static bool class_load(const struct vsw_state_of *of, const struct class *c)
{
	for (unsigned i = 0; i < classes_count(of); i++) {
		struct qclass *q = &of->port->queue->class[i];

		if (state_name(of->sw->policy.class[i].name) != c->name)
			continue;
		q->time = c->time;
		state_level_set(of, &q->limit, &c->limit, STATE_MOST_BITS);
		state_level_set(of, &q->reservation, &c->reservation, STATE_MOST_BITS);
		return true;
	}
	return false;
}

static void classes_load(const struct vsw_state_of *of, void *items, uint32_t n)
{
	const struct class *c = items;
	uint32_t others = 0;

	for (uint32_t i = 0; i < n; i++)
		others += !class_load(of, &c[i]);
	if (others)
		vsw_state_out(of, "%u of %u classes of network I/O control are not here", others,
			      n);
}

static const struct vsw_state_part classes = {
	.name = "classes",
	.list = STATE_LIST(class_fields, struct class),
	.max = VSW_MAX_CLASSES,
	.whole = true,
	.count = classes_count,
	.save = classes_save,
	.load = classes_load,
};

const struct vsw_state_part *const vsw_nioc_state[] = { &line, &classes, NULL };
