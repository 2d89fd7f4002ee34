/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Control and status registers.
 *
 * DOC: Theory of Operation
 *
 * Two tables: what both models have, and what came with the Am79C971 ("FAST"). A register's slot is
 * its number. Those that only show what the card is doing (current descriptors and buffers) are
 * computed when they are read, or are the note that the data path leaves in the slot; the silicon
 * lets diagnostics write them, which no driver does: here they are read-only.
 *
 * Access rules are flags of the rows: most set-up registers take writes only while STOP or SPND is
 * set (970A, User Accessible Registers). Numbers without a row read as 0.
 */
#include "regs-csr.h"

#include "control.h"
#include "filter.h"
#include "intr.h"
#include "link.h"
#include "regs-bcr.h"
#include "regs.h"
#include "ring.h"

static struct pcnet_state *state_of(struct hwnet_nic *nic)
{
	return pcnet_of(nic)->s;
}

/* CSR16 and CSR17 are CSR1 and CSR2 again. */
static uint32_t iadr_read(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index)
{
	return state_of(nic)->csr[reg->num - 16 + CSR_IADR];
}

static void iadr_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		       uint32_t val)
{
	state_of(nic)->csr[reg->num - 16 + CSR_IADR] = val;
}

static uint32_t half(uint32_t addr, unsigned num)
{
	return num & 1 ? addr >> 16 : addr & 0xffff;
}

/* Current, next and next but one receive descriptor; low halves are even. */
static uint32_t rda_read(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index)
{
	const struct pcnet_state *s = state_of(nic);
	struct pcnet_ring r = pcnet_rx_ring(s);
	uint32_t ahead = reg->num < CSR_CRDA ? 1 : reg->num < CSR_NNRD ? 0 : 2;

	return half(pcnet_desc_addr(s, &r, ahead), reg->num);
}

/* Current, next, next but one and previous transmit descriptor */
static uint32_t xda_read(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index)
{
	const struct pcnet_state *s = state_of(nic);
	struct pcnet_ring r = pcnet_tx_ring(s);
	uint32_t ahead = reg->num < CSR_CXDA ? 1 :
			 reg->num < CSR_NNXD ? 0 :
			 reg->num < CSR_PXDA ? 2 :
					       r.len - 1;

	return half(pcnet_desc_addr(s, &r, ahead), reg->num);
}

/* Writes to address filter and mode registers change what is let in, and the link (PORTSEL). */
static void filter_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
			 uint32_t val)
{
	struct pcnet *p = pcnet_of(nic);

	p->s->csr[reg->num] = val;
	pcnet_filter_changed(p);
	if (reg->num == CSR_MODE)
		pcnet_link_update(p);
}

/* 970A, CSR80: bits 15 and 14 are reserved and read as ones. */
static uint32_t fifo_read(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index)
{
	const struct pcnet *p = pcnet_of(nic);

	return p->s->csr[CSR_FIFO] | (p->kind == PCNET_970A ? 0xc000 : 0);
}

/* CSR124 takes writes only while CSR4.EN124 is set (970A), or the controller is stopped (973). */
static void test_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		       uint32_t val)
{
	const struct pcnet *p = pcnet_of(nic);
	struct pcnet_state *s = p->s;

	if (p->kind == PCNET_970A ? s->csr[CSR4] & CSR4_EN124 : s->csr[CSR0] & CSR0_STOP)
		s->csr[CSR124] = val & reg->wmask;
}

static void sws_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		      uint32_t val)
{
	pcnet_bcr_write(pcnet_of(nic), 20, (uint16_t)val);
}

static uint32_t sws_read(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index)
{
	return state_of(nic)->bcr[BCR20];
}

const struct hwnet_reg pcnet_csr_rows[PCNET_CSR_ROWS] = {
	ROW(0, "CSR0", REG_RW, CSR0_STOP, 0x7f4f, .read = pcnet_csr0_read,
	    .write = pcnet_csr0_write, DOC("970A, CSR0", "Controller status and control")),
	ROW(1, "CSR1", REG_RW, 0, 0xffff, SETUP,
	    DOC("970A, CSR1", "IADR[15:0], address of the init block")),
	ROW(2, "CSR2", REG_RW, 0, 0xffff, SETUP,
	    DOC("970A, CSR2",
		"IADR[31:16]; bits 15-8 complete every address with 16-bit structures")),
	ROW(3, "CSR3", REG_RW, 0, CSR3_WRITABLE, SRST, .write = pcnet_csr3_write,
	    DOC("970A, CSR3", "Interrupt masks and deferral control")),
	ROW(4, "CSR4", REG_RW, 0x0115, CSR4_WRITABLE, SRST, .write = pcnet_csr4_write,
	    DOC("970A, CSR4", "Test and features control; the bus activity timer is kept")),
	ROW(5, "CSR5", REG_RW, 0, CSR5_WRITABLE, SRST, .write = pcnet_csr5_write,
	    DOC("970A, CSR5", "Extended control and interrupt 1")),
	ROW(6, "CSR6", REG_RO, 0, 0, DOC("970A, CSR6", "TLEN and RLEN as the init block had them")),
	ROW(8, "CSR8", REG_RW, 0, 0xffff, SETUP, .write = filter_write,
	    DOC("970A, CSR8", "LADRF[15:0], logical address filter")),
	ROW(9, "CSR9", REG_RW, 0, 0xffff, SETUP, .write = filter_write,
	    DOC("970A, CSR9", "LADRF[31:16]")),
	ROW(10, "CSR10", REG_RW, 0, 0xffff, SETUP, .write = filter_write,
	    DOC("970A, CSR10", "LADRF[47:32]")),
	ROW(11, "CSR11", REG_RW, 0, 0xffff, SETUP, .write = filter_write,
	    DOC("970A, CSR11", "LADRF[63:48]")),
	ROW(12, "CSR12", REG_RW, 0, 0xffff, SETUP, .write = filter_write,
	    DOC("970A, CSR12", "PADR[15:0], physical address; from the EEPROM after H_RESET")),
	ROW(13, "CSR13", REG_RW, 0, 0xffff, SETUP, .write = filter_write,
	    DOC("970A, CSR13", "PADR[31:16]")),
	ROW(14, "CSR14", REG_RW, 0, 0xffff, SETUP, .write = filter_write,
	    DOC("970A, CSR14", "PADR[47:32]")),
	ROW(15, "CSR15", REG_RW, 0, 0xffff, SETUP, .write = filter_write,
	    DOC("970A, CSR15", "Mode")),
	ROW(16, "CSR16", REG_RW, 0, 0xffff, SETUP, .read = iadr_read, .write = iadr_write,
	    DOC("970A, CSR16", "CSR1 again")),
	ROW(17, "CSR17", REG_RW, 0, 0xffff, SETUP, .read = iadr_read, .write = iadr_write,
	    DOC("970A, CSR17", "CSR2 again")),
	ROW(18, "CSR18", REG_RO, 0, 0, DOC("970A, CSR18", "CRBA[15:0], last receive buffer")),
	ROW(19, "CSR19", REG_RO, 0, 0, DOC("970A, CSR19", "CRBA[31:16]")),
	ROW(20, "CSR20", REG_RO, 0, 0, DOC("970A, CSR20", "CXBA[15:0], last transmit buffer")),
	ROW(21, "CSR21", REG_RO, 0, 0, DOC("970A, CSR21", "CXBA[31:16]")),
	ROW(24, "CSR24", REG_RW, 0, 0xffff, SETUP, DOC("970A, CSR24", "BADR[15:0], receive ring")),
	ROW(25, "CSR25", REG_RW, 0, 0xffff, SETUP, DOC("970A, CSR25", "BADR[31:16]")),
	ROW(26, "CSR26", REG_RO, 0, 0, .read = rda_read,
	    DOC("970A, CSR26", "NRDA[15:0], next receive descriptor")),
	ROW(27, "CSR27", REG_RO, 0, 0, .read = rda_read, DOC("970A, CSR27", "NRDA[31:16]")),
	ROW(28, "CSR28", REG_RO, 0, 0, .read = rda_read,
	    DOC("970A, CSR28", "CRDA[15:0], current receive descriptor")),
	ROW(29, "CSR29", REG_RO, 0, 0, .read = rda_read, DOC("970A, CSR29", "CRDA[31:16]")),
	ROW(30, "CSR30", REG_RW, 0, 0xffff, SETUP, DOC("970A, CSR30", "BADX[15:0], transmit ring")),
	ROW(31, "CSR31", REG_RW, 0, 0xffff, SETUP, DOC("970A, CSR31", "BADX[31:16]")),
	ROW(32, "CSR32", REG_RO, 0, 0, .read = xda_read,
	    DOC("970A, CSR32", "NXDA[15:0], next transmit descriptor")),
	ROW(33, "CSR33", REG_RO, 0, 0, .read = xda_read, DOC("970A, CSR33", "NXDA[31:16]")),
	ROW(34, "CSR34", REG_RO, 0, 0, .read = xda_read,
	    DOC("970A, CSR34", "CXDA[15:0], current transmit descriptor")),
	ROW(35, "CSR35", REG_RO, 0, 0, .read = xda_read, DOC("970A, CSR35", "CXDA[31:16]")),
	ROW(36, "CSR36", REG_RO, 0, 0, .read = rda_read,
	    DOC("970A, CSR36", "NNRD[15:0], next but one receive descriptor")),
	ROW(37, "CSR37", REG_RO, 0, 0, .read = rda_read, DOC("970A, CSR37", "NNRD[31:16]")),
	ROW(38, "CSR38", REG_RO, 0, 0, .read = xda_read,
	    DOC("970A, CSR38", "NNXD[15:0], next but one transmit descriptor")),
	ROW(39, "CSR39", REG_RO, 0, 0, .read = xda_read, DOC("970A, CSR39", "NNXD[31:16]")),
	ROW(40, "CSR40", REG_RO, 0, 0,
	    DOC("970A, CSR40", "CRBC, BCNT of the last receive descriptor")),
	ROW(41, "CSR41", REG_RO, 0, 0, DOC("970A, CSR41", "CRST, its status")),
	ROW(42, "CSR42", REG_RO, 0, 0,
	    DOC("970A, CSR42", "CXBC, BCNT of the last transmit descriptor")),
	ROW(43, "CSR43", REG_RO, 0, 0, DOC("970A, CSR43", "CXST, its status")),
	ROW(47, "CSR47", REG_RW, 0, 0xffff, SETUP,
	    DOC("970A, CSR47",
		"TXPOLLINT: interval of the transmit poll timer, two's complement of "
		"clocks of 33 MHz; 0 is 65536")),
	ROW(58, "CSR58", REG_RW, 0x0200, 0x04ff, .read = sws_read, .write = sws_write,
	    DOC("970A, CSR58", "BCR20 again")),
	ROW(60, "CSR60", REG_RO, 0, 0, .read = xda_read,
	    DOC("970A, CSR60", "PXDA[15:0], previous transmit descriptor")),
	ROW(61, "CSR61", REG_RO, 0, 0, .read = xda_read, DOC("970A, CSR61", "PXDA[31:16]")),
	ROW(72, "CSR72", REG_RW, 0, 0xffff, SETUP,
	    DOC("970A, CSR72", "RCVRC, current receive descriptor, counted up from RCVRL")),
	ROW(74, "CSR74", REG_RW, 0, 0xffff, SETUP,
	    DOC("970A, CSR74", "XMTRC, current transmit descriptor, counted up from XMTRL")),
	ROW(76, "CSR76", REG_RW, 0, 0xffff, SETUP,
	    DOC("970A, CSR76", "RCVRL, length of the receive ring, two's complement")),
	ROW(78, "CSR78", REG_RW, 0, 0xffff, SETUP,
	    DOC("970A, CSR78", "XMTRL, length of the transmit ring, two's complement")),
	ROW(80, "CSR80", REG_RW, 0x1410, 0x3fff, SRST, .read = fifo_read,
	    DOC("970A, CSR80",
		"FIFO thresholds; kept, the FIFOs of this card have no depth. Bits 15 and 14 "
		"read as ones (970A)")),
	ROW(82, "CSR82", REG_RW, 0, 0xffff, SRST,
	    DOC("970A, CSR82", "DMABAT, bus activity timer; kept, the bus is never held")),
	ROW(84, "CSR84", REG_RO, 0, 0,
	    DOC("970A, CSR84", "DMABA[15:0], address of the last failed access")),
	ROW(85, "CSR85", REG_RO, 0, 0, DOC("970A, CSR85", "DMABA[31:16]")),
	ROW(88, "CSR88", REG_RO, CHIPID_970A, 0,
	    DOC("970A, CSR88", "Chip id, low half: 0x1003 (970A), 0x5003 (973)")),
	ROW(89, "CSR89", REG_RO, CHIPID_HIGH, 0, DOC("970A, CSR89", "Chip id, high half")),
	ROW(92, "CSR92", REG_RO, 0, 0,
	    DOC("970A, CSR92", "RCON, ring length conversion of the last INIT")),
	ROW(94, "CSR94", REG_RO, 0, 0, DOC("970A, CSR94", "XMTTDR; no cable to reflect, so 0")),
	ROW(100, "CSR100", REG_RW, 0x0200, 0xffff, SRST,
	    DOC("970A, CSR100", "MERRTO, bus timeout; kept, memory answers at once")),
	ROW(112, "CSR112", REG_RO, 0, 0, SRST, DOC("970A, CSR112", "Missed frame count")),
	ROW(114, "CSR114", REG_RO, 0, 0, SRST, DOC("970A, CSR114", "Receive collision count")),
	ROW(122, "CSR122", REG_RW, 0, CSR122_RCVALGN, SRST,
	    DOC("970A, CSR122", "RCVALGN: frames start two bytes into their first buffer")),
	ROW(124, "CSR124", REG_RW, 0, 0x001f, SRST, .write = test_write,
	    DOC("970A, CSR124", "Test 1: RPA, runt packet accept; writable with EN124 (970A), "
				"or while stopped (973)")),
};

const struct hwnet_reg pcnet_csr_fast_rows[PCNET_CSR_FAST_ROWS] = {
	ROW(7, "CSR7", REG_RW, 0, CSR7_WRITABLE, SRST, .read = pcnet_csr7_read,
	    .write = pcnet_csr7_write, DOC("973, CSR7", "Extended control and interrupt 2")),
	ROW(49, "CSR49", REG_RW, 0, 0xffff, SETUP,
	    DOC("973, CSR49", "RXPOLLINT: interval of the receive poll timer, as CSR47")),
	ROW(116, "CSR116", REG_RW, 0, CSR116_WRITABLE, .write = pcnet_csr116_write,
	    DOC("973, CSR116", "OnNow power mode: Magic Packet and link change wake-up")),
	ROW(125, "CSR125", REG_RW, 0x603c, 0xffff, SRST,
	    DOC("973, CSR125", "IPG and IFS1; kept, no medium is shared")),
};

static const struct hwnet_reg *find(const struct pcnet *p, unsigned num)
{
	unsigned index;
	const struct hwnet_reg *reg = hwnet_reg_find(&pcnet_spaces[SPACE_CSR], num, &index);

	if (!reg && p->kind == PCNET_973)
		reg = hwnet_reg_find(&pcnet_spaces[SPACE_CSR_FAST], num, &index);
	return reg;
}

/**
 * pcnet_csr_read() - Guest reads a CSR
 * @p:   The card
 * @num: RAP
 *
 * Return: its value.
 */
uint16_t pcnet_csr_read(struct pcnet *p, unsigned num)
{
	const struct hwnet_reg *reg;

	if (num == CSR0) /* each interrupt handler's first access */
		return (uint16_t)pcnet_csr0(p->s);
	reg = find(p, num);
	return reg ? (uint16_t)hwnet_reg_get(&p->nic, reg, 0, p->s->csr) : 0;
}

/**
 * pcnet_csr_write() - Guest writes a CSR
 * @p:   The card
 * @num: RAP
 * @val: Value
 */
void pcnet_csr_write(struct pcnet *p, unsigned num, uint16_t val)
{
	const struct hwnet_reg *reg;

	if (num == CSR0) { /* the doorbell */
		pcnet_csr0_write(&p->nic, &pcnet_csr_rows[0], 0, val);
		return;
	}
	reg = find(p, num);
	if (!reg || ((reg->flags & REGF_STOPPED) && !pcnet_halted(p->s)))
		return;
	hwnet_reg_set(&p->nic, reg, 0, p->s->csr, val);
}

static void reset_rows(const struct hwnet_regspace *space, struct pcnet_state *s, bool soft)
{
	for (unsigned i = 0; i < space->n_rows; i++)
		if (!soft || (space->rows[i].flags & REGF_SRESET))
			s->csr[space->rows[i].num] = space->rows[i].reset;
}

/**
 * pcnet_csr_reset() - Reset values
 * @kind: Model
 * @s:    State
 * @soft: S_RESET, which leaves addresses, rings and mode alone
 */
void pcnet_csr_reset(enum pcnet_kind kind, struct pcnet_state *s, bool soft)
{
	reset_rows(&pcnet_spaces[SPACE_CSR], s, soft);
	if (kind == PCNET_973) {
		reset_rows(&pcnet_spaces[SPACE_CSR_FAST], s, soft);
		s->csr[CSR_CHIPID] = CHIPID_973;
	}
	s->csr[CSR0] = CSR0_STOP;
}
