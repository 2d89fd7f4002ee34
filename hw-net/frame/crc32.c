/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CRC-32 of IEEE 802.3, 3.2.9, eight bytes at a time, or folded where the processor can; see
 * hwnet/csum.h.
 *
 * DOC: Theory of Operation
 *
 * A CRC is linear: what a byte adds is the exclusive or of what its bits add. So the tables are
 * spelled by the compiler from eight constants each. Table k tells what a byte adds that has k more
 * bytes after it; the constants of table 0 are the bits 0x01 to 0x80 shifted 8 times through the
 * reflected polynomial 0xedb88320, those of table k are those of table k - 1 with a byte of zeros
 * after. The unit test computes them bit by bit.
 */
#include "hwnet/csum.h"

#include "crc32.h"

/* Entry @n of the table with these constants for bits 0 to 7. */
#define ENTRY(n, b0, b1, b2, b3, b4, b5, b6, b7)                                     \
	(((n)&1 ? b0 : 0) ^ ((n)&2 ? b1 : 0) ^ ((n)&4 ? b2 : 0) ^ ((n)&8 ? b3 : 0) ^ \
	 ((n)&16 ? b4 : 0) ^ ((n)&32 ? b5 : 0) ^ ((n)&64 ? b6 : 0) ^ ((n)&128 ? b7 : 0))
#define ENTRY4(n, ...)                                                                   \
	ENTRY(n, __VA_ARGS__), ENTRY((n) + 1, __VA_ARGS__), ENTRY((n) + 2, __VA_ARGS__), \
		ENTRY((n) + 3, __VA_ARGS__)
#define ENTRY16(n, ...)                                                                     \
	ENTRY4(n, __VA_ARGS__), ENTRY4((n) + 4, __VA_ARGS__), ENTRY4((n) + 8, __VA_ARGS__), \
		ENTRY4((n) + 12, __VA_ARGS__)
#define ENTRY64(n, ...)                                                                          \
	ENTRY16(n, __VA_ARGS__), ENTRY16((n) + 16, __VA_ARGS__), ENTRY16((n) + 32, __VA_ARGS__), \
		ENTRY16((n) + 48, __VA_ARGS__)
#define TABLE(...)                                                                            \
	{                                                                                     \
		ENTRY64(0, __VA_ARGS__), ENTRY64(64, __VA_ARGS__), ENTRY64(128, __VA_ARGS__), \
			ENTRY64(192, __VA_ARGS__)                                             \
	}

static const uint32_t tab[8][256] = {
	TABLE(0x77073096, 0xee0e612c, 0x076dc419, 0x0edb8832, 0x1db71064, 0x3b6e20c8, 0x76dc4190,
	      0xedb88320),
	TABLE(0x191b3141, 0x32366282, 0x646cc504, 0xc8d98a08, 0x4ac21251, 0x958424a2, 0xf0794f05,
	      0x3b83984b),
	TABLE(0x01c26a37, 0x0384d46e, 0x0709a8dc, 0x0e1351b8, 0x1c26a370, 0x384d46e0, 0x709a8dc0,
	      0xe1351b80),
	TABLE(0xb8bc6765, 0xaa09c88b, 0x8f629757, 0xc5b428ef, 0x5019579f, 0xa032af3e, 0x9b14583d,
	      0xed59b63b),
	TABLE(0x3d6029b0, 0x7ac05360, 0xf580a6c0, 0x30704bc1, 0x60e09782, 0xc1c12f04, 0x58f35849,
	      0xb1e6b092),
	TABLE(0xcb5cd3a5, 0x4dc8a10b, 0x9b914216, 0xec53826d, 0x03d6029b, 0x07ac0536, 0x0f580a6c,
	      0x1eb014d8),
	TABLE(0xa6770bb4, 0x979f1129, 0xf44f2413, 0x33ef4e67, 0x67de9cce, 0xcfbd399c, 0x440b7579,
	      0x8816eaf2),
	TABLE(0xccaa009e, 0x4225077d, 0x844a0efa, 0xd3e51bb5, 0x7cbb312b, 0xf9766256, 0x299dc2ed,
	      0x533b85da),
};

/* Four bytes, the first in the lowest bits. */
static inline uint32_t le32(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

uint32_t frame_crc32_by_table(uint32_t crc, const uint8_t *p, size_t len)
{
	for (; len >= 8; len -= 8, p += 8) {
		uint32_t lo = le32(p) ^ crc, hi = le32(p + 4);

		crc = tab[7][lo & 255] ^ tab[6][lo >> 8 & 255] ^ tab[5][lo >> 16 & 255] ^
		      tab[4][lo >> 24] ^ tab[3][hi & 255] ^ tab[2][hi >> 8 & 255] ^
		      tab[1][hi >> 16 & 255] ^ tab[0][hi >> 24];
	}
	while (len--)
		crc = crc >> 8 ^ tab[0][(crc ^ *p++) & 255];
	return crc;
}

uint32_t frame_crc32(uint32_t crc, const void *p, size_t len)
{
	crc = ~crc;
	if (!frame_crc32_fold(&crc, (struct crc32_bytes) { p, NULL }, len))
		crc = frame_crc32_by_table(crc, p, len);
	return ~crc;
}

uint32_t frame_crc32_copy(uint32_t crc, void *dst, const void *src, size_t len)
{
	crc = ~crc;
	if (!frame_crc32_fold(&crc, (struct crc32_bytes) { src, dst }, len)) {
		memcpy(dst, src, len);
		crc = frame_crc32_by_table(crc, src, len);
	}
	return ~crc;
}

uint32_t pkt_crc32(const struct pkt *pkt)
{
	uint32_t crc = 0;

	for (unsigned i = 0; i < pkt->iovcnt; i++)
		crc = frame_crc32(crc, pkt->iov[i].iov_base, pkt->iov[i].iov_len);
	return crc;
}

uint32_t pkt_crc32_copy(const struct pkt *pkt, void *dst)
{
	const struct iovec *iov = pkt->iov;
	uint8_t *to = dst;
	uint32_t crc = 0;

	for (size_t left = pkt->len, n; left; left -= n, to += n, iov++) {
		n = iov->iov_len < left ? iov->iov_len : left;
		crc = frame_crc32_copy(crc, to, iov->iov_base, n);
	}
	return crc;
}
