/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Asking a switch: its ports, its table of addresses, groups, mirror sessions, traffic rules.
 *
 * DOC: Theory of Operation
 *
 * Nothing in here changes the switch, allocates or calls back. Policies in force are asked for with
 * vsw_port_policy() and vsw_switch_policy() (vswitch/policy.h), counters with vsw_port_counters().
 *
 * What there may be many of is walked in pieces, so that frames do not wait: the caller hands an
 * array of as many entries as it has time for, and a cursor, which is 0 at the beginning and
 * VSW_WALK_END when everything was seen. A piece looks at no more than VSW_WALK_PLACES places of
 * the table for each entry of the array; so it may fill less than the array, even nothing, before
 * the end.
 *
 * Between two pieces the switch goes on: there is no snapshot. What is there during the whole walk
 * comes exactly once. What comes or goes meanwhile may come or not; what goes and comes back may
 * come twice. Each entry is as it was at its own piece. Pointers in entries are borrowed until
 * something else of the switch is called; a cursor is a number that is never wrong, whatever
 * happened.
 */
#ifndef VSWITCH_QUERY_H
#define VSWITCH_QUERY_H

#include "vswitch/policy.h"
#include "vswitch/vswitch.h"

/** VSW_WALK_END - Cursor of a walk that has seen everything. */
#define VSW_WALK_END UINT64_MAX
/** VSW_WALK_PLACES - Most places of a table that a walk looks at for each entry asked for. */
#define VSW_WALK_PLACES 16u

/**
 * struct vsw_state - A switch as a whole
 * @ports:     Ports, uplinks included
 * @uplinks:   Uplinks
 * @addresses: Entries in the table of addresses
 */
struct vsw_state {
	unsigned ports, uplinks;
	uint32_t addresses;
};

/**
 * struct vsw_port_state - A port as it is now
 * @portgroup:   Port group it was connected with, or "". Borrowed
 * @vlan:        VLAN it was connected with, as in struct vsw_port_conf
 * @uplink:      It leads out of the switch
 * @link:        Its link is up
 * @shut:        What it was shut for: the name of a drop reason; NULL: it is not shut
 * @promiscuous: It gets what is meant for others
 * @mac:         Address of its card now; zeros: unknown
 * @leaves_by:   Uplink that its frames leave by, or NULL
 */
struct vsw_port_state {
	const char *portgroup;
	int vlan;
	bool uplink, link, promiscuous;
	const char *shut;
	uint8_t mac[6];
	const struct vsw_port *leaves_by;
};

/**
 * struct vsw_address - An entry of the table of addresses
 * @mac:    The address
 * @vlan:   VLAN it is known in (of a private VLAN the primary one); VSW_VGT: all VLANs of its port
 * @port:   Port it is behind; NULL: the uplinks, which share theirs
 * @fixed:  Entered by a card, a policy or by hand: it is not forgotten
 * @idle:   If not: seconds since it was last seen as a source, in steps of the ageing
 */
struct vsw_address {
	uint8_t mac[6];
	uint16_t vlan;
	const struct vsw_port *port;
	bool fixed;
	uint32_t idle;
};

/**
 * struct vsw_group - A group that snooping knows
 * @v6:      Its address is IPv6, else IPv4
 * @address: Its address; IPv4 in the first four bytes
 * @vlan:    Its VLAN (of a private VLAN the primary one)
 * @n_ports: Entries of @port and @expires
 * @port:    Who asked for it. Uplinks are not among them: they get all groups
 * @expires: Seconds until that ends, unless it is asked for again
 */
struct vsw_group {
	bool v6;
	uint8_t address[16];
	uint16_t vlan;
	unsigned n_ports;
	const struct vsw_port *port[VSW_MAX_PORTS];
	uint32_t expires[VSW_MAX_PORTS];
};

/* enum vsw_router_sign - by what a multicast router was known, a bit each */
enum vsw_router_sign {
	VSW_ROUTER_QUERIES = 1,
	VSW_ROUTER_PIM = 2,
	VSW_ROUTER_DISCOVERY = 4,    /* RFC 4286 */
	VSW_ROUTER_CONFIGURATION = 8 /* VSW_ROUTER_STATIC; does not expire */
};

/** VSW_ROUTERS_SHOWN - Most router ports of a VLAN that vsw_snooping() tells. */
#define VSW_ROUTERS_SHOWN 64u

/**
 * struct vsw_snooping - What snooping knows of a VLAN and a version of IP
 * @vlan:      The VLAN (of a private VLAN the primary one)
 * @v6:        IPv6, else IPv4
 * @filtered:  Somebody asks, so groups go to those who want them; else they are flooded
 * @own:       The switch's querier asks
 * @other:     Another querier does
 * @querier:   Its address; zeros: it asks on behalf of nobody
 * @querier_port: Where it is; NULL: the uplinks
 * @querier_expires: Seconds until it is forgotten, if it is not heard again
 * @groups:    Groups that are known
 * @in_doubt:  Ports that get all groups, since something they asked for could not be kept
 * @n_routers: Entries of the next three
 * @router:    Router ports; NULL: the uplinks
 * @signs:     enum vsw_router_sign
 * @expires:   Seconds until it is forgotten
 */
struct vsw_snooping {
	uint16_t vlan;
	bool v6, filtered, own, other;
	uint8_t querier[16];
	const struct vsw_port *querier_port;
	uint32_t querier_expires;
	unsigned groups, in_doubt, n_routers;
	const struct vsw_port *router[VSW_ROUTERS_SHOWN];
	uint8_t signs[VSW_ROUTERS_SHOWN];
	uint32_t expires[VSW_ROUTERS_SHOWN];
};

/**
 * struct vsw_snooping_counters - Messages that snooping did not use, since it was switched on
 * @bad:    Failed a check: checksum, TTL, router alert, length, address
 * @forged: Of a router, from a port where none may be: dropped
 * @full:   Something in them did not fit into the tables
 */
struct vsw_snooping_counters {
	uint64_t bad, forged, full;
};

/**
 * struct vsw_mirror_state - A mirror session
 * @name:   Its name. Borrowed
 * @to:     Port the copies leave by; NULL: there is none of that name, the session rests
 * @copied: Frames copied
 * @missed: Frames that could not be copied
 */
struct vsw_mirror_state {
	const char *name;
	const struct vsw_port *to;
	uint64_t copied, missed;
};

/**
 * vsw_state() - Ask for the state of a switch
 * @sw: The switch
 * @st: Filled
 */
void vsw_state(const struct vsw *sw, struct vsw_state *st);

/**
 * vsw_port_state() - Ask for the state of a port
 * @port: The port
 * @st:   Filled
 */
void vsw_port_state(const struct vsw_port *port, struct vsw_port_state *st);

/**
 * vsw_ports() - Walk over the ports in pieces; they may come and go between two
 * @sw:     The switch
 * @cursor: Where the walk is; 0 to begin
 * @port:   Filled
 * @n:      Room in @port
 *
 * Return: how many were filled in.
 */
unsigned vsw_ports(const struct vsw *sw, uint64_t *cursor, struct vsw_port **port, unsigned n);

/**
 * vsw_addresses() - Walk over the table of addresses in pieces
 * @sw:      The switch
 * @cursor:  Where the walk is; 0 to begin
 * @address: Filled
 * @n:       Room in @address
 *
 * Return: how many were filled in.
 */
unsigned vsw_addresses(const struct vsw *sw, uint64_t *cursor, struct vsw_address *address,
		       unsigned n);

/**
 * vsw_groups() - Walk over the groups that snooping knows, in pieces
 * @sw:     The switch
 * @cursor: Where the walk is; 0 to begin
 * @group:  Filled
 * @n:      Room in @group
 *
 * Return: how many were filled in.
 */
unsigned vsw_groups(const struct vsw *sw, uint64_t *cursor, struct vsw_group *group, unsigned n);

/**
 * vsw_snooping() - Walk over the VLANs that snooping knows something of, in pieces
 * @sw:     The switch
 * @cursor: Where the walk is; 0 to begin
 * @state:  Filled
 * @n:      Room in @state
 *
 * Return: how many were filled in.
 */
unsigned vsw_snooping(const struct vsw *sw, uint64_t *cursor, struct vsw_snooping *state,
		      unsigned n);

/**
 * vsw_snooping_counters() - Ask for messages that were not used
 * @sw: The switch
 * @c:  Filled
 */
void vsw_snooping_counters(const struct vsw *sw, struct vsw_snooping_counters *c);

/**
 * vsw_mirror_states() - Ask for the mirror sessions
 * @sw:    The switch
 * @state: Filled, in the order of the switch's policy
 *
 * Return: how many there are.
 */
unsigned vsw_mirror_states(const struct vsw *sw, struct vsw_mirror_state state[VSW_MAX_MIRRORS]);

/**
 * vsw_port_rule_hits() - Frames that a traffic rule held for
 * @port: The port
 * @rule: Which of vsw_port_policy()'s rules
 *
 * Return: the number; 0 if there is no such rule.
 */
uint64_t vsw_port_rule_hits(const struct vsw_port *port, unsigned rule);

#endif
