/* SPDX-License-Identifier: BSD-2-Clause */
/* Events as they come. */
#ifndef VSWITCHCTL_WATCH_H
#define VSWITCHCTL_WATCH_H

#include "ctl.h"

/* watch_run() - @run of a row: print events until there were as many as wanted. Return: the status
 */
int watch_run(struct ctl *c);

#endif
