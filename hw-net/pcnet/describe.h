/* SPDX-License-Identifier: BSD-2-Clause */
/* What the driver has made of the card, for people. */
#ifndef PCNET_DESCRIBE_H
#define PCNET_DESCRIBE_H

#include "pcnet.h"

void pcnet_describe(struct hwnet_nic *nic, const struct hwnet_listener *to);

#endif
