/* SPDX-License-Identifier: BSD-2-Clause */
/* The Microwire EEPROM and what is loaded from it. */
#ifndef PCNET_EEPROM_H
#define PCNET_EEPROM_H

#include "pcnet.h"

void pcnet_eeprom_blank(enum pcnet_kind kind, struct pcnet_state *s, const uint8_t *mac);
bool pcnet_eeprom_load(enum pcnet_kind kind, struct pcnet_state *s);
hwnet_reg_read pcnet_bcr19_read;
hwnet_reg_write pcnet_bcr19_write;

#endif
