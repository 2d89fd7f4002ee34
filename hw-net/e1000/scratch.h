/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Scratch memory of transmitter and receiver. None of it is state: it can be made again from the
 * guest's rings.
 */
#ifndef E1000_SCRATCH_H
#define E1000_SCRATCH_H

#include "borrow.h"
#include "desc.h"
#include "hwnet/frame.h"
#include "hwnet/nic.h"

/* Descriptors fetched at once: the on-chip caches of the 8254x, 3.2.4 and 3.4.1 */
#define E1000_RING_BLOCK 64u
/* Most descriptors of one frame; iovec entries of a burst, and what it borrows. In loopback a frame
 * is received while all of that is still borrowed, which takes one piece more. */
#define E1000_TX_CHAIN 256u
#define E1000_TX_IOV   512u
#define E1000_TX_MAPS  (HWNET_MAX_MAPS - 1u)
/* Private head: PKT_HEAD, or what the 8-bit offsets of a context reach, and a tag */
#define E1000_TX_HEAD 320u
/* Longest frames: sent without FCS (3.3), received with FCS (13.4.22 LPE) */
#define E1000_TX_MAX 16288u
#define E1000_RX_MAX 16384u
/* Receive descriptors in the cache; a frame takes at most 65, of 256 bytes each */
#define E1000_RX_CACHE 128u

/**
 * struct e1000_tx - Scratch memory of a run of the transmitter; nothing in it outlives the run
 * @desc:   Copy of the descriptors from TDH on
 * @n_desc: Their number
 * @pos:    The next one to look at
 * @ctx:    Contexts in force at @pos
 * @n_pkts: @pkt: @vec: the burst
 * @start:  First data descriptor of each, as an index into @desc
 * @head:   iov[0] of each
 * @n_iov: @iov: iovec entries in use
 * @loans:  Borrowed memory to give back
 * @bounce: Payload that could not be borrowed
 * @work:   What its frames cost beyond one each, and what was given up (work.h)
 */
struct e1000_tx {
	struct e1000_desc desc[E1000_TX_CHAIN];
	unsigned n_desc, pos;
	uint32_t ctx[2][4];
	unsigned n_pkts, n_iov, work;
	struct pkt pkt[PKT_BURST];
	const struct pkt *vec[PKT_BURST];
	uint16_t start[PKT_BURST];
	uint8_t head[PKT_BURST][E1000_TX_HEAD];
	struct iovec iov[E1000_TX_IOV];
	struct hwnet_loans loans;
	struct hwnet_bounce bounce;
};

/**
 * struct e1000_rx - Receive descriptors fetched ahead, and those to be written back; see rx-ring.c
 * @desc:  Cache
 * @done:  Second quadword to write back, for descriptors before @pos
 * @first: First descriptor that was not written back: the one at RDH
 * @pos:   The next unused one
 * @n:     Descriptors in the cache
 * @causes: Interrupt causes of this burst
 * @no_memory: The ring turned out not to be memory
 * @flat:  A frame's head, or a small frame
 */
struct e1000_rx {
	struct e1000_desc desc[E1000_RX_CACHE];
	uint64_t done[E1000_RX_CACHE];
	unsigned first, pos, n;
	uint32_t causes;
	bool no_memory;
	uint8_t flat[1024];
};

#endif
