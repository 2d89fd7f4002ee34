/* SPDX-License-Identifier: BSD-2-Clause */
/* A switch's host, if that is a worker. */
#include "vswitch/seat.h"

static int64_t seat_now(void *opaque)
{
	return vsw_worker_now(((struct vsw_seat *)opaque)->worker);
}

static void rings(struct vsw_alarm *alarm)
{
	struct vsw_seat *seat = (void *)((char *)alarm - offsetof(struct vsw_seat, alarm));

	seat->deadline = INT64_MAX;
	vsw_timer(seat->sw);
}

static void seat_timer(void *opaque, int64_t deadline)
{
	struct vsw_seat *seat = opaque;

	seat->alarm.ring = rings;
	seat->deadline = deadline;
	if (!seat->held)
		vsw_alarm_set(seat->worker, &seat->alarm, deadline);
}

void vsw_seat_hold(struct vsw_seat *seat, bool hold)
{
	seat->held = hold;
	if (seat->alarm.ring)
		vsw_alarm_set(seat->worker, &seat->alarm, hold ? INT64_MAX : seat->deadline);
}

static void seat_event(void *opaque, const struct vsw_event *ev)
{
	struct vsw_seat *seat = opaque;

	if (seat->event)
		seat->event(seat->opaque, ev);
}

const struct vsw_host vsw_seat_host = {
	.now = seat_now,
	.timer = seat_timer,
	.event = seat_event,
};
