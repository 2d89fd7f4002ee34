/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A switch that a worker calls: its clock and its timer are the worker's.
 */
#ifndef VSWITCH_SEAT_H
#define VSWITCH_SEAT_H

#include "vswitch/vswitch.h"
#include "vswitch/worker.h"

/**
 * struct vsw_seat - A switch's place at a worker; fill @worker, @event, @opaque, zeros else
 * @worker: The worker
 * @event:  Something happened, as in struct vsw_host; frame thread. May be NULL
 * @opaque: Its first argument
 * @sw:     The switch, set by who made it
 * @alarm:  private, as what follows
 *
 * Give vsw_seat_host and the seat to vsw_new(). The switch is made, called and freed on the frame
 * thread, or while the worker does not run.
 */
struct vsw_seat {
	struct vsw_worker *worker;
	void (*event)(void *opaque, const struct vsw_event *ev);
	void *opaque;
	struct vsw *sw;
	struct vsw_alarm alarm;
	int64_t deadline;
	bool held;
};

/**
 * vsw_seat_hold() - Keep the clock from calling the switch, or let it again; frame thread
 * @seat: The seat
 * @hold: No deadline of the switch comes; false: those that came meanwhile come at once
 */
void vsw_seat_hold(struct vsw_seat *seat, bool hold);

/** vsw_seat_host - Operations of the host of a switch whose opaque is a struct vsw_seat. */
extern const struct vsw_host vsw_seat_host;

#endif
