/* SPDX-License-Identifier: BSD-2-Clause */
/* Scratch memory of transmitter and receiver: nothing in it outlives a call. */
#ifndef PCNET_SCRATCH_H
#define PCNET_SCRATCH_H

#include "desc.h"
#include "hwnet/pkt.h"

/**
 * PCNET_MAX_FRAME - Longest frame without FCS that leaves or enters: 1518 bytes and one more VLAN
 * tag, less the FCS. IEEE 802.3, 4.2.7.1: what is longer is no frame on a 10/100 Mb/s wire.
 */
#define PCNET_MAX_FRAME 1522u
/** PCNET_COPY - Frames up to this are copied in one piece; longer ones are lent where they lie. */
#define PCNET_COPY    256u
#define FRAME_FCS_LEN 4u

/** PCNET_BURST - Most descriptors looked at, and frames handed over, at a time. */
#define PCNET_BURST 32u

/**
 * struct pcnet_window - Descriptors of a ring as copied from guest memory
 * @first: Index of the first
 * @n:     Descriptors that the card owns, all from @first on
 * @raw:   Their bytes
 */
struct pcnet_window {
	uint32_t first, n;
	uint8_t raw[PCNET_BURST * PCNET_DESC];
};

/**
 * struct pcnet_slot - A transmit frame on its way
 * @pkt: @iov: the frame
 * @ndesc:  Descriptors that it takes
 * @flags:  Of its first descriptor, ENP's and LTINT's taken from the last
 * @error:  Error word for the last descriptor, 0: none
 * @drop:   Not to be handed over (error, too short, too long)
 * @buf:    Head, or all of it
 */
struct pcnet_slot {
	struct pkt pkt;
	struct iovec iov[2];
	uint32_t ndesc;
	uint16_t flags, error;
	bool drop;
	uint8_t buf[PCNET_MAX_FRAME + FRAME_FCS_LEN + 2];
};

#endif
