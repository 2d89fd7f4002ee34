/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The configuration as a whole: show, check, load, diff, save, confirm, rollback.
 *
 * DOC: Theory of Operation
 *
 * A file is either the document of a switch, or that of a daemon, which has "switches". What runs
 * is told in the same two forms: a daemon's, unless --switch says which switch is meant, or the
 * other end is a single one.
 *
 * A check asks the switch that runs, which knows its ports; if none is there, libvswitch is asked
 * in this program, or, for a daemon's document, "vswitchd --check".
 */
#ifndef VSWITCHCTL_CONFIG_H
#define VSWITCHCTL_CONFIG_H

#include "ctl.h"

/**
 * config_read() - Read a file
 * @path:   The file
 * @status: On failure, set, and the error is told
 *
 * Return: the object; NULL on failure.
 */
json_t *config_read(const char *path, int *status);

/**
 * config_running() - What runs
 * @c:       The run
 * @daemons: As a daemon's document
 * @status:  On failure, set, and the error is told
 *
 * Return: the document; NULL on failure.
 */
json_t *config_running(struct ctl *c, bool daemons, int *status);

/**
 * config_check_offline() - Could a document be put in force?
 * @path: Its file, for people and for the daemon's own check
 * @doc:  The document
 *
 * Return: EX_OK, or the status, and the error is told.
 */
int config_check_offline(const char *path, const json_t *doc);

/* config_show() and those after it - @run of rows. Return: the status */
int config_show(struct ctl *c);
int config_check(struct ctl *c);
int config_load(struct ctl *c);
int config_diff(struct ctl *c);
int config_save(struct ctl *c);

#endif
