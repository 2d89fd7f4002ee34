/* SPDX-License-Identifier: BSD-2-Clause */
/* Internet checksum; see hwnet/csum.h. */
#include "hwnet/csum.h"

#include "hwnet/copy.h"

/*
 * Words of 8 bytes go into four sums, so that an addition need not wait for the carry of the one
 * before. A carry is worth 1 modulo 2^64 - 1, which is a multiple of 0xffff: nothing is lost by
 * adding it in again.
 */
static inline uint64_t load8(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, 8);
	return v;
}

static inline uint64_t add64(uint64_t a, uint64_t b)
{
	uint64_t s = a + b;

	return s + (s < b);
}

/* A piece of 4, 2 or 1 bytes: words at even positions, so it does not matter where they are
 * added. */
static inline uint64_t piece(uint8_t **dst, const uint8_t **p, size_t n)
{
	uint32_t v = 0;

	memcpy(&v, *p, n);
	if (*dst) {
		memcpy(*dst, *p, n);
		*dst += n;
	}
	*p += n;
	return v;
}

static inline uint32_t fold64(uint64_t s)
{
	return csum_add((uint32_t)s, (uint32_t)(s >> 32));
}

/*
 * @dst may be NULL: a constant at each call, so that each gets its own loop. Four variables and no
 * array: gcc -O2 does not unroll a loop over an array, and keeps it in memory.
 */
static inline __attribute__((always_inline)) uint32_t sum_bytes(uint8_t *dst, const uint8_t *p,
								size_t len)
{
	uint64_t a = 0, b = 0, c = 0, d = 0;

	for (; len >= 32; len -= 32, p += 32) {
		a = add64(a, load8(p));
		b = add64(b, load8(p + 8));
		c = add64(c, load8(p + 16));
		d = add64(d, load8(p + 24));
		if (dst) {
			memcpy(dst, p, 32);
			dst += 32;
		}
	}
	for (; len >= 8; len -= 8, p += 8) {
		a = add64(a, load8(p));
		if (dst) {
			memcpy(dst, p, 8);
			dst += 8;
		}
	}
	if (len & 4)
		b = add64(b, piece(&dst, &p, 4));
	if (len & 2)
		c = add64(c, piece(&dst, &p, 2));
	if (len & 1)
		d = add64(d, piece(&dst, &p, 1));
	return fold64(add64(add64(a, b), add64(c, d)));
}

uint32_t csum_bytes(const void *p, size_t len)
{
	return sum_bytes(NULL, p, len);
}

uint32_t csum_copy(void *dst, const void *src, size_t len)
{
	return sum_bytes(dst, src, len);
}

uint32_t csum_pkt(const struct pkt *pkt, uint32_t off, uint32_t len)
{
	const struct iovec *iov = pkt->iov;
	uint32_t sum = 0, pos = 0;

	if (off >= pkt->len)
		return 0;
	len = len < pkt->len - off ? len : pkt->len - off;
	while (off >= iov->iov_len)
		off -= (uint32_t)iov++->iov_len;
	while (len) {
		uint32_t n = iov->iov_len - off < len ? (uint32_t)(iov->iov_len - off) : len;
		uint32_t part = csum_bytes((const uint8_t *)iov->iov_base + off, n);

		sum = csum_add(sum, pos & 1 ? csum_odd(part) : part);
		pos += n;
		len -= n;
		off = 0;
		iov++;
	}
	return sum;
}

/* The numbers of a pseudo-header. The length of IPv6 has 32 bits. */
static uint32_t pseudo_numbers(uint8_t proto, uint32_t len)
{
	return csum_be16((uint16_t)(len >> 16)) + csum_be16((uint16_t)len) + csum_be16(proto);
}

uint32_t csum_pseudo4(const uint8_t *addrs, uint8_t proto, uint32_t len)
{
	return csum_add(csum_bytes(addrs, 8), pseudo_numbers(proto, len));
}

uint32_t csum_pseudo6(const uint8_t *addrs, uint8_t proto, uint32_t len)
{
	return csum_add(csum_bytes(addrs, 32), pseudo_numbers(proto, len));
}

void csum_ipv4_set(uint8_t *ip)
{
	uint16_t v = 0;

	memcpy(ip + 10, &v, 2);
	v = csum_fold(csum_bytes(ip, (ip[0] & 15) * 4u));
	memcpy(ip + 10, &v, 2);
}

/* RFC 1624, eqn. 3: of the complement of a sum, a word has changed. */
static void replace_word(uint8_t *csum, const uint8_t *was, const uint8_t *is)
{
	uint16_t old, new, v;

	memcpy(&v, csum, 2);
	memcpy(&old, was, 2);
	memcpy(&new, is, 2);
	v = csum_fold((uint32_t)(uint16_t)~v + (uint16_t)~old + new);
	memcpy(csum, &v, 2);
}

void frame_set_ds(uint8_t *head, const struct frame *f, uint8_t ds)
{
	uint8_t *ip = head + f->l3, was[2] = { ip[0], ip[1] };

	if (f->flags & FRAME_IPV4) {
		ip[1] = ds;
		replace_word(ip + 10, was, ip);
	} else {
		ip[0] = (uint8_t)((ip[0] & 0xf0) | ds >> 4);
		ip[1] = (uint8_t)((ip[1] & 0x0f) | ds << 4);
	}
}
