/* SPDX-License-Identifier: BSD-2-Clause */
/* What a saved state of a vmxnet3 carries; see vmxnet3.h. */
#ifndef VMXNET3_STATE_H
#define VMXNET3_STATE_H

#include "bits.h"
#include "model.h"

/* enum vmx_prop - the model's properties, in order */
enum vmx_prop { PROP_REV, PROP_QUEUES, PROP_SPEED, PROP_MSI, PROP_MSIX, PROP_MASK_MODE, PROP_LRO };

/* Slots of register values */
enum vmx_slot {
	SLOT_IMR,
	SLOT_TXPROD = SLOT_IMR + VMX_MAX_INTRS,
	SLOT_RXPROD = SLOT_TXPROD + VMX_MAX_TXQ,
	SLOT_RXPROD2 = SLOT_RXPROD + VMX_MAX_RXQ,
	SLOT_LB_TXPROD = SLOT_RXPROD2 + VMX_MAX_RXQ,
	SLOT_LB_RXPROD = SLOT_LB_TXPROD + VMX_MAX_TXQ,
	SLOT_LB_RXPROD2 = SLOT_LB_RXPROD + VMX_MAX_RXQ,
	SLOT_VRRS = SLOT_LB_RXPROD2 + VMX_MAX_RXQ,
	SLOT_UVRS,
	SLOT_DSAL,
	SLOT_DSAH,
	SLOT_CMD, /* the last command's answer */
	SLOT_MACL,
	SLOT_MACH,
	SLOT_ICR, /* INTx asserted */
	SLOT_ECR,
	SLOT_DCR, /* what the driver switched on */
	SLOT_PTCR = SLOT_DCR + VMX_N_DCR,
	N_SLOTS = SLOT_PTCR + VMX_N_PTCR,
};

/** VMX_MCAST_MAX - Multicast addresses kept; a longer table lets all multicast in. */
#define VMX_MCAST_MAX 512u

/** VMX_RX_POLL - How soon a starved queue is looked at first, ns; doubled each time. */
#define VMX_RX_POLL 250000ll

/**
 * struct vmx_txq - A transmit queue
 * @ring_pa: @size: its descriptors
 * @next: @gen: Where the device reads next, and the generation bit that a new descriptor has there
 * @comp_pa: @comp_size: @comp_next: @comp_gen: completion ring
 * @ts_pa: @ts_size: timestamp ring
 * @threshold: txThreshold as last told to the driver
 * @bells:   Doorbells in quick succession (tx-threshold.c)
 * @bell_at: When the last came
 * @error:   Why it was stopped
 * @intr:    Vector; VMX_MAX_INTRS: none
 * @stopped: It is broken until the next ACTIVATE
 * @pending: There may be something to send
 * @blocked: The host takes no more until hwnet_tx_ready()
 * @polled: @cooling: tx-threshold.c: this look was the timer's; there is one more to come
 */
struct vmx_txq {
	uint64_t ring_pa, comp_pa, ts_pa;
	int64_t bell_at;
	uint32_t size, next, comp_size, comp_next;
	uint32_t threshold, bells, error;
	uint16_t ts_size;
	uint8_t gen, comp_gen, intr, stopped, pending, blocked, polled, cooling;
};

/**
 * struct vmx_rxring - Receive buffers
 * @pa: @size: The ring; size 0: none
 * @next: @gen: as in struct vmx_txq
 */
struct vmx_rxring {
	uint64_t pa;
	uint32_t size, next;
	uint8_t gen;
};

/**
 * struct vmx_rxq - A receive queue
 * @ring:    Two rings: heads (and bodies), bodies
 * @comp_pa: @comp_size: @comp_next: @comp_gen: completion ring
 * @data_pa: @data_size: ring of small buffers, one per descriptor of ring 0; size 0: none
 * @ts_pa: @ts_size: timestamp ring
 * @error: @intr: @stopped: as in struct vmx_txq
 * @starved: A frame waits for buffers; updateRxProd is set
 */
struct vmx_rxq {
	struct vmx_rxring ring[2];
	uint64_t comp_pa, data_pa, ts_pa;
	uint32_t comp_size, comp_next, error;
	uint16_t data_size, ts_size;
	uint8_t comp_gen, intr, stopped, starved;
};

/**
 * struct vmx_intr - An interrupt vector
 * @last:     When it was sent last
 * @deadline: When it is to be sent, HWNET_NEVER
 * @tx: @rx:  Completions since
 * @level:    modLevels entry
 * @step:     Adaptive: present index into the table of gaps
 * @pending:  There is something to tell
 */
struct vmx_intr {
	int64_t last, deadline;
	uint32_t tx, rx;
	uint8_t level, step, pending;
};

/**
 * struct vmx_state - All that a saved state carries
 * @regs:      Register values by slot
 * @rev:       Revision the driver chose
 * @active:    Between ACTIVATE and QUIESCE
 * @shared_pa: DriverShared of the active device
 * @qdesc_pa:  Queue descriptors
 * @features:  UPT_F_...
 * @mtu: @max_sg: from MiscConf
 * @n_txq: @n_rxq: @n_intrs: how many are in use
 * @auto_mask: Sending a vector masks it
 * @event_intr: Vector of events
 * @rx_mode: @vft: @n_mcast: @mcast: @mcast_all: receive filter; @mcast_all: the table was too long
 * @hash_type: @rss_fields: @key_len: @table_len: @key: @table: RSS; @hash_type 0: off
 * @coal_mode: @coal_rate: @coal_tx: @coal_rx: @coal_depth: SetCoalesce; @coal_depth: of the
 *             transmit ring
 * @buf_size:  SetRingBufferSize: heads, bodies of ring 0, of ring 1
 * @pm:        PMConf
 * @tx_poll:   When transmit rings are looked at without doorbell
 * @rx_poll:   When starved queues are looked at
 * @rx_period: When a frame for one of several queues may wait again (rx-wait.c)
 */
struct vmx_state {
	struct vmx_txq txq[VMX_MAX_TXQ];
	struct vmx_rxq rxq[VMX_MAX_RXQ];
	struct vmx_intr intr[VMX_MAX_INTRS];
	uint64_t tx_stats[VMX_MAX_TXQ * QD_N_STATS];
	uint64_t rx_stats[VMX_MAX_RXQ * QD_N_STATS];
	uint64_t shared_pa, qdesc_pa, features;
	int64_t tx_poll, rx_poll, rx_period;
	uint32_t regs[N_SLOTS];
	uint32_t mtu, rx_mode, hash_type, rss_fields;
	uint32_t coal_mode, coal_rate, coal_depth, coal_tx, coal_rx;
	uint32_t vft[VMX_VFT_WORDS];
	uint16_t max_sg, n_mcast, key_len, table_len;
	uint16_t buf_size[3];
	uint8_t rev, active, n_txq, n_rxq, n_intrs, auto_mask, event_intr, mcast_all;
	uint8_t mcast[VMX_MCAST_MAX * 6];
	uint8_t key[RSS_KEY_MAX], table[RSS_TABLE_MAX];
	uint8_t pm[PM_SIZE];
};

#define VMX_N_FIELDS 82u
extern const struct hwnet_field vmx_fields[VMX_N_FIELDS];
const char *vmx_state_check(const struct hwnet_nic *nic, const void *state);

#endif
