/* SPDX-License-Identifier: BSD-2-Clause */
/* The register tables, regs-*.c, with their numbers of rows, and how a row is written. */
#ifndef PCNET_REGS_H
#define PCNET_REGS_H

#include "pcnet.h"

#define PCNET_CSR_ROWS	    62
#define PCNET_CSR_FAST_ROWS 4
#define PCNET_BCR_ROWS	    15
#define PCNET_BCR_FAST_ROWS 15
#define PCNET_PHY_ROWS	    9
extern const struct hwnet_reg pcnet_csr_rows[PCNET_CSR_ROWS],
	pcnet_csr_fast_rows[PCNET_CSR_FAST_ROWS];
extern const struct hwnet_reg pcnet_bcr_rows[PCNET_BCR_ROWS],
	pcnet_bcr_fast_rows[PCNET_BCR_FAST_ROWS];
extern const struct hwnet_reg pcnet_phy_rows[PCNET_PHY_ROWS];
enum pcnet_space { SPACE_CSR, SPACE_CSR_FAST, SPACE_BCR, SPACE_BCR_FAST, SPACE_PHY, N_SPACES };
extern const struct hwnet_regspace pcnet_spaces[N_SPACES];

/* enum pcnet_regflag - struct hwnet_reg's @flags */
enum pcnet_regflag {
	REGF_STOPPED = 1, /* written only while STOP or SPND is set */
	REGF_SRESET = 2,  /* S_RESET gives it its reset value too */
	REGF_LEDPE = 4,	  /* 973: written only while BCR2.LEDPE is set */
};

/* ROW(number, name, kind, reset value, writable mask, other members...) */
#define ROW(n, nm, kd, rst, msk, ...)                                                    \
	{                                                                                \
		.num = n, .slot = n, .name = nm, .kind = kd, .reset = rst, .wmask = msk, \
		__VA_ARGS__                                                              \
	}
#define DOC(s, t) .sect = s, .text = t
#define SETUP	  .flags = REGF_STOPPED
#define SRST	  .flags = REGF_SRESET

#endif
