/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Commands of the control socket.
 *
 * DOC: Theory of Operation
 *
 * One socket has all switches. A command that is the daemon's own is a row of command.c; every
 * other one is for a switch: "switch" among its arguments says which, and may be left out if there
 * is but one. What is left goes to that switch's control.
 *
 * Whoever the socket's file lets connect may ask and plug in; to change something takes the
 * daemon's own user, or root.
 */
#ifndef VSWITCHD_COMMAND_H
#define VSWITCHD_COMMAND_H

#include <stdbool.h>

#include "vswitch/control.h"

struct vd_call;

/**
 * struct vd_command - A command of the daemon's own
 * @name:  Its name
 * @run:   Carry it out. Return: what it returns, jansson's; NULL and the error is told
 * @args:  Names it takes, with a ? those that may be missing
 * @owner: For the daemon's own user and root only
 * @help:  One line
 */
struct vd_command {
	const char *name;
	struct json_t *(*run)(struct vd_call *c);
	const char *args;
	bool owner;
	const char *help;
};

/** vd_commands - All of them, ended by one without name. */
extern const struct vd_command vd_commands[];

/** vd_service - What the server asks of the daemon; opaque is the struct daemon */
extern const struct vsw_service vd_service;

#endif
