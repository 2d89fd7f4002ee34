/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The frame by which a switch tells others where a station is now.
 */
#ifndef HWNET_RARP_H
#define HWNET_RARP_H

#include <stdint.h>

/** FRAME_RARP_LEN - Bytes of it. */
#define FRAME_RARP_LEN 60u

/**
 * frame_rarp() - Make a RARP request of a station for itself (RFC 903), broadcast
 * @p:   FRAME_RARP_LEN bytes, filled
 * @mac: The station's address
 */
void frame_rarp(uint8_t *p, const uint8_t *mac);

#endif
