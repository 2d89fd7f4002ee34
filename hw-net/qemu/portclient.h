/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A port's net client: what port.c and portclient.c know of each other. */
#ifndef VC_PORTCLIENT_H
#define VC_PORTCLIENT_H

#include "port.h"

/**
 * vc_port_make_client() - Make the net client, with an uplink's back end as its peer
 * @p: The port
 */
void vc_port_make_client(struct vc_port *p);

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
