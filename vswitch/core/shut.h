/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shutting a port: a policy closes it for what came out of it.
 *
 * DOC: Theory of Operation
 *
 * A port that is shut neither takes nor gets frames, as if its link were down, until its time is
 * over, somebody opens it (vsw_port_open()), or its policy changes to one that would not have shut
 * it. Frames are dropped as what the policy says.
 *
 * A policy finds out in the middle of a burst: the rest of the burst is dropped at once, what was
 * learnt from the port is forgotten and teams are worked out anew when the burst is done
 * (port-io.c).
 */
#ifndef VSWITCH_SHUT_H
#define VSWITCH_SHUT_H

#include "core/vsw.h"

void vsw_port_shut(struct vsw_port *p, enum vsw_drop why, uint32_t seconds, uint64_t mac,
		   uint16_t vid);
void vsw_port_unshut(struct vsw_port *p);

#endif
