/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Working storage of a vmxnet3. None of it is state: what a transmission needs lives no longer than
 * a call, and what was read ahead of receive rings can be read again.
 */
#ifndef VMXNET3_SCRATCH_H
#define VMXNET3_SCRATCH_H

#include "bits.h"
#include "borrow.h"
#include "hwnet/frame.h"

/** TX_WINDOW - Transmit descriptors held at a time; a frame has at most TX_MAX_DESC (FreeBSD uses
 * up to 32). */
#define TX_WINDOW   128u
#define TX_MAX_DESC 60u
#define TX_FETCH    32u
/** TX_HEAD - Room for a frame's private head; frames up to TX_COPY are copied whole. */
#define TX_HEAD 576u
#define TX_COPY 256u
#define TX_IOVS 512u

/**
 * struct vmx_tx_entry - What became of a frame's descriptors
 * @sop: @gen: Ring position of their first
 * @eop:     Index of the last, for the completion
 * @cq:      A completion is wanted
 * @pkt:     Index in the burst, -1: dropped
 */
struct vmx_tx_entry {
	uint32_t sop, eop;
	uint8_t gen;
	bool cq;
	int pkt;
};

/**
 * struct vmx_tx - Scratch memory of a burst; nothing of it lives longer than a call
 * @win: @win_n: @win_at: @fetch: Descriptors that were read, their number, the next one; how many
 *          to read at a time
 * @entry: @n_entry: Frames whose descriptors were taken
 * @pkt: @ptr: @n_pkt: Those that are sent
 * @comp:   Completions
 * @iov: @n_iov: Pieces of the frames
 * @loans:  Borrowed memory to give back
 * @work:   What entries cost beyond one each (work.h)
 * @budget: What the burst may cost
 * @max:    Entries that it may have: PKT_BURST, or what the budget leaves
 * @head:   iov[0] of each frame
 * @bounce: Payload that could not be borrowed
 */
struct vmx_tx {
	struct vmx_desc win[TX_WINDOW];
	unsigned win_n, win_at, fetch;
	struct vmx_tx_entry entry[PKT_BURST];
	struct pkt pkt[PKT_BURST];
	const struct pkt *ptr[PKT_BURST];
	struct vmx_comp comp[PKT_BURST];
	struct iovec iov[TX_IOVS];
	struct hwnet_loans loans;
	unsigned n_entry, n_pkt, n_iov, work, budget, max;
	uint8_t head[PKT_BURST][TX_HEAD];
	struct hwnet_bounce bounce;
};

#define RX_WINDOW   32u
#define RX_COMPS    64u
#define RX_MAX_DESC 64u

/**
 * struct vmx_rx_window - Descriptors of a receive ring, copied in a block
 * @d: @n: They, from ring index @at on; all of them the device's, so they stay good until used
 * @gen:   Which time round it was
 */
struct vmx_rx_window {
	struct vmx_desc d[RX_WINDOW];
	uint32_t at, n;
	uint8_t gen;
};

/**
 * struct vmx_rx_plan - Buffers for one frame
 * @buf:  Where to write
 * @n:    Their number
 * @next: @gen: The rings' positions behind them
 */
struct vmx_rx_plan {
	struct {
		uint64_t addr;
		uint32_t len;
		uint16_t idx, rqid;
	} buf[RX_MAX_DESC];
	unsigned n;
	uint32_t next[2];
	uint8_t gen[2];
};

/**
 * struct vmx_rx_work - Working storage of a receive queue
 * @win:    Of the two rings
 * @comp: @n_comp: completions not yet written; none between calls
 * @frames: Completed in this call
 * @skipped: Bodies of ring 0 since the last frame, rx-ring.c
 */
struct vmx_rx_work {
	struct vmx_rx_window win[2];
	struct vmx_comp comp[RX_COMPS];
	unsigned n_comp, frames;
	uint32_t skipped;
};

/**
 * struct vmx_rx_info - What a receive completion says about a frame
 * @rss_type: @hash: RSS
 * @d0: @d2: @d3: Flags for the last completion
 * @segs: @mss: LRO; @segs 0: an ordinary frame
 */
struct vmx_rx_info {
	unsigned rss_type;
	uint32_t hash, d0, d2, d3;
	uint16_t mss;
	unsigned segs;
};

#endif
