/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The saved state: its table, and what makes a loaded one sound.
 *
 * Register values need little checking: whatever a guest can write, the data path copes with. What
 * a guest cannot write must be what the card itself would have left there: bits outside a row's
 * mask, indices of the serial EEPROM.
 */
#include "state.h"

#include "e1000.h"
#include "regs.h"

#define S struct e1000_state

const struct hwnet_field e1000_fields[E1000_N_FIELDS] = {
	HWNET_FIELD_ARRAY(S, reg),
	HWNET_FIELD_ARRAY(S, eeprom),
	HWNET_FIELD_ARRAY(S, at),
	HWNET_FIELD(S, itr_open),
	HWNET_FIELD(S, io_addr),
	{ "ctx", offsetof(S, ctx), 4, 8, 0, 0 },
	HWNET_FIELD_RANGE(S, tx_wb, 0, 0xffff),
	HWNET_FIELD_BOOL(S, tx_skip),
	HWNET_FIELD_BOOL(S, rx_held),
	HWNET_FIELD_BOOL(S, linked),
	HWNET_FIELD_BOOL(S, xoff),
	HWNET_FIELD_BOOL(S, xoff_once),
	HWNET_FIELD_BOOL(S, xon_due),
	HWNET_FIELD_RANGE(S, ee_phase, 0, E1000_N_EE_PHASES - 1),
	HWNET_FIELD_RANGE(S, ee_bits, 0, 31),
	HWNET_FIELD_RANGE(S, ee_addr, 0, E1000_EE_WORDS - 1),
	HWNET_FIELD_RANGE(S, ee_op, 0, 3),
	HWNET_FIELD_BOOL(S, ee_out),
	HWNET_FIELD_BOOL(S, ee_wen),
	HWNET_FIELD(S, ee_shift),
};

/* Bits that a guest can't set in a plain register. */
static const char *check_masks(const struct hwnet_regspace *space, const uint32_t *words)
{
	for (unsigned i = 0; i < space->n_rows; i++) {
		const struct hwnet_reg *reg = &space->rows[i];
		unsigned count = reg->count ? reg->count : 1;

		if (reg->kind != REG_RW || reg->read || reg->write)
			continue;
		for (unsigned j = 0; j < count; j++)
			if (words[reg->slot + j] & ~(reg->wmask | reg->reset))
				return reg->name;
	}
	return NULL;
}

static bool fits(uint32_t val, uint32_t mask)
{
	return !(val & ~mask);
}

/* Rings: 13.4.25 to 13.4.29 and their transmit twins, whose hooks only add a doorbell to the
 * mask. */
static bool rings_sound(const uint32_t *r)
{
	return fits(r[R_RDBAL] & 15, 0) && fits(r[R_TDBAL] & 15, 0) && fits(r[R_RDLEN], 0xfff80) &&
	       fits(r[R_TDLEN], 0xfff80) && fits(r[R_RDH], 0xffff) && fits(r[R_RDT], 0xffff) &&
	       fits(r[R_TDH], 0xffff) && fits(r[R_TDT], 0xffff);
}

/**
 * e1000_state_check() - Is a loaded state sound as a whole?
 * @nic:   The card that is to take it
 * @state: The state
 *
 * Return: NULL, or what is wrong.
 */
const char *e1000_state_check(const struct hwnet_nic *nic, const void *state)
{
	const struct e1000_state *s = state;
	const uint32_t *r = s->reg;

	for (unsigned i = 0; i < E1000_N_SPACES; i++) {
		const char *bad = check_masks(&e1000_spaces[i], r);

		if (bad)
			return bad;
	}
	if (!rings_sound(r))
		return "a ring register has bits that do not exist";
	if (!fits(r[R_ICR] | r[R_IMS], ICR_ALL))
		return "an interrupt cause that does not exist";
	if (!fits(r[R_RCTL], RCTL_WMASK) || !fits(r[R_TCTL], TCTL_WMASK) ||
	    !fits(r[R_CTRL], CTRL_WMASK))
		return "a control register has bits that do not exist";
	for (unsigned i = R_PHY; i <= R_PHY_EXT_LAST; i++)
		if (!fits(r[i], 0xffff))
			return "a PHY register is wider than 16 bits";
	if (s->ee_addr >= e1000_info_of(nic->model)->ee_words)
		return "EEPROM address beyond its size";
	return NULL;
}
