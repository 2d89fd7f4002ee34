/* SPDX-License-Identifier: BSD-2-Clause */
/* What a branch will do, as far as its author knows. */
#ifndef VSWITCH_LIKELY_H
#define VSWITCH_LIKELY_H

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

#endif
