/* SPDX-License-Identifier: BSD-2-Clause */
/* The EEPROM: contents, and the two ways to it. */
#ifndef E1000_EEPROM_H
#define E1000_EEPROM_H

#include "e1000.h"

void e1000_eeprom_init(const struct hwnet_nic *nic, struct e1000_state *s);
void e1000_eeprom_load(const struct e1000_info *info, struct e1000_state *s);
hwnet_reg_read e1000_eecd_read;
hwnet_reg_write e1000_eecd_write, e1000_eerd_write;

#endif
