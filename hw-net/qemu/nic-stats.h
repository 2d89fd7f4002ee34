/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counters of a card, and what its driver has made of it, as QOM properties. */
#ifndef VC_NIC_STATS_H
#define VC_NIC_STATS_H

#include "nic.h"

/**
 * vc_nic_add_stats() - Give a card the properties `stats` and `setup`
 * @s: The device
 */
void vc_nic_add_stats(struct vc_nic *s);

/**
 * vc_nic_del_stats() - Take them away
 * @s: The device
 */
void vc_nic_del_stats(struct vc_nic *s);

#endif
