/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A port of a switch in this process. */
#ifndef VC_PORT_LOCAL_H
#define VC_PORT_LOCAL_H

#include "port.h"

/** vc_side_local - The side of a switch in this process; the port's @sw is set before begin() */
extern const struct vc_side vc_side_local;

#endif
