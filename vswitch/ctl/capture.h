/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames as they pass.
 *
 * DOC: Theory of Operation
 *
 * The switch writes copies into memory that it shares (vswitch/look.h), and waits for nobody. This
 * program looks there every CAPTURE_US while nothing comes, renews the capture, filters, and writes
 * a pcapng file or lines. It ends by itself, by a signal, or when nobody reads what it writes.
 */
#ifndef VSWITCHCTL_CAPTURE_H
#define VSWITCHCTL_CAPTURE_H

#include "ctl.h"

/* capture_run() - @run of a row. Return: the status */
int capture_run(struct ctl *c);

#endif
