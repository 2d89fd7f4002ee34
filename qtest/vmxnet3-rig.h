/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A small vmxnet3 driver for device suites. There is no data sheet; the layouts are those that
 * drivers rely on (Linux drivers/net/vmxnet3, FreeBSD, iPXE). It knows nothing of the model it
 * tests.
 *
 * It sets rings up as Linux does: one descriptor of each receive ring stays unfilled. All that
 * stands in DriverShared can be altered between vmx_prepare() and vmx_activate().
 */
#ifndef QTEST_VMXNET3_RIG_H
#define QTEST_VMXNET3_RIG_H

#include "rig.h"

/* BAR 0, one of each 8 bytes apart; BAR 1. */
enum {
	IMR = 0,
	TXPROD = 0x600,
	RXPROD = 0x800,
	RXPROD2 = 0xa00,
	LB_TXPROD = 0x1000,
	LB_RXPROD = 0x1400
};
enum {
	VRRS = 0x00,
	UVRS = 0x08,
	DSAL = 0x10,
	DSAH = 0x18,
	CMD = 0x20,
	MACL = 0x28,
	MACH = 0x30,
	ICR = 0x38,
	ECR = 0x40,
	DCR = 0x48,
};

#define CMD_ACTIVATE		  0xcafe0000u
#define CMD_QUIESCE		  0xcafe0001u
#define CMD_RESET		  0xcafe0002u
#define CMD_UPDATE_RX_MODE	  0xcafe0003u
#define CMD_UPDATE_MAC_FILTERS	  0xcafe0004u
#define CMD_UPDATE_VLAN_FILTERS	  0xcafe0005u
#define CMD_UPDATE_RSSIDT	  0xcafe0006u
#define CMD_UPDATE_IML		  0xcafe0007u
#define CMD_UPDATE_FEATURE	  0xcafe0009u
#define CMD_SET_COALESCE	  0xcafe000eu
#define CMD_GET_QUEUE_STATUS	  0xf00d0000u
#define CMD_GET_STATS		  0xf00d0001u
#define CMD_GET_LINK		  0xf00d0002u
#define CMD_GET_PERM_MAC_LO	  0xf00d0003u
#define CMD_GET_PERM_MAC_HI	  0xf00d0004u
#define CMD_GET_CONF_INTR	  0xf00d0008u
#define CMD_GET_TXDATA_DESC_SIZE  0xf00d000au
#define CMD_GET_COALESCE	  0xf00d000bu
#define CMD_GET_RSS_FIELDS	  0xf00d000cu
#define CMD_GET_MAX_QUEUES	  0xf00d000fu
#define CMD_GET_MAX_CAPABILITIES  0xf00d0011u
#define CMD_GET_DISABLED_OFFLOADS 0xf00d0014u

/* DriverShared, by offset. */
enum {
	SH_MAGIC = 0,
	SH_FEATURES = 24,
	SH_QDESC = 40,
	SH_QDESC_LEN = 52,
	SH_MTU = 56,
	SH_MAX_SG = 60,
	SH_NUM_TXQ = 62,
	SH_NUM_RXQ = 63,
	SH_AUTO_MASK = 80,
	SH_NUM_INTRS = 81,
	SH_EVENT_INTR = 82,
	SH_MOD_LEVELS = 83,
	SH_RX_MODE = 120,
	SH_MF_LEN = 124,
	SH_MF = 128,
	SH_VF = 136,
	SH_RSS = 648,
	SH_ECR = 696,
	SH_CMD_INFO = 704,
	SH_SIZE = 800,
};
#define SHARED_MAGIC 0xbabefee1u

/* Queue descriptors, 256 bytes each, those of transmit queues first. */
enum {
	QD = 256,
	TQ_THRESHOLD = 4,
	TQ_RING = 16,
	TQ_DATA = 24,
	TQ_COMP = 32,
	TQ_SIZE = 56,
	TQ_DATA_N = 60,
	TQ_COMP_N = 64,
	TQ_INTR = 72,
	TQ_DATA_LEN = 74,
	RQ_UPDATE = 0,
	RQ_RING = 16,
	RQ_COMP = 32,
	RQ_DATA = 48,
	RQ_SIZE = 56,
	RQ_COMP_N = 64,
	RQ_INTR = 72,
	RQ_DATA_LEN = 74,
	QD_STOPPED = 80,
	QD_ERROR = 84,
	QD_STATS = 88,
};

enum { F_RXCSUM = 1, F_RSS = 2, F_RXVLAN = 4, F_LRO = 8 };
enum { RXM_UCAST = 1, RXM_MCAST = 2, RXM_BCAST = 4, RXM_ALL_MULTI = 8, RXM_PROMISC = 16 };
enum { ECR_RQERR = 1, ECR_TQERR = 2, ECR_LINK = 4 };

/* Transmit descriptor, third and fourth word. */
#define TXD_GEN	      (1u << 14)
#define TXD_DTYPE     (1u << 16)
#define TXD_MSSCOF(n) ((uint32_t)(n) << 18)
#define TXD_HLEN(n)   ((uint32_t)(n))
#define TXD_OM(n)     ((uint32_t)(n) << 10)
#define TXD_EOP	      (1u << 12)
#define TXD_CQ	      (1u << 13)
#define TXD_TI	      (1u << 15)
#define TXD_TCI(n)    ((uint32_t)(n) << 16)
enum { OM_ENCAP = 1, OM_CSUM = 2, OM_TSO = 3 };

/* Receive descriptor, third word. */
#define RXD_BODY  (1u << 14)
#define RXD_DTYPE (1u << 15)
#define RXD_GEN	  (1u << 31)

/* Receive completion. */
#define RCD_IDX(d0)  ((d0)&0xfff)
#define RCD_EOP	     (1u << 14)
#define RCD_SOP	     (1u << 15)
#define RCD_RQID(d0) ((d0) >> 16 & 0x3ff)
#define RCD_CNC	     (1u << 30)
#define RCD_LEN(d2)  ((d2)&0x3fff)
#define RCD_TS	     (1u << 15)
#define RCD_TUC	     (1u << 16)
#define RCD_TCP	     (1u << 18)
#define RCD_IPC	     (1u << 19)
#define RCD_V4	     (1u << 21)
#define RCD_TYPE(d3) ((d3) >> 24 & 0x7f)
#define COMP_GEN     (1u << 31)

#define VMX_QUEUES 4u
#define VMX_BUF	   4096u

/*
 * A ring as the driver sees it: where it works next, and the bit that goes with that; @done:
 * receive, where the device is.
 */
struct vmx_ring {
	uint64_t pa;
	uint32_t size, next, done;
	bool gen;
};

struct vmx_queue {
	struct vmx_ring tx, txc, rx[2], rxc;
	uint64_t tx_buf, rx_buf[2], data;
};

/**
 * struct vmx_rig - A card with its driver
 * @rev: @queues: what vmx_open() is to choose; vmx_defaults() says 9 and 1
 * @ring_size:   Descriptors of each ring
 * @head_len:    Size of head buffers
 * @bodies:      Bodies behind each head in ring 0
 * @data_len:    Receive data ring entries, 0: none
 * @features: @mtu: @rx_mode: @auto_mask: of DriverShared
 * @irq_mem:     MSI-X message i goes to the word i here
 */
struct vmx_rig {
	struct rig r;
	unsigned rev, queues;
	uint32_t ring_size, head_len, bodies, data_len, features, mtu, rx_mode;
	bool auto_mask;
	uint64_t shared, qdesc, irq_mem;
	struct vmx_queue q[VMX_QUEUES];
};

/* A received frame: bytes, first and last completion, how many buffers. */
struct vmx_frame {
	uint8_t data[RIG_MAX_FRAME];
	uint32_t len, n, first[4], last[4];
};

extern const uint8_t vmx_mac[6], vmx_peer[6];

/* A card with that address. */
#define VMX_DEV "vc-vmxnet3,id=nic,mac=00:50:56:12:34:56"

/* Defaults; @v->r is not touched. */
void vmx_defaults(struct vmx_rig *v);
/* A QEMU with one card, "vc-vmxnet3,...", taken over by the driver, active, interrupts masked. */
void vmx_start(struct vmx_rig *v, const char *device, const char *more);
/* The same with VMX_DEV and vmx_defaults(). */
void vmx_start_default(struct vmx_rig *v);
/* The same for a card whose rig is there. */
void vmx_attach(struct vmx_rig *v);
/*
 * Choose the revision; memory for rings. Then vmx_prepare() and vmx_activate() can follow as often
 * as wanted.
 */
void vmx_open(struct vmx_rig *v);
/* The same for a card whose BARs are mapped. */
void vmx_allocate(struct vmx_rig *v);
/* Fill rings, queue descriptors, DriverShared. */
void vmx_prepare(struct vmx_rig *v);
/* Tell where DriverShared is, and ACTIVATE; returns the answer. */
uint32_t vmx_activate(struct vmx_rig *v);
void vmx_stop(struct vmx_rig *v);

uint32_t vmx_cmd(struct vmx_rig *v, uint32_t cmd);
void vmx_imr(struct vmx_rig *v, unsigned vec, bool masked);

/* Fields of memory. */
static inline void put8(struct vmx_rig *v, uint64_t pa, uint8_t val)
{
	qtest_writeb(v->r.qts, pa, val);
}

static inline void put16(struct vmx_rig *v, uint64_t pa, uint16_t val)
{
	qtest_writew(v->r.qts, pa, val);
}

static inline void put32(struct vmx_rig *v, uint64_t pa, uint32_t val)
{
	qtest_writel(v->r.qts, pa, val);
}

static inline void put64(struct vmx_rig *v, uint64_t pa, uint64_t val)
{
	qtest_writeq(v->r.qts, pa, val);
}

static inline uint32_t get32(struct vmx_rig *v, uint64_t pa)
{
	return qtest_readl(v->r.qts, pa);
}

static inline uint64_t vmx_txq(const struct vmx_rig *v, unsigned q)
{
	return v->qdesc + q * QD;
}

static inline uint64_t vmx_rxq(const struct vmx_rig *v, unsigned q)
{
	return v->qdesc + (v->queues + q) * QD;
}

/* A descriptor, with the ring's generation bit. Nothing rings. */
void vmx_txd(struct vmx_rig *v, unsigned q, uint64_t addr, uint32_t d2, uint32_t d3);
/* A frame in pieces of @piece bytes each; @d2 and @d3 go into the first descriptor. */
void vmx_queue(struct vmx_rig *v, unsigned q, const uint8_t *data, uint32_t len, uint32_t piece,
	       uint32_t d2, uint32_t d3);
void vmx_bell(struct vmx_rig *v, unsigned q);
/* A plain frame in one descriptor, and the doorbell. */
void vmx_tx(struct vmx_rig *v, unsigned q, const uint8_t *data, uint32_t len);
/* Take transmit completions, for all that was queued. Returns how many. */
unsigned vmx_tx_done(struct vmx_rig *v, unsigned q);

/* Is there no receive completion? */
bool vmx_rx_idle(struct vmx_rig *v, unsigned q);
/* Wait for a frame. Its buffers are given back by vmx_refill(). */
void vmx_rx(struct vmx_rig *v, unsigned q, struct vmx_frame *f);
/* Give back all buffers that the driver has, and tell the device as drivers do. */
void vmx_refill(struct vmx_rig *v, unsigned q);

/* One frame each way. */
void vmx_exchange(struct vmx_rig *v, uint32_t seq);

/* A counter: queue descriptor's address, index. */
uint64_t vmx_stat(struct vmx_rig *v, uint64_t qd, unsigned i);

/* MSI-X on; messages are words of memory. */
void vmx_msix(struct vmx_rig *v);
/* Was vector @vec sent since it was last asked? */
bool vmx_fired(struct vmx_rig *v, unsigned vec);

static inline void vmx_step_us(struct vmx_rig *v, int64_t us)
{
	qtest_clock_step(v->r.qts, us * 1000);
}

#endif
