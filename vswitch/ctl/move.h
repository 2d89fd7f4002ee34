/* SPDX-License-Identifier: BSD-2-Clause */
/* The state of a port in a file. */
#ifndef VSWITCH_CTL_MOVE_H
#define VSWITCH_CTL_MOVE_H

#include <sysexits.h>

#include "ctl.h"
#include "words.h"

/**
 * move_export() - Write the state of a port, or print it as base64
 * @c: The run
 *
 * Return: the status.
 */
int move_export(struct ctl *c);

/**
 * move_import() - Give a port the state that a file has
 * @c: The run
 *
 * What was left out is told as warnings.
 *
 * Return: the status.
 */
int move_import(struct ctl *c);

#endif
