/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interrupt causes, masks and timers.
 *
 * DOC: Theory of Operation
 *
 * A cause is a bit of ICR. INTA# is asserted while ICR & IMS is not empty (13.4.17): reading ICR
 * clears all causes, a write clears those written as 1; nothing masks itself. IMS and IMC are one
 * mask behind two addresses.
 *
 * Five timers delay things, each a deadline of its own:
 *
 *  - TIDV and TADV (13.4.41, 13.4.44) hold TXDW back for descriptors with IDE. TIDV starts anew
 *    with each of them, TADV runs from the first; what comes first ends both. A descriptor without
 *    IDE raises TXDW at once and ends both.
 *  - RDTR and RADV (13.4.30, 13.4.31) hold RXT0 back likewise. With RDTR 0 each burst raises it. A
 *    small frame (RSRPD) ends both and raises SRPD. FPD in RDTR or TIDV ends them now.
 *  - ITR (13.4.18) spaces assertions of INTA#, whatever the cause. Causes collect in ICR meanwhile,
 *    where a driver that polls sees them.
 *
 * A timer of 0 is off. There is no lower bound. The one other delay is that of coalesce.c.
 *
 * A delayed cause is *settled*, put into ICR, when somebody can see it and not before: when a
 * driver reads ICR or ICS or unmasks causes, or when INTA# has to rise for it. So the host's timer
 * is asked for only where the line can really rise: not for a masked cause, not while the line is
 * asserted already, and not before ITR opens. A loaded guest costs its host one timer an interrupt
 * instead of one a doorbell.
 */
#include "intr.h"

#include "coalesce.h"
#include "tx-done.h"

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* When ITR lets INTA# be asserted again. */
static int64_t itr_open(const struct e1000 *c)
{
	return REG(c, ITR) ? c->s->itr_open : INT64_MIN;
}

/* When a pair of delays ends. */
static int64_t delay_end(const struct e1000_state *s, enum e1000_at each, enum e1000_at first)
{
	return earlier(s->at[each], s->at[first]);
}

/* When INTA# is to rise for a delayed cause. */
static int64_t delayed_rise(const struct e1000 *c)
{
	const struct e1000_state *s = c->s;
	int64_t at = HWNET_NEVER;

	if (c->nic.intx_level)
		return HWNET_NEVER;
	if (REG(c, IMS) & ICR_TXDW)
		at = later(delay_end(s, AT_TIDV, AT_TADV), e1000_coalesce_until(c, ICR_TXDW));
	if (REG(c, IMS) & ICR_RXT0)
		at = earlier(at, delay_end(s, AT_RDTR, AT_RADV));
	return later(at, itr_open(c));
}

/**
 * e1000_arm() - Tell the host the nearest deadline
 * @c: The card
 */
void e1000_arm(struct e1000 *c)
{
	const struct e1000_state *s = c->s;
	int64_t at = earlier(delayed_rise(c), s->at[AT_ITR]);

	if (s->tx_wb != REG(c, TDH)) /* WTHRESH holds descriptors that a driver may be polling */
		at = earlier(at, delay_end(s, AT_TIDV, AT_TADV));
	at = earlier(at, hwnet_nearest(&s->at[AT_AN], E1000_N_AT - AT_AN));
	hwnet_arm(&c->nic, at);
}

/* May INTA# be asserted, as far as ITR and coalescing go? If so the next interval starts; if not
 * its end is waited for. */
static bool admitted(struct e1000 *c)
{
	struct e1000_state *s = c->s;
	int64_t now = hwnet_now(&c->nic), open = itr_open(c);

	open = later(open, e1000_coalesce_until(c, REG(c, ICR) & REG(c, IMS)));
	if (now < open) {
		s->at[AT_ITR] = open;
		return false;
	}
	s->itr_open = now + (int64_t)REG(c, ITR) * E1000_ITR_NS;
	e1000_coalesce_rise(c, now);
	return true;
}

static void delay_stop(struct e1000 *c, enum e1000_at each, enum e1000_at first)
{
	c->s->at[each] = c->s->at[first] = HWNET_NEVER;
}

/* The transmit delay is over, or there was none: write back what WTHRESH held. */
static void tx_settle(struct e1000 *c)
{
	delay_stop(c, AT_TIDV, AT_TADV);
	e1000_tx_write_back(c);
	REG(c, ICR) |= ICR_TXDW;
}

/* Assert INTA#. If it says TXDW, it does so for all that was sent; a delay that ran on would say it
 * again. */
static void rise(struct e1000 *c)
{
	c->s->at[AT_ITR] = HWNET_NEVER;
	if ((REG(c, ICR) & REG(c, IMS) & ICR_TXDW) &&
	    delay_end(c->s, AT_TIDV, AT_TADV) != HWNET_NEVER)
		tx_settle(c);
	hwnet_intx(&c->nic, true);
}

/**
 * e1000_irq_update() - Drive INTA# as ICR, IMS and ITR say
 * @c: The card
 */
void e1000_irq_update(struct e1000 *c)
{
	struct e1000_state *s = c->s;

	if (!(REG(c, ICR) & REG(c, IMS))) {
		s->at[AT_ITR] = HWNET_NEVER;
		hwnet_intx(&c->nic, false);
	} else if (!c->nic.intx_level && admitted(c)) {
		rise(c);
	}
	e1000_arm(c);
}

/**
 * e1000_cause() - Raise interrupt causes
 * @c:    The card
 * @bits: ICR bits
 */
void e1000_cause(struct e1000 *c, uint32_t bits)
{
	bits &= c->info->is_82544 ? ICR_ALL_82544 : ICR_ALL;
	if (!(bits & ~REG(c, ICR)) && c->nic.intx_level)
		return; /* the guest has been told, and has not looked yet */
	REG(c, ICR) |= bits;
	e1000_irq_update(c);
}

static void rx_settle(struct e1000 *c)
{
	delay_stop(c, AT_RDTR, AT_RADV);
	REG(c, ICR) |= ICR_RXT0;
}

/**
 * e1000_intr_expire() - Put delayed causes whose time has come into ICR
 * @c:   The card
 * @now: The time
 */
void e1000_intr_expire(struct e1000 *c, int64_t now)
{
	const struct e1000_state *s = c->s;

	if (delay_end(s, AT_TIDV, AT_TADV) <= now)
		tx_settle(c);
	if (delay_end(s, AT_RDTR, AT_RADV) <= now)
		rx_settle(c);
}

/**
 * e1000_intr_settle() - The guest is about to look at causes: put those into ICR whose delay is
 * over
 * @c: The card
 */
void e1000_intr_settle(struct e1000 *c)
{
	if (hwnet_nearest(&c->s->at[AT_TIDV], AT_RADV - AT_TIDV + 1) != HWNET_NEVER)
		e1000_intr_expire(c, hwnet_now(&c->nic));
}

/* Start the pair of timers of one direction: @each restarts, @first only starts. What was due
 * before is not put off. */
static void delay_start(struct e1000 *c, enum e1000_at each, uint32_t each_reg, enum e1000_at first,
			uint32_t first_reg)
{
	struct e1000_state *s = c->s;
	int64_t now = hwnet_now(&c->nic);

	e1000_intr_expire(c, now);
	s->at[each] = now + (int64_t)each_reg * E1000_DELAY_NS;
	if (first_reg && s->at[first] == HWNET_NEVER)
		s->at[first] = now + (int64_t)first_reg * E1000_DELAY_NS;
	e1000_irq_update(c);
}

/**
 * e1000_tx_now() - TXDW is raised now: there is no delay, or it is cut short
 * @c: The card
 */
void e1000_tx_now(struct e1000 *c)
{
	tx_settle(c);
	e1000_irq_update(c);
}

/**
 * e1000_rx_now() - RXT0 likewise
 * @c: The card
 */
void e1000_rx_now(struct e1000 *c)
{
	rx_settle(c);
	e1000_irq_update(c);
}

/**
 * e1000_tx_done_cause() - Descriptors with RS were dealt with
 * @c:       The card
 * @delayed: All of them had IDE
 */
void e1000_tx_done_cause(struct e1000 *c, bool delayed)
{
	if (delayed && REG(c, TIDV))
		delay_start(c, AT_TIDV, REG(c, TIDV), AT_TADV, REG(c, TADV));
	else
		e1000_tx_now(c);
}

/**
 * e1000_rx_done_cause() - A burst of frames was received
 * @c:      The card
 * @causes: What it raised: RXT0 for any frame, SRPD, RXDMT0
 */
void e1000_rx_done_cause(struct e1000 *c, uint32_t causes)
{
	if (causes & ICR_SRPD) {
		delay_stop(c, AT_RDTR, AT_RADV);
	} else if ((causes & ICR_RXT0) && REG(c, RDTR)) {
		causes &= ~ICR_RXT0;
		delay_start(c, AT_RDTR, REG(c, RDTR), AT_RADV, REG(c, RADV));
	}
	if (causes)
		e1000_cause(c, causes);
}
