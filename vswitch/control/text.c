/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values written as text: a configuration that is misread is a policy that nobody asked for. So no
 * sign, no blank, no leading zero, nothing behind the end; the C library's readers take all these.
 */
#include "control/text.h"

#include <stddef.h>
#include <string.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Value of a hexadecimal digit, or -1 */
static int hex(char c)
{
	return is_digit(c)	    ? c - '0' :
	       c >= 'a' && c <= 'f' ? c - 'a' + 10 :
	       c >= 'A' && c <= 'F' ? c - 'A' + 10 :
				      -1;
}

/**
 * vsw_text_digits() - Read a decimal number at the beginning of a text
 * @s:   The text; moved behind the number
 * @max: Highest, less than 2^28
 * @n:   Filled
 *
 * Return: whether there is one; leading zeros are none.
 */
bool vsw_text_digits(const char **s, unsigned max, unsigned *n)
{
	const char *p = *s;
	unsigned value = 0;

	if (!is_digit(*p) || (*p == '0' && is_digit(p[1])))
		return false;
	for (; is_digit(*p); p++) {
		value = value * 10 + (unsigned)(*p - '0');
		if (value > max)
			return false;
	}
	*s = p;
	*n = value;
	return true;
}

/**
 * vsw_text_number() - Read a number, decimal or with 0x hexadecimal
 * @s:   The whole text
 * @max: Highest, less than 2^28
 * @n:   Filled
 *
 * Return: whether it is one.
 */
bool vsw_text_number(const char *s, unsigned max, unsigned *n)
{
	unsigned value = 0;

	if (s[0] != '0' || (s[1] != 'x' && s[1] != 'X'))
		return vsw_text_digits(&s, max, n) && !*s;
	s += 2;
	if (!*s)
		return false;
	for (; *s; s++) {
		if (hex(*s) < 0)
			return false;
		value = value << 4 | (unsigned)hex(*s);
		if (value > max)
			return false;
	}
	*n = value;
	return true;
}

/**
 * vsw_text_named() - Read a name or a number
 * @s:     The whole text
 * @names: Names, ended by one that is NULL
 * @max:   Highest number
 * @n:     Filled
 *
 * Return: whether it is one of them.
 */
bool vsw_text_named(const char *s, const struct vsw_text_name *names, unsigned max, unsigned *n)
{
	for (; names->name; names++)
		if (!strcmp(s, names->name)) {
			*n = names->number;
			return true;
		}
	return vsw_text_number(s, max, n);
}

/**
 * vsw_text_range() - Read "N" or "FROM-TO" at the beginning of a text
 * @s:    The text; moved behind it
 * @max:  Highest number
 * @from: @to: Filled
 *
 * Return: whether there is one; it does not end before it begins.
 */
bool vsw_text_range(const char **s, unsigned max, unsigned *from, unsigned *to)
{
	if (!vsw_text_digits(s, max, from))
		return false;
	*to = *from;
	if (**s != '-')
		return true;
	(*s)++;
	return vsw_text_digits(s, max, to) && *from <= *to;
}

/**
 * vsw_text_mac() - Read an Ethernet address: six numbers of one or two hexadecimal digits
 * @s:   The text
 * @end: Where it must end
 * @mac: Filled, 6 bytes; undefined on failure
 *
 * Return: whether it is one.
 */
bool vsw_text_mac(const char *s, const char *end, uint8_t *mac)
{
	for (unsigned i = 0; i < 6; i++) {
		if (i && *s++ != ':')
			return false;
		if (s >= end || hex(*s) < 0)
			return false;
		mac[i] = (uint8_t)hex(*s++);
		if (s < end && hex(*s) >= 0)
			mac[i] = (uint8_t)(mac[i] << 4 | hex(*s++));
	}
	return s == end;
}
