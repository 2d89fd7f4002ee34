/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A card's config space: identity, base address registers, capabilities.
 *
 * DOC: Theory of Operation
 *
 * Capabilities stand where the model wants them (hwnet_pci()), because drivers and saved states
 * know the places. MSI and MSI-X are left out if the machine has no controller for messages.
 */
#ifndef VC_NIC_CONFIG_H
#define VC_NIC_CONFIG_H

#include "nic.h"

/**
 * vc_nic_init_config() - Fill config space, add capabilities, register BARs
 * @s:    The device
 * @errp: Why not
 *
 * Return: true, or false and whatever was made is undone by vc_nic_fini_config().
 */
bool vc_nic_init_config(struct vc_nic *s, Error **errp);

/**
 * vc_nic_fini_config() - Take the capabilities away
 * @s: The device
 */
void vc_nic_fini_config(struct vc_nic *s);

#endif
