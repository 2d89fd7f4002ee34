/* SPDX-License-Identifier: BSD-2-Clause */
/* From descriptors to a frame. */
#ifndef E1000_TX_FRAME_H
#define E1000_TX_FRAME_H

#include "e1000.h"

bool e1000_tx_build(struct e1000 *c);

#endif
