/* SPDX-License-Identifier: BSD-2-Clause */
/* The index of ports by name. */
#ifndef VSWITCH_FIND_H
#define VSWITCH_FIND_H

#include "core/vsw.h"

void vsw_name_put(struct vsw_port *p);
void vsw_name_remove(struct vsw_port *p);

#endif
