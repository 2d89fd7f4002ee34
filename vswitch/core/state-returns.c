/* SPDX-License-Identifier: BSD-2-Clause */
/* Who the switch is, and stations of ours that were heard from an uplink, or announced there
 * (returns.c). */
#include "core/returns.h"
#include "core/state-core.h"

/* struct station - one of them; @age: of its entry when it was heard */
struct station {
	uint64_t mac;
	uint16_t vlan;
	int64_t ago;
	uint8_t age;
};

static const struct hwnet_field station_fields[] = {
	HWNET_FIELD_RANGE(struct station, mac, 1, MAC_MASK),
	HWNET_FIELD_RANGE(struct station, vlan, 0, VSW_VLANS - 1),
	HWNET_FIELD_RANGE(struct station, ago, 0, STATE_LONG),
	HWNET_FIELD_RANGE(struct station, age, 0, FDB_STATIC),
};

static uint64_t key_of(const struct station *s)
{
	return fdb_key(s->vlan, s->mac);
}

static uint32_t heard_count(const struct vsw_state_of *of)
{
	uint32_t n = 0;

	for (unsigned i = 0; i < VSW_RETURNS; i++)
		n += of->sw->heard[i].key != 0;
	return n;
}

static uint32_t heard_save(const struct vsw_state_of *of, void *items, uint32_t n)
{
	struct station *s = items;

	for (unsigned i = 0; i < VSW_RETURNS; i++) {
		const struct vsw_heard *h = &of->sw->heard[i];

		if (h->key)
			*s++ = (struct station) { fdb_key_mac(h->key), fdb_key_fid(h->key),
						  state_ago(of, h->since), h->age };
	}
	return n;
}

static void heard_load(const struct vsw_state_of *of, void *items, uint32_t n)
{
	const struct station *s = items;

	for (uint32_t i = 0; i < n; i++)
		of->sw->heard[vsw_returns_place(of->sw, key_of(&s[i]))] =
			(struct vsw_heard) { key_of(&s[i]), state_since(of, s[i].ago), s[i].age };
}

const struct vsw_state_part vsw_state_heard = {
	.name = "heard-outside",
	.list = STATE_LIST(station_fields, struct station),
	.max = VSW_RETURNS,
	.whole = true,
	.count = heard_count,
	.save = heard_save,
	.load = heard_load,
};

static uint32_t told_count(const struct vsw_state_of *of)
{
	uint32_t n = 0;

	for (unsigned i = 0; i < VSW_RETURNS; i++)
		n += of->sw->told[i].key != 0;
	return n;
}

static uint32_t told_save(const struct vsw_state_of *of, void *items, uint32_t n)
{
	struct station *s = items;

	for (unsigned i = 0; i < VSW_RETURNS; i++) {
		const struct vsw_told *t = &of->sw->told[i];

		if (t->key)
			*s++ = (struct station) { fdb_key_mac(t->key), fdb_key_fid(t->key),
						  state_ago(of, t->at), 0 };
	}
	return n;
}

static void told_load(const struct vsw_state_of *of, void *items, uint32_t n)
{
	const struct station *s = items;

	for (uint32_t i = 0; i < n; i++)
		of->sw->told[vsw_returns_place(of->sw, key_of(&s[i]))] =
			(struct vsw_told) { key_of(&s[i]), state_since(of, s[i].ago) };
}

const struct vsw_state_part vsw_state_told = {
	.name = "announced",
	.list = { station_fields, 3, sizeof(struct station) },
	.max = VSW_RETURNS,
	.whole = true,
	.count = told_count,
	.save = told_save,
	.load = told_load,
};

static const struct hwnet_field identity_fields[] = {
	{ .name = "id", .size = 8, .count = 1 },
};

static uint32_t identity_save(const struct vsw_state_of *of, void *items, uint32_t n)
{
	*(uint64_t *)items = of->sw->id;
	return 1;
}

static void identity_load(const struct vsw_state_of *of, void *items, uint32_t n)
{
	of->sw->id = *(const uint64_t *)items;
}

/* Others know its queries and beacons by it */
const struct vsw_state_part vsw_state_identity = {
	.name = "identity",
	.list = STATE_LIST(identity_fields, uint64_t),
	.whole = true,
	.save = identity_save,
	.load = identity_load,
};
