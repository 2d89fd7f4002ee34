/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The egress queue of a port: FQ-CoDel (RFC 8290).
 *
 * DOC: Theory of Operation
 *
 * A queue is made with all its memory: frame slots, cells for their bytes, flows. A frame that the
 * owner of a port did not take is copied into a slot: its first bytes inline, the rest into cells,
 * so that 60-byte frames cost a slot and 64 KiB messages 32 cells. Slots and cells are taken last
 * in, first out: a queue that is never long touches little memory.
 *
 * Frames go to one of QUEUE_FLOWS flows by a hash over addresses and ports under a secret. Flows
 * take turns by deficit round robin, new ones before old ones, so that a flow that sends little
 * never waits for those that send much. Each flow runs CoDel (RFC 8289): what stood in it longer
 * than the target for an interval is dropped, or marked, at an increasing rate; with a target of 0
 * nothing is too old. A full queue drops from the head of the fattest flow.
 *
 * Frames that have left their flow but were not taken by the owner either (*staged*) stay in order
 * before all others, at most QUEUE_STAGE of them.
 */
#ifndef VSWITCH_QUEUE_H
#define VSWITCH_QUEUE_H

#include "core/vsw.h"

#define QUEUE_FLOWS  256u
#define QUEUE_INLINE 256u /* bytes of a frame in its slot; at least PKT_HEAD */
#define QUEUE_CELL \
	2048u /* bytes of a cell; at least FRAME_HDR_MAX, and few enough per message for \
		 FRAME_IOV_MAX */
#define QUEUE_CELLS_MAX ((PKT_MAX_LEN + QUEUE_CELL - 1) / QUEUE_CELL)
#define QUEUE_STAGE	16u
#define QUEUE_QUANTUM	1514
#define QUEUE_NONE	UINT32_MAX

_Static_assert(QUEUE_CELLS_MAX + 2 < FRAME_IOV_MAX, "a queued message can still be altered");

/*
 * struct qslot - a frame that waits
 * @pkt:    Its words; @iov is set when it is staged
 * @next:   In its flow, or free
 * @cell:   First cell
 * @in:     Bytes in @head
 * @frames: @bytes: on the wire
 * @since:  When it came
 * @done:   Staged: segments of it that the owner has already
 */
struct qslot {
	struct pkt pkt;
	uint32_t next, cell, in;
	uint32_t frames, bytes;
	uint32_t done;
	uint16_t flow; /* class * QUEUE_FLOWS + hash */
	int64_t since;
	uint8_t head[QUEUE_INLINE];
};

/*
 * struct qflow - one flow: FIFO, deficit, and CoDel's state (RFC 8289 5.5)
 */
struct qflow {
	uint32_t head, tail;
	uint32_t bytes, frames;
	int32_t deficit;
	uint16_t next; /* in a list of flows, 0: last */
	bool listed, dropping;
	uint32_t count, last_count;
	int64_t first_above, drop_next;
};

/* struct qlist - a list of flows by number + 1; 0: none */
struct qlist {
	uint16_t first, last;
};

/*
 * struct qclass - a class of network I/O control; a queue without has one
 * @shares: Its part
 * @time:   Virtual time: bytes sent, divided by shares; the class with the least is next
 * @limit:  What it may have at most
 * @reservation: What it gets before all others
 */
struct qclass {
	struct qlist fresh, old;
	uint32_t frames;
	uint32_t shares;
	uint64_t time;
	struct bucket limit, reservation;
};

struct vsw_queue {
	struct vsw_queue_policy policy;
	unsigned n_classes;
	struct qclass class[VSW_MAX_CLASSES];
	uint64_t time;	    /* virtual time of the class served last */
	struct bucket line; /* speed of the uplink, under network I/O control */
	int64_t retry;	    /* all classes with frames are over their limits until then */
	bool refused;	    /* the owner took no more */
	bool charged;	    /* the first staged frame is paid for */
	struct qslot *slot;
	uint8_t (*cell)[QUEUE_CELL];
	uint32_t *cell_next;
	uint32_t n_slots, n_cells;
	uint32_t fresh_slot, fresh_cell; /* never used from here on */
	uint32_t free_slot, free_cell;	 /* given back */
	uint32_t frames, bytes;		 /* waiting, staged ones too */
	struct qflow *flow;
	uint32_t staged[QUEUE_STAGE];
	unsigned n_staged;
	struct iovec iov[QUEUE_STAGE][QUEUE_CELLS_MAX + 2];
};

uint32_t vsw_queue_enter(struct vsw_port *p, const struct pkt *pkt);
void vsw_queue_put(struct vsw_port *p, const struct pkt *const *pkts, unsigned n);

#endif
