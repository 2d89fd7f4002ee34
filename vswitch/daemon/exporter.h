/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counters for Prometheus, over HTTP at the address that "metrics" of the document says.
 *
 * DOC: Theory of Operation
 *
 * The page is what "vswitchctl metrics" prints, gathered by the same commands on the control
 * thread; the frame thread answers in the small pieces that any command takes. It is made at most
 * once a second, however many ask. A client gets one answer, has five seconds for all of it, and
 * eight may be there at a time: further ones wait in the socket's queue.
 *
 * Who may connect to a Unix socket is said by its file, which is the daemon's user's. At an address
 * of the loopback interface any user of the host may, and nobody else: other addresses are refused.
 */
#ifndef VSWITCHD_EXPORTER_H
#define VSWITCHD_EXPORTER_H

#include <glib.h>

struct daemon;
struct exporter;

/**
 * vd_exporter_check() - Could it listen there?
 * @d:       The daemon, whose @place relative addresses are in
 * @address: What the document says
 * @err:     If not, one line
 * @errlen:  Room in @err
 *
 * Return: 0, or -1.
 */
int vd_exporter_check(const struct daemon *d, const char *address, char *err, size_t errlen);

/**
 * vd_exporter_set() - Listen at an address, and no more where it was before
 * @d:       The daemon
 * @address: The address; NULL: nowhere
 * @err:     On failure, one line
 * @errlen:  Room in @err
 *
 * Return: 0, or -1: it is as it was.
 */
int vd_exporter_set(struct daemon *d, const char *address, char *err, size_t errlen);

/**
 * vd_exporter_socket() - What it listens at, for another process
 * @d:    The daemon
 * @file: Set to the file of a Unix socket, or -1
 *
 * Return: the socket, borrowed; -1: it does not listen.
 */
int vd_exporter_socket(const struct daemon *d, int *file);

/**
 * vd_page() - Make the page
 * @d: The daemon
 *
 * Return: the page; NULL without memory.
 */
GBytes *vd_page(struct daemon *d);

#endif
