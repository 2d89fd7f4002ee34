/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the switch knows of the cards at its ports: their addresses become static entries, so that
 * frames find them before they ever sent one, and so that forged sources are told from their own by
 * the look-up that is done anyway.
 */
#include "core/addrs.h"

#include "core/event.h"

/**
 * vsw_addrs_withdraw() - Take a port's registered addresses out of the table
 * @p: The port
 */
void vsw_addrs_withdraw(struct vsw_port *p)
{
	for (unsigned i = 0; i < p->n_registered; i++)
		fdb_remove(&p->sw->fdb, p->registered[i]);
	p->n_registered = 0;
}

static void enter(struct vsw_port *p, uint64_t mac)
{
	uint16_t fid = p->any_vlan ? FDB_ANY_VLAN : p->fid;
	uint64_t key = fdb_key(fid, mac);

	for (unsigned i = 0; i < p->n_registered; i++)
		if (p->registered[i] == key)
			return;
	if (!mac || mac_is_group(mac) || p->n_registered > VSW_MAX_ADDRS)
		return;
	if (fdb_set_static(&p->sw->fdb, key, p->fdb_port)) {
		p->registered[p->n_registered++] = key;
		if (p->any_vlan)
			fdb_forget_mac(&p->sw->fdb, mac);
	} else {
		vsw_tell(p->sw, VSW_EVENT_MAC_CONFLICT, p, mac, p->vid,
			 "address is registered at another port");
	}
}

static void enter_all(struct vsw_port *p)
{
	const struct vsw_mac_policy *mac = &p->policy.mac;

	for (unsigned i = 0; i < mac->n_addresses; i++)
		enter(p, mac_number(mac->address[i]));
	if (p->mac_violation || !p->policy.security.mac_changes) {
		enter(p, mac_number(p->permanent));
		return;
	}
	enter(p, p->mac);
	for (unsigned i = 0; i < p->filter.n; i++)
		enter(p, mac_number(p->addrs[i]));
}

/**
 * vsw_addrs_apply() - Bring a port's addresses into force
 * @p: The port; VLANs are in force
 *
 * With MAC changes rejected (VMware's policy) a card that uses another address than its permanent
 * one gets nothing until it goes back, and further unicast addresses do not count as its own.
 */
void vsw_addrs_apply(struct vsw_port *p)
{
	bool was = p->mac_violation;

	vsw_addrs_withdraw(p);
	if (p->is_uplink)
		return;
	p->mac_violation = !p->policy.security.mac_changes && p->mac != mac_number(p->permanent);
	if (p->mac_violation)
		p->out_special |= OUT_MAC_CHANGE;
	else
		p->out_special &= ~(uint32_t)OUT_MAC_CHANGE;
	if (p->mac_violation && !was)
		vsw_tell(p->sw, VSW_EVENT_MAC_CHANGE, p, p->mac, p->vid,
			 "card changed its address, which its policy rejects");
	if (p->link_up)
		enter_all(p);
	p->promiscuous = p->filter.promiscuous && p->policy.security.promiscuous;
	vsw_promiscuous_rebuild(p->sw);
}

/**
 * vsw_promiscuous_rebuild() - Make the list of ports that get what is meant for others
 * @sw: The switch
 */
void vsw_promiscuous_rebuild(struct vsw *sw)
{
	sw->n_promiscuous = 0;
	for (uint16_t i = 1; i <= sw->last_port; i++)
		if (sw->port[i] && sw->port[i]->promiscuous)
			sw->promiscuous[sw->n_promiscuous++] = i;
	sw->special = sw->n_promiscuous ? sw->special | SW_PROMISCUOUS :
					  sw->special & ~(uint32_t)SW_PROMISCUOUS;
}

/**
 * vsw_addrs_take() - Take over what the owner told
 * @p: The port; @next_filter and @next_addrs are it
 */
void vsw_addrs_take(struct vsw_port *p)
{
	p->filter = p->next_filter;
	memcpy(p->addrs, p->next_addrs, p->filter.n * sizeof(p->addrs[0]));
	p->mac = mac_number(p->filter.mac);
	p->filter_known = true;
	p->groups = 0;
	for (unsigned i = 0; i < p->filter.n; i++)
		p->groups |= UINT64_C(1) << group_bit(mac_number(p->addrs[i]));
	if (!mac_number(p->permanent))
		memcpy(p->permanent, p->filter.mac, 6);
	vsw_addrs_apply(p);
}

/* Copy addresses of one kind. False: there were too many. */
static bool copy_kind(struct vsw_port *p, const struct vsw_addrs *a, bool group)
{
	for (unsigned i = 0; i < a->n; i++) {
		if ((a->addrs[i][0] & 1) != group)
			continue;
		if (p->next_filter.n == VSW_MAX_ADDRS)
			return false;
		memcpy(p->next_addrs[p->next_filter.n++], a->addrs[i], 6);
	}
	return true;
}

void vsw_port_set_addrs(struct vsw_port *p, const struct vsw_addrs *a)
{
	p->next_filter = *a;
	p->next_filter.addrs = NULL;
	p->next_filter.n = 0;
	copy_kind(p, a, false);
	if (!copy_kind(p, a, true))
		p->next_filter.allmulti = true;
	if (p->sw->busy) {
		p->want_addrs = p->sw->want_any = true;
		return;
	}
	vsw_addrs_take(p);
}
