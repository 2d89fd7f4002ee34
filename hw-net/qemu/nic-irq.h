/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A card's interrupts: INTx, MSI, MSI-X.
 *
 * DOC: Theory of Operation
 *
 * A card in D1 to D3 signals nothing; its line is down until it is back in D0, as it is while
 * messages are enabled.
 *
 * A message is a write to an address that the guest chose, so it may come back at once as whatever
 * a write can be (life.h): after it the card may be gone.
 */
#ifndef VC_NIC_IRQ_H
#define VC_NIC_IRQ_H

#include "nic.h"

/**
 * vc_nic_update_intx() - Power state, or what is enabled, changed: drive the line anew
 * @s: The device
 */
void vc_nic_update_intx(struct vc_nic *s);

/**
 * vc_nic_msi() - The core's msi()
 * @opaque: The device
 * @vec:    Vector
 */
void vc_nic_msi(void *opaque, unsigned vec);

/**
 * vc_nic_intx() - The core's intx()
 * @opaque: The device
 * @level:  Of the line
 */
void vc_nic_intx(void *opaque, bool level);

/**
 * vc_nic_irq_mode() - The core's irq_mode()
 * @opaque: The device
 *
 * Return: what the guest enabled.
 */
enum hwnet_irq_mode vc_nic_irq_mode(void *opaque);

#endif
