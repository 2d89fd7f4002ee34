/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Looking at single frames: those that were dropped, and what would become of one.
 *
 * DOC: Theory of Operation
 *
 * Nobody who looks is waited for. The last frames that were dropped stand in a ring that is written
 * over; who reads it is told how many he missed. Where nobody looks a frame that passes costs
 * nothing.
 *
 * What would become of a frame is found out by the stages that a real one goes through, in their
 * order and with the tables as they are; what a stage would change is kept back or put back.
 * So what is said is what would happen. What depends on the moment is said of this one: a rate that
 * is used up now drops the frame. One thing is not seen, since nothing is learnt: that a frame to
 * its own source, which was unknown so far, is for the port it comes from.
 *
 * All of it is called by the one caller of the switch, between its bursts, never from inside an
 * operation; making and freeing allocates, the rest does not.
 */
#ifndef VSWITCH_LOOK_H
#define VSWITCH_LOOK_H

#include "vswitch/vswitch.h"

/** VSW_DROPPED_HEAD - Bytes that are kept of a frame that was dropped. */
#define VSW_DROPPED_HEAD 128u
/** VSW_DROPS_MAX - Most frames that can be kept. */
#define VSW_DROPS_MAX 65536u

/**
 * struct vsw_dropped - A frame that was dropped
 * @when:  The switch's time, ns
 * @why:   What for
 * @len:   Its length, without @tag; of a message that travels whole, all of it
 * @frames: Frames that it would have been on the wire
 * @tag:   Its tag, if that travels beside it: type and TCI; else 0
 * @n:     Bytes in @head
 * @port:  Where it is counted
 * @head:  Its first bytes
 */
struct vsw_dropped {
	int64_t when;
	enum vsw_drop why;
	uint32_t len, frames, tag;
	uint16_t n;
	char port[VSW_NAME_MAX];
	uint8_t head[VSW_DROPPED_HEAD];
};

struct vsw_drop_ring;

/**
 * vsw_drop_ring_new() - Memory for frames that are dropped
 * @n: How many, 1 to VSW_DROPS_MAX
 *
 * Return: the ring; NULL without memory.
 */
struct vsw_drop_ring *vsw_drop_ring_new(unsigned n);

/**
 * vsw_drop_ring_free() - Free it
 * @ring: The ring, of no switch any more, or NULL
 */
void vsw_drop_ring_free(struct vsw_drop_ring *ring);

/**
 * vsw_drops_keep() - Keep frames that are dropped from now on
 * @sw:   The switch
 * @ring: Where; outlives the switch, or another call. NULL: nowhere
 *
 * Return: the ring that was used before, or NULL.
 */
struct vsw_drop_ring *vsw_drops_keep(struct vsw *sw, struct vsw_drop_ring *ring);

/**
 * vsw_drops() - Read frames that were dropped, the oldest first
 * @sw:     The switch
 * @next:   Number of the first that is wanted, 0 to begin; moved on behind the last that was read
 * @dropped: Filled
 * @n:      Room in @dropped
 * @missed: How many from @next on were written over before
 * @now:    The switch's time
 *
 * Return: how many were filled in; 0: there are no more yet.
 */
unsigned vsw_drops(struct vsw *sw, uint64_t *next, struct vsw_dropped *dropped, unsigned n,
		   uint64_t *missed, int64_t *now);

/** VSW_STEPS - Most steps of an explanation that are kept. */
#define VSW_STEPS 128u

/**
 * struct vsw_step - What a stage found, or did
 * @stage: The stage; static
 * @port:  Port it is about, or ""
 * @why:   As what the frame was dropped, enum vsw_drop; -1: it went on
 * @text:  One line for people
 */
struct vsw_step {
	const char *stage;
	char port[VSW_NAME_MAX];
	int why;
	char text[160];
};

struct vsw_explain;

/**
 * vsw_explain_new() - Memory for explanations
 *
 * Return: the memory; NULL if there is none.
 */
struct vsw_explain *vsw_explain_new(void);

/**
 * vsw_explain_free() - Free it
 * @x: The memory or NULL
 */
void vsw_explain_free(struct vsw_explain *x);

/**
 * vsw_explain() - What would become of a frame?
 * @x:    Gets the answer, in the place of the last one
 * @port: The port that it would come from
 * @pkt:  The frame
 *
 * Nothing is sent, learnt, counted or told.
 */
void vsw_explain(struct vsw_explain *x, struct vsw_port *port, const struct pkt *pkt);

/**
 * vsw_explain_steps() - The answer
 * @x:    The memory
 * @more: Steps that found no room
 * @n:    Number of steps
 *
 * Return: the steps in their order, borrowed until the next one is asked for.
 */
const struct vsw_step *vsw_explain_steps(const struct vsw_explain *x, unsigned *n, unsigned *more);

#endif
