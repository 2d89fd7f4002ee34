/* SPDX-License-Identifier: BSD-2-Clause */
/* Opening ports that were shut (shut.h has the theory). */
#include "core/open.h"

#include "core/compile.h"
#include "core/due.h"
#include "core/shut.h"
#include "vswitch/fail.h"
#include "vswitch/manage.h"

int vsw_port_open(struct vsw_port *port, char *err, size_t errlen)
{
	if (!port->shut)
		return vsw_fail(err, errlen, "port '%s' is not shut", port->id);
	vsw_port_unshut(port);
	vsw_port_recompile(port);
	return 0;
}

/**
 * vsw_ports_open_due() - Open the ports whose time is over, and set the next deadline
 * @sw:  The switch, not busy
 * @now: The time
 */
void vsw_ports_open_due(struct vsw *sw, int64_t now)
{
	int64_t next = VSW_NEVER;

	for (unsigned i = 1; i <= sw->last_port; i++) {
		struct vsw_port *p = sw->port[i];

		if (!p || !p->shut)
			continue;
		if (p->shut_until <= now) {
			vsw_port_unshut(p);
			vsw_port_recompile(p);
		} else if (p->shut_until < next) {
			next = p->shut_until;
		}
	}
	vsw_due_at(sw, DUE_OPEN, next);
}
