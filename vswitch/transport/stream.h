/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The data half of a wire on a stream socket, for transports that are made of one (stream.c has the
 * theory). struct vsw_stream stands at the beginning of their own struct; the functions are their
 * rows' but for open() and close().
 */
#ifndef VSWITCH_TRANSPORT_STREAM_H
#define VSWITCH_TRANSPORT_STREAM_H

#include "vswitch/transport.h"

/** VSW_STREAM_LEN - Bytes of a frame's length, which stand before it. */
#define VSW_STREAM_LEN 4u
/** VSW_STREAM_MAX - Longest length that does not end the connection: NET_BUFSIZE of QEMU
 * (include/net/net.h). */
#define VSW_STREAM_MAX 69632u

/* struct vsw_stream - private */
struct vsw_stream {
	struct vsw_wire wire;
	struct vsw_watch watch;
	struct vsw_flush flush;
	int fd;
	bool greeted; /* the first frame was one */
	bool held;    /* the switch will say when it takes the kept frames */
	bool blocked; /* the socket takes no more */
	bool refused; /* frames wait in the port's queue */
	uint8_t *keep, *out;
	uint32_t kept;		  /* bytes in @keep */
	uint32_t out_at, out_end; /* bytes of @out that are to be sent */
	uint64_t reads, writes, blocks, odd;
};

/**
 * vsw_stream_init() - Fill it; after vsw_wire_init()
 * @s:      Zeros else
 * @fd:     The socket, connected, non-blocking; the wire's if this succeeds
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: 0, or -1.
 */
int vsw_stream_init(struct vsw_stream *s, int fd, char *err, size_t errlen);

/**
 * vsw_stream_fini() - Close the socket and free what it has; not @s itself
 * @s: Initialised; or zeros but for the wire and an @fd of -1
 */
void vsw_stream_fini(struct vsw_stream *s);

/**
 * vsw_stream_start() - start() of a row: watch the socket, and bring the port's link up
 * @wire: A struct vsw_stream, with worker and port; it fails if its socket cannot be watched
 */
void vsw_stream_start(struct vsw_wire *wire);

/**
 * vsw_stream_stop() - stop() of a row: watch the socket no more
 * @wire: A struct vsw_stream that was started; what was read and not delivered, and what is to be
 *        sent, stays in it
 */
void vsw_stream_stop(struct vsw_wire *wire);

/**
 * vsw_stream_send() - send() of a row: write frames, each behind its length
 * @wire: A struct vsw_stream that was started
 * @pkts: Frames, copied; a checksum that is to be completed is
 * @n:    Their number
 *
 * They leave at the end of the round, or when the buffer is full.
 *
 * Return: how many were taken; those of a wire that has failed all are, and go nowhere.
 */
unsigned vsw_stream_send(struct vsw_wire *wire, const struct pkt *const *pkts, unsigned n);

/**
 * vsw_stream_input_ready() - input_ready() of a row: the switch takes frames again
 * @wire: A struct vsw_stream; what it had kept is delivered
 */
void vsw_stream_input_ready(struct vsw_wire *wire);

/**
 * vsw_stream_show() - show() of a row: counters of the socket, and bytes on their way
 * @wire:  A struct vsw_stream
 * @facts: They are added there
 */
void vsw_stream_show(const struct vsw_wire *wire, struct vsw_facts *facts);

#endif
