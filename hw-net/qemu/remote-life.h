/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The connection with a daemon: begun, lost, begun again; see remote.h. */
#ifndef VC_REMOTE_LIFE_H
#define VC_REMOTE_LIFE_H

#include "remote.h"

/**
 * vc_remote_open() - Make what a connection needs, and begin with the main loop's next turn
 * @r:    What is said in its properties is set
 * @errp: Why not
 *
 * Return: false and nothing to undo.
 */
bool vc_remote_open(struct vc_remote *r, Error **errp);

/**
 * vc_remote_close() - Undo it
 * @r: As it was opened
 */
void vc_remote_close(struct vc_remote *r);

/**
 * vc_remote_begin() - The machine runs here from now on: take the port over, if the connection is
 * on standby for it
 * @r: The connection
 *
 * Return: whether frames pass now; false if there was nothing to take over.
 */
bool vc_remote_begin(struct vc_remote *r);

#endif
