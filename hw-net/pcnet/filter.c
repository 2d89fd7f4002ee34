/* SPDX-License-Identifier: BSD-2-Clause */
/* Which frames are let in (970A, Address Matching; CSR8-15). */
#include "filter.h"

#include "hwnet/csum.h"

/**
 * pcnet_station() - The station address
 * @s:   State
 * @mac: Filled
 */
void pcnet_station(const struct pcnet_state *s, uint8_t mac[6])
{
	for (unsigned i = 0; i < 3; i++)
		put16(mac + 2 * i, (uint16_t)s->csr[CSR_PADR + i]);
}

/* 970A, Logical Address Filter: bit number = the six highest bits of the CRC over the address. */
static bool hash_match(const struct pcnet_state *s, const uint8_t *da)
{
	/* frame_crc32() is the FCS, the complement of the register that the filter looks at. */
	unsigned bit = ~frame_crc32(0, da, 6) >> 26;

	return s->csr[CSR_LADRF + bit / 16] & 1u << bit % 16;
}

/**
 * pcnet_filter() - Is a frame let in?
 * @s:     State
 * @da:    Its destination address
 * @match: Filled: R_PAM, R_LAFM, R_BAM, or 0 if it came in by promiscuous mode alone
 *
 * Return: true to receive it.
 */
bool pcnet_filter(const struct pcnet_state *s, const uint8_t *da, uint16_t *match)
{
	uint32_t mode = s->csr[CSR_MODE];
	uint8_t mac[6];

	*match = 0;
	if (!frame_is_group(da)) {
		pcnet_station(s, mac);
		if (!(mode & MODE_DRCVPA) && !memcmp(da, mac, 6))
			*match = R_PAM;
	} else if (!(mode & MODE_DRCVBC) && frame_is_broadcast(da)) {
		*match = R_BAM;
	} else if (hash_match(s, da)) {
		*match = R_LAFM;
	}
	return *match || (mode & MODE_PROM);
}

/**
 * pcnet_rx_filter() - hwnet_rx_filter() of this model
 * @nic: The card
 * @f:   Filled
 */
void pcnet_rx_filter(const struct hwnet_nic *nic, struct hwnet_rx_filter *f)
{
	const struct pcnet *p = pcnet_of_const(nic);
	const struct pcnet_state *s = p->s;
	uint32_t mode = s->csr[CSR_MODE];

	pcnet_station(s, f->mac);
	if (!(s->csr[CSR0] & CSR0_RXON) && !pcnet_magic_mode(s))
		return;
	f->promiscuous = mode & MODE_PROM;
	f->broadcast = !(mode & MODE_DRCVBC);
	f->unicast = mode & MODE_DRCVPA ? HWNET_FILTER_NONE : HWNET_FILTER_TABLE;
	f->multicast = HWNET_FILTER_TABLE;
	f->mhash_bits = 6;
	f->mhash = p->ladrf;
}

/**
 * pcnet_filter_changed() - Address filter, mode, or receiver on/off changed
 * @p: The card
 */
void pcnet_filter_changed(struct pcnet *p)
{
	const struct pcnet_state *s = p->s;

	p->ladrf[0] = pcnet_pair(s, CSR_LADRF);
	p->ladrf[1] = pcnet_pair(s, CSR_LADRF + 2);
	p->nic.host->rx_filter_changed(p->nic.opaque);
}
