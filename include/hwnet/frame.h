/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frame primitives that cards and switch share: everything that looks into, cuts up or joins
 * frames.
 *
 * DOC: Theory of Operation
 *
 * libframe needs nothing but libc's memory functions, allocates nothing and has no variables:
 * whatever a function needs to remember stands in a struct that its caller owns. Rules that hold
 * throughout:
 *
 *  - Bytes of a borrowed frame are never written. A function that alters a frame writes the altered
 *    head into a struct pkt_buf and borrows the rest, so its result lives as long as both the
 *    buffer and the original.
 *  - Decisions are taken on iov[0] alone, the part that no guest can change (pkt.h); what is beyond
 *    is only copied and summed.
 *  - Nothing is read beyond iov[0] or the frame, whatever lengths the bytes claim.
 *
 * | header       | what                                                                        |
 * |--------------|-----------------------------------------------------------------------------|
 * | hwnet/copy.h | copying out of a frame, cursor, VLAN tag in and out                         |
 * | hwnet/parse.h| where the headers are                                                       |
 * | hwnet/csum.h | internet checksum, verify, complete; CRC-32                                 |
 * | hwnet/gso.h  | check, segment; whatever a frame needs before a plainer receiver can take it|
 * | hwnet/gro.h  | joining TCP segments of a burst                                             |
 * | hwnet/hash.h | Toeplitz, flow hash                                                         |
 * | hwnet/words.h| words of a guest or peer: what may be finished later, and what may not      |
 */
#ifndef HWNET_FRAME_H
#define HWNET_FRAME_H

#include "hwnet/copy.h"
#include "hwnet/csum.h"
#include "hwnet/gro.h"
#include "hwnet/gso.h"
#include "hwnet/hash.h"
#include "hwnet/parse.h"
#include "hwnet/pkt.h"
#include "hwnet/words.h"

#endif
