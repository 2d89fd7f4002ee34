/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The PHY's registers and MDIC, the way to them. What the link does follows in link.c.
 *
 * A register access is complete when MDIC is written, so Ready is always set (13.4.7). The internal
 * PHY answers at address 1; any other is an error, as nobody drives the bus.
 */
#include "phy.h"

#include "intr.h"
#include "link.h"
#include "regs.h"

/**
 * e1000_phy_reset() - PHY_RST, or bit 15 of the control register: defaults
 * @s:    The state
 * @info: Model
 */
void e1000_phy_reset(struct e1000_state *s, const struct e1000_info *info)
{
	uint32_t link = PHY(s, PSSTAT) & PSSR_LINK;

	hwnet_regs_reset(&e1000_spaces[E1000_PHY], s->reg);
	memset(&s->reg[R_PHY_EXT], 0, (R_PHY_EXT_LAST - R_PHY_EXT + 1) * sizeof(s->reg[0]));
	PHY(s, PHY_ID2) = info->phy_id2;
	PHY(s, PSSTAT) |= link; /* until the caller says what becomes of it */
}

static uint16_t phy_read(struct e1000 *c, unsigned num)
{
	unsigned index;
	const struct hwnet_reg *reg = hwnet_reg_find(&e1000_spaces[E1000_PHY], num, &index);

	return reg ? (uint16_t)hwnet_reg_get(&c->nic, reg, index, c->s->reg) : 0;
}

static void phy_write(struct e1000 *c, unsigned num, uint16_t val)
{
	unsigned index;
	const struct hwnet_reg *reg = hwnet_reg_find(&e1000_spaces[E1000_PHY], num, &index);

	if (reg)
		hwnet_reg_set(&c->nic, reg, index, c->s->reg, val);
}

/**
 * e1000_mdic_write() - Hook of MDIC, 13.4.7: read or write a register of the PHY
 */
void e1000_mdic_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		      uint32_t val)
{
	struct e1000 *c = e1000_of(nic);
	unsigned num = val >> MDIC_REG_SHIFT & 31;
	unsigned op = val >> MDIC_OP_SHIFT & 3;
	uint32_t done = (val & (0x0fffffff | MDIC_I)) | MDIC_R;

	e1000_an_look(c);
	if ((val >> MDIC_PHY_SHIFT & 31) != PHY_ADDR)
		done |= MDIC_E;
	else if (op == MDIC_OP_WRITE)
		phy_write(c, num, (uint16_t)val);
	else if (op == MDIC_OP_READ)
		done = (done & 0xffff0000) | phy_read(c, num);
	else
		done |= MDIC_E;
	REG(c, MDIC) = done;
	if (val & MDIC_I)
		e1000_cause(c, ICR_MDAC);
}

/**
 * e1000_phy_latch_read() - Hook of PSTATUS
 *
 * IEEE 802.3, 22.2.4.2.13: a link that was lost shows as lost once.
 *
 * Return: its value before the latch opened.
 */
uint32_t e1000_phy_latch_read(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index)
{
	uint32_t *r = e1000_of(nic)->s->reg;
	uint32_t val = r[reg->slot];

	if (r[R_PHY + PHY_PSSTAT] & PSSR_LINK)
		r[reg->slot] |= BMSR_LINK;
	return val;
}

/**
 * e1000_phy_ext_read() - Hook of R30AW: register 30 is a window that register 29 moves
 *
 * Return: what is seen in it.
 */
uint32_t e1000_phy_ext_read(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index)
{
	const uint32_t *r = e1000_of(nic)->s->reg;

	return r[R_PHY_EXT + (r[R_PHY + PHY_R30PS] & 31)];
}

/**
 * e1000_phy_ext_write() - Hook of R30AW
 */
void e1000_phy_ext_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
			 uint32_t val)
{
	uint32_t *r = e1000_of(nic)->s->reg;

	r[R_PHY_EXT + (r[R_PHY + PHY_R30PS] & 31)] = val & reg->wmask;
}

/**
 * e1000_bmcr_write() - Hook of PCTRL, 13.4.7.1.1
 *
 * Speed, duplex and loopback count at once, not only after the next reset as on an 88E1000.
 */
void e1000_bmcr_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		      uint32_t val)
{
	struct e1000 *c = e1000_of(nic);
	uint32_t *bmcr = &c->s->reg[reg->slot];
	uint32_t old = *bmcr;

	if (val & BMCR_RESET) {
		uint32_t mode = val & (BMCR_LOOPBACK | BMCR_SPEED_LSB | BMCR_SPEED_MSB | BMCR_FULL |
				       BMCR_AN_ENABLE);

		/* An 88E1000's soft reset keeps the settings, and takes those written with it
		 * (Linux: 0x9140). */
		*bmcr = mode;
		e1000_an_start(c);
		return;
	}
	*bmcr = val & reg->wmask;
	if ((val & BMCR_AN_RESTART) || ((old ^ *bmcr) & ~0x0080u))
		e1000_an_start(c);
}
