/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The switch and its ports as devices.
 *
 * DOC: Theory of Operation
 *
 * QEMU fixes the kinds of -object and -netdev when it is built, but -device is open. So a switch is
 * a device without a bus, "vc-switch", and a port another, "vc-port", which makes a net client
 * under its own id: any card, ours or stock, can name it as netdev=. A port with netdev= of its own
 * is a net client whose peer is that stock netdev: an uplink. A switch that a port names and that
 * is not there is made, as if by "-device vc-switch,id=NAME".
 *
 * Between one of our cards and its port frames go as bursts of struct pkt, both ways, unless
 * someone put a net filter between them. Between a port and anything else they go through QEMU's
 * net queues, one by one, with a virtio_net_hdr if the other end asked for it, so that TSO messages
 * travel whole to and from virtio-net and tap.
 *
 * Everything runs under QEMU's big lock, so calls of a switch never overlap. The switch's clock is
 * the VM's: it stands still while the VM is stopped, as cards do.
 */
#ifndef VC_PORT_H
#define VC_PORT_H

#include "compat.h"
#include "trace.h"
#include "vnet.h"
#include "wake.h"
#include "vswitch/control.h"
#include "vswitch/vswitch.h"

struct vc_nic;

#define TYPE_VC_SWITCH "vc-switch"
#define TYPE_VC_PORT   "vc-port"
DECLARE_INSTANCE_CHECKER(struct vc_switch, VC_SWITCH, TYPE_VC_SWITCH)
DECLARE_INSTANCE_CHECKER(struct vc_port, VC_PORT, TYPE_VC_PORT)

/** VC_SWITCH_DEFAULT - The switch of a port that names none */
#define VC_SWITCH_DEFAULT "vSwitch0"

/**
 * struct vc_switch - A switch
 * @config: @socket: properties: file with the configuration, path of the control socket
 * @sw:      The switch itself
 * @control: @server: its configuration, and who serves it on the socket
 * @timer:   Its deadlines
 */
struct vc_switch {
	DeviceState dev;
	char *config, *socket;
	struct vsw *sw;
	struct vsw_control *control;
	struct vsw_server *server;
	QEMUTimer *timer;
	uint32_t trace;
	const char *name;
};

/**
 * struct vc_port_client - A port's net client
 * @port: The port; NULL when it was unplugged while a card still names the client
 */
struct vc_port_client {
	NetClientState nc;
	struct vc_port *port;
};

/**
 * struct vc_port - A port
 * @switch_id: @portgroup: @vlan: @uplink: properties
 * @port:   The switch's side
 * @client: The net client
 * @vnet: @vnet_used: what the peer takes, if it is not one of our cards, as told by it; and if
 * headers are in use
 * @had_peer: There was one when the port last looked
 * @held:   QEMU keeps a frame that a stock peer has no room for; its sent() follows
 * @wake:   See wake.h
 * @bh:     For input that the switch can take again
 * @flat:   See vc_frame_from()
 * @malformed: Frames from a stock card that were no frames
 */
struct vc_port {
	DeviceState dev;
	char *switch_id, *portgroup;
	int32_t vlan;
	NICPeers uplink;
	uint32_t trace;
	const char *name;

	struct vc_switch *sw;
	struct vsw_port *port;
	struct vc_port_client *client;
	struct vc_vnet vnet;
	bool vnet_used, had_peer, held;
	struct vc_wake wake;
	QEMUBH *bh;
	uint8_t *flat;
	uint64_t malformed;
	QLIST_ENTRY(vc_port) next;
};

/** vc_port_client_info - Net client of every port; tells ours from others */
extern NetClientInfo vc_port_client_info;

/* switch.c */

/**
 * vc_switch_get() - Find a switch, or make it
 * @id:   Its id, or NULL for the default
 * @made: Set if it was made
 * @errp: Why not
 *
 * Return: the switch, or NULL.
 */
struct vc_switch *vc_switch_get(const char *id, bool *made, Error **errp);

/* port.c: what a card of ours calls */

/**
 * vc_port_of() - The port behind a net client
 * @nc: Some net client, or NULL
 *
 * Return: the port, or NULL if it is none of ours or its port is gone.
 */
struct vc_port *vc_port_of(NetClientState *nc);

/**
 * vc_port_direct() - May a card and its port hand frames to each other without QEMU in between?
 * @port: The port
 *
 * Return: true if its peer is one of our cards, links are up and nobody filters.
 */
bool vc_port_direct(const struct vc_port *port);

/**
 * vc_port_input() - Frames from a card of ours
 * @port: The port
 * @pkts: Frames
 * @n:    Their number
 *
 * Return: how many were dealt with; if fewer, vc_nic_port_ready() follows.
 */
unsigned vc_port_input(struct vc_port *port, const struct pkt *const *pkts, unsigned n);

/**
 * vc_port_ready() - A card of ours has room again
 * @port: The port
 */
void vc_port_ready(struct vc_port *port);

/**
 * vc_port_update() - Peer, link or offloads of a port may have changed
 * @port: The port
 */
void vc_port_update(struct vc_port *port);

/**
 * vc_port_set_addrs() - Tell the switch about the card behind the port
 * @port:  The port
 * @addrs: Its filter
 */
void vc_port_set_addrs(struct vc_port *port, const struct vsw_addrs *addrs);

/* netclient.c: what a port calls */

/**
 * vc_nic_of() - The card of ours behind a net client
 * @nc: Some net client, or NULL
 *
 * Return: the card, or NULL.
 */
struct vc_nic *vc_nic_of(NetClientState *nc);

/**
 * vc_nic_port_ready() - The port takes frames again
 * @s: The card
 */
void vc_nic_port_ready(struct vc_nic *s);

/**
 * vc_nic_port_caps() - What the card takes
 * @s: The card
 *
 * Return: enum pkt_takes.
 */
uint32_t vc_nic_port_caps(const struct vc_nic *s);

/* hotplug.c */

/**
 * vc_hotplug_watch() - Have ports looked at whenever a device comes or goes, and let them be
 * hot-plugged
 */
void vc_hotplug_watch(void);

/**
 * vc_ports_update() - vc_port_update() for every port (port.c)
 */
void vc_ports_update(void);

/**
 * vc_ports_miss_peers() - The same for those whose peer went without a word (port.c)
 */
void vc_ports_miss_peers(void);

/* stats.c */

/**
 * vc_add_dict_property() - Give an object a read-only property that is a dictionary or list
 * @obj:  The object
 * @name: Of the property
 * @make: Makes the value; its reference passes to the caller
 */
void vc_add_dict_property(Object *obj, const char *name, QObject *(*make)(Object *obj));

/**
 * vc_nic_stats() - Counters of a card
 */
QObject *vc_nic_stats(Object *obj);

/**
 * vc_nic_setup() - What the guest's driver has made of a card
 */
QObject *vc_nic_setup(Object *obj);

/**
 * vc_port_stats() - Counters of a port
 */
QObject *vc_port_stats(Object *obj);

#endif
