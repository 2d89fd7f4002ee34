// SPDX-License-Identifier: GPL-2.0-or-later
/* Calls into a card's core, and what waits for their end; see nic-call.h. */
#include "nic-call.h"

/* All but VC_RUN. */
static void tell_others(struct vc_nic *s)
{
	unsigned what = s->pending & ~VC_RUN;

	s->pending &= VC_RUN;
	for (const struct vc_nic_action *a = s->actions + 1; a->act; a++)
		if (what & a->when)
			a->act(s);
}

static void settle(struct vc_nic *s, bool run_now)
{
	if (s->settling || s->busy)
		return; /* whoever is further up the stack does it */
	s->settling = true;
	if ((s->pending & VC_RUN) && s->may_run) {
		if (run_now)
			s->actions[0].act(s);
		else
			qemu_bh_schedule(s->bh);
	}
	tell_others(s);
	s->settling = false;
	if (s->pending & ~VC_RUN)
		qemu_bh_schedule(s->bh); /* came up while telling others */
}

void vc_nic_settle(struct vc_nic *s)
{
	settle(s, s->doorbell == VC_DOORBELL_NOW);
}

void vc_nic_later(struct vc_nic *s, unsigned what)
{
	s->pending |= what;
	if (!s->busy)
		qemu_bh_schedule(s->bh);
}

static void bottom_half(void *opaque)
{
	settle(opaque, true);
}

void vc_nic_init_calls(struct vc_nic *s, const struct vc_nic_action *actions)
{
	assert(actions[0].when == VC_RUN);
	s->actions = actions;
	s->bh = qemu_bh_new(bottom_half, s);
}

void vc_nic_fini_calls(struct vc_nic *s)
{
	qemu_bh_delete(s->bh);
}
