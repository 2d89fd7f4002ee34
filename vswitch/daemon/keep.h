/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counters that outlive the process, kept in a file of memory that its manager (systemd) has.
 *
 * DOC: Theory of Operation
 *
 * Once a second what all ports have counted is written into the file, unless it is the same as
 * before. The file has two halves, which are written in turn, each with a number and a sum: of a
 * half that was not written to its end the other one counts. Whoever comes after us gets the file
 * from the manager; a port that is made within KEEP_S seconds with the id of one in the file goes
 * on counting from there. What was counted in the last second before a crash is lost.
 *
 * Records have the layout of this release. A file of another one is not read.
 *
 * Without a manager there is no file, and nothing is done.
 */
#ifndef VSWITCHD_KEEP_H
#define VSWITCHD_KEEP_H

#include <stdbool.h>

#include "vswitch/vswitch.h"

struct daemon;

/**
 * vd_keep_open() - Read what the process before us has left with the manager
 * @daemon: The daemon, before it has ports
 */
void vd_keep_open(struct daemon *daemon);

/**
 * vd_keep_begin() - Write from now on, once a second
 * @daemon: The daemon, ready
 */
void vd_keep_begin(struct daemon *daemon);

/**
 * vd_keep_find() - What a port has counted in the process before us
 * @daemon: The daemon
 * @sw:     Its switch
 * @id:     The port
 * @c:      Filled; it is given once
 *
 * Return: whether there is anything.
 */
bool vd_keep_find(struct daemon *daemon, const char *sw, const char *id, struct vsw_counters *c);

/**
 * vd_keep_end() - Write once more, and be done
 * @daemon: The daemon, with its ports
 */
void vd_keep_end(struct daemon *daemon);

#endif
