/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "qemu/osdep.h"
#include "net/net.h"

static ssize_t receive(NetClientState *nc, const uint8_t *buf, size_t size)
{
	return size;
}

NetClientInfo probe = { .receive_raw = receive };
