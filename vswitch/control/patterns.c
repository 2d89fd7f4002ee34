/* SPDX-License-Identifier: BSD-2-Clause */
/* Regular expressions for values that are written as text (patterns.h). */
#include "control/patterns.h"

#include <stdbool.h>

#define GROUP "[0-9A-Fa-f]{1,4}" /* of an IPv6 address */

/* One digit, @from to @to; hexadecimal ones in either case */
static void digits(FILE *f, unsigned from, unsigned to)
{
	if (from == to && from < 10) {
		fprintf(f, "%u", from);
		return;
	}
	fputc('[', f);
	for (; from <= to && from < 10; from++)
		fprintf(f, "%u", from);
	for (; from <= to; from++)
		fprintf(f, "%c%c", 'a' + (int)from - 10, 'A' + (int)from - 10);
	fputc(']', f);
}

static void any_digits(FILE *f, unsigned base, unsigned n)
{
	for (; n; n--)
		digits(f, 0, base - 1);
}

/* Numbers from 1 to @max, which is not 0, without leading zeros: the shorter ones, then those of
 * the same length that are less at some digit, then itself */
static void up_to(FILE *f, unsigned base, unsigned max)
{
	unsigned digit[32], n = 0;

	for (unsigned rest = max; rest; rest /= base)
		digit[n++] = rest % base;
	for (unsigned len = 1; len < n; len++) {
		digits(f, 1, base - 1);
		any_digits(f, base, len - 1);
		fputc('|', f);
	}
	for (unsigned at = n; at--;) {
		unsigned least = at == n - 1;

		if (digit[at] <= least)
			continue;
		for (unsigned i = n - 1; i > at; i--)
			digits(f, digit[i], digit[i]);
		digits(f, least, digit[at] - 1);
		any_digits(f, base, at);
		fputc('|', f);
	}
	for (unsigned i = n; i--;)
		digits(f, digit[i], digit[i]);
}

/**
 * vsw_pattern_decimal() - A decimal number as vsw_text_digits() reads it
 * @f:   Where to
 * @min: Lowest, 0 or 1
 * @max: Highest, not 0
 */
void vsw_pattern_decimal(FILE *f, unsigned min, unsigned max)
{
	fprintf(f, "(%s", min ? "" : "0|");
	up_to(f, 10, max);
	fputc(')', f);
}

/**
 * vsw_pattern_number() - A number as vsw_text_number() reads it
 * @f:   Where to
 * @max: Highest, not 0
 */
void vsw_pattern_number(FILE *f, unsigned max)
{
	fputc('(', f);
	vsw_pattern_decimal(f, 0, max);
	fputs("|0[xX]0*(0|", f);
	up_to(f, 16, max);
	fputs("))", f);
}

/**
 * vsw_pattern_mac() - An Ethernet address as vsw_text_mac() reads it
 * @f:       Where to
 * @station: No group's address
 */
void vsw_pattern_mac(FILE *f, int station)
{
	fprintf(f, "%s(:[0-9A-Fa-f]{1,2}){5}",
		station ? "[0-9A-Fa-f]?[02468ACEace]" : "[0-9A-Fa-f]{1,2}");
}

/**
 * vsw_pattern_ipv4() - An IPv4 address
 * @f:     Where to
 * @first: Highest first byte
 */
void vsw_pattern_ipv4(FILE *f, unsigned first)
{
	vsw_pattern_decimal(f, 0, first);
	fputs("(\\.", f);
	vsw_pattern_decimal(f, 0, 255);
	fputs("){3}", f);
}

/**
 * vsw_pattern_ipv6() - An IPv6 address (RFC 4291 2.2)
 * @f: Where to
 */
void vsw_pattern_ipv6(FILE *f)
{
	/* all eight groups, of which the last two may be an IPv4 address */
	fputs("((" GROUP ":){7}" GROUP "|(" GROUP ":){6}", f);
	vsw_pattern_ipv4(f, 255);
	/* "::" after @n groups, for one that is left out at least */
	for (unsigned n = 0; n < 8; n++) {
		fputc('|', f);
		if (n)
			fprintf(f, GROUP "(:" GROUP "){%u}", n - 1);
		fputs("::", f);
		if (n == 7)
			continue;
		fprintf(f, "((" GROUP ":){0,%u}" GROUP, 6 - n);
		if (n < 6) {
			fprintf(f, "|(" GROUP ":){0,%u}", 5 - n);
			vsw_pattern_ipv4(f, 255);
		}
		fputs(")?", f);
	}
	fputc(')', f);
}
