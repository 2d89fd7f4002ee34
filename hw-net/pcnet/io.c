/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The 32 bytes through which a driver reaches everything, in I/O space (BAR 0) and memory space
 * (BAR 1).
 *
 * DOC: Theory of Operation
 *
 * | offset  | word I/O (after H_RESET)    | double-word I/O   |
 * |---------|-----------------------------|-------------------|
 * | 00 - 0f | address PROM                | address PROM      |
 * | 10      | RDP: the CSR that RAP names | RDP               |
 * | 12      | RAP                         |                   |
 * | 14      | reset, by reading           | RAP               |
 * | 16      | BDP: the BCR that RAP names |                   |
 * | 18      |                             | reset, by reading |
 * | 1c      |                             | BDP               |
 *
 * A 32-bit write to offset 10h switches to double-word I/O (970A, I/O Resources: DWIO); only
 * H_RESET switches back. Accesses of another width than the mode's are undefined; here they do
 * nothing and read 0. The one exception is the PROM, which takes any width in either mode.
 */
#include "io.h"

#include "regs-bcr.h"
#include "regs-csr.h"
#include "reset.h"
#include "timer.h"

/* enum port - what an offset stands for */
enum port { PORT_NONE, PORT_RDP, PORT_RAP, PORT_RESET, PORT_BDP };

static enum port port_of(const struct pcnet_state *s, uint64_t off, unsigned size)
{
	static const uint8_t wio[] = { PORT_RDP, PORT_RAP, PORT_RESET, PORT_BDP };

	if (s->bcr[BCR18] & BCR18_DWIO)
		return size == 4 && !(off & 3) ? wio[(off - 16) / 4] : PORT_NONE;
	if (size == 2 && !(off & 1) && off < 24)
		return wio[(off - 16) / 2];
	return PORT_NONE;
}

static uint64_t prom_read(const struct pcnet_state *s, uint64_t off, unsigned size)
{
	uint64_t val = 0;

	for (unsigned i = 0; i < size && off + i < sizeof(s->aprom); i++)
		val |= (uint64_t)s->aprom[off + i] << (8 * i);
	return val;
}

/* 970A, BCR2 APROMWE: the shadow of the PROM takes writes, the EEPROM behind it does not change. */
static void prom_write(struct pcnet_state *s, uint64_t off, uint64_t val, unsigned size)
{
	if (!(s->bcr[BCR2] & BCR2_APROMWE))
		return;
	for (unsigned i = 0; i < size && off + i < sizeof(s->aprom); i++)
		s->aprom[off + i] = (uint8_t)(val >> (8 * i));
}

/**
 * pcnet_io_read() - hwnet_read() of this model
 * @nic:  The card
 * @bar:  0 or 1, which are the same
 * @off:  Offset
 * @size: 1, 2, 4 or 8
 *
 * Return: the value.
 */
uint64_t pcnet_io_read(struct hwnet_nic *nic, unsigned bar, uint64_t off, unsigned size)
{
	struct pcnet *p = pcnet_of(nic);

	p->now = 0;
	off %= PCNET_BAR_SIZE;
	if (off < 16)
		return prom_read(p->s, off, size);
	switch (port_of(p->s, off, size)) {
	case PORT_RDP:
		return pcnet_csr_read(p, p->s->rap);
	case PORT_RAP:
		return p->s->rap;
	case PORT_BDP:
		return pcnet_bcr_read(p, p->s->rap);
	case PORT_RESET:
		pcnet_s_reset(p);
		pcnet_arm(p);
		return 0;
	default:
		return 0;
	}
}

/**
 * pcnet_io_write() - hwnet_write() of this model
 * @nic:  The card
 * @bar:  0 or 1
 * @off:  Offset
 * @val:  Value
 * @size: 1, 2, 4 or 8
 */
void pcnet_io_write(struct hwnet_nic *nic, unsigned bar, uint64_t off, uint64_t val, unsigned size)
{
	struct pcnet *p = pcnet_of(nic);

	p->now = 0;
	off %= PCNET_BAR_SIZE;
	if (off < 16) {
		prom_write(p->s, off, val, size);
		return;
	}
	if (off == 16 && size == 4)
		p->s->bcr[BCR18] |= BCR18_DWIO;
	switch (port_of(p->s, off, size)) {
	case PORT_RDP:
		pcnet_csr_write(p, p->s->rap, (uint16_t)val);
		break;
	case PORT_RAP:
		p->s->rap = val & 0xff;
		break;
	case PORT_BDP:
		pcnet_bcr_write(p, p->s->rap, (uint16_t)val);
		break;
	default: /* 970A, Reset Register: writes have no effect */
		break;
	}
	pcnet_arm(p);
}
