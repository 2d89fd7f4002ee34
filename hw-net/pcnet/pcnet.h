/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * AMD PCnet: Am79C970A (PCnet-PCI II) and Am79C973 (PCnet-FAST III).
 *
 * DOC: Theory of Operation
 *
 * The card is a LANCE (Am7990) grown up: CSRs behind an address port, an init block and two rings
 * of descriptors in guest memory, an OWN bit in each descriptor instead of head and tail registers.
 * So there is one doorbell for transmit (CSR0.TDMD), none for receive, and none at all for drivers
 * that leave the looking to the card's poll timer.
 *
 * | file       | idea                                                                       |
 * |------------|----------------------------------------------------------------------------|
 * | regs-csr.c | control and status registers: table, access rules                          |
 * | control.c  | those among them that start, stop, acknowledge (CSR0, 3, 4, 5, 7)          |
 * | regs-bcr.c | bus configuration registers                                                |
 * | io.c       | the 32 bytes of I/O or memory through which all of them are reached        |
 * | setup.c    | init block                                                                 |
 * | ring.c     | descriptors: layouts of the software styles, reading and writing in blocks |
 * | tx.c       | frames out: bursts, giving descriptors back                                |
 * | tx-frame.c | from descriptors to a frame: gathering, padding, FCS                       |
 * | rx.c       | frames in: who gets them, bursts                                           |
 * | rx-ring.c  | receive descriptors: one frame in one, or in many                          |
 * | rx-fill.c  | a received frame's bytes into buffers                                      |
 * | loopback.c | frames that come back                                                      |
 * | rx-wait.c  | frames that wait at the host for descriptors                               |
 * | filter.c   | address filters, Magic Packet                                              |
 * | intr.c     | causes, masks, the interrupt pin                                           |
 * | coalesce.c | holding the pin back under load                                            |
 * | phy.c      | link: PHY registers, port manager                                          |
 * | led.c      | LEDs                                                                       |
 * | eeprom.c   | Microwire EEPROM and address PROM                                          |
 * | timer.c    | deadlines: poll timers, software timer                                     |
 * | state.c    | saved state, resets                                                        |
 * | model.c    | the model as nic.c sees it                                                 |
 * | describe.c | what the driver has made of the card, for people                           |
 *
 * Sections are cited as "970A" and "973": data sheets 19436 (Am79C970A) and 21510
 * (Am79C973/Am79C975), by the register or chapter that the sentence stands in.
 */
#ifndef PCNET_H
#define PCNET_H

#include "hwnet/copy.h"
#include "bytes.h"
#include "deadlines.h"
#include "model.h"
#include "bits.h"
#include "ring.h"

/**
 * PCNET_MAX_FRAME - Longest frame without FCS that leaves or enters: 1518 bytes and one more VLAN
 * tag, less the FCS. IEEE 802.3, 4.2.7.1: what is longer is no frame on a 10/100 Mb/s wire.
 */
#define PCNET_MAX_FRAME 1522u
/** PCNET_COPY - Frames up to this are copied in one piece; longer ones are lent where they lie. */
#define PCNET_COPY	256u
#define PCNET_MIN_FRAME 60u
#define PCNET_FCS	4u
#define PCNET_BAR_SIZE	32u
#define PCNET_N_CSR	128u
#define PCNET_N_BCR	64u
#define PCNET_N_PHY	32u
#define PCNET_EE_WORDS	64u
/** PCNET_VAIN_MAX - Most doublings of the moderation's window, see coalesce.c. */
#define PCNET_VAIN_MAX 4

/* enum pcnet_prop - index of properties in hwnet_config's values */
enum pcnet_prop { PCNET_PROP_MODEL, PCNET_PROP_COALESCE, PCNET_PROP_COALESCE_US };
enum pcnet_kind { PCNET_970A, PCNET_973 };

/* enum pcnet_deadline - what the one timer is used for */
enum pcnet_deadline {
	DL_TXPOLL,   /* transmit poll timer */
	DL_RXPOLL,   /* frames wait: look for a receive descriptor */
	DL_COALESCE, /* the interrupt pin is held back */
	DL_STIMER,   /* software timer */
	DL_ANEG,     /* auto-negotiation done */
	N_DEADLINES
};

/* enum pcnet_dir - direction of traffic, for moderation */
enum pcnet_dir { DIR_NONE, DIR_TX, DIR_RX };

/* enum reg flags - struct hwnet_reg's @flags */
enum pcnet_regflag {
	REGF_STOPPED = 1, /* written only while STOP or SPND is set */
	REGF_SRESET = 2,  /* S_RESET gives it its reset value too */
	REGF_LEDPE = 4,	  /* 973: written only while BCR2.LEDPE is set */
};

/**
 * struct pcnet_state - What a save carries
 * @csr: @bcr: @phy: register values; slot = number
 * @eeprom: contents, 16-bit words
 * @aprom:  address PROM as the guest sees it (970A, 973: Address PROM Space)
 * @rap:    register address port
 * @ee_in: @ee_left: @ee_out: @ee_addr: @ee_wen: @ee_sk: @ee_cs: Microwire engine, see eeprom.c
 * @deadline: enum pcnet_deadline
 * @stimer_next: when the software timer runs out next; HWNET_NEVER: never started
 * @hold_until: frames wait at the host no longer than this; HWNET_NEVER: none waits
 * @rx_gap: @tx_gap: intervals of the two poll timers as they are now
 * @led_rx: @led_tx: time of the last frame, for the activity LEDs
 * @missing: waiting was given up; frames are missed until a descriptor turns up
 * @poll_hit: the driver relies on the poll timer
 * @runts:  of RMD2.RPC
 * @pin:    INTA# is driven
 * @hold_first: @last_traffic: @win_frames: @win_fast: @win_turns: @win_dir: @vain: @bulk:
 * @late: @events: @tx_done: @rx_done: see coalesce.c
 */
struct pcnet_state {
	uint32_t csr[PCNET_N_CSR], bcr[PCNET_N_BCR], phy[PCNET_N_PHY];
	uint16_t eeprom[PCNET_EE_WORDS];
	uint8_t aprom[16];
	uint16_t rap;
	uint32_t ee_in;
	uint16_t ee_out;
	uint8_t ee_left, ee_addr, ee_phase;
	bool ee_wen, ee_sk, ee_cs;
	int64_t deadline[N_DEADLINES];
	int64_t stimer_next, hold_until, rx_gap, tx_gap, led_rx, led_tx;
	bool missing, poll_hit, bulk, late, pin;
	uint8_t runts;
	int64_t hold_first, last_traffic;
	uint32_t win_frames, win_fast, win_turns, events, tx_done, rx_done;
	uint8_t win_dir, vain;
};

/**
 * struct pcnet_slot - A transmit frame on its way
 * @pkt: @iov: the frame
 * @ndesc:  Descriptors that it takes
 * @flags:  Of its first descriptor, ENP's and LTINT's taken from the last
 * @error:  Error word for the last descriptor, 0: none
 * @drop:   Not to be handed over (error, too short, too long)
 * @map: @maplen: guest memory that is lent
 * @buf:    Head, or all of it
 */
struct pcnet_slot {
	struct pkt pkt;
	struct iovec iov[2];
	uint32_t ndesc;
	uint16_t flags, error;
	bool drop;
	void *map;
	size_t maplen;
	uint8_t buf[PCNET_MAX_FRAME + PCNET_FCS + 2];
};

/**
 * struct pcnet - The card
 * @nic:   First
 * @s:     Its state
 * @kind:  Which model
 * @now:   Time, looked up once a call; 0: not yet
 * @link:  As last told to the host
 * @tx_full: The host takes no frames; hwnet_tx_ready() clears it
 * @rx_wait: hwnet_rx() left frames behind; host->rx_ready() is owed
 * @coalesce: @coalesce_ns: the properties
 * @win: @rxwin: Windows of the transmit and the receive ring
 * @slots: Frames being sent
 * @fit:   A received frame that had to be altered
 * @flat:  A received frame in one piece, FCS and alignment bytes included
 * @ladrf: Logical address filter as two words, for hwnet_rx_filter()
 */
struct pcnet {
	struct hwnet_nic nic;
	struct pcnet_state *s;
	enum pcnet_kind kind;
	int64_t now;
	struct hwnet_link link;
	bool tx_full, rx_wait;
	uint32_t coalesce;
	int64_t coalesce_ns;
	struct pcnet_window win, rxwin;
	struct pcnet_slot slots[PCNET_BURST];
	struct pkt_buf fit;
	uint8_t flat[PCNET_MAX_FRAME + PCNET_FCS + 2 + 8];
	uint32_t ladrf[2];
};

static inline struct pcnet *to_pcnet(struct hwnet_nic *nic)
{
	return (struct pcnet *)nic;
}

static inline const struct pcnet *to_cpcnet(const struct hwnet_nic *nic)
{
	return (const struct pcnet *)nic;
}

/* The time: the clock of a VMM is not free. */
static inline int64_t pcnet_now(struct pcnet *p)
{
	if (!p->now)
		p->now = hwnet_now(&p->nic);
	return p->now;
}

/* A 32-bit number in two CSRs, low half first */
static inline uint32_t pcnet_pair(const struct pcnet_state *s, enum pcnet_csr low)
{
	return s->csr[low] | s->csr[low + 1] << 16;
}

static inline void pcnet_set_pair(struct pcnet_state *s, enum pcnet_csr low, uint32_t val)
{
	s->csr[low] = val & 0xffff;
	s->csr[low + 1] = val >> 16;
}

/* A CSR that counts up to 0 has the two's complement of a number from 1 to 65536. */
static inline uint32_t pcnet_up_to_0(const struct pcnet_state *s, enum pcnet_csr num)
{
	return 0x10000 - s->csr[num];
}

/* The software style that is set. Reserved ones have been made 0 (pcnet_sws()). */
static inline unsigned pcnet_style(const struct pcnet_state *s)
{
	return s->bcr[BCR20] & BCR20_SWSTYLE;
}

/* STOP or SPND: registers may be programmed, rings are left alone. */
static inline bool pcnet_halted(const struct pcnet_state *s)
{
	return (s->csr[CSR0] & CSR0_STOP) || (s->csr[CSR5] & CSR5_SPND);
}

static inline bool pcnet_magic_mode(const struct pcnet_state *s)
{
	return (s->csr[CSR5] & (CSR5_MPEN | CSR5_MPMODE)) == (CSR5_MPEN | CSR5_MPMODE);
}

#include "desc.h"

/* Register tables, and the spaces they make (model.c) */
#define PCNET_CSR_ROWS	    62
#define PCNET_CSR_FAST_ROWS 4
#define PCNET_BCR_ROWS	    15
#define PCNET_BCR_FAST_ROWS 15
#define PCNET_PHY_ROWS	    9
extern const struct hwnet_reg pcnet_csr_rows[PCNET_CSR_ROWS],
	pcnet_csr_fast_rows[PCNET_CSR_FAST_ROWS];
extern const struct hwnet_reg pcnet_bcr_rows[PCNET_BCR_ROWS],
	pcnet_bcr_fast_rows[PCNET_BCR_FAST_ROWS];
extern const struct hwnet_reg pcnet_phy_rows[PCNET_PHY_ROWS];
enum pcnet_space { SPACE_CSR, SPACE_CSR_FAST, SPACE_BCR, SPACE_BCR_FAST, SPACE_PHY, N_SPACES };
extern const struct hwnet_regspace pcnet_spaces[N_SPACES];

/* regs-csr.c */
uint16_t pcnet_csr_read(struct pcnet *p, unsigned num);
void pcnet_csr_write(struct pcnet *p, unsigned num, uint16_t val);
void pcnet_csr_reset(enum pcnet_kind kind, struct pcnet_state *s, bool soft);

/* control.c */
hwnet_reg_read pcnet_csr0_read, pcnet_csr7_read;
hwnet_reg_write pcnet_csr0_write, pcnet_csr3_write, pcnet_csr4_write, pcnet_csr5_write;
hwnet_reg_write pcnet_csr7_write, pcnet_csr116_write;
void pcnet_stop(struct pcnet *p);
void pcnet_stop_state(struct pcnet_state *s);
void pcnet_system_error(struct pcnet *p, const char *what, uint64_t addr);
void pcnet_missed(struct pcnet *p, unsigned n);

/* regs-bcr.c */
uint16_t pcnet_bcr_read(struct pcnet *p, unsigned num);
void pcnet_bcr_write(struct pcnet *p, unsigned num, uint16_t val);
void pcnet_bcr_reset(enum pcnet_kind kind, struct pcnet_state *s);
uint16_t pcnet_sws(uint16_t style);

/* io.c */
uint64_t pcnet_io_read(struct hwnet_nic *nic, unsigned bar, uint64_t off, unsigned size);
void pcnet_io_write(struct hwnet_nic *nic, unsigned bar, uint64_t off, uint64_t val, unsigned size);

/* setup.c */
int pcnet_init_block(struct pcnet *p);

/* tx-frame.c */
int pcnet_tx_frame(struct pcnet *p, const struct pcnet_ring *r, uint32_t at,
		   struct pcnet_slot *slot);
bool pcnet_makes_fcs(const struct pcnet_state *s, const struct pcnet_slot *slot);

/* tx.c */
bool pcnet_tx_run(struct pcnet *p, unsigned budget);
bool pcnet_tx_waiting(struct pcnet *p);

/* rx.c */
unsigned pcnet_rx(struct hwnet_nic *nic, const struct pkt *const *pkts, unsigned n);

/* rx-fill.c */
int pcnet_buf_read(struct pcnet *p, uint32_t addr, uint8_t *buf, uint32_t len);
int pcnet_buf_write(struct pcnet *p, uint32_t addr, const uint8_t *buf, uint32_t len);

/* loopback.c */
enum pcnet_loop { LOOP_NONE, LOOP_INTERNAL, LOOP_EXTERNAL };
enum pcnet_loop pcnet_loop(const struct pcnet *p);
void pcnet_loop_back(struct pcnet *p, struct pcnet_slot *slot, bool fcs_made);
bool pcnet_fcs_take(struct pcnet_slot *slot);

/* rx-wait.c */
void pcnet_rx_look(struct pcnet *p, bool timer);
void pcnet_rx_release(struct pcnet *p);

/* filter.c */
bool pcnet_filter(const struct pcnet_state *s, const uint8_t *da, uint16_t *match);
bool pcnet_magic(const struct pcnet *p, const struct pkt *pkt, bool group);
void pcnet_rx_filter(const struct hwnet_nic *nic, struct hwnet_rx_filter *f);
void pcnet_filter_changed(struct pcnet *p);

/* intr.c */
uint32_t pcnet_csr0(const struct pcnet_state *s);
bool pcnet_level(const struct pcnet_state *s);
void pcnet_intr(struct pcnet *p);

/* coalesce.c */
void pcnet_traffic(struct pcnet *p, enum pcnet_dir dir, unsigned n);
bool pcnet_hold_pin(struct pcnet *p);
void pcnet_pin_raised(struct pcnet_state *s);
void pcnet_pin_free(struct pcnet_state *s);

/* phy.c */
hwnet_reg_read pcnet_mii_read;
hwnet_reg_write pcnet_bcr32_write, pcnet_mii_write;
void pcnet_phy_reset(enum pcnet_kind kind, struct pcnet_state *s);
void pcnet_port_manager(struct pcnet *p);
void pcnet_link_update(struct pcnet *p);
void pcnet_link(const struct hwnet_nic *nic, struct hwnet_link *link);
void pcnet_set_carrier(struct hwnet_nic *nic, bool up);
bool pcnet_phy_loop(const struct pcnet_state *s);
void pcnet_aneg_done(struct pcnet *p);

/* led.c */
hwnet_reg_read pcnet_led_read;

/* eeprom.c */
hwnet_reg_read pcnet_bcr19_read;
hwnet_reg_write pcnet_bcr19_write;
void pcnet_eeprom_blank(enum pcnet_kind kind, struct pcnet_state *s, const uint8_t *mac);
bool pcnet_eeprom_load(enum pcnet_kind kind, struct pcnet_state *s);

/* timer.c */
void pcnet_timer(struct hwnet_nic *nic);
void pcnet_arm(struct pcnet *p);
void pcnet_txpoll_start(struct pcnet *p);
void pcnet_stimer_start(struct pcnet *p);
void pcnet_stimer_update(struct pcnet *p);

/* describe.c */
void pcnet_describe(struct hwnet_nic *nic, const struct hwnet_listener *to);

/* state.c */
#define PCNET_N_FIELDS 37
extern const struct hwnet_field pcnet_fields[PCNET_N_FIELDS];
void pcnet_state_reset(const struct hwnet_nic *nic, void *state);
const char *pcnet_state_check(const struct hwnet_nic *nic, const void *state);
void pcnet_loaded(struct hwnet_nic *nic);
void pcnet_reset(struct hwnet_nic *nic, enum hwnet_reset_kind kind);
void pcnet_s_reset(struct pcnet *p);

#endif
