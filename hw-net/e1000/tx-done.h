/* SPDX-License-Identifier: BSD-2-Clause */
/* Writing transmit descriptors back. */
#ifndef E1000_TX_DONE_H
#define E1000_TX_DONE_H

#include "e1000.h"

void e1000_tx_write_back(struct e1000 *c);
void e1000_tx_report(struct e1000 *c, uint32_t first, uint32_t count, bool report);
hwnet_reg_write e1000_txdctl_write;

#endif
