// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * DOC: a TCP stream whose every byte is checked
 *
 * The source announces a seed and a length, then sends that much of the seed's pattern. The sink
 * compares each byte with the pattern and answers with the number of bytes that were right, so both
 * ends know the verdict and exit with it. A wrong offload shows as a wrong byte, a wrong length or
 * a stalled stream; the checksums of TCP alone would let a device off that computes and checks them
 * with the same bug.
 */

#define _GNU_SOURCE
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vct.h"

enum { CHUNK = 128 << 10 };

static const uint64_t MAGIC = 0x7663742d74637031;

struct announce {
	uint64_t magic;
	uint64_t seed;
	uint64_t length;
};

static unsigned char buf[CHUNK];

/* Return: how many bytes from the front of the stream were right. */
static uint64_t sink_stream(int fd, const struct announce *a)
{
	uint64_t at = 0;

	while (at < a->length) {
		size_t n = a->length - at < CHUNK ? a->length - at : CHUNK;
		size_t good;

		if (read_exact(fd, buf, n))
			return at;
		good = pattern_match(buf, n, a->seed, at);
		at += good;
		if (good < n)
			return at;
	}
	return at;
}

static int sink_connection(int fd)
{
	struct announce a;
	uint64_t good;

	if (read_exact(fd, &a, sizeof(a)) || a.magic != MAGIC)
		die("not a stream of tcp-source");
	good = sink_stream(fd, &a);
	write_exact(fd, &good, sizeof(good));
	printf("sink bytes=%" PRIu64 " good=%" PRIu64 "\n", a.length, good);
	return good != a.length;
}

static int listen_on(const char *port)
{
	struct endpoint any = endpoint_of("::", port);
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int one = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (fd < 0 || bind(fd, (struct sockaddr *)&any.sa, any.len) || listen(fd, 128))
		die("TCP port %s", port);
	puts("ready");
	fflush(stdout);
	return fd;
}

static int reap(int n)
{
	int failed = 0, status;

	while (n--)
		if (wait(&status) < 0 || status)
			failed = 1;
	return failed;
}

/** tcp_sink_main() - take some connections, each in its own process. Return: 0 if all were right.
 */
int tcp_sink_main(int argc, char **argv)
{
	int server = listen_on(argv[0]);
	int n = argc > 1 ? number(argv[1]) : 1;

	for (int i = 0; i < n; i++) {
		int fd = accept(server, NULL, NULL);

		if (fd < 0)
			die("accept");
		if (!fork())
			exit(sink_connection(fd));
		close(fd);
	}
	return reap(n);
}

static void source_stream(int fd, const struct announce *a, size_t write_size)
{
	if (write_exact(fd, a, sizeof(*a)))
		die("announce");
	for (uint64_t at = 0; at < a->length;) {
		size_t n = a->length - at < write_size ? a->length - at : write_size;

		pattern_fill(buf, n, a->seed, at);
		if (write_exact(fd, buf, n))
			die("after %" PRIu64 " bytes", at);
		at += n;
	}
}

/** tcp_source_main() - send one stream. Return: 0 if the sink found every byte right. */
int tcp_source_main(int argc, char **argv)
{
	struct endpoint to = endpoint_of(argv[0], argv[1]);
	struct announce a = { MAGIC, now_us(), number(argv[2]) };
	size_t write_size = argc > 3 ? number(argv[3]) & ~7ull : CHUNK;
	int fd = socket(to.sa.ss_family, SOCK_STREAM, 0);
	int one = 1;
	uint64_t start, good;
	double seconds;

	if (!write_size || write_size > CHUNK)
		die("write size: 8 to %d", CHUNK);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to.sa, to.len))
		die("connect to %s", argv[0]);
	if (write_size != CHUNK)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	start = now_us();
	source_stream(fd, &a, write_size);
	if (read_exact(fd, &good, sizeof(good)))
		die("no verdict from the sink");
	seconds = (now_us() - start) / 1e6;
	printf("source bytes=%" PRIu64 " good=%" PRIu64 " seconds=%.3f mbps=%.1f\n", a.length, good,
	       seconds, a.length * 8 / 1e6 / seconds);
	return good != a.length;
}
