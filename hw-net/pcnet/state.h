/* SPDX-License-Identifier: BSD-2-Clause */
/* What a save carries, and what its registers say. */
#ifndef PCNET_STATE_H
#define PCNET_STATE_H

#include "bits.h"
#include "model.h"

#define PCNET_N_CSR    128u
#define PCNET_N_BCR    64u
#define PCNET_N_PHY    32u
#define PCNET_EE_WORDS 64u
/** PCNET_VAIN_MAX - Most doublings of the moderation's window, see coalesce.c. */
#define PCNET_VAIN_MAX 4

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

/* enum pcnet_ee_phase - of the Microwire engine, see eeprom.c */
enum pcnet_ee_phase { EE_START, EE_COMMAND, EE_READ, EE_DATA, EE_PROGRAM };

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
 * @restart: the rings were in use before STOP, and there was no INIT since
 * @tx_where: since STRT no frame has shown where the transmit ring begins, see ring.c
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
	bool missing, poll_hit, bulk, late, pin, restart, tx_where;
	uint8_t runts;
	int64_t hold_first, last_traffic;
	uint32_t win_frames, win_fast, win_turns, events, tx_done, rx_done;
	uint8_t win_dir, vain;
};

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

#define PCNET_N_FIELDS 39
extern const struct hwnet_field pcnet_fields[PCNET_N_FIELDS];
const char *pcnet_state_check(const struct hwnet_nic *nic, const void *state);

#endif
