/* SPDX-License-Identifier: BSD-2-Clause */
/* How the rows of regs-*.c are written: REG(name, offset, kind, other members...). */
#ifndef E1000_ROW_H
#define E1000_ROW_H

#include "e1000.h"

#undef REG
#define REG(reg, offset, k, ...)                                                             \
	{                                                                                    \
		.num = (offset), .slot = R_##reg, .kind = REG_##k, .name = #reg, __VA_ARGS__ \
	}

#endif
