/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Holding the interrupt pin back under load.
 *
 * DOC: Theory of Operation
 *
 * The silicon interrupts for every frame, and its drivers have no way to ask for less. So the card
 * decides, unseen: registers and descriptors change as the sheet says, only INTA# rises later. It
 * is held back while
 *
 *  - the traffic is *bulk*,
 *  - nothing but RINT and TINT is pending,
 *  - fewer than `coalesce` frames have passed since it last rose,
 *  - the driver is not about to run out of descriptors: less than the whole transmit ring is done,
 *    less than three quarters of the receive ring are filled,
 *  - less than `coalesce-us` has passed since the pin would have risen, and, if something was
 *    received, less than a quarter of it since the last frame.
 *
 * Bulk is judged over windows of WINDOW frames: three of four came within half the bound of the one
 * before, and at least one of four went the same way as the one before. (Not by the mean: one halt
 * of a busy guest would hide the burst before it.) Request and response take turns, whatever their
 * rate, and so never count as bulk: every frame of theirs interrupts at once. Nor is the first
 * frame after a pause longer than the bound delayed, whatever was before it.
 *
 * Requests of several frames look like bulk. There the guest answers as soon as the pin rises: a
 * hold that ended by time and is answered was in vain. Then traffic is not bulk, and the next
 * judgement takes twice as many frames, up to WINDOW << PCNET_VAIN_MAX. A hold that ended because
 * there was enough to tell makes up for it.
 *
 * A driver that acknowledges RINT or TINT before the pin rose (it polls, or another card on the
 * line interrupted) has seen what was held back; counting starts again.
 */
#include "coalesce.h"

#define WINDOW 16u

static void new_window(struct pcnet_state *s)
{
	s->win_frames = s->win_turns = s->win_fast = 0;
}

static void judge(struct pcnet_state *s)
{
	s->bulk = s->win_fast * 4 >= s->win_frames * 3 && s->win_turns * 4 <= s->win_frames * 3;
	new_window(s);
}

/* The guest was waiting for the pin. */
static void in_vain(struct pcnet_state *s)
{
	s->bulk = false;
	s->vain += s->vain < PCNET_VAIN_MAX;
	new_window(s);
}

/* As if the pin had been held for long: the next frame is not delayed. */
static void use_up_hold(const struct pcnet *p)
{
	p->s->hold_first = p->now - 2 * p->coalesce_ns;
}

/**
 * pcnet_traffic() - Frames have passed
 * @p:   The card; its time is up to date
 * @dir: Which way
 * @n:   How many
 */
void pcnet_traffic(struct pcnet *p, enum pcnet_dir dir, unsigned n)
{
	struct pcnet_state *s = p->s;
	int64_t gap = p->now - s->last_traffic;

	s->last_traffic = p->now;
	if (s->late && dir == DIR_TX)
		in_vain(s);
	s->late = false;
	if (gap < 0 || gap > p->coalesce_ns)
		use_up_hold(p);
	s->events = s->events + n < n ? UINT32_MAX : s->events + n;
	s->win_turns += s->win_dir != dir;
	s->win_dir = dir;
	s->win_frames += n;
	s->win_fast += gap >= 0 && gap <= p->coalesce_ns / 2 ? n : n - 1;
	if (s->win_frames >= WINDOW << s->vain)
		judge(s);
}

static bool due(const struct pcnet *p)
{
	const struct pcnet_state *s = p->s;

	return s->events >= p->coalesce || s->tx_done >= pcnet_up_to_0(s, CSR_XMTRL) ||
	       s->rx_done * 4 >= pcnet_up_to_0(s, CSR_RCVRL) * 3;
}

/* When the pin rises at the latest, as things are. */
static int64_t hold_end(const struct pcnet *p)
{
	const struct pcnet_state *s = p->s;
	int64_t end = s->hold_first + p->coalesce_ns;
	int64_t quiet = s->last_traffic > s->hold_first ? s->last_traffic : s->hold_first;

	quiet += p->coalesce_ns / 4;
	return (s->csr[CSR0] & CSR0_RINT) && quiet < end ? quiet : end;
}

/**
 * pcnet_hold_pin() - The pin would rise: shall it wait?
 * @p: The card
 *
 * The deadline is not put off when a frame arrives: the timer asks here again, and gets another
 * one.
 *
 * Return: true to hold it back.
 */
bool pcnet_hold_pin(struct pcnet *p)
{
	struct pcnet_state *s = p->s;
	int64_t now, end;

	if (!s->bulk)
		return false;
	if (due(p)) {
		s->vain = 0;
		return false;
	}
	now = pcnet_now(p);
	if (s->hold_first == HWNET_NEVER)
		s->hold_first = now;
	end = hold_end(p);
	if (now >= end) {
		s->late = (s->csr[CSR0] & CSR0_RINT) && now - s->hold_first < 2 * p->coalesce_ns;
		return false;
	}
	if (end < s->deadline[DL_COALESCE])
		s->deadline[DL_COALESCE] = end;
	return true;
}

/**
 * pcnet_pin_raised() - The pin rises now: count from here
 * @s: State
 */
void pcnet_pin_raised(struct pcnet_state *s)
{
	s->events = s->tx_done = s->rx_done = 0;
	pcnet_pin_free(s);
}

/**
 * pcnet_pin_free() - Nothing is held back any more
 * @s: State
 */
void pcnet_pin_free(struct pcnet_state *s)
{
	s->hold_first = HWNET_NEVER;
	s->deadline[DL_COALESCE] = HWNET_NEVER;
}
