/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * VMware vmxnet3, revisions 1 to 9.
 *
 * DOC: Theory of Operation
 *
 * The driver writes one structure, DriverShared, into memory, tells its address (DSAL, DSAH) and
 * gives the command ACTIVATE. The device then copies the structure and the queue descriptors it
 * points to (setup.c), checks them, and keeps what it needs in struct vmx_state. From there on
 * memory is only read again when a command says that a part changed (control.c).
 *
 *	inactive --ACTIVATE--> active --QUIESCE, RESET, DSAL = 0--> inactive
 *
 * Rings have no head and tail registers: each descriptor has a generation bit that its writer flips
 * each time round. A transmit queue is read from its next index as long as the bit says "new"
 * (tx.c); receive rings hand out buffers the same way (rx.c); completions are written with the bit
 * of the completion ring (done.c). Doorbells only say "look".
 *
 * What is in which file, and in those of the other cards: "Floor plan of a card" in docs/design.md.
 *
 * Registers and memory of the guest can hold anything. Indices and sizes are checked when they
 * enter struct vmx_state, by the same functions for ACTIVATE and for a loaded state; code behind
 * that relies on them.
 */
#ifndef VMXNET3_H
#define VMXNET3_H

#include "bytes.h"
#include "deadlines.h"
#include "model.h"
#include "state.h"
#include "scratch.h"

/**
 * struct vmx - A card
 * @nic:   First member
 * @s:     Its state
 * @tx:    Working storage
 * @rx: @rx_touched: @plan: @fitted: @stripped: @fit: likewise; @rx_touched: queues of this call
 * @toeplitz: @rss_types: from key, hash type, and fields
 * @rx_gap: How long until a starved queue is looked at again, ns
 * @rx_starved: Queue that was starved last
 * @rx_end: When the wait of what was left at the host is over, HWNET_NEVER
 * @tx_turn: Transmit queue that is served first
 * @mcast_bits: Which values the last byte of a multicast address has, a filter before the table
 * @vlan_filter: The VLAN table has any bit
 * @unknown: Unknown commands that were told, by the low bits of their number
 */
struct vmx {
	struct hwnet_nic nic;
	struct vmx_state *s;
	struct vmx_tx tx;
	struct vmx_rx_work rx[VMX_MAX_RXQ];
	uint32_t rx_touched;
	struct vmx_rx_plan plan;
	struct pkt_buf fitted, stripped;
	struct pkt_fit fit;
	struct toeplitz toeplitz;
	unsigned rss_types;
	int64_t rx_gap, rx_end;
	unsigned rx_starved, tx_turn;
	uint32_t mcast_bits[8];
	bool vlan_filter;
	uint64_t unknown[2];
};

static inline struct vmx *vmx_of(struct hwnet_nic *nic)
{
	return (struct vmx *)nic;
}

static inline const struct vmx *vmx_of_const(const struct hwnet_nic *nic)
{
	return (const struct vmx *)nic;
}

static inline const struct vmx_state *vmx_state_of(const struct hwnet_nic *nic)
{
	return nic->state;
}

/* Address of a queue's descriptor in guest memory. */
static inline uint64_t vmx_txq_pa(const struct vmx_state *st, unsigned queue)
{
	return st->qdesc_pa + queue * QD_SIZE;
}

static inline uint64_t vmx_rxq_pa(const struct vmx_state *st, unsigned queue)
{
	return st->qdesc_pa + (st->n_txq + queue) * QD_SIZE;
}

static inline void vmx_put32(struct vmx *v, uint64_t addr, uint32_t val)
{
	val = htole32(val);
	hwnet_dma_write(&v->nic, addr, &val, 4);
}

#endif
