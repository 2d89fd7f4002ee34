/* SPDX-License-Identifier: BSD-2-Clause */
/* Values written as text. Nothing is taken that is not wholly understood. */
#ifndef VSWITCH_CONTROL_TEXT_H
#define VSWITCH_CONTROL_TEXT_H

#include <stdbool.h>
#include <stdint.h>

/* struct vsw_text_name - a name that stands for a number */
struct vsw_text_name {
	const char *name;
	uint16_t number;
};

bool vsw_text_digits(const char **s, unsigned max, unsigned *n);
bool vsw_text_number(const char *s, unsigned max, unsigned *n);
bool vsw_text_named(const char *s, const struct vsw_text_name *names, unsigned max, unsigned *n);
bool vsw_text_range(const char **s, unsigned max, unsigned *from, unsigned *to);
bool vsw_text_mac(const char *s, const char *end, uint8_t *mac);

#endif
