/* SPDX-License-Identifier: BSD-2-Clause */
/* The register tables, as the spaces that they make. */
#include "regs.h"

#define SPACE(heading, table)                                           \
	{                                                               \
		heading, 1, 16, table, sizeof(table) / sizeof(table[0]) \
	}

const struct hwnet_regspace pcnet_spaces[N_SPACES] = {
	[SPACE_CSR] = SPACE("CSR", pcnet_csr_rows),
	[SPACE_CSR_FAST] = SPACE("CSR of the Am79C973", pcnet_csr_fast_rows),
	[SPACE_BCR] = SPACE("BCR", pcnet_bcr_rows),
	[SPACE_BCR_FAST] = SPACE("BCR of the Am79C973", pcnet_bcr_fast_rows),
	[SPACE_PHY] = SPACE("PHY of the Am79C973", pcnet_phy_rows),
};
