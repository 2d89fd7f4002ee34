/* SPDX-License-Identifier: BSD-2-Clause */
/* Ports: coming and going. */
#ifndef VSWITCH_PORT_H
#define VSWITCH_PORT_H

#include "core/vsw.h"

void vsw_port_forget(struct vsw_port *p);

#endif
