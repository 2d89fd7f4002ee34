/* SPDX-License-Identifier: BSD-2-Clause */
/* The register tables, as the spaces that they make. */
#include "regs.h"

const struct hwnet_regspace e1000_spaces[E1000_N_SPACES] = {
	[E1000_GENERAL] = { "General", 4, 32, e1000_rows_general, E1000_ROWS_GENERAL },
	[E1000_RX] = { "Receive", 4, 32, e1000_rows_rx, E1000_ROWS_RX },
	[E1000_TX] = { "Transmit", 4, 32, e1000_rows_tx, E1000_ROWS_TX },
	[E1000_STATS] = { "Statistics", 4, 32, e1000_rows_stats, E1000_ROWS_STATS },
	[E1000_FILTER] = { "Filters and wake-up", 4, 32, e1000_rows_filter, E1000_ROWS_FILTER },
	[E1000_PACKET_BUFFER] = { "Packet buffer", 4, 32, e1000_rows_pbm, E1000_ROWS_PBM },
	[E1000_PHY] = { "PHY (through MDIC)", 1, 16, e1000_rows_phy, E1000_ROWS_PHY },
};
