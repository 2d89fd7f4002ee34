/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values written as text: a configuration that is misread is a policy that nobody asked for. So no
 * sign, no blank, no leading zero, nothing behind the end; the C library's readers take all these.
 */
#ifndef VSWITCH_TEXT_H
#define VSWITCH_TEXT_H

#include <stdbool.h>
#include <stdint.h>

/** struct vsw_text_name - a name that stands for a number */
struct vsw_text_name {
	const char *name;
	uint16_t number;
};

/**
 * vsw_text_decimal() - Read a decimal number at the beginning of a text
 * @s:   The text; moved behind the number
 * @max: Highest
 * @n:   Filled
 *
 * Return: whether there is one; leading zeros are none.
 */
bool vsw_text_decimal(const char **s, uint64_t max, uint64_t *n);

/**
 * vsw_text_digits() - vsw_text_decimal() for small numbers
 * @s:   The text; moved behind the number
 * @max: Highest
 * @n:   Filled
 *
 * Return: whether there is one.
 */
bool vsw_text_digits(const char **s, unsigned max, unsigned *n);

/**
 * vsw_text_number() - Read a number, decimal or with 0x hexadecimal
 * @s:   The whole text
 * @max: Highest, less than 2^28
 * @n:   Filled
 *
 * Return: whether it is one.
 */
bool vsw_text_number(const char *s, unsigned max, unsigned *n);

/**
 * vsw_text_rate() - Read a rate: "1500", "100M", "2.5G"
 * @s:   The whole text: a decimal number; with k, M or G behind it, thousands, millions or
 *       thousand millions, of which there may be decimal places as far as a whole number comes out
 * @max: Highest
 * @n:   Filled
 *
 * Return: whether it is one.
 */
bool vsw_text_rate(const char *s, uint64_t max, uint64_t *n);

/**
 * vsw_text_named() - Read a name or a number
 * @s:     The whole text
 * @names: Names, ended by one that is NULL
 * @max:   Highest number
 * @n:     Filled
 *
 * Return: whether it is one of them.
 */
bool vsw_text_named(const char *s, const struct vsw_text_name *names, unsigned max, unsigned *n);

/**
 * vsw_text_range() - Read "N" or "FROM-TO" at the beginning of a text
 * @s:    The text; moved behind it
 * @max:  Highest number
 * @from: @to: Filled
 *
 * Return: whether there is one; it does not end before it begins.
 */
bool vsw_text_range(const char **s, unsigned max, unsigned *from, unsigned *to);

/**
 * vsw_text_mac() - Read an Ethernet address: six numbers of one or two hexadecimal digits
 * @s:   The text
 * @end: Where it must end
 * @mac: Filled, 6 bytes; undefined on failure
 *
 * Return: whether it is one.
 */
bool vsw_text_mac(const char *s, const char *end, uint8_t *mac);

/**
 * vsw_text_station() - Read the address of a station: one that is no group's
 * @s:   The whole text
 * @mac: Filled, 6 bytes; undefined on failure
 *
 * Return: whether it is one.
 */
bool vsw_text_station(const char *s, uint8_t *mac);

/**
 * vsw_text_clean() - Make a text fit to be shown: valid UTF-8 without control characters
 * @s: The text; each byte of what is not becomes a question mark
 */
void vsw_text_clean(char *s);

#endif
