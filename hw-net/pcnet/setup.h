/* SPDX-License-Identifier: BSD-2-Clause */
/* The init block. */
#ifndef PCNET_SETUP_H
#define PCNET_SETUP_H

#include "pcnet.h"

int pcnet_init_block(struct pcnet *p);

#endif
