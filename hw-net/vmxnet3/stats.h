/* SPDX-License-Identifier: BSD-2-Clause */
/* Counters, queue status, events. */
#ifndef VMXNET3_STATS_H
#define VMXNET3_STATS_H

#include "vmxnet3.h"

static inline uint64_t *vmx_tx_stat(struct vmx *v, unsigned queue, enum vmx_tx_stat s)
{
	return &v->s->tx_stats[queue * QD_N_STATS + s];
}

static inline uint64_t *vmx_rx_stat(struct vmx *v, unsigned queue, enum vmx_rx_stat s)
{
	return &v->s->rx_stats[queue * QD_N_STATS + s];
}

void vmx_count_tx(struct vmx *v, unsigned queue, const struct pkt *pkts, unsigned n);
void vmx_count_rx(struct vmx *v, unsigned queue, const struct pkt *pkt, unsigned segs);
void vmx_stats_put(struct vmx *v);
void vmx_status_put(struct vmx *v);
void vmx_event(struct vmx *v, uint32_t bits);
void vmx_event_ack(struct vmx *v, uint32_t bits);
void vmx_txq_stop(struct vmx *v, unsigned queue, uint32_t error) HWNET_RARE;
void vmx_rxq_stop(struct vmx *v, unsigned queue, uint32_t error) HWNET_RARE;

#endif
