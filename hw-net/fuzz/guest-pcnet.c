/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver for the PCnet, as far as a fuzzer needs one. Am79C970A data sheet: registers, init
 * block, descriptors. */
#include <string.h>

#include "guests.h"

/* Word I/O mode */
#define RDP   0x10u
#define RAP   0x12u
#define RESET 0x14u
#define BDP   0x16u

#define LOG_DESC 3u
#define N_DESC	 (1u << LOG_DESC)

/* Flags of a descriptor, upper byte */
#define OWN 0x8000u
#define STP 0x0200u
#define ENP 0x0100u

enum { AREA_INIT, AREA_TX, AREA_RX };
/* z->next: */
enum { TX_NEXT, RX_NEXT, STYLE };

static void wr(struct fuzz *z, unsigned port, unsigned num, uint32_t val)
{
	fake_write(&z->host, 0, RAP, num, 2);
	fake_write(&z->host, 0, port, val & 0xffff, 2);
}

static uint32_t rd(struct fuzz *z, unsigned port, unsigned num)
{
	fake_write(&z->host, 0, RAP, num, 2);
	return (uint32_t)fake_read(&z->host, 0, port, 2);
}

/* A descriptor; its last word with OWN is written last. */
static void put_desc(struct fuzz *z, unsigned area, uint32_t i, uint64_t buf, uint32_t len,
		     uint32_t flags)
{
	struct fake_host *h = &z->host;
	uint64_t at = z->areas[area].addr + z->areas[area].unit * (i % N_DESC);
	uint32_t bcnt = (0u - len) & 0xffff;

	if (z->next[STYLE] == 0) {
		fake_put16(h, at, (uint16_t)buf);
		fake_put16(h, at + 4, (uint16_t)bcnt);
		fake_put16(h, at + 6, 0);
		fake_put16(h, at + 2, (uint16_t)((flags & 0xff00) | (buf >> 16 & 0xff)));
		return;
	}
	fake_put32(h, at + (z->next[STYLE] == 3 ? 8 : 0), (uint32_t)buf);
	fake_put32(h, at + (z->next[STYLE] == 3 ? 0 : 8), 0);
	fake_put32(h, at + 4, flags << 16 | bcnt);
}

static void put_init(struct fuzz *z)
{
	struct fake_host *h = &z->host;
	uint64_t at = z->areas[AREA_INIT].addr, rx = z->areas[AREA_RX].addr,
		 tx = z->areas[AREA_TX].addr;
	uint16_t mode = fuzz_u8(z) & 1 ? fuzz_u16(z) : 0;
	bool narrow = z->next[STYLE] == 0;

	fake_fill(h, at, 0xff, 28);
	fake_put16(h, at, mode);
	fake_put(h, at + (narrow ? 2 : 4), FUZZ_MAC, 6);
	if (narrow) {
		fake_put32(h, at + 16, (uint32_t)rx | LOG_DESC << 29);
		fake_put32(h, at + 20, (uint32_t)tx | LOG_DESC << 29);
		return;
	}
	fake_put16(h, at + 2, LOG_DESC << 12 | LOG_DESC << 4);
	fake_put32(h, at + 20, (uint32_t)rx);
	fake_put32(h, at + 24, (uint32_t)tx);
}

static void allocate(struct fuzz *z)
{
	fuzz_area(z, 28, 4, 16);
	fuzz_area(z, N_DESC * 16, 16, 16);
	fuzz_area(z, N_DESC * 16, 16, 16);
}

static void bring_up(struct fuzz *z)
{
	uint64_t at;

	z->next[STYLE] = fuzz_u8(z) & 3;
	z->next[TX_NEXT] = z->next[RX_NEXT] = 0;
	z->areas[AREA_TX].unit = z->areas[AREA_RX].unit = z->next[STYLE] ? 16 : 8;
	at = z->areas[AREA_INIT].addr;
	fake_read(&z->host, 0, RESET, 2);
	wr(z, BDP, 20, z->next[STYLE]);
	for (unsigned i = 0; i < N_DESC; i++) {
		put_desc(z, AREA_RX, i, z->rx_buf + 2048 * i, 2048, OWN);
		put_desc(z, AREA_TX, i, z->tx_buf, 0, 0);
	}
	put_init(z);
	wr(z, RDP, 1, (uint32_t)at);
	wr(z, RDP, 2, (uint32_t)(at >> 16));
	wr(z, RDP, 4, 0x0915);
	wr(z, RDP, 0, 0x0043); /* INIT, STRT, IENA */
	fake_advance(&z->host, 5000000000);
	wr(z, RDP, 0, 0x7f42);
}

/* A frame in one to three descriptors; the first gets OWN last. */
static void send(struct fuzz *z)
{
	static uint8_t frame[BUILD_ROOM];
	uint8_t how = fuzz_u8(z);
	struct build b = fuzz_build(z);
	uint32_t len = build_frame(&b, frame), n = 1 + (how & 3) % 3, first = z->next[TX_NEXT],
		 at = 0;

	len = len < 12000 ? len : 12000;
	fake_put(&z->host, z->tx_buf, frame, len);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t part = i + 1 == n ? len - at : len / n;
		uint32_t flags = (i ? 0 : STP) | (i + 1 == n ? ENP : 0);

		part = how & 0x40 ? fuzz_u16(z) & 0xfff : part;
		flags |= how & 0x80 ? fuzz_u16(z) : OWN;
		put_desc(z, AREA_TX, first + i, z->tx_buf + at, part, flags);
		at += at + part <= len ? part : 0;
	}
	z->next[TX_NEXT] += n;
	wr(z, RDP, 0, 0x004a); /* TDMD, STRT, IENA */
}

static void refill(struct fuzz *z)
{
	uint8_t how = fuzz_u8(z);

	for (unsigned i = 0; i < (how & 7); i++)
		put_desc(z, AREA_RX, z->next[RX_NEXT]++, z->rx_buf + 2048 * (i % 16),
			 how & 0x80 ? how & 0x7f : 2048, OWN);
	wr(z, RDP, 0, 0x7f42);
}

static void reg(struct fuzz *z, unsigned space, uint32_t num, const uint32_t *val)
{
	unsigned port = space < 2 ? RDP : BDP;

	if (space == 4) { /* PHY: BCR33 is the address, BCR34 the data */
		wr(z, BDP, 33, 30u << 5 | (num & 31));
		num = 34;
	}
	if (val)
		wr(z, port, num, *val);
	else
		rd(z, port, num);
}

static void act(struct fuzz *z)
{
	uint8_t how = fuzz_u8(z);

	switch (how & 3) {
	case 0:
		wr(z, RDP, 0, how & 4 ? 0x0004 : 0x0042); /* STOP or STRT */
		break;
	case 1:
		wr(z, RDP, 5, how >> 2 & 1); /* SPND */
		break;
	case 2: /* bits of the EEPROM by hand (BCR19) */
		for (unsigned i = 0; i < 40; i++)
			wr(z, BDP, 19, 0x14u ^ (i & 1) << 1 ^ (fuzz_u8(z) & 1));
		break;
	default:
		bring_up(z);
	}
}

const struct fuzz_guest fuzz_guest_pcnet = { "pcnet", allocate, bring_up, send, refill, reg, act };
