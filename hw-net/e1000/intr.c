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
 * with each of them, TADV runs from the first; what comes first ends both. A descriptor without IDE
 * raises TXDW at once and ends both.
 *  - RDTR and RADV (13.4.30, 13.4.31) hold RXT0 back likewise. With RDTR 0 each burst raises it. A
 * small frame (RSRPD) ends both and raises SRPD. FPD in RDTR or TIDV ends them now.
 *  - ITR (13.4.18) spaces assertions of INTA#, whatever the cause. Causes collect in ICR meanwhile,
 * where a driver that polls sees them.
 *
 * A timer of 0 is off. There is no other delay, and no lower bound.
 */
#include "e1000.h"

#define DELAY_NS 1024 /* unit of TIDV, TADV, RDTR, RADV */
#define ITR_NS	 256

/**
 * e1000_arm() - Tell the host the nearest deadline
 * @c: The card
 */
void e1000_arm(struct e1000 *c)
{
	hwnet_arm(&c->nic, hwnet_nearest(e1000_st(c)->at, E1000_N_AT));
}

/**
 * e1000_at() - Set a deadline
 * @c:     The card
 * @which: Which
 * @when:  When, or HWNET_NEVER
 */
void e1000_at(struct e1000 *c, enum e1000_at which, int64_t when)
{
	if (e1000_st(c)->at[which] == when)
		return;
	e1000_st(c)->at[which] = when;
	e1000_arm(c);
}

/* May INTA# be asserted, as far as ITR goes? If so the next interval starts; if not its end is
 * waited for. */
static bool itr_admits(struct e1000 *c)
{
	struct e1000_state *s = e1000_st(c);
	int64_t now;

	if (!REG(c, ITR))
		return true;
	now = hwnet_now(&c->nic);
	if (now < s->itr_open) {
		e1000_at(c, AT_ITR, s->itr_open);
		return false;
	}
	s->itr_open = now + (int64_t)REG(c, ITR) * ITR_NS;
	return true;
}

/**
 * e1000_irq_update() - Drive INTA# as ICR, IMS and ITR say
 * @c: The card
 */
void e1000_irq_update(struct e1000 *c)
{
	if (!(REG(c, ICR) & REG(c, IMS))) {
		e1000_at(c, AT_ITR, HWNET_NEVER);
		hwnet_intx(&c->nic, false);
		return;
	}
	if (!c->nic.intx_level && itr_admits(c)) {
		e1000_at(c, AT_ITR, HWNET_NEVER);
		hwnet_intx(&c->nic, true);
	}
}

/**
 * e1000_cause() - Raise interrupt causes
 * @c:    The card
 * @bits: ICR bits
 */
void e1000_cause(struct e1000 *c, uint32_t bits)
{
	REG(c, ICR) |= bits & (c->info->is_82544 ? ICR_ALL_82544 : ICR_ALL);
	e1000_irq_update(c);
}

/* Start the pair of timers of one direction: @each restarts, @first only starts. */
static void delay_start(struct e1000 *c, enum e1000_at each, uint32_t each_reg, enum e1000_at first,
			uint32_t first_reg)
{
	struct e1000_state *s = e1000_st(c);
	int64_t now = hwnet_now(&c->nic);

	s->at[each] = now + (int64_t)each_reg * DELAY_NS;
	if (first_reg && s->at[first] == HWNET_NEVER)
		s->at[first] = now + (int64_t)first_reg * DELAY_NS;
	e1000_arm(c);
}

static void delay_stop(struct e1000 *c, enum e1000_at each, enum e1000_at first)
{
	struct e1000_state *s = e1000_st(c);

	if (s->at[each] == HWNET_NEVER && s->at[first] == HWNET_NEVER)
		return;
	s->at[each] = s->at[first] = HWNET_NEVER;
	e1000_arm(c);
}

/* The transmit delay is over, or there was none: write back what WTHRESH held, then say so. */
static void tx_expire(struct e1000 *c)
{
	delay_stop(c, AT_TIDV, AT_TADV);
	e1000_tx_write_back(c);
	e1000_cause(c, ICR_TXDW);
}

static void rx_expire(struct e1000 *c)
{
	delay_stop(c, AT_RDTR, AT_RADV);
	e1000_cause(c, ICR_RXT0);
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
		tx_expire(c);
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

/**
 * e1000_timer() - A deadline came
 * @nic: The card
 */
void e1000_timer(struct hwnet_nic *nic)
{
	struct e1000 *c = e1000_of(nic);
	struct e1000_state *s = e1000_st(c);
	int64_t now = hwnet_now(nic);

	if (hwnet_due(&s->at[AT_TIDV], now) | hwnet_due(&s->at[AT_TADV], now))
		tx_expire(c);
	if (hwnet_due(&s->at[AT_RDTR], now) | hwnet_due(&s->at[AT_RADV], now))
		rx_expire(c);
	if (hwnet_due(&s->at[AT_AN], now))
		e1000_an_done(c);
	if (hwnet_due(&s->at[AT_PAUSE], now))
		e1000_tx_kick(c);
	if (hwnet_due(&s->at[AT_XOFF], now))
		e1000_flow_send(c);
	if (hwnet_due(&s->at[AT_ITR], now))
		e1000_irq_update(c);
	e1000_arm(c);
}

/* 13.4.17: reading acknowledges everything. */
uint32_t e1000_icr_read(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index)
{
	struct e1000 *c = e1000_of(nic);
	uint32_t val = REG(c, ICR);

	REG(c, ICR) = 0;
	e1000_irq_update(c);
	return val;
}

void e1000_icr_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		     uint32_t val)
{
	struct e1000 *c = e1000_of(nic);

	REG(c, ICR) &= ~val;
	e1000_irq_update(c);
}

/* VxWorks looks for causes here instead of in ICR. */
uint32_t e1000_ics_read(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index)
{
	return REG(e1000_of(nic), ICR);
}

void e1000_ics_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		     uint32_t val)
{
	e1000_cause(e1000_of(nic), val);
}

void e1000_ims_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		     uint32_t val)
{
	struct e1000 *c = e1000_of(nic);

	REG(c, IMS) |= val & (c->info->is_82544 ? ICR_ALL_82544 : ICR_ALL);
	e1000_irq_update(c);
}

void e1000_imc_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		     uint32_t val)
{
	struct e1000 *c = e1000_of(nic);

	REG(c, IMS) &= ~val;
	e1000_irq_update(c);
}

/* A new interval counts from now on; one that was longer must not go on holding interrupts back. */
void e1000_itr_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		     uint32_t val)
{
	struct e1000 *c = e1000_of(nic);
	struct e1000_state *s = e1000_st(c);
	int64_t latest;

	REG(c, ITR) = val & reg->wmask;
	latest = hwnet_now(nic) + (int64_t)REG(c, ITR) * ITR_NS;
	if (s->itr_open > latest)
		s->itr_open = latest;
	e1000_irq_update(c);
}

/* 13.4.30: FPD ends the delay now, and reads as 0. */
void e1000_rdtr_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		      uint32_t val)
{
	REG(e1000_of(nic), RDTR) = val & reg->wmask;
	if (val & DELAY_FPD)
		rx_expire(e1000_of(nic));
}

void e1000_tidv_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		      uint32_t val)
{
	REG(e1000_of(nic), TIDV) = val & reg->wmask;
	if (val & DELAY_FPD)
		tx_expire(e1000_of(nic));
}
