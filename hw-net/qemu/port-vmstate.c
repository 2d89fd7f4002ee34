// SPDX-License-Identifier: GPL-2.0-or-later
/* Saved state of a port; see port-vmstate.h. */
#include "port-vmstate.h"
#include "remote-move.h"
#include "qemu/error-report.h"
#include "vswitch/state.h"

static void drop_state(struct vc_port *p)
{
	g_free(p->state);
	p->state = NULL;
	p->state_len = 0;
}

static bool needed(void *opaque)
{
	struct vc_port *p = opaque;

	return p->remote && p->carry && vc_remote_carries(p->remote);
}

static int pre_save(void *opaque)
{
	struct vc_port *p = opaque;

	drop_state(p);
	vc_remote_save(p->remote);
	return 0;
}

static int post_save(void *opaque)
{
	drop_state(opaque);
	return 0;
}

static int pre_load(void *opaque)
{
	drop_state(opaque);
	return 0;
}

static bool length_is_sane(void *opaque, int version)
{
	return ((struct vc_port *)opaque)->state_len <= VSW_PORT_STATE_MAX;
}

static int post_load(void *opaque, int version)
{
	struct vc_port *p = opaque;

	if (p->state_len && p->remote)
		vc_remote_load(p->remote);
	else if (p->state_len)
		warn_report("%s: the state of a daemon's port is not taken by a switch of this "
			    "process",
			    p->name);
	drop_state(p);
	return 0;
}

static const VMStateDescription vmstate = {
	.name = "vc-port",
	.version_id = 1,
	.minimum_version_id = 1,
	.needed = needed,
	.pre_save = pre_save,
	.post_save = post_save,
	.pre_load = pre_load,
	.post_load = post_load,
	.fields =
		(const VMStateField[]) {
			VMSTATE_UINT32(state_len, struct vc_port),
			VMSTATE_VALIDATE("length of the port's state", length_is_sane),
			VMSTATE_VBUFFER_ALLOC_UINT32(state, struct vc_port, 0, NULL, state_len),
			VMSTATE_END_OF_LIST() },
};

/* A port has no bus to be named after */
static char *section(VMStateIf *obj)
{
	return g_strdup(DEVICE(obj)->id);
}

void vc_port_vmstate_init(ObjectClass *klass)
{
	DEVICE_CLASS(klass)->vmsd = &vmstate;
	VMSTATE_IF_CLASS(klass)->get_id = section;
}
