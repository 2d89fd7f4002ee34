/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames of IGMP, MLD, router discovery and PIM, as their RFCs want them or with
 * one thing wrong. */
#ifndef VSWITCH_TEST_MCAST_FRAMES_H
#define VSWITCH_TEST_MCAST_FRAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "hwnet/frame.h"

#define MC_MSG_MAX   65000u
#define MC_FRAME_MAX (MC_MSG_MAX + 200u)

/* enum mc_flaw - what is wrong with a frame */
enum mc_flaw {
	MC_SOUND,
	MC_SUM,	       /* checksum of the message */
	MC_HEADER_SUM, /* of the IPv4 header (IPv6: of the message) */
	MC_TTL,	       /* not 1 */
	MC_ALERT,      /* no router alert */
	MC_MAC,	       /* Ethernet address of another group */
	MC_LENGTH,     /* the IP header says more than there is */
	MC_FRAGMENT,   /* the first fragment of more */
	MC_SOURCE,     /* IPv4: from a group; IPv6: not link-local */
	MC_FLAWS
};

/*
 * struct mc_packet - what a message is in
 * @host: The sender: 02:00:00:00:00:HOST, 10.0.0.HOST, fe80::HOST; 0: 0.0.0.0, ::
 * @to:   Destination; zeros: where the RFC wants this message
 * @tag:  VLAN of a tag in the bytes; -1: none
 */
struct mc_packet {
	bool v6;
	uint8_t host, proto;
	uint8_t to[16];
	enum mc_flaw flaw;
	int tag;
};

/* struct mc_record - a group record of IGMPv3 or MLDv2; sources are made up */
struct mc_record {
	uint8_t type;
	unsigned sources, aux;
	uint8_t group[16];
};

/* mc_group() - Group @n of those that tests use: 239.1.x.y, ff0e::7:n */
static inline void mc_group(uint8_t *a, bool v6, unsigned n)
{
	memset(a, 0, 16);
	if (v6) {
		memcpy(a, (uint8_t[]) { 0xff, 0x0e }, 2);
		a[13] = 7;
		frame_put_be16(a + 14, (uint16_t)n);
	} else {
		frame_put_be32(a, 0xef010000 + n);
	}
}

uint32_t mc_frame(uint8_t *buf, const struct mc_packet *k, const uint8_t *msg, uint32_t len);
uint32_t mc_old(uint8_t *msg, bool v6, uint8_t type, const uint8_t *group);
uint32_t mc_query(uint8_t *msg, bool v6, unsigned version, const uint8_t *group, uint16_t response,
		  uint8_t robustness, uint8_t interval);
uint32_t mc_report(uint8_t *msg, bool v6, const struct mc_record *r, unsigned n);
uint32_t mc_hello(uint8_t *msg, int holdtime);
uint32_t mc_data(uint8_t *buf, bool v6, uint8_t host, const uint8_t *group, int tag);

#endif
