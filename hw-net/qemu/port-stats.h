/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counters of a port as a QOM property. */
#ifndef VC_PORT_STATS_H
#define VC_PORT_STATS_H

#include "port.h"

/**
 * vc_port_add_stats() - Give a port the property `stats`
 * @p: The port
 */
void vc_port_add_stats(struct vc_port *p);

/**
 * vc_port_del_stats() - Take it away
 * @p: The port
 */
void vc_port_del_stats(struct vc_port *p);

#endif
