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

	vsw_timer(seat->sw);
}

static void seat_timer(void *opaque, int64_t deadline)
{
	struct vsw_seat *seat = opaque;

	seat->alarm.ring = rings;
	vsw_alarm_set(seat->worker, &seat->alarm, deadline);
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
