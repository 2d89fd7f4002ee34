/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames from the wire, made of the input. */
#ifndef HW_NET_FUZZ_RX_H
#define HW_NET_FUZZ_RX_H

#include "program.h"

/* A burst of well-formed frames, with offload words as the card takes them. */
void fuzz_rx(struct fuzz *z);

/* One frame of the input's bytes. */
void fuzz_rx_raw(struct fuzz *z);

/* Ask whether a frame, or the link, would wake the machine. */
void fuzz_wake(struct fuzz *z);

#endif
