/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages over a connected Unix stream socket, with the descriptors that come along.
 *
 * One system call reads as many messages as are there. The kernel ends a read behind bytes that
 * descriptors came with, so these belong to the message that has the last byte of the read.
 *
 * An answer that the socket does not take at once is kept, and no message is read before it has
 * left: a client that does not read its answers makes nobody remember more than one.
 */
#ifndef HW_NET_VFU_CHANNEL_H
#define HW_NET_VFU_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>

#include "vfu/proto.h"

/**
 * struct vfu_msg - A message
 * @hdr:   Its header
 * @body:  What follows, borrowed until the next one is asked for; any alignment
 * @len:   Bytes of it
 * @fds:   Descriptors; -1 instead of one that was taken
 * @n_fds: Their number
 */
struct vfu_msg {
	struct vfu_hdr hdr;
	const uint8_t *body;
	uint32_t len;
	int fds[VFU_FDS_MAX];
	unsigned n_fds;
};

/**
 * struct vfu_channel - The server's end of a connection
 * @fd:    The socket, non-blocking; whoever made the channel closes it
 * @why:   Why the connection is over, or NULL
 * @fds: @n_fds: Descriptors whose message is not complete yet; or not asked for
 * @odd: @n_odd: Descriptors that came where none can, closed at the end
 * @fds_at: Place in @in of the last byte that was read with them
 * @start: @end: What of @in was read, and not asked for yet
 * @out_at: @out_end: What of @out is to be sent
 * @reads: @writes: System calls
 */
struct vfu_channel {
	int fd;
	const char *why;
	int fds[VFU_FDS_MAX];
	unsigned n_fds;
	int odd[VFU_FDS_MAX];
	unsigned n_odd;
	uint32_t fds_at, start, end;
	uint32_t out_at, out_end;
	uint64_t reads, writes;
	uint8_t in[2 * VFU_MSG_MAX];
	uint8_t out[sizeof(struct vfu_hdr) + sizeof(struct vfu_access) + VFU_DATA_MAX];
};

/**
 * vfu_channel_next() - The next message
 * @ch: The channel; no answer waits
 * @m:  Filled; its descriptors are the caller's until vfu_msg_drop()
 *
 * Return: 1; 0: none now; -1: the connection is over, @why says why.
 */
int vfu_channel_next(struct vfu_channel *ch, struct vfu_msg *m);

/**
 * vfu_msg_drop() - Close descriptors of a message that nobody took
 * @m: The message
 */
void vfu_msg_drop(struct vfu_msg *m);

/**
 * vfu_channel_room() - Where the body of an answer goes
 * @ch: The channel; no answer waits
 *
 * Return: room for sizeof(struct vfu_access) + VFU_DATA_MAX bytes.
 */
uint8_t *vfu_channel_room(struct vfu_channel *ch);

/**
 * vfu_channel_answer() - Answer a message, unless it wants none
 * @ch:    The channel
 * @to:    Header of the message
 * @error: 0; or an errno: then there is no body
 * @len:   Bytes of the body, which stands in vfu_channel_room()
 */
void vfu_channel_answer(struct vfu_channel *ch, const struct vfu_hdr *to, int error, uint32_t len);

/**
 * vfu_channel_flush() - Send what is left of an answer
 * @ch: The channel
 *
 * Return: true if nothing waits any more; false: the socket is full, or the connection is over.
 */
bool vfu_channel_flush(struct vfu_channel *ch);

/**
 * vfu_channel_fini() - Close descriptors that nobody asked for
 * @ch: The channel
 */
void vfu_channel_fini(struct vfu_channel *ch);

#endif
