/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Looking at single frames: those that were dropped, copies of those that pass, and what would
 * become of one.
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
 * @left:  Frames that were dropped just before and not kept, since there were too many
 * @tag:   Its tag, if that travels beside it: type and TCI; else 0
 * @n:     Bytes in @head
 * @port:  Where it is counted
 * @head:  Its first bytes
 */
struct vsw_dropped {
	int64_t when;
	enum vsw_drop why;
	uint32_t len, frames, tag, left;
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
 * @missed: How many from @next on were written over before, or not kept: of a flood 64 in a
 *      millisecond are
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

/** VSW_TAPS - Most readers of copies at a time. */
#define VSW_TAPS 4u

/* enum vsw_tap_stage - where a frame was when it was copied */
enum vsw_tap_stage {
	VSW_TAP_IN,  /* as it came from the port; not yet under its policies */
	VSW_TAP_OUT, /* as it passes to the port, or to its queue */
	VSW_TAP_DROP /* as it was when it was dropped there */
};

/**
 * struct vsw_tap_frame - A copy of a frame, in a slot
 * @number: 2 n + 2: it is the n-th copy, from 0. Else it is not whole. What is read between two
 *      reads of that same number is whole
 * @when:   The switch's time, ns
 * @len:    Its length, with its tag
 * @n:      Bytes in @bytes
 * @stage:  enum vsw_tap_stage
 * @why:    enum vsw_drop, with VSW_TAP_DROP
 * @port:   Its port
 * @bytes:  The frame; checksums may be unfinished, and messages whole
 */
struct vsw_tap_frame {
	_Atomic uint64_t number;
	int64_t when;
	uint32_t len, n;
	uint8_t stage, why;
	uint8_t reserved[6];
	char port[VSW_NAME_MAX];
	uint8_t bytes[];
};

/**
 * struct vsw_tap_conf - What a reader wants
 * @memory:    The slots, zeroed, aligned to 8 bytes; it outlives the tap
 * @slots:     Their number; the n-th copy is in slot n modulo this
 * @slot_size: Bytes of each, a multiple of 8 and 256 at least
 * @port:      Id of the port; "": all of them
 */
struct vsw_tap_conf {
	uint8_t *memory;
	uint32_t slots, slot_size;
	char port[VSW_NAME_MAX];
};

struct vsw_tap;

/**
 * vsw_tap_new() - Prepare copies for a reader
 * @conf: What he wants; copied
 *
 * Return: the tap; NULL without memory.
 */
struct vsw_tap *vsw_tap_new(const struct vsw_tap_conf *conf);

/**
 * vsw_tap_free() - Free it
 * @tap: The tap, stopped, or NULL
 */
void vsw_tap_free(struct vsw_tap *tap);

/**
 * vsw_tap_start() - Copy frames from now on
 * @sw:  The switch
 * @tap: The tap
 * @now: The switch's time, ns
 *
 * The slots are written over and over; nobody waits for the reader. Ports that nobody reads cost
 * what they cost.
 *
 * Return: 0; -1: there are VSW_TAPS already.
 */
int vsw_tap_start(struct vsw *sw, struct vsw_tap *tap, int64_t *now);

/**
 * vsw_tap_stop() - And no more
 * @sw:  The switch
 * @tap: The tap
 */
void vsw_tap_stop(struct vsw *sw, struct vsw_tap *tap);

#endif
