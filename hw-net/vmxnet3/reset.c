/* SPDX-License-Identifier: BSD-2-Clause */
/* Resets, and what follows a load. */
#include "reset.h"

#include "coalesce.h"
#include "filter.h"
#include "regs.h"
#include "rss.h"
#include "rx-ring.h"
#include "setup.h"
#include "timer.h"

/**
 * vmx_state_reset() - A state as when power first comes: revision 1 until the driver chooses, all
 * vectors masked
 * @nic:   The card; only its configuration is looked at
 * @state: Filled
 */
void vmx_state_reset(const struct hwnet_nic *nic, void *state)
{
	struct vmx_state *st = state;

	memset(st, 0, sizeof(*st));
	for (unsigned i = 0; i < 2; i++)
		hwnet_regs_reset(&vmx_regspaces[i], st->regs);
	st->rev = 1;
	st->tx_poll = st->rx_poll = HWNET_NEVER;
	for (unsigned i = 0; i < VMX_MAX_INTRS; i++)
		st->intr[i].deadline = HWNET_NEVER;
	st->rss_fields = RSS_FIELD_TCP4 | RSS_FIELD_TCP6;
	vmx_coal_reset(st);
	vmx_set_mac(st, nic->cfg.mac);
}

/**
 * vmx_device_reset() - The command RESET
 * @v: The card
 *
 * Keeps the choice of revision, capabilities, and the counters: Linux resets the device to change
 * its MTU.
 */
void vmx_device_reset(struct vmx *v)
{
	struct vmx_state *st = v->s;

	vmx_quiesce(v);
	for (unsigned i = 0; i < VMX_MAX_INTRS; i++)
		st->regs[SLOT_IMR + i] = 1;
	st->regs[SLOT_ECR] = 0;
	st->features = 0;
	st->rx_mode = 0;
	st->n_mcast = st->mcast_all = 0;
	memset(st->vft, 0, sizeof(st->vft));
	memset(st->pm, 0, sizeof(st->pm));
	memset(st->buf_size, 0, sizeof(st->buf_size));
	st->hash_type = 0;
	st->rss_fields = RSS_FIELD_TCP4 | RSS_FIELD_TCP6;
	vmx_coal_reset(st);
	vmx_set_mac(st, v->nic.cfg.mac);
	vmx_rss_derive(v);
	vmx_filter_derive(v);
	v->nic.host->rx_filter_changed(v->nic.opaque);
}

/**
 * vmx_reset() - hwnet_reset() of this model
 * @nic:  The card
 * @kind: Why
 *
 * A bus reset keeps revision and capabilities that the driver chose: Linux does not choose again
 * when it resumes, and every driver chooses when it starts.
 */
void vmx_reset(struct hwnet_nic *nic, enum hwnet_reset_kind kind)
{
	struct vmx *v = vmx_of(nic);
	uint8_t rev = v->s->rev;
	uint32_t dcr[VMX_N_DCR];

	memcpy(dcr, &v->s->regs[SLOT_DCR], sizeof(dcr));
	vmx_quiesce(v);
	vmx_state_reset(nic, v->s);
	if (kind == HWNET_RESET_BUS) {
		v->s->rev = rev;
		memcpy(&v->s->regs[SLOT_DCR], dcr, sizeof(dcr));
	}
	vmx_rss_derive(v);
	vmx_filter_derive(v);
	hwnet_arm(nic, HWNET_NEVER);
	nic->host->rx_filter_changed(nic->opaque);
}

/**
 * vmx_loaded() - A saved state was taken over
 * @nic: The card
 *
 * The host starts from nothing: it is told of the line, of deadlines, and of work that waits.
 */
void vmx_loaded(struct hwnet_nic *nic)
{
	struct vmx *v = vmx_of(nic);
	struct vmx_state *st = v->s;

	vmx_rss_derive(v);
	vmx_filter_derive(v);
	vmx_rx_forget(v);
	nic->host->rx_filter_changed(nic->opaque);
	/* A guest that has switched to messages since has no line, whatever ICR still says. */
	hwnet_intx(nic, st->regs[SLOT_ICR] && nic->host->irq_mode(nic->opaque) == HWNET_IRQ_INTX);
	v->rx_gap = VMX_RX_POLL;
	v->rx_end = HWNET_NEVER;
	vmx_rearm(v);
	if (!st->active)
		return;
	hwnet_kick(nic);
	nic->host->rx_ready(nic->opaque);
}
