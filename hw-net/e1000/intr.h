/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupts: units of the timers, and what intr.c and regs-intr.c share. */
#ifndef E1000_INTR_H
#define E1000_INTR_H

#include "e1000.h"

#define E1000_ITR_NS   256  /* unit of ITR, 13.4.18 */
#define E1000_DELAY_NS 1024 /* unit of TIDV, TADV, RDTR, RADV */

void e1000_intr_settle(struct e1000 *c);
void e1000_tx_now(struct e1000 *c);
void e1000_rx_now(struct e1000 *c);

#endif
