// SPDX-License-Identifier: GPL-2.0-or-later
#include "qemu/osdep.h"
#include "net/net.h"

static void using(NetClientState *nc, bool enable)
{
}

NetClientInfo probe = { .using_vnet_hdr = using };
