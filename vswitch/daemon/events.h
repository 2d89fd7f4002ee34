/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events of a switch on their way from the frame thread to the control thread.
 *
 * A ring with one writer and one reader. If the reader is late the newest events are lost, and
 * counted: the frame thread waits for nobody.
 */
#ifndef VSWITCHD_EVENTS_H
#define VSWITCHD_EVENTS_H

#include <stdatomic.h>

#include "vswitch/vswitch.h"
#include "vswitch/worker.h"

#define EVENTS_ROOM 1024u /* a power of 2 */

/* struct event_record - an event, copied; @port: its id, "": none; @when: us since 1970 */
struct event_record {
	enum vsw_event_kind kind;
	char port[VSW_NAME_MAX];
	uint8_t mac[6];
	uint16_t vlan;
	int64_t when;
	char text[160];
};

/**
 * struct events - The ring
 * @opaque: the reader's
 * @note: Posted when one was put in; @read is the reader's
 * @head: @tail: next to be written, next to be read
 * @lost: Events that found no room
 */
struct events {
	struct vsw_worker *worker;
	void *opaque;
	struct vsw_note note;
	_Atomic unsigned head, tail;
	_Atomic uint64_t lost;
	struct event_record record[EVENTS_ROOM];
};

/**
 * vd_events_put() - Note an event; frame thread
 * @e:  The ring
 * @ev: The event
 */
void vd_events_put(struct events *e, const struct vsw_event *ev);

/**
 * vd_events_get() - Take the oldest; control thread
 * @e: The ring
 * @r: Filled
 *
 * Return: false: there is none.
 */
bool vd_events_get(struct events *e, struct event_record *r);

#endif
