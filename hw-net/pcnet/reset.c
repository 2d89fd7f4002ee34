/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Resets, and what follows a load.
 *
 * DOC: Theory of Operation
 *
 * H_RESET comes from outside (power, the bus) and resets everything but the EEPROM's contents,
 * which are read again. S_RESET, a read of the reset register, leaves alone what the init block
 * sets, and the BCRs. STOP is a milder one still: control.c.
 */
#include "reset.h"

#include "control.h"
#include "eeprom.h"
#include "filter.h"
#include "intr.h"
#include "link.h"
#include "phy.h"
#include "regs-bcr.h"
#include "regs-csr.h"
#include "rx-wait.h"
#include "timer.h"

/* Activity so long ago that no LED is lit for it, and no interrupt held back */
#define LONG_AGO (-(int64_t)1000000000000)

static void clocks_reset(struct pcnet_state *s)
{
	for (unsigned i = 0; i < N_DEADLINES; i++)
		s->deadline[i] = HWNET_NEVER;
	s->stimer_next = s->hold_until = s->hold_first = HWNET_NEVER;
	s->rx_gap = s->tx_gap = 1;
	s->led_rx = s->led_tx = s->last_traffic = LONG_AGO;
}

/* H_RESET: everything but the EEPROM, which is read again. */
static void h_reset(enum pcnet_kind kind, struct pcnet_state *s)
{
	uint16_t eeprom[PCNET_EE_WORDS];

	memcpy(eeprom, s->eeprom, sizeof(eeprom));
	memset(s, 0, sizeof(*s));
	memcpy(s->eeprom, eeprom, sizeof(eeprom));
	clocks_reset(s);
	pcnet_csr_reset(kind, s, false);
	pcnet_bcr_reset(kind, s);
	pcnet_phy_reset(kind, s);
	pcnet_eeprom_load(kind, s);
}

/**
 * pcnet_state_reset() - State of a new card
 * @nic:   The card; only its configuration is looked at
 * @state: Filled
 */
void pcnet_state_reset(const struct hwnet_nic *nic, void *state)
{
	enum pcnet_kind kind = (enum pcnet_kind)nic->cfg.values[PCNET_PROP_MODEL];
	struct pcnet_state *s = state;

	memset(s, 0, sizeof(*s));
	pcnet_bcr_reset(kind, s);
	pcnet_eeprom_blank(kind, s, nic->cfg.mac);
	h_reset(kind, s);
}

/* All that is derived is derived again. */
static void settle(struct pcnet *p)
{
	pcnet_filter_changed(p);
	pcnet_link_update(p);
	pcnet_rx_release(p);
	pcnet_intr(p);
	pcnet_arm(p);
}

/**
 * pcnet_reset() - hwnet_reset() of this model
 * @nic:  The card
 * @kind: Why; both are H_RESET
 */
void pcnet_reset(struct hwnet_nic *nic, enum hwnet_reset_kind kind)
{
	struct pcnet *p = pcnet_of(nic);

	p->now = 0;
	h_reset(p->kind, p->s);
	p->tx_blocked = false;
	settle(p);
}

/**
 * pcnet_s_reset() - The guest read the reset register
 * @p: The card
 *
 * 970A, S_RESET: CSRs but not those that the init block sets, no BCR.
 */
void pcnet_s_reset(struct pcnet *p)
{
	pcnet_stop_state(p->s);
	pcnet_csr_reset(p->kind, p->s, true);
	p->s->rap = 0;
	p->tx_blocked = false;
	settle(p);
}

static bool same_link(const struct hwnet_link *a, const struct hwnet_link *b)
{
	return a->up == b->up && a->full == b->full && a->speed_mbps == b->speed_mbps;
}

/**
 * pcnet_loaded() - The state was replaced
 * @nic: The card
 *
 * Deadlines that have passed are dealt with by the timer. Frames that waited at the other host are
 * not here.
 */
void pcnet_loaded(struct hwnet_nic *nic)
{
	struct pcnet *p = pcnet_of(nic);
	struct hwnet_link before = p->link;

	p->now = 0;
	p->tx_blocked = false;
	pcnet_filter_changed(p);
	pcnet_link(nic, &p->link);
	if (!same_link(&before, &p->link))
		nic->host->link_changed(nic->opaque);
	if (p->rx_held)
		nic->host->rx_ready(nic->opaque);
	p->rx_held = false;
	hwnet_intx(nic, p->s->pin);
	pcnet_arm(p);
	if (p->s->csr[CSR0] & CSR0_TXON)
		nic->host->kick(nic->opaque);
}
