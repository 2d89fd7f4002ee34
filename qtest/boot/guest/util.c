// SPDX-License-Identifier: GPL-2.0-or-later
/* What every traffic tool of the guest needs: addresses, time, and the pattern its bytes follow. */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "vct.h"

/** die() - say why on stderr and end with status 1. */
void die(const char *fmt, ...)
{
	int err = errno;
	va_list ap;

	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	if (err)
		fprintf(stderr, ": %s", strerror(err));
	fputc('\n', stderr);
	exit(1);
}

/** number() - a whole decimal argument. Return: its value; does not return if it is none. */
uint64_t number(const char *text)
{
	char *end;
	uint64_t value;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno || end == text || *end)
		die("not a number: %s", text);
	return value;
}

/** now_us() - Return: microseconds on the monotonic clock. */
uint64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000ull + ts.tv_nsec / 1000;
}

/** sleep_until_us() - wait until the monotonic clock has reached @when, in microseconds. */
void sleep_until_us(uint64_t when)
{
	struct timespec ts = { .tv_sec = when / 1000000, .tv_nsec = when % 1000000 * 1000 };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL) == EINTR)
		;
}

/** endpoint_of() - Return: the socket address of a numeric IPv4 or IPv6 @address and a @port. */
struct endpoint endpoint_of(const char *address, const char *port)
{
	struct endpoint ep = { .len = 0 };
	struct sockaddr_in *v4 = (struct sockaddr_in *)&ep.sa;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&ep.sa;

	if (inet_pton(AF_INET, address, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(number(port));
		ep.len = sizeof(*v4);
	} else if (inet_pton(AF_INET6, address, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons(number(port));
		ep.len = sizeof(*v6);
	} else {
		die("not an address: %s", address);
	}
	return ep;
}

/** udp_server() - Return: a socket bound to UDP @port of both families, with a deep buffer. Says
 * "ready". */
int udp_server(const char *port)
{
	struct endpoint any = endpoint_of("::", port);
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int size = 16 << 20;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) ||
	    bind(fd, (struct sockaddr *)&any.sa, any.len))
		die("UDP port %s", port);
	puts("ready");
	fflush(stdout);
	return fd;
}

/*
 * The pattern is a function of (seed, offset) and not of what came before, so that a receiver can
 * judge any piece of a stream by itself. The constants are those of the SplitMix64 generator.
 */
static uint64_t pattern_word(uint64_t seed, uint64_t index)
{
	uint64_t z = seed + (index + 1) * 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

/** pattern_fill() - write the @len bytes that stand at @offset (a multiple of 8) of @seed's stream.
 */
void pattern_fill(void *buf, size_t len, uint64_t seed, uint64_t offset)
{
	unsigned char *p = buf;

	for (uint64_t i = offset / 8; len; i++) {
		uint64_t word = pattern_word(seed, i);
		size_t n = len < 8 ? len : 8;

		memcpy(p, &word, n);
		p += n;
		len -= n;
	}
}

/**
 * pattern_match() - compare @buf with the stream of @seed at @offset (a multiple of 8).
 *
 * Return: how many bytes from the front are right, to a whole word; @len if all are.
 */
size_t pattern_match(const void *buf, size_t len, uint64_t seed, uint64_t offset)
{
	const unsigned char *p = buf;

	for (size_t at = 0; at < len; at += 8) {
		uint64_t word = pattern_word(seed, (offset + at) / 8);

		if (memcmp(p + at, &word, len - at < 8 ? len - at : 8))
			return at;
	}
	return len;
}

/** read_exact() - Return: 0 when @len bytes were read, -1 at an error or an early end. */
int read_exact(int fd, void *buf, size_t len)
{
	for (char *p = buf; len;) {
		ssize_t n = read(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		p += n;
		len -= n;
	}
	return 0;
}

/** write_exact() - Return: 0 when all @len bytes were written, -1 at an error. */
int write_exact(int fd, const void *buf, size_t len)
{
	for (const char *p = buf; len;) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		p += n;
		len -= n;
	}
	return 0;
}
