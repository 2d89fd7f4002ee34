/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Regular expressions for values that are written as text, for JSON Schema: those that the readers
 * of values take, as far as a regular expression can tell. They keep to what all dialects have in
 * common (JSON Schema 2020-12, 6.4). Each prints a group without anchors.
 */
#ifndef VSWITCH_CONTROL_PATTERNS_H
#define VSWITCH_CONTROL_PATTERNS_H

#include <stdint.h>
#include <stdio.h>

void vsw_pattern_decimal(FILE *f, unsigned min, unsigned max);
void vsw_pattern_number(FILE *f, unsigned max);
void vsw_pattern_mac(FILE *f, int station);
void vsw_pattern_ipv4(FILE *f, unsigned first);
void vsw_pattern_ipv6(FILE *f);

#endif
