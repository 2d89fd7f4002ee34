/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A vmxnet3 driver for tests: what a guest does, step by step, over the fake host.
 *
 * It sets rings up as Linux does (one descriptor of each receive ring stays unfilled), checks what
 * each driver relies on (completions in order, naming the right descriptor, generation bits), and
 * leaves the rest to the test: any field of the shared area can be altered between guest_prepare()
 * and guest_activate().
 */
#ifndef HW_NET_TEST_VMXNET3_GUEST_H
#define HW_NET_TEST_VMXNET3_GUEST_H

#include "fake-host.h"
#include "vmxnet3/bits.h"

#define GUEST_MAXQ    8u
#define GUEST_BODY    4096u
#define GUEST_RSS_ALL (RSS_HASH_IPV4 | RSS_HASH_TCP_IPV4 | RSS_HASH_IPV6 | RSS_HASH_TCP_IPV6)

/* A ring as the driver sees it: where it fills or reads next, and the bit that goes with it. */
struct guest_ring {
	uint64_t pa;
	uint32_t size, next, done;
	uint8_t gen;
};

/**
 * struct guest - The driver
 * @h:     Host with card
 * @rev: @queues: as chosen
 * @tx_size: @rx_size: @rx2_size: Ring sizes, set before guest_prepare()
 * @head_len: @heads: Size of head buffers; after each head @bodies bodies follow in ring 0
 * @data_len: Receive data ring entry, 0: none
 * @features: @mtu: @max_sg: @auto_mask: @rx_mode: MiscConf and others
 * @shared: @qdesc: Addresses
 * @tx: @txc: @rx: @rxc: rings
 * @tx_buf: One page of transmit buffer for each descriptor
 * @rx_buf: Receive buffers, 4 KiB apart
 * @data: Receive data ring
 */
struct guest {
	struct fake_host *h;
	unsigned rev, queues;
	uint32_t tx_size, rx_size, rx2_size, head_len, bodies, data_len;
	uint64_t features;
	uint32_t mtu, max_sg, rx_mode;
	bool auto_mask;
	uint64_t shared, qdesc, rss, coal;
	struct guest_ring tx[GUEST_MAXQ], txc[GUEST_MAXQ], rx[GUEST_MAXQ][2], rxc[GUEST_MAXQ];
	uint64_t tx_buf[GUEST_MAXQ], rx_buf[GUEST_MAXQ][2], data[GUEST_MAXQ];
};

/**
 * struct guest_frame - A frame the driver received
 * @data: @len: Its bytes
 * @comp: Its first and last completion
 * @n:    Buffers
 * @ring: Ring of the last buffer: 0, 1, 2 for the data ring
 */
struct guest_frame {
	uint8_t data[70000];
	uint32_t len;
	struct vmx_comp first, last;
	unsigned n, ring;
};

/* Defaults; then a card that offers @rev, and the driver takes it. */
void guest_open(struct guest *g, struct fake_host *h, unsigned rev, unsigned queues);
/* The same with properties from @cfg. */
void guest_open_cfg(struct guest *g, struct fake_host *h, struct hwnet_config *cfg, unsigned rev,
		    unsigned queues);
/* Rings, queue descriptors, DriverShared. */
void guest_prepare(struct guest *g);
/* DSAL, DSAH, ACTIVATE. Returns the answer. */
uint32_t guest_activate(struct guest *g);
/* All of that, interrupts unmasked. */
void guest_start(struct guest *g, struct fake_host *h, unsigned rev, unsigned queues);
/* guest-up.c: the configuration of RSS, of these types, with a table that takes turns.
 * Between prepare and activate */
void guest_rss(struct guest *g, uint16_t type, unsigned table_len);
/* guest_start() with RSS of all types. */
void guest_start_rss(struct guest *g, struct fake_host *h, unsigned rev, unsigned queues,
		     unsigned table_len);
/* What Linux does after an error: reset, fields of its own put right, clean rings, activate. */
void guest_recover(struct guest *g);
/* Clean rings, as a driver does before it activates again. */
void guest_clean(struct guest *g);

uint32_t guest_cmd(struct guest *g, uint32_t cmd);
void guest_imr(struct guest *g, unsigned vec, bool masked);

/* Put a descriptor into a transmit ring; the first of a frame last. Nothing rings. */
void guest_txd(struct guest *g, unsigned q, uint64_t addr, uint32_t d2, uint32_t d3);
/* A frame of @n pieces of @lens bytes each, from @data; @d2 and @d3 go into the first
 * descriptor. */
void guest_queue(struct guest *g, unsigned q, const uint8_t *data, const uint32_t *lens, unsigned n,
		 uint32_t d2, uint32_t d3);
/* A plain frame in one descriptor. */
void guest_queue_plain(struct guest *g, unsigned q, const uint8_t *data, uint32_t len);
void guest_bell(struct guest *g, unsigned q);
/* Take transmit completions: their number. */
unsigned guest_tx_done(struct guest *g, unsigned q);

/* Take one received frame, give its buffers back. false: there is none. */
bool guest_rx(struct guest *g, unsigned q, struct guest_frame *f);
/* The same without giving back. */
bool guest_rx_keep(struct guest *g, unsigned q, struct guest_frame *f);
void guest_refill(struct guest *g, unsigned q);

/* A statistics counter after GET_STATS. */
uint64_t guest_tx_stat(struct guest *g, unsigned q, unsigned stat);
uint64_t guest_rx_stat(struct guest *g, unsigned q, unsigned stat);

static inline uint64_t guest_txq_pa(const struct guest *g, unsigned q)
{
	return g->qdesc + q * QD_SIZE;
}

static inline uint64_t guest_rxq_pa(const struct guest *g, unsigned q)
{
	return g->qdesc + (g->queues + q) * QD_SIZE;
}

#endif
