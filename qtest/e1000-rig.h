/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A small e1000 driver for device suites, written from the data sheet (Intel 8254x SDM, 317453): it
 * knows nothing of the model it tests.
 */
#ifndef QTEST_E1000_RIG_H
#define QTEST_E1000_RIG_H

#include "rig.h"

/* Registers used by the suites; SDM table 13-2. */
enum {
	CTRL = 0x0000,
	STATUS = 0x0008,
	EERD = 0x0014,
	CTRL_EXT = 0x0018,
	MDIC = 0x0020,
	VET = 0x0038,
	ICR = 0x00c0,
	ITR = 0x00c4,
	ICS = 0x00c8,
	IMS = 0x00d0,
	IMC = 0x00d8,
	RCTL = 0x0100,
	TCTL = 0x0400,
	TIPG = 0x0410,
	RDBAL = 0x2800,
	RDBAH = 0x2804,
	RDLEN = 0x2808,
	RDH = 0x2810,
	RDT = 0x2818,
	RDTR = 0x2820,
	RADV = 0x282c,
	TDBAL = 0x3800,
	TDBAH = 0x3804,
	TDLEN = 0x3808,
	TDH = 0x3810,
	TDT = 0x3818,
	TIDV = 0x3820,
	TADV = 0x382c,
	MPC = 0x4010,
	GPRC = 0x4074,
	GPTC = 0x4080,
	TORL = 0x40c0,
	TPR = 0x40d0,
	RXCSUM = 0x5000,
	MTA = 0x5200,
	RAL = 0x5400,
	RAH = 0x5404,
	VFTA = 0x5600,
};

enum { CTRL_SLU = 1 << 6, CTRL_RST = 1 << 26, CTRL_VME = 1 << 30 };
enum { STATUS_FD = 1 << 0, STATUS_LU = 1 << 1, STATUS_1000 = 2 << 6 };
enum {
	ICR_TXDW = 1 << 0,
	ICR_TXQE = 1 << 1,
	ICR_LSC = 1 << 2,
	ICR_RXDMT0 = 1 << 4,
	ICR_RXO = 1 << 6,
	ICR_RXT0 = 1 << 7
};
enum {
	RCTL_EN = 1 << 1,
	RCTL_UPE = 1 << 3,
	RCTL_MPE = 1 << 4,
	RCTL_LPE = 1 << 5,
	RCTL_BAM = 1 << 15,
	RCTL_SZ_2048 = 0 << 16,
	RCTL_SZ_256 = 3 << 16,
	RCTL_VFE = 1 << 18,
	RCTL_SECRC = 1 << 26,
};
enum { TCTL_EN = 1 << 1, TCTL_PSP = 1 << 3 };
/* Transmit command byte, in the top byte of a descriptor's second word. */
enum {
	TXD_EOP = 1u << 24,
	TXD_IFCS = 1u << 25,
	TXD_IC = 1u << 26,
	TXD_TSE = 1u << 26,
	TXD_RS = 1u << 27,
	TXD_DEXT = 1u << 29,
	TXD_VLE = 1u << 30,
	TXD_IDE = 1u << 31,
	TXD_DTYP_D = 1u << 20,
};
enum { TXD_DD = 1 << 0 };
enum {
	RXD_DD = 1 << 0,
	RXD_EOP = 1 << 1,
	RXD_IXSM = 1 << 2,
	RXD_VP = 1 << 3,
	RXD_TCPCS = 1 << 5,
	RXD_IPCS = 1 << 6
};

#define TX_RING	 16u
#define RX_RING	 16u
#define BUF_SIZE 2048u

/**
 * struct e1000_rig - A card with its rings
 * @r:    The machine
 * @ring: @buf: transmit: descriptors, one buffer of 64 KiB each would be too much: 2 KiB
 * @rx_*: receive
 * @tail: @rx_next: driver's indices
 */
struct e1000_rig {
	struct rig r;
	uint64_t tx_ring, tx_buf, rx_ring, rx_buf;
	unsigned tail, rx_next, rx_tail;
};

extern const uint8_t e1000_mac[6], peer_mac[6];

/* A card with the former address. */
#define E1000_DEV "vc-e1000,id=nic,mac=52:54:00:12:34:56"

/*
 * Start a QEMU with one card ("vc-e1000,..."), rings set up, link up, receiver and transmitter on,
 * interrupts off.
 */
void e1000_rig_start(struct e1000_rig *e, const char *device, const char *more);
/* The same with a card whose rig is there already (rig_open(), rig_join()). */
void e1000_rig_attach(struct e1000_rig *e);
void e1000_rig_stop(struct e1000_rig *e);
/* Program rings, addresses and control registers again (after a reset). */
void e1000_rig_setup(struct e1000_rig *e);
/* The same without asking for the link. */
void e1000_rig_program(struct e1000_rig *e);

static inline uint32_t rd(struct e1000_rig *e, uint32_t off)
{
	return rig_read(&e->r, 0, off);
}

static inline void wr(struct e1000_rig *e, uint32_t off, uint32_t val)
{
	rig_write(&e->r, 0, off, val);
}

/* A raw descriptor at the tail; the doorbell is e1000_tx_bell(). */
void e1000_tx_desc(struct e1000_rig *e, uint64_t addr, uint32_t lower, uint32_t upper);
void e1000_tx_bell(struct e1000_rig *e);
/* One frame in one legacy descriptor with RS, and the doorbell. */
void e1000_tx_frame(struct e1000_rig *e, const void *frame, size_t len, uint32_t cmd);
/* A context descriptor; SDM 3.3.6. */
void e1000_tx_context(struct e1000_rig *e, uint32_t word0, uint32_t word1, uint32_t cmdlen,
		      uint32_t mss);
/* A message of rig_tcp4() to be cut into segments; memory for it is taken from the rig's. SDM 3.5.
 */
void e1000_tx_tso(struct e1000_rig *e, uint8_t *frame, size_t len, uint16_t mss);
/* Status byte of the transmit descriptor before the tail. */
uint8_t e1000_tx_status(struct e1000_rig *e);

/* Wait for the next receive descriptor; returns its length, with data, status and errors. */
size_t e1000_rx_frame(struct e1000_rig *e, uint8_t *frame, uint8_t *status, uint8_t *errors,
		      uint16_t *special);
/* Is the next receive descriptor still the card's? */
bool e1000_rx_idle(struct e1000_rig *e);
/* Give all read descriptors back. */
void e1000_rx_refill(struct e1000_rig *e);
/* One frame comes and is taken. */
void e1000_rx_one(struct e1000_rig *e, uint32_t seq);
/* One frame leaves; its interrupt may be delayed (IDE). */
void e1000_tx_delayed(struct e1000_rig *e, uint32_t seq);
/* One microsecond-granular step of the virtual clock. */
void e1000_step_us(struct e1000_rig *e, int64_t us);

#endif
