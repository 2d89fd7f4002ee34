/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames from the wire, made of the input. */
#ifndef HW_NET_FUZZ_RX_H
#define HW_NET_FUZZ_RX_H

#include "program.h"

/** FUZZ_WIRE - Frames that fuzz_wire() can make at a time. */
#define FUZZ_WIRE 6u

/**
 * fuzz_wire() - A well-formed frame, in pieces, with offload words that keep the rules of pkt.h
 * @z: The program
 * @i: Which of FUZZ_WIRE; the one made before in this place is gone
 *
 * Return: the frame.
 */
const struct pkt *fuzz_wire(struct fuzz *z, unsigned i);

/* A burst of well-formed frames, with offload words as the card takes them. */
void fuzz_rx(struct fuzz *z);

/* One frame of the input's bytes. */
void fuzz_rx_raw(struct fuzz *z);

/* Ask whether a frame, or the link, would wake the machine. */
void fuzz_wake(struct fuzz *z);

#endif
