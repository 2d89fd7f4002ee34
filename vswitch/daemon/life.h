/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The configuration of the daemon: its document, read from a file, put in force, saved.
 *
 * DOC: Theory of Operation
 *
 *     { "switches": { NAME: document of a switch, ... }, "save": true, ... }
 *
 * Each switch's part is put in force for itself, all or nothing. What commands of the control
 * socket change is in the switches' documents; with "save" the file is written anew after each
 * change: beside it, synced, then renamed, so that there is a whole one at any time. The answer to
 * a command that made a change says whether it was saved; a change that comes from elsewhere (one
 * that nobody confirmed is taken back) is saved soon.
 */
#ifndef VSWITCHD_LIFE_H
#define VSWITCHD_LIFE_H

#include <stddef.h>

#include "daemon.h"
#include "vswitch/transport.h"

/* struct daemon_options - what the document says besides switches */
struct daemon_options {
	bool save;
	char *schema; /* for editors only */
	char *metrics;
};

extern const struct vsw_option vd_daemon_rows[];

/**
 * vd_load() - Read the document, for the first time
 * @daemon: @file of it is the path, or NULL: the built-in document
 * @err:    On failure, one line with path and line
 * @errlen: Room in @err
 *
 * Nothing is put in force yet.
 *
 * Return: 0, or -1.
 */
int vd_load(struct daemon *daemon, char *err, size_t errlen);

/**
 * vd_load_given() - Take a document that another process had in force, for the first time
 * @daemon:   @file of it is the path, or NULL
 * @document: The document; a reference is taken
 * @err:      On failure, one line
 * @errlen:   Room in @err
 *
 * Return: 0, or -1.
 */
int vd_load_given(struct daemon *daemon, json_t *document, char *err, size_t errlen);

/**
 * vd_document() - The document as it is in force
 * @daemon: The daemon
 *
 * Return: a new reference; NULL without memory.
 */
json_t *vd_document(const struct daemon *daemon);

/**
 * vd_begin() - Put what was read in force
 * @daemon: The daemon
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: 0, or -1.
 */
int vd_begin(struct daemon *daemon, char *err, size_t errlen);

/**
 * vd_reload() - Read the file again, and put it in force
 * @daemon: The daemon
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: 0, or -1 and what could not be taken is as it was.
 */
int vd_reload(struct daemon *daemon, char *err, size_t errlen);

/**
 * vd_save() - Write the file
 * @daemon: The daemon
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: 0, or -1 and the file is as it was.
 */
int vd_save(struct daemon *daemon, char *err, size_t errlen);

/**
 * vd_saves() - Is the file written after each change by a command?
 * @d: The daemon
 *
 * Return: whether.
 */
bool vd_saves(const struct daemon *d);

/**
 * vd_changed() - A switch's document is another one: save it soon, if that is wanted
 * @daemon: The daemon
 */
void vd_changed(struct daemon *daemon);

/**
 * vd_end() - Remove all switches, forget the document
 * @daemon: The daemon
 */
void vd_end(struct daemon *daemon);

#endif
