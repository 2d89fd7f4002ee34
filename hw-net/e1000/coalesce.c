/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fewer interrupts that only say "sent".
 *
 * DOC: Theory of Operation
 *
 * Frames leave a virtual card at once, so a driver that sends in a stream finds every batch done
 * before it has queued the next, and the delays it programmed for a wire of 1 Gb/s (Linux: 8 us)
 * end between any two batches. On silicon the wire keeps those interrupts apart; here nothing does,
 * and each costs an exit, or several.
 *
 * So under load, and under load only, an assertion of INTA# for nothing but transmit causes waits
 * for up to `tx-coalesce-us` from the last assertion on. Load is LOAD descriptors or more done
 * since then. It waits no longer than until most of the ring is done, so a driver never waits for
 * room: all but SPARE descriptors (Linux stops with 19 left), of a short ring three quarters. Any
 * other cause asserts the line at once, as it would otherwise, and whoever polls ICR or descriptors
 * sees no difference. With fewer frames under way (requests and answers, a window's end) nothing is
 * delayed beyond what the data sheet's own timers say.
 *
 * None of this is saved: a card that was just loaded has seen no load yet.
 */
#include "coalesce.h"

#define LOAD	  16u
#define SPARE	  48u
#define TX_CAUSES (ICR_TXDW | ICR_TXQE | ICR_TXD_LOW)

/* Descriptors done since INTA# was asserted last; a ring's length at most. */
static uint32_t done_since(const struct e1000 *c)
{
	uint32_t n = e1000_ring_len(REG(c, TDLEN)), head = REG(c, TDH), from = c->rise_head;

	if (head >= n || from >= n)
		return 0;
	return head >= from ? head - from : n - from + head;
}

/**
 * e1000_coalesce_until() - Until when does an interrupt for these causes wait?
 * @c:      The card
 * @causes: Unmasked causes, all that there are
 *
 * Return: a time, INT64_MIN if it does not wait.
 */
int64_t e1000_coalesce_until(const struct e1000 *c, uint32_t causes)
{
	int64_t us = (int64_t)c->nic.cfg.values[E1000_PROP_TX_COALESCE];
	uint32_t n = e1000_ring_len(REG(c, TDLEN)), done;

	if (!us || causes & ~TX_CAUSES)
		return INT64_MIN;
	done = done_since(c);
	if (done < LOAD || done >= (n > 4 * SPARE ? n - SPARE : n * 3 / 4))
		return INT64_MIN;
	return c->rise_time + us * 1000;
}

/**
 * e1000_coalesce_rise() - INTA# is being asserted
 * @c:   The card
 * @now: The time
 */
void e1000_coalesce_rise(struct e1000 *c, int64_t now)
{
	c->rise_time = now;
	c->rise_head = REG(c, TDH);
}
