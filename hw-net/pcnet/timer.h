/* SPDX-License-Identifier: BSD-2-Clause */
/* What happens by the clock. */
#ifndef PCNET_TIMER_H
#define PCNET_TIMER_H

#include "pcnet.h"

void pcnet_txpoll_start(struct pcnet *p);
void pcnet_stimer_start(struct pcnet *p);
void pcnet_stimer_update(struct pcnet *p);
void pcnet_arm(struct pcnet *p);
void pcnet_timer(struct hwnet_nic *nic);

#endif
