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
 *(tx.c); receive rings hand out buffers the same way (rx.c); completions are written with the bit
 * of the completion ring (done.c). Doorbells only say "look".
 *
 * | file           | what                                                 |
 * |----------------|------------------------------------------------------|
 * | bits.h         | the interface: registers, commands, layouts          |
 * | desc.h         | the interface: descriptors and completions           |
 * | state.h        | what a saved state carries                           |
 * | scratch.h      | what it does not                                     |
 * | model.c        | model, properties, config space, link                |
 * | regs.c         | the two register BARs                                |
 * | control.c      | commands                                             |
 * | setup.c        | reading and checking the shared area; quiesce, reset |
 * | tx.c           | transmit queues: fetch, burst, complete              |
 * | tx-frame.c     | one frame from descriptors: gather, offload words    |
 * | tx-threshold.c | txThreshold: fewer doorbells from a loaded guest     |
 * | rx.c           | receive: a burst into queues                         |
 * | rx-ring.c      | receive buffers: planning, holding back              |
 * | rx-done.c      | receive completions: checksum status, hash, LRO      |
 * | done.c         | completion rings                                     |
 * | rss.c          | RSS configuration and hashing                        |
 * | filter.c       | receive filter                                       |
 * | intr.c         | interrupt vectors: mask, pending, INTx line          |
 * | coalesce.c     | interrupt moderation and coalescing                  |
 * | stats.c        | statistics and queue status blocks, events           |
 * | wake.c         | wake-up filters                                      |
 * | state.c        | saved state                                          |
 * | describe.c     | what the driver has made of the card, for people     |
 *
 * Registers and memory of the guest can hold anything. Indices and sizes are checked when they
 * enter struct vmx_state, by the same functions for ACTIVATE and for a loaded state; code behind
 * that relies on them.
 */
#ifndef VMXNET3_H
#define VMXNET3_H

#include "deadlines.h"
#include "model.h"
#include "state.h"
#include "scratch.h"

/* What most frames do without is kept out of the code that all of them go through. */
#define VMX_APART __attribute__((noinline))
#define VMX_RARE  __attribute__((noinline, cold))

/**
 * struct vmx - A card
 * @nic:   First member
 * @st:    nic.state
 * @tx:    Working storage
 * @rx: @rx_touched: @plan: @fitted: @stripped: @fit: likewise; @rx_touched: queues of this call
 * @toeplitz: @rss_types: from key, hash type, and fields
 * @rx_wait: How long until a starved queue is looked at again
 * @mcast_bits: Which values the last byte of a multicast address has, a filter before the table
 * @vlan_filter: The VLAN table has any bit
 * @unknown: Unknown commands that were told, by the low bits of their number
 */
struct vmx {
	struct hwnet_nic nic;
	struct vmx_state *st;
	struct vmx_tx tx;
	struct vmx_rx_work rx[VMX_MAX_RXQ];
	uint32_t rx_touched;
	struct vmx_rx_plan plan;
	struct pkt_buf fitted, stripped;
	struct pkt_fit fit;
	struct toeplitz toeplitz;
	unsigned rss_types;
	int64_t rx_wait;
	uint32_t mcast_bits[8];
	bool vlan_filter;
	uint64_t unknown[2];
};

static inline struct vmx *to_vmx(struct hwnet_nic *nic)
{
	return (struct vmx *)nic;
}

static inline const struct vmx_state *vmx_state_of(const struct hwnet_nic *nic)
{
	return nic->state;
}

/* regs.c */
extern const struct hwnet_regspace vmx_regspaces[2];
uint64_t vmx_read(struct hwnet_nic *nic, unsigned bar, uint64_t off, unsigned size);
void vmx_write(struct hwnet_nic *nic, unsigned bar, uint64_t off, uint64_t val, unsigned size);
uint32_t vmx_caps(const struct vmx_state *st);
void vmx_mac(const struct vmx_state *st, uint8_t mac[6]);
void vmx_set_mac(struct vmx_state *st, const uint8_t mac[6]);

/* control.c */
#define VMX_N_COMMANDS 32u
extern const struct hwnet_command vmx_commands[VMX_N_COMMANDS];
uint32_t vmx_command(struct vmx *v, uint32_t cmd);

/* setup.c */
uint32_t vmx_activate(struct vmx *v);
void vmx_quiesce(struct vmx *v);
void vmx_device_reset(struct vmx *v);
const char *vmx_check_limits(const struct vmx_state *st);
const char *vmx_check_txq(const struct vmx_txq *q);
const char *vmx_check_rxq(const struct vmx_rxq *q);

/* Step to the next index of a ring. */
static inline void vmx_step(uint32_t *next, uint8_t *gen, uint32_t size)
{
	if (++*next == size) {
		*next = 0;
		*gen ^= 1;
	}
}

/* done.c */
int vmx_put_many(struct vmx *v, uint64_t pa, uint32_t size, uint32_t *next, uint8_t *gen,
		 struct vmx_comp *comp, unsigned n);

/* Write completions at *@next and move it on. 0, or -1 if the ring is not memory. */
static inline int vmx_put_comps(struct vmx *v, uint64_t pa, uint32_t size, uint32_t *next,
				uint8_t *gen, struct vmx_comp *comp, unsigned n)
{
	if (n != 1)
		return vmx_put_many(v, pa, size, next, gen, comp, n);
	pa += *next * sizeof(*comp);
	vmx_comp_stamp(comp, *gen);
	vmx_step(next, gen, size);
	return hwnet_dma_write(&v->nic, pa, comp, sizeof(*comp));
}

/* tx.c, tx-frame.c */
bool vmx_run(struct hwnet_nic *nic, unsigned budget);
void vmx_tx_ready(struct hwnet_nic *nic);
void vmx_tx_kick(struct vmx *v, unsigned queue);
/* enum vmx_gather - what became of a frame's descriptors */
enum vmx_gather {
	GATHER_OK,   /* a frame was added to the burst */
	GATHER_DROP, /* the frame is bad and counted */
	GATHER_FULL, /* no room in the burst: send it first */
};
enum vmx_gather vmx_tx_gather(struct vmx *v, unsigned queue, const struct vmx_desc *d, unsigned n);

/* tx-threshold.c */
void vmx_steer_bell(struct vmx *v, struct vmx_txq *q);
void vmx_steer_poll(struct vmx *v);
void vmx_steer_idle(struct vmx *v, unsigned queue, unsigned frames);

/* rx.c */
unsigned vmx_rx(struct hwnet_nic *nic, const struct pkt *const *pkts, unsigned n);
uint32_t vmx_rx_caps(const struct hwnet_nic *nic);

/* rx-ring.c */
/* enum vmx_plan - can a frame be placed? */
enum vmx_plan { PLAN_OK, PLAN_STARVED, PLAN_TOO_LONG, PLAN_BROKEN };
enum vmx_plan vmx_rx_plan(struct vmx *v, unsigned queue, uint32_t len, struct vmx_rx_plan *plan);
void vmx_rx_forget(struct vmx *v);
void vmx_rx_take(struct vmx_rxq *q, const struct vmx_rx_plan *plan);
bool vmx_rx_room(struct vmx *v, unsigned queue, const struct pkt *pkt);
void vmx_rx_starve(struct vmx *v, unsigned queue) VMX_RARE;
void vmx_rx_sated(struct vmx *v, unsigned queue) VMX_RARE;
void vmx_rx_bell(struct vmx *v, unsigned queue, unsigned ring, uint32_t prod);
void vmx_rx_unmasked(struct vmx *v, unsigned vec);
void vmx_rx_poll(struct vmx *v);

/* rx-done.c */
void vmx_rx_describe(struct vmx *v, const struct pkt *pkt, const struct frame *f,
		     struct vmx_rx_info *info);
void vmx_rx_complete(struct vmx *v, unsigned queue, const struct vmx_rx_plan *plan, uint32_t len,
		     const struct vmx_rx_info *info);
void vmx_rx_flush(struct vmx *v, unsigned queue);

/* rss.c */
void vmx_rss_configure(struct vmx *v, const uint8_t *shared, bool table_only);
void vmx_rss_set_fields(struct vmx *v, uint32_t fields);
const char *vmx_check_rss_table(const struct vmx_state *st);
void vmx_rss_choose_fields(struct vmx *v, uint32_t fields);
void vmx_rss_derive(struct vmx *v);
unsigned vmx_rss_queue(const struct vmx *v, const struct pkt *pkt, const struct frame *f,
		       unsigned *type, uint32_t *hash);

/* filter.c */
bool vmx_filter_pass(const struct vmx *v, const struct pkt *pkt);
void vmx_filter_mode(struct vmx *v, const uint8_t *shared);
void vmx_filter_vlans(struct vmx *v, const uint8_t *shared);
void vmx_filter_mcast(struct vmx *v, const uint8_t *shared);
void vmx_filter_derive(struct vmx *v);
void vmx_rx_filter(const struct hwnet_nic *nic, struct hwnet_rx_filter *f);

/* intr.c */
void vmx_intr_raise(struct vmx *v, unsigned vec, unsigned tx, unsigned rx);
void vmx_intr_event(struct vmx *v, unsigned vec);
void vmx_intr_mask(struct vmx *v, unsigned vec, bool masked);
void vmx_intr_again(struct vmx *v);
void vmx_intr_init(struct vmx *v);
void vmx_intr_stop(struct vmx *v);
void vmx_intr_line(struct vmx *v, bool level);
void vmx_arm(struct vmx *v, int64_t deadline);
void vmx_rearm(struct vmx *v);
void vmx_timer(struct hwnet_nic *nic);

/* coalesce.c */
int64_t vmx_coal_when(const struct vmx *v, const struct vmx_intr *i);
void vmx_coal_sent(struct vmx *v, struct vmx_intr *i);
uint32_t vmx_coal_set(struct vmx *v);
uint32_t vmx_coal_get(struct vmx *v);
void vmx_coal_reset(struct vmx_state *st);

/* stats.c */
void vmx_stats_put(struct vmx *v);
void vmx_status_put(struct vmx *v);
void vmx_event(struct vmx *v, uint32_t bits);
void vmx_event_ack(struct vmx *v, uint32_t bits);
void vmx_txq_stop(struct vmx *v, unsigned queue, uint32_t error) VMX_RARE;
void vmx_rxq_stop(struct vmx *v, unsigned queue, uint32_t error) VMX_RARE;
void vmx_count_tx(struct vmx *v, unsigned queue, const struct pkt *pkts, unsigned n);
void vmx_count_rx(struct vmx *v, unsigned queue, const struct pkt *pkt, unsigned segs);

static inline uint64_t *vmx_tx_stat(struct vmx *v, unsigned queue, enum vmx_tx_stat s)
{
	return &v->st->tx_stats[queue * QD_N_STATS + s];
}

static inline uint64_t *vmx_rx_stat(struct vmx *v, unsigned queue, enum vmx_rx_stat s)
{
	return &v->st->rx_stats[queue * QD_N_STATS + s];
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

/* wake.c */
void vmx_pm_configure(struct vmx *v, const uint8_t *shared);
bool vmx_wake(struct hwnet_nic *nic, const struct pkt *pkt);

/* describe.c */
void vmx_describe(struct hwnet_nic *nic, const struct hwnet_listener *to);

/* state.c */
#define VMX_N_FIELDS 81u
extern const struct hwnet_field vmx_fields[VMX_N_FIELDS];
void vmx_state_reset(const struct hwnet_nic *nic, void *state);
const char *vmx_state_check(const struct hwnet_nic *nic, const void *state);
void vmx_loaded(struct hwnet_nic *nic);

#endif
