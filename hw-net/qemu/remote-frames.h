/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frames between a card and the rings that a daemon has; see remote.h. */
#ifndef VC_REMOTE_FRAMES_H
#define VC_REMOTE_FRAMES_H

#include "remote.h"

/**
 * vc_remote_input() - Frames from the card; the side's input()
 * @p:    The port
 * @pkts: Frames
 * @n:    Their number
 *
 * Return: how many were dealt with; if fewer, vc_port_input_ready() follows.
 */
unsigned vc_remote_input(struct vc_port *p, const struct pkt *const *pkts, unsigned n);

/**
 * vc_remote_ready() - The card has room again; the side's ready()
 * @p: The port
 */
void vc_remote_ready(struct vc_port *p);

/**
 * vc_remote_poll() - Look at the rings, both ways
 * @opaque: The struct vc_remote
 */
void vc_remote_poll(void *opaque);

/**
 * vc_remote_kicked() - The daemon has done something
 * @opaque: The struct vc_remote
 */
void vc_remote_kicked(void *opaque);

#endif
