/* SPDX-License-Identifier: BSD-2-Clause */
/* A wire of vhost-user on its way to another process (vswitch/transport.h, "Hand-over"). */
#ifndef VSWITCH_TRANSPORT_VHOST_USER_MOVE_H
#define VSWITCH_TRANSPORT_VHOST_USER_MOVE_H

#include "vhost-user.h"

/**
 * vsw_vhost_move_give() - give() of the row: the connection, memory, and what messages said
 * @wire: A struct vsw_vhost
 * @h:    Filled
 *
 * Return: 0, or -1.
 */
int vsw_vhost_move_give(struct vsw_wire *wire, struct vsw_handover *h);

/**
 * vsw_vhost_move_freeze() - freeze() of the row: where the rings stand
 * @wire: A struct vsw_vhost, stopped
 * @h:    Filled
 *
 * Return: 0, or -1.
 */
int vsw_vhost_move_freeze(struct vsw_wire *wire, struct vsw_handover *h);

/**
 * vsw_vhost_move_open() - Make the connection and the back end from what give() said
 * @v:    The wire; its @ch is filled
 * @h:    What was said; descriptors that are kept become -1
 * @host: Of the back end
 *
 * Return: the back end, parked, its rings not settled; NULL: what was said is not sound.
 */
struct vhost_backend *vsw_vhost_move_open(struct vsw_vhost *v, struct vsw_handover *h,
					  const struct vhost_host *host);

/**
 * vsw_vhost_move_thaw() - Take where the rings stand
 * @v: The wire, its back end parked
 * @h: What freeze() said
 *
 * Return: 0, or -1.
 */
int vsw_vhost_move_thaw(struct vsw_vhost *v, const struct vsw_handover *h);

#endif
