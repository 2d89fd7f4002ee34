/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Step 2 of crc32-clmul.c, which includes this once for each width of vectors. There are
 *
 *	VEC	type of a vector
 *	WIDTH	its bytes
 *	ON	attribute with what the processor must have
 *	NAME(f)	f with the width: take(), by(), fold(), put() and end() are there before
 */

/* With @chains vectors, a power of two, at most eight; @len must be as many bytes or more. */
static SPELLED_OUT ON uint32_t NAME(chains)(uint32_t crc, struct crc32_bytes b, size_t len,
					    const unsigned chains)
{
	const __m128i first = begin(crc, b, len % 16);
	VEC x[8], by = NAME(by)(chains * WIDTH);
	size_t at = len % 16;

	EACH(i, chains)
		x[i] = NAME(take)(b, at + i * WIDTH);
	x[0] = NAME(put)(x[0], first);
	for (at += chains * WIDTH; len - at >= chains * WIDTH; at += chains * WIDTH)
		EACH(i, chains)
			x[i] = NAME(fold)(x[i], by, NAME(take)(b, at + i * WIDTH));
#pragma GCC unroll 4
	for (unsigned half = chains / 2; half; half /= 2) {
		by = NAME(by)(half * WIDTH);
		EACH(i, half)
			x[i] = NAME(fold)(x[i], by, x[half + i]);
		if (len - at < half * WIDTH)
			continue;
		EACH(i, half)
			x[i] = NAME(fold)(x[i], by, NAME(take)(b, at + i * WIDTH));
		at += half * WIDTH;
	}
	return NAME(end)(x[0], b, at, len);
}

#undef VEC
#undef WIDTH
#undef ON
#undef NAME
