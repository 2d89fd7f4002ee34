/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of addresses: which port a station is behind.
 *
 * DOC: Theory of Operation
 *
 * Open addressing in buckets of one cache line. A key is 12 bits of filtering id (the VLAN, or the
 * primary VLAN of a private one) and 48 bits of address. A key lives in one of two buckets
 * (fdb_home, fdb_other); nothing is ever moved, so a look-up touches two lines at most, and only
 * one unless some key of its first bucket had to go to its other one (@overflow counts those).
 *
 * A key has a bit that marks it as one, so an empty slot, 0, matches none.
 *
 * Age: 1..14 the generation in which a learnt entry was last seen as a source, 15 entered by hand
 * or by a card (never aged, moved or evicted). The clock of generations is vsw_fdb_tick(), the
 * sweep is cut into small steps, so that no call takes long. An entry lives for at least FDB_LIFE
 * whole ticks after its last use and at most one tick more.
 *
 * A full pair of buckets: the entry of the port with most addresses gives way, the oldest of those
 * first, but only if that port holds more addresses than the one that learns. So a port that floods
 * the table with invented sources displaces its own, never those of quiet ports; the memory is
 * bounded from the start.
 */
#ifndef VSWITCH_FDB_H
#define VSWITCH_FDB_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "core/mac.h"

#define FDB_SLOTS	6u
#define FDB_STATIC	15u
#define FDB_GENS	14u
#define FDB_LIFE	12u    /* whole ticks that an unused entry lives */
#define FDB_SWEEP_STEPS 16u    /* steps of a sweep in a tick */
#define FDB_ANY_VLAN	0xfffu /* filtering id of what holds in every VLAN of a trunk port */

struct fdb_bucket {
	_Alignas(64) uint64_t key[FDB_SLOTS]; /* fid << 48 | address; 0: empty */
	uint16_t port[FDB_SLOTS];
	uint32_t ages : 24;    /* 4 bits each */
	uint32_t overflow : 8; /* keys whose home this is and that live in their other bucket;
				  sticks at 255 */
};

_Static_assert(sizeof(struct fdb_bucket) == 64, "one cache line");

struct fdb {
	struct fdb_bucket *bucket;
	uint32_t mask;	  /* buckets - 1 */
	uint32_t version; /* changes with every entry added, removed or moved */
	uint64_t seed;
	unsigned gen; /* current generation, 1..FDB_GENS */
	uint32_t entries;
	uint32_t sweep;	  /* next step of the running sweep */
	uint32_t *learnt; /* entries of each port, static ones not among them */
	uint32_t *fixed;  /* static ones of each port */
	void *memory;
};

#define FDB_USED (UINT64_C(1) << 60) /* in every key, so that none is 0 */

/* fdb_key() - Key of an address in a filtering id */
static inline uint64_t fdb_key(uint32_t fid, uint64_t mac)
{
	return FDB_USED | (uint64_t)fid << 48 | mac;
}

/* fdb_places() - Places of the table, which vsw_fdb_next() counts */
static inline uint32_t fdb_places(const struct fdb *t)
{
	return (t->mask + 1) * FDB_SLOTS;
}

/* fdb_key_fid(), fdb_key_mac() - What a key is of */
static inline uint16_t fdb_key_fid(uint64_t key)
{
	return key >> 48 & VID_MASK;
}

static inline uint64_t fdb_key_mac(uint64_t key)
{
	return key & MAC_MASK;
}

/* fdb_hash() - Two rounds of multiply and fold under a secret: guests choose the keys, so they must
 * not know where they go */
static inline uint64_t fdb_hash(const struct fdb *t, uint64_t key)
{
	uint64_t h = (key ^ t->seed) * HASH_FACTOR;

	h ^= h >> 32;
	h *= UINT64_C(0xd6e8feb86659fd93);
	return h ^ h >> 32;
}

/* fdb_home(), fdb_other() - The two buckets that a key may be in */
static inline struct fdb_bucket *fdb_home(const struct fdb *t, uint64_t hash)
{
	return &t->bucket[hash & t->mask];
}

static inline struct fdb_bucket *fdb_other(const struct fdb *t, uint64_t hash)
{
	return &t->bucket[((hash ^ (hash >> 40 | 1)) & t->mask)];
}

/* fdb_match() - Slot of a bucket that holds the key, or -1. No branch per slot: which one it is
 * can't be predicted. */
static inline int fdb_match(const struct fdb_bucket *b, uint64_t key)
{
	unsigned hit = 0;
#ifdef __SSE2__
	/* compare halves, narrow each result to 2 bits, and take the slots of which both halves are
	 * equal */
	const __m128i *k = (const __m128i *)b->key;
	__m128i want = _mm_set1_epi64x((int64_t)key);
	__m128i c01 = _mm_packs_epi32(_mm_cmpeq_epi32(k[0], want), _mm_cmpeq_epi32(k[1], want));
	__m128i c2 = _mm_cmpeq_epi32(k[2], want);
	unsigned m = (unsigned)_mm_movemask_epi8(_mm_packs_epi16(c01, _mm_packs_epi32(c2, c2)));

	hit = m & m >> 1 & 0x555;
	return hit ? __builtin_ctz(hit) >> 1 : -1;
#else
	for (unsigned i = 0; i < FDB_SLOTS; i++)
		hit |= (unsigned)(b->key[i] == key) << i;
	return hit ? __builtin_ctz(hit) : -1;
#endif
}

/* struct fdb_ref - where an entry is */
struct fdb_ref {
	struct fdb_bucket *b;
	int i; /* < 0: not found */
};

/* fdb_lookup() - Where a key is */
static inline struct fdb_ref fdb_lookup(const struct fdb *t, uint64_t key, uint64_t hash)
{
	struct fdb_ref r = { .b = fdb_home(t, hash) };

	r.i = fdb_match(r.b, key);
	if (__builtin_expect(r.i < 0 && r.b->overflow, 0)) {
		r.b = fdb_other(t, hash);
		r.i = fdb_match(r.b, key);
	}
	return r;
}

/* fdb_lookup_any_vlan() - An address that its card registered for all VLANs of its trunk port */
static inline struct fdb_ref fdb_lookup_any_vlan(const struct fdb *t, uint64_t key)
{
	uint64_t any = fdb_key(FDB_ANY_VLAN, fdb_key_mac(key));

	return fdb_lookup(t, any, fdb_hash(t, any));
}

/* fdb_age(), fdb_set_age() - Generation of an entry, or FDB_STATIC */
static inline unsigned fdb_age(struct fdb_ref r)
{
	return r.b->ages >> (4 * r.i) & 15;
}

static inline void fdb_set_age(struct fdb_ref r, unsigned age)
{
	r.b->ages = (r.b->ages & ~(15u << (4 * r.i))) | age << (4 * r.i);
}

/* fdb_idle() - Ticks since an entry was last used as a source; not for static ones */
static inline unsigned fdb_idle(const struct fdb *t, struct fdb_ref r)
{
	return (t->gen + FDB_GENS - fdb_age(r)) % FDB_GENS;
}

/* enum fdb_result - outcome of vsw_fdb_learn() */
enum fdb_result { FDB_OK, FDB_MOVED, FDB_FULL };

int vsw_fdb_init(struct fdb *t, uint32_t addresses, uint32_t ports, uint64_t seed);
bool vsw_fdb_follow(struct fdb *t, const struct fdb *was);
void vsw_fdb_fini(struct fdb *t);
enum fdb_result vsw_fdb_learn(struct fdb *t, uint64_t key, uint16_t port);
bool vsw_fdb_put(struct fdb *t, uint64_t key, uint16_t port, unsigned age);
bool vsw_fdb_set_static(struct fdb *t, uint64_t key, uint16_t port);
bool vsw_fdb_remove(struct fdb *t, uint64_t key);
void vsw_fdb_flush_port(struct fdb *t, uint16_t port, bool statics);
void vsw_fdb_flush_learnt(struct fdb *t);
void vsw_fdb_tick(struct fdb *t);
bool vsw_fdb_next(const struct fdb *t, uint32_t *pos, uint32_t end, uint64_t *key, uint16_t *port,
		  unsigned *age);

#endif
