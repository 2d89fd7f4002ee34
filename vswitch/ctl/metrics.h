/* SPDX-License-Identifier: BSD-2-Clause */
/* Counters in Prometheus' text format. */
#ifndef VSWITCHCTL_METRICS_H
#define VSWITCHCTL_METRICS_H

#include "ctl.h"

/* metrics_run() - @run of a row: print the counters of the switch, or of all. Return: the status */
int metrics_run(struct ctl *c);

#endif
