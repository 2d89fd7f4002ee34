/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counters (UPT1), queue status, and events.
 *
 * Counters are those of the wire: a message that the guest gave whole counts as its segments, one
 * that it gets whole as the segments it stands for; LRO and TSO counters count the segments of such
 * messages once more. They are put into memory when the driver asks (GET_STATS), not before.
 *
 * A queue whose ring cannot be made sense of is stopped: its status block says why, the event
 * interrupt tells, and the driver resets the device (Linux vmxnet3_process_events). A frame that
 * cannot be sent does not stop its queue; it counts as an error.
 */
#include "stats.h"

#include "intr.h"

/* Classes of destination address, as offsets of the counters of unicast, multicast, broadcast. */
static unsigned class_of(const uint8_t *dst)
{
	if (!frame_is_group(dst))
		return 0;
	return frame_is_broadcast(dst) ? 4 : 2;
}

static void count(uint64_t *block, unsigned first, const uint8_t *dst, uint64_t frames,
		  uint64_t bytes)
{
	uint64_t *c = block + first + class_of(dst);

	c[0] += frames;
	c[1] += bytes;
}

/* Bytes of a message on the wire: its headers once for each segment. */
static uint64_t wire_bytes(const struct pkt *pkt, unsigned segs)
{
	return pkt->len + (uint64_t)(segs - 1) * pkt->hdr_len;
}

static void count_message(struct vmx *v, uint64_t *block, const struct pkt *pkt)
{
	unsigned segs = gso_segments(pkt);
	uint64_t bytes = wire_bytes(pkt, segs);

	count(block, TXS_UCAST_PKTS, pkt_head(pkt), segs, bytes);
	block[TXS_TSO_PKTS] += segs;
	block[TXS_TSO_BYTES] += bytes;
	v->nic.counters.tx_gso++;
}

/**
 * vmx_count_tx() - A burst was sent
 * @v:     The card
 * @queue: From this queue
 * @pkts:  The frames
 * @n:     Their number
 */
void vmx_count_tx(struct vmx *v, unsigned queue, const struct pkt *pkts, unsigned n)
{
	uint64_t *block = vmx_tx_stat(v, queue, TXS_TSO_PKTS), bytes = 0;

	for (unsigned i = 0; i < n; i++) {
		if (pkts[i].gso_type)
			count_message(v, block, &pkts[i]);
		else
			count(block, TXS_UCAST_PKTS, pkt_head(&pkts[i]), 1, pkts[i].len);
		bytes += pkts[i].len;
	}
	v->nic.counters.tx_frames += n;
	v->nic.counters.tx_bytes += bytes;
}

/**
 * vmx_count_rx() - A frame was received
 * @v:     The card
 * @queue: By this queue
 * @pkt:   The frame
 * @segs:  Segments that a message stands for; 0: no message
 */
void vmx_count_rx(struct vmx *v, unsigned queue, const struct pkt *pkt, unsigned segs)
{
	uint64_t *block = vmx_rx_stat(v, queue, RXS_LRO_PKTS);
	uint64_t bytes = segs ? wire_bytes(pkt, segs) : pkt->len;

	count(block, RXS_UCAST_PKTS, pkt_head(pkt), segs ? segs : 1, bytes);
	v->nic.counters.rx_frames++;
	v->nic.counters.rx_bytes += pkt->len;
	if (!segs)
		return;
	block[RXS_LRO_PKTS] += segs;
	block[RXS_LRO_BYTES] += bytes;
	v->nic.counters.rx_gso++;
}

static void put_block(struct vmx *v, uint64_t pa, const uint64_t *block)
{
	uint64_t le[QD_N_STATS];

	for (unsigned i = 0; i < QD_N_STATS; i++)
		le[i] = htole64(block[i]);
	hwnet_dma_write(&v->nic, pa + QD_STATS, le, sizeof(le));
}

/**
 * vmx_stats_put() - GET_STATS: write the counters into memory
 * @v: The card
 */
void vmx_stats_put(struct vmx *v)
{
	for (unsigned i = 0; i < v->s->n_txq; i++)
		put_block(v, vmx_txq_pa(v->s, i), vmx_tx_stat(v, i, 0));
	for (unsigned i = 0; i < v->s->n_rxq; i++)
		put_block(v, vmx_rxq_pa(v->s, i), vmx_rx_stat(v, i, 0));
}

static void put_status(struct vmx *v, uint64_t pa, uint8_t stopped, uint32_t error)
{
	uint32_t le[2] = { htole32(stopped), htole32(error) };

	hwnet_dma_write(&v->nic, pa + QD_STOPPED, le, sizeof(le));
}

/**
 * vmx_status_put() - GET_QUEUE_STATUS: write which queues were stopped, and why
 * @v: The card
 */
void vmx_status_put(struct vmx *v)
{
	for (unsigned i = 0; i < v->s->n_txq; i++)
		put_status(v, vmx_txq_pa(v->s, i), v->s->txq[i].stopped, v->s->txq[i].error);
	for (unsigned i = 0; i < v->s->n_rxq; i++)
		put_status(v, vmx_rxq_pa(v->s, i), v->s->rxq[i].stopped, v->s->rxq[i].error);
}

static void put_ecr(struct vmx *v)
{
	vmx_put32(v, v->s->shared_pa + DS_ECR, v->s->regs[SLOT_ECR]);
}

/**
 * vmx_event() - Note events where the driver looks for them, and interrupt
 * @v:    The card
 * @bits: ECR_...
 */
void vmx_event(struct vmx *v, uint32_t bits)
{
	if (!v->s->active)
		return;
	v->s->regs[SLOT_ECR] |= bits;
	put_ecr(v);
	vmx_intr_event(v, v->s->event_intr);
}

/**
 * vmx_event_ack() - The driver writes ECR
 * @v:    The card
 * @bits: What it acknowledges
 *
 * It also polls the copy in memory (iPXE), so that has to follow.
 */
void vmx_event_ack(struct vmx *v, uint32_t bits)
{
	v->s->regs[SLOT_ECR] &= ~bits;
	if (v->s->active)
		put_ecr(v);
}

/**
 * vmx_txq_stop() - A transmit ring makes no sense: stop the queue
 * @v:     The card
 * @queue: Queue
 * @error: ERR_...
 */
void vmx_txq_stop(struct vmx *v, unsigned queue, uint32_t error)
{
	struct vmx_txq *q = &v->s->txq[queue];

	hwnet_guest_error(&v->nic, "transmit queue %u stopped at descriptor %u: error 0x%x", queue,
			  q->next, error);
	q->stopped = 1;
	q->pending = 0;
	q->error = error;
	put_status(v, vmx_txq_pa(v->s, queue), 1, error);
	vmx_event(v, ECR_TQERR);
}

/**
 * vmx_rxq_stop() - A receive ring makes no sense: stop the queue
 * @v:     The card
 * @queue: Queue
 * @error: ERR_...
 */
void vmx_rxq_stop(struct vmx *v, unsigned queue, uint32_t error)
{
	struct vmx_rxq *q = &v->s->rxq[queue];

	hwnet_guest_error(&v->nic, "receive queue %u stopped at descriptor %u: error 0x%x", queue,
			  q->ring[0].next, error);
	q->stopped = 1;
	q->starved = 0;
	q->error = error;
	put_status(v, vmx_rxq_pa(v->s, queue), 1, error);
	vmx_event(v, ECR_RQERR);
}
