/* SPDX-License-Identifier: BSD-2-Clause */
/* What gso.c and segment.c share: how much a check grants. */
#ifndef HW_NET_FRAME_GSO_H
#define HW_NET_FRAME_GSO_H

#include "hwnet/gso.h"

/**
 * enum gso_grants - Whose message it is
 *
 * On its way a message may get tags around it. So what cuts it grants more of them, and longer
 * headers, than its maker may have put in: no message that was sound becomes unsound under way.
 */
enum gso_grants { GSO_OF_MAKER, GSO_UNDER_WAY };

/**
 * gso_check_as() - gso_check()
 * @pkt:    The message
 * @info:   Filled, or NULL
 * @grants: Whose it is
 *
 * Return: NULL, or what is wrong.
 */
const char *gso_check_as(const struct pkt *pkt, struct gso_info *info, enum gso_grants grants);

#endif
