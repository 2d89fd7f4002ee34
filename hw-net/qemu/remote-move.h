/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The port of a machine that moves to another daemon: its state, and when it is let go. See
 * remote.h. */
#ifndef VC_REMOTE_MOVE_H
#define VC_REMOTE_MOVE_H

#include "remote.h"

/**
 * vc_remote_tell_card() - Tell the daemon of the card
 * @r: The connection
 */
void vc_remote_tell_card(struct vc_remote *r);

/**
 * vc_remote_quiet() - The rings stand for a migration
 * @r: The connection
 *
 * Its timer looks from now on whether the machine has moved; then the cable is out here.
 */
void vc_remote_quiet(struct vc_remote *r);

/**
 * vc_remote_look() - Its timer has come
 * @r: The connection
 *
 * Return: false: the rings do not stand for a migration.
 */
bool vc_remote_look(struct vc_remote *r);

/**
 * vc_remote_loud() - The machine goes on here, or the connection is over
 * @r: The connection
 */
void vc_remote_loud(struct vc_remote *r);

/**
 * vc_remote_carries() - Is there a state to be saved?
 * @r: The connection
 */
bool vc_remote_carries(const struct vc_remote *r);

/**
 * vc_remote_save() - Ask the daemon for the port's state
 * @r: The connection, vc_remote_carries()
 *
 * Waits for it, half a second at most. The port's @state and @state_len are it, or still nothing if
 * it could not be had, which people are told.
 */
void vc_remote_save(struct vc_remote *r);

/**
 * vc_remote_load() - Tell the daemon the port's state, as soon as there is a connection
 * @r: The connection, whose rings stand or that is still to be made
 */
void vc_remote_load(struct vc_remote *r);

/**
 * vc_remote_saved() - saved() of the front end's owner
 */
void vc_remote_saved(void *opaque, const uint8_t *data, size_t len, const char *why);

/**
 * vc_remote_loaded() - loaded() of it
 */
void vc_remote_loaded(void *opaque, const char *why);

#endif
