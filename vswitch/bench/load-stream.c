/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stream sockets of the load. A frame leaves behind its length: each with a call of its own, as
 * QEMU sends it, or all of a batch with one, as vswitchd does. What comes is read in large pieces,
 * as both read it.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "hwnet/frame.h"
#include "peers.h"

#define LEN_SIZE     4u
#define READ_SIZE    (68u << 10)
#define STREAM_BATCH 64u

/* struct half - a port's bytes that did not leave, and those that have not been taken */
static struct half {
	uint8_t out[STREAM_BATCH * (LEN_SIZE + PEER_MAX_LEN)], in[READ_SIZE];
	uint32_t out_at, out_end, in_at, in_end;
} half[PEER_PORTS];

/* What is left of the last frame. False: the socket is full. */
static bool push(int fd, struct half *h)
{
	ssize_t n = send(fd, h->out + h->out_at, h->out_end - h->out_at, MSG_DONTWAIT);

	if (n < 0 && errno != EAGAIN)
		peers_fail("send");
	h->out_at += n > 0 ? (uint32_t)n : 0;
	return h->out_at == h->out_end;
}

static void gather(struct half *h, const uint8_t *bytes, uint32_t len)
{
	uint8_t *at = h->out + h->out_end;

	frame_put_be16(at, 0);
	frame_put_be16(at + 2, (uint16_t)len);
	memcpy(at + LEN_SIZE, bytes, len);
	h->out_end += LEN_SIZE + len;
}

/**
 * stream_put() - Send frames
 * @fd:    The socket of a port
 * @port:  The port
 * @bytes: The frames
 * @len:   Length of each
 * @n:     Their number, at most 64
 * @many:  With one call
 *
 * Return: how many left, or will before any other.
 */
unsigned stream_put(int fd, unsigned port, uint8_t *const *bytes, uint32_t len, unsigned n,
		    bool many)
{
	struct half *h = &half[port];
	unsigned i = 0;

	while (i < n && (h->out_at == h->out_end || push(fd, h))) {
		h->out_at = h->out_end = 0;
		do
			gather(h, bytes[i++], len);
		while (many && i < n);
		push(fd, h);
	}
	return i;
}

/* More bytes, behind those that are left. False: there are none. */
static bool pull(int fd, struct half *h)
{
	ssize_t n;

	memmove(h->in, h->in + h->in_at, h->in_end - h->in_at);
	h->in_end -= h->in_at;
	h->in_at = 0;
	n = recv(fd, h->in + h->in_end, READ_SIZE - h->in_end, MSG_DONTWAIT);
	if (n == 0 || (n < 0 && errno != EAGAIN))
		peers_fail("recv");
	h->in_end += n > 0 ? (uint32_t)n : 0;
	return n > 0;
}

/**
 * stream_take() - The next frame that has come
 * @fd:    The socket of a port
 * @port:  The port
 * @bytes: The frame is put here, until the next call for this port
 *
 * Return: its length, or 0: none.
 */
uint32_t stream_take(int fd, unsigned port, const uint8_t **bytes)
{
	struct half *h = &half[port];

	for (;;) {
		uint32_t left = h->in_end - h->in_at;
		uint32_t len = left < LEN_SIZE ? 0 : frame_be16(h->in + h->in_at + 2);

		if (left >= LEN_SIZE && left - LEN_SIZE >= len) {
			*bytes = h->in + h->in_at + LEN_SIZE;
			h->in_at += LEN_SIZE + len;
			return len;
		}
		if (!pull(fd, h))
			return 0;
	}
}
