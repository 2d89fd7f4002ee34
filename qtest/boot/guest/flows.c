// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * DOC: segments of known flows
 *
 * Many source ports, one flow each, and an exact number of frames: what a receiver's choice of
 * queues is held against. Flow i sends i + 1 segments, so that no two flows can change places
 * without the sums telling. Its port is FIRST + i * i: over consecutive ports a wrong hash may well
 * give the same sums as the right one, as it is linear. Nobody answers and nothing is sent again.
 *
 * A TCP segment of that kind is the RST of a connection that never was: socket repair (meant for
 * processes that move) makes one side of it without a handshake, and closing it without lingering
 * resets it.
 */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "vct.h"

/* A socket of the flow's port. */
static int bound(const struct endpoint *to, int type, uint64_t port)
{
	char text[24];
	struct endpoint from;
	int fd = socket(to->sa.ss_family, type, 0);

	snprintf(text, sizeof(text), "%" PRIu64, port);
	from = endpoint_of(to->sa.ss_family == AF_INET ? "0.0.0.0" : "::", text);
	if (fd < 0 || bind(fd, (struct sockaddr *)&from.sa, from.len))
		die("source port %s", text);
	return fd;
}

static void send_rst(const struct endpoint *to, uint64_t port)
{
	const int on = TCP_REPAIR_ON, off = TCP_REPAIR_OFF_NO_WP;
	const struct linger none = { .l_onoff = 1 };
	int fd = bound(to, SOCK_STREAM, port);

	if (setsockopt(fd, IPPROTO_TCP, TCP_REPAIR, &on, sizeof(on)) ||
	    connect(fd, (const struct sockaddr *)&to->sa, to->len) ||
	    setsockopt(fd, IPPROTO_TCP, TCP_REPAIR, &off, sizeof(off)) ||
	    setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof(none)))
		die("TCP segment");
	close(fd);
}

/* Not connected, or the ICMP error for one datagram would take the place of the next. */
static void send_datagram(const struct endpoint *to, uint64_t port)
{
	int fd = bound(to, SOCK_DGRAM, port);

	if (sendto(fd, "flow", 4, 0, (const struct sockaddr *)&to->sa, to->len) != 4)
		die("datagram");
	close(fd);
}

/** flows_main() - send i + 1 segments from source port FIRST + i * i, for i < FLOWS, PER-SECOND. */
int flows_main(int argc, char **argv)
{
	void (*send)(const struct endpoint *to, uint64_t port) =
		strcmp(argv[0], "tcp") ? send_datagram : send_rst;
	struct endpoint to = endpoint_of(argv[1], argv[2]);
	uint64_t first = number(argv[3]), flows = number(argv[4]), rate = number(argv[5]);
	uint64_t start = now_us(), sent = 0;

	(void)argc;
	for (uint64_t i = 0; i < flows; i++)
		for (uint64_t k = 0; k <= i; k++) {
			sleep_until_us(start + sent++ * 1000000 / rate);
			send(&to, first + i * i);
		}
	printf("source count=%" PRIu64 "\n", sent);
	return 0;
}
