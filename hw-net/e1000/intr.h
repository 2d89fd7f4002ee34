/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupt causes and the line. */
#ifndef E1000_INTR_H
#define E1000_INTR_H

#include "e1000.h"

#define E1000_ITR_NS   256  /* unit of ITR, 13.4.18 */
#define E1000_DELAY_NS 1024 /* unit of TIDV, TADV, RDTR, RADV */

void e1000_arm(struct e1000 *c);
void e1000_irq_update(struct e1000 *c);
void e1000_cause(struct e1000 *c, uint32_t bits);
void e1000_intr_expire(struct e1000 *c, int64_t now);
void e1000_intr_settle(struct e1000 *c);
void e1000_tx_now(struct e1000 *c);
void e1000_rx_now(struct e1000 *c);
void e1000_tx_done_cause(struct e1000 *c, bool delayed);
void e1000_rx_done_cause(struct e1000 *c, uint32_t causes);

#endif
