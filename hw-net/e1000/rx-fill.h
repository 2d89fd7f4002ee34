/* SPDX-License-Identifier: BSD-2-Clause */
/* A received frame on its way to memory. */
#ifndef E1000_RX_FILL_H
#define E1000_RX_FILL_H

#include "e1000.h"
#include "filter.h"

/**
 * struct e1000_source - The bytes of a frame on their way to memory
 * @head: @head_len: What comes first; not altered any more
 * @cur:     What follows, in the frame
 * @summing: The FCS comes last, and is computed while the frame is copied
 * @fcs_bad: It is to be wrong
 * @crc:     With @summing: of what went by
 * @fcs: @fcs_in: With @summing: the FCS, once it is known; how much of it went by
 * @len:     Bytes altogether
 */
struct e1000_source {
	uint8_t *head;
	uint32_t head_len;
	struct pkt_cursor cur;
	bool summing, fcs_bad;
	uint32_t crc;
	uint8_t fcs[FRAME_FCS_LEN];
	uint32_t fcs_in;
	uint32_t len;
};

/**
 * struct e1000_arrival - One frame, as far as it is understood
 * @pkt:      The frame
 * @match:    What let it in
 * @tagged:   It carries a tag that VET knows
 * @strip:    The tag is not written, but reported
 * @tci:      The tag
 * @delta:    Bytes that a tag adds on the way to memory, or takes away
 * @wire_len: With tag, padding, FCS
 */
struct e1000_arrival {
	const struct pkt *pkt;
	enum e1000_match match;
	bool tagged, strip;
	uint16_t tci;
	int delta;
	uint32_t wire_len;
};

void e1000_rx_source(struct e1000 *c, const struct e1000_arrival *a, struct e1000_source *src);
int e1000_rx_write(struct e1000 *c, struct e1000_source *src, uint64_t addr, uint32_t len);

#endif
