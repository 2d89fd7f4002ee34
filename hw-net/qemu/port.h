/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A port of the switch, between the switch and whoever is behind the port.
 *
 * DOC: Theory of Operation
 *
 * A port is a device without a bus, "vc-port" (port-device.c), which makes a net client under its
 * own id (port-client.c): any card, ours or stock, can name it as netdev=. A port with netdev= of
 * its own is a net client whose peer is that stock netdev: an uplink.
 *
 * Between one of our cards and its port frames go as bursts of struct pkt, both ways, unless
 * someone put a net filter between them. The card knows the port; the port knows the card as a
 * struct vc_port_card, which the card gives it for as long as the two are peers. Between a port and
 * anything else frames go through QEMU's net queues, one by one, with a virtio_net_hdr if the other
 * end asked for it, so that TSO messages travel whole to and from virtio-net and tap.
 *
 * The switch is one of this process (port-local.c) or one of a daemon (remote.h). The port knows it
 * as a row of functions (struct vc_side), which port-device.c chooses; all else is the same. A
 * daemon may be away: the card's cable is then out, whatever set_link says meanwhile, which counts
 * when the daemon is there.
 */
#ifndef VC_PORT_H
#define VC_PORT_H

#include "switch.h"
#include "vnet.h"
#include "wake.h"

#define TYPE_VC_PORT VC_PORT_MODEL
DECLARE_INSTANCE_CHECKER(struct vc_port, VC_PORT, TYPE_VC_PORT)

/**
 * struct vc_port_card_ops - What a card of ours does for its port
 * @rx:    Take frames, at most PKT_BURST; return how many were dealt with, from the front. If
 *      fewer, vc_port_ready() follows
 * @ready: After a vc_port_input() that left frames: there is room again
 * @caps:  enum pkt_takes: what the card takes now
 */
struct vc_port_card_ops {
	unsigned (*rx)(void *card, const struct pkt *const *pkts, unsigned n);
	void (*ready)(void *card);
	uint32_t (*caps)(const void *card);
};

struct vc_port;

/**
 * struct vc_side - What the switch's side of a port does
 * @begin:   Connect the port with it. Return: false with @errp set, and nothing to undo
 * @end:     Undo it
 * @name:    Name of the switch; borrowed until the port is changed
 * @input:   Frames from the card; as vsw_port_input(), vc_port_input_ready() follows
 * @ready:   The card has room again
 * @set_addrs: As vsw_port_set_addrs()
 * @set_state: The cable is in; what the card takes (enum pkt_takes)
 * @counters: As vsw_port_counters(); what a daemon counts is as it was told last
 */
struct vc_side {
	bool (*begin)(struct vc_port *p, Error **errp);
	void (*end)(struct vc_port *p);
	const char *(*name)(const struct vc_port *p);
	unsigned (*input)(struct vc_port *p, const struct pkt *const *pkts, unsigned n);
	void (*ready)(struct vc_port *p);
	void (*set_addrs)(struct vc_port *p, const struct vsw_addrs *addrs);
	void (*set_state)(struct vc_port *p, bool cable, uint32_t caps);
	void (*counters)(struct vc_port *p, struct vsw_counters *c);
};

/**
 * struct vc_port_client - A port's net client
 * @nc:   QEMU's part of it
 * @port: The port; NULL when it was unplugged while a card still names the client
 */
struct vc_port_client {
	NetClientState nc;
	struct vc_port *port;
};

/**
 * struct vc_port_card - A card of ours at a port
 * @ops:  NULL: there is none
 * @card: First argument of each
 */
struct vc_port_card {
	const struct vc_port_card_ops *ops;
	void *card;
};

/**
 * struct vc_port - A port
 * @dev:    QEMU's part of it
 * @switch_id: @portgroup: @vlan: @netdev: properties; @netdev is an uplink's back end
 * @connect: @token_file: properties, of a port of a daemon
 * @carry: property: its state goes with a machine that moves to another daemon
 * @state: @state_len: ... while it is saved or loaded; see port-vmstate.h
 * @trace: @name: see trace.h
 * @side:   The switch's side
 * @life: @own_life: Of who may be on the stack together: the switch's, or its own; see life.h
 * @sw: @port: The switch, and its port, if it is in this process
 * @remote: Else the connection with the daemon
 * @client: The net client
 * @card:   Who is behind it, if it is one of our cards
 * @vnet: @vnet_used: what the peer takes, if it is not one of our cards, as told by it; and if
 * headers are in use
 * @gone:   Removed; its switch may still be on the stack
 * @peer: @up: The peer and the link when the port last looked; @peer is for comparing only
 * @away:   The daemon is not there
 * @out:    ... for so long that the card's cable is out
 * @pulled: The card whose cable that is; for comparing only
 * @card_down: What set_link wants of that card
 * @linked: set_link was heard of
 * @cable_bh: To look at that
 * @held:   QEMU keeps a frame that a stock peer has no room for; its sent() follows
 * @wake:   See wake.h
 * @bh: @sent_bh: For input that the switch can take again, for output that a stock card can
 * @flat:   See vc_frame_from()
 * @malformed: Frames from a stock card that were no frames
 * @wrong_fcs: Frames that a stock peer cannot be given; see vc_is_sendable()
 * @next:   In the list of all ports
 */
struct vc_port {
	DeviceState dev;
	char *switch_id, *portgroup, *netdev, *connect, *token_file;
	int32_t vlan;
	bool carry;
	uint8_t *state;
	uint32_t state_len;
	uint32_t trace;
	const char *name;

	const struct vc_side *side;
	struct vc_life *life, own_life;
	struct vc_switch *sw;
	struct vsw_port *port;
	struct vc_remote *remote;
	struct vc_port_client *client;
	struct vc_port_card card;
	struct vc_vnet vnet;
	const NetClientState *peer, *pulled;
	bool gone, vnet_used, up, held, away, out, card_down, linked;
	struct vc_wake wake;
	QEMUBH *bh, *sent_bh, *cable_bh;
	uint8_t *flat;
	uint64_t malformed, wrong_fcs;
	QLIST_ENTRY(vc_port) next;
};

/**
 * vc_port_init() - Connect a port with its switch
 * @p:    The port; its properties and @side are set
 * @errp: Why not
 *
 * Return: true, or false and nothing to undo.
 */
bool vc_port_init(struct vc_port *p, Error **errp);

/**
 * vc_port_disconnect() - The port is removed: nothing passes any more
 * @p: The port
 */
void vc_port_disconnect(struct vc_port *p);

/**
 * vc_port_fini() - Undo vc_port_init()
 * @p: The port, after vc_port_disconnect(); its switch is in no call
 */
void vc_port_fini(struct vc_port *p);

/**
 * vc_port_attach() - A card of ours is the port's peer from now on
 * @p:    The port
 * @ops:  What it does
 * @card: First argument of each
 */
void vc_port_attach(struct vc_port *p, const struct vc_port_card_ops *ops, void *card);

/**
 * vc_port_detach() - The card goes
 * @p: The port
 */
void vc_port_detach(struct vc_port *p);

/**
 * vc_port_direct() - May a card and its port hand frames to each other without QEMU in between?
 * @p: The port
 *
 * Return: true if its peer is one of our cards, links are up and nobody filters.
 */
bool vc_port_direct(const struct vc_port *p);

/**
 * vc_port_input() - Frames from a card
 * @p:    The port
 * @pkts: Frames
 * @n:    Their number
 *
 * Return: how many were dealt with; if fewer, vc_port_card_ops.ready() follows.
 */
unsigned vc_port_input(struct vc_port *p, const struct pkt *const *pkts, unsigned n);

/**
 * vc_port_output() - Frames from the switch for whoever is behind the port
 * @p:    The port
 * @pkts: Frames that it takes as they are, at most PKT_BURST
 * @n:    Their number
 *
 * Return: how many were dealt with; if fewer, the side's ready() follows.
 */
unsigned vc_port_output(struct vc_port *p, const struct pkt *const *pkts, unsigned n);

/**
 * vc_port_input_ready() - The switch takes input again, after its input() left frames
 * @p: The port
 */
void vc_port_input_ready(struct vc_port *p);

/**
 * vc_port_ready() - A card of ours has room again
 * @p: The port
 */
void vc_port_ready(struct vc_port *p);

/**
 * vc_port_update() - Peer, link or offloads of a port may have changed
 * @p: The port
 */
void vc_port_update(struct vc_port *p);

/**
 * vc_port_set_addrs() - Tell the switch about the card behind the port
 * @p:     The port
 * @addrs: Its filter
 */
void vc_port_set_addrs(struct vc_port *p, const struct vsw_addrs *addrs);

/**
 * vc_port_link() - Is the port's link up?
 * @p: The port
 *
 * Return: true if there is a peer, no cable is out, and the switch is there.
 */
bool vc_port_link(const struct vc_port *p);

/**
 * vc_ports_update() - vc_port_update() for every port
 */
void vc_ports_update(void);

/**
 * vc_ports_miss_peers() - The same for those whose peer went without a word
 */
void vc_ports_miss_peers(void);

/**
 * vc_ports_follow() - The same for uplinks whose back end went, came back, or changed its link
 */
void vc_ports_follow(void);

#endif
