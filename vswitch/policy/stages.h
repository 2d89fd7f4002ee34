/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the data path asks of policies while a burst is on its way.
 *
 * DOC: Theory of Operation
 *
 * These are all the calls from core into a policy besides its row (row.h). They are direct calls,
 * each (but vsw_mac_change_seen(), which no frame asks for) behind a bit of @in_special or
 * @out_special of a port, or of @special of the switch, that the policy sets when it is compiled: a
 * port or switch without it does not come here. None may fail, allocate, or change a policy.
 */
#ifndef VSWITCH_STAGES_H
#define VSWITCH_STAGES_H

#include "core/vsw.h"

/**
 * vsw_mac_change_seen() - A port's address, or what is thought of it, may have changed
 * @p: The port; @mac_violation is up to date
 */
void vsw_mac_change_seen(struct vsw_port *p);

/**
 * vsw_shape_in() - How many frames may come in now?
 * @p:    The port, IN_SHAPED
 * @pkts: Frames
 * @n:    Their number
 *
 * If not all, the owner's next try is arranged for.
 *
 * Return: how many, from the front; they are charged.
 */
unsigned vsw_shape_in(struct vsw_port *p, const struct pkt *const *pkts, unsigned n);

/**
 * vsw_shape_out_when() - When may this leave by the port?
 * @p:     The port, OUT_PACED
 * @now:   The time
 * @bytes: Its bytes on the wire
 *
 * Return: the time; not after @now: at once.
 */
int64_t vsw_shape_out_when(const struct vsw_port *p, int64_t now, uint32_t bytes);

/**
 * vsw_shape_out_charge() - It leaves
 * @p:     The port, OUT_PACED
 * @now:   The time
 * @bytes: Its bytes on the wire
 */
void vsw_shape_out_charge(struct vsw_port *p, int64_t now, uint32_t bytes);

/**
 * vsw_storm_in() - Storm control of a burst: what is beyond the rates is dropped
 * @b:   The burst, from an IN_STORM port
 * @now: The time
 */
void vsw_storm_in(struct vsw_burst *b, int64_t now);

/**
 * vsw_storm_unknown() - May a frame to an unknown address pass?
 * @in:     Where it comes from; IN_STORM
 * @frames: What it counts
 *
 * Return: whether.
 */
bool vsw_storm_unknown(struct vsw_port *in, uint32_t frames);

/**
 * vsw_rules_in() - Put a burst under the rules of the port it comes from
 * @b:   The burst, from an IN_RULES port; what does not pass is dropped, what is marked replaced
 * @now: The time
 */
void vsw_rules_in(struct vsw_burst *b, int64_t now);

/**
 * vsw_rules_run() - Put a frame under a port's rules
 * @p:         The port, IN_RULES or OUT_RULES
 * @direction: One of enum vsw_direction
 * @b:         The frame's burst
 * @i:         Its place there
 * @pkt:       The frame; replaced if it was marked
 * @buf:       Room for that
 * @now:       The time
 *
 * Return: -1, or why the frame is dropped.
 */
int vsw_rules_run(struct vsw_port *p, uint32_t direction, struct vsw_burst *b, unsigned i,
		  const struct pkt **pkt, struct pkt_buf *buf, int64_t now);

/**
 * vsw_mirror_in() - Note a burst for the sessions that copy what its port sends
 * @b: The burst, from an IN_MIRROR port, after all that drops
 */
void vsw_mirror_in(struct vsw_burst *b);

/**
 * vsw_mirror_note() - Note a frame for sessions
 * @sw:       The switch
 * @sessions: Bits of them
 * @b:        The frame's burst
 * @i:        Its place there
 * @pkt:      The frame as it is to be copied; lives as long as the burst
 * @direction: One of enum vsw_direction
 */
void vsw_mirror_note(struct vsw *sw, uint16_t sessions, const struct vsw_burst *b, unsigned i,
		     const struct pkt *pkt, enum vsw_direction direction);

/**
 * vsw_mirrors_send() - Send what was noted
 * @sw: The switch, @mirror_noted; no receiver is being visited
 */
void vsw_mirrors_send(struct vsw *sw);

/**
 * vsw_team_pick() - The uplink a frame leaves by
 * @in:  Where it comes from; its team has uplinks, its pick is not fixed
 * @pkt: The frame
 *
 * Return: the uplink.
 */
struct vsw_port *vsw_team_pick(struct vsw_port *in, const struct pkt *pkt);

/**
 * vsw_team_accepts() - Does a port take a frame from this uplink?
 * @p:   The port of an SW_TEAM switch
 * @up:  The uplink
 * @pkt: The frame
 *
 * Return: whether.
 */
bool vsw_team_accepts(const struct vsw_port *p, const struct vsw_port *up, const struct pkt *pkt);

/**
 * vsw_beacon_seen() - Is this one of our beacons?
 * @in:  Uplink of an SW_TEAM switch that it came in at
 * @pkt: The frame, to a group
 *
 * Return: true: it is ours, and goes nowhere else.
 */
bool vsw_beacon_seen(struct vsw_port *in, const struct pkt *pkt);

/* enum mcast_way - to whom a frame to a group goes */
enum mcast_way {
	MCAST_ALL,
	MCAST_SOME,  /* of the ports, those that vsw_mcast_gets() tells */
	MCAST_NOBODY /* it is dropped, and counted */
};

/**
 * vsw_mcast_snoop() - Look into a frame to a group
 * @sw: The switch, SW_MULTICAST, snooping
 * @b:  Its burst
 * @i:  Its place there
 *
 * Return: to whom it goes.
 */
enum mcast_way vsw_mcast_snoop(struct vsw *sw, struct vsw_burst *b, unsigned i);

/**
 * vsw_mcast_gets() - Does a port get the frame that was looked into last?
 * @m:    The tables of groups
 * @port: The port's number
 *
 * Return: whether, after MCAST_SOME.
 */
bool vsw_mcast_gets(const struct vsw_mcast *m, uint16_t port);

/**
 * vsw_explain_drop() - A frame that is none would be dropped
 * @x:   Who looks
 * @p:   Where
 * @why: What for
 * @pkt: The frame
 *
 * It has been counted, and is not any more.
 */
void vsw_explain_drop(struct vsw_explain *x, struct vsw_port *p, enum vsw_drop why,
		      const struct pkt *pkt);

/**
 * vsw_explain_pass() - A frame that is none would pass to a port
 * @x:    Who looks
 * @p:    The port
 * @pkts: Views of it
 * @n:    Their number
 */
void vsw_explain_pass(struct vsw_explain *x, struct vsw_port *p, const struct pkt *const *pkts,
		      unsigned n);

/**
 * vsw_explain_learn() - The source of a frame that is none would be learnt
 * @x: Who looks
 * @b: Its burst
 * @i: Its place there
 */
void vsw_explain_learn(struct vsw_explain *x, const struct vsw_burst *b, unsigned i);

/**
 * vsw_class_next() - Class of network I/O control to be served
 * @q:   The queue
 * @now: The time
 *
 * Return: its number, or -1: none has frames that may go now; @q->retry says when.
 */
int vsw_class_next(struct vsw_queue *q, int64_t now);

/**
 * vsw_class_served() - A frame of a class goes out
 * @q:     The queue
 * @n:     The class
 * @now:   The time
 * @bytes: Its bytes on the wire
 */
void vsw_class_served(struct vsw_queue *q, unsigned n, int64_t now, uint32_t bytes);

/**
 * vsw_class_added() - A frame of a class came
 * @q: The queue
 * @n: The class
 */
void vsw_class_added(struct vsw_queue *q, unsigned n);

#endif
