/* SPDX-License-Identifier: BSD-2-Clause */
/* What saving and reading share: the bytes around the parts. */
#ifndef VSWITCH_STATE_SAVE_H
#define VSWITCH_STATE_SAVE_H

#include "core/state.h"

#define STATE_MAGIC              \
	{                        \
		'v', 's', 'w', 1 \
	}
#define STATE_KIND_PORT	  "port"
#define STATE_KIND_SWITCH "switch"
#define STATE_PORT	  "port" /* field that holds the record of a port */

/* vsw_state_who[] - Who a port is: the beginning of its record */
#define VSW_STATE_WHO 2u
extern const struct hwnet_field vsw_state_who[VSW_STATE_WHO];

int vsw_state_begin(struct vsw_blob *blob, const char *kind);
int vsw_state_open(struct vsw_blob *blob, const char *name, size_t *mark);
void vsw_state_close(struct vsw_blob *blob, const char *name, size_t mark);
int vsw_state_items(struct vsw_blob *blob, const struct vsw_state_part *part, const void *items,
		    uint32_t n);
int vsw_state_save_who(struct vsw_blob *blob, const char *id, uint16_t number);

#endif
