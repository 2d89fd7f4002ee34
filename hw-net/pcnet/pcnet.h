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

#include "borrow.h"
#include "hwnet/copy.h"
#include "deadlines.h"
#include "model.h"
#include "scratch.h"
#include "state.h"

/* enum pcnet_prop - index of properties in hwnet_config's values */
enum pcnet_prop { PCNET_PROP_MODEL, PCNET_PROP_COALESCE, PCNET_PROP_COALESCE_US };
enum pcnet_kind { PCNET_970A, PCNET_973 };

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
 * @loans: Guest memory that their payload is in
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
	struct hwnet_loans loans;
	struct pkt_buf fit;
	uint8_t flat[PCNET_MAX_FRAME + FRAME_FCS_LEN + 2 + 8];
	uint32_t ladrf[2];
};

static inline struct pcnet *pcnet_of(struct hwnet_nic *nic)
{
	return (struct pcnet *)nic;
}

static inline const struct pcnet *pcnet_of_const(const struct hwnet_nic *nic)
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

#endif
