/* SPDX-License-Identifier: BSD-2-Clause */
/* Wake-up. */
#ifndef E1000_WAKE_H
#define E1000_WAKE_H

#include "e1000.h"

bool e1000_wake(struct hwnet_nic *nic, const struct pkt *pkt);
void e1000_wake_link(struct e1000 *c);
hwnet_reg_write e1000_wuc_write, e1000_wus_write;

#endif
