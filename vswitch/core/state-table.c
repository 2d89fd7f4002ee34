/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of addresses as parts of a state: what was learnt, with the generation in which it was
 * last seen, and what was entered by hand. What cards and policies registered is not saved: they
 * register it again.
 *
 * What goes ahead (struct vsw_early) is a copy of the table, line by line. Late, lines that are as
 * they were are passed over; of the others, what is not in its place any more is told as gone
 * before all that stands in them now is told. Entries never change places, so that is all there is
 * to know.
 */
#include <stdlib.h>

#include "core/addrs.h"
#include "core/blob.h"
#include "core/state-core.h"
#include "core/state-save.h"
#include "vswitch/fail.h"

#define EARLY_PIECE ((256u << 10) / sizeof(struct fdb_bucket))

/* struct early_port - a port as it was when saving began */
struct early_port {
	char id[VSW_NAME_MAX];
	uint16_t number;
};

/*
 * struct vsw_early - what goes ahead
 * @bucket:  Copy of the table, @n lines of which are copied
 * @changed: Late: lines that are not as they were, of which @n_changed
 * @looked:  Late: @changed is filled in
 * @gen:     Generation when the last line was copied
 */
struct vsw_early {
	struct vsw *sw;
	struct fdb_bucket *bucket;
	uint32_t lines, n, n_changed;
	uint32_t *changed;
	bool looked;
	unsigned gen, sweep;
	unsigned n_ports;
	struct early_port *port;
};

/* struct entry - an address; @age: generation, or FDB_STATIC */
struct entry {
	uint64_t mac;
	uint16_t vlan, port;
	uint8_t age;
};

static const struct hwnet_field entry_fields[] = {
	HWNET_FIELD_RANGE(struct entry, mac, 1, MAC_MASK),
	HWNET_FIELD_RANGE(struct entry, vlan, 0, VSW_VLANS - 2),
	HWNET_FIELD_RANGE(struct entry, port, 0, UINT16_MAX - 1),
	HWNET_FIELD_RANGE(struct entry, age, 1, FDB_STATIC),
};

/* What is in a place: 0, if it is nothing that is saved */
static unsigned entry_age(const struct fdb_bucket *b, unsigned i)
{
	return b->key[i] ? b->ages >> (4 * i) & 15 : 0;
}

static bool registered(const struct vsw *sw, const struct fdb_bucket *b, unsigned i)
{
	const struct vsw_port *p = sw->port[b->port[i]];

	if (b->port[i] == VSW_UPLINK || !p)
		return false;
	for (unsigned k = 0; k < p->n_registered; k++)
		if (p->registered[k] == b->key[i])
			return true;
	return false;
}

static struct entry entry_of(const struct fdb_bucket *b, unsigned i)
{
	return (struct entry) { fdb_key_mac(b->key[i]), fdb_key_fid(b->key[i]), b->port[i],
				(uint8_t)entry_age(b, i) };
}

/* Entries of a line that are saved. @sw: those entered by hand, too; NULL: only what was learnt */
static uint32_t line(const struct vsw *sw, const struct fdb_bucket *b, struct entry *e)
{
	uint32_t n = 0;

	for (unsigned i = 0; i < FDB_SLOTS; i++) {
		unsigned age = entry_age(b, i);

		if (!age || (age == FDB_STATIC && (!sw || registered(sw, b, i))))
			continue;
		if (e)
			e[n] = entry_of(b, i);
		n++;
	}
	return n;
}

/* Are the ports those that there were? Their numbers in the table may mean others by now. */
static bool same_ports(const struct vsw_early *early)
{
	const struct vsw *sw = early->sw;
	unsigned n = 0;

	for (unsigned i = 1; i <= sw->last_port; i++) {
		if (!sw->port[i])
			continue;
		if (n == early->n_ports || early->port[n].number != i ||
		    strcmp(early->port[n].id, sw->port[i]->id))
			return false;
		n++;
	}
	return n == early->n_ports;
}

static void look(struct vsw_early *early)
{
	const struct fdb_bucket *now = early->sw->fdb.bucket;
	bool all = early->n < early->lines || !same_ports(early);

	if (early->looked)
		return;
	early->looked = true;
	for (uint32_t i = 0; i < early->lines; i++)
		if (all || memcmp(&now[i], &early->bucket[i], sizeof(now[i])))
			early->changed[early->n_changed++] = i;
}

static uint32_t table_count(const struct vsw_state_of *of)
{
	const struct fdb *t = &of->sw->fdb;
	uint32_t n = 0;

	if (!of->early)
		return t->entries;
	look(of->early);
	for (uint32_t i = 0; i < of->early->n_changed; i++)
		n += line(of->sw, &t->bucket[of->early->changed[i]], NULL);
	return n;
}

static uint32_t table_save(const struct vsw_state_of *of, void *items, uint32_t most)
{
	const struct fdb *t = &of->sw->fdb;
	uint32_t lines = of->early ? of->early->n_changed : t->mask + 1, n = 0;
	struct entry *e = items;

	for (uint32_t i = 0; i < lines; i++)
		n += line(of->sw, &t->bucket[of->early ? of->early->changed[i] : i], e + n);
	return n;
}

static const char *table_check(const struct vsw_state_of *of, void *items, uint32_t n)
{
	const struct entry *e = items;

	for (uint32_t i = 0; i < n; i++)
		if (!e[i].mac || mac_is_group(e[i].mac) || !e[i].age)
			return "is no address";
	return NULL;
}

static void table_load(const struct vsw_state_of *of, void *items, uint32_t n)
{
	struct fdb *t = &of->sw->fdb;
	const struct entry *e = items;
	uint32_t full = 0, gone = 0;

	for (uint32_t i = 0; i < n; i++) {
		uint64_t key = fdb_key(e[i].vlan, e[i].mac);
		uint16_t port = state_port(of, e[i].port);

		if (port == STATE_GONE) {
			gone++;
			continue;
		}
		port = port == VSW_UPLINK ? port : of->sw->port[port]->fdb_port;
		full += e[i].age == FDB_STATIC ? !vsw_fdb_set_static(t, key, port) :
						 !vsw_fdb_put(t, key, port, e[i].age);
	}
	if (gone)
		vsw_state_out(of, "%u addresses are of ports that are not here", gone);
	if (full)
		vsw_state_out(of, "%u addresses find no room, or are entered elsewhere", full);
}

const struct vsw_state_part vsw_state_table = {
	.name = "addresses",
	.list = STATE_LIST(entry_fields, struct entry),
	.max = UINT32_MAX,
	.whole = true,
	.count = table_count,
	.save = table_save,
	.check = table_check,
	.load = table_load,
};

/* Does the table still have what was copied from a place? */
static bool still(const struct fdb_bucket *was, const struct fdb_bucket *now, unsigned i)
{
	return now->key[i] == was->key[i] && entry_age(now, i) != FDB_STATIC;
}

static uint32_t gone_save(const struct vsw_state_of *of, void *items, uint32_t most)
{
	const struct vsw_early *early = of->early;
	struct entry *e = items;
	uint32_t n = 0;

	for (uint32_t k = 0; k < early->n_changed; k++) {
		const struct fdb_bucket *was = &early->bucket[early->changed[k]];
		const struct fdb_bucket *now = &of->sw->fdb.bucket[early->changed[k]];

		for (unsigned i = 0; i < FDB_SLOTS; i++) {
			unsigned age = entry_age(was, i);

			if (!age || age == FDB_STATIC || still(was, now, i))
				continue;
			if (e)
				e[n] = entry_of(was, i);
			n++;
		}
	}
	return n;
}

static uint32_t gone_count(const struct vsw_state_of *of)
{
	if (!of->early)
		return 0;
	look(of->early);
	return gone_save(of, NULL, 0);
}

static void gone_load(const struct vsw_state_of *of, void *items, uint32_t n)
{
	struct fdb *t = &of->sw->fdb;
	const struct entry *e = items;

	for (uint32_t i = 0; i < n; i++) {
		uint64_t key = fdb_key(e[i].vlan, e[i].mac);
		struct fdb_ref r = fdb_lookup(t, key, fdb_hash(t, key));

		if (r.i >= 0 && fdb_age(r) != FDB_STATIC)
			vsw_fdb_remove(t, key);
	}
}

const struct vsw_state_part vsw_state_gone = {
	.name = "addresses-gone",
	.list = { entry_fields, 2, sizeof(struct entry) },
	.max = UINT32_MAX,
	.whole = true,
	.count = gone_count,
	.save = gone_save,
	.load = gone_load,
};

/* struct generations - the table's clock, before the table, whose ages are of it */
struct generations {
	uint8_t generation, sweep;
};

static const struct hwnet_field generation_fields[] = {
	HWNET_FIELD_RANGE(struct generations, generation, 1, FDB_GENS),
	HWNET_FIELD_RANGE(struct generations, sweep, 0, FDB_SWEEP_STEPS - 1),
};

static void generations_init(void *items, uint32_t n)
{
	((struct generations *)items)->generation = 1;
}

static uint32_t generations_save(const struct vsw_state_of *of, void *items, uint32_t n)
{
	const struct fdb *t = &of->sw->fdb;

	*(struct generations *)items = (struct generations) { (uint8_t)t->gen, (uint8_t)t->sweep };
	return 1;
}

static void generations_load(const struct vsw_state_of *of, void *items, uint32_t n)
{
	const struct generations *g = items;

	of->sw->fdb.gen = g->generation;
	of->sw->fdb.sweep = g->sweep;
	of->sw->fdb.version++;
}

const struct vsw_state_part vsw_state_generations = {
	.name = "generations",
	.list = STATE_LIST(generation_fields, struct generations),
	.whole = true,
	.init = generations_init,
	.save = generations_save,
	.load = generations_load,
};

static int copy_ports(struct vsw_early *early)
{
	const struct vsw *sw = early->sw;

	early->port = calloc(sw->last_port + 1u, sizeof(*early->port));
	if (!early->port)
		return -1;
	for (uint16_t i = 1; i <= sw->last_port; i++) {
		if (!sw->port[i])
			continue;
		memcpy(early->port[early->n_ports].id, sw->port[i]->id, VSW_NAME_MAX);
		early->port[early->n_ports++].number = i;
	}
	return 0;
}

struct vsw_early *vsw_early_new(struct vsw *sw, char *err, size_t errlen)
{
	struct vsw_early *early = calloc(1, sizeof(*early));

	if (early) {
		early->sw = sw;
		early->lines = sw->fdb.mask + 1;
		early->changed = calloc(early->lines, sizeof(*early->changed));
		early->bucket = aligned_alloc(sizeof(struct fdb_bucket),
					      (size_t)early->lines * sizeof(struct fdb_bucket));
		if (early->changed && early->bucket && copy_ports(early) == 0) {
			/* touched now, not while frames wait */
			memset(early->bucket, 0, (size_t)early->lines * sizeof(*early->bucket));
			return early;
		}
	}
	vsw_early_free(early);
	vsw_fail(err, errlen, "out of memory");
	return NULL;
}

bool vsw_early_copy(struct vsw_early *early)
{
	const struct fdb *t = &early->sw->fdb;
	uint32_t left = early->lines - early->n, n = left < EARLY_PIECE ? left : EARLY_PIECE;

	memcpy(early->bucket + early->n, t->bucket + early->n, n * sizeof(*t->bucket));
	early->n += n;
	early->gen = t->gen;
	early->sweep = t->sweep;
	return early->n < early->lines;
}

static int save_learnt(const struct vsw_early *early, struct vsw_blob *blob)
{
	uint32_t n = 0;
	struct entry *e;
	int ret;

	for (uint32_t i = 0; i < early->n; i++)
		n += line(NULL, &early->bucket[i], NULL);
	if (!n)
		return 0;
	e = calloc(n, sizeof(*e));
	if (!e)
		return -1;
	n = 0;
	for (uint32_t i = 0; i < early->n; i++)
		n += line(NULL, &early->bucket[i], e + n);
	ret = vsw_state_items(blob, &vsw_state_table, e, n);
	free(e);
	return ret;
}

static int save_early(const struct vsw_early *early, struct vsw_blob *blob)
{
	struct generations g = { (uint8_t)early->gen, (uint8_t)early->sweep };
	size_t mark;

	if (vsw_state_begin(blob, STATE_KIND_SWITCH) < 0)
		return -1;
	for (unsigned i = 0; i < early->n_ports; i++) {
		if (vsw_state_open(blob, STATE_PORT, &mark) < 0 ||
		    vsw_state_save_who(blob, early->port[i].id, early->port[i].number) < 0)
			return -1;
		vsw_state_close(blob, STATE_PORT, mark);
	}
	if (vsw_state_items(blob, &vsw_state_generations, &g, 1) < 0)
		return -1;
	return save_learnt(early, blob);
}

int vsw_early_save(const struct vsw_early *early, struct vsw_blob *blob, char *err, size_t errlen)
{
	size_t was = blob->len;

	if (save_early(early, blob) == 0)
		return 0;
	blob->len = was;
	return vsw_fail(err, errlen, "the state is longer than %zu bytes, or there is no memory",
			blob->max);
}

void vsw_early_free(struct vsw_early *early)
{
	if (!early)
		return;
	free(early->bucket);
	free(early->changed);
	free(early->port);
	free(early);
}
