/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The saved state: its table, and what makes a loaded one sound.
 *
 * The state is all of struct pcnet_state: nothing of a frame outlives a call, so registers and
 * counters say everything. What the pin shows follows from them.
 */
#include "state.h"

#include "pcnet.h"
#include "intr.h"
#include "regs-bcr.h"

#define FIELD(m)	 HWNET_FIELD(struct pcnet_state, m)
#define FLAG(m)		 HWNET_FIELD_BOOL(struct pcnet_state, m)
#define RANGE(m, lo, hi) HWNET_FIELD_RANGE(struct pcnet_state, m, lo, hi)
#define ARRAY(m)	 HWNET_FIELD_ARRAY(struct pcnet_state, m)
#define REGS(m)		 HWNET_FIELD_ARRAY_RANGE(struct pcnet_state, m, 0, 0xffff)

/* Times lie within this of 0, so that sums and differences of two do not overflow. */
#define TIME_MAX ((int64_t)1 << 61)

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
	RANGE(ee_phase, 0, EE_PROGRAM),
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
	FLAG(restart),
	FLAG(tx_where),
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

	if (s->csr[CSR_CHIPID] != (fast ? CHIPID_973 : CHIPID_970A) ||
	    s->csr[CSR_CHIPID + 1] != CHIPID_HIGH)
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
	if (s->ee_phase && !s->ee_left && s->ee_phase != EE_PROGRAM)
		return "EEPROM engine is nowhere";
	if (pin_lost(s))
		return "INTA# is not what its causes say";
	if (!times_ok(s))
		return "a time is out of range";
	return fast ? check_973(s) : check_970a(s);
}
