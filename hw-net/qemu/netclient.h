/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A card's net client, and what it tells others of the card's link and filter. */
#ifndef VC_NETCLIENT_H
#define VC_NETCLIENT_H

#include "nic.h"

/** vc_nic_client_info - Net client of every card; tells our cards from others */
extern NetClientInfo vc_nic_client_info;

/**
 * vc_nic_init_client() - Make the net client and agree on offloads with the peer
 * @s: The device
 */
void vc_nic_init_client(struct vc_nic *s);

/**
 * vc_nic_tx() - The core's tx()
 */
unsigned vc_nic_tx(void *opaque, unsigned queue, const struct pkt *const *pkts, unsigned n);

/**
 * vc_nic_rx() - Frames for the card
 * @s:    The device
 * @pkts: Frames
 * @n:    Their number, at most PKT_BURST
 *
 * Return: how many were dealt with. If fewer, the peer is told when there is room: a port by
 * vc_port_ready(), another by qemu_flush_queued_packets().
 */
unsigned vc_nic_rx(struct vc_nic *s, const struct pkt *const *pkts, unsigned n);

/**
 * vc_nic_peer_port() - The port of ours at the other end
 * @s: The device
 *
 * Return: the port, or NULL.
 */
struct vc_port *vc_nic_peer_port(struct vc_nic *s);

/**
 * vc_nic_flush() - Tell the peer that there is room
 * @s: The device
 */
void vc_nic_flush(struct vc_nic *s);

/**
 * vc_nic_update_link() - The cable or the core's link changed
 * @s: The device
 */
void vc_nic_update_link(struct vc_nic *s);

/**
 * vc_nic_update_offloads() - Tell a stock peer if the core now takes other messages
 * @s: The device
 */
void vc_nic_update_offloads(struct vc_nic *s);

/* filter.c */

/**
 * vc_nic_query_rx_filter() - NetClientInfo.query_rx_filter
 */
RxFilterInfo *vc_nic_query_rx_filter(NetClientState *nc);

/**
 * vc_nic_update_filter() - The core's receive filter changed: tell management, port, `info network`
 * @s: The device
 */
void vc_nic_update_filter(struct vc_nic *s);

#endif
