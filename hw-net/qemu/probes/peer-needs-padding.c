// SPDX-License-Identifier: GPL-2.0-or-later
#include "qemu/osdep.h"
#include "net/net.h"

bool probe(NetClientState *nc);
bool probe(NetClientState *nc)
{
	return net_peer_needs_padding(nc);
}
