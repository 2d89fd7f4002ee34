// SPDX-License-Identifier: GPL-2.0-or-later
/* Calls into a card's core, and what waits for their end; see nic-call.h. */
#include "nic-call.h"

static void act(struct vc_nic *s, unsigned mask)
{
	unsigned what = s->pending & mask;

	s->pending &= ~what;
	for (const struct vc_nic_action *a = s->actions; a->act; a++)
		if (what & a->when)
			a->act(s);
}

/* Do VC_FIRST. Return: true if the caller is to do the rest, too. */
static bool settle_first(struct vc_nic *s)
{
	if (s->gone)
		s->pending = 0;
	if (s->busy)
		return false;
	act(s, VC_FIRST);
	return !s->settling;
}

static void settle(struct vc_nic *s, bool run_now)
{
	if (!settle_first(s))
		return; /* whoever is further up the stack does it */
	s->settling = true;
	if (s->may_run && run_now)
		act(s, VC_RUN);
	act(s, ~VC_RUN);
	s->settling = false;
	if (s->pending & (s->may_run ? ~0u : ~VC_RUN))
		qemu_bh_schedule(s->bh); /* came up while telling others, or waits for its turn */
}

void vc_nic_settle(struct vc_nic *s)
{
	settle(s, s->doorbell == VC_DOORBELL_NOW);
}

void vc_nic_settle_later(struct vc_nic *s)
{
	if (settle_first(s) && s->pending)
		qemu_bh_schedule(s->bh);
}

void vc_nic_do(struct vc_nic *s, unsigned what)
{
	s->pending |= what;
	vc_life_hold(&s->life);
	vc_nic_settle(s);
	vc_life_put(&s->life);
}

void vc_nic_later(struct vc_nic *s, unsigned what)
{
	s->pending |= what;
	if (!s->busy)
		qemu_bh_schedule(s->bh);
}

static void bottom_half(void *opaque)
{
	struct vc_nic *s = opaque;

	vc_life_hold(&s->life);
	settle(s, true);
	vc_life_put(&s->life);
}

void vc_nic_init_calls(struct vc_nic *s, const struct vc_nic_action *actions)
{
	s->actions = actions;
	s->bh = qemu_bh_new(bottom_half, s);
}

void vc_nic_fini_calls(struct vc_nic *s)
{
	qemu_bh_delete(s->bh);
}
