/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What happens by the clock.
 *
 * DOC: Theory of Operation
 *
 * Transmit poll timer (970A, CSR46/47; CSR4 DPOLL switches it off). The silicon looks at the ring
 * each 2 ms. That would wake an idle host 500 times a second for nothing, since nearly every driver
 * rings TDMD. So the card learns: the interval doubles up to POLL_MAX with each vain look; a single
 * find (a driver that relies on the timer) makes it the sheet's for good, until STOP.
 *
 * Software timer (973, BCR31): runs from the first write of STVAL on. The host's timer is only set
 * while STINT could interrupt; else STINT is worked out when CSR7 is looked at.
 */
#include "timer.h"

#include "intr.h"
#include "link.h"
#include "rx-wait.h"
#include "tx.h"

#define POLL_MIN    100000
#define POLL_MAX    128000000
#define STIMER_UNIT 12800

/* 970A, CSR47: two's complement of the interval in clocks of 33 MHz. */
static int64_t txpoll_interval(const struct pcnet_state *s)
{
	int64_t ns = (int64_t)pcnet_up_to_0(s, CSR_TXPOLLINT) * 1000 / 33;

	return ns > POLL_MIN ? ns : POLL_MIN;
}

static bool polls(const struct pcnet_state *s)
{
	return (s->csr[CSR0] & CSR0_TXON) && !(s->csr[CSR4] & CSR4_DPOLL);
}

/**
 * pcnet_txpoll_start() - The transmitter, or DPOLL, was switched: start or stop the poll timer
 * @p: The card
 */
void pcnet_txpoll_start(struct pcnet *p)
{
	struct pcnet_state *s = p->s;

	if (!polls(s)) {
		s->deadline[DL_TXPOLL] = HWNET_NEVER;
	} else if (s->deadline[DL_TXPOLL] == HWNET_NEVER) {
		s->tx_gap = txpoll_interval(s);
		s->deadline[DL_TXPOLL] = pcnet_now(p) + s->tx_gap;
	}
}

static void txpoll(struct pcnet *p)
{
	struct pcnet_state *s = p->s;

	if (pcnet_tx_waiting(p)) {
		s->poll_hit = true;
		p->nic.host->kick(p->nic.opaque);
	}
	if (!polls(s))
		return;
	if (!s->poll_hit)
		s->tx_gap = s->tx_gap * 2 < POLL_MAX ? s->tx_gap * 2 : POLL_MAX;
	else
		s->tx_gap = txpoll_interval(s);
	s->deadline[DL_TXPOLL] = p->now + s->tx_gap;
}

static int64_t stimer_period(const struct pcnet_state *s)
{
	return (s->bcr[BCR_STVAL] ? s->bcr[BCR_STVAL] : 0x10000) * (int64_t)STIMER_UNIT;
}

/**
 * pcnet_stimer_start() - STVAL was written
 * @p: The card
 */
void pcnet_stimer_start(struct pcnet *p)
{
	p->s->stimer_next = pcnet_now(p) + stimer_period(p->s);
	pcnet_stimer_update(p);
	pcnet_intr(p);
}

/**
 * pcnet_stimer_update() - Bring STINT up to date, and set the host's timer if it could interrupt
 * @p: The card
 */
void pcnet_stimer_update(struct pcnet *p)
{
	struct pcnet_state *s = p->s;
	int64_t now;

	if (s->stimer_next == HWNET_NEVER)
		return;
	now = pcnet_now(p);
	if (now >= s->stimer_next) {
		int64_t period = stimer_period(s);

		s->csr[CSR7] |= CSR7_STINT;
		s->stimer_next += ((now - s->stimer_next) / period + 1) * period;
	}
	s->deadline[DL_STIMER] = (s->csr[CSR7] & (CSR7_STINTE | CSR7_STINT)) == CSR7_STINTE ?
					 s->stimer_next :
					 HWNET_NEVER;
}

/**
 * pcnet_arm() - Tell the host the nearest deadline
 * @p: The card
 */
void pcnet_arm(struct pcnet *p)
{
	hwnet_arm(&p->nic, hwnet_nearest(p->s->deadline, N_DEADLINES));
}

/**
 * pcnet_timer() - hwnet_timer() of this model
 * @nic: The card
 */
void pcnet_timer(struct hwnet_nic *nic)
{
	struct pcnet *p = pcnet_of(nic);
	int64_t *at = p->s->deadline;

	p->now = hwnet_now(nic);
	if (hwnet_due(&at[DL_TXPOLL], p->now))
		txpoll(p);
	if (hwnet_due(&at[DL_RXPOLL], p->now))
		pcnet_rx_look(p, true);
	if (hwnet_due(&at[DL_STIMER], p->now))
		pcnet_stimer_update(p);
	if (hwnet_due(&at[DL_ANEG], p->now))
		pcnet_link_update(p);
	hwnet_due(&at[DL_COALESCE], p->now);
	pcnet_intr(p);
	pcnet_arm(p);
}
