/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A driver for the e1000 in unit tests: rings, descriptors, registers by name.
 *
 * DOC: Theory of Operation
 *
 * rig_open() makes a card on a fake host and sets up rings of RIG_RING descriptors, each receive
 * descriptor with a buffer of 2 KiB, transmitter and receiver on. Tests alter what they are about.
 * Everything is a plain driver: registers are written and read through the BAR.
 */
#ifndef HW_NET_TEST_E1000_RIG_H
#define HW_NET_TEST_E1000_RIG_H

#include <limits.h>
#include <string.h>

#include "build-frame.h"
#include "fake-host.h"
#include "hwnet/frame.h"
#include "unit.h"

#define RIG_RING 32u
#define RIG_BUF	 2048u

/* Registers, 13.2 */
enum rig_reg {
	CTRL = 0x0000,
	STATUS = 0x0008,
	EECD = 0x0010,
	EERD = 0x0014,
	CTRL_EXT = 0x0018,
	MDIC = 0x0020,
	FCAL = 0x0028,
	FCAH = 0x002c,
	FCT = 0x0030,
	VET = 0x0038,
	ICR = 0x00c0,
	ITR = 0x00c4,
	ICS = 0x00c8,
	IMS = 0x00d0,
	IMC = 0x00d8,
	RCTL = 0x0100,
	FCTTV = 0x0170,
	TCTL = 0x0400,
	PBA = 0x1000,
	FCRTL = 0x2160,
	FCRTH = 0x2168,
	RDBAL = 0x2800,
	RDBAH = 0x2804,
	RDLEN = 0x2808,
	RDH = 0x2810,
	RDT = 0x2818,
	RDTR = 0x2820,
	RXDCTL = 0x2828,
	RADV = 0x282c,
	RSRPD = 0x2c00,
	TDBAL = 0x3800,
	TDBAH = 0x3804,
	TDLEN = 0x3808,
	TDH = 0x3810,
	TDT = 0x3818,
	TIDV = 0x3820,
	TXDCTL = 0x3828,
	TADV = 0x382c,
	RXCSUM = 0x5000,
	MTA = 0x5200,
	RA = 0x5400,
	VFTA = 0x5600,
	WUC = 0x5800,
	WUFC = 0x5808,
	WUS = 0x5810,
	IPAV = 0x5838,
	IP4AT = 0x5840,
	IP6AT = 0x5880,
	WUPL = 0x5900,
	WUPM = 0x5a00,
	FFLT = 0x5f00,
	FFMT = 0x9000,
	FFVT = 0x9800,
	CRCERRS = 0x4000,
	MPC = 0x4010,
	XONRXC = 0x4048,
	XONTXC = 0x404c,
	XOFFRXC = 0x4050,
	XOFFTXC = 0x4054,
	PRC64 = 0x405c,
	PRC1522 = 0x4070,
	GPRC = 0x4074,
	BPRC = 0x4078,
	MPRC = 0x407c,
	GPTC = 0x4080,
	GORCL = 0x4088,
	GORCH = 0x408c,
	GOTCL = 0x4090,
	RNBC = 0x40a0,
	ROC = 0x40ac,
	TORL = 0x40c0,
	TPR = 0x40d0,
	TPT = 0x40d4,
	PTC64 = 0x40d8,
	PTC1522 = 0x40ec,
	MPTC = 0x40f0,
	BPTC = 0x40f4,
	TSCTC = 0x40f8,
};

/* Interrupt causes */
#define TXDW	0x0001u
#define TXQE	0x0002u
#define LSC	0x0004u
#define RXDMT0	0x0010u
#define RXO	0x0040u
#define RXT0	0x0080u
#define MDAC	0x0200u
#define TXD_LOW 0x8000u
#define SRPD	0x10000u

/* Transmit descriptors: command bits of the third word */
#define EOP  0x01000000u
#define IFCS 0x02000000u
#define IC   0x04000000u
#define TSE  0x04000000u
#define RS   0x08000000u
#define DEXT 0x20000000u
#define VLE  0x40000000u
#define IDE  0x80000000u
#define DATA (DEXT | 0x00100000u)
#define IXSM 0x100u
#define TXSM 0x200u

/* Receive descriptors: status and errors */
#define ST_DD	 0x01u
#define ST_EOP	 0x02u
#define ST_IXSM	 0x04u
#define ST_VP	 0x08u
#define ST_TCPCS 0x20u
#define ST_IPCS	 0x40u
#define ST_PIF	 0x80u
#define ER_CE	 0x01u
#define ER_TCPE	 0x20u
#define ER_IPE	 0x40u

#define TCTL_ON 0x0000000au /* EN, PSP */
#define RCTL_ON 0x04008002u /* EN, BAM, SECRC */

struct rig {
	struct fake_host h;
	uint64_t tx_ring, rx_ring, tx_buf, rx_buf;
	unsigned tail;
};

/* A receive descriptor as it was written back. */
struct rig_rxd {
	unsigned len, csum, status, errors, special;
};

static const uint8_t rig_mac[6] = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 };

static inline uint32_t rd(struct rig *r, uint32_t off)
{
	return (uint32_t)fake_read(&r->h, 0, off, 4);
}

static inline void wr(struct rig *r, uint32_t off, uint32_t val)
{
	fake_write(&r->h, 0, off, val, 4);
}

/* Rings, transmitter and receiver as after a driver's start; RDT leaves one descriptor unused. */
static inline void rig_start(struct rig *r)
{
	wr(r, TDBAL, (uint32_t)r->tx_ring);
	wr(r, TDBAH, (uint32_t)(r->tx_ring >> 32));
	wr(r, TDLEN, RIG_RING * 16);
	wr(r, TDH, 0);
	wr(r, TDT, 0);
	wr(r, RDBAL, (uint32_t)r->rx_ring);
	wr(r, RDBAH, (uint32_t)(r->rx_ring >> 32));
	wr(r, RDLEN, RIG_RING * 16);
	wr(r, RDH, 0);
	for (unsigned i = 0; i < RIG_RING; i++) {
		fake_put64(&r->h, r->rx_ring + 16 * i, r->rx_buf + RIG_BUF * i);
		fake_put64(&r->h, r->rx_ring + 16 * i + 8, 0);
	}
	wr(r, TCTL, TCTL_ON);
	wr(r, RCTL, RCTL_ON);
	wr(r, RDT, RIG_RING - 1);
	r->tail = 0;
}

static inline void rig_init(struct rig *r)
{
	memset(r, 0, sizeof(*r));
	fake_host_init(&r->h);
	r->tx_ring = fake_alloc(&r->h, RIG_RING * 16, 128);
	r->rx_ring = fake_alloc_high(&r->h, RIG_RING * 16, 128);
	r->tx_buf = fake_alloc_high(&r->h, 1 << 18, 4096);
	r->rx_buf = fake_alloc(&r->h, RIG_RING * RIG_BUF * 8, 4096);
}

static inline void rig_open_model(struct rig *r, const char *model)
{
	rig_init(r);
	fake_open(&r->h, model);
	rig_start(r);
}

static inline void rig_open(struct rig *r)
{
	rig_open_model(r, "e1000");
}

/* A card that was powered on without a cable: it has had no link yet. */
static inline void rig_open_unplugged(struct rig *r)
{
	rig_open(r);
	fake_carrier(&r->h, false);
	fake_reset(&r->h, HWNET_RESET_POWER);
	rig_start(r);
}

static inline void rig_close(struct rig *r)
{
	fake_host_fini(&r->h);
}

/* A raw transmit descriptor at the tail; no doorbell. */
static inline void rig_desc(struct rig *r, uint64_t addr, uint32_t w2, uint32_t w3)
{
	uint64_t d = r->tx_ring + 16 * r->tail;

	fake_put64(&r->h, d, addr);
	fake_put32(&r->h, d + 8, w2);
	fake_put32(&r->h, d + 12, w3);
	r->tail = (r->tail + 1) % RIG_RING;
}

/* A context descriptor: start, field << 8, end << 16 of both sums; TUCMD and PAYLEN; HDRLEN, MSS */
static inline void rig_context(struct rig *r, uint32_t ip, uint32_t tu, uint32_t w2, uint32_t w3)
{
	rig_desc(r, (uint64_t)tu << 32 | ip, DEXT | w2, w3);
}

static inline void rig_ring(struct rig *r)
{
	wr(r, TDT, r->tail);
}

/* Put a frame into transmit memory at an offset. */
static inline uint64_t rig_data(struct rig *r, uint32_t off, const void *p, uint32_t len)
{
	fake_put(&r->h, r->tx_buf + off, p, len);
	return r->tx_buf + off;
}

/* Queue one legacy frame and ring. */
static inline void rig_send(struct rig *r, const void *p, uint32_t len, uint32_t cmd)
{
	rig_desc(r, rig_data(r, 0, p, len), len | EOP | IFCS | RS | cmd, 0);
	rig_ring(r);
}

/* Status byte of a transmit descriptor. */
static inline unsigned rig_tx_status(struct rig *r, unsigned i)
{
	return fake_get8(&r->h, r->tx_ring + 16 * i + 12);
}

static inline struct rig_rxd rig_rxd(struct rig *r, unsigned i)
{
	uint64_t d = r->rx_ring + 16 * i;

	return (struct rig_rxd) { fake_get16(&r->h, d + 8), fake_get16(&r->h, d + 10),
				  fake_get8(&r->h, d + 12), fake_get8(&r->h, d + 13),
				  fake_get16(&r->h, d + 14) };
}

/* Bytes in the buffer of a receive descriptor. */
static inline const uint8_t *rig_rx_mem(struct rig *r, unsigned i)
{
	return fake_mem(&r->h, fake_get64(&r->h, r->rx_ring + 16 * i), RIG_BUF);
}

/* A plain frame to the card, of a given length. */
static inline void rig_frame(uint8_t *p, uint32_t len, const uint8_t *dst)
{
	for (uint32_t i = 0; i < len; i++)
		p[i] = (uint8_t)(i * 7 + 1);
	memcpy(p, dst, 6);
	memcpy(p + 6, "\x52\x54\0\0\0\2", 6);
	p[12] = 0x88;
	p[13] = 0xb5; /* local experimental EtherType, IEEE 802 */
}

static inline bool rig_receive(struct rig *r, uint32_t len, const uint8_t *dst)
{
	uint8_t p[17000];

	rig_frame(p, len, dst);
	return fake_rx_bytes(&r->h, p, len);
}

/* The card still works, whatever was done to it. Ends the host. */
static inline void rig_check_alive(struct rig *r)
{
	unsigned n = r->h.n_tx;
	uint8_t p[60];

	wr(r, CTRL, 1u << 26);
	rig_start(r);
	rig_frame(p, sizeof(p), rig_mac);
	rig_send(r, p, sizeof(p), 0);
	ck_assert_uint_eq(r->h.n_tx, n + 1);
	ck_assert(rig_receive(r, sizeof(p), rig_mac));
	ck_assert_uint_eq(rig_rxd(r, 0).len, 60);
	rig_close(r);
}

/* MDIC, 13.4.7 */
static inline uint16_t rig_phy_read(struct rig *r, unsigned reg)
{
	wr(r, MDIC, 2u << 26 | 1u << 21 | reg << 16);
	return (uint16_t)rd(r, MDIC);
}

static inline void rig_phy_write(struct rig *r, unsigned reg, uint16_t val)
{
	wr(r, MDIC, 1u << 26 | 1u << 21 | reg << 16 | val);
}

#endif
