/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Intel 8254x: what the files of this directory share.
 *
 * DOC: Theory of Operation
 *
 * Three members of one family differ in identities and in a few registers (struct e1000_info). The
 * card is struct e1000; everything that a guest can see or that outlives a call is in struct
 * e1000_state and travels with a save. The rest of struct e1000 is scratch memory of the data path
 * and what init() derives from the model.
 *
 * | file                        | what                                                      |
 * |-----------------------------|-----------------------------------------------------------|
 * | model.c                     | the three models, operations of model.h, PCI identity     |
 * | state.c                     | table of the state, check of a loaded one                 |
 * | regs-*.c                    | register tables                                           |
 * | io.c                        | BARs: which row a guest's access means                    |
 * | reset.c                     | what each kind of reset does                              |
 * | intr.c regs-intr.c          | causes, the five interrupt timers, INTA#; their registers |
 * | tx.c tx-done.c              | transmit: descriptors to host, write-back                 |
 * | tx-frame.c tx-offload.c     | transmit: building frames, checksums and TSO              |
 * | rx.c rx-fill.c rx-offload.c | receive: frames, into memory, checksums                   |
 * | rx-ring.c filter.c          | receive: the descriptor ring, address and VLAN filters    |
 * | stats.c flow.c wake.c       | counters, pause frames, wake-up filters                   |
 * | phy.c link.c eeprom.c       | MDIC and PHY registers, autonegotiation, EERD and EECD    |
 * | describe.c                  | what the driver has made of the card, for people          |
 */
#ifndef E1000_H
#define E1000_H

#include <string.h>

#include "bits.h"
#include "deadlines.h"
#include "hwnet/frame.h"
#include "model.h"
#include "scratch.h"
#include "slots.h"

#define E1000_EE_WORDS 256u /* of a 93C66; a 93C46 has 64 */
#define E1000_MEM_SIZE 0x20000u
#define E1000_MAP_END  0xa000u /* behind the last register but PBM */
#define E1000_PBM      0x10000u
#define E1000_FCS_LEN  4u

/* enum e1000_at - deadlines; numbers are part of the saved state */
enum e1000_at {
	AT_ITR,	  /* an interrupt held back by ITR may go out */
	AT_TIDV,  /* transmit delay, restarted by each descriptor */
	AT_TADV,  /* transmit delay, from the first descriptor on */
	AT_RDTR,  /* receive delay, restarted by each frame */
	AT_RADV,  /* receive delay, from the first frame on */
	AT_AN,	  /* autonegotiation completes */
	AT_PAUSE, /* a received pause ends */
	AT_XOFF,  /* a pause frame of our own is to be sent (again) */
	E1000_N_AT,
};

/* enum e1000_ee_phase - serial EEPROM, see eeprom.c */
enum e1000_ee_phase { EE_IDLE, EE_COMMAND, EE_READ, EE_WRITE, EE_DONE, E1000_N_EE_PHASES };

/**
 * struct e1000_state - All that a save carries
 * @reg:      Register values by slot
 * @eeprom:   Its words
 * @at:       Deadlines, HWNET_NEVER: not running
 * @itr_open: Until then ITR holds interrupts back
 * @io_addr:  IOADDR of the I/O BAR
 * @ctx:      Last context descriptors as the guest wrote them: checksum, then TSO
 * @tx_wb:    First descriptor that is fetched but not yet written back (WTHRESH)
 * @tx_skip:  The rest of a frame that was given up is being skipped, until EOP
 * @rx_held:  Frames wait at the host for descriptors
 * @xoff:     The peer was told to stop
 * @xoff_once: It is to be told so once more, whatever @xoff says
 * @xon_due:  It is to be told to go on
 * @ee_phase: @ee_out: @ee_bits: @ee_addr: @ee_shift: @ee_op: @ee_wen: serial EEPROM, see eeprom.c
 */
struct e1000_state {
	uint32_t reg[E1000_N_SLOTS];
	uint16_t eeprom[E1000_EE_WORDS];
	int64_t at[E1000_N_AT];
	int64_t itr_open;
	uint32_t io_addr;
	uint32_t ctx[2][4];
	uint32_t tx_wb;
	bool tx_skip;
	bool rx_held;
	bool xoff, xoff_once, xon_due;
	uint8_t ee_phase, ee_bits, ee_addr, ee_op;
	bool ee_out, ee_wen;
	uint16_t ee_shift;
};

/**
 * struct e1000_info - What distinguishes the models
 * @device: @subsys_vendor: @subsys: @revision: PCI identity
 * @phy_id2:  Second word of the PHY's id
 * @is_82544: No EERD size bit, TADV, RADV, ITR, RSRPD, LEDCTL, IP6AT, RXCSUM.IPV6OFL,
 *            TXDCTL.LWTHRESH
 * @wide:     64-bit memory BAR, and so the I/O BAR is number 4 (4.1)
 * @io_size:  Size of the I/O BAR
 * @ee_words: EEPROM size
 */
struct e1000_info {
	uint16_t device, subsys_vendor, subsys;
	uint8_t revision;
	uint16_t phy_id2;
	bool is_82544, wide;
	uint8_t io_size;
	uint16_t ee_words;
};

/* struct e1000_where - row of a register and the element in it */
struct e1000_where {
	uint8_t row, index;
};

/**
 * struct e1000 - The card
 * @nic:  First, see model.h
 * @info: The model's peculiarities
 * @rows: Rows of all tables; 0 is none
 * @where: Memory BAR by word
 * @n_ra: Exact addresses up to the last valid one, filter.c
 * @tx_blocked: The host did not take all; hwnet_tx_ready() follows
 * @tx: @rx: data path
 */
struct e1000 {
	struct hwnet_nic nic;
	const struct e1000_info *info;
	const struct hwnet_reg *rows[256];
	struct e1000_where where[E1000_MAP_END / 4];
	unsigned n_ra;
	bool tx_blocked;
	int64_t rise_time;  /* INTA# was asserted last, */
	uint32_t rise_head; /* TDH then; both coalesce.c */
	struct e1000_rx rx;
	struct e1000_tx tx;
};

static inline struct e1000 *e1000_of(struct hwnet_nic *nic)
{
	return (struct e1000 *)nic;
}

static inline struct e1000_state *e1000_st(const struct e1000 *c)
{
	return c->nic.state;
}

/* A register's value: REG(c, CTRL) */
#define REG(c, name) (e1000_st(c)->reg[R_##name])

/* Descriptors of a ring, and its address; 13.4.25 to 13.4.27 */
static inline uint32_t e1000_ring_len(uint32_t len_reg)
{
	return len_reg / sizeof(struct e1000_desc);
}

/* Buffers of 2048 bytes and less by BSIZE; with BSEX sixteen times as much (13.4.22). As a power of
 * 2 */
static inline unsigned e1000_buf_shift(uint32_t rctl)
{
	unsigned bsize = rctl >> RCTL_BSIZE_SHIFT & 3;

	return 11 - bsize + (rctl & RCTL_BSEX && bsize ? 4 : 0);
}

/* describe.c */
void e1000_describe(struct hwnet_nic *nic, const struct hwnet_listener *to);

/* model.c */
const struct e1000_info *e1000_info_of(const struct hwnet_model *model);

/* state.c */
#define E1000_N_FIELDS 19u
extern const struct hwnet_field e1000_fields[E1000_N_FIELDS];
const char *e1000_state_check(const struct hwnet_nic *nic, const void *state);

/* reset.c */
void e1000_state_reset(const struct hwnet_nic *nic, void *state);
void e1000_reset(struct hwnet_nic *nic, enum hwnet_reset_kind kind);
void e1000_soft_reset(struct e1000 *c);
void e1000_loaded(struct hwnet_nic *nic);
hwnet_reg_write e1000_ctrl_write, e1000_ctrl_ext_write;

/* io.c */
void e1000_map_init(struct e1000 *c);
uint64_t e1000_read(struct hwnet_nic *nic, unsigned bar, uint64_t off, unsigned size);
void e1000_write(struct hwnet_nic *nic, unsigned bar, uint64_t off, uint64_t val, unsigned size);

/* intr.c, regs-intr.c */
void e1000_cause(struct e1000 *c, uint32_t bits);
void e1000_irq_update(struct e1000 *c);
void e1000_arm(struct e1000 *c);
void e1000_at(struct e1000 *c, enum e1000_at which, int64_t when);
void e1000_tx_done_cause(struct e1000 *c, bool delayed);
void e1000_rx_done_cause(struct e1000 *c, uint32_t causes);
void e1000_timer(struct hwnet_nic *nic);
hwnet_reg_read e1000_icr_read, e1000_ics_read;
hwnet_reg_write e1000_icr_write, e1000_ics_write, e1000_ims_write, e1000_imc_write, e1000_itr_write,
	e1000_rdtr_write, e1000_tidv_write;

/* tx.c, tx-done.c, tx-frame.c, tx-offload.c */
bool e1000_run(struct hwnet_nic *nic, unsigned budget);
void e1000_tx_ready(struct hwnet_nic *nic);
void e1000_tx_kick(struct e1000 *c);
void e1000_tx_write_back(struct e1000 *c);
bool e1000_tx_may(const struct e1000 *c);
bool e1000_tx_waits(const struct e1000 *c);
bool e1000_tx_more(struct e1000 *c);
bool e1000_tx_build(struct e1000 *c);
void e1000_tx_context(uint32_t ctx[2][4], const struct e1000_desc *d);
const char *e1000_tx_offload(struct e1000 *c, struct pkt *pkt, struct iovec *iov,
			     const struct e1000_desc *first, const struct e1000_desc *last);
uint32_t e1000_tx_head_need(const struct e1000 *c, const struct e1000_desc *first,
			    const struct e1000_desc *last);
hwnet_reg_write e1000_tdt_write, e1000_tctl_write, e1000_txdctl_write, e1000_tx_ring_write;

/* rx.c, rx-ring.c, rx-offload.c */
unsigned e1000_rx(struct hwnet_nic *nic, const struct pkt *const *pkts, unsigned n);
unsigned e1000_rx_frames(struct e1000 *c, const struct pkt *const *pkts, unsigned n);
void e1000_rx_wake(struct e1000 *c);
void e1000_rx_forget(struct e1000 *c);
uint32_t e1000_rx_avail(const struct e1000 *c);
int e1000_rx_reserve(struct e1000 *c, uint32_t bufs);
void e1000_rx_flush(struct e1000 *c);
uint64_t e1000_rx_checksum(struct e1000 *c, const struct pkt *pkt, int delta);
hwnet_reg_write e1000_rdt_write, e1000_rctl_write, e1000_rx_ring_write;

/* filter.c */
enum e1000_match { E1000_REJECT, E1000_INEXACT, E1000_EXACT };
enum e1000_match e1000_filter(const struct e1000 *c, const uint8_t *addrs);
void e1000_filter_derive(struct e1000 *c);
bool e1000_vlan_admits(const struct e1000 *c, uint16_t tci);
void e1000_rx_filter(const struct hwnet_nic *nic, struct hwnet_rx_filter *f);
hwnet_reg_write e1000_mta_write, e1000_ra_write, e1000_vfta_write;

/* stats.c */
/* Count at the register with this offset, 13.7: counters stop at their largest value. */
static inline void e1000_stat_add(struct e1000 *c, unsigned off, uint32_t n)
{
	uint32_t *v = &e1000_st(c)->reg[R_STAT(off)], sum = *v + n;

	*v = sum < n ? UINT32_MAX : sum;
}

/* Count in a pair, @off is the low half's. */
static inline void e1000_stat_add64(struct e1000 *c, unsigned off, uint64_t n)
{
	uint32_t *v = &e1000_st(c)->reg[R_STAT(off)];
	uint64_t sum = ((uint64_t)v[1] << 32 | v[0]) + n;

	sum = sum < n ? UINT64_MAX : sum;
	v[0] = (uint32_t)sum;
	v[1] = (uint32_t)(sum >> 32);
}

void e1000_stat_rx(struct e1000 *c, uint32_t len, const uint8_t *dst);
void e1000_stat_rx_seen(struct e1000 *c, uint32_t len);
void e1000_stat_tx(struct e1000 *c, const struct pkt *pkts, unsigned n);
void e1000_stat_tx_pause(struct e1000 *c, uint32_t len);
hwnet_reg_read e1000_stat_read, e1000_stat_read_high;

/* enum e1000_prop - properties, in the order of model.c's table */
enum e1000_prop { E1000_PROP_TX_COALESCE };

/* coalesce.c */
int64_t e1000_coalesce_until(const struct e1000 *c, uint32_t causes);
void e1000_coalesce_rise(struct e1000 *c, int64_t now);

/* flow.c */
bool e1000_flow_rx(struct e1000 *c, const struct pkt *pkt);
void e1000_flow_full(struct e1000 *c);
void e1000_flow_room(struct e1000 *c);
void e1000_flow_send(struct e1000 *c);
void e1000_flow_now(struct e1000 *c);
void e1000_flow_reset(struct e1000 *c);

/* wake.c */
bool e1000_wake(struct hwnet_nic *nic, const struct pkt *pkt);
void e1000_wake_link(struct e1000 *c);
hwnet_reg_write e1000_wuc_write, e1000_wus_write;

/* phy.c, link.c */
void e1000_phy_reset(struct e1000_state *s, const struct e1000_info *info);
hwnet_reg_read e1000_phy_latch_read, e1000_phy_int_read, e1000_phy_ext_read;
hwnet_reg_write e1000_mdic_write, e1000_bmcr_write, e1000_phy_ext_write;
hwnet_reg_read e1000_status_read;
bool e1000_link_up(const struct e1000 *c);
bool e1000_loops(const struct e1000 *c);
void e1000_link_update(struct e1000 *c);
void e1000_link_settle(struct e1000_state *s, bool carrier);
void e1000_an_start(struct e1000 *c);
void e1000_an_done(struct e1000 *c);
void e1000_an_look(struct e1000 *c);
void e1000_set_carrier(struct hwnet_nic *nic, bool up);
void e1000_link(const struct hwnet_nic *nic, struct hwnet_link *link);

/* eeprom.c */
void e1000_eeprom_init(const struct hwnet_nic *nic, struct e1000_state *s);
void e1000_eeprom_load(const struct e1000_info *info, struct e1000_state *s);
hwnet_reg_read e1000_eecd_read;
hwnet_reg_write e1000_eecd_write, e1000_eerd_write;

#endif
