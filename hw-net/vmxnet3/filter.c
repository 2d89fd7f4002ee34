/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Receive filter: mode, multicast table, VLAN table. Each has its own command; the data is in
 * DriverShared.
 *
 * Promiscuous mode lets everything in, whatever the VLAN table says: Linux clears the table when it
 * goes promiscuous. A table without any bit, not even that of VLAN 0 for untagged frames that Linux
 * always sets, is one that the driver does not use (FreeBSD without VLAN filtering): it filters
 * nothing.
 */
#include "filter.h"

#include "regs.h"

/**
 * vmx_filter_mode() - rxMode changed
 * @v:      The card
 * @shared: A copy of DriverShared
 */
void vmx_filter_mode(struct vmx *v, const uint8_t *shared)
{
	v->s->rx_mode = get32(shared + DS_RX_MODE);
	v->nic.host->rx_filter_changed(v->nic.opaque);
}

/**
 * vmx_filter_vlans() - The VLAN table changed
 * @v:      The card
 * @shared: A copy of DriverShared
 */
void vmx_filter_vlans(struct vmx *v, const uint8_t *shared)
{
	for (unsigned i = 0; i < VMX_VFT_WORDS; i++)
		v->s->vft[i] = get32(shared + DS_VF_TABLE + 4 * i);
	vmx_filter_derive(v);
	v->nic.host->rx_filter_changed(v->nic.opaque);
}

/**
 * vmx_filter_mcast() - The multicast table changed
 * @v:      The card
 * @shared: A copy of DriverShared
 *
 * A table that is longer than what is kept lets in all multicast: the driver's stack filters again.
 */
void vmx_filter_mcast(struct vmx *v, const uint8_t *shared)
{
	struct vmx_state *st = v->s;
	unsigned n = get16(shared + DS_MF_LEN) / 6;
	uint64_t pa = get64(shared + DS_MF_PA);

	st->mcast_all = n > VMX_MCAST_MAX;
	st->n_mcast = (uint16_t)(st->mcast_all ? 0 : n);
	if (st->n_mcast && hwnet_dma_read(&v->nic, pa, st->mcast, 6 * st->n_mcast)) {
		hwnet_guest_error(&v->nic, "multicast table at 0x%llx is not memory",
				  (unsigned long long)pa);
		st->n_mcast = 0;
	}
	vmx_filter_derive(v);
	v->nic.host->rx_filter_changed(v->nic.opaque);
}

/**
 * vmx_filter_derive() - Derive what is derived from the tables
 * @v: The card
 */
void vmx_filter_derive(struct vmx *v)
{
	const struct vmx_state *st = v->s;
	uint32_t any = 0;

	memset(v->mcast_bits, 0, sizeof(v->mcast_bits));
	for (unsigned i = 0; i < st->n_mcast; i++)
		v->mcast_bits[st->mcast[6 * i + 5] >> 5] |= 1u << (st->mcast[6 * i + 5] & 31);
	for (unsigned i = 0; i < VMX_VFT_WORDS; i++)
		any |= st->vft[i];
	v->vlan_filter = any;
}

static bool mcast_listed(const struct vmx *v, const uint8_t *dst)
{
	if (!(v->mcast_bits[dst[5] >> 5] >> (dst[5] & 31) & 1))
		return false;
	for (unsigned i = 0; i < v->s->n_mcast; i++)
		if (!memcmp(v->s->mcast + 6 * i, dst, 6))
			return true;
	return false;
}

static bool vlan_pass(const struct vmx *v, const struct pkt *pkt)
{
	struct frame_l2 l2 = frame_l2(pkt);
	unsigned vid = l2.tci & 0xfff;

	return !vid || !v->vlan_filter || (v->s->vft[vid >> 5] >> (vid & 31) & 1);
}

static bool address_pass(const struct vmx *v, const uint8_t *dst)
{
	const struct vmx_state *st = v->s;
	uint8_t mac[6];

	if (!frame_is_group(dst)) {
		vmx_mac(st, mac);
		return (st->rx_mode & RXM_UCAST) && !memcmp(dst, mac, 6);
	}
	if (frame_is_broadcast(dst))
		return st->rx_mode & RXM_BCAST;
	if (st->rx_mode & RXM_ALL_MULTI)
		return true;
	return (st->rx_mode & RXM_MCAST) && (st->mcast_all || mcast_listed(v, dst));
}

/**
 * vmx_filter_pass() - Does the guest want this frame?
 * @v:   The card
 * @pkt: The frame
 *
 * Return: true if so.
 */
bool vmx_filter_pass(const struct vmx *v, const struct pkt *pkt)
{
	if (v->s->rx_mode & RXM_PROMISC)
		return true;
	return address_pass(v, pkt_head(pkt)) && vlan_pass(v, pkt);
}

/**
 * vmx_rx_filter() - hwnet_rx_filter() of this model
 * @nic: The card
 * @f:   Filled
 */
void vmx_rx_filter(const struct hwnet_nic *nic, struct hwnet_rx_filter *f)
{
	const struct vmx *v = vmx_of_const(nic);
	const struct vmx_state *st = v->s;
	uint32_t mode = st->active ? st->rx_mode : 0;

	vmx_mac(st, f->mac);
	f->promiscuous = mode & RXM_PROMISC;
	f->broadcast = mode & RXM_BCAST;
	f->unicast = mode & RXM_PROMISC ? HWNET_FILTER_ALL :
		     mode & RXM_UCAST	? HWNET_FILTER_TABLE :
					  HWNET_FILTER_NONE;
	f->multicast = mode & RXM_MCAST ? HWNET_FILTER_TABLE : HWNET_FILTER_NONE;
	if ((mode & (RXM_ALL_MULTI | RXM_PROMISC)) || (f->multicast && st->mcast_all))
		f->multicast = HWNET_FILTER_ALL;
	f->n_addrs = st->n_mcast < 64 ? st->n_mcast : 64;
	f->overflow = st->n_mcast > 64;
	memcpy(f->addrs, st->mcast, 6 * f->n_addrs);
	f->vlan_filter = v->vlan_filter && !f->promiscuous;
	f->vlans = f->vlan_filter ? st->vft : NULL;
}
