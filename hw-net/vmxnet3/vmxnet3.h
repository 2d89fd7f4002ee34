/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * VMware vmxnet3, revisions 1 to 9.
 *
 * DOC: Theory of Operation
 *
 * The driver writes one structure, DriverShared, into memory, tells its address (DSAL, DSAH) and
 *gives the command ACTIVATE. The device then copies the structure and the queue descriptors it
 *points to (activate.c), checks them, and keeps what it needs in struct vmx_state. From there on
 *memory is only read again when a command says that a part changed (cmd.c).
 *
 *	inactive --ACTIVATE--> active --QUIESCE, RESET, DSAL = 0--> inactive
 *
 * Rings have no head and tail registers: each descriptor has a generation bit that its writer flips
 *each time round. A transmit queue is read from its next index as long as the bit says "new"
 *(tx.c); receive rings hand out buffers the same way (rx.c); completions are written with the bit
 *of the completion ring (ring.c). Doorbells only say "look".
 *
 * | file        | what                                                          |
 * |-------------|---------------------------------------------------------------|
 * | defs.h      | the interface: registers, commands, layouts                   |
 * | pci.c       | model, properties, config space, link                         |
 * | regs.c      | the two register BARs                                         |
 * | cmd.c       | commands                                                      |
 * | activate.c  | reading and checking the shared area; quiesce, reset          |
 * | tx.c        | transmit queues: fetch, burst, complete                       |
 * | tx-frame.c  | one frame from descriptors: gather, offload words             |
 * | steer.c     | txThreshold: fewer doorbells from a loaded guest              |
 * | rx.c        | receive: a burst into queues                                  |
 * | rx-ring.c   | receive buffers: planning, holding back                       |
 * | rx-comp.c   | receive completions: checksum status, hash, LRO               |
 * | ring.c      | completion rings                                              |
 * | rss.c       | RSS configuration and hashing                                 |
 * | filter.c    | receive filter                                                |
 * | intr.c      | interrupt vectors: mask, pending, INTx line                   |
 * | coalesce.c  | interrupt moderation and coalescing                           |
 * | stats.c     | statistics and queue status blocks, events                    |
 * | wake.c      | wake-up filters                                               |
 * | state.c     | saved state                                                   |
 *
 * Registers and memory of the guest can hold anything. Indices and sizes are checked when they
 *enter struct vmx_state, by the same functions for ACTIVATE and for a loaded state; code behind
 *that relies on them.
 */
#ifndef VMXNET3_H
#define VMXNET3_H

#include "defs.h"
#include "deadlines.h"
#include "hwnet/frame.h"
#include "model.h"

/* What most frames do without is kept out of the code that all of them go through. */
#define VMX_APART __attribute__((noinline))
#define VMX_RARE  __attribute__((noinline, cold))

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
 * @bells:   Doorbells in quick succession (steer.c)
 * @bell_at: When the last came
 * @error:   Why it was stopped
 * @intr:    Vector; VMX_MAX_INTRS: none
 * @stopped: It is broken until the next ACTIVATE
 * @pending: There may be something to send
 * @blocked: The host takes no more until hwnet_tx_ready()
 * @polled: @cooling: steer.c: this look was the timer's; there is one more to come
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
 * transmit ring
 * @buf_size:  SetRingBufferSize: heads, bodies of ring 0, of ring 1
 * @pm:        PMConf
 * @tx_poll:   When transmit rings are looked at without doorbell
 * @rx_poll:   When starved queues are looked at
 */
struct vmx_state {
	struct vmx_txq txq[VMX_MAX_TXQ];
	struct vmx_rxq rxq[VMX_MAX_RXQ];
	struct vmx_intr intr[VMX_MAX_INTRS];
	uint64_t tx_stats[VMX_MAX_TXQ * QD_N_STATS];
	uint64_t rx_stats[VMX_MAX_RXQ * QD_N_STATS];
	uint64_t shared_pa, qdesc_pa, features;
	int64_t tx_poll, rx_poll;
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

/** TX_WINDOW - Transmit descriptors held at a time; a frame has at most TX_MAX_DESC (FreeBSD uses
 * up to 32). */
#define TX_WINDOW   128u
#define TX_MAX_DESC 60u
#define TX_FETCH    32u
/** TX_HEAD - Room for a frame's private head; frames up to TX_COPY are copied whole. */
#define TX_HEAD 576u
#define TX_COPY 256u
#define TX_IOVS 512u

/**
 * struct vmx_tx_entry - What became of a frame's descriptors
 * @sop: @gen: Ring position of their first
 * @eop:     Index of the last, for the completion
 * @cq:      A completion is wanted
 * @pkt:     Index in the burst, -1: dropped
 */
struct vmx_tx_entry {
	uint32_t sop, eop;
	uint8_t gen;
	bool cq;
	int pkt;
};

/**
 * struct vmx_tx - Working storage of transmission; nothing of it lives longer than a call
 */
struct vmx_tx {
	struct vmx_desc win[TX_WINDOW];
	unsigned win_n, win_at, fetch;
	struct vmx_tx_entry entry[PKT_BURST];
	struct pkt pkt[PKT_BURST];
	const struct pkt *ptr[PKT_BURST];
	struct vmx_comp comp[PKT_BURST];
	struct iovec iov[TX_IOVS];
	struct {
		void *ptr;
		size_t len;
	} map[TX_IOVS];
	unsigned n_entry, n_pkt, n_iov, n_map;
	uint32_t bounced;
	uint8_t head[PKT_BURST][TX_HEAD];
	uint8_t bounce[PKT_MAX_LEN];
};

#define RX_WINDOW   32u
#define RX_COMPS    64u
#define RX_MAX_DESC 64u

/**
 * struct vmx_rx_window - Descriptors of a receive ring, copied in a block
 * @d: @n: They, from ring index @at on; all of them the device's, so they stay good until used
 * @gen:   Which time round it was
 */
struct vmx_rx_window {
	struct vmx_desc d[RX_WINDOW];
	uint32_t at, n;
	uint8_t gen;
};

/**
 * struct vmx_rx_plan - Buffers for one frame
 * @buf:  Where to write
 * @n:    Their number
 * @next: @gen: The rings' positions behind them
 */
struct vmx_rx_plan {
	struct {
		uint64_t addr;
		uint32_t len;
		uint16_t idx, rqid;
	} buf[RX_MAX_DESC];
	unsigned n;
	uint32_t next[2];
	uint8_t gen[2];
};

/**
 * struct vmx_rx_work - Working storage of a receive queue
 * @win:    Of the two rings
 * @comp: @n_comp: completions not yet written; none between calls
 * @frames: Completed in this call
 */
struct vmx_rx_work {
	struct vmx_rx_window win[2];
	struct vmx_comp comp[RX_COMPS];
	unsigned n_comp, frames;
};

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

/* cmd.c */
#define VMX_N_COMMANDS 31u
extern const struct hwnet_command vmx_commands[VMX_N_COMMANDS];
uint32_t vmx_command(struct vmx *v, uint32_t cmd);

/* activate.c */
uint32_t vmx_activate(struct vmx *v);
void vmx_quiesce(struct vmx *v);
void vmx_device_reset(struct vmx *v);
const char *vmx_check_limits(const struct vmx_state *st);
const char *vmx_check_txq(const struct vmx_txq *q);
const char *vmx_check_rxq(const struct vmx_rxq *q);

/*
 * A completion as the guest reads it. In two halves, because it is written so (ring.c): a processor
 * that loads 8 bytes which it has just stored as 4 and 4 waits for them.
 */
static inline void vmx_comp_make(struct vmx_comp *c, uint32_t d0, uint32_t d1, uint32_t d2,
				 uint32_t d3)
{
	uint64_t half[2] = { htole64(d0 | (uint64_t)d1 << 32), htole64(d2 | (uint64_t)d3 << 32) };

	memcpy(c, half, sizeof(half));
}

/* Completions are made without the generation bit, the last bit of the upper half. */
static inline void vmx_comp_stamp(struct vmx_comp *c, uint8_t gen)
{
	uint64_t half;

	memcpy(&half, &c->d[2], sizeof(half));
	half |= htole64((uint64_t)gen << 63);
	memcpy(&c->d[2], &half, sizeof(half));
}

/* Step to the next index of a ring. */
static inline void vmx_step(uint32_t *next, uint8_t *gen, uint32_t size)
{
	if (++*next == size) {
		*next = 0;
		*gen ^= 1;
	}
}

/* ring.c */
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

/* steer.c */
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

/**
 * struct vmx_rx_info - What a receive completion says about a frame
 * @rss_type: @hash: RSS
 * @d0: @d2: @d3: Flags for the last completion
 * @segs: @mss: LRO; @segs 0: an ordinary frame
 */
struct vmx_rx_info {
	unsigned rss_type;
	uint32_t hash, d0, d2, d3;
	uint16_t mss;
	unsigned segs;
};

/* rx-comp.c */
void vmx_rx_describe(struct vmx *v, const struct pkt *pkt, const struct frame *f,
		     struct vmx_rx_info *info);
void vmx_rx_complete(struct vmx *v, unsigned queue, const struct vmx_rx_plan *plan, uint32_t len,
		     const struct vmx_rx_info *info);
void vmx_rx_flush(struct vmx *v, unsigned queue);

/* rss.c */
void vmx_rss_configure(struct vmx *v, const uint8_t *shared, bool table_only);
void vmx_rss_set_fields(struct vmx *v, uint32_t fields);
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

/* state.c */
#define VMX_N_FIELDS 81u
extern const struct hwnet_field vmx_fields[VMX_N_FIELDS];
void vmx_state_reset(const struct hwnet_nic *nic, void *state);
const char *vmx_state_check(const struct hwnet_nic *nic, const void *state);
void vmx_loaded(struct hwnet_nic *nic);

#endif
