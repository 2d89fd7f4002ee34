/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes between a card and guest memory that its host reaches by pointer, as dma_read and dma_write
 * of hwnet/nic.h promise. */
#ifndef HWNET_DMA_COPY_H
#define HWNET_DMA_COPY_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/**
 * hwnet_dma_copy() - Copy; 2, 4 or 8 bytes at a multiple of that in one load and one store
 * @dst: Where to
 * @src: Where from
 * @len: How many bytes
 *
 * Descriptors are 16 bytes in most cards, what is written back of one 2 to 16: moves instead of a
 * call. Of 2 bytes, libc's function stores one twice: a driver may have the word back in between.
 */
static inline void hwnet_dma_copy(void *dst, const void *src, size_t len)
{
	if (len == 16)
		memcpy(dst, src, 16);
	else if (len == 8)
		memcpy(dst, src, 8);
	else if (len == 4)
		memcpy(dst, src, 4);
	else if (len == 2)
		memcpy(dst, src, 2);
	else
		memcpy(dst, src, len);
}

/**
 * hwnet_dma_copy_out() - Copy towards the guest: the same, and 16 bytes in two stores, the lower
 * half first
 * @dst: Where to
 * @src: Where from
 * @len: How many bytes
 */
static inline void hwnet_dma_copy_out(uint8_t *dst, const uint8_t *src, size_t len)
{
	if (len != 16) {
		hwnet_dma_copy(dst, src, len);
		return;
	}
	memcpy(dst, src, 8);
	__atomic_thread_fence(__ATOMIC_RELEASE);
	memcpy(dst + 8, src + 8, 8);
}

#endif
