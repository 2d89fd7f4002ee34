/* SPDX-License-Identifier: BSD-2-Clause */
/* Hooks of the registers of interrupts. */
#ifndef E1000_REGS_INTR_H
#define E1000_REGS_INTR_H

#include "e1000.h"

hwnet_reg_read e1000_icr_read, e1000_ics_read;
hwnet_reg_write e1000_icr_write, e1000_ics_write, e1000_ims_write, e1000_imc_write, e1000_itr_write,
	e1000_rdtr_write, e1000_tidv_write;

#endif
