/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What others are told of a card's receive filter. */
#ifndef VC_NIC_FILTER_H
#define VC_NIC_FILTER_H

#include "nic.h"

/**
 * vc_nic_query_rx_filter() - NetClientInfo.query_rx_filter
 * @nc: Net client of a card
 *
 * Return: the answer of query-rx-filter; the caller's.
 */
RxFilterInfo *vc_nic_query_rx_filter(NetClientState *nc);

/**
 * vc_nic_update_filter() - The core's receive filter changed: tell management, port, `info network`
 * @s: The device
 */
void vc_nic_update_filter(struct vc_nic *s);

#endif
