// SPDX-License-Identifier: GPL-2.0-or-later
/* Saved state of a card; see nic-vmstate.h. */
#include "nic-call.h"
#include "nic-irq.h"
#include "nic-power.h"
#include "nic-vmstate.h"
#include "qemu/error-report.h"

/* A newer version's state may be longer than ours, but not by that much. */
#define STATE_MAX (1u << 20)

/* Whoever comes here did it from an event loop inside the call; what is half done is no state. */
static int in_a_call(struct vc_nic *s, const char *what)
{
	error_report("%s: cannot be %s in the middle of a register access or frame", s->name, what);
	return -EBUSY;
}

static int pre_save(void *opaque)
{
	struct vc_nic *s = opaque;
	size_t room = hwnet_state_max(s->core);

	if (s->busy)
		return in_a_call(s, "saved");
	g_free(s->state);
	s->state = g_malloc(room);
	s->busy = true;
	s->state_len = hwnet_save(s->core, s->state, room);
	s->busy = false;
	vc_trace(s, VC_TRACE_STATE, "saved %u bytes", s->state_len);
	return 0;
}

static void drop_state(struct vc_nic *s)
{
	g_free(s->state);
	s->state = NULL;
	s->state_len = 0;
}

static int post_save(void *opaque)
{
	drop_state(opaque);
	return 0;
}

static int pre_load(void *opaque)
{
	struct vc_nic *s = opaque;

	if (s->busy)
		return in_a_call(s, "loaded");
	drop_state(s);
	return 0;
}

static bool length_is_sane(void *opaque, int version)
{
	struct vc_nic *s = opaque;

	return s->state_len <= STATE_MAX;
}

static int load_core(struct vc_nic *s)
{
	char why[160];
	int ret;

	vc_nic_enter(s);
	ret = hwnet_load(s->core, s->state, s->state_len, why, sizeof(why));
	if (!ret)
		hwnet_set_carrier(s->core, s->carrier);
	vc_nic_leave(s);
	if (ret)
		error_report("%s: %s", s->name, why);
	return ret;
}

static int post_load(void *opaque, int version)
{
	struct vc_nic *s = opaque;
	int ret;

	qemu_get_queue(s->client)->link_down = !s->carrier;
	vc_nic_update_may_run(s);
	ret = load_core(s);
	vc_trace(s, VC_TRACE_STATE, "loaded %u bytes: %s", s->state_len, ret ? "refused" : "ok");
	vc_nic_update_intx(s);
	drop_state(s);
	if (!ret)
		vc_nic_later(s, VC_LINK | VC_FILTER | VC_FLUSH);
	return ret;
}

static bool has_msix(void *opaque, int version)
{
	return msix_present(opaque);
}

const VMStateDescription vc_nic_vmstate = {
	.name = "vchassis-nic",
	.version_id = 1,
	.minimum_version_id = 1,
	.pre_save = pre_save,
	.post_save = post_save,
	.pre_load = pre_load,
	.post_load = post_load,
	.fields =
		(const VMStateField[]) {
			VMSTATE_PCI_DEVICE(pci, struct vc_nic),
			VMSTATE_MSIX_TEST(pci, struct vc_nic, has_msix),
			VMSTATE_BOOL(carrier, struct vc_nic),
			VMSTATE_UINT32(state_len, struct vc_nic),
			VMSTATE_VALIDATE("length of the card's state", length_is_sane),
			VMSTATE_VBUFFER_ALLOC_UINT32(state, struct vc_nic, 0, NULL, state_len),
			VMSTATE_END_OF_LIST() },
};
