/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Managing a switch: who says what policy a port to come has, and acts on its tables.
 *
 * DOC: Theory of Operation
 *
 * A switch has one manager at most. It is asked for the policy of each port that is added, and
 * hears of each event. libvswitch has one, which knows port groups (vswitch/control.h); another
 * program may have its own. Without a manager a port gets what vsw_policy_init() says and its own
 * VLAN.
 *
 * All of it is called by the one caller of the switch, between its bursts, never from inside an
 * operation.
 */
#ifndef VSWITCH_MANAGE_H
#define VSWITCH_MANAGE_H

#include "vswitch/policy.h"
#include "vswitch/vswitch.h"

/**
 * struct vsw_manager - What a manager does
 * @policy: Say what policy a port will have: fill @policy, which is vsw_policy_init()'s for @conf.
 *      What @policy borrows must live until the next call. Return 0, or -1 with one line in @err:
 *      the port is not added
 * @event:  Something happened. Nothing of the switch may be called
 */
struct vsw_manager {
	int (*policy)(void *opaque, const struct vsw_port_conf *conf, struct vsw_policy *policy,
		      char *err, size_t errlen);
	void (*event)(void *opaque, const struct vsw_event *ev);
};

/**
 * vsw_manage() - Become the manager of a switch, or leave
 * @sw:      The switch
 * @manager: The manager, which outlives the switch or leaves before; NULL: nobody from now on
 * @opaque:  First argument of its operations
 */
void vsw_manage(struct vsw *sw, const struct vsw_manager *manager, void *opaque);

/**
 * vsw_report() - Tell the host and the manager of an event
 * @sw: The switch
 * @ev: The event; borrowed
 */
void vsw_report(struct vsw *sw, const struct vsw_event *ev);

/**
 * vsw_address_add() - Enter an address for good: a static entry
 * @port:   Port it is behind
 * @vlan:   VLAN, 0 to 4094
 * @mac:    A station's address; a learnt entry gives way
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: 0, or -1 if the address is not sound, entered for another port, or finds no room.
 */
int vsw_address_add(struct vsw_port *port, uint16_t vlan, const uint8_t *mac, char *err,
		    size_t errlen);

/**
 * vsw_address_remove() - Take an address out of the table
 * @sw:   The switch
 * @vlan: VLAN, 0 to 4094
 * @mac:  The address
 *
 * Return: 0, or -1 if it is not there.
 */
int vsw_address_remove(struct vsw *sw, uint16_t vlan, const uint8_t *mac);

/**
 * vsw_addresses_flush() - Forget all addresses that were learnt
 * @sw: The switch
 */
void vsw_addresses_flush(struct vsw *sw);

/**
 * vsw_port_flush() - Forget the addresses that were learnt from a port
 * @port: The port; for an uplink, from all uplinks
 */
void vsw_port_flush(struct vsw_port *port);

/**
 * vsw_port_open() - Open a port that a policy shut, before its time is over
 * @port:   The port
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: 0, or -1 if it is not shut.
 */
int vsw_port_open(struct vsw_port *port, char *err, size_t errlen);

#endif
