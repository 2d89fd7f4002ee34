/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames between a guest's memory and a card: the slow ways; see borrow.h. */
#include "borrow.h"

int hwnet_fill_copied(struct hwnet_nic *nic, uint64_t addr, uint32_t len, hwnet_next *next,
		      void *from)
{
	uint8_t buf[1024];

	while (len) {
		uint32_t n = len < sizeof(buf) ? len : sizeof(buf);

		next(from, buf, n);
		if (hwnet_dma_write(nic, addr, buf, n))
			return -1;
		addr += n;
		len -= n;
	}
	return 0;
}
