/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The EEPROM: contents, EERD, and the serial pins in EECD.
 *
 * DOC: Theory of Operation
 *
 * A 93C46 (64 words) or 93C66 (256 words) behind four pins. EERD (13.4.4) reads a word in one go;
 * EECD (13.4.3) gives the guest the pins: chip select, clock, data in, data out. With the chip
 * selected each rising clock edge takes one bit:
 *
 *	EE_COMMAND  a start bit 1, two bits of operation, six or eight of address
 *	EE_READ     16 bits come out, most significant first; then those of the next word, and so on
 *	EE_WRITE    16 bits go in
 *	EE_DONE     the command is complete; dropping chip select carries it out
 *
 * Operations: 10 read, 01 write, 11 erase, 00 with the two top address bits: 11 write enable, 00
 * write disable, 10 erase all, 01 write all. A write takes no time: the next select finds the chip
 * ready (data out 1).
 *
 * Words are the guest's once it writes them; nothing here mends a checksum that it got wrong. They
 * survive power.
 */
#include "eeprom.h"

#define OP_EXTENDED   0
#define OP_WRITE      1
#define OP_READ	      2
#define OP_ERASE      3
#define EXT_DISABLE   0
#define EXT_WRITE_ALL 1
#define EXT_ERASE_ALL 2
#define EXT_ENABLE    3

#define INIT1_SIGNATURE 0x4000u /* 5.6.8: bits 15:14 are 01b in a valid EEPROM */
#define INIT_APM	0x0400u
#define INIT_APM_82544	0x0004u /* 6.4.1, in control word 2 */

/**
 * e1000_eeprom_init() - Contents as the factory writes them, 5.6
 * @nic: The card: model and address
 * @s:   Its words are filled
 */
void e1000_eeprom_init(const struct hwnet_nic *nic, struct e1000_state *s)
{
	const struct e1000_info *info = e1000_info_of(nic->model);
	const uint8_t *mac = nic->cfg.mac;
	uint16_t *w = s->eeprom;
	uint16_t sum = 0;

	memset(w, 0xff, sizeof(s->eeprom));
	for (unsigned i = 0; i < 3; i++)
		w[i] = get16(mac + 2 * i);
	w[EE_COMPAT] = 0x0410; /* a client card, not on a board */
	w[EE_PBA0] = 0xa784;   /* board number */
	w[EE_PBA1] = 0x0817;
	/* full duplex, power management, ids come from here */
	w[EE_INIT1] = INIT1_SIGNATURE | 0x040b;
	w[EE_SUBSYS_ID] = info->subsys;
	w[EE_SUBSYS_VENDOR] = info->subsys_vendor;
	w[EE_VENDOR_ID] = 0x8086;
	w[EE_DEVICE_ID] = info->device;
	w[EE_INIT2] = 0x3440; /* both kinds of pause */
	if (info->is_82544)
		w[EE_INIT2] |= INIT_APM_82544; /* magic packets wake */
	for (unsigned i = EE_INIT2 + 1; i < EE_PXE; i++)
		w[i] = 0;
	w[EE_SDP_A] = 0x0008;
	w[EE_INIT3] = INIT_APM;
	w[EE_LED] = 0x0602;
	w[EE_PXE] = 0x0100; /* boot agent set up: network boot on */
	w[EE_PXE + 1] = 0x4000;
	for (unsigned i = 0; i < EE_CHECKSUM; i++)
		sum += w[i];
	w[EE_CHECKSUM] = (uint16_t)(EE_SUM - sum);
}

/**
 * e1000_eeprom_load() - Registers that are loaded from the EEPROM, 5.4
 * @info: Model
 * @s:    The state
 */
void e1000_eeprom_load(const struct e1000_info *info, struct e1000_state *s)
{
	const uint16_t *w = s->eeprom;

	if ((w[EE_INIT1] & 0xc000) != INIT1_SIGNATURE)
		return;
	s->reg[R_RA] = w[0] | (uint32_t)w[1] << 16;
	s->reg[R_RA + 1] = w[2] | RAH_AV;
	if (info->is_82544 ? w[EE_INIT2] & INIT_APM_82544 : w[EE_INIT3] & INIT_APM)
		s->reg[R_WUC] |= WUC_APME;
}

static unsigned addr_bits(const struct e1000 *c)
{
	return c->info->ee_words == 64 ? 6 : 8;
}

/* The eight or six address bits have come in. */
static void command_done(struct e1000 *c)
{
	struct e1000_state *s = c->s;
	unsigned bits = addr_bits(c);
	unsigned ext = s->ee_shift >> (bits - 2) & 3;

	s->ee_op = s->ee_shift >> bits & 3;
	s->ee_addr = (uint8_t)(s->ee_shift & (c->info->ee_words - 1u));
	s->ee_bits = 0;
	s->ee_phase = EE_DONE;
	if (s->ee_op == OP_READ) {
		s->ee_shift = s->eeprom[s->ee_addr];
		s->ee_out = false; /* the dummy bit */
		s->ee_phase = EE_READ;
	} else if (s->ee_op == OP_WRITE || (s->ee_op == OP_EXTENDED && ext == EXT_WRITE_ALL)) {
		s->ee_shift = 0;
		s->ee_phase = EE_WRITE;
	} else if (s->ee_op == OP_EXTENDED && (ext == EXT_ENABLE || ext == EXT_DISABLE)) {
		s->ee_wen = ext == EXT_ENABLE;
		s->ee_phase = EE_IDLE;
	}
}

static void clock_command(struct e1000 *c, bool in)
{
	struct e1000_state *s = c->s;

	if (!s->ee_bits && !in)
		return; /* no start bit yet */
	s->ee_shift = (uint16_t)(s->ee_shift << 1 | in);
	if (++s->ee_bits == 3 + addr_bits(c))
		command_done(c);
}

static void clock_read(struct e1000 *c)
{
	struct e1000_state *s = c->s;

	s->ee_out = s->ee_shift >> 15;
	s->ee_shift = (uint16_t)(s->ee_shift << 1);
	if (++s->ee_bits < 16)
		return;
	s->ee_addr = (uint8_t)((s->ee_addr + 1u) & (c->info->ee_words - 1u));
	s->ee_shift = s->eeprom[s->ee_addr];
	s->ee_bits = 0;
}

static void clock_rise(struct e1000 *c, bool in)
{
	struct e1000_state *s = c->s;

	if (s->ee_phase == EE_COMMAND) {
		clock_command(c, in);
	} else if (s->ee_phase == EE_READ) {
		clock_read(c);
	} else if (s->ee_phase == EE_WRITE) {
		s->ee_shift = (uint16_t)(s->ee_shift << 1 | in);
		if (++s->ee_bits == 16)
			s->ee_phase = EE_DONE;
	}
}

/* Chip select dropped behind a complete command that alters something. */
static void carry_out(struct e1000 *c)
{
	struct e1000_state *s = c->s;
	uint16_t val = s->ee_op == OP_WRITE ? s->ee_shift : 0xffff;

	if (s->ee_phase != EE_DONE || !s->ee_wen)
		return;
	if (s->ee_op != OP_EXTENDED) {
		s->eeprom[s->ee_addr] = val;
		return;
	}
	if (s->ee_addr >> (addr_bits(c) - 2) == EXT_WRITE_ALL)
		val = s->ee_shift;
	for (unsigned i = 0; i < c->info->ee_words; i++)
		s->eeprom[i] = val;
}

/**
 * e1000_eecd_read() - Hook of EECD, 13.4.3
 *
 * Access is granted when asked for, and the pins work without asking, as on the 82544.
 *
 * Return: pins, request and grant, presence and size.
 */
uint32_t e1000_eecd_read(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index)
{
	struct e1000 *c = e1000_of(nic);
	uint32_t val = REG(c, EECD) | EECD_PRES;

	if (c->s->ee_out)
		val |= EECD_DO;
	if (val & EECD_REQ)
		val |= EECD_GNT;
	if (c->info->ee_words == 256)
		val |= EECD_SIZE;
	return val;
}

/**
 * e1000_eecd_write() - Hook of EECD: the guest moves the pins
 */
void e1000_eecd_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		      uint32_t val)
{
	struct e1000 *c = e1000_of(nic);
	struct e1000_state *s = c->s;
	uint32_t old = REG(c, EECD);

	REG(c, EECD) = val & reg->wmask;
	if (old & ~val & EECD_CS) {
		carry_out(c);
		s->ee_phase = EE_IDLE;
	}
	if (val & ~old & EECD_CS) {
		s->ee_phase = EE_COMMAND;
		s->ee_bits = 0;
		s->ee_shift = 0;
		s->ee_out = true;
	}
	if ((val & EECD_CS) && (val & ~old & EECD_SK))
		clock_rise(c, val & EECD_DI);
}

/**
 * e1000_eerd_write() - Hook of EERD, 13.4.4: the word is there at once
 */
void e1000_eerd_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		      uint32_t val)
{
	struct e1000 *c = e1000_of(nic);
	unsigned addr = val >> EERD_ADDR_SHIFT & 0xff;
	uint32_t word = addr < c->info->ee_words ? c->s->eeprom[addr] : 0xffff;

	REG(c, EERD) = val & 0xff00;
	if (val & EERD_START)
		REG(c, EERD) |= EERD_DONE | word << EERD_DATA_SHIFT;
}
