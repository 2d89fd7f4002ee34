/* SPDX-License-Identifier: BSD-2-Clause */
/* Deadlines on the one timer of the host. */
#ifndef E1000_TIMER_H
#define E1000_TIMER_H

#include "e1000.h"

void e1000_at(struct e1000 *c, enum e1000_at which, int64_t when);
void e1000_timer(struct hwnet_nic *nic);

#endif
