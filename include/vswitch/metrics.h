/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counters in Prometheus' text format (version 0.0.4), made from answers of control.
 */
#ifndef VSWITCH_METRICS_H
#define VSWITCH_METRICS_H

#include <stdio.h>

struct json_t;

/**
 * struct vsw_metrics - What is written; jansson's arrays
 * @ports:    Answers of query-ports, of all switches
 * @switches: Answers of query-switch
 * @daemon:   The answer of query-daemon, if there is a daemon
 *
 * An item of @ports and @switches may have "switch", its switch's name, which becomes a label.
 */
struct vsw_metrics {
	struct json_t *ports, *switches, *daemon;
};

/**
 * vsw_metrics_write() - Write counters
 * @m:   What
 * @out: Where to; its errors are the caller's to look at
 *
 * All samples of a metric stand together, with its help and type before them.
 */
void vsw_metrics_write(const struct vsw_metrics *m, FILE *out);

#endif
