/* SPDX-License-Identifier: BSD-2-Clause */
/* The LEDs. */
#ifndef PCNET_LED_H
#define PCNET_LED_H

#include "pcnet.h"

hwnet_reg_read pcnet_led_read;

#endif
