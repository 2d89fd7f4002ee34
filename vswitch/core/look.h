/* SPDX-License-Identifier: BSD-2-Clause */
/* Who looks at single frames, and what the data path tells him (vswitch/look.h). */
#ifndef VSWITCH_CORE_LOOK_H
#define VSWITCH_CORE_LOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "vswitch/look.h"

struct vsw_burst;

/*
 * struct vsw_look - who looks at a switch
 * @on:    Somebody does: drops are told
 * @drops: Where frames that are dropped are kept, or NULL
 * @timed: @now: The time was looked at since the switch became busy; all that is dropped until
 *      it is not any more is dropped then
 * @tap:   Who gets copies of frames
 * @dry:   A frame is on its way that is none: what stages would change they leave (explain.c).
 *      Else NULL
 */
struct vsw_look {
	bool on, timed;
	int64_t now;
	struct vsw_drop_ring *drops;
	struct vsw_tap *tap[VSW_TAPS];
	struct vsw_explain *dry;
};

void vsw_look_settle(struct vsw *sw);
void vsw_drop_pkt(struct vsw_port *p, enum vsw_drop why, const struct pkt *pkt);
void vsw_drop_frame(struct vsw_burst *b, unsigned i, enum vsw_drop why);
void vsw_look_drop(struct vsw_port *p, enum vsw_drop why, const struct pkt *pkt);
void vsw_look_arrange(struct vsw_port *p);
bool vsw_look_pass(struct vsw_port *p, const struct pkt *const *pkts, unsigned n);
void vsw_ring_put(struct vsw_drop_ring *ring, const struct vsw_port *p, enum vsw_drop why,
		  const struct pkt *pkt, int64_t now);

#endif
