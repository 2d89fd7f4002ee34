/* SPDX-License-Identifier: BSD-2-Clause */
/* Rates of ports, again and again. */
#ifndef VSWITCHCTL_TOP_H
#define VSWITCHCTL_TOP_H

#include "words.h"

extern const struct ctl_column top_columns[];

/* top_run() - @run of a row. Return: the status */
int top_run(struct ctl *c);

#endif
