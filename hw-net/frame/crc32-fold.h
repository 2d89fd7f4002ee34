/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Step 2 of crc32-clmul.c, which includes this once for each width of vectors. There are
 *
 *	VEC	type of a vector
 *	WIDTH	its bytes
 *	ON	attribute with what the processor must have
 *	NAME(f)	f with the width: load(), by(), fold(), put() and end() are there before
 */

/* With @chains vectors, a power of two, at most eight; @len must be as many bytes or more. */
static inline ON uint32_t NAME(chains)(uint32_t crc, const uint8_t *p, size_t len,
				       const unsigned chains)
{
	const size_t odd = len % 16;
	VEC x[8], by = NAME(by)(chains * WIDTH);

	EACH(i, chains)
		x[i] = NAME(load)(p + odd + i * WIDTH);
	x[0] = NAME(put)(x[0], begin(crc, p, odd));
	p += odd + chains * WIDTH;
	len -= odd + chains * WIDTH;
	for (; len >= chains * WIDTH; p += chains * WIDTH, len -= chains * WIDTH)
		EACH(i, chains)
			x[i] = NAME(fold)(x[i], by, NAME(load)(p + i * WIDTH));
#pragma GCC unroll 4
	for (unsigned half = chains / 2; half; half /= 2) {
		by = NAME(by)(half * WIDTH);
		EACH(i, half)
			x[i] = NAME(fold)(x[i], by, x[half + i]);
		if (len < half * WIDTH)
			continue;
		EACH(i, half)
			x[i] = NAME(fold)(x[i], by, NAME(load)(p + i * WIDTH));
		p += half * WIDTH;
		len -= half * WIDTH;
	}
	return NAME(end)(x[0], p, len);
}

#undef VEC
#undef WIDTH
#undef ON
#undef NAME
