/* SPDX-License-Identifier: BSD-2-Clause */
/* A received frame on its way to memory. */
#ifndef E1000_RX_FILL_H
#define E1000_RX_FILL_H

#include "e1000.h"
#include "filter.h"

/*
 * What is to be written: head (not altered any more), then the frame from a cursor on, then the
 * FCS. Of a long frame that is computed while the frame is copied: @crc is that of what went by.
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

/* One frame, as far as it is understood. */
struct e1000_arrival {
	const struct pkt *pkt;
	enum e1000_match match;
	bool tagged; /* carries a tag that VET knows */
	bool strip;  /* it is not written, but reported */
	uint16_t tci;
	int delta;	   /* bytes that a tag adds on the way to memory, or takes away */
	uint32_t wire_len; /* with tag, padding, FCS */
};

void e1000_rx_source(struct e1000 *c, const struct e1000_arrival *a, struct e1000_source *src);
int e1000_rx_write(struct e1000 *c, struct e1000_source *src, uint64_t addr, uint32_t len);

#endif
