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

/* Where the core's state stands: first since version 2, before that last. */
static bool is_early(void *opaque, int version)
{
	return version >= 2;
}

static bool is_late(void *opaque, int version)
{
	return version < 2;
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
	s->saved_express = pci_is_express(&s->pci);
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

/* Does the core take the state? Also asked while saving, when the state is the core's own. */
static bool core_takes_it(void *opaque, int version)
{
	struct vc_nic *s = opaque;
	char why[160];

	if (!is_early(s, version) ||
	    !hwnet_check(s->core, s->state, s->state_len, why, sizeof(why)))
		return true;
	error_report("%s: %s", s->name, why);
	return false;
}

/* Config space of the two kinds of slot differs in length. */
static bool same_slot(void *opaque, int version)
{
	struct vc_nic *s = opaque;
	bool express = pci_is_express(&s->pci);

	if (!is_early(s, version) || s->saved_express == express)
		return true;
	error_report("%s: the state is of a card in %s slot, this one is in %s one", s->name,
		     s->saved_express ? "an express" : "a plain",
		     express ? "an express" : "a plain");
	return false;
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
	.version_id = 2,
	.minimum_version_id = 1,
	.pre_save = pre_save,
	.post_save = post_save,
	.pre_load = pre_load,
	.post_load = post_load,
	.fields =
		(const VMStateField[]) {
			VMSTATE_BOOL_TEST(saved_express, struct vc_nic, is_early),
			VMSTATE_UINT32_TEST(state_len, struct vc_nic, is_early),
			VMSTATE_VALIDATE("length of the card's state", length_is_sane),
			VMSTATE_VBUFFER_ALLOC_UINT32(state, struct vc_nic, 0, is_early, state_len),
			VMSTATE_VALIDATE("the card's state", core_takes_it),
			VMSTATE_VALIDATE("slot", same_slot), VMSTATE_PCI_DEVICE(pci, struct vc_nic),
			VMSTATE_MSIX_TEST(pci, struct vc_nic, has_msix),
			VMSTATE_BOOL(carrier, struct vc_nic),
			VMSTATE_UINT32_TEST(state_len, struct vc_nic, is_late),
			VMSTATE_VALIDATE("length of the card's state", length_is_sane),
			VMSTATE_VBUFFER_ALLOC_UINT32(state, struct vc_nic, 0, is_late, state_len),
			VMSTATE_END_OF_LIST() },
};
