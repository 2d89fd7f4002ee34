/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Microwire EEPROM (93C46, 64 words) and what is loaded from it.
 *
 * DOC: Theory of Operation
 *
 * After H_RESET, and when BCR19.PREAD is written, the card reads the EEPROM: the first 16 bytes are
 * the address PROM, from where the station address goes to CSR12-14; words from 8 on go to BCRs.
 * The bytes of the area add up to FFh, else the load is void: BCRs keep their defaults and PVALID
 * is clear (970A, EEPROM Interface).
 *
 * With BCR19.EEN software holds the four wires: ECS, ESK, EDI to the EEPROM, EDO back (same bit as
 * EDI, when read). An instruction is a start bit, two bits of opcode, six of address, each taken on
 * a rising edge of ESK:
 *
 *	READ 10   a leading 0, then 16 bits per word, on and on
 *	WRITE 01  16 bits follow; ERASE 11; both happen when ECS falls
 *	00        by the upper address bits: 11 enable writing, 00 disable, 10 erase all,
 *	          01 write all
 *
 * The EEPROM is the one thing that survives the cut of power.
 */
#include "eeprom.h"

#include "filter.h"
#include "link.h"

#define OP_SPECIAL 0u
#define OP_WRITE   1u
#define OP_READ	   2u
#define OP_ERASE   3u

/* Where a BCR is loaded from. */
struct source {
	uint8_t word, bcr;
	bool fast;
};

static const struct source sources[] = {
	{ 8, 2, false },  { 9, 4, false },   { 10, 5, false },	{ 11, 6, false }, { 12, 7, false },
	{ 13, 9, false }, { 14, 18, false }, { 15, 22, false }, { 16, 23, true }, { 17, 24, true },
	{ 18, 25, true }, { 19, 26, true },  { 20, 27, true },	{ 32, 48, true },
};

/* 970A: 36 bytes; 973: 82. The last one makes the sum right. */
static unsigned area(enum pcnet_kind kind)
{
	return kind == PCNET_973 ? 82 : 36;
}

static uint8_t byte_at(const struct pcnet_state *s, unsigned i)
{
	return (uint8_t)(s->eeprom[i / 2] >> (i & 1 ? 8 : 0));
}

static void set_byte(struct pcnet_state *s, unsigned i, uint8_t v)
{
	unsigned shift = i & 1 ? 8 : 0;

	s->eeprom[i / 2] = (uint16_t)((s->eeprom[i / 2] & ~(0xff << shift)) | v << shift);
}

static uint8_t sum8(const struct pcnet_state *s, unsigned n)
{
	uint8_t sum = 0;

	for (unsigned i = 0; i < n; i++)
		sum = (uint8_t)(sum + byte_at(s, i));
	return sum;
}

/* 970A, Address PROM Space: bytes 12 and 13 hold the sum of bytes 0-11, 14, 15; "WW" and 11h are
 * AMD's marks. */
static void blank_prom(struct pcnet_state *s, const uint8_t *mac)
{
	unsigned sum = 0;

	for (unsigned i = 0; i < 6; i++)
		set_byte(s, i, mac[i]);
	set_byte(s, 9, 0x11);
	set_byte(s, 14, 'W');
	set_byte(s, 15, 'W');
	for (unsigned i = 0; i < 16; i++)
		sum += byte_at(s, i);
	set_byte(s, 12, (uint8_t)sum);
	set_byte(s, 13, (uint8_t)(sum >> 8));
}

/**
 * pcnet_eeprom_blank() - The contents that a new card is delivered with
 * @kind: Model
 * @s:    State; BCRs hold their defaults
 * @mac:  Station address
 */
void pcnet_eeprom_blank(enum pcnet_kind kind, struct pcnet_state *s, const uint8_t *mac)
{
	memset(s->eeprom, 0, sizeof(s->eeprom));
	blank_prom(s, mac);
	for (unsigned i = 0; i < sizeof(sources) / sizeof(sources[0]); i++)
		if (!sources[i].fast || kind == PCNET_973)
			s->eeprom[sources[i].word] = (uint16_t)s->bcr[sources[i].bcr];
	set_byte(s, area(kind) - 1, (uint8_t)(0xff - sum8(s, area(kind) - 1)));
}

static void load_bcrs(enum pcnet_kind kind, struct pcnet_state *s)
{
	for (unsigned i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		unsigned bcr = sources[i].bcr;

		if (sources[i].fast && kind != PCNET_973)
			continue;
		s->bcr[bcr] = s->eeprom[sources[i].word];
		if (bcr == BCR18)
			s->bcr[BCR18] &= ~BCR18_DWIO;
		if ((bcr >= BCR_LED0 && bcr <= BCR_LED3) || bcr == BCR_LED4)
			s->bcr[bcr] &= ~LED_OUT;
	}
}

/**
 * pcnet_eeprom_load() - Read the EEPROM into PROM and registers
 * @kind: Model
 * @s:    State
 *
 * Return: true if its checksum was right. The address is taken either way, for lack of another one.
 */
bool pcnet_eeprom_load(enum pcnet_kind kind, struct pcnet_state *s)
{
	bool valid = sum8(s, area(kind)) == 0xff;

	for (unsigned i = 0; i < sizeof(s->aprom); i++)
		s->aprom[i] = byte_at(s, i);
	for (unsigned i = 0; i < 3; i++)
		s->csr[CSR_PADR + i] = s->eeprom[i];
	if (valid)
		load_bcrs(kind, s);
	s->bcr[BCR19] &= ~BCR19_PVALID;
	s->bcr[BCR19] |= valid ? BCR19_EEDET | BCR19_PVALID : BCR19_EEDET;
	return valid;
}

static void special(struct pcnet_state *s)
{
	switch (s->ee_addr >> 4) {
	case 3:
		s->ee_wen = true;
		break;
	case 0:
		s->ee_wen = false;
		break;
	case 1: /* write all */
		s->ee_phase = EE_DATA;
		s->ee_left = 16;
		return;
	default: /* erase all */
		break;
	}
	s->ee_phase = EE_PROGRAM;
}

/* Nine bits are in: start, opcode, address. ee_in keeps the opcode for ECS to act on. */
static void command(struct pcnet_state *s)
{
	unsigned op = s->ee_in >> 6 & 3;

	s->ee_addr = s->ee_in & 63;
	s->ee_in = op;
	switch (op) {
	case OP_READ:
		s->ee_phase = EE_READ;
		s->ee_out = s->eeprom[s->ee_addr];
		s->ee_left = 17; /* the leading 0 */
		break;
	case OP_WRITE:
		s->ee_phase = EE_DATA;
		s->ee_left = 16;
		break;
	case OP_ERASE:
		s->ee_phase = EE_PROGRAM;
		break;
	default:
		special(s);
	}
}

static void next_read_bit(struct pcnet_state *s)
{
	if (--s->ee_left)
		return;
	s->ee_addr = (s->ee_addr + 1) & 63;
	s->ee_out = s->eeprom[s->ee_addr];
	s->ee_left = 16;
}

static void rising_edge(struct pcnet_state *s, bool di)
{
	switch (s->ee_phase) {
	case EE_START:
		if (di) {
			s->ee_phase = EE_COMMAND;
			s->ee_left = 8;
			s->ee_in = 0;
		}
		break;
	case EE_COMMAND:
		s->ee_in = s->ee_in << 1 | di;
		if (!--s->ee_left)
			command(s);
		break;
	case EE_READ:
		next_read_bit(s);
		break;
	case EE_DATA:
		s->ee_out = (uint16_t)(s->ee_out << 1 | di);
		if (!--s->ee_left)
			s->ee_phase = EE_PROGRAM;
		break;
	default:
		break;
	}
}

static void program_all(struct pcnet_state *s, uint16_t val)
{
	for (unsigned i = 0; i < PCNET_EE_WORDS; i++)
		s->eeprom[i] = val;
}

/* ECS falls: what was complete is carried out. */
static void deselect(struct pcnet_state *s)
{
	if (s->ee_phase == EE_PROGRAM && s->ee_wen) {
		if (s->ee_in == OP_WRITE)
			s->eeprom[s->ee_addr] = s->ee_out;
		else if (s->ee_in == OP_ERASE)
			s->eeprom[s->ee_addr] = 0xffff;
		else if (s->ee_in == OP_SPECIAL && s->ee_addr >> 4 == 1)
			program_all(s, s->ee_out);
		else if (s->ee_in == OP_SPECIAL && s->ee_addr >> 4 == 2)
			program_all(s, 0xffff);
	}
	s->ee_phase = EE_START;
}

/* EDO: the bit being read, or "ready". */
static bool data_out(const struct pcnet_state *s)
{
	if (s->ee_phase == EE_READ)
		return s->ee_left < 17 && (s->ee_out >> (s->ee_left - 1) & 1);
	return true;
}

/**
 * pcnet_bcr19_read() - Hook of BCR19
 *
 * Return: status and EDO.
 */
uint32_t pcnet_bcr19_read(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index)
{
	const struct pcnet_state *s = pcnet_of(nic)->s;
	uint32_t val = s->bcr[BCR19] & ~BCR19_EDIO;

	return val | ((val & BCR19_EEN) && s->ee_cs && data_out(s) ? BCR19_EDIO : 0);
}

static void wires(struct pcnet_state *s, uint32_t val)
{
	bool cs = val & BCR19_ECS, sk = val & BCR19_ESK;

	if (s->ee_cs && !cs)
		deselect(s);
	else if (cs && sk && !s->ee_sk)
		rising_edge(s, val & BCR19_EDIO);
	s->ee_cs = cs;
	s->ee_sk = sk;
}

/**
 * pcnet_bcr19_write() - Hook of BCR19: wires, and reading anew
 */
void pcnet_bcr19_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		       uint32_t val)
{
	struct pcnet *p = pcnet_of(nic);
	struct pcnet_state *s = p->s;
	uint32_t keep = s->bcr[BCR19] & (BCR19_PVALID | BCR19_EEDET);

	s->bcr[BCR19] = keep | (val & (BCR19_EEN | BCR19_ECS | BCR19_ESK | BCR19_EDIO));
	if (val & BCR19_EEN)
		wires(s, val);
	if (val & BCR19_PREAD) { /* done at once; the bit reads as 0 */
		pcnet_eeprom_load(p->kind, s);
		pcnet_filter_changed(p);
		pcnet_link_update(p);
	}
}
