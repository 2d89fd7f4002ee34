/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Causes, masks, and the pin.
 *
 * CSR0.INTR is the OR of all causes that their mask or enable bit lets through; INTA# follows it
 * while CSR0.IENA is set. SINT and SLPINT do not need IENA, because what sets SINT has cleared it
 * (970A, CSR5). INTR shows at once whatever the pin does, so that a driver which polls sees no
 * delay; only the pin is held back, and only for RINT and TINT (coalesce.c).
 */
#include "intr.h"

#include "coalesce.h"

/* Causes of CSR0 that are not masked in CSR3. */
static uint32_t causes0(const struct pcnet_state *s)
{
	return s->csr[CSR0] & CSR0_CAUSE & ~s->csr[CSR3];
}

/* Those of the other registers. A cause stands one bit left of its mask (CSR4) or enable bit (CSR5,
 * 7). */
static uint32_t causes457(const struct pcnet_state *s)
{
	uint32_t c4 = s->csr[CSR4] >> 1 & ~s->csr[CSR4] &
		      (CSR4_JABM | CSR4_TXSTRTM | CSR4_RCVCCOM | CSR4_MFCOM);
	uint32_t c5 = s->csr[CSR5] >> 1 & s->csr[CSR5] &
		      (CSR5_MPINTE | CSR5_EXDINTE | CSR5_SLPINTE | CSR5_SINTE);
	uint32_t c7 = s->csr[CSR7] >> 1 & s->csr[CSR7] & CSR7_ENABLES;

	return c4 | (s->csr[CSR4] & CSR4_UINT) | c5 | c7;
}

static bool urgent(const struct pcnet_state *s)
{
	return s->csr[CSR5] >> 1 & s->csr[CSR5] & (CSR5_SINTE | CSR5_SLPINTE);
}

/**
 * pcnet_csr0() - CSR0 as it reads
 * @s: State
 *
 * Return: the slot's value with INTR and ERR.
 */
uint32_t pcnet_csr0(const struct pcnet_state *s)
{
	uint32_t val = s->csr[CSR0];

	if (val & CSR0_ERROR)
		val |= CSR0_ERR;
	if (causes0(s) || causes457(s))
		val |= CSR0_INTR;
	return val;
}

/**
 * pcnet_level() - What INTA# would be if nothing held it back
 * @s: State
 *
 * Return: true if a cause is let through.
 */
bool pcnet_level(const struct pcnet_state *s)
{
	return ((causes0(s) || causes457(s)) && (s->csr[CSR0] & CSR0_IENA)) || urgent(s);
}

/**
 * pcnet_intr() - Causes, masks or moderation changed: drive the pin
 * @p: The card
 */
void pcnet_intr(struct pcnet *p)
{
	struct pcnet_state *s = p->s;
	uint32_t c0 = causes0(s), other = causes457(s);
	bool level = pcnet_level(s);
	bool only_traffic = !other && !(c0 & ~(CSR0_RINT | CSR0_TINT));

	if (!level) {
		pcnet_pin_free(s);
	} else if (!s->pin) {
		if (only_traffic && pcnet_hold_pin(p))
			return;
		pcnet_pin_raised(s);
	}
	s->pin = level;
	hwnet_intx(&p->nic, level);
}
