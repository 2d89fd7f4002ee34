// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Request and response over UDP: one small frame each way at a time, so that the time of a turn is
 * the latency of two devices and of whatever moderation holds their interrupts back.
 */

#define _GNU_SOURCE
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vct.h"

enum { MAX_SIZE = 9000, TURN_MS = 1000 };

/** rr_server_main() - send every datagram back to where it came from, until killed. */
int rr_server_main(int argc, char **argv)
{
	int fd = udp_server(argv[0]);
	char buf[MAX_SIZE];

	(void)argc;
	for (;;) {
		struct endpoint from = { .len = sizeof(from.sa) };
		ssize_t n =
			recvfrom(fd, buf, sizeof(buf), 0, (struct sockaddr *)&from.sa, &from.len);

		if (n >= 0)
			sendto(fd, buf, n, 0, (struct sockaddr *)&from.sa, from.len);
	}
}

/* Return: microseconds of one turn, or 0 if no answer came in time. */
static uint64_t turn(int fd, uint32_t number, size_t size)
{
	char out[MAX_SIZE] = { 0 }, in[MAX_SIZE];
	struct pollfd p = { .fd = fd, .events = POLLIN };
	uint64_t start = now_us();

	memcpy(out, &number, sizeof(number));
	if (send(fd, out, size, 0) < 0)
		return 0;
	while (poll(&p, 1, TURN_MS) > 0)
		if (recv(fd, in, sizeof(in), 0) == (ssize_t)size && !memcmp(in, out, size))
			return now_us() - start;
	return 0;
}

static int ascending(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/** rr_main() - COUNT turns of SIZE bytes. Return: 0 if each request was answered. */
int rr_main(int argc, char **argv)
{
	struct endpoint to = endpoint_of(argv[0], argv[1]);
	uint64_t count = number(argv[2]), size = number(argv[3]), lost = 0, n = 0;
	int fd = socket(to.sa.ss_family, SOCK_DGRAM, 0);
	uint64_t *us = calloc(count + 1, sizeof(*us));

	(void)argc;
	if (size < 4 || size > MAX_SIZE || !us)
		die("size: 4 to %d", MAX_SIZE);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to.sa, to.len))
		die("connect to %s", argv[0]);
	for (uint64_t i = 0; i < count; i++) {
		us[n] = turn(fd, i, size);
		if (us[n])
			n++;
		else
			lost++;
	}
	qsort(us, n, sizeof(*us), ascending);
	printf("turns=%" PRIu64 " lost=%" PRIu64 " min_us=%" PRIu64 " median_us=%" PRIu64
	       " p99_us=%" PRIu64 " max_us=%" PRIu64 "\n",
	       n, lost, us[0], us[n / 2], us[n * 99 / 100], n ? us[n - 1] : 0);
	return lost != 0;
}
