/* SPDX-License-Identifier: BSD-2-Clause */
/* An announcement; see hwnet/rarp.h. */
#include "hwnet/rarp.h"

#include "hwnet/parse.h"

#define TYPE_RARP	0x8035
#define HW_ETHERNET	1
#define REQUEST_REVERSE 3

void frame_rarp(uint8_t *p, const uint8_t *mac)
{
	memset(p, 0, FRAME_RARP_LEN);
	memset(p, 0xff, 6);
	memcpy(p + 6, mac, 6);
	frame_put_be16(p + 12, TYPE_RARP);
	frame_put_be16(p + 14, HW_ETHERNET);
	frame_put_be16(p + 16, FRAME_TYPE_IPV4);
	p[18] = 6; /* bytes of the two kinds of addresses */
	p[19] = 4;
	frame_put_be16(p + 20, REQUEST_REVERSE);
	memcpy(p + 22, mac, 6); /* sender, and target */
	memcpy(p + 32, mac, 6);
}
