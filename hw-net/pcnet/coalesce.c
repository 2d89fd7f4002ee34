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
 * less than half the receive ring is filled,
 *  - less than a quarter of `coalesce-us` has passed since the last frame, and less than all of it
 * since the pin would have risen.
 *
 * Bulk is judged over windows of WINDOW frames: they came faster than one in half of `coalesce-us`,
 * and at least one of four went the same way as the one before. Request and response take turns,
 * whatever their rate, and so never count as bulk: every frame of theirs interrupts at once.
 * Answers of several frames may count, and lose a quarter of the bound at their end. A pause of
 * PAUSE times the bound starts afresh, so that the first frame after it is not delayed either.
 *
 * A driver that acknowledges RINT or TINT before the pin rose (it polls, or another card on the
 * line interrupted) has seen what was held back; counting starts again.
 */
#include "pcnet.h"

#define WINDOW 16u
#define PAUSE  4

static void new_window(struct pcnet_state *s, int64_t now)
{
	s->win_start = now;
	s->win_frames = s->win_turns = 0;
}

static void judge(struct pcnet *p, int64_t now)
{
	struct pcnet_state *s = p->s;
	bool fast = now - s->win_start <= (int64_t)s->win_frames * p->coalesce_ns / 2;

	s->bulk = fast && s->win_turns * 4 <= s->win_frames * 3;
	new_window(s, now);
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
	int64_t now = p->now;
	bool pause = now - s->last_traffic > PAUSE * p->coalesce_ns;

	s->events = s->events + n < n ? UINT32_MAX : s->events + n;
	if (pause || now < s->win_start) {
		s->bulk = false;
		new_window(s, now);
	}
	s->win_turns += s->win_dir != dir;
	s->win_dir = dir;
	s->win_frames += n;
	s->last_traffic = now;
	if (s->win_frames >= WINDOW && !pause)
		judge(p, now);
}

static bool due(const struct pcnet *p)
{
	const struct pcnet_state *s = p->s;

	return s->events >= p->coalesce || s->tx_done >= 0x10000 - s->csr[78] ||
	       s->rx_done * 2 >= 0x10000 - s->csr[76];
}

/**
 * pcnet_hold_pin() - The pin would rise: shall it wait?
 * @p: The card
 *
 * The deadline is not moved when a frame arrives: the timer asks here again, and gets another one.
 *
 * Return: true to hold it back.
 */
bool pcnet_hold_pin(struct pcnet *p)
{
	struct pcnet_state *s = p->s;
	int64_t now, quiet, end;

	if (!s->bulk || due(p))
		return false;
	now = pcnet_now(p);
	if (s->hold_first == HWNET_NEVER)
		s->hold_first = now;
	quiet = s->last_traffic > s->hold_first ? s->last_traffic : s->hold_first;
	quiet += p->coalesce_ns / 4;
	end = s->hold_first + p->coalesce_ns;
	end = quiet < end ? quiet : end;
	if (now >= end)
		return false;
	if (s->deadline[DL_COALESCE] == HWNET_NEVER)
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
