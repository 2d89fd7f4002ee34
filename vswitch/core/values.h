/* SPDX-License-Identifier: BSD-2-Clause */
/* Values of policies by their rows. */
#ifndef VSWITCH_CORE_VALUES_H
#define VSWITCH_CORE_VALUES_H

#include "vswitch/schema.h"

int vsw_values_check(const struct vsw_value_row *rows, const void *base, char *err, size_t errlen);

#endif
