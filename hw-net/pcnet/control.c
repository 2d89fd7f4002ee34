/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The registers that act: start, stop, suspend, acknowledge, mask.
 *
 * DOC: Theory of Operation
 *
 * Three states. *Stopped* (CSR0.STOP): after reset, after a write of STOP and after a bus error.
 * *Running* (STRT): TXON and RXON say which half works. *Suspended* (CSR5.SPND while running):
 * nothing moves, the rings keep their place, set-up registers may be written (970A, Suspend). INIT
 * reads the init block; it may come with STRT.
 *
 * STRT after a STOP without INIT begins both rings at their bases (970A, Re-Initialization): Plan 9
 * and Minoca write them afresh from there. At least one driver that was made for VMware's card
 * goes on where it was instead. So the place in the transmit ring is settled by the first frame
 * that is there (ring.c); the receive ring, which drivers fill wholly, follows the sheet.
 *
 * CSR0 in the slot holds neither INTR nor ERR: both are computed (intr.c).
 */
#include "control.h"

#include "coalesce.h"
#include "filter.h"
#include "intr.h"
#include "ring.h"
#include "rx-wait.h"
#include "setup.h"
#include "timer.h"

/**
 * pcnet_stop_state() - What STOP does to the registers
 * @s: State
 *
 * 970A: "cleared by ... setting the STOP bit" of CSR0, 4, 5, 7, 112, 114.
 */
void pcnet_stop_state(struct pcnet_state *s)
{
	s->restart |= !!(s->csr[CSR0] & CSR0_STRT);
	s->csr[CSR0] = CSR0_STOP;
	s->csr[CSR4] &= ~CSR4_W1C;
	s->csr[CSR5] &= ~(CSR5_SPND | CSR5_MPINT | CSR5_EXDINT);
	s->csr[CSR7] &= ~(CSR7_RDMD | CSR7_W1C);
	s->csr[CSR_MISSED] = 0;
	s->csr[CSR_COLLISIONS] = 0;
	s->deadline[DL_TXPOLL] = HWNET_NEVER;
	pcnet_pin_free(s);
	s->events = s->tx_done = s->rx_done = 0;
	s->bulk = s->missing = s->poll_hit = false;
	s->runts = 0;
}

/* Stop at once. */
static void stop(struct pcnet *p)
{
	pcnet_stop_state(p->s);
	p->tx_blocked = false;
	pcnet_filter_changed(p);
	pcnet_rx_release(p);
	pcnet_intr(p);
}

/**
 * pcnet_system_error() - A bus-master access failed
 * @p:    The card
 * @what: What it was for
 * @addr: Where
 *
 * 970A, CSR5 SINT: master or target abort stops the controller as STOP does and sets SINT.
 */
void pcnet_system_error(struct pcnet *p, const char *what, uint64_t addr)
{
	hwnet_guest_error(&p->nic, "pcnet: no memory at 0x%llx (%s): stopped",
			  (unsigned long long)addr, what);
	pcnet_set_pair(p->s, CSR_DMABA, (uint32_t)addr);
	p->s->csr[CSR5] |= CSR5_SINT;
	stop(p);
}

/**
 * pcnet_missed() - Frames were lost for want of a descriptor
 * @p: The card
 * @n: How many
 */
void pcnet_missed(struct pcnet *p, unsigned n)
{
	struct pcnet_state *s = p->s;
	uint32_t count = s->csr[CSR_MISSED] + n;

	if (count > 0xffff)
		s->csr[CSR4] |= CSR4_MFCO;
	s->csr[CSR_MISSED] = count & 0xffff;
	s->csr[CSR0] |= CSR0_MISS;
	p->nic.counters.rx_dropped += n;
	pcnet_intr(p);
}

/* 970A, CSR0 STRT: each half is switched on unless the mode disables it. */
static void start(struct pcnet *p)
{
	struct pcnet_state *s = p->s;

	if (s->restart)
		pcnet_rings_restart(s);
	s->csr[CSR0] &= ~(CSR0_STOP | CSR0_TXON | CSR0_RXON);
	s->csr[CSR0] |= CSR0_STRT;
	if (!(s->csr[CSR_MODE] & MODE_DTX))
		s->csr[CSR0] |= CSR0_TXON;
	if (!(s->csr[CSR_MODE] & MODE_DRX))
		s->csr[CSR0] |= CSR0_RXON;
	s->win_dir = DIR_NONE;
	s->win_frames = s->win_fast = s->win_turns = s->vain = 0;
	s->late = false;
	pcnet_txpoll_start(p);
	pcnet_filter_changed(p);
	hwnet_kick(&p->nic); /* descriptors may be there already */
}

/* INIT and STRT count when they go from 0 to 1; STOP overrides both. */
static void command(struct pcnet *p, uint32_t val)
{
	struct pcnet_state *s = p->s;

	if (val & CSR0_STOP) {
		stop(p);
		return;
	}
	if ((val & CSR0_INIT) && !(s->csr[CSR0] & CSR0_INIT) && pcnet_init_block(p))
		return;
	if ((val & CSR0_STRT) && !(s->csr[CSR0] & CSR0_STRT))
		start(p);
	if ((val & CSR0_TDMD) && (s->csr[CSR0] & CSR0_TXON)) {
		s->csr[CSR0] |= CSR0_TDMD;
		hwnet_kick(&p->nic);
	}
}

/**
 * pcnet_csr0_read() - Hook of CSR0
 *
 * Return: its value with the computed bits.
 */
uint32_t pcnet_csr0_read(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index)
{
	return pcnet_csr0(pcnet_of(nic)->s);
}

/* A driver that has dealt with a burst tells so here or in CSR3: the time to look for
 * descriptors. */
static void driver_moved(struct pcnet *p)
{
	if (p->rx_held)
		hwnet_kick(&p->nic);
}

/**
 * pcnet_csr0_write() - Hook of CSR0: acknowledge, enable, command
 */
void pcnet_csr0_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		      uint32_t val)
{
	struct pcnet *p = pcnet_of(nic);
	struct pcnet_state *s = p->s;

	s->csr[CSR0] &= ~(val & CSR0_W1C);
	if (val & (CSR0_RINT | CSR0_TINT)) { /* what was held back has been seen */
		s->events = s->tx_done = s->rx_done = 0;
		driver_moved(p);
	}
	s->csr[CSR0] = (s->csr[CSR0] & ~CSR0_IENA) | (val & CSR0_IENA);
	if (val & (CSR0_INIT | CSR0_STRT | CSR0_STOP | CSR0_TDMD))
		command(p, val);
	pcnet_intr(p);
}

/**
 * pcnet_csr3_write() - Hook of CSR3: masks
 */
void pcnet_csr3_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		      uint32_t val)
{
	struct pcnet *p = pcnet_of(nic);

	p->s->csr[CSR3] = val & CSR3_WRITABLE;
	driver_moved(p);
	pcnet_intr(p);
}

/**
 * pcnet_csr4_write() - Hook of CSR4: acknowledge, masks, features
 */
void pcnet_csr4_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		      uint32_t val)
{
	struct pcnet *p = pcnet_of(nic);
	struct pcnet_state *s = p->s;

	s->csr[CSR4] &= ~(val & CSR4_W1C) & ~CSR4_WRITABLE;
	s->csr[CSR4] |= val & CSR4_WRITABLE;
	if (val & CSR4_UINTCMD) /* 970A, CSR4 UINTCMD: the driver interrupts itself; reads as 0 */
		s->csr[CSR4] |= CSR4_UINT;
	pcnet_txpoll_start(p);
	pcnet_intr(p);
}

/**
 * pcnet_csr5_write() - Hook of CSR5: acknowledge, enable, suspend, Magic Packet
 */
void pcnet_csr5_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		      uint32_t val)
{
	struct pcnet *p = pcnet_of(nic);
	struct pcnet_state *s = p->s;
	uint32_t old = s->csr[CSR5];

	s->csr[CSR5] &= ~(val & CSR5_W1C) & ~CSR5_WRITABLE;
	s->csr[CSR5] |= val & CSR5_WRITABLE;
	if (s->csr[CSR0] & CSR0_STOP) /* 970A, CSR5 SPND: cannot be set while stopped */
		s->csr[CSR5] &= ~CSR5_SPND;
	if ((old & ~s->csr[CSR5]) & CSR5_SPND) { /* both rings go on */
		hwnet_kick(&p->nic);
		pcnet_rx_release(p);
	}
	if ((old ^ s->csr[CSR5]) & (CSR5_MPEN | CSR5_MPMODE))
		pcnet_filter_changed(p);
	pcnet_intr(p);
}

/**
 * pcnet_csr7_read() - Hook of CSR7: STINT is brought up to date
 *
 * Return: its value.
 */
uint32_t pcnet_csr7_read(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index)
{
	struct pcnet *p = pcnet_of(nic);

	pcnet_stimer_update(p);
	pcnet_intr(p);
	pcnet_arm(p);
	return p->s->csr[CSR7];
}

/**
 * pcnet_csr7_write() - Hook of CSR7: acknowledge, enable, receive demand
 */
void pcnet_csr7_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		      uint32_t val)
{
	struct pcnet *p = pcnet_of(nic);
	struct pcnet_state *s = p->s;

	pcnet_stimer_update(p);
	s->csr[CSR7] &= ~(val & CSR7_W1C) & ~CSR7_WRITABLE;
	s->csr[CSR7] |= val & CSR7_WRITABLE;
	if (val & CSR7_RDMD) /* 973, CSR7 RDMD: look at the receive ring now */
		driver_moved(p);
	pcnet_stimer_update(p);
	pcnet_intr(p);
}

/**
 * pcnet_csr116_write() - Hook of CSR116: acknowledge, wake-up
 */
void pcnet_csr116_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
			uint32_t val)
{
	struct pcnet_state *s = pcnet_of(nic)->s;

	s->csr[CSR116] = (s->csr[CSR116] & ~val & CSR116_W1C) | (val & CSR116_WRITABLE);
}
