/* SPDX-License-Identifier: BSD-2-Clause */
/* The ring of events. */
#include "events.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

void vd_events_put(struct events *e, const struct vsw_event *ev)
{
	unsigned head = atomic_load_explicit(&e->head, memory_order_relaxed);
	struct event_record *r = &e->record[head % EVENTS_ROOM];
	struct timespec ts;

	if (head - atomic_load_explicit(&e->tail, memory_order_acquire) == EVENTS_ROOM) {
		atomic_fetch_add_explicit(&e->lost, 1, memory_order_relaxed);
		return;
	}
	clock_gettime(CLOCK_REALTIME, &ts);
	*r = (struct event_record) { .kind = ev->kind, .vlan = ev->vlan };
	r->when = ts.tv_sec * INT64_C(1000000) + ts.tv_nsec / 1000;
	memcpy(r->mac, ev->mac, sizeof(r->mac));
	snprintf(r->port, sizeof(r->port), "%s", ev->port ? vsw_port_id(ev->port) : "");
	snprintf(r->text, sizeof(r->text), "%s", ev->text);
	atomic_store_explicit(&e->head, head + 1, memory_order_release);
	vsw_note_post(e->worker, &e->note);
}

bool vd_events_get(struct events *e, struct event_record *r)
{
	unsigned tail = atomic_load_explicit(&e->tail, memory_order_relaxed);

	if (tail == atomic_load_explicit(&e->head, memory_order_acquire))
		return false;
	*r = e->record[tail % EVENTS_ROOM];
	atomic_store_explicit(&e->tail, tail + 1, memory_order_release);
	return true;
}
