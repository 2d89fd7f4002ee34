/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Policies: what a port may do, and what is done to its traffic.
 *
 * DOC: Theory of Operation
 *
 * A struct vsw_policy is the whole policy of one port. Templates (port groups) and overrides are
 * the business of who fills it in (vswitch/control.h): the switch is given the result, checks it,
 * and compiles it into what its data path reads. A policy that is left at its default costs the
 * data path nothing.
 *
 * A transaction (vsw_txn_*) changes any number of ports and the switch itself, all or nothing:
 * everything that can fail happens before vsw_txn_commit(), which cannot.
 *
 * Rates are bits a second and frames a second of frames as on the wire: without preamble and FCS; a
 * TSO message counts as what it will become.
 */
#ifndef VSWITCH_POLICY_H
#define VSWITCH_POLICY_H

#include "vswitch/vswitch.h"

/** VSW_VLANS - Numbers of VLANs. */
#define VSW_VLANS 4096u
/** VSW_VGT - VMware's VLAN number of a port whose guest tags by itself. */
#define VSW_VGT 4095

/* enum vsw_vlan_mode - what a port does with tags */
enum vsw_vlan_mode {
	VSW_VLAN_ACCESS, /* EST, VST: the guest's frames are untagged and belong to @vid */
	VSW_VLAN_TRUNK,	 /* VGT: the guest tags; untagged frames belong to @vid (native VLAN) */
	VSW_VLAN_TUNNEL, /* QinQ: whatever the guest sends belongs to @vid, its tags are payload */
	VSW_VLAN_PRIVATE /* as ACCESS; @vid is in the switch's table of private VLANs */
};

/* enum vsw_accept - acceptable frame types (802.1Q-2018 6.9) of a trunk */
enum vsw_accept { VSW_ACCEPT_ALL, VSW_ACCEPT_TAGGED, VSW_ACCEPT_UNTAGGED };

/**
 * struct vsw_vlan_policy - VLANs of a port
 * @mode:      What it does with tags
 * @vid:       Access VLAN, native VLAN, outer VLAN; 0: the untagged one. Private VLAN: a primary
 * VLAN (the port is promiscuous), or a secondary one (the port is isolated, or of that community)
 * @tpid:      Trunk: EtherType of its tags, 0x8100 or 0x88a8
 * @accept:    Trunk: acceptable frame types
 * @filter:    Trunk: drop on the way in what the port does not carry (802.1Q ingress filtering)
 * @allowed:   Trunk: VLANs carried, a bit each
 */
struct vsw_vlan_policy {
	enum vsw_vlan_mode mode;
	uint16_t vid, tpid;
	enum vsw_accept accept;
	bool filter;
	uint64_t allowed[VSW_VLANS / 64];
};

/* enum vsw_router - may a multicast router or querier be behind a port? Asked when snooping */
enum vsw_router {
	VSW_ROUTER_REJECT, /* no: what only routers send to groups is dropped */
	VSW_ROUTER_ACCEPT, /* if it says so: by queries, PIM, multicast router discovery */
	VSW_ROUTER_STATIC  /* there is one, whether it says so or not */
};

/**
 * struct vsw_security_policy - VMware's security policy; true: accept
 * @promiscuous:      A card in promiscuous mode gets the traffic of its VLANs
 * @mac_changes:      The card may use other addresses than its permanent one; if not, a card that
 *      does gets nothing
 * @forged_transmits: The guest may send from addresses that are not its card's
 * @multicast_router: Multicast routers behind it (VMware has no such switch)
 */
struct vsw_security_policy {
	bool promiscuous, mac_changes, forged_transmits;
	enum vsw_router multicast_router;
};

/* enum vsw_bpdu - what becomes of BPDUs */
enum vsw_bpdu { VSW_BPDU_FORWARD, VSW_BPDU_FILTER, VSW_BPDU_GUARD };

/** VSW_MAX_STATIC - Most addresses that a policy enters for a port. */
#define VSW_MAX_STATIC 64u

/**
 * struct vsw_mac_policy - Addresses behind a port
 * @learning:   Learn sources
 * @flooding:   Gets frames to unknown unicast addresses
 * @limit:      Most addresses learnt
 * @limit_drop: Frames of further addresses are dropped, else passed unlearnt
 * @reserved:   Bit n: 01-80-C2-00-00-0n passes from this port (802.1Q-2018 table 8-1; none by
 *      default)
 * @bpdu: @bpdu_recovery: With GUARD, seconds that a port stays shut; 0: until it is opened
 * @n_addresses: @address: Static entries, besides what the card registers; they are its own for the
 *             security policy, too. Not for uplinks
 */
struct vsw_mac_policy {
	bool learning, flooding;
	uint32_t limit;
	bool limit_drop;
	uint16_t reserved;
	enum vsw_bpdu bpdu;
	uint32_t bpdu_recovery;
	unsigned n_addresses;
	uint8_t address[VSW_MAX_STATIC][6];
};

/**
 * struct vsw_queue_policy - The port's egress queue (RFC 8290)
 * @frames:   Most frames in it, 16 to 65536; a TSO message is one
 * @bytes:    Most bytes in it, as on the wire, 64 KiB to 256 MiB
 * @target:   Standing delay that is tolerated, ns, at most 1 s; 0: any, only a full queue drops
 * @interval: For how long more is, ns, @target to 10 s
 * @ecn:      Mark ECN-capable packets instead of dropping them for their delay
 */
struct vsw_queue_policy {
	uint32_t frames, bytes;
	int64_t target, interval;
	bool ecn;
};

/**
 * struct vsw_shape_policy - VMware's traffic shaping, one direction
 * @average: Bits a second over time; 0: not shaped
 * @peak:    Bits a second within a burst; at least @average
 * @burst:   Bytes that may pass at @peak after a pause
 *
 * On the way in, frames beyond it stay with the owner (in the guest's ring); on the way out they
 * wait in the queue.
 */
struct vsw_shape_policy {
	uint64_t average, peak, burst;
};

/**
 * struct vsw_storm_policy - Storm control, on the way in; frames a second, 0: no limit
 * @broadcast: @multicast: @unknown: by destination; unknown: unicast that is not in the table
 */
struct vsw_storm_policy {
	uint32_t broadcast, multicast, unknown;
};

/** VSW_TEAM_MAX - Most uplinks in each list of a team. */
#define VSW_TEAM_MAX 8u

/* enum vsw_team_kind - which uplink of a team a frame takes (VMware's load balancing policies) */
enum vsw_team_kind {
	VSW_TEAM_PORT,	   /* by originating port */
	VSW_TEAM_MAC,	   /* by source MAC address */
	VSW_TEAM_IP,	   /* by IP addresses; needs a link aggregation at the other end */
	VSW_TEAM_LOAD,	   /* by originating port, moved when an uplink carries more than 3/4 of its
			      speed */
	VSW_TEAM_EXPLICIT, /* the first usable one */
};

/**
 * struct vsw_team_policy - How a port's frames leave the switch
 * @kind:     Which uplink they take
 * @failback: An uplink that returns takes its place again
 * @notify:   Tell the physical switches, by RARP, when a port's uplink changes
 * @beacon:   An uplink is usable only while beacons from it reach the others (needs 3 or more
 *      uplinks)
 * @n_active: @n_standby: entries of the lists; no active ones: all uplinks
 * @active:   Uplinks in use, by port id
 * @standby:  Uplinks that take the place of active ones
 */
struct vsw_team_policy {
	enum vsw_team_kind kind;
	bool failback, notify, beacon;
	unsigned n_active, n_standby;
	char active[VSW_TEAM_MAX][VSW_NAME_MAX], standby[VSW_TEAM_MAX][VSW_NAME_MAX];
};

/** VSW_MAX_RULES - Most traffic rules of a port. */
#define VSW_MAX_RULES 256u

/* enum vsw_rule_match - what a rule looks at; all that is given must hold */
enum vsw_rule_match {
	VSW_MATCH_SRC_MAC = 1 << 0,
	VSW_MATCH_DST_MAC = 1 << 1,
	VSW_MATCH_ETHERTYPE = 1 << 2,
	VSW_MATCH_VLAN = 1 << 3,
	VSW_MATCH_SRC_IP = 1 << 4,
	VSW_MATCH_DST_IP = 1 << 5,
	VSW_MATCH_PROTOCOL = 1 << 6,
	VSW_MATCH_SRC_PORT = 1 << 7,
	VSW_MATCH_DST_PORT = 1 << 8,
	VSW_MATCH_TCP_FLAGS = 1 << 9,
	VSW_MATCH_FRAGMENT = 1 << 10,
};

/* enum vsw_fragment - what of a datagram an IP packet is */
enum vsw_fragment {
	VSW_FRAGMENT_NO = 1 << 0,
	VSW_FRAGMENT_FIRST = 1 << 1,
	VSW_FRAGMENT_LATER = 1 << 2,
};

/* enum vsw_rule_action - what becomes of a frame that matches */
enum vsw_rule_action {
	VSW_RULE_ACCEPT,
	VSW_RULE_DROP,
	VSW_RULE_LIMIT,
	VSW_RULE_MARK,
	VSW_RULE_MIRROR
};

/* enum vsw_direction - as the guest sees it: out of the guest is into the switch */
enum vsw_direction { VSW_DIR_FROM_PORT = 1, VSW_DIR_TO_PORT = 2, VSW_DIR_BOTH = 3 };

/**
 * struct vsw_rule - A traffic rule
 * @name:      For counters and log
 * @direction: enum vsw_direction
 * @match:     enum vsw_rule_match: what is looked at
 * @negate:    enum vsw_rule_match: what must not hold
 * @src_mac: @dst_mac: value and mask
 * @ethertype: EtherType behind the tags
 * @vlan:      VLAN of the frame in the switch
 * @v6:        Addresses are IPv6
 * @src_ip: @dst_ip: value; IPv4 in the first four bytes
 * @src_prefix: @dst_prefix: bits of it that count
 * @protocol:  IP protocol
 * @src_port: @dst_port: first and last
 * @tcp_flags: @tcp_mask: flags that are looked at, and how they must be
 * @fragment:  enum vsw_fragment, those that match
 * @action:    What is done. DROP and ACCEPT end the list; LIMIT drops what is beyond, and goes on;
 *      MARK and MIRROR go on
 * @limit:     LIMIT: frames a second
 * @cos: @dscp: MARK: new value, or -1
 * @mirror:    MIRROR: name of a mirror session
 * @log:       Tell an event (at most one a second)
 */
struct vsw_rule {
	char name[VSW_NAME_MAX];
	uint32_t direction, match, negate;
	uint64_t src_mac[2], dst_mac[2];
	uint16_t ethertype, vlan;
	bool v6;
	uint8_t src_ip[16], dst_ip[16];
	uint8_t src_prefix, dst_prefix;
	uint8_t protocol;
	uint16_t src_port[2], dst_port[2];
	uint8_t tcp_flags, tcp_mask, fragment;
	enum vsw_rule_action action;
	uint32_t limit;
	int cos, dscp;
	char mirror[VSW_NAME_MAX];
	bool log;
};

/** VSW_MAX_CLASSES - Most classes of network I/O control. */
#define VSW_MAX_CLASSES 16u

/**
 * struct vsw_policy - Policy of a port
 * @blocked:    Nothing passes
 * @reflective: Frames may leave by the port they came in at (802.1Qbg reflective relay)
 * @class:      Class of network I/O control that its frames belong to: index in the switch's table
 * @n_rules:    Entries of @rules
 * @rules:      Traffic rules, in order; copied by vsw_txn_port(). In vsw_port_policy() they are
 *      borrowed
 */
struct vsw_policy {
	bool blocked, reflective;
	uint8_t class;
	struct vsw_vlan_policy vlan;
	struct vsw_security_policy security;
	struct vsw_mac_policy mac;
	struct vsw_queue_policy queue;
	struct vsw_shape_policy shape_in, shape_out;
	struct vsw_storm_policy storm;
	struct vsw_team_policy team;
	unsigned n_rules;
	const struct vsw_rule *rules;
};

/** VSW_MAX_PVLANS - Most secondary VLANs of a switch. */
#define VSW_MAX_PVLANS 256u

/**
 * struct vsw_pvlan - A secondary VLAN of a private VLAN
 * @primary:  The VLAN it is part of; promiscuous ports send in it
 * @secondary: Its own number
 * @isolated: Its ports do not reach each other either; else they are a community
 */
struct vsw_pvlan {
	uint16_t primary, secondary;
	bool isolated;
};

/* enum vsw_multicast - who gets frames to groups */
enum vsw_multicast {
	VSW_MCAST_FLOOD,    /* all */
	VSW_MCAST_FILTER,   /* those whose card's filter has the group */
	VSW_MCAST_SNOOPING, /* those that asked for it by IGMP or MLD */
};

/**
 * struct vsw_querier_policy - IGMP and MLD querier of the switch
 * @enabled:  Send queries
 * @interval: Seconds between them
 * @vlan:     VLAN they are sent in
 * @address:  IPv4 source; 0.0.0.0: on behalf of nobody (RFC 4541 2.1.1), any other querier is first
 * @address6: IPv6 source, link-local; zeros: one made from the switch's MAC address
 * @igmp:     Version of IGMP: 2 or 3
 * @mld:      Version of MLD: 1 or 2
 */
struct vsw_querier_policy {
	bool enabled;
	uint32_t interval;
	uint16_t vlan;
	uint8_t address[4], address6[16];
	uint8_t igmp, mld;
};

/**
 * struct vsw_class - A class of network I/O control
 * @name:        Its name (VMware's system traffic types, or one's own)
 * @shares:      1 to 100: its part of an uplink that is full
 * @limit:       Bits a second, 0: none
 * @reservation: Bits a second that it gets before all others
 */
struct vsw_class {
	char name[VSW_NAME_MAX];
	uint32_t shares;
	uint64_t limit, reservation;
};

/** VSW_MAX_MIRRORS - Most mirror sessions. */
#define VSW_MAX_MIRRORS 16u
/** VSW_MIRROR_PORTS - Most source ports of one. */
#define VSW_MIRROR_PORTS 32u

/* enum vsw_mirror_kind - where the copies go */
enum vsw_mirror_kind {
	VSW_MIRROR_PORT,    /* to a port */
	VSW_MIRROR_VLAN,    /* to an uplink, in a VLAN of their own (RSPAN) */
	VSW_MIRROR_ERSPAN2, /* in GRE over IPv4 */
	VSW_MIRROR_ERSPAN3,
};

/**
 * struct vsw_mirror - A mirror session (SPAN)
 * @name:     Its name
 * @kind:     Where the copies go
 * @n_ports:  Entries of @port and @direction
 * @port:     Sources, by port id
 * @direction: What of each is copied: enum vsw_direction
 * @to:       Port the copies leave by
 * @vlan:     VLAN: the copies' VLAN
 * @strip:    Without the VLAN they had; else they keep it, as a tag
 * @sampling: One of this many frames; 1: all
 * @truncate: Bytes of each frame; 0: all
 * @session:  ERSPAN: session number, 0 to 1023
 * @src_ip: @dst_ip: ERSPAN: outer IPv4 addresses
 * @src_mac: @dst_mac: ERSPAN: outer Ethernet addresses
 */
struct vsw_mirror {
	char name[VSW_NAME_MAX];
	enum vsw_mirror_kind kind;
	unsigned n_ports;
	char port[VSW_MIRROR_PORTS][VSW_NAME_MAX];
	uint8_t direction[VSW_MIRROR_PORTS];
	char to[VSW_NAME_MAX];
	uint16_t vlan;
	bool strip;
	uint32_t sampling, truncate;
	uint16_t session;
	uint8_t src_ip[4], dst_ip[4], src_mac[6], dst_mac[6];
};

/** VSW_MAX_TABLE - Most addresses that a switch's policy may ask room for. */
#define VSW_MAX_TABLE 1000000u

/**
 * struct vsw_switch_policy - Policy of the switch itself
 * @mtu:    Longest frame without Ethernet header and tags
 * @ageing: Seconds until an unused address is forgotten, 10 to 1,000,000 (802.1Q-2018 table 8-6)
 * @table:  Addresses that the table holds at least, to VSW_MAX_TABLE; 0: as struct vsw_conf says
 * @vepa:   Virtual Ethernet port aggregator (802.1Qbg): frames between ports go through the uplink
 *      and come back
 * @multicast: Who gets frames to groups
 * @querier: IGMP and MLD querier
 * @beacon: Beacons of the uplinks: milliseconds between them
 * @n_pvlans: @pvlan:   Private VLANs
 * @n_classes: @class:  Network I/O control; none: off
 * @n_mirrors: @mirror: Mirror sessions
 */
struct vsw_switch_policy {
	uint32_t mtu;
	uint32_t ageing;
	uint32_t table;
	bool vepa;
	enum vsw_multicast multicast;
	struct vsw_querier_policy querier;
	uint32_t beacon;
	unsigned n_pvlans;
	struct vsw_pvlan pvlan[VSW_MAX_PVLANS];
	unsigned n_classes;
	struct vsw_class class[VSW_MAX_CLASSES];
	unsigned n_mirrors;
	struct vsw_mirror mirror[VSW_MAX_MIRRORS];
};

/**
 * vsw_switch_policy_init() - Policy of a new switch
 * @p: Filled
 */
void vsw_switch_policy_init(struct vsw_switch_policy *p);

/**
 * vsw_policy_init() - Policy of a port that was told nothing
 * @p:      Filled: untagged; learning and flooding; promiscuous rejected, MAC changes and forged
 *      transmits accepted
 * @uplink: For an uplink: trunk of all VLANs
 */
void vsw_policy_init(struct vsw_policy *p, bool uplink);

/**
 * vsw_policy_set_vlan() - Set VMware's VLAN number
 * @p:    The policy
 * @vlan: 0, 1-4094: access; 4095: trunk of all VLANs
 *
 * Return: 0, or -1 if there is no such number.
 */
int vsw_policy_set_vlan(struct vsw_policy *p, int vlan);

/**
 * vsw_port_policy() - Policy in force
 * @port: The port
 *
 * Return: borrowed until the next change.
 */
const struct vsw_policy *vsw_port_policy(const struct vsw_port *port);

/**
 * vsw_switch_policy() - Policy in force
 * @sw: The switch
 *
 * Return: borrowed until the next change.
 */
const struct vsw_switch_policy *vsw_switch_policy(const struct vsw *sw);

/**
 * vsw_switch_policy_check() - Is a policy of a switch sound?
 * @policy: The policy
 * @err:    If not, "KEY: WHY": a key of the schema (vswitch/schema.h), elements of lists by number
 * @errlen: Room in @err
 *
 * Return: 0, or -1.
 */
int vsw_switch_policy_check(const struct vsw_switch_policy *policy, char *err, size_t errlen);

/**
 * vsw_policy_check() - Is a policy of a port sound?
 * @policy: The policy
 * @on:     That of the switch it would be used on, which is sound; NULL: whatever
 * @err:    If not, as of vsw_switch_policy_check()
 * @errlen: Room in @err
 *
 * Return: 0, or -1.
 */
int vsw_policy_check(const struct vsw_policy *policy, const struct vsw_switch_policy *on, char *err,
		     size_t errlen);

/** struct vsw_txn - A change being prepared; private */
struct vsw_txn;

/**
 * vsw_txn_new() - Begin a change
 * @sw: The switch; until commit or abort nothing else of it may be called
 *
 * Return: the transaction, or NULL without memory.
 */
struct vsw_txn *vsw_txn_new(struct vsw *sw);

/**
 * vsw_txn_port() - New policy for a port
 * @txn:    The transaction
 * @port:   The port
 * @policy: The policy; copied
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: 0, or -1 if the policy is not sound or memory is short (then abort).
 */
int vsw_txn_port(struct vsw_txn *txn, struct vsw_port *port, const struct vsw_policy *policy,
		 char *err, size_t errlen);

/**
 * vsw_txn_switch() - New policy for the switch
 * @txn:    The transaction
 * @policy: The policy; copied
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: 0, or -1.
 */
int vsw_txn_switch(struct vsw_txn *txn, const struct vsw_switch_policy *policy, char *err,
		   size_t errlen);

/**
 * vsw_txn_prepare() - Build all that the change needs
 * @txn:    The transaction
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: 0: vsw_txn_commit() will succeed; -1: abort.
 */
int vsw_txn_prepare(struct vsw_txn *txn, char *err, size_t errlen);

/**
 * vsw_txn_put() - Put the change in force between two frames, and free nothing
 * @txn: A prepared transaction; it then holds what was in force before, to be freed by
 *       vsw_txn_abort()
 *
 * For a program whose frames have a thread of their own: all but this may be called by another one,
 * if ports come and go and policies change by its orders only.
 */
void vsw_txn_put(struct vsw_txn *txn);

/**
 * vsw_txn_commit() - Put the change in force between two frames
 * @txn: A prepared transaction; freed
 */
void vsw_txn_commit(struct vsw_txn *txn);

/**
 * vsw_txn_abort() - Drop the change, or after vsw_txn_put() what it has replaced
 * @txn: The transaction or NULL; freed
 */
void vsw_txn_abort(struct vsw_txn *txn);

#endif
