/* SPDX-License-Identifier: BSD-2-Clause */
/* A card of hwnet/nic.h at a port of a switch. */
#ifndef VSWITCH_CARD_H
#define VSWITCH_CARD_H

#include <string.h>

#include "hwnet/nic.h"
#include "vswitch/vswitch.h"

/**
 * vsw_card_hashes() - Does a card let groups in by a hash, which cannot be listed?
 * @f: Its filter
 *
 * Return: whether.
 */
static inline bool vsw_card_hashes(const struct hwnet_rx_filter *f)
{
	unsigned words = f->mhash_bits ? (1u << f->mhash_bits) / 32 : 0;

	if (f->mhash_bits && !words)
		words = 1;
	for (unsigned i = 0; i < words; i++)
		if (f->mhash[i])
			return true;
	return false;
}

/**
 * vsw_card_addrs() - A card's receive filter, as a port is told of it
 * @f: The filter
 * @a: Filled; its addresses are those of @f
 */
static inline void vsw_card_addrs(const struct hwnet_rx_filter *f, struct vsw_addrs *a)
{
	*a = (struct vsw_addrs) {
		.promiscuous = f->promiscuous || f->unicast == HWNET_FILTER_ALL,
		.allmulti = f->multicast == HWNET_FILTER_ALL || f->overflow || vsw_card_hashes(f),
		.n = f->n_addrs,
		.addrs = f->addrs,
	};
	memcpy(a->mac, f->mac, sizeof(a->mac));
}

#endif
