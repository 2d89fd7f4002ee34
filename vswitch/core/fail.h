/* SPDX-License-Identifier: BSD-2-Clause */
/* Saying what was wrong. */
#ifndef VSWITCH_FAIL_H
#define VSWITCH_FAIL_H

#include <stddef.h>

int vsw_fail(char *err, size_t errlen, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
