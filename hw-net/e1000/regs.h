/* SPDX-License-Identifier: BSD-2-Clause */
/* The register tables, regs-*.c, with their numbers of rows, and how a row is written. */
#ifndef E1000_REGS_H
#define E1000_REGS_H

#include "e1000.h"

#define E1000_ROWS_GENERAL 24u
#define E1000_ROWS_RX	   17u
#define E1000_ROWS_TX	   15u
#define E1000_ROWS_STATS   58u
#define E1000_ROWS_FILTER  16u
#define E1000_ROWS_PBM	   1u
#define E1000_ROWS_PHY	   24u

extern const struct hwnet_reg e1000_rows_general[E1000_ROWS_GENERAL];
extern const struct hwnet_reg e1000_rows_rx[E1000_ROWS_RX];
extern const struct hwnet_reg e1000_rows_tx[E1000_ROWS_TX];
extern const struct hwnet_reg e1000_rows_stats[E1000_ROWS_STATS];
extern const struct hwnet_reg e1000_rows_filter[E1000_ROWS_FILTER];
extern const struct hwnet_reg e1000_rows_pbm[E1000_ROWS_PBM];
extern const struct hwnet_reg e1000_rows_phy[E1000_ROWS_PHY];

/* Index in e1000_spaces; all but the last are the memory BAR */
enum e1000_space {
	E1000_GENERAL,
	E1000_RX,
	E1000_TX,
	E1000_STATS,
	E1000_FILTER,
	E1000_PACKET_BUFFER,
	E1000_PHY,
	E1000_N_SPACES
};

extern const struct hwnet_regspace e1000_spaces[E1000_N_SPACES];

/* ROW(name, offset, kind, other members...) */
#define ROW(reg, offset, k, ...)                                                             \
	{                                                                                    \
		.num = (offset), .slot = R_##reg, .kind = REG_##k, .name = #reg, __VA_ARGS__ \
	}
#define ROW_PHY(reg, k, ...)                                                                \
	{                                                                                   \
		.num = PHY_##reg, .slot = R_PHY + PHY_##reg, .kind = REG_##k, .name = #reg, \
		__VA_ARGS__                                                                 \
	}

#endif
