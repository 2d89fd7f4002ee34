// SPDX-License-Identifier: GPL-2.0-or-later
#include "qemu/osdep.h"
#include "qapi/qapi-events-net.h"

void probe(const char *name, const char *path);
void probe(const char *name, const char *path)
{
	qapi_event_send_nic_rx_filter_changed(true, name, path);
}
