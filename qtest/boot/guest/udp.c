// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * DOC: numbered datagrams
 *
 * Each datagram carries its number within its flow and the pattern of that number, so the sink can
 * tell lost, doubled, reordered and damaged ones apart. A flow is one source port: a receiver with
 * several queues may reorder between flows, never within one.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "vct.h"

enum { MAX_FLOWS = 256, MAX_SIZE = 65507 };

struct head {
	uint32_t flow;
	uint32_t pad;
	uint64_t seq;
};

struct tally {
	uint64_t received, reordered, doubled, damaged;
	uint64_t next[MAX_FLOWS];
	unsigned char *seen;
	uint64_t count;
};

static unsigned char buf[MAX_SIZE];

/* One bit a datagram of the whole stream: numbers are dealt to the flows in turn. */
static int seen_before(struct tally *t, uint64_t seq)
{
	unsigned char bit = 1 << seq % 8;
	int was = t->seen[seq / 8] & bit;

	t->seen[seq / 8] |= bit;
	return was;
}

static void take(struct tally *t, size_t len)
{
	struct head h;

	memcpy(&h, buf, sizeof(h));
	if (len < sizeof(h) || h.flow >= MAX_FLOWS || h.seq >= t->count ||
	    pattern_match(buf + sizeof(h), len - sizeof(h), h.seq, 0) != len - sizeof(h)) {
		t->damaged++;
		return;
	}
	if (seen_before(t, h.seq)) {
		t->doubled++;
		return;
	}
	t->received++;
	if (h.seq < t->next[h.flow])
		t->reordered++;
	else
		t->next[h.flow] = h.seq + 1;
}

/**
 * udp_sink_main() - count a stream of COUNT datagrams until all came or none comes for IDLE-MS.
 *
 * Waits without bound for the first one: the runner's own deadline covers that.
 * Return: 0 if every datagram came once, in order and undamaged.
 */
int udp_sink_main(int argc, char **argv)
{
	struct tally t = { .count = number(argv[1]) };
	int idle = number(argv[2]);
	struct pollfd p = { .fd = udp_server(argv[0]), .events = POLLIN };

	(void)argc;
	t.seen = calloc(1, t.count / 8 + 1);
	if (!t.seen)
		die("memory");
	while (t.received < t.count && poll(&p, 1, t.received ? idle : -1) > 0) {
		ssize_t len = recv(p.fd, buf, sizeof(buf), 0);

		if (len >= 0)
			take(&t, len);
	}
	printf("sink count=%" PRIu64 " received=%" PRIu64 " lost=%" PRIu64 " reordered=%" PRIu64
	       " doubled=%" PRIu64 " damaged=%" PRIu64 "\n",
	       t.count, t.received, t.count - t.received, t.reordered, t.doubled, t.damaged);
	return t.received != t.count || t.reordered || t.doubled || t.damaged;
}

static int open_flow(const struct endpoint *to)
{
	int fd = socket(to->sa.ss_family, SOCK_DGRAM, 0);
	int size = 1 << 20;

	if (fd < 0 || connect(fd, (const struct sockaddr *)&to->sa, to->len))
		die("flow");
	setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size));
	return fd;
}

static void send_one(int fd, uint32_t flow, uint64_t seq, size_t size)
{
	struct head h = { .flow = flow, .seq = seq };

	memcpy(buf, &h, sizeof(h));
	pattern_fill(buf + sizeof(h), size - sizeof(h), seq, 0);
	/* ENOBUFS: the queue of the interface is full; ECONNREFUSED: the sink is done or not there
	 * yet. */
	while (send(fd, buf, size, 0) < 0) {
		if (errno == ENOBUFS)
			usleep(1000);
		else if (errno != ECONNREFUSED)
			die("datagram %" PRIu64, seq);
		else
			break;
	}
}

/** udp_source_main() - send COUNT datagrams, PER-SECOND or unpaced (0), over FLOWS source ports. */
int udp_source_main(int argc, char **argv)
{
	struct endpoint to = endpoint_of(argv[0], argv[1]);
	uint64_t count = number(argv[2]), size = number(argv[3]);
	uint64_t rate = argc > 4 ? number(argv[4]) : 0;
	uint64_t flows = argc > 5 ? number(argv[5]) : 1;
	int fds[MAX_FLOWS];
	uint64_t start;

	if (size < sizeof(struct head) || size > MAX_SIZE || !flows || flows > MAX_FLOWS)
		die("size %zu to %d, flows 1 to %d", sizeof(struct head), MAX_SIZE, MAX_FLOWS);
	for (uint64_t i = 0; i < flows; i++)
		fds[i] = open_flow(&to);
	start = now_us();
	for (uint64_t seq = 0; seq < count; seq++) {
		if (rate)
			sleep_until_us(start + seq * 1000000 / rate);
		send_one(fds[seq % flows], seq % flows, seq, size);
	}
	printf("source count=%" PRIu64 " seconds=%.3f\n", count, (now_us() - start) / 1e6);
	return 0;
}
