/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Policies: what a port may do, and what is done to its traffic.
 *
 * DOC: Theory of Operation
 *
 * A struct vsw_policy is the whole policy of one port. Templates (port groups) and overrides are the business of who
 * fills it in (vswitch/control.h): the switch is given the result, checks it, and compiles it into what its data path
 * reads. A policy that is left at its default costs the data path nothing.
 *
 * A transaction (vsw_txn_*) changes any number of ports and the switch itself, all or nothing: everything that can fail
 * happens before vsw_txn_commit(), which cannot.
 *
 * Rates are bits a second and frames a second of frames as on the wire: without preamble and FCS; a TSO message counts
 * as what it will become.
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
	VSW_VLAN_TRUNK,  /* VGT: the guest tags; untagged frames belong to @vid (native VLAN) */
	VSW_VLAN_TUNNEL, /* QinQ: whatever the guest sends belongs to @vid, its tags are payload */
	VSW_VLAN_PRIVATE /* as ACCESS; @vid is in the switch's table of private VLANs */
};

/* enum vsw_accept - acceptable frame types (802.1Q-2018 6.9) of a trunk */
enum vsw_accept { VSW_ACCEPT_ALL, VSW_ACCEPT_TAGGED, VSW_ACCEPT_UNTAGGED };

/**
 * struct vsw_vlan_policy - VLANs of a port
 * @mode:      What it does with tags
 * @vid:       Access VLAN, native VLAN, outer VLAN; 0: the untagged one. Private VLAN: a primary VLAN
 *             (the port is promiscuous), or a secondary one (the port is isolated, or of that community)
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

/**
 * struct vsw_security_policy - VMware's security policy; true: accept
 * @promiscuous:      A card in promiscuous mode gets the traffic of its VLANs
 * @mac_changes:      The card may use other addresses than its permanent one; if not, a card that does gets nothing
 * @forged_transmits: The guest may send from addresses that are not its card's
 */
struct vsw_security_policy {
	bool promiscuous, mac_changes, forged_transmits;
};

/**
 * struct vsw_mac_policy - Addresses behind a port
 * @learning:   Learn sources
 * @flooding:   Gets frames to unknown unicast addresses
 * @limit:      Most addresses learnt
 * @limit_drop: Frames of further addresses are dropped, else passed unlearnt
 * @reserved:   Bit n: 01-80-C2-00-00-0n passes from this port (802.1Q-2018 table 8-1; none by default)
 */
struct vsw_mac_policy {
	bool learning, flooding;
	uint32_t limit;
	bool limit_drop;
	uint16_t reserved;
};

/**
 * struct vsw_queue_policy - The port's egress queue (RFC 8290)
 * @frames:   Most frames in it
 * @bytes:    Most bytes in it
 * @target:   Standing delay that is tolerated, ns
 * @interval: For how long it is, ns
 * @ecn:      Mark ECN-capable packets instead of dropping them
 */
struct vsw_queue_policy {
	uint32_t frames, bytes;
	int64_t target, interval;
	bool ecn;
};

/**
 * struct vsw_policy - Policy of a port
 * @blocked: Nothing passes
 */
struct vsw_policy {
	bool blocked;
	struct vsw_vlan_policy vlan;
	struct vsw_security_policy security;
	struct vsw_mac_policy mac;
	struct vsw_queue_policy queue;
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

/**
 * struct vsw_switch_policy - Policy of the switch itself
 * @mtu:    Longest frame without Ethernet header and tags
 * @ageing: Seconds until an unused address is forgotten, 10 to 1,000,000 (802.1Q-2018 table 8-6)
 * @n_pvlans: Entries of @pvlan
 * @pvlan:  Private VLANs
 */
struct vsw_switch_policy {
	uint32_t mtu;
	uint32_t ageing;
	unsigned n_pvlans;
	struct vsw_pvlan pvlan[VSW_MAX_PVLANS];
};

/**
 * vsw_policy_init() - Policy of a port that was told nothing
 * @p:      Filled: untagged; learning and flooding; promiscuous rejected, MAC changes and forged transmits accepted
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
int vsw_txn_port(struct vsw_txn *txn, struct vsw_port *port, const struct vsw_policy *policy, char *err,
		 size_t errlen);

/**
 * vsw_txn_switch() - New policy for the switch
 * @txn:    The transaction
 * @policy: The policy; copied
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: 0, or -1.
 */
int vsw_txn_switch(struct vsw_txn *txn, const struct vsw_switch_policy *policy, char *err, size_t errlen);

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
 * vsw_txn_commit() - Put the change in force between two frames
 * @txn: A prepared transaction; freed
 */
void vsw_txn_commit(struct vsw_txn *txn);

/**
 * vsw_txn_abort() - Drop the change
 * @txn: The transaction or NULL; freed
 */
void vsw_txn_abort(struct vsw_txn *txn);

#endif
