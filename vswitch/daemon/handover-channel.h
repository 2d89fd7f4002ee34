/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What two processes of the daemon say to each other while one takes over (handover.h).
 *
 * Messages of one size over a SOCK_SEQPACKET pair, with descriptors. What is long is in a file of
 * memory whose descriptor comes first; the reader copies it, at most HANDOVER_MOST bytes. Nobody
 * waits for ever, and a manager's watchdog is told meanwhile that the waiting one lives.
 */
#ifndef VSWITCHD_HANDOVER_CHANNEL_H
#define VSWITCHD_HANDOVER_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** HANDOVER_FDS - Most descriptors of a message (SCM_MAX_FD of the kernel is 253). */
#define HANDOVER_FDS 250u
/** HANDOVER_MOST - Most bytes of a file. */
#define HANDOVER_MOST (1u << 30)

/* enum handover_kind - kinds of messages; in brackets what the words say */
enum handover_kind {
	HANDOVER_BEGIN = 1,
	HANDOVER_GIVEN,	 /* [bytes of the file, of which so many JSON, descriptors to come] */
	HANDOVER_FDS_OF, /* descriptors, in order */
	HANDOVER_READY,
	HANDOVER_FROZEN, /* [bytes of the file, ns when wires were stopped, descriptors
			   * to come] */
	HANDOVER_LOADED,
	HANDOVER_GO,
	HANDOVER_FAILED, /* @text says why */
};

/* struct handover_message - a message */
struct handover_message {
	uint32_t magic, kind;
	uint64_t word[3];
	char text[216];
};

/**
 * vd_channel_send() - Send a message
 * @fd:    The channel
 * @msg:   The message; its magic is set here
 * @fds:   Descriptors to go along, or NULL
 * @n:     Their number
 * @ms:    Longest time to wait for room
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: 0: the other process will get it unless it ends; -1.
 */
int vd_channel_send(int fd, struct handover_message *msg, const int *fds, unsigned n, int ms,
		    char *err, size_t errlen);

/**
 * vd_channel_say() - Send a message that is nothing but its kind
 * @fd:     The channel
 * @kind:   enum handover_kind
 * @text:   Text, or NULL
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: 0, or -1.
 */
int vd_channel_say(int fd, enum handover_kind kind, const char *text, char *err, size_t errlen);

/**
 * vd_channel_receive() - Wait for a message
 * @fd:     The channel
 * @kind:   What it must be
 * @msg:    Filled
 * @fds:    Room for HANDOVER_FDS descriptors, which are the caller's; NULL: those that come are
 *      closed
 * @n:      Their number, if @fds
 * @ms:     Longest time to wait
 * @err:    On failure, one line: what the other process says, or that it has ended
 * @errlen: Room in @err
 *
 * Return: 0; -1: it failed; -2: the other end is closed.
 */
int vd_channel_receive(int fd, enum handover_kind kind, struct handover_message *msg, int *fds,
		       unsigned *n, int ms, char *err, size_t errlen);

/**
 * vd_channel_file() - Put bytes into a file of memory
 * @parts:  Bytes
 * @lens:   Their lengths
 * @n:      How many parts
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: the file, the caller's; -1.
 */
int vd_channel_file(const void *const *parts, const size_t *lens, unsigned n, char *err,
		    size_t errlen);

/**
 * vd_channel_copy() - Copy such a file
 * @fd:     The file; it is closed
 * @len:    Its length, as the message said it
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: the bytes and a 0 behind them, to be freed with free(); NULL.
 */
uint8_t *vd_channel_copy(int fd, uint64_t len, char *err, size_t errlen);

#endif
