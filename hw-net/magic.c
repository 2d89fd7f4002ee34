/* SPDX-License-Identifier: BSD-2-Clause */
/* Magic Packets; see magic.h. */
#include "magic.h"

#include <string.h>

bool hwnet_is_magic(const uint8_t *p, uint32_t len, uint32_t from, const uint8_t mac[6])
{
	uint8_t want[HWNET_MAGIC_LEN];

	memset(want, 0xff, 6);
	for (unsigned i = 6; i < sizeof(want); i += 6)
		memcpy(want + i, mac, 6);
	for (uint32_t at = from; at + sizeof(want) <= len; at++)
		if (!memcmp(p + at, want, sizeof(want)))
			return true;
	return false;
}
