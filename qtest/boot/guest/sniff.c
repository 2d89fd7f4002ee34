// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the driver handed to the stack: a packet socket that counts frames for some time. The
 * largest frame tells whether a TSO frame arrived whole, and the auxiliary data whether the card
 * took the VLAN tag out and what it said about the checksum.
 */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <inttypes.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>

#include "vct.h"

struct count {
	uint64_t frames, bytes, largest, stripped, tagged, csum_valid, csum_partial;
};

static int open_interface(const char *name)
{
	struct sockaddr_ll sll = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = if_nametoindex(name),
	};
	int fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
	int one = 1, size = 16 << 20;

	if (fd < 0 || setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &one, sizeof(one)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof(one)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) ||
	    bind(fd, (struct sockaddr *)&sll, sizeof(sll)))
		die("sniff on %s", name);
	return fd;
}

static void count_frame(struct count *c, const unsigned char *frame,
			const struct tpacket_auxdata *aux)
{
	c->frames++;
	c->bytes += aux->tp_len;
	if (aux->tp_len > c->largest)
		c->largest = aux->tp_len;
	c->stripped += !!(aux->tp_status & TP_STATUS_VLAN_VALID);
	c->tagged += aux->tp_len >= 14 && frame[12] == 0x81 && frame[13] == 0x00;
	c->csum_valid += !!(aux->tp_status & TP_STATUS_CSUM_VALID);
	c->csum_partial += !!(aux->tp_status & TP_STATUS_CSUMNOTREADY);
}

static void receive(int fd, struct count *c)
{
	unsigned char frame[64] = { 0 };
	union {
		struct cmsghdr head;
		char space[CMSG_SPACE(sizeof(struct tpacket_auxdata))];
	} control;
	struct iovec iov = { frame, sizeof(frame) };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};

	if (recvmsg(fd, &msg, MSG_TRUNC | MSG_DONTWAIT) < 0)
		return;
	for (struct cmsghdr *h = CMSG_FIRSTHDR(&msg); h; h = CMSG_NXTHDR(&msg, h)) {
		struct tpacket_auxdata aux;

		if (h->cmsg_level != SOL_PACKET || h->cmsg_type != PACKET_AUXDATA)
			continue;
		memcpy(&aux, CMSG_DATA(h), sizeof(aux));
		count_frame(c, frame, &aux);
	}
}

/** sniff_main() - count what INTERFACE receives for MILLISECONDS. Return: 0. */
int sniff_main(int argc, char **argv)
{
	struct pollfd p = { .fd = open_interface(argv[0]), .events = POLLIN };
	uint64_t end = now_us() + number(argv[1]) * 1000, now;
	struct count c = { 0 };

	(void)argc;
	while ((now = now_us()) < end)
		if (poll(&p, 1, (end - now) / 1000 + 1) > 0)
			receive(p.fd, &c);
	printf("frames=%" PRIu64 " bytes=%" PRIu64 " largest=%" PRIu64 " stripped=%" PRIu64
	       " tagged=%" PRIu64 " csum_valid=%" PRIu64 " csum_partial=%" PRIu64 "\n",
	       c.frames, c.bytes, c.largest, c.stripped, c.tagged, c.csum_valid, c.csum_partial);
	return 0;
}
