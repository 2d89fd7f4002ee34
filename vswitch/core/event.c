/* SPDX-License-Identifier: BSD-2-Clause */
/* Telling what happened. */
#include "core/event.h"

#include <stdarg.h>
#include <stdio.h>

/* Events of which a guest can't make many */
static bool told_always(enum vsw_event_kind kind)
{
	return kind == VSW_EVENT_LINK || kind == VSW_EVENT_SHUT || kind == VSW_EVENT_OPENED;
}

/**
 * vsw_tell() - Report an event, of most kinds at most one a second for each port
 * @sw:   The switch
 * @kind: What
 * @port: About whom, or NULL
 * @mac:  Address, or 0
 * @vlan: Its VLAN
 * @fmt:  Text, as printf
 */
void vsw_tell(struct vsw *sw, enum vsw_event_kind kind, struct vsw_port *port, uint64_t mac,
	      uint16_t vlan, const char *fmt, ...)
{
	struct vsw_event ev = { .kind = kind, .port = port, .vlan = vlan };
	char text[160];
	va_list ap;

	if ((!sw->host->event && !sw->manager) || sw->look.dry)
		return;
	if (port && !told_always(kind)) {
		int64_t now = vsw_now(sw);

		if (port->event_at[kind] && now - port->event_at[kind] < NS_PER_S)
			return;
		port->event_at[kind] = now ? now : 1;
	}
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	mac_bytes(mac, ev.mac);
	ev.text = text;
	vsw_report(sw, &ev);
}
