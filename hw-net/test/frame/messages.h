/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * GSO messages for tests, and the segments they must become.
 *
 * DOC: Theory of Operation
 *
 * A struct build (build-frame.h) with a large payload is a message. expect_segment() says what its
 * segment i is, by building that frame from scratch: nothing of the segmentation is used. Two
 * tagged forms exist: the tag in the bytes (tpid[]), or in the metadata (the caller sets it).
 */
#ifndef HW_NET_TEST_MESSAGES_H
#define HW_NET_TEST_MESSAGES_H

#include "hwnet/frame.h"

#include "build-frame.h"

/**
 * struct message - A message with its bytes, in pieces
 * @bytes: The bytes, flat
 * @head:  What iov[0] points to
 * @iov:   Pieces
 * @pkt:   The message
 */
struct message {
	uint8_t bytes[BUILD_ROOM];
	uint8_t head[1024];
	struct iovec iov[FRAME_IOV_MAX];
	struct pkt pkt;
};

/**
 * make_message() - Build a message
 * @m:    Filled
 * @b:    What it is
 * @mss:  Payload of a segment
 * @seed: For the lengths of the pieces; NULL: one piece
 *
 * Length fields are cleared before gso_init(), as drivers leave them. Fails the test if gso_init()
 * does.
 */
void make_message(struct message *m, const struct build *b, uint16_t mss, uint64_t *seed);

/**
 * expect_segment() - A segment as it must be
 * @b:   The message
 * @mss: Payload of a segment
 * @i:   Which
 * @buf: Where to, BUILD_ROOM bytes
 *
 * Return: its length.
 */
uint32_t expect_segment(const struct build *b, uint16_t mss, uint32_t i, uint8_t *buf);

/**
 * random_message() - Some message
 * @seed: Random state
 * @mss:  Filled
 *
 * Return: what it is.
 */
struct build random_message(uint64_t *seed, uint16_t *mss);

/**
 * flatten() - All bytes of a frame
 * @pkt: The frame; the test fails if it breaks the rules of pkt.h
 * @to:  BUILD_ROOM bytes
 *
 * Return: pkt->len.
 */
uint32_t flatten(const struct pkt *pkt, uint8_t *to);

#endif
