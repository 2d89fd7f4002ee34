/* SPDX-License-Identifier: BSD-2-Clause */
/* Copies of frames for a reader in another process (vswitch/look.h). */
#ifndef VSWITCH_CORE_TAP_H
#define VSWITCH_CORE_TAP_H

#include "core/vsw.h"

/* struct vsw_tap - a reader's slots. @n: frames that were put in them ever */
struct vsw_tap {
	uint8_t *memory;
	uint32_t slots, slot_size;
	uint64_t n;
	char port[VSW_NAME_MAX];
};

bool vsw_tap_wants(const struct vsw_port *p);
void vsw_tap_put(const struct vsw_port *p, const struct pkt *pkt, enum vsw_tap_stage stage,
		 enum vsw_drop why, int64_t now);

#endif
