/* SPDX-License-Identifier: BSD-2-Clause */
/* Medians and quartiles, and rows as bench.py reads them. */
#include "row.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/**
 * row_quantile() - A quartile
 * @v:       Values
 * @n:       Their number, <= ROW_ROUNDS
 * @quarter: 0: least, 2: median, 4: greatest
 *
 * Return: it.
 */
double row_quantile(const double *v, unsigned n, unsigned quarter)
{
	double copy[ROW_ROUNDS];

	memcpy(copy, v, n * sizeof(*v));
	qsort(copy, n, sizeof(*copy), compare);
	return copy[(n - 1) * quarter / 4];
}

static unsigned printed;

/**
 * row_print() - Print a row, as part of an array
 * @r: The row
 */
void row_print(const struct row *r)
{
	double ratio[ROW_ROUNDS];

	for (unsigned i = 0; i < r->rounds; i++)
		ratio[i] = r->ours[i] / r->peer[i];
	printf("%s {\"name\": \"%s\", \"unit\": \"%s\", \"better\": \"%s\", \"ours\": %.1f, "
	       "\"peer\": %.1f, \"peer_name\": \"%s\", \"ratio\": %.3f, \"spread\": %.3f, "
	       "\"rounds\": %u}",
	       printed++ ? ",\n" : "[", r->name, r->unit ? r->unit : "ns/frame",
	       r->higher ? "higher" : "lower", row_quantile(r->ours, r->rounds, 2),
	       row_quantile(r->peer, r->rounds, 2), r->peer_name, row_quantile(ratio, r->rounds, 2),
	       row_quantile(ratio, r->rounds, 3) - row_quantile(ratio, r->rounds, 1), r->rounds);
}

/**
 * row_end() - The last row was printed
 */
void row_end(void)
{
	printf("%s]\n", printed ? "" : "[");
}
