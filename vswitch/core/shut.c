/* SPDX-License-Identifier: BSD-2-Clause */
/* Shutting a port (shut.h has the theory). */
#include "core/shut.h"

#include "core/due.h"
#include "core/event.h"

/**
 * vsw_port_shut() - Close a port for what came out of it
 * @p:       The port
 * @why:     As what its frames are dropped from now on
 * @seconds: For how long; 0: until somebody opens it
 * @mac:     Who sent what it is shut for, or 0
 * @vid:     In which VLAN
 *
 * May be called from a stage on the way in.
 */
void vsw_port_shut(struct vsw_port *p, enum vsw_drop why, uint32_t seconds, uint64_t mac,
		   uint16_t vid)
{
	struct vsw *sw = p->sw;

	if (p->shut)
		return;
	p->shut = true;
	p->shut_why = why;
	p->shut_until = seconds ? vsw_now(sw) + (int64_t)seconds * NS_PER_S : VSW_NEVER;
	p->in_special |= IN_SHUT;
	p->out_special |= OUT_SHUT;
	p->want_shut = sw->want_any = true;
	if (p->shut_until < sw->due[DUE_OPEN])
		vsw_due_at(sw, DUE_OPEN, p->shut_until);
	vsw_tell(sw, VSW_EVENT_SHUT, p, mac, vid, "port shut: %s", vsw_drop_name(why));
}

/**
 * vsw_port_unshut() - A port is not shut any more; takes effect when it is compiled
 * @p: The port
 */
void vsw_port_unshut(struct vsw_port *p)
{
	if (!p->shut)
		return;
	p->shut = false;
	vsw_tell(p->sw, VSW_EVENT_OPENED, p, 0, 0, "port is open again");
}
