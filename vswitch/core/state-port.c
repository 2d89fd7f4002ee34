/* SPDX-License-Identifier: BSD-2-Clause */
/* Core's parts of a port's state: its card, what was learnt from it, whether it is shut. */
#include <stdio.h>

#include "core/addrs.h"
#include "core/event.h"
#include "core/state-core.h"

/* struct card - what the owner told of the card */
struct card {
	uint8_t mac[6], permanent[6];
	bool known, promiscuous, allmulti;
};

static const struct hwnet_field card_fields[] = {
	HWNET_FIELD_ARRAY(struct card, mac),	 HWNET_FIELD_ARRAY(struct card, permanent),
	HWNET_FIELD_BOOL(struct card, known),	 HWNET_FIELD_BOOL(struct card, promiscuous),
	HWNET_FIELD_BOOL(struct card, allmulti),
};

static uint32_t card_save(const struct vsw_state_of *of, void *items, uint32_t n)
{
	const struct vsw_port *p = of->port;
	struct card *c = items;

	memcpy(c->mac, p->filter.mac, 6);
	memcpy(c->permanent, p->permanent, 6);
	c->known = p->filter_known;
	c->promiscuous = p->filter.promiscuous;
	c->allmulti = p->filter.allmulti;
	return 1;
}

/* Of the permanent address only what is not known here: a port that moves has its own */
static void card_load(const struct vsw_state_of *of, void *items, uint32_t n)
{
	struct vsw_port *p = of->port;
	const struct card *c = items;
	uint32_t n_addrs;
	const uint64_t *addr = vsw_state_sibling(of, "card-addresses", &n_addrs);

	if (!mac_number(p->permanent) && !(c->permanent[0] & 1))
		memcpy(p->permanent, c->permanent, 6);
	if (!c->known)
		return;
	memcpy(p->next_filter.mac, c->mac, 6);
	p->next_filter.promiscuous = c->promiscuous;
	p->next_filter.allmulti = c->allmulti;
	p->next_filter.n = n_addrs;
	p->next_filter.addrs = NULL;
	for (uint32_t i = 0; i < n_addrs; i++)
		mac_bytes(addr[i], p->next_addrs[i]);
	vsw_addrs_take(p);
}

const struct vsw_state_part vsw_state_card = {
	.name = "card",
	.list = STATE_LIST(card_fields, struct card),
	.save = card_save,
	.load = card_load,
};

/* Further addresses of the card, unicast and group; card_load() takes them over */
static const struct hwnet_field address_fields[] = {
	{ .name = "mac", .size = 8, .count = 1, .min = 1, .max = MAC_MASK },
};

static uint32_t addresses_count(const struct vsw_state_of *of)
{
	return of->port->filter.n;
}

static uint32_t addresses_save(const struct vsw_state_of *of, void *items, uint32_t n)
{
	uint64_t *addr = items;

	for (uint32_t i = 0; i < n; i++)
		addr[i] = mac_number(of->port->addrs[i]);
	return n;
}

static void addresses_load(const struct vsw_state_of *of, void *items, uint32_t n)
{
}

const struct vsw_state_part vsw_state_addresses = {
	.name = "card-addresses",
	.list = STATE_LIST(address_fields, uint64_t),
	.max = VSW_MAX_ADDRS,
	.count = addresses_count,
	.save = addresses_save,
	.load = addresses_load,
};

/* VLANs that a trunk's card used, as bits */
static const struct hwnet_field vlan_fields[] = {
	{ .name = "vlans", .size = 8, .count = VSW_VLANS / 64 },
};

static uint32_t vlans_count(const struct vsw_state_of *of)
{
	for (unsigned i = 0; i < VSW_VLANS / 64; i++)
		if (of->port->vlans_used[i])
			return 1;
	return 0;
}

static uint32_t vlans_save(const struct vsw_state_of *of, void *items, uint32_t n)
{
	memcpy(items, of->port->vlans_used, sizeof(of->port->vlans_used));
	return 1;
}

static void vlans_load(const struct vsw_state_of *of, void *items, uint32_t n)
{
	memcpy(of->port->vlans_used, items, sizeof(of->port->vlans_used));
}

const struct vsw_state_part vsw_state_vlans_used = {
	.name = "vlans-used",
	.list = STATE_LIST(vlan_fields, uint64_t[VSW_VLANS / 64]),
	.count = vlans_count,
	.save = vlans_save,
	.load = vlans_load,
};

/* struct shut - a port that a policy closed; @why: name of a drop reason; @left: ns, or for ever */
struct shut {
	char why[32];
	int64_t left;
};

static const struct hwnet_field shut_fields[] = {
	HWNET_FIELD_ARRAY(struct shut, why),
	HWNET_FIELD(struct shut, left),
};

static uint32_t shut_count(const struct vsw_state_of *of)
{
	return of->port->shut;
}

static uint32_t shut_save(const struct vsw_state_of *of, void *items, uint32_t n)
{
	struct shut *s = items;

	snprintf(s->why, sizeof(s->why), "%s", vsw_drop_name(of->port->shut_why));
	s->left = state_left(of, of->port->shut_until);
	return 1;
}

static const char *shut_check(const struct vsw_state_of *of, void *items, uint32_t n)
{
	const struct shut *s = items;

	if (!memchr(s->why, 0, sizeof(s->why)))
		return "why: is not ended";
	return s->left > 0 ? NULL : "left: is not in the future";
}

static void shut_load(const struct vsw_state_of *of, void *items, uint32_t n)
{
	struct vsw_port *p = of->port;
	const struct shut *s = items;

	for (unsigned why = 0; why < VSW_DROP_COUNT; why++) {
		if (strcmp(vsw_drop_name(why), s->why))
			continue;
		p->shut = true;
		p->shut_why = (enum vsw_drop)why;
		p->shut_until = state_until(of, s->left, STATE_LONG);
		return;
	}
	vsw_state_out(of, "it was shut for something that is not known here");
}

const struct vsw_state_part vsw_state_shut = {
	.name = "shut",
	.list = STATE_LIST(shut_fields, struct shut),
	.count = shut_count,
	.save = shut_save,
	.check = shut_check,
	.load = shut_load,
};
