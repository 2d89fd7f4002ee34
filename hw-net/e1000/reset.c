/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Resets: power and bus from outside, CTRL.RST, PHY_RST and EE_RST from the guest (chapter 14).
 *
 * DOC: Theory of Operation
 *
 * | kind            | registers | buffer, PBA, wake-up | PHY                 | EEPROM     |
 * |-----------------|-----------|----------------------|---------------------|------------|
 * | power, bus      | reset     | reset                | reset, link at once | kept       |
 * | CTRL.RST        | reset     | kept                 | kept                | read again |
 * | CTRL.PHY_RST    | kept      | kept                 | reset, negotiates   | kept       |
 * | CTRL_EXT.EE_RST | EEPROM's  | kept                 | kept                | read again |
 *
 * The manual gives the addresses of the rings no value after CTRL.RST (13.4.25, 13.4.36): they are
 * kept, too, for HelenOS writes them once and resets then.
 *
 * The packet that woke the machine outlives a bus reset too: one comes with each resume, before the
 * driver can look (13.6.7). Drivers write PBA and then reset so that it takes effect (13.4.16). The
 * bus reset finds a link because the PHY of a card that is powered negotiated long before the
 * machine's firmware came to look at it.
 */
#include "reset.h"

#include "eeprom.h"
#include "filter.h"
#include "intr.h"
#include "link.h"
#include "phy.h"
#include "regs.h"
#include "rx-ring.h"
#include "rx-wait.h"
#include "timer.h"
#include "tx.h"

/* Slots that CTRL.RST leaves alone. */
static const struct {
	uint16_t first, last;
} kept[] = {
	{ R_PBA, R_PBA }, { R_RDBAL, R_RDBAH },	   { R_TDBAL, R_TDBAH },
	{ R_WUC, R_WUS }, { R_IPAV, R_FFVT_LAST }, { R_PHY, R_PBM_LAST },
};

static void deadlines_stop(struct e1000_state *s)
{
	for (unsigned i = 0; i < E1000_N_AT; i++)
		s->at[i] = HWNET_NEVER;
	s->itr_open = 0;
}

/* Everything but the EEPROM's contents. */
static void power_on(const struct hwnet_nic *nic, struct e1000_state *s)
{
	const struct e1000_info *info = e1000_info_of(nic->model);

	for (unsigned i = 0; i < E1000_N_SPACES; i++)
		hwnet_regs_reset(&e1000_spaces[i], s->reg);
	deadlines_stop(s);
	e1000_phy_reset(s, info);
	e1000_link_settle(s, nic->carrier);
	e1000_eeprom_load(info, s);
}

/**
 * e1000_state_reset() - A state as when power first comes
 * @nic:   The card; only what hwnet_new() set is looked at
 * @state: Filled
 */
void e1000_state_reset(const struct hwnet_nic *nic, void *state)
{
	struct e1000_state *s = state;

	memset(s, 0, sizeof(*s));
	e1000_eeprom_init(nic, s);
	power_on(nic, s);
}

/* What follows any reset: the line, the host's timer, frames that wait at the host, and what the
 * host knows. */
static void settle(struct e1000 *c)
{
	c->tx_blocked = false;
	e1000_filter_derive(c);
	e1000_rx_forget(c);
	e1000_irq_update(c);
	e1000_arm(c);
	e1000_rx_wake(c);
	c->nic.host->rx_filter_changed(c->nic.opaque);
	c->nic.host->link_changed(c->nic.opaque);
}

/**
 * e1000_reset() - Reset from outside
 * @nic:  The card
 * @kind: Both kinds cut everything but the EEPROM short, and the wake-up packet if of the bus
 */
void e1000_reset(struct hwnet_nic *nic, enum hwnet_reset_kind kind)
{
	struct e1000_state *s = nic->state;
	bool held = s->rx_held;
	uint16_t words[E1000_EE_WORDS];
	uint32_t packet[R_WUPM_LAST - R_WUPL + 1];

	memcpy(words, s->eeprom, sizeof(words));
	memcpy(packet, &s->reg[R_WUPL], sizeof(packet));
	memset(s, 0, sizeof(*s));
	memcpy(s->eeprom, words, sizeof(words));
	power_on(nic, s);
	if (kind == HWNET_RESET_BUS)
		memcpy(&s->reg[R_WUPL], packet, sizeof(packet));
	s->rx_held = held;
	settle(e1000_of(nic));
}

/* CTRL.RST */
static void soft_reset(struct e1000 *c)
{
	struct e1000_state *s = c->s;
	uint32_t *fresh = ((struct e1000_state *)c->nic.shadow)->reg;
	int64_t an = s->at[AT_AN];

	for (unsigned i = 0; i < E1000_N_SPACES; i++)
		hwnet_regs_reset(&e1000_spaces[i], fresh);
	for (unsigned i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		memcpy(&fresh[kept[i].first], &s->reg[kept[i].first],
		       (kept[i].last - kept[i].first + 1) * sizeof(*fresh));
	memcpy(s->reg, fresh, sizeof(s->reg));
	REG(c, STATUS) = e1000_link_up(c) ? STATUS_LU : 0;
	s->linked |= e1000_link_up(c);
	deadlines_stop(s);
	s->at[AT_AN] = an;
	memset(s->ctx, 0, sizeof(s->ctx));
	s->tx_wb = 0;
	s->tx_skip = s->xoff = s->xoff_once = s->xon_due = false;
	s->ee_phase = EE_IDLE;
	e1000_eeprom_load(c->info, s);
	settle(c);
}

/**
 * e1000_loaded() - A saved state was taken over
 * @nic: The card
 */
void e1000_loaded(struct hwnet_nic *nic)
{
	struct e1000 *c = e1000_of(nic);
	bool want = (REG(c, ICR) & REG(c, IMS)) && c->s->at[AT_ITR] == HWNET_NEVER;

	c->tx_blocked = false;
	e1000_filter_derive(c);
	e1000_rx_forget(c);
	hwnet_intx(nic, want);
	e1000_arm(c);
	if (c->s->rx_held)
		nic->host->rx_ready(nic->opaque); /* whether there is room shows when it tries */
	e1000_tx_kick(c);
	nic->host->rx_filter_changed(nic->opaque);
	nic->host->link_changed(nic->opaque);
}

/**
 * e1000_ctrl_write() - Hook of CTRL, 13.4.1
 *
 * RST clears itself and nothing else of the write counts; PHY_RST holds the PHY in reset while it
 * is set.
 */
void e1000_ctrl_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		      uint32_t val)
{
	struct e1000 *c = e1000_of(nic);
	uint32_t old = REG(c, CTRL);

	if (val & CTRL_RST) {
		soft_reset(c);
		return;
	}
	REG(c, CTRL) = val & reg->wmask;
	if (val & ~old & CTRL_PHY_RST) {
		e1000_phy_reset(c->s, c->info);
		e1000_an_start(c);
	}
	if (old & CTRL_RFCE & ~val)
		e1000_at(c, AT_PAUSE, HWNET_NEVER);
	e1000_link_update(c);
	e1000_tx_kick(c);
}

/**
 * e1000_ctrl_ext_write() - Hook of CTRL_EXT, 13.4.6
 *
 * ASDCHK and EE_RST clear themselves; ASDCHK has nothing to do, speed detection never stops.
 */
void e1000_ctrl_ext_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
			  uint32_t val)
{
	struct e1000 *c = e1000_of(nic);

	REG(c, CTRL_EXT) = val & reg->wmask;
	if (!(val & CTRL_EXT_EE_RST))
		return;
	e1000_eeprom_load(c->info, c->s);
	e1000_filter_derive(c);
	nic->host->rx_filter_changed(nic->opaque);
}

/**
 * e1000_pba_write() - Hook of PBA, 13.4.16
 *
 * The buffer has 64 KiB; what receive does not take is left for transmit.
 */
void e1000_pba_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		     uint32_t val)
{
	uint32_t rx = val & reg->wmask;

	REG(e1000_of(nic), PBA) = rx | (rx < 64 ? 64 - rx : 0) << 16;
}
