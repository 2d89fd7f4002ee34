// SPDX-License-Identifier: GPL-2.0-or-later
/* The port of a machine that moves to another daemon; see remote-move.h. */
#include "remote-move.h"
#include "trace.h"
#include "qemu/error-report.h"

#define LOOK_MS 10

void vc_remote_tell_card(struct vc_remote *r)
{
	vsw_front_set_card(r->front, r->cable && !r->released, r->has_addrs ? &r->addrs : NULL);
}

void vc_remote_quiet(struct vc_remote *r)
{
	r->quiet = true;
	timer_mod(r->timer, qemu_clock_get_ms(QEMU_CLOCK_REALTIME) + LOOK_MS);
}

bool vc_remote_look(struct vc_remote *r)
{
	if (!r->quiet || r->fd < 0)
		return false;
	if (!runstate_check(RUN_STATE_POSTMIGRATE)) {
		vc_remote_quiet(r);
		return true;
	}
	r->released = true;
	vc_remote_tell_card(r);
	vc_trace(r->p, VC_TRACE_LINK, "let go: the machine has moved");
	return true;
}

void vc_remote_loud(struct vc_remote *r)
{
	r->quiet = false;
	if (!r->released)
		return;
	r->released = false;
	vc_remote_tell_card(r);
}

bool vc_remote_carries(const struct vc_remote *r)
{
	return r->quiet && vsw_front_stands(r->front) && vsw_front_carries(r->front);
}

void vc_remote_saved(void *opaque, const uint8_t *data, size_t len, const char *why)
{
	struct vc_port *p = ((struct vc_remote *)opaque)->p;

	if (!data) {
		warn_report("%s: the state of its port does not go with the machine: %s", p->name,
			    why);
		return;
	}
	g_free(p->state);
	p->state = g_malloc(len);
	memcpy(p->state, data, len);
	p->state_len = (uint32_t)len;
	vc_trace(p, VC_TRACE_STATE, "its port's state: %zu bytes", len);
}

void vc_remote_save(struct vc_remote *r)
{
	vsw_front_save(r->front);
	if (!vsw_front_wait(r->front, QUIET_MS) && !r->p->state)
		vc_remote_saved(r, NULL, 0, "the daemon does not answer");
}

void vc_remote_load(struct vc_remote *r)
{
	vsw_front_load(r->front, r->p->state, r->p->state_len);
}

void vc_remote_loaded(void *opaque, const char *why)
{
	struct vc_port *p = ((struct vc_remote *)opaque)->p;

	vc_trace(p, VC_TRACE_STATE, "its port's state: %s", why ? why : "taken");
	if (why)
		warn_report(
			"%s: the daemon does not take the state of its port, which begins anew: "
			"%s",
			p->name, why);
}
