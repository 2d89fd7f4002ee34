/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A card's net client: the way to its port of our switch, or to any other back end.
 *
 * DOC: Theory of Operation
 *
 * A frame for a card that cannot take it now (VM stopped, no descriptors) stays with whoever sent
 * it: the port's queue, or QEMU's queue of this net client. vc_nic_flush() asks for it. A card that
 * the guest has not set up (no bus mastering, asleep) loses its frames, as a real one does.
 */
#ifndef VC_NIC_CLIENT_H
#define VC_NIC_CLIENT_H

#include "nic.h"

/**
 * vc_nic_init_client() - Make the net client and agree on offloads with the peer
 * @s: The device
 */
void vc_nic_init_client(struct vc_nic *s);

/**
 * vc_nic_fini_client() - Undo it
 * @s: The device
 */
void vc_nic_fini_client(struct vc_nic *s);

/**
 * vc_nic_tx() - The core's tx()
 * @opaque: The device
 * @queue:  Which of the card's transmit queues
 * @pkts:   Frames
 * @n:      Their number, at most PKT_BURST
 *
 * Return: how many were dealt with, from the front; if fewer, hwnet_tx_ready() follows.
 */
unsigned vc_nic_tx(void *opaque, unsigned queue, const struct pkt *const *pkts, unsigned n);

/**
 * vc_nic_tx_ready() - The peer takes frames again: tell the core
 * @s: The device
 */
void vc_nic_tx_ready(struct vc_nic *s);

/**
 * vc_nic_plug_cable() - The cable was plugged or pulled: what VC_CABLE asks for
 * @s: The device, held; no call into its core runs
 */
void vc_nic_plug_cable(struct vc_nic *s);

/**
 * vc_nic_flush() - Tell the peer that there is room
 * @s: The device
 */
void vc_nic_flush(struct vc_nic *s);

/**
 * vc_nic_update_link() - The cable or the core's link changed, or what messages the guest takes
 * @s: The device
 */
void vc_nic_update_link(struct vc_nic *s);

#endif
