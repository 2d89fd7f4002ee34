/* SPDX-License-Identifier: BSD-2-Clause */
/* Values written as text. */
#include "vswitch/text.h"

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

bool vsw_text_decimal(const char **s, uint64_t max, uint64_t *n)
{
	const char *p = *s;
	uint64_t value = 0;

	if (!is_digit(*p) || (*p == '0' && is_digit(p[1])))
		return false;
	for (; is_digit(*p); p++) {
		uint64_t digit = (uint64_t)(*p - '0');

		if (value > max / 10 || value * 10 > max - digit)
			return false;
		value = value * 10 + digit;
	}
	*s = p;
	*n = value;
	return true;
}

bool vsw_text_digits(const char **s, unsigned max, unsigned *n)
{
	uint64_t value;

	if (!vsw_text_decimal(s, max, &value))
		return false;
	*n = (unsigned)value;
	return true;
}

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

/* What a letter behind a number stands for, or 0 */
static uint64_t unit_of(const char *s)
{
	static const struct {
		char letter[2];
		uint64_t unit;
	} units[] = { { "", 1 }, { "k", 1000 }, { "M", 1000000 }, { "G", 1000000000 } };

	for (unsigned i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (!strcmp(s, units[i].letter))
			return units[i].unit;
	return 0;
}

/* Decimal places at the beginning of a text, nine at most, as a number of 10^-9 */
static bool places(const char **s, uint64_t *n)
{
	uint64_t weight = 100000000;

	*n = 0;
	if (!is_digit(**s))
		return false;
	for (; is_digit(**s); (*s)++) {
		if (!weight)
			return false;
		*n += (uint64_t)(**s - '0') * weight;
		weight /= 10;
	}
	return true;
}

bool vsw_text_rate(const char *s, uint64_t max, uint64_t *n)
{
	uint64_t whole, part = 0, unit;

	if (!vsw_text_decimal(&s, max, &whole))
		return false;
	if (*s == '.') {
		s++;
		if (!places(&s, &part))
			return false;
	}
	unit = unit_of(s);
	if (!unit || part * unit % 1000000000 || whole > max / unit)
		return false;
	*n = whole * unit + part * unit / 1000000000;
	return *n <= max;
}

bool vsw_text_named(const char *s, const struct vsw_text_name *names, unsigned max, unsigned *n)
{
	for (; names->name; names++)
		if (!strcmp(s, names->name)) {
			*n = names->number;
			return true;
		}
	return vsw_text_number(s, max, n);
}

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

bool vsw_text_station(const char *s, uint8_t *mac)
{
	return vsw_text_mac(s, s + strlen(s), mac) && !(mac[0] & 1);
}

/* Bytes of the character at the beginning of a text (RFC 3629 section 4); 0: there is none that may
 * be shown */
static unsigned character(const unsigned char *s)
{
	unsigned n = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;

	if (s[0] < ' ' || s[0] == 0x7f || s[0] > 0xf4)
		return 0;
	for (unsigned i = 1; i < n; i++)
		if (s[i] >> 6 != 2)
			return 0;
	if ((s[0] == 0xc2 && s[1] < 0xa0) || /* U+0080 to U+009F are controls */
	    (s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] >= 0xa0) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] >= 0x90))
		return 0;
	return n;
}

void vsw_text_clean(char *s)
{
	while (*s) {
		unsigned n = character((const unsigned char *)s);

		if (!n)
			*s = '?';
		s += n ? n : 1;
	}
}
