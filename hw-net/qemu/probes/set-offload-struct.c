// SPDX-License-Identifier: GPL-2.0-or-later
#include "qemu/osdep.h"
#include "net/net.h"

void probe(NetClientState *nc, const NetOffloads *offloads);
void probe(NetClientState *nc, const NetOffloads *offloads)
{
	qemu_set_offload(nc, offloads);
}
