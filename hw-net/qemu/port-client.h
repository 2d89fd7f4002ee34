/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A port's net client: frames to and from stock cards and back ends. One module with port.c.
 *
 * DOC: Theory of Operation
 *
 * A card that can (virtio-net, vmxnet3, e1000e) asks its net client for a virtio_net_hdr and says
 * which messages it takes whole. The client grants all of that. For an uplink it is the other way
 * round: the port asks the back end, and follows it (vc_ports_follow()), because QEMU's back ends
 * go, come back and change their link without a word to their peer.
 *
 * A card may outlive its port: QEMU then keeps the net client until the card goes too. Such a
 * client has no port.
 */
#ifndef VC_PORT_CLIENT_H
#define VC_PORT_CLIENT_H

#include "port.h"

/**
 * vc_port_of() - The port behind a net client
 * @nc: Some net client, or NULL
 *
 * Return: the port, or NULL if it is none of ours or its port is gone.
 */
struct vc_port *vc_port_of(NetClientState *nc);

/**
 * vc_port_make_client() - Make the net client, with an uplink's back end as its peer
 * @p: The port
 */
void vc_port_make_client(struct vc_port *p);

/**
 * vc_port_show() - Have QEMU's `info network` name the switch
 * @p: The port
 */
void vc_port_show(struct vc_port *p);

/**
 * vc_port_set_out() - The cable of the card behind the port is out, or no longer
 * @p:   The port
 * @out: Which; what set_link wanted and wants meanwhile comes after it
 */
void vc_port_set_out(struct vc_port *p, bool out);

/**
 * vc_port_hold_cable() - Keep it out: another card has come, or somebody has used set_link
 * @opaque: The port
 */
void vc_port_hold_cable(void *opaque);

/**
 * vc_port_rejoin() - An uplink's back end was deleted: join another of its name, if there is one
 * @p: The port, without a peer
 */
void vc_port_rejoin(struct vc_port *p);

/**
 * vc_port_drop_client() - Undo it. A card that names the client keeps it, with its cable out.
 * @p: The port
 */
void vc_port_drop_client(struct vc_port *p);

/**
 * vc_port_send_stock() - Send by QEMU's net queues
 * @p:    The port
 * @pkts: Frames
 * @n:    Their number
 *
 * Return: how many were dealt with; if fewer, vsw_port_ready() follows.
 */
unsigned vc_port_send_stock(struct vc_port *p, const struct pkt *const *pkts, unsigned n);

/**
 * vc_port_sent() - A stock card has taken what QEMU kept for it
 * @opaque: The port
 */
void vc_port_sent(void *opaque);

/**
 * vc_port_vnet() - What a stock peer takes
 * @p: The port
 *
 * Return: nothing, if the peer never asked for headers.
 */
struct vc_vnet vc_port_vnet(const struct vc_port *p);

/**
 * vc_port_forget_peer() - The peer is gone; the next one starts from nothing
 * @p: The port
 */
void vc_port_forget_peer(struct vc_port *p);

#endif
