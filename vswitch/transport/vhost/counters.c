// SPDX-License-Identifier: BSD-2-Clause
/* Counters as text; see counters.h. */
#include "counters.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define LINE_MAX_LEN 64u

/* struct row - a counter: its name, and where it is */
struct row {
	const char *name;
	uint16_t at, size;
};

#define COUNTER(name, field)                                            \
	{                                                               \
		name, offsetof(struct vsw_counters, field),             \
			sizeof(((const struct vsw_counters *)0)->field) \
	}
#define COUNT(name, field) \
	COUNTER(name "-frames", field.frames), COUNTER(name "-bytes", field.bytes)
#define TRAFFIC(name, field)                                                              \
	COUNT(name "-unicast", field.unicast), COUNT(name "-multicast", field.multicast), \
		COUNT(name "-broadcast", field.broadcast), COUNTER(name "-gso", field.gso)
#define DROP(reason, name, at, help) COUNTER("drop-" name, drops[VSW_DROP_##reason]),

static const struct row rows[] = {
	TRAFFIC("in", in),
	TRAFFIC("out", out),
	COUNTER("segmented", segmented),
	COUNTER("checksummed", csummed),
	VSW_DROPS(DROP) COUNTER("queued", queued),
	COUNTER("queue-frames", queue_frames),
	COUNTER("queue-bytes", queue_bytes),
	COUNTER("delay-max-ns", delay_max),
	COUNTER("ecn-marked", ecn_marked),
	COUNTER("held", held),
	COUNTER("addresses", addresses),
	COUNTER("moves", moves),
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static uint64_t get(const struct row *row, const struct vsw_counters *c)
{
	const void *at = (const char *)c + row->at;

	return row->size == sizeof(uint32_t) ? *(const uint32_t *)at : *(const uint64_t *)at;
}

static void set(const struct row *row, struct vsw_counters *c, uint64_t value)
{
	void *at = (char *)c + row->at;

	if (row->size == sizeof(uint32_t))
		*(uint32_t *)at = value < UINT32_MAX ? (uint32_t)value : UINT32_MAX;
	else
		*(uint64_t *)at = value;
}

uint32_t vsw_counters_print(const struct vsw_counters *c, char *text, size_t room)
{
	size_t len = 0;

	for (unsigned i = 0; i < ROWS; i++) {
		char line[LINE_MAX_LEN];
		int n = snprintf(line, sizeof(line), "%s %" PRIu64 "\n", rows[i].name,
				 get(&rows[i], c));

		if (n < 0 || (size_t)n >= sizeof(line) || len + (size_t)n > room)
			break;
		memcpy(text + len, line, (size_t)n);
		len += (size_t)n;
	}
	return (uint32_t)len;
}

/* A line without its end, zero-terminated */
static void scan_line(struct vsw_counters *c, const char *line)
{
	const char *blank = strchr(line, ' ');
	uint64_t value;

	if (!blank || sscanf(blank, " %" SCNu64, &value) != 1)
		return;
	for (unsigned i = 0; i < ROWS; i++)
		if (strlen(rows[i].name) == (size_t)(blank - line) &&
		    !strncmp(rows[i].name, line, (size_t)(blank - line)))
			set(&rows[i], c, value);
}

void vsw_counters_scan(struct vsw_counters *c, const char *text, uint32_t len)
{
	const char *end = text + len;

	memset(c, 0, sizeof(*c));
	while (text < end) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		char line[LINE_MAX_LEN];
		size_t n = (size_t)((stop ? stop : end) - text);

		if (n < sizeof(line)) {
			memcpy(line, text, n);
			line[n] = 0;
			scan_line(c, line);
		}
		text += n + 1;
	}
}
