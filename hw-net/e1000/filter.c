/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Receive filters: which addresses and VLANs are let in (13.4.22, 13.5, chapter 9).
 *
 * Exact addresses (RA) come first; a match there, or of the broadcast address, is the only one that
 * leaves the descriptor's PIF bit clear. Then multicast by hash, then the promiscuous modes.
 */
#include "filter.h"

#define N_RA 16

static bool ra_valid(const struct e1000 *c, unsigned i)
{
	return c->s->reg[R_RA + 2 * i + 1] & RAH_AV;
}

/* RAH.ASEL: 00b compares the destination, 01b the source. */
static unsigned ra_select(const struct e1000 *c, unsigned i)
{
	return c->s->reg[R_RA + 2 * i + 1] >> RAH_ASEL_SHIFT & 3;
}

static bool ra_equals(const struct e1000 *c, unsigned i, const uint8_t *addr)
{
	const uint32_t *ra = &c->s->reg[R_RA + 2 * i];

	return get32(addr) == ra[0] && get16(addr + 4) == (ra[1] & 0xffff);
}

static bool match_exact(const struct e1000 *c, const uint8_t *addrs)
{
	for (unsigned i = 0; i < c->n_ra; i++)
		if (ra_valid(c, i) && ra_select(c, i) < 2 &&
		    ra_equals(c, i, addrs + 6 * ra_select(c, i)))
			return true;
	return false;
}

/**
 * e1000_filter_derive() - The exact addresses have changed
 * @c: The card
 */
void e1000_filter_derive(struct e1000 *c)
{
	for (c->n_ra = N_RA; c->n_ra && !ra_valid(c, c->n_ra - 1); c->n_ra--)
		;
}

/* 13.5.1: 12 bits of the address, which ones says RCTL.MO. */
static bool match_hash(const struct e1000 *c, const uint8_t *dst)
{
	static const uint8_t shift[] = { 4, 3, 2, 0 };
	unsigned hash = get16(dst + 4) >> shift[REG(c, RCTL) >> RCTL_MO_SHIFT & 3] & 0xfff;

	return c->s->reg[R_MTA + (hash >> 5)] >> (hash & 31) & 1;
}

/**
 * e1000_filter() - Is a frame with these addresses let in?
 * @c:     The card
 * @addrs: Destination and source
 *
 * Return: E1000_EXACT or E1000_INEXACT (PIF) if so.
 */
enum e1000_match e1000_filter(const struct e1000 *c, const uint8_t *addrs)
{
	uint32_t rctl = REG(c, RCTL);

	if (match_exact(c, addrs))
		return E1000_EXACT;
	if (frame_is_broadcast(addrs) && (rctl & RCTL_BAM))
		return E1000_EXACT;
	if (frame_is_group(addrs))
		return (rctl & RCTL_MPE) || match_hash(c, addrs) ? E1000_INEXACT : E1000_REJECT;
	return rctl & RCTL_UPE ? E1000_INEXACT : E1000_REJECT;
}

/**
 * e1000_vlan_admits() - Is a tag let in, with RCTL.VFE?
 * @c:   The card
 * @tci: The tag
 *
 * Return: true if the VLAN is in the table and, with CFIEN, the CFI bit is as wanted.
 */
bool e1000_vlan_admits(const struct e1000 *c, uint16_t tci)
{
	uint32_t rctl = REG(c, RCTL);
	unsigned vid = tci & 0xfff;

	if ((rctl & RCTL_CFIEN) && !(tci & 0x1000) != !(rctl & RCTL_CFI))
		return false;
	return c->s->reg[R_VFTA + (vid >> 5)] >> (vid & 31) & 1;
}

static void ra_get(const struct e1000 *c, unsigned i, uint8_t *addr)
{
	const uint32_t *ra = &c->s->reg[R_RA + 2 * i];

	put_mac(addr, ra[0], ra[1]);
}

/**
 * e1000_station() - The card's own address: the first exact one
 * @c:   The card
 * @mac: Filled
 */
void e1000_station(const struct e1000 *c, uint8_t mac[6])
{
	ra_get(c, 0, mac);
}

/**
 * e1000_rx_filter() - Report the filters
 * @nic: The card
 * @f:   Filled
 */
void e1000_rx_filter(const struct hwnet_nic *nic, struct hwnet_rx_filter *f)
{
	const struct e1000 *c = e1000_of_const(nic);
	uint32_t rctl = REG(c, RCTL);

	e1000_station(c, f->mac);
	f->promiscuous = (rctl & RCTL_UPE) && (rctl & RCTL_MPE);
	f->broadcast = rctl & RCTL_BAM;
	f->unicast = rctl & RCTL_UPE ? HWNET_FILTER_ALL : HWNET_FILTER_TABLE;
	f->multicast = rctl & RCTL_MPE ? HWNET_FILTER_ALL : HWNET_FILTER_TABLE;
	f->vlan_filter = rctl & RCTL_VFE;
	f->vlans = f->vlan_filter ? &c->s->reg[R_VFTA] : NULL;
	f->mhash_bits = 12;
	f->mhash = &c->s->reg[R_MTA];
	for (unsigned i = 1; i < N_RA; i++)
		if (ra_valid(c, i) && !ra_select(c, i))
			ra_get(c, i, f->addrs[f->n_addrs++]);
}

/**
 * e1000_mta_write() - Hook of MTA
 */
void e1000_mta_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		     uint32_t val)
{
	e1000_of(nic)->s->reg[R_MTA + index] = val;
	nic->host->rx_filter_changed(nic->opaque);
}

/**
 * e1000_ra_write() - Hook of RA, 13.5.2, 13.5.3
 *
 * Of the high half 16 bits of address, ASEL and AV exist.
 */
void e1000_ra_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		    uint32_t val)
{
	e1000_of(nic)->s->reg[R_RA + index] = index & 1 ? val & 0x8003ffff : val;
	e1000_filter_derive(e1000_of(nic));
	nic->host->rx_filter_changed(nic->opaque);
}

/**
 * e1000_vfta_write() - Hook of VFTA
 */
void e1000_vfta_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		      uint32_t val)
{
	e1000_of(nic)->s->reg[R_VFTA + index] = val;
	nic->host->rx_filter_changed(nic->opaque);
}
