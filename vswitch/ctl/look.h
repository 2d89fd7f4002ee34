/* SPDX-License-Identifier: BSD-2-Clause */
/* Looking at single frames: those that were dropped, and what would become of one. */
#ifndef VSWITCHCTL_LOOK_H
#define VSWITCHCTL_LOOK_H

#include "words.h"

extern const struct ctl_column look_steps[];

/* look_drops(), look_explain() - @run of rows. Return: the status */
int look_drops(struct ctl *c);
int look_explain(struct ctl *c);

#endif
