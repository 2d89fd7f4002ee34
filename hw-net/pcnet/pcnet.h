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
 * What is in which file, and in those of the other cards: "Floor plan of a card" in docs/design.md.
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
 * @tx_blocked: The host takes no frames; hwnet_tx_ready() clears it
 * @rx_held: hwnet_rx() left frames behind; host->rx_ready() is owed
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
	bool tx_blocked, rx_held;
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
