/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bus configuration registers.
 *
 * Most of them set up a PCI interface and FIFOs that this card does not have and are kept for
 * drivers that read them back. Those that do something: BCR2, 4-7, 9, 19, 20, 31-34. Reset is by
 * H_RESET alone, after which the EEPROM's values follow (970A, EEPROM Interface).
 */
#include "regs-bcr.h"

#include "eeprom.h"
#include "led.h"
#include "link.h"
#include "phy.h"
#include "regs.h"
#include "timer.h"

#define LED_MASK 0x73ffu

/**
 * pcnet_sws() - BCR20 for a software style
 * @style: What was written
 *
 * 970A, BCR20: SSIZE32 and CSRPCNET follow from SWSTYLE. Styles beyond 3 are reserved; drivers
 * write 4 to go back to 16-bit structures (Linux pcnet32 on close).
 *
 * Return: the register.
 */
uint16_t pcnet_sws(uint16_t style)
{
	static const uint16_t fixed[] = {
		BCR20_CSRPCNET,
		BCR20_SSIZE32,
		BCR20_CSRPCNET | BCR20_SSIZE32,
		BCR20_CSRPCNET | BCR20_SSIZE32,
	};

	style &= 0xff;
	return style < 4 ? fixed[style] | style : BCR20_CSRPCNET;
}

static void sws_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		      uint32_t val)
{
	struct pcnet_state *s = pcnet_of(nic)->s;

	/* 970A, BCR20: APERREN is the driver's, the rest follows. */
	if (pcnet_halted(s))
		s->bcr[BCR20] = pcnet_sws((uint16_t)val) | (val & BCR20_APERREN);
}

/* Port selection (ASEL, XMAUSEL) and duplex (BCR9) are the link's. */
static void media_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
			uint32_t val)
{
	struct pcnet *p = pcnet_of(nic);

	p->s->bcr[reg->num] = val & reg->wmask;
	if (reg->num == BCR2)
		pcnet_port_manager(p);
	pcnet_link_update(p);
}

/* 973, BCR31: the timer starts with the first write and goes round ever after. */
static void stval_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
			uint32_t val)
{
	struct pcnet *p = pcnet_of(nic);

	p->s->bcr[BCR_STVAL] = val;
	pcnet_stimer_start(p);
}

const struct hwnet_reg pcnet_bcr_rows[PCNET_BCR_ROWS] = {
	ROW(0, "BCR0", REG_RO, 0x0005, 0, DOC("970A, BCR0", "MSRDA, reserved")),
	ROW(1, "BCR1", REG_RO, 0x0005, 0, DOC("970A, BCR1", "MSWRA, reserved")),
	ROW(2, "BCR2", REG_RW, BCR2_ASEL, 0x519f, .write = media_write,
	    DOC("970A, BCR2", "Miscellaneous: ASEL, APROMWE; LEDPE on the 973")),
	ROW(4, "BCR4", REG_RW, 0x00c0, LED_MASK, .flags = REGF_LEDPE, .read = pcnet_led_read,
	    DOC("970A, BCR4",
		"LED0: link status unless programmed otherwise; bit 15 tells if it is lit")),
	ROW(5, "BCR5", REG_RW, 0x0084, LED_MASK, .flags = REGF_LEDPE, .read = pcnet_led_read,
	    DOC("970A, BCR5", "LED1: receive status")),
	ROW(6, "BCR6", REG_RW, 0x0088, LED_MASK, .flags = REGF_LEDPE, .read = pcnet_led_read,
	    DOC("970A, BCR6", "LED2: receive polarity, which is never reversed")),
	ROW(7, "BCR7", REG_RW, 0x0090, LED_MASK, .flags = REGF_LEDPE, .read = pcnet_led_read,
	    DOC("970A, BCR7", "LED3: transmit status")),
	ROW(9, "BCR9", REG_RW, 0, 0x0007, .write = media_write,
	    DOC("970A, BCR9", "Full-duplex control: FDEN, AUIFD")),
	ROW(16, "BCR16", REG_RW, 0, 0xffe0, SETUP, DOC("970A, BCR16", "IOBASEL, reserved on PCI")),
	ROW(17, "BCR17", REG_RW, 0, 0xffff, SETUP, DOC("970A, BCR17", "IOBASEU, reserved on PCI")),
	ROW(18, "BCR18", REG_RW, 0x9001, 0xfb7f,
	    DOC("970A, BCR18",
		"Bus and burst control; DWIO (bit 7) shows the I/O width, see io.c")),
	ROW(19, "BCR19", REG_RW, 0x0002, 0x4017, .read = pcnet_bcr19_read,
	    .write = pcnet_bcr19_write, DOC("970A, BCR19", "EEPROM control and status")),
	ROW(20, "BCR20", REG_RW, BCR20_CSRPCNET, 0x04ff, .write = sws_write,
	    DOC("970A, BCR20", "Software style: layout of init block and descriptors")),
	ROW(21, "BCR21", REG_RO, 0, 0, DOC("970A, BCR21", "INTCON, reserved on PCI")),
	ROW(22, "BCR22", REG_RW, 0xff06, 0xffff, SETUP,
	    DOC("970A, BCR22", "MAX_LAT and MIN_GNT of configuration space")),
};

const struct hwnet_reg pcnet_bcr_fast_rows[PCNET_BCR_FAST_ROWS] = {
	ROW(23, "BCR23", REG_RO, 0, 0, DOC("973, BCR23", "Subsystem vendor id")),
	ROW(24, "BCR24", REG_RO, 0, 0, DOC("973, BCR24", "Subsystem id")),
	ROW(25, "BCR25", REG_RW, 0, 0x00ff, SETUP,
	    DOC("973, BCR25",
		"SRAM size; kept, the FIFOs of this card have no depth (Linux writes 0x17)")),
	ROW(26, "BCR26", REG_RW, 0, 0x00ff, SETUP, DOC("973, BCR26", "SRAM boundary; kept")),
	ROW(27, "BCR27", REG_RW, 0, 0xc038, SETUP,
	    DOC("973, BCR27", "SRAM interface control; kept")),
	ROW(28, "BCR28", REG_RW, 0, 0xffff, DOC("973, BCR28", "EPADDRL, expansion port address")),
	ROW(29, "BCR29", REG_RW, 0, 0xff0f, DOC("973, BCR29", "EPADDRU, expansion port address")),
	ROW(30, "BCR30", REG_RO, 0xffff, 0,
	    DOC("973, BCR30", "EBDATA: nothing is fitted on the expansion bus, it reads as ones")),
	ROW(31, "BCR31", REG_RW, 0xffff, 0xffff, .write = stval_write,
	    DOC("973, BCR31", "STVAL, period of the software timer in units of 12.8 us")),
	ROW(32, "BCR32", REG_RW, 0x0400, 0x7fba, .write = pcnet_bcr32_write,
	    DOC("973, BCR32", "PHY control and status: port manager, MII loopback")),
	ROW(33, "BCR33", REG_RW, 0x03c0, 0x03ff, DOC("973, BCR33", "PHY address and register")),
	ROW(34, "BCR34", REG_RW, 0, 0xffff, .read = pcnet_mii_read, .write = pcnet_mii_write,
	    DOC("973, BCR34", "PHY data")),
	ROW(35, "BCR35", REG_RO, 0x1022, 0, DOC("973, BCR35", "PCI vendor id")),
	ROW(36, "BCR36", REG_RO, 0xc802, 0, DOC("973, BCR36", "PMC of configuration space")),
	ROW(48, "BCR48", REG_RW, 0x0082, LED_MASK, .flags = REGF_LEDPE, .read = pcnet_led_read,
	    DOC("973, BCR48", "LED4: speed")),
};

static const struct hwnet_reg *find(const struct pcnet *p, unsigned num)
{
	unsigned index;
	const struct hwnet_reg *reg = hwnet_reg_find(&pcnet_spaces[SPACE_BCR], num, &index);

	if (!reg && p->kind == PCNET_973)
		reg = hwnet_reg_find(&pcnet_spaces[SPACE_BCR_FAST], num, &index);
	return reg;
}

/**
 * pcnet_bcr_read() - Guest reads a BCR
 * @p:   The card
 * @num: RAP
 *
 * Return: its value.
 */
uint16_t pcnet_bcr_read(struct pcnet *p, unsigned num)
{
	const struct hwnet_reg *reg = find(p, num);

	return reg ? (uint16_t)hwnet_reg_get(&p->nic, reg, 0, p->s->bcr) : 0;
}

static bool writable(const struct pcnet *p, const struct hwnet_reg *reg)
{
	if ((reg->flags & REGF_STOPPED) && !pcnet_halted(p->s))
		return false;
	return !(reg->flags & REGF_LEDPE) || p->kind == PCNET_970A ||
	       (p->s->bcr[BCR2] & BCR2_LEDPE);
}

/**
 * pcnet_bcr_write() - Guest writes a BCR
 * @p:   The card
 * @num: RAP
 * @val: Value
 */
void pcnet_bcr_write(struct pcnet *p, unsigned num, uint16_t val)
{
	const struct hwnet_reg *reg = find(p, num);

	if (reg && writable(p, reg))
		hwnet_reg_set(&p->nic, reg, 0, p->s->bcr, val);
}

/**
 * pcnet_bcr_reset() - Values after H_RESET, before the EEPROM is read
 * @kind: Model
 * @s:    State
 */
void pcnet_bcr_reset(enum pcnet_kind kind, struct pcnet_state *s)
{
	hwnet_regs_reset(&pcnet_spaces[SPACE_BCR], s->bcr);
	if (kind == PCNET_973)
		hwnet_regs_reset(&pcnet_spaces[SPACE_BCR_FAST], s->bcr);
}
