/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where sockets are: $XDG_RUNTIME_DIR/vchassis for a user, /run/vchassis for a service.
 */
#ifndef VSWITCHD_PLACE_H
#define VSWITCHD_PLACE_H

#include <stddef.h>

#include "vswitch/endpoint.h"

/** VD_SOCKET_NAME - Name of the control socket there. */
#define VD_SOCKET_NAME "control.sock"

/**
 * vd_place() - The directory
 * @make:   Make it if it is not there
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: its path, to be freed with g_free(); NULL on failure.
 */
char *vd_place(bool make, char *err, size_t errlen);

/**
 * vd_place_parse() - Read an address; a name without slash and colon is a socket in the directory
 * @place:  The directory
 * @text:   The address
 * @e:      Filled
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: 0, or -1.
 */
int vd_place_parse(const char *place, const char *text, struct vsw_endpoint *e, char *err,
		   size_t errlen);

#endif
