/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Saved state and resets.
 *
 * The state is all of struct pcnet_state: nothing of a frame outlives a call, so registers and
 * counters say everything. What the pin shows follows from them.
 */
#include "pcnet.h"

#define FIELD(m)	 HWNET_FIELD(struct pcnet_state, m)
#define FLAG(m)		 HWNET_FIELD_BOOL(struct pcnet_state, m)
#define RANGE(m, lo, hi) HWNET_FIELD_RANGE(struct pcnet_state, m, lo, hi)
#define ARRAY(m)	 HWNET_FIELD_ARRAY(struct pcnet_state, m)
#define REGS(m)                                                                    \
	{                                                                          \
#m, offsetof(struct pcnet_state, m), 4,                            \
			sizeof(HWNET_MEMBER(struct pcnet_state, m)) / 4, 0, 0xffff \
	}

/* Times lie within this of 0, so that sums and differences of two do not overflow. */
#define TIME_MAX ((int64_t)1 << 61)
#define LONG_AGO (-(int64_t)1000000000000)

const struct hwnet_field pcnet_fields[PCNET_N_FIELDS] = {
	REGS(csr),
	REGS(bcr),
	REGS(phy),
	ARRAY(eeprom),
	ARRAY(aprom),
	RANGE(rap, 0, 0xff),
	FIELD(ee_in),
	FIELD(ee_out),
	RANGE(ee_left, 0, 17),
	RANGE(ee_addr, 0, PCNET_EE_WORDS - 1),
	RANGE(ee_phase, 0, 4),
	FLAG(ee_wen),
	FLAG(ee_sk),
	FLAG(ee_cs),
	ARRAY(deadline),
	FIELD(stimer_next),
	FIELD(hold_until),
	RANGE(rx_gap, 1, 1000000000),
	RANGE(tx_gap, 1, 1000000000),
	FIELD(led_rx),
	FIELD(led_tx),
	FLAG(missing),
	FLAG(poll_hit),
	FIELD(runts),
	FIELD(hold_first),
	FIELD(last_traffic),
	FIELD(win_frames),
	FIELD(win_fast),
	FIELD(win_turns),
	RANGE(win_dir, DIR_NONE, DIR_RX),
	RANGE(vain, 0, PCNET_VAIN_MAX),
	FLAG(bulk),
	FLAG(late),
	FLAG(pin),
	FIELD(events),
	FIELD(tx_done),
	FIELD(rx_done),
};

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
	struct pcnet *p = to_pcnet(nic);

	p->now = 0;
	h_reset(p->kind, p->s);
	p->tx_full = false;
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
	p->tx_full = false;
	settle(p);
}

static bool time_ok(int64_t t)
{
	return t == HWNET_NEVER || (t > -TIME_MAX && t < TIME_MAX);
}

static bool times_ok(const struct pcnet_state *s)
{
	bool ok = time_ok(s->stimer_next) && time_ok(s->hold_until) && time_ok(s->hold_first);

	for (unsigned i = 0; i < N_DEADLINES; i++)
		ok = ok && time_ok(s->deadline[i]);
	ok = ok && s->led_rx < TIME_MAX && s->led_tx < TIME_MAX;
	ok = ok && s->led_rx > -TIME_MAX && s->led_tx > -TIME_MAX;
	return ok && s->last_traffic > -TIME_MAX && s->last_traffic < TIME_MAX;
}

/* INTA# follows its causes, or will when the moderation's deadline comes. */
static bool pin_lost(const struct pcnet_state *s)
{
	bool level = pcnet_level(s);

	return s->pin != level && !(level && s->deadline[DL_COALESCE] != HWNET_NEVER);
}

static const char *check_973(const struct pcnet_state *s)
{
	if ((s->csr[CSR7] & ~(CSR7_W1C | CSR7_WRITABLE)) ||
	    (s->csr[CSR116] & ~(CSR116_W1C | CSR116_WRITABLE)))
		return "reserved bits are set";
	return NULL;
}

/* What the older chip has not must be clear, or the code that does not ask for the model would act
 * on it. */
static const char *check_970a(const struct pcnet_state *s)
{
	if (s->csr[CSR7] || s->csr[CSR116] || s->bcr[BCR_STVAL] || s->bcr[BCR32] ||
	    s->phy[ANR_CONTROL])
		return "has registers of another model";
	if (s->stimer_next != HWNET_NEVER || s->deadline[DL_STIMER] != HWNET_NEVER ||
	    s->deadline[DL_ANEG] != HWNET_NEVER)
		return "runs timers of another model";
	return NULL;
}

/**
 * pcnet_state_check() - Is a loaded state sound as a whole?
 * @nic:   The card
 * @state: Its state to be
 *
 * Return: NULL, or what is wrong.
 */
const char *pcnet_state_check(const struct hwnet_nic *nic, const void *state)
{
	const struct pcnet_state *s = state;
	bool fast = nic->cfg.values[PCNET_PROP_MODEL] == PCNET_973;

	if (s->csr[CSR_CHIPID] != (fast ? 0x5003 : 0x1003) || s->csr[CSR_CHIPID + 1] != 0x0262)
		return "is of another model of PCnet";
	if (s->csr[CSR0] & (CSR0_ERR | CSR0_INTR))
		return "CSR0 has computed bits set";
	if ((s->csr[CSR0] & CSR0_STOP) &&
	    ((s->csr[CSR0] & (CSR0_STRT | CSR0_TXON | CSR0_RXON)) || (s->csr[CSR5] & CSR5_SPND)))
		return "both stopped and running";
	if ((s->csr[CSR3] & ~CSR3_WRITABLE) || (s->csr[CSR4] & ~(CSR4_W1C | CSR4_WRITABLE)) ||
	    (s->csr[CSR5] & ~(CSR5_W1C | CSR5_WRITABLE)))
		return "reserved bits are set";
	if (s->bcr[BCR20] != (pcnet_sws((uint16_t)s->bcr[BCR20]) | (s->bcr[BCR20] & BCR20_APERREN)))
		return "BCR20 is inconsistent";
	if (s->ee_phase && !s->ee_left && s->ee_phase != 4)
		return "EEPROM engine is nowhere";
	if (pin_lost(s))
		return "INTA# is not what its causes say";
	if (!times_ok(s))
		return "a time is out of range";
	return fast ? check_973(s) : check_970a(s);
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
	struct pcnet *p = to_pcnet(nic);
	struct hwnet_link before = p->link;

	p->now = 0;
	p->tx_full = false;
	pcnet_filter_changed(p);
	pcnet_link(nic, &p->link);
	if (!same_link(&before, &p->link))
		nic->host->link_changed(nic->opaque);
	if (p->rx_wait)
		nic->host->rx_ready(nic->opaque);
	p->rx_wait = false;
	hwnet_intx(nic, p->s->pin);
	pcnet_arm(p);
	if (p->s->csr[CSR0] & CSR0_TXON)
		nic->host->kick(nic->opaque);
}
