/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Saved state. All of struct vmx_state, field by field; what is derived from it is made anew after
 * loading.
 *
 * A loaded state passes the same checks as what ACTIVATE reads (CVE-2013-4544 was a count from a
 * migration stream), and those for what only the device itself puts there.
 */
#include "state.h"

#include "vmxnet3.h"
#include "rss.h"
#include "setup.h"

#define S		     struct vmx_state
#define TXQ(member)	     HWNET_FIELD_EACH(S, txq, member)
#define TXQ_MAX(member, max) HWNET_FIELD_EACH_RANGE(S, txq, member, 0, max)
#define RXQ(member)	     HWNET_FIELD_EACH(S, rxq, member)
#define RXQ_MAX(member, max) HWNET_FIELD_EACH_RANGE(S, rxq, member, 0, max)
#define INTR(member)	     HWNET_FIELD_EACH(S, intr, member)

const struct hwnet_field vmx_fields[] = {
	HWNET_FIELD_ARRAY(S, regs),
	HWNET_FIELD_RANGE(S, rev, 1, VMX_REV_MAX),
	HWNET_FIELD_BOOL(S, active),
	HWNET_FIELD(S, shared_pa),
	HWNET_FIELD(S, qdesc_pa),
	HWNET_FIELD(S, features),
	HWNET_FIELD(S, mtu),
	HWNET_FIELD(S, max_sg),
	HWNET_FIELD_RANGE(S, n_txq, 0, VMX_MAX_TXQ),
	HWNET_FIELD_RANGE(S, n_rxq, 0, VMX_MAX_RXQ),
	HWNET_FIELD_RANGE(S, n_intrs, 0, VMX_MAX_INTRS),
	HWNET_FIELD_BOOL(S, auto_mask),
	HWNET_FIELD_RANGE(S, event_intr, 0, VMX_MAX_INTRS),
	HWNET_FIELD(S, rx_mode),
	HWNET_FIELD_ARRAY(S, vft),
	HWNET_FIELD_RANGE(S, n_mcast, 0, VMX_MCAST_MAX),
	HWNET_FIELD_ARRAY(S, mcast),
	HWNET_FIELD_BOOL(S, mcast_all),
	HWNET_FIELD(S, hash_type),
	HWNET_FIELD(S, rss_fields),
	HWNET_FIELD_RANGE(S, key_len, 0, RSS_KEY_MAX),
	HWNET_FIELD_RANGE(S, table_len, 0, RSS_TABLE_MAX),
	HWNET_FIELD_ARRAY(S, key),
	HWNET_FIELD_ARRAY(S, table),
	HWNET_FIELD_RANGE(S, coal_mode, 0, COAL_RBC),
	HWNET_FIELD_RANGE(S, coal_rate, COAL_MIN_RATE, COAL_MAX_RATE),
	HWNET_FIELD_RANGE(S, coal_depth, 1, COAL_MAX_DEPTH),
	HWNET_FIELD_RANGE(S, coal_tx, 1, COAL_MAX_DEPTH),
	HWNET_FIELD_RANGE(S, coal_rx, 1, COAL_MAX_DEPTH),
	HWNET_FIELD_ARRAY(S, buf_size),
	HWNET_FIELD_ARRAY(S, pm),
	HWNET_FIELD(S, tx_poll),
	HWNET_FIELD(S, rx_poll),
	HWNET_FIELD(S, rx_period),
	HWNET_FIELD_ARRAY(S, tx_stats),
	HWNET_FIELD_ARRAY(S, rx_stats),
	INTR(last),
	INTR(deadline),
	INTR(tx),
	INTR(rx),
	HWNET_FIELD_EACH_RANGE(S, intr, level, 0, IML_ADAPTIVE),
	HWNET_FIELD_EACH_RANGE(S, intr, step, 0, IML_HIGHEST),
	HWNET_FIELD_EACH_RANGE(S, intr, pending, 0, 1),
	TXQ(ring_pa),
	TXQ(size),
	TXQ(next),
	TXQ(gen),
	TXQ(comp_pa),
	TXQ(comp_size),
	TXQ(comp_next),
	TXQ(comp_gen),
	TXQ(ts_pa),
	TXQ(ts_size),
	TXQ(threshold),
	TXQ(bells),
	TXQ(bell_at),
	TXQ(error),
	TXQ(intr),
	TXQ_MAX(stopped, 1),
	TXQ_MAX(pending, 1),
	TXQ_MAX(polled, 1),
	TXQ_MAX(cooling, 1),
	RXQ(ring[0].pa),
	RXQ(ring[0].size),
	RXQ(ring[0].next),
	RXQ(ring[0].gen),
	RXQ(ring[1].pa),
	RXQ(ring[1].size),
	RXQ(ring[1].next),
	RXQ(ring[1].gen),
	RXQ(comp_pa),
	RXQ(comp_size),
	RXQ(comp_next),
	RXQ(comp_gen),
	RXQ(data_pa),
	RXQ(data_size),
	RXQ(ts_pa),
	RXQ(ts_size),
	RXQ(error),
	RXQ(intr),
	RXQ_MAX(stopped, 1),
	RXQ_MAX(starved, 1),
};

_Static_assert(sizeof(vmx_fields) / sizeof(vmx_fields[0]) == VMX_N_FIELDS,
	       "VMX_N_FIELDS is not the table's size");

/* Deadlines of an inactive device would never be dealt with. */
static const char *check_inactive(const struct vmx_state *st)
{
	bool any = st->tx_poll != HWNET_NEVER || st->rx_poll != HWNET_NEVER;

	for (unsigned i = 0; i < VMX_MAX_INTRS; i++)
		any |= st->intr[i].deadline != HWNET_NEVER;
	return any ? "deadline of an inactive device" : NULL;
}

/**
 * vmx_state_check() - Is a loaded state sound as a whole?
 * @nic:   The card that is to take it
 * @state: The state
 *
 * Return: NULL, or what is wrong.
 */
const char *vmx_state_check(const struct hwnet_nic *nic, const void *state)
{
	const struct vmx_state *st = state;
	const char *why;

	if (st->rev > nic->cfg.values[PROP_REV])
		return "of a later revision than this card's";
	for (unsigned i = 0; i < VMX_MAX_INTRS; i++)
		if (st->regs[SLOT_IMR + i] > 1)
			return "interrupt mask";
	if (!st->active)
		return check_inactive(st);
	why = vmx_check_limits(st);
	for (unsigned i = 0; !why && i < st->n_txq; i++)
		why = vmx_check_txq(&st->txq[i]);
	for (unsigned i = 0; !why && i < st->n_rxq; i++)
		why = vmx_check_rxq(&st->rxq[i]);
	return why || !st->hash_type ? why : vmx_check_rss_table(st);
}
