/* SPDX-License-Identifier: BSD-2-Clause */
/* Hashes; see hwnet/hash.h. */
#include "hwnet/hash.h"

/* 32 bits of the key from bit @at on; bits beyond its end are 0. */
static uint32_t key_window(const uint8_t *key, unsigned at)
{
	uint64_t v = 0;

	for (unsigned i = 0; i < 5; i++)
		v = v << 8 | (at / 8 + i < TOEPLITZ_KEY_MAX ? key[at / 8 + i] : 0);
	return (uint32_t)(v >> (8 - at % 8));
}

/* What each value of four bits adds that begin at bit @at: with one more bit set, its window. */
static void fill_row(uint32_t *row, const uint8_t *key, unsigned at)
{
	row[0] = 0;
	for (unsigned bit = 1, b = 4; b-- > 0; bit *= 2) {
		uint32_t window = key_window(key, at + b);

		for (unsigned v = 0; v < bit; v++)
			row[bit + v] = row[v] ^ window;
	}
}

void toeplitz_init(struct toeplitz *t, const uint8_t *key, size_t len)
{
	uint8_t full[TOEPLITZ_KEY_MAX] = { 0 };

	memcpy(full, key, len < TOEPLITZ_KEY_MAX ? len : TOEPLITZ_KEY_MAX);
	for (unsigned i = 0; i < 2 * TOEPLITZ_INPUT_MAX; i++)
		fill_row(t->tab[i], full, 4 * i);
}

/* What @len bytes add that begin at byte @at of the input. */
static inline uint32_t hash_part(const struct toeplitz *t, unsigned at, const uint8_t *p,
				 unsigned len)
{
	const uint32_t(*tab)[16] = &t->tab[2 * at];
	uint32_t h = 0;

	for (unsigned i = 0; i < len; i++)
		h ^= tab[2 * i][p[i] >> 4] ^ tab[2 * i + 1][p[i] & 15];
	return h;
}

uint32_t toeplitz_hash(const struct toeplitz *t, const uint8_t *data, size_t len)
{
	return hash_part(t, 0, data, len < TOEPLITZ_INPUT_MAX ? (unsigned)len : TOEPLITZ_INPUT_MAX);
}

/* Which type applies to a frame. */
static unsigned rss_type(const struct frame *f, unsigned types)
{
	unsigned v4 = f->flags & FRAME_IPV4 ? ~0u : 0, type = 0;

	if (!(f->flags & FRAME_IP))
		return 0;
	if (f->l4 && !(f->flags & FRAME_FRAG)) {
		if (f->flags & FRAME_TCP)
			type = types & (v4 ? RSS_TCPV4 : RSS_TCPV6);
		else if (f->flags & FRAME_UDP)
			type = types & (v4 ? RSS_UDPV4 : RSS_UDPV6);
	}
	return type ? type : types & (v4 ? RSS_IPV4 : RSS_IPV6);
}

unsigned toeplitz_frame(const struct toeplitz *t, const uint8_t *p, const struct frame *f,
			unsigned types, uint32_t *hash)
{
	unsigned type = rss_type(f, types), addrs = f->flags & FRAME_IPV4 ? 8 : 32;

	if (!type)
		return 0;
	/* Source and destination stand side by side in both versions, as do the ports. */
	*hash = addrs == 8 ? hash_part(t, 0, p + f->saddr, 8) : hash_part(t, 0, p + f->saddr, 32);
	if (!(type & (RSS_IPV4 | RSS_IPV6)))
		*hash ^= hash_part(t, addrs, p + f->l4, 4);
	return type;
}

static inline uint64_t mix(uint64_t h, const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, 8);
	h = (h ^ v) * 0x9e3779b97f4a7c15u; /* 2^64 / golden ratio, odd */
	return h ^ h >> 32;
}

uint32_t frame_flow_hash(const uint8_t *p, const struct frame *f)
{
	uint8_t last[8] = { 0 };
	uint64_t h;

	last[7] = f->proto;
	if (f->flags & FRAME_IPV4) {
		h = mix(0, p + f->saddr);
	} else if (f->flags & FRAME_IPV6) {
		h = mix(mix(0, p + f->saddr), p + f->saddr + 8);
		h = mix(mix(h, p + f->daddr), p + f->daddr + 8);
	} else if (f->l3 < f->l2 + 14) {
		return 0; /* no whole Ethernet header, or none, as in a tunnel for L3 */
	} else {
		memcpy(last, p + f->l2 + 8, 4);
		h = mix(0, p + f->l2);
	}
	if (f->l4 && (f->flags & FRAME_PORTS) && !(f->flags & FRAME_FRAG))
		memcpy(last, p + f->l4, 4);
	h = mix(h, last) * 0xc2b2ae3d27d4eb4fu;
	return (uint32_t)(h >> 32);
}
