/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The other end: a control socket that speaks QMP's dialect.
 *
 * DOC: Theory of Operation
 *
 * One request at a time. Events that come before the answer are kept, and handed out later. A
 * connection that breaks stays broken. What is read is bounded by WIRE_LINE_MAX.
 */
#ifndef VSWITCHCTL_WIRE_H
#define VSWITCHCTL_WIRE_H

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>

/** WIRE_LINE_MAX - Longest answer, bytes: some 2 million addresses. */
#define WIRE_LINE_MAX (256u << 20)

struct wire;

/**
 * wire_path() - Where the control socket is
 * @given: As the command line says, or NULL
 *
 * Return: the path, to be freed with g_free().
 */
char *wire_path(const char *given);

/**
 * wire_new() - Connect, and read the greeting
 * @path:   The socket
 * @status: On failure, the status to end with
 * @err:    On failure, one line; freed with g_free()
 *
 * Return: the connection, or NULL.
 */
struct wire *wire_new(const char *path, int *status, char **err);

/**
 * wire_free() - Close
 * @w: The connection or NULL
 */
void wire_free(struct wire *w);

/**
 * wire_is_daemon() - Does a daemon serve several switches here?
 * @w: The connection
 *
 * Return: true; false: it is the control of one switch, as in QEMU.
 */
bool wire_is_daemon(const struct wire *w);

/**
 * wire_switch() - Name of the one switch
 * @w: The connection; not a daemon's
 *
 * Return: borrowed.
 */
const char *wire_switch(const struct wire *w);

/**
 * wire_ask() - Have a command carried out
 * @w:       The connection
 * @command: Its name
 * @args:    Its arguments; taken over; NULL: none
 * @status:  On failure, the status to end with
 * @err:     On failure, one line; freed with g_free()
 *
 * Return: what it returned; NULL on failure.
 */
json_t *wire_ask(struct wire *w, const char *command, json_t *args, int *status, char **err);

/**
 * wire_fd() - The descriptor that came with the last answer
 * @w: The connection
 *
 * Return: the descriptor, the caller's now; -1: none came.
 */
int wire_fd(struct wire *w);

/**
 * wire_event() - Wait for an event
 * @w:      The connection
 * @status: On failure, the status to end with
 * @err:    On failure, one line; freed with g_free()
 *
 * Return: the event; NULL: the connection is at its end.
 */
json_t *wire_event(struct wire *w, int *status, char **err);

#endif
