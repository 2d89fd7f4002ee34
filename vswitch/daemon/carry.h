/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The state of a port that its machine carries to another daemon.
 *
 * DOC: Theory of Operation
 *
 * In a live migration between two daemons the state of the port (vswitch/state.h) goes with the
 * machine: the source asks for it over its port's own connection when its rings stand, and the
 * target hands it in over its own before its rings run. So nobody needs another right for it than
 * that to the port, and a connection is never asked about any other port.
 *
 * What a machine carries is hostile, as the machine is. It is taken
 *
 *  - for a port that was made for this connection, whose client has said that its machine comes in,
 *    and whose rings have not run yet; once. On the daemon that the machine leaves, too, the port
 *    itself goes along (holder.h), and what comes is not looked at;
 *  - if all of it is sound; else nothing of it. The machine then begins with a new port;
 *  - without policy: "overrides", which "port-export" adds, are what somebody said of the port, and
 *    a machine must not say that. What the policy of the port at hand does not let it have is left
 *    out, and told.
 *
 * Each is one event, PORT_MOVE.
 */
#ifndef VSWITCHD_CARRY_H
#define VSWITCHD_CARRY_H

#include "port.h"
#include "vswitch/state.h"

/**
 * vd_carry_save() - save() of struct vsw_wire_host: the state of a port whose rings stand
 */
int vd_carry_save(void *port, struct vsw_wire *wire, struct vsw_blob *blob, char *err,
		  size_t errlen);

/**
 * vd_carry_load() - load() of struct vsw_wire_host: take the state of a port, if it may be
 */
int vd_carry_load(void *port, struct vsw_wire *wire, const uint8_t *data, size_t len, char *err,
		  size_t errlen);

#endif
