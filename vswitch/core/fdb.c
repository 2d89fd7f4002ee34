/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of addresses: everything but the look-up (fdb.h has the theory). */
#include "core/fdb.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define HUGE_PAGE ((size_t)2 << 20)

/* Memory of @size, aligned to lines. A large table is looked up all over: in huge pages, if the
 * system has some, the processor finds a line without walking page tables. */
static struct fdb_bucket *reserve(struct fdb *t, size_t size)
{
	size_t align = size < HUGE_PAGE ? sizeof(struct fdb_bucket) : HUGE_PAGE;
	uintptr_t at;

	t->memory = calloc(1, size + align);
	at = ((uintptr_t)t->memory + align - 1) & ~(uintptr_t)(align - 1);
	if (t->memory && align == HUGE_PAGE)
		madvise((void *)at, size, MADV_HUGEPAGE);
	return (struct fdb_bucket *)at;
}

/**
 * vsw_fdb_init() - Make a table
 * @t:         Filled
 * @addresses: Entries it must hold; the buckets are then at most two thirds full
 * @ports:     Port numbers are below this
 * @seed:      Secret of the hash
 *
 * Return: 0, or -1 without memory.
 */
int vsw_fdb_init(struct fdb *t, uint32_t addresses, uint32_t ports, uint64_t seed)
{
	uint32_t buckets = 16;

	while ((uint64_t)buckets * FDB_SLOTS * 2 < (uint64_t)addresses * 3 && buckets < 1u << 24)
		buckets *= 2;
	memset(t, 0, sizeof(*t));
	t->bucket = reserve(t, (size_t)buckets * sizeof(*t->bucket));
	t->learnt = calloc(2 * (size_t)ports, sizeof(*t->learnt));
	if (!t->memory || !t->learnt) {
		vsw_fdb_fini(t);
		return -1;
	}
	t->fixed = t->learnt + ports;
	t->mask = buckets - 1;
	t->seed = seed;
	t->gen = 1;
	return 0;
}

/**
 * vsw_fdb_fini() - Give its memory back
 * @t: The table
 */
void vsw_fdb_fini(struct fdb *t)
{
	free(t->memory);
	free(t->learnt);
	memset(t, 0, sizeof(*t));
}

static int empty_slot(const struct fdb_bucket *b)
{
	for (unsigned i = 0; i < FDB_SLOTS; i++)
		if (!b->key[i])
			return (int)i;
	return -1;
}

static void clear(struct fdb *t, struct fdb_ref r)
{
	struct fdb_bucket *home = fdb_home(t, fdb_hash(t, r.b->key[r.i]));

	if (home != r.b && home->overflow != 255)
		home->overflow--;
	if (fdb_age(r) != FDB_STATIC)
		t->learnt[r.b->port[r.i]]--;
	else
		t->fixed[r.b->port[r.i]]--;
	r.b->key[r.i] = 0;
	t->entries--;
	t->version++;
}

/* Whether entry @a is the better one to give up than @b: of the port with more addresses, then the
 * longer unused */
static bool worse(const struct fdb *t, struct fdb_ref a, struct fdb_ref b)
{
	uint32_t na = t->learnt[a.b->port[a.i]], nb = t->learnt[b.b->port[b.i]];

	if (na != nb)
		return na > nb;
	return fdb_idle(t, a) > fdb_idle(t, b);
}

static void find_victim(const struct fdb *t, struct fdb_bucket *b, struct fdb_ref *best)
{
	for (unsigned i = 0; i < FDB_SLOTS; i++) {
		struct fdb_ref r = { b, (int)i };

		if (b->key[i] && fdb_age(r) != FDB_STATIC && (!best->b || worse(t, r, *best)))
			*best = r;
	}
}

/* Make room in one of the two buckets; a port that holds @own addresses asks (UINT32_MAX: it takes
 * precedence) */
static struct fdb_ref make_room(struct fdb *t, uint64_t hash, uint32_t own)
{
	struct fdb_ref r = { fdb_home(t, hash), -1 }, victim = { NULL, -1 };

	r.i = empty_slot(r.b);
	if (r.i >= 0)
		return r;
	r.b = fdb_other(t, hash);
	r.i = empty_slot(r.b);
	if (r.i >= 0)
		return r;
	find_victim(t, fdb_home(t, hash), &victim);
	find_victim(t, r.b, &victim);
	if (victim.b && (own == UINT32_MAX || t->learnt[victim.b->port[victim.i]] > own))
		clear(t, victim);
	else
		victim.i = -1;
	return victim;
}

static bool insert(struct fdb *t, uint64_t key, uint16_t port, unsigned age)
{
	uint64_t hash = fdb_hash(t, key);
	struct fdb_ref r = make_room(t, hash, age == FDB_STATIC ? UINT32_MAX : t->learnt[port]);
	struct fdb_bucket *home = fdb_home(t, hash);

	if (r.i < 0)
		return false;
	r.b->key[r.i] = key;
	fdb_set_age(r, age);
	r.b->port[r.i] = port;
	if (r.b != home && home->overflow != 255)
		home->overflow++;
	if (age != FDB_STATIC)
		t->learnt[port]++;
	else
		t->fixed[port]++;
	t->entries++;
	t->version++;
	return true;
}

/**
 * vsw_fdb_learn() - A station was seen behind a port
 * @t:    The table
 * @key:  Its address; not held by a static entry
 * @port: Where
 *
 * Return: FDB_OK, FDB_MOVED if it was behind another port before, FDB_FULL if it could not be
 * entered.
 */
enum fdb_result vsw_fdb_learn(struct fdb *t, uint64_t key, uint16_t port)
{
	struct fdb_ref r = fdb_lookup(t, key, fdb_hash(t, key));

	if (r.i < 0)
		return insert(t, key, port, t->gen) ? FDB_OK : FDB_FULL;
	fdb_set_age(r, t->gen);
	if (r.b->port[r.i] == port)
		return FDB_OK;
	t->learnt[r.b->port[r.i]]--;
	t->learnt[port]++;
	r.b->port[r.i] = port;
	t->version++;
	return FDB_MOVED;
}

/**
 * vsw_fdb_put() - Enter what another table has learnt
 * @t:    The table
 * @key:  The address; a static entry stays
 * @port: Where it was
 * @age:  Generation in which it was last seen there, 1 to FDB_GENS
 *
 * Return: false if a static entry holds it, or there is no room.
 */
bool vsw_fdb_put(struct fdb *t, uint64_t key, uint16_t port, unsigned age)
{
	struct fdb_ref r = fdb_lookup(t, key, fdb_hash(t, key));

	if (r.i >= 0 && fdb_age(r) == FDB_STATIC)
		return r.b->port[r.i] == port;
	if (vsw_fdb_learn(t, key, port) == FDB_FULL)
		return false;
	r = fdb_lookup(t, key, fdb_hash(t, key));
	fdb_set_age(r, age);
	return true;
}

/**
 * vsw_fdb_set_static() - Enter an address for good
 * @t:    The table
 * @key:  The address; a learnt entry gives way
 * @port: Where it is
 *
 * Return: false if another static entry holds it, or if both buckets are full of static entries.
 */
bool vsw_fdb_set_static(struct fdb *t, uint64_t key, uint16_t port)
{
	struct fdb_ref r = fdb_lookup(t, key, fdb_hash(t, key));

	if (r.i >= 0 && fdb_age(r) == FDB_STATIC)
		return r.b->port[r.i] == port;
	if (r.i >= 0)
		clear(t, r);
	return insert(t, key, port, FDB_STATIC);
}

/**
 * vsw_fdb_remove() - Forget an address
 * @t:   The table
 * @key: The address
 *
 * Return: whether it was there.
 */
bool vsw_fdb_remove(struct fdb *t, uint64_t key)
{
	struct fdb_ref r = fdb_lookup(t, key, fdb_hash(t, key));

	if (r.i < 0)
		return false;
	clear(t, r);
	return true;
}

/**
 * vsw_fdb_flush_port() - Forget the addresses of a port
 * @t:       The table
 * @port:    The port
 * @statics: Static ones too
 *
 * It looks for as many as there are, so a port that has none costs nothing.
 */
void vsw_fdb_flush_port(struct fdb *t, uint16_t port, bool statics)
{
	uint32_t left = t->learnt[port] + (statics ? t->fixed[port] : 0);

	for (uint32_t n = 0; left && n <= t->mask; n++)
		for (unsigned i = 0; i < FDB_SLOTS; i++) {
			struct fdb_ref r = { &t->bucket[n], (int)i };

			if (r.b->key[i] && r.b->port[i] == port &&
			    (statics || fdb_age(r) != FDB_STATIC)) {
				clear(t, r);
				left--;
			}
		}
}

/**
 * vsw_fdb_flush_learnt() - Forget all that was learnt
 * @t: The table
 */
void vsw_fdb_flush_learnt(struct fdb *t)
{
	for (uint32_t n = 0; n <= t->mask; n++)
		for (unsigned i = 0; i < FDB_SLOTS; i++) {
			struct fdb_ref r = { &t->bucket[n], (int)i };

			if (r.b->key[i] && fdb_age(r) != FDB_STATIC)
				clear(t, r);
		}
}

/**
 * vsw_fdb_follow() - Take the place of another table: its static entries, its clock
 * @t:   The table, empty, of the same seed and ports
 * @was: The other one
 *
 * Return: false if there is no room for all of them; then the other one has to stay.
 */
bool vsw_fdb_follow(struct fdb *t, const struct fdb *was)
{
	uint32_t pos = 0;
	uint64_t key;
	uint16_t port;
	unsigned age;

	while (vsw_fdb_next(was, &pos, fdb_places(was), &key, &port, &age))
		if (age == UINT32_MAX && !vsw_fdb_set_static(t, key, port))
			return false;
	t->gen = was->gen;
	t->sweep = was->sweep;
	t->version = was->version + 1;
	return true;
}

static void sweep_bucket(struct fdb *t, struct fdb_bucket *b)
{
	for (unsigned i = 0; i < FDB_SLOTS; i++) {
		struct fdb_ref r = { b, (int)i };

		if (b->key[i] && fdb_age(r) != FDB_STATIC && fdb_idle(t, r) > FDB_LIFE)
			clear(t, r);
	}
}

/**
 * vsw_fdb_tick() - A FDB_SWEEP_STEPS-th of a generation has passed
 * @t: The table
 *
 * A generation begins with the first step, the sweep of what died with the last one is spread over
 * all of them. An entry that is idle for FDB_LIFE + 1 ticks goes before its age can come round:
 * FDB_GENS is one more.
 */
void vsw_fdb_tick(struct fdb *t)
{
	uint64_t buckets = (uint64_t)t->mask + 1;
	uint64_t from, to;

	if (t->sweep == 0) {
		t->gen = t->gen % FDB_GENS + 1;
		t->version++; /* whoever remembers a source as seen must look again, to refresh it
			       */
	}
	from = buckets * t->sweep / FDB_SWEEP_STEPS;
	to = buckets * (t->sweep + 1) / FDB_SWEEP_STEPS;
	for (; from < to; from++)
		sweep_bucket(t, &t->bucket[from]);
	t->sweep = (t->sweep + 1) % FDB_SWEEP_STEPS;
}

/**
 * vsw_fdb_next() - Walk over the entries
 * @t:    The table
 * @pos:  Place where the walk is; 0 to begin. Entries never change places
 * @end:  Place where it ends, at most fdb_places()
 * @key:  Filled, as of fdb_key()
 * @port: Filled
 * @age:  Filled: ticks since last use, or UINT_MAX for a static entry
 *
 * Return: false at the end.
 */
bool vsw_fdb_next(const struct fdb *t, uint32_t *pos, uint32_t end, uint64_t *key, uint16_t *port,
		  unsigned *age)
{
	for (; *pos < end; (*pos)++) {
		struct fdb_bucket *b = &t->bucket[*pos / FDB_SLOTS];
		unsigned i = *pos % FDB_SLOTS;
		struct fdb_ref r = { b, (int)i };

		if (!b->key[i])
			continue;
		*key = b->key[i];
		*port = b->port[i];
		*age = fdb_age(r) == FDB_STATIC ? UINT32_MAX : fdb_idle(t, r);
		(*pos)++;
		return true;
	}
	return false;
}
