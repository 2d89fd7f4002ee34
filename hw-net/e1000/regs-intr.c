/* SPDX-License-Identifier: BSD-2-Clause */
/* What the guest does with the registers of interrupts: causes, masks, timers. See intr.c. */
#include "regs-intr.h"

#include "intr.h"

/**
 * e1000_icr_read() - Hook of ICR, 13.4.17: reading acknowledges everything
 *
 * Return: the causes.
 */
uint32_t e1000_icr_read(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index)
{
	struct e1000 *c = e1000_of(nic);
	uint32_t val;

	e1000_intr_settle(c);
	val = REG(c, ICR);
	REG(c, ICR) = 0;
	e1000_irq_update(c);
	return val;
}

/**
 * e1000_icr_write() - Hook of ICR: acknowledge causes
 */
void e1000_icr_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		     uint32_t val)
{
	struct e1000 *c = e1000_of(nic);

	e1000_intr_settle(c);
	REG(c, ICR) &= ~val;
	e1000_irq_update(c);
}

/**
 * e1000_ics_read() - Hook of ICS: VxWorks looks for causes here instead of in ICR
 *
 * Return: the causes.
 */
uint32_t e1000_ics_read(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index)
{
	e1000_intr_settle(e1000_of(nic));
	return REG(e1000_of(nic), ICR);
}

/**
 * e1000_ics_write() - Hook of ICS, 13.4.19: the guest raises causes itself
 */
void e1000_ics_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		     uint32_t val)
{
	e1000_cause(e1000_of(nic), val);
}

/**
 * e1000_ims_write() - Hook of IMS, 13.4.20: unmask causes
 */
void e1000_ims_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		     uint32_t val)
{
	struct e1000 *c = e1000_of(nic);

	e1000_intr_settle(c);
	REG(c, IMS) |= val & (c->info->is_82544 ? ICR_ALL_82544 : ICR_ALL);
	e1000_irq_update(c);
}

/**
 * e1000_imc_write() - Hook of IMC, 13.4.21: mask causes
 */
void e1000_imc_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		     uint32_t val)
{
	struct e1000 *c = e1000_of(nic);

	REG(c, IMS) &= ~val;
	e1000_irq_update(c);
}

/**
 * e1000_itr_write() - Hook of ITR, 13.4.18
 *
 * A new interval counts from now on; one that was longer must not go on holding interrupts back.
 */
void e1000_itr_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		     uint32_t val)
{
	struct e1000 *c = e1000_of(nic);
	struct e1000_state *s = c->s;
	int64_t latest;

	REG(c, ITR) = val & reg->wmask;
	latest = hwnet_now(nic) + (int64_t)REG(c, ITR) * E1000_ITR_NS;
	if (s->itr_open > latest)
		s->itr_open = latest;
	e1000_irq_update(c);
}

/**
 * e1000_rdtr_write() - Hook of RDTR, 13.4.30: FPD ends the delay now, and reads as 0
 */
void e1000_rdtr_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		      uint32_t val)
{
	REG(e1000_of(nic), RDTR) = val & reg->wmask;
	if (val & DELAY_FPD)
		e1000_rx_now(e1000_of(nic));
}

/**
 * e1000_tidv_write() - Hook of TIDV, 13.4.41: likewise
 */
void e1000_tidv_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		      uint32_t val)
{
	REG(e1000_of(nic), TIDV) = val & reg->wmask;
	if (val & DELAY_FPD)
		e1000_tx_now(e1000_of(nic));
}
