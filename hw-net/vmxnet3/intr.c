/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interrupt vectors.
 *
 * DOC: Theory of Operation
 *
 * A vector is *pending* when there is something the driver was not told. It is sent when it is
 * pending, not masked by its IMR, and moderation (coalesce.c) has nothing against it now; otherwise
 * moderation gives a deadline, or the driver's next write to IMR comes back here. With auto_mask,
 * sending sets IMR (mode "auto"); else the driver's handler does that
 * ("active") or nobody ("lazy").
 *
 * With INTx every vector drives the one line; reading ICR releases it. Which message a vector is
 * with MSI is the host's business: Linux then gives all sources index 0.
 *
 * The bit VMXNET3_IC_DISABLE_ALL in memory is not looked at: Linux clears it after it has written
 * the IMRs, with no doorbell to tell, so a device that obeyed it could sleep for ever. The IMRs say
 * the same.
 */
#include "intr.h"

#include "coalesce.h"
#include "rx-wait.h"
#include "timer.h"

/**
 * vmx_intr_line() - Drive the INTx line, and show it in ICR
 * @v:     The card
 * @level: Asserted
 */
void vmx_intr_line(struct vmx *v, bool level)
{
	v->s->regs[SLOT_ICR] = level;
	hwnet_intx(&v->nic, level);
}

static void send(struct vmx *v, unsigned vec)
{
	struct vmx_intr *i = &v->s->intr[vec];

	i->pending = 0;
	i->deadline = HWNET_NEVER;
	vmx_coal_sent(v, i);
	if (v->s->auto_mask)
		v->s->regs[SLOT_IMR + vec] = 1;
	if (v->nic.host->irq_mode(v->nic.opaque) == HWNET_IRQ_INTX)
		vmx_intr_line(v, true);
	else
		hwnet_msi(&v->nic, vec);
}

/* Send a pending vector now, or see to it that it is sent later. */
static void decide(struct vmx *v, unsigned vec)
{
	struct vmx_intr *i = &v->s->intr[vec];

	if (!i->pending || v->s->regs[SLOT_IMR + vec])
		return;
	i->deadline = vmx_coal_when(v, i);
	if (!i->deadline)
		send(v, vec);
	else
		vmx_arm(v, i->deadline);
}

/**
 * vmx_intr_raise() - Completions were written
 * @v:   The card
 * @vec: Vector; VMX_MAX_INTRS and more: none
 * @tx:  Completions of transmit
 * @rx:  Completions of receive
 */
void vmx_intr_raise(struct vmx *v, unsigned vec, unsigned tx, unsigned rx)
{
	struct vmx_intr *i = &v->s->intr[vec];

	if (vec >= VMX_MAX_INTRS)
		return;
	i->pending = 1;
	i->tx += tx;
	i->rx += rx;
	if (!v->s->regs[SLOT_IMR + vec]) /* under load mostly masked */
		decide(v, vec);
}

/**
 * vmx_intr_event() - An event happened: nothing delays it
 * @v:   The card
 * @vec: Vector; VMX_MAX_INTRS and more: none
 */
void vmx_intr_event(struct vmx *v, unsigned vec)
{
	if (vec >= VMX_MAX_INTRS)
		return;
	v->s->intr[vec].pending = 1;
	if (!v->s->regs[SLOT_IMR + vec])
		send(v, vec);
}

/**
 * vmx_intr_mask() - The driver writes an IMR
 * @v:      The card
 * @vec:    Vector
 * @masked: What it writes
 */
void vmx_intr_mask(struct vmx *v, unsigned vec, bool masked)
{
	v->s->regs[SLOT_IMR + vec] = masked;
	if (masked || !v->s->active)
		return;
	decide(v, vec);
	vmx_rx_unmasked(v, vec);
}

/**
 * vmx_intr_expire() - Send the vectors whose deadline has come
 * @v:   The card
 * @now: The time
 */
void vmx_intr_expire(struct vmx *v, int64_t now)
{
	for (unsigned vec = 0; vec < VMX_MAX_INTRS; vec++) {
		struct vmx_intr *i = &v->s->intr[vec];

		if (hwnet_due(&i->deadline, now) && i->pending && !v->s->regs[SLOT_IMR + vec])
			send(v, vec);
	}
}

/**
 * vmx_intr_again() - Look at all vectors again: the rules changed, or a saved state was loaded
 * @v: The card
 */
void vmx_intr_again(struct vmx *v)
{
	for (unsigned vec = 0; vec < VMX_MAX_INTRS; vec++)
		decide(v, vec);
}

/**
 * vmx_intr_init() - ACTIVATE: nothing is pending; masks stay as they are, levels were read
 * @v: The card
 */
void vmx_intr_init(struct vmx *v)
{
	for (unsigned vec = 0; vec < VMX_MAX_INTRS; vec++) {
		struct vmx_intr *i = &v->s->intr[vec];
		uint8_t level = i->level;

		memset(i, 0, sizeof(*i));
		i->level = level;
		i->deadline = HWNET_NEVER;
	}
}

/**
 * vmx_intr_stop() - QUIESCE: nothing is pending, and the line is released
 * @v: The card
 */
void vmx_intr_stop(struct vmx *v)
{
	for (unsigned vec = 0; vec < VMX_MAX_INTRS; vec++) {
		v->s->intr[vec].pending = 0;
		v->s->intr[vec].deadline = HWNET_NEVER;
	}
	vmx_intr_line(v, false);
}
