/* SPDX-License-Identifier: BSD-2-Clause */
/* The way of a burst from its port to the lists of its receivers. */
#ifndef VSWITCH_INPUT_H
#define VSWITCH_INPUT_H

#include "core/vsw.h"

void vsw_input_burst(struct vsw_port *in, const struct pkt *const *pkts, unsigned n);

#endif
