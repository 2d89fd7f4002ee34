/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rates of ports, again and again: the difference of two answers, over the time between them. On a
 * terminal the busiest ports, as many as there are lines; else all of them, one table after the
 * other.
 */
#include "top.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "show.h"
#include "table.h"

#define CLEAR "\033[H\033[J"

static void rate_text(GString *out, const json_t *v)
{
	static const char units[] = { 0, 'k', 'M', 'G', 'T' };
	double n = json_number_value(v);
	unsigned u = 0;

	for (; n >= 9999.5 && u + 1 < sizeof(units); u++)
		n /= 1000;
	g_string_append_printf(out, "%.0f", n);
	if (units[u])
		g_string_append_c(out, units[u]);
}

#define RATE_COLUMN(name)                                          \
	static void name##_text(const json_t *item, GString *out)  \
	{                                                          \
		rate_text(out, json_object_get(item, #name "/s")); \
	}
RATE_COLUMN(in_frames)
RATE_COLUMN(in_bits)
RATE_COLUMN(out_frames)
RATE_COLUMN(out_bits)
RATE_COLUMN(drops)

const struct ctl_column top_columns[] = { { "PORT", "id" },
					  { "IN FRAMES/S", NULL, in_frames_text },
					  { "IN BIT/S", NULL, in_bits_text },
					  { "OUT FRAMES/S", NULL, out_frames_text },
					  { "OUT BIT/S", NULL, out_bits_text },
					  { "QUEUE", "queue" },
					  { "DROPS/S", NULL, drops_text },
					  { 0 } };

static const json_t *find(const json_t *ports, const json_t *id)
{
	json_t *port;
	size_t i;

	json_array_foreach((json_t *)ports, i, port)
		if (json_equal(json_object_get(port, "id"), (json_t *)id))
			return port;
	return NULL;
}

/* A counter may have been set to 0 meanwhile */
static json_t *rate(uint64_t was, uint64_t is, double seconds, unsigned times)
{
	return json_real((double)(is >= was ? is - was : is) * times / seconds);
}

static json_t *rates(const json_t *was, const json_t *is, double seconds)
{
	return json_pack(
		"{s:O,s:o,s:o,s:o,s:o,s:O,s:o}", "id", json_object_get(is, "id"), "in_frames/s",
		rate(show_traffic(was, "in", "frames"), show_traffic(is, "in", "frames"), seconds,
		     1),
		"in_bits/s",
		rate(show_traffic(was, "in", "bytes"), show_traffic(is, "in", "bytes"), seconds, 8),
		"out_frames/s",
		rate(show_traffic(was, "out", "frames"), show_traffic(is, "out", "frames"), seconds,
		     1),
		"out_bits/s",
		rate(show_traffic(was, "out", "bytes"), show_traffic(is, "out", "bytes"), seconds,
		     8),
		"queue", vsw_answer_member(is, "counters.queue.frames"), "drops/s",
		rate(show_drops(was), show_drops(is), seconds, 1));
}

static double busy(const json_t *item)
{
	return json_number_value(json_object_get(item, "in_bits/s")) +
	       json_number_value(json_object_get(item, "out_bits/s"));
}

/* Busiest first, in place */
static int by_traffic(const void *a, const void *b)
{
	double x = busy(*(json_t *const *)a), y = busy(*(json_t *const *)b);

	return x < y ? 1 : x > y ? -1 : 0;
}

static json_t *sorted(const json_t *list, size_t most)
{
	size_t n = json_array_size(list);
	g_autofree json_t **item = g_new(json_t *, n + 1);
	json_t *out = json_array();

	for (size_t i = 0; i < n; i++)
		item[i] = json_array_get(list, i);
	qsort(item, n, sizeof(item[0]), by_traffic);
	for (size_t i = 0; i < n && i < most; i++)
		json_array_append(out, item[i]);
	return out;
}

/* Lines of a terminal that are free for ports; 0: it is none */
static size_t lines(void)
{
	struct winsize w;

	if (!isatty(STDOUT_FILENO))
		return 0;
	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_row > 3 ? w.ws_row - 2u : 22;
}

static int put(struct ctl *c, const json_t *was, const json_t *is, double seconds)
{
	json_t *list = json_array(), *port, *some;
	size_t i, most = c->json ? 0 : lines();
	int status;

	json_array_foreach((json_t *)is, i, port) {
		const json_t *before = find(was, json_object_get(port, "id"));

		json_array_append_new(list, rates(before ? before : port, port, seconds));
	}
	some = sorted(list, most ? most : G_MAXSIZE);
	if (most)
		fputs(CLEAR, stdout);
	status = ctl_print(c, some);
	json_decref(some);
	json_decref(list);
	return status;
}

int top_run(struct ctl *c)
{
	unsigned every = c->interval ? c->interval : 1;
	int status;
	json_t *was = ctl_ask(c, "query-ports", NULL, &status), *is;
	gint64 then = g_get_monotonic_time(), now;

	for (unsigned n = 0; was && (!c->count || n < c->count); n++) {
		g_usleep(every * 1000000ul);
		is = ctl_ask(c, "query-ports", NULL, &status);
		now = g_get_monotonic_time();
		if (is)
			status = put(c, was, is, (double)(now - then) / 1e6);
		json_decref(was);
		was = status == EX_OK ? is : NULL;
		if (!was)
			json_decref(is);
		then = now;
	}
	json_decref(was);
	return status;
}
