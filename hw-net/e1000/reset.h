/* SPDX-License-Identifier: BSD-2-Clause */
/* Resets, and what follows a load. */
#ifndef E1000_RESET_H
#define E1000_RESET_H

#include "e1000.h"

void e1000_state_reset(const struct hwnet_nic *nic, void *state);
void e1000_reset(struct hwnet_nic *nic, enum hwnet_reset_kind kind);
void e1000_loaded(struct hwnet_nic *nic);
hwnet_reg_write e1000_ctrl_write, e1000_ctrl_ext_write, e1000_pba_write;

#endif
