/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver for the e1000 family, as far as a fuzzer needs one. Offsets: 8254x manual, 13. */
#include "guests.h"

#define CTRL	       0x0000u
#define EERD	       0x0014u
#define MDIC	       0x0020u
#define ICS	       0x00c8u
#define IMS	       0x00d0u
#define FCTTV	       0x0170u
#define RCTL	       0x0100u
#define TCTL	       0x0400u
#define RDBAL	       0x2800u
#define RDT	       0x2818u
#define TDBAL	       0x3800u
#define TDT	       0x3818u
#define RXCSUM	       0x5000u
#define FCRTH	       0x2168u
#define N_DESC	       32u
#define SPACE_PHY_BITS 16u

/* Command bits of a transmit descriptor (3.3.3), as the upper byte of the third 32-bit word */
#define CMD_EOP	 (1u << 24)
#define CMD_TSE	 (1u << 26)
#define CMD_DEXT (1u << 29)

/* z->next: */
enum { TX_TAIL, RX_TAIL };

static void wr(struct fuzz *z, uint32_t reg, uint32_t val)
{
	fake_write(&z->host, 0, reg, val, 4);
}

static void ring(struct fuzz *z, uint32_t base, uint64_t addr)
{
	wr(z, base, (uint32_t)addr);
	wr(z, base + 4, (uint32_t)(addr >> 32));
	wr(z, base + 8, N_DESC * 16);
	wr(z, base + 16, 0);
	wr(z, base + 24, 0);
}

static void allocate(struct fuzz *z)
{
	fuzz_area(z, N_DESC * 16, 16, 128);
	fuzz_area(z, N_DESC * 16, 16, 128);
}

static void bring_up(struct fuzz *z)
{
	for (unsigned i = 0; i < N_DESC; i++)
		fake_put64(&z->host, z->areas[1].addr + 16 * i, z->rx_buf + i * 2048);
	z->next[TX_TAIL] = 0;
	z->next[RX_TAIL] = N_DESC - 1;
	wr(z, CTRL, 0x40); /* SLU */
	ring(z, TDBAL, z->areas[0].addr);
	ring(z, RDBAL, z->areas[1].addr);
	wr(z, TCTL, 0x4010a); /* EN, PSP, COLD */
	wr(z, RXCSUM, 0x700);
	wr(z, RCTL,
	   0x801e | (uint32_t)fuzz_u8(z) << 16); /* EN, SBP, UPE, MPE, BAM; size by the input */
	wr(z, RDT, N_DESC - 1);
	wr(z, IMS, 0xffff);
	fake_advance(&z->host, 5000000000);
}

static void put_desc(struct fuzz *z, uint64_t addr, uint32_t low, uint32_t high)
{
	uint64_t at = z->areas[0].addr + 16 * (z->next[TX_TAIL]++ % N_DESC);

	fake_put64(&z->host, at, addr);
	fake_put32(&z->host, at + 8, low);
	fake_put32(&z->host, at + 12, high);
}

/* The frame's bytes into the transmit buffer; returns its length. */
static uint32_t put_frame(struct fuzz *z, struct build *b)
{
	static uint8_t frame[BUILD_ROOM];
	uint32_t len;

	*b = fuzz_build(z);
	len = build_frame(b, frame);
	len = len < 0x10000 ? len : 0x10000;
	fake_put(&z->host, z->tx_buf, frame, len);
	return len;
}

/* Context descriptor (3.3.6): where to sum, and how to cut. */
static void put_context(struct fuzz *z, const struct build *b, uint32_t len, uint32_t tse)
{
	uint32_t hdr = build_headers(b), l4 = hdr - (b->proto == 17 ? 8 : 20 + b->tcp_opts);
	uint32_t ip = l4 - b->ip_opts - (b->v6 ? 40 : 20), mss = 1 + fuzz_u8(z) * 8u;
	uint64_t css = ip | (uint64_t)(ip + 10) << 8 | (uint64_t)(l4 - 1) << 16 |
		       (uint64_t)l4 << 32 | (uint64_t)(l4 + (b->proto == 17 ? 6 : 16)) << 40;

	put_desc(z, css,
		 ((len - hdr) & 0xfffff) | CMD_DEXT | tse | (b->proto == 17 ? 0 : 1u << 24) |
			 (b->v6 ? 0 : 1u << 25),
		 (hdr & 0xff) << 8 | mss << 16);
}

/* A frame in up to four data descriptors, or legacy ones. */
static void put_data(struct fuzz *z, uint32_t len, uint32_t cmd, uint32_t high)
{
	uint32_t n = 1 + fuzz_u8(z) % 4, at = 0;

	for (uint32_t i = 0; i < n; i++) {
		uint32_t part = i + 1 == n ? len - at : len / n;

		put_desc(z, z->tx_buf + at, part | cmd | (i + 1 == n ? CMD_EOP : 0), high);
		at += part;
	}
}

static void send(struct fuzz *z)
{
	uint8_t how = fuzz_u8(z);
	struct build b;
	uint32_t len, high = (uint32_t)fuzz_u8(z) << 16 | 0x300, tse = how & 4 ? CMD_TSE : 0;

	if ((how & 3) == 3) {
		put_desc(z, fuzz_value(z), fuzz_u32(z), fuzz_u32(z));
	} else {
		len = put_frame(z, &b);
		if (how & 2)
			put_context(z, &b, len, tse);
		put_data(z, len,
			 (uint32_t)(how & 0xf8) << 24 | (how & 2 ? CMD_DEXT | 1u << 20 | tse : 0) |
				 1u << 25,
			 high);
	}
	wr(z, TDT, z->next[TX_TAIL] % N_DESC);
}

static void refill(struct fuzz *z)
{
	z->next[RX_TAIL] += fuzz_u8(z) % N_DESC;
	wr(z, RDT, z->next[RX_TAIL] % N_DESC);
}

/* MDI control (13.4.9): data, register, PHY 1, operation. */
static void phy(struct fuzz *z, uint32_t num, const uint32_t *val)
{
	wr(z, MDIC, num << 16 | 1u << 21 | (val ? 1u << 26 | (*val & 0xffff) : 2u << 26));
	fake_advance(&z->host, 100000);
	fake_read(&z->host, 0, MDIC, 4);
}

static void reg(struct fuzz *z, unsigned space, uint32_t num, const uint32_t *val)
{
	if (fuzz_space_bits(z, space) == SPACE_PHY_BITS)
		phy(z, num, val);
	else if (val)
		wr(z, num, *val);
	else
		fake_read(&z->host, 0, num, 4);
}

/* The card pauses its peer (10.3): CTRL.TFCE and SLU, a time, a threshold; no descriptor is left */
static void flow_control(struct fuzz *z)
{
	wr(z, FCTTV, fuzz_u8(z));
	wr(z, FCRTH, 0x8000);
	wr(z, CTRL, 1u << 28 | 0x40);
	wr(z, RDT, 0);
}

static void act(struct fuzz *z)
{
	uint8_t how = fuzz_u8(z);

	switch (how & 3) {
	case 0:
		wr(z, EERD, (uint32_t)(how >> 2) << 8 | 1);
		fake_read(&z->host, 0, EERD, 4);
		break;
	case 1: /* bits of the EEPROM by hand (EECD) */
		for (unsigned i = 0; i < 40; i++)
			wr(z, 0x10, (0x44u | (how >> 2)) ^ (i & 1) ^ (fuzz_u8(z) & 4));
		break;
	case 2:
		wr(z, ICS, fuzz_u32(z));
		break;
	default:
		if (how & 4) {
			flow_control(z);
			break;
		}
		wr(z, CTRL, 1u << 26 | 0x40); /* RST */
		bring_up(z);
	}
}

const struct fuzz_guest fuzz_guest_e1000 = { "e1000", allocate, bring_up, send, refill, reg, act };
