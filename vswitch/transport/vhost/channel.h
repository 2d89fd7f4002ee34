/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages over a connected Unix stream socket, with the descriptors that come along.
 *
 * A message is read in the pieces in which it comes, never a byte beyond its end: descriptors
 * belong to the message whose bytes they came with. What nobody took is closed when the next one is
 * read.
 */
#ifndef VSWITCH_VHOST_CHANNEL_H
#define VSWITCH_VHOST_CHANNEL_H

#include "message.h"

/**
 * struct vhost_channel - One end of a connection
 * @fd:    The socket, non-blocking; whoever made the channel closes it
 * @got:   Bytes of @msg that have come
 * @n_fds: Descriptors that came with them
 * @fds:   They; -1 instead of one that was taken
 * @msg:   The message
 * @why:   Why the connection is over
 */
struct vhost_channel {
	int fd;
	uint32_t got;
	unsigned n_fds;
	int fds[VHOST_TABLE];
	struct vhost_message msg;
	const char *why;
};

/**
 * vsw_vhost_receive() - Read on
 * @ch: The channel
 *
 * Return: 1: @msg and @fds are a message, until the next call; 0: nothing more to read now; -1: the
 * connection is over, @why says why.
 */
int vsw_vhost_receive(struct vhost_channel *ch);

/**
 * vsw_vhost_send() - Send a message
 * @ch:    The channel
 * @msg:   The message; its version is set here
 * @fds:   Descriptors to go along; they stay the caller's
 * @n_fds: Their number, at most VHOST_TABLE
 *
 * Return: 0; -1: the connection is over (a peer that does not read what it asked for ends it, too).
 */
int vsw_vhost_send(struct vhost_channel *ch, struct vhost_message *msg, const int *fds,
		   unsigned n_fds);

/**
 * vsw_vhost_half() - Has only a part of a message come?
 * @ch: The channel
 *
 * Return: whether the other side owes the rest of one.
 */
static inline bool vsw_vhost_half(const struct vhost_channel *ch)
{
	return ch->got && !(ch->got >= VHOST_HEADER && ch->got == VHOST_HEADER + ch->msg.size);
}

/**
 * vsw_vhost_drop_fds() - Close the descriptors of the current message that nobody took
 * @ch: The channel
 */
void vsw_vhost_drop_fds(struct vhost_channel *ch);

#endif
