/* SPDX-License-Identifier: BSD-2-Clause */
/* What the driver has made of the card, for people. */
#ifndef E1000_DESCRIBE_H
#define E1000_DESCRIBE_H

#include "e1000.h"

void e1000_describe(struct hwnet_nic *nic, const struct hwnet_listener *to);

#endif
