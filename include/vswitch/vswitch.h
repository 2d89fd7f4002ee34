/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The switch: ports that hand each other frames by reference, under policies.
 *
 * DOC: Theory of Operation
 *
 * A switch (struct vsw) has ports (struct vsw_port). Whoever adds a port is its *owner*: the glue
 * of a network card, a socket transport, a test. The owner gives frames to the switch with
 * vsw_port_input(), and the switch gives frames to the owner with ops->send(). Frames are struct
 * pkt (hwnet/pkt.h): borrowed for the length of the call, with the words that describe unfinished
 * offloads. They travel as they are to every receiver that takes them so, and are finished
 * (segmented, checksummed, tag put into the bytes) at the last moment, once per receiver, for those
 * that do not.
 *
 * One caller at a time: calls for one switch never overlap. Two switches share nothing that can be
 * written.
 *
 * Flow control is partial acceptance, both ways:
 *
 *  - send() returns how many frames, from the front, the owner dealt with. The switch copies the
 *    rest into the port's queue, bounded in frames and in bytes, and stops calling send() until the
 *    owner calls vsw_port_ready().
 *  - vsw_port_input() returns how many frames, from the front, the switch dealt with. The rest
 *    stays at the owner (in the guest's ring, for a card) until the switch calls
 *    ops->input_ready(). It happens to a port that is shaped on its way in, and while the switch
 *    is busy (below). An owner without input_ready has such frames dropped and counted.
 *
 * Re-entrance. From inside send() the owner may call vsw_port_input() of the same switch (two
 * switches joined in a loop do), and vsw_port_ready(), vsw_port_set_caps(), vsw_port_set_addrs(),
 * vsw_port_set_link() of any port. The switch is busy then: input takes nothing and input_ready()
 * follows from vsw_timer(), so a loop goes through the host's main loop and never up the stack; the
 * other four are noted and take effect when the outer call ends. Nothing else may be called from
 * inside an operation. input_ready() is called from vsw_timer() and from the calls that change the
 * configuration, and may call vsw_port_input() of its port.
 *
 * Time is nanoseconds of a monotonic clock. The switch keeps its own deadlines (ageing, shapers,
 * queriers, beacons) and asks the host for the nearest one. Nothing in here reads a clock, sleeps,
 * locks, or allocates per frame.
 *
 * Names are VMware's: port group, uplink, VLAN 0 = untagged (EST), 1-4094 = access (VST), 4095 =
 * guest tags (VGT).
 */
#ifndef VSWITCH_VSWITCH_H
#define VSWITCH_VSWITCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hwnet/gso.h"
#include "hwnet/pkt.h"

struct vsw;
struct vsw_port;
struct vsw_policy; /* vswitch/policy.h */

/** VSW_NEVER - A deadline that never comes. */
#define VSW_NEVER INT64_MAX
/** VSW_MAX_PORTS - Most ports of a switch, uplinks included: vSphere's limit. */
#define VSW_MAX_PORTS 4096u
/** VSW_MAX_ADDRS - Most addresses that a card may register at its port. */
#define VSW_MAX_ADDRS 512u
/** VSW_NAME_MAX - Room for a name with its final zero. */
#define VSW_NAME_MAX 64u
/** VSW_VLAN_DEFAULT - In struct vsw_port_conf: as the port group says; without one 0, and 4095 for
 * an uplink. */
#define VSW_VLAN_DEFAULT (-1)

/*
 * VSW_DROPS() - Why frames are dropped: ROW(REASON, name, counted at, meaning), in the order in
 * which they are shown. A new reason is one row here.
 *
 * Counted at SENDER: the port it came from; RECEIVER: the port it was meant for; EITHER: the one of
 * them whose state or policy it is.
 */
#define VSW_DROPS(ROW)                                                                             \
	ROW(BLOCKED, "blocked", EITHER, "the port is blocked by its policy")                       \
	ROW(LINK_DOWN, "link-down", EITHER, "the port's link is down")                             \
	ROW(MALFORMED, "malformed", SENDER,                                                        \
	    "breaks the rules of hwnet/pkt.h (too short, header length beyond the frame)")         \
	ROW(TOO_LONG, "too-long", SENDER, "longer than the switch's MTU, tags not counted")        \
	ROW(VLAN_RESERVED, "vlan-reserved", SENDER, "VID 4095 (802.1Q-2018 9.6)")                  \
	ROW(VLAN, "vlan", SENDER,                                                                  \
	    "VLAN not carried by this port, or tagged or untagged frames not accepted")            \
	ROW(SRC_GROUP, "source-group", SENDER, "source address is a group address")                \
	ROW(RESERVED, "reserved-address", SENDER,                                                  \
	    "destination is a reserved group address (802.1Q-2018 table 8-1), or it is a MAC "     \
	    "control frame (PAUSE), to whatever address")                                          \
	ROW(BPDU, "bpdu", EITHER, "BPDU, which the port's policy filters")                         \
	ROW(BPDU_GUARD, "bpdu-guard", EITHER, "a BPDU came from the port, and shut it")            \
	ROW(FORGED, "forged-transmit", SENDER,                                                     \
	    "security policy: source address is not the card's")                                   \
	ROW(ROUTER, "multicast-router", SENDER,                                                    \
	    "security policy: a message of a multicast router or querier")                         \
	ROW(MAC_LIMIT, "mac-limit", SENDER, "the port has learnt as many addresses as it may")     \
	ROW(STORM, "storm", SENDER, "storm control")                                               \
	ROW(RULE, "rule", SENDER, "traffic rule: drop")                                            \
	ROW(RULE_RATE, "rule-rate", SENDER, "traffic rule: over its rate")                         \
	ROW(REFLECTED, "reflected", SENDER, "came back from an uplink to where it started")        \
	ROW(SAME_PORT, "same-port", SENDER, "the destination is where the frame comes from")       \
	ROW(SHAPED, "shaped", SENDER, "shaped on the way in, and the owner cannot wait")           \
	ROW(NO_DEST, "no-destination", SENDER, "nobody to send it to")                             \
	ROW(NO_UPLINK, "no-uplink", SENDER, "all uplinks of the port's team are down")             \
	ROW(BUSY, "busy", SENDER, "sent from inside a delivery by an owner that cannot wait")      \
	ROW(MAC_CHANGE, "mac-change", RECEIVER,                                                    \
	    "security policy: the card does not use its own address, the port gets nothing")       \
	ROW(OUT_RULE, "out-rule", RECEIVER, "traffic rule on the way out: drop")                   \
	ROW(OUT_RULE_RATE, "out-rule-rate", RECEIVER,                                              \
	    "traffic rule on the way out: over its rate")                                          \
	ROW(QUEUE_FULL, "queue-full", RECEIVER,                                                    \
	    "the port's queue was full, and this flow was the fattest")                            \
	ROW(QUEUE_DELAY, "queue-delay", RECEIVER, "CoDel: the queue stood longer than its target") \
	ROW(FINISH, "not-segmentable", RECEIVER,                                                   \
	    "a message that the port does not take whole cannot be cut")                           \
	ROW(BARE_TAG, "bare-tag", RECEIVER,                                                        \
	    "would leave untagged with a tag of a VLAN in front that its sender may not use")

/* enum vsw_drop - reasons, VSW_DROP_REASON each */
enum vsw_drop {
#define VSW_DROP_ENUM(reason, name, at, help) VSW_DROP_##reason,
	VSW_DROPS(VSW_DROP_ENUM)
#undef VSW_DROP_ENUM
		VSW_DROP_COUNT
};

/* enum vsw_drop_at - the port that counts a drop */
enum vsw_drop_at { VSW_AT_EITHER, VSW_AT_SENDER, VSW_AT_RECEIVER };

/**
 * struct vsw_count - Frames and bytes, as on the wire
 *
 * A whole TSO message counts as the frames it will become, its bytes with all their headers,
 * without FCS and preamble.
 */
struct vsw_count {
	uint64_t frames, bytes;
};

/**
 * struct vsw_traffic - One direction of a port
 * @unicast: @multicast: @broadcast: what passed
 * @gso:       Messages that passed whole (each is one here)
 */
struct vsw_traffic {
	struct vsw_count unicast, multicast, broadcast;
	uint64_t gso;
};

/**
 * struct vsw_counters - Counters of a port
 * @in:        From the owner into the switch, before any drop
 * @out:       Dealt with by the owner's send()
 * @segmented: Messages that were cut up for this receiver
 * @csummed:   Frames whose checksum was completed for this receiver
 * @drops:     Frames (as on the wire) dropped, by enum vsw_drop
 * @queued:    Frames that went through the queue
 * @queue_frames: @queue_bytes: in the queue now
 * @delay_max: Longest time a frame spent in the queue, ns
 * @delay_hist: Frames that left the queue after less than 2^(i+10) ns (the last: all others)
 * @ecn_marked: Frames marked by CoDel instead of dropped
 * @held:      Times vsw_port_input() left frames at the owner
 * @addresses: Addresses learnt from this port, in the table now
 * @moves:     Stations that moved to this port
 */
struct vsw_counters {
	struct vsw_traffic in, out;
	uint64_t segmented, csummed;
	uint64_t drops[VSW_DROP_COUNT];
	uint64_t queued;
	uint32_t queue_frames, queue_bytes;
	uint64_t delay_max;
	uint64_t delay_hist[20];
	uint64_t ecn_marked;
	uint64_t held;
	uint32_t addresses;
	uint64_t moves;
};

/* enum vsw_event_about - what an event is about */
enum vsw_event_about {
	VSW_ABOUT_SWITCH,  /* no port */
	VSW_ABOUT_PORT,	   /* a port */
	VSW_ABOUT_STATION, /* a station at a port: its address and VLAN, too */
	VSW_ABOUT_CARD,	   /* a port, and the address of its card if that is known */
};

/* VSW_EVENTS() - What a switch reports to its host: ROW(KIND, name, what it is about, meaning). A
 * new kind is one row here. */
#define VSW_EVENTS(ROW)                                                                       \
	ROW(PORT_ADDED, "PORT_ADDED", CARD, "a port was added")                               \
	ROW(PORT_REMOVED, "PORT_REMOVED", CARD, "a port is being removed")                    \
	ROW(LINK, "PORT_LINK", CARD, "the link of a port went up or down")                    \
	ROW(FORGED, "FORGED_TRANSMIT", STATION,                                               \
	    "a frame was dropped since its source is not the card's")                         \
	ROW(MAC_CHANGE, "MAC_CHANGE", STATION,                                                \
	    "a card uses another address than its own, and may not")                          \
	ROW(MAC_MOVED, "MAC_MOVED", STATION, "a station moved to this port")                  \
	ROW(MAC_LIMIT, "MAC_LIMIT", STATION, "a port has learnt as many addresses as it may") \
	ROW(MAC_CONFLICT, "MAC_CONFLICT", STATION, "two cards register one address")          \
	ROW(STORM, "STORM", PORT, "storm control drops frames")                               \
	ROW(FAILOVER, "FAILOVER", CARD, "the team of a port changed its uplink")              \
	ROW(RULE, "RULE_HIT", STATION, "a traffic rule with `log` was hit")                   \
	ROW(ROLLBACK, "ROLLBACK", SWITCH, "a configuration was not confirmed in time")        \
	ROW(SHUT, "PORT_SHUT", STATION, "a policy closed a port for what came out of it")     \
	ROW(OPENED, "PORT_OPENED", PORT, "a port that was shut is open again")                \
	ROW(MOVE, "PORT_MOVE", PORT, "a step of a port's way from one connection to another")

/* enum vsw_event_kind - kinds, VSW_EVENT_KIND each */
enum vsw_event_kind {
#define VSW_EVENT_ENUM(kind, name, about, help) VSW_EVENT_##kind,
	VSW_EVENTS(VSW_EVENT_ENUM)
#undef VSW_EVENT_ENUM
		VSW_EVENT_COUNT
};

/**
 * struct vsw_event - Something that happened
 * @kind: What
 * @port: Port it is about, or NULL
 * @mac:  Address it is about, or zeros
 * @vlan: VLAN of @mac
 * @text: One line for people
 */
struct vsw_event {
	enum vsw_event_kind kind;
	struct vsw_port *port;
	uint8_t mac[6];
	uint16_t vlan;
	const char *text;
};

/**
 * struct vsw_host - What the host does for a switch
 * @now:   The time, ns. Called where a policy needs it, not per frame. It may go back, as a virtual
 *      machine's does when a snapshot is loaded: the switch's own time goes on. Call vsw_timer()
 *      then, so that it sets its deadline anew
 * @timer: Call vsw_timer() at or soon after @deadline (VSW_NEVER: not at all). Replaces the last
 *      wish.
 * @event: Something happened; may be NULL. At most a few a second of each kind. Nothing of the
 *      switch may be called.
 */
struct vsw_host {
	int64_t (*now)(void *opaque);
	void (*timer)(void *opaque, int64_t deadline);
	void (*event)(void *opaque, const struct vsw_event *ev);
};

/**
 * struct vsw_conf - What a switch is made with
 * @name:      Its name
 * @host:      Operations; must outlive the switch
 * @opaque:    First argument of each
 * @addresses: Addresses that the table holds at least; 0: 16384
 * @seed:      Secret of the hash functions; 0: drawn from the system
 */
struct vsw_conf {
	const char *name;
	const struct vsw_host *host;
	void *opaque;
	uint32_t addresses;
	uint64_t seed;
};

/**
 * struct vsw_port_ops - What the owner of a port does
 * @send:        Take frames, n <= PKT_BURST; return how many were dealt with, from the front. If
 *      fewer than @n, the owner calls vsw_port_ready() when there is room.
 * @input_ready: After a vsw_port_input() that left frames: try again. May be NULL.
 * @close:       The switch is being freed, or the port is removed: last call. May be NULL.
 */
struct vsw_port_ops {
	unsigned (*send)(void *opaque, const struct pkt *const *pkts, unsigned n);
	void (*input_ready)(void *opaque);
	void (*close)(void *opaque);
};

/**
 * struct vsw_port_conf - What a port is made with; start from VSW_PORT_CONF_INIT
 * @id:        Its name, unique in the switch: [A-Za-z0-9._:-]+
 * @portgroup: Port group, or NULL
 * @uplink:    Leads out of the switch: takes part in teaming; frames from one uplink never leave by
 *      another
 * @vlan:      0, 1-4094, 4095, or VSW_VLAN_DEFAULT
 * @mac:       The card's permanent address; zeros: unknown until vsw_port_set_addrs() (if its
 *             policy rejects forged transmits, nothing passes until then)
 * @caps:      enum pkt_takes (hwnet/gso.h): what the owner takes in send(). A card's
 *      hwnet_rx_caps() can be or-ed in
 * @speed_mbps: Link speed if known (network I/O control of an uplink), or 0
 */
struct vsw_port_conf {
	const char *id;
	const char *portgroup;
	bool uplink;
	int vlan;
	uint8_t mac[6];
	uint32_t caps;
	uint32_t speed_mbps;
};

#define VSW_PORT_CONF_INIT               \
	{                                \
		.vlan = VSW_VLAN_DEFAULT \
	}

/**
 * struct vsw_addrs - Receive filter of the card behind a port
 * @mac:         Its address now
 * @promiscuous: The card wants all frames (whether it gets them is the port's security policy)
 * @allmulti:    The card wants all group frames
 * @n:           Entries of @addrs
 * @addrs:       Further addresses, unicast and group
 *
 * A card whose group filter is a hash that can't be listed reports @allmulti.
 */
struct vsw_addrs {
	uint8_t mac[6];
	bool promiscuous, allmulti;
	unsigned n;
	const uint8_t (*addrs)[6];
};

/**
 * vsw_new() - Make a switch
 * @conf:   What kind; copied
 * @err:    On failure, one line saying what was wrong
 * @errlen: Room in @err
 *
 * Return: the switch, or NULL.
 */
struct vsw *vsw_new(const struct vsw_conf *conf, char *err, size_t errlen);

/**
 * vsw_free() - Destroy a switch; its ports are removed first
 * @sw: The switch or NULL
 */
void vsw_free(struct vsw *sw);

/**
 * vsw_name() - Name of a switch
 * @sw: The switch
 *
 * Return: borrowed.
 */
const char *vsw_name(const struct vsw *sw);

/**
 * vsw_timer() - The deadline has come (early and late calls are harmless)
 * @sw: The switch
 */
void vsw_timer(struct vsw *sw);

/**
 * vsw_port_add() - Connect something
 * @sw:     The switch
 * @conf:   What; copied
 * @ops:    Its operations; must outlive the port
 * @opaque: First argument of each
 * @err:    On failure, one line saying what was wrong
 * @errlen: Room in @err
 *
 * The link of a new port is up.
 *
 * Return: the port, or NULL and nothing changed.
 */
struct vsw_port *vsw_port_add(struct vsw *sw, const struct vsw_port_conf *conf,
			      const struct vsw_port_ops *ops, void *opaque, char *err,
			      size_t errlen);

/**
 * vsw_port_remove() - Disconnect; frames in its queue are dropped, addresses learnt from it
 * forgotten
 * @port: The port or NULL
 */
void vsw_port_remove(struct vsw_port *port);

/**
 * vsw_port_input() - Frames from the owner
 * @port: The port
 * @pkts: Frames
 * @n:    Their number, any
 *
 * Return: how many were dealt with, from the front (delivered, queued, or dropped and counted). If
 * fewer than @n, ops->input_ready() follows.
 */
unsigned vsw_port_input(struct vsw_port *port, const struct pkt *const *pkts, unsigned n);

/**
 * vsw_port_ready() - The owner has room again: what waits in the queue is sent
 * @port: The port
 */
void vsw_port_ready(struct vsw_port *port);

/**
 * vsw_port_set_caps() - Tell what the owner takes from now on
 * @port: The port
 * @caps: enum pkt_takes. What already waits in the queue is finished to fit when it leaves.
 */
void vsw_port_set_caps(struct vsw_port *port, uint32_t caps);

/**
 * vsw_port_set_link() - Link of the owner's side
 * @port: The port
 * @up:   State. A port that is down neither takes nor gets frames; addresses learnt from it are
 *      forgotten at once.
 */
void vsw_port_set_link(struct vsw_port *port, bool up);

/**
 * vsw_port_announce() - The physical switches are to learn where the port is, since it has moved
 * here
 * @port: The port, not an uplink
 *
 * Its addresses are announced as after a change of its uplink, unless its policy says not to.
 */
void vsw_port_announce(struct vsw_port *port);

/**
 * vsw_port_set_addrs() - Tell the card's addresses and filter
 * @port:  The port
 * @addrs: What it has now; copied. More than VSW_MAX_ADDRS group addresses become @allmulti,
 *      further unicast addresses are left out.
 */
void vsw_port_set_addrs(struct vsw_port *port, const struct vsw_addrs *addrs);

/**
 * vsw_port_counters() - Ask for the counters
 * @port: The port
 * @c:    Filled
 */
void vsw_port_counters(const struct vsw_port *port, struct vsw_counters *c);

/**
 * vsw_port_set_counters() - Go on counting from what another port of that id has counted
 * @port: The port
 * @c:    Its counters. What is in a queue or the table now is left alone
 */
void vsw_port_set_counters(struct vsw_port *port, const struct vsw_counters *c);

/**
 * vsw_port_clear_counters() - Set the counters to 0
 * @port: The port
 */
void vsw_port_clear_counters(struct vsw_port *port);

/**
 * vsw_drop_name() - Name of a drop reason, as control shows it
 * @reason: enum vsw_drop
 *
 * Return: the name, or NULL if there is no such reason.
 */
const char *vsw_drop_name(unsigned reason);

/**
 * vsw_drop_help() - What a drop reason means
 * @reason: enum vsw_drop
 *
 * Return: the meaning, or NULL if there is no such reason.
 */
const char *vsw_drop_help(unsigned reason);

/**
 * vsw_drop_at() - The port that counts drops of a reason
 * @reason: enum vsw_drop, less than VSW_DROP_COUNT
 *
 * Return: which.
 */
enum vsw_drop_at vsw_drop_at(enum vsw_drop reason);

/**
 * vsw_event_about() - What an event is about
 * @kind: enum vsw_event_kind, less than VSW_EVENT_COUNT
 *
 * Return: which of its members are told.
 */
enum vsw_event_about vsw_event_about(enum vsw_event_kind kind);

/**
 * vsw_event_name() - Name of an event, as control shows it
 * @kind: enum vsw_event_kind
 *
 * Return: the name, in upper case, or NULL if there is no such kind.
 */
const char *vsw_event_name(unsigned kind);

/**
 * vsw_event_help() - What an event means
 * @kind: enum vsw_event_kind
 *
 * Return: the meaning, or NULL if there is no such kind.
 */
const char *vsw_event_help(unsigned kind);

/**
 * vsw_port_find() - Look a port up
 * @sw: The switch
 * @id: Its name
 *
 * Return: the port, or NULL.
 */
struct vsw_port *vsw_port_find(const struct vsw *sw, const char *id);

/**
 * vsw_port_next() - Walk over the ports
 * @sw:   The switch
 * @port: The last one, or NULL to begin
 *
 * Return: the next, or NULL.
 */
struct vsw_port *vsw_port_next(const struct vsw *sw, const struct vsw_port *port);

/**
 * vsw_port_id() - Name of a port
 * @port: The port
 *
 * Return: borrowed.
 */
const char *vsw_port_id(const struct vsw_port *port);

#endif
