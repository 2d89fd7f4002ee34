/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The BARs: which register a guest's access means.
 *
 * DOC: Theory of Operation
 *
 * The memory BAR is made of 32-bit words. init() turns the tables into a map with one entry a word,
 * so that an access is one look-up. Some registers have a second address, that of the 82542 (13.4);
 * registers that a model lacks are left out of its map, read as 0 and ignore writes (13.2).
 *
 * The data sheet allows accesses of 32 bits only. Others are served as a bus does that moves whole
 * words: a narrow read gives its part of the word, a narrow write replaces a part of the word last
 * written, a wide one is two.
 *
 * The I/O BAR (13.2.2) is a window: IOADDR holds an offset in the memory BAR, IODATA is the word
 * there. Linux resets the 82544 through it.
 */
#include "io.h"

#include "regs.h"

#define IOADDR 0u
#define IODATA 4u

/* Second addresses, 13.4: [@from, @from + @len) is @to... */
static const struct {
	uint16_t from, len, to;
} aliases[] = {
	{ 0x0040, 0x80, 0x5400 },  /* RA */
	{ 0x0108, 0x04, 0x2820 },  /* RDTR */
	{ 0x0110, 0x14, 0x2800 },  /* RDBAL to RDH */
	{ 0x0128, 0x04, 0x2818 },  /* RDT */
	{ 0x0160, 0x04, 0x2168 },  /* FCRTH */
	{ 0x0168, 0x04, 0x2160 },  /* FCRTL */
	{ 0x0200, 0x200, 0x5200 }, /* MTA */
	{ 0x0420, 0x0c, 0x3800 },  /* TDBAL to TDLEN */
	{ 0x0430, 0x04, 0x3810 },  /* TDH */
	{ 0x0438, 0x04, 0x3818 },  /* TDT */
	{ 0x0440, 0x04, 0x3820 },  /* TIDV */
	{ 0x0600, 0x200, 0x5600 }, /* VFTA */
	{ 0x8000, 0x04, 0x2410 },  /* RDFH */
	{ 0x8008, 0x04, 0x2418 },  /* RDFT */
	{ 0x8010, 0x04, 0x3410 },  /* TDFH */
	{ 0x8018, 0x04, 0x3418 },  /* TDFT */
};

/* The 82544 has none of these, 13.4.15, .18, .31, .32, .44, 6.4.3.2. */
static bool lacks(const struct e1000_info *info, const struct hwnet_reg *reg)
{
	return info->is_82544 &&
	       (reg->slot == R_ITR || reg->slot == R_RADV || reg->slot == R_RSRPD ||
		reg->slot == R_TADV || reg->slot == R_LEDCTL || reg->slot == R_IP6AT);
}

static void map_space(struct e1000 *c, const struct hwnet_regspace *space, unsigned *n_rows)
{
	for (unsigned i = 0; i < space->n_rows; i++) {
		const struct hwnet_reg *reg = &space->rows[i];
		unsigned count = reg->count ? reg->count : 1;
		unsigned stride = reg->stride ? reg->stride : space->unit;

		if (lacks(c->info, reg))
			continue;
		c->rows[++*n_rows] = reg;
		for (unsigned j = 0; j < count; j++)
			c->where[(reg->num + j * stride) / 4] = (struct e1000_where) { *n_rows, j };
	}
}

/**
 * e1000_map_init() - Make the map of the memory BAR
 * @c: The card
 */
void e1000_map_init(struct e1000 *c)
{
	unsigned n_rows = 0;

	for (unsigned i = E1000_GENERAL; i < E1000_PACKET_BUFFER; i++)
		map_space(c, &e1000_spaces[i], &n_rows);
	for (unsigned i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
		for (unsigned j = 0; j < aliases[i].len; j += 4)
			c->where[(aliases[i].from + j) / 4] = c->where[(aliases[i].to + j) / 4];
}

static const struct hwnet_reg *find(const struct e1000 *c, uint32_t off, unsigned *index)
{
	const struct e1000_where *w;

	if (off >= E1000_PBM) {
		*index = (off - E1000_PBM) / 4;
		return e1000_rows_pbm;
	}
	if (off >= E1000_MAP_END)
		return NULL;
	w = &c->where[off / 4];
	*index = w->index;
	return c->rows[w->row];
}

static uint32_t mem_read(struct e1000 *c, uint32_t off)
{
	unsigned index;
	const struct hwnet_reg *reg = find(c, off, &index);

	return reg ? hwnet_reg_get(&c->nic, reg, index, c->s->reg) : 0;
}

static void mem_write(struct e1000 *c, uint32_t off, uint32_t val)
{
	unsigned index;
	const struct hwnet_reg *reg = find(c, off, &index);

	if (reg)
		hwnet_reg_set(&c->nic, reg, index, c->s->reg, val);
}

/* The word last written there, without the side effects of reading. */
static uint32_t mem_peek(struct e1000 *c, uint32_t off)
{
	unsigned index;
	const struct hwnet_reg *reg = find(c, off, &index);

	return reg ? c->s->reg[reg->slot + index] : 0;
}

static uint64_t mask_of(unsigned size)
{
	return size >= 8 ? UINT64_MAX : (1ull << size * 8) - 1;
}

static uint64_t mem_access_read(struct e1000 *c, uint64_t off, unsigned size)
{
	unsigned in = off & 3;
	uint64_t val;

	off &= ~3ull;
	val = mem_read(c, (uint32_t)off);
	if (in + size > 4 && off + 4 < E1000_MEM_SIZE)
		val |= (uint64_t)mem_read(c, (uint32_t)off + 4) << 32;
	return val >> in * 8 & mask_of(size);
}

/* A part of one word: [in, in + size) */
static void mem_write_part(struct e1000 *c, uint32_t off, uint64_t val, unsigned in, unsigned size)
{
	uint32_t mask = (uint32_t)(mask_of(size) << in * 8);

	if (mask != UINT32_MAX)
		val = (mem_peek(c, off) & ~mask) | ((uint32_t)(val << in * 8) & mask);
	mem_write(c, off, (uint32_t)val);
}

static void mem_access_write(struct e1000 *c, uint64_t off, uint64_t val, unsigned size)
{
	unsigned in = off & 3;
	unsigned first = size < 4 - in ? size : 4 - in;

	mem_write_part(c, off & ~3u, val, in, first);
	for (off = (off & ~3ull) + 4, size -= first; size && off < E1000_MEM_SIZE; off += 4) {
		unsigned part = size < 4 ? size : 4;

		val >>= first * 8;
		mem_write_part(c, (uint32_t)off, val, 0, part);
		size -= part;
		first = part;
	}
}

/* 13.2.2.1: offsets up to 0x1FFFF are registers, what is beyond is reserved or flash. */
static uint64_t io_read(struct e1000 *c, uint64_t off, unsigned size)
{
	const struct e1000_state *s = c->s;

	if (off - IOADDR < 4)
		return s->io_addr >> (off - IOADDR) * 8 & mask_of(size);
	if (off - IODATA < 4 && s->io_addr < E1000_MEM_SIZE)
		return mem_access_read(c, (s->io_addr & ~3u) + (off - IODATA), size);
	return 0;
}

/* IOADDR takes whole words only, 13.2.2.1. */
static void io_write(struct e1000 *c, uint64_t off, uint64_t val, unsigned size)
{
	struct e1000_state *s = c->s;

	if (off == IOADDR && size >= 4)
		s->io_addr = (uint32_t)val;
	if (off == IOADDR && size == 8)
		io_write(c, IODATA, val >> 32, 4);
	if (off - IODATA < 4 && s->io_addr < E1000_MEM_SIZE)
		mem_access_write(c, (s->io_addr & ~3u) + (off - IODATA), val, size > 4 ? 4 : size);
}

/**
 * e1000_read() - hwnet_read() of this model
 * @nic:  The card
 * @bar:  0: memory; any other: I/O, which a 64-bit memory BAR moves from 2 to 4
 * @off:  Offset
 * @size: 1, 2, 4 or 8
 *
 * Return: the value.
 */
uint64_t e1000_read(struct hwnet_nic *nic, unsigned bar, uint64_t off, unsigned size)
{
	struct e1000 *c = e1000_of(nic);

	if (bar)
		return io_read(c, off, size);
	return off < E1000_MEM_SIZE ? mem_access_read(c, off, size) : 0;
}

/**
 * e1000_write() - hwnet_write() of this model
 * @nic:  The card
 * @bar:  As for e1000_read()
 * @off:  Offset
 * @val:  Value
 * @size: 1, 2, 4 or 8
 */
void e1000_write(struct hwnet_nic *nic, unsigned bar, uint64_t off, uint64_t val, unsigned size)
{
	struct e1000 *c = e1000_of(nic);

	if (bar)
		io_write(c, off, val, size);
	else if (off < E1000_MEM_SIZE)
		mem_access_write(c, off, val, size);
}
