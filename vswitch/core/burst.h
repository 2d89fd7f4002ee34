/* SPDX-License-Identifier: BSD-2-Clause */
/* A burst of frames on its way through the switch, and what is found out about each. */
#ifndef VSWITCH_BURST_H
#define VSWITCH_BURST_H

#include <stdint.h>

#include "hwnet/pkt.h"

struct vsw_port; /* vsw.h */

/* enum vsw_kind - class of a frame by its destination */
enum vsw_kind { KIND_UNICAST, KIND_MULTICAST, KIND_BROADCAST, KIND_DROPPED };

/* enum vsw_tag - where a frame's tag is */
enum vsw_tag { TAG_NONE, TAG_META, TAG_BYTES };

/* struct vsw_burst - a burst on its way; arrays, since each loop reads few of them */
struct vsw_burst {
	struct vsw_port *in;
	unsigned n;
	unsigned has;	      /* enum vsw_burst_bits, of any frame; 0: plain frames to stations */
	uint64_t refused;     /* frames that do not come in, a bit each: @why */
	uint64_t more_frames; /* on the wire, beyond one each */
	uint64_t more_bytes;  /* and beyond their lengths */
	const struct pkt *pkt[PKT_BURST];
	uint64_t src[PKT_BURST], dst[PKT_BURST]; /* keys in the table */
	uint64_t src_hash[PKT_BURST], dst_hash[PKT_BURST];
	uint16_t vid[PKT_BURST];
	uint8_t kind[PKT_BURST];   /* enum vsw_kind */
	uint8_t tag[PKT_BURST];	   /* enum vsw_tag */
	uint8_t pcp[PKT_BURST];	   /* PCP and DEI */
	uint8_t why[PKT_BURST];	   /* enum vsw_drop; of those in @refused */
	uint16_t skip[PKT_BURST];  /* with SW_ODD: port that must not get it; 0: none */
	uint32_t inner[PKT_BURST]; /* with BURST_INNER: type and TCI of a tag that is payload here,
				      and comes to the front where ours is taken away; 0: none */
};

/* enum vsw_burst_bits - what some frame of a burst has */
enum vsw_burst_bits { BURST_TAGS = 1, BURST_OFFLOADS = 2, BURST_GROUPS = 4, BURST_INNER = 8 };

#endif
