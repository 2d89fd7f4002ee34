/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A port of a switch in a daemon, as the port calls it; see remote.h. */
#ifndef VC_REMOTE_SIDE_H
#define VC_REMOTE_SIDE_H

#include "port.h"

/** vc_side_remote - The side of a switch in a daemon */
extern const struct vc_side vc_side_remote;

#endif
