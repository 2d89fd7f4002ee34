/* SPDX-License-Identifier: BSD-2-Clause */
/* Insides of a switch's control. */
#ifndef VSWITCH_CONTROL_PRIV_H
#define VSWITCH_CONTROL_PRIV_H

#include <jansson.h>

#include "json.h"
#include "vswitch/control.h"
#include "vswitch/fail.h"

struct vsw_control {
	struct vsw *sw;
	json_t *doc;			     /* in force */
	json_t *previous;		     /* to go back to, while a confirmation is awaited */
	int64_t confirm_by;		     /* by then, on @host's clock; VSW_NEVER */
	struct json_heap *resolve_heap;	     /* rules of the port connected last */
	const struct vsw_control_host *host; /* or NULL */
	void *host_opaque;
	void (*event)(void *opaque, const char *json);
	void *event_opaque;
};

/* control.c */
void vsw_control_confirm_by(struct vsw_control *ctl, int64_t deadline);

/* config.c */
int config_apply(struct vsw_control *ctl, json_t *doc, bool commit, char *err, size_t errlen);
int config_resolve(void *opaque, const struct vsw_port_conf *conf, struct vsw_policy *policy,
		   char *err, size_t errlen);

#endif
