/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From DriverShared to a running device, and back.
 *
 * ACTIVATE copies DriverShared and each queue descriptor once and takes nothing over that is not
 * sound: counts, sizes, alignment. If anything is wrong the device stays inactive and the command
 * answers 1, which drivers report.
 *
 * An interrupt index beyond what exists is no reason: FreeBSD has such indices when it was given
 * few vectors. That queue then interrupts nobody.
 */
#include "setup.h"

#include "filter.h"
#include "intr.h"
#include "rss.h"
#include "rx-ring.h"
#include "stats.h"

/**
 * vmx_check_limits() - Are counts and sizes within what the revision allows?
 * @st: State
 *
 * The revision decides how many queues a driver may use; it is asked for its limit
 * (GET_MAX_QUEUES_CONF) from 6 on only.
 *
 * Return: NULL, or what is wrong.
 */
const char *vmx_check_limits(const struct vmx_state *st)
{
	bool ext = st->rev >= 6;

	if (!st->n_txq || st->n_txq > (ext ? VMX_MAX_TXQ : VMX_MAX_TXQ_V1))
		return "number of transmit queues";
	if (!st->n_rxq || st->n_rxq > (ext ? VMX_MAX_RXQ : VMX_MAX_RXQ_V1))
		return "number of receive queues";
	if (st->n_intrs > (ext ? VMX_MAX_INTRS : VMX_MAX_INTRS_V1))
		return "number of interrupts";
	if (st->mtu < VMX_MIN_MTU || st->mtu > (ext ? VMX_MAX_MTU : VMX_MAX_MTU_V1))
		return "MTU";
	if (st->qdesc_pa % VMX_QDESC_ALIGN)
		return "alignment of the queue descriptors";
	return NULL;
}

/* NULL if this can be a ring. */
static const char *check_ring(uint64_t pa, uint32_t size, uint32_t max)
{
	if (!size || size > max || size % VMX_RING_SIZE_ALIGN)
		return "ring size";
	return pa % VMX_RING_ALIGN ? "alignment of a ring" : NULL;
}

static const char *check_ts(uint64_t pa, uint32_t size)
{
	return size > VMX_TS_DESC_MAX || size % VMX_DATA_DESC_ALIGN ?
		       "size of timestamp descriptors" :
		       NULL;
}

/**
 * vmx_check_txq() - Is a transmit queue sound?
 * @q: Queue
 *
 * Return: NULL, or what is wrong.
 */
const char *vmx_check_txq(const struct vmx_txq *q)
{
	const char *why = check_ring(q->ring_pa, q->size, VMX_RING_MAX);

	if (!why)
		why = check_ring(q->comp_pa, q->comp_size, VMX_RING_MAX);
	if (!why)
		why = check_ts(q->ts_pa, q->ts_size);
	if (!why && (q->next >= q->size || q->comp_next >= q->comp_size || q->gen > 1 ||
		     q->comp_gen > 1 || q->intr > VMX_MAX_INTRS))
		why = "transmit index";
	return why;
}

/**
 * vmx_check_rxq() - Is a receive queue sound? Ring 1 may be absent (iPXE)
 * @q: Queue
 *
 * Return: NULL, or what is wrong.
 */
const char *vmx_check_rxq(const struct vmx_rxq *q)
{
	const struct vmx_rxring *r = q->ring;
	const char *why = check_ring(r[0].pa, r[0].size, VMX_RING_MAX);

	if (!why && r[1].size)
		why = check_ring(r[1].pa, r[1].size, VMX_RING_MAX);
	if (!why)
		why = check_ring(q->comp_pa, q->comp_size, VMX_RX_COMP_MAX);
	if (!why)
		why = check_ts(q->ts_pa, q->ts_size);
	if (!why && (q->data_size > VMX_DATA_DESC_MAX || q->data_size % VMX_DATA_DESC_ALIGN))
		why = "size of receive data descriptors";
	if (!why && (r[0].next >= r[0].size || (r[1].size && r[1].next >= r[1].size) ||
		     r[0].gen > 1 || r[1].gen > 1 || q->comp_next >= q->comp_size ||
		     q->comp_gen > 1 || q->intr > VMX_MAX_INTRS))
		why = "receive index";
	return why;
}

/* A vector that exists, or none. */
static uint8_t intr_index(struct vmx *v, uint8_t index)
{
	if (index < VMX_MAX_INTRS)
		return index;
	hwnet_guest_error(&v->nic, "interrupt index %u is none of the device's", index);
	return VMX_MAX_INTRS;
}

static const char *read_txq(struct vmx *v, unsigned i)
{
	struct vmx_txq *q = &v->s->txq[i];
	uint8_t b[QD_SIZE];
	uint32_t data;

	if (hwnet_dma_read(&v->nic, vmx_txq_pa(v->s, i), b, sizeof(b)))
		return "address of a transmit queue's descriptor";
	memset(q, 0, sizeof(*q));
	q->ring_pa = get64(b + TQ_RING_PA);
	q->comp_pa = get64(b + TQ_COMP_PA);
	q->size = get32(b + TQ_RING_SIZE);
	q->comp_size = get32(b + TQ_COMP_SIZE);
	q->intr = intr_index(v, b[TQ_INTR]);
	q->gen = q->comp_gen = 1;
	q->threshold = 1;
	if (v->s->rev >= 9) {
		q->ts_pa = get64(b + TQ_TS_PA);
		q->ts_size = get16(b + TQ_TS_DESC_SIZE);
	}
	data = v->s->rev >= 3 ? get16(b + TQ_DATA_DESC_SIZE) : 0;
	if (data &&
	    (data < VMX_TXDATA_MIN || data > VMX_DATA_DESC_MAX || data % VMX_DATA_DESC_ALIGN))
		return "size of transmit data descriptors";
	return vmx_check_txq(q);
}

static const char *read_rxq(struct vmx *v, unsigned i)
{
	struct vmx_rxq *q = &v->s->rxq[i];
	uint8_t b[QD_SIZE];

	if (hwnet_dma_read(&v->nic, vmx_rxq_pa(v->s, i), b, sizeof(b)))
		return "address of a receive queue's descriptor";
	memset(q, 0, sizeof(*q));
	for (unsigned r = 0; r < 2; r++) {
		q->ring[r].pa = get64(b + RQ_RING_PA + 8 * r);
		q->ring[r].size = get32(b + RQ_RING_SIZE + 4 * r);
		q->ring[r].gen = 1;
	}
	q->comp_pa = get64(b + RQ_COMP_PA);
	q->comp_size = get32(b + RQ_COMP_SIZE);
	q->comp_gen = 1;
	q->intr = intr_index(v, b[RQ_INTR]);
	if (v->s->rev >= 3) {
		q->data_pa = get64(b + RQ_DATA_PA);
		q->data_size = q->data_pa ? get16(b + RQ_DATA_DESC_SIZE) : 0;
	}
	if (v->s->rev >= 9) {
		q->ts_pa = get64(b + RQ_TS_PA);
		q->ts_size = get16(b + RQ_TS_DESC_SIZE);
	}
	return vmx_check_rxq(q);
}

/* IntrConf, or IntrConfExt for more queues than the old one has room for (Linux
 * queuesExtEnabled). */
static void read_intr(struct vmx *v, const uint8_t *b)
{
	struct vmx_state *st = v->s;
	bool ext = st->rev >= 6 && (st->n_txq > VMX_MAX_TXQ_V1 || st->n_rxq > VMX_MAX_RXQ_V1);
	const uint8_t *levels = b + (ext ? DS_EXT_MOD_LEVELS : DS_MOD_LEVELS);
	unsigned n = ext ? VMX_MAX_INTRS : VMX_MAX_INTRS_V1;

	st->auto_mask = !!b[ext ? DS_EXT_AUTO_MASK : DS_AUTO_MASK];
	st->n_intrs = b[ext ? DS_EXT_NUM_INTRS : DS_NUM_INTRS];
	st->event_intr = intr_index(v, b[ext ? DS_EXT_EVENT_INTR : DS_EVENT_INTR]);
	for (unsigned i = 0; i < VMX_MAX_INTRS; i++)
		st->intr[i].level = i < n ? vmx_mod_level(levels[i]) : 0;
}

static const char *read_shared(struct vmx *v, const uint8_t *b)
{
	struct vmx_state *st = v->s;
	const char *why;

	if (get32(b + DS_MAGIC) != VMX_MAGIC)
		return "magic number";
	st->features = get64(b + DS_UPT_FEATURES);
	st->qdesc_pa = get64(b + DS_QDESC_PA);
	st->mtu = get32(b + DS_MTU);
	st->max_sg = get16(b + DS_MAX_RX_SG);
	st->n_txq = b[DS_NUM_TXQ];
	st->n_rxq = b[DS_NUM_RXQ];
	read_intr(v, b);
	why = vmx_check_limits(st);
	for (unsigned i = 0; !why && i < st->n_txq; i++)
		why = read_txq(v, i);
	for (unsigned i = 0; !why && i < st->n_rxq; i++)
		why = read_rxq(v, i);
	return why;
}

/* What the device owns in the queue descriptors: thresholds, requests for doorbells, status. */
static void init_shared(struct vmx *v)
{
	for (unsigned i = 0; i < v->s->n_txq; i++)
		vmx_put32(v, vmx_txq_pa(v->s, i) + TQ_THRESHOLD, 1);
	for (unsigned i = 0; i < v->s->n_rxq; i++)
		hwnet_dma_write(&v->nic, vmx_rxq_pa(v->s, i) + RQ_UPDATE_PROD, "", 1);
	v->s->regs[SLOT_ECR] = 0;
	vmx_put32(v, v->s->shared_pa + DS_ECR, 0);
	vmx_status_put(v);
}

/* Nothing unsound stays in the state. */
static void forget_queues(struct vmx_state *st)
{
	st->n_txq = st->n_rxq = st->n_intrs = 0;
	memset(st->txq, 0, sizeof(st->txq));
	memset(st->rxq, 0, sizeof(st->rxq));
}

/**
 * vmx_activate() - The command ACTIVATE
 * @nic: The card
 *
 * Return: 0, or 1 if something is not sound; the device is inactive then.
 */
uint32_t vmx_activate(struct hwnet_nic *nic)
{
	struct vmx *v = vmx_of(nic);
	struct vmx_state *st = v->s;
	uint8_t b[DS_SIZE] = { 0 };
	const char *why = "address of DriverShared";

	vmx_quiesce(v);
	st->shared_pa = (uint64_t)st->regs[SLOT_DSAH] << 32 | st->regs[SLOT_DSAL];
	if (!hwnet_dma_read(&v->nic, st->shared_pa, b, st->rev >= 6 ? DS_SIZE : DS_SIZE_V1))
		why = read_shared(v, b);
	if (why) {
		hwnet_guest_error(&v->nic, "ACTIVATE refused: %s", why);
		forget_queues(st);
		return 1;
	}
	st->active = 1;
	st->hash_type = 0;
	st->table_len = 0;
	vmx_intr_init(v);
	vmx_rx_forget(v);
	init_shared(v);
	vmx_rss_configure(v, b, false);
	vmx_filter_mode(v, b);
	vmx_filter_vlans(v, b);
	vmx_filter_mcast(v, b);
	return 0;
}

/**
 * vmx_quiesce() - Stop
 * @v: The card
 *
 * After this the driver frees its memory: nothing of it is touched any more.
 */
void vmx_quiesce(struct vmx *v)
{
	struct vmx_state *st = v->s;

	vmx_intr_stop(v);
	v->rx_end = HWNET_NEVER;
	if (!st->active)
		return;
	st->active = 0;
	st->tx_poll = st->rx_poll = HWNET_NEVER;
	v->nic.host->rx_ready(v->nic.opaque); /* what was held for it has to go */
}
