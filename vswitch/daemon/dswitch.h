/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Named switches of the daemon.
 */
#ifndef VSWITCHD_DSWITCH_H
#define VSWITCHD_DSWITCH_H

#include <glib.h>
#include <jansson.h>

#include "events.h"
#include "vswitch/control.h"
#include "vswitch/seat.h"

struct daemon;

/*
 * struct dswitch - a switch; but for @seat and @events the control thread's
 * @ports:     struct port by id
 * @listeners: struct listener
 * @next:      listeners of the document that is being put in force, or NULL
 * @tokens:    by port group
 */
struct dswitch {
	struct daemon *daemon;
	char name[VSW_NAME_MAX];
	struct vsw_seat seat;
	struct vsw *sw;
	struct vsw_control *control;
	struct events *events;
	GSource *timer; /* of @control */
	GHashTable *ports;
	GPtrArray *listeners, *next;
	json_t *document; /* that is being put in force, or, @dry, but looked at */
	bool dry;
	uint64_t lost; /* events, as they were told last */
};

/**
 * vd_switch_new() - Make a switch
 * @daemon:   The daemon; the switch is not among its switches yet
 * @name:     Its name
 * @document: Its document
 * @err:      On failure, one line
 * @errlen:   Room in @err
 *
 * Return: the switch, or NULL.
 */
struct dswitch *vd_switch_new(struct daemon *daemon, const char *name, const json_t *document,
			      char *err, size_t errlen);

/**
 * vd_switch_free() - Remove a switch with all that is plugged in
 * @sw: The switch or NULL
 */
void vd_switch_free(struct dswitch *sw);

/**
 * vd_switch_name_valid() - May a switch be called so?
 * @name: The name
 *
 * Return: whether.
 */
bool vd_switch_name_valid(const char *name);

#endif
