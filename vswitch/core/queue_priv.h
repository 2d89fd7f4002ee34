/* SPDX-License-Identifier: BSD-2-Clause */
/* Insides of the egress queue, shared by queue.c (memory, in and out) and codel.c (who is next, who
 * is dropped). */
#ifndef VSWITCH_QUEUE_PRIV_H
#define VSWITCH_QUEUE_PRIV_H

#include "queue.h"

#define QUEUE_FLOWS  256u
#define QUEUE_INLINE 256u /* bytes of a frame in its slot; at least PKT_HEAD */
#define QUEUE_CELL \
	2048u /* bytes of a cell; at least FRAME_HDR_MAX, and few enough per message for \
		 FRAME_IOV_MAX */
#define QUEUE_CELLS_MAX ((PKT_MAX_LEN + QUEUE_CELL - 1) / QUEUE_CELL)
#define QUEUE_STAGE	16u
#define QUEUE_QUANTUM	1514
#define NONE		UINT32_MAX

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
 * @takes:  What the owner took when those were made
 */
struct qslot {
	struct pkt pkt;
	uint32_t next, cell, in;
	uint32_t frames, bytes;
	uint32_t done, takes;
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

/* nioc.c */
int vsw_class_next(struct vsw_queue *q, int64_t now);
void vsw_class_served(struct vsw_queue *q, unsigned n, int64_t now, uint32_t bytes);
void vsw_class_added(struct vsw_queue *q, unsigned n);

/* codel.c */
void vsw_flow_put(struct vsw_queue *q, uint32_t slot);
uint32_t vsw_flow_get(struct vsw_port *p, int64_t now);
uint32_t vsw_flow_evict(struct vsw_queue *q);

/* queue.c */
void vsw_slot_free(struct vsw_queue *q, uint32_t slot);

#endif
