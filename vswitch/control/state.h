/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of a switch's control share. */
#ifndef VSWITCH_CONTROL_STATE_H
#define VSWITCH_CONTROL_STATE_H

#include <jansson.h>

#include "control/json.h"
#include "vswitch/control.h"
#include "vswitch/policy.h"

/*
 * struct vsw_control - a control
 * @sw:         The switch
 * @host: @host_opaque: its host; @host may be NULL
 * @doc:        Configuration in force. A document is never changed, but replaced
 * @previous:   The one to go back to, while a confirmation is awaited, or NULL (confirm.h)
 * @confirm_by: By then, on the host's clock; VSW_NEVER
 * @captures: @captured: @capture_by: Who gets copies of frames; how many there were ever; when the
 *      first of them ends, or VSW_NEVER (capture.h)
 * @wished:     Deadline that the host has
 * @resolved:   Rules of the port that was connected last (config.h)
 * @policy:     Policy of the port @resolved_for, which will be added next; "": of none
 * @drops:      Where the switch keeps frames that it dropped
 * @event: @event_opaque: who hears of events
 */
struct vsw_control {
	struct vsw *sw;
	const struct vsw_control_host *host;
	void *host_opaque;
	json_t *doc, *previous;
	int64_t confirm_by, capture_by, wished;
	struct vsw_capture *captures;
	json_int_t captured;
	struct vsw_json_heap *resolved;
	struct vsw_policy policy;
	char resolved_for[VSW_NAME_MAX];
	struct vsw_drop_ring *drops;
	void (*event)(void *opaque, const char *json);
	void *event_opaque;
};

void vsw_control_wish(struct vsw_control *ctl);
void vsw_control_at_switch(struct vsw_control *ctl, bool (*fn)(void *arg), void *arg);

#endif
