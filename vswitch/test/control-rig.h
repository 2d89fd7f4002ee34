/* SPDX-License-Identifier: BSD-2-Clause */
/* The bench with a control on it. */
#ifndef VSWITCH_TEST_CONTROL_RIG_H
#define VSWITCH_TEST_CONTROL_RIG_H

#include <jansson.h>
#include <stdbool.h>

#include "rig.h"

/* struct ctl - a switch and its control; @err: what was wrong with the last document or command */
struct ctl {
	struct rig *r;
	struct vsw_control *c;
	char err[300];
};

struct ctl ctl_start(void);
void ctl_stop(struct ctl *t);
/* Put a document in force. Return: 0, or -1 with @err */
int ctl_load(struct ctl *t, const char *text);
/* Carry a command out. Return: its "return", or NULL with the error's text in @err */
json_t *ctl_command(struct ctl *t, const char *text);
/* Return: the command was carried out; else @err has the error's text */
bool ctl_ok(struct ctl *t, const char *text);

#endif
