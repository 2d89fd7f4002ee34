/* SPDX-License-Identifier: BSD-2-Clause */
/* A snooping switch on a bench for the model: ports, time, and frames in any pieces. */
#ifndef VSWITCH_TEST_MCAST_WORLD_H
#define VSWITCH_TEST_MCAST_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "mcast-frames.h"
#include "vswitch/policy.h"

#define WORLD_SEC    INT64_C(1000000000)
#define WORLD_PORTS  8u
#define WORLD_GUEST  6u	 /* may not be a router; those before it may */
#define WORLD_UPLINK 7u	 /* trunk */
#define WORLD_OWN    100 /* last number of the switch's own addresses */

/* struct world_port - its owner */
struct world_port {
	struct world *w;
	struct vsw_port *port;
	bool up;
	unsigned got; /* of the last frame sent */
};

/*
 * struct world - the bench
 * @emitted: Frames that the switch made in the last call of its timer
 * @byte: @ctx: Where steps come from
 */
struct world {
	struct vsw *sw;
	int64_t now, deadline;
	struct world_port port[WORLD_PORTS];
	bool sending;
	unsigned emitted;
	unsigned (*byte)(void *ctx);
	void *ctx;
	uint8_t msg[MC_MSG_MAX], frame[MC_FRAME_MAX];
};

void world_init(struct world *w);
void world_fini(struct world *w);
unsigned world_byte(struct world *w);
unsigned world_below(struct world *w, unsigned n);
void world_querier(struct world *w, bool on);
void world_link(struct world *w, unsigned port, bool up);
/* Time with its deadlines; false: the switch made too many frames at once */
bool world_pass(struct world *w, int64_t ns);
/* A frame in w->frame, from a port, cut into pieces as bytes of the source say */
void world_send(struct world *w, unsigned port, uint32_t len);
/* A message in w->msg; @vlan: 0 or 10, for the uplink */
void world_message(struct world *w, unsigned port, unsigned vlan, const struct mc_packet *k,
		   uint32_t len);

static inline unsigned world_vlan(unsigned port)
{
	return port % 3 == 2 ? 10 : 0;
}

static inline bool world_carries(unsigned port, unsigned vlan)
{
	return port == WORLD_UPLINK || world_vlan(port) == vlan;
}

#endif
