/* SPDX-License-Identifier: BSD-2-Clause */
/* Fewer interrupts that only say "sent". */
#ifndef E1000_COALESCE_H
#define E1000_COALESCE_H

#include "e1000.h"

int64_t e1000_coalesce_until(const struct e1000 *c, uint32_t causes);
void e1000_coalesce_rise(struct e1000 *c, int64_t now);

#endif
